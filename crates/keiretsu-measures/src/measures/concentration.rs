//! How much of a party's revenue, backlog, supply and funding rests on each counterparty.
//!
//! Four questions, each a share of a total, groups consolidated first: *backlog* (what is contracted to be
//! paid to the party and has not fallen due), *revenue* (what it receives in the next three years, capital
//! apart), *supply* (what it is contracted to pay for service and building), *funding* (the capital put into
//! it). Backlog divides by `reported_backlog` where the party reports one, revenue by what the web and
//! outside bring together; what the web does not explain is a row of its own. A reported total smaller than
//! its parts is said and not hidden.
//!
//! The Herfindahl-Hirschman index is the sum of squared shares in per cent (0 to 10,000); the effective
//! number of counterparties is 10,000 / HHI, the Hill number of order two. What comes from outside adds to
//! the total, not to the sum of squares, so the index is then a lower bound. Where an amount is undisclosed,
//! no share is known.
//!
//! Where some contract says whether it can be cancelled, backlog and supply are taken apart by that, as in
//! `commitments`.
//!
//! With `--paths` a further table shows revenue by counterparty and contract over the whole horizon and all
//! paths, beside the expected reading on central paths.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Two customers"
//! as_of    = 2025-12-31
//! horizon  = "3 years"
//!
//! [parties]
//! cloud = { name = "Cloud", reported_backlog = "$200M", because = "an example" }
//! lab   = { name = "Lab" }
//! bank  = { name = "Bank" }
//!
//! [contracts.big]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! minimum = "$90M over 3 years"
//! because = "an example"
//!
//! [contracts.small]
//! type    = "supply"
//! buyer   = "bank"
//! seller  = "cloud"
//! minimum = "$30M over 3 years"
//! because = "an example"
//! ```
//!
//! By hand: of a backlog of 200, 90 are 45% and 30 are 15%; the squares are 2,025 and 225.
//!
//! ```console
//! $ keiretsu measure model concentration --party cloud --reading firm
//! Concentration by counterparty
//! as of 2025-12-31
//!
//! Lab is 45% of the backlog of Cloud: $90M (firm).
//!
//! party  of       reading  counterparty              amount  share    HHI  effective number
//! ─────────────────────────────────────────────────────────────────────────────────────────
//! Cloud  backlog  firm     total                      $200M   100%  ≥2250              ≤4.5
//! Cloud  revenue  firm     total                      $120M   100%   6250               1.6
//! Cloud  backlog  firm     Lab                         $90M    45%
//! Cloud  revenue  firm     Lab                         $90M    75%
//! Cloud  backlog  firm     not explained by the web    $80M    40%
//! Cloud  backlog  firm     Bank                        $30M    15%
//! Cloud  revenue  firm     Bank                        $30M    25%
//!
//! Revenue: receipts of the next 36 months, capital apart.
//! ```
//!
//! Where `[reports]` give the part of a counterparty as published, a second table shows it as it was said,
//! with its date, whatever the contracts of the model come to:
//!
//! ```toml
//! # file: told/keiretsu.toml
//! keiretsu = 1
//! title    = "As published"
//! as_of    = 2025-12-31
//! horizon  = "1 year"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//!
//! [reports]
//! all = { party = "cloud", of = "backlog", figure = "$200M", on = "2025-12", because = "an example" }
//!
//! [reports.lab]
//! party        = "cloud"
//! of           = "backlog"
//! counterparty = "lab"
//! figure       = "about 45%"
//! on           = "2025-12"
//! because      = "an example"
//! ```
//!
//! ```console
//! $ keiretsu measure told concentration --reading firm
//! Concentration by counterparty
//! as of 2025-12-31
//!
//! As published, Lab is ~45% of the backlog of Cloud (2025-12).
//! No party has a backlog, revenue, supply or funding from another.
//!
//! no rows; what would fill it: contracts under which a group is paid by others
//!
//! Revenue: receipts of the next 36 months, capital apart.
//!
//! Concentration as published
//! firm reading, as of 2025-12-31
//!
//! party  of       counterparty  on       amount  of a total of  share  report
//! ───────────────────────────────────────────────────────────────────────────
//! Cloud  backlog  Lab           2025-12   ~$90M          $200M   ~45%  lab
//! ```

mod findings;
mod question;
mod receipts;
mod reported;
mod tables;

use std::collections::BTreeSet;

use keiretsu_contracts::side::Commitment;
use keiretsu_model::PartyRef;
use keiretsu_program::{FlowId, Probe, Quantity, Reading, Span, Tag};
use keiretsu_values::{Finding, Table, TableSpec, Total, Value};

