//! Shares by hand.

use crate::testing::{check, committed, refuses, same};

const SHARE: &str = "[contracts.c]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\n\
                     from = \"2026-01\"\n";

#[test]
fn a_cap_is_never_passed() {
    let text = format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$2.5M\"");
    check(
        &text,
        "expected",
        "2026-01  a -> b  $1.0M  revenue share\n2026-02  a -> b  $1.0M  revenue share\n\
         2026-03  a -> b  $0.5M  revenue share",
    );
    check(&format!("{text}\npaid_so_far = \"$2M\""), "expected", "2026-01  a -> b  $0.5M  revenue share");
}

#[test]
fn what_was_paid_before_as_of_counts_towards_the_cap() {
    // Two months of 1 before as-of leave 0.5 of 2.5; an amended cap leaves 2.
    let text =
        format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$2.5M\"").replace("2026-01", "2025-11");
    check(&text, "firm", "2026-01  a -> b  $0.5M  revenue share");
    check(
        &format!("{text}\namendments = [{{ on = 2026-02-01, set = {{ cap = \"$4M\" }} }}]"),
        "firm",
        "2026-01  a -> b  $0.5M  revenue share\n2026-02  a -> b  $1.0M  revenue share\n\
         2026-03  a -> b  $0.5M  revenue share",
    );
}

#[test]
fn an_undisclosed_past_leaves_the_room_under_the_cap_unknown() {
    let text = format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"$2.5M\"");
    check(&format!("{text}\npaid_so_far = \"undisclosed\""), "expected", "");
}

#[test]
fn a_condition_ends_it_for_good() {
    // level doubles in a year from $1M; $1.1M is passed in the second month.
    let text = format!("{SHARE}rate = \"10%\"\nbase = \"$120M/yr\"\nends_when = \"level >= $1.1M\"");
    check(&text, "expected", "2026-01  a -> b  $1.0M  revenue share");
}

#[test]
fn a_rate_is_a_share() {
    refuses(&format!("{SHARE}rate = \"110%\"\nbase = \"$1M/yr\""), "E0307");
    refuses(&format!("{SHARE}rate = \"10%\"\nbase = \"$1M\""), "E0502");
}

#[test]
fn what_was_paid_so_far_is_past() {
    // By hand: 6 of a cap of 20 were paid, so that no more than 14 can come.
    let text = format!("{SHARE}rate = \"20%\"\nbase = \"$20M/yr\"\ncap = \"$20M\"\npaid_so_far = \"$6M\"");
    same(&committed(&text, "firm"), &[6.0, 0.0]);
    same(&committed(&text, "headline"), &[6.0, 14.0]);
}
