//! What stands and what falls away if somebody cancels, by hand.

#![expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]

use keiretsu_values::{Reading, Value};

use crate::side::Cancellable;
use crate::testing::{promised, refuses, same};

/// A month of $2M over 2026, seen from the day before.
fn supply(cancellable: &str) -> String {
    format!(
        "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
         until = \"2026-12\"\nminimum = \"$2M/month\"\ncancellable = {cancellable}\n"
    )
}

/// Read, least and most, in millions.
fn shown(value: &Value) -> [f64; 3] {
    [value.amount().unwrap_or(f64::NAN), value.set().low, value.set().high].map(|x| (x / 1e4).round() / 1e2)
}

/// What falls away and what stands, in the firm reading.
fn apart(text: &str) -> [[f64; 3]; 2] {
    let list = promised(text);
    let firm = Reading::Firm;
    [list[0].cancellable(firm), list[0].bound_to(firm)].map(|value| shown(&value))
}

fn exact(falls: f64, stands: f64) -> [[f64; 3]; 2] {
    [[falls; 3], [stands; 3]]
}

#[test]
fn notice_and_fee_stand() {
    // By hand: of 24, three months are 6.
    let by = |terms: &str| supply(&format!("{{ by = \"buyer\", {terms} }}"));
    assert_eq!(apart(&by("notice = \"3 months\", fee = \"$0\"")), exact(18.0, 6.0));
    assert_eq!(apart(&by("notice = \"3 months\", fee = \"$4M\"")), exact(14.0, 10.0));
    assert_eq!(apart(&by("notice = \"3 months\", fee = \"20% of what is left\"")), exact(14.4, 9.6));
    assert_eq!(apart(&by("notice = \"0 days\", fee = \"$0\"")), exact(24.0, 0.0));
    // Nobody pays more for leaving than for staying.
    assert_eq!(apart(&by("notice = \"3 months\", fee = \"$40M\"")), exact(0.0, 24.0));
    // Notice given in April at the earliest, for the end of June.
    assert_eq!(apart(&by("notice = \"3 months\", fee = \"$0\", from = 2026-03-31")), exact(12.0, 12.0));
    assert_eq!(apart(&by("notice = \"2 years\", fee = \"$0\"")), exact(0.0, 24.0));
}

/// By hand: notice until the end of June, after which 6 months of 2 are left: two of them, all of them, and
/// of rents by the year 3 of 12 months of 24.
#[test]
fn a_fee_may_be_what_falls_due_in_a_time() {
    let by = |fee: &str| supply(&format!("{{ by = \"buyer\", notice = \"6 months\", fee = \"{fee}\" }}"));
    assert_eq!(apart(&by("2 months of fees")), exact(8.0, 16.0));
    assert_eq!(apart(&by("2 months of minimum payments")), exact(8.0, 16.0));
    assert_eq!(apart(&by("12 months of rent")), exact(0.0, 24.0));
    assert_eq!(apart(&by("2 months")), exact(8.0, 16.0));
    assert_eq!(apart(&by("2 to 4 months of fees"))[0], [8.0, 4.0, 8.0]);
    let rent = |fee: &str| {
        format!(
            "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2026-01\"\n\
             term = \"3 years\"\nrent = \"$24M/yr\"\nescalator = \"50%\"\n\
             cancellable = {{ by = \"lessee\", notice = \"1 year\", fee = \"{fee}\" }}\n"
        )
    };
    // The second year's 36 of 36 and 54; 18 months of 36 and 27.
    assert_eq!(apart(&rent("12 months of rent")), exact(54.0, 60.0));
    assert_eq!(apart(&rent("18 months of rent")), exact(27.0, 87.0));
    assert_eq!(apart(&rent("3 months of rent")), exact(81.0, 33.0));
    // What a run owes at an end is an amount.
    let ends = by("2 months of fees") + "terminated_when = \"level >= $1.5M\"\n";
    refuses(&ends, "E0708");
    refuses(&by("2 months of sunshine"), "E0301");
}

#[test]
fn what_is_not_disclosed_leaves_a_set() {
    let both = |falls, stands| [falls, stands];
    // A fee between 0 and all; a notice of 3 to 6 months; a fee of 2 to 4.
    let by = |terms: &str| apart(&supply(&format!("{{ by = \"either\", {terms} }}")));
    assert_eq!(by("notice = \"3 months\""), both([18.0, 0.0, 18.0], [6.0, 6.0, 24.0]));
    assert_eq!(
        by("notice = \"3 months to 6 months\", fee = \"$0\""),
        both([18.0, 12.0, 18.0], [6.0, 6.0, 12.0])
    );
    assert_eq!(by("notice = \"3 months\", fee = \"$2M to $4M\""), both([16.0, 14.0, 16.0], [8.0, 8.0, 10.0]));
    let [falls, stands] = by("notice = \"undisclosed\", fee = \"$0\"");
    same(&falls, &[24.0, 0.0, 24.0]);
    assert!(stands[0].is_nan() && stands[1..] == [0.0, 24.0], "{stands:?}");
    let [falls, stands] = apart(&supply("true"));
    same(&falls, &[24.0, 0.0, 24.0]);
    same(&stands[1..], &[0.0, 24.0]);
}

