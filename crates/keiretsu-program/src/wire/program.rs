//! The bytes of a program: its types, field by field.

use keiretsu_values::Set;

use super::{Sent, Wire, WireError, wire_enum, wire_struct};
use crate::{
    Account, AccountId, ClaimId, Copula, Correlation, Cover, CoverId, Credits, CreditsId, CurveId,
    DefaultCosts, Distribution, EstateClaim, Event, EventId, Factor, FactorId, Feed, Flow, FlowId, Funding,
    Holding, HoldingId, Issue, Jump, Month, Occurrence, Op, Outstanding, Party, PartyId, PastFlow, Possible,
    Process, Program, Reg, Slot, SlotId, Tag, verify,
};

/// The version of a program's bytes; a program of another version is refused.
pub const WIRE_VERSION: u32 = 6;

impl Sent for Program {
    const MAGIC: &'static [u8; 8] = b"KEIRETSU";
    const NAME: &'static str = "program";
    const VERSION: u32 = WIRE_VERSION;

    fn check(&self) -> Result<(), WireError> {
        verify(self).map_err(WireError::Faults)
    }
}

wire_struct! {
    PartyId { 0 }
    SlotId { 0 }
    CurveId { 0 }
    FactorId { 0 }
    EventId { 0 }
    AccountId { 0 }
    FlowId { 0 }
    CreditsId { 0 }
    HoldingId { 0 }
    ClaimId { 0 }
    CoverId { 0 }
    Reg { 0 }
    Month { 0 }
    Program {
        origin, months, parties, slots, curves, factors, correlations, copula, events, ops, accounts, flows,
        credits, claims, covers, holdings, past, wholes,
    }
    Party { purse, cash, value, funding, recovery, default_costs }
    Funding { keep, raise, price, most, market, default, grace }
    DefaultCosts { kept_assets, kept_received }
    Slot { firm, expected, headline, sampled, possible }
    Possible { set, vague }
    Set { low, high }
    Factor { start, growth, process }
    Jump { rate, mean, spread }
    Correlation { a, b, rho }
    Event { occurrence }
    Account { opening, feeds }
    Flow { amount, from, to, tag, rank, survives, issue }
    Issue { holding, pre_money, in_kind }
    Credits { grantor, recipient, grant, expiry, flows, grows }
    EstateClaim { debtor, creditor, amount, rank, lapses }
    Cover { call, flows, share, limit, cushion, claims, worth, grows }
    Outstanding { claim, falls }
    Holding { owner, issuer, stake, mark }
    PastFlow { month, amount, from, to, tag }
}

wire_enum! {
    Distribution { 0 Point { 0 value }, 1 Lognormal { mu mu, sigma sigma }, 2 Uniform { low low, high high } }
    Process {
        0 Central {},
        1 Geometric { volatility volatility },
        2 MeanReverting { volatility volatility, half_life half_life },
        3 Jump { volatility volatility, jump jump },
        4 Formula { 0 reg },
    }
    Copula { 0 Gaussian {}, 1 StudentT { freedom freedom } }
    Occurrence {
        0 Once { chance chance, by by },
        1 TwoState { now now, shuts shuts, reopens reopens },
        2 Settled { at at },
        3 Unknown {},
    }
    Op {
        0 Slot { 0 id }, 1 Curve { 0 id }, 2 Factor { 0 id }, 3 Event { 0 id },
        4 Add { 0 a, 1 b }, 5 Sub { 0 a, 1 b }, 6 Mul { 0 a, 1 b }, 7 Div { 0 a, 1 b },
        8 Min { 0 a, 1 b }, 9 Max { 0 a, 1 b }, 10 AtLeast { 0 a, 1 b }, 11 MoreThan { 0 a, 1 b },
        12 And { 0 a, 1 b }, 13 Or { 0 a, 1 b }, 14 Not { 0 a },
        15 Choose { when when, then then, otherwise otherwise },
        16 Lag { of of, months months }, 17 Latch { when when, lapse lapse }, 18 Rise { 0 a },
        19 Account { 0 id }, 20 Cash { 0 id }, 21 Defaulted { 0 id },
    }
    Feed { 0 Value { 0 reg }, 1 Payment { 0 flow } }
    Tag {
        0 Revenue {}, 1 Costs {}, 2 Equity {}, 3 Service {}, 4 Capex {}, 5 RevenueShare {}, 6 Interest {},
        7 Principal {}, 8 Rent {}, 9 Fee {}, 10 Raise {}, 11 Estate {},
        12 Guarantee {},
    }
}
