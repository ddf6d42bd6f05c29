//! A shock to the text of a scenario that repeats it.

use keiretsu_maths::exp::exp;
use keiretsu_maths::ln::ln;
use keiretsu_maths::power::{decimal_place, whole_power};
use keiretsu_program::{EventId, FactorId, Program};

use crate::Subject;

use super::world::Shock;

/// A share as printed in scenarios: four digits, rounded away from 100% so that the event still happens.
pub(super) fn printed(x: f64) -> String {
    let share = exp(x) * 100.0;
    let digits = (3 - decimal_place(share)).clamp(0, 12);
    let unit = whole_power(10.0, -digits);
    let steps = share / unit;
    let steps = if x < 0.0 { steps.floor() } else { steps.ceil() };
    // What is left after the digits is binary dust.
    format!("{:.*}%", digits as usize, steps * unit)
}

/// The logarithm that the printed share stands for.
pub(super) fn read(printed: &str) -> f64 {
    let share: f64 = printed.trim_end_matches('%').parse().unwrap_or(f64::NAN);
    ln(share / 100.0)
}

/// The scenario of a shock, ready to be pasted into a model.
pub(super) fn scenario(subject: &Subject<'_>, name: &str, text: &str, shock: &Shock) -> String {
    let scales: Vec<String> = shock
        .factors
        .iter()
        .map(|(id, x)| format!("{} = \"{}\"", factor(subject, *id), printed(*x)))
        .collect();
    let forces: Vec<String> =
        shock.events.iter().map(|(id, stands)| format!("{} = {stands}", event(subject, *id))).collect();
    let mut lines = vec![format!("[scenarios.{name}]"), format!("text    = {text:?}")];
    if !scales.is_empty() {
        lines.push(format!("scale   = {{ {} }}", scales.join(", ")));
    }
    if !forces.is_empty() {
        lines.push(format!("force   = {{ {} }}", forces.join(", ")));
    }
    let program: &Program = subject.program;
    lines.push(format!("from    = \"{}\"", program.month(shock.from)));
    lines.push(format!("until   = \"{}\"", program.month(shock.until)));
    lines.push("because = \"found by reverse stress\"\n".to_owned());
    lines.join("\n")
}

pub(super) fn factor<'a>(subject: &Subject<'a>, id: FactorId) -> &'a str {
    &subject.model.factors[id.at()].name
}

pub(super) fn event<'a>(subject: &Subject<'a>, id: EventId) -> &'a str {
    &subject.model.events[id.at()].name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_away_from_the_whole() {
        assert_eq!(printed(ln(0.523_456)), "52.34%");
        assert_eq!(printed(ln(1.234_561)), "123.5%");
        assert_eq!(printed(ln(0.001_234_56)), "0.1234%");
        assert!(read(&printed(-0.3)) <= -0.3 && 0.3 <= read(&printed(0.3)));
    }
}
