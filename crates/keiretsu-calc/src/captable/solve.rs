//! Terms of a capitalisation table to shares, ownership, prices and payouts.

use keiretsu_methods::captable::round::{RoundTerms, at_caps, close};
use keiretsu_methods::captable::waterfall::{Class, Participation, distribute};
use keiretsu_methods::captable::{
    CapTableError, as_converted, full_ratchet_price, treasury_shares, weighted_average_price,
};

use super::given::{CapTableInput, Round};
use super::terms::{Amount, Issue, Preferred, Protected, Protection, Taking};
use super::{Adjusted, Amounts, CapTable};
use crate::CalcError;

/// Works everything out, in the order in which it happens.
pub fn solve(given: &CapTableInput) -> Result<CapTable, CalcError> {
    let mut table = CapTable::default();
    for (name, shares) in &given.classes {
        table.shares.add(name, *shares);
    }
    for warrant in given.warrants.iter().filter(|warrant| warrant.as_exercised) {
        table.shares.add(&warrant.id, warrant.shares);
    }
    for one in &given.converts {
        table.converting_amounts.add(&one.id, one.convertible.amount);
    }
    let before: f64 = table.shares.0.iter().map(|(_, shares)| shares).sum();
    match &given.round {
        Some(round) => {
            close_round(given, round, before, &mut table).map_err(|error| refusal(error, given))?;
        }
        None => convert(given, before, &mut table)?,
    }
    add_treasury(given, &mut table)?;
    protect(given, &mut table).map_err(|error| refusal(error, given))?;
    table.fully_diluted = table.shares.0.iter().map(|(_, shares)| shares).sum();
    let all = table.fully_diluted;
    if 0.0 < all {
        let owned = table.shares.0.iter().map(|(name, shares)| (name.clone(), shares / all));
        table.ownership = Amounts(owned.collect());
    }
    if let Some(exit) = given.exit {
        let unsaid = |id: &&String| !given.preferences.iter().any(|one| one.id == **id);
        let unsaid: Vec<String> = table.unconverted.iter().filter(unsaid).cloned().collect();
        if unsaid.is_empty() {
            table.payouts = Some(pay_out(given, exit, &table)?);
        } else {
            let what = "the payouts: nothing says what is owed at an exit to what has not converted";
            table.left_out.push(format!("{what} (`preferences` of {})", unsaid.join(", ")));
        }
    }
    Ok(table)
}

fn refusal(error: CapTableError, given: &CapTableInput) -> CalcError {
    match error {
        CapTableError::CapsTakeAll => CalcError::no_answer(
            "the caps alone give holders of SAFEs the whole company",
            "purchase / post-money cap must sum to less than 1",
        ),
        CapTableError::NoPrice => CalcError::no_answer(
            "what converts and the pool take the whole pre-money value, so that no price is left",
            "raise pre_money, or lower the pool",
        ),
        CapTableError::PriceOfNothing => CalcError::no_answer(
            "a price rounds to zero, and nothing can be divided by it",
            "raise price_decimals, or round prices up",
        ),
        CapTableError::NobodyTakesTheRest => CalcError::no_answer(
            "preferences are paid, and no class takes the rest of the exit",
            "give common shares, or let a class participate",
        ),
        CapTableError::NotAnAmount => {
            let round = given.round.as_ref().map_or("", |round| round.id.as_str());
            CalcError::no_answer(format!("the terms of {round} give no finite numbers"), "check for zeros")
        }
    }
}

/// Without a round: convertibles with a cap convert at it.
fn convert(given: &CapTableInput, before: f64, table: &mut CapTable) -> Result<(), CalcError> {
    let convertibles: Vec<_> = given.converts.iter().map(|one| one.convertible).collect();
    let (shares, _) = at_caps(before, &convertibles).map_err(|error| refusal(error, given))?;
    for (one, shares) in given.converts.iter().zip(shares) {
        let Some(shares) = shares else {
            table.left_out.push(format!("{} has no cap, and converts only in a round", one.id));
            table.unconverted.push(one.id.clone());
            continue;
        };
        let converted = given.rounding.converted(one.convertible.amount, shares);
        let (price, shares) = converted.map_err(|error| refusal(error, given))?;
        table.shares.add(&one.id, shares);
        if let Some(price) = price {
            table.prices.add(&one.id, price);
        }
    }
    table.company_capitalization = table.shares.0.iter().map(|(_, shares)| shares).sum();
    Ok(())
}

