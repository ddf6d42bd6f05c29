//! What borrowers have to pay on their debts, against what contracts bring them: cover, tail, loan to
//! value, a stated loss, and what has to be refinanced.
//!
//! The debt service cover ratio of a period is what contracts bring in it over the interest, principal and
//! fees that fall due (DSCR, as in project finance: E. R. Yescombe, "Principles of Project Finance", 2nd
//! ed. 2014, ch. 12). Contracted is what others owe under supply, leases, building, shares of revenue,
//! fees, calls of guarantees, and as borrowers; draws, capital and revenue from outside are not. So the
//! ratio rests on contracts alone; forecasts stand apart, and where they are stated a second ratio is on
//! the cash flow available for debt service (CFADS: contracted + revenue - costs - other contracts - rent).
//! Building is in none of it: debt and capital pay for it. Rent has a column of its own, and the
//! fixed-charge cover counts it with debt service.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A vehicle lets a campus and borrows against the rent"
//! as_of    = 2025-12-31
//! horizon  = "4 years"
//!
//! [parties]
//! tenant = { name = "Tenant" }
//! bank   = { name = "Bank" }
//!
//! [parties.vehicle]
//! name    = "Vehicle"
//! cash    = "$20M"
//! costs   = "$10M/yr"
//! value   = "$200M"
//! default = { chance = "2%/yr", recovery = "40%" }
//! because = "an example"
//!
//! [contracts.campus]
//! type    = "lease"
//! lessee  = "tenant"
//! lessor  = "vehicle"
//! rent    = "$120M/yr"
//! from    = "2026-01"
//! term    = "3 years"
//! because = "an example"
//!
//! [contracts.loan]
//! type       = "loan"
//! lender     = "bank"
//! borrower   = "vehicle"
//! amount     = "$300M"
//! drawn      = "2025-12"
//! rate       = "8%"
//! repayment  = "linear"
//! frequency  = "yearly"
//! maturity   = "2029-12"
//! collateral = { value = "$400M" }
//! because    = "an example"
//! ```
//!
//! By hand: 75 of principal a year, and interest of 8% on 300, 225, 150 and 75: 24, 18, 12 and 6. The rent
//! of 120 covers 99, 93 and 87 1.21, 1.29 and 1.38 times and nothing of the last 81: the lowest is 0 in
//! 2029, the mean 3.88 / 4 = 0.97. The lease ends twelve months before the loan. With its debt the vehicle
//! is worth 200 + 300, so LTV is 60%; against the collateral it is 300 / 400. By a chance of 2%, of 300 of
//! which 40% come back, 2% x 180 = 3.6 are lost a year. With its costs 2026 leaves 110, which is 1.11 times
//! 99. Cash of 20 grows to 31, 48 and 71; in 2029 75 fall due, costs and interest take 16, so 75 - 71 + 16
//! = 20 are missing.
//!
//! ```console
//! $ keiretsu measure model debt_service --reading firm --all
//! Cover of debt service
//! as of 2025-12-31
//!
//! Thinnest cover by contracts: Vehicle, 0x in 2029 (firm).
//! Most to refinance: Vehicle, $20M in 2029 (firm).
//!
//!                          average    lowest DSCR,                    last                    expected
//! borrower  reading  in       DSCR  with forecasts  outstanding  LTV  maturity          tail      loss
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! Vehicle   firm     2029    0.97x          -0.12x        $300M  60%  2029-12-31  -12 months     $3.6M
//! not shown: lowest DSCR, lowest fixed-charge cover, value, with debt, contracts end (--wide)
//!
//! LLCR and PLCR: no present values: the model gives no `discount` rate.
//!
//!
//! Debt service
//! as of 2025-12-31
//!
//!                                                              debt         fixed-charge    costs,
//! borrower  reading  time  contracted  interest  principal  service   DSCR         cover  forecast
//! ────────────────────────────────────────────────────────────────────────────────────────────────
//! Vehicle   firm     2026       $120M      $24M       $75M     $99M  1.21x         1.21x      $10M
//! Vehicle   firm     2027       $120M      $18M       $75M     $93M  1.29x         1.29x      $10M
//! Vehicle   firm     2028       $120M      $12M       $75M     $87M  1.38x         1.38x      $10M
//! Vehicle   firm     2029          $0       $6M       $75M     $81M     0x            0x      $10M
//! not shown: rent, other contracts, CFADS, with forecasts, DSCR, with forecasts (--wide)
//!
//! Contracted is what falls due, whether or not it is paid; what is paid is in `cash`.
//! Revenue and costs are forecasts: firm counts what is owed, and is no downside.
//!
//!
//! What contracts bring to borrowers
//! as of 2025-12-31
//!
//! borrower  counterparty  contract  kind  reading  time  amount
//! ─────────────────────────────────────────────────────────────
//! Vehicle   Tenant        campus    rent  firm     2026   $120M
//! Vehicle   Tenant        campus    rent  firm     2027   $120M
//! Vehicle   Tenant        campus    rent  firm     2028   $120M
//!
//!
//! Loans against contracts, collateral and default
//! as of 2025-12-31
//!
//!                                                               contracts                    expected
//! borrower  contract  lender  reading  outstanding  maturity    end               tail  LTV      loss
//! ───────────────────────────────────────────────────────────────────────────────────────────────────
//! Vehicle   loan      Bank    firm           $300M  2029-12-31  2028-12-31  -12 months  75%     $3.6M
//! not shown: collateral, valued on, valued as, chance of default, over and 2 more columns (--wide)
//!
//! A stated chance of default moves nothing in the run; what the run makes fail is in `domino`.
//!
//!
//! Principal that falls due, and what cash there is
//! as of 2025-12-31
//!
//! borrower  reading  time  principal  cash before  brought before principal  to refinance
//! ───────────────────────────────────────────────────────────────────────────────────────
//! Vehicle   firm     2026       $75M         $20M                      $86M            $0
//! Vehicle   firm     2027       $75M         $31M                      $92M            $0
//! Vehicle   firm     2028       $75M         $48M                      $98M            $0
//! Vehicle   firm     2029       $75M         $71M                     -$16M          $20M
//! ```
//!
//! **Periods.** A year is a calendar year; a part of one is marked with its months. With `--by quarter`
//! and `--by month` periods without debt service have no ratio, and what they bring is carried into none.
//! The average counts each period with debt service once. Once a borrower fails in the run its rows end.
//!
//! **Life cover.** LLCR is the present value of what contracts bring until the last maturity over what is
//! outstanding at as-of, PLCR that of all that they bring (Yescombe, as above); both only where the model
//! states a `discount`, and "at least" where the run ends first.
//!
//! **Tail.** Months from a maturity to the last day on which a contract makes something due to the
//! borrower, as worded, beyond the horizon too. A contract that nothing dates leaves it open
//! upwards.
//!
//! **What is not stated.** A borrower that no contract of the model pays, and that states no `revenue`, has
//! an unknown cover and not one of nothing: what it lives on is not in the web. One of which it is known
//! that nothing comes in says `revenue = "$0/yr"`, and its cover is 0x. Interest at an undisclosed rate is
//! unknown. Where nothing says when a loan matures, any part of what is outstanding may fall due in any
//! period: principal is then between nothing and all of it. A loan that comes back at once stands in every
//! period, with its interest, or falls due in one, so that the lowest ratio is at most what its interest
//! leaves, or what its principal does in the period that bears it best.
//!
//! **Value.** Loan to value of a borrower is its debts over its equity value with its debts; of a loan it
//! is on its collateral, with the day of that worth: the date of a mark, or as-of for a formula. Nothing
//! stated, no ratio.
//!
//! **Loss.** `default = { chance = "2%/yr", recovery = "40%" }` of a party, or of one of its loans, states
//! a chance and the share of what is outstanding that lenders get back. Expected loss is chance x
//! (outstanding - recovered), as in the Basel Framework (CRE31: PD x LGD x EAD); without a recovery what
//! collateral is worth is got back. The statement moves nothing in a run.
//!
//! Absent: receipts carried into a period of payment; distributions of ratios over paths; swaps,
//! reserve accounts and tax.