#[test]
fn three_things_can_be_said() {
    let said = |text: &str| promised(text)[0].cancelling.said;
    assert_eq!(said(&supply("false")), Cancellable::Never);
    assert_eq!(said(&supply("\"undisclosed\"")), Cancellable::Undisclosed);
    assert_eq!(said(&supply("true")), Cancellable::Can);
    assert_eq!(said(&supply("true").replace("cancellable = true", "")), Cancellable::Nothing);
    assert_eq!(said(&supply("{ by = \"b\", until = 2025-06-30 }")), Cancellable::Never);
    assert_eq!(apart(&supply("false")), exact(0.0, 24.0));
    let unsaid = promised(&supply("\"undisclosed\""))[0].unsaid(Reading::Firm);
    same(&shown(&unsaid), &[24.0; 3]);
}

#[test]
fn what_nothing_dates_may_fall_within_the_notice() {
    let text = |notice: &str| {
        format!(
            "[contracts.c]\ntype = \"capex\"\nspender = \"a\"\namount = \"$30M\"\nfrom = 2026\n\
             cancellable = {{ by = \"spender\", notice = \"{notice}\", fee = \"$0\" }}"
        )
    };
    assert_eq!(apart(&text("0 days")), exact(30.0, 0.0));
    let [falls, stands] = apart(&text("1 year"));
    same(&falls, &[30.0, 0.0, 30.0]);
    same(&stands[1..], &[0.0, 30.0]);
}

#[test]
fn one_fee_is_shared_by_what_falls_away() {
    // By hand: 10 and 30 fall away, and the fee of 4 is 1 of the first and 3 of the second.
    let text = "[contracts.r]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        cancellable = { by = \"investor\", notice = \"0 days\", fee = \"$4M\" }\n\
        tranches.one = { amount = \"$10M\", on = 2026-06-30 }\n\
        tranches.two = { amount = \"$30M\", on = 2027-06-30 }\n\
        tranches.was = { amount = \"$5M\", paid = 2025-06-30 }\n";
    let list = promised(text);
    let falls: Vec<f64> = list.iter().map(|one| shown(&one.cancellable(Reading::Firm))[0]).collect();
    assert_eq!(falls, [9.0, 27.0, 0.0]);
}

#[test]
fn money_that_was_lent_comes_back_whoever_cancels() {
    let loan = |drawn: &str| {
        let text = format!(
            "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$12M\"\n\
             rate = \"0%\"\ndrawn = \"{drawn}\"\nmaturity = \"2028-12\"\n\
             cancellable = {{ by = \"lender\", notice = \"0 days\", fee = \"$0\" }}"
        );
        let list = promised(&text);
        list.iter().map(|one| shown(&one.cancellable(Reading::Firm))[0]).collect::<Vec<_>>()
    };
    // What was drawn in 2025 is owed; what is to be drawn in 2027 is not, and then does not come back.
    assert_eq!(loan("2025-06"), [0.0, 0.0]);
    assert_eq!(loan("2027-06"), [12.0, 12.0]);
}

#[test]
fn a_slice_has_its_part_of_what_is_said_of_its_whole() {
    let part = "[contracts.part]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\npart_of = \"c\"\n\
        from = \"2026-01\"\nuntil = \"2026-12\"\nminimum = \"$1M/month\"\n";
    let text = supply("{ by = \"buyer\", notice = \"3 months\", fee = \"$4M\" }") + part;
    let list = promised(&text);
    let slice = list.iter().find(|one| one.slice).expect("a slice");
    assert_eq!(slice.cancelling.said, Cancellable::Can);
}

#[test]
fn who_can_is_a_role_or_a_party() {
    for by in ["buyer", "seller", "either", "a"] {
        assert!(!promised(&supply(&format!("{{ by = \"{by}\" }}")))[0].cancelling.by.is_empty());
    }
    refuses(&supply("{ by = \"lender\" }"), "E0204");
    refuses(&supply("\"perhaps\""), "E0204");
    refuses(&supply("{ notice = \"$5M\" }"), "E0302");
}
