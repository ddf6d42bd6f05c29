//! Money in tranches: paid, due on a date, or due when a condition first holds; shared by the contract types
//! that put capital in.

mod exposure;

use keiretsu_model::record::{Record, Stated};
use keiretsu_model::side::Due;
use keiretsu_model::{Contract, Diagnostic, Standing, Term, TermKind, When};
use keiretsu_program::{Distribution, FlowId, Op, Reg, Slot, Tag};
use keiretsu_values::{Dimension, Value};

use crate::commitments::{Dated, Promise, dated_or_not, nothing};
use crate::lowering::{Lowering, Terms, plain_slot, sampled};

pub(crate) use self::exposure::expose;

/// How much.
pub(crate) const AMOUNT: Term =
    Term::new("amount", TermKind::Figure(&[Dimension::MONEY]), "how much").required();
/// Paid.
pub(crate) const PAID: Term = Term::new("paid", TermKind::Period, "when a source says it was paid");
/// Due on a date.
pub(crate) const ON: Term =
    Term::new("on", TermKind::Period, "when it is due; a span is spread evenly over its months");
/// Due on a condition.
pub(crate) const WHEN: Term = Term::new("when", TermKind::Condition, "the condition that makes it due");
/// The lapse of the condition.
pub(crate) const BEFORE: Term =
    Term::new("before", TermKind::Date, "the last day on which the condition can be met");
/// Where it stands.
pub(crate) const STANDING: Term = Term::new(
    "standing",
    TermKind::Choice(&["paid", "binding", "conditional", "announced", "lapsed", "terminated"]),
    "where it stands; derived where the terms say it",
);

/// What in the tranches of a contract does not fit together.
pub(crate) fn check(contract: &Contract, found: &mut Vec<Diagnostic>) {
    for (name, span, tranche) in contract.record().tables("tranches") {
        let full = format!("{}.{name}", contract.name);
        let dated = ["paid", "on", "when", "met", "standing"].iter().any(|term| tranche.has(term));
        if !dated && contract.standing.is_none() {
            found.push(
                Diagnostic::new("E0707", *span, format!("nothing says where the tranche `{full}` stands"))
                    .hint("give `paid`, `on`, `when`, or a `standing` such as \"announced\""),
            );
        }
        if tranche.has("paid") && tranche.has("when") {
            let message = format!("`{full}` is both paid and conditional");
            found.push(
                Diagnostic::new("E0707", tranche.span_of("when"), message)
                    .also(tranche.span_of("paid"), "paid here")
                    .hint("what was paid has no open condition; split the tranche if a part is open"),
            );
        }
        if tranche.has("before") && !tranche.has("when") {
            let message = format!("`before` of `{full}` ends a condition that is not there");
            let hint = "add `when`, or write the due date as `on`";
            found.push(Diagnostic::new("E0707", tranche.span_of("before"), message).hint(hint));
        }
    }
}

/// One tranche on its way to the program.
pub(crate) struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its terms.
    pub record: &'a Record,
}

