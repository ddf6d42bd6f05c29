//! If a party fails: what each other party loses, by layer, and who fails next, by three models side by side.
//!
//! Each party (or those named with `--party`) is made to fail in the first month, or in that of `--at`, in
//! the expected reading or another one. *Clearing* runs the model on: what falls due and is not paid, claims
//! for what contracts would still have brought (minimum less resale), the value of holdings in those that
//! fail, less what estates pay, less what guarantors pay, all as worth in the month of the failure and
//! against the run without it (so that a loss that comes anyhow is none; but what the failing party leaves
//! counts in full, also where it would have failed later). Prepayments not used when a seller fails are
//! lost to the buyer; what `survives` is not. Slices lose their part; what is unknown is "at least" or
//! unknown. Failures follow when cash runs out, month by month (Eisenberg and Noe 2001). Sales beyond a
//! minimum that end are no loss here; they show in who fails. *Cross-holdings* (Elliott, Golub and Jackson
//! 2014): the failing party's own assets are worth nothing, values fall along stakes, and who loses more
//! than its `capital` fails in the next wave, with its `default_costs`; the loss of an owner and of what it
//! owns overlap. `DebtRank` (Battiston and others 2012, as in `calc debtrank`): along the exposures of
//! `exposure` each passes on, once, the share of its capital that it had lost when its turn came; an
//! exposure counts for no more than the capital that it hits, and who has lost all of it fails, in the wave
//! in which the last of it went.
//!
//! The models answer different questions. Their losses are alternatives and never summed. A party without
//! `funding` can be made to fail, but not be dragged along in clearing; one without `capital` loses in the
//! other two models but does not fail there, and in `DebtRank` passes nothing on.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A lab, its cloud, and the cloud's supplier"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties.lab]
//! name    = "Lab"
//! cash    = "$1B"
//! revenue = "$1.2B/yr"
//! value   = "$40B"
//! because = "an example"
//!
//! [parties.cloud]
//! name    = "Cloud"
//! cash    = "$1B"
//! revenue = "$600M/yr"
//! value   = "$100B"
//! capital = "$8B"
//! funding = { keep = "1 month", raise = "1 month", price = "$0", else = "default" }
//! because = "an example"
//!
//! [parties.maker]
//! name    = "Chips"
//!
//! [holdings.cloud-in-lab]
//! owner   = "cloud"
//! issuer  = "lab"
//! stake   = "25%"
//! because = "an example"
//!
//! [holdings.maker-in-cloud]
//! owner   = "maker"
//! issuer  = "cloud"
//! stake   = "10%"
//! because = "an example"
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! from    = "2026-01"
//! until   = "2029-12"
//! minimum = "$100M/month"
//! because = "an example"
//!
//! [contracts.parts]
//! type    = "supply"
//! buyer   = "cloud"
//! seller  = "maker"
//! from    = "2026-01"
//! until   = "2029-12"
//! minimum = "$150M/month"
//! because = "an example"
//! ```
//!
//! By hand, if the lab fails in January 2026. Clearing: the cloud has a claim for 47 months of 0.1, 4.7, and
//! the lab's cash of 1.0 goes to it; its stake of 10 is gone: 13.7. From February on it pays 0.15 and earns
//! 0.05 a month; its cash of 2.0 lasts 20 months. In October 2027 it is 0.1 short and fails: Chips is not
//! paid 0.1, claims 26 months of 0.15, 3.9, and loses a stake of 10: 14.0. Cross-holdings: the cloud loses
//! 25% of 40, more than its capital of 8, and fails; Chips loses 10% of those 10. `DebtRank`: the cloud is
//! exposed with 10 + 0.1 + 4.7, which is more than its capital, so it loses all 8 of that; Chips, exposed
//! with 10 + 0.15 + 47 x 0.15, loses 17.2.
//!
//! ```console
//! $ keiretsu measure model domino --party lab
//! Losses if a party fails in 2026-01, expected reading
//! expected reading, as of 2025-12-31
//!
//! If Lab fails, Chips loses $14B by clearing, $1B through cross-holdings, $17.2B by DebtRank: three
//!   models, never added.
//! Cloud falls with Lab, in wave 2 (clearing).
//!
//!               unpaid                                     loss:           loss:     loss:
//! fails  loses    dues  contracts  holdings  recovered  clearing  cross-holdings  DebtRank  capital
//! ─────────────────────────────────────────────────────────────────────────────────────────────────
//! Lab    Chips   $100M      $3.9B      $10B         $0      $14B             $1B    $17.2B  unknown
//! Lab    Cloud      $0      $4.7B      $10B        $1B    $13.7B            $10B       $8B      $8B
//! not shown: guarantees, before guarantees (--wide)
//!
//! Three models with different assumptions; their losses are alternatives and not added up.
//! Without `funding`, clearing drags none of these along: Lab, Chips.
//!
//! left out:
//!   Lab (capital): Chips states no `capital`
//!
//! Who fails, wave by wave
//! expected reading, as of 2025-12-31
//!
//! fails  model           wave  month    who
//! ───────────────────────────────────────────
//! Lab    clearing           2  2027-10  Cloud
//! Lab    cross-holdings     2           Cloud
//! Lab    DebtRank           2           Cloud
//! ```
//!
//! What guarantors pay is taken off the loss of the beneficiary, though never more than it has lost (interest
//! that they pay on a loan is no gain), and is a loss of the guarantor; what a call leaves unpaid stays a
//! part of what it covers; who steps in has the claim. `before guarantees` is the loss in a run in which
//! nobody pays for anybody else (no calls, no step-in, no backstop). `DebtRank` takes the exposures of
//! both, which overlap.
//!
//! ```toml
//! # file: backed/keiretsu.toml
//! keiretsu = 1
//! title    = "A guaranteed lease"
//! as_of    = 2025-12-31
//! horizon  = "2 years"
//!
//! [parties]
//! search = { name = "Search" }
//! miner  = { name = "Miner" }
//!
//! [parties.tenant]
//! name    = "Tenant"
//! cash    = "$100M"
//! revenue = "$600M/yr"
//! because = "an example"
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
//! ```
//!
//! By hand, if the tenant fails in January 2026, after the rent of that month: the miner claims 23 months of
//! 0.05, 1.15, and gets the 0.1 that are left: 1.05. From February on 0.05 a month are missing, 1.15 in all,
//! of which 0.1 have come from the estate and 0.02 are the cushion: the guarantor pays its whole limit of
//! 0.8, and the miner's loss is 0.25.
//!
//! ```console
//! $ keiretsu measure backed domino --party tenant
//! Losses if a party fails in 2026-01, expected reading
//! expected reading, as of 2025-12-31
//!
//! If Tenant fails, Miner loses $250M by clearing, unknown through cross-holdings, $1.2B by DebtRank:
//!   three models, never added.
//! No other party is seen to fall; 2 losers state no capital, so whether they stand cannot be told.
//!
//!                                                      loss:           loss:     loss:
//! fails   loses   contracts  recovered  guarantees  clearing  cross-holdings  DebtRank  capital
//! ─────────────────────────────────────────────────────────────────────────────────────────────
//! Tenant  Search         $0         $0      -$800M     $800M         unknown     $800M  unknown
//! Tenant  Miner      $1.15B      $100M       $800M     $250M         unknown     $1.2B  unknown
//! not shown: unpaid dues, holdings, before guarantees (--wide)
//!
//! Three models with different assumptions; their losses are alternatives and not added up.
//! Without `funding`, clearing drags none of these along: Search, Miner, Tenant.
//!
//! left out:
//!   Tenant (loss: cross-holdings): its `value` is not known
//!   Tenant (capital): Search states no `capital`
//!   Tenant (capital): Miner states no `capital`
//!
//! Who fails, wave by wave
//! expected reading, as of 2025-12-31
//!
//! no rows; what would fill it: parties with `funding` or `capital` that a failure brings down
//!
//! Nobody else fails in any of the models.
//! ```

