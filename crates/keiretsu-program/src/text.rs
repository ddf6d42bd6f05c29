//! Turns a program into text, one line for each primitive: what `keiretsu program MODEL` prints.
//!
//! ```
//! use keiretsu_program::{Builder, Labels, Month, PartyId, Tag, disassemble};
//! let mut program = Builder::new(Month::new(2025, 12), 12);
//! let buyer = program.party();
//! let rent = program.number(5e6);
//! program.flow(rent, buyer, PartyId::OUTSIDE, Tag::Rent);
//! let text = disassemble(program.program());
//! assert!(text.contains("r0 = slot s0\n"));
//! assert!(text.contains("flow w0: r0  p1 -> p0  rent rank 2\n"));
//!
//! let labels = Labels { parties: vec!["outside".into(), "acme".into()], ..Labels::default() };
//! let text = labels.disassemble(program.program());
//! assert!(text.contains("flow w0: r0  p1(acme) -> p0(outside)  rent rank 2\n"));
//! ```
//!
//! Invariant: total; a program that `verify` would refuse prints as well, which is when one wants to see it.
//! Absent: reading the text back. The bytes of [`crate::to_bytes`] are for that.

use std::fmt::{self, Display, Formatter};

use crate::{
    Account, Copula, Cover, Credits, Distribution, EstateClaim, Event, EventId, Factor, FactorId, Feed, Flow,
    FlowId, Funding, Holding, Occurrence, Op, Party, PartyId, PastFlow, Possible, Process, Program, Reg,
    Slot, SlotId,
};

/// Names to print beside ids, by position; an id beyond the end of its list prints bare.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Of parties.
    pub parties: Vec<String>,
    /// Of slots.
    pub slots: Vec<String>,
    /// Of factors.
    pub factors: Vec<String>,
    /// Of events.
    pub events: Vec<String>,
    /// Of flows.
    pub flows: Vec<String>,
}

impl Labels {
    /// A program as text, with these names.
    pub fn disassemble(&self, program: &Program) -> String {
        Text { program, labels: self }.to_string()
    }

    fn party(&self, id: PartyId) -> String {
        named('p', id.0, &self.parties)
    }

    fn slot(&self, id: SlotId) -> String {
        named('s', id.0, &self.slots)
    }

    fn factor(&self, id: FactorId) -> String {
        named('f', id.0, &self.factors)
    }

    fn event(&self, id: EventId) -> String {
        named('e', id.0, &self.events)
    }

    fn flow(&self, id: FlowId) -> String {
        named('w', id.0, &self.flows)
    }
}

/// A program as text, with ids only.
pub fn disassemble(program: &Program) -> String {
    Labels::default().disassemble(program)
}

impl Display for Program {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(&disassemble(self))
    }
}

fn named(letter: char, id: u32, labels: &[String]) -> String {
    match labels.get(id as usize) {
        Some(label) => format!("{letter}{id}({label})"),
        None => format!("{letter}{id}"),
    }
}

/// A program and the names to print it with.
struct Text<'a> {
    program: &'a Program,
    labels: &'a Labels,
}

