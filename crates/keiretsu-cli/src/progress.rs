//! Progress of a simulation to a bar on a terminal, and its interruption.

use std::io::{self, IsTerminal};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use keiretsu::{Control, Progress};

use crate::interrupt;

/// Work that is over sooner shows no bar.
const SHOWN_AFTER: Duration = Duration::from_secs(1);

/// The run that is under way.
static UNDER_WAY: Mutex<Option<UnderWay>> = Mutex::new(None);

struct UnderWay {
    began: Instant,
    done: u32,
    bar: Option<ProgressBar>,
}

/// A control that shows a bar on a terminal and stops at Ctrl-C, on a number of threads, else on all.
pub fn control(threads: Option<u16>) -> Control<'static> {
    let all = Control::default().threads;
    let threads = threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(all);
    Control { threads, progress: &step }
}

/// Shows how far the work is; breaks where Ctrl-C was pressed.
fn step(Progress { done, of }: Progress) -> ControlFlow<()> {
    let goes_on = !interrupt::is_wanted();
    let ends = !goes_on || of <= done;
    interrupt::set_busy(!ends);
    if ends {
        if let Ok(mut run) = UNDER_WAY.lock() {
            run.take().and_then(|run| run.bar).iter().for_each(ProgressBar::finish_and_clear);
        }
    } else if let Ok(mut run) = UNDER_WAY.try_lock() {
        // Where another thread is just telling, that is enough.
        show(&mut run, done, of);
    }
    if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

fn show(run: &mut Option<UnderWay>, done: u32, total: u32) {
    let run = run.get_or_insert_with(|| UnderWay { began: Instant::now(), done, bar: None });
    // Threads may tell out of order; less than before is no news.
    run.done = run.done.max(done);
    let waited = run.began.elapsed();
    if run.bar.is_none() && SHOWN_AFTER <= waited && io::stderr().is_terminal() {
        run.bar = Some(bar(total).with_elapsed(waited));
    }
    if let Some(bar) = &run.bar {
        bar.set_position(u64::from(run.done));
    }
}

fn bar(total: u32) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {percent:>3}%, {eta} left");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(u64::from(total)).with_style(style)
}
