//! Ctrl-C to an end that leaves nothing half done.
//!
//! A simulation looks here often ([`crate::progress::step`]) and ends by itself, and a file that is being
//! written is written whole, if that takes less than a second; all else is ended at once. Nothing is half
//! written then either: what is not in its place yet never comes there ([`keiretsu::output`]).

use std::io;
use std::path::Path;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

use crate::failure::{Failure, INTERRUPTED};
use crate::shell::say;

/// Whether the user wants to stop.
static STOPPED: AtomicBool = AtomicBool::new(false);
/// Whether something is being done that ends by itself, soon.
static BUSY: AtomicBool = AtomicBool::new(false);
/// Ends what goes on until the user stops it, such as a server; then the command ends by itself.
static END: OnceLock<Box<dyn Fn() + Send + Sync>> = OnceLock::new();
/// How long that is waited for.
const SERVER_PATIENCE: Duration = Duration::from_millis(950);
/// How long what ends by itself is waited for.
const PATIENCE: Duration = Duration::from_millis(700);
/// Time limit of the last words; standard error may be a pipe without a reader.
const LAST_WORDS: Duration = Duration::from_millis(100);

/// From now on Ctrl-C is heard.
pub fn listen() {
    let heard = || {
        STOPPED.store(true, Ordering::SeqCst);
        if let Some(end) = END.get() {
            end();
            sleep(SERVER_PATIENCE);
        }
        if BUSY.load(Ordering::SeqCst) {
            sleep(PATIENCE);
        }
        let said = spawn(|| say("\nerror: interrupted\n"));
        let begun = std::time::Instant::now();
        while !said.is_finished() && begun.elapsed() < LAST_WORDS {
            sleep(Duration::from_millis(1));
        }
        process::exit(i32::from(INTERRUPTED));
    };
    // Where the system has no such signal, it ends the process itself.
    let _ = ctrlc::set_handler(heard);
}

/// Has Ctrl-C end something that goes on until then. A command has one such thing at the most.
pub fn ends(end: impl Fn() + Send + Sync + 'static) {
    if END.set(Box::new(end)).is_ok()
        && is_wanted()
        && let Some(end) = END.get()
    {
        end();
    }
}

/// Whether the user wants to stop.
pub fn is_wanted() -> bool {
    STOPPED.load(Ordering::SeqCst)
}

/// That something is being done that looks at [`is_wanted`], or no longer.
pub fn set_busy(busy: bool) {
    BUSY.store(busy, Ordering::SeqCst);
}

/// Writes something, whole or not at all.
pub fn writing(path: &Path, write: impl FnOnce() -> io::Result<()>) -> Result<(), Failure> {
    set_busy(true);
    let written = if is_wanted() { Err(Failure::Interrupted) } else { Ok(write()) };
    set_busy(false);
    written?.map_err(|error| Failure::writing(path, &error))
}
