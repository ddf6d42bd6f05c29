//! The example `ai-web` against what was published: counts, and figures that it must reproduce or explain.

use keiretsu::show::facts;
use keiretsu::{Question, Session};
use keiretsu_values::{Cell, Table, Value};

use crate::asked::{example, label as text, question, tables};

fn session() -> Session {
    let session = example("ai-web");
    assert_eq!(session.counts(), (0, 0), "{:?}", session.diagnostics());
    session
}

fn measured(session: &Session, name: &str) -> Vec<Table> {
    tables(session, &question(name))
}

fn shown(session: &Session, name: &str) -> Table {
    tables(session, &Question { of: vec![name.to_owned()], ..question("show") }).remove(0)
}

/// The amount in a column of the row whose cells of these columns say this.
fn found(table: &Table, row: &[(&str, &str)], column: &str) -> f64 {
    let at = |key: &str| table.column(key).unwrap_or_else(|| panic!("no column {key} in {}", table.title));
    let fits = |cells: &&Vec<Cell>| row.iter().all(|(key, is)| text(&cells[at(key)]) == *is);
    let cells = table.rows.iter().find(fits).unwrap_or_else(|| panic!("no {row:?} in {}", table.title));
    cells[at(column)].value().and_then(Value::amount).unwrap_or_else(|| panic!("{row:?} has no amount"))
}

fn near(got: f64, published: f64, tolerance: f64, why: &str) {
    assert!((got / published - 1.0).abs() <= tolerance, "{got} against {published} as published: {why}");
}

/// Headline amount of the minimum of a contract, as its words say, whatever has fallen due of it.
fn minimum(session: &Session, name: &str) -> f64 {
    let contracts = session.model().known_contracts();
    let mut named = contracts.filter(|(_, contract)| contract.name == name);
    let (_, contract) = named.next().unwrap_or_else(|| panic!("no {name}"));
    let stated = contract.record().figure("minimum").expect("a minimum");
    stated.headline().amount().expect("an amount")
}

/// What a report says.
fn report(session: &Session, name: &str) -> f64 {
    let reports = &session.model().reports;
    let report = reports.iter().find(|report| report.name == name).unwrap_or_else(|| panic!("no {name}"));
    report.figure().and_then(|figure| figure.headline().amount()).expect("an amount")
}

#[test]
fn it_is_as_large_as_it_says() {
    let session = session();
    let model = session.model();
    assert!(model.parties.len() > 25, "{} parties", model.parties.len());
    let web = model.known_contracts().count() + model.holdings.len();
    assert!(web >= 120, "{web} contracts and holdings");
    let (sourced, _) = facts::statements(model);
    assert!(sourced >= 200, "{sourced} statements on a source");
    let claims = shown(&session, "conflicts");
    let counted = claims.rows.iter().filter(|row| text(&row[3]).starts_with("yes")).count();
    assert!(counted >= 40, "{counted} figures on which sources disagree");
    // Every other claim says how it differs, by its words or in the text.
    assert!(claims.rows.iter().filter(|row| text(&row[3]) == "no").all(|row| !text(&row[4]).is_empty()));
    // Every kind of conflict that was seen is there.
    for kind in keiretsu_model::CONFLICTS.into_iter().filter(|kind| *kind != "amount") {
        assert!(claims.rows.iter().any(|row| text(&row[4]) == kind), "no conflict of the kind {kind}");
    }
    let files = model.sources.iter().filter(|source| source.url.is_some()).count();
    assert!(files >= 120, "{files} documents with an address");
}

#[test]
fn openai_in_the_backlogs_of_microsoft_and_oracle() {
    let session = session();
    let published = &measured(&session, "concentration")[1];
    let of = |party: &str, column: &str| {
        found(published, &[("party", party), ("of", "backlog"), ("counterparty", "OpenAI")], column)
    };
    near(of("Azure", "share"), 0.45, 1e-9, "the company's own share of $625B");
    near(of("Azure", "amount"), 281e9, 0.002, "45% of 625 is 281.25");
    near(
        of("Oracle", "amount"),
        303e9,
        0.01,
        "58% of 523 is 303: an analyst's share, close to the $300B contract",
    );
    // By our own contracts, over the backlog of each date: 47% to 66% for Oracle, as the press had it.
    let oracle = minimum(&session, "openai-on-oracle");
    for (date, share) in
        [("oracle-backlog-2026-05", 0.47), ("oracle-backlog-2025-11", 0.57), ("oracle-backlog-2025-08", 0.66)]
    {
        near(oracle / report(&session, date), share, 0.01, "300 over the backlog of the date");
    }
    // The contract alone is 40% of Microsoft's 625: the other 5% are older promises that nobody published.
    near(
        minimum(&session, "openai-on-azure") / report(&session, "microsoft-backlog-2025-12"),
        0.40,
        0.001,
        "250 of 625",
    );
}

