//! A contract with several parties in a role is the contracts of each of them, in every number of a run.

mod cases;
mod refused;

use std::collections::BTreeMap;

use keiretsu_model::{MemoryFiles, Opened, Options, PartyRef, open};
use keiretsu_program::{
    Change, FlowId, HoldingId, Overlay, PartyId, Probe, Quantity, Reading, RunSpec, Span, Target,
};
use keiretsu_values::Value;

use self::cases::cases;

const WORLD: &str = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\ndiscount = \"5%\"\n\
    [events.likely]\nchance = \"75% by 2026-06\"\n\
    [factors.level]\nstart = \"$48M/yr\"\ngrowth = \"20%\"\n\
    [parties]\na = { cash = \"$900M\" }\n\
    c = { cash = \"$500M\", value = \"$100M\" }\nd = { cash = \"$500M\" }\n\
    [parties.b]\ncash = \"$60M\"\nvalue = \"$200M\"\nrecovery = \"$20M\"\n\
    funding = { keep = \"1 month\", raise = \"1 month\", else = \"default\" }\n";

fn opened(text: &str) -> Opened {
    let specs = crate::specs();
    let opened = open(&MemoryFiles::root(&format!("{WORLD}{text}")), "keiretsu.toml", &Options::new(&specs));
    let mut found = opened.diagnostics.clone();
    found.extend(crate::check(&opened.model));
    assert!(found.iter().all(|found| found.code.starts_with('W')), "{text}\n{found:?}");
    opened
}

/// What the parties of a text owe each other, pay, hold and put at risk, in every reading, as it stands and
/// with the failure of each of them.
fn web(text: &str) -> BTreeMap<String, f64> {
    let opened = opened(text);
    let lowered = crate::lower(&opened.model);
    let (program, side) = (&lowered.program, &lowered.side);
    assert!(keiretsu_program::verify(program).is_ok(), "{text}");
    let name = |party: u32| opened.model.party(PartyRef(party)).name.clone();
    let mut found = BTreeMap::new();
    let mut add = |key: String, amount: f64| *found.entry(key).or_insert(0.0) += amount;
    for one in &side.by_party {
        let key =
            format!("{} owes {} {:?} {:?}", name(one.from.0), name(one.to.0), one.purpose, one.standing);
        for reading in Reading::ALL {
            add(format!("{key} {reading:?}"), one.amount(reading).amount().unwrap_or(-1.0));
        }
        for due in &one.dues {
            add(format!("{key} {}", due.on), due.amounts[0].amount().unwrap_or(-1.0));
        }
    }
    for (past, value) in program.past.iter().zip(&side.past_amounts) {
        let key = format!("{} paid {} {:?}", name(past.from.0), name(past.to.0), past.tag);
        add(key, value.amount().unwrap_or(-1.0));
    }
    for line in &side.capacities {
        let key = format!("{} has power for {}", name(line.seller.0), name(line.buyer.0));
        add(key, line.power[1].amount().unwrap_or(-1.0));
    }
    let probe = |quantity| Probe { quantity, span: Span::Month };
    let mut probes: Vec<(String, Probe)> = Vec::new();
    for (at, flow) in program.flows.iter().enumerate() {
        let key = format!("{} pays {} {:?}", name(flow.from.0), name(flow.to.0), flow.tag);
        probes.push((key, probe(Quantity::Payment(FlowId(at as u32)))));
    }
    for exposure in &side.exposures {
        let key =
            format!("{} in {} {:?}", name(exposure.creditor.0), name(exposure.debtor.0), exposure.layer);
        probes.push((key, probe(Quantity::Register(exposure.register))));
    }
    for (at, holding) in program.holdings.iter().enumerate() {
        let key = format!("{} holds {}", name(holding.owner.0), name(holding.issuer.0));
        probes.push((key, probe(Quantity::Stake(HoldingId(at as u32)))));
    }
    for party in 1..program.parties.len() as u32 {
        probes.push((format!("cash of {}", name(party)), probe(Quantity::Cash(PartyId(party)))));
    }
    let fails: Vec<Option<u32>> =
        std::iter::once(None).chain((1..program.parties.len() as u32).map(Some)).collect();
    for (reading, fails) in
        Reading::ALL.into_iter().flat_map(|reading| fails.iter().map(move |f| (reading, *f)))
    {
        let overlays = fails.map(|party| Overlay {
            target: Target::Default(PartyId(party)),
            change: Change::Set(1.0),
            from: 4,
            until: 4,
        });
        let spec = RunSpec {
            overlays: overlays.into_iter().collect(),
            ..RunSpec::reading(reading, probes.iter().map(|(_, probe)| *probe).collect())
        };
        let seen = keiretsu_engine::run(program, &spec, 1).expect("a run");
        let case = fails.map_or(String::new(), |party| format!(" if {} fails", name(party)));
        for ((key, _), series) in probes.iter().zip(&seen.series) {
            for (t, amount) in series.mean.iter().enumerate() {
                add(format!("{key}{case}, {reading:?} {t}"), if amount.is_nan() { -1.0 } else { *amount });
            }
        }
    }
    found
}

