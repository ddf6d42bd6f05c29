//! What a reading saw, as payments by month between groups: past flows on their dates, then the run.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_methods::circularity::FlowWeb;
use keiretsu_methods::circularity::monthly::{MonthFlows, MonthlyWeb, OUTSIDE, Payment};
use keiretsu_methods::circularity::{CircularityError, Flow};
use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, PartyId, PastFlow, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::Value;

use super::purchases;
use crate::{Seen, Subject, shares};

/// Payments of a reading by month.
pub(super) struct Flows {
    pub web: MonthlyWeb,
    /// Number of months before the first one run; the last of them has no payments and holds the opening
    /// cash.
    pub months_before: usize,
    /// Parties without stated opening cash.
    pub unstated: Vec<bool>,
    /// All flows of all months, and flows across the border.
    pub whole: Result<FlowWeb, CircularityError>,
    /// The place of each party in `whole`, if it has one.
    pub places: Vec<Option<usize>>,
    /// Of the payments of a month from one party to another, the part that buys something: capital and debt
    /// apart. Absent where there are none.
    trade: BTreeMap<(usize, u32, u32), (f64, f64)>,
    /// Receipts of each party in the run, capital and debt apart: from the web, and from outside.
    pub received: Vec<[Value; 2]>,
    /// Total sent, by pair.
    sent: BTreeMap<(u32, u32), Value>,
    /// Parties of which some payment or the cash is open.
    pub open: Vec<bool>,
}

/// The probes.
pub(super) fn needs(subject: &Subject<'_>) -> Vec<Probe> {
    let flows = (0..subject.program.flows.len() as u32).map(|flow| Quantity::Payment(FlowId(flow)));
    let parties = subject.tied().into_iter().map(|group| PartyId(group.0));
    let of_party = |party| [Quantity::Cash(party), Quantity::Net(party), Quantity::Raised(party)];
    let all = flows.clone().chain(parties.flat_map(of_party));
    let months = all.map(|quantity| Probe { quantity, span: Span::Month });
    months.chain(flows.map(|quantity| Probe { quantity, span: Span::Whole })).collect()
}

/// Whether a payment is revenue of its payee.
pub(super) fn is_revenue(tag: Tag) -> bool {
    !matches!(tag, Tag::Equity | Tag::Principal | Tag::Raise | Tag::Estate)
}

impl Flows {
    pub fn of(subject: &Subject<'_>, seen: &Seen<'_>, reading: Reading) -> Result<Self, CircularityError> {
        Builder::new(subject, seen, reading).flows()
    }

    /// Total sent by a party, to another only if given.
    pub fn sent(&self, from: u32, to: Option<u32>) -> Value {
        let mine = self.sent.iter().filter(|((payer, payee), _)| {
            *payer == from && *payee != OUTSIDE && to.is_none_or(|to| to == *payee)
        });
        let mine: Vec<Value> = mine.map(|(_, amount)| amount.clone()).collect();
        shares::sum(&mine)
    }

    /// The pairs of which one sends the other anything, known or not.
    pub fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        self.sent.keys().copied().filter(|(payer, payee)| *payer != OUTSIDE && *payee != OUTSIDE)
    }

    /// The parties that money of one can pass on its way back, whatever the order in time; open payments
    /// count as much as others.
    pub fn ways_back(&self, from: u32, to: Option<u32>) -> BTreeSet<u32> {
        let edges = || self.sent.keys().filter(|(payer, payee)| *payer != OUTSIDE && *payee != OUTSIDE);
        let first = edges().filter(|(payer, payee)| *payer == from && to.is_none_or(|to| to == *payee));
        let mut out: BTreeSet<u32> = first.map(|(_, payee)| *payee).collect();
        let mut back: BTreeSet<u32> =
            edges().filter(|(_, payee)| *payee == from).map(|(payer, _)| *payer).collect();
        loop {
            let met = out.len() + back.len();
            let on = edges().filter(|(payer, payee)| out.contains(payer) && *payee != from);
            let on: Vec<u32> = on.map(|(_, payee)| *payee).collect();
            out.extend(on);
            let to_it = edges().filter(|(payer, payee)| back.contains(payee) && *payer != from);
            let to_it: Vec<u32> = to_it.map(|(payer, _)| *payer).collect();
            back.extend(to_it);
            if met == out.len() + back.len() {
                break;
            }
        }
        out.intersection(&back).copied().collect()
    }

    /// All payments.
    pub fn paid(&self) -> Value {
        let web = self.sent.iter().filter(|((payer, payee), _)| *payer != OUTSIDE && *payee != OUTSIDE);
        let web: Vec<Value> = web.map(|(_, amount)| amount.clone()).collect();
        shares::sum(&web)
    }

    /// The part of a month's payments between two parties that is revenue.
    pub fn revenue_part(&self, at: usize, from: u32, to: u32) -> f64 {
        match self.trade.get(&(at, from, to)) {
            Some((revenue, all)) if 0.0 < *all => revenue / all,
            _ => 0.0,
        }
    }
}

