//! Reports: figures that were published about a party and are no contract, such as a backlog, the share of
//! one customer in it, a valuation, or a gain on a stake.
//!
//! Nothing is computed from them in a run. They stand beside what the contracts of the model come to.

use keiretsu_values::Dimension;

use crate::date::When;
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Record, Stated};
use crate::spec::{Range, Term, TermKind};
use crate::web::records;
use crate::{Diagnostic, PartyRef, Span};

/// A published figure about a party.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// The party that it speaks of.
    pub party: PartyRef,
    /// Of what: one of the words of [`REPORTED`].
    pub of: String,
    /// The other party, where it is the part of one: a customer's share of a backlog, the gain on a stake.
    pub counterparty: Option<PartyRef>,
    /// The day or the span for which it holds.
    pub on: When,
    /// All its terms.
    pub record: Record,
}

impl Report {
    /// The figure.
    pub fn figure(&self) -> Option<&Stated> {
        self.record.figure("figure")
    }
}

/// What can be reported of a party.
pub const REPORTED: &[&str] = &[
    "backlog",
    "revenue",
    "profit",
    "burn",
    "cash",
    "debt",
    "capex",
    "commitments",
    "value",
    "stake",
    "gain",
    "capacity",
    "customers",
    "market share",
    "funding",
];

const FIGURES: &[Dimension] =
    &[Dimension::MONEY, Dimension::MONEY_RATE, Dimension::NUMBER, Dimension::POWER, Dimension::CHIPS];

/// The terms of a report.
pub static REPORT_TERMS: &[Term] = &[
    Term::new("party", TermKind::Party, "whose figure it is").required(),
    Term::new("of", TermKind::Choice(REPORTED), "what was reported").required(),
    Term::new("counterparty", TermKind::Party, "the other party, where the figure is the part of one"),
    Term::new("figure", TermKind::Figure(FIGURES), "the figure, in its words")
        .within(Range::Any)
        .spanning()
        .required(),
    Term::new("on", TermKind::Period, "the day or the span for which it holds").required(),
    Term::new("basis", TermKind::Text, "on which basis: post-money, with finance leases, run-rate, forecast"),
];

/// Reads all reports that were known.
pub(crate) fn read(reader: &mut Reader<'_>) -> Vec<Report> {
    let mut reports = Vec::new();
    for (name, span, record) in records(reader, Kind::Report, REPORT_TERMS) {
        let parts = (record.party("party"), record.text("of"), record.when("on"), record.figure("figure"));
        let (Some(party), Some(of), Some(on), Some(_)) = parts else { continue };
        let counterparty = record.party("counterparty");
        if counterparty == Some(party) {
            let message = format!("`{name}` reports a party's part in itself");
            let span = record.span_of("counterparty");
            reader.diagnostics.push(Diagnostic::new("E0704", span, message).hint("name two parties"));
        }
        if !["profit", "gain", "burn"].contains(&of)
            && let Some(figure) = record.figure("figure")
        {
            Range::NotNegative.check_stated(of, figure, reader.diagnostics);
        }
        let of = of.to_owned();
        reports.push(Report { name, span, party, of, counterparty, on, record });
    }
    reports
}
