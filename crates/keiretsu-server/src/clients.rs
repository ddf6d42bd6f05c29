//! Pages by the names that they choose: the questions that each watches, and the progress of its jobs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keiretsu::Question;
use tokio::sync::watch;

use crate::limits::{CLIENTS_MAX, WATCHED_MAX};
use crate::refusal::Refusal;

/// The longest name of a client.
const NAME_MAX: usize = 100;

/// The progress of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advance {
    /// The client's name for the job.
    pub id: String,
    /// Units that are done.
    pub done: u32,
    /// Units in all.
    pub total: u32,
}

/// A page.
#[derive(Debug)]
pub struct Client {
    questions: Mutex<Arc<BTreeMap<String, Question>>>,
    /// The latest progress of any of its jobs.
    pub advance: watch::Sender<Option<Advance>>,
    /// How many streams it has opened: only the last one goes on.
    pub streams: watch::Sender<u64>,
}

impl Client {
    /// The questions that it has answered with every event.
    pub fn questions(&self) -> Arc<BTreeMap<String, Question>> {
        self.questions.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// All pages that are known; of more than [`CLIENTS_MAX`] the oldest without a stream are forgotten.
#[derive(Debug, Default)]
pub struct Clients(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    clients: BTreeMap<String, (u64, Arc<Client>)>,
    /// Counts calls, so that the client that was used longest ago has the least.
    clock: u64,
}

impl Clients {
    /// The client of a name; a new one where none has it.
    ///
    /// # Errors
    /// If the name is none, or all places are taken by open streams.
    pub fn of(&self, name: &str) -> Result<Arc<Client>, Refusal> {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        if name.is_empty() || NAME_MAX < name.len() || !name.chars().all(is_plain) {
            let hint = "choose up to 100 letters and digits";
            return Err(Refusal::invalid("the client has no name of letters, digits and `-_.`", hint));
        }
        let mut known = self.known();
        known.clock += 1;
        let now = known.clock;
        if let Some((used, client)) = known.clients.get_mut(name) {
            *used = now;
            return Ok(client.clone());
        }
        known.forget();
        if CLIENTS_MAX <= known.clients.len() {
            return Err(Refusal::new(429, "full", "too many pages are open", "close some"));
        }
        let (advance, streams) = (watch::Sender::new(None), watch::Sender::new(0));
        let client = Arc::new(Client { questions: Mutex::default(), advance, streams });
        known.clients.insert(name.to_owned(), (now, client.clone()));
        Ok(client)
    }

    /// Has these questions, and no others, answered with every event to a client.
    ///
    /// # Errors
    /// If they are too many.
    pub fn watch(&self, name: &str, questions: BTreeMap<String, Question>) -> Result<(), Refusal> {
        if WATCHED_MAX < questions.len() {
            let message = format!("{} questions are too many to watch", questions.len());
            return Err(Refusal::new(429, "full", message, format!("watch up to {WATCHED_MAX}")));
        }
        let client = self.of(name)?;
        *client.questions.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(questions);
        Ok(())
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// Makes room for one more, if those that are in use leave any.
    fn forget(&mut self) {
        while CLIENTS_MAX <= self.clients.len() {
            let idle = self.clients.iter().filter(|(_, (_, client))| Arc::strong_count(client) == 1);
            let Some(oldest) = idle.min_by_key(|(_, (used, _))| *used).map(|(name, _)| name.clone()) else {
                return;
            };
            self.clients.remove(&oldest);
        }
    }
}