/// Asserts that two texts say the same of everybody; what is nothing need not be named.
fn same(one: &str, other: &str) {
    let (one_web, mut other_web) = (web(one), web(other));
    let differs = |a: f64, b: f64| (a - b).abs() > 1e-6 * a.abs().max(b.abs()).max(1.0);
    for (key, amount) in one_web {
        let known = other_web.remove(&key).unwrap_or(0.0);
        assert!(!differs(amount, known), "{key}: {amount} and {known}\n{one}\n{other}");
    }
    other_web.retain(|_, amount| differs(*amount, 0.0));
    assert!(other_web.is_empty(), "{other_web:?}\n{one}\n{other}");
}

/// A contract of a, or of c and d with 60% and 40%; each `{n}` is that number of millions, and `{who}` the
/// party.
fn shared(name: &str, text: &str, role: &str, party: &str, share: f64) -> String {
    let mut parts = text.split('{');
    let mut made = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (number, rest) = part.split_once('}').unwrap_or((part, ""));
        match number.parse::<f64>() {
            Ok(number) => made.push_str(&format!("${}M{rest}", number * share)),
            Err(_) => made.push_str(&format!("{{{part}")),
        }
    }
    format!("[contracts.{name}]\n{role} = {party}\n{made}\n")
}

/// A power in gigawatts is written as money by the template; this makes it one again.
fn powers(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let is_power = line.starts_with("capacity.power");
        lines.push(if is_power { line.replace('$', "").replace("M\"", " GW\"") } else { line.to_owned() });
    }
    lines.join("\n") + "\n"
}

#[test]
fn a_contract_of_two_is_two_contracts() {
    for (role, text) in cases() {
        let both = powers(&shared("k", &text, role, "{ c = \"60%\", d = \"40%\" }", 1.0));
        let two = [("c", 0.6), ("d", 0.4)];
        let two = two
            .map(|(party, share)| shared(&format!("k-{party}"), &text, role, &format!("\"{party}\""), share));
        same(&both, &powers(&two.concat()));
    }
}

#[test]
fn the_order_of_parties_changes_nothing() {
    for (role, text) in cases() {
        let of = |parties: &str| powers(&shared("k", &text, role, parties, 1.0));
        same(&of("{ c = \"60%\", d = \"rest\" }"), &of("{ d = \"40%\", c = \"60%\" }"));
        same(&of("[\"c\", \"d\", \"others\"]"), &of("[\"others\", \"d\", \"c\"]"));
    }
}

#[test]
fn a_role_with_one_party_is_that_party_to_the_bit() {
    for (role, text) in cases() {
        let of = |parties: &str| {
            let text = powers(&shared("k", &text, role, parties, 1.0));
            crate::lower(&opened(&text).model).program
        };
        let alone = of("\"c\"");
        for parties in ["[\"c\"]", "{ c = \"100%\" }", "{ c = \"undisclosed\" }", "{ c = \"rest\" }"] {
            assert!(alone == of(parties), "{role} = {parties}\n{text}");
        }
    }
}

