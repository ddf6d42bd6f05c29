//! Faults stay mended: `cargo test -p keiretsu-testkit --test found`. `CASE=20-` runs only cases with a name
//! that begins so. What a case is, `found` says.
//!
//! The `keiretsu` binary that the cases run is built here if it is missing or old.

use keiretsu_testkit::found::check_found;
use keiretsu_testkit::tidy::report;

#[test]
fn found_faults_stay_mended() {
    report(check_found());
}
