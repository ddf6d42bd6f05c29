//! Memory that is not there to words and an exit status, in the place of an abort or of a machine that swaps.
//!
//! All memory of the process goes through here. It is the system's, counted: what is beyond the limit, or
//! what the system refuses, ends the command with status 3. The limit is a part of what the system has free
//! when the command begins, where it says so.

use std::alloc::{GlobalAlloc, Layout, System};
use std::fs;
use std::io::{self, Write};
use std::process;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use crate::failure::FILES;

/// Bytes in use.
static USED: AtomicUsize = AtomicUsize::new(0);
/// Bytes that may be.
static MOST: AtomicUsize = AtomicUsize::new(usize::MAX);
/// Whether the last words have begun.
static ENDING: AtomicBool = AtomicBool::new(false);

/// The system's memory, counted.
pub struct Counted;

/// Finds out how much memory may be used.
pub fn limit() {
    if let Some(free) = [free(), free_in_group()].into_iter().flatten().min() {
        MOST.store(free / 16 * 15, Ordering::Relaxed);
    }
}

/// Memory available for new work, as Linux reports it.
fn free() -> Option<usize> {
    let text = fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? << 10)
}

/// Memory left by the control group of a container.
fn free_in_group() -> Option<usize> {
    let read =
        |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/memory.{name}")).ok()?.trim().parse().ok();
    let (most, used): (usize, usize) = (read("max")?, read("current")?);
    Some(most.saturating_sub(used))
}

fn take(size: usize) {
    if MOST.load(Ordering::Relaxed) < USED.fetch_add(size, Ordering::Relaxed).saturating_add(size) {
        end(size);
    }
}

/// Prints the reason without allocating memory, and exits.
#[cold]
fn end(size: usize) -> ! {
    if ENDING.swap(true, Ordering::SeqCst) {
        process::abort();
    }
    let used = USED.load(Ordering::Relaxed) >> 20;
    let mut to = io::stderr();
    let _ = writeln!(
        to,
        "error: there is not enough memory: {used} MiB are in use, and {size} bytes more are needed"
    );
    let _ = writeln!(to, "help: ask for less at once (a party, fewer paths, by year), or free memory");
    process::exit(i32::from(FILES));
}

fn checked(pointer: *mut u8, size: usize) -> *mut u8 {
    if pointer.is_null() { end(size) } else { pointer }
}

#[expect(
    unsafe_code,
    reason = "the trait is unsafe; every call is handed to the system's allocator as it came"
)]
// SAFETY: `System` keeps the contract of the trait, and gets each call with its arguments unchanged.
unsafe impl GlobalAlloc for Counted {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as the caller promises.
        checked(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        take(layout.size());
        // SAFETY: as the caller promises.
        checked(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        take(size);
        USED.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        checked(unsafe { System.realloc(pointer, layout, size) }, size)
    }
}