struct Builder<'a> {
    subject: &'a Subject<'a>,
    seen: &'a Seen<'a>,
    reading: Reading,
    groups: Vec<PartyRef>,
    /// Parties, and one through which estates and guarantees pay.
    parties: usize,
    months: Vec<MonthFlows>,
    trade: BTreeMap<(usize, u32, u32), (f64, f64)>,
    received: Vec<[Value; 2]>,
    sent: BTreeMap<(u32, u32), Value>,
    open: Vec<bool>,
}

impl<'a> Builder<'a> {
    fn new(subject: &'a Subject<'a>, seen: &'a Seen<'a>, reading: Reading) -> Self {
        let parties = subject.model.parties.len() + 1;
        let (groups, trade) = (subject.tied(), BTreeMap::new());
        Self {
            subject,
            seen,
            reading,
            groups,
            parties,
            months: vec![],
            trade,
            received: vec![[Value::exact(0.0), Value::exact(0.0)]; parties],
            sent: BTreeMap::new(),
            open: vec![false; parties],
        }
    }

    fn flows(mut self) -> Result<Flows, CircularityError> {
        let opening = self.opening();
        let unstated: Vec<bool> = opening.iter().map(|cash| !cash.is_finite()).collect();
        let left = self.past(&opening);
        let kept: Vec<f64> =
            opening.iter().map(|cash| if cash.is_finite() { cash.max(0.0) } else { 0.0 }).collect();
        self.months.push(MonthFlows { kept, ..MonthFlows::default() });
        let months_before = self.months.len();
        (0..self.subject.program.months as usize).for_each(|at| self.run(at));
        // Of cash that nobody states, nothing is known at any time.
        for month in &mut self.months {
            month.open.extend((0..unstated.len()).filter(|party| unstated[*party]).map(|party| party as u32));
        }
        self.values();
        let places = self.places();
        let whole = self.whole(&opening, &left, &places);
        let web = MonthlyWeb::new(self.parties, &self.months)?;
        let Self { trade, received, sent, open, .. } = self;
        Ok(Flows { web, months_before, unstated, whole, places, trade, received, sent, open })
    }