#[test]
fn what_nobody_discloses_leaves_the_counterparty_exact() {
    let several = ["[\"c\", \"d\"]", "[\"c\", \"d\", \"others\"]"];
    for ((role, text), parties) in cases().iter().flat_map(|case| several.map(|parties| (case, parties))) {
        let of = |parties: &str| powers(&shared("k", text, role, parties, 1.0));
        let (whole, open) = (of("\"a\""), of(parties));
        let [whole, open] = [whole, open].map(|text| {
            let model = opened(&text).model;
            let lowered = crate::lower(&model);
            let b = PartyId(model.find_party("b").expect("a party").0);
            Reading::ALL.map(|reading| {
                let probes = vec![Probe { quantity: Quantity::Net(b), span: Span::Month }];
                let spec = RunSpec { possible: true, ..RunSpec::reading(reading, probes) };
                let seen = keiretsu_engine::run(&lowered.program, &spec, 1).expect("a run");
                let series = &seen.series[0];
                let open = series.possible.iter().filter(|range| !range.possible.set.is_point()).count();
                (series.mean.clone(), open)
            })
        });
        for ((one, sure), (other, open)) in whole.iter().zip(&open) {
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1.0 || a.is_nan() && b.is_nan();
            assert!(one.iter().zip(other).all(near), "{role}\n{text}\n{one:?}\n{other:?}");
            assert_eq!(sure, open, "{role}: months in which what b pays is open\n{text}");
        }
    }
}

#[test]
fn a_member_has_between_nothing_and_what_the_others_leave() {
    // By hand: of 100, 18 are c's and a tenth a's; d has at most the 72 that are left.
    let text = "[contracts.k]\ntype = \"loan\"\nborrower = \"b\"\namount = \"$100M\"\nrate = \"9%\"\n\
        drawn = \"2026-02\"\nmaturity = \"2028-02\"\n\
        lender = { c = \"$18M\", a = \"10%\", d = \"undisclosed\", others = \"rest\" }\n";
    let model = opened(text).model;
    let lowered = crate::lower(&model);
    let lends = |party: &str| {
        let party = model.find_party(party).expect("a party");
        let mine = lowered.side.by_party.iter().filter(|one| one.from == party);
        mine.fold(Value::exact(0.0), |sum, one| sum.plus(&one.amount(Reading::Firm)))
    };
    let set = |party: &str| {
        (lends(party).amount(), lends(party).set().low.round(), lends(party).set().high.round())
    };
    assert_eq!(set("c"), (Some(18e6), 18e6, 18e6));
    assert_eq!(set("a"), (Some(10e6), 10e6, 10e6));
    assert_eq!(set("d"), (None, 0.0, 72e6));
    assert_eq!(set("others in k"), (Some(72e6), 0.0, 72e6));
}

#[test]
fn a_list_names_all_and_they_have_the_whole_together() {
    let text = |lender: &str| {
        format!(
            "[contracts.k]\ntype = \"loan\"\nborrower = \"b\"\namount = \"$90M\"\nrate = \"0%\"\n\
             drawn = \"2026-02\"\nmaturity = \"2026-04\"\nlender = {lender}\n"
        )
    };
    let model = opened(&text("[\"a\", \"c\", \"d\"]")).model;
    assert!(model.parties.iter().all(|party| party.others_in.is_none()), "there are no others");
    let side = crate::lower(&model).side;
    let lent = side.by_party.iter().filter(|one| one.from != model.find_party("b").expect("a party"));
    let lent: Vec<Value> = lent.map(|one| one.amount(Reading::Firm)).collect();
    for value in &lent {
        // Nobody says who has how much: anything up to all of it.
        assert_eq!((value.amount(), value.set().low, value.set().high.round()), (None, 0.0, 90e6));
    }
    let sum = lent.iter().fold(Value::exact(0.0), |sum, value| sum.plus(value));
    assert_eq!((lent.len(), sum.amount(), sum.set().low), (3, Some(90e6), 90e6));
    // In a run equal parts flow, and that is an assumption.
    let parts = ["a", "c", "d"].map(|party| format!("2026-02  {party} -> b  $30.0M  principal"));
    let back = ["a", "c", "d"].map(|party| format!("2026-04  b -> {party}  $30.0M  principal"));
    let falls = [parts, back].concat();
    let named = "[parties.c]\n[parties.d]\n".to_owned() + &text("[\"a\", \"c\", \"d\"]");
    crate::testing::check(&named, "firm", &falls.join("\n"));
    assert!(side.assumptions.iter().any(|one| one.starts_with("k.lender: who has how much")));
    // The word says that there are more, who have what is not said of the others.
    let open = opened(&text("[\"a\", \"others\"]")).model;
    assert_eq!(open.parties.iter().filter(|party| party.others_in.is_some()).count(), 1);
}

