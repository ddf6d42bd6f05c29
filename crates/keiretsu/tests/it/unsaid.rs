//! What a source does not say is never compulsory: every contract type with every term left out in turn is
//! read without an error, and every measure answers.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};

use keiretsu::{AskError, Question, Session, StatementChange};
use keiretsu_measures::MEASURES;
use keiretsu_model::{Term, TermKind};

use crate::asked::{ask, key, question, tables};

/// Parties, and contracts that others are about.
const WORLD: &str = r#"
keiretsu = 1
as_of = 2025-12-31
horizon = "3 years"
[parties.a]
cash = "$1B"
revenue = "$50M/yr"
[parties.b]
cash = "$1B"
value = "$2B"
[parties.c]
cash = "$500M"
revenue = "$100M/yr"
value = "$1B"
[factors.level]
start = "$1M"
growth = "100%"
[factors.sofr]
start = "4%"
[events.likely]
chance = "75% by 2026-06"
[contracts.power]
type = "supply"
buyer = "c"
seller = "b"
from = "2026-01"
until = "2027-12"
minimum = "$1M/month"
capacity = { power = "1 GW", build_cost = "$10M per GW", redeployable = "50%" }
[contracts.round]
type = "equity"
investor = "c"
issuer = "b"
tranches.first = { amount = "$5M", on = "2026-09" }
[holdings.c-in-b]
owner = "c"
issuer = "b"
stake = "10%"
value = "$100M"
[compare]
strategies = ["a", "b"]
"#;

