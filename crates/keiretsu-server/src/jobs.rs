//! Questions to threads: as many at a time as the machine has, the others wait, and every one can be stopped.
//!
//! Invariants: a job that is stopped, superseded, or left by its client, frees its thread at the next look of
//! the run at its control; one that still waits never starts.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use keiretsu::{Control, Progress};
use tokio::sync::{Notify, Semaphore};

use crate::limits::{JOB_TIME_MAX, WAITING_MAX};

/// Why a job has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A newer question took its slot.
    Superseded,
    /// Its client no longer wants it.
    Cancelled,
    /// It took too long.
    Late,
    /// Too many wait already.
    Full,
    /// The server ends.
    Ending,
    /// It broke.
    Failed,
}

const REASONS: [Stopped; 4] = [Stopped::Superseded, Stopped::Cancelled, Stopped::Late, Stopped::Ending];

/// Who asks, and by which names the job can be stopped.
#[derive(Clone, Debug, Default)]
pub struct Order {
    /// The client; empty where it has no name.
    pub client: String,
    /// The client's name for the job.
    pub id: Option<String>,
    /// A later job of the same client and slot stops it.
    pub slot: Option<String>,
}

/// All jobs of a server.
#[derive(Debug)]
pub struct Jobs {
    threads: NonZeroUsize,
    turns: Arc<Semaphore>,
    seats: Arc<Semaphore>,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    named: BTreeMap<(String, Name), Weak<Job>>,
    all: Vec<Weak<Job>>,
    is_ending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Name {
    Id(String),
    Slot(String),
}

/// One question under way.
#[derive(Debug, Default)]
struct Job {
    /// 0, or the position in [`REASONS`] plus 1.
    stopped: AtomicU8,
    told: Notify,
}

impl Job {
    /// Stops it, for the first reason that is given.
    fn stop(&self, reason: Stopped) {
        let at = REASONS.iter().position(|one| *one == reason).map_or(1, |at| at + 1);
        let _ = self.stopped.compare_exchange(0, at as u8, Ordering::SeqCst, Ordering::SeqCst);
        self.told.notify_one();
    }

    fn reason(&self) -> Option<Stopped> {
        let at = usize::from(self.stopped.load(Ordering::SeqCst));
        at.checked_sub(1).map(|at| REASONS[at])
    }
}

/// Stops a job when its client has gone.
struct Left(Arc<Job>);

impl Drop for Left {
    fn drop(&mut self) {
        self.0.stop(Stopped::Cancelled);
    }
}

impl Jobs {
    /// None yet, and so many at a time.
    pub fn new(threads: NonZeroUsize) -> Self {
        let seats = Arc::new(Semaphore::new(WAITING_MAX + threads.get()));
        Self { threads, turns: Arc::new(Semaphore::new(threads.get())), seats, known: Mutex::default() }
    }

    /// Runs a job when its turn comes, unless it is stopped before; `told` hears of its progress.
    ///
    /// # Errors
    /// If it is stopped, or breaks.
    pub async fn run<T: Send + 'static>(
        &self,
        order: Order,
        told: impl Fn(Progress) + Send + Sync + 'static,
        work: impl FnOnce(&Control<'_>) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let seat = self.seats.clone().try_acquire_owned().map_err(|_| Stopped::Full)?;
        let job = self.enter(&order)?;
        let left = Left(job.clone());
        let turn = tokio::select! {
            turn = self.turns.clone().acquire_owned() => turn.map_err(|_| Stopped::Ending)?,
            () = job.told.notified() => return Err(job.reason().unwrap_or(Stopped::Cancelled)),
        };
        let threads = self.threads;
        let running = tokio::task::spawn_blocking(move || {
            // Both are held until the work has ended, whoever waits for it.
            let _held = (seat, turn);
            let begun = Instant::now();
            let progress = |progress: Progress| {
                told(progress);
                if JOB_TIME_MAX < begun.elapsed() {
                    job.stop(Stopped::Late);
                }
                if job.reason().is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            };
            if let Some(reason) = job.reason() {
                return Err(reason);
            }
            let result = work(&Control { threads, progress: &progress });
            job.reason().map_or(Ok(result), Err)
        });
        let result = running.await;
        drop(left);
        result.unwrap_or(Err(Stopped::Failed))
    }

    /// Stops a client's job by its name; whether there is one.
    pub fn cancel(&self, client: &str, id: &str) -> bool {
        let key = (client.to_owned(), Name::Id(id.to_owned()));
        let job = self.known().named.get(&key).and_then(Weak::upgrade);
        if let Some(job) = &job {
            job.stop(Stopped::Cancelled);
        }
        job.is_some()
    }

    /// Stops all jobs, now and from now on.
    pub fn end(&self) {
        let mut known = self.known();
        known.is_ending = true;
        known.all.iter().filter_map(Weak::upgrade).for_each(|job| job.stop(Stopped::Ending));
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, order: &Order) -> Result<Arc<Job>, Stopped> {
        let mut known = self.known();
        if known.is_ending {
            return Err(Stopped::Ending);
        }
        let job = Arc::new(Job::default());
        known.all.retain(|job| 0 < job.strong_count());
        known.named.retain(|_, job| 0 < job.strong_count());
        known.all.push(Arc::downgrade(&job));
        let names = [order.id.clone().map(Name::Id), order.slot.clone().map(Name::Slot)];
        for name in names.into_iter().flatten() {
            let before = known.named.insert((order.client.clone(), name), Arc::downgrade(&job));
            if let Some(before) = before.and_then(|before| before.upgrade()) {
                before.stop(Stopped::Superseded);
            }
        }
        Ok(job)
    }
}
