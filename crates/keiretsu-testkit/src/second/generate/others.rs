//! Random terms of the contract types that are short.

use super::super::calendar::{self, Day, Month, days_in, month_text};
use super::super::dice::Dice;
use super::super::script::{Section, Value, bare, quoted};
use super::{Setting, equity, terms};

/// From a month for so many months: `from`, and `until` on the last day.
fn term(section: &mut Section, dice: &mut Dice, ends: bool) -> (Month, i32) {
    let (start, months) = (terms::month(dice), dice.from(2, 30));
    section.put("from", quoted(month_text(start)));
    if ends {
        let last = start + months - 1;
        section.put("until", bare(Day { month: last, day: days_in(last) }.text()));
    }
    (start, months)
}

/// A building programme.
pub fn capex(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    let at = dice.from(0, 3) as usize;
    section.put("spender", quoted(terms::PARTIES[at]));
    let (first, second) = (terms::PARTIES[(at + 1) % 4], terms::PARTIES[(at + 2) % 4]);
    let shares = [(first, 60), (second, 40), (second, 25), (first, 100)];
    let listed = match dice.from(1, 3) {
        1 => &shares[3..],
        2 => &shares[..2],
        _ => &shares[2..3],
    };
    let listed = listed.iter().map(|(party, share)| ((*party).to_owned(), quoted(format!("{share}%"))));
    section.put("suppliers", Value::Table(listed.collect()));
    let is_rate = dice.chance(30);
    let (start, months) = term(section, dice, dice.clone().chance(85));
    if is_rate {
        section.put("amount", quoted(terms::words(dice, setting, 60, "/yr")));
        if dice.chance(30) {
            let amended = terms::plain(dice, setting, 60) + "/yr";
            let on = Day { month: start + dice.from(1, months), day: 1 }.text();
            let amendment = format!("[{{ on = {on}, set = {{ amount = \"{amended}\" }} }}]");
            section.put("amendments", bare(amendment));
        }
    } else {
        let amount = terms::figure(dice, setting, 60, "");
        let is_known = !amount.to_string().contains("undisclosed");
        section.put("amount", amount);
        if is_known && dice.chance(40) {
            section.put("ramp", quoted(dice.one_of(&["flat", "linear", "s-curve"])));
        }
    }
    terms::common(section, "capex", dice, setting);
}

/// A loan.
pub fn loan(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "lender", "borrower", dice);
    let start = terms::month(dice);
    let months = dice.from(2, 36);
    section.put("rate", quoted(format!("{}%", dice.from(0, 12))));
    section.put("maturity", quoted(month_text(start + months)));
    if dice.chance(20) {
        section.put("amount", quoted(terms::words(dice, setting, 60, "")));
        section.put("when", quoted(terms::condition(dice, setting)));
        section.put("before", quoted(month_text(start + dice.from(0, months - 1))));
        return;
    }
    section.put("amount", terms::figure(dice, setting, 60, ""));
    let span = if dice.chance(20) { dice.from(1, months.min(6)) - 1 } else { 0 };
    let drawn = if span > 0 {
        format!("{} to {}", month_text(start), month_text(start + span))
    } else {
        month_text(start)
    };
    section.put("drawn", quoted(drawn));
    match dice.from(1, 4) {
        1 => {}
        2 => section.put("interest", quoted("added")),
        _ => {
            section.put("repayment", quoted(dice.one_of(&["annuity", "linear", "bullet"])));
            section.put("frequency", quoted(dice.one_of(&["monthly", "quarterly", "half-yearly", "yearly"])));
        }
    }
    if dice.chance(20) {
        section.put("spread", quoted("1%"));
    }
    if dice.chance(15) {
        section.put("upfront_fee", quoted("2%"));
    }
    if dice.chance(15) {
        let on = Day { month: start + dice.from(1, months), day: 1 }.text();
        section.put("amendments", bare(format!("[{{ on = {on}, set = {{ rate = \"4%\" }} }}]")));
    }
    if dice.chance(15) {
        section.put("standing", quoted("paid"));
    } else {
        terms::common(section, "loan", dice, setting);
    }
}