mod cleared;
mod distress;
mod estates;
mod findings;
mod loss;
mod losses;
mod parts;
mod tables;
mod valued;

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, Finding, Table, TableSpec};

use self::cleared::{Lens, Months};
use self::distress::Distress;
use self::losses::Outcome;
use self::valued::{Groups, Holdings, Spread};
use crate::measures::exposure::pairs;
use crate::{Measure, Query, Runs, RunsError, Seen, Subject};

pub struct Domino;

const NAME: &str = "domino";

impl Measure for Domino {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "if a party fails: what each other loses and who fails next, by three models"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&tables::LOSSES, &tables::WAVES]
    }

    fn needs(&self, subject: &Subject<'_>, _: &Query) -> Vec<Probe> {
        pairs::pairs(subject, &Query::default()).iter().flat_map(pairs::Pair::probes).collect()
    }

    fn readings(&self, query: &Query) -> Vec<Reading> {
        vec![query.reading.unwrap_or(Reading::Expected)]
    }

    fn tables(&self, _: &Subject<'_>, _: &Query, _: &Seen<'_>) -> Vec<Table> {
        vec![]
    }

    fn adapts(
        &self,
        subject: &Subject<'_>,
        query: &Query,
        seen: &Seen<'_>,
        runs: &dyn Runs,
    ) -> Result<Vec<Table>, RunsError> {
        let t = subject.requested_month(query)?;
        let reading = query.reading.unwrap_or(Reading::Expected);
        let groups = Groups::new(subject, reading);
        let world = World {
            subject,
            reading,
            t,
            holdings: Holdings::new(subject, &groups, reading),
            distress: Distress::new(subject, &groups, seen, reading, t),
            groups: &groups,
        };
        let failures = world.failures(query, runs)?;
        let losses = query.wants_table(tables::LOSSES.name).then(|| world.losses(&failures));
        let order = query.wants_table(tables::WAVES.name).then(|| world.order(&failures));
        Ok(losses.into_iter().chain(order).collect())
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// The common state before all failures.
struct World<'a> {
    subject: &'a Subject<'a>,
    reading: Reading,
    t: u32,
    groups: &'a Groups,
    holdings: Result<Holdings<'a>, String>,
    distress: Distress<'a>,
}