mod borrowers;
mod findings;
mod lines;
mod loans;
mod losses;
mod periods;
mod summary;
mod tables;
mod undated;

use std::ops::Range;

use keiretsu_model::PartyRef;
use keiretsu_program::{PartyId, Probe, Quantity, Reading, Span};
use keiretsu_values::{Cell, Finding, Set, Table, TableSpec, Value};

use self::borrowers::{Borrower, borrowers};
use self::lines::{Line, Lines, Placed, SERVICE, placed};
use self::tables::{BY_PERIOD, COVER, LOANS, MATURITIES, RECEIPTS};
use crate::{Measure, PeriodLength, Query, Seen, Subject};

pub struct DebtService;

const NAME: &str = "debt_service";

impl Measure for DebtService {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "debt service against contracted cash: DSCR, its minimum, tail, LTV, expected loss, refinancing"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&COVER, &BY_PERIOD, &RECEIPTS, &LOANS, &MATURITIES]
    }

    fn needs(&self, subject: &Subject<'_>, query: &Query) -> Vec<Probe> {
        let (borrowers, span) = (borrowers(subject, query), span(query));
        let placed = placed(subject, &borrowers);
        let mut probes: Vec<Probe> = placed.iter().map(|placed| placed.probe(span)).collect();
        probes.extend(summary::needs(subject, &placed));
        for borrower in &borrowers {
            probes.extend(borrower.probes());
            probes.push(cash(borrower, span));
        }
        probes
    }

    /// Distributions of ratios are absent: nothing is read of the paths.
    fn reads_of_paths(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, seen: &Seen<'_>) -> Vec<Table> {
        let asked = Asked { subject, query, seen, borrowers: borrowers(subject, query), span: span(query) };
        let placed = placed(subject, &asked.borrowers);
        vec![
            summary::table(&asked, &placed),
            periods::by_period(&asked, &placed),
            periods::receipts(&asked, &placed),
            loans::table(&asked),
            periods::maturities(&asked, &placed),
        ]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

/// The lowest DSCR of a group over the years of the run; none without debt service.
pub(super) fn lowest_cover(
    subject: &Subject<'_>,
    seen: &Seen<'_>,
    party: PartyRef,
    reading: Reading,
) -> Option<Value> {
    let query = Query { parties: vec![party], reading: Some(reading), ..Query::default() };
    let asked =
        Asked { subject, query: &query, seen, borrowers: borrowers(subject, &query), span: span(&query) };
    let placed = placed(subject, &asked.borrowers);
    let borrower = asked.borrowers.first()?;
    let lines = Lines::of(subject, seen, (borrower, &placed), reading, asked.span);
    asked.lowest_cover(borrower, &placed, (&lines, &SERVICE), reading)
}

/// What is asked, of which borrowers, and what the runs saw.
struct Asked<'a> {
    subject: &'a Subject<'a>,
    query: &'a Query,
    seen: &'a Seen<'a>,
    borrowers: Vec<Borrower<'a>>,
    span: Span,
}

