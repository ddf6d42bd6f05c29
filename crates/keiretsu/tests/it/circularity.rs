//! On random models, through lowering and engine: every convention of the engine's own money lies within the
//! bounds that circularity proves, and is what its table says.

use std::fmt::Write as _;

use keiretsu::{Question, Session};
use keiretsu_maths::splitmix::SplitMix;
use keiretsu_measures::Subject;
use keiretsu_model::PartyRef;
use keiretsu_program::{OwnMoney, PartyId, Probe, Program, Quantity, Reading, RunSpec, Span};
use keiretsu_values::{Bound, Table, Value};

use crate::asked::{key, question, tables};

const NAMES: [&str; 4] = ["ant", "bee", "cat", "dog"];

/// A web in which everybody's cash is stated, some run short of it, some raise or fail.
fn model(seed: u64) -> String {
    let mut random = SplitMix(seed);
    let mut text = "keiretsu = 1\ntitle = \"t\"\nas_of = 2025-12-31\nhorizon = \"1 year\"\n".to_owned();
    for name in NAMES {
        let [cash, revenue, costs] = [40, 30, 30].map(|n| random.below(n));
        let _ = write!(
            text,
            "[parties.{name}]\ncash = \"${cash}M\"\nrevenue = \"${revenue}M/yr\"\ncosts = \"${costs}M/yr\"\n\
             value = \"$500M\"\nbecause = \"an example\"\n"
        );
        if random.below(3) == 0 {
            let _ = write!(
                text,
                "[parties.{name}.funding]\nkeep = \"2 months of burn\"\nraise = \"6 months of burn\"\n\
                 else = \"default\"\nbecause = \"an example\"\n"
            );
        }
    }
    for at in 0..7 {
        let (from, to) = (random.below(4), random.below(4));
        if from == to {
            continue;
        }
        let (from, to) = (NAMES[from], NAMES[to]);
        let (amount, month) = (1 + random.below(40), 1 + random.below(11));
        let terms = if random.below(2) == 0 {
            format!(
                "type = \"equity\"\ninvestor = \"{from}\"\nissuer = \"{to}\"\n\
                 tranches.only = {{ amount = \"${amount}M\", on = 2026-{month:02}-15 }}\n"
            )
        } else {
            format!(
                "type = \"supply\"\nbuyer = \"{from}\"\nseller = \"{to}\"\nfrom = \"2026-{month:02}\"\n\
                 minimum = \"${}M/month\"\n",
                1 + amount / 6
            )
        };
        let _ = write!(text, "[contracts.c{at}]\n{terms}because = \"an example\"\n");
    }
    text
}

/// Sent, least, by the convention, most; by party and reading.
fn row(table: &Table, party: &str, reading: &str) -> Option<Vec<Option<f64>>> {
    let found = table.rows.iter().find(|row| key(&row[0]) == party && key(&row[1]) == reading)?;
    Some(found[2..6].iter().map(|cell| cell.value().and_then(Value::amount)).collect())
}

/// What the engine says that each party received of its own money in a reading.
fn engine(program: &Program, subject: &Subject<'_>, convention: OwnMoney, reading: Reading) -> Vec<f64> {
    let groups = subject.tied();
    let probe = |(at, group): (usize, &PartyRef)| Probe {
        quantity: Quantity::OwnReceipts { group: at as u32, party: PartyId(group.0) },
        span: Span::Whole,
    };
    let probes: Vec<Probe> = groups.iter().enumerate().map(probe).collect();
    // No party is a part of another, so each group is one party.
    let own_money = groups.iter().map(|group| vec![PartyId(group.0)]).collect();
    let spec = RunSpec { own_money, convention, ..RunSpec::reading(reading, probes) };
    let seen = keiretsu_engine::run(program, &spec, 1).expect("a run");
    seen.series.iter().map(|series| series.mean[0]).collect()
}

#[test]
fn the_engine_s_conventions_lie_within_the_proved_bounds() {
    let (mut compared, mut open) = (0, 0);
    for seed in 0..15 {
        let text = model(seed);
        let session = Session::of_text(&text);
        assert!(!session.has_errors(), "{:?}\n{text}", session.diagnostics());
        let (program, subject) = session.lowered().expect("a model that can be run");
        let conventions =
            [("pro-rata", OwnMoney::ProRata), ("fifo", OwnMoney::Fifo), ("lifo", OwnMoney::Lifo)];
        for (word, convention) in conventions {
            let own_money = Some(word.to_owned());
            let tables = tables(&session, &Question { own_money, ..question("circularity") });
            for reading in Reading::ALL {
                let engine = engine(program, &subject, convention, reading);
                for (group, engine) in subject.tied().iter().zip(engine) {
                    let name = &session.model().party(*group).name;
                    let Some(row) = row(&tables[1], name, reading.name()) else { continue };
                    let [Some(sent), Some(lower), Some(middle), Some(upper)] = row[..] else {
                        panic!("all cash is stated: {row:?}")
                    };
                    let slack = 1.0 + 1e-9 * sent;
                    let said = format!("seed {seed} {name} {reading:?} {word} {engine} {row:?}\n{text}");
                    assert!(lower - slack <= engine && engine <= upper + slack, "outside the bounds: {said}");
                    assert!((engine - middle).abs() <= slack, "not what the table says: {said}");
                    compared += 1;
                    open += i32::from(lower + slack < upper);
                }
            }
        }
    }
    assert!(250 < compared && 40 < open, "{compared} compared, {open} with room between the bounds");
}

/// Three parties in a ring beside a pair, listed in an order, with others that do nothing.
fn listed(order: &[&str], idle: &str) -> String {
    let mut text = "keiretsu = 1\ntitle = \"t\"\nas_of = 2025-12-31\nhorizon = \"1 year\"\n".to_owned();
    for name in order {
        let _ =
            write!(text, "[parties.{name}]\ncash = \"$40M\"\nrevenue = \"$20M/yr\"\nbecause = \"example\"\n");
    }
    text += idle;
    let payments =
        [("ant", "bee", 3), ("bee", "cat", 2), ("cat", "ant", 2), ("dog", "ant", 1), ("ant", "dog", 1)];
    for (from, to, amount) in payments {
        let _ = write!(
            text,
            "[contracts.{from}-{to}]\ntype = \"supply\"\nbuyer = \"{from}\"\nseller = \"{to}\"\n\
             from = \"2026-01\"\n\
             minimum = \"${amount}M/month\"\nuntil = \"2026-12\"\nbecause = \"example\"\n"
        );
    }
    text
}

/// The chances of the whole web in the firm reading.
fn chances(text: &str) -> Vec<Value> {
    let firm = Question { reading: Some("firm".into()), ..question("circularity") };
    let tables = tables(&Session::of_text(text), &firm);
    let table = tables.iter().find(|table| table.title.starts_with("The web as a whole")).expect("the table");
    let value = |key: &str| table.rows[0][table.column(key).expect(key)].value().expect("a value").clone();
    ["reciprocity_p", "finn_p"].map(value).to_vec()
}

#[test]
fn chances_do_not_move_with_the_order_of_parties_nor_with_idle_ones() {
    let found = chances(&listed(&NAMES, ""));
    assert!(found.iter().all(|chance| chance.bound() == Some(Bound::About)), "{found:?}");
    assert_eq!(chances(&listed(&["dog", "bee", "ant", "cat"], "")), found);
    let idle = "[parties.aaa]\n[parties.eel]\ncash = \"$9M\"\nrevenue = \"$3M/yr\"\nbecause = \"example\"\n";
    assert_eq!(chances(&listed(&["cat", "ant", "dog", "bee"], idle)), found);
}
