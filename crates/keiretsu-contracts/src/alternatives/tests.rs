//! Either a loan or a lease, by hand.

#![expect(clippy::float_cmp, reason = "sums of small whole numbers are exact")]

use keiretsu_values::{Reading, Value};

use crate::testing::{check, promised, refuses};

/// Either b lends a 5 for a month, or a pays b 4 of rent over a month.
fn either(more: &str) -> String {
    format!(
        "[alternatives.finance]\nof = [\"loan\", \"rent\"]\nby = \"a\"\n{more}\n\
         [contracts.loan]\ntype = \"loan\"\nlender = \"b\"\nborrower = \"a\"\namount = \"$5M\"\n\
         rate = \"0%\"\ndrawn = \"2026-02\"\nmaturity = \"2026-03\"\n\
         [contracts.rent]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nrent = \"$48M/yr\"\n\
         from = \"2026-02\"\nterm = \"1 month\"\n"
    )
}

/// What counts of loan and rent in totals, and of both, in millions: read, least, most.
fn totals(text: &str, reading: Reading) -> [[f64; 3]; 3] {
    let list = promised(text);
    // What the borrower pays back is the other side of the loan.
    let of = |lease: bool| {
        let mine = list.iter().filter(|one| one.tranche.is_none());
        let mine = mine.filter(|one| one.is_for(keiretsu_program::Tag::Rent) == lease);
        mine.fold(Value::exact(0.0), |sum, one| sum.plus(&one.in_totals(reading)))
    };
    let [loan, lease] = [of(false), of(true)];
    let both = loan.plus(&lease);
    [loan, lease, both]
        .map(|value| [value.amount().unwrap_or(f64::NAN), value.set().low, value.set().high].map(|x| x / 1e6))
}

#[test]
fn firm_has_the_smaller_the_headline_the_larger_and_nothing_the_sum() {
    let open = either("until = \"2026-01\"");
    assert_eq!(totals(&open, Reading::Firm), [[0.0; 3], [4.0; 3], [4.0; 3]]);
    assert_eq!(totals(&open, Reading::Headline), [[5.0; 3], [0.0; 3], [5.0; 3]]);
    let [loan, lease, both] = totals(&open, Reading::Expected);
    assert!(loan[0].is_nan() && lease[0].is_nan(), "nobody says which one it is");
    assert_eq!([&loan[1..], &lease[1..]], [[0.0, 5.0], [0.0, 4.0]]);
    assert_eq!(both[2], 5.0);
    // The run owes the same one.
    check(&open, "firm", "2026-02  a -> b  $4.0M  rent");
    check(&open, "headline", "2026-02  b -> a  $5.0M  principal\n2026-03  a -> b  $5.0M  principal");
}

#[test]
fn both_are_shown_with_their_own_amounts() {
    let list = promised(&either("until = 2026-01-31"));
    let own: Vec<f64> =
        list.iter().filter_map(|one| one.amount(Reading::Headline).amount()).map(|x| x / 1e6).collect();
    // Lent, paid back, and rent.
    assert_eq!(own, [5.0, 5.0, 4.0]);
    assert!(list.iter().all(|one| one.trigger.as_deref() == Some("a chooses it by 2026-01-31")));
}

#[test]
fn once_it_is_chosen_the_other_is_nothing() {
    let loan = either("chosen = \"loan\"");
    for reading in Reading::ALL {
        assert_eq!(totals(&loan, reading), [[5.0; 3], [0.0; 3], [5.0; 3]]);
        check(&loan, reading.name(), "2026-02  b -> a  $5.0M  principal\n2026-03  a -> b  $5.0M  principal");
    }
    check(&either("chosen = \"rent\""), "headline", "2026-02  a -> b  $4.0M  rent");
}

#[test]
fn of_amounts_that_are_open_the_larger_is_as_open_as_both() {
    // At least 4 of rent may be more than the loan of 5.
    let text = either("").replace("$48M/yr", "more than $48M/yr");
    let [loan, lease, both] = totals(&text, Reading::Headline);
    assert_eq!((loan, lease), ([5.0, 5.0, f64::INFINITY], [0.0; 3]));
    assert_eq!(both, loan);
    // The smaller is at least 4 and at most the loan.
    assert_eq!(totals(&text, Reading::Firm)[2], [4.0, 4.0, 5.0]);
}

#[test]
fn a_syndicate_may_be_one_of_them() {
    let text =
        either("").replace("lender = \"b\"", "lender = { b = \"60%\", c = \"40%\" }") + "[parties.c]\n";
    assert_eq!(totals(&text, Reading::Headline)[0], [5.0; 3]);
    assert_eq!(totals(&text, Reading::Firm)[2], [4.0; 3]);
}

#[test]
fn what_is_no_choice_is_refused() {
    refuses(&either("").replace("[\"loan\", \"rent\"]", "\"loan\""), "E0708");
    refuses(&either("").replace("[\"loan\", \"rent\"]", "[\"loan\", \"loan\"]"), "E0708");
    refuses(&either("").replace("\"rent\"]", "\"debt\"]"), "E0601");
    let third = "[contracts.other]\ntype = \"capex\"\nspender = \"a\"\namount = \"$1M\"\nfrom = 2026\n";
    refuses(&(either("chosen = \"other\"") + third), "E0708");
    refuses(&(either("") + third + "[alternatives.more]\nof = [\"other\", \"loan\"]\n"), "E0708");
}
