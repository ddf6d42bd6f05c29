//! A warrant: the right to buy units of an issuer at a strike, vesting step by step, until it expires.
//!
//! ```toml
//! # file: model/keiretsu.toml
//! keiretsu = 1
//! title    = "A chip maker gives its customer a warrant"
//! as_of    = 2025-12-31
//! horizon  = "5 years"
//!
//! [parties]
//! lab   = { name = "Lab" }
//! maker = { name = "Chip maker", value = "chip_share * 1600M shares" }
//!
//! [factors.chip_share]
//! start   = "$200/share"
//! growth  = "30%"
//! because = "an example"
//!
//! [contracts.purchase]
//! type     = "supply"
//! buyer    = "lab"
//! seller   = "maker"
//! from     = 2026
//! minimum  = "$60B over 5 years"
//! capacity = { power = "6 GW", ramp = "linear" }
//! because  = "an example"
//!
//! [contracts.reward]
//! type        = "warrant"
//! holder      = "lab"
//! issuer      = "maker"
//! outstanding = "1600M shares"
//! strike      = "$0.01/share"
//! expiry      = 2030
//! because     = "an example"
//!
//! [contracts.reward.tranches]
//! first = { shares = "20M shares", vests_when = "capacity(purchase) >= 1 GW" }
//! last  = { shares = "20M shares", vests_when = "capacity(purchase) >= 6 GW and chip_share >= $600/share" }
//! ```
//!
//! ```console
//! $ keiretsu measure model returns --paths 64 --reading expected
//! Returns on stakes, before tax, nominal
//! as of 2025-12-31
//!
//! No party holds a stake in another.
//!
//! no rows; what would fill it: `[holdings.NAME]`, and `equity` that is paid
//! not shown: TVPI, XIRR, roots of XIRR, implied value of issuer (--wide)
//!
//! Multiples, rates and the implied value take the stake and the money of the day of the mark.
//! Where no distributions are stated, MOIC counts the mark alone.
//!
//! Stakes and the rounds of the run
//! as of 2025-12-31
//!
//! holding  reading   step                   change  stake
//! ───────────────────────────────────────────────────────
//! reward   expected  at as-of                          0%
//! reward   expected  reward.units            2.44%  2.44%
//! reward   expected  at the end of the run          2.44%
//!
//! Value of stakes at the end, over all paths
//! as of 2025-12-31, 64 paths, seed 1
//!
//! holding  what   mean  standard error    5%   25%   50%   75%   95%
//! ──────────────────────────────────────────────────────────────────
//! reward   value  $29B        <$0.0001  $29B  $29B  $29B  $29B  $29B
//!
//! Where no distributions are stated, MOIC counts the value alone; RVPI always does.
//!
//! left out:
//!   reward (MOIC): more is still to be paid in
//! ```
//!
//! How much: `shares`, of an issuer with `outstanding` shares before exercise, so that they are `shares /
//! (outstanding + shares)` of it, where shares that its other tranches have issued are outstanding too; or
//! `share`, the part of the issuer after exercise. Either stands for the whole or for each of its `tranches`.
//! Where both are stated they are two claims of one number: over the outstanding shares the count is used,
//! and a part that it contradicts is a warning and in `show conflicts`. Without outstanding shares each is as
//! it is said, and the other is unknown; with them, a `share` is also a number of shares.
//! A part vests when its `vests_when` first holds, up to its `before`: power delivered, money spent
//! (`paid(contract)`), a share price, and all or any of them with `and` and `or`; without a condition it is
//! vested. A warrant is exercised once, in the first month up to `expiry` in which it is vested and in the
//! money, or in the month of `expiry` with `exercise = "at expiry"`. In the money is a share worth more than
//! the strike: `price`, by default the issuer's `value` over `outstanding`; against a strike in money for the
//! whole, the part of the issuer's value. The strike is paid to the issuer, or with `net = true` kept back in
//! units. In the firm reading nothing is exercised, since nobody has to.
//!
//! What the text does not say is undisclosed: without `outstanding` shares, or without `shares` and
//! `share`, the stake is unknown; without a `strike` or a price of the shares, whether and at which cost it
//! is exercised. One that costs nothing says `strike = "$0"`; "160M shares at $0.01" says the strike too.
//!
//! A warrant commits its holder to nothing and its issuer to no money, so it is in no commitment; what it
//! brings is in the holding. Given to a customer, its value lowers the issuer's revenue (ASC 606-10-32-25).
//!
//! Invariant: nothing is issued before it vests or after it expires, and each part once.
//! Absent: a value before exercise; anti-dilution of its terms; units counted by the treasury method.

mod part;

use keiretsu_model::record::Record;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Range, Sharing, Standing, Term, TermKind};
use keiretsu_values::Dimension;

use self::part::{Exercised, Part};
use crate::lowering::{ContractType, Lowering};
use crate::terms::Terms;

pub struct Warrant;

/// Money for a share of an issuer: `$0.01/share`.
const SHARE_PRICE: Dimension = Dimension { money: 1, power: 0, time: 0, chips: 0, shares: -1, tokens: 0 };

const SHARES: Term = Term::new("shares", TermKind::Figure(&[Dimension::SHARES]), "how many shares it is for")
    .adding()
    .spanning();
const SHARE: Term =
    Term::new("share", TermKind::Figure(&[Dimension::NUMBER]), "the part of the issuer after exercise")
        .adding()
        .within(Range::Share);
const VESTS: Term = Term::new("vests_when", TermKind::Condition, "the condition on which it vests")
    .undisclosed_with(&["before"]);
const BEFORE: Term = Term::new("before", TermKind::Date, "the last day on which the condition can be met");

