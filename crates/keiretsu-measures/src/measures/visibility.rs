//! Who may see, decide, use or block what, until when, and the money at risk without a right to see.
//!
//! One row for each pair where one party has a right against the other or money in it. Rights are listed as
//! granted, with their end. A right to see is a board seat, an observer's seat or an information right. Money
//! at risk is what was put in, firm (paid and binding) and at the headline; where no right to see stands
//! beside it, it is at risk unseen.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "Money with and without sight"
//! as_of    = 2026-01-01
//!
//! [sources.article]
//! title = "An article"
//!
//! [parties]
//! first  = { name = "First cloud" }
//! second = { name = "Second cloud" }
//! lab    = { name = "Lab" }
//!
//! [contracts.access]
//! type    = "right"
//! holder  = "first"
//! grantor = "lab"
//! kinds   = ["information", "model access"]
//! until   = 2032
//! source  = "article"
//!
//! [holdings.first-in-lab]
//! owner  = "first"
//! issuer = "lab"
//! cost   = "$13B"
//! source = "article"
//!
//! [holdings.second-in-lab]
//! owner  = "second"
//! issuer = "lab"
//! cost   = "$8B"
//! source = "article"
//! ```
//!
//! By hand: the first cloud has 13 at risk with a right to information; the second has 8 and sees nothing.
//!
//! ```console
//! $ keiretsu measure model visibility
//! Rights, and money at risk without a right to see
//! as of 2026-01-01
//!
//! Without a right to see: $8B of firm money of Second cloud in Lab, the only pair.
//! First cloud may see $13B of firm money in Lab: information until 2032, model access until 2032.
//!
//!                                                                      at
//!                                                                   risk,  at risk,  unseen,   unseen,
//! holder        against  rights                               sees   firm  headline     firm  headline
//! ────────────────────────────────────────────────────────────────────────────────────────────────────
//! First cloud   Lab      information until 2032, model        yes    $13B      $13B       $0        $0
//!                          access until 2032
//! Second cloud  Lab      none stated                          no      $8B       $8B      $8B       $8B
//!
//! A right to see is a board seat, an observer's seat or an information right.
//! ```

mod findings;

use keiretsu_contracts::side::Right;
use keiretsu_model::PartyRef;
use keiretsu_program::Probe;
use keiretsu_values::{Cell, ColumnSpec, Finding, Table, TableSpec, Value};

use crate::capital::Extent;
use crate::{Measure, Query, Seen, Subject};

pub struct Visibility;

const NAME: &str = "visibility";

const PAIRS: TableSpec = TableSpec::new(
    NAME,
    "pairs",
    "Rights, and money at risk without a right to see",
    &[&[
        ColumnSpec::party("holder", "the group that has rights or money at risk"),
        ColumnSpec::party("against", "the group that granted the rights or took the money"),
        ColumnSpec::text("rights", "the rights of the holder, with their ends"),
        ColumnSpec::text("sees", "`yes` where one of the rights is a right to see, else `no`"),
        ColumnSpec::money("at_risk_firm", "money put in, firm")
            .titled("at risk, firm")
            .by("sum of the capital put in that is paid or binding"),
        ColumnSpec::money("at_risk_headline", "money put in, at the headline")
            .titled("at risk, headline")
            .by("sum of the capital put in or promised, at the cap"),
        ColumnSpec::money("unseen_firm", "money put in without a right to see, firm")
            .titled("unseen, firm")
            .by("{at_risk_firm} where there is no right to see, else 0"),
        ColumnSpec::money("unseen_headline", "money put in without a right to see, at the headline")
            .titled("unseen, headline")
            .by("{at_risk_headline} where there is no right to see, else 0"),
    ]],
)
.filled_by("contracts of type `right`, and money at risk")
.of_each("pair")
.by_size("at_risk_headline")
.unfolded();

/// The kinds of right that let their holder see.
const SIGHT: [&str; 3] = ["board", "observer", "information"];

impl Measure for Visibility {
    fn name(&self) -> &'static str {
        NAME
    }

    fn summary(&self) -> &'static str {
        "rights of each party against each, and the money at risk without a right to see"
    }

    fn schema(&self) -> &'static [&'static TableSpec] {
        &[&PAIRS]
    }

    fn needs(&self, _: &Subject<'_>, _: &Query) -> Vec<Probe> {
        vec![]
    }

    fn tables(&self, subject: &Subject<'_>, query: &Query, _: &Seen<'_>) -> Vec<Table> {
        let mut table = subject.table(&PAIRS);
        for (holder, grantor) in pairs(subject) {
            if query.wants(holder) || query.wants(grantor) {
                table.push(row(subject, holder, grantor));
            }
        }
        table.note("A right to see is a board seat, an observer's seat or an information right.");
        vec![table]
    }

    fn findings(&self, tables: &[Table]) -> Vec<Finding> {
        findings::of(tables)
    }
}

fn pairs(subject: &Subject<'_>) -> Vec<(PartyRef, PartyRef)> {
    let mut pairs = subject.stakes();
    for right in &subject.side.rights {
        let pair = (subject.model.group(right.holder), subject.model.group(right.grantor));
        if !pairs.contains(&pair) {
            pairs.push(pair);
        }
    }
    pairs.sort();
    pairs
}

/// The rights of one group against another.
pub(crate) fn rights<'a>(
    subject: &Subject<'a>,
    holder: PartyRef,
    grantor: PartyRef,
) -> impl Iterator<Item = &'a Right> {
    let model = subject.model;
    subject
        .side
        .rights
        .iter()
        .filter(move |right| model.group(right.holder) == holder && model.group(right.grantor) == grantor)
}

/// Whether a group has a right to see into another.
pub(crate) fn sees(subject: &Subject<'_>, holder: PartyRef, grantor: PartyRef) -> bool {
    rights(subject, holder, grantor).any(|right| SIGHT.contains(&right.kind.as_str()))
}

/// The rights of one group against another, in words.
pub(crate) fn in_words(subject: &Subject<'_>, holder: PartyRef, grantor: PartyRef) -> String {
    let words: Vec<String> = rights(subject, holder, grantor)
        .map(|right| match right.until {
            Some(until) => format!("{} until {}", right.kind, until.text()),
            None => right.kind.clone(),
        })
        .collect();
    if words.is_empty() { "none stated".to_owned() } else { words.join(", ") }
}

fn row(subject: &Subject<'_>, holder: PartyRef, grantor: PartyRef) -> Vec<Cell> {
    let sees = sees(subject, holder, grantor);
    let risk = [Extent::Firm, Extent::Headline].map(|extent| subject.put_in(holder, grantor, extent));
    let mut row = vec![
        subject.party(holder),
        subject.party(grantor),
        Cell::Text(in_words(subject, holder, grantor)),
        Cell::text(if sees { "yes" } else { "no" }),
    ];
    row.extend(risk.iter().map(|total| Cell::Value(total.value())));
    row.extend(risk.iter().map(|total| Cell::Value(if sees { Value::exact(0.0) } else { total.value() })));
    row
}
