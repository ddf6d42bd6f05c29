//! How far an answer moves with what is uncertain: one at a time, and by share of its variance.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! as_of    = 2025-12-31
//! horizon  = "12 months"
//!
//! [sources.a]
//! title = "One newspaper"
//!
//! [sources.b]
//! title = "Another newspaper"
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = { figure = "$90M to $110M", because = "an example" }
//! costs   = "cost_level"
//! because = "an example"
//!
//! [factors.cost_level]
//! start.use    = "a"
//! start.claims = [{ figure = "$60M/yr", source = "a" }, { figure = "$72M/yr", source = "b" }]
//! ```
//!
//! By hand: costs are 60 by one source and 72 by the other, and the year ends with 12 less. Cash between 90
//! and 110 moves the end by 20 from its 5% to its 95% end. As shares of variance: the two claims, each as
//! likely, have a standard deviation of 6, variance 36; the lognormal with 90 and 110 as its ends has sigma =
//! ln(110/90)/3.29 = 0.061 and mean 99.7, so a standard deviation of 6.09, variance 37.1. Shares 49% and 51%,
//! alone and in all, since the two only add; the estimates come within four points.
//!
//! ```console
//! $ keiretsu measure model sensitivity --of 'cash(lab)'
//! One at a time: what each input alone does to the answer (a local picture)
//! as of 2025-12-31
//!
//! lab.cash alone moves cash(lab) most: $30M at its lower end, $39.7M now, $50M at its upper.
//! lab.cash explains 50.7% of the variance of cash(lab), correlations counted.
//!
//!                                                       low, x   high,  answer      at      at
//! answer     input             words          why         base  x base  at low    base    high
//! ────────────────────────────────────────────────────────────────────────────────────────────
//! cash(lab)  lab.cash          $90M to $110M  words       0.9x    1.1x    $30M  $39.7M    $50M
//! cash(lab)  cost_level.start  $60M/yr        disputed      1x    1.2x  $39.7M  $39.7M  $27.7M
//!
//! Words and factors at their 5% and 95% ends, disputed figures at the least and the greatest claim,
//!   assumptions 10% less and more. Expected reading.
//!
//! Shares of the variance of the answer (Sobol), figures drawn independently
//! as of 2025-12-31
//!
//! answer     input             why        alone  with interactions
//! ────────────────────────────────────────────────────────────────
//! cash(lab)  lab.cash          words     ~53.4%             ~50.7%
//! cash(lab)  cost_level.start  disputed  ~52.5%             ~48.9%
//!
//! Estimated from 4096 runs; factors stay on their central paths.
//!
//! Shapley effects: shares of the variance where inputs hang together
//! as of 2025-12-31
//!
//! answer     input             why       effect
//! ─────────────────────────────────────────────
//! cash(lab)  lab.cash          words      50.7%
//! cash(lab)  cost_level.start  disputed   49.3%
//!
//! From the slopes between the two ends, as if the answer were linear in between; sums to 100%.
//! ```
//!
//! Watched is what `--of` names, else the lowest cash of each party that states it (`--party` limits them),
//! in the expected reading. Inputs are:
//!
//! - figures whose words leave room (`about`, ranges, `up to`), at their 5% and 95% ends;
//! - figures on which sources disagree, at the least and the greatest claim, each claim as likely;
//! - assumptions that are plain numbers, less and more by the tolerance of `about` (10% unless the model says
//!   otherwise); they have no distribution, so they stand in the first table only;
//! - factors that move at random, times the 5% and the 95% end of their mean over the run.
//!
//! The first table (a tornado) is local: one input at a time, all others at their base. The second shares the
//! variance of the answer among the figures drawn together, as Sobol (1993): by each alone, and with all
//! interactions (Saltelli et al. 2010; Jansen 1999); estimates near zero may be a little below it. Shares of
//! variance lose their meaning where inputs hang together, so factors are not in it. The third gives Shapley
//! effects (Owen 2014) over figures and factors with the correlations of the model; they sum to one. They are
//! exact for an answer that is linear in the inputs, and take the slope between the two ends for another.
//! The second table takes 1024 rows of points, each a run for every input and two more; in large models
//! fewer, down to 64.
//!
//! Absent: the shape of growth paths (curves are no parameters), interactions of factors.

