//! Turns programs and run specifications into bytes and back, so that another machine can run them.
//!
//! ```
//! use keiretsu_program::{Builder, Month, WireError, fingerprint, from_bytes, to_bytes};
//! let program = Builder::new(Month::new(2025, 12), 12).finish();
//! let mut bytes = to_bytes(&program);
//! assert_eq!(from_bytes(&bytes), Ok(program.clone()));
//! assert_eq!(fingerprint(&program).to_le_bytes(), bytes[bytes.len() - 16..]);
//! bytes[20] ^= 1;
//! assert_eq!(from_bytes(&bytes), Err::<keiretsu_program::Program, _>(WireError::Hash));
//! ```
//!
//! The bytes: eight that say what is sent, the version as `u32`, the fields in order, the hash of all that
//! comes before it. Numbers are little-endian; a list is its length as `u32` and its entries; an enum is a
//! byte and its fields; an option is a byte, 0 or 1, and its value. Every NaN is written as the same one, so
//! that equal programs have equal bytes on every machine.
//!
//! Invariants: `from_bytes` never panics, takes memory in proportion to its input, and returns only what
//! holds together: programs that `verify`. A field that is added to a type and not listed here does not
//! compile.
//! Absent: security. The hash is FNV-1a with 128 bits: it finds damage and tells programs apart, but
//! anyone can make bytes for any hash.

mod program;
mod run;

use std::fmt;
use std::ops::Range;

use crate::Fault;

pub use program::WIRE_VERSION;

const HASH_BYTES: usize = 16;

/// What is sent to other machines.
pub trait Sent: Wire {
    /// The first bytes.
    const MAGIC: &'static [u8; 8];
    /// What it is called.
    const NAME: &'static str;
    /// The version of the bytes; another one is refused.
    const VERSION: u32;

    /// Whether what was read holds together.
    ///
    /// # Errors
    /// What does not.
    fn check(&self) -> Result<(), WireError>;
}

/// Why bytes are not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WireError {
    /// They do not start as this does.
    Other {
        /// What was expected.
        of: &'static str,
    },
    /// They are of another version.
    Version {
        /// What was expected.
        of: &'static str,
        /// The version that they are of.
        found: u32,
        /// The version that can be read.
        known: u32,
    },
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
    /// They contradict themselves, in this.
    Contradiction(&'static str),
}

impl fmt::Display for WireError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Other { of } => write!(out, "not a keiretsu {of}"),
            Self::Version { of, found, known } => write!(out, "a {of} of version {found}, not {known}"),
            Self::Hash => write!(out, "damaged: the hash differs"),
            Self::Short => write!(out, "ends inside a field"),
            Self::Long => write!(out, "goes on after the last field"),
            Self::Variant { of, found } => write!(out, "{found} is no {of}"),
            Self::Faults(faults) => {
                let more = faults.len().saturating_sub(1);
                let first = faults.first().map_or_else(String::new, Fault::to_string);
                write!(out, "does not hold together: {first} (and {more} more)")
            }
            Self::Contradiction(what) => write!(out, "contradicts itself: {what}"),
        }
    }
}

impl std::error::Error for WireError {}

/// A program, or something else that is sent, as bytes.
pub fn to_bytes<T: Sent>(sent: &T) -> Vec<u8> {
    let mut out = T::MAGIC.to_vec();
    T::VERSION.put(&mut out);
    sent.put(&mut out);
    let hash = fnv(&out);
    out.extend(hash.to_le_bytes());
    out
}

/// The program, or whatever is expected, that these bytes are, checked.
///
/// # Errors
/// [`WireError`], for any bytes that are not it.
pub fn from_bytes<T: Sent>(bytes: &[u8]) -> Result<T, WireError> {
    let mut input = bytes.strip_prefix(T::MAGIC).ok_or(WireError::Other { of: T::NAME })?;
    let version = u32::take(&mut input)?;
    if version != T::VERSION {
        return Err(WireError::Version { of: T::NAME, found: version, known: T::VERSION });
    }
    let (mut input, hash) = input.split_last_chunk::<HASH_BYTES>().ok_or(WireError::Short)?;
    if u128::from_le_bytes(*hash) != fnv(&bytes[..bytes.len() - HASH_BYTES]) {
        return Err(WireError::Hash);
    }
    let sent = T::take(&mut input)?;
    if !input.is_empty() {
        return Err(WireError::Long);
    }
    sent.check()?;
    Ok(sent)
}

/// The hash at the end of the bytes: equal for equal programs, on every machine.
pub fn fingerprint<T: Sent>(sent: &T) -> u128 {
    let bytes = to_bytes(sent);
    fnv(&bytes[..bytes.len() - HASH_BYTES])
}

/// FNV-1a with 128 bits (Fowler, Noll and Vo; basis and prime of draft-eastlake-fnv).
fn fnv(bytes: &[u8]) -> u128 {
    const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = (1 << 88) + 0x13b;
    bytes.iter().fold(BASIS, |hash, &byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME))
}

/// What can be written and read back.
pub trait Wire: Sized {
    /// Writes it behind what is there.
    fn put(&self, out: &mut Vec<u8>);

    /// Reads it from the front, and takes its bytes away.
    ///
    /// # Errors
    /// Bytes that no such thing is written as.
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

use {wire_enum, wire_struct};

wire_number! { u8 u16 u32 u64 u128 i32 }

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

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        self.as_bytes().to_vec().put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        Self::from_utf8(Vec::take(input)?).map_err(|_| WireError::Contradiction("a text that is not UTF-8"))
    }
}

impl Wire for Range<u64> {
    fn put(&self, out: &mut Vec<u8>) {
        [self.start, self.end].put(out);
    }

    fn take(input: &mut &[u8]) -> Result<Self, WireError> {
        let [start, end] = <[u64; 2]>::take(input)?;
        Ok(start..end)
    }
}
