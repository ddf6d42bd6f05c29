//! Contracted payments back, divided by the money put in: how far a partner's purchases cover an investment.
//!
//! For each investor A and party B: payments still due from B to A by contract (nominal, groups
//! consolidated), divided by the money that A has put into B: paid; firm (paid + binding); or headline (also
//! what is conditional or announced, at the cap). A ratio names the reading of both of its sides. Coverage
//! may exceed 1 and is not circularity: it says nothing about which dollar comes back.
//!
//! What repays a loan, and its interest, is not counted as back: it is owed for the loan and for nothing that
//! was bought. So a pair that only lends and borrows has coverage 0, which says nothing of the loan.
//!
//! Where some contract says whether it can be cancelled, the payments back are taken apart by that, as in
//! `commitments`, and coverage is there once more without what can be cancelled.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Money in, purchases back"
//! as_of    = 2026-04-21
//!
//! [sources.release]
//! title = "Press release"
//!
//! [parties]
//! cloud = { name = "Cloud" }
//! lab   = { name = "Lab" }
//!
//! [events]
//! milestones = { text = "commercial milestones, not public" }
//!
//! [contracts.round]
//! type     = "equity"
//! investor = "cloud"
//! issuer   = "lab"
//! source   = "release"
//! tranches.earlier = { amount = "$13B", paid = 2025 }
//! tranches.later   = { amount = "up to $20B", when = "milestones", before = 2030-12-31 }
//!
//! [contracts.compute]
//! type    = "supply"
//! buyer   = "lab"
//! seller  = "cloud"
//! minimum = "more than $100B over 10 years"
//! source  = "release"
//! ```
//!
//! By hand: more than 100 / 13 is at least 7.7; more than 100 / at most 33 is at least 3.0.
//!
//! ```console
//! $ keiretsu measure model coverage
//! Contracted back, divided by money put in
//! as of 2026-04-21
//!
//! Cloud put $13B into Lab (firm) and is owed ≥$100B back: ≥7.6x of it.
//!
//!                 reading of                                      reading of
//!           put   money put                                  put  payments    contracted
//! investor  into  in          equity  convertibles  loans     in  back              back  coverage
//! ────────────────────────────────────────────────────────────────────────────────────────────────
//! Cloud     Lab   paid, firm    $13B            $0     $0   $13B  firm            ≥$100B     ≥7.6x
//! Cloud     Lab   headline     ≤$33B            $0     $0  ≤$33B  headline        ≥$100B       ≥3x
//! not shown: prepayments (--wide)
//!
//! Nominal amounts that have not yet fallen due; service credits, capital and what repays a loan or is
//!   its interest do not count as back.
//! ```

mod findings;

use keiretsu_model::PartyRef;
use keiretsu_program::{Probe, Reading};
use keiretsu_values::{Cell, ColumnSpec, Finding, Table, TableSpec, Value};

use crate::cancels;
use crate::capital::{Extent, MoneyIn};
use crate::{Measure, Query, Seen, Subject};

pub struct Coverage;

const NAME: &str = "coverage";

pub(super) const COVERAGE: TableSpec = TableSpec::new(
    NAME,
    "coverage",
    "Contracted back, divided by money put in",
    &[
        &[
            ColumnSpec::party("investor", "the group that put money in"),
            ColumnSpec::party("party", "the group that it was put into").titled("put into"),
            ColumnSpec::text("put_in_reading", "paid, firm (paid and binding) or headline")
                .titled("reading of money put in"),
            ColumnSpec::money("equity", "money put in as equity, and what holdings cost").minor().by(PUT_IN),
            ColumnSpec::money("convertibles", "money put in as notes and SAFEs").minor().by(PUT_IN),
            ColumnSpec::money("loans", "money put in as loans").minor().by(PUT_IN),
            ColumnSpec::money("prepayments", "money put in as payments ahead of delivery").minor().by(PUT_IN),
            ColumnSpec::money("put_in", "all money put in")
                .is("{equity} + {convertibles} + {loans} + {prepayments}"),
            ColumnSpec::text("back_reading", "firm or headline").minor().titled("reading of payments back"),
            ColumnSpec::money("back", "contracted payments back")
                .titled("contracted back")
                .by("sum of the contracted payments back that have not fallen due"),
            ColumnSpec::multiple("coverage", "contracted payments back as a multiple of the money put in")
                .is("{back} / {put_in}"),
        ],
        &cancels::COLUMNS,
        &[ColumnSpec::multiple("coverage_cancelled", "coverage if all that can be cancelled is")
            .titled("coverage if cancelled")
            .is("({back} - {cancellable}) / {put_in}")
            .when_filled()],
    ],
)
.filled_by("capital that a group puts into another: `equity`, `convertible`, `loan`, a `prepayment`")
.of_each("pair")
.by_size("put_in")
.in_versions(&["put_in_reading", "back_reading"]);

const PUT_IN: &str = "paid, or also promised, by the reading";

impl Measure for Coverage {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "contracted payments back, divided by the money put in"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&COVERAGE]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&COVERAGE);
        let mut said = false;
        for (investor, party) in subject.funded() {
            if !query.wants(investor) && !query.wants(party) {
                continue;
            }
            for extent in Extent::ALL {
                if query.reading.is_some_and(|reading| reading != extent.reading()) {
                    continue;
                }
                let money = subject.put_in(investor, party, extent);
                let reading = if extent == Extent::Headline { Reading::Headline } else { Reading::Firm };
                let back = subject.contracted(party, investor, reading);
                for what in money.left_out.iter().chain(&back.left_out) {
                    table.leave_out(what.clone());
                }
                let mut row = vec![subject.party(investor), subject.party(party), Cell::text(extent.word())];
                row.extend(
                    MoneyIn::ALL
                        .map(|kind| Cell::Value(subject.put_in_as(kind, investor, party, extent).value())),
                );
                row.extend([
                    Cell::Value(money.value()),
                    Cell::text(reading.name()),
                    Cell::Value(back.value()),
                    Cell::Value(ratio(&back.value(), &money.value())),
                ]);
                let (cells, says) = if_cancelled(subject, (investor, party), reading, &money.value());
                row.extend(cells);
                said |= says;
                table.push(row);
            }
            if subject.is_one_purchase(investor, party) {
                table.note(format!(
                    "{} in {}: paid tranches and the stated cost may be one purchase; the larger counts.",
                    subject.title(investor),
                    subject.title(party)
                ));
            }
        }
        cancels::shown_where(said, &mut table);
        table.note(
            "Nominal amounts that have not yet fallen due; service credits, capital and what repays a loan \
             or is its interest do not count as back.",
        );
        vec![table]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// What can be cancelled of payments back, and what coverage is without it.
fn if_cancelled(
    subject: &Subject<'_>,
    (investor, party): (PartyRef, PartyRef),
    reading: Reading,
    put_in: &Value,
) -> (Vec<Cell>, bool) {
    let cancels = subject.contracted_cancels(party, investor, reading);
    let mut cells: Vec<Cell> = cancels.cells().into();
    cells.push(Cell::Value(ratio(&cancels.standing(), put_in)));
    (cells, cancels.said())
}

/// Payments back over money put in. Where all of the money put in is unknown there is no ratio, not even of
/// zero.
pub(crate) fn ratio(back: &Value, put_in: &Value) -> Value {
    if put_in.is_zero() {
        Value::unknown("nothing was put in")
    } else if back.is_zero() && put_in.amount().is_none_or(|read| read <= 0.0) {
        Value::unknown(put_in.reason().unwrap_or("perhaps nothing was put in"))
    } else {
        back.divide(put_in)
    }
}
