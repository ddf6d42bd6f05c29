//! What is shown of small texts, in their words, and what a change of them does.

use keiretsu::{Control, PathsRequest, Question, Session, diff};
use keiretsu_values::{Cell, Table, Unit, Value};

use crate::asked::{key, question};
use crate::measured::{WORLD, is, tables, value};

fn shown(text: &str, topic: &str) -> Table {
    tables(text, "show", &Question { of: vec![topic.to_owned()], ..question("show") }).remove(0)
}

/// The cell in a column of the row that has a key.
#[track_caller]
fn cell<'t>(table: &'t Table, row: &str, column: &str) -> &'t Cell {
    let row = table.rows.iter().find(|cells| cells.iter().any(|cell| key(cell) == row));
    &row.unwrap_or_else(|| panic!("no {row:?} in {table:?}"))[table.column(column).expect("a column")]
}

const SALE: &str = "[contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
    until = \"2027-12\"\nminimum = \"$12M/yr\"\n";

#[test]
fn terms_are_shown_in_the_words_of_the_text() {
    let text = format!("{WORLD}{SALE}");
    assert_eq!(key(cell(&shown(&text, "contracts"), "s", "terms")), "minimum $12M/yr");
}

#[test]
fn money_a_year_is_shown_as_money_a_year() {
    let table = shown(&format!("{WORLD}{SALE}"), "figures");
    is(&value(&table, &["s.minimum"], "firm"), 12.0);
    assert!(matches!(cell(&table, "s.minimum", "unit"), Cell::Unit(Unit::MoneyPerYear(_))));
}

#[test]
fn a_report_is_a_row() {
    let text =
        format!("{WORLD}[reports.r]\nparty = \"a\"\nof = \"backlog\"\nfigure = \"$5M\"\non = 2025-09-30\n");
    let table = shown(&text, "reports");
    assert_eq!(key(cell(&table, "r", "words")), "$5M");
    assert_eq!(table.rows.len(), 1);
}

#[test]
fn a_change_of_the_text_has_its_whole_effect() {
    let before = format!("{WORLD}{SALE}");
    let now = before.replace("$100M", "$120M");
    let [old, new] = [before, now].map(|text| Session::of_text(&text));
    let all = diff(&old, &new, &Control::default()).expect("both run").tables();
    // By hand: a is only paid, so that its cash is lowest at first, with 20 more.
    let causes = all.last().expect("causes");
    is(&value(causes, &["parties.a.cash", "lowest cash of a, firm"], "effect"), 20.0);
}

#[test]
fn what_a_condition_of_the_run_brings_is_weighed_over_all_paths() {
    let text = format!(
        "{WORLD}[factors.f]\nstart = \"$1M\"\n[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\n\
         issuer = \"b\"\ntranches.t = {{ amount = \"$20M\", when = \"f >= $1M\" }}\n"
    );
    let paths = Some(PathsRequest { seed: 1, count: 20 });
    let all = tables(&text, "commitments", &Question { paths, ..Question::default() });
    // By hand: the factor stands still at the level that is asked for, on every path.
    let over_paths = all.iter().find(|table| table.column("mean").is_some()).expect("a table over paths");
    is(&value(over_paths, &["e.t"], "mean"), 20.0);
    assert_eq!(over_paths.window.simulation, Some((1, 20)));
}

#[test]
fn a_share_outside_the_term_is_named_by_its_percentage() {
    let text = format!("{WORLD}{SALE}").replace("$12M/yr", "$24M over 2 years");
    let text = format!("{text}ramp = {{ 2026 = \"90%\", 2031 = \"10%\" }}\n");
    let session = Session::of_text(&text);
    let said: Vec<&str> = session.diagnostics().iter().map(|found| found.message.as_str()).collect();
    assert!(said.iter().any(|said| said.contains("the ramp puts 10% into 2031")), "{said:?}");
}

#[test]
fn exposure_over_all_paths_stands_at_the_end_of_the_run_too() {
    let text = format!("{}{SALE}", WORLD.replace("3 years", "18 months"));
    let paths = Some(PathsRequest { seed: 1, count: 20 });
    let asked = |by: &str| Question {
        reading: Some("expected".into()),
        by: Some(by.into()),
        paths,
        ..Question::default()
    };
    for (by, rows) in [("year", 2), ("month", 18)] {
        let all = tables(&text, "exposure", &asked(by));
        let table = all.iter().find(|table| table.column("expected_exposure").is_some());
        let table = table.expect("a table over paths");
        let of_pair = table.rows.iter().filter(|row| [key(&row[0]), key(&row[1])] == ["a", "b"]);
        // By hand: the ends of 2026 and of June 2027, or of every month.
        assert_eq!(of_pair.count(), rows, "by {by}");
    }
}