fn close_round(
    given: &CapTableInput,
    round: &Round,
    before: f64,
    table: &mut CapTable,
) -> Result<(), CapTableError> {
    let terms = RoundTerms {
        capitalization: before,
        unallocated: table.shares.of(&given.pool).unwrap_or(0.0),
        pre_money: round.pre_money,
        new_money: round.new_money,
        pool: round.pool,
    };
    let convertibles: Vec<_> = given.converts.iter().map(|one| one.convertible).collect();
    let exact = close(&terms, &convertibles)?;
    let closed = given.rounding.closed(&exact, &terms, &convertibles)?;
    let prices = closed.conversion_prices.iter().zip(&closed.converted);
    for (one, (price, shares)) in given.converts.iter().zip(prices) {
        table.shares.add(&one.id, *shares);
        if let Some(price) = price {
            table.prices.add(&one.id, *price);
        }
    }
    if 0.0 < closed.pool_increase {
        table.shares.add(&given.pool, closed.pool_increase);
    }
    table.shares.add(&round.id, closed.new_shares);
    table.prices.add("round", closed.price);
    table.company_capitalization = closed.company_capitalization;
    table.pool_increase = closed.pool_increase;
    table.new_shares = closed.new_shares;
    Ok(())
}

fn add_treasury(given: &CapTableInput, table: &mut CapTable) -> Result<(), CalcError> {
    for warrant in given.warrants.iter().filter(|warrant| !warrant.as_exercised) {
        let price = warrant.price.or(table.prices.of("round")).ok_or_else(|| {
            let what = format!("the treasury method of `{}` needs the price of a share", warrant.id);
            CalcError::no_answer(what, "give the warrant a `price`, or a round")
        })?;
        let shares =
            treasury_shares(warrant.shares, warrant.strike, price).map_err(|error| refusal(error, given))?;
        table.shares.add(&warrant.id, shares);
    }
    Ok(())
}

/// Adjusts conversion prices after an issue below them.
fn protect(given: &CapTableInput, table: &mut CapTable) -> Result<(), CapTableError> {
    if given.protected.is_empty() {
        return Ok(());
    }
    let by_round = || {
        let (round, price) = (given.round.as_ref()?, table.prices.of("round")?);
        Some(Issue { id: round.id.clone(), shares: table.new_shares, price })
    };
    let Some(issue) = given.issue.clone().or_else(by_round) else { return Ok(()) };
    let all: f64 = table.shares.0.iter().map(|(_, shares)| shares).sum();
    // The round's own shares are there already.
    let before = if given.issue.is_some() { all } else { all - issue.shares };
    let narrow: f64 = outstanding(table, &issue.id);
    for one in &given.protected {
        let adjusted = adjust(one, &issue, before, narrow, table.shares.of(&one.id).unwrap_or(0.0))?;
        if let Some((_, shares)) = table.shares.0.iter_mut().find(|(name, _)| *name == one.id) {
            *shares = adjusted.as_converted;
        }
        table.prices.set(&one.id, adjusted.price_after);
        table.anti_dilution.push(adjusted);
    }
    if given.issue.is_some() {
        table.shares.add(&issue.id, issue.shares);
    }
    Ok(())
}

/// Shares outstanding: without options, warrants and the pool, known by their names, and without the issue.
fn outstanding(table: &CapTable, issue: &str) -> f64 {
    let reserved = |name: &str| {
        ["option", "warrant", "pool", "esop", "unallocated", "unissued"]
            .iter()
            .any(|word| name.to_lowercase().contains(word))
    };
    let counted = table.shares.0.iter().filter(|(name, _)| !reserved(name) && name != issue);
    counted.map(|(_, shares)| shares).sum()
}

