//! Progress and cancellation of one question.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

/// The work of a question that is done, in units of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Units that are done.
    pub done: u32,
    /// Units in all, as far as known.
    pub of: u32,
}

/// Threads, progress and interruption of an answer.
///
/// Each question has a control of its own, so that two can run and one can be stopped.
#[derive(Clone, Copy)]
pub struct Control<'a> {
    /// Threads to run on. They change nothing but the time it takes.
    pub threads: NonZeroUsize,
    /// Called from all threads, several times a second; stops the question by breaking.
    pub progress: &'a (dyn Fn(Progress) -> ControlFlow<()> + Sync),
}

impl Control<'static> {
    /// All threads of the machine, without progress reports or interruption.
    pub const fn silent(threads: NonZeroUsize) -> Self {
        Self { threads, progress: &|_| ControlFlow::Continue(()) }
    }
}

impl Default for Control<'static> {
    fn default() -> Self {
        Self::silent(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }
}
