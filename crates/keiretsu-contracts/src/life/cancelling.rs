//! A right to cancel, seen through the lives of contracts of every type.

use jiff::ToSpan;
use keiretsu_values::Reading;

use super::lives::LIVES;
use super::{MONTHS, START, seen_from};

/// What can be said of cancelling.
const SAID: [&str; 6] = [
    "false",
    "true",
    "\"undisclosed\"",
    "{ by = \"either\", notice = \"6 months\", fee = \"$1M\" }",
    "{ by = \"either\", notice = \"3 to 9 months\", fee = \"20% of what is left\" }",
    "{ by = \"either\", notice = \"0 days\", fee = \"$0\" }",
];

/// The same text with every contract saying this of itself.
fn saying(text: &str, said: &str) -> String {
    text.replace("\ntype = ", &format!("\ncancellable = {said}\ntype = "))
}

#[test]
fn a_right_to_cancel_changes_no_number_of_the_run() {
    for (name, text) in LIVES {
        let (plain, other) =
            (seen_from(START, MONTHS, text).1, |said| seen_from(START, MONTHS, &saying(text, said)).1);
        for said in SAID {
            // A fee for the end is that of cancelling where no other is stated.
            let ends = text.contains("terminated_when") && !text.contains("termination_fee");
            if ends && said.contains("fee") {
                continue;
            }
            let other = other(said);
            assert_eq!(format!("{:?}", plain.program), format!("{:?}", other.program), "{name}, {said}");
            for (one, other) in plain.side.commitments.iter().zip(&other.side.commitments) {
                for reading in Reading::ALL {
                    assert_eq!(one.amount(reading), other.amount(reading), "{name}, {said}");
                }
            }
        }
    }
}

#[test]
fn what_falls_away_and_what_stands_are_what_is_left_seen_from_every_day() {
    for (name, text) in LIVES {
        for said in SAID {
            if text.contains("terminated_when") && said.contains('%') {
                continue;
            }
            for passed in (0..36).step_by(7) {
                let as_of = START.saturating_add(passed.months()).last_of_month();
                let side = seen_from(as_of, MONTHS - passed, &saying(text, said)).1.side;
                for one in side.commitments.iter().chain(&side.by_party) {
                    for reading in Reading::ALL {
                        let parts = [one.cancellable(reading), one.unsaid(reading), one.bound_to(reading)];
                        let [whole, sum] = [one.left(reading), parts[0].plus(&parts[1]).plus(&parts[2])];
                        let read = |value: &keiretsu_values::Value| value.amount().unwrap_or(0.0);
                        let near = (read(&whole) - read(&sum)).abs() <= 1e-6 * read(&whole).abs().max(1.0);
                        assert!(near, "{name}, {said}, {passed}: {whole:?} is not {sum:?}");
                        assert!(parts.iter().all(|part| -1e-3 <= read(part)), "{name}, {said}: {parts:?}");
                        // No part may be more than there can be.
                        let most = whole.set().high * (1.0 + 1e-9) + 1e-3;
                        assert!(
                            parts.iter().all(|part| part.set().high <= most),
                            "{name}, {said}, {parts:?}"
                        );
                    }
                }
            }
        }
    }
}
