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
//! holding  owner  issuer  reading  stake, %  paid in, $  realised, $
//! ──────────────────────────────────────────────────────────────────
//! no rows
//!
//! holding  mark, unrealised, $  MOIC, x  DPI, x  XIRR, %  roots of XIRR  implied value of issuer, $
//! ─────────────────────────────────────────────────────────────────────────────────────────────────
//! no rows
//!
//! Where no distributions are stated, MOIC counts the mark alone.
//!
//!
//! Value of stakes at the end, over all paths
//! as of 2025-12-31, 64 paths, seed 1
//!
//! holding  what      mean  standard error       5%      25%      50%      75%      95%
//! ────────────────────────────────────────────────────────────────────────────────────
//! reward   value  $29.2bn              $0  $29.2bn  $29.2bn  $29.2bn  $29.2bn  $29.2bn
//!
//! Where no distributions are stated, MOIC counts the value alone; RVPI always does.
//!
//! left out:
//!   reward (MOIC): more is still to be paid in
//! ```
//!
//! How much: `shares`, of an issuer with `outstanding` shares before exercise, so that they are `shares /
//! (outstanding + shares)` of it; or `share`, the part of the issuer after exercise. Either stands for the
//! whole or for each of its `tranches`. A part vests when its `vests_when` first holds, up to its `before`:
//! power delivered, money spent (`paid(contract)`), a share price, and all or any of them with `and` and
//! `or`; without a condition it is vested. A warrant is exercised once, in the first month up to `expiry` in
//! which it is vested and in the money, or in the month of `expiry` with `exercise = "at expiry"`. In the money
//! is a share worth more than the strike: `price`, by default the issuer's `value` over `outstanding`; against
//! a strike in money for the whole, the part of the issuer's value. The strike is paid to the issuer, or with
//! `net = true` kept back in units. In the firm reading nothing is exercised, since nobody has to.
//!
//! A warrant commits its holder to nothing and its issuer to no money, so it is in no commitment; what it
//! brings is in the holding. Given to a customer, its value lowers the issuer's revenue (ASC 606-10-32-25).
//!
//! Invariant: nothing is issued before it vests or after it expires, and each part once.
//! Absent: a value before exercise; anti-dilution of its terms; units counted by the treasury method.

use keiretsu_model::record::Record;
use keiretsu_model::side::HoldingLabel;
use keiretsu_model::{Contract, ContractSpec, Diagnostic, Model, Standing, Term, TermKind};
use keiretsu_program::{Issue, Op, Reg, Tag};
use keiretsu_values::Dimension;

use crate::ContractType;
use crate::lowering::{Lowering, Terms};

/// See the module.
pub struct Warrant;

/// Money for a share of an issuer: `$0.01/share`.
const SHARE_PRICE: Dimension = Dimension { money: 1, power: 0, time: 0, chips: 0, shares: -1, tokens: 0 };

const SHARES: Term = Term::new("shares", TermKind::Figure(&[Dimension::SHARES]), "how many shares it is for");
const SHARE: Term =
    Term::new("share", TermKind::Figure(&[Dimension::NUMBER]), "the part of the issuer after exercise");
const VESTS: Term = Term::new("vests_when", TermKind::Condition, "the condition on which it vests");
const BEFORE: Term = Term::new("before", TermKind::Date, "the last day on which the condition can be met");

static TRANCHE: &[Term] = &[
    SHARES,
    SHARE,
    VESTS,
    BEFORE,
    Term::new("text", TermKind::Text, "what it is, in words"),
    Term::new("source", TermKind::Sources, "the documents it rests on"),
    Term::new("because", TermKind::Text, "why we assume it"),
];

static SPEC: ContractSpec = ContractSpec {
    keyword: "warrant",
    obligor: "holder",
    obligee: Some("issuer"),
    terms: &[
        SHARES,
        SHARE,
        Term::new(
            "outstanding",
            TermKind::Figure(&[Dimension::SHARES]),
            "the issuer's shares before exercise, on the basis that its stakes are on",
        ),
        Term::new(
            "strike",
            TermKind::Figure(&[SHARE_PRICE, Dimension::MONEY]),
            "what is paid for a share, or for the whole; default nothing",
        ),
        Term::new("price", TermKind::Formula(&[SHARE_PRICE]), "what a share is worth"),
        VESTS,
        BEFORE,
        Term::new("tranches", TermKind::Tables(TRANCHE), "its parts by name, each vesting by itself"),
        Term::new("expiry", TermKind::Date, "the last month of exercise"),
        Term::new(
            "exercise",
            TermKind::Choice(&["when vested", "at expiry"]),
            "when it is exercised if it is in the money; default when vested",
        ),
        Term::new("net", TermKind::Flag, "whether the strike is kept back in units instead of paid"),
    ],
    rank: 3,
    summary: "the right to buy units at a strike: vesting by conditions, expiry, exercise",
};

