//! Turns a yes-or-no question about independent normal shocks into the mildest shocks for which the answer is
//! yes.
//!
//! ```
//! use keiretsu_methods::design_point::{Search, mildest};
//! // Yes where 3 x + 4 y >= 10: nearest at (1.2, 1.6), a distance of 2.
//! let mut happens = |x: &[f64]| Ok::<bool, ()>(3.0 * x[0] + 4.0 * x[1] >= 10.0);
//! let found = mildest(&[1.0, 0.0], &Search::default(), &mut happens).unwrap().unwrap();
//! assert!((found.distance - 2.0).abs() < 1e-6);
//! ```
//!
//! The point is the design point of structural reliability (Hasofer and Lind 1974, J. Engineering Mechanics
//! 100), found by the iteration of Rackwitz and Fiessler (1978, Computers and Structures 9) with a plane laid
//! through points of the boundary in place of a gradient: the boundary of a web with defaults has jumps, and
//! only whether something happens is known. As a measure of how far-fetched a stress is, the distance is that
//! of Breuer, Jandacka, Rheinberger and Summer (2009, Int. J. Central Banking 5).
//!
//! Invariants: the point found is one at which the answer was yes; the distance never exceeds that of the
//! first direction; nothing is random. Absent: certainty that no milder point lies elsewhere, if the boundary
//! is bent; that is why callers start from several directions.

use keiretsu_maths::exp::exp;
use keiretsu_maths::normal::normal_cdf;

use crate::dense::Factors;

/// How far and how finely is looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// The greatest distance from the middle that is looked at.
    pub reach: f64,
    /// The distance between no and yes that is near enough, a share of `reach`.
    pub tolerance: f64,
    /// How far directions are turned to feel the slope of the boundary.
    pub turn: f64,
    /// Most rounds.
    pub rounds: u32,
}

impl Default for Search {
    fn default() -> Self {
        Self { reach: 6.0, tolerance: 1e-9, turn: 0.1, rounds: 8 }
    }
}

/// A mildest shock.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignPoint {
    /// The shock, in standard deviations of independent normals.
    pub point: Vec<f64>,
    /// Its distance from the middle.
    pub distance: f64,
}

/// Decides whether the event happens at a point.
pub trait Oracle<E> {
    /// Whether it happens there.
    ///
    /// # Errors
    /// Errors of the oracle. A search that is stopped by one resumes from there on the next call.
    fn happens(&mut self, point: &[f64]) -> Result<bool, E>;

    /// Receives a point that may be queried next, for oracles that answer many points at once.
    fn soon(&mut self, _: &dyn Fn() -> Vec<f64>) {}
}

impl<E, F: FnMut(&[f64]) -> Result<bool, E>> Oracle<E> for F {
    fn happens(&mut self, point: &[f64]) -> Result<bool, E> {
        self(point)
    }
}

/// The nearest point along one direction at which it happens; `None` if it does not within reach.
///
/// An event at one distance is assumed to happen further out too, within the search distance.
///
/// # Errors
/// Those of the question.
pub fn along<E>(
    direction: &[f64],
    search: &Search,
    oracle: &mut impl Oracle<E>,
) -> Result<Option<DesignPoint>, E> {
    Along::new(direction, search).go(oracle)
}

/// A search along one direction that is under way.
#[derive(Clone, Debug)]
pub struct Along {
    /// A direction of length one; none where there is no direction.
    unit: Option<Vec<f64>>,
    reach: f64,
    tolerance: f64,
    /// Whether the middle has been looked at, and how many of the shares.
    looked: (bool, usize),
    /// Between no and yes, once there is a yes.
    between: Option<(f64, f64)>,
}

/// From far to near; a band in the middle is found too, if it is wide enough.
const SHARES: [f64; 4] = [1.0, 0.5, 0.75, 0.25];

impl Along {
    /// From the middle in a direction.
    pub fn new(direction: &[f64], search: &Search) -> Self {
        let length = norm(direction);
        let has_length = length.is_finite() && f64::MIN_POSITIVE <= length;
        Self {
            unit: has_length.then(|| direction.iter().map(|x| x / length).collect()),
            reach: search.reach,
            tolerance: search.tolerance,
            looked: (false, 0),
            between: None,
        }
    }

