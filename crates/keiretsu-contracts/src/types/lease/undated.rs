//! A lease of which the text does not say when it begins, or over which time a total falls: its rent is in
//! totals and in no year, and may fall due in any month.

use keiretsu_model::Standing;
use keiretsu_program::{EstateClaim, PartyId, Tag};
use keiretsu_values::{Reading, Value};

use super::dues::is_total;
use super::terms::{Run, stated_months};
use crate::commitments::nothing;
use crate::lowering::Lowering;
use crate::side::Due;
use crate::undated::{may_fall, until_unknown};

impl Run<'_> {
    /// Whether the text says how long it runs.
    pub fn is_ended(&self) -> bool {
        stated_months(self.terms.record).is_some()
    }

    /// Whether its rent is per time and nothing says until when it runs.
    pub fn is_endless(&self) -> bool {
        let per_time = self.terms.record.figure("rent").is_some_and(|rent| rent.figure.is_endless_rate());
        per_time && !self.is_ended()
    }

    /// Its dues and what is undated beside them: where nothing says until when it runs, none to come is sure.
    pub fn until_unknown(&self, dues: Vec<Due>) -> (Vec<Due>, [Value; 3]) {
        if self.is_endless() { until_unknown(dues, &nothing()) } else { (dues, nothing()) }
    }

    /// Whether nothing dates its rent: neither a day nor a condition begins it, or it is a total without a
    /// term.
    pub fn is_undated(&self) -> bool {
        let begins = self.first.is_some() || self.terms.record.has("begins_when");
        !begins || (is_total(&self.terms) && !self.is_ended())
    }

    /// The rent of the whole first term, of that of a year or of the total that is stated.
    pub fn whole(&self, rent: [Value; 3]) -> [Value; 3] {
        let years = match (is_total(&self.terms), self.is_ended()) {
            (true, _) => return rent,
            (false, true) => self.years_in_words(&self.terms),
            (false, false) => [0; 3].map(|_| Value::undisclosed("no term is given")),
        };
        Reading::ALL.map(|reading| rent[reading].scaled(&years[reading]))
    }

    /// Notes that it runs as long as we look where no term is given.
    pub fn assume_end(&self, lowering: &mut Lowering<'_>) {
        if !self.is_ended() {
            lowering.assume(format!("{} runs to the horizon: no term is given", self.terms.contract.name));
        }
    }

    /// The rent as a flow that may come in any month, and what a default would leave of it.
    pub fn lower_undated(&self, lowering: &mut Lowering<'_>, standing: Standing) {
        let terms = &self.terms;
        let Some(stated) = terms.record.figure("rent").filter(|_| may_fall(standing)) else { return };
        let whole = self.whole(lowering.entered_readings(stated, standing));
        let first = self.first.unwrap_or(1);
        let due = lowering.some_time(whole, first);
        let flow = lowering.flow(terms, None, due, terms.obligee(), Tag::Rent);
        lowering.nothing_dates(flow);
        let rent = lowering.amount_as(terms.path("rent"), stated, &self.basis_of_rent(), standing);
        let all = if is_total(terms) {
            rent
        } else if self.is_ended() {
            let years = self.years_reg(lowering, terms);
            lowering.program.mul(rent, years)
        } else {
            let years = lowering.unread("no term is given", keiretsu_values::Set::NOT_NEGATIVE);
            lowering.program.mul(rent, years)
        };
        let amount = lowering.perhaps_still(all, first.max(1));
        let debtor = PartyId(lowering.model.group(terms.obligor()).0);
        let creditor = PartyId(terms.obligee().0);
        let rank = Lowering::rank_or(terms, terms.contract.spec.rank);
        lowering.claim(terms, EstateClaim { debtor, creditor, amount, rank, lapses: true });
    }

    fn basis_of_rent(&self) -> keiretsu_model::record::Basis {
        self.terms.record.entry("rent").map(|entry| entry.basis.clone()).unwrap_or_default()
    }
}