/// One party's failure in each of the models.
struct Failure {
    place: usize,
    cleared: Outcome,
    /// Losses before guarantees, where there are any.
    bare: Option<Outcome>,
    holdings: Result<Spread, String>,
    distress: Result<Spread, String>,
}

impl World<'_> {
    fn failures(&self, query: &Query, runs: &dyn Runs) -> Result<Vec<Failure>, RunsError> {
        let wanted: Vec<(usize, PartyRef)> = self.wanted(query).collect();
        let beside = wanted.iter().map(|(place, _)| self.beside_clearing(*place));
        let mut failures: Vec<Failure> = beside.collect();
        if failures.iter().all(|failure| self.is_seen_beside_clearing(query, failure)) {
            return Ok(failures);
        }
        let lens = Lens::new(self.subject);
        let base = lens.base(runs, self.reading, true)?;
        let bare = if lens.has_covers() { Some(lens.base(runs, self.reading, false)?) } else { None };
        for (done, (failure, (_, party))) in (0..).zip(failures.iter_mut().zip(&wanted)) {
            runs.tell(done, wanted.len() as u32)?;
            (failure.cleared, failure.bare) = self.cleared(&lens, runs, (&base, bare.as_ref()), *party)?;
        }
        runs.tell(wanted.len() as u32, wanted.len() as u32)?;
        Ok(failures)
    }

    /// The parties that are made to fail.
    fn wanted(&self, query: &Query) -> impl Iterator<Item = (usize, PartyRef)> {
        let name = |party: PartyRef| self.subject.model.party(party).name.as_str();
        let all = self.groups.all.iter().copied().enumerate();
        all.filter(move |(_, party)| {
            query.wants(*party) && self.subject.is_named(*party) && query.wants_row("failing", name(*party))
        })
    }

    /// A failure in the models that need no run.
    fn beside_clearing(&self, place: usize) -> Failure {
        let holdings = match &self.holdings {
            Ok(holdings) => holdings.failure(place),
            Err(why) => Err(why.clone()),
        };
        let cleared = Outcome::nothing(self.subject.program.parties.len());
        Failure { place, cleared, bare: None, holdings, distress: self.distress.failure(place) }
    }

    /// Whether what is sought of a failure is there, and the same, whatever clearing says.
    fn is_seen_beside_clearing(&self, query: &Query, failure: &Failure) -> bool {
        let Some(sought) = &query.sought else { return false };
        let of_other_model = |column: &str| tables::BESIDE_CLEARING.contains(&column);
        if sought.table == tables::WAVES.name {
            return !query.wants_row("model", tables::CLEARING);
        }
        let name = |place: usize| self.subject.model.party(self.groups.all[place]).name.as_str();
        let losers = 0..self.groups.all.len();
        let mut losers =
            losers.filter(|place| *place != failure.place && query.wants_row("party", name(*place)));
        query.column().is_some_and(of_other_model) && losers.all(|place| self.loses_beside(failure, place))
    }

    /// A failure in clearing, and before guarantees where there are any.
    fn cleared(
        &self,
        lens: &Lens<'_>,
        runs: &dyn Runs,
        (base, bare): (&Months, Option<&Months>),
        party: PartyRef,
    ) -> Result<(Outcome, Option<Outcome>), RunsError> {
        let failure = (party, self.t);
        let run = lens.struck(runs, self.reading, failure, true)?;
        let cleared = lens.outcome((base, &run), failure, self.reading);
        let bare = match bare {
            None => None,
            Some(_) if lens.is_silent(base) && lens.is_silent(&run) => Some(cleared.clone()),
            Some(bare) => {
                let run = lens.struck(runs, self.reading, failure, false)?;
                Some(lens.outcome((bare, &run), failure, self.reading))
            }
        };
        Ok((cleared, bare))
    }

    fn party(&self, place: usize) -> Cell {
        self.subject.party(self.groups.all[place])
    }
}
