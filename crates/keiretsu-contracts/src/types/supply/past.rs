//! What a supply contract billed before as-of: its run from its start at its stated terms, with factors as
//! their paths state them, else as they stand at as-of. That is an assumption, and listed as one.

use keiretsu_program::Reg;
use keiretsu_values::Currency;

use super::bill::beyond_firm;
use super::plan::Plan;
use crate::calendar::TermMonths;
use crate::lowering::Lowering;

/// Where a contract stands at as-of.
pub(super) struct Begun {
    /// What was billed and counts against the running base.
    pub in_period: Reg,
    /// What periods that are over require of the running base.
    pub required: Reg,
    /// What fell due from a month on.
    pub since: Reg,
}

/// A stretch of past months that ends with a bill, with as-of, or before a month that is asked for.
#[derive(Clone, Copy)]
struct Piece {
    first: i64,
    last: i64,
}

impl Plan<'_> {
    /// Where the contract stands at as-of.
    pub fn begun(&self, lowering: &mut Lowering<'_>) -> Begun {
        let books = lowering.books;
        self.begun_since(lowering, 1, books)
    }

    /// The same with what fell due from month `from` up to as-of, in the books of who asks.
    pub fn begun_since(&self, lowering: &mut Lowering<'_>, from: i64, asked: Option<Currency>) -> Begun {
        let zero = lowering.program.number(0.0);
        let mut begun = Begun { in_period: zero, required: zero, since: zero };
        let pieces = self.pieces(lowering, from, asked);
        let used = self.deals.iter().any(|deal| deal.record.has("usage"));
        if let (Some(now), true) = (self.now(), used && !pieces.is_empty()) {
            let name = now.terms.contract.name.as_str();
            lowering.assume(format!("{name}: use before as-of was as its terms say"));
        }
        for piece in pieces {
            if self.base(piece.first) == piece.first - 1 {
                (begun.in_period, begun.required) = (zero, zero);
            }
            let billed = self.pass(lowering, piece, &mut begun);
            if from <= piece.first {
                let billed = lowering.carried(billed, asked, piece.last);
                begun.since = lowering.program.add(begun.since, billed);
            }
        }
        if self.base(1) == 0 {
            (begun.in_period, begun.required) = (zero, zero);
        }
        begun
    }

    /// Lets a piece of the past go by; gives what it billed.
    fn pass(&self, lowering: &mut Lowering<'_>, piece: Piece, begun: &mut Begun) -> Reg {
        let settles = self.settles_for(piece.last);
        let owed_by_then = settles.and_then(|settles| self.fell_due(lowering, settles));
        let required = match owed_by_then {
            Some(due) => lowering.program.add(begun.required, due),
            None => begun.required,
        };
        let open = lowering.program.sub(required, begun.in_period);
        let room = lowering.positive(open);
        let mut billed = match self.used(lowering, piece) {
            Some(usage) => {
                let within = lowering.program.min(usage, room);
                beyond_firm(lowering, usage, within)
            }
            None => lowering.program.number(0.0),
        };
        if settles == Some(piece.last) {
            // All of what is then required has been billed, as use or as a shortfall.
            billed = lowering.program.max(billed, room);
            begun.required = required;
        }
        begun.in_period = lowering.program.add(begun.in_period, billed);
        billed
    }

    /// The past months of the contract, cut after each bill, before `from`, and where rates of exchange
    /// change.
    fn pieces(&self, lowering: &Lowering<'_>, from: i64, asked: Option<Currency>) -> Vec<Piece> {
        let term = self.term();
        let end = term.last.min(0);
        let starts = self.deals.iter().map(|deal| deal.held.first - 1);
        let records = self.deals.iter().flat_map(|deal| lowering.currencies_in(deal.record));
        let currencies: Vec<Currency> = records.chain(asked).collect();
        let past = TermMonths { first: term.first, last: end };
        let rates = lowering.stretches(&currencies, past).into_iter().map(|months| months.first - 1);
        let settled = self.settled_by(end).iter().copied();
        let mut cuts: Vec<i64> = settled.chain(starts).chain(rates).chain([from - 1, end]).collect();
        cuts.retain(|cut| (term.first..=end).contains(cut));
        cuts.sort_unstable();
        cuts.dedup();
        let firsts = std::iter::once(term.first).chain(cuts.iter().map(|cut| cut + 1));
        firsts.zip(&cuts).map(|(first, last)| Piece { first, last: *last }).collect()
    }

    /// What fell due in a past month without use, at the minimum of as-of.
    fn fell_due(&self, lowering: &mut Lowering<'_>, t: i64) -> Option<Reg> {
        let mut sum: Option<Reg> = None;
        for deal in &self.deals {
            let share = self.falls_due(deal, t);
            if share.abs() <= 0.0 {
                continue;
            }
            let minimum = lowering.then(t.min(0), |lowering| deal.minimum_reg(lowering))?;
            let minimum = lowering.at_start(minimum);
            let share = lowering.program.number(share);
            let part = lowering.program.mul(minimum, share);
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
        sum
    }

    /// What was used in a piece of the past.
    fn used(&self, lowering: &mut Lowering<'_>, piece: Piece) -> Option<Reg> {
        let mut sum: Option<Reg> = None;
        for deal in &self.deals {
            let (first, last) = (piece.first.max(deal.held.first), piece.last.min(deal.held.last));
            if last < first {
                continue;
            }
            let usage = |lowering: &mut Lowering<'_>| {
                let usage = deal.usage_a_month(lowering)?;
                Some(lowering.positive(usage))
            };
            let months: Vec<i64> = (first..=last).collect();
            let Some(part) = lowering.sum_before(&months, deal.record, &["usage", "price"], usage) else {
                continue;
            };
            sum = Some(sum.map_or(part, |sum| lowering.program.add(sum, part)));
        }
        sum
    }
}