mod findings;
pub(super) mod inputs;
mod points;
mod tables;

use keiretsu_methods::sensitivity::{shapley_linear_gaussian, tornado, variance_shares};
use keiretsu_model::Taken;
use keiretsu_program::{Overlay, PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Dimension, Finding, Table, TableSpec, Unit, Value};

use self::inputs::Input;
use self::points::{points, rows_of};
use self::tables::{EFFECTS, TORNADO, VARIANCE};
use crate::{Measure, Query, Runs, RunsError, Seen, Subject, WatchedQuantity};

pub struct Sensitivity;

const NAME: &str = "sensitivity";

/// Inputs among which variance is shared: those with the widest swings.
const SHARED_MAX: usize = 12;
/// Swings below this share of the widest are not shown.
const SHOWN: f64 = 1e-6;

impl Measure for Sensitivity {
    fn name(&self) -> &'static str {
        NAME
    }

    fn is_explained(&self) -> bool {
        false
    }

    fn summary(&self) -> &'static str {
        "what an answer (`--of`, else lowest cash) depends on: tornado, variance shares, Shapley effects"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&TORNADO, &VARIANCE, &EFFECTS]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, _: &Subject<'_>, _: &Query, _: &Seen<'_>) -> Vec<Table> {
        vec![]
    }

    fn adapts(
        &self,
        subject: &Subject<'_>,
        query: &Query,
        _: &Seen<'_>,
        runs: &dyn Runs,
    ) -> Result<Vec<Table>, RunsError> {
        let answers = answers(subject, query);
        let world = World { runs, answers: &answers, last: subject.program.months };
        let all = inputs::inputs(subject);
        let ends = all.iter().flat_map(|input| input.ends.map(|end| input.overlays(end)));
        let worlds: Vec<Vec<Overlay>> = [vec![]].into_iter().chain(ends).collect();
        let mut found = world.run(&worlds)?.into_iter();
        let base = found.next().unwrap_or_default();
        let found: Vec<Vec<f64>> = found.collect();
        let (ends, _) = found.as_chunks::<2>();
        let swings = Swings { subject, answers: &answers, inputs: &all, base, ends };
        let mut tables = vec![swings.tornado()];
        tables.extend(shares(&world, &swings)?);
        tables.extend(swings.effects());
        Ok(tables)
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// The watched quantities: those of the query, else the lowest cash of its parties.
fn answers(subject: &Subject<'_>, query: &Query) -> Vec<WatchedQuantity> {
    if !query.watched.is_empty() {
        return query.watched.clone();
    }
    let groups = subject.groups().into_iter();
    let wanted = groups.filter(|party| query.wants(*party) && subject.model.party(*party).record.has("cash"));
    let lowest = |party: keiretsu_model::PartyRef| WatchedQuantity {
        words: format!("lowest cash({})", subject.model.party(party).name),
        quantity: Quantity::Cash(PartyId(party.0)),
        dimension: Some(Dimension::MONEY),
        taken: Taken::Lowest,
    };
    wanted.map(lowest).collect()
}

struct World<'a> {
    runs: &'a dyn Runs,
    answers: &'a [WatchedQuantity],
    /// The last month.
    last: u32,
}

impl World<'_> {
    /// The answers in each world; NaN where unknown.
    fn run(&self, worlds: &[Vec<Overlay>]) -> Result<Vec<Vec<f64>>, RunsError> {
        let probe = |watch: &WatchedQuantity| Probe { quantity: watch.quantity, span: Span::Month };
        let probes: Vec<Probe> = self.answers.iter().map(probe).collect();
        let mut answers = Vec::with_capacity(worlds.len());
        self.runs.worlds(Reading::Expected, worlds, &probes, self.last, &mut |seen| {
            answers.push(seen.iter().zip(self.answers).map(|(months, watch)| taken(months, watch)).collect());
        })?;
        Ok(answers)
    }
}