impl ContractType for Warrant {
    fn spec(&self) -> &'static ContractSpec {
        &SPEC
    }

    fn check(&self, model: &Model, contract: &Contract, found: &mut Vec<Diagnostic>) {
        let record = contract.record();
        let parts = parts(record);
        for (name, part) in &parts {
            if part.has("shares") == part.has("share") {
                let what = name.map_or_else(
                    || format!("`{}`", contract.name),
                    |name| format!("`{}.{name}`", contract.name),
                );
                let message = format!("{what} is for a number of shares or for a share of the issuer");
                found.push(
                    Diagnostic::new("E0708", if name.is_some() { part.span } else { contract.span }, message)
                        .hint("give one of `shares` and `share`"),
                );
            }
            if part.has("before") && !part.has("vests_when") {
                let message = "`before` ends a condition that is not there";
                found
                    .push(Diagnostic::new("E0707", part.span_of("before"), message).hint("add `vests_when`"));
            }
        }
        together(model, contract, &parts, found);
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
        for (name, record) in parts(terms.record) {
            let part = Part { terms: &terms, name, record };
            if let Some(exercise) = part.exercise(lowering) {
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

fn together(
    model: &Model,
    contract: &Contract,
    parts: &[(Option<&str>, &Record)],
    found: &mut Vec<Diagnostic>,
) {
    let record = contract.record();
    let mut wrong = |term: &str, message: &str, hint: &str| {
        let span = if record.has(term) { record.span_of(term) } else { contract.span };
        found.push(Diagnostic::new("E0708", span, message).hint(hint));
    };
    let counts = parts.iter().any(|(_, part)| part.has("shares"));
    if counts && !record.has("outstanding") {
        let hint = "give the issuer's `outstanding` shares, or write it as a `share`";
        wrong("shares", "nothing says what part of the issuer these shares are", hint);
    }
    if !record.tables("tranches").is_empty() {
        for term in ["shares", "share", "vests_when", "before"].into_iter().filter(|term| record.has(term)) {
            wrong(term, "it stands for the whole, and the warrant has tranches", "write it in each tranche");
        }
    }
    let strike = record.figure("strike").map(|stated| stated.figure.dimension);
    if strike == Some(SHARE_PRICE) && !counts {
        let hint = "write a strike in money for the whole, or the warrant in `shares`";
        wrong("strike", "a strike per share needs shares", hint);
    }
    let valued = contract.obligee.is_some_and(|issuer| model.party(issuer).record.has("value"));
    if strike.is_some() && !valued && (strike == Some(Dimension::MONEY) || !record.has("price")) {
        let hint = "give the issuer a `value`, or the warrant a `price`";
        wrong("strike", "nothing says when it is in the money", hint);
    }
    if record.text("exercise") == Some("at expiry") && !record.has("expiry") {
        wrong("exercise", "it does not expire", "give `expiry`");
    }
}

/// One part on its way to the program.
struct Part<'a> {
    terms: &'a Terms<'a>,
    name: Option<&'a str>,
    record: &'a Record,
}

/// What exercise brings and costs.
struct Exercise {
    /// Rises by 1 in the month of exercise.
    now: Reg,
    /// The part of the issuer after exercise.
    share: Reg,
    /// What is paid.
    strike: Option<Reg>,
}

impl Part<'_> {
    fn figure(&self, lowering: &mut Lowering<'_>, term: &str) -> Option<Reg> {
        let stated = self.record.figure(term)?;
        let basis = self.record.entry(term).map(|entry| entry.basis.clone()).unwrap_or_default();
        let path = match self.name {
            Some(name) => self.terms.path(&format!("tranches.{name}.{term}")),
            None => self.terms.path(term),
        };
        Some(lowering.figure(path, stated, &basis))
    }

    /// When it is exercised, for what, and what that costs.
    fn exercise(&self, lowering: &mut Lowering<'_>) -> Option<Exercise> {
        let shares = self.figure(lowering, "shares");
        let outstanding = lowering.term(self.terms, "outstanding");
        let share = match (shares, outstanding) {
            (Some(shares), Some(outstanding)) => of_all(lowering, shares, outstanding),
            _ => self.figure(lowering, "share")?,
        };
        let priced = self.strike(lowering, shares, share);
        let mut ready = match lowering.latched(self.record, "vests_when") {
            Some(vested) => vested,
            None => lowering.program.number(1.0),
        };
        if let Some((strike, worth)) = priced {
            let in_money = lowering.program.op(Op::MoreThan(worth, strike));
            ready = lowering.program.op(Op::And(ready, in_money));
        }
        let calendar = lowering.calendar;
        let last = self.terms.record.when("expiry").map_or(i64::MAX, |expiry| calendar.due(&expiry));
        let first = if self.terms.record.text("exercise") == Some("at expiry") { last } else { 1 };
        let window = lowering.program.curve_of(|t| {
            let t = i64::from(t);
            f64::from(u8::from(first <= t && t <= last))
        });
        let when = lowering.program.op(Op::And(window, ready));
        let done = lowering.program.op(Op::Latch { when, lapse: u32::MAX });
        let rise = lowering.program.op(Op::Rise(done));
        let counts = lowering.beyond_firm();
        let now = lowering.if_holds(counts, rise);
        if !self.terms.record.flag("net") {
            return Some(Exercise { now, share, strike: priced.map(|(strike, _)| strike) });
        }
        // Kept back in units: of what it is worth, what is above the strike.
        let share = match priced {
            Some((strike, worth)) => {
                let gain = lowering.program.sub(worth, strike);
                let kept = lowering.program.op(Op::Div(gain, worth));
                let net = shares.map(|shares| lowering.program.mul(shares, kept));
                match (net, outstanding) {
                    (Some(shares), Some(outstanding)) => of_all(lowering, shares, outstanding),
                    _ => lowering.program.mul(share, kept),
                }
            }
            None => share,
        };
        Some(Exercise { now, share, strike: None })
    }

    /// The strike of this part and what the part is worth, money; `None` where nothing is paid.
    fn strike(&self, lowering: &mut Lowering<'_>, shares: Option<Reg>, share: Reg) -> Option<(Reg, Reg)> {
        let terms = self.terms;
        let per_share = terms.record.figure("strike")?.figure.dimension == SHARE_PRICE;
        let strike = lowering.term(terms, "strike")?;
        let value = lowering.model.party(terms.obligee()).record.formula("value");
        let value = value.map(|value| lowering.formula(value));
        if per_share {
            let shares = shares?;
            let price = match (lowering.formula_term(terms, "price"), value) {
                (Some(price), _) => price,
                (None, Some(value)) => {
                    let outstanding = lowering.term(terms, "outstanding")?;
                    lowering.program.op(Op::Div(value, outstanding))
                }
                (None, None) => lowering.program.number(f64::NAN),
            };
            return Some((lowering.program.mul(strike, shares), lowering.program.mul(price, shares)));
        }
        let part = self.part_of_whole(lowering, shares.unwrap_or(share));
        let worth = lowering.program.mul(value?, share);
        Some((lowering.program.mul(strike, part), worth))
    }

    /// What part of the whole warrant this one is.
    fn part_of_whole(&self, lowering: &mut Lowering<'_>, mine: Reg) -> Reg {
        if self.name.is_none() {
            return lowering.program.number(1.0);
        }
        let term = if self.record.has("shares") { "shares" } else { "share" };
        let mut all = lowering.program.number(0.0);
        for (name, record) in parts(self.terms.record) {
            let other = Part { terms: self.terms, name, record };
            if let Some(size) = other.figure(lowering, term) {
                all = lowering.program.add(all, size);
            }
        }
        lowering.program.op(Op::Div(mine, all))
    }

    /// The strike in cash, and the units: a share f of the issuer is f given at a value of 1 - f before it.
    fn settle(&self, lowering: &mut Lowering<'_>, exercise: &Exercise) {
        let terms = self.terms;
        let due = match exercise.strike {
            Some(strike) => lowering.if_holds(exercise.now, strike),
            None => lowering.program.number(0.0),
        };
        // The strike buys nothing beyond the units, so that the cash goes by a flow of its own.
        lowering.flow(terms, self.name, due, terms.obligee(), Tag::Equity);
        let label =
            HoldingLabel { name: terms.contract.name.clone(), holding: None, contract: Some(terms.id) };
        let Some(holding) = lowering.holding_of(terms.obligor(), terms.obligee(), label, false) else {
            return;
        };
        let given = lowering.if_holds(exercise.now, exercise.share);
        let pre_money = lowering.not(exercise.share);
        let nothing = lowering.program.number(0.0);
        let units = lowering.flow(terms, Some("units"), nothing, terms.obligee(), Tag::Equity);
        lowering.program.flow_mut(units).issue = Some(Issue { holding, pre_money, in_kind: Some(given) });
    }
}

/// `n / (N + n)`.
fn of_all(lowering: &mut Lowering<'_>, shares: Reg, outstanding: Reg) -> Reg {
    let all = lowering.program.add(outstanding, shares);
    lowering.program.op(Op::Div(shares, all))
}

#[cfg(test)]
mod tests {
    use crate::testing::{check, refuses, stake};

    const WARRANT: &str = "[parties.c]\nvalue = \"$100M\"\n[contracts.w]\ntype = \"warrant\"\nholder = \"a\"\n\
                           issuer = \"c\"\n";

    fn warrant(terms: &str) -> String {
        format!("{WARRANT}{terms}\n")
    }

    fn near(got: f64, want: f64) {
        assert!((got - want).abs() < 1e-12, "{got} {want}");
    }

    #[test]
    fn it_is_exercised_when_it_vests_in_the_money() {
        // level is above $1.1M from February on; a share is worth $100M / 90M, the strike is one dollar.
        let text = warrant(
            "shares = \"10M shares\"\noutstanding = \"90M shares\"\nstrike = \"$1/share\"\n\
             vests_when = \"level >= $1.1M\"",
        );
        check(&text, "expected", "2026-02  a -> c  $10.0M  equity");
        near(stake(&text, "expected", "w", 1), 0.0);
        near(stake(&text, "expected", "w", 2), 0.1);
        check(&text, "firm", "");
        near(stake(&text, "firm", "w", 12), 0.0);
    }

    #[test]
    fn out_of_the_money_it_expires() {
        let text = warrant(
            "shares = \"10M shares\"\noutstanding = \"90M shares\"\nstrike = \"$2/share\"\nexpiry = 2026",
        );
        check(&text, "expected", "");
        near(stake(&text, "expected", "w", 36), 0.0);
        let priced = format!("{text}price = \"if 2027-01 then $9/share else $1/share\"\n");
        near(stake(&priced, "expected", "w", 36), 0.0);
    }

    #[test]
    fn each_tranche_vests_by_itself_and_dilutes_the_others() {
        let text = warrant(
            "strike = \"$2M\"\ntranches.first = { share = \"20%\", vests_when = \"2026-02\" }\n\
             tranches.second = { share = \"20%\", vests_when = \"2026-03\" }\n\
             tranches.never = { share = \"60%\", vests_when = \"level > $1M and level < $1M\" }",
        );
        // 20 of 100 parts of $2M each; 20% twice make 1 - 0.8 * 0.8.
        check(&text, "expected", "2026-02  a -> c  $0.4M  equity\n2026-03  a -> c  $0.4M  equity");
        near(stake(&text, "expected", "w", 2), 0.2);
        near(stake(&text, "expected", "w", 3), 0.36);
    }

    #[test]
    fn other_stakes_are_diluted() {
        let text = format!(
            "{}[holdings.b-in-c]\nowner = \"b\"\nissuer = \"c\"\nstake = \"50%\"\n",
            warrant("share = \"10%\"\nvests_when = \"2026-02\"")
        );
        near(stake(&text, "expected", "b-in-c", 1), 0.5);
        near(stake(&text, "expected", "b-in-c", 2), 0.45);
        check(&text, "expected", "");
    }

    #[test]
    fn net_of_its_strike_it_brings_fewer_units_and_costs_nothing() {
        // A share is worth $2 and costs $1: half of 20M shares.
        let text = warrant(
            "shares = \"20M shares\"\noutstanding = \"90M shares\"\nstrike = \"$1/share\"\n\
             price = \"$2/share\"\nnet = true",
        );
        check(&text, "expected", "");
        near(stake(&text, "expected", "w", 1), 0.1);
    }

    #[test]
    fn at_expiry_means_in_the_month_of_expiry() {
        let text = warrant("share = \"10%\"\nexpiry = \"2026-05\"\nexercise = \"at expiry\"");
        near(stake(&text, "expected", "w", 4), 0.0);
        near(stake(&text, "expected", "w", 5), 0.1);
    }

    #[test]
    fn spending_vests_it() {
        let text = format!(
            "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"c\"\nfrom = \"2026-01\"\n\
             until = \"2026-03\"\nminimum = \"$5M/month\"\n{}",
            warrant("share = \"10%\"\nvests_when = \"paid(s) >= $10M\"")
        );
        near(stake(&text, "expected", "w", 2), 0.0);
        near(stake(&text, "expected", "w", 3), 0.1);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        refuses(&warrant("strike = \"$1M\""), "E0708");
        refuses(&warrant("shares = \"1M shares\""), "E0708");
        refuses(&warrant("share = \"5%\"\nstrike = \"$1/share\""), "E0708");
        refuses(&warrant("share = \"5%\"\nbefore = 2027"), "E0707");
        refuses(&warrant("share = \"5%\"\nexercise = \"at expiry\""), "E0708");
        refuses(&warrant("share = \"5%\"\ntranches.t = { share = \"5%\" }"), "E0708");
        let worthless = warrant("share = \"5%\"\nstrike = \"$1M\"").replace("value = \"$100M\"", "");
        refuses(&worthless, "E0708");
    }
}