impl Display for Text<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let program = self.program;
        // Not `program.month(..)`: on a program that came from nowhere its sum could overflow.
        writeln!(out, "{} months after {}", program.months, program.origin)?;
        self.list(out, "party", 'p', &program.parties, Self::party)?;
        self.list(out, "slot", 's', &program.slots, |_, slot| slot_line(slot))?;
        self.list(out, "curve", 'c', &program.curves, |_, curve| runs(curve))?;
        self.list(out, "factor", 'f', &program.factors, Self::factor)?;
        for pair in &program.correlations {
            let (a, b) = (self.labels.factor(pair.a), self.labels.factor(pair.b));
            writeln!(out, "correlation {a} {b}: {}", pair.rho)?;
        }
        match program.copula {
            Copula::Gaussian => writeln!(out, "copula gaussian")?,
            Copula::StudentT { freedom } => writeln!(out, "copula t with {freedom} degrees of freedom")?,
        }
        self.list(out, "event", 'e', &program.events, Self::event)?;
        for (index, op) in program.ops.iter().enumerate() {
            writeln!(out, "r{index} = {}", self.op(op))?;
        }
        self.list(out, "account", 'a', &program.accounts, Self::account)?;
        self.list(out, "flow", 'w', &program.flows, Self::flow)?;
        self.list(out, "credits", 'k', &program.credits, Self::credits)?;
        for claim in &program.claims {
            writeln!(out, "claim: {}", self.claim(claim))?;
        }
        self.list(out, "cover", 'g', &program.covers, Self::cover)?;
        self.list(out, "holding", 'h', &program.holdings, Self::holding)?;
        for past in &program.past {
            writeln!(out, "past {}: {}", past.month, self.past(past))?;
        }
        for whole in &program.wholes {
            let shares: Vec<String> = whole.iter().map(|share| format!("s{}", share.0)).collect();
            writeln!(out, "whole: {}", shares.join(" "))?;
        }
        Ok(())
    }
}

