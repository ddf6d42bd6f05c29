//! A model to what is uncertain in it, each with a low, a high and a way to draw it.

use std::collections::BTreeMap;

use keiretsu_maths::exp::exp;
use keiretsu_maths::normal::normal_inverse;
use keiretsu_maths::power::whole_power;
use keiretsu_model::record::{Content, Stated};
use keiretsu_program::{Change, Distribution, FactorId, Overlay, SlotId, Target};

use crate::Subject;
use crate::measures::reverse::law::{self, Law};

/// The ends of a swing are the quantiles at this distance from either end.
const TAIL: f64 = 0.05;

/// Why something is uncertain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::measures) enum Why {
    /// Its words leave room: about, a range, up to.
    Words,
    /// Sources disagree.
    Disputed,
    /// Assumption without a source, as a plain number.
    Assumed,
    /// It moves at random.
    Factor,
}

impl Why {
    pub(in crate::measures) fn word(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Disputed => "disputed",
            Self::Assumed => "assumption",
            Self::Factor => "factor",
        }
    }
}

/// Something uncertain.
#[derive(Clone, Debug)]
pub(in crate::measures) struct Input {
    /// Its path, or the name of the factor.
    pub name: String,
    /// Its words.
    pub words: String,
    /// Why it is uncertain.
    pub why: Why,
    /// Its value now.
    pub base: f64,
    /// Its ends.
    pub ends: [f64; 2],
    means: Means,
}

/// How a value is put into a run, and drawn.
#[derive(Clone, Debug)]
enum Means {
    /// All slots of one figure, with its distribution.
    Slots(Vec<SlotId>, Distribution),
    /// One of several claims, each as likely.
    Claims(Vec<SlotId>, Vec<f64>),
    /// A factor times this, over the whole run.
    Factor(FactorId, u32),
}

impl Input {
    /// A run in which it has this value.
    pub(in crate::measures) fn overlays(&self, value: f64) -> Vec<Overlay> {
        match &self.means {
            Means::Slots(slots, _) | Means::Claims(slots, _) => {
                let set = |slot: &SlotId| Overlay {
                    target: Target::Slot(*slot),
                    change: Change::Set(value),
                    from: 0,
                    until: 0,
                };
                slots.iter().map(set).collect()
            }
            Means::Factor(factor, months) => vec![Overlay {
                target: Target::Factor(*factor),
                change: Change::Scale(value),
                from: 1,
                until: *months,
            }],
        }
    }

    /// Its value at a chance between 0 and 1; `None` where it is not drawn by itself.
    pub(in crate::measures) fn drawn(&self, chance: f64) -> Option<f64> {
        match &self.means {
            Means::Slots(_, Distribution::Point(_)) | Means::Factor(..) => None,
            Means::Slots(_, distribution) => Some(quantile(*distribution, chance)),
            Means::Claims(_, claims) => {
                let at = (chance * claims.len() as f64) as usize;
                claims.get(at.min(claims.len() - 1)).copied()
            }
        }
    }

    /// How many of its standard deviations lie between its ends; NaN where it is not drawn.
    pub(in crate::measures) fn width(&self) -> f64 {
        let [low, high] = self.ends;
        match &self.means {
            Means::Slots(_, Distribution::Point(_)) => f64::NAN,
            // Of a uniform, the whole range holds the root of 12.
            Means::Slots(_, Distribution::Uniform { .. }) => (1.0 - 2.0 * TAIL) * 12.0_f64.sqrt(),
            Means::Slots(_, Distribution::Lognormal { .. }) | Means::Factor(..) => {
                2.0 * normal_inverse(1.0 - TAIL)
            }
            Means::Claims(_, claims) => {
                let count = claims.len() as f64;
                let mean = claims.iter().sum::<f64>() / count;
                let variance = claims.iter().map(|x| whole_power(x - mean, 2)).sum::<f64>() / count;
                (high - low) / variance.sqrt()
            }
        }
    }

    /// The factor, if it is one.
    pub(in crate::measures) fn factor(&self) -> Option<FactorId> {
        match self.means {
            Means::Factor(factor, _) => Some(factor),
            _ => None,
        }
    }
}

fn quantile(distribution: Distribution, chance: f64) -> f64 {
    match distribution {
        Distribution::Point(x) => x,
        Distribution::Lognormal { mu, sigma } => exp(mu + sigma * normal_inverse(chance)),
        Distribution::Uniform { low, high } => low + (high - low) * chance,
    }
}

