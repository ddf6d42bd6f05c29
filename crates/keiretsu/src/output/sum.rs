//! Bytes to a number that tells them from any others.

/// FNV-1a with 128 bits (Fowler, Noll, Vo): detects accidents and edits, not forgery.
pub fn sum(bytes: &[u8]) -> u128 {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    bytes.iter().fold(OFFSET, |sum, byte| (sum ^ u128::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standard() {
        // draft-eastlake-fnv, test vectors of FNV-1a with 128 bits.
        assert_eq!(sum(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(sum(b"foobar"), 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }
}
