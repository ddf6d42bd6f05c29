//! The questions of a comparison: their groups, their meanings, and which come first.

use keiretsu_program::Reading;
use keiretsu_values::{ColumnSpec, Table, TableSpec, Unit, UnitSpec};

use super::across::{Across, Credit};
use super::side::Side;
use super::{Answer, NAME, side};
use crate::cancels::Cancels;
use crate::capital::Extent;
use crate::measures::{lock_in, returns};

/// A question that is asked of every party.
pub(super) struct Asked {
    /// Its words, the name of its row.
    pub words: &'static str,
    /// What it is about.
    pub group: &'static str,
    /// The unit of its answers, where they are numbers.
    pub unit: Option<UnitSpec>,
    /// What its answers mean.
    pub means: &'static str,
    /// Whether it is one of those that are read first.
    pub first: bool,
    /// The answer of one party.
    pub answer: fn(&Side<'_>, &Across<'_>, &mut Table) -> Answer,
}

const fn ask(
    group: &'static str,
    words: &'static str,
    unit: Option<UnitSpec>,
    means: &'static str,
    answer: fn(&Side<'_>, &Across<'_>, &mut Table) -> Answer,
) -> Asked {
    Asked { words, group, unit, means, first: false, answer }
}

impl Asked {
    const fn first(mut self) -> Self {
        self.first = true;
        self
    }
}

/// The group of what a party captures.
pub(super) const VALUE: &str = "value";
/// What a part of the value means, by the name of its row.
pub(super) const PARTS: [(&str, &str); 6] = [
    ("own assets, at cost", "what it builds for its own use, at cost: nothing that it has captured yet"),
    ("supply margin", "its margin on what partners are contracted to pay, in the expected reading"),
    ("platform margin", "its margin on what partners sell through its platform, in the expected reading"),
    ("stake", "its stakes: marks where some are stated, else as modelled; the next row says which"),
    ("given away", "credits, discounts and units that it gives to partners"),
    ("left with partners", "the value of partners beyond its stakes in them: marks, else as modelled"),
];

/// What each row of a comparison means.
pub(super) const DEFINITIONS: TableSpec = TableSpec::new(
    NAME,
    "definitions",
    "What each row means",
    &[&[
        ColumnSpec::text("group", "what the question is about"),
        ColumnSpec::text("question", "the question that is asked of every party").titled("row"),
        ColumnSpec::text("means", "what its answers mean").titled("meaning"),
    ]],
)
.filled_by("parties with stakes in others, or the `strategies` of `[compare]`")
.of_each("row")
.under_heads("group");

const MONEY: Option<UnitSpec> = Some(UnitSpec::Money);
const SHARE: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Share));
const MULTIPLE: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Multiple));
const POWER: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Power));
const COUNT: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Number { digits: 0 }));
const EFFECTIVE: Option<UnitSpec> = Some(UnitSpec::Fixed(Unit::Number { digits: 2 }));

const IN: &str = "money in";
const BACK: &str = "money back";
const BUILT: &str = "power";
const SIGHT: &str = "control";
const DEPENDENCE: &str = "dependence";
pub(super) const RISK: &str = "risk";

