//! What keiretsu takes at the most.

/// The largest file of `calc`.
pub const CALC_BYTES_MAX: u64 = 256 << 20;
/// The largest table of `import`.
pub const IMPORT_BYTES_MAX: u64 = 64 << 20;
/// The largest log of `measure neutrality --log`.
pub const LOG_BYTES_MAX: u64 = 4 << 30;
/// The largest file of `bench`.
pub const BENCH_BYTES_MAX: u64 = 1 << 30;

/// The most factors that hang together by correlations of which the nearest possible ones are looked for.
pub const NEAREST_FACTORS_MAX: usize = 100;

/// A number of bytes as people say it.
pub fn bytes(count: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    match units.into_iter().find(|(size, _)| *size <= count && count.is_multiple_of(*size)) {
        Some((size, unit)) => format!("{} {unit}", count / size),
        None => format!("{count} bytes"),
    }
}
