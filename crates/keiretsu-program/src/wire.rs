//! Turns a program into bytes and back, so that another machine can run it.
//!
//! ```
//! use keiretsu_program::{Builder, Month, WireError, fingerprint, from_bytes, to_bytes};
//! let program = Builder::new(Month::new(2025, 12), 12).finish();
//! let mut bytes = to_bytes(&program);
//! assert_eq!(from_bytes(&bytes), Ok(program.clone()));
//! assert_eq!(fingerprint(&program).to_le_bytes(), bytes[bytes.len() - 16..]);
//! bytes[20] ^= 1;
//! assert_eq!(from_bytes(&bytes), Err(WireError::Hash));
//! ```
//!
//! The bytes: `KEIRETSU`, the version as `u32`, the fields of [`Program`] in order, the hash of all that
//! comes before it. Numbers are little-endian; a list is its length as `u32` and its entries; an enum is a
//! byte and its fields; an option is a byte, 0 or 1, and its value. Every NaN is written as the same one, so
//! that equal programs have equal bytes on every machine.
//!
//! Invariants: `from_bytes` never panics, takes memory in proportion to its input, and returns only
//! programs that `verify`. A field that is added to a type and not listed here does not compile.
//! Absent: security. The hash is FNV-1a with 128 bits: it finds damage and tells programs apart, but
//! anyone can make bytes for any hash.

use std::fmt;

use keiretsu_values::Set;

use crate::{
    Account, AccountId, Claim, ClaimId, Copula, Correlation, Cover, Credits, CreditsId, CurveId,
    DefaultCosts, Distribution, Event, EventId, Factor, FactorId, Fault, Feed, Flow, FlowId, Funding,
    Holding, HoldingId, Issue, Jump, Month, Occurrence, Op, Outstanding, Party, PartyId, PastFlow, Possible,
    Process, Program, Reg, Slot, SlotId, Tag, verify,
};

/// The version of the bytes; a program of another version is refused.
pub const WIRE_VERSION: u32 = 5;

const MAGIC: &[u8; 8] = b"KEIRETSU";
const HASH_BYTES: usize = 16;

/// Why bytes are not a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireError {
    /// They do not start as a program does.
    NotAProgram,
    /// They are of this version, which is not [`WIRE_VERSION`].
    Version(u32),
    /// They are damaged: the hash differs.
    Hash,
    /// They end inside a field.
    Short,
    /// They go on after the last field.
    Long,
    /// A byte that says which variant follows says none.
    Variant {
        /// The type.
        of: &'static str,
        /// What was read.
        found: u8,
    },
    /// They are a program that does not hold together.
    Faults(Vec<Fault>),
}

impl fmt::Display for WireError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAProgram => write!(out, "not a keiretsu program"),
            Self::Version(found) => write!(out, "a program of version {found}, not {WIRE_VERSION}"),
            Self::Hash => write!(out, "damaged: the hash differs"),
            Self::Short => write!(out, "ends inside a field"),
            Self::Long => write!(out, "goes on after the last field"),
            Self::Variant { of, found } => write!(out, "{found} is no {of}"),
            Self::Faults(faults) => {
                let more = faults.len().saturating_sub(1);
                let first = faults.first().map_or_else(String::new, Fault::to_string);
                write!(out, "does not hold together: {first} (and {more} more)")
            }
        }
    }
}

impl std::error::Error for WireError {}

/// A program as bytes.
pub fn to_bytes(program: &Program) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    WIRE_VERSION.put(&mut out);
    program.put(&mut out);
    let hash = fnv(&out);
    out.extend(hash.to_le_bytes());
    out
}

/// The program that these bytes are, verified.
pub fn from_bytes(bytes: &[u8]) -> Result<Program, WireError> {
    let mut input = bytes.strip_prefix(MAGIC).ok_or(WireError::NotAProgram)?;
    let version = u32::take(&mut input)?;
    if version != WIRE_VERSION {
        return Err(WireError::Version(version));
    }
    let (mut input, hash) = input.split_last_chunk::<HASH_BYTES>().ok_or(WireError::Short)?;
    if u128::from_le_bytes(*hash) != fnv(&bytes[..bytes.len() - HASH_BYTES]) {
        return Err(WireError::Hash);
    }
    let program = Program::take(&mut input)?;
    if !input.is_empty() {
        return Err(WireError::Long);
    }
    verify(&program).map_err(WireError::Faults)?;
    Ok(program)
}

