//! What does not fit, of every kind and in several contract types, and what does.

use crate::testing::{check, refuses};

/// A contract of a type with these terms; what it says besides is the least that the type needs.
fn of(name: &str, kind: &str, terms: &str) -> String {
    let roles = match kind {
        "supply" | "backstop" => "buyer = 'a'\nseller = 'b'",
        "capex" => "spender = 'a'",
        "lease" => "lessee = 'a'\nlessor = 'b'",
        "loan" => "lender = 'a'\nborrower = 'b'",
        "equity" => "investor = 'a'\nissuer = 'b'",
        "convertible" | "warrant" => "holder = 'a'\nissuer = 'b'",
        "guarantee" => "guarantor = 'a'\nbeneficiary = 'b'",
        "credits" => "grantor = 'a'\nrecipient = 'b'",
        "revenue_share" => "payer = 'a'\npayee = 'b'",
        _ => "holder = 'a'\ngrantor = 'b'",
    };
    format!("[contracts.{name}]\ntype = '{kind}'\n{roles}\n{terms}\n")
}

#[test]
fn no_contract_type_takes_a_negative_amount_a_share_above_the_whole_or_a_rate_that_leaves_nothing() {
    for (kind, terms) in [
        ("supply", "minimum = '-$2B/yr'\nuntil = 2028"),
        ("supply", "minimum = '-$2B over 2 years'"),
        ("supply", "usage = '-$2B/yr'"),
        ("supply", "usage = '5 GW'\nprice = '-$12B/GW/yr'"),
        ("supply", "minimum = '$1B/yr'\nprepayment = '-$1M'"),
        ("supply", "minimum = '$1B over 2 years'\nprepayment = '110%'"),
        ("supply", "minimum = '$1B/yr'\nmargin = '120%'"),
        ("supply", "minimum = '$1B/yr'\nresale = '-5%'"),
        ("supply", "minimum = '$1B/yr'\nswitching_cost = '-$1M'"),
        ("supply", "minimum = '$1B/yr'\ntermination_fee = '-$1M'"),
        ("supply", "minimum = '$1B/yr'\ncapacity = { power = '-1 GW' }"),
        ("supply", "minimum = '$1B/yr'\ncapacity = { power = '1 GW', redeployable = '140%' }"),
        ("supply", "minimum = '$1B/yr'\ncapacity = { power = '1 GW', build_cost = '-$30B per GW' }"),
        ("capex", "amount = '-$1B'\nfrom = 2026"),
        ("capex", "amount = '$1B'\nfrom = 2026\nsuppliers = { b = '-40%' }"),
        ("lease", "rent = '-$1M/month'\nterm = '2 years'\nfrom = 2026"),
        ("lease", "rent = '$1M/month'\nterm = '2 years'\nfrom = 2026\nescalator = '-100%'"),
        ("lease", "rent = '$1M/month'\nterm = '2 years'\nfrom = 2026\nrelet = '101%'"),
        ("loan", "amount = '-$1M'\nrate = '5%'\ndrawn = 2026\nmaturity = 2028"),
        ("loan", "amount = '$1M'\nrate = '-100%'\ndrawn = 2026\nmaturity = 2028"),
        ("loan", "amount = '$1M'\nrate = '5%'\nspread = '-150%'\ndrawn = 2026\nmaturity = 2028"),
        ("loan", "amount = '$1M'\nrate = '5%'\nupfront_fee = '-1%'\ndrawn = 2026\nmaturity = 2028"),
        ("equity", "tranches.t = { amount = '-$1M', on = 2026 }"),
        ("equity", "quoted_total = '-$1M'\ntranches.t = { amount = '$0', on = 2026 }"),
        (
            "warrant",
            "strike = '-$1 per share'\nshares = '1M shares'\nprice = '$1/share'\noutstanding = '9 shares'",
        ),
        ("guarantee", "limit = '-$1M'"),
        ("guarantee", "share = '101%'"),
        ("credits", "amount = '-$1M'\non = 2026"),
        ("revenue_share", "rate = '120%'\nbase = '$1M/yr'"),
        ("revenue_share", "rate = '20%'\nbase = '-$1M/yr'"),
        ("revenue_share", "rate = '20%'\nbase = '$1M/yr'\ncap = 'up to -$3M'"),
    ] {
        let text = of("c", kind, terms);
        let codes = crate::testing::codes(&text);
        assert!(codes.contains(&"E0307"), "{text}\n{codes:?}");
    }
}

