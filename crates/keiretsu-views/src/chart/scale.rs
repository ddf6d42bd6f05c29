//! Numbers to places, and round numbers for axes.

/// A straight scale.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// The numbers at both ends.
    pub numbers: (f64, f64),
    /// The places at both ends.
    pub places: (f64, f64),
}

impl Scale {
    /// Where a number stands.
    pub fn at(&self, number: f64) -> f64 {
        let (low, high) = self.numbers;
        // Halves, since the distance of the largest numbers is not finite.
        let [low, high, number] = [low, high, number].map(|x| x / 2.0);
        let share = if high > low { (number - low) / (high - low) } else { 0.5 };
        self.places.0 + share * (self.places.1 - self.places.0)
    }

    /// Round numbers from end to end, about as many as requested.
    pub fn ticks(&self, about: usize) -> Vec<f64> {
        let (low, high) = self.numbers;
        let about = about.max(1) as f64;
        let step = step(high / about - low / about);
        if !(step > 0.0 && step.is_finite()) {
            return vec![];
        }
        let first = (low / step).ceil() as i64;
        let last = (high / step).floor() as i64;
        (first..=last).take(50).map(|at| at as f64 * step).collect()
    }
}

/// The round number at or above a size: 1, 2, 2.5 or 5 times a power of ten.
fn step(size: f64) -> f64 {
    if !(size > 0.0 && size.is_finite()) {
        return 0.0;
    }
    let power = 10f64.powf(size.log10().floor());
    let nice = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|nice| size <= nice * power * (1.0 + 1e-9));
    nice.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale { numbers: (-30.0, 95.0), places: (100.0, 0.0) };
        assert_eq!(scale.ticks(5), [-25.0, 0.0, 25.0, 50.0, 75.0]);
        assert!((scale.at(-30.0) - 100.0).abs() < 1e-12 && scale.at(95.0).abs() < 1e-12);
        assert!(Scale { numbers: (f64::NAN, 1.0), places: (0.0, 1.0) }.ticks(4).is_empty());
    }
}