/// A contract of each type, in as many ways as its terms exclude each other: roles first, then terms, one a
/// line.
const CONTRACTS: &[(&str, &str, &str)] = &[
    (
        "loan",
        "lender = 'a'\nborrower = 'b'",
        "amount = '$12M'\nrate = 'sofr + 2.5%'\nspread = 'about 50 bp'\n\
      drawn = '2025-06'\nrepayment = 'annuity'\nmaturity = 'May 2027'\nfrequency = 'quarterly'\n\
      grace = '6 months'\ninterest = 'paid'\nupfront_fee = '1%'\nprepaid_when = 'level >= $3M'\n\
      prepayment_fee = '1%'\ncovenants.cash = { requires = 'cash(b) >= $1M', text = 'x' }\n\
      collateral = { value = '$20M', call_at = '80%', restore_to = '70%' }",
    ),
    (
        "loan",
        "lender = 'a'\nborrower = 'b'",
        "amount = '$12M'\nrate = '6.5% to 7%'\nwhen = 'likely'\n\
      before = 2027-06-30\nmaturity = 2028\ninterest = 'added'\ncollateral = { holding = 'c-in-b' }\n\
      default = { chance = '2%/yr', recovery = '40%' }",
    ),
    (
        "loan",
        "lender = 'a'\nborrower = 'b'",
        "amount = 'up to $12M'\nrate = '5%'\nrepayment = 'revolving'\n\
      usage = '$4M'\nundrawn_fee = '1%'\noutstanding = '$3M'\nmaturity = 2028",
    ),
    (
        "loan",
        "lender = 'a'\nborrower = 'b'",
        "amount = 'up to $12M'\nrate = '5%'\nrepayment = 'revolving'\n\
      keeps = '$4M'\nmaturity = 2028",
    ),
    (
        "lease",
        "lessee = 'a'\nlessor = 'b'",
        "rent = '$12M/yr'\nterm = '2 years'\nfrom = '2026-02'\n\
      escalator = '2%'\ncapacity = '1 GW'\nrelet = '50%'\n\
      renewal = { options = 2, term = '1 year', when = 'level >= $2M', rent_share = '90%' }\n\
      residual = { guaranteed = '$9M', value = '$5M', cap = '$3M', on = 2028-03-31 }",
    ),
    (
        "lease",
        "lessee = 'a'\nlessor = 'b'",
        "rent = '$30M'\nterm = '2 years'\nbegins_when = 'likely'\n\
      before = 2026-12-31",
    ),
    (
        "warrant",
        "holder = 'a'\nissuer = 'b'",
        "shares = '10M shares'\noutstanding = '90M shares'\n\
      strike = '$0.01/share'\nprice = '$2/share'\nvests_when = 'level >= $2M'\nbefore = 2027-12-31\n\
      expiry = 2028-06-30\nexercise = 'at expiry'\nnet = true",
    ),
    (
        "warrant",
        "holder = 'a'\nissuer = 'b'",
        "strike = '$1M'\noutstanding = '90M shares'\n\
      tranches.first = { share = '5%', vests_when = '2026-06', before = 2027 }\n\
      tranches.second = { shares = '5M shares' }",
    ),
    ("warrant", "holder = 'a'\nissuer = 'b'", "strike = '$1M'\nshare = '5%'"),
    (
        "supply",
        "buyer = 'a'\nseller = 'b'",
        "from = '2026-01'\nuntil = '2027-12'\nminimum = '$60M'\n\
      ramp = { 2026 = '40%', 2027 = '60%' }\nusage = '1 GW'\nprice = '$20M/GW/yr'\nprepayment = '10%'\n\
      prepaid = '2026-02'\nmargin = '30%'\nswitching_cost = '$1M'\nresale = '20%'\n\
      capacity = { power = '1 GW', of = 'chips', ramp = 'linear', build_cost = '$30M per GW', \
      redeployable = '60%' }",
    ),
    (
        "supply",
        "buyer = 'a'\nseller = 'b'",
        "from = '2026-01'\nuntil = '2027-12'\nminimum = '$30M per year'\n\
      carry = true\nusage = '$40M/yr'\nprepayment = '$5M'",
    ),
    (
        "supply",
        "buyer = 'a'\nseller = 'b'",
        "from = '2026-01'\nminimum = '$60M over 2 years'\nramp = 'linear'",
    ),
    (
        "capex",
        "spender = 'a'",
        "amount = '$50M'\nfrom = '2026-01'\nuntil = '2027-06'\nramp = 'linear'\n\
      suppliers = { b = '60%' }\nfor = 'own use'",
    ),
    ("capex", "spender = 'a'", "amount = '$50M over 2 years'\nfrom = '2026-01'"),
    ("capex", "spender = 'a'", "amount = '$20M/yr'\nfrom = '2026-01'\nuntil = 2027"),
    (
        "guarantee",
        "guarantor = 'a'\nbeneficiary = 'b'",
        "covers = 'power'\nfrom = '2026-01'\nuntil = '2027-12'\n\
      when = 'likely'\nbefore = 2027\nshare = '80%'\nlimit = 'up to $9M'\ncushion = '$1M'\n\
      fee = 'about $1M/yr'\nfee_payer = 'c'\naccelerated = true\nstep_in = true\nstep_in_value = '60%'",
    ),
    (
        "guarantee",
        "guarantor = 'a'\nbeneficiary = 'b'",
        "guaranteed = '$20M'\nvalue = '$15M'\non = 2027\nlimit = '$3M'",
    ),
    (
        "guarantee",
        "guarantor = 'a'\nbeneficiary = 'b'",
        "debtor = 'c'\nlimit = '$9M'\nfrom = '2026-01'\nwhen = '2026-06'",
    ),
    (
        "convertible",
        "holder = 'a'\nissuer = 'b'",
        "rate = '5%'\ncap = '$90M'\ncap_basis = 'pre-money'\n\
      discount = '20%'\nprice = '$80M'\nconverts_with = 'round'\nmaturity = 2028\nat_maturity = 'converts'\n\
      tranches.first = { amount = '$5M', paid = 2025-06-30 }\n\
      tranches.second = { amount = '$2M', on = '2026-03', standing = 'binding' }\n\
      tranches.third = { amount = '$1M', when = 'likely', before = 2027 }",
    ),
    (
        "convertible",
        "holder = 'a'\nissuer = 'b'",
        "converts_when = 'likely'\nbefore = 2027\n\
      tranches.first = { amount = '$5M', paid = 2025-06-30 }",
    ),
    (
        "equity",
        "investor = 'a'\nissuer = 'b'",
        "quoted_total = '$8M'\n\
      tranches.first = { amount = '$5M', paid = 2025-06-30, price = '$80M' }\n\
      tranches.second = { amount = '$2M', on = '2026-03', standing = 'binding' }\n\
      tranches.third = { amount = '$1M', when = 'likely', before = 2027, met = 2025-11-30 }",
    ),
    (
        "backstop",
        "buyer = 'a'\nseller = 'b'",
        "of = 'power'\noffered = '3 GW'\nsold = '1 GW to 2 GW'\n\
      price = '$12M/GW/yr'\npower = 'up to 1 GW'\ncap = '$9M'\nleft = '$8M'\nfrom = '2025-06'\n\
      until = '2027-12'\nwhen = 'likely'",
    ),
    (
        "revenue_share",
        "payer = 'c'\npayee = 'b'",
        "rate = '20%'\nbase = 'revenue(c)'\ncap = '$90M'\n\
      paid_so_far = '$2M'\nfrom = '2025-01'\nuntil = '2028-06'\nends_when = 'likely'",
    ),
    (
        "credits",
        "grantor = 'b'\nrecipient = 'c'",
        "amount = '$5M'\non = '2025-06'\nexpires = '2027-06'\nleft = '$4M'\n\
      usable_on = 'power'",
    ),
    (
        "right",
        "grantor = 'b'\nholder = 'a'",
        "kinds = ['board', 'veto']\nfrom = 2025\nuntil = 2027\nscope = 'x'",
    ),
];