#[test]
fn amazon_and_anthropic_by_coverage() {
    let session = session();
    let coverage = &measured(&session, "coverage")[0];
    let of = |reading: &str, column: &str| {
        found(
            coverage,
            &[("investor", "Amazon"), ("party", "Anthropic"), ("put_in_reading", reading)],
            column,
        )
    };
    near(of("firm", "put_in"), 13e9, 1e-9, "8 in notes and 5 at signing");
    near(of("headline", "put_in"), 33e9, 1e-9, "and up to 20");
    // The $100B have begun to fall due since April, so what is still due is a little less than the whole.
    near(of("firm", "coverage"), 100.0 / 13.0, 0.02, "7.7x");
    near(of("headline", "coverage"), 100.0 / 33.0, 0.02, "3.0x");
}

#[test]
fn named_floors_against_the_pace_of_revenue() {
    let session = session();
    let sum = |names: &[&str]| names.iter().map(|name| minimum(&session, name)).sum::<f64>();
    let openai = sum(&[
        "openai-on-azure",
        "openai-on-oracle",
        "openai-on-aws-2025",
        "openai-on-aws-2026",
        "openai-on-coreweave",
        "openai-on-cerebras",
    ]);
    near(openai, 730e9, 0.001, "six contracts: 250 + 300 + 38 + 100 + 22.4 + 20");
    near(openai / report(&session, "openai-pace-2026"), 29.2, 0.01, "730 over a pace of 25");
    // SpaceX is a price a month: 37 months of $1.25B are the 45 of the observers within 3%.
    let spacex = minimum(&session, "anthropic-on-spacex") * 37.0 / 12.0;
    near(spacex, 45e9, 0.03, "1.25 x 37 = 46.25; observers multiply by 36");
    let anthropic = sum(&["anthropic-on-aws", "anthropic-on-google", "anthropic-on-azure"]) + spacex;
    near(anthropic, 375e9, 0.005, "four clouds: 100 + 200 + 30 + 45");
    near(anthropic / report(&session, "anthropic-pace-2026-05"), 8.0, 0.01, "375 over a pace of 47");
}

#[test]
fn stakes_by_instrument_and_by_view_of_dilution() {
    let session = session();
    let parts = report(&session, "amzn-notes-2025q4") + report(&session, "amzn-pref-2025q4");
    near(parts, 60.6e9, 1e-9, "45.8 of notes and 14.8 of preferred are the mark of the holding");
    let returns = &measured(&session, "returns")[0];
    let mark =
        found(returns, &[("stake", "amazon-in-anthropic at \"$60.6B\""), ("reading", "firm")], "value");
    near(mark, parts, 1e-9, "the mark of the holding");
    let claims = shown(&session, "conflicts");
    let of = |words: &str| {
        let stake = |row: &&Vec<Cell>| text(&row[0]) == "microsoft-in-openai.stake" && text(&row[1]) == words;
        claims.rows.iter().find(stake).unwrap_or_else(|| panic!("no {words}"))
    };
    assert!(text(&of("27%")[3]).starts_with("yes"));
    assert_eq!(text(&of("32.5%")[4]), "dilution view");
    assert_eq!(text(&of("26.79%")[4]), "dilution view");
}

#[test]
fn a_slice_is_paid_inside_its_whole() {
    let session = session();
    let cash = tables(&session, &Question::of("cash", ["broadcom"]));
    let column = cash[0].column("service").expect("a column");
    let reading = cash[0].column("reading").expect("a column");
    let firm = cash[0].rows.iter().filter(|row| text(&row[reading]) == "firm");
    let paid: f64 = firm.filter_map(|row| row[column].value().and_then(Value::amount)).sum();
    // Half of the year is over, and 6 of the 12 months were paid.
    near(paid, 10.5e9, 1e-6, "10 and 11 are the 21, not 42");
}