#[test]
fn a_small_negative_rate_and_a_loss_are_legitimate() {
    for text in [
        of("c", "loan", "amount = '$1M'\nrate = '-0.5%'\ndrawn = 2026\nmaturity = 2028"),
        of("c", "supply", "minimum = '$1B/yr'\nuntil = 2028\nmargin = '-250%'"),
        of("c", "lease", "rent = '$1M/month'\nterm = '2 years'\nfrom = 2026\nescalator = '-8%'"),
        "[parties.c]\nreported_profit = '-$3B/yr'\n[factors.f]\nstart = '-2'\n".to_owned(),
    ] {
        assert_eq!(crate::testing::codes(&text), [""; 0], "{text}");
    }
}

#[test]
fn parties_holdings_factors_and_scenarios_have_their_signs_too() {
    for text in [
        "[parties.c]\ncash = '-$1M'",
        "[parties.c]\nrevenue = '-$1M/yr'",
        "[parties.c]\ncosts = '$1M/yr - $2M/yr'",
        "[parties.c]\nvalue = '-$1M'",
        "[parties.c]\ncapital = '-$1M'",
        "[parties.c]\nbuildable = { 2027 = '-1 GW' }",
        "[parties.c]\ndefault_costs = { assets = '110%' }",
        "[holdings.h]\nowner = 'a'\nissuer = 'b'\nstake = '10%'\ncost = '-$1M'",
        "[holdings.h]\nowner = 'a'\nissuer = 'b'\nstake = '10%'\nvalue = '-$1M'",
        "[holdings.h]\nowner = 'a'\nissuer = 'b'\nstake = '-10%'",
        "[holdings.h]\nowner = 'a'\nissuer = 'b'\nstake = '10%'\nrealised = '-$1M'",
        "[products.p]\noperator = 'a'\nsupplied_by = { 2026 = { b = '-40%' } }",
        "[factors.f]\nstart = 1\nvolatility = '-5%'",
        "[factors.f]\nstart = -1\nvolatility = '5%'",
        "[factors.f]\nstart = 1\ngrowth = '-100%'",
        "[factors.f]\nstart = 1\nvolatility = '5%'\njump = { rate = '1/yr', mean = '-120%' }",
        "[events.e]\nchance = '120% by 2029'",
        "[scenarios.s]\nscale = { level = '-50%' }",
        "[scenarios.s]\nset = { likely = '120%' }\n",
    ] {
        let codes = crate::testing::codes(text);
        assert!(codes.contains(&"E0307"), "{text}\n{codes:?}");
    }
}

#[test]
fn a_scenario_leaves_a_term_a_number_that_it_can_be() {
    let deal = of("c", "supply", "minimum = '$2B/yr'\nuntil = 2028\nresale = '60%'");
    for (change, code) in [
        ("scale = { 'c.minimum' = '-200%' }", Some("E0307")),
        ("scale = { 'c.resale' = '2x' }", Some("E0307")),
        ("set = { 'c.minimum' = '-$1B/yr' }", Some("E0307")),
        ("shift = { 'c.minimum' = '-$3B/yr' }", Some("E0307")),
        ("set = { 'c.minimum' = '5 GW' }", Some("E0302")),
        ("scale = { 'c.minimum' = '$5B' }", Some("E0302")),
        ("shift = { 'c.minimum' = '-$0.5B/yr' }", None),
        ("set = { 'c.resale' = '20%' }", None),
    ] {
        let text = format!("{deal}[scenarios.s]\n{change}\n");
        assert_eq!(crate::testing::codes(&text), Vec::from_iter(code), "{text}");
    }
}

#[test]
fn an_end_before_a_start_is_refused_in_every_type() {
    let dates = "from = '2026-06'\nuntil = '2026-03'";
    for (kind, terms) in [
        ("supply", "minimum = '$1M/month'"),
        ("capex", "amount = '$1M'"),
        ("revenue_share", "rate = '20%'\nbase = '$1M/yr'"),
        ("right", "kinds = ['board']"),
        ("backstop", "offered = '5 GW'\nsold = '1 GW'\nprice = '$1B/GW/yr'"),
    ] {
        refuses(&of("c", kind, &format!("{terms}\n{dates}")), "E0402");
    }
    refuses(&of("c", "credits", "amount = '$1M'\non = 2027\nexpires = 2026"), "E0402");
    let note = "tranches.t = { amount = '$1M', on = 2028 }\nmaturity = 2027\nprice = '$100M'";
    refuses(&of("c", "convertible", note), "E0402");
    let scenario = "[scenarios.s]\nscale = { level = '50%' }\nfrom = 2027\nuntil = 2026\n";
    refuses(&format!("{scenario}[parties.c]\nvalue = 'level'"), "E0402");
}

