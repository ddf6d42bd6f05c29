//! What falls due to and from each borrower, line by line and period by period.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Set, Total, Value};

use super::borrowers::{Borrower, register};
use crate::{Seen, Subject};

/// A line of the table of debt service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Line {
    /// What contracts bring.
    Contracted,
    /// What contracts cost, debt and rent apart.
    Paid,
    /// The forecast of revenue.
    Revenue,
    /// The forecast of costs.
    Costs,
    Rent,
    Interest,
    Principal,
    Fees,
}

/// What is to be served on debts.
pub(super) const SERVICE: [Line; 3] = [Line::Interest, Line::Principal, Line::Fees];

/// The same, and rent.
pub(super) const FIXED_CHARGES: [Line; 4] = [Line::Interest, Line::Principal, Line::Fees, Line::Rent];

/// A flow in the line of one of its two parties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    pub flow: FlowId,
    pub party: PartyRef,
    pub other: PartyRef,
    pub line: Line,
    /// The contract that it is of; none of a forecast.
    pub contract: Option<ContractRef>,
    quantity: Quantity,
}

impl Placed {
    pub fn probe(&self, span: Span) -> Probe {
        Probe { quantity: self.quantity, span }
    }
}

/// The flows of the borrowers, each in its line.
pub(super) fn placed(subject: &Subject<'_>, borrowers: &[Borrower<'_>]) -> Vec<Placed> {
    let model = subject.model;
    // What a guarantor is called for is known once it is paid.
    let calls: BTreeSet<FlowId> = subject.program.covers.iter().map(|cover| cover.call).collect();
    let mut all = Vec::new();
    for (at, flow) in subject.program.flows.iter().enumerate() {
        let id = FlowId(at as u32);
        let ends = [flow.from, flow.to].map(|party| model.group(PartyRef(party.0)));
        if ends[0] == ends[1] || !subject.flow_stands(at) {
            continue;
        }
        let quantity = if calls.contains(&id) { Quantity::Payment(id) } else { Quantity::Due(id) };
        let contract = subject.side.flows[at].contract;
        let [out, received] = lines(subject, at);
        let mine = [(ends[0], ends[1], out), (ends[1], ends[0], received)];
        for (party, other, line) in mine {
            if let Some(line) = line.filter(|_| borrowers.iter().any(|one| one.party == party)) {
                all.push(Placed { flow: id, party, other, line, contract, quantity });
            }
        }
    }
    all
}

/// The line of a flow for its payer and for its payee.
fn lines(subject: &Subject<'_>, at: usize) -> [Option<Line>; 2] {
    let flow = &subject.program.flows[at];
    let contract = subject.side.flows[at].contract.and_then(|id| subject.model.contract(id));
    let keyword = contract.map_or("", |contract| contract.spec.keyword);
    // What the lender pays out is a draw.
    let back = contract.and_then(|contract| contract.obligee).is_some_and(|party| party.0 == flow.from.0);
    let received = Some(Line::Contracted);
    match flow.tag {
        Tag::Revenue => [None, Some(Line::Revenue)],
        Tag::Costs => [Some(Line::Costs), None],
        Tag::Interest => [Some(Line::Interest), received],
        Tag::Principal if back => [Some(Line::Principal), received],
        Tag::Fee if keyword == "loan" => [Some(Line::Fees), received],
        Tag::Rent => [Some(Line::Rent), received],
        Tag::Service | Tag::RevenueShare | Tag::Fee | Tag::Guarantee => [Some(Line::Paid), received],
        // Building is paid by those who finance it.
        Tag::Capex => [None, received],
        Tag::Principal | Tag::Equity | Tag::Raise | Tag::Estate => [None, None],
    }
}

/// The sums of a borrower in a reading, one entry for each period.
pub(super) struct Lines {
    sums: BTreeMap<Line, Vec<Total>>,
    periods: usize,
    /// Whether the model states no inflow at all: no contract that pays, and no revenue.
    silent: bool,
}

/// Nothing contracted in a model is no cover of nothing: what the party lives on may not be in the web.
const NO_INFLOW: &str = "no contract pays it, and no `revenue` is stated";

