//! Money in tranches: paid, due on a date, or due when a condition first holds; shared by the contract types
//! that put capital in.

mod exposure;

use keiretsu_model::record::{Record, Stated};
use keiretsu_model::{Contract, Diagnostic, Standing, Term, TermKind, When};
use keiretsu_program::{Feed, FlowId, Op, Reg, Tag};
use keiretsu_values::{Dimension, Value};

use crate::calendar::{TermMonths, last_of};
use crate::commitments::{Promise, nothing};
use crate::dated::Dated;
use crate::decided::first_held;
use crate::in_time::{Dues, Falls, Held, in_their_time};
use crate::lowering::Lowering;
use crate::side::Due;
use crate::terms::Terms;

pub(crate) use self::exposure::expose;

/// How much.
pub(crate) const AMOUNT: Term =
    Term::new("amount", TermKind::Figure(&[Dimension::MONEY]), "how much").adding().undisclosed();
/// Paid.
pub(crate) const PAID: Term = Term::new("paid", TermKind::Period, "when a source says it was paid");
/// Due on a date.
pub(crate) const ON: Term =
    Term::new("on", TermKind::Period, "when it is due; a span is spread evenly over its months")
        .undisclosed_unless(&["paid", "when", "before", "met"]);
/// Due on a condition.
pub(crate) const WHEN: Term =
    Term::new("when", TermKind::Condition, "the condition that makes it due").undisclosed_with(&["before"]);
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
pub(crate) fn check(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    for (name, _, tranche) in contract.record().tables("tranches") {
        let full = format!("{}.{name}", contract.name);
        if tranche.has("paid") && tranche.has("when") {
            let message = format!("`{full}` is both paid and conditional");
            diagnostics.push(
                Diagnostic::new("E0707", tranche.span_of("when"), message)
                    .also(tranche.span_of("paid"), "paid here")
                    .hint("what was paid has no open condition; split the tranche if a part is open"),
            );
        }
        if tranche.has("before") && tranche.has("on") {
            let message = format!("`{full}` is due on a date, and its `before` ends a condition");
            let hint = "keep one of the two";
            diagnostics.push(Diagnostic::new("E0707", tranche.span_of("before"), message).hint(hint));
        }
    }
}

/// The tranches of all versions of a contract, in the order of the text.
pub(crate) fn names<'a>(versions: &[Terms<'a>]) -> Vec<&'a str> {
    let mut all: Vec<&str> = Vec::new();
    for (name, ..) in versions.iter().flat_map(|version| version.record.tables("tranches")) {
        if !all.contains(&name.as_str()) {
            all.push(name);
        }
    }
    all
}

/// One tranche in all its versions, on its way to the program.
pub(crate) struct Tranche<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its versions, each with the months in which it holds.
    pub parts: Vec<Part<'a>>,
}

/// A tranche as one version has it.
pub(crate) struct Part<'a> {
    /// The version.
    pub version: Terms<'a>,
    /// Its terms.
    pub record: &'a Record,
}