impl Asked<'_> {
    /// The periods until the one in which a borrower fails.
    fn periods(&self, borrower: &Borrower<'_>, reading: Reading) -> Range<usize> {
        let pieces = self.span.pieces(self.subject.program);
        let fails = borrower.fails(self.seen, reading).unwrap_or(u32::MAX);
        0..pieces.iter().filter(|(first, _)| *first <= fails).count()
    }

    /// The lowest DSCR, with rent among what is to be served or without; no higher than a loan without a
    /// maturity leaves it.
    fn lowest_cover(
        &self,
        borrower: &Borrower<'_>,
        placed: &[Placed],
        (lines, served): (&Lines, &[Line]),
        reading: Reading,
    ) -> Option<Value> {
        let lowest = self.lowest(borrower, reading, |at| lines.cover(served, at))?;
        let periods = self.periods(borrower, reading);
        let most = undated::most(self, (borrower, placed), (lines, served), reading, periods.clone());
        let read = periods.filter_map(|at| lines.cover(served, at)?.amount()).reduce(f64::min);
        Some(match (most, read) {
            (Some(most), Some(read)) => {
                Value::new(read.min(most), Set { low: lowest.set().low.min(read), high: most })
            }
            _ => lowest,
        })
    }

    /// The least of a ratio over those periods; none where no period has it.
    fn lowest(
        &self,
        borrower: &Borrower<'_>,
        reading: Reading,
        of: impl Fn(usize) -> Option<Value>,
    ) -> Option<Value> {
        self.periods(borrower, reading).filter_map(of).reduce(|low, next| low.min(&next))
    }
}

fn span(query: &Query) -> Span {
    PeriodLength::span(query.by)
}

fn cash(borrower: &Borrower<'_>, span: Span) -> Probe {
    Probe { quantity: Quantity::Cash(PartyId(borrower.party.0)), span }
}

/// A number where there is one.
fn number(value: Option<Value>) -> Cell {
    value.map_or(Cell::Empty, Cell::Value)
}

fn period(subject: &Subject<'_>, span: Span, at: usize) -> Cell {
    let (first, last) = span.pieces(subject.program)[at];
    subject.period(span, first, last + 1 - first)
}
