//! `keiretsu calc network`: balance sheets and debts to equities that agree with each other, round by round.

use keiretsu_methods::debtrank::CreditExposure;
use keiretsu_methods::network::{
    BalanceSheet, OutsideDebt, Valuation, ValuationError, Valued, value_network,
};
use keiretsu_values::{Cell, Column, Table, Unit};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::record::{JsonObject, NumberRange};
use crate::web::{self, NetworkInput, RANK};
use crate::{CalcError, Method, Request};

pub static METHOD: Method = Method {
    name: "network",
    summary: "What parties are worth to each other before debts fall due (NEVA)",
    help: r#"Values a network of debts: a claim on a party is worth more or less as that party's equity is, and equities agree with each other (network valuation, Barucca et al. 2020). Where `clear` asks what is paid when all falls due, this asks what claims are worth today.

JSON in: as `keiretsu calc clear`, with
  "valuation": one of
    "eisenberg-noe"     the share that could be paid if all fell due now
    "furfine"           1, or a fixed recovery below zero equity
    "linear-debtrank"   equity over equity before the shock (`equity_before` of each party)
    "merton"            default at maturity; recovery times what Eisenberg and Noe would pay
    "merton-furfine"    default at maturity, fixed recovery
    "black-cox"         default as soon as equity reaches zero, fixed recovery
  "sigma" (of the logarithm of outside assets, over the unit of time) and "recovery" (0 to 1) where the valuation has them: for all, or of each party in "parties", as may be the valuation itself.
Debts within the network have one rank; what is owed outside may be equal or come before.

JSON out: {"parties": [{"id", "equity_book", "equity_first", "equity", "unit_value"}], "equities": [[...]], "rounds", "residual"}. `equities` has a list for each round, book values first; equities are signed; `unit_value` is what one unit of claim on the party is worth."#,
    example: "\
Examples:
  keiretsu calc network banks.json
  keiretsu calc network banks.json --format json",
    options: &[],
    run,
};

/// Limit of rounds with equities shown; the last is always shown.
const ROUNDS_SHOWN: usize = 1000;
/// Numbers that the rounds shown hold in all.
const NUMBERS_SHOWN: usize = 1_000_000;

static VALUATIONS: [(&str, Kind); 18] = [
    ("eisenberg-noe", Kind::EisenbergNoe),
    ("furfine", Kind::Furfine),
    ("linear-debtrank", Kind::LinearDebtRank),
    ("merton", Kind::Merton),
    ("merton-furfine", Kind::MertonFurfine),
    ("black-cox", Kind::BlackCox),
    ("en", Kind::EisenbergNoe),
    ("debtrank", Kind::LinearDebtRank),
    ("linear", Kind::LinearDebtRank),
    ("linear-dr", Kind::LinearDebtRank),
    ("merton-eisenberg-noe", Kind::Merton),
    ("merton-en", Kind::Merton),
    ("furfine-merton", Kind::MertonFurfine),
    ("exante-en-merton-gbm", Kind::Merton),
    ("exante-furfine-merton-gbm", Kind::MertonFurfine),
    ("exante-en-blackcox-gbm", Kind::BlackCox),
    ("exante-blackcox", Kind::BlackCox),
    ("exante-merton", Kind::Merton),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    EisenbergNoe,
    Furfine,
    LinearDebtRank,
    Merton,
    MertonFurfine,
    BlackCox,
}

impl Kind {
    fn has_recovery(self) -> bool {
        !matches!(self, Kind::EisenbergNoe | Kind::LinearDebtRank)
    }

    fn has_sigma(self) -> bool {
        matches!(self, Kind::Merton | Kind::MertonFurfine | Kind::BlackCox)
    }
}

#[derive(Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the answer")]
struct Equities {
    parties: Vec<Party>,
    equities: Vec<Vec<f64>>,
    rounds: u32,
    residual: f64,
}

#[derive(Serialize)]
struct Party {
    id: String,
    equity_book: f64,
    equity_first: f64,
    equity: f64,
    unit_value: f64,
}

#[derive(Default)]
struct Given {
    web: NetworkInput,
    valuations: Vec<Valuation>,
    senior: bool,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let given = read(request, &faults).unwrap_or_default();
    faults.none()?;
    value(&given).map(|equities| Box::new(equities) as Box<dyn MethodAnswer>).map_err(|error| {
        let positive = "a party valued before maturity has no outside assets";
        let what = if error == ValuationError::NotPositive { positive } else { "the sums are too large" };
        CalcError::no_answer(what, "")
    })
}

fn read(request: &Request, faults: &Faults) -> Option<Given> {
    let tree = web::json(request, "this method reads JSON; see --help", faults)?;
    let mut known = vec!["parties", "debts", "holdings", "default_costs", "solution"];
    known.extend(["valuation", "recovery", "sigma"]);
    let root = JsonObject::root(&tree, &known, faults);
    for key in ["holdings", "default_costs"].into_iter().filter(|key| root.has(key)) {
        root.fault(key, "has no place in a valuation", "leave it out; `recovery` says what default costs");
    }
    let least = root.one_of("solution", &[("greatest", false), ("least", true)]);
    if least == Some(true) {
        root.fault("solution", "only the greatest is computed", "leave it out");
    }
    let mut given = Given::default();
    let whole = Defaults {
        kind: root.one_of("valuation", &VALUATIONS),
        recovery: root.number("recovery", NumberRange::Fraction),
        sigma: root.number("sigma", NumberRange::Positive),
    };
    let mut valuations = Vec::new();
    let more = ["valuation", "recovery", "sigma", "equity_before"];
    given.web.parties(&root, &more, faults, |record| valuations.push(whole.of(record)));
    given.valuations = valuations;
    given.web.claims(&root, faults);
    given.senior = outside_is_senior(&given.web, faults);
    Some(given)
}