impl<'a> Tranche<'a> {
    /// A tranche in the versions that have it.
    pub fn new(name: &'a str, versions: &[Terms<'a>]) -> Self {
        let parts = versions.iter().filter_map(|version| {
            let (.., record) = version.record.tables("tranches").iter().find(|(known, ..)| known == name)?;
            Some(Part { version: *version, record })
        });
        Self { name, parts: parts.collect() }
    }

    /// The version in force at as-of, else the first one.
    pub fn now(&self) -> Option<&Part<'a>> {
        self.parts.iter().find(|part| part.version.current).or_else(|| self.parts.first())
    }

    /// Its commitment and its flow; no flow where it was paid, lapsed, or nothing dates it.
    pub fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, tag: Tag) -> Option<FlowId> {
        let standing = self.now()?.standing(lowering);
        let (dues, open) = self.dues(lowering);
        self.promise(lowering, terms, tag, &dues, open)?;
        if matches!(standing, Standing::Lapsed | Standing::Terminated) {
            return None;
        }
        if let Some(now) = self.now().filter(|now| now.is_open(standing)) {
            lowering.assume_met(&format!("{}.{}", terms.contract.name, self.name), now.record, "when");
        }
        for held in &dues.0 {
            let fell = held.dues(lowering);
            lowering.past_dues(terms, Some(self.name), [terms.obligor(), terms.obligee()], &fell, tag);
        }
        let calendar = lowering.calendar;
        let falls = dues.0.iter().any(|held| held.dated.after(&calendar, 0) > 0.0);
        let waits = self.parts.iter().any(|part| part.waits(lowering));
        if !falls && !waits {
            return self.undated(lowering, terms, tag, open);
        }
        let dated = falls.then(|| dues.reg(lowering));
        let met = if waits { self.when_met(lowering) } else { None };
        let due = match (dated, met) {
            (Some(dated), Some(met)) => lowering.program.add(dated, met),
            (dated, met) => dated.or(met)?,
        };
        let flow = lowering.flow(terms, Some(self.name), due, terms.obligee(), tag);
        if met.is_some() {
            lowering.dated_by(terms, flow);
        }
        Some(flow)
    }

    /// What binds and nothing dates: it may fall due in any month.
    fn undated(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>, tag: Tag, open: f64) -> Option<FlowId> {
        let last = self.parts.last().filter(|_| 0.0 < open)?;
        let standing = last.standing(lowering);
        let amount = last.record.figure("amount").filter(|_| standing == Standing::Binding)?;
        let amounts = lowering.entered_readings(amount, standing).map(|value| value.times(open));
        let due = lowering.some_time(amounts, 1);
        let flow = lowering.flow(terms, Some(self.name), due, terms.obligee(), tag);
        lowering.nothing_dates(flow);
        Some(flow)
    }

    /// What falls due on dates, and the share that nothing dates.
    pub fn dues(&self, lowering: &Lowering<'_>) -> (Dues<'a>, f64) {
        let falls: Vec<(TermMonths, Falls)> = self
            .parts
            .iter()
            .map(|part| match part.dated(lowering) {
                Some(dated) => (part.version.window, Falls::Whole(dated)),
                None => (part.version.window, Falls::Undated),
            })
            .collect();
        let (dated, open) = in_their_time(&falls, &lowering.calendar);
        let held =
            self.parts.iter().zip(dated).filter_map(|(part, dated)| part.held(lowering, self.name, dated));
        (Dues(held.collect()), open)
    }

    /// Notes what it commits to: of what is paid over months, those that as-of has passed are paid.
    fn promise(
        &self,
        lowering: &mut Lowering<'_>,
        terms: &Terms<'_>,
        tag: Tag,
        dues: &Dues<'_>,
        open: f64,
    ) -> Option<()> {
        let now = self.now()?;
        let last = self.parts.last()?;
        let standing = now.standing(lowering);
        let amount = last.record.figure("amount")?;
        let undated = if open > 0.0 {
            last.readings(lowering, amount).map(|value| value.times(open))
        } else {
            nothing()
        };
        let moved = |due: &Due| due.past && standing == Standing::Binding && now.record.has("paid");
        let (paid, dues): (Vec<Due>, Vec<Due>) = dues.dues(lowering).into_iter().partition(moved);
        let (to, span) = (terms.obligee(), now.record.span_of("amount"));
        let part = Promise { tranche: Some(self.name), to, tag, standing, dues, undated, span };
        if !paid.is_empty() {
            let moved = Promise { standing: Standing::Paid, dues: paid, undated: nothing(), ..part.clone() };
            lowering.promise(terms, moved);
        }
        lowering.promise(terms, part);
        if now.is_open(standing) {
            let words = now.record.entry("when").map_or("", |entry| entry.text.as_str());
            lowering.triggered_by(terms, words, now.record.when("before"));
            if self.parts.len() == 1 {
                lowering.ever_met(terms, now.record, "when");
            }
        }
        Some(())
    }

    /// What falls due once conditions hold. Over several versions it falls due once: as the version in force
    /// has it, as far as it has not fallen due under an earlier one.
    fn when_met(&self, lowering: &mut Lowering<'_>) -> Option<Reg> {
        let so_far = (self.parts.len() > 1).then(|| lowering.program.account(0.0));
        let mut sum: Option<Reg> = None;
        let open: Vec<bool> = self.parts.iter().map(|part| part.waits(lowering)).collect();
        for (part, _) in self.parts.iter().zip(open).filter(|(_, open)| *open) {
            let Some(met) = lowering.latched(part.record, "when") else { continue };
            let rises = match so_far {
                None => lowering.program.op(Op::Rise(met)),
                Some(so_far) => {
                    let fallen = lowering.program.op(Op::Account(so_far));
                    let more = lowering.program.sub(met, fallen);
                    lowering.positive(more)
                }
            };
            let holds = lowering.active(part.version.window);
            let share = lowering.program.mul(rises, holds);
            if let Some(so_far) = so_far {
                lowering.program.feed(so_far, Feed::Value(share));
            }
            let Some(held) = part.held(lowering, self.name, Dated::default()) else { continue };
            let amount = held.amount(lowering);
            let due = lowering.program.mul(amount, share);
            sum = Some(sum.map_or(due, |sum| lowering.program.add(sum, due)));
        }
        sum
    }
}

