//! Numbers by name, what they rest on, and formulas that give what the tables say.

use keiretsu::{AskError, Question, Session};
use keiretsu_measures::MEASURES;
use keiretsu_values::{Cell, ColumnFormula, Expr, Table, Value};
use keiretsu_views::finding::sentence;

use crate::asked::{ask, example, key as text, question, tables};

const WEB: &str = r#"
keiretsu = 1
title    = "Money in, purchases back"
as_of    = 2026-04-21
horizon  = "3 years"

[sources.release]
title = "Press release"
by    = "Cloud"
date  = 2026-04-20

[parties]
cloud = { name = "Cloud" }

[parties.lab]
name    = "Lab & Co"
cash    = { figure = "$20B", because = "an example" }
revenue = { formula = "$12B/yr", because = "an example" }

[events]
milestones = { text = "not public" }

[contracts.round]
type     = "equity"
investor = "cloud"
issuer   = "lab"
source   = "release"
quote    = "we invest"
tranches.earlier = { amount = "$8B", paid = 2025 }
tranches.second  = { amount = "$5B", paid = 2025 }
tranches.fund    = { amount = "undisclosed", when = "milestones" }

[contracts.compute]
type    = "supply"
buyer   = "lab"
seller  = "cloud"
minimum = "$100B over 10 years"
source  = "release"
assumed = ["the minimum is take-or-pay"]

[holdings.cloud-in-lab]
owner  = "cloud"
issuer = "lab"
stake  = "25%"
cost   = "$10B"
source = "release"

[holdings.cloud-in-lab.value]
use = "lowest"
[[holdings.cloud-in-lab.value.claims]]
figure = "$12B"
source = "release"
[[holdings.cloud-in-lab.value.claims]]
figure = "$15B"
source = "release"
"#;

fn of(text: &str) -> Session {
    let session = Session::of_text(text);
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    session
}

fn about(name: &str) -> Question {
    Question { of: vec![name.to_owned()], ..question("explain") }
}

fn asked(session: &Session, name: &str) -> Result<Vec<Table>, String> {
    let said = |why: AskError| format!("{why}: {}", why.hint());
    ask(session, &about(name)).map(|answer| answer.tables()).map_err(said)
}

fn part<'t>(tables: &'t [Table], name: &str) -> &'t Table {
    tables.iter().find(|table| table.measure == format!("explain_{name}")).unwrap_or_else(|| {
        panic!("no {name} among {:?}", tables.iter().map(|table| &table.measure).collect::<Vec<_>>())
    })
}

/// The row of a table whose first word this is: its cell of a column.
fn cell<'t>(table: &'t Table, first: &str, column: &str) -> &'t Cell {
    let row = table.rows.iter().find(|row| text(&row[0]) == first);
    &row.unwrap_or_else(|| panic!("no {first} in {:?}", table.rows))[table.column(column).expect("a column")]
}

fn amount(cell: &Cell) -> f64 {
    cell.value().and_then(Value::amount).expect("an amount")
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} is not {want}");
}

#[test]
fn a_ratio_rests_on_both_sides_and_moves_as_it_must() {
    let session = of(WEB);
    let tables = asked(&session, "coverage(cloud, lab & co, firm)").expect("a number");
    near(
        amount(&part(&tables, "number").rows.iter().find(|row| text(&row[0]) == "coverage").expect("it")[2]),
        100.0 / 13.0,
    );
    let statements = part(&tables, "statements");
    // 1% more of 8 of 13 divides by 13.08; 1% more of what comes back is 1% more.
    near(amount(cell(statements, "round.tranches.earlier.amount", "moves_by")), 13.0 / 13.08 - 1.0);
    near(amount(cell(statements, "compute.minimum", "moves_by")), 0.01);
    assert_eq!(text(cell(statements, "round.tranches.earlier.amount", "standing")), "paid");
    let others: Vec<String> = statements.rows.iter().map(|row| text(&row[0])).collect();
    assert!(
        !others.iter().any(|path| ["cloud-in-lab.value", "cloud-in-lab.stake", "lab."]
            .iter()
            .any(|no| path.starts_with(no))),
        "{others:?}"
    );
    let contracts = part(&tables, "contracts");
    near(amount(cell(contracts, "compute", "share")), 1.0);
    assert!(part(&tables, "assumptions").rows.iter().any(|row| text(&row[1]).contains("take-or-pay")));
    assert!(part(&tables, "sources").rows.iter().any(|row| text(&row[5]) == "we invest"));
}

