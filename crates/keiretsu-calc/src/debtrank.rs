//! `keiretsu calc debtrank`: exposures, equity and a shock to the distress that spreads.

use keiretsu_methods::debtrank::{CreditExposure, DebtRankError, Leverage};
use keiretsu_values::{Cell, Column, Table, Unit};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::names::Names;
use crate::record::{JsonObject, NumberRange};
use crate::{CalcError, Method, Request, web};

pub static METHOD: Method = Method {
    name: "debtrank",
    summary: "How a shock to some parties spreads along exposures",
    help: r#"A party that has lost a part of its equity lets its creditors lose the same part of what they have at stake with it. In the variant of 2012 (Battiston et al.) each party passes its distress on once, and an exposure counts for no more than the equity it hits; in the linear one (Bardoscia et al. 2015) it is passed on along cycles to the end.

JSON in:
  {"parties": [{"id", "equity", "weight"?}], "exposures": [{"holder", "to", "amount"}],
   "shock": {"id": fraction of its equity lost}, "variant": "2012" or "linear"}
JSON out: {"parties": [{"id", "loss"}], "impact", "rounds"}.

The holder of an exposure loses if the other side does. `loss` is the lost fraction of equity; `impact` the mean loss by weight, less that of the shock itself. Weights are the economic value of each party in any unit; without them equity is taken."#,
    example: "\
Examples:
  keiretsu calc debtrank banks.json
  keiretsu calc debtrank banks.json --format json",
    options: &[],
    run,
};

#[derive(Serialize)]
struct Spread {
    parties: Vec<Party>,
    impact: f64,
    rounds: u32,
}

#[derive(Serialize)]
struct Party {
    id: String,
    loss: f64,
}

#[derive(Default)]
struct Given {
    names: Names,
    equity: Vec<f64>,
    weights: Vec<f64>,
    exposures: Vec<CreditExposure>,
    shock: Vec<f64>,
    linear: bool,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let given = read(request, &faults).unwrap_or_default();
    faults.none()?;
    match spread(&given) {
        Ok(spread) => Ok(Box::new(spread)),
        Err(DebtRankError::NoWeight) => {
            Err(CalcError::no_answer("all weights are zero", "give at least one party a weight above zero"))
        }
        Err(_) => Err(CalcError::no_answer(
            "an exposure divided by an equity is too large a number",
            "give both in the same unit",
        )),
    }
}

fn read(request: &Request, faults: &Faults) -> Option<Given> {
    let tree = web::json(request, "this method reads JSON; see --help", faults)?;
    let root = JsonObject::root(&tree, &["parties", "exposures", "shock", "variant"], faults);
    let mut given = Given::default();
    let (mut weights, mut weighted) = (Vec::new(), 0);
    for record in root.need_records("parties", &["id", "equity", "weight"]) {
        given.names.add(&record.need_name("id"), faults, || record.place_of("id"));
        given.equity.push(record.need("equity", NumberRange::Positive));
        weights.push(record.number("weight", NumberRange::Amount));
        weighted += usize::from(record.has("weight"));
    }
    if weighted != 0 && weighted != weights.len() {
        let lacking = weights.iter().position(Option::is_none).unwrap_or(0);
        let place = format!("parties[{lacking}].weight");
        faults.push(place, "is missing, and other parties have one", "give all parties a weight, or none");
    }
    let all: Option<Vec<f64>> = weights.into_iter().collect();
    given.weights = all.unwrap_or_else(|| given.equity.clone());
    for record in root.need_records("exposures", &["holder", "to", "amount"]) {
        let find =
            |key: &str| given.names.find(&record.need_name(key), "party", faults, || record.place_of(key));
        let (creditor, debtor) = (find("holder"), find("to"));
        let amount = record.need("amount", NumberRange::Amount);
        if record.has("to") && record.name("holder") == record.name("to") {
            record.fault("to", "a party cannot be exposed to itself", "leave this exposure out");
        }
        given.exposures.push(CreditExposure { creditor, debtor, amount });
    }
    given.shock = vec![0.0; given.names.len()];
    if !root.has("shock") {
        root.fault("shock", "is missing", "give the fraction of equity lost: {\"a\": 0.1}");
    }
    for (name, fraction) in root.amounts("shock", NumberRange::Fraction) {
        let at = given.names.find(name, "party", faults, || format!("shock.{name}")) as usize;
        if let Some(shock) = given.shock.get_mut(at) {
            *shock = fraction;
        }
    }
    if !root.has("variant") {
        root.fault("variant", "is missing", "\"2012\" passes distress on once, \"linear\" to the end");
    }
    given.linear = root.one_of("variant", &[("2012", false), ("linear", true)]).unwrap_or(false);
    Some(given)
}

fn spread(given: &Given) -> Result<Spread, DebtRankError> {
    let equity: Vec<Option<f64>> = given.equity.iter().copied().map(Some).collect();
    let leverage = Leverage::new(&given.exposures, &equity)?;
    let (losses, rounds) = if given.linear {
        let money: Vec<f64> = given.shock.iter().zip(&given.equity).map(|(h, equity)| h * equity).collect();
        let linear = leverage.distress_linear(&money)?;
        (linear.distress, linear.rounds)
    } else {
        let once = leverage.distress(&given.shock, &given.weights)?;
        (once.distress, once.rounds)
    };
    let total: f64 = given.weights.iter().sum();
    if total < f64::MIN_POSITIVE {
        return Err(DebtRankError::NoWeight);
    }
    let gained = losses.iter().zip(&given.shock).zip(&given.weights);
    let impact = gained.map(|((h, h0), weight)| (h - h0) * weight).sum::<f64>() / total;
    let parties = given.names.list().iter().zip(losses);
    let parties = parties.map(|(id, loss)| Party { id: id.clone(), loss }).collect();
    Ok(Spread { parties, impact, rounds })
}

impl Tabular for Spread {
    fn tables(&self) -> Vec<Table> {
        let columns = vec![Column::text("id"), Column::number("loss", Unit::Share).titled("equity lost")];
        let mut table = Table::new("debtrank", "What each party loses of its equity", columns);
        for party in &self.parties {
            table.push(vec![Cell::text(&party.id), Cell::exact(party.loss)]);
        }
        let percent = 100.0 * self.impact;
        table.note(format!("impact, beyond the shock itself: {percent:.4}% of all, by weight"));
        vec![table]
    }
}
