//! The manual, as a test: `cargo test -p keiretsu-testkit manual`. With `UPDATE=1` outputs and copied pages
//! are rewritten; `PAGE=errors/` runs only pages whose path contains that. What a page is, `literate` says.
//!
//! The `keiretsu` binary that the pages run is built here if it is missing or old.

use keiretsu_testkit::literate::{catalogue, check_manual, generated};
use keiretsu_testkit::tidy::{Workspace, report, root, update_asked};

#[test]
fn manual_is_true() {
    let mut found = check_manual();
    if update_asked() {
        // After the pages have run: the copies hold what has just been rewritten in the source.
        generated::rewrite(&Workspace::here(), &root()).expect("the book can be written");
    }
    found.extend(generated::differing(&Workspace::here()));
    report(found);
}

#[test]
fn manual_has_a_page_for_each_code() {
    report(catalogue::differing(&Workspace::here()));
}