/// All inputs: figures in the order of the program, then factors.
pub(in crate::measures) fn inputs(subject: &Subject<'_>) -> Vec<Input> {
    let mut stated: BTreeMap<String, (&Stated, bool)> = BTreeMap::new();
    subject.model.entries(&mut |path, entry| {
        let figure = match &entry.content {
            Content::Figure(figure) | Content::Chance(figure, _) => Some(figure.as_ref()),
            content => content.worded(),
        };
        if let Some(figure) = figure {
            stated.insert(path.to_owned(), (figure, entry.basis.is_assumption()));
        }
        if let Content::Members(members) = &entry.content {
            for (member, figure) in members.iter().filter_map(|member| Some((member, member.stated()?))) {
                stated.insert(format!("{path}.{}", member.name), (figure, entry.basis.is_assumption()));
            }
        }
    });
    // The same figure may stand in several slots, one for each way in which it is read.
    let mut places: Vec<(&str, Vec<SlotId>)> = Vec::new();
    for (at, label) in subject.side.slots.iter().enumerate().filter(|(_, label)| !label.path.is_empty()) {
        let slot = SlotId(at as u32);
        match places.iter_mut().find(|(path, _)| *path == label.path) {
            Some((_, slots)) => slots.push(slot),
            None => places.push((&label.path, vec![slot])),
        }
    }
    let about = subject.model.about;
    let figures = places.into_iter().flat_map(|(path, slots)| {
        let (figure, assumed) =
            stated.get(path).map_or((None, true), |(figure, ours)| (Some(*figure), *ours));
        figure_inputs(subject, path, &slots, figure, assumed, about)
    });
    figures.chain(factors(subject)).collect()
}

/// The inputs of a figure: slots that are read alike are one.
fn figure_inputs(
    subject: &Subject<'_>,
    path: &str,
    slots: &[SlotId],
    figure: Option<&Stated>,
    assumed: bool,
    about: f64,
) -> Vec<Input> {
    let mut kinds: Vec<(f64, Distribution, Vec<SlotId>)> = Vec::new();
    for id in slots {
        let slot = subject.program.slots[id.at()];
        let bits = slot.expected.to_bits();
        match kinds.iter_mut().find(|(base, drawn, _)| base.to_bits() == bits && *drawn == slot.sampled) {
            Some((.., same)) => same.push(*id),
            None => kinds.push((slot.expected, slot.sampled, vec![*id])),
        }
    }
    let words = subject.side.slots[slots[0].at()].words.clone();
    let input = |(base, drawn, slots): (f64, Distribution, Vec<SlotId>)| {
        if !base.is_finite() {
            return None;
        }
        let claims = figure.map_or(vec![], |figure| claimed(figure, base));
        let (why, ends, means) = match drawn {
            _ if !claims.is_empty() => {
                let least = claims.iter().copied().fold(base, f64::min);
                let most = claims.iter().copied().fold(base, f64::max);
                (Why::Disputed, [least, most], Means::Claims(slots, claims))
            }
            Distribution::Point(x) if x.is_finite() && assumed => {
                let ends = [base * (1.0 - about), base * (1.0 + about)];
                (Why::Assumed, ends, Means::Slots(slots, drawn))
            }
            Distribution::Point(_) => return None,
            drawn => {
                let ends = [quantile(drawn, TAIL), quantile(drawn, 1.0 - TAIL)];
                (Why::Words, ends, Means::Slots(slots, drawn))
            }
        };
        Some(Input { name: path.to_owned(), words: words.clone(), why, base, ends, means })
    };
    kinds.into_iter().filter_map(input).collect()
}

/// The claim of each source in units of the slot: figures are read in proportion to their amounts. Empty
/// where there is one claim, or one of them is unknown.
fn claimed(figure: &Stated, base: f64) -> Vec<f64> {
    let amount = |said: keiretsu_model::figure::Said| said.headline().amount().filter(|x| 0.0 < x.abs());
    let Some(chosen) = amount(figure.figure.said) else { return vec![] };
    let others: Option<Vec<f64>> =
        figure.others.iter().map(|claim| Some(base * amount(claim.figure.said)? / chosen)).collect();
    match others {
        Some(others) if !others.is_empty() => [vec![base], others].concat(),
        _ => vec![],
    }
}

/// The factors that move at random: the mean of each over the run, over its central path.
fn factors(subject: &Subject<'_>) -> Vec<Input> {
    let program = subject.program;
    let all = (0..program.factors.len()).map(|at| FactorId(at as u32));
    let input = |factor: FactorId| {
        let law = Law::new(program, &[factor], 1, program.months)?;
        let end = |z: f64| exp(law.shocks(&[z])[0]);
        let far = normal_inverse(1.0 - TAIL);
        Some(Input {
            name: subject.model.factors[factor.at()].name.clone(),
            words: "its level over the run".to_owned(),
            why: Why::Factor,
            base: 1.0,
            ends: [end(-far), end(far)],
            means: Means::Factor(factor, program.months),
        })
    };
    all.filter(|factor| law::moves(program, *factor)).filter_map(input).collect()
}

/// Correlations of inputs: those of the model between factors, none elsewhere; row-major.
pub(super) fn correlations(subject: &Subject<'_>, inputs: &[&Input]) -> Vec<f64> {
    let months = subject.program.months;
    let between = |a: &Input, b: &Input| match (a.factor(), b.factor()) {
        (Some(a), Some(b)) => Law::correlation(subject.program, a, b, months),
        _ => 0.0,
    };
    let entry = |(i, j): (usize, usize)| if i == j { 1.0 } else { between(inputs[i], inputs[j]) };
    let count = inputs.len();
    (0..count).flat_map(|i| (0..count).map(move |j| (i, j))).map(entry).collect()
}
