//! `keiretsu calc irr`: dated or periodic flows to every internal rate of return, multiples, and comparisons
//! with an index.

mod flows;

use keiretsu_methods::irr::{self, Irr, IrrError, Verdict};
use keiretsu_methods::returns;
use keiretsu_values::{Cell, Column, ColumnKind, Table, Unit, Value};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::limits::IRR_DAYS_MAX;
use crate::{CalcError, Method, Opt, Request};
use flows::Flows;

pub static METHOD: Method = Method {
    name: "irr",
    summary: "All internal rates of return, multiples, public-market equivalents",
    help: r#"Finds every rate above -100% at which flows have a present value of zero, and says whether it is the only one: flows that change sign more than once may have several rates, or none, and then no single one says what they earn.

CSV in: date,amount, or amount alone for equal periods; dates as 2026-04-21; paid in is negative.
JSON in:
  {"flows": [{"date"?, "amount"}], "day_count"?, "nav"?, "index"?: [a level for each flow]}
Day counts: act/365 (the default), act/360, act/364, act/365.25, act/act, 30/360, 30/360 US, 30E/360, 30E+/360, 30E/360 ISDA, 28E/336, nl/365, nl/360, bus/252.

JSON out: {"roots": [...], "verdict": "unique", "several" or "none", "unwritten"?, "moic", "dpi", "tvpi", "rvpi"}. Rates are fractions per year, or per period. `nav`, what is still held, counts as received with the last flow. With an index also "ks_pme", "direct_alpha" and "pme_plus". What has no meaning is null, such as multiples where nothing was paid in."#,
    example: "\
Examples:
  keiretsu calc irr flows.csv
  keiretsu calc irr flows.csv --nav 20 --day-count act/act --format json
  cat flows.csv | keiretsu calc irr -",
    options: &[
        Opt::new("day-count", "NAME", "With CSV: how days become years, such as act/act"),
        Opt::new("nav", "AMOUNT", "With CSV: what is still held, on the day of the last flow"),
    ],
    run,
};

#[derive(Serialize)]
struct Returns {
    roots: Vec<f64>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "is_none")]
    unwritten: usize,
    #[serde(skip)]
    touching: usize,
    moic: Option<f64>,
    dpi: Option<f64>,
    tvpi: Option<f64>,
    rvpi: Option<f64>,
    #[serde(flatten)]
    against: Option<Against>,
    #[serde(skip)]
    dated: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_none(count: &usize) -> bool {
    *count == 0
}

/// Public-market equivalents.
#[derive(Serialize)]
struct Against {
    ks_pme: Option<f64>,
    direct_alpha: Option<f64>,
    pme_plus: Option<f64>,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let flows = flows::read(request, &faults).unwrap_or_default();
    if let Some(what) = too_long(&flows) {
        faults.push("flows", what, "sum them by month, or by quarter");
    }
    faults.none()?;
    solve(&flows).map(|returns| Box::new(returns) as Box<dyn MethodAnswer>).map_err(|error| {
        let why = match error {
            IrrError::AllZero => "all flows are zero, or cancel day by day, so that every rate would do",
            IrrError::Empty => "there is no flow",
            _ => "the amounts are too large, or too far apart",
        };
        CalcError::no_answer(why, "")
    })
}

/// Why all rates cannot be found in good time.
fn too_long(flows: &Flows) -> Option<String> {
    let signs = flows.amounts.iter().filter(|amount| 0.0 < amount.abs()).map(|amount| *amount < 0.0);
    let changes = signs.clone().zip(signs.skip(1)).filter(|(one, next)| one != next).count();
    let days = match &flows.years {
        Some(years) => 1 + years.windows(2).filter(|pair| pair[0] < pair[1]).count(),
        None => flows.amounts.len(),
    };
    (IRR_DAYS_MAX < days && 1 < changes).then(|| {
        format!(
            "flows of {days} days that change sign {changes} times are too many; {IRR_DAYS_MAX} days at most"
        )
    })
}