/// A lease.
pub fn lease(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "lessee", "lessor", dice);
    let term = dice.one_of(&["6 months", "18 months", "1 year", "2 years", "3 years"]);
    section.put("term", quoted(term));
    let months = calendar::duration(term).unwrap_or(0);
    let mut ends_ahead = false;
    let per = dice.one_of(&["/month", "/yr", ""]);
    section.put("rent", quoted(terms::words(dice, setting, 20, per)));
    if dice.chance(30) && !per.is_empty() {
        section.put("escalator", quoted("10%"));
    }
    if dice.chance(15) {
        section.put("begins_when", quoted(terms::condition(dice, setting)));
        section.put("before", quoted(month_text(terms::month(dice))));
    } else {
        let from = terms::day(dice);
        // Whether it was renewed before as-of is told by nothing in the text.
        ends_ahead = setting.as_of.month + 1 < from.month + months;
        section.put("from", if from.day < 20 { quoted(month_text(from.month)) } else { bare(from.text()) });
    }
    if dice.chance(25) && !per.is_empty() && ends_ahead {
        let mut renewal = vec![("when".to_owned(), quoted(terms::level(dice, setting)))];
        if dice.chance(50) {
            renewal.push(("term".to_owned(), quoted("6 months")));
        }
        if dice.chance(50) {
            renewal.push(("options".to_owned(), bare(2)));
        }
        if dice.chance(30) {
            renewal.push(("rent_share".to_owned(), quoted("50%")));
        }
        section.put("renewal", Value::Table(renewal));
    }
    if dice.chance(20) {
        let guaranteed = dice.one_of(&["$28M", "up to $28M", "$15M"]);
        let residual = [("guaranteed".to_owned(), quoted(guaranteed)), ("value".to_owned(), quoted("$20M"))];
        section.put("residual", Value::Table(residual.into()));
    }
    terms::common(section, "lease", dice, setting);
}

/// A share of revenue.
pub fn sharing(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "payer", "payee", dice);
    term(section, dice, dice.clone().chance(60));
    section.put("rate", quoted(format!("{}%", dice.from(1, 30))));
    section.put("base", quoted(terms::need_factor(dice, setting)));
    if dice.chance(60) {
        let cap = terms::plain(dice, setting, 4);
        section.put("cap", quoted(if dice.chance(50) { format!("up to {cap}") } else { cap }));
        if dice.chance(30) {
            section.put("paid_so_far", quoted("$0.5M"));
        }
    }
    if dice.chance(25) {
        section.put("ends_when", quoted(month_text(setting.as_of.month + dice.from(1, 30))));
    }
    terms::common(section, "revenue_share", dice, setting);
}

/// A right.
pub fn right(section: &mut Section, dice: &mut Dice) {
    terms::pair(section, "holder", "grantor", dice);
    section.put("kinds", bare("[\"information\"]"));
}

/// A guarantee of a lease that is written with it.
pub fn guarantee(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    let mut covered =
        Section::new(format!("contracts.{}-lease", section.head.trim_start_matches("contracts.")));
    covered.put("type", quoted("lease"));
    covered.put("lessee", quoted("a"));
    covered.put("lessor", quoted("b"));
    covered.put("rent", quoted("$1M/month"));
    covered.put("from", quoted(month_text(terms::month(dice))));
    covered.put("term", quoted("2 years"));
    covered.put("because", quoted("an example"));
    section.put("covers", quoted(covered.head.trim_start_matches("contracts.")));
    setting.needed.push(covered);
    section.put("guarantor", quoted("c"));
    section.put("beneficiary", quoted("b"));
    if dice.chance(80) {
        let limit = terms::plain(dice, setting, 20);
        section.put("limit", quoted(if dice.chance(50) { format!("up to {limit}") } else { limit }));
    }
    if dice.chance(70) {
        section.put("fee", quoted(terms::plain(dice, setting, 4) + "/yr"));
        if dice.chance(30) {
            section.put("fee_payer", quoted("a"));
        }
    }
    if dice.chance(70) {
        term(section, dice, dice.clone().chance(70));
    }
    if dice.chance(30) {
        section.put("when", quoted(terms::level(dice, setting)));
    }
}

