//! What each party would lose if another failed, before recovery: holdings, bills, promises, contracts.
//!
//! Of each pair of groups, in a month: the value of holdings in the other party; what it owes this month and
//! has not yet paid (`receivable`); capital that it has promised without a condition and not yet paid
//! (`undelivered`: if an investor fails the issuer loses it; its own promise to one that fails lapses, and is
//! at risk only where it `survives`); what contracts with it would leave (`contract`); what would have to
//! be paid for it (`guarantee`, of the guarantor); less `collateral`, and not below zero. A supply contract
//! counts with the larger of two, never both: the claim on default, which is the present value of the
//! minimum still to fall less what can be resold and what was prepaid (which is the buyer's to lose), and
//! the stranded capacity, which is the power available times its build cost times the share that nobody
//! else could use. What is lost is not yet what is gone: the estate may pay a part (see `domino`).
//!
//! Where some contract says whether it can be cancelled, a last column has how much of `contract` stands
//! only as long as nobody cancels: of each contract the lesser of its exposure and of what can be cancelled
//! of what is then still to come, less the fee. A value that is guaranteed at the end stays whoever cancels.
//!
//! `--by year` shows the end of each year (or quarter, or month), `--at` another month than the first. With
//! `--paths`: expected exposure (EE) and its running maximum (effective EE), potential future exposure
//! (PFE, a quantile over paths) and expected shortfall (the mean beyond it: Rockafellar and Uryasev 2002),
//! exact up to 100,000 paths; EPE, the mean of EE over time (Basel Framework CRE50); and the wrong-way
//! factor, exposure where the other party fails over exposure at the same dates where it still stands, both
//! from the same paths.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "What a cloud has in a lab"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab", value = "$40B", because = "an example" }
//!
//! [holdings.cloud-in-lab]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! because = "an example"
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! because  = "an example"
//! tranches.second = { amount = "$5B", on = 2026-06-30 }
//!
//! [contracts.compute]
//! type     = "supply"
//! buyer    = "lab"
//! seller   = "cloud"
//! from     = "2026-01"
//! until    = "2029-12"
//! minimum  = "$250M/month"
//! capacity = { power = "1 GW", build_cost = "$30B per GW", redeployable = "60%" }
//! because  = "an example"
//! ```
//!
//! By hand, in January 2026: 25% of 40 is 10; 0.25 is due; 47 months of 0.25 are still to fall, of which 40%
//! cannot be resold: 4.7, but 40% of a gigawatt for 30 is stranded: 12. In all 10 + 0.25 + 12 = 22.25. The 5
//! that the cloud has promised are the lab's to lose.
//!
//! ```console
//! $ keiretsu measure model exposure --reading firm
//! Exposure in 2026-01, before recovery
//! as of 2025-12-31
//!
//! Cloud would lose $22.2B if Lab failed (firm), the largest of 2 pairs; its peak is $25.6B in 2026-06.
//! Next is Lab with $5B on Cloud.
//!
//! exposed  to     reading  holding  receivable  undelivered  contract  exposure    peak  in
//! ──────────────────────────────────────────────────────────────────────────────────────────────
//! Cloud    Lab    firm        $10B       $250M                   $12B    $22.2B  $25.6B  2026-06
//! Lab      Cloud  firm                                  $5B                 $5B     $5B  2026-01
//! not shown: guarantee, collateral (--wide)
//!
//! Contract: the larger of the claim on default and the stranded capacity, not both; no `discount` is
//!   stated, so claims are nominal.
//! ```
//!
//! A guarantor is exposed to whom it covers: with the share that is covered of what falls due this month
//! and of the claim that a failure would leave, as far as it falls while the guarantee lasts, after the
//! cushion, up to what is left of the limit; where it steps in, beside the limit, less what others bring.
//! Before a guarantee has begun it is nothing. One that covers no contract counts to its `debtor`.
//! The beneficiary's exposure stays as it is: only collateral is taken off, and it still has to be paid by
//! somebody. So what the two stand to lose by one failure overlaps; what is left after calls is in `domino`.
//! Collateral of a loan is taken off as far as something is outstanding:
//!
//! ```toml
//! # file: backed/keiretsu.toml
//! keiretsu = 1
//! title    = "A guaranteed lease and a secured loan"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! search = { name = "Search" }
//! miner  = { name = "Miner" }
//! bank   = { name = "Bank" }
//! tenant = { name = "Tenant" }
//!
//! [contracts.lease]
//! type    = "supply"
//! buyer   = "tenant"
//! seller  = "miner"
//! from    = "2026-01"
//! until   = "2027-12"
//! minimum = "$50M/month"
//! because = "an example"
//!
//! [contracts.backing]
//! type        = "guarantee"
//! guarantor   = "search"
//! beneficiary = "miner"
//! covers      = "lease"
//! limit       = "up to $800M"
//! cushion     = "$20M"
//! because     = "an example"
//!
//! [contracts.credit]
//! type       = "loan"
//! lender     = "bank"
//! borrower   = "tenant"
//! amount     = "$1B"
//! rate       = "12%"
//! drawn      = "2025-12"
//! maturity   = "2027-12"
//! collateral = { value = "$600M" }
//! because    = "an example"
//! ```
//!
//! By hand, in January 2026: the miner is owed 0.05 now and 23 times 0.05 later. Of these 1.2 the miner
//! bears the first 0.02; the guarantor's limit of 0.8 is less than the other 1.18. The bank is owed a
//! month's interest of 0.01 and 1.0, of which 0.6 are secured: 0.41.
//!
//! ```console
//! $ keiretsu measure backed exposure --reading firm
//! Exposure in 2026-01, before recovery
//! as of 2025-12-31
//!
//! Miner would lose $1.2B if Tenant failed (firm), the largest of 3 pairs; its peak is $1.2B in
//!   2026-01.
//! Next is Search with $800M on Tenant.
//!
//! exposed  to      reading  receivable  contract  guarantee  collateral  exposure   peak  in
//! ───────────────────────────────────────────────────────────────────────────────────────────────
//! Miner    Tenant  firm           $50M    $1.15B                            $1.2B  $1.2B  2026-01
//! Search   Tenant  firm                               $800M                 $800M  $800M  2026-01
//! Bank     Tenant  firm           $10M       $1B                  $600M     $410M  $410M  2026-01
//! not shown: holding, undelivered (--wide)
//!
//! Contract: the larger of the claim on default and the stranded capacity, not both; no `discount` is
//!   stated, so claims are nominal.
//! ```
//!
//! A failure that takes the value along is the wrong way round for whoever lends against that value; for an
//! owner it means that less is lost than yesterday's mark says. Here a crash halves the value of the lab,
//! which then fails in the same month:
//!
//! ```toml
//! # file: risky/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab that may fail"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$1B"
//! costs   = "if crash then $60B/yr else $0/yr"
//! value   = "if crash then $20B else $40B"
//! funding = { keep = "1 month", raise = "1 month", price = "$0", else = "default" }
//! because = "an example"
//!
//! [events.crash]
//! chance  = "20% by 2026-12"
//! because = "an example"
//!
//! [holdings.cloud-in-lab]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! because = "an example"
//! ```
//!
//! By hand: 80% by December still stand, with a stake worth 10; of the others those that fail in December (a
//! month's chance is 1 - 0.8^(1/12) = 1.84%, of the 81.5% left: 1.5%) still count with 5, so EE is 8.08. The
//! exposure at default is 5; at the same dates it is on average 10 - 1.84% x 5 = 9.91; the factor 0.50.
//!
//! ```console
//! $ keiretsu measure risky exposure --reading expected --by year --paths 10000
//! Exposure over time, before recovery
//! as of 2025-12-31
//!
//! Lab fails on 19.7% of paths; Cloud then has $5B at stake.
//!
//! no rows; what would fill it: `holdings`, and contracts by which one group owes another
//! not shown: exposure (--wide)
//!
//! Lab fails in 2026-05 in the expected reading; exposure ends there.
//! Contract: the larger of the claim on default and the stranded capacity, not both; no `discount` is
//!   stated, so claims are nominal.
//!
//! Exposure over all paths
//! as of 2025-12-31, 10,000 paths, seed 1
//!
//!                                            effective               expected   expected
//!                        expected  standard   expected   PFE   PFE  shortfall  shortfall
//! exposed  to   end of   exposure     error   exposure   95%   99%        95%        99%
//! ──────────────────────────────────────────────────────────────────────────────────────
//! Cloud    Lab  2026-12    $8.11B    $38.7M     $9.91B  $10B  $10B       $10B       $10B
//!
//! Just before the failures of the month; nothing on paths on which the other party has failed.
//!
//! Exposure when the other party fails
//! as of 2025-12-31, 10,000 paths, seed 1
//!
//!                       effective  chance of    exposure  standard     exposure at  wrong way
//! exposed  to      EPE        EPE    default  at default     error  the same dates     factor
//! ───────────────────────────────────────────────────────────────────────────────────────────
//! Cloud    Lab  $8.99B     $9.91B      19.7%         $5B     $101M          $9.91B       0.5x
//!
//! EPE is the mean over all months. The wrong-way factor divides the exposure at default by the
//!   exposure at the same dates on all paths on which the other party still stands.
//! ```

