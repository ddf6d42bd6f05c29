//! Changes on the disk to new sessions. An event of the system only wakes: after a moment of quiet the files
//! are read again, and if their sum is another, served.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};

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
    let mut watcher = watcher(&folder, &woken);
    // What has happened since the model was opened.
    woken.notify_one();
    loop {
        // A folder that is gone, or cannot be watched, is looked at now and then.
        let is_watched = watcher.is_some() && folder.exists();
        if is_watched { woken.notified().await } else { drop(timeout(AGAIN, woken.notified()).await) }
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && timeout(QUIET, woken.notified()).await.is_ok() {}
        let _files = app.files.lock().await;
        app.read().await;
        if !is_watched && folder.exists() {
            watcher = self::watcher(&folder, &woken);
        }
        if watcher.is_none() {
            sleep(AGAIN).await;
        }
    }
}

/// The folder of a model, links followed.
fn folder(model: &Path) -> PathBuf {
    let whole = model.canonicalize().unwrap_or_else(|_| model.to_owned());
    if whole.is_dir() { whole } else { whole.parent().unwrap_or(Path::new(".")).to_owned() }
}

/// Wakes at every event below a folder but those of reading; none where the system has no more watches.
fn watcher(folder: &Path, woken: &Arc<Notify>) -> Option<RecommendedWatcher> {
    let woken = woken.clone();
    let wake = move |event: notify::Result<notify::Event>| {
        let is_reading = event.is_ok_and(|event| event.kind.is_access());
        if !is_reading {
            woken.notify_one();
        }
    };
    let mut watcher = notify::recommended_watcher(wake).ok()?;
    watcher.watch(folder, RecursiveMode::Recursive).ok()?;
    Some(watcher)
}
