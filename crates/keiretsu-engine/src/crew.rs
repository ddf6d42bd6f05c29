//! The threads of a run and their memory.

use std::collections::BTreeSet;
use std::sync::Mutex;

use keiretsu_program::{FlowId, Unread};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::plan::Plan;
use crate::state::marked;
use crate::work::Work;

/// Threads and their memory.
pub struct Crew<'p> {
    pool: Option<ThreadPool>,
    works: Vec<Mutex<Work<'p>>>,
}

impl<'p> Crew<'p> {
    /// So many threads for a run.
    pub fn new(plan: &'p Plan<'p>, threads: usize) -> Self {
        let pool = (threads > 1).then(|| {
            let built = ThreadPoolBuilder::new().num_threads(threads).build();
            built.expect("the system grants the threads that were asked for")
        });
        Self { pool, works: (0..threads).map(|_| Mutex::new(Work::new(plan))).collect() }
    }

    /// Does a job for each of a list, on all threads; the results are in the order of the list.
    pub fn map<J: Send, R: Send>(&self, jobs: Vec<J>, job: impl Fn(J) -> R + Sync + Send) -> Vec<R> {
        match &self.pool {
            Some(pool) => pool.install(|| jobs.into_par_iter().map(job).collect()),
            None => jobs.into_iter().map(job).collect(),
        }
    }

    /// Does a job for each of so many numbers, on all threads.
    pub fn each(&self, count: u32, job: impl Fn(u32) + Sync + Send) {
        match &self.pool {
            Some(pool) => pool.install(|| (0..count).into_par_iter().for_each(job)),
            None => (0..count).for_each(job),
        }
    }

    /// How many threads there are.
    pub fn size(&self) -> usize {
        self.works.len()
    }

    /// Which of the crew this thread is.
    pub fn own_number(&self) -> usize {
        if self.pool.is_some() { rayon::current_thread_index().unwrap_or(0) } else { 0 }
    }

    /// This thread's memory for a block.
    pub fn with_work<R>(&self, job: impl FnOnce(&mut Work<'p>) -> R) -> R {
        let mut work = self.works[self.own_number()].lock().expect("no thread panics with this memory");
        job(&mut work)
    }

    /// What else was unknown on any path.
    pub fn unread(&self) -> Vec<Unread> {
        let works = self.works.iter().map(|work| work.lock().expect("no thread panics with this memory"));
        let all: BTreeSet<_> = works.flat_map(|work| work.state.unread.clone()).collect();
        all.into_iter().collect()
    }

    /// Flows with an unknown amount on any path.
    pub fn left_out(&self) -> Vec<FlowId> {
        let mut all: Vec<bool> = vec![];
        for work in &self.works {
            let work = work.lock().expect("no thread panics with this memory");
            all.resize(work.state.left_out.len(), false);
            all.iter_mut().zip(&work.state.left_out).for_each(|(any, one)| *any |= one);
        }
        marked(&all)
    }
}
