//! Every table that comes out is the one that is declared: its name, its columns in their order, their kinds
//! and units, whatever the model.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu::platform_log::{Mapping, log};
use keiretsu::{AskError, Control, PathsRequest, Question, Session, import, limits, schema};
use keiretsu_measures::MEASURES;
use keiretsu_measures::measures::neutrality::{LogRequest, tested};
use keiretsu_values::{ColumnKind, Table};
use keiretsu_views::grid::Grid;
use keiretsu_views::schema::{kind_name, unit_name};
use serde_json::Value;

use crate::asked::{ask, example, key, question, tables};

/// Measure and table.
type Name = (String, String);

/// Declared tables by name, each a list of columns: key, kind, unit.
type Declared = BTreeMap<Name, Vec<[String; 3]>>;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn declared() -> Declared {
    let columns = |table: &Value| -> Vec<[String; 3]> {
        let columns = table["columns"].as_array().expect("columns").iter();
        columns.map(|column| ["key", "kind", "unit"].map(|what| text(&column[what]))).collect()
    };
    let all = schema::tables();
    let all = all.as_array().expect("a list").iter();
    all.map(|table| ((text(&table["measure"]), text(&table["table"])), columns(table))).collect()
}

/// The columns of a table as they are declared, with `money` for the currency.
fn columns(table: &Table, currency: &str) -> Vec<[String; 3]> {
    let unit = |kind: ColumnKind| match kind {
        ColumnKind::Number(unit) => unit_name(unit).replace(currency, "money"),
        _ => String::new(),
    };
    let columns = table.columns.iter();
    columns.map(|column| [column.key.clone(), kind_name(column.kind).to_owned(), unit(column.kind)]).collect()
}

struct Check {
    declared: Declared,
    seen: BTreeSet<Name>,
    wrong: BTreeSet<String>,
}

impl Check {
    fn tables(&mut self, what: &str, currency: &str, tables: &[Table]) {
        for table in tables {
            let name = (table.measure.clone(), table.name.to_owned());
            match self.declared.get(&name) {
                None => {
                    self.wrong.insert(format!("{name:?} of {what} is not declared"));
                }
                Some(declared) if *declared != columns(table, currency) => {
                    let is = columns(table, currency);
                    self.wrong.insert(format!("{name:?} of {what} has {is:?}, declared is {declared:?}"));
                }
                Some(_) => {}
            }
            self.seen.insert(name);
        }
    }

    /// Asks, and checks what comes of it; what cannot be asked of this model says so.
    fn ask(&mut self, session: &Session, question: &Question) {
        let currency = session.model().currency.code().to_owned();
        match ask(session, question) {
            Ok(answer) => self.tables(&format!("{question:?}"), &currency, &answer.tables()),
            Err(AskError::InvalidRequest { .. } | AskError::Refused { .. }) => {}
            Err(why) => {
                self.wrong.insert(format!("{question:?}: {why}"));
            }
        }
    }

    /// Everything that a model can be asked.
    fn model(&mut self, session: &Session, watched: Option<&str>) {
        for paths in [None, Some(PathsRequest { seed: 1, count: 20 })] {
            for by in [None, Some("year"), Some("month"), Some("total")] {
                let by = by.map(str::to_owned);
                for measure in MEASURES.iter().filter(|measure| by.is_none() || !measure.is_of_watched()) {
                    self.ask(session, &Question { by: by.clone(), paths, ..question(measure.name()) });
                }
            }
            self.ask(session, &Question { paths, ..question("run") });
            for measure in MEASURES.iter().filter(|measure| measure.is_of_watched()) {
                let of = watched.into_iter().map(str::to_owned).collect();
                self.ask(session, &Question { of, paths, ..question(measure.name()) });
            }
        }
        for topic in keiretsu::show::TOPICS {
            self.ask(session, &Question { of: vec![topic.name.to_owned()], ..question("show") });
        }
        self.ask(session, &Question { of: vec!["cash".into()], ..question("numbers") });
    }
}

