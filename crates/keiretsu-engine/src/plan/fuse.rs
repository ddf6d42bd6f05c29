//! Joins steps that are often met together into one loop, with the same arithmetic and so the same bits.
//!
//! A metered charge with a minimum, `max((a x) (b y) scale, floor)`, is six steps and one flow; joined, its
//! numbers never leave the registers of the processor; and charges that nothing but the purses reads are
//! computed and posted together, a few paths at a time. What is joined may still be read by others: then its
//! steps stay, and only the flow's own copy is joined.

use super::reuse::each_row;
use super::tape::{Code, Metered, Step, Tape};
use crate::rows::Place;

/// Joins what can be joined and drops steps without a reader. Rows from `base` on belong to
/// registers, each written by one step; `pinned` are read after the tape.
pub fn fuse(tape: &mut Tape, base: usize, count: usize, pinned: &[Place]) {
    let mut written = vec![None; count];
    for (at, step) in tape.steps.iter().enumerate() {
        if let Step::Apply { out, .. } = step
            && base <= *out
        {
            written[*out - base] = Some(at);
        }
    }
    let source = |place: Place| match place {
        Place::Row(row) if base <= row => written[row - base],
        _ => None,
    };
    for at in 0..tape.steps.len() {
        if let Step::Due(due) = tape.steps[at]
            && !due.report
            && let Some(product) = product(&tape.steps, &source, due.amount)
        {
            tape.steps[at] = Step::Metered(Metered { due, ..product });
        }
    }
    drop_unread(tape, base, count, pinned);
    gather(tape, base);
}

/// The product that an amount is, if it is one.
fn product(steps: &[Step], source: &impl Fn(Place) -> Option<usize>, amount: Place) -> Option<Metered> {
    let apply = |place: Place, wanted: Code| match steps[source(place)?] {
        Step::Apply { code, a, b, .. } if code == wanted => Some((a, b)),
        _ => None,
    };
    let (floor, inner) = match apply(amount, Code::MaxKnown) {
        Some((floor, inner @ Place::Row(_)) | (inner @ Place::Row(_), floor)) if !is_row(floor) => {
            (floor, inner)
        }
        // What is due is never negative.
        _ => (Place::Fixed(0.0), amount),
    };
    let (left, right) = apply(inner, Code::Mul)?;
    let scaled = |place: Place| match (apply(place, Code::Mul), place) {
        (Some((Place::Row(row), by) | (by, Place::Row(row))), _) if !is_row(by) => Some((by, row)),
        (_, Place::Row(row)) => Some((Place::Fixed(1.0), row)),
        _ => None,
    };
    // A rate billed by the month: one row, or the product of two, times a number.
    let (scale, (left, right)) = match (left, right) {
        (rate @ Place::Row(_), scale) | (scale, rate @ Place::Row(_)) if !is_row(scale) => {
            match apply(rate, Code::Mul) {
                Some((left, right)) if is_row(left) && is_row(right) => (scale, (left, Some(right))),
                _ => (scale, (rate, None)),
            }
        }
        _ => (Place::Fixed(1.0), (left, Some(right))),
    };
    let right = match right {
        Some(right) => Some(scaled(right)?),
        None => None,
    };
    let due = super::tape::DueStep { amount, ..super::tape::DueStep::NOTHING };
    Some(Metered { left: scaled(left)?, right, scale, floor, due })
}

/// Brings products that are only posted together, so that one loop over a few paths does many of them. Each
/// waits for the next thing that is posted, so that what a purse pays is added up in the same order.
fn gather(tape: &mut Tape, base: usize) {
    let mut waiting: Vec<Metered> = vec![];
    let mut steps = vec![];
    for step in tape.steps.drain(..) {
        if let Step::Metered(product) = step
            && is_charge(&product, base)
        {
            waiting.push(product);
            continue;
        }
        let posts = match step {
            Step::Due(due) | Step::Metered(Metered { due, .. }) => due.post.is_some(),
            _ => false,
        };
        if posts {
            flush(&mut waiting, &mut tape.charges, &mut steps);
        }
        steps.push(step);
    }
    flush(&mut waiting, &mut tape.charges, &mut steps);
    tape.steps = steps;
}

fn flush(waiting: &mut Vec<Metered>, charges: &mut Vec<Metered>, steps: &mut Vec<Step>) {
    if !waiting.is_empty() {
        steps.push(Step::Charges { first: charges.len(), count: waiting.len() });
        charges.append(waiting);
    }
}

/// Whether nothing reads what is due but those who pay and receive it, and it waits at no cost: the rows it
/// reads are there anyway.
fn is_charge(product: &Metered, base: usize) -> bool {
    let due = &product.due;
    let there = product.left.1 < base && product.right.is_none_or(|right| right.1 < base);
    there && due.out.is_none() && due.ended == [None; 2] && due.post.is_some()
}

fn is_row(place: Place) -> bool {
    matches!(place, Place::Row(_))
}