/// A backstop.
pub fn backstop(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "buyer", "seller", dice);
    section.put("offered", quoted(format!("{} GW", dice.from(1, 3))));
    section.put("sold", quoted(format!("0.{} GW", dice.from(1, 9))));
    section.put("price", quoted(format!("${}M/GW/yr", dice.from(1, 20))));
    if dice.chance(60) {
        let cap = terms::plain(dice, setting, 60);
        section.put("cap", quoted(if dice.chance(50) { format!("up to {cap}") } else { cap }));
    }
    if dice.chance(30) {
        section.put("power", quoted("0.8 GW"));
    }
    term(section, dice, true);
}

/// A warrant.
pub fn warrant(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "holder", "issuer", dice);
    section.put("shares", quoted(format!("{}M shares", dice.from(1, 9))));
    section.put("outstanding", quoted("100M shares"));
    section.put("price", quoted("$3/share"));
    // One that nobody states is undisclosed.
    let strike = if dice.chance(80) { format!("${}/share", dice.from(1, 4)) } else { "$0".to_owned() };
    section.put("strike", quoted(strike));
    section.put("expiry", quoted(month_text(terms::month(dice) + 12)));
    if dice.chance(50) {
        section.put("vests_when", quoted(terms::level(dice, setting)));
    }
    if dice.chance(30) {
        section.put("exercise", quoted("at expiry"));
    }
}

/// A convertible.
pub fn convertible(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    terms::pair(section, "holder", "issuer", dice);
    let start = terms::month(dice);
    for number in 1..=dice.from(1, 2) {
        let mut tranche = vec![("amount".to_owned(), terms::figure(dice, setting, 60, ""))];
        let key = if dice.chance(50) { "paid" } else { "on" };
        tranche.push((key.to_owned(), quoted(month_text(start + number))));
        section.put(format!("tranches.t{number}"), Value::Table(tranche));
    }
    if dice.chance(70) {
        section.put("rate", quoted(format!("{}%", dice.from(1, 9))));
    }
    section.put("maturity", quoted(month_text(start + dice.from(6, 30))));
    if dice.chance(30) {
        section.put("converts_when", quoted(month_text(start + dice.from(5, 40))));
        section.put("price", quoted("$100M"));
    }
}

/// Credits, good for a purchase that is written with them.
pub fn credits(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    let mut bought =
        Section::new(format!("contracts.{}-supply", section.head.trim_start_matches("contracts.")));
    bought.put("type", quoted("supply"));
    bought.put("buyer", quoted("a"));
    bought.put("seller", quoted("b"));
    bought.put("minimum", quoted(format!("${}M/month", dice.from(1, 3))));
    term(&mut bought, dice, true);
    bought.put("because", quoted("an example"));
    section.put("usable_on", quoted(bought.head.trim_start_matches("contracts.")));
    setting.needed.push(bought);
    section.put("grantor", quoted("b"));
    section.put("recipient", quoted("a"));
    let amount = terms::plain(dice, setting, 30);
    section.put("amount", quoted(if dice.chance(25) { format!("up to {amount}") } else { amount }));
    let on = terms::month(dice);
    let span = dice.chance(25);
    let words = if span { format!("{} to {}", month_text(on), month_text(on + 5)) } else { month_text(on) };
    section.put("on", quoted(words));
    if dice.chance(60) {
        section.put("expires", quoted(month_text(on + dice.from(6, 24))));
    }
}

/// A tranche of capital, as equity has them.
pub fn equity(section: &mut Section, dice: &mut Dice, setting: &mut Setting) {
    equity::write(section, dice, setting);
}