/// The hash at the end of a program's bytes: equal for equal programs, on every machine.
pub fn fingerprint(program: &Program) -> u128 {
    let bytes = to_bytes(program);
    fnv(&bytes[..bytes.len() - HASH_BYTES])
}

/// FNV-1a with 128 bits (Fowler, Noll and Vo; basis and prime of draft-eastlake-fnv).
fn fnv(bytes: &[u8]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = (1 << 88) + 0x13b;
    bytes.iter().fold(BASIS, |hash, &byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

/// What can be written and read back.
trait Wire: Sized {
    fn put(&self, out: &mut Vec<u8>);
    fn take(input: &mut &[u8]) -> Result<Self, WireError>;
}

macro_rules! wire_number {
    ($($type:ident)*) => {$(
        impl Wire for $type {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend(self.to_le_bytes());
            }

            fn take(input: &mut &[u8]) -> Result<Self, WireError> {
                let (bytes, rest) = input.split_first_chunk().ok_or(WireError::Short)?;
                *input = rest;
                Ok(Self::from_le_bytes(*bytes))
            }
        }
    )*};
}

/// A struct: its fields in the order listed. All must be listed.
macro_rules! wire_struct {
    ($($name:ident { $($field:tt),* $(,)? })*) => {$(
        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                let Self { $($field: _),* } = self;
                $(self.$field.put(out);)*
            }

            fn take(input: &mut &[u8]) -> Result<Self, WireError> {
                Ok(Self { $($field: Wire::take(input)?),* })
            }
        }
    )*};
}

/// An enum: the byte of each variant, then its fields. All must be listed.
macro_rules! wire_enum {
    ($($name:ident { $($byte:literal $variant:ident { $($field:tt $bound:ident),* }),* $(,)? })*) => {$(
        impl Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                match self {$(
                    Self::$variant { $($field: $bound),* } => {
                        out.push($byte);
                        $($bound.put(out);)*
                    }
                )*}
            }

            fn take(input: &mut &[u8]) -> Result<Self, WireError> {
                match u8::take(input)? {
                    $($byte => Ok(Self::$variant { $($field: Wire::take(input)?),* }),)*
                    found => Err(WireError::Variant { of: stringify!($name), found }),
                }
            }
        }
    )*};
}

wire_number! { u8 u32 i32 }

impl Wire for f64 {
    fn put(&self, out: &mut Vec<u8>) {
        // 0/0 has another sign on x86 than on ARM.
        let value = if self.is_nan() { f64::NAN } else { *self };
        out.extend(value.to_le_bytes());
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let (bytes, rest) = input.split_first_chunk().ok_or(WireError::Short)?;
        *input = rest;
        Ok(Self::from_le_bytes(*bytes))
    }
}

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        match u8::take(input)? {
            0 => Ok(false),
            1 => Ok(true),
            found => Err(WireError::Variant { of: "bool", found }),
        }
    }
}

impl<T: Wire + Copy + Default, const N: usize> Wire for [T; N] {
    fn put(&self, out: &mut Vec<u8>) {
        for entry in self {
            entry.put(out);
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let mut all = [T::default(); N];
        for entry in &mut all {
            *entry = T::take(input)?;
        }
        Ok(all)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        Ok(if bool::take(input)? { Some(T::take(input)?) } else { None })
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        let length = u32::try_from(self.len()).expect("positions in a list are u32, so its length is");
        length.put(out);
        for entry in self {
            entry.put(out);
        }
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let length = u32::take(input)?;
        // Grows as entries are read, each at least a byte: a hostile length finds no more memory than bytes.
        let mut list = Self::new();
        for _ in 0..length {
            list.push(T::take(input)?);
        }
        Ok(list)
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
    Reg { 0 }
    Month { 0 }
    Program {
        origin, months, parties, slots, curves, factors, correlations, copula, events, ops, accounts, flows,
        credits, claims, covers, holdings, past,
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
    Claim { debtor, creditor, amount, rank, lapses }
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