impl Text<'_> {
    fn list<T>(
        &self,
        out: &mut Formatter<'_>,
        part: &str,
        letter: char,
        entries: &[T],
        line: impl Fn(&Self, &T) -> String,
    ) -> fmt::Result {
        let labels = match letter {
            'p' => &self.labels.parties[..],
            's' => &self.labels.slots,
            'f' => &self.labels.factors,
            'e' => &self.labels.events,
            'w' => &self.labels.flows,
            _ => &[],
        };
        for (index, entry) in entries.iter().enumerate() {
            let text = line(self, entry);
            let colon = if text.is_empty() { "" } else { ": " };
            writeln!(out, "{part} {}{colon}{text}", named(letter, index as u32, labels))?;
        }
        Ok(())
    }

    fn party(&self, party: &Party) -> String {
        let mut words = vec![format!("purse {}", self.labels.party(party.purse))];
        words.extend(party.cash.map(|slot| format!("cash {}", self.labels.slot(slot))));
        words.extend(party.value.map(|reg| format!("value {}", r(reg))));
        words.extend(party.funding.map(|funding| self.funding(&funding)));
        words.extend(party.recovery.map(|reg| format!("recovery {}", r(reg))));
        words.extend(party.default_costs.map(|costs| {
            format!("keeps {} of assets, {} of receipts", costs.kept_assets, costs.kept_received)
        }));
        words.join("  ")
    }

    fn funding(&self, funding: &Funding) -> String {
        let mut words = vec![format!("funding keep {} raise {}", funding.keep, funding.raise)];
        words.extend(funding.price.map(|reg| format!("price {}", r(reg))));
        words.extend(funding.most.map(|reg| format!("most {}", r(reg))));
        words.extend(funding.market.map(|event| format!("market {}", self.labels.event(event))));
        words.extend(funding.default.then(|| format!("default grace {}", funding.grace)));
        words.join(" ")
    }

    fn factor(&self, factor: &Factor) -> String {
        let s = |id| self.labels.slot(id);
        let process = match factor.process {
            Process::Central => "central".into(),
            Process::Geometric { volatility } => format!("geometric volatility {}", s(volatility)),
            Process::MeanReverting { volatility, half_life } => {
                format!("mean-reverting volatility {} half-life {}", s(volatility), s(half_life))
            }
            Process::Jump { volatility, jump } => {
                let jump = format!("rate {} mean {} spread {}", s(jump.rate), s(jump.mean), s(jump.spread));
                format!("jump volatility {} {jump}", s(volatility))
            }
            Process::Formula(reg) => return format!("formula {}", r(reg)),
        };
        format!("start {} growth c{}  {process}", s(factor.start), factor.growth.0)
    }

    fn event(&self, event: &Event) -> String {
        let s = |id| self.labels.slot(id);
        match event.occurrence {
            Occurrence::Once { chance, by } => format!("once with chance {} by {by}", s(chance)),
            Occurrence::TwoState { now, shuts, reopens } => {
                let now = if now { "stands" } else { "does not stand" };
                format!("{now}, shuts {} reopens {}", s(shuts), s(reopens))
            }
            Occurrence::Settled { at: u32::MAX } => "never".into(),
            Occurrence::Settled { at } => format!("from {at}"),
            Occurrence::Unknown => "unknown".into(),
        }
    }

    fn op(&self, op: &Op) -> String {
        let two = |name: &str, a: Reg, b: Reg| format!("{name} {} {}", r(a), r(b));
        match *op {
            Op::Slot(slot) => format!("slot {}", self.labels.slot(slot)),
            Op::Curve(curve) => format!("curve c{}", curve.0),
            Op::Factor(factor) => format!("factor {}", self.labels.factor(factor)),
            Op::Event(event) => format!("event {}", self.labels.event(event)),
            Op::Add(a, b) => two("add", a, b),
            Op::Sub(a, b) => two("sub", a, b),
            Op::Mul(a, b) => two("mul", a, b),
            Op::Div(a, b) => two("div", a, b),
            Op::Min(a, b) => two("min", a, b),
            Op::Max(a, b) => two("max", a, b),
            Op::AtLeast(a, b) => two("at least", a, b),
            Op::MoreThan(a, b) => two("more than", a, b),
            Op::And(a, b) => two("and", a, b),
            Op::Or(a, b) => two("or", a, b),
            Op::Not(a) => format!("not {}", r(a)),
            Op::Choose { when, then, otherwise } => {
                format!("choose {} then {} else {}", r(when), r(then), r(otherwise))
            }
            Op::Lag { of, months } => format!("lag {} by {months}", r(of)),
            Op::Latch { when, lapse: u32::MAX } => format!("latch {}", r(when)),
            Op::Latch { when, lapse } => format!("latch {} until {lapse}", r(when)),
            Op::Rise(a) => format!("rise {}", r(a)),
            Op::Account(account) => format!("account a{}", account.0),
            Op::Cash(party) => format!("cash {}", self.labels.party(party)),
            Op::Defaulted(party) => format!("defaulted {}", self.labels.party(party)),
        }
    }

    fn account(&self, account: &Account) -> String {
        let mut words = vec![format!("opening {}", number(account.opening))];
        words.extend(account.feeds.iter().map(|feed| match *feed {
            Feed::Value(reg) => format!("+ {}", r(reg)),
            Feed::Payment(flow) => format!("+ paid {}", self.labels.flow(flow)),
        }));
        words.join("  ")
    }

    fn flow(&self, flow: &Flow) -> String {
        let (from, to) = (self.labels.party(flow.from), self.labels.party(flow.to));
        let rank = format!("{} rank {}", flow.tag.name(), flow.rank);
        let mut words = vec![r(flow.amount), format!("{from} -> {to}"), rank];
        words.extend(flow.survives.then(|| "survives".into()));
        words
            .extend(flow.issue.map(|issue| format!("issues h{} at {}", issue.holding.0, r(issue.pre_money))));
        words.extend(flow.issue.and_then(|issue| issue.in_kind).map(|reg| format!("in kind {}", r(reg))));
        words.join("  ")
    }

    fn credits(&self, pool: &Credits) -> String {
        let (grantor, recipient) = (self.labels.party(pool.grantor), self.labels.party(pool.recipient));
        let flows: Vec<String> = pool.flows.iter().map(|&flow| self.labels.flow(flow)).collect();
        let mut words = vec![r(pool.grant), format!("{grantor} -> {recipient}")];
        words.extend((!flows.is_empty()).then(|| format!("for {}", flows.join(" "))));
        words.extend((pool.expiry < u32::MAX).then(|| format!("expires {}", pool.expiry)));
        words.extend(pool.grows.map(|reg| format!("grows {}", r(reg))));
        words.join("  ")
    }

    fn claim(&self, claim: &EstateClaim) -> String {
        let (debtor, creditor) = (self.labels.party(claim.debtor), self.labels.party(claim.creditor));
        let lapses = if claim.lapses { "  lapses" } else { "" };
        format!("{}  {debtor} -> {creditor}  rank {}{lapses}", r(claim.amount), claim.rank)
    }

    fn cover(&self, cover: &Cover) -> String {
        let flows: Vec<String> = cover.flows.iter().map(|&flow| self.labels.flow(flow)).collect();
        let mut words = vec![format!("{} of {}", r(cover.share), flows.join(" "))];
        words.push(format!("calls {}", self.labels.flow(cover.call)));
        words.extend(cover.limit.map(|reg| format!("limit {}", r(reg))));
        words.extend(cover.cushion.map(|reg| format!("cushion {}", r(reg))));
        let claims: Vec<String> =
            cover.claims.iter().map(|one| format!("{} {}", one.claim.0, r(one.falls))).collect();
        words.extend((!claims.is_empty()).then(|| format!("then claims {}", claims.join(", "))));
        words.extend(cover.worth.map(|reg| format!("worth {}", r(reg))));
        words.extend(cover.grows.map(|reg| format!("grows {}", r(reg))));
        words.join("  ")
    }

    fn holding(&self, holding: &Holding) -> String {
        let (owner, issuer) = (self.labels.party(holding.owner), self.labels.party(holding.issuer));
        let mut words = vec![format!("{owner} in {issuer}")];
        words.extend(holding.stake.map(|slot| format!("stake {}", self.labels.slot(slot))));
        words.extend(holding.mark.map(|slot| format!("mark {}", self.labels.slot(slot))));
        words.join("  ")
    }

    fn past(&self, past: &PastFlow) -> String {
        let (from, to) = (self.labels.party(past.from), self.labels.party(past.to));
        format!("{}  {from} -> {to}  {}", number(past.amount), past.tag.name())
    }
}