/// Terms of tables of a model that are there for people, or are tried by every contract.
const BESIDE: &[&str] = &["text", "source", "quote", "page", "because", "assumed"];

/// What is wrong with a model; nothing if it is read without errors and every measure answers.
fn wrong(text: &str) -> Option<String> {
    let session = Session::of_text(text);
    if session.has_errors() {
        return Some(format!("{:?}", session.diagnostics()));
    }
    let answered = catch_unwind(AssertUnwindSafe(|| {
        MEASURES.iter().find_map(|measure| match ask(&session, &question(measure.name())) {
            Ok(answer) => {
                let _ = answer.tables();
                None
            }
            Err(AskError::Internal(what)) => Some(format!("{}: {what}", measure.name())),
            Err(_) => None,
        })
    }));
    answered.unwrap_or_else(|_| Some("a panic".to_owned()))
}

/// The lines of a contract with one term, or one term of one of its tables, left out; and with all of them.
fn left_out(terms: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = terms.lines().map(str::trim).collect();
    let without = |at: usize, instead: Option<String>| {
        let mut rest: Vec<String> = lines.iter().map(ToString::to_string).collect();
        match instead {
            Some(line) => rest[at] = line,
            None => drop(rest.remove(at)),
        }
        rest.join("\n")
    };
    let mut all = vec![("nothing".to_owned(), terms.to_owned()), ("everything".to_owned(), String::new())];
    for (at, line) in lines.iter().enumerate() {
        let (name, value) = line.split_once(" = ").expect("a term a line");
        all.push((name.to_owned(), without(at, None)));
        let Some(inner) = value.strip_prefix("{ ").and_then(|value| value.strip_suffix(" }")) else {
            continue;
        };
        let parts: Vec<&str> = inner.split(", ").collect();
        for (part, _) in parts.iter().enumerate() {
            let mut rest = parts.clone();
            let gone = rest.remove(part).split_once(" = ").map_or("", |(name, _)| name);
            let line = format!("{name} = {{ {} }}", rest.join(", "));
            all.push((format!("{name}.{gone}"), without(at, Some(line))));
        }
    }
    all
}

/// Whether what is left contradicts itself: shares of years that are not the whole, or not in the term.
fn contradicts(gone: &str, rest: &str) -> bool {
    gone.starts_with("ramp.") || (matches!(gone, "from" | "until") && rest.contains("ramp = { 20"))
}

#[test]
fn no_term_is_compulsory_and_every_measure_answers() {
    let mut found = Vec::new();
    for (kind, roles, terms) in CONTRACTS {
        for (gone, rest) in left_out(terms) {
            let text = format!("{WORLD}[contracts.deal]\ntype = '{kind}'\n{roles}\n{rest}\n");
            if contradicts(&gone, &rest) {
                continue;
            }
            if let Some(what) = wrong(&text) {
                found.push(format!("{kind} without {gone}: {what}"));
            }
        }
    }
    assert!(found.is_empty(), "{} of them:\n{}", found.len(), found.join("\n"));
}

/// A lease with a source, and a renewal and a residual with theirs.
const SOURCES: &str = "[sources.filing]\ntitle = 'Filing'\n[sources.paper]\ntitle = 'Paper'\n[sources.bond]\n\
    title = 'Bond'\n[contracts.deal]\ntype = 'lease'\nlessee = 'a'\nlessor = 'b'\nsource = 'filing'\n\
    rent = '$12M/yr'\nterm = '4 years'\nfrom = '2026-02'\n\
    [contracts.deal.renewal]\nsource = 'paper'\nquote = 'four times'\noptions = 4\nrent_share = '90%'\n\
    [contracts.deal.residual]\nbecause = 'ours'\nassumed = ['value']\n\
    guaranteed = { figure = 'up to $9M', source = 'bond', quote = 'no more than' }\nvalue = 'about $5M'\n";