#[test]
fn an_end_before_the_time_of_a_total_has_passed_contradicts_it() {
    let total = "from = '2026-01'\nminimum = '$24M over 2 years'\n";
    refuses(&of("c", "supply", &format!("{total}until = '2026-12'")), "E0708");
    let capex = "from = '2026-01'\namount = '$24M over 2 years'\nuntil = '2026-12'";
    refuses(&of("c", "capex", capex), "E0708");
    for until in ["2027-12", "2027-12-20", "2028"] {
        let text = of("c", "supply", &format!("{total}until = '{until}'"));
        assert_eq!(crate::testing::codes(&text), [""; 0], "{text}");
    }
}

#[test]
fn a_ramp_stays_in_the_term_of_its_contract() {
    let supply = |ramp: &str| {
        of("c", "supply", &format!("from = '2026-04'\nminimum = '$6B over 3 years'\nramp = {ramp}"))
    };
    for ramp in [
        "{ 2040 = '100%' }",
        "{ 2020 = '100%' }",
        "{ 2026 = '50%', 2030 = '50%' }",
        "{ 2026 = '150%', 2027 = '-50%' }",
        "{ 2026-04 = '50%', 2026-09 = '50%' }",
        "'s-curve by 2040'",
        "'s-curve by 2025'",
    ] {
        refuses(&supply(ramp), "E0702");
    }
    for ramp in ["{ 2026 = '30%', 2029 = '70%' }", "{ 2026 = '100%', 2035 = '0%' }", "'s-curve by 2028'"] {
        assert_eq!(crate::testing::codes(&supply(ramp)), [""; 0], "{ramp}");
    }
    let capex = "amount = '$6B'\nfrom = 2026\nuntil = 2027\nramp = { 2026 = '50%', 2028 = '50%' }";
    refuses(&of("c", "capex", capex), "E0702");
    refuses(&of("c", "capex", "amount = '$6B'\nfrom = 2026\nramp = { 2027 = '100%' }"), "E0702");
    let power = "from = 2026\nuntil = 2027\nminimum = '$1M/month'\n\
                 capacity = { power = '1 GW', ramp = { 2028 = '100%' } }";
    refuses(&of("c", "supply", power), "E0702");
}

#[test]
fn a_slice_and_all_slices_together_are_at_most_the_whole() {
    let supply = |name: &str, terms: &str| {
        of(name, "supply", &format!("from = '2026-01'\nuntil = '2027-12'\n{terms}"))
    };
    let part = |name: &str, amount: &str| supply(name, &format!("minimum = '{amount}'\npart_of = 'c'"));
    let whole = |amount: &str| supply("c", &format!("minimum = '{amount}'"));
    for (all, parts) in [
        ("$1B/yr", &["$40B/yr"][..]),
        ("$4B", &["$5B"]),
        // 3B a year for two years are 6B.
        ("$5B", &["$3B/yr"]),
        ("$10B", &["$6B", "$5B"]),
        ("$5B/yr", &["$3B/yr", "$3B/yr"]),
        ("about $10B", &["$12B"]),
    ] {
        let names = ["d", "e"];
        let text: String = parts.iter().zip(names).map(|(amount, name)| part(name, amount)).collect();
        refuses(&format!("{}{text}", whole(all)), "E0710");
    }
    for (all, parts) in [
        ("$10B", &["$6B", "$4B"][..]),
        ("more than $10B", &["$20B"]),
        ("$10B", &["up to $20B"]),
        ("undisclosed", &["$20B"]),
        ("about $10B", &["$10.5B"]),
    ] {
        let names = ["d", "e"];
        let text: String = parts.iter().zip(names).map(|(amount, name)| part(name, amount)).collect();
        assert_eq!(crate::testing::codes(&format!("{}{text}", whole(all))), [""; 0], "{all} {parts:?}");
    }
    // Two halves of the term at the whole rate are the whole.
    let halves = |name: &str, year: &str| {
        of(name, "supply", &format!("from = {year}\nuntil = {year}\nminimum = '$1B/yr'\npart_of = 'c'"))
    };
    let text = format!("{}{}{}", whole("$1B/yr"), halves("d", "2026"), halves("e", "2027"));
    assert_eq!(crate::testing::codes(&text), [""; 0]);
}

