//! Loans of the ACTUS reference tests (CC BY-SA 4.0), each given to `keiretsu calc loan` as it is.

use crate::harness::{calc, file, list, near, number};
use serde_json::Value;

fn day(text: &Value) -> String {
    let text = text.as_str().expect("a date");
    text.split_once("T00:00").map_or(text, |(day, _)| day).to_owned()
}

#[test]
fn reference_cases_come_out_of_their_own_format() {
    for kind in ["pam", "ann", "lam", "clm"] {
        let all = file(&format!("actus/actus-tests-{kind}.json"));
        for (id, case) in all.as_object().expect("cases by name") {
            let output = calc("loan", case);
            let (got, want) = (list(&output["events"]), list(&case["results"]));
            assert_eq!(got.len(), want.len(), "{id}");
            for (got, want) in got.iter().zip(want) {
                assert_eq!(got["type"], want["eventType"], "{id}");
                assert!(day(&got["date"]).starts_with(&day(&want["eventDate"])), "{id}");
                let keys = [
                    ("payoff", "payoff"),
                    ("notional", "notionalPrincipal"),
                    ("rate", "nominalInterestRate"),
                    ("accrued", "accruedInterest"),
                ];
                for (ours, theirs) in keys {
                    near(&[number(&got[ours])], &[number(&want[theirs])], 1e-8, &format!("{id} {ours}"));
                }
            }
        }
    }
}
