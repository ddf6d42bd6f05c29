//! `keiretsu calc clear`: debts to payments.

use keiretsu_methods::clearing::{self, ClearingError, Costs, Network, OUTSIDE};
use keiretsu_values::{Cell, Column, Table, Unit, Value};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::record::{JsonObject, NumberRange, number_of, one_of};
use crate::web::{self, NetworkInput};
use crate::{CalcError, Method, Opt, Request};

pub static METHOD: Method = Method {
    name: "clear",
    summary: "Who can pay how much, when all debts fall due at once",
    help: r#"Clears a network of debts: each party pays what it owes out of what it has and is paid itself, by rank and pro rata within a rank, so that all payments agree with each other (Eisenberg and Noe 2001; with default costs Rogers and Veraart 2013; with ranks and cross-holdings Elsinger 2009).

JSON in:
  {"parties": [{"id", "assets", "outside_debt"?, "outside_rank"?}],
   "debts": [{"from", "to", "amount", "rank"?}],
   "holdings"?: [{"owner", "issuer", "share"}],
   "default_costs"?: {"assets": a, "received": b}, "solution"?: "greatest" or "least"}
or CSV: --debts from,to,amount[,rank] --parties id,assets[,outside_debt,outside_rank].

Rank 1 is paid first; without ranks all debts are equal, at rank 1. What is owed outside needs its rank, since it decides who is paid. In default the fractions a of assets and b of receipts are left (1 and 1: no costs). With costs several solutions may exist: the greatest is given unless the least is asked for.

JSON out: {"parties": [{"id", "paid", "owed", "paid_outside", "recovery", "equity", "defaulted", "wave"}], "residual", "rounds", "solution"}. `paid` includes what is paid outside; `equity` is what is left, below zero by what is missing; `wave` is 0 for who does not default, 1 for who cannot pay even if all others do."#,
    example: "\
Examples:
  keiretsu calc clear debts.json
  keiretsu calc clear --debts edges.csv --parties parties.csv --format csv -o paid.csv",
    options: &[
        Opt::file("debts", "Debts as CSV: from,to,amount[,rank]"),
        Opt::file("parties", "Parties as CSV: id,assets[,outside_debt,outside_rank]"),
        Opt::file("holdings", "Shares of parties in each other as CSV: owner,issuer,share"),
        Opt::new("costs", "A,B", "With CSV: fractions of assets and of receipts that are left in default"),
        Opt::new("solution", "WHICH", "With CSV: greatest (the default) or least"),
    ],
    run,
};

#[derive(Serialize)]
struct Cleared {
    parties: Vec<Party>,
    residual: f64,
    rounds: u32,
    solution: &'static str,
    #[serde(skip)]
    exact: bool,
}

#[derive(Serialize)]
struct Party {
    id: String,
    paid: f64,
    owed: f64,
    paid_outside: f64,
    recovery: f64,
    equity: f64,
    defaulted: bool,
    /// None: in default, but in no wave, since only the least solution has it so.
    wave: Option<u32>,
}

/// The requested solution and the default costs.
struct Terms {
    costs: Vec<Costs>,
    least: bool,
}

static SOLUTIONS: [(&str, bool); 2] = [("greatest", false), ("least", true)];

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let (web, terms) = read(request, &faults);
    faults.none()?;
    if web.names.len() == 0 {
        faults.push("parties", "there are none", "");
        faults.none()?;
    }
    solve(&web, &terms).map(|cleared| Box::new(cleared) as Box<dyn MethodAnswer>).map_err(|error| {
        let overheld = "some parties own each other completely in a ring, so that they have no value";
        let what = if error == ClearingError::Overheld { overheld } else { "the sums are too large" };
        CalcError::no_answer(what, "")
    })
}

fn read(request: &Request, faults: &Faults) -> (NetworkInput, Terms) {
    let mut web = NetworkInput::default();
    if web.rows(request, faults) {
        return (web, terms_of_words(request, faults));
    }
    let mut terms = Terms { costs: Vec::new(), least: false };
    let hint = "give CSV as --debts edges.csv --parties parties.csv";
    let Some(tree) = web::json(request, hint, faults) else { return (web, terms) };
    let known = ["parties", "debts", "holdings", "default_costs", "solution"];
    let root = JsonObject::root(&tree, &known, faults);
    for name in ["costs", "solution", "holdings"] {
        if request.words.contains_key(name) || request.files.contains_key(name) {
            faults.push(
                format!("--{name}"),
                "goes with --debts and --parties",
                "write it into the JSON file",
            );
        }
    }
    web.parties(&root, &[], faults, |_| ());
    web.claims(&root, faults);
    if let Some(costs) = root.record("default_costs", &["assets", "received"]) {
        let kept = |key: &str| costs.number(key, NumberRange::Fraction).unwrap_or(1.0);
        terms.costs = vec![Costs { assets_kept: kept("assets"), receipts_kept: kept("received") }];
    }
    terms.least = root.one_of("solution", &SOLUTIONS).unwrap_or(false);
    (web, terms)
}

