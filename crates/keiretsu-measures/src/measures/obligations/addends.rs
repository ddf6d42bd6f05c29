//! What adjusted debt is made of: each addend with its kind, its contract or report, and whether it counts.

use keiretsu_contracts::side::Commitment;
use keiretsu_model::{PartyRef, Report, Standing};
use keiretsu_program::{Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Dimension, Set, Value};

use super::hidden::begins;
use crate::measures::commitments::Weighed;
use crate::present_value::Discounting;
use crate::{Seen, Subject};

/// The kinds of addend, in the order of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Reported,
    Loan,
    Lease,
    NotBegun,
    Renewal,
    Residual,
    Guarantee,
    Backstop,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Reported => "debt as reported",
            Self::Loan => "loan",
            Self::Lease => "lease begun",
            Self::NotBegun => "lease not begun",
            Self::Renewal => "renewal",
            Self::Residual => "residual value",
            Self::Guarantee => "guarantee",
            Self::Backstop => "backstop",
        }
    }

    /// Whether it counts with its limit, whatever of it may be called.
    fn is_at_limit(self) -> bool {
        matches!(self, Self::Residual | Self::Guarantee | Self::Backstop)
    }
}

/// Why a contract does not count of which another one is the larger alternative.
pub(super) const OTHER_ALTERNATIVE: &str = "no: the other alternative counts";

/// What may be called up to a limit, at the limit.
fn at_limit(value: &Value) -> Value {
    match value.amount() {
        Some(most) if value.set().high <= most => {
            let limit = Value::exact(most);
            if value.is_vague() { limit.vaguely() } else { limit }
        }
        _ => value.clone(),
    }
}

/// An addend of the adjusted debt of a party.
#[derive(Clone, Debug)]
pub(super) struct Addend {
    pub kind: Kind,
    /// The contract, or the report.
    pub of: String,
    pub amount: Value,
    pub discounted: Value,
    /// Why it is not in the sum; none where it is.
    pub not_counted: Option<&'static str>,
}

/// What is asked: in which reading, on what the runs saw.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub subject: &'a Subject<'a>,
    pub seen: &'a Seen<'a>,
    pub reading: Reading,
}

/// What a register that is the same in every month says.
pub(super) fn now(reg: keiretsu_program::Reg) -> Probe {
    Probe { quantity: Quantity::Register(reg), span: Span::Month }
}

