//! The tables of named things at the top of a model, but for contracts, with the terms of each.

use crate::spec::Term;
use crate::{
    ALTERNATIVE_TERMS, EVENT_TERMS, EXPECTATION_TERMS, FACTOR_TERMS, HOLDING_TERMS, PARTY_TERMS,
    PLATFORM_TERMS, PRODUCT_TERMS, REPORT_TERMS, SCENARIO_TERMS, SOURCE_TERMS,
};

/// A table of named things other than contracts.
#[derive(Clone, Copy, Debug)]
pub struct ModelTable {
    /// Its key at the top of a file.
    pub name: &'static str,
    /// What stands in it.
    pub help: &'static str,
    /// The terms of each thing in it.
    pub terms: &'static [Term],
    /// Whether each may have a source and assumptions.
    pub rests: bool,
}

/// All tables but contracts.
pub static TABLES: &[ModelTable] = &[
    ModelTable {
        name: "sources",
        help: "the documents that figures cite",
        terms: SOURCE_TERMS,
        rests: false,
    },
    ModelTable {
        name: "parties",
        help: "who is in it; `part_of` makes a segment",
        terms: PARTY_TERMS,
        rests: true,
    },
    ModelTable { name: "factors", help: "what is uncertain", terms: FACTOR_TERMS, rests: true },
    ModelTable { name: "events", help: "what happens or does not", terms: EVENT_TERMS, rests: true },
    ModelTable {
        name: "alternatives",
        help: "contracts of which one is owed, and which one is open",
        terms: ALTERNATIVE_TERMS,
        rests: true,
    },
    ModelTable {
        name: "holdings",
        help: "stakes of one party in another",
        terms: HOLDING_TERMS,
        rests: true,
    },
    ModelTable {
        name: "platforms",
        help: "where one sells what several make",
        terms: PLATFORM_TERMS,
        rests: true,
    },
    ModelTable {
        name: "products",
        help: "what one sells and others supply",
        terms: PRODUCT_TERMS,
        rests: true,
    },
    ModelTable {
        name: "reports",
        help: "published figures that are no contracts",
        terms: REPORT_TERMS,
        rests: true,
    },
    ModelTable {
        name: "scenarios",
        help: "states of the world beside the base",
        terms: SCENARIO_TERMS,
        rests: true,
    },
    ModelTable {
        name: "expect",
        help: "what goes on holding, tested by `keiretsu check`",
        terms: EXPECTATION_TERMS,
        rests: true,
    },
];
