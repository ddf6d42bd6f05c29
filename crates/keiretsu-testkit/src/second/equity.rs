//! Equity from text: tranches that are paid, dated, conditional or announced.

use toml::{Table, Value};

use super::calendar::Month;
use super::condition;
use super::dues::{Due, For, Row, Standing, spread};
use super::figure::{EXPECTED, FIRM, Figure, HEADLINE};
use super::set::Set;
use super::world::{Contract, Refused, World, date, figure_of};

/// How far ahead a condition is looked at that never lapses.
const AHEAD: Month = 12 * 40;

/// The tranches of a contract that gives capital.
pub fn rows(contract: &Contract, investor: &str, issuer: &str, world: &World) -> Result<Vec<Row>, Refused> {
    let tranches = contract.inner("tranches").ok_or("tranches")?;
    let tranche = |(name, terms): (&String, &Value)| {
        let terms = terms.as_table().ok_or("tranche")?;
        let whole = tranche(terms, contract.text("standing"), world)?;
        let row = |(standing, dues): Tranche| {
            let mut row = Row::of(contract, (investor, issuer), For::Capital, standing, dues);
            row.name = format!("{}.{name}", contract.name);
            row.dues[EXPECTED] = any_month(&row.owed[EXPECTED], terms, world);
            row
        };
        Ok(by_standing(whole).into_iter().map(row).collect::<Vec<Row>>())
    };
    let rows: Result<Vec<Vec<Row>>, Refused> = tranches.iter().map(tranche).collect();
    Ok(rows?.concat())
}

/// What nobody can date moves in any month up to its lapse.
fn any_month(owed: &[Due], terms: &Table, world: &World) -> Vec<Due> {
    let lapse = date(terms.get("before")).filter(|_| terms.contains_key("when"));
    let [Due { month: None, amount, .. }] = owed else { return owed.to_vec() };
    let Some(lapse) = lapse else { return owed.to_vec() };
    let months = world.first..=lapse.last.month;
    months.map(|month| Due { month: Some(month), past: false, amount: *amount }).collect()
}

/// Of what a source says is paid over a span, that part is paid whose day has passed; the rest is binding.
pub fn by_standing((standing, dues): Tranche) -> Vec<Tranche> {
    if standing != Standing::Paid || dues.iter().flatten().all(|due| due.past) {
        return vec![(standing, dues)];
    }
    let part = |past: bool| {
        dues.clone().map(|dues| dues.into_iter().filter(|due| due.past == past).collect::<Vec<Due>>())
    };
    let parts = [(Standing::Paid, part(true)), (Standing::Binding, part(false))];
    parts.into_iter().filter(|(_, dues)| dues.iter().any(|dues| !dues.is_empty())).collect()
}

/// Where a tranche stands, and what falls due in each reading.
pub type Tranche = (Standing, [Vec<Due>; 3]);

/// A tranche, or the draw of a loan.
pub fn tranche(terms: &Table, whole: Option<&str>, world: &World) -> Result<Tranche, Refused> {
    let amount = figure_of(terms.get("amount"), world).ok_or("amount")?;
    let stated = terms.get("standing").and_then(Value::as_str).or(whole);
    let is_span =
        |key: &str| terms.get(key).and_then(Value::as_str).is_some_and(|text| text.contains(" to "));
    let dated = |key: &str, read: &dyn Fn(usize) -> Set| -> Result<[Vec<Due>; 3], Refused> {
        let when = date(terms.get(key)).ok_or_else(|| key.to_owned())?;
        Ok([0, 1, 2].map(|reading| spread(read(reading), when, is_span(key), world)))
    };
    match stated {
        Some("terminated" | "lapsed") => return Ok((Standing::Gone, Default::default())),
        Some("announced") => return announced(terms, &amount, &dated, world),
        _ => {}
    }
    if terms.contains_key("paid") {
        return Ok((Standing::Paid, dated("paid", &|reading| amount.read(reading))?));
    }
    if terms.contains_key("met") {
        // DEFINITIONS, "Standing and dates": a condition shown by a source to be met makes a tranche binding.
        return Ok((Standing::Binding, dated("met", &|reading| amount.read(reading))?));
    }
    if let Some(when) = terms.get("when") {
        let when = when.as_str().ok_or("when")?;
        return conditional(when, terms, &amount, Standing::Conditional, world);
    }
    Ok((Standing::Binding, dated("on", &|reading| amount.read(reading))?))
}

/// The dues of an amount, as each reading has it, on the date of a term.
type Dated<'a> = dyn Fn(&str, &dyn Fn(usize) -> Set) -> Result<[Vec<Due>; 3], Refused> + 'a;

/// A plan: nothing of it is firm, all of it headline, and nothing says how likely it is; a condition that it
/// has stays (DEFINITIONS, "Expected of a condition").
fn announced(terms: &Table, amount: &Figure, dated: &Dated<'_>, world: &World) -> Result<Tranche, Refused> {
    if let Some(when) = terms.get("when") {
        return conditional(when.as_str().ok_or("when")?, terms, amount, Standing::Announced, world);
    }
    let read = |reading: usize| match reading {
        FIRM => Set::nothing(),
        EXPECTED if amount.expect.is_none() => amount.taken(HEADLINE).perhaps(),
        _ => amount.taken(reading),
    };
    if terms.contains_key("on") {
        return Ok((Standing::Announced, dated("on", &read)?));
    }
    let undated = |reading: usize| vec![Due { month: None, past: false, amount: read(reading) }];
    Ok((Standing::Announced, [0, 1, 2].map(undated)))
}

/// A tranche that waits for a condition, from as-of until it lapses.
pub fn conditional(
    when: &str,
    terms: &Table,
    amount: &Figure,
    standing: Standing,
    world: &World,
) -> Result<Tranche, Refused> {
    let before = date(terms.get("before"));
    if before.is_some_and(|before| world.is_past(before)) {
        return Ok((Standing::Gone, Default::default()));
    }
    let last = before.map_or(world.first + AHEAD, |before| before.last.month);
    let dues = |reading: usize| -> Result<Vec<Due>, Refused> {
        match reading {
            FIRM => Ok(vec![]),
            EXPECTED => expected(when, amount, last, world),
            _ => headline(when, amount, before.map(|before| before.last.month), last, world),
        }
    };
    Ok((standing, [dues(FIRM)?, dues(EXPECTED)?, dues(HEADLINE)?]))
}

/// DEFINITIONS, "Expected": the chance of the condition by its lapse times what is taken, by first passage.
fn expected(when: &str, amount: &Figure, last: Month, world: &World) -> Result<Vec<Due>, Refused> {
    let Some(passages) = condition::first_passage(when, last, world)? else {
        return Ok(vec![Due { month: None, past: false, amount: amount.taken(HEADLINE).perhaps() }]);
    };
    let due = |(month, chance): (Month, f64)| Due {
        month: Some(month),
        past: false,
        amount: amount.taken(EXPECTED).times(chance),
    };
    Ok(passages.into_iter().map(due).collect())
}

/// DEFINITIONS, "Readings": at the cap, dated when the condition holds on central paths, else at its lapse
/// date, else undated.
fn headline(
    when: &str,
    amount: &Figure,
    lapse: Option<Month>,
    last: Month,
    world: &World,
) -> Result<Vec<Due>, Refused> {
    let month = condition::first_month(when, last, HEADLINE, world)?.or(lapse);
    Ok(vec![Due { month, past: false, amount: amount.taken(HEADLINE) }])
}
