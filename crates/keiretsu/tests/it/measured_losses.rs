//! What failures cost and what is over, each derived by hand.

use keiretsu::{Question, Session};
use keiretsu_values::{Bound, Cell, Value};

use crate::asked::ask;
use crate::measured::{WORLD, tables, value};

/// The loss of the first party by `DebtRank` if the last fails, with the mark.
fn distress(contracts: &str) -> Option<(f64, Bound)> {
    let text = format!(
        "{}d = {{ capital = \"$100M\" }}\n{contracts}",
        WORLD.replace("c = {}", "c = { capital = \"about $100M\" }")
    );
    let query = Question { parties: vec!["b".into()], ..Question::default() };
    let loss = value(&tables(&text, "domino", &query)[0], &["b", "d"], "debtrank");
    loss.amount().zip(loss.bound()).map(|(amount, bound)| ((amount / 1e5).round() / 10.0, bound))
}

#[test]
fn distress_is_no_surer_than_the_exposures_that_bring_it() {
    let supply = |name: &str, minimum: &str| {
        format!(
            "[contracts.{name}]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"d\"\nfrom = \"2026-01\"\n\
             until = \"2028-12\"\nminimum = \"{minimum}\"\n"
        )
    };
    // By hand: nothing can be read in [0, 100]; 36 months of 1 are at least lost; 72 are the most.
    assert_eq!(distress(&supply("s", "undisclosed")), None);
    let both = supply("s", "undisclosed") + &supply("u", "$1M/month");
    assert_eq!(distress(&both), Some((36.0, Bound::AtLeast)));
    assert_eq!(distress(&supply("s", "$1M/month")), Some((36.0, Bound::Exact)));
    assert_eq!(distress(&supply("s", "about $1M/month")), Some((36.0, Bound::About)));
    // More than the capital is all of it, however much more: 36 times 5.
    assert_eq!(distress(&supply("s", "about $5M/month")), Some((100.0, Bound::Exact)));
    let loan = |amount: &str| {
        format!(
            "[contracts.l]\ntype = \"loan\"\nlender = \"d\"\nborrower = \"b\"\namount = \"{amount}\"\n\
             rate = \"0%\"\ndrawn = \"2025-12\"\nmaturity = \"2028-12\"\n"
        )
    };
    assert_eq!(distress(&loan("undisclosed")), None);
    assert_eq!(distress(&loan("$12M")), Some((12.0, Bound::Exact)));
}

#[test]
fn a_call_is_no_more_than_a_loss_that_nobody_states() {
    // By hand: if c fails, a saves what it would have bought of c's unsold power, 12 less what month ends
    // before, but no more than it loses by c, of which nobody says how much it is.
    let text = format!(
        "{WORLD}[contracts.s]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"c\"\nfrom = \"2026-01\"\n\
         until = \"2026-12\"\noffered = \"2 GW\"\nsold = \"1 GW\"\nprice = \"$12M/GW/yr\"\n\
         [contracts.u]\ntype = \"supply\"\nbuyer = \"c\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
         until = \"2026-12\"\nminimum = \"undisclosed\"\n"
    );
    let query = Question { parties: vec!["c".into()], ..Question::default() };
    let paid = value(&tables(&text, "domino", &query)[0], &["c", "a"], "guarantees");
    assert_eq!(paid.bound(), Some(Bound::AtMost), "{paid:?}");
    assert!(paid.set().low.abs() < 1.0, "{paid:?}");
}

/// One contract of each type between parties that have others, with all that its measures read.
const EACH_TYPE: &[&str] = &[
    "type = \"supply\"\nbuyer = \"a\"\nseller = \"e\"\nfrom = \"2026-01\"\nminimum = \"$36M over 3 years\"\n\
     usage = \"$2M/month\"\nswitching_cost = \"$20M\"\nmargin = \"30%\"\nprepayment = \"$5M\"\n\
     capacity = { power = \"10 MW\", build_cost = \"$30B per GW\", redeployable = \"60%\" }",
    "type = \"lease\"\nlessee = \"a\"\nlessor = \"e\"\nfrom = \"2026-01\"\nterm = \"2 years\"\n\
     rent = \"$12M/yr\"\nresidual = { guaranteed = \"$20M\", value = \"$10M\" }",
    "type = \"loan\"\nlender = \"a\"\nborrower = \"e\"\namount = \"$12M\"\nrate = \"6%\"\n\
     drawn = \"2026-02\"\nmaturity = \"2028-06\"",
    "type = \"equity\"\ninvestor = \"a\"\nissuer = \"e\"\n\
     tranches.one = { amount = \"$30M\", paid = 2025-06-30 }\n\
     tranches.two = { amount = \"$20M\", on = \"2026-06\", price = \"$1B\" }",
    "type = \"convertible\"\nholder = \"a\"\nissuer = \"e\"\nrate = \"4%\"\ncap = \"$1B\"\nmaturity = 2028\n\
     tranches.one = { amount = \"$30M\", paid = 2025-06-30 }",
    "type = \"warrant\"\nholder = \"a\"\nissuer = \"e\"\noutstanding = \"1000000 shares\"\n\
     strike = \"$1/share\"\nexpiry = 2028\n\
     tranches.one = { shares = \"1000 shares\", vests_when = \"f >= $1M\" }",
    "type = \"capex\"\nspender = \"a\"\namount = \"$24M\"\nfrom = \"2026-01\"\nuntil = \"2026-12\"\n\
     suppliers = { e = \"60%\" }",
    "type = \"credits\"\ngrantor = \"a\"\nrecipient = \"b\"\namount = \"$5M\"\non = \"2026-02\"\n\
     expires = \"2026-12\"\nusable_on = \"live\"",
    "type = \"revenue_share\"\npayer = \"a\"\npayee = \"e\"\nfrom = \"2026-01\"\nrate = \"10%\"\n\
     base = \"$120M/yr\"",
    "type = \"right\"\nholder = \"a\"\ngrantor = \"e\"\nkinds = [\"board\"]",
    "type = \"guarantee\"\nguarantor = \"e\"\nbeneficiary = \"a\"\ncovers = \"live\"\nlimit = \"$5M\"\n\
     fee = \"$1M/yr\"\nfrom = \"2026-01\"",
    "type = \"backstop\"\nbuyer = \"a\"\nseller = \"e\"\nfrom = \"2026-01\"\nuntil = \"2027-12\"\n\
     offered = \"2 GW\"\nsold = \"1 GW\"\nprice = \"$6M/GW/yr\"\ncap = \"$7M\"",
];

