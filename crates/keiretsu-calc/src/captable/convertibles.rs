//! SAFEs and notes of a user's JSON.

use keiretsu_methods::captable::round::{Cap, Convertible};
use keiretsu_methods::captable::{Interest, note_amount};
use keiretsu_methods::day_count::DayCount;

use crate::days::{date, day_counts};
use crate::faults::Faults;
use crate::record::{JsonObject, NumberRange};

/// Something that converts.
#[derive(Clone, Debug)]
pub struct Converts {
    /// The class that it becomes.
    pub id: String,
    /// Place in the input.
    pub place: String,
    /// Its terms; for a note with its interest.
    pub convertible: Convertible,
}

/// Reads both lists.
pub fn read(root: &JsonObject<'_>, faults: &Faults) -> Vec<Converts> {
    let mut all = Vec::new();
    let known = [
        "id",
        "purchase",
        "amount",
        "post_money_cap",
        "pre_money_cap",
        "cap",
        "valuation_cap",
        "type",
        "discount",
    ];
    for (at, record) in root.records("safes", &known).iter().enumerate() {
        let amount = record.number("purchase", NumberRange::Amount);
        let amount = amount.unwrap_or_else(|| {
            let key = if record.has("amount") { "amount" } else { "purchase" };
            record.need(key, NumberRange::Amount)
        });
        let cap = cap(record, CapKind::PostMoney);
        all.push(converts(record, "safe", at, amount, cap));
    }
    let known = [
        "id",
        "principal",
        "amount",
        "rate",
        "interest_rate",
        "years",
        "days",
        "from",
        "to",
        "day_count",
        "simple",
        "compounding",
        "interest",
        "post_money_cap",
        "pre_money_cap",
        "cap",
        "valuation_cap",
        "type",
        "discount",
    ];
    for (at, record) in root.records("notes", &known).iter().enumerate() {
        let amount = note(record, faults);
        let cap = cap(record, CapKind::PreMoney);
        all.push(converts(record, "note", at, amount, cap));
    }
    all
}

fn converts(record: &JsonObject<'_>, kind: &str, at: usize, amount: f64, cap: Cap) -> Converts {
    let discount = record.number("discount", NumberRange::Fraction).unwrap_or(0.0);
    if 1.0 <= discount {
        record.fault("discount", "is the whole price", "give what is taken off: 0.2 for 20%");
    }
    let id = record.name("id").map_or_else(|| format!("{kind}_{}", at + 1), std::borrow::Cow::into_owned);
    let convertible = Convertible { amount, discount, cap };
    Converts { id, place: record.place_of("id"), convertible }
}

#[derive(Clone, Copy)]
enum CapKind {
    PostMoney,
    PreMoney,
}

/// The valuation cap; `usual`: the meaning of a plain `cap`.
fn cap(record: &JsonObject<'_>, usual: CapKind) -> Cap {
    let post = record.number("post_money_cap", NumberRange::Positive).map(Cap::PostMoney);
    let pre = record.number("pre_money_cap", NumberRange::Positive).map(Cap::PreMoney);
    let words = [
        ("post-money", CapKind::PostMoney),
        ("pre-money", CapKind::PreMoney),
        ("post", CapKind::PostMoney),
        ("pre", CapKind::PreMoney),
    ];
    let kind = record.one_of("type", &words).unwrap_or(usual);
    let plain = record
        .number("cap", NumberRange::Positive)
        .or_else(|| record.number("valuation_cap", NumberRange::Positive));
    let plain = plain.map(|cap| match kind {
        CapKind::PostMoney => Cap::PostMoney(cap),
        CapKind::PreMoney => Cap::PreMoney(cap),
    });
    let caps: Vec<Cap> = [post, pre, plain].into_iter().flatten().collect();
    if 1 < caps.len() {
        record.fault("post_money_cap", "there are several caps", "keep one of them");
    }
    caps.first().copied().unwrap_or(Cap::None)
}

/// Principal and interest.
fn note(record: &JsonObject<'_>, faults: &Faults) -> f64 {
    let key = if record.has("amount") && !record.has("principal") { "amount" } else { "principal" };
    let principal = record.need(key, NumberRange::Amount);
    let rate = record.number("rate", NumberRange::Amount);
    let rate = rate.or_else(|| record.number("interest_rate", NumberRange::Amount)).unwrap_or(0.0);
    let years = years(record, faults);
    if 0.0 < rate && years.is_none() {
        record.fault("years", "is missing", "give years, or from and to: how long interest accrues");
    }
    let words = [
        ("simple", Interest::Simple),
        ("compounding", Interest::Compounding),
        ("compound", Interest::Compounding),
        ("compounded", Interest::Compounding),
    ];
    let compounding = record.flag("compounding").or(record.flag("simple").map(|simple| !simple));
    let by_flag = if compounding == Some(true) { Interest::Compounding } else { Interest::Simple };
    let interest = record.one_of("interest", &words).unwrap_or(by_flag);
    let accrued = note_amount(principal, rate, years.unwrap_or(0.0), interest);
    if accrued.is_err() {
        record.fault("rate", "gives more interest than a number holds", "");
    }
    accrued.unwrap_or(0.0)
}

fn years(record: &JsonObject<'_>, faults: &Faults) -> Option<f64> {
    if let Some(years) = record.number("years", NumberRange::Amount) {
        return Some(years);
    }
    if let Some(days) = record.number("days", NumberRange::Amount) {
        return Some(days / 365.0);
    }
    let date = |key: &str| date(&record.name(key)?, faults, || record.place_of(key));
    let count = record.one_of("day_count", &day_counts()).unwrap_or(DayCount::Actual365);
    let (from, to) = (date("from")?, date("to")?);
    if to < from {
        record.fault("to", "is before `from`", "");
        return Some(0.0);
    }
    Some(count.years(from, to))
}