impl Part<'_> {
    /// Its commitment and its flow; no flow where it was paid, lapsed, or nothing dates it.
    pub fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, tag: Tag) -> Option<FlowId> {
        let amount = self.record.figure("amount")?;
        let standing = self.standing(lowering, terms);
        let dated = self.dated(standing);
        let amounts = self.readings(lowering, amount, standing);
        self.promise(lowering, terms, tag, standing, dated.as_ref(), &amounts);
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return None;
        }
        let calendar = lowering.calendar;
        if let Some(dated) = &dated {
            let firm = amounts[0].amount().unwrap_or(f64::NAN);
            lowering.past(terms, Some(self.name), dated, firm, tag);
            if dated.is_past(&calendar) {
                return None;
            }
        }
        let share = self.share(lowering, terms, standing, dated.as_ref())?;
        let slot = self.slot(lowering, standing);
        let basis = self.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let path = terms.path(&format!("tranches.{}.amount", self.name));
        let amount = lowering.figure_as(path, amount, &basis, slot);
        let due = lowering.program.mul(amount, share);
        let flow = lowering.flow(terms, Some(self.name), due, terms.obligee(), tag);
        lowering.dated_by(terms, flow);
        Some(flow)
    }

    /// Notes what it commits to: of what is paid over months, those that as-of has passed are paid.
    fn promise(
        &self,
        lowering: &mut Lowering<'_>,
        terms: &Terms<'_>,
        tag: Tag,
        standing: Standing,
        dated: Option<&Dated>,
        amounts: &[Value; 3],
    ) {
        let (dues, undated) = dated_or_not(dated, &lowering.calendar, amounts.clone());
        let moved = |due: &Due| due.past && standing == Standing::Binding && self.record.has("paid");
        let (paid, dues): (Vec<Due>, Vec<Due>) = dues.into_iter().partition(moved);
        let (to, span) = (terms.obligee(), self.record.span_of("amount"));
        let part = Promise { tranche: Some(self.name), to, tag, standing, dues, undated, span };
        if !paid.is_empty() {
            let moved = Promise { standing: Standing::Paid, dues: paid, undated: nothing(), ..part.clone() };
            lowering.promise(terms, moved);
        }
        lowering.promise(terms, part);
        if self.is_open(standing) {
            let words = self.record.entry("when").map_or("", |entry| entry.text.as_str());
            lowering.triggered_by(terms, words, self.record.when("before"));
        }
    }

    /// Where it stands.
    fn standing(&self, lowering: &Lowering<'_>, terms: &Terms<'_>) -> Standing {
        let stated = self.record.text("standing").and_then(Standing::parse);
        let past = |when: When| lowering.calendar.is_past(&when);
        let derived = match (self.record.when("paid"), self.record.when("on"), self.record.when("before")) {
            // Seen from an earlier day, what was paid since is still owed.
            (Some(paid), ..) => {
                if past(paid) {
                    Standing::Paid
                } else {
                    Standing::Binding
                }
            }
            _ if self.record.has("met") => Standing::Binding,
            (_, _, Some(before)) if self.record.has("when") && past(before) => Standing::Lapsed,
            _ if self.record.has("when") => Standing::Conditional,
            (_, Some(_), _) => Standing::Binding,
            _ => Standing::Announced,
        };
        terms.standing_of(stated, derived)
    }

    /// Whether it waits for a condition; to announce it does not switch that off.
    fn is_open(&self, standing: Standing) -> bool {
        let decided = self.record.has("met") || self.record.has("paid");
        let waits = matches!(standing, Standing::Conditional | Standing::Announced);
        waits && self.record.has("when") && !decided
    }

    /// When it is due, if the terms say so without a condition.
    fn dated(&self, standing: Standing) -> Option<Dated> {
        let met = self.record.when("met");
        let dated = self.record.when("paid").or_else(|| self.record.when("on")).or(met);
        dated.filter(|_| !self.is_open(standing)).map(|when| Dated::over(&when))
    }

    /// Its three readings.
    fn readings(&self, lowering: &Lowering<'_>, amount: &Stated, standing: Standing) -> [Value; 3] {
        lowering.readings(amount, if self.is_open(standing) { Standing::Conditional } else { standing })
    }

    /// The share of the amount that is due in each month.
    fn share(
        &self,
        lowering: &mut Lowering<'_>,
        terms: &Terms<'_>,
        standing: Standing,
        dated: Option<&Dated>,
    ) -> Option<Reg> {
        let calendar = lowering.calendar;
        let window = terms.window;
        if let Some(dated) = dated {
            let due = |t: i64| if window.holds(t) { dated.in_month(&calendar, t) } else { 0.0 };
            return Some(lowering.program.curve_of(|t| due(i64::from(t))));
        }
        if !self.is_open(standing) {
            return None;
        }
        let condition = self.record.formula("when")?;
        let lapse = match self.record.when("before") {
            // A lapse beyond the run never comes.
            Some(before) if calendar.due(&before) <= i64::from(calendar.months) => {
                calendar.due(&before) as u32
            }
            _ => u32::MAX,
        };
        let latch = lowering.has_held(condition, lapse);
        let rise = lowering.program.op(Op::Rise(latch));
        let holds = lowering.active(window);
        Some(lowering.program.mul(rise, holds))
    }

    /// The three readings and the draw of the amount, as its standing has it.
    fn slot(&self, lowering: &Lowering<'_>, standing: Standing) -> Slot {
        let Some(stated) = self.record.figure("amount") else { return Slot::constant(f64::NAN) };
        let number = |value: &Value| value.amount().unwrap_or(f64::NAN);
        let plain = plain_slot(stated, lowering.model.about);
        match standing {
            _ if self.is_open(standing) => {
                let taken = number(&stated.taken());
                let sampled = match stated.expect {
                    Some(_) => sampled(stated, lowering.model.about),
                    None => Distribution::Point(taken),
                };
                Slot { firm: 0.0, expected: taken, headline: plain.headline, sampled }
            }
            Standing::Announced => {
                let expected = stated.expect.map_or(f64::NAN, |expect| number(&expect.expected()));
                let sampled = match stated.expect {
                    Some(_) => sampled(stated, lowering.model.about),
                    None => Distribution::Point(f64::NAN),
                };
                Slot { firm: 0.0, expected, headline: plain.headline, sampled }
            }
            _ => plain,
        }
    }
}