#[test]
fn slices_of_power_of_tranches_and_of_rent_are_measured_too() {
    let lease = |name: &str, rent: &str, more: &str| {
        of(name, "lease", &format!("rent = '{rent}'\nterm = '2 years'\nfrom = 2026\n{more}"))
    };
    refuses(&format!("{}{}", lease("c", "$1M/month", ""), lease("d", "$2M/month", "part_of = 'c'")), "E0710");
    let equity = |name: &str, amount: &str, more: &str| {
        of(
            name,
            "equity",
            &format!(
                "tranches.s = {{ amount = '{amount}', on = 2026 }}\n\
            tranches.t = {{ amount = '{amount}', on = 2027 }}\n{more}"
            ),
        )
    };
    refuses(&format!("{}{}", equity("c", "$1M", ""), equity("d", "$2M", "part_of = 'c'")), "E0710");
    let power = |name: &str, power: &str, more: &str| {
        of(name, "supply", &format!("from = 2026\nuntil = 2027\ncapacity = {{ power = '{power}' }}\n{more}"))
    };
    refuses(&format!("{}{}", power("c", "1 GW", ""), power("d", "2 GW", "part_of = 'c'")), "E0710");
}

#[test]
fn contracts_do_not_hang_on_each_other_in_a_circle() {
    let supply = |name: &str, more: &str| {
        of(name, "supply", &format!("from = 2026\nuntil = 2027\nminimum = '$1M/month'\n{more}"))
    };
    for term in ["part_of", "supersedes", "contingent_on"] {
        refuses(&supply("c", &format!("{term} = 'c'")), "E0605");
        let pair = supply("c", &format!("{term} = 'd'")) + &supply("d", &format!("{term} = 'c'"));
        refuses(&pair, "E0605");
        let chain = supply("c", &format!("{term} = 'd'")) + &supply("d", "");
        assert_eq!(crate::testing::codes(&chain), [""; 0], "{chain}");
    }
    let covers = of("c", "guarantee", "covers = ['d']") + &of("d", "guarantee", "covers = ['c']");
    assert!(crate::testing::codes(&covers).contains(&"E0605"));
}

/// The roles of each type, who owes first, and the least that it needs.
const TYPES: [(&str, [&str; 2], &str); 10] = [
    ("supply", ["buyer", "seller"], "minimum = '$1M/month'; prepayment = '$2M'; from = 2026; until = 2026"),
    ("lease", ["lessee", "lessor"], "rent = '$1M/month'; term = '2 years'; from = 2026; residual = LOSS"),
    ("loan", ["borrower", "lender"], "amount = '$1M'; rate = '5%'; drawn = '2026-02'; maturity = 2028"),
    ("equity", ["investor", "issuer"], "tranches.t = { amount = '$1M', on = 2026 }"),
    ("revenue_share", ["payer", "payee"], "rate = '20%'; base = '$1M/yr'; from = 2026; until = 2026"),
    ("credits", ["grantor", "recipient"], "amount = '$1M'; on = 2026"),
    ("right", ["grantor", "holder"], "kinds = ['board']"),
    ("backstop", ["buyer", "seller"], "offered = '5 GW'; sold = '1 GW'; price = '$1B/GW/yr'; from = 2026"),
    ("convertible", ["issuer", "holder"], "tranches.t = { amount = '$1M', on = 2026 }; maturity = 2028"),
    (
        "warrant",
        ["issuer", "holder"],
        "strike = '$1 per share'; shares = '1M shares'; price = '$2 per share'",
    ),
];

#[test]
fn everyone_outside_can_owe_and_be_owed_in_every_type() {
    for (kind, roles, terms) in TYPES {
        let terms = terms.replace("; ", "\n").replace("LOSS", "{ guaranteed = '$1M', value = '$0' }");
        let more = match kind {
            "convertible" => "price = '$10M'",
            "warrant" => "outstanding = '9M shares'\nexpiry = 2028",
            _ => "",
        };
        for [outside, other] in [roles, [roles[1], roles[0]]] {
            let parties = format!("{outside} = 'outside'\n{other} = 'a'");
            crate::testing::runs(&format!("[contracts.c]\ntype = '{kind}'\n{parties}\n{terms}\n{more}\n"));
        }
    }
    let owed = "[contracts.c]\ntype = 'supply'\nbuyer = 'outside'\nseller = 'a'\nminimum = '$5M/month'\n\
                from = '2026-01'\nuntil = '2026-01'\n";
    check(owed, "firm", "2026-01  outside -> a  $5.0M  service");
}