/// Every question, group by group.
pub(super) static QUESTIONS: &[Asked] = &[
    ask(IN, "holds a part of", None, "the parties in which it has a stake: its partners", |side, _, _| {
        side.partners_named()
    })
    .first(),
    ask(
        IN,
        "money put in: paid",
        MONEY,
        "equity, notes, loans and prepayments that a source says were paid to its partners",
        |side, _, table| side.put_in(Extent::Paid, table),
    ),
    ask(IN, "money put in: firm", MONEY, "the same, paid or binding", |side, _, table| {
        side.put_in(Extent::Firm, table)
    })
    .first(),
    ask(
        IN,
        "money put in: headline",
        MONEY,
        "the same with what is conditional or announced, at the cap",
        |side, _, table| side.put_in(Extent::Headline, table),
    ),
    ask(
        BACK,
        "contracted back",
        MONEY,
        "payments that its partners are contracted to make to it and that are not yet due: nominal, firm",
        |side, _, table| side.back(table),
    )
    .first(),
    ask(
        BACK,
        "contracted back: can be cancelled",
        MONEY,
        "what of it falls away if partners cancel as soon as they can: after the notice, less the fee",
        |side, _, _| side.back_cancels(Cancels::cancellable),
    ),
    ask(
        BACK,
        "contracted back: not said",
        MONEY,
        "what of it may or may not be cancellable, for all that is said",
        |side, _, _| side.back_cancels(Cancels::unsaid),
    ),
    ask(
        BACK,
        "coverage of firm money if cancelled",
        MULTIPLE,
        "contracted back without what can be cancelled / money put in, both firm",
        |side, _, _| side.coverage_if_cancelled(),
    ),
    ask(
        BACK,
        "coverage of firm money",
        MULTIPLE,
        "contracted back / money put in, both firm",
        |side, _, _| side.coverage(Extent::Firm),
    )
    .first(),
    ask(
        BACK,
        "coverage of headline money",
        MULTIPLE,
        "contracted back / money put in, both at the headline",
        |side, _, _| side.coverage(Extent::Headline),
    ),
    ask(
        BACK,
        "comes back of all it sends: at least",
        SHARE,
        "of all money that it sends into the web, the part proved to return to it; expected reading",
        |side, across, _| across.comes_back(side.party(), |back| &back.lower_share),
    ),
    ask(
        BACK,
        "comes back of all it sends: pro rata",
        SHARE,
        "the same by a convention: every payment carries the payer's mix of money",
        |side, across, _| across.comes_back(side.party(), |back| &back.middle_share),
    ),
    ask(
        BACK,
        "comes back of all it sends: at most",
        SHARE,
        "the most of it that can return, whoever's money is spent",
        |side, across, _| across.comes_back(side.party(), |back| &back.upper_share),
    ),
    ask(
        BUILT,
        "power sold to partners",
        POWER,
        "power that it is contracted to provide to its partners, at the headline",
        |side, _, _| side.power(),
    )
    .first(),
    ask(
        BUILT,
        "own infrastructure",
        MONEY,
        "what it has committed to build, at the headline",
        |side, _, table| side.own_infrastructure(table),
    )
    .first(),
    ask(
        BUILT,
        "service credits granted",
        MONEY,
        "credits that it grants others, at the headline",
        |side, _, table| side.credits(table),
    ),
    ask(
        SIGHT,
        "stakes",
        SHARE,
        "its stake, as stated, where it holds one or one of several is known",
        |side, _, _| side.stake(),
    )
    .first(),
    ask(
        SIGHT,
        "rights against partners",
        None,
        "rights that its partners granted it, with their ends",
        |side, _, _| side.rights(),
    ),
    ask(
        SIGHT,
        "firm money at risk unseen",
        MONEY,
        "firm money in partners against whom it has no right to see",
        |side, _, table| side.unseen(table),
    )
    .first(),
    ask(
        SIGHT,
        "neutrality of its platform",
        MULTIPLE,
        "how its platform treats the models of partners; only its own log can tell",
        |side, _, _| side.neutrality(),
    ),
    ask(
        DEPENDENCE,
        "of partners' contracted supply, as modelled",
        SHARE,
        "its part of what partners are contracted to buy from parties of the model, firm",
        |side, _, _| side.supply_share(),
    ),
    ask(
        DEPENDENCE,
        "partners depend on it: of their supply",
        SHARE,
        "its part of partners' contracted supply, others included; expected reading",
        |side, across, _| across.dependence(side, lock_in::of_supply),
    )
    .first(),
    ask(
        DEPENDENCE,
        "it depends on partners: of its contracted sales",
        SHARE,
        "the partner's part of all that it is contracted to sell; expected reading",
        |side, across, _| across.dependence(side, lock_in::of_sales),
    )
    .first(),
    ask(
        DEPENDENCE,
        "what it costs partners to leave",
        MONEY,
        "what is still contracted, moving and credits lost, for all partners that buy; expected reading",
        |side, across, table| side::total(&across.leaving(side), table),
    ),
    ask(
        DEPENDENCE,
        "capacity that strands if they do",
        MONEY,
        "what it builds for partners and no other could use; expected reading",
        |side, across, table| side::total(&across.stranded(side), table),
    ),
    ask(
        DEPENDENCE,
        "owners of the models on its platform",
        COUNT,
        "how many parties own the models that its platform offers",
        |side, _, _| side.owners(),
    ),
    ask(
        DEPENDENCE,
        "effective suppliers of its product",
        EFFECTIVE,
        "the number of equal suppliers that would be as concentrated, in the latest year stated",
        |side, _, _| side.product_suppliers(),
    ),
    ask(
        VALUE,
        "lowest mark",
        MONEY,
        "of all stated marks of its stakes the least, firm: on paper, unrealised; nothing as modelled",
        |side, _, _| side.mark(returns::Stake::lowest, Reading::Firm),
    )
    .first(),
    ask(
        VALUE,
        "highest mark",
        MONEY,
        "of all stated marks the greatest, at the headline; nothing as modelled",
        |side, _, _| side.mark(returns::Stake::highest, Reading::Headline),
    ),
    ask(
        VALUE,
        "MOIC at the lowest mark",
        MULTIPLE,
        "the mark and what was realised / what had been paid in by its day",
        |side, _, _| side.moic(returns::Stake::lowest, Reading::Firm),
    ),
    ask(VALUE, "MOIC at the highest mark", MULTIPLE, "the same at the greatest mark", |side, _, _| {
        side.moic(returns::Stake::highest, Reading::Headline)
    }),
    ask(
        VALUE,
        "issuer's value at the lowest mark",
        MONEY,
        "the mark / the stake of its day",
        |side, _, _| side.implied(returns::Stake::lowest, Reading::Firm),
    ),
    ask(VALUE, "issuer's value at the highest mark", MONEY, "the same at the greatest mark", |side, _, _| {
        side.implied(returns::Stake::highest, Reading::Headline)
    }),
    ask(
        RISK,
        "exposure to partners, peak",
        MONEY,
        "the most that would be lost if partners failed, before recovery, over the run; expected reading",
        |side, across, table| side::total(&across.exposed(side), table),
    )
    .first(),
    ask(
        RISK,
        "lowest cover of its debt service",
        MULTIPLE,
        "what contracts bring / interest, principal and fees in the worst year of the run; expected reading",
        |side, across, _| across.credit(side.party(), Credit::Cover),
    ),
    ask(
        RISK,
        "adjusted debt",
        MONEY,
        "debt, leases, the larger of renewal and residual value, guarantees at their limits; headline",
        |side, across, _| across.credit(side.party(), Credit::Adjusted),
    ),
];
