//! Commitments by year, each derived by hand.

use keiretsu::Question;

use crate::measured::{WORLD, is, tables, value};

/// A tranche on a level that is reached in 2027: 5, 7.5 after a year, 8 in its second.
fn tranche(amount: &str) -> String {
    format!(
        "{WORLD}[factors.r]\nstart = \"$5M/yr\"\ngrowth = \"50%\"\n[contracts.e]\ntype = \"equity\"\n\
         investor = \"a\"\nissuer = \"b\"\n\
         tranches.t = {{ amount = \"{amount}\", when = \"r >= $8M/yr\", before = 2028-06-30 }}\n\
         tranches.u = {{ amount = \"$7M\", on = 2028-03-31 }}\n"
    )
}

#[test]
fn an_undisclosed_tranche_is_unknown_in_the_year_in_which_its_condition_holds() {
    let query = Question { by: Some("year".into()), ..Question::default() };
    let [stated, secret] =
        ["$3M", "undisclosed"].map(|amount| tables(&tranche(amount), "commitments", &query));
    for reading in ["expected", "headline"] {
        is(&value(&stated[0], &["e.t", reading, "2027"], "amount"), 3.0);
        let year = value(&secret[0], &["e.t", reading, "2027"], "amount");
        assert!(year.amount().is_none() && 0.0 <= year.set().low, "{year:?}");
        assert!(value(&secret[0], &["e.t", reading, "2028"], "amount").is_zero());
        assert!(value(&secret[0], &["e.t", reading, "undated"], "amount").is_zero());
    }
    assert!(value(&secret[0], &["e.t", "firm", "2027"], "amount").is_zero());
}