fn terms_of_words(request: &Request, faults: &Faults) -> Terms {
    let mut terms = Terms { costs: Vec::new(), least: false };
    if let Some(text) = request.word("costs") {
        let parts: Vec<Option<f64>> = text.split(',').map(number_of).collect();
        let kept = |part: Option<f64>| part.filter(|part| NumberRange::Fraction.refuses(*part).is_none());
        match parts[..] {
            [Some(a), Some(b)] if kept(Some(a)).is_some() && kept(Some(b)).is_some() => {
                terms.costs = vec![Costs { assets_kept: a, receipts_kept: b }];
            }
            _ => {
                faults.push(
                    "--costs",
                    format!("`{text}` is no pair of fractions"),
                    "such as --costs 0.5,0.7",
                );
            }
        }
    }
    if let Some(text) = request.word("solution") {
        match one_of(text, &SOLUTIONS) {
            Some(least) => terms.least = least,
            None => faults.push("--solution", format!("`{text}` is not known"), "greatest or least"),
        }
    }
    terms
}

fn solve(web: &NetworkInput, terms: &Terms) -> Result<Cleared, ClearingError> {
    let debts = web.all_debts();
    let network = Network::new(web.names.len(), &debts, &web.holdings)?;
    let clear = if terms.least { clearing::clear_least } else { clearing::clear };
    let cleared = clear(&network, &web.assets, &terms.costs)?;
    let waves = if cleared.defaulted.contains(&true) {
        clearing::default_waves(&network, &web.assets, &terms.costs)?
    } else {
        vec![0; web.names.len()]
    };
    let mut outside = vec![0.0; web.names.len()];
    for debt in debts.iter().filter(|debt| debt.creditor == OUTSIDE) {
        outside[debt.debtor as usize] += cleared.paid_on(&network, debt);
    }
    let party = |(at, id): (usize, &String)| {
        let (paid, owed, defaulted) = (cleared.paid[at], cleared.due[at], cleared.defaulted[at]);
        Party {
            id: id.clone(),
            paid,
            owed,
            paid_outside: outside[at],
            recovery: if 0.0 < owed { paid / owed } else { 1.0 },
            equity: cleared.surplus[at],
            defaulted,
            wave: if defaulted && waves[at] == 0 { None } else { Some(waves[at]) },
        }
    };
    Ok(Cleared {
        parties: web.names.list().iter().enumerate().map(party).collect(),
        residual: cleared.residual,
        rounds: cleared.sweeps + cleared.rounds,
        solution: if terms.least { "least" } else { "greatest" },
        exact: cleared.exact,
    })
}

impl Tabular for Cleared {
    fn tables(&self) -> Vec<Table> {
        let amount = |key| Column::number(key, Unit::Number { digits: 2 });
        let columns = vec![
            Column::text("id"),
            amount("paid"),
            amount("owed"),
            amount("paid_outside"),
            Column::number("recovery", Unit::Share),
            amount("equity"),
            Column::text("defaulted"),
            Column::number("wave", Unit::Number { digits: 0 }),
        ];
        let mut table = Table::new("clear", "Who can pay how much", columns);
        for party in &self.parties {
            let wave = party
                .wave
                .map_or(Value::unknown("only in this solution"), |wave| Value::exact(f64::from(wave)));
            table.push(vec![
                Cell::text(&party.id),
                Cell::exact(party.paid),
                Cell::exact(party.owed),
                Cell::exact(party.paid_outside),
                Cell::exact(party.recovery),
                Cell::exact(party.equity),
                Cell::text(if party.defaulted { "yes" } else { "no" }),
                Cell::Value(wave),
            ]);
        }
        let proof = if self.exact { "proven" } else { "not proven" };
        table.note(format!(
            "the {} solution ({proof}); payments agree with each other to {:.1e}",
            self.solution, self.residual
        ));
        vec![table]
    }
}
