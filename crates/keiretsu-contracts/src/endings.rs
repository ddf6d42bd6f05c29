//! How contracts of every type end before their time: by a right to terminate, and with what they hang on.
//!
//! The flows of a contract are known when it is lowered, so its ending is multiplied into them at the end.
//! Absent: what has been delivered by then, which is what was billed.

use keiretsu_model::record::{Basis, Stated};
use keiretsu_model::{Contract, ContractRef, PartyRef, Standing};
use keiretsu_program::{ClaimId, FlowId, Op, PartyId, Reg, Tag};
use keiretsu_values::Dimension;

use crate::calendar::{TermMonths, last_of};
use crate::commitments::{Promise, nothing};
use crate::dated::Dated;
use crate::lowering::Lowering;
use crate::pending::ClaimFalls;
use crate::terms::{Terms, ended, versions};

impl Lowering<'_> {
    /// Lets what a contract owes end with its terms of ending, if it has any.
    pub(crate) fn end_contracts(&mut self) {
        let model = self.model;
        // Flows that exist by now: fees for ending are owed because of it.
        let flows = self.side.flows.len();
        for (id, contract) in model.known_contracts() {
            let hanging = self.hangs_on(contract);
            let ended = self.terminated(id, contract);
            let chosen = self.is_chosen(id);
            let Some(stands) =
                [hanging, ended, chosen].into_iter().flatten().reduce(|a, b| self.program.mul(a, b))
            else {
                continue;
            };
            for at in (0..flows).filter(|at| self.side.flows[*at].contract == Some(id)).collect::<Vec<_>>() {
                let amount = self.program.program().flows[at].amount;
                let amount = self.program.mul(amount, stands);
                self.program.flow_mut(FlowId(at as u32)).amount = amount;
            }
            for at in (0..self.side.claims.len()).filter(|at| self.side.claims[*at] == id).collect::<Vec<_>>()
            {
                let amount = self.program.program().claims[at].amount;
                let amount = self.program.mul(amount, stands);
                self.program.claim_mut(ClaimId(at as u32)).amount = amount;
                if let Some(falls) = self.pending.falls.get(&ClaimId(at as u32)).copied() {
                    let [whole, net] = [falls.whole, falls.net].map(|reg| self.program.mul(reg, stands));
                    self.pending
                        .falls
                        .insert(ClaimId(at as u32), ClaimFalls { whole, net, worth: falls.worth });
                }
            }
        }
    }

    /// 1 while neither party of the contract that this one is contingent on has defaulted, else 0.
    fn hangs_on(&mut self, contract: &Contract) -> Option<Reg> {
        let model = self.model;
        let other = model.contract(*contract.record().contracts("contingent_on").first()?)?;
        let parts: Vec<&Contract> = match other.parts.as_slice() {
            [] => vec![other],
            parts => parts.iter().filter_map(|part| model.contract(*part)).collect(),
        };
        let mut stands = self.program.number(1.0);
        for side in [|one: &Contract| one.obligor, |one: &Contract| one.obligee] {
            let mut parties: Vec<PartyRef> = parts.iter().filter_map(|part| side(part)).collect();
            parties.sort_unstable();
            parties.dedup();
            // Of several parties in a role, as long as one of them stands.
            let gone = parties.into_iter().map(|party| Op::Defaulted(PartyId(model.group(party).0)));
            let gone: Vec<Reg> = gone.map(|gone| self.program.op(gone)).collect();
            let Some(gone) = gone.into_iter().reduce(|all, gone| self.program.mul(all, gone)) else {
                continue;
            };
            let here = self.program.op(Op::Not(gone));
            stands = self.program.mul(stands, here);
        }
        Some(stands)
    }

    /// 1 until the contract is terminated, then 0; in that month its fee is due.
    fn terminated(&mut self, id: ContractRef, contract: &Contract) -> Option<Reg> {
        let calendar = self.calendar;
        let terms = versions(id, contract, &calendar).pop()?;
        let condition = terms.record.formula("terminated_when")?;
        if let Some(ended) = ended(contract, &calendar) {
            self.fee_on(&terms, ended);
            return Some(self.active(TermMonths { first: i64::MIN / 2, last: ended - 1 }));
        }
        let over = self.has_held(condition, u32::MAX);
        if let Some((path, stated, basis)) = fee_for_ending(&terms) {
            let fee = self.figure(path, stated, &basis);
            let now = self.program.op(Op::Rise(over));
            let fee = self.program.mul(fee, now);
            self.flow(&terms, Some("termination"), fee, terms.obligee(), Tag::Fee);
        }
        Some(self.program.op(Op::Not(over)))
    }

    /// The fee of a contract that a date terminates, due in that month.
    fn fee_on(&mut self, terms: &Terms<'_>, ended: i64) {
        let Some((path, stated, basis)) = fee_for_ending(terms) else { return };
        let calendar = self.calendar;
        let standing = terms.standing(Standing::Binding);
        if !matches!(standing, Standing::Paid | Standing::Binding) {
            return;
        }
        let dated = Dated::on(last_of(calendar.month(ended)), 1.0);
        let dues = self.dues_of(stated, Standing::Binding, &dated);
        let pair = [terms.obligor(), terms.obligee()];
        if !self.in_whole(terms.contract) {
            self.paid(terms, Some("termination"), pair, &dues, Tag::Fee);
        }
        let (fee, now) = (self.figure(path, stated, &basis), self.share_due(&dated));
        let fee = self.program.mul(fee, now);
        self.flow(terms, Some("termination"), fee, terms.obligee(), Tag::Fee);
        let terms = Terms { current: true, ..*terms };
        let promise = Promise {
            tranche: Some("termination"),
            to: terms.obligee(),
            tag: Tag::Fee,
            standing: Standing::Binding,
            dues: vec![],
            undated: nothing(),
            span: stated.span,
        };
        self.promise(&terms, promise);
        if let Some(last) = self.side.commitments.last_mut() {
            last.dues = dues;
        }
    }
}

