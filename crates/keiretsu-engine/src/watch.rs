//! Somebody who sees how far a run is, and can stop it.
//!
//! Invariant: a run that is not stopped is not changed by being watched.

use std::sync::atomic::{AtomicBool, Ordering};

/// Told how much is done, and of how much; says whether to go on. Called from several threads.
pub type Watch<'w> = &'w (dyn Fn(u32, u32) -> bool + Sync);

/// A watch that stays stopped.
pub struct Watcher<'w> {
    watch: Watch<'w>,
    stopped: AtomicBool,
}

impl<'w> Watcher<'w> {
    pub fn new(watch: Watch<'w>) -> Self {
        Self { watch, stopped: AtomicBool::new(false) }
    }

    /// Whether to go on.
    pub fn goes_on(&self, done: u32, total: u32) -> bool {
        let goes_on = !self.is_stopped() && (self.watch)(done, total);
        if !goes_on {
            self.stopped.store(true, Ordering::Relaxed);
        }
        goes_on
    }

    /// Whether it has been stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