fn r(reg: Reg) -> String {
    format!("r{}", reg.0)
}

fn slot_line(slot: &Slot) -> String {
    let Slot { firm, expected, headline, sampled, possible } = *slot;
    let [firm, expected, headline] = [(firm, possible[0]), (expected, possible[1]), (headline, possible[2])]
        .map(|(read, possible)| number(read) + &possible.map_or_else(String::new, possible_words));
    let readings = format!("firm {firm}  expected {expected}  headline {headline}");
    match sampled {
        Distribution::Point(value) => format!("{readings}  point {}", number(value)),
        Distribution::Lognormal { mu, sigma } => format!("{readings}  lognormal mu {mu} sigma {sigma}"),
        Distribution::Uniform { low, high } => format!("{readings}  uniform {low} to {high}"),
    }
}

/// What a number may be, in brackets after it: `36 (36 to inf)`, `33 (about)`.
fn possible_words(possible: Possible) -> String {
    let Possible { set, vague } = possible;
    match (set.is_point(), vague) {
        (true, false) => String::new(),
        (true, true) => " (about)".to_owned(),
        (false, false) => format!(" ({} to {})", number(set.low), number(set.high)),
        (false, true) => format!(" (about {} to {})", number(set.low), number(set.high)),
    }
}

/// A number that reads back as the same one; very large and very small ones with an exponent.
fn number(value: f64) -> String {
    match value.abs() {
        size if size.is_nan() => "unknown".into(),
        size if size > 0.0 && !(1e-4..1e16).contains(&size) => format!("{value:e}"),
        _ => value.to_string(),
    }
}

/// Numbers by month, a run of equal ones once: `0 x3 100 x10`.
fn runs(curve: &[f64]) -> String {
    let runs = curve.chunk_by(|a, b| a.to_bits() == b.to_bits());
    let one = |run: &[f64]| match run {
        [value] => number(*value),
        _ => format!("{} x{}", number(run[0]), run.len()),
    };
    runs.map(one).collect::<Vec<_>>().join(" ")
}
