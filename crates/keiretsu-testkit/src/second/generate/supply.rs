//! Random supply: minimums of every kind, ramps, usage, prepayments, amendments.

use super::super::calendar::{Day, days_in, month_text, year};
use super::super::dice::Dice;
use super::super::script::{Section, Value, bare, quoted};
use super::{Setting, terms};

/// Writes the terms of a contract.
pub fn write(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "buyer", "seller", dice);
    let start = terms::month(dice);
    let months = dice.from(1, 8) * 6;
    let mid = if dice.chance(25) { dice.from(2, 28) } else { 1 };
    section.put("from", from(start, mid, dice));
    let until = until(start, months, mid);
    match dice.from(1, 10) {
        1..=4 => total(section, dice, setting, (start, months), until),
        5..=8 => per_period(section, dice, setting, until),
        9 => {
            section.put("until", until);
            section.put("minimum", quoted("undisclosed"));
        }
        _ => {
            section.put("until", until);
            section.put("usage", usage(dice, setting));
        }
    }
    terms::common(section, "supply", dice, setting);
}

fn from(start: i32, day: i32, dice: &mut Dice) -> Value {
    if day == 1 && dice.chance(70) {
        if start % 12 == 0 && dice.chance(50) {
            return bare(year(start));
        }
        return quoted(month_text(start));
    }
    bare(Day { month: start, day }.text())
}

fn until(start: i32, months: i32, day: i32) -> Value {
    if day == 1 {
        let last = start + months - 1;
        return bare(Day { month: last, day: days_in(last) }.text());
    }
    bare(Day { month: start + months, day: day - 1 }.text())
}

fn total(
    section: &mut Section,
    dice: &mut Dice,
    setting: &mut Setting,
    (start, months): (i32, i32),
    until: Value,
) {
    let over = if dice.chance(70) { format!(" over {months} months") } else { String::new() };
    if over.is_empty() {
        section.put("until", until);
    }
    let minimum = terms::words(dice, setting, 200, &over);
    section.put("minimum", quoted(&minimum));
    if minimum == "undisclosed" && !over.is_empty() {
        section.put("until", bare(year(start) + 1));
        return;
    }
    if dice.chance(40) {
        let years = year(start)..=year(start + months - 1);
        section.put("ramp", ramp(years, dice));
    }
    if minimum.starts_with('$') && !minimum.contains(" to ") && dice.chance(40) {
        section.put("usage", usage(dice, setting));
    }
    if minimum.starts_with('$') && !minimum.contains(" to ") && dice.chance(25) {
        section.put("prepayment", quoted(if dice.chance(50) { "20%" } else { "$1M" }));
        if dice.chance(30) {
            section.put("prepaid", quoted(month_text(start + dice.from(-3, 5))));
        }
    }
    if minimum.starts_with('$') && dice.chance(25) {
        let amended = terms::plain(dice, setting, 200) + &over;
        amend(section, start + dice.from(1, months - 1), &amended);
    }
}

fn ramp(years: std::ops::RangeInclusive<i32>, dice: &mut Dice) -> Value {
    let years: Vec<i32> = years.collect();
    if dice.chance(60) || years.len() < 2 {
        return quoted(dice.one_of(&["flat", "linear", "s-curve"]));
    }
    let mut left = 100;
    let mut shares = vec![];
    for year in &years[..years.len() - 1] {
        let share = dice.from(0, left.min(40));
        left -= share;
        shares.push((year.to_string(), quoted(format!("{share}%"))));
    }
    let rest = if dice.chance(50) { "flat" } else { "linear" };
    if dice.chance(40) {
        shares.truncate(1);
        shares.push(("rest".to_owned(), quoted(rest)));
    } else {
        shares.push((years[years.len() - 1].to_string(), quoted(format!("{left}%"))));
    }
    Value::Table(shares)
}

fn per_period(section: &mut Section, dice: &mut Dice, setting: &mut Setting, until: Value) {
    section.put("until", until);
    let per = dice.one_of(&["/month", "/month", " per quarter", "/yr"]).to_owned();
    let minimum = terms::words(dice, setting, 12, &per);
    section.put("minimum", quoted(&minimum));
    if minimum.starts_with('$') && !minimum.contains(" to ") {
        if dice.chance(40) {
            section.put("usage", usage(dice, setting));
        }
        if dice.chance(25) {
            section.put("carry", bare("true"));
        }
    }
    if minimum.starts_with('$') && dice.chance(25) {
        let on = terms::month(dice);
        let amended = terms::plain(dice, setting, 12) + &per;
        amend(section, on, &amended);
    }
}

fn amend(section: &mut Section, month: i32, minimum: &str) {
    let on = Day { month, day: 1 }.text();
    let amendment = format!("[{{ on = {on}, set = {{ minimum = \"{minimum}\" }} }}]");
    section.put("amendments", bare(amendment));
}

fn usage(dice: &mut Dice, setting: &mut Setting) -> Value {
    if dice.chance(30) {
        let factor = terms::need_factor(dice, setting);
        return quoted(format!("{}% * {factor}", dice.from(1, 9) * 10));
    }
    quoted(format!("{}/month", terms::plain(dice, setting, 5)))
}
