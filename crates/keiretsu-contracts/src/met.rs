//! Conditions that held before as-of: what dates, numbers, stated paths and the power of contracts decide of
//! past months, so that what a condition made due is past, from whatever day one looks.
//!
//! Invariant: what stands at as-of only says nothing of the past here.
//! Absent: what was paid, and cash; the past of a factor without a path.

use keiretsu_model::formula::{ContractReading, Formula, Node, Operator};
use keiretsu_model::record::Record;
use keiretsu_model::{ContractRef, Process};
use keiretsu_program::ROUNDING;
use keiretsu_values::Value;

use crate::calendar::HISTORY;
use crate::decided::{decided_by, first_held};
use crate::lowering::Lowering;
use crate::terms::versions;
use crate::then::value_then;

impl Lowering<'_> {
    /// Whether a condition holds in a month, where dates decide it, or before the run also numbers and
    /// stated paths.
    pub(crate) fn decided_then(&self, formula: &Formula, t: i64) -> Option<bool> {
        decided_by(formula, &self.calendar, t, &|part, t| self.compared(part, t))
    }

    /// A comparison in a past month.
    fn compared(&self, formula: &Formula, t: i64) -> Option<bool> {
        let Node::Binary(operator, a, b) = &formula.node else { return None };
        if 0 < t || !self.is_of_the_past(formula) {
            return None;
        }
        let [a, b] = [a, b].map(|side| value_then(side, self, t)?.amount());
        let (a, b) = (a?, b?);
        let near = ROUNDING * a.abs().max(b.abs());
        match operator {
            Operator::AtLeast => Some(b - near <= a),
            Operator::AtMost => Some(a <= b + near),
            Operator::MoreThan => Some(b + near < a),
            Operator::LessThan => Some(a < b - near),
            _ => None,
        }
    }

    /// Whether all that a formula reads has a past of its own.
    fn is_of_the_past(&self, formula: &Formula) -> bool {
        match &formula.node {
            Node::Factor(factor) => match (self.past_formula(*factor), &self.model.factors[factor.at()]) {
                (Some(inner), _) => self.is_of_the_past(inner),
                (None, known) => {
                    matches!(known.process, Process::Constant) || !known.record.by_year("path").is_empty()
                }
            },
            _ => formula.parts().into_iter().all(|part| self.is_of_the_past(part)),
        }
    }

    /// The month in which a condition of a record first holds, perhaps before the run, where dates decide it,
    /// or for past months numbers and stated paths. `None` also where its `before` comes first.
    pub(crate) fn dated(&self, record: &Record, term: &str) -> Option<i64> {
        let t = self.first_met(record.formula(term)?)?;
        let lapse = record.when("before").map_or(i64::MAX, |before| self.calendar.due(&before));
        (t <= lapse).then_some(t)
    }

    fn first_met(&self, formula: &Formula) -> Option<i64> {
        if let Some(t) = first_held(formula, &self.calendar) {
            return Some(t);
        }
        let first = self.may_change(formula)?.max(-HISTORY);
        // What has always held began on no date.
        if 0 < first || self.decided_then(formula, first - 1)? {
            return None;
        }
        for t in first..=0 {
            if self.decided_then(formula, t)? {
                return Some(t);
            }
        }
        None
    }

    /// Notes that numbers and stated paths say that a condition of a record was met before as-of.
    pub(crate) fn assume_met(&mut self, name: &str, record: &Record, term: &str) {
        let Some(t) = self.dated(record, term).filter(|t| *t <= 0) else { return };
        if record.formula(term).is_some_and(|formula| first_held(formula, &self.calendar).is_none()) {
            let month = self.calendar.month(t);
            self.assume(format!("{name}: its condition held in {month}, as terms and stated paths have it"));
        }
    }

    /// The first month in which something that a formula reads may change.
    fn may_change(&self, formula: &Formula) -> Option<i64> {
        match &formula.node {
            Node::Date(when) => Some(self.calendar.from(when)),
            Node::Factor(factor) => match self.past_formula(*factor) {
                Some(inner) => self.may_change(inner),
                None => self.path_begins(*factor),
            },
            Node::OfContract(ContractReading::Capacity, contract, _) => {
                let versions = &self.model.contract(*contract)?.versions;
                let from = |record: &Record| record.when("from").map(|from| self.calendar.from(&from));
                versions.iter().filter_map(|version| from(&version.record)).min()
            }
            Node::Lag(part, months) => self.may_change(part).map(|t| t + i64::from(*months)),
            _ => formula.parts().into_iter().filter_map(|part| self.may_change(part)).min(),
        }
    }

    /// The power of a contract in a past month, where numbers and dates decide it.
    pub(crate) fn power_then(&self, contract: ContractRef, t: i64) -> Option<Value> {
        let known = self.model.contract(contract)?;
        let kind = self.type_of(known)?;
        let all = versions(contract, known, &self.calendar);
        let parts = all.iter().filter_map(|terms| kind.power_then(self, terms, t));
        parts.reduce(|sum, part| sum.plus(&part))
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, committed, same};

    const CAMPUS: &str = "[contracts.campus]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        usage = \"$0/month\"\n";

    fn round(campus: &str, tranche: &str) -> String {
        format!(
            "{CAMPUS}{campus}\n[contracts.r]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
             tranches.t = {{ amount = \"$10M\", {tranche} }}"
        )
    }

    #[test]
    fn a_condition_that_power_met_before_as_of_is_not_met_again() {
        let campus = "from = \"2025-06\"\nuntil = \"2027-05\"\ncapacity = { power = \"2 GW\" }";
        let text = round(campus, "when = \"capacity(campus) >= 1 GW\", before = 2028-12-31");
        check(&text, "expected", "");
        same(&committed(&text, "expected"), &[10.0, 0.0]);
        same(&committed(&text, "firm"), &[0.0, 0.0]);
        // What was met before its last day has not lapsed.
        let lapsed = round(campus, "when = \"capacity(campus) >= 1 GW\", before = 2025-08-31");
        same(&committed(&lapsed, "expected"), &[10.0, 0.0]);
        // By hand: 2 GW come in over 24 months, so that 1 GW stands from the twelfth, May 2026, on.
        let ramp = campus.replace("\"2 GW\"", "\"2 GW\", ramp = \"linear\"");
        let text = round(&ramp, "when = \"capacity(campus) >= 1 GW\"");
        check(&text, "expected", "2026-05  a -> b  $10.0M  equity");
    }

    #[test]
    fn what_a_date_of_the_text_has_met_binds() {
        // By hand: the event of August and the day in September have passed at the end of December 2025; a
        // day to come has not, and one after the last day never counts.
        let happened = "[events.e]\nhappened = 2025-08-10\n";
        for (when, firm) in [
            ("when = \"e\"", 10.0),
            ("when = \"2025-09-30\"", 10.0),
            ("when = \"2026-03-31\"", 0.0),
            ("when = \"e\", before = 2025-07-31", 0.0),
        ] {
            let text = format!("{happened}{}", round("from = \"2026-06\"\nuntil = \"2027-05\"", when));
            same(&committed(&text, "firm"), &[firm, 0.0]);
            check(&text, "firm", "");
        }
    }

    #[test]
    fn a_condition_that_a_stated_path_met_before_as_of_is_not_met_again() {
        let path = "[factors.f]\npath = { 2025-09 = \"1\", 2025-11 = \"3\", later = \"3\" }\n";
        let campus = "from = \"2026-06\"\nuntil = \"2027-05\"";
        let text = format!("{path}{}", round(campus, "when = \"f >= 2\""));
        check(&text, "expected", "");
        same(&committed(&text, "expected"), &[10.0, 0.0]);
        // level stands at as-of only, so that nothing says when it reached half of that.
        let now = round(campus, "when = \"level >= $0.5M\"");
        check(&now, "expected", "2026-01  a -> b  $10.0M  equity");
    }

    #[test]
    fn a_loan_drawn_on_what_power_met_before_as_of_comes_back_and_is_not_drawn_again() {
        let campus = "from = \"2025-06\"\nuntil = \"2027-05\"\ncapacity = { power = \"2 GW\" }";
        let text = format!(
            "{CAMPUS}{campus}\n[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
             amount = \"$10M\"\nrate = \"0%\"\nwhen = \"capacity(campus) >= 1 GW\"\nmaturity = \"2026-03\""
        );
        check(&text, "expected", "2026-03  b -> a  $10.0M  principal");
    }

    #[test]
    fn power_of_a_lease_is_of_the_past_as_well() {
        let lease = "[contracts.site]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n\
                     rent = \"$0/month\"\n\
                     from = \"2025-06\"\nterm = \"2 years\"\ncapacity = \"2 GW\"\n";
        let text = format!("{lease}{}", round("", "when = \"capacity(site) >= 1 GW\""));
        same(&committed(&text, "expected"), &[10.0, 0.0]);
    }
}
