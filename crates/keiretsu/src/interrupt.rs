//! Ctrl-C to an end that leaves nothing half done.
//!
//! A simulation looks here often ([`crate::progress::step`]) and ends by itself; a file that is being written
//! is written whole; all else is ended at once.

use std::io;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::{Failure, INTERRUPTED};
use crate::shell::say;

/// Whether the user wants to stop.
static STOPPED: AtomicBool = AtomicBool::new(false);
/// Whether something is being done that ends by itself, soon.
static BUSY: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is heard.
pub fn listen() {
    let heard = || {
        // Who asks twice does not want to wait, whatever it is that hangs.
        let again = STOPPED.swap(true, Ordering::SeqCst);
        if again || !BUSY.load(Ordering::SeqCst) {
            say("\nerror: interrupted\n");
            process::exit(i32::from(INTERRUPTED));
        }
    };
    // Where the system has no such signal, it ends the process itself.
    let _ = ctrlc::set_handler(heard);
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
