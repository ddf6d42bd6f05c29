//! Quarters are parts of years: what a year has is what its quarters have together, in every measure that is
//! cut into periods, and what stands at the end of a year stands at the end of its last quarter.

use std::collections::BTreeMap;

use keiretsu::{Question, Session};
use keiretsu_values::Value;

use crate::asked::{key, question, tables};

/// Some of everything that falls due, seen from within a quarter.
const MODEL: &str = "keiretsu = 1\ntitle = \"quarters\"\nas_of = 2026-05-15\nhorizon = \"3 years\"\n\
    [parties]\na = { cash = \"$100M\", revenue = \"$5M/yr\", because = \"an example\" }\nb = {}\nc = {}\n\
    [contracts.loan]\ntype = \"loan\"\nlender = { b = \"undisclosed\", c = \"rest\" }\nborrower = \"a\"\n\
    amount = \"up to $24M\"\ndrawn = \"2026-08\"\nmaturity = \"2028-08\"\nrate = \"6%\"\n\
    repayment = \"linear\"\nbecause = \"an example\"\n\
    [contracts.hall]\ntype = \"lease\"\nlessee = \"b\"\nlessor = \"a\"\nrent = \"$12M/yr\"\n\
    from = \"2026-06\"\nterm = \"3 years\"\nescalator = \"2%\"\nbecause = \"an example\"\n\
    [contracts.wares]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"c\"\nfrom = \"2026-01\"\n\
    until = \"2028-12\"\nminimum = \"$9M over 3 years\"\nbecause = \"an example\"\n";

/// A measure, its table, the column of the period, and what is added up.
const SUMS: [(&str, &str, &str, &[&str]); 3] = [
    ("cash", "by_period", "time", &["net", "other", "service"]),
    ("commitments", "years", "year", &["amount"]),
    ("debt_service", "by_period", "time", &["contracted", "interest", "principal", "service"]),
];

/// The numbers of a column by row, with quarters taken for their years.
fn by_year(cut: &str, (measure, name, time, _): (&str, &str, &str, &[&str]), column: &str) -> Cells {
    let asked = Question { by: Some(cut.to_owned()), ..question(measure) };
    let found = tables(&Session::of_text(MODEL), &asked);
    let table = found.iter().find(|table| table.name == name).expect("the measure has the table");
    let [time, column] = [time, column].map(|key| table.column(key).expect("the table has the column"));
    let mut all = Cells::new();
    for row in &table.rows {
        let Some(value) = row[column].value() else { continue };
        let word = |at: usize| if at == time { key(&row[at])[..4].to_owned() } else { key(&row[at]) };
        let place: Vec<String> = (0..table.keys()).map(word).collect();
        let sum = all.get(&place).map_or(value.clone(), |sum| sum.plus(value));
        all.insert(place, sum);
    }
    all
}

type Cells = BTreeMap<Vec<String>, Value>;

#[test]
fn the_quarters_of_a_year_have_together_what_the_year_has() {
    for measure in SUMS {
        for column in measure.3 {
            let [years, quarters, months] =
                ["year", "quarter", "month"].map(|cut| by_year(cut, measure, column));
            assert!(!years.is_empty());
            for (place, year) in &years {
                for parts in [&quarters, &months] {
                    let parts = parts.get(place).cloned().unwrap_or(Value::exact(0.0));
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1.0);
                    let read = [year, &parts].map(|value| value.amount().unwrap_or(0.0));
                    assert!(near(read[0], read[1]), "{column} {place:?}: {year:?}\n{parts:?}");
                    let (set, ends) = (year.set(), parts.set());
                    let holds = ends.low <= set.low + 1.0 && set.high - 1.0 <= ends.high;
                    assert!(holds, "{column} {place:?}: {year:?}\n{parts:?}");
                }
            }
        }
    }
}

#[test]
fn quarters_are_called_by_year_and_number() {
    let asked =
        Question { by: Some("quarter".to_owned()), reading: Some("firm".to_owned()), ..question("cash") };
    let found = tables(&Session::of_text(MODEL), &asked);
    let time = found[0].column("time").expect("a column");
    let of_a = found[0].rows.iter().filter(|row| key(&row[0]) == "a");
    let words: Vec<String> = of_a.map(|row| key(&row[time])).collect();
    // From June 2026 on, three years.
    assert_eq!(words.first().map(String::as_str), Some("2026-Q2"));
    assert_eq!(words.len(), 13);
    // By hand: rent of 1 a month in June.
    let contracted = Question { ask: "debt_service".to_owned(), ..asked };
    let found = tables(&Session::of_text(MODEL), &contracted);
    let table = found.iter().find(|table| table.name == "by_period").expect("a table");
    let at = table.column("contracted").expect("a column");
    assert!(table.rows[0][at].value().and_then(Value::amount).is_some_and(|sum| (sum - 1e6).abs() < 1.0));
}

#[test]
fn what_stands_at_the_end_of_a_year_stands_at_the_end_of_its_last_quarter() {
    let at = |cut: &str| {
        let asked = Question { by: Some(cut.to_owned()), ..question("exposure") };
        let found = tables(&Session::of_text(MODEL), &asked);
        let [time, column] = ["at", "exposure"].map(|key| found[0].column(key).expect("a column"));
        let december = found[0].rows.iter().filter(|row| key(&row[time]).ends_with("-12"));
        let rows = december.map(|row| {
            let place: Vec<String> = (0..found[0].keys()).map(|at| key(&row[at])).collect();
            (place, row[column].clone())
        });
        rows.collect::<BTreeMap<_, _>>()
    };
    let (years, quarters) = (at("year"), at("quarter"));
    assert!(!years.is_empty());
    assert_eq!(format!("{years:?}"), format!("{quarters:?}"));
}
