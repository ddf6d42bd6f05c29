//! What the answers of a model rest on: each uncertain input by the answer that it moves most.
//!
//! Inputs are those of `sensitivity`: figures in vague words at their 5% and 95% ends, disputed figures at
//! the least and the greatest claim, assumptions a tenth less and more (or as `readings.about` says), random
//! factors at their ends. Answers are the lowest cash of each party that states its cash, and what each party
//! pays each other over the whole run, in the expected reading.
//!
//! By hand: a lab with $100M of cash pays a cloud $40M a year for two years, which rests on an assumption.
//! Its lowest cash is 20; a tenth more a year makes it 12, and its payments of 80 become 88: both move by 8.
//! The cash itself, an assumption too, moves the lowest by 10 and stands first.
//!
//! Absent: joint movements, words that are no numbers, and dates; `explain` tries these for one number.

use std::collections::BTreeMap;

use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Overlay, PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, ColumnSpec, Table, TableSpec, Unit, Value};

use super::sensitivity::inputs::{Input, inputs};
use crate::{Runs, RunsError, Subject};

/// The name of the table.
pub const NAME: &str = "rests";

/// Movements below this part of an answer are none.
const STILL: f64 = 1e-6;

/// Inputs by the answer that each moves most.
pub const RESTS: TableSpec = TableSpec::new(
    NAME,
    "rests",
    "What the answers rest on, the most first",
    &[&[
        ColumnSpec::text("input", "the figure, factor or chance that is moved"),
        ColumnSpec::text("words", "its words in the text"),
        ColumnSpec::text("why", "why it is uncertain: words, disputed, assumption or factor"),
        ColumnSpec::text("answer", "the answer that it moves most"),
        ColumnSpec::unit(),
        ColumnSpec::measured("at_low", "the answer with the input at its lower end"),
        ColumnSpec::measured("base", "the answer as it is"),
        ColumnSpec::measured("at_high", "the answer with the input at its upper end"),
        ColumnSpec::measured("moves_by", "the wider of the two movements")
            .by("the greater of {at_low} - {base} and {at_high} - {base}, without their signs"),
    ]],
)
.filled_by("assumptions on which a number rests");

/// The answers that are watched, and how each is read from the probes.
struct Answers {
    probes: Vec<Probe>,
    cash: Vec<(String, usize)>,
    paid: Vec<(String, Vec<usize>)>,
}

impl Answers {
    fn of(subject: &Subject<'_>) -> Self {
        let mut probes = Vec::new();
        let mut cash = Vec::new();
        for party in subject.groups() {
            if subject.model.party(party).record.has("cash") {
                cash.push((format!("lowest cash of {}", subject.title(party)), probes.len()));
                probes.push(Probe { quantity: Quantity::Cash(PartyId(party.0)), span: Span::Month });
            }
        }
        let mut pairs: BTreeMap<(PartyRef, PartyRef), Vec<usize>> = BTreeMap::new();
        for (at, flow) in subject.program.flows.iter().enumerate() {
            let [from, to] = [flow.from, flow.to].map(|party| subject.model.group(PartyRef(party.0)));
            if from != to && from != PartyRef::OUTSIDE && to != PartyRef::OUTSIDE {
                pairs.entry((from, to)).or_default().push(probes.len());
                probes.push(Probe { quantity: Quantity::Payment(FlowId(at as u32)), span: Span::Whole });
            }
        }
        let named = |((from, to), flows): ((PartyRef, PartyRef), Vec<usize>)| {
            (format!("payments of {} to {}", subject.title(from), subject.title(to)), flows)
        };
        Self { probes, cash, paid: pairs.into_iter().map(named).collect() }
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.cash.iter().map(|(name, _)| name).chain(self.paid.iter().map(|(name, _)| name))
    }

    /// Every answer in a world; NaN where unknown.
    fn read(&self, seen: &[Vec<f64>]) -> Vec<f64> {
        let lowest = |(_, at): &(String, usize)| {
            let months = &seen[*at];
            let known = months.iter().all(|cash| cash.is_finite());
            if known { months.iter().copied().fold(f64::INFINITY, f64::min) } else { f64::NAN }
        };
        let paid = |(_, flows): &(String, Vec<usize>)| -> f64 {
            flows.iter().map(|at| seen[*at].iter().sum::<f64>()).sum()
        };
        self.cash.iter().map(lowest).chain(self.paid.iter().map(paid)).collect()
    }
}

/// The table of what the answers rest on.
///
/// # Errors
/// [`RunsError`].
pub fn table(subject: &Subject<'_>, runs: &dyn Runs) -> Result<Table, RunsError> {
    let answers = Answers::of(subject);
    let all = inputs(subject);
    let ends = all.iter().flat_map(|input| input.ends.map(|end| input.overlays(end)));
    let worlds: Vec<Vec<Overlay>> = [vec![]].into_iter().chain(ends).collect();
    let mut found: Vec<Vec<f64>> = Vec::with_capacity(worlds.len());
    if !answers.probes.is_empty() {
        let last = subject.program.months;
        runs.worlds(Reading::Expected, &worlds, &answers.probes, last, &mut |seen| {
            found.push(answers.read(seen));
        })?;
    }
    let mut table = subject.table(&RESTS);
    let Some((base, ends)) = found.split_first() else { return Ok(table) };
    let names: Vec<&String> = answers.names().collect();
    let (ends, _) = ends.as_chunks::<2>();
    let mut moved: Vec<Moved<'_>> =
        all.iter().zip(ends).filter_map(|(input, ends)| Moved::most(input, base, ends)).collect();
    moved.sort_by(|one, other| other.by.total_cmp(&one.by));
    let unit = Unit::Money(subject.model.currency);
    for Moved { input, answer, by, low, high } in moved {
        let number = |amount: f64| {
            let known = amount.is_finite();
            Cell::Value(if known { Value::exact(amount) } else { Value::unknown("unknown in this run") })
        };
        table.push(vec![
            Cell::text(&input.name),
            Cell::text(&input.words),
            Cell::text(input.why.word()),
            Cell::text(names[answer]),
            Cell::Unit(unit),
            number(low),
            number(base[answer]),
            number(high),
            number(by),
        ]);
    }
    table.note("One input at a time, in the expected reading; factors stay on their central paths.");
    Ok(table)
}

/// An input with the answer that it moves most.
struct Moved<'a> {
    input: &'a Input,
    answer: usize,
    by: f64,
    low: f64,
    high: f64,
}

impl<'a> Moved<'a> {
    fn most(input: &'a Input, base: &[f64], [low, high]: &[Vec<f64>; 2]) -> Option<Self> {
        let mut best: Option<Self> = None;
        for (answer, number) in base.iter().enumerate() {
            let (low, high) = (low[answer], high[answer]);
            let by = [low, high].map(|end| (end - number).abs()).into_iter().filter(|by| by.is_finite());
            let by = by.fold(0.0, f64::max);
            let moves = STILL * number.abs() < by;
            if moves && best.as_ref().is_none_or(|best| best.by < by) {
                best = Some(Self { input, answer, by, low, high });
            }
        }
        best
    }
}