/// The number that counts of those of all months.
fn taken(months: &[f64], watch: &WatchedQuantity) -> f64 {
    let mut all = months.iter().copied();
    match watch.taken {
        Taken::AtEnd => all.next_back().unwrap_or(f64::NAN),
        _ if months.iter().any(|x| x.is_nan()) => f64::NAN,
        Taken::Lowest => all.reduce(f64::min).unwrap_or(f64::NAN),
        Taken::Highest => all.reduce(f64::max).unwrap_or(f64::NAN),
    }
}

/// The answer of a run.
fn cell(number: f64) -> Cell {
    let known = number.is_finite();
    Cell::Value(if known { Value::exact(number) } else { Value::unknown("unknown in this run") })
}

/// The answers at both ends of each input.
struct Swings<'a> {
    subject: &'a Subject<'a>,
    answers: &'a [WatchedQuantity],
    inputs: &'a [Input],
    base: Vec<f64>,
    ends: &'a [[Vec<f64>; 2]],
}

impl Swings<'_> {
    /// How an answer's numbers are printed.
    fn unit(&self, answer: usize) -> Unit {
        match self.answers[answer].dimension {
            None => Unit::Share,
            Some(dimension) => self.subject.unit(dimension).unwrap_or(Unit::Number { digits: 3 }),
        }
    }

    /// The results of an answer at both ends of each input.
    fn ends(&self, answer: usize) -> Vec<[f64; 2]> {
        self.ends.iter().map(|[low, high]| [low[answer], high[answer]]).collect()
    }

    fn tornado(&self) -> Table {
        let mut table = self.subject.table(&TORNADO);
        for (at, watch) in self.answers.iter().enumerate() {
            if !self.base[at].is_finite() {
                table.leave_out(format!("{}: unknown in the base", watch.words));
                continue;
            }
            let ends: Vec<[f64; 2]> = self.ends(at).into_iter().map(|ends| self.known(at, ends)).collect();
            let Ok(bars) = tornado(&ends) else { continue };
            let widest = bars.first().map_or(0.0, |bar| (bar.high - bar.low).abs());
            for bar in bars.iter().filter(|bar| widest * SHOWN < (bar.high - bar.low).abs()) {
                let input = &self.inputs[bar.input];
                let times =
                    |end: f64| if input.base == 0.0 { Cell::Empty } else { Cell::exact(end / input.base) };
                table.push(vec![
                    Cell::text(&watch.words),
                    Cell::text(&input.name),
                    Cell::text(&input.words),
                    Cell::text(input.why.word()),
                    times(input.ends[0]),
                    times(input.ends[1]),
                    Cell::Unit(self.unit(at)),
                    cell(bar.low),
                    cell(self.base[at]),
                    cell(bar.high),
                ]);
            }
        }
        let about = self.subject.model.about * 100.0;
        table.note(format!(
            "Words and factors at their 5% and 95% ends, disputed figures at the least and the greatest \
             claim, assumptions {about}% less and more. Expected reading."
        ));
        for watch in self.answers {
            let words = Cell::text(&watch.words);
            if !table.rows.iter().any(|row| row[0] == words) {
                table.note(format!("{}: nothing uncertain moves it by itself.", watch.words));
            }
        }
        table
    }

    /// Both ends, an unknown one as if it did nothing.
    fn known(&self, answer: usize, ends: [f64; 2]) -> [f64; 2] {
        ends.map(|end| if end.is_finite() { end } else { self.base[answer] })
    }

    /// The inputs that move an answer most among those that pass, widest first.
    fn widest(&self, answer: usize, passes: impl Fn(&Input) -> bool) -> Vec<usize> {
        let ends = self.ends(answer);
        let swing = |at: &usize| {
            let [low, high] = self.known(answer, ends[*at]);
            (high - low).abs()
        };
        let mut list: Vec<usize> =
            (0..ends.len()).filter(|at| passes(&self.inputs[*at]) && 0.0 < swing(at)).collect();
        list.sort_by(|a, b| swing(b).total_cmp(&swing(a)));
        list.truncate(SHARED_MAX);
        list
    }

    /// Shapley effects from slopes between the two ends, with the correlations of factors.
    fn effects(&self) -> Option<Table> {
        let drawn = |input: &Input| input.factor().is_some() || input.drawn(0.5).is_some();
        let mut table = self.subject.table(&EFFECTS);
        for (at, watch) in self.answers.iter().enumerate() {
            let list = self.widest(at, drawn);
            let inputs: Vec<&Input> = list.iter().map(|input| &self.inputs[*input]).collect();
            let ends = self.ends(at);
            // Per standard deviation of the input.
            let slopes: Vec<f64> = list
                .iter()
                .map(|input| {
                    let [low, high] = self.known(at, ends[*input]);
                    (high - low) / self.inputs[*input].width()
                })
                .collect();
            let correlations = inputs::correlations(self.subject, &inputs);
            let Ok(effects) = shapley_linear_gaussian(&slopes, &correlations) else { continue };
            let mut order: Vec<usize> = (0..effects.len()).collect();
            order.sort_by(|a, b| effects[*b].total_cmp(&effects[*a]));
            for input in order {
                let of = inputs[input];
                table.push(vec![
                    Cell::text(&watch.words),
                    Cell::text(&of.name),
                    Cell::text(of.why.word()),
                    Cell::exact(effects[input]),
                ]);
            }
        }
        table.note(
            "From the slopes between the two ends, as if the answer were linear in between; sums to 100%.",
        );
        (!table.rows.is_empty()).then_some(table)
    }
}