use keiretsu_contracts::side::Layer;
use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{ColumnSpec, Finding, Table, TableSpec};

use self::pairs::Pair;
pub(crate) use self::tables::{Peak, peaks};
use crate::{Measure, PeriodLength, Query, Runs, RunsError, Seen, Subject};

mod findings;
mod over_all;
pub(crate) mod pairs;
mod tables;

pub struct Exposure;

const NAME: &str = "exposure";

/// Creditor and debtor.
const PAIR: [ColumnSpec; 2] = [
    ColumnSpec::party("creditor", "the party that would lose").titled("exposed"),
    ColumnSpec::party("debtor", "the party that would fail").titled("to"),
];

impl Measure for Exposure {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "what each party would lose if another failed, over time; EE, PFE, shortfall, wrong-way factor"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&tables::AT_ONCE, &tables::OVER_TIME, &over_all::OVER_PATHS, &over_all::AT_DEFAULT]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        pairs::pairs(subject, query).iter().flat_map(Pair::probes).collect()
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let pairs = pairs::pairs(subject, query);
        let mut table = if PeriodLength::cuts(query.by) {
            tables::over_time(subject, query, seen, &pairs)
        } else {
            tables::at_once(subject, query, seen, &pairs)
        };
        failures(subject, query, seen, &pairs, &mut table);
        for part in pairs.iter().flat_map(|pair| &pair.parts) {
            if let Some(why) = &part.at_least {
                table.leave_out(format!("{} ({}): {why}", part.name, part.kind.word()));
            }
        }
        unnamed(subject, query, &mut table);
        table.note(match subject.model.discount {
            Some(_) => "Contract: the larger of the claim on default and the stranded capacity, not both.",
            None => {
                "Contract: the larger of the claim on default and the stranded capacity, not both; no \
                 `discount` is stated, so claims are nominal."
            }
        });
        vec![table]
    }

    fn adapts(
        &self,
        subject: &Subject<'_>,
        query: &Query,
        seen: &Seen<'_>,
        runs: &dyn Runs,
    ) -> Result<Vec<Table>, RunsError> {
        subject.requested_month(query)?;
        over_all::tables(subject, query, seen, runs, &pairs::pairs(subject, query))
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// Names the guarantees of which nothing says by whose failure they would be called.
fn unnamed(subject: &Subject<'_>, query: &Query, table: &mut Table) {
    let guaranteed = subject.side.exposures.iter().filter(|one| one.layer == Layer::Guarantee);
    let mine = guaranteed.filter(|one| one.debtor == PartyRef::OUTSIDE && subject.stands(one.contract));
    for one in mine.filter(|one| query.wants(subject.model.group(one.creditor))) {
        let name = subject.contract_name(one.contract);
        table.leave_out(format!("{name} (guarantee): no `debtor` says by whose failure it would be called"));
    }
}

/// Notes on parties that fail, with month and reading; their rows end there.
fn failures(subject: &Subject<'_>, query: &Query, seen: &Seen<'_>, pairs: &[Pair], table: &mut Table) {
    for pair in pairs {
        for reading in query.readings() {
            if let Some(t) = pair.fails(seen, reading) {
                let (who, when) = (subject.title(pair.debtor), subject.program.month(t));
                let reading = reading.name();
                table.note(format!("{who} fails in {when} in the {reading} reading; exposure ends there."));
            }
        }
    }
}

/// The last month in which a pair is looked at in a reading: the one before the failure, if there is one.
fn last_month(subject: &Subject<'_>, pair: &Pair, seen: &Seen<'_>, reading: Reading) -> u32 {
    pair.fails(seen, reading).map_or(subject.program.months, |failed| failed - 1)
}