    fn series(&self, quantity: Quantity) -> &'a [f64] {
        &self.seen.series(self.reading, Probe { quantity, span: Span::Month }).mean
    }

    /// Stated cash at as-of; NaN where it is not stated. Cash of outside is never known.
    fn opening(&self) -> Vec<f64> {
        let mut opening = vec![0.0; self.parties];
        for group in &self.groups {
            let party = PartyId(group.0);
            let stated = self.subject.program.parties[party.at()].cash.is_some();
            let first = |quantity| self.series(quantity).first().copied().unwrap_or(0.0);
            let cash = first(Quantity::Cash(party)) - first(Quantity::Net(party));
            opening[group.at()] = if stated { cash } else { f64::NAN };
        }
        opening
    }

    fn index(&self, party: PartyId) -> u32 {
        let group = self.subject.model.group(PartyRef(party.0));
        if group == PartyRef::OUTSIDE { OUTSIDE } else { group.0 }
    }

    /// Whether a payment is one of those that anything ties to others.
    fn concerns(&self, payer: u32, payee: u32) -> bool {
        let is_tied = |party: u32| self.groups.binary_search(&PartyRef(party)).is_ok();
        is_tied(payer) || is_tied(payee)
    }

    /// Past flows month by month with cash counted from zero, and the cash they leave. A party is open in
    /// them unless they explain its cash at as-of to the last dollar.
    fn past(&mut self, opening: &[f64]) -> Vec<f64> {
        let program = self.subject.program;
        let past = purchases::past(self.subject, self.reading).into_iter().map(|(past, _)| past);
        let past: Vec<PastFlow> =
            past.filter(|past| 0.0 < past.amount && past.month <= program.origin).collect();
        let mut cash = vec![0.0; self.parties];
        let Some(first) = past.iter().map(|past| past.month.0).min() else { return cash };
        let mut below = vec![false; self.parties];
        for number in first..=program.origin.0 {
            let mut month = MonthFlows::default();
            for flow in past.iter().filter(|flow| flow.month.0 == number) {
                let (payer, payee) = (self.index(flow.from), self.index(flow.to));
                if payer != payee && self.concerns(payer, payee) {
                    month.payments.push(Payment { payer, payee, amount: flow.amount });
                    self.note_trade(payer, payee, flow.tag, flow.amount);
                }
            }
            move_cash(&mut cash, &month.payments);
            below.iter_mut().zip(&cash).for_each(|(below, cash)| *below |= *cash < 0.0);
            month.kept = cash.iter().map(|cash| cash.max(0.0)).collect();
            self.months.push(month);
        }
        let explained = |party: usize| (cash[party] - opening[party]).abs() <= 1e-9 * cash[party].abs();
        let open = (0..self.parties).filter(|party| below[*party] || !explained(*party));
        let open: Vec<u32> = open.map(|party| party as u32).collect();
        self.months.iter_mut().for_each(|month| month.open.clone_from(&open));
        cash
    }

    fn note_trade(&mut self, payer: u32, payee: u32, tag: Tag, amount: f64) {
        let entry = self.trade.entry((self.months.len(), payer, payee)).or_default();
        entry.1 += amount;
        if is_revenue(tag) {
            entry.0 += amount;
        }
    }

    /// Totals sent and received with their possible ranges, and the parties with open ones.
    fn values(&mut self) {
        let program = self.subject.program;
        for (past, amount) in purchases::past(self.subject, self.reading) {
            if past.month <= program.origin {
                self.send(self.index(past.from), self.index(past.to), &amount);
            }
        }
        for (at, terms) in program.flows.iter().enumerate() {
            let probe = Probe { quantity: Quantity::Payment(FlowId(at as u32)), span: Span::Month };
            let amount = self.seen.sum(self.reading, probe, usize::MAX);
            // What falls once may fall in any month, and is sent once.
            let whole = self.seen.value(self.reading, Probe { span: Span::Whole, ..probe }, 0);
            let amount = if amount.set().is_point() { amount } else { amount.within(whole.set()) };
            let (payer, payee) = (self.index(terms.from), self.index(terms.to));
            self.send(payer, payee, &amount);
            if is_revenue(terms.tag) && payee != OUTSIDE && payer != payee {
                let sum = &mut self.received[payee as usize][usize::from(payer == OUTSIDE)];
                *sum = sum.plus(&amount);
            }
        }
        for group in self.groups.clone() {
            let party = PartyId(group.0);
            for quantity in [Quantity::Cash(party), Quantity::Net(party), Quantity::Raised(party)] {
                let probe = Probe { quantity, span: Span::Month };
                let open = |at| !self.seen.value(self.reading, probe, at).set().is_point();
                self.open[group.at()] |= (0..program.months as usize).any(open);
            }
        }
    }

    fn send(&mut self, payer: u32, payee: u32, amount: &Value) {
        if payer == payee || amount.is_zero() {
            return;
        }
        for party in [payer, payee].into_iter().filter(|party| *party != OUTSIDE) {
            self.open[party as usize] |= !amount.set().is_point();
        }
        let sum = self.sent.entry((payer, payee)).or_insert(Value::exact(0.0));
        *sum = sum.plus(amount);
    }

    /// A month of the run.
    fn run(&mut self, at: usize) {
        let program = self.subject.program;
        let mut month = MonthFlows { kept: vec![0.0; self.parties], ..MonthFlows::default() };
        for (flow, terms) in program.flows.iter().enumerate() {
            let amount = self.series(Quantity::Payment(FlowId(flow as u32)))[at];
            let (payer, payee) = (self.index(terms.from), self.index(terms.to));
            if payer != payee && self.concerns(payer, payee) && 0.0 < amount && amount.is_finite() {
                month.payments.push(Payment { payer, payee, amount });
                self.note_trade(payer, payee, terms.tag, amount);
            }
        }
        for group in self.groups.clone() {
            let raised = self.series(Quantity::Raised(PartyId(group.0)))[at];
            if 0.0 < raised && raised.is_finite() {
                month.payments.push(Payment { payer: OUTSIDE, payee: group.0, amount: raised });
            }
            let cash = self.series(Quantity::Cash(PartyId(group.0)))[at];
            month.kept[group.at()] = if cash.is_finite() { cash.max(0.0) } else { 0.0 };
        }
        self.through_estates(at, &mut month);
        self.months.push(month);
    }

    /// Receipts and payments beyond the flows of the program, such as those of estates. Their payers are not
    /// watched, so any party that paid such money may be one.
    fn through_estates(&self, at: usize, month: &mut MonthFlows) {
        let mut flows = vec![0.0; self.parties];
        move_cash(&mut flows, &month.payments);
        let volume: f64 = month.payments.iter().map(|payment| payment.amount).sum();
        let pool = self.parties as u32 - 1;
        for group in &self.groups {
            let rest = self.series(Quantity::Net(PartyId(group.0)))[at] - flows[group.at()];
            if rest.abs() <= 1e-6 + 1e-9 * volume || !rest.is_finite() {
                continue;
            }
            let (payer, payee) = if rest < 0.0 { (group.0, pool) } else { (pool, group.0) };
            month.payments.push(Payment { payer, payee, amount: rest.abs() });
            month.open.push(pool);
        }
    }

    /// Those that pay or are paid, numbered.
    fn places(&self) -> Vec<Option<usize>> {
        let mut places = vec![None; self.parties];
        for payment in self.months.iter().flat_map(|month| &month.payments) {
            for party in [payment.payer, payment.payee].into_iter().filter(|party| *party != OUTSIDE) {
                places[party as usize] = Some(0);
            }
        }
        for (place, known) in places.iter_mut().flatten().enumerate() {
            *known = place;
        }
        places
    }

    /// All flows in one window. Opening cash comes in, closing cash stays; the unexplained difference of
    /// receipts and payments crosses the border.
    fn whole(
        &self,
        opening: &[f64],
        left: &[f64],
        places: &[Option<usize>],
    ) -> Result<FlowWeb, CircularityError> {
        let n = places.iter().flatten().count();
        let mut flows = vec![];
        let (mut inflows, mut outflows) = (vec![0.0; n], vec![0.0; n]);
        let place = |party: u32| places.get(party as usize).copied().flatten();
        for payment in self.months.iter().flat_map(|month| &month.payments) {
            match (place(payment.payer), place(payment.payee)) {
                (None, Some(payee)) => inflows[payee] += payment.amount,
                (Some(payer), None) => outflows[payer] += payment.amount,
                (Some(payer), Some(payee)) => {
                    flows.push(Flow { payer: payer as u32, payee: payee as u32, amount: payment.amount });
                }
                (None, None) => {}
            }
        }
        let stated = (0..self.parties).filter(|party| opening[*party].is_finite());
        for (party, place) in stated.filter_map(|party| Some((party, places[party]?))) {
            inflows[place] += (opening[party] - left[party]).max(0.0);
            outflows[place] += self.months.last().map_or(0.0, |month| month.kept[party]);
        }
        Ok(FlowWeb::new(&flows, &inflows, &outflows)?.balanced())
    }
}

fn move_cash(cash: &mut [f64], payments: &[Payment]) {
    for payment in payments {
        if let Some(cash) = cash.get_mut(payment.payer as usize) {
            *cash -= payment.amount;
        }
        if let Some(cash) = cash.get_mut(payment.payee as usize) {
            *cash += payment.amount;
        }
    }
}