#[test]
fn tables_in_a_contract_have_sources_of_their_own() {
    let session = Session::of_text(&format!("{WORLD}{SOURCES}"));
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    let model = session.model();
    let mut found = Vec::new();
    model.entries(&mut |path, entry| {
        if path.starts_with("deal.") && entry.content.states() {
            let sources = if entry.basis.is_assumption() { vec![] } else { model.source_names(&entry.basis) };
            found.push(format!(
                "{path} {} {}",
                sources.join(","),
                entry.basis.quote.clone().unwrap_or_default()
            ));
        }
    });
    for wanted in [
        "deal.rent filing ",
        "deal.renewal.rent_share paper four times",
        "deal.residual.guaranteed bond no more than",
        "deal.residual.value  ",
    ] {
        assert!(found.iter().any(|line| line == wanted), "no {wanted:?} in {found:#?}");
    }
}

#[test]
fn what_is_unsaid_is_listed_and_can_be_said() {
    let loan = "[contracts.deal]\ntype = 'loan'\nlender = 'a'\nborrower = 'b'\namount = '$12M'\n\
        [contracts.line]\ntype = 'loan'\nlender = 'a'\nborrower = 'b'\namount = '$5M'\n\
        maturity = 'undisclosed'\n";
    let session = Session::of_text(&format!("{WORLD}{loan}"));
    let shown = |session: &Session| -> Vec<String> {
        let figures = Question { of: vec!["figures".into()], ..question("show") };
        let table = tables(session, &figures).remove(0);
        let undisclosed = table.rows.iter().filter(|row| key(&row[1]) == "undisclosed");
        undisclosed.map(|row| key(&row[0])).collect()
    };
    let open = ["deal.rate", "deal.drawn", "deal.maturity", "line.maturity", "line.rate", "line.drawn"];
    assert_eq!(shown(&session), open);
    let says = |place: &str, words: &str| StatementChange { place: place.into(), words: words.into() };
    let said =
        [says("deal.rate", "about 5%"), says("deal.maturity", "May 2028"), says("line.maturity", "2029")];
    let said = session.with(&said).expect("changes of what is unsaid");
    assert!(!said.has_errors(), "{:?}", said.diagnostics());
    assert_eq!(shown(&said), ["deal.drawn", "line.rate", "line.drawn"]);
}

#[test]
fn a_rate_floats_over_a_factor_with_a_spread_and_a_missing_one_is_told() {
    let loan = |rate: &str| {
        format!(
            "{WORLD}[contracts.deal]\ntype = 'loan'\nlender = 'a'\nborrower = 'b'\namount = '$12M'\n\
             drawn = '2026-01'\nmaturity = '2027-01'\nrate = '{rate}'\n"
        )
    };
    for rate in ["sofr + 2.5%", "sofr + 250 bp", "about 6.5%", "6.5%-7%"] {
        assert_eq!(wrong(&loan(rate)), None, "{rate}");
    }
    for (rate, hint) in [("SOFR + 2.5%", "`sofr`"), ("euribor + 2.5%", "[factors.euribor]")] {
        let session =
            Session::of_text(&loan(rate).replace("sofr]", if hint == "`sofr`" { "sofr]" } else { "base]" }));
        let told: Vec<String> =
            session.diagnostics().iter().map(|one| format!("{} {}", one.code, one.hint)).collect();
        assert!(
            told.len() == 1 && told[0].starts_with("E0601") && told[0].contains(hint),
            "{rate}: {told:?}"
        );
    }
}

#[test]
fn every_term_of_every_type_is_tried() {
    for spec in keiretsu_contracts::specs() {
        let tried: BTreeSet<String> = CONTRACTS
            .iter()
            .filter(|(kind, ..)| *kind == spec.keyword)
            .flat_map(|(_, _, terms)| left_out(terms).into_iter().map(|(gone, _)| gone))
            .collect();
        let has = |path: &str| tried.iter().any(|gone| gone == path || gone.starts_with(&format!("{path}.")));
        for term in spec.terms {
            assert!(has(term.name), "{}.{} is not tried", spec.keyword, term.name);
            let inner: &[Term] = match term.kind {
                TermKind::Table(terms) | TermKind::Tables(terms) => terms,
                _ => &[],
            };
            for inner in inner.iter().filter(|inner| !BESIDE.contains(&inner.name)) {
                let last = |gone: &&String| {
                    gone.starts_with(&format!("{}.", term.name))
                        && gone.ends_with(&format!(".{}", inner.name))
                };
                let tried = tried.iter().find(last);
                assert!(tried.is_some(), "{}.{}.{} is not tried", spec.keyword, term.name, inner.name);
            }
        }
    }
}