impl Asked<'_> {
    /// All addends of a group.
    pub fn addends(&self, party: PartyRef) -> Vec<Addend> {
        let mut all = self.debts(party);
        let mine = |one: &&Commitment| {
            let model = self.subject.model;
            model.group(one.from) == party && model.group(one.to) != party
        };
        for one in self.subject.standing_by_party().filter(mine) {
            let binds = matches!(one.standing, Standing::Binding | Standing::Conditional) && !one.is_past();
            if let Some(kind) = self.kind(one).filter(|_| binds) {
                all.push(self.addend(kind, one));
            }
        }
        self.renewals(party, &mut all);
        all.sort_by_key(|addend| addend.kind);
        all
    }

    /// The latest debt as reported, and the loans of the model, which count where none is.
    fn debts(&self, party: PartyRef) -> Vec<Addend> {
        let (subject, model) = (self.subject, self.subject.model);
        let reported = reported(subject, party, "debt");
        let mut all = Vec::new();
        if let Some((report, figure)) = reported.and_then(|report| Some((report, report.figure()?))) {
            let amount = model.readings(figure)[self.reading].clone();
            let discounted = amount.clone();
            let (kind, of) = (Kind::Reported, report.name.clone());
            all.push(Addend { kind, of, amount, discounted, not_counted: None });
        }
        let not_counted = reported.map(|_| "no: the debt as reported counts");
        let owes = |party_of: PartyRef| model.group(party_of) == party;
        for debt in subject.side.debts.iter().filter(|debt| owes(debt.borrower) && !owes(debt.lender)) {
            if !subject.stands(debt.contract) {
                continue;
            }
            let of = subject.contract_name(debt.contract);
            let amount = self.seen.value(self.reading, now(debt.now), 0).named(&of);
            if amount.is_zero() {
                continue;
            }
            let discounted = amount.clone();
            all.push(Addend { kind: Kind::Loan, of, amount, discounted, not_counted });
        }
        all
    }

    /// The kind of a commitment that is an addend.
    fn kind(&self, one: &Commitment) -> Option<Kind> {
        let keyword = self.subject.model.contract(one.contract)?.spec.keyword;
        match keyword {
            "guarantee" if one.is_for(Tag::Guarantee) => Some(Kind::Guarantee),
            "backstop" if one.is_contingent() => Some(Kind::Backstop),
            // Renewals are read off the lease, whether or not a residual value stands beside them.
            _ if one.option_of.is_some() => None,
            "lease" if one.is_for(Tag::Rent) && one.tranche.is_some() => Some(Kind::Residual),
            "lease" if one.is_for(Tag::Rent) => {
                let begun = begins(self.subject, one).is_some_and(|day| day <= self.subject.model.as_of);
                Some(if begun { Kind::Lease } else { Kind::NotBegun })
            }
            _ => None,
        }
    }

    fn addend(&self, kind: Kind, one: &Commitment) -> Addend {
        let of = self.subject.contract_name(one.contract);
        let amount = Weighed { seen: self.seen, subject: self.subject }.left(one, self.reading);
        let amount = if kind.is_at_limit() { at_limit(&amount) } else { amount }.named(&of);
        let discounted = self.discounted(one);
        let counts = one.counted.as_ref().is_none_or(|counted| !counted[self.reading].is_zero());
        let not_counted = (one.alternative.is_some() && !counts).then_some(OTHER_ALTERNATIVE);
        Addend { kind, of, amount, discounted, not_counted }
    }

    /// The present value of what a commitment still makes due.
    fn discounted(&self, one: &Commitment) -> Value {
        let value = Discounting::of(self.subject).of_commitment(one, self.reading);
        value.within(Set::NOT_NEGATIVE).named(&self.subject.contract_name(one.contract))
    }

    /// The rent of options to renew, beside the residual values of the same leases: the larger counts.
    fn renewals(&self, party: PartyRef, all: &mut Vec<Addend>) {
        let subject = self.subject;
        for renewals in subject.side.leases.iter().filter_map(|lease| lease.renewals.as_ref()) {
            let model = subject.model;
            let mine = model.group(renewals.from) == party && model.group(renewals.to) != party;
            if !mine || renewals.is_over() || renewals.standing == Standing::Announced || renewals.is_past() {
                continue;
            }
            let of = subject.contract_name(renewals.contract);
            let amount = renewals.left(self.reading).named(&of);
            let discounted = self.discounted(renewals);
            let residual = all.iter_mut().find(|one| one.kind == Kind::Residual && one.of == of);
            let not_counted = match residual {
                None => Some("no: nothing has to be renewed"),
                Some(residual) => smaller(&amount, residual),
            };
            all.push(Addend { kind: Kind::Renewal, of, amount, discounted, not_counted });
        }
    }
}

/// Marks the smaller of two branches; gives why the renewal does not count.
fn smaller(renewal: &Value, residual: &mut Addend) -> Option<&'static str> {
    const SMALLER: &str = "no: the other branch is larger";
    const UNKNOWN: &str = "only if it is the larger branch, which is not known";
    match (renewal.amount(), residual.amount.amount()) {
        (Some(renewal), Some(guaranteed)) if renewal <= guaranteed => Some(SMALLER),
        (Some(_), Some(_)) => {
            residual.not_counted = Some(SMALLER);
            None
        }
        (None, Some(_)) => Some(UNKNOWN),
        (Some(_), None) => {
            residual.not_counted = Some(UNKNOWN);
            None
        }
        (None, None) => None,
    }
}

/// The latest report of a thing that a group has on a day: for a day or a month, of all of it, by as-of.
pub(super) fn reported<'a>(subject: &Subject<'a>, party: PartyRef, of: &str) -> Option<&'a Report> {
    let model = subject.model;
    let month = |report: &Report| {
        let (first, last) = (report.on.first, report.on.last);
        report.on.single && (first.year(), first.month()) == (last.year(), last.month())
    };
    let mine = model.reports.iter().filter(|report| {
        model.group(report.party) == party
            && report.of == of
            && report.counterparty.is_none()
            && month(report)
            && report.on.last <= model.as_of
            && report.figure().is_some_and(|stated| stated.figure.dimension == Dimension::MONEY)
    });
    mine.max_by_key(|report| report.on.last)
}
