//! How far a simulation is, to a bar on a terminal; and whether it goes on.

use std::io::{self, IsTerminal};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use keiretsu::{Project, AskError, Runner};
use keiretsu_measures::Watch;

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

/// What answers questions about a model, on a terminal with a bar that says how far it is; Ctrl-C stops it.
pub fn watched(project: &Project) -> Result<Runner<'_>, AskError> {
    Ok(Runner { watch: step, ..project.runner()? })
}

/// The same, watching formulas and conditions in the words of the model.
pub fn watching<'a>(project: &'a Project, words: &[&str]) -> Result<(Runner<'a>, Vec<Watch>), AskError> {
    let (runner, watched) = project.runner_watching(words)?;
    Ok((Runner { watch: step, ..runner }, watched))
}

/// So much is done, of so much; whether to go on.
pub fn step(done: u32, total: u32) -> bool {
    let goes_on = !interrupt::is_wanted();
    let ends = !goes_on || total <= done;
    interrupt::set_busy(!ends);
    if ends {
        if let Ok(mut run) = UNDER_WAY.lock() {
            run.take().and_then(|run| run.bar).iter().for_each(ProgressBar::finish_and_clear);
        }
    } else if let Ok(mut run) = UNDER_WAY.try_lock() {
        // Where another thread is just telling, that is enough.
        show(&mut run, done, total);
    }
    goes_on
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
