//! Either a loan or a lease, in every measure, by hand.

use keiretsu::Question;
use keiretsu_values::Table;

use crate::asked::key;
use crate::measured::{WORLD, is, tables, value};

/// Either b lends a 5 at nothing from February on for a year, or a pays c 4 of rent over that year.
fn either() -> String {
    format!(
        "{WORLD}[alternatives.finance]\nof = [\"loan\", \"rent\"]\nby = \"a\"\nuntil = 2026-01-31\n\
         [contracts.loan]\ntype = \"loan\"\nlender = \"b\"\nborrower = \"a\"\namount = \"$5M\"\n\
         rate = \"0%\"\ndrawn = \"2026-02\"\nmaturity = \"2027-01\"\n\
         [contracts.rent]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"c\"\nrent = \"$4M/yr\"\n\
         from = \"2026-02\"\nterm = \"1 year\"\n"
    )
}

fn asked(measure: &str, reading: Option<&str>) -> Vec<Table> {
    let reading = reading.map(str::to_owned);
    tables(&either(), measure, &Question { reading, ..Question::default() })
}

#[test]
fn totals_count_one_and_rows_show_both() {
    let all = asked("commitments", None);
    for (reading, lent, rent) in [("firm", 0.0, 4.0), ("headline", 5.0, 0.0)] {
        is(&value(&all[0], &["b", "a", reading], "total"), lent);
        is(&value(&all[0], &["a", "c", reading], "total"), rent);
    }
    let contracts = all.iter().find(|table| table.name == "contracts").expect("contracts");
    is(&value(contracts, &["loan"], "headline"), 5.0);
    is(&value(contracts, &["rent"], "headline"), 4.0);
}

#[test]
fn obligations_have_both_and_the_larger_in_all() {
    let all = asked("obligations", None);
    let rows: Vec<[String; 2]> = all[0].rows.iter().map(|row| [0, 1].map(|at| key(&row[at]))).collect();
    assert_eq!(rows, [["loan", "alternative"], ["rent", "alternative"]].map(|row| row.map(str::to_owned)));
    let bearers = all.iter().find(|table| table.name == "by_bearer").expect("bearers");
    is(&value(bearers, &["b"], "at_most"), 5.0);
    is(&value(bearers, &["a"], "at_most"), 4.0);
    is(&value(bearers, &["all"], "at_most"), 5.0);
    // The debt of the headline is the loan that is not yet drawn; rent would count where it is chosen.
    let addends = all.iter().find(|table| table.name == "addends").expect("addends");
    let rent = addends.rows.iter().find(|row| key(&row[3]) == "rent").expect("a row");
    assert_eq!(key(&rent[6]), "no: the other alternative counts");
}

#[test]
fn the_run_has_the_same_one() {
    let net = |reading: &str| {
        let all = asked("cash", Some(reading));
        ["2026", "2027"].map(|year| value(&all[0], &["a", year], "net"))
    };
    let [first, second] = net("headline");
    is(&first, 5.0);
    is(&second, -5.0);
    // Eleven months of 4 / 12, and one.
    let [first, second] = net("firm");
    is(&first, -44.0 / 12.0);
    is(&second, -4.0 / 12.0);
}
