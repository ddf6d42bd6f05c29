//! A file to whether it is a result as keiretsu wrote it, unchanged since.
//!
//! The fraction of a second in the time of its last change is worked out from its bytes. So nothing stands in
//! the file or beside it, every format has it, and any change, be it by a person, a copy or a check-out,
//! takes it away: then the file is the user's, and asks for `--force`.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::sum::sum;
use crate::limits::RESULT_BYTES_MAX;

/// The coarsest step of file systems that keep fractions of a second.
const STEP_NANOS: u32 = 100;

/// Marks a file with these bytes as a result.
pub fn put(file: &File, bytes: &[u8]) -> io::Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let nanos = fraction(bytes);
    // Never later than now.
    let seconds = now.as_secs().saturating_sub(u64::from(now.subsec_nanos() < nanos));
    file.set_modified(UNIX_EPOCH + Duration::new(seconds, nanos))
}

/// Whether a file is marked as a result with the bytes that it has.
pub fn is_result(path: &Path) -> io::Result<bool> {
    let facts = fs::metadata(path)?;
    let changed = facts.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().subsec_nanos();
    let may_be = changed != 0 && changed.is_multiple_of(STEP_NANOS) && facts.len() <= RESULT_BYTES_MAX;
    Ok(may_be && changed == fraction(&fs::read(path)?))
}

/// Nanoseconds that encode some bytes; never 0, the value of coarse clocks.
fn fraction(bytes: &[u8]) -> u32 {
    const STEPS: u128 = 1_000_000_000 / STEP_NANOS as u128;
    ((sum(bytes) % (STEPS - 1)) as u32 + 1) * STEP_NANOS
}