    /// As [`along`], from where it stands.
    ///
    /// # Errors
    /// Those of the question.
    pub fn go<E>(&mut self, oracle: &mut impl Oracle<E>) -> Result<Option<DesignPoint>, E> {
        let Some(unit) = &self.unit else { return Ok(None) };
        let at = |radius: f64| -> Vec<f64> { unit.iter().map(|x| x * radius).collect() };
        if !self.looked.0 {
            oracle.soon(&|| at(SHARES[0] * self.reach));
            if oracle.happens(&at(0.0))? {
                return Ok(Some(DesignPoint { point: at(0.0), distance: 0.0 }));
            }
            self.looked.0 = true;
        }
        while self.between.is_none() {
            let Some(share) = SHARES.get(self.looked.1) else { return Ok(None) };
            if oracle.happens(&at(share * self.reach))? {
                self.between = Some((0.0, share * self.reach));
            } else {
                self.looked.1 += 1;
            }
        }
        let (mut no, mut yes) = self.between.unwrap_or_default();
        while self.tolerance * self.reach < yes - no {
            let middle = f64::midpoint(no, yes);
            oracle.soon(&|| at(f64::midpoint(no, middle)));
            oracle.soon(&|| at(f64::midpoint(middle, yes)));
            if oracle.happens(&at(middle))? {
                yes = middle;
            } else {
                no = middle;
            }
            self.between = Some((no, yes));
        }
        Ok(Some(DesignPoint { point: at(yes), distance: yes }))
    }
}

/// The mildest point that is found from a first direction: the boundary is felt around the best direction so
/// far, a plane is laid through it, and the plane's own nearest point gives the next direction.
///
/// # Errors
/// Those of the question.
pub fn mildest<E>(
    direction: &[f64],
    search: &Search,
    oracle: &mut impl Oracle<E>,
) -> Result<Option<DesignPoint>, E> {
    Mildest::new(direction, search).go(oracle)
}

/// A search for the mildest point that is under way.
#[derive(Clone, Debug)]
pub struct Mildest {
    search: Search,
    best: Option<DesignPoint>,
    /// How many rounds are done.
    rounds: u32,
    /// The current stage.
    stage: Stage,
}

/// A direction from the middle, and what was found along it.
#[derive(Clone, Debug)]
struct Direction {
    towards: Vec<f64>,
    along: Along,
    /// Whether the search along it is over.
    over: bool,
    /// The boundary, where it is within reach.
    point: Option<DesignPoint>,
}

#[derive(Clone, Debug)]
enum Stage {
    /// The first direction.
    First(Along),
    /// Around the best so far: each direction, and its result once known.
    Around(Vec<Direction>),
    /// Towards the foot of the plane with these slopes: how many of the shares of the way have been tried.
    Towards { slopes: Vec<f64>, tried: usize, along: Along },
}

/// The whole way towards the foot of a plane, else less of it: the boundary may be bent.
const WAYS: [f64; 3] = [1.0, 0.5, 0.25];

impl Mildest {
    /// From a first direction.
    pub fn new(direction: &[f64], search: &Search) -> Self {
        let stage = Stage::First(Along::new(direction, search));
        Self { search: *search, best: None, rounds: 0, stage }
    }

    /// As [`mildest`], from where it stands.
    ///
    /// # Errors
    /// Those of the question.
    pub fn go<E>(&mut self, oracle: &mut impl Oracle<E>) -> Result<Option<DesignPoint>, E> {
        loop {
            let next = match &mut self.stage {
                Stage::First(along) => {
                    self.best = along.go(oracle)?;
                    self.around()
                }
                Stage::Around(directions) => {
                    look_around(directions, oracle)?;
                    let slopes = plane(directions, &self.search);
                    slopes.and_then(|slopes| self.towards(slopes, 0))
                }
                Stage::Towards { slopes, tried, along } => {
                    let found = along.go(oracle)?;
                    let (slopes, tried) = (std::mem::take(slopes), *tried + 1);
                    self.tried(found, slopes, tried)
                }
            };
            match next {
                Some(stage) => self.stage = stage,
                None => return Ok(self.best.clone()),
            }
        }
    }

    /// The next round, if there is one: the boundary is felt around the best point.
    fn around(&self) -> Option<Stage> {
        let best = self.best.as_ref()?;
        let count = best.point.len();
        let is_near = best.distance <= self.search.tolerance * self.search.reach;
        if self.search.rounds <= self.rounds || count < 2 || is_near {
            return None;
        }
        let turned = |axis: usize| {
            let mut towards = best.point.clone();
            // Turned to where it was already going, so that the points do not lie on one line through the
            // middle.
            let side = if towards[axis] < 0.0 { -1.0 } else { 1.0 };
            towards[axis] += side * self.search.turn * best.distance;
            let along = Along::new(&towards, &self.search);
            Direction { towards, along, over: false, point: None }
        };
        Some(Stage::Around((0..count).map(turned).collect()))
    }

