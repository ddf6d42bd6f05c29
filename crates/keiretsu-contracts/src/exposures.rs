//! What contracts put at risk if a party failed, as registers that measures may watch; no flow pays them.
//!
//! Invariants: registers are added after all contracts are lowered, so that no parameter of a contract moves
//! when its exposure is asked for; claims of a contract that says nothing of its own enter by themselves.
//! Absent: holdings and dues, which measures read off the run.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{Distribution, EstateClaim, Reg};
use keiretsu_values::{Set, Value};

use crate::lowering::Lowering;
use crate::side::{Exposure, Layer, OpenLoan};
use crate::slots::slot_of;
use crate::terms::{Terms, versions};

impl Lowering<'_> {
    /// Asks every contract, then adds the claims of those that had nothing to say about them.
    pub(crate) fn exposures(&mut self) {
        let model = self.model;
        for (id, contract) in model.known_contracts() {
            let Some(kind) = self.type_of(contract).filter(|_| !self.in_whole(contract)) else { continue };
            kind.expose(self, &versions(id, contract, &self.calendar));
        }
        let mut said: Vec<ContractRef> =
            self.side.exposures.iter().filter(|e| e.layer == Layer::Contract).map(|e| e.contract).collect();
        for (contract, claim) in self.side.claims.clone().into_iter().zip(self.claims()) {
            if said.contains(&contract) {
                continue;
            }
            said.push(contract);
            let Some(register) = self.claimed(contract) else { continue };
            self.side.exposures.push(Exposure {
                contract,
                creditor: PartyRef(claim.creditor.0),
                debtor: PartyRef(claim.debtor.0),
                layer: Layer::Contract,
                register,
                at_least: None,
            });
        }
    }

    fn claims(&self) -> Vec<EstateClaim> {
        self.program.program().claims.clone()
    }

    /// What a contract's creditor could claim if its debtor failed, by month; none where it could not.
    pub fn claimed(&mut self, contract: ContractRef) -> Option<Reg> {
        let mine = self.side.claims.iter().zip(self.claims()).filter(|(id, _)| **id == contract);
        let mine: Vec<EstateClaim> = mine.map(|(_, claim)| claim).collect();
        let amounts: Vec<Reg> = mine.iter().map(|claim| self.while_delivered(claim)).collect();
        amounts.into_iter().reduce(|sum, amount| self.program.add(sum, amount))
    }

    /// What is prepaid on a contract and not yet used, by month.
    pub fn prepaid_unused(&self, contract: ContractRef) -> Option<Reg> {
        let line = self.side.prepayments.iter().find(|line| line.contract == contract)?;
        line.unused
    }

    /// An amount with an addition that is not stated.
    pub fn or_more(&mut self, amount: Reg) -> Reg {
        let open = Value::new(0.0, Set::NOT_NEGATIVE);
        let slot = slot_of([open.clone(), open.clone(), open], Distribution::Point(0.0));
        let slot = self.program.slot(slot);
        let more = self.program.read(slot);
        self.program.add(amount, more)
    }

    /// Notes a debt that the obligee owes the obligor, in the currency of the tables. The whole alone is
    /// owed, not its slices.
    pub fn note_debt(&mut self, terms: &Terms<'_>, outstanding: Reg, worth: Option<Reg>) {
        if self.in_whole(terms.contract) {
            return;
        }
        let outstanding = self.posted(outstanding);
        let now = self.at_start(outstanding);
        let worth = worth.map(|worth| {
            let worth = self.posted(worth);
            self.at_start(worth)
        });
        let borrower = self.model.group(terms.obligee());
        let equity = self.program.program().parties[borrower.at()].value;
        let equity = equity.map(|equity| self.at_start(equity));
        self.side.debts.push(OpenLoan {
            contract: terms.id,
            lender: terms.obligor(),
            borrower: terms.obligee(),
            outstanding,
            now,
            worth,
            equity,
            maturity: terms.record.when("maturity").map(|when| when.last),
        });
    }

    /// Notes that `creditor` would lose the amount of a register if `debtor` failed.
    pub fn exposed(
        &mut self,
        terms: &Terms<'_>,
        layer: Layer,
        [creditor, debtor]: [PartyRef; 2],
        amount: Reg,
        at_least: Option<String>,
    ) {
        let amount = self.posted(amount);
        self.side.exposures.push(Exposure {
            contract: terms.id,
            creditor,
            debtor,
            layer,
            register: amount,
            at_least,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::exposed;

    #[test]
    fn the_larger_of_claim_and_stranded_capacity_counts_but_not_both() {
        let deal = "[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
                    until = \"2026-12\"\nminimum = \"$5M/month\"\n";
        // 11 months of 5 are still to fall after January, none after December.
        exposed(deal, &[("b", "a", "Contract", [55e6, 0.0])]);
        // A quarter of a gigawatt that cost 100 is stranded: 25; of the claim a quarter is left: 13.75.
        let capacity =
            "capacity = { power = \"1 GW\", build_cost = \"$100M per GW\", redeployable = \"75%\" }\n";
        exposed(&format!("{deal}{capacity}"), &[("b", "a", "Contract", [25e6, 25e6])]);
        // Without a build cost the claim alone is known.
        let open = "capacity = { power = \"1 GW\", redeployable = \"0%\" }\n";
        exposed(&format!("{deal}{open}"), &[("b", "a", "Contract, or more", [55e6, 0.0])]);
        exposed(&format!("{deal}standing = \"terminated\"\n"), &[]);
    }

    #[test]
    fn what_is_promised_without_a_condition_is_exposed_until_it_is_paid() {
        let round = "[contracts.r]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
                     tranches.paid = { amount = \"$1M\", paid = 2025-06-30 }\n\
                     tranches.dated = { amount = \"$6M\", on = \"2026-01 to 2026-03\" }\n\
                     tranches.later = { amount = \"$9M\", when = \"likely\" }\n";
        // A third is paid by the end of January.
        exposed(round, &[("b", "a", "Undelivered", [4e6, 0.0])]);
        // Who has promised to pay in any case stands to lose it, too.
        let both = [("b", "a", "Undelivered", [4e6, 0.0]), ("a", "b", "Undelivered", [4e6, 0.0])];
        exposed(&round.replacen("tranches.paid", "survives = true\ntranches.paid", 1), &both);
    }

    #[test]
    fn a_guarantor_is_exposed_to_whom_it_covers() {
        let deal = "[parties.c]\n[contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\n\
                    from = \"2026-01\"\nuntil = \"2026-12\"\nminimum = \"$5M/month\"\n\
                    [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\n\
                    covers = \"s\"\n";
        let with = |terms: &str, at: [f64; 2]| {
            // What the beneficiary would lose stays as it is: only collateral is taken off.
            let both = [("a", "b", "Contract", [55e6, 0.0]), ("c", "b", "Guarantee", at)];
            exposed(&format!("{deal}{terms}"), &both);
        };
        // 12 months of 5 are owed in January, the last of them in December.
        with("", [60e6, 5e6]);
        with("share = \"50%\"", [30e6, 2.5e6]);
        with("limit = \"up to $40M\"\ncushion = \"$10M\"", [40e6, 0.0]);
        // Until June 30 are owed, less 10, of which half.
        with("until = \"2026-06\"\ncushion = \"$10M\"\nshare = \"50%\"", [10e6, 0.0]);
        // January's 5 are called up to 3; of the other 55 others bring 60%.
        with("limit = \"$3M\"\nstep_in = true\nstep_in_value = \"60%\"", [25e6, 3e6]);
        with("from = \"2026-02\"\nlimit = \"$7M\"", [0.0, 5e6]);
        // Nothing is promised on a condition that has not held, and of a lapsed guarantee nothing is left.
        with("when = \"cash(b) >= $1\"", [0.0, 0.0]);
        exposed(&format!("{deal}standing = \"lapsed\""), &[("a", "b", "Contract", [55e6, 0.0])]);
    }

    #[test]
    fn of_a_loan_a_guarantor_is_exposed_to_what_is_outstanding() {
        let loan = "[parties.c]\n[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
                    amount = \"$10M\"\nrate = \"12%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-12\"\n\
                    [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\n\
                    covers = \"l\"\n";
        // A month's interest is due, 10 are outstanding; in December all of it is due.
        let lender = ("a", "b", "Contract", [10e6, 0.0]);
        exposed(loan, &[("c", "b", "Guarantee", [10.1e6, 10.1e6]), lender]);
    }

    #[test]
    fn a_guarantee_that_ends_first_covers_what_falls_while_it_lasts() {
        let loan = "[parties.c]\n[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
                    amount = \"$100M\"\nrate = \"12%\"\ndrawn = \"2025-12\"\nmaturity = \"2028-12\"\n\
                    [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\n\
                    covers = \"l\"\nlimit = \"$90M\"\n";
        let lender = ("a", "b", "Contract", [100e6; 2]);
        let with = |terms: &str, at: [f64; 2]| {
            exposed(&format!("{loan}{terms}"), &[("c", "b", "Guarantee", at), lender]);
        };
        // By hand: 24 months of 1 until December 2027, of which 13 from December 2026 on.
        with("until = \"2027-12\"", [24e6, 13e6]);
        // All at once is all at once.
        with("until = \"2027-12\"\naccelerated = true", [90e6; 2]);
        with("until = \"2028-12\"", [90e6; 2]);
    }

    #[test]
    fn a_guarantee_that_ends_before_a_note_matures_covers_nothing_of_it() {
        let note = "[parties.c]\n[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\n\
                    rate = \"12%\"\nmaturity = \"2028-12\"\n\
                    tranches.t = { amount = \"$10M\", paid = 2025-12-31 }\n\
                    [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\n\
                    covers = \"n\"\n";
        // By hand: simple interest of 0.1 a month on 10.
        let holder = ("a", "b", "Contract", [10.1e6, 11.2e6]);
        exposed(&format!("{note}until = \"2027-12\""), &[("c", "b", "Guarantee", [0.0; 2]), holder]);
        exposed(note, &[("c", "b", "Guarantee", [10.1e6, 11.2e6]), holder]);
    }

    #[test]
    fn collateral_is_taken_off_what_is_outstanding_and_no_more() {
        let loan = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n\
                    amount = \"$10M\"\nrate = \"12%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-12\"\n";
        let secured = |worth: &str, off: f64| {
            let text = format!("{loan}collateral = {{ value = \"{worth}\" }}\n");
            let both = [("a", "b", "Contract", [10e6, 0.0]), ("a", "b", "Collateral", [off; 2])];
            exposed(&text, &both);
        };
        secured("$4M", 4e6);
        // A month's interest of 0.1 is due as well; at last the principal is.
        secured("$40M", 10.1e6);
    }
}