/// Steps without a reader, from the last to the first.
fn drop_unread(tape: &mut Tape, base: usize, count: usize, pinned: &[Place]) {
    let mut read = vec![false; count];
    for place in pinned {
        if let Place::Row(row) = *place
            && base <= row
        {
            read[row - base] = true;
        }
    }
    let mut kept = vec![];
    for mut step in tape.steps.drain(..).rev() {
        if let Step::Apply { out, .. } = step
            && base <= out
            && !read[out - base]
        {
            continue;
        }
        each_row(&mut step, &mut |row| {
            if base <= *row {
                read[*row - base] = true;
            }
        });
        kept.push(step);
    }
    kept.reverse();
    tape.steps = kept;
}

#[cfg(test)]
mod tests {
    use keiretsu_maths::moves::BLOCK;
    use keiretsu_program::{
        Builder, Factor, Month, Op, Paths, Probe, Process, Program, Quantity, Reg, RunSpec, Slot, Span, Tag,
    };

    use super::*;
    use crate::plan::Plan;

    const MONTHS: u32 = 30;

    fn factor(program: &mut Builder, volatility: f64) -> Reg {
        let (start, volatility) = (program.constant(1.0), program.constant(volatility));
        let growth = program.curve(vec![1.0; MONTHS as usize + 1]);
        let factor = program.factor(Factor { start, growth, process: Process::Geometric { volatility } });
        program.op(Op::Factor(factor))
    }

    /// As text lowers it: usage counts beyond the firm reading, and is billed by the month.
    fn charge(program: &mut Builder, usage: Reg, minimum: f64) -> Reg {
        let a_month = program.curve_of(|t| f64::from(t % 3));
        let usage = program.mul(usage, a_month);
        let counts = program.slot(Slot { firm: 0.0, ..Slot::constant(1.0) });
        let (counts, nothing) = (program.read(counts), program.number(0.0));
        let counted = program.op(Op::Choose { when: counts, then: usage, otherwise: nothing });
        let minimum = program.number(minimum);
        program.max(counted, minimum)
    }

    /// Charges of one row and of two, and between them a payment that is no charge.
    fn web() -> (Program, Vec<Probe>, Vec<Probe>) {
        let mut program = Builder::new(Month::new(2025, 12), MONTHS);
        let parties = [program.party(), program.party(), program.party()];
        let (x, y) = (factor(&mut program, 0.3), factor(&mut program, 0.9));
        let rate = program.number(7.1);
        let rated = program.mul(rate, x);
        let both = program.mul(rated, y);
        let sum = program.add(x, y);
        let amounts = [
            charge(&mut program, both, 5.0),
            charge(&mut program, rated, 6.0),
            sum,
            charge(&mut program, y, 0.1),
        ];
        let flow = |(at, amount): (usize, Reg)| {
            program.flow(amount, parties[at % 3], parties[(at + 1) % 3], Tag::Service)
        };
        let flows: Vec<_> = amounts.into_iter().enumerate().map(flow).collect();
        let probe = |quantity| Probe { quantity, span: Span::Month };
        let net = parties.iter().map(|party| probe(Quantity::Net(*party))).collect();
        let due = flows.iter().map(|flow| probe(Quantity::Due(*flow))).collect();
        (program.finish(), net, due)
    }

    fn spec(probes: Vec<Probe>) -> RunSpec {
        RunSpec::paths(Paths { seed: 3, first: 0, count: 700, exact_limit: 1000 }, probes)
    }

    #[test]
    fn charges_read_from_text_are_posted_together_in_their_order() {
        let (program, net, _) = web();
        let spec = spec(net);
        let plan = Plan::new(&program, &spec, BLOCK).expect("the program is sound");
        let runs: Vec<(usize, usize)> = plan
            .tape
            .steps
            .iter()
            .filter_map(|step| match step {
                Step::Charges { first, count } => Some((*first, *count)),
                _ => None,
            })
            .collect();
        assert_eq!(runs, [(0, 2), (2, 1)], "{:?}", plan.tape.steps);
        let rows: Vec<bool> = plan.tape.charges.iter().map(|charge| charge.right.is_some()).collect();
        assert_eq!(rows, [true, false, false]);
    }

    #[test]
    fn a_charge_has_the_same_bits_whether_it_is_watched_or_not() {
        let (program, net, due) = web();
        let plain = crate::run(&program, &spec(net.clone()), 1).expect("it runs");
        let watched = crate::run(&program, &spec([net, due].concat()), 1).expect("it runs");
        assert_eq!(plain.series, watched.series[..plain.series.len()]);
        // The minimum of the first charge binds at times, and at times does not.
        let first = &watched.series[plain.series.len()];
        assert!(first.mean.iter().all(|mean| *mean >= 5.0), "{:?}", first.mean);
        assert!(first.mean[28] > 7.0, "{:?}", first.mean);
    }
}
