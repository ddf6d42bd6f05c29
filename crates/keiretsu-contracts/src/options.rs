//! Rights to extend or enlarge a contract of any type: conditional until they are used, so nothing of them is
//! firm, and the headline has them at the cap.
//!
//! By hand: of "$3B, up to $7B with extensions" firm is 3 and headline 7. What an option adds falls due
//! evenly over its own months; without `from` it begins when the contract's own dues end. Nobody says how
//! likely it is that one is used without `when` or an `expect`, so what is expected of it is then unknown.
//!
//! Absent: what a failure leaves of an option that was used; write it as an amendment.

use keiretsu_model::record::{Record, Stated};
use keiretsu_model::{ContractRef, PartyRef, Standing};
use keiretsu_program::{Distribution, FlowId, Op, Tag};
use keiretsu_values::{Dimension, Reading, Set, Value};

use crate::calendar::{TermMonths, month};
use crate::cancelling::able;
use crate::commitments::{Promise, nothing};
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::side::{Commitment, Purpose};
use crate::slots::{sampled, slot_of};
use crate::terms::{Terms, versions};

/// The term under which they stand.
pub(crate) const NAME: &str = "options";

const UNDECIDED: &str = "nothing says whether the option is used";

/// What is paid for a delivery. More of it moves money in the run; more capital would buy units, and more of
/// a loan would come back, so that an option to such is a commitment alone.
const DELIVERED: [Tag; 4] = [Tag::Service, Tag::Capex, Tag::Rent, Tag::RevenueShare];

/// One option on its way to the program.
struct Choice<'a> {
    terms: Terms<'a>,
    name: &'a str,
    record: &'a Record,
    /// What it adds to.
    whole: Vec<Commitment>,
    purpose: Purpose,
}

impl Lowering<'_> {
    /// Notes the options of all contracts.
    pub(crate) fn options(&mut self) {
        let model = self.model;
        for (id, contract) in model.known_contracts() {
            let list = contract.record().tables(NAME);
            if list.is_empty() {
                continue;
            }
            let Some(now) = versions(id, contract, &self.calendar).into_iter().find(|one| one.current) else {
                continue;
            };
            let terms = Terms { record: contract.record(), ..now };
            let owed = |one: &&Commitment| one.contract == id && one.from == terms.obligor() && !one.branch;
            let whole: Vec<Commitment> = self.side.commitments.iter().filter(owed).cloned().collect();
            let purpose = whole.first().map_or(self.pays(id), |one| one.purpose);
            for (name, _, record) in list {
                let whole = whole.clone();
                Choice { terms, name, record, whole, purpose }.lower(self);
            }
        }
    }

    /// What a contract without a commitment pays for.
    fn pays(&self, id: ContractRef) -> Purpose {
        let first = self.side.flows.iter().position(|flow| flow.contract == Some(id));
        Purpose::Flow(first.map_or(Tag::Service, |at| self.program.program().flows[at].tag))
    }
}