#[test]
fn what_is_over_is_in_no_table_but_that_of_commitments() {
    let world = format!(
        "{WORLD}e = {{ cash = \"$10M\", value = \"$1B\", buildable = {{ 2026 = \"1 GW\" }} }}\n\
         [factors.f]\nstart = \"$1M\"\n[compare]\nstrategies = [\"a\", \"e\"]\n\
         [contracts.live]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
         minimum = \"$36M over 3 years\"\n\
         [contracts.new]\ntype = \"right\"\nholder = \"b\"\ngrantor = \"c\"\nkinds = [\"information\"]\n"
    );
    let mut differ = vec![];
    for terms in EACH_TYPE {
        for end in ["standing = \"terminated\"", "standing = \"lapsed\"", "superseded"] {
            let (with, without) = if end == "superseded" {
                let replacing = world.replace("[contracts.new]\n", "[contracts.new]\nsupersedes = \"old\"\n");
                (format!("{replacing}[contracts.old]\n{terms}\n"), world.clone())
            } else {
                (format!("{world}[contracts.old]\n{terms}\n{end}\n"), world.clone())
            };
            for measure in keiretsu_measures::MEASURES.iter().map(|measure| measure.name()) {
                for by in [None, Some("year".to_owned())] {
                    let query = Question { by: by.clone(), ..Question::default() };
                    let (dead, gone) = (rows(&with, measure, &query), rows(&without, measure, &query));
                    if measure != "commitments" && dead != gone {
                        let kind = terms.lines().next().unwrap_or_default();
                        differ.push(format!("{kind}, {end}: {measure} {by:?}"));
                    }
                }
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// The rows of all tables of a measure; none where it asks for more than a query has here.
fn rows(text: &str, measure: &str, query: &Question) -> Option<Vec<Vec<Vec<Cell>>>> {
    let session = Session::of_text(text);
    assert!(!session.has_errors(), "{text}\n{:?}", session.diagnostics());
    let all = ask(&session, &Question { ask: measure.to_owned(), ..query.clone() }).ok()?.tables();
    Some(all.into_iter().map(|table| table.rows).collect())
}

/// The loss of a holder and buyer in clearing if its issuer and seller fails, by layer.
fn cleared(stake: &str, minimum: &str) -> [Value; 4] {
    let text = format!(
        "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\n[parties]\nm = {{}}\n\
         w = {{ cash = \"about $1M\", value = \"$50M\" }}\n[holdings.h]\nowner = \"m\"\nissuer = \"w\"\n\
         stake = \"{stake}\"\n[contracts.s]\ntype = \"supply\"\nbuyer = \"w\"\nseller = \"m\"\n\
         from = \"2026-01\"\nminimum = \"{minimum}\"\n"
    );
    let query = Question { parties: vec!["w".into()], ..Question::default() };
    let table = &tables(&text, "domino", &query)[0];
    ["contracts", "holdings", "recovered", "clearing"].map(|column| value(table, &["w", "m"], column))
}

#[test]
fn a_loss_in_clearing_is_no_surer_than_what_is_held_and_recovered() {
    let near = |x: f64, millions: f64| (x - millions * 1e6).abs() < 1.0;
    // By hand: 20% of 50 is 10, about; of a claim of 0 to 3.6 comes what there is, about 1, or less.
    let [_, holdings, recovered, clearing] = cleared("about 20%", "up to $3.6M over 3 years");
    assert_eq!(holdings.bound(), Some(Bound::About), "{holdings:?}");
    assert_eq!(recovered.bound(), Some(Bound::AboutAtMost), "{recovered:?}");
    assert!(near(recovered.set().low, 0.0) && near(recovered.set().high, 1.0), "{recovered:?}");
    assert!(clearing.is_vague(), "{clearing:?}");
    // Nobody states the stake: 0 to 50, and nothing is gained by the failure.
    let [_, holdings, _, clearing] = cleared("undisclosed", "up to $3.6M over 3 years");
    assert_eq!(holdings.amount(), None);
    assert!(near(holdings.set().high, 50.0), "{holdings:?}");
    assert!(near(clearing.set().low, 0.0) && 53e6 < clearing.set().high, "{clearing:?}");
    // Nor the claim: the loss is unknown, and was 0.
    let [contracts, _, recovered, clearing] = cleared("undisclosed", "undisclosed");
    for unknown in [contracts, recovered, clearing] {
        assert_eq!(unknown.amount(), None, "{unknown:?}");
        assert!(!unknown.is_zero() && near(unknown.set().low, 0.0), "{unknown:?}");
    }
}
