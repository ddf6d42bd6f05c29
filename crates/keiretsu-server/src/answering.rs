//! A question to the JSON of its answer, exactly as the command line writes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use keiretsu::limits::TABLE_ROWS_MAX;
use keiretsu::model::{Diagnostic, Severity};
use keiretsu::values::Table;
use keiretsu::{AskError, Control, Progress, Question, Session, findings};

use crate::app::App;
use crate::clients::{Advance, Client};
use crate::jobs::Order;
use crate::refusal::Refusal;
use crate::served::Good;

/// The time between two reports of progress.
const REPORT_EVERY: Duration = Duration::from_millis(150);
/// The most errors that a refusal names.
const ERRORS_SHOWN: usize = 10;

/// The session that is asked, or why none can be.
///
/// # Errors
/// If no text was without errors yet.
pub fn good(app: &App) -> Result<Good, Refusal> {
    let served = app.now();
    served.good.clone().ok_or_else(|| {
        let refusal = Refusal::from(AskError::Diagnostics).of(&served.revision);
        refusal.with(served.diagnostics.clone())
    })
}

/// The reply to a question: an object with revision, question, answer and the time that it took.
///
/// # Errors
/// If it has no answer.
pub async fn reply(app: &App, good: &Good, question: &Question, order: Order) -> Result<String, Refusal> {
    let begun = Instant::now();
    let answer = answer(app, good, question, order).await.map_err(|refusal| refusal.of(&good.revision))?;
    let (revision, took) = (&good.revision, begun.elapsed().as_secs_f64() * 1e3);
    Ok(format!(r#"{{"revision":"{revision}",{answer},"ms":{took:.1}}}"#))
}

/// The members `question`, `answer` and `remarks` of a reply.
async fn answer(app: &App, good: &Good, question: &Question, order: Order) -> Result<Arc<str>, Refusal> {
    let asked = serde_json::to_string(question)
        .map_err(|error| Refusal::invalid(format!("the question is none: {error}"), ""))?;
    if let Some(answer) = app.kept.find(&good.revision, &asked) {
        return Ok(answer);
    }
    let tell = reporter(app, &order);
    let (here, session, question) = (app.clone(), good.clone(), question.clone());
    let work = move |control: &Control<'_>| {
        // Another page may have asked the same while this one waited.
        if let Some(answer) = here.kept.find(&session.revision, &asked) {
            return Ok(answer);
        }
        let (tables, remarks) = tables(&session.session, &question, control)?;
        let answer = keiretsu_views::compact(&tables);
        let remarks = serde_json::Value::from(remarks);
        let answer: Arc<str> = format!(r#""question":{asked},"answer":{answer},"remarks":{remarks}"#).into();
        here.kept.keep(&session.revision, &asked, &answer);
        Ok(answer)
    };
    app.jobs.run(order, tell, work).await?
}

/// The tables of an answer, and remarks on the question.
///
/// # Errors
/// If there is none; with the diagnostics of the text as the question changes it.
pub fn tables(
    session: &Session,
    question: &Question,
    control: &Control<'_>,
) -> Result<(Vec<Table>, Vec<String>), Refusal> {
    let about = session.about(question)?;
    if about.has_errors() {
        return Err(with_errors(&about));
    }
    let answer = session.ask(question, control)?;
    let tables = answer.tables();
    let rows: usize = tables.iter().map(|table| table.rows.len()).sum();
    if TABLE_ROWS_MAX < rows {
        let what = format!("the answer has {rows} rows, and at most {TABLE_ROWS_MAX} are written");
        return Err(Refusal::new(400, "refused", what, "ask for one party or reading, or by year"));
    }
    Ok((tables, answer.remarks))
}

/// A model that cannot be run, with its first errors.
pub fn with_errors(session: &Session) -> Refusal {
    let is_error = |finding: &&Diagnostic| finding.severity() == Severity::Error;
    let errors: Vec<&Diagnostic> = session.diagnostics().iter().filter(is_error).take(ERRORS_SHOWN).collect();
    let hint = errors.first().map_or("", |first| first.hint.as_str());
    let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    let what = format!("the model so changed cannot be run: {}", messages.join("; "));
    let refusal = Refusal::new(400, "diagnostics", what, hint);
    refusal.with(findings::json(&session.model().document, &errors, str::to_owned))
}

/// Tells the client of a job with a name how far it is, now and then.
fn reporter(app: &App, order: &Order) -> impl Fn(Progress) + Send + Sync + use<> {
    let client: Option<Arc<Client>> = app.clients.of(&order.client).ok();
    let id = order.id.clone();
    let begun = Instant::now();
    let told = AtomicU64::new(0);
    move |Progress { done, of }: Progress| {
        let (Some(client), Some(id)) = (&client, &id) else { return };
        let now = begun.elapsed().as_millis() as u64;
        let due = told.load(Ordering::Relaxed) + REPORT_EVERY.as_millis() as u64;
        if due <= now {
            told.store(now, Ordering::Relaxed);
            client.advance.send_replace(Some(Advance { id: id.clone(), done, total: of }));
        }
    }
}