impl<'a> Part<'a> {
    /// Where it stands.
    pub fn standing(&self, lowering: &Lowering<'_>) -> Standing {
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
            _ if self.record.has("met") || self.happened(lowering).is_some() => Standing::Binding,
            (_, _, Some(before)) if self.record.has("when") && past(before) => {
                match lowering.dated(self.record, "when") {
                    Some(_) => Standing::Conditional,
                    None => Standing::Lapsed,
                }
            }
            _ if self.record.has("when") => Standing::Conditional,
            // What has no condition binds, be its day disclosed or not.
            _ => Standing::Binding,
        };
        // To announce it again does not bring back what has lapsed.
        match self.version.standing_of(stated, derived) {
            Standing::Announced | Standing::Conditional if derived == Standing::Lapsed => derived,
            standing => standing,
        }
    }

    /// Whether it waits for a condition; to announce it does not switch that off.
    fn is_open(&self, standing: Standing) -> bool {
        let decided = self.record.has("met") || self.record.has("paid");
        let waits = matches!(standing, Standing::Conditional | Standing::Announced);
        waits && self.record.has("when") && !decided
    }

    /// Whether the run decides when it is due.
    fn waits(&self, lowering: &Lowering<'_>) -> bool {
        self.is_open(self.standing(lowering)) && self.dated(lowering).is_none()
    }

    /// When it is due, if dates say so: its own, or those of its condition.
    fn dated(&self, lowering: &Lowering<'_>) -> Option<Dated> {
        let calendar = lowering.calendar;
        if self.is_open(self.standing(lowering)) {
            let month = lowering.dated(self.record, "when")?;
            return Some(Dated::on(last_of(calendar.month(month)), 1.0));
        }
        let met = self.record.when("met");
        let dated = self.record.when("paid").or_else(|| self.record.when("on")).or(met);
        let happened = || self.happened(lowering).map(|t| Dated::on(last_of(calendar.month(t)), 1.0));
        dated.map(|when| Dated::over(&when)).or_else(happened)
    }

    /// The past month in which its condition held, where a date of the text, or of an event that happened,
    /// says so: what is met binds. What only the model meets does not.
    fn happened(&self, lowering: &Lowering<'_>) -> Option<i64> {
        let t = first_held(self.record.formula("when")?, &lowering.calendar)?;
        lowering.dated(self.record, "when").filter(|dated| t <= 0 && *dated == t)
    }

    /// Its standing as far as its amount goes.
    fn counts_as(&self, standing: Standing) -> Standing {
        if self.is_open(standing) { Standing::Conditional } else { standing }
    }

    /// Its three readings.
    fn readings(&self, lowering: &Lowering<'_>, amount: &Stated) -> [Value; 3] {
        lowering.readings(amount, self.counts_as(self.standing(lowering)))
    }

    /// Its amount with what falls due of it.
    fn held(&self, lowering: &Lowering<'_>, name: &str, dated: Dated) -> Option<Held<'a>> {
        let stated = self.record.figure("amount")?;
        let basis = self.record.entry("amount").map(|entry| entry.basis.clone()).unwrap_or_default();
        let path = self.version.path(&format!("tranches.{name}.amount"));
        let standing = self.counts_as(self.standing(lowering));
        Some(Held { path, stated, basis, standing, dated, times: Value::exact(1.0), rises: vec![] })
    }
}