#[test]
fn the_other_claim_gives_the_other_number() {
    let session = of(WEB);
    let tables = asked(&session, "moic(cloud-in-lab)").expect("a number");
    let claims = part(&tables, "claims");
    // 15 over the 13 of the paid tranches, which count since they are more than the stated cost of 10.
    near(amount(cell(claims, "cloud-in-lab.value", "number_becomes")), 15.0 / 13.0);
    near(amount(cell(claims, "cloud-in-lab.value", "moves_by")), 0.25);
}

/// What explain says a changed statement gives is what the changed text gives.
#[test]
fn a_changed_statement_is_a_changed_text() {
    let session = of(WEB);
    for (name, path, was, is) in [
        ("coverage(cloud, lab, firm)", "round.tranches.earlier.amount", "\"$8B\"", "\"$8.08B\""),
        ("cash(lab, firm, 2027)", "lab.revenue", "\"$12B/yr\"", "\"$12.12B/yr\""),
        ("cash(lab, firm, 2027)", "lab.cash", "\"$20B\"", "\"$20.2B\""),
        ("returns(cloud-in-lab, firm, implied_value)", "cloud-in-lab.stake", "\"25%\"", "\"25.25%\""),
    ] {
        let tables = asked(&session, name).expect(name);
        let said = amount(cell(part(&tables, "statements"), path, "number_becomes"));
        assert!(WEB.contains(was), "{was}");
        let other = of(&WEB.replace(was, is));
        let tables = asked(&other, name).expect(name);
        let number = part(&tables, "number");
        let is = number.rows.iter().find_map(|row| row[2].value()?.amount()).expect("an amount");
        assert!((is - said).abs() <= 1e-9 * is.abs(), "{name} {path}: {is} {said}");
    }
}

#[test]
fn what_is_undisclosed_is_named() {
    let session = of(WEB);
    let tables = asked(&session, "coverage(cloud, lab, headline)").expect("a number");
    let statements = part(&tables, "statements");
    assert_eq!(text(cell(statements, "round.tranches.fund.amount", "if")), "disclosed");
}

#[test]
fn wrong_names_get_the_nearest() {
    let session = of(WEB);
    for (name, hint) in [
        ("coverage", "measure(row, column)"),
        ("coverage(", "measure(row, column)"),
        ("coverage(cluod, lab, firm)", "coverage(cloud, firm, "),
        ("coverag(cloud, lab)", "did you mean `coverage`"),
        ("coverage(cloud, lab, firm, colour)", "coverage(cloud, firm, "),
        ("cash(lab, 2027-13)", "cash("),
        ("coverage(cloud)", "write which: coverage(cloud, paid, coverage)"),
        ("coverage(cloud, lab, firm, #7)", "none of them"),
        ("coverage(#)", "none of them"),
        ("((((", "measure(row, column)"),
        ("()", "measure(row, column)"),
    ] {
        let wrong = asked(&session, name).expect_err(name);
        assert!(wrong.contains(hint), "{name}: {wrong}");
    }
}

/// Every listed name is a number of its own, and explaining it starts with the listed value.
#[test]
fn every_number_has_a_name() {
    let session = example("three-clouds");
    let all = tables(&session, &question("numbers")).remove(0);
    let cheap = |row: &&Vec<Cell>| !text(&row[0]).starts_with("circularity(");
    let mut names: Vec<String> = all.rows.iter().map(|row| text(&row[0])).collect();
    let count = names.len();
    for row in all.rows.iter().filter(cheap).step_by(499) {
        let name = text(&row[0]);
        let tables = asked(&session, &name).unwrap_or_else(|wrong| panic!("{name}: {wrong}"));
        assert_eq!(tables[0].title, name);
        // Unit and number are those of the list.
        assert!(tables[0].rows.iter().any(|found| found[1..3] == row[1..3]), "{name}");
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "names are distinct");
    assert!(count > 1000, "{count}");
}

#[test]
fn a_path_is_replayed_month_by_month() {
    let session = example("three-clouds");
    let replayed = |path: &str| {
        let name = "cash(openai, expected, 2028)";
        tables(&session, &Question { path: Some(path.to_owned()), ..about(name) })
    };
    let expected = replayed("expected");
    let path = part(&expected, "path");
    let december = |row: &&Vec<Cell>| text(&row[0]) == "2028-12" && text(&row[1]) == "cash of openai";
    let row = path.rows.iter().find(december).expect("a month");
    let cash = amount(&row[path.column("amount").expect("a column")]);
    let number = expected[0].rows.iter().find_map(|row| row[2].value()?.amount()).expect("an amount");
    near(cash, number);
    let (one, other) = (replayed("3"), replayed("4"));
    assert_ne!(part(&one, "path").rows, part(&other, "path").rows);
}