/// Variance shares of the figures that have a distribution, for each answer.
fn shares(world: &World<'_>, swings: &Swings<'_>) -> Result<Option<Table>, RunsError> {
    let mut list: Vec<usize> = Vec::new();
    for at in 0..swings.answers.len() {
        list.extend(swings.widest(at, |input| input.drawn(0.5).is_some()));
    }
    list.sort_unstable();
    list.dedup();
    let count = list.len();
    if count < 2 {
        return Ok(None);
    }
    let rows = rows_of(swings.subject, count + 2);
    let points = points(2 * count, rows);
    let drawn = |mixed: Option<usize>, shift: usize, row: usize| -> Vec<Overlay> {
        let overlays = list.iter().enumerate().flat_map(|(k, input)| {
            let column = if mixed == Some(k) { count + k } else { shift + k };
            let input = &swings.inputs[*input];
            input.drawn(points[column][row]).map_or(vec![], |value| input.overlays(value))
        });
        overlays.collect()
    };
    // Two sets of points, then the first with each input as in the second.
    let sets = [(None, 0), (None, count)].into_iter().chain((0..count).map(|k| (Some(k), 0)));
    let worlds: Vec<Vec<Overlay>> = sets
        .flat_map(|(mixed, shift)| (0..rows).map(move |row| (mixed, shift, row)))
        .map(|(mixed, shift, row)| drawn(mixed, shift, row))
        .collect();
    let found = world.run(&worlds)?;
    let mut sets = found.chunks(rows);
    let (base, other) = (sets.next().unwrap_or_default(), sets.next().unwrap_or_default());
    let mixed: Vec<&[Vec<f64>]> = sets.collect();
    let mut table = swings.subject.table(&VARIANCE);
    for (at, watch) in swings.answers.iter().enumerate() {
        let of = |rows: &[Vec<f64>]| rows.iter().map(|row| row[at]).collect::<Vec<f64>>();
        let mixed: Vec<Vec<f64>> = mixed.iter().map(|rows| of(rows)).collect();
        let Ok(found) = variance_shares(&of(base), &of(other), &mixed) else { continue };
        let mut order: Vec<usize> = (0..count).filter(|k| 0.0 < found.total[*k]).collect();
        order.sort_by(|a, b| found.total[*b].total_cmp(&found.total[*a]));
        for k in order {
            let input = &swings.inputs[list[k]];
            table.push(vec![
                Cell::text(&watch.words),
                Cell::text(&input.name),
                Cell::text(input.why.word()),
                Cell::Value(Value::exact(found.first[k]).vaguely()),
                Cell::Value(Value::exact(found.total[k]).vaguely()),
            ]);
        }
    }
    let runs = rows * (count + 2);
    table.note(format!("Estimated from {runs} runs; factors stay on their central paths."));
    Ok((!table.rows.is_empty()).then_some(table))
}