/// What is owed for an end: as stated for it, else the amount that cancelling costs.
fn fee_for_ending<'a>(terms: &Terms<'a>) -> Option<(String, &'a Stated, Basis)> {
    let record = terms.record;
    let cancelling = record.table("cancellable");
    let (record, term, path) = match cancelling.filter(|_| !record.has("termination_fee")) {
        Some(table) => (table, "fee", "cancellable.fee"),
        None => (record, "termination_fee", "termination_fee"),
    };
    let stated = record.figure(term).filter(|stated| stated.figure.dimension == Dimension::MONEY)?;
    Some((terms.path(path), stated, record.entry(term)?.basis.clone()))
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses};

    const TWO: &str = "[parties.lab]\ncash = \"$25M\"\n\
        funding = { keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }\n\
        [contracts.main]\ntype = \"supply\"\nbuyer = \"lab\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
        until = \"2026-05\"\nminimum = \"$10M/month\"\n\
        [contracts.chip-order]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
        until = \"2026-05\"\nminimum = \"$4M/month\"\n";

    #[test]
    fn what_hangs_on_a_contract_falls_with_its_parties() {
        let pairs = ["2026-01", "2026-02", "2026-03"]
            .map(|month| format!("{month}  lab -> a  $10.0M  service\n{month}  a -> b  $4.0M  service"));
        check(&format!("{TWO}contingent_on = \"main\""), "expected", &pairs.join("\n"));
    }

    #[test]
    fn what_hangs_on_a_terminated_contract_is_terminated() {
        let text = TWO.replace("[contracts.chip-order]", "standing = \"terminated\"\n[contracts.chip-order]");
        check(&format!("{text}contingent_on = \"main\""), "headline", "");
    }

    #[test]
    fn a_right_to_terminate_ends_it_at_a_fee() {
        // level is above $1.15M from the third month on.
        let text = "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
            until = \"2026-12\"\nminimum = \"$5M/month\"\nterminated_when = \"level >= $1.15M\"\n\
            termination_fee = \"$8M\"";
        let bills = "2026-01  a -> b  $5.0M  service\n2026-02  a -> b  $5.0M  service";
        check(text, "expected", &format!("{bills}\n2026-03  a -> b  $8.0M  fee"));
        refuses(&text.replace("$8M", "8 GW"), "E0302");
        // What cancelling costs is what an end costs, where nothing else is said of that.
        let cancelled = text.replace("termination_fee = \"$8M\"", "cancellable = { fee = \"$8M\" }");
        check(&cancelled, "expected", &format!("{bills}\n2026-03  a -> b  $8.0M  fee"));
        let both = format!("{text}\ncancellable = {{ fee = \"$1M\" }}");
        check(&both, "expected", &format!("{bills}\n2026-03  a -> b  $8.0M  fee"));
        refuses(&cancelled.replace("$8M", "20% of what is left"), "E0708");
    }
}
