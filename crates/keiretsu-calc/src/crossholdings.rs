//! `keiretsu calc crossholdings`: cross-holdings and own assets to values and waves of failure.

use keiretsu_methods::crossholdings::{Cascade, Dependency, HoldingsError};
use keiretsu_values::{Cell, Column, Table, Unit};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::limits::ORGANISATIONS_MAX;
use crate::names::Names;
use crate::record::{JsonObject, NumberRange};
use crate::{CalcError, Method, Request, web};

pub static METHOD: Method = Method {
    name: "crossholdings",
    summary: "Values of organisations that own each other, and who fails after whom",
    help: r#"Organisations own assets and shares of each other. One whose market value is strictly below its threshold fails, once, and its failure cost is taken from its assets; which may let others fail (Elliott, Golub and Jackson 2014). The best case is given: the fewest failures.

JSON in:
  {"organisations": [{"id", "threshold", "failure_cost"}],
   "holdings": [{"owner", "issuer", "share"}],
   "assets": [{"id", "price"}], "owned": [{"organisation", "asset", "share"}]}
JSON out: {"organisations": [{"id", "book_value", "market_value", "failed", "wave"}], "waves": [[...]]}.

Values are those after all failures. Book values count cross-holdings twice; market values sum to what the assets are worth. `wave` is 0 for who does not fail."#,
    example: "\
Examples:
  keiretsu calc crossholdings group.json
  keiretsu calc crossholdings group.json --format json",
    options: &[],
    run,
};

#[derive(Serialize)]
struct Valued {
    organisations: Vec<Organisation>,
    waves: Vec<Vec<String>>,
}

#[derive(Serialize)]
struct Organisation {
    id: String,
    book_value: f64,
    market_value: f64,
    failed: bool,
    wave: usize,
}

#[derive(Default)]
struct Given {
    names: Names,
    thresholds: Vec<f64>,
    costs: Vec<f64>,
    /// Row-major: the share of j held by i.
    shares: Vec<f64>,
    /// Worth of the assets that each owns.
    assets: Vec<f64>,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let given = read(request, &faults).unwrap_or_default();
    faults.none()?;
    let cascade = Dependency::new(&given.shares, given.names.len())
        .and_then(|dependency| dependency.cascade(&given.assets, &given.thresholds, &given.costs));
    match cascade {
        Ok(cascade) => Ok(Box::new(answer(&given, &cascade))),
        Err(HoldingsError::FullyHeld) => Err(CalcError::no_answer(
            "some organisations own each other completely, so that nobody outside owns them",
            "lower the shares: those of one issuer must sum to less than 1",
        )),
        Err(_) => Err(CalcError::no_answer("the sums are too large", "use a larger unit")),
    }
}

fn read(request: &Request, faults: &Faults) -> Option<Given> {
    let tree = web::json(request, "this method reads JSON; see --help", faults)?;
    let root = JsonObject::root(&tree, &["organisations", "holdings", "assets", "owned"], faults);
    let mut given = Given::default();
    for record in root.need_records("organisations", &["id", "threshold", "failure_cost"]) {
        given.names.add(&record.need_name("id"), faults, || record.place_of("id"));
        given.thresholds.push(record.need("threshold", NumberRange::Any));
        given.costs.push(record.need("failure_cost", NumberRange::Amount));
    }
    let n = given.names.len();
    if ORGANISATIONS_MAX < n {
        faults.push("organisations", format!("{n} are too many; {ORGANISATIONS_MAX} at most"), "");
        return None;
    }
    read_holdings(&root, &mut given, faults);
    read_owned(&root, &mut given, faults);
    Some(given)
}

fn read_holdings(root: &JsonObject<'_>, given: &mut Given, faults: &Faults) {
    let n = given.names.len();
    given.shares = vec![0.0; n * n];
    for record in root.need_records("holdings", &["owner", "issuer", "share"]) {
        let find = |key: &str| {
            given.names.find(&record.need_name(key), "organisation", faults, || record.place_of(key)) as usize
        };
        let (owner, issuer) = (find("owner"), find("issuer"));
        let share = record.need("share", NumberRange::Fraction);
        if record.name("owner") == record.name("issuer") && record.has("owner") {
            record.fault("issuer", "an organisation cannot hold a share of itself", "leave it out");
        } else if let Some(entry) = given.shares.get_mut(owner * n + issuer) {
            *entry += share;
        }
    }
    for j in 0..n {
        let held: f64 = (0..n).map(|i| given.shares[i * n + j]).sum();
        if 1.0 <= held {
            let message =
                format!("{held} of `{}` is held, so that nobody outside owns it", given.names.of(j));
            faults.push("holdings", message, "shares of one issuer must sum to less than 1");
        }
    }
}

fn read_owned(root: &JsonObject<'_>, given: &mut Given, faults: &Faults) {
    let (mut assets, mut prices) = (Names::default(), Vec::new());
    for record in root.need_records("assets", &["id", "price"]) {
        assets.add(&record.need_name("id"), faults, || record.place_of("id"));
        prices.push(record.need("price", NumberRange::Amount));
    }
    given.assets = vec![0.0; given.names.len()];
    let mut owned = vec![0.0; assets.len()];
    for record in root.need_records("owned", &["organisation", "asset", "share"]) {
        let (who, what) = (record.need_name("organisation"), record.need_name("asset"));
        let owner =
            given.names.find(&who, "organisation", faults, || record.place_of("organisation")) as usize;
        let asset = assets.find(&what, "asset", faults, || record.place_of("asset")) as usize;
        let share = record.need("share", NumberRange::Fraction);
        if let (Some(worth), Some(price)) = (given.assets.get_mut(owner), prices.get(asset)) {
            *worth += share * price;
            owned[asset] += share;
        }
    }
    for (name, owned) in assets.list().iter().zip(owned).filter(|(_, owned)| 1.0 + 1e-9 < *owned) {
        faults.push("owned", format!("{owned} of `{name}` is owned, more than all of it"), "");
    }
}

fn answer(given: &Given, cascade: &Cascade) -> Valued {
    let mut wave_of = vec![0; given.names.len()];
    for (wave, members) in cascade.waves.iter().enumerate() {
        for member in members {
            wave_of[*member] = wave + 1;
        }
    }
    let organisation = |(at, id): (usize, &String)| Organisation {
        id: id.clone(),
        book_value: cascade.books[at],
        market_value: cascade.values[at],
        failed: 0 < wave_of[at],
        wave: wave_of[at],
    };
    let named = |wave: &Vec<usize>| wave.iter().map(|member| given.names.of(*member).to_owned()).collect();
    Valued {
        organisations: given.names.list().iter().enumerate().map(organisation).collect(),
        waves: cascade.waves.iter().map(named).collect(),
    }
}

impl Tabular for Valued {
    fn tables(&self) -> Vec<Table> {
        let columns = vec![
            Column::text("id"),
            Column::number("book_value", Unit::Number { digits: 4 }),
            Column::number("market_value", Unit::Number { digits: 4 }),
            Column::text("failed"),
            Column::number("wave", Unit::Number { digits: 0 }),
        ];
        let mut table = Table::new("crossholdings", "Values after all failures", columns);
        for one in &self.organisations {
            table.push(vec![
                Cell::text(&one.id),
                Cell::exact(one.book_value),
                Cell::exact(one.market_value),
                Cell::text(if one.failed { "yes" } else { "no" }),
                Cell::exact(one.wave as f64),
            ]);
        }
        for (wave, members) in self.waves.iter().enumerate() {
            table.note(format!("wave {}: {}", wave + 1, members.join(", ")));
        }
        vec![table]
    }
}
