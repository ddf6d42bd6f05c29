//! What paths have seen of one number, and the figures that it becomes.

use keiretsu_maths::lanes::Lanes;
use keiretsu_maths::select::quantiles;
use keiretsu_maths::sum::Sums;
use keiretsu_methods::exposure::expected_shortfall;
use keiretsu_program::Series;

use super::Asked;
use crate::sketch::Sketch;

/// What paths have seen of one number: a piece of a probe.
#[derive(Clone, Debug)]
pub struct Row {
    /// Moments of the paths that are in the figures.
    pub sums: Sums,
    /// What quantiles are made of.
    pub kept: Kept,
}

/// What quantiles are made of.
#[derive(Clone, Debug)]
pub enum Kept {
    /// The numbers themselves, of stretches of paths in their order.
    Values(Vec<Stretch>),
    /// Counts of them.
    Sketch(Sketch),
}

/// Numbers of paths that follow each other.
#[derive(Clone, Debug)]
pub struct Stretch {
    /// A path before which no path of it is.
    pub first: u64,
    /// Those of the paths that are in the figures.
    pub values: Vec<f64>,
}

/// The figures of a piece.
#[derive(Clone, Debug)]
pub struct Figures {
    mean: f64,
    standard_error: f64,
    quantiles: Vec<f64>,
    tails: Vec<f64>,
}

impl Row {
    /// Adds what other paths have seen.
    pub fn merge(&mut self, other: Self) {
        self.sums.merge(&other.sums);
        match (&mut self.kept, other.kept) {
            (Kept::Values(mine), Kept::Values(others)) => {
                mine.extend(others);
                mine.sort_unstable_by_key(|stretch| stretch.first);
            }
            (Kept::Sketch(mine), Kept::Sketch(other)) => mine.merge(&other),
            (Kept::Values(_), Kept::Sketch(_)) | (Kept::Sketch(_), Kept::Values(_)) => {
                unreachable!("one run keeps one of them, which is checked where bytes are read")
            }
        }
    }

    /// The figures.
    pub fn figures(&self, asked: &Asked) -> Figures {
        match &self.kept {
            Kept::Values(stretches) => {
                let mut values = Vec::with_capacity(self.sums.count() as usize);
                for stretch in stretches {
                    values.extend_from_slice(&stretch.values);
                }
                of_values(&self.sums, &mut values, asked)
            }
            Kept::Sketch(sketch) => {
                let mut figures = Figures::new(&self.sums, asked);
                if has_quantiles(&self.sums) {
                    let quantiles = figures.quantiles.iter_mut().zip(&asked.quantiles);
                    quantiles.for_each(|(out, q)| *out = sketch.quantile(*q));
                    let tails = figures.tails.iter_mut().zip(&asked.tails);
                    tails.for_each(|(out, level)| *out = sketch.tail(*level));
                }
                figures
            }
        }
    }
}

impl Figures {
    /// Mean and standard error; all else is unknown.
    fn new(sums: &Sums, asked: &Asked) -> Self {
        let mean = if sums.count() > 0 { sums.mean() } else { f64::NAN };
        Self {
            mean,
            standard_error: if mean.is_nan() { mean } else { sums.standard_error() },
            quantiles: vec![f64::NAN; asked.quantiles.len()],
            tails: vec![f64::NAN; asked.tails.len()],
        }
    }
}

/// Unknown if a number is unknown or infinite on any path, or if there are no paths.
pub fn has_quantiles(sums: &Sums) -> bool {
    sums.count() > 0 && sums.mean().is_finite()
}

/// The figures of a number that is known on all paths. The values are permuted.
pub fn of_values(sums: &Sums, values: &mut [f64], asked: &Asked) -> Figures {
    let mut figures = Figures::new(sums, asked);
    if has_quantiles(sums) {
        quantiles(Lanes::best(), values, &asked.quantiles, &mut figures.quantiles);
        for (tail, level) in figures.tails.iter_mut().zip(&asked.tails) {
            *tail = expected_shortfall(values, *level);
        }
    }
    figures
}

/// A series of so many pieces that nothing has been seen of.
pub fn empty(pieces: usize, asked: &Asked) -> Series {
    let unknown = || vec![f64::NAN; pieces];
    Series {
        mean: unknown(),
        standard_error: unknown(),
        quantiles: asked.quantiles.iter().map(|_| unknown()).collect(),
        tails: asked.tails.iter().map(|_| unknown()).collect(),
        ..Series::default()
    }
}

/// Writes the figures of a piece.
pub fn write(figures: Figures, series: &mut Series, piece: usize) {
    series.mean[piece] = figures.mean;
    series.standard_error[piece] = figures.standard_error;
    series.quantiles.iter_mut().zip(figures.quantiles).for_each(|(all, found)| all[piece] = found);
    series.tails.iter_mut().zip(figures.tails).for_each(|(all, found)| all[piece] = found);
}