fn adjust(
    one: &Protected,
    issue: &Issue,
    broad: f64,
    narrow: f64,
    shares: f64,
) -> Result<Adjusted, CapTableError> {
    let average = |counted: f64| {
        weighted_average_price(
            one.price,
            one.outstanding.unwrap_or(counted),
            issue.shares * issue.price,
            issue.shares,
        )
    };
    let price_after = match one.kind {
        Protection::Broad => average(broad)?,
        Protection::Narrow => average(narrow)?,
        Protection::FullRatchet => full_ratchet_price(one.price, issue.price)?,
    };
    let as_converted = as_converted(shares, one.price, price_after)?;
    Ok(Adjusted { id: one.id.clone(), price_before: one.price, price_after, as_converted })
}

fn pay_out(given: &CapTableInput, exit: f64, table: &CapTable) -> Result<Amounts, CalcError> {
    let shares = table.shares.0.iter().filter(|(name, _)| *name != given.pool);
    let mut holders: Vec<(&str, f64)> = shares.map(|(name, shares)| (name.as_str(), *shares)).collect();
    // What has not converted has no shares, and is owed what its preference says.
    holders.extend(table.unconverted.iter().map(|name| (name.as_str(), 0.0)));
    let mut classes = Vec::with_capacity(holders.len());
    for (name, shares) in &holders {
        let preferred = given.preferences.iter().find(|one| one.id == *name);
        classes.push(preferred.map_or(Ok(common(*shares)), |one| class(given, table, one, *shares))?);
    }
    let paid = distribute(&classes, exit).map_err(|error| match error {
        CapTableError::NotAnAmount => {
            CalcError::no_answer("a cap on participation is below the preference", "raise the cap")
        }
        other => refusal(other, given),
    })?;
    let mut payouts = Amounts::default();
    for name in table.shares.0.iter().map(|(name, _)| name).chain(&table.unconverted) {
        let at = holders.iter().position(|(holder, _)| holder == name);
        payouts.add(name, at.map_or(0.0, |at| paid[at]));
    }
    Ok(payouts)
}

fn common(shares: f64) -> Class {
    Class { shares, preference: 0.0, rank: 0, participation: Participation::None }
}

fn class(given: &CapTableInput, table: &CapTable, one: &Preferred, shares: f64) -> Result<Class, CalcError> {
    // Preferences are by preferred share; protections change only what it converts into.
    let adjusted = table.anti_dilution.iter().find(|adjusted| adjusted.id == one.id);
    let preferred = adjusted.map_or(shares, |adjusted| shares * adjusted.price_after / adjusted.price_before);
    let by_share = matches!(one.amount, Amount::PerShare(_)) || matches!(one.taking, Taking::UpToPerShare(_));
    let unconverted = table.unconverted.contains(&one.id);
    if unconverted && by_share {
        let what = format!("{} is by share, and `{}` has not converted into any", one.place, one.id);
        return Err(CalcError::no_answer(what, "say `preference` and `cap` in money, or give a `multiple`"));
    }
    let preference = match one.amount {
        Amount::Total(total) => total,
        Amount::PerShare(per_share) => per_share * preferred,
        Amount::Multiple(multiple, price) => {
            let at_price = price.filter(|_| !unconverted).map(|price| price * preferred);
            multiple * paid(given, one, at_price)?
        }
    };
    let participation = match one.taking {
        Taking::Nothing => Participation::None,
        Taking::Full => Participation::Full,
        Taking::UpTo(most) => Participation::UpTo(most),
        Taking::UpToMultiple(multiple) => Participation::UpTo(multiple * preference),
        Taking::UpToPerShare(per_share) => Participation::UpTo(per_share * preferred),
    };
    Ok(Class { shares: shares * one.ratio, preference, rank: one.rank, participation })
}

/// Money paid for a class: at the given price, in the round, or for the convertibles that became it.
fn paid(given: &CapTableInput, one: &Preferred, at_price: Option<f64>) -> Result<f64, CalcError> {
    let round = given.round.as_ref().filter(|round| round.id == one.id).map(|round| round.new_money);
    let converted = given.converts.iter().find(|converts| converts.id == one.id);
    let converted = converted.map(|converts| converts.convertible.amount);
    at_price.or(round).or(converted).ok_or_else(|| {
        let what = format!("{} is a multiple, and what was paid for `{}` is not known", one.place, one.id);
        CalcError::no_answer(what, "give its `price`, or say the preference in money")
    })
}
