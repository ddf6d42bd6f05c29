//! `GET /api/events`: one stream of events. Each `model` has the text, its diagnostics and the answers that
//! the client watches together, all of one revision.
//!
//! A stream is asked for its next event when the last one is sent: a slow reader misses states between, and
//! nothing waits for it in memory.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use crate::answering::reply;
use crate::app::App;
use crate::clients::{Advance, Client};
use crate::jobs::Order;
use crate::limits::ANSWERS_TIME_MAX;
use crate::refusal::Refusal;
use crate::route::Route;
use crate::served::Served;
use crate::wire::EventsQuery;

/// The time between two events at the most.
const PING_EVERY: Duration = Duration::from_secs(15);

pub static ROUTE: Route = Route {
    method: "get",
    path: "/api/events",
    says: "Events: the model with the answers that the client watches when the text changes; progress",
    query: &[("client", "a name that the page has chosen for itself")],
    body: None,
    gives: ("text/event-stream", "events `model`, `progress` and `ping`"),
    handler: || get(answer),
};

async fn answer(
    State(app): State<App>,
    query: Result<Query<EventsQuery>, QueryRejection>,
) -> Result<Response, Refusal> {
    let Query(query) = query?;
    let full = |_| Refusal::new(429, "full", "too many pages are open", "close some");
    let place = app.streams.clone().try_acquire_owned().map_err(full)?;
    let client = query.client.as_deref().map(|name| app.clients.of(name)).transpose()?;
    let events = stream::unfold(Stream::new(app, client, place), async |mut stream| {
        stream.next().await.map(|event| (Ok::<Event, Infallible>(event), stream))
    });
    Ok(Sse::new(events).into_response())
}

/// One stream of a client.
struct Stream {
    app: App,
    client: Option<Arc<Client>>,
    served: watch::Receiver<Arc<Served>>,
    advance: Option<watch::Receiver<Option<Advance>>>,
    /// The number of this stream among those of its client, and the number of the last one.
    number: u64,
    last: Option<watch::Receiver<u64>>,
    ending: watch::Receiver<bool>,
    /// Whether a model is yet to be sent.
    is_due: bool,
    _place: OwnedSemaphorePermit,
}

impl Stream {
    fn new(app: App, client: Option<Arc<Client>>, place: OwnedSemaphorePermit) -> Self {
        let mut number = 0;
        if let Some(client) = &client {
            client.streams.send_modify(|last| {
                *last += 1;
                number = *last;
            });
        }
        let mut advance = client.as_ref().map(|client| client.advance.subscribe());
        advance.iter_mut().for_each(watch::Receiver::mark_unchanged);
        Self {
            served: app.served.subscribe(),
            ending: app.ending.subscribe(),
            last: client.as_ref().map(|client| client.streams.subscribe()),
            advance,
            number,
            client,
            app,
            is_due: true,
            _place: place,
        }
    }

    /// The next event; none where the server ends, or the client has opened another stream.
    async fn next(&mut self) -> Option<Event> {
        let ping = Instant::now() + PING_EVERY;
        loop {
            if self.is_due {
                return self.model().await;
            }
            tokio::select! {
                biased;
                () = over(&mut self.ending, &mut self.last, self.number) => return None,
                _ = self.served.changed() => self.is_due = true,
                advance = advanced(&mut self.advance) => return Some(progress(&advance)),
                () = tokio::time::sleep_until(ping) => return Some(Event::default().event("ping").data("{}")),
            }
        }
    }

    /// The model as it is now. Where it changes while its answers are computed, that work is given up.
    async fn model(&mut self) -> Option<Event> {
        loop {
            let served = self.served.borrow_and_update().clone();
            tokio::select! {
                biased;
                () = over(&mut self.ending, &mut self.last, self.number) => return None,
                _ = self.served.changed() => {}
                data = with_answers(&self.app, &served, self.client.as_deref()) => {
                    self.is_due = false;
                    return Some(Event::default().event("model").data(data));
                }
            }
        }
    }
}

/// Waits until the server ends, or the client has opened another stream.
async fn over(ending: &mut watch::Receiver<bool>, last: &mut Option<watch::Receiver<u64>>, number: u64) {
    let replaced = async {
        match last {
            Some(last) => drop(last.wait_for(|last| number < *last).await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = ending.wait_for(|is_ending| *is_ending) => {}
        () = replaced => {}
    }
}

/// Waits for news of a job.
async fn advanced(advance: &mut Option<watch::Receiver<Option<Advance>>>) -> Advance {
    if let Some(advance) = advance
        && advance.changed().await.is_ok()
        && let Some(news) = advance.borrow_and_update().clone()
    {
        return news;
    }
    std::future::pending().await
}

fn progress(advance: &Advance) -> Event {
    let Advance { id, done, total } = advance;
    let data = json!({ "id": id, "done": done, "total": total, "what": "computing" });
    Event::default().event("progress").data(data.to_string())
}

/// The model as JSON, with the answers to the questions that are watched: of the last text without errors.
async fn with_answers(app: &App, served: &Served, client: Option<&Client>) -> String {
    let questions = client.map(Client::questions).unwrap_or_default();
    let mut answers = Vec::new();
    if let Some(good) = &served.good {
        let until = Instant::now() + ANSWERS_TIME_MAX;
        for (name, question) in questions.iter() {
            let asked = reply(app, good, question, Order::default());
            // What takes longer is asked for by the page, and shown as of the older text until then.
            let Ok(reply) = tokio::time::timeout_at(until, asked).await else { break };
            let reply = reply.unwrap_or_else(|refusal| refusal.json().to_string());
            answers.push(format!("{}:{reply}", serde_json::Value::from(name.as_str())));
        }
    }
    let model = served.json.strip_suffix('}').unwrap_or(&served.json);
    format!(r#"{model},"answers":{{{}}}}}"#, answers.join(","))
}
