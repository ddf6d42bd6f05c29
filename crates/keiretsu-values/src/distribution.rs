//! Distributions of numbers that are drawn once a path.

/// How a number is drawn, once a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Distribution {
    /// Always this number (NaN where nothing is known).
    Point(f64),
    /// Log-normal: `exp(mu + sigma * z)`.
    Lognormal {
        /// Mean of the logarithm.
        mu: f64,
        /// Standard deviation of the logarithm, not negative.
        sigma: f64,
    },
    /// Uniform between the two.
    Uniform {
        /// The lower end.
        low: f64,
        /// The upper end, not below the lower one.
        high: f64,
    },
}