/// The defaults for all parties.
struct Defaults {
    kind: Option<Kind>,
    recovery: Option<f64>,
    sigma: Option<f64>,
}

impl Defaults {
    fn of(&self, record: &JsonObject<'_>) -> Valuation {
        let kind = record.one_of("valuation", &VALUATIONS).or(self.kind).unwrap_or_else(|| {
            record.fault("valuation", "is missing", "give one for all: \"valuation\": \"eisenberg-noe\"");
            Kind::EisenbergNoe
        });
        let recovery =
            record.number("recovery", NumberRange::Fraction).or(self.recovery).unwrap_or_else(|| {
                if kind.has_recovery() {
                    record.fault("recovery", "is missing", "the share that is paid in default, from 0 to 1");
                }
                0.0
            });
        let sigma = record.number("sigma", NumberRange::Positive).or(self.sigma).unwrap_or_else(|| {
            if kind.has_sigma() {
                record.fault("sigma", "is missing", "the volatility of outside assets, such as 0.02");
            }
            1.0
        });
        match kind {
            Kind::EisenbergNoe => Valuation::EisenbergNoe,
            Kind::Furfine => Valuation::Furfine { recovery },
            Kind::LinearDebtRank => Valuation::LinearDebtRank {
                equity_before: record.need("equity_before", NumberRange::Positive),
            },
            Kind::Merton => Valuation::Merton { sigma, recovery },
            Kind::MertonFurfine => Valuation::MertonFurfine { sigma, recovery },
            Kind::BlackCox => Valuation::BlackCox { sigma, recovery },
        }
    }
}

/// Whether outside debt ranks before debts within the network. Anything else than senior or equal, for all
/// alike, is a fault.
fn outside_is_senior(web: &NetworkInput, faults: &Faults) -> bool {
    let rank = web.debts.first().map_or(RANK, |debt| debt.rank);
    if let Some(at) = web.debts.iter().position(|debt| debt.rank != rank) {
        let hint = "valuations know one rank of debts within the network; `keiretsu calc clear` knows many";
        faults.push(format!("debts[{at}].rank"), "differs from the first debt's", hint);
    }
    let mut owed = web.outside.iter().enumerate().filter(|(_, (amount, _))| 0.0 < *amount);
    let senior = web.outside.iter().find(|(amount, _)| 0.0 < *amount).is_some_and(|(_, other)| *other < rank);
    let odd = owed.find(|(_, (_, other))| rank < *other || (*other < rank) != senior);
    if let Some((at, (_, other))) = odd {
        let message = format!("{other} is behind debts within the network, or not as for other parties");
        faults.push(
            format!("parties[{at}].outside_rank"),
            message,
            format!("give all parties {rank} (beside those debts), or all a lower rank (before them)"),
        );
    }
    senior
}

fn value(given: &Given) -> Result<Equities, ValuationError> {
    let web = &given.web;
    let sheets = web.assets.iter().zip(&web.outside).zip(&given.valuations);
    let sheet = |((assets, outside), valuation): ((&f64, &(f64, u32)), &Valuation)| BalanceSheet {
        assets: *assets,
        debts: outside.0,
        valuation: *valuation,
    };
    let sheets: Vec<BalanceSheet> = sheets.map(sheet).collect();
    let claim = |debt: &keiretsu_methods::clearing::Debt| CreditExposure {
        creditor: debt.creditor,
        debtor: debt.debtor,
        amount: debt.amount,
    };
    let claims: Vec<CreditExposure> = web.debts.iter().map(claim).collect();
    let outside = if given.senior { OutsideDebt::Senior } else { OutsideDebt::Equal };
    let shown = ROUNDS_SHOWN.min(NUMBERS_SHOWN / web.names.len().max(1)).max(2);
    let mut equities: Vec<Vec<f64>> = Vec::new();
    let valued = value_network(&sheets, &claims, outside, |round| {
        equities.truncate(shown - 1);
        equities.push(round.to_vec());
    })?;
    Ok(answer(web, &valued, equities))
}

fn answer(web: &NetworkInput, valued: &Valued, equities: Vec<Vec<f64>>) -> Equities {
    let party = |(at, id): (usize, &String)| Party {
        id: id.clone(),
        equity_book: equities.first().map_or(0.0, |book| book[at]),
        equity_first: valued.equity_first[at],
        equity: valued.equity[at],
        unit_value: valued.unit_value[at],
    };
    let parties = web.names.list().iter().enumerate().map(party).collect();
    Equities { parties, equities, rounds: valued.rounds, residual: valued.residual }
}

impl Tabular for Equities {
    fn tables(&self) -> Vec<Table> {
        let amount = |key, title| Column::number(key, Unit::Number { digits: 4 }).titled(title);
        let columns = vec![
            Column::text("id"),
            amount("equity_book", "equity by the books"),
            amount("equity_first", "after one round"),
            amount("equity", "equity"),
            Column::number("unit_value", Unit::Share).titled("worth of a claim on it"),
        ];
        let mut table = Table::new("network", "Equities that agree with each other", columns);
        for party in &self.parties {
            let numbers = [party.equity_book, party.equity_first, party.equity, party.unit_value];
            let numbers = numbers.into_iter().map(Cell::exact);
            table.push(std::iter::once(Cell::text(&party.id)).chain(numbers).collect());
        }
        table.note(format!(
            "{} rounds; the last one changed nothing by more than {:.1e}",
            self.rounds, self.residual
        ));
        vec![table]
    }
}