#[test]
fn ranges_of_shares_are_sets_and_never_sum_to_more_than_the_whole() {
    let of = |lender: &str| {
        let text = format!(
            "[contracts.k]\ntype = \"loan\"\nborrower = \"b\"\namount = \"$100M\"\nrate = \"9%\"\n\
            drawn = \"2026-02\"\nmaturity = \"2028-02\"\nlender = {lender}\n"
        );
        let model = opened(&text).model;
        let side = crate::lower(&model).side;
        let of = move |reading: Reading| {
            let all = side.by_party.iter().filter(|one| one.to == model.find_party("b").expect("a party"));
            all.map(|one| one.amount(reading)).collect::<Vec<Value>>()
        };
        Reading::ALL.map(of)
    };
    for readings in
        [of("{ c = \"40% to 60%\", d = \"50% to 70%\" }"), of("{ c = \"about 45%\", d = \"up to 20%\" }")]
    {
        for values in readings {
            let sum: f64 = values.iter().filter_map(Value::amount).sum();
            assert!((sum - 100e6).abs() < 1e-3, "{values:?}");
        }
    }
    let [firm, _, headline] = of("{ c = \"10% to 20%\", others = \"rest\" }");
    assert_eq!((firm[0].amount(), headline[0].amount()), (Some(10e6), Some(20e6)));
    assert_eq!((firm[0].set().low, firm[0].set().high), (10e6, 20e6));
    assert_eq!((headline[1].set().low, headline[1].set().high), (80e6, 90e6));
}

#[test]
fn an_exact_share_is_no_parameter_so_that_the_whole_stays_whole() {
    let text = "[contracts.k]\ntype = \"loan\"\nborrower = \"b\"\namount = \"$100M\"\nrate = \"9%\"\n\
        drawn = \"2026-02\"\nmaturity = \"2028-02\"\nlender = { c = \"60%\", d = \"10% to 20%\" }\n";
    let side = crate::lower(&opened(text).model).side;
    let named = |path: &str| side.slots.iter().any(|label| label.path == path);
    assert!(!named("k.lender.c") && named("k.lender.d") && named("k.amount"));
}

#[test]
fn investors_of_one_round_dilute_as_one_does() {
    // By hand: 50 on 200 before the money is a fifth of 250; 60% of it 12%, 40% of it 8%.
    let round = |investor: &str| {
        format!(
            "[holdings.h]\nowner = \"a\"\nissuer = \"b\"\nstake = \"50%\"\n\
             [contracts.r]\ntype = \"equity\"\nissuer = \"b\"\ninvestor = {investor}\n\
             tranches.t = {{ amount = \"$50M\", on = \"2026-02\" }}\n"
        )
    };
    let web = web(&round("{ c = \"60%\", d = \"40%\" }"));
    let stake = |party: &str| web[&format!("{party} holds b, Firm 1")];
    for (party, by_hand) in [("a", 0.4), ("c", 0.12), ("d", 0.08)] {
        assert!((stake(party) - by_hand).abs() < 1e-12, "{party}: {}", stake(party));
    }
}

#[test]
fn guarantors_pay_their_shares_of_what_is_missing() {
    let rent = "[contracts.l]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-02\"\n\
        until = \"2028-12\"\nminimum = \"$240M/yr\"\n";
    let cover = |terms: &str| {
        format!("{rent}[contracts.g]\ntype = \"guarantee\"\nbeneficiary = \"a\"\ncovers = \"l\"\n{terms}\n")
    };
    // What one pays is what both pay, by 60 to 40, with a limit and a cushion of the whole.
    let terms = "limit = \"$20M\"\ncushion = \"$5M\"\nshare = \"80%\"";
    let one = web(&cover(&format!("guarantor = \"c\"\n{terms}")));
    let two = web(&cover(&format!("guarantor = {{ c = \"60%\", d = \"40%\" }}\n{terms}")));
    let paid = |web: &BTreeMap<String, f64>, party: &str| -> f64 {
        let all = web
            .iter()
            .filter(|(key, _)| key.starts_with(&format!("{party} pays a Guarantee if b fails, Firm")));
        all.map(|(_, amount)| *amount).sum()
    };
    let whole = paid(&one, "c");
    assert!(whole > 1e6, "{whole}");
    assert!((paid(&two, "c") - 0.6 * whole).abs() < 1.0, "{} of {whole}", paid(&two, "c"));
    assert!((paid(&two, "d") - 0.4 * whole).abs() < 1.0, "{} of {whole}", paid(&two, "d"));
}

