//! Whether a platform that sells many models treats the one it owns a piece of differently.
//!
//! Without a log: which models on each platform are affiliated with who runs it, its own ones and those of
//! companies in which its group holds a stake (a holding, or a contract that puts capital in). With the
//! platform's own log (`--log FILE`, CSV or Parquet): a test. Each row of the log is one model that was shown
//! in one situation, such as a request or a session; its columns are
//!
//! | column | what it says | needed |
//! |---|---|---|
//! | `situation` | which rows were shown together | yes |
//! | `model` | which model, as the platform names it | yes |
//! | `chosen` | 1 for the one that was chosen, 0 for the others | yes |
//! | `tenant` | who chose: errors are robust to everything that one tenant's choices share | yes |
//! | `affiliated` | 1 if the group had a stake in its maker then; without it, as the text says | no |
//! | `price`, `quality` | what it cost, and how good it was, in any unit | no |
//! | `position` | in which place it was shown, as a number | no |
//! | `default`, `throttled` | 1 if it stood there by default, or was slowed down | no |
//! | `available` | 0 if it could not be chosen: such rows are left out | no |
//!
//! `--column price=usd_per_mtok` reads one from a column of another name, and `--feature latency` takes one
//! more column along.
//!
//! The test is a conditional logit (`McFadden` 1974) with an indicator of affiliation, once beside price and
//! quality, once also beside how the model was shown (position, default, throttled): what is left then is not
//! explained by those either. For the weight g of affiliation: odds ratio `e^g`; the price advantage it is
//! worth, `-g / b_price`; the quality that would do the same, `g / b_quality`; and how strong an unseen
//! advantage would have to be to explain it, as odds. Beside it stand plain shares: how often affiliated and
//! other models were chosen, default, throttled.
//!
//! Choices of one tenant are alike, and models have merits beside price and quality. So errors are two-way
//! (Cameron, Gelbach and Miller 2011): a variance by tenants, and one by models less what the chance of
//! single choices explains of it; negative eigenvalues of that difference are set to zero. Both are
//! jackknives: how far the weights move without one tenant, or one model. Intervals are those of t.
//! Tenants of unlike size count by their effective number, `G / (1 + variance of sizes / mean²)`, and give
//! that less one degrees of freedom; each side of affiliation counts its models in the same way, and both
//! are joined as Welch and Satterthwaite do. With fewer than 40 models the interval also holds every
//! weight that reassigning affiliation among the models does not reject at 5% (randomisation inference),
//! and the chance is the larger one of both.
//!
//! | regime | 95% intervals |
//! |---|---|
//! | 2 or more tenants of like size, tastes for affiliation that differ by 0.8 | hold the truth, 93 in 100 |
//! | 40 tenants, one of which makes 30% to 80% of the choices, the same tastes | the same |
//! | few models, from 4 and 4 or 2 and 8 on, merits that differ by 0.2 or 0.5 | the same |
//! | few tenants and few models, both | the same |
//! | fewer than 40 ways to reassign affiliation among the models, such as 3 of 7 | unknown |
//! | tenants that count as fewer than 1.5, or one tenant or model without which nothing is known | unknown |
//!
//! Tastes and merits are standard deviations of normal utilities. The shares are of simulated logs without an
//! effect; where affiliation is worth nothing to each tenant on average, but much to some, the weight is that
//! average. The test of the project draws such logs anew (`crates/keiretsu-testkit/tests/platform_log.rs`).
//!
//! What the interval does not allow for: merits that go with affiliation (an owner buys into better makers),
//! better places where the log has no `position`, situations that differ in what the log does not show.
//!
//! What the data cannot tell is an error and not a number: an affiliation that never differs among the
//! models shown together; a single affiliated (or a single other) model, whose own merits cannot be told
//! from its affiliation; full model dummies (`--model-effects`) beside an affiliation that is constant for
//! each model; a price or quality that never differs, or is the sum of others; choices that something
//! predicts without fail (separation); a model that is chosen but was not available; a single tenant; a
//! row without a name of its situation, model or tenant.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A shop of models"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! shop  = { name = "Shop" }
//! lab   = { name = "Lab" }
//! other = { name = "Other lab" }
//!
//! [holdings.shop-in-lab]
//! owner  = "shop"
//! issuer = "lab"
//! stake  = "10%"
//! source = "article"
//!
//! [platforms.counter]
//! operator = "shop"
//! offers   = { own = "shop", large = "lab", small = "other", tiny = "other" }
//! source   = "article"
//! ```
//!
//! ```csv
//! # file: model/log.csv
//! # made up: no platform's data
//! situation,tenant,model,price,chosen
//! 1,a,large,1,1
//! 1,a,small,1,0
//! 2,b,own,1,1
//! 2,b,tiny,1,0
//! 3,c,own,1,1
//! 3,c,small,1,0
//! 4,d,large,1,0
//! 4,d,tiny,1,1
//! 5,a,small,1,1
//! 5,a,tiny,2,0
//! 6,b,small,2,0
//! 6,b,tiny,1,1
//! 7,c,large,1,0
//! 7,c,own,2,1
//! 8,d,large,1,1
//! 8,d,own,2,0
//! ```
//!
//! By hand: at one price, the affiliated model was chosen in three situations of four, so the odds are 3
//! to 1 and g = ln 3; with equal affiliation the cheaper one was, so `b_price` = -ln 3 for each dollar.
//! Affiliation is worth a dollar. Two models of four can be affiliated in six ways, so that no interval at
//! 95% can be told: own and large may simply be better.
//!
//! ```console
//! $ keiretsu measure model neutrality
//! Models on platforms, and who owns a piece of them
//! as of 2026-01-01
//!
//! Of 4 models on platforms 2 are the operator's own or its partners': Shop offers large of Lab
//!   (shop-in-lab).
//! Whether such models are chosen more often cannot be told from contracts: only a platform's log says.
//!
//! platform  operator  model  maker      affiliated  through
//! ─────────────────────────────────────────────────────────────
//! counter   Shop      own    Shop       yes         its own
//! counter   Shop      large  Lab        yes         shop-in-lab
//! counter   Shop      small  Other lab  no
//! counter   Shop      tiny   Other lab  no
//!
//! `--log FILE` tests a platform's own log: whether affiliated models are chosen more often
//! $ keiretsu measure model neutrality --log model/log.csv
//! What affiliation is worth to a model on the platform
//! as of 2026-01-01
//!
//! beside  what                                          value  95% from       to
//! ──────────────────────────────────────────────────────────────────────────────
//! price   weight                                        1.099   unknown  unknown
//! price   odds ratio                                       3x   unknown  unknown
//! price   price advantage that it is worth                  1   unknown  unknown
//! price   chance of so much without any               unknown
//! price   unseen odds that would explain it                3x
//! price   unseen odds that would bring it into doubt  unknown
//!
//! 8 situations of 4 tenants, 4 models; errors are two-way, by tenant and by model
//! 4 tenants count as 4.0 of like size: intervals of the normal distribution would be too narrow, and
//!   there are none
//! with 2 affiliated and 2 other models their own merits, what they have beside the columns, cannot be
//!   told from affiliation: no interval
//! the log has no `position`: that affiliated models stand in better places is not told from
//!   affiliation
//! price and quality are in the units of the log; unseen: what an affiliated model has beside them
//! the log says: made up: no platform's data
//!
//! left out:
//!   price (95% from, to, value): too few models say how much models vary in merits of their own
//!
//! Weights of all columns
//! as of 2026-01-01
//!
//! beside  column      weight  standard error if the model is right  two-way standard error        z
//! ─────────────────────────────────────────────────────────────────────────────────────────────────
//! price   affiliated   1.099                                 1.155                 unknown  unknown
//! price   price       -1.099                                 1.155                 unknown  unknown
//!
//! the log says: made up: no platform's data
//!
//! left out:
//!   price (two-way standard error, z): too few models say how much models vary in merits of their own
//!
//! further tables (--all, or --table NAME): shares (Of the times that a model could be chosen, how
//!   often it was: 1 row); models (Models of the log: 4 rows)
//! ```

mod findings;
mod log;
mod offers;
mod tables;
mod test;

pub use log::{Feature, Log, Role};
pub use test::{LogRequest, tested};

use keiretsu_program::Probe;
use keiretsu_values::{Finding, Table, TableSpec};

use crate::{Measure, Query, Seen, Subject};

#[expect(missing_docs, reason = "the page of the measure is its module")]
pub struct Neutrality;

/// The name of the measure.
pub const NAME: &str = "neutrality";

impl Measure for Neutrality {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "models on platforms that their operator owns a piece of; with --log, whether they are preferred"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&offers::OFFERS, &tables::EFFECT, &tables::WEIGHTS, &tables::SHARES, &tables::MODELS]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        vec![offers::table(subject, query)]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}
