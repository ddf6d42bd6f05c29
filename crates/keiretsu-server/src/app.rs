//! What all requests share: the model as it is served, the jobs, the pages, and who may ask.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use keiretsu::{Dates, Session};
use tokio::sync::{Semaphore, watch};

use crate::clients::Clients;
use crate::guard::Guard;
use crate::jobs::Jobs;
use crate::limits::{KEPT_BYTES_MAX, STREAMS_MAX};
use crate::served::{Good, Served, revision};

/// A handle on what all requests share.
#[derive(Clone)]
pub struct App(Arc<Shared>);

/// What all requests share.
pub struct Shared {
    /// The model on disk.
    pub model: PathBuf,
    dates: Dates,
    /// Whether files may be written.
    pub may_edit: bool,
    /// The model as it is served now.
    pub served: watch::Sender<Arc<Served>>,
    /// Whether the server ends.
    pub ending: watch::Sender<bool>,
    /// Questions under way.
    pub jobs: Jobs,
    /// Pages.
    pub clients: Clients,
    /// Answers that were made.
    pub kept: Kept,
    /// Who may ask.
    pub guard: Guard,
    /// The streams that may still be opened.
    pub streams: Arc<Semaphore>,
    /// Held by whoever reads or writes the files of the model.
    pub files: tokio::sync::Mutex<()>,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl App {
    /// Of an open model.
    pub fn new(model: &Path, dates: Dates, may_edit: bool, session: Session, guard: Guard) -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let served = Served::new(Ok(session), None, may_edit);
        Self(Arc::new(Shared {
            model: model.to_owned(),
            dates,
            may_edit,
            served: watch::Sender::new(Arc::new(served)),
            ending: watch::Sender::new(false),
            jobs: Jobs::new(threads),
            clients: Clients::default(),
            kept: Kept::default(),
            guard,
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            files: tokio::sync::Mutex::new(()),
        }))
    }

    /// The model as it is served now.
    pub fn now(&self) -> Arc<Served> {
        self.served.borrow().clone()
    }

    /// Reads the files of the model, and serves them if they say something else than before. The caller
    /// holds `files`.
    pub async fn read(&self) {
        let app = self.clone();
        // A reading that breaks leaves what is served.
        let _ = tokio::task::spawn_blocking(move || app.read_now()).await;
    }

    fn read_now(&self) {
        let opened = Session::open(&self.model, self.dates);
        let before = self.now();
        let is_same = match &opened {
            Ok(session) => before.session.is_some() && revision(session) == before.revision,
            Err(_) => false,
        };
        if is_same {
            return;
        }
        let served = Served::new(opened, Some(&before), self.may_edit);
        if served.revision != before.revision {
            self.kept.forget(served.good.as_ref());
            self.served.send_replace(Arc::new(served));
        }
    }
}

/// Answers that were made, for the next page that asks the same of the same text.
#[derive(Debug, Default)]
pub struct Kept(Mutex<KeptAnswers>);

#[derive(Debug, Default)]
struct KeptAnswers {
    /// The revision and the question of each, and the answer; the one that was used last comes last.
    answers: VecDeque<(String, String, Arc<str>)>,
    bytes: usize,
}

impl Kept {
    /// The answer to a question, if it is kept.
    pub fn find(&self, revision: &str, question: &str) -> Option<Arc<str>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |(of, asked, _): &(String, String, Arc<str>)| of == revision && asked == question;
        let at = kept.answers.iter().position(is_it)?;
        let found = kept.answers.remove(at)?;
        let answer = found.2.clone();
        kept.answers.push_back(found);
        Some(answer)
    }

    /// Keeps an answer, and drops the oldest where there is no room.
    pub fn keep(&self, revision: &str, question: &str, answer: &Arc<str>) {
        let bytes = question.len() + answer.len();
        if KEPT_BYTES_MAX / 4 < bytes {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.bytes += bytes;
        kept.answers.push_back((revision.to_owned(), question.to_owned(), answer.clone()));
        while KEPT_BYTES_MAX < kept.bytes {
            let Some((_, question, answer)) = kept.answers.pop_front() else { return };
            kept.bytes -= question.len() + answer.len();
        }
    }

    /// Drops the answers of every text but this.
    fn forget(&self, good: Option<&Good>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.answers.retain(|(revision, ..)| good.is_some_and(|good| good.revision == *revision));
        kept.bytes = kept.answers.iter().map(|(_, question, answer)| question.len() + answer.len()).sum();
    }
}