/// Measures that say how each of their columns is made.
const SAY_HOW: [&str; 10] = [
    "commitments",
    "cash",
    "concentration",
    "coverage",
    "returns",
    "capacity",
    "diversification",
    "visibility",
    "stress",
    "compare",
];

/// Each column of numbers says how it is made, and where that is arithmetic, it gives the number.
#[test]
fn formulas_give_what_the_tables_say() {
    let session = example("three-clouds");
    let mut checked = 0;
    // What needs more than a model says so.
    let answered = MEASURES.iter().filter_map(|measure| ask(&session, &question(measure.name())).ok());
    for table in answered.flat_map(|answer| answer.tables()) {
        for (at, column) in table.columns.iter().enumerate().filter(|(_, column)| column.kind.is_numbers()) {
            let is_said = column.formula != ColumnFormula::None || !SAY_HOW.contains(&table.measure.as_str());
            assert!(is_said, "{} says nothing of {}", table.measure, column.key);
            let ColumnFormula::Arithmetic(formula) = column.formula else { continue };
            let expr = Expr::parse(formula).expect("arithmetic");
            for row in &table.rows {
                let read = |key: &str| row[table.column(key)?].value()?.amount();
                let known = (evaluated(&expr, &read), row[at].value().and_then(Value::amount));
                let (Some((is, scale)), Some(want)) = known else { continue };
                let close = (is - want).abs() <= 1e-12 * scale;
                assert!(close, "{} {formula}: {is} {want}", table.measure);
                checked += 1;
            }
        }
    }
    assert!(checked > 100, "{checked}");
}

/// The value of arithmetic, and the size of what went into it; none where a column is unknown.
fn evaluated(expr: &Expr, read: &dyn Fn(&str) -> Option<f64>) -> Option<(f64, f64)> {
    let sized = |number: f64| (number, number.abs());
    let (sign, one, other) = match expr {
        Expr::Column(key) => return read(key).map(sized),
        Expr::Number(number) => return Some(sized(*number)),
        Expr::Binary(sign, one, other) => (sign, evaluated(one, read)?, evaluated(other, read)?),
    };
    Some(match sign {
        '+' => (one.0 + other.0, one.1 + other.1),
        '-' => (one.0 - other.0, one.1 + other.1),
        '*' => (one.0 * other.0, one.1 * other.1),
        // A part of nothing is no number to be held against.
        _ if other.0.abs() <= 0.0 => return None,
        _ => (one.0 / other.0, one.1 / other.0.abs()),
    })
}

#[test]
fn a_statement_names_the_numbers_that_it_moves_the_most_first() {
    // By hand: 1% more of 40 a year for two years is 80.8 of 80; of the lowest cash of 100 - 80 = 20 it takes
    // 0.8, so 4%, and that is the most.
    let session = Session::of_text(
        "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"2 years\"\n[parties]\ncloud = {}\n\
         lab = { cash = \"$100M\", because = \"ours\" }\n[contracts.c]\ntype = \"supply\"\nbuyer = \"lab\"\n\
         seller = \"cloud\"\nfrom = \"2026-01\"\nminimum = \"$80M over 2 years\"\nbecause = \"ours\"\n",
    );
    let from = |statement: &str| Question { of: vec![statement.to_owned()], ..question("from") };
    let table = &tables(&session, &from("c.minimum"))[0];
    let row = |name: &str| {
        let row = table.rows.iter().find(|row| row[0].key().is_some_and(|key| key == name));
        let row = row.unwrap_or_else(|| panic!("no {name} in {table:?}"));
        let number = |key: &str| row[table.column(key).expect("a column")].value().and_then(Value::amount);
        ["is", "becomes", "moves_by"].map(|key| number(key).expect("a number"))
    };
    let close = |is: [f64; 3], should: [f64; 3]| {
        assert!(is.iter().zip(should).all(|(a, b)| (a - b).abs() <= 1e-9 * b.abs()), "{is:?}");
    };
    close(row("commitments(pairs, lab, cloud, expected, total)"), [80e6, 80.8e6, 0.01]);
    close(row("cash(by_period, lab, expected, 2027, cash)"), [20e6, 19.2e6, -0.04]);
    let by: Vec<f64> = table
        .rows
        .iter()
        .filter_map(|row| row.last().and_then(Cell::value).and_then(Value::amount))
        .map(f64::abs)
        .collect();
    assert!(by.windows(2).all(|pair| pair[1] <= pair[0] + 1e-3), "{by:?}");
    assert!(sentence(&table.findings[0]).starts_with("If 1% more, "));
    let error = ask(&session, &from("c.minimun")).expect_err("no such statement");
    assert!(error.hint().contains("c.minimum"), "{}", error.hint());
}