    /// Towards the nearest point of a plane.
    fn towards(&self, slopes: Vec<f64>, tried: usize) -> Option<Stage> {
        let best = self.best.as_ref()?;
        let share = WAYS[tried];
        let length = norm(&slopes).max(f64::MIN_POSITIVE);
        let unit = best.point.iter().map(|x| x / best.distance);
        let towards: Vec<f64> =
            slopes.iter().zip(unit).map(|(a, u)| share * a / length + (1.0 - share) * u).collect();
        let nearer = Search { reach: best.distance, ..self.search };
        Some(Stage::Towards { slopes, tried, along: Along::new(&towards, &nearer) })
    }

    /// The stage after a trial.
    fn tried(&mut self, found: Option<DesignPoint>, slopes: Vec<f64>, tried: usize) -> Option<Stage> {
        let before = self.best.as_ref()?.distance;
        match found.filter(|found| found.distance < before) {
            Some(found) => self.best = Some(found),
            None if tried < WAYS.len() => return self.towards(slopes, tried),
            None => {}
        }
        self.rounds += 1;
        // A thousandth of a distance is less than any law of the shocks is known to.
        let won = before - self.best.as_ref()?.distance;
        if won < (1e-3 * before).min(1e3 * self.search.tolerance * self.search.reach) {
            return None;
        }
        self.around()
    }
}

/// Searches in all directions; while one waits, the others continue.
fn look_around<E>(directions: &mut [Direction], oracle: &mut impl Oracle<E>) -> Result<(), E> {
    let mut stopped = None;
    for direction in directions.iter_mut().filter(|direction| !direction.over) {
        match direction.along.go(oracle) {
            Ok(point) => (direction.over, direction.point) = (true, point),
            Err(error) => stopped = stopped.or(Some(error)),
        }
    }
    stopped.map_or(Ok(()), Err)
}

/// The slopes `a` of the plane `a · x = 1` through the boundary points in these directions, or `None` where
/// they give none.
fn plane(directions: &[Direction], search: &Search) -> Option<Vec<f64>> {
    let count = directions.len();
    let mut rows = Vec::with_capacity(count * count);
    for Direction { towards, point, .. } in directions {
        // Out of reach: the boundary runs away, as if the plane were parallel to this direction.
        match point {
            Some(found) if 0.0 < found.distance => rows.extend(&found.point),
            _ => rows.extend(towards.iter().map(|x| x / norm(towards) * 10.0 * search.reach)),
        }
    }
    Factors::new(rows, count).map(|factors| factors.solve(&vec![1.0; count]))
}

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// The lower triangle L with `L L' =` this covariance (row-major), so that `L z` has it where `z` is
/// independent and standard: turns a point of this module into a shock. `None` if not positive definite.
pub fn root(covariance: &[f64], count: usize) -> Option<Vec<f64>> {
    if count.checked_mul(count) != Some(covariance.len()) {
        return None;
    }
    let mut lower = vec![0.0; covariance.len()];
    for i in 0..count {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| lower[i * count + k] * lower[j * count + k]).sum();
            let left = covariance[i * count + j] - known;
            // Below a rounding of the variance a factor is a copy of those before it.
            if i == j && !(1e-12 * covariance[i * count + i] < left && left.is_finite()) {
                return None;
            }
            lower[i * count + j] = if i == j { left.sqrt() } else { left / lower[j * count + j] };
        }
    }
    Some(lower)
}

/// `L z` for a lower triangle.
pub fn shaped(lower: &[f64], z: &[f64]) -> Vec<f64> {
    let rows = lower.chunks_exact(z.len().max(1));
    rows.map(|row| row.iter().zip(z).map(|(l, z)| l * z).sum()).collect()
}

/// The chance that `count` independent standard normals lie at least at `distance` from the middle: the upper
/// tail of the chi-squared distribution at `distance²`. 1 without any normals.
///
/// From two degrees of freedom to the next: `Q(k + 2) = Q(k) + (x/2)^(k/2) e^(-x/2) / gamma(k/2 + 1)`
/// (Abramowitz and Stegun 26.4.8), from `Q(0) = 0`, which is not a chance, or `Q(1) = 2 P(Z < -distance)`.
pub fn plausibility(distance: f64, count: usize) -> f64 {
    let half = distance * distance / 2.0;
    let odd = count % 2 == 1;
    let mut tail = match (count, odd) {
        (0, _) => return 1.0,
        (_, true) => 2.0 * normal_cdf(-distance.abs()),
        (_, false) => 0.0,
    };
    // The term of k degrees of freedom: 1/gamma(1) at k = 0, (x/2)^(1/2) / gamma(3/2) at k = 1.
    let root_pi = 1.772_453_850_905_516;
    let mut term = if odd { 2.0 * half.sqrt() / root_pi } else { 1.0 } * exp(-half);
    let mut freedom = count % 2;
    while freedom < count {
        if freedom + 2 <= count {
            tail += term;
        }
        freedom += 2;
        term *= half / (freedom as f64 / 2.0);
    }
    tail.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;
