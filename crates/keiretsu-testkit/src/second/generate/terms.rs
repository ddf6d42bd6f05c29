//! Terms that several contract types have: parties, figures, dates, conditions, standings.

use super::super::calendar::{Day, Month, days_in, month_of, month_text};
use super::super::dice::Dice;
use super::super::script::{Section, Value, bare, quoted};
use super::Setting;

/// The parties of every text.
pub const PARTIES: [&str; 4] = ["a", "b", "c", "d"];

/// Two parties that are not the same.
pub fn pair(section: &mut Section, first: &str, second: &str, dice: &mut Dice) {
    let at = dice.from(0, 3);
    let other = (at + dice.from(1, 3)) % 4;
    section.put(first, quoted(PARTIES[at as usize]));
    section.put(second, quoted(PARTIES[other as usize]));
}

/// An amount of money without qualifier, in millions.
pub fn plain(dice: &mut Dice, setting: &Setting, most: i32) -> String {
    let sign = if setting.euros && dice.chance(40) { "€" } else { "$" };
    let whole = dice.from(1, most);
    if dice.chance(20) { format!("{sign}{whole}.5M") } else { format!("{sign}{whole}M") }
}

/// The words of an amount of money, with what stands behind it (`/month`).
pub fn words(dice: &mut Dice, setting: &Setting, most: i32, behind: &str) -> String {
    let amount = plain(dice, setting, most);
    match dice.from(1, 100) {
        1..=60 => format!("{amount}{behind}"),
        61..=70 => format!("about {amount}{behind}"),
        71..=78 => format!("up to {amount}{behind}"),
        79..=88 => format!("more than {amount}{behind}"),
        89..=94 => range(dice, behind),
        _ => "undisclosed".to_owned(),
    }
}

fn range(dice: &mut Dice, behind: &str) -> String {
    let low = dice.from(1, 20);
    let high = low + dice.from(1, 40);
    format!("${low}M to ${high}M{behind}")
}

/// A figure, sometimes with what is expected.
pub fn figure(dice: &mut Dice, setting: &Setting, most: i32, behind: &str) -> Value {
    let words = words(dice, setting, most, behind);
    if behind.is_empty() && words.starts_with("up to") && dice.chance(40) {
        let expect = ("expect".to_owned(), quoted(if dice.chance(50) { "$2M" } else { "$1M to $3M" }));
        return Value::Table(vec![("figure".to_owned(), quoted(words)), expect]);
    }
    quoted(words)
}

/// A month in which things begin.
pub fn month(dice: &mut Dice) -> Month {
    month_of(2024, 1) + dice.from(0, 47)
}

/// A day.
pub fn day(dice: &mut Dice) -> Day {
    let month = month(dice);
    Day { month, day: dice.from(1, days_in(month)) }
}

/// A single date: a day, a month or a year.
pub fn date(dice: &mut Dice) -> Value {
    match dice.from(1, 10) {
        1..=6 => bare(day(dice).text()),
        7..=9 => quoted(month_text(month(dice))),
        _ => bare(dice.from(2024, 2028)),
    }
}

/// A date or a span of months.
pub fn date_or_span(dice: &mut Dice) -> Value {
    if dice.chance(70) {
        return date(dice);
    }
    let from = month(dice);
    quoted(format!("{} to {}", month_text(from), month_text(from + dice.from(1, 30))))
}

/// A condition, with the factor and the events that it needs.
pub fn condition(dice: &mut Dice, setting: &mut Setting) -> String {
    let first = atom(dice, setting);
    match dice.from(1, 10) {
        1..=7 => first,
        8 => format!("{first} and {}", atom(dice, setting)),
        // What nobody knows or is certain later: nothing says when it would fall due.
        _ if first == "secret" => first,
        _ => match atom(dice, setting) {
            second if second == "secret" => first,
            second => format!("{first} or {second}"),
        },
    }
}

fn atom(dice: &mut Dice, setting: &mut Setting) -> String {
    match dice.from(1, 10) {
        1..=4 => need_factor(dice, setting) + &format!(" >= ${}M/yr", dice.from(8, 40)),
        5 => month_text(setting.as_of.month + dice.from(1, 40)),
        6..=8 => need_event(dice, setting, true),
        _ => need_event(dice, setting, false),
    }
}

/// A level that the factor reaches sooner or later, or has reached.
pub fn level(dice: &mut Dice, setting: &mut Setting) -> String {
    need_factor(dice, setting) + &format!(" >= ${}M/yr", dice.from(4, 30))
}

/// The factor of the text.
pub fn need_factor(dice: &mut Dice, setting: &mut Setting) -> String {
    let mut section = Section::new("factors.sales");
    section.put("start", quoted(format!("${}M/yr", dice.from(5, 12))));
    if dice.chance(70) {
        section.put("growth", quoted(format!("{}%", dice.from(1, 12) * 10)));
    } else {
        let next = setting.as_of.month / 12 + 1;
        let years = [next.to_string(), "later".to_owned()].map(|year| (year, quoted("30%")));
        section.put("growth", Value::Table(years.into()));
    }
    section.put("because", quoted("an example"));
    need(setting, section);
    "sales".to_owned()
}

fn need_event(dice: &mut Dice, setting: &mut Setting, has_chance: bool) -> String {
    let name = if has_chance { if dice.chance(50) { "deal" } else { "permit" } } else { "secret" };
    let mut section = Section::new(format!("events.{name}"));
    if has_chance {
        let by = month_text(setting.as_of.month + dice.from(3, 36));
        section.put("chance", quoted(format!("{}% by {by}", dice.from(1, 9) * 10)));
    } else {
        section.put("text", quoted("not public"));
    }
    section.put("because", quoted("an example"));
    need(setting, section);
    name.to_owned()
}

fn need(setting: &mut Setting, section: Section) {
    if setting.needed.iter().all(|needed| needed.head != section.head) {
        setting.needed.push(section);
    }
}

/// What a contract may have besides its own terms.
pub fn common(section: &mut Section, kind: &str, dice: &mut Dice, setting: &Setting) {
    // What a source says was paid, or met, is no plan.
    let is_done = section.lines.iter().any(|(_, value)| {
        let text = value.to_string();
        text.contains("paid =") || text.contains("met =")
    });
    if dice.chance(8) && !is_done {
        section.put("standing", quoted(dice.one_of(&["announced", "announced", "terminated"])));
    }
    let mut same = setting.written.iter().filter(|(_, written)| *written == kind);
    if let Some((other, _)) = same.next_back().filter(|_| dice.chance(12)) {
        section.put(dice.one_of(&["supersedes", "contingent_on"]), quoted(other));
    }
}