impl Lines {
    pub fn of(
        subject: &Subject<'_>,
        seen: &Seen<'_>,
        (borrower, all): (&Borrower<'_>, &[Placed]),
        reading: Reading,
        span: Span,
    ) -> Self {
        let pieces = span.pieces(subject.program);
        // A call of a guarantee is no inflow to live on.
        let pays = |placed: &&Placed| match placed.line {
            Line::Contracted => subject.program.flows[placed.flow.at()].tag != Tag::Guarantee,
            line => line == Line::Revenue,
        };
        let silent = !all.iter().filter(|placed| placed.party == borrower.party).any(|one| pays(&one));
        let mut lines = Self { sums: BTreeMap::new(), periods: pieces.len(), silent };
        // What nothing dates may fall due in any period, and once.
        let undated = |placed: &&Placed| {
            let mut open = borrower.debts.iter().filter(|debt| debt.maturity.is_none());
            placed.line == Line::Principal && open.any(|debt| Some(debt.contract) == placed.contract)
        };
        for placed in all.iter().filter(|placed| placed.party == borrower.party && !undated(placed)) {
            let name = &subject.side.flows[placed.flow.at()].name;
            for at in 0..pieces.len() {
                lines.add(placed.line, at, name, &seen.value(reading, placed.probe(span), at));
            }
        }
        for debt in borrower.debts.iter().filter(|debt| debt.maturity.is_none()) {
            let name = subject.contract_name(debt.contract);
            for (at, (first, last)) in pieces.iter().enumerate() {
                let owed =
                    (*first..=*last).map(|t| seen.value(reading, register(debt.outstanding), t as usize - 1));
                let most = owed.map(|owed| owed.set().high).fold(0.0, f64::max);
                let open = Value::unread("no maturity is stated", Set { low: 0.0, high: most });
                lines.add(Line::Principal, at, &name, &open);
            }
        }
        lines
    }

    fn add(&mut self, line: Line, at: usize, name: &str, value: &Value) {
        let periods = self.periods;
        let sums = self.sums.entry(line).or_insert_with(|| vec![Total::default(); periods]);
        if !value.is_zero() {
            sums[at].add(name, value);
        }
    }

    /// A line in a period; nothing where nothing falls due.
    pub fn value(&self, line: Line, at: usize) -> Value {
        self.sums.get(&line).map_or(Value::exact(0.0), |sums| sums[at].value())
    }

    /// Whether the line has any flow at all.
    pub fn has(&self, line: Line) -> bool {
        self.sums.contains_key(&line)
    }

    /// What of a period is unknown.
    pub fn left_out(&self, at: usize) -> impl Iterator<Item = &String> {
        self.sums.values().flat_map(move |sums| &sums[at].left_out)
    }

    /// Interest, principal and fees.
    pub fn service(&self, at: usize) -> Value {
        self.sum(&SERVICE, at)
    }

    fn sum(&self, lines: &[Line], at: usize) -> Value {
        lines.iter().fold(Value::exact(0.0), |sum, line| sum.plus(&self.value(*line, at)))
    }

    /// What contracts bring for each unit of what is to be served; none where nothing is.
    pub fn cover(&self, served: &[Line], at: usize) -> Option<Value> {
        self.ratio(&self.value(Line::Contracted, at), &self.sum(served, at))
    }

    /// What contracts bring for each unit of debt service; none where nothing is to be served.
    pub fn dscr(&self, at: usize) -> Option<Value> {
        self.cover(&SERVICE, at)
    }

    /// The same with rent among what is to be served.
    pub fn fixed_charge_cover(&self, at: usize) -> Option<Value> {
        self.cover(&FIXED_CHARGES, at)
    }

    /// What contracts and forecasts leave for debt service; none where nothing is forecast.
    pub fn cfads(&self, at: usize) -> Option<Value> {
        if !self.has(Line::Revenue) && !self.has(Line::Costs) {
            return None;
        }
        let sum = self.value(Line::Contracted, at).plus(&self.value(Line::Revenue, at));
        let out = [Line::Costs, Line::Paid, Line::Rent];
        Some(out.into_iter().fold(sum, |left, line| left.minus(&self.value(line, at))))
    }

    /// What the period leaves for principal, with the forecasts that there are.
    pub fn left_for_principal(&self, at: usize) -> Value {
        let sum = self.value(Line::Contracted, at).plus(&self.value(Line::Revenue, at));
        let out = [Line::Costs, Line::Paid, Line::Rent, Line::Interest, Line::Fees];
        let left = out.into_iter().fold(sum, |left, line| left.minus(&self.value(line, at)));
        if self.silent {
            return Value::unread(NO_INFLOW, Set { high: f64::INFINITY, ..left.set() });
        }
        left
    }

    /// Whether nothing is contracted, served or let in a period.
    pub fn is_idle(&self, at: usize) -> bool {
        let shown = [Line::Contracted, Line::Interest, Line::Principal, Line::Fees, Line::Rent];
        shown.into_iter().all(|line| self.value(line, at).is_zero())
    }

    /// What contracts and forecasts leave for each unit of debt service.
    pub fn dscr_forecast(&self, at: usize) -> Option<Value> {
        self.ratio(&self.cfads(at)?, &self.service(at))
    }

    fn ratio(&self, of: &Value, to: &Value) -> Option<Value> {
        let cover = || if self.silent { Value::unread(NO_INFLOW, Set::ALL) } else { of.divide(to) };
        (!to.is_zero()).then(cover)
    }
}