/// A lab that can fail, beside what nothing else shows.
const CAN_FAIL: &str = r#"
keiretsu = 1
as_of = 2025-12-31
horizon = "2 years"
currency = "EUR"
[sources.paper]
title = "A newspaper"
date = 2025-11-30
[parties]
shop = { cash = "€100M", value = "€2B", because = "an example" }
maker = {}
other = {}
[parties.lab]
cash = "€30M"
revenue = "sales"
costs = "€60M/yr"
value = "€1B"
funding = { keep = "1 month of burn", raise = "6 months of burn", else = "default" }
because = "an example"
[factors.sales]
start = "€50M/yr"
volatility = "60%"
because = "an example"
[contracts.compute]
type = "supply"
buyer = "lab"
seller = "shop"
minimum = { claims = [
    { figure = "€12M over 2 years", source = "paper" },
    { figure = "€20M over 2 years", because = "talk" },
], use = "paper" }
[contracts.hall]
type = "lease"
lessee = "lab"
lessor = "shop"
rent = "€1M/yr"
from = 2026
term = "2 years"
because = "an example"
[contracts.round]
type = "equity"
investor = "shop"
issuer = "maker"
because = "an example"
tranches.first = { amount = "€1B", on = 2025-01-01 }
[contracts.credits]
type = "credits"
grantor = "shop"
recipient = "lab"
amount = "€5M"
on = "2026-02"
expires = "2026-12"
usable_on = "compute"
because = "an example"
[contracts.units]
type = "warrant"
holder = "lab"
issuer = "shop"
outstanding = "1000000 shares"
strike = "€1/share"
expiry = 2028
tranches.one = { shares = "1000 shares", vests_when = "2026-03" }
because = "an example"
[holdings.in-lab]
owner = "shop"
issuer = "lab"
stake = "40%"
cost = "€100M"
value = "€150M"
realised = "€1M"
paid = 2024-12-31
because = "an example"
[reports.backlog]
party = "shop"
of = "backlog"
figure = "€40M"
on = "2025-12"
source = "paper"
[reports.part]
party = "shop"
of = "backlog"
counterparty = "lab"
figure = "45%"
on = "2025-12"
source = "paper"
[platforms.one]
operator = "shop"
offers = { own = "shop", large = "maker", small = "other", tiny = "other" }
because = "an example"
"#;

/// Choices in which price and ownership both tell: situation, tenant, model, price, chosen.
const LOG: &str = "situation,tenant,model,price,chosen\n\
    0,t0,large,1,1\n0,t0,small,1,0\n1,t1,own,1,1\n1,t1,tiny,1,0\n2,t2,own,1,1\n2,t2,small,1,0\n\
    3,t3,tiny,1,1\n3,t3,large,1,0\n4,t0,small,1,1\n4,t0,tiny,2,0\n5,t1,tiny,1,1\n5,t1,small,2,0\n\
    6,t2,own,2,1\n6,t2,large,1,0\n7,t3,large,1,1\n7,t3,own,2,0\n";

const CLAIM: &str = "id,kind,payer_or_investor,payee_or_issuer,amount_low_usd,amount_high_usd,amount_text,\
    qualifier,status,start,end\n\
    a,service_commitment,Lab,Cloud,1000000,1000000,$1M,exact,firm,2026-01,2027-12\n";