#[test]
fn a_guarantee_of_a_syndicated_loan_is_in_favour_of_each_lender_by_its_share() {
    let loan = |name: &str, lender: &str, amount: f64| {
        format!(
            "[contracts.{name}]\ntype = \"loan\"\nlender = {lender}\nborrower = \"b\"\n\
             amount = \"${amount}M\"\nrate = \"9%\"\ndrawn = \"2026-02\"\nmaturity = \"2028-02\"\n"
        )
    };
    let cover = |name: &str, of: &str, to: &str, limit: f64| {
        format!(
            "[contracts.{name}]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = {to}\n\
             covers = \"{of}\"\nlimit = \"${limit}M\"\ncushion = \"${}M\"\n",
            limit / 10.0
        )
    };
    let both = loan("l", "{ c = \"60%\", d = \"40%\" }", 50.0) + &cover("g", "l", "[\"c\", \"d\"]", 20.0);
    let two = [
        loan("l-c", "\"c\"", 30.0),
        loan("l-d", "\"d\"", 20.0),
        cover("g-c", "l-c", "\"c\"", 12.0),
        cover("g-d", "l-d", "\"d\"", 8.0),
    ];
    same(&both, &two.concat());
    // One lender alone may be covered.
    let one = loan("l", "{ c = \"60%\", d = \"40%\" }", 50.0) + &cover("g", "l", "\"c\"", 12.0);
    same(&one, &[&two[0][..], &two[1], &two[2]].concat());
}

#[test]
fn what_names_the_contract_means_all_its_parties() {
    let deal = |buyer: &str| {
        format!(
            "[contracts.k]\ntype = \"supply\"\nbuyer = {buyer}\nseller = \"b\"\nfrom = \"2026-01\"\n\
             until = \"2027-12\"\nminimum = \"$60M/yr\"\ncapacity = {{ power = \"2 GW\" }}\n\
             [contracts.n]\ntype = \"equity\"\ninvestor = \"b\"\nissuer = \"a\"\n\
             tranches.t = {{ amount = \"$7M\", when = \"paid(k) >= $20M and capacity(k) >= 2 GW\" }}\n"
        )
    };
    let [one, two] = [deal("\"c\""), deal("{ c = \"60%\", d = \"40%\" }")].map(|text| web(&text));
    let paid = |web: &BTreeMap<String, f64>| {
        let mine = web.iter().filter(|(key, _)| key.starts_with("b pays a Equity, Expected"));
        mine.map(|(key, amount)| (key.clone(), amount.round())).collect::<Vec<_>>()
    };
    assert_eq!(paid(&one), paid(&two));
    assert!(paid(&one).iter().any(|(_, amount)| *amount > 1.0));
}

#[test]
fn an_amendment_changes_who_has_how_much_of_what_is_to_come() {
    // By hand: 2 a month, of which c has all in January and half from February on.
    let text = "[contracts.k]\ntype = \"supply\"\nbuyer = { c = \"100%\", d = \"0%\" }\nseller = \"b\"\n\
        from = \"2026-01\"\nuntil = \"2026-12\"\nminimum = \"$2M/month\"\n\
        amendments = [{ on = 2026-02-01, set = { buyer = { c = \"50%\", d = \"50%\" } } }]\n";
    let web = web(text);
    for (party, by_hand) in [("c", [2e6, 1e6]), ("d", [0.0, 1e6])] {
        for (t, by_hand) in by_hand.into_iter().enumerate() {
            let paid = web[&format!("{party} pays b Service, Firm {t}")];
            assert!((paid - by_hand).abs() < 1.0, "{party} {t}: {paid}");
        }
    }
}