impl Choice<'_> {
    fn lower(&self, lowering: &mut Lowering<'_>) {
        let standing = self.standing(lowering);
        let binds = standing == Standing::Binding;
        let amounts = self.amounts(lowering, standing);
        let dated = self.dated(lowering);
        // A condition decides when it is used, and the run when that holds.
        let waits = self.record.has("when") && !binds;
        let dues = match &dated {
            Some(dated) if !waits => dated.dues(&lowering.calendar, &amounts),
            _ => vec![],
        };
        let undated = if dues.is_empty() { amounts.clone() } else { nothing() };
        let to = self.whole.first().map_or(self.terms.obligee(), |one| one.to);
        let over = standing.is_over();
        let flow = if over { None } else { self.flow(lowering, &amounts, dated.as_ref(), waits, to) };
        let tag = self.tag().unwrap_or(Tag::Fee);
        if binds && flow.is_some() {
            let pair = [self.terms.obligor(), to];
            lowering.past_dues(&self.terms, Some(self.name), pair, &dues, tag);
        }
        let span = ["amount", "total"].into_iter().find(|term| self.record.has(term));
        let span = span.map_or(self.record.span, |term| self.record.span_of(term));
        let promise = Promise { tranche: Some(self.name), to, tag, standing, dues, undated, span };
        lowering.promise(&self.terms, promise);
        if !binds {
            let when = self.record.entry("when").map_or("its holder uses it", |entry| entry.text.as_str());
            lowering.triggered_by(&self.terms, when, self.record.when("before"));
        }
        let by = able(self.terms.contract, self.record, |name| lowering.model.find_party(name));
        if let Some(last) = lowering.side.commitments.last_mut() {
            last.purpose = self.purpose;
            last.option_of = Some(by);
            last.flow = flow.filter(|_| waits);
        }
    }

    /// The tag of what it pays in the run.
    fn tag(&self) -> Option<Tag> {
        match self.purpose {
            Purpose::Flow(tag) if DELIVERED.contains(&tag) => Some(tag),
            _ => None,
        }
    }

    fn standing(&self, lowering: &Lowering<'_>) -> Standing {
        match self.terms.standing(Standing::Binding) {
            over @ (Standing::Lapsed | Standing::Terminated) => over,
            _ if self.record.has("used") => Standing::Binding,
            _ if self.record.when("before").is_some_and(|before| lowering.calendar.is_past(&before)) => {
                Standing::Lapsed
            }
            Standing::Announced => Standing::Announced,
            _ => Standing::Conditional,
        }
    }

    /// What it adds, in the three readings and the currency of the tables.
    fn amounts(&self, lowering: &Lowering<'_>, standing: Standing) -> [Value; 3] {
        let Some(stated) = self.stated() else {
            return worded_of(
                [0; 3].map(|_| Value::undisclosed("what the option adds is undisclosed")),
                standing,
            );
        };
        let said = if self.record.has("amount") {
            let months = self.term(lowering).map_or(0, TermMonths::count);
            let rate = stated.figure.dimension == Dimension::MONEY_RATE;
            let times = if rate { months as f64 / 12.0 } else { 1.0 };
            lowering.readings(stated, Standing::Binding).map(|amount| amount.times(times))
        } else {
            let total = lowering.readings(stated, Standing::Binding);
            Reading::ALL.map(|reading| {
                let had =
                    self.whole.iter().fold(Value::exact(0.0), |sum, one| sum.plus(&one.amount(reading)));
                total[reading].minus(&had).within(Set::NOT_NEGATIVE)
            })
        };
        let taken = if stated.expect.is_some() { said[1].clone() } else { said[2].clone() };
        let [firm, expected, headline] = said;
        let decided = self.record.has("when") || stated.expect.is_some();
        match standing {
            Standing::Conditional if decided => [Value::exact(0.0), taken, headline],
            Standing::Conditional | Standing::Announced => worded_of([firm, expected, headline], standing),
            Standing::Lapsed | Standing::Terminated => nothing(),
            _ => [firm, expected, headline],
        }
    }

    fn stated(&self) -> Option<&Stated> {
        self.record.figure("amount").or_else(|| self.record.figure("total"))
    }

    /// The months over which what it adds falls due.
    fn term(&self, lowering: &Lowering<'_>) -> Option<TermMonths> {
        let calendar = lowering.calendar;
        let ends = self.whole.iter().filter_map(|one| one.dues.last()).map(|due| calendar.t(month(due.on)));
        let first = match self.record.when("from") {
            Some(from) => calendar.from(&from),
            None => ends.max()? + 1,
        };
        let last = calendar.due(&self.record.when("until")?);
        (first <= last).then_some(TermMonths { first, last })
    }

    fn dated(&self, lowering: &Lowering<'_>) -> Option<Dated> {
        let term = self.term(lowering)?;
        let share = 1.0 / term.count() as f64;
        Some(Dated::by_month(term, &lowering.calendar, |_| share))
    }

    /// What falls due of it in the run, where something dates it.
    fn flow(
        &self,
        lowering: &mut Lowering<'_>,
        amounts: &[Value; 3],
        dated: Option<&Dated>,
        waits: bool,
        to: PartyRef,
    ) -> Option<FlowId> {
        let (stated, tag) = (self.stated()?, self.tag()?);
        let met = if waits { lowering.latched(self.record, "when") } else { None };
        if dated.is_none() && met.is_none() {
            return None;
        }
        let term = if self.record.has("amount") { "amount" } else { "total" };
        let basis = self.record.entry(term).map(|entry| entry.basis.clone()).unwrap_or_default();
        let drawn = match stated.expect {
            Some(_) if term == "amount" => sampled(stated, lowering.model.about),
            _ => Distribution::Point(amounts[Reading::Expected].amount().unwrap_or(f64::NAN)),
        };
        let path = self.terms.path(&format!("{NAME}.{}.{term}", self.name));
        let slot = lowering.slot(path, stated, &basis, slot_of(amounts.clone(), drawn));
        let amount = lowering.program.read(slot);
        let share = match dated {
            Some(dated) => lowering.share_due(dated),
            None => lowering.program.op(Op::Rise(met?)),
        };
        // What is not known of it is so in its months only.
        let due = match (self.term(lowering), met) {
            (Some(term), met) => {
                let share = met.map_or(share, |met| lowering.program.mul(share, met));
                let due = lowering.program.mul(amount, share);
                let mine = lowering.active(term);
                lowering.if_holds(mine, due)
            }
            (None, _) => lowering.if_holds(share, amount),
        };
        Some(lowering.flow(&self.terms, Some(self.name), due, to, tag))
    }
}