static TRANCHE: &[Term] = &[SHARES.undisclosed_unless(&["share"]), SHARE, VESTS, BEFORE];

static SPEC: ContractSpec = ContractSpec {
    keyword: "warrant",
    obligor: Term::role("holder", "who has the warrant"),
    obligee: Some(Term::role("issuer", "who issues it")),
    terms: &[
        SHARES.undisclosed_unless(&["share", "tranches"]),
        SHARE,
        Term::new(
            "outstanding",
            TermKind::Figure(&[Dimension::SHARES]),
            "the issuer's shares before exercise, on the basis that its stakes are on",
        )
        .shared(Sharing::Whole)
        .within(Range::Positive)
        .undisclosed_with(&["shares"]),
        Term::new(
            "strike",
            TermKind::Figure(&[SHARE_PRICE, Dimension::MONEY]),
            "what is paid for a share, or for the whole",
        )
        .undisclosed_unless(&["at"]),
        Term::new("price", TermKind::Formula(&[SHARE_PRICE]), "what a share is worth"),
        VESTS,
        BEFORE,
        Term::new("tranches", TermKind::Tables(TRANCHE), "its parts by name, each vesting by itself"),
        Term::new("expiry", TermKind::Date, "the last month of exercise").undisclosed(),
        Term::new(
            "exercise",
            TermKind::Choice(&["when vested", "at expiry"]),
            "when it is exercised if it is in the money; default when vested",
        ),
        Term::new("net", TermKind::Flag, "whether the strike is kept back in units instead of paid"),
    ],
    rank: 3,
    leaves_claim: false,
    summary: "the right to buy units at a strike: vesting by conditions, expiry, exercise",
};

impl ContractType for Warrant {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let parts = parts(record);
        for (name, part) in &parts {
            let what = name
                .map_or_else(|| format!("`{}`", contract.name), |name| format!("`{}.{name}`", contract.name));
            if contradicts(model, record, part) {
                let message = format!("{what} says in shares something else than as a part of the issuer");
                diagnostics.push(
                    Diagnostic::new("W0731", part.span_of("share"), message)
                        .also(part.span_of("shares"), "which counts, over the outstanding shares")
                        .hint("look for the outstanding shares that the part is of, or keep one of the two"),
                );
            }
        }
        together(contract, diagnostics);
    }

    fn said_twice(&self, model: &Model, contract: &Contract) -> Vec<[String; 2]> {
        let record = contract.record();
        let parts = parts(record).into_iter().filter(|(_, part)| contradicts(model, record, part));
        let pair = |(name, _): (Option<&str>, &Record)| {
            let before = name.map_or_else(String::new, |name| format!("tranches.{name}."));
            ["shares", "share"].map(|term| format!("{}.{before}{term}", contract.name))
        };
        parts.map(pair).collect()
    }

    fn lower(&self, lowering: &mut Lowering<'_>, terms: &Terms<'_>) {
        // What was exercised stays so through amendments, so all versions are lowered as one.
        if !terms.current {
            return;
        }
        let terms = Terms { record: terms.contract.record(), ..*terms };
        let over = terms.record.when("expiry").is_some_and(|expiry| lowering.calendar.is_past(&expiry));
        let derived = if over { Standing::Lapsed } else { Standing::Binding };
        if matches!(terms.standing(derived), Standing::Lapsed | Standing::Terminated) {
            return;
        }
        let mut so_far = Exercised::new(lowering, parts(terms.record).len());
        for (at, (name, record)) in parts(terms.record).into_iter().enumerate() {
            let part = Part { terms: &terms, name, record };
            if let Some(exercise) = part.exercise(lowering, &so_far) {
                so_far.add(lowering, at, &exercise);
                part.settle(lowering, &exercise);
            }
        }
    }
}

/// The parts of a warrant: its tranches, or itself.
fn parts(record: &Record) -> Vec<(Option<&str>, &Record)> {
    let tranches = record.tables("tranches");
    if tranches.is_empty() {
        return vec![(None, record)];
    }
    tranches.iter().map(|(name, _, part)| (Some(name.as_str()), part)).collect()
}

/// Whether a part says in shares something else than as a share of the issuer. What links the two is the
/// outstanding shares; without them they cannot contradict each other.
fn contradicts(model: &Model, record: &Record, part: &Record) -> bool {
    let ends = |record: &Record, term: &str| Some(record.figure(term)?.figure.said.ends(model.about));
    let all = [ends(part, "shares"), ends(record, "outstanding"), ends(part, "share")];
    let [Some(shares), Some(outstanding), Some(share)] = all else { return false };
    let of_all = |shares: f64, outstanding: f64| {
        if shares.is_infinite() { 1.0 } else { shares / (shares + outstanding) }
    };
    let (least, most) = (of_all(shares.0, outstanding.1), of_all(shares.1, outstanding.0));
    most * (1.0 + ROUNDED) < share.0 || share.1 * (1.0 + ROUNDED) < least
}

/// By so much a part differs from the count that it is rounded from.
const ROUNDED: f64 = 0.02;

/// What stands for the whole stands beside no tranches.
fn together(contract: &Contract, diagnostics: &mut Vec<Diagnostic>) {
    let record = contract.record();
    if record.tables("tranches").is_empty() {
        return;
    }
    for term in ["shares", "share", "vests_when", "before"].into_iter().filter(|term| record.has(term)) {
        let message = "it stands for the whole, and the warrant has tranches";
        diagnostics
            .push(Diagnostic::new("E0708", record.span_of(term), message).hint("write it in each tranche"));
    }
}

#[cfg(test)]
mod tests;
