//! Slices of wholes with several tranches.

use crate::testing::exposed;

#[test]
fn a_slice_takes_what_has_its_own_standing_and_day() {
    // By hand: c has the 30 that were paid, so that all of the 20 to come are a's.
    let text = "[parties.c]\n[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.one = { amount = \"$30M\", paid = 2025-06-30 }\n\
        tranches.two = { amount = \"$20M\", on = \"2026-06\" }\n\
        [contracts.s]\ntype = \"equity\"\ninvestor = \"c\"\nissuer = \"b\"\npart_of = \"e\"\n";
    let paid = format!("{text}tranches.t = {{ amount = \"$30M\", paid = 2025-06-30 }}");
    let parts = [("b", "a", "Undelivered", [20e6, 0.0]), ("b", "c", "Undelivered", [0.0, 0.0])];
    exposed(&paid, &parts);
    // A slice of 15 of the 20 has these.
    let due = format!("{text}tranches.t = {{ amount = \"$15M\", on = \"2026-06\" }}");
    exposed(&due, &[("b", "a", "Undelivered", [5e6, 0.0]), ("b", "c", "Undelivered", [15e6, 0.0])]);
    // One of 40 that were paid has all that was paid and 10 of the 20, wherever those fall.
    let more = format!("{text}tranches.t = {{ amount = \"$40M\", paid = 2025-06-30 }}");
    exposed(&more, &[("b", "a", "Undelivered", [10e6, 0.0]), ("b", "c", "Undelivered", [10e6, 0.0])]);
}