#[test]
fn a_role_is_stated_or_follows_from_kind_or_deeds() {
    let text = "keiretsu = 1\nas_of = 2026-01-01\n[parties]\n\
        a = { kind = \"neocloud\", role = \"lab\" }\nb = { kind = \"chip maker\" }\nc = {}\n\
        d = { part_of = \"c\" }\ne = {}\n[contracts.s]\ntype = \"supply\"\n\
        buyer = \"a\"\nseller = \"c\"\nfrom = \"2026-01\"\n\
        until = \"2027-12\"\nminimum = \"$12M/yr\"\n[contracts.l]\ntype = \"loan\"\nlender = \"e\"\n\
        borrower = \"c\"\namount = \"$1M\"\nrate = \"5%\"\ndrawn = \"2026-02\"\nmaturity = \"2027-02\"\n";
    let parties = shown(text, "parties");
    let roles = ["a", "b", "c", "d", "e"].map(|party| key(cell(&parties, party, "role")));
    assert_eq!(roles, ["lab", "chips", "supplier", "supplier", "lender"]);
}

#[test]
fn claims_that_differ_in_their_days_say_which() {
    let text = |days: [&str; 2]| {
        format!(
            "keiretsu = 1\nas_of = 2026-06-30\n[sources.a]\ntitle = \"A\"\ntier = \"press\"\n\
             date = 2026-03-01\n[sources.b]\ntitle = \"B\"\ntier = \"press\"\ndate = 2026-06-01\n\
             [parties.lab.reported_revenue]\nuse = \"a\"\nclaims = [\n\
             {{ figure = \"about $25B/yr\"{}, source = \"a\" }},\n\
             {{ figure = \"about $24B/yr\"{}, source = \"b\" }},\n]\n",
            days[0], days[1]
        )
    };
    let line = |days| {
        let session = Session::of_text(&text(days));
        assert!(!session.has_errors(), "{:?}", session.diagnostics());
        keiretsu::show::facts::conflicts(session.model())[0].line()
    };
    let dated = line([", on = \"2026-02\"", ", on = \"2026-05\""]);
    assert!(dated.ends_with("[time: of 2026-02, not of 2026-05]"), "{dated}");
    // The documents are three months apart, and no figure has a day.
    let undated = line(["", ""]);
    assert!(undated.ends_with("[time: a document of 2026-03-01, not of 2026-06-01]"), "{undated}");
}

/// A programme is owed to its suppliers, and a lease says how long it runs.
#[test]
fn suppliers_are_owed_and_leases_have_a_term() {
    let text = "keiretsu = 1\nas_of = 2026-01-01\n[parties]\na = {}\nb = {}\nc = {}\n[contracts.p]\n\
        type = \"capex\"\nspender = \"a\"\namount = \"$10M\"\nfrom = \"2026-01\"\nuntil = \"2026-12\"\n\
        suppliers = { b = \"60%\" }\n[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"c\"\n\
        rent = \"$1M/yr\"\nfrom = 2026-01-01\nterm = \"15 years\"\n";
    let parties = shown(text, "parties");
    let owed = ["a", "b", "c"].map(|party| cell(&parties, party, "is_owed").value().and_then(Value::amount));
    assert_eq!(owed, [Some(0.0), Some(1.0), Some(1.0)]);
    assert_eq!(key(cell(&shown(text, "contracts"), "l", "dates")), "from 2026-01-01, term 15 years");
}

/// A figure alone is called by the term of the party, and rests on its source.
#[test]
fn a_figure_without_a_factor_is_called_by_its_term() {
    let text = "keiretsu = 1\nas_of = 2026-01-01\nhorizon = \"2 years\"\n[sources.s]\ntitle = \"S\"\n\
        [parties.a]\ncash = \"$100M\"\nrevenue = { figure = \"about $60M/yr\", source = \"s\" }\n\
        costs = \"$50M/yr\"\nsource = \"s\"\n";
    let tables = tables(text, "rests", &question("rests"));
    let inputs: Vec<String> = tables[0].rows.iter().map(|row| key(&row[0])).collect();
    assert!(inputs.contains(&"a.revenue".to_owned()), "{inputs:?}");
    assert!(!inputs.iter().any(|input| input.contains('$')), "{inputs:?}");
}