#[test]
fn what_comes_out_is_what_is_declared() {
    let mut check = Check { declared: declared(), seen: BTreeSet::new(), wrong: BTreeSet::new() };
    let empty = Session::of_text("keiretsu = 1\ntitle = \"Nothing\"\nas_of = 2026-01-31\n");
    let starter = Session::of_text(include_str!("../../src/starter.toml"));
    let can_fail = Session::of_text(CAN_FAIL);
    assert!(!empty.has_errors() && !can_fail.has_errors(), "{:?}", can_fail.diagnostics());
    check.model(&empty, None);
    check.model(&starter, Some("cash(lab) < $0"));
    check.model(&can_fail, Some("defaulted(lab)"));
    check.model(&example("three-clouds"), Some("defaulted(openai)"));
    for number in ["commitments(lab, shop, firm, total)", "cash(lab, firm, 2027)"] {
        let of = vec![number.to_owned()];
        for ask in ["explain", "number", "believed"] {
            check.ask(&can_fail, &Question { of: of.clone(), ..question(ask) });
        }
        check.ask(&can_fail, &Question { of, path: Some("expected".into()), ..question("explain") });
    }
    check.ask(&can_fail, &question("rests"));
    check.ask(&can_fail, &question("expect"));
    check.ask(&can_fail, &Question { of: vec!["lab.cash".to_owned()], ..question("from") });
    let sides = ask(&example("three-clouds"), &question("compare")).expect("sides").tables();
    let definitions = keiretsu_measures::measures::compare::definitions(&sides[0]);
    let words = keiretsu::glossary::explained("MOIC").expect("a word");
    check.tables("no model", "USD", &[definitions, words]);
    let more = Session::of_text(&CAN_FAIL.replace("€30M", "€40M"));
    for (old, new) in [(&can_fail, &more), (&can_fail, &can_fail), (&empty, &empty)] {
        let answer = keiretsu::diff(old, new, &Control::default()).expect("a difference");
        check.tables("diff", new.model().currency.code(), &answer.tables());
    }
    let (_, subject) = can_fail.lowered().expect("a program");
    let log = log(&Grid::of_csv(LOG.as_bytes()).expect("a grid"), &Mapping::default()).expect("a log");
    let neutrality = tested(&subject, &log, &LogRequest::default()).expect("a test");
    check.tables("a log", "EUR", &neutrality);
    let nowhere = std::path::Path::new("/nonexistent/keiretsu-declared");
    let imported = import::claims(CLAIM.as_bytes(), nowhere).expect("a table");
    check.tables("import", "USD", &[imported.table]);
    check.tables("no model", "USD", &[limits::table(limits::all()), keiretsu::listed_measures()]);
    assert!(check.wrong.is_empty(), "{:#?}", check.wrong);
    let unseen: Vec<&Name> = check.declared.keys().filter(|name| !check.seen.contains(name)).collect();
    assert!(unseen.is_empty(), "no question here has the tables {unseen:?}");
}

#[test]
fn a_table_without_rows_has_all_its_columns() {
    let empty = Session::of_text("keiretsu = 1\ntitle = \"Nothing\"\nas_of = 2026-01-31\n");
    let declared = declared();
    let mut empties = 0;
    for ask in ["commitments", "cash", "coverage", "returns", "obligations", "exposure", "marks"] {
        for table in tables(&empty, &question(ask)).iter().filter(|table| table.rows.is_empty()) {
            let name = (table.measure.clone(), table.name.to_owned());
            assert_eq!(Some(&columns(table, "USD")), declared.get(&name), "{name:?}");
            empties += 1;
        }
    }
    assert!(empties > 5, "{empties}");
}

#[test]
fn names_in_columns_of_parties_are_names_of_parties() {
    let session = example("three-clouds");
    let words = ["total", "all", ""];
    for measure in MEASURES.iter().filter(|measure| !measure.is_of_watched()) {
        let Ok(answer) = ask(&session, &question(measure.name())) else { continue };
        for table in answer.tables() {
            for (at, column) in table.columns.iter().enumerate() {
                if column.kind != ColumnKind::Id(keiretsu_values::Entity::Party) {
                    continue;
                }
                for name in table.rows.iter().map(|row| key(&row[at])) {
                    let is_party = session.model().find_party(&name).is_some();
                    let said = format!("{} {}: {} is `{name}`", table.measure, table.name, column.key);
                    assert!(is_party || words.contains(&name.as_str()), "{said}");
                }
            }
        }
    }
}

/// Two columns under one heading could not be told apart, on paper or in an address.
#[test]
fn each_heading_of_a_table_is_of_one_column() {
    let all = schema::tables();
    for table in all.as_array().expect("a list") {
        let columns = table["columns"].as_array().expect("columns");
        let mut titles: Vec<String> = columns.iter().map(|column| text(&column["title"])).collect();
        titles.retain(|title| !title.is_empty());
        let count = titles.len();
        titles.sort_unstable();
        titles.dedup();
        assert_eq!(titles.len(), count, "{} {}", table["measure"], table["table"]);
    }
}
