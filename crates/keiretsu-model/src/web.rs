//! Holdings, platforms and products: who owns, offers and supplies whom.

use keiretsu_values::Dimension;

use crate::date::When;
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Basis, Content, Record, Stated};
use crate::spec::{BASIS_TERMS, Range, Term, TermKind};
use crate::tree::Node;
use crate::{Diagnostic, PartyRef, Span};

/// A stake of one party in another.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// Who holds.
    pub owner: PartyRef,
    /// In whom.
    pub issuer: PartyRef,
    /// All its terms.
    pub record: Record,
}

/// A place where one party sells what several make.
#[derive(Clone, Debug, PartialEq)]
pub struct Platform {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// Who runs it.
    pub operator: PartyRef,
    /// Its models, each with the party that makes it.
    pub offers: Vec<(String, PartyRef)>,
    /// All its terms.
    pub record: Record,
}

/// Something that one party sells and others supply.
#[derive(Clone, Debug, PartialEq)]
pub struct Product {
    /// Its name.
    pub name: String,
    /// Where it is defined.
    pub span: Span,
    /// Who sells it.
    pub operator: PartyRef,
    /// Shares of its suppliers by year.
    pub supplied_by: Vec<(When, Vec<(PartyRef, Stated)>)>,
    /// All its terms.
    pub record: Record,
}

/// The terms of a holding.
pub static HOLDING_TERMS: &[Term] = &[
    Term::new("owner", TermKind::Party, "who holds").required(),
    Term::new("issuer", TermKind::Party, "in whom").required(),
    Term::new("stake", TermKind::Figure(&[Dimension::NUMBER]), "share of the issuer").within(Range::Share),
    Term::new(
        "bought",
        TermKind::Figure(&[Dimension::NUMBER]),
        "share of the issuer on the day it was bought",
    )
    .within(Range::Share),
    Term::new("basis", TermKind::Choice(&["issued", "as converted"]), "of which units the stake is a share"),
    Term::new("cost", TermKind::Figure(&[Dimension::MONEY]), "what was paid for it"),
    Term::new("paid", TermKind::Period, "when it was paid"),
    Term::new(
        "fair_value",
        TermKind::Figure(&[Dimension::MONEY]),
        "what it was worth on the day it was bought, apart from what the holder gave",
    ),
    Term::new("value", TermKind::Figure(&[Dimension::MONEY]), "what it is said to be worth: a mark"),
    Term::new("realised", TermKind::Figure(&[Dimension::MONEY]), "what it has returned in cash"),
    Term::new(
        "accounting",
        TermKind::Choice(&["fair value", "equity method", "cost"]),
        "how the holder accounts for it",
    ),
    Term::new("instrument", TermKind::Text, "shares, notes, preferred"),
];

/// The terms of a platform.
pub static PLATFORM_TERMS: &[Term] = &[
    Term::new("operator", TermKind::Party, "who runs it").required(),
    Term::new("offers", TermKind::PartyByName, "what it offers, and whose that is").required(),
];

/// The terms of a product.
pub static PRODUCT_TERMS: &[Term] = &[
    Term::new("operator", TermKind::Party, "who sells it").required(),
    Term::new("supplied_by", TermKind::SharesByYear, "shares of its suppliers by year").required(),
];

/// Reads all holdings that were known.
pub(crate) fn read_holdings(reader: &mut Reader<'_>) -> Vec<Holding> {
    let mut holdings = Vec::new();
    for (name, span, record) in records(reader, Kind::Holding, HOLDING_TERMS) {
        let (Some(owner), Some(issuer)) = (record.party("owner"), record.party("issuer")) else { continue };
        if owner == issuer {
            let message = format!("`{name}` is a holding of a party in itself");
            let span = record.span_of("issuer");
            reader.diagnostics.push(Diagnostic::new("E0704", span, message).hint("name two parties"));
        }
        holdings.push(Holding { name, span, owner, issuer, record });
    }
    holdings
}

/// Reads all platforms.
pub(crate) fn read_platforms(reader: &mut Reader<'_>) -> Vec<Platform> {
    let read = |(name, span, record): (String, Span, Record)| {
        let offers = match &record.entry("offers")?.content {
            Content::PartyByName(offers) => offers.clone(),
            _ => return None,
        };
        Some(Platform { name, span, operator: record.party("operator")?, offers, record })
    };
    records(reader, Kind::Platform, PLATFORM_TERMS).into_iter().filter_map(read).collect()
}

/// Reads all products.
pub(crate) fn read_products(reader: &mut Reader<'_>) -> Vec<Product> {
    let read = |(name, span, record): (String, Span, Record)| {
        let supplied_by = match &record.entry("supplied_by")?.content {
            Content::SharesByYear(years) => years.clone(),
            _ => return None,
        };
        Some(Product { name, span, operator: record.party("operator")?, supplied_by, record })
    };
    records(reader, Kind::Product, PRODUCT_TERMS).into_iter().filter_map(read).collect()
}

/// All entries of a table that were known.
pub(crate) fn records(
    reader: &mut Reader<'_>,
    kind: Kind,
    terms: &'static [Term],
) -> Vec<(String, Span, Record)> {
    let root = &reader.document.root;
    let mut records = Vec::new();
    for (key, node) in root.get(kind.table()).map_or(&[][..], Node::entries) {
        let what = format!("the {} `{}`", kind.word(), key.name);
        let mut record = reader.record(node, &[terms, BASIS_TERMS], &what);
        record.inherit(&Basis::default());
        let known = record.when("known").map(|when| when.last);
        if reader.is_known(record.sources(), known) {
            records.push((key.name.clone(), key.span, record));
        }
    }
    records
}
