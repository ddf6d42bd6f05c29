//! Changes on the disk to new sessions. An event of the system only wakes: after a moment of quiet the files
//! are read again, and if their sum is another, served.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::app::App;

/// The quiet after which files are read.
const QUIET: Duration = Duration::from_millis(30);
/// The longest that quiet is waited for.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time between two looks at a folder that has gone.
const AGAIN: Duration = Duration::from_secs(1);

/// Reads the model again whenever something happens in its folder; comes back only when the server ends.
pub async fn watch(app: App) {
    let woken = Arc::new(Notify::new());
    let folder = folder(&app.model);
    let mut watched = Watched::of(&folder, &woken);
    // What has happened since the model was opened.
    woken.notify_one();
    loop {
        match &watched {
            Some(_) => woken.notified().await,
            // A folder that is gone, or that the system does not watch, is looked at now and then.
            None => drop(timeout(AGAIN, woken.notified()).await),
        }
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && timeout(QUIET, woken.notified()).await.is_ok() {}
        // Another folder may stand in the place of the one that was watched.
        let is_same = watched.as_ref().is_some_and(|watched| watched.identity == identity(&folder));
        if !is_same {
            watched = Watched::of(&folder, &woken);
        }
        let _files = app.files.lock().await;
        app.read().await;
    }
}

/// A folder that is watched.
struct Watched {
    _watcher: RecommendedWatcher,
    identity: Option<(u64, u64)>,
}

impl Watched {
    /// Wakes at every event below a folder but those of reading; none where it is gone, or the system has no
    /// more watches.
    fn of(folder: &Path, woken: &Arc<Notify>) -> Option<Self> {
        let identity = Some(identity(folder)?);
        let woken = woken.clone();
        let wake = move |event: notify::Result<notify::Event>| {
            let is_reading = event.is_ok_and(|event| event.kind.is_access());
            if !is_reading {
                woken.notify_one();
            }
        };
        let mut watcher = notify::recommended_watcher(wake).ok()?;
        watcher.watch(folder, RecursiveMode::Recursive).ok()?;
        Some(Self { _watcher: watcher, identity })
    }
}

/// The device and the number of a folder; none where there is no folder.
fn identity(folder: &Path) -> Option<(u64, u64)> {
    let facts = std::fs::metadata(folder).ok().filter(std::fs::Metadata::is_dir)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some((facts.dev(), facts.ino()))
    }
    #[cfg(not(unix))]
    {
        let since = facts.created().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
        Some((0, since.as_nanos() as u64))
    }
}

/// The folder of a model, links followed.
fn folder(model: &Path) -> PathBuf {
    let whole = model.canonicalize().unwrap_or_else(|_| model.to_owned());
    if whole.is_dir() { whole } else { whole.parent().unwrap_or(Path::new(".")).to_owned() }
}