use self::question::{Question, rows};
use self::tables::BY_COUNTERPARTY;
use crate::cancels;
use crate::capital::{Extent, MoneyIn, is_supply};
use crate::measures::commitments::{self, Weighed};
use crate::{Measure, Query, Seen, Subject};

pub struct Concentration;

const NAME: &str = "concentration";

/// Months of receipts that count as revenue ahead.
const AHEAD_MONTHS: usize = 36;

impl Measure for Concentration {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "shares of backlog, revenue, supply and funding by counterparty; HHI, effective number"
    }

    fn looks_beyond(&self, query: &Query) -> bool {
        query.readings().contains(&Reading::Expected)
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&BY_COUNTERPARTY, &reported::REPORTED, &receipts::RECEIPTS]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let mut probes = commitments::Commitments.needs(subject, query);
        probes.extend((0..subject.program.flows.len() as u32).map(paid));
        probes.extend(receipts::needs(subject));
        probes
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&BY_COUNTERPARTY);
        let mut said = false;
        for (party, others) in subject.neighbours().into_iter().filter(|(group, _)| query.wants(*group)) {
            for reading in query.readings() {
                for question in questions(subject, seen, (party, &others), reading) {
                    said |= rows(subject, party, reading, &question, &mut table);
                }
            }
        }
        cancels::shown_where(said, &mut table);
        table.note(format!("Revenue: receipts of the next {AHEAD_MONTHS} months, capital apart."));
        let mut tables: Vec<Table> = std::iter::once(table).chain(reported::table(subject, query)).collect();
        if seen.is_simulated() {
            tables.push(receipts::over_all_paths(subject, query, seen));
        }
        tables
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn paid(flow: u32) -> Probe {
    Probe { quantity: Quantity::Payment(FlowId(flow)), span: Span::Month }
}

/// The questions on a party and its counterparties.
fn questions(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    (party, others): (PartyRef, &BTreeSet<PartyRef>),
    reading: Reading,
) -> Vec<Question> {
    let at = reading;
    let parts = |amount: &dyn Fn(PartyRef) -> Total| -> Vec<(PartyRef, Total)> {
        let all = others.iter().map(|other| (*other, amount(*other)));
        all.filter(|(_, total)| !total.is_empty() && !total.value().is_zero()).collect()
    };
    let weighed = Weighed { seen, subject };
    let extent = if reading == Reading::Firm { Extent::Firm } else { Extent::Headline };
    let reported = subject.model.party(party).record.figure("reported_backlog");
    let reported = reported.map(|stated| subject.model.readings(stated)[at].clone());
    let questions = vec![
        Question {
            of: "backlog",
            parts: parts(&|other| subject.contracted(other, party, at)),
            rest: None,
            reported,
        },
        Question {
            of: "revenue",
            parts: parts(&|other| ahead(subject, seen, reading, other, party)),
            rest: Some(ahead(subject, seen, reading, PartyRef::OUTSIDE, party).value()),
            reported: None,
        },
        Question {
            of: "supply",
            parts: parts(&|other| subject.supplied(party, other, at)),
            rest: outside_supply(subject, party, at),
            reported: None,
        },
        Question {
            of: "funding",
            parts: parts(&|other| {
                let amount = |commitment: &Commitment| weighed.amount(commitment, reading);
                let mut sum = Total::default();
                for kind in MoneyIn::ALL {
                    sum.append(subject.put_in_at(kind, other, party, extent, at, amount));
                }
                sum
            }),
            rest: None,
            reported: None,
        },
    ];
    questions.into_iter().map(|question| question.without_others(subject)).collect()
}

/// Contracted payments to outside.
fn outside_supply(subject: &Subject<'_>, party: PartyRef, at: Reading) -> Option<Value> {
    let total = subject.supplied(party, PartyRef::OUTSIDE, at);
    let any = subject
        .side
        .commitments
        .iter()
        .any(|commitment| is_supply(commitment) && subject.runs(commitment, party, PartyRef::OUTSIDE));
    any.then(|| total.value())
}

/// Payments of one group to another in the months ahead, except capital.
fn ahead(subject: &Subject<'_>, seen: &Seen<'_>, reading: Reading, from: PartyRef, to: PartyRef) -> Total {
    let mut total = Total::default();
    let model = subject.model;
    for (at, flow) in subject.program.flows.iter().enumerate() {
        let runs = model.group(PartyRef(flow.from.0)) == from && model.group(PartyRef(flow.to.0)) == to;
        let no_sale =
            matches!(flow.tag, Tag::Equity | Tag::Principal | Tag::Guarantee | Tag::Raise | Tag::Estate);
        if !runs || no_sale {
            continue;
        }
        let value = seen.sum(reading, paid(at as u32), AHEAD_MONTHS);
        total.add(&subject.side.flows[at].name, &value);
    }
    total
}