/// What stands of amounts that nothing decides.
fn worded_of([_, _, headline]: [Value; 3], standing: Standing) -> [Value; 3] {
    match standing {
        Standing::Lapsed | Standing::Terminated => nothing(),
        Standing::Paid | Standing::Binding => [0; 3].map(|_| headline.clone()),
        _ => {
            let open = Value::unread(UNDECIDED, Set::between(0.0, headline.set().high));
            [Value::exact(0.0), open, headline]
        }
    }
}

#[cfg(test)]
mod tests {
    use keiretsu_values::Reading;

    use crate::testing::{check, promised, refuses};

    const BUILD: &str = "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\n\
        from = \"2026-01\"\nminimum = \"$12M over 1 year\"\n";

    /// What the option comes to in the three readings, in millions; `NaN` where it is not known.
    fn option(terms: &str) -> [f64; 3] {
        let list = promised(&format!("{BUILD}options.more = {{ {terms} }}"));
        let more = list.iter().find(|one| one.tranche.as_deref() == Some("more")).expect("an option");
        Reading::ALL.map(|reading| more.amount(reading).amount().map_or(f64::NAN, |x| x / 1e6))
    }

    fn same(found: [f64; 3], wanted: [f64; 3]) {
        let alike = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9 || (a.is_nan() && b.is_nan());
        assert!(found.iter().zip(&wanted).all(alike), "{found:?} is not {wanted:?}");
    }

    #[test]
    fn an_option_is_nothing_firm_and_its_cap_in_the_headline() {
        same(option("amount = \"$4M\""), [0.0, f64::NAN, 4.0]);
        same(option("amount = \"up to $4M\""), [0.0, f64::NAN, 4.0]);
        // $12M, up to $16M with the extension.
        same(option("total = \"up to $16M\""), [0.0, f64::NAN, 4.0]);
        same(option("amount = { figure = \"up to $4M\", expect = \"$3M\" }"), [0.0, 3.0, 4.0]);
        same(option("amount = \"$6M/yr\", until = \"2028-12\""), [0.0, f64::NAN, 12.0]);
        same(option("by = \"buyer\""), [0.0, f64::NAN, f64::NAN]);
    }

    #[test]
    fn one_that_was_used_binds_and_one_that_was_not_in_time_has_lapsed() {
        same(option("amount = \"$4M\", used = 2025-11-30"), [4.0; 3]);
        same(option("total = \"$16M\", used = 2025-11-30"), [4.0; 3]);
        same(option("amount = \"$4M\", before = 2025-11-30"), [0.0; 3]);
    }

    #[test]
    fn it_falls_due_after_the_contract_unless_it_says_when() {
        let bill = "2026-12  a -> b  $12.0M  service";
        let text = format!("{BUILD}options.more = {{ amount = \"$4M\", until = \"2027-02\" }}");
        check(&text, "firm", bill);
        check(
            &text,
            "headline",
            &format!("{bill}\n2027-01  a -> b  $2.0M  service\n2027-02  a -> b  $2.0M  service"),
        );
        // level is above $1.5M from the eighth month on, and the year's chance is certain by then.
        let when = format!("{BUILD}options.more = {{ amount = \"$4M\", when = \"level >= $1.5M\" }}");
        check(&when, "expected", &format!("2026-08  a -> b  $4.0M  service\n{bill}"));
        check(&when, "firm", bill);
    }

    #[test]
    fn an_option_may_begin_where_the_contract_ends() {
        let ends = BUILD.replace("minimum", "until = \"2026-12\"\nminimum");
        let more = "options.more = { amount = \"$4M\", from = \"2027-01\", until = \"2027-02\" }";
        let bill = "2026-12  a -> b  $12.0M  service";
        let added = ["2027-01", "2027-02"].map(|month| format!("{month}  a -> b  $2.0M  service"));
        check(&format!("{ends}{more}"), "headline", &format!("{bill}\n{}", added.join("\n")));
        refuses(&format!("{BUILD}{}", more.replace("2027-02", "2026-12")), "E0402");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |terms: &str, code| refuses(&format!("{BUILD}options.more = {{ {terms} }}"), code);
        refused("amount = \"$4M\", total = \"$16M\"", "E0708");
        refused("amount = \"$4M/yr\"", "E0708");
        refused("amount = \"$4M\", by = \"lender\"", "E0204");
        let right = "[contracts.c]\ntype = \"right\"\nholder = \"a\"\ngrantor = \"b\"\n\
            kinds = [\"board\"]\noptions.more = { amount = \"$4M\" }";
        refuses(right, "E0708");
    }
}