fn solve(flows: &Flows) -> Result<Returns, IrrError> {
    let mut with_nav = flows.amounts.clone();
    if let Some(last) = with_nav.last_mut() {
        *last += flows.nav;
    }
    let found = match &flows.years {
        Some(years) => irr::irr_at(years, &with_nav)?,
        None => irr::irr(&with_nav)?,
    };
    let multiples = returns::multiples(&flows.amounts, flows.nav).ok();
    Ok(Returns {
        verdict: found.verdict.word(),
        unwritten: found.unwritten,
        touching: found.touching,
        roots: found.rates,
        moic: multiples.map(|multiples| multiples.moic),
        dpi: multiples.map(|multiples| multiples.dpi),
        tvpi: multiples.map(|multiples| multiples.tvpi),
        rvpi: multiples.map(|multiples| multiples.rvpi),
        against: flows.index.as_deref().map(|index| against(flows, index)),
        dated: flows.years.is_some(),
    })
}

fn against(flows: &Flows, index: &[f64]) -> Against {
    let Flows { amounts, nav, years, .. } = flows;
    let only = |found: Result<Irr, IrrError>| {
        found.ok().filter(|found| found.verdict == Verdict::OneRate)?.rates.first().copied()
    };
    let (alpha, plus) = match years {
        Some(years) => (
            returns::direct_alpha_at(years, amounts, *nav, index),
            returns::pme_plus_at(years, amounts, *nav, index),
        ),
        None => (returns::direct_alpha(amounts, *nav, index), returns::pme_plus(amounts, *nav, index)),
    };
    let ks_pme = returns::pme_kaplan_schoar(amounts, *nav, index).ok();
    Against { ks_pme, direct_alpha: only(alpha), pme_plus: only(plus) }
}

/// Rates nearer to -100% than this are shown as -100%.
const SHOWN_MIN: f64 = 1e-3;

impl Returns {
    fn verdict_notes(&self) -> Vec<String> {
        let mut notes = vec![match (self.verdict, self.touching) {
            ("unique", 0) => "there is exactly one rate above -100%".to_owned(),
            ("unique", _) => {
                "there is one rate, at which the present value touches zero and does not cross it: \
                 amounts that differ by a rounding may have two, or none"
                    .to_owned()
            }
            ("several", _) => {
                "there are several rates: none of them alone says what the flows earn".to_owned()
            }
            _ => "there is no rate above -100%".to_owned(),
        }];
        for rate in self.roots.iter().filter(|rate| 1.0 + **rate < SHOWN_MIN) {
            notes.push(format!("the rate shown as -100% is {:.1e} above it", 1.0 + rate));
        }
        if 0 < self.unwritten {
            let count = self.unwritten;
            notes.push(format!("{count} of them so near to -100%, or so large, that no number holds it"));
        }
        notes
    }
}

impl Tabular for Returns {
    fn tables(&self) -> Vec<Table> {
        let per = if self.dated { "per year" } else { "per period" };
        let columns = vec![
            Column::text("what"),
            Column::new("unit", ColumnKind::Unit),
            Column::new("value", ColumnKind::Measured),
        ];
        let mut table = Table::new("irr", "What the flows earned", columns);
        for root in &self.roots {
            let what = format!("internal rate of return, {per}");
            table.push(vec![Cell::text(what), Cell::Unit(Unit::Share), Cell::exact(*root)]);
        }
        let mut row = |what: &str, value: Option<f64>, unit| {
            let value = value.map_or(Value::unknown("has no meaning here"), Value::exact);
            table.push(vec![Cell::text(what), Cell::Unit(unit), Cell::Value(value)]);
        };
        row("received, of what was paid in (DPI)", self.dpi, Unit::Multiple);
        row("still held, of what was paid in (RVPI)", self.rvpi, Unit::Multiple);
        row("both (TVPI, MOIC)", self.tvpi, Unit::Multiple);
        if let Some(against) = &self.against {
            row("against the index (KS-PME)", against.ks_pme, Unit::Multiple);
            row("direct alpha", against.direct_alpha, Unit::Share);
            row("PME+", against.pme_plus, Unit::Share);
        }
        self.verdict_notes().into_iter().for_each(|note| table.note(note));
        vec![table]
    }
}
