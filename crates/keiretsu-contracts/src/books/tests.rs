//! A euro is worth $1 until June 2026 and $2 from July on: what is kept in euros stays what it is in euros.

use crate::testing::{check, exposed};

const RATE: &str = "[currencies]\nEUR = { 2025-01 = \"$1.00\", 2026-07 = \"$2.00\" }\n";

fn at_rate(text: &str, reading: &str, expected: &[&str]) {
    check(&format!("{RATE}{text}"), reading, &expected.join("\n"));
}

/// Lines of some months of 2026 that are alike.
fn months(months: std::ops::RangeInclusive<u32>, rest: &str) -> Vec<String> {
    months.map(|month| format!("2026-{month:02}  {rest}")).collect()
}

fn at_rate_by_month(text: &str, reading: &str, expected: &[Vec<String>]) {
    check(&format!("{RATE}{text}"), reading, &expected.concat().join("\n"));
}

const LOAN: &str = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"€10M\"\n\
    rate = \"12%\"\ndrawn = \"2026-03\"\nmaturity = \"2027-03\"\nfrequency = \"yearly\"\n";

#[test]
fn a_loan_is_paid_back_in_its_currency() {
    // EUR 10M and twelve months of interest, EUR 1.2M, at $2.
    let [draw, back] = ["2026-03  a -> b  $10.0M  principal", "2027-03  b -> a  $20.0M  principal"];
    at_rate(LOAN, "firm", &[draw, "2027-03  b -> a  $2.4M  interest", back]);
    // Interest on interest: 10 x 1.01^12 = EUR 11.268M.
    let added = format!("{LOAN}interest = \"added\"");
    at_rate(&added, "firm", &[draw, "2027-03  b -> a  $22.5M  principal"]);
    // Drawn before as-of it is the same loan.
    let before = LOAN.replace("2026-03", "2025-03").replace("2027-03", "2026-09");
    // 18 months less the 6 paid in September 2025.
    at_rate(&before, "firm", &["2026-09  b -> a  $2.4M  interest", "2026-09  b -> a  $20.0M  principal"]);
}

#[test]
fn a_line_is_drawn_up_to_its_limit_in_its_currency() {
    // Used EUR 8M of 10; $20M of use are EUR 10M from July on, $10M more are no more than the limit.
    let line = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"€10M\"\n\
        rate = \"0%\"\nmaturity = \"2026-12\"\nrepayment = \"revolving\"\n\
        usage = \"if 2026-09 then $40M else if 2026-08 then €10M else €8M\"";
    let draws = ["2026-01  a -> b  $8.0M  principal", "2026-08  a -> b  $4.0M  principal"];
    at_rate(line, "expected", &[draws[0], draws[1], "2026-12  b -> a  $20.0M  principal"]);
}

#[test]
fn a_note_comes_to_its_principal_and_interest_in_its_currency() {
    let note = "[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\nissuer = \"b\"\nrate = \"12%\"\n\
        maturity = \"2027-03\"\ntranches.t = { amount = \"€10M\", on = \"2026-03\" }";
    at_rate(note, "firm", &["2026-03  a -> b  $10.0M  equity", "2027-03  b -> a  $22.4M  principal"]);
}

#[test]
fn a_cap_lasts_until_it_is_paid_in_its_currency() {
    // $1M a month: EUR 3M by June, then EUR 0.5M a month; of EUR 5M the last 2 take four months.
    let share = "[contracts.r]\ntype = \"revenue_share\"\npayer = \"a\"\npayee = \"b\"\n\
        from = \"2026-04\"\nrate = \"10%\"\nbase = \"$120M/yr\"\ncap = \"€5M\"";
    at_rate_by_month(share, "firm", &[months(4..=10, "a -> b  $1.0M  revenue share")]);
    // In euros it is EUR 1M a month for five months.
    let own = share.replace("$120M", "€120M");
    let (before, after) = ("a -> b  $1.0M  revenue share", "a -> b  $2.0M  revenue share");
    at_rate_by_month(&own, "firm", &[months(4..=6, before), months(7..=8, after)]);
}

#[test]
fn a_backstop_is_billed_up_to_its_cap_in_its_currency() {
    // $2M a month: EUR 4M in May and June; the last of EUR 5M is $2M in July.
    let backstop = "[contracts.u]\ntype = \"backstop\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-05\"\n\
        offered = \"3 GW\"\nsold = \"1 GW\"\nprice = \"$12M/GW/yr\"\ncap = \"up to €5M\"";
    at_rate_by_month(backstop, "firm", &[months(5..=7, "a -> b  $2.0M  service")]);
}

#[test]
fn use_burns_a_minimum_down_in_its_currency() {
    // $1M a month is EUR 6M by June and EUR 3M by December; the EUR 3M that are short are $6M.
    let supply = "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
        minimum = \"€12M over 1 year\"\nusage = \"$1M/month\"";
    let bills = [months(1..=11, "a -> b  $1.0M  service"), months(12..=12, "a -> b  $7.0M  service")];
    at_rate_by_month(supply, "expected", &bills);
}

#[test]
fn a_prepayment_is_used_up_in_its_currency() {
    // EUR 25M ahead of EUR 10M a month: EUR 5M of July's bill and all of August's are left.
    let supply = "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-05\"\n\
        until = \"2026-08\"\nminimum = \"€10M/month\"\nprepayment = \"€25M\"";
    let bills = ["2026-05  a -> b  $25.0M  service", "2026-07  a -> b  $10.0M  service"];
    at_rate(supply, "firm", &[bills[0], bills[1], "2026-08  a -> b  $20.0M  service"]);
}

#[test]
fn credits_are_used_in_their_currency() {
    let bills = |minimum: &str| {
        format!(
            "[contracts.c]\ntype = \"credits\"\ngrantor = \"b\"\nrecipient = \"a\"\namount = \"€9M\"\n\
             on = \"2026-01\"\nusable_on = \"s\"\n[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\n\
             seller = \"b\"\nfrom = \"2026-01\"\nuntil = \"2027-01\"\nminimum = \"{minimum}\""
        )
    };
    // EUR 1M a month for nine months.
    let mut left = months(10..=12, "a -> b  $2.0M  service");
    left.push("2027-01  a -> b  $2.0M  service".to_owned());
    at_rate_by_month(&bills("€1M/month"), "firm", &[left]);
    // EUR 6M by June; EUR 3M are $6M, for six months.
    at_rate(&bills("$1M/month"), "firm", &["2027-01  a -> b  $1.0M  service"]);
}

/// A tenant that owes $10M a month, has $25M and fails in April.
const COVERED: &str = "[parties.c]\n[parties.tenant]\ncash = \"$25M\"\n\
    funding = { keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }\n\
    [contracts.l]\ntype = \"supply\"\nbuyer = \"tenant\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
    until = \"2026-08\"\nminimum = \"$10M/month\"\n\
    [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\ncovers = \"l\"\n";

fn called(terms: &str, calls: &[&str]) {
    let mut lines = months(1..=3, "tenant -> a  $10.0M  service");
    lines.extend(calls.iter().map(|call| format!("2026-{}  guarantee", call.replace("  ", "  c -> a  "))));
    at_rate_by_month(&format!("{COVERED}{terms}"), "firm", &[lines]);
}

#[test]
fn a_guarantee_is_drawn_and_its_cushion_lost_in_their_currency() {
    // EUR 5M, then 10 a month for three: of EUR 40M the last 5 are $10M in July.
    let first = ["03  $5.0M", "04  $10.0M", "05  $10.0M", "06  $10.0M"];
    called("limit = \"up to €40M\"", &[&first[..], &["07  $10.0M"]].concat());
    called("limit = \"up to €38M\"", &[&first[..], &["07  $6.0M"]].concat());
    // EUR 35M are lost by June, EUR 3M in July.
    called("cushion = \"€38M\"", &["07  $4.0M", "08  $10.0M"]);
}

#[test]
fn a_guarantee_of_no_contract_is_called_at_the_rate_of_the_call() {
    let text = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"b\"\n\
        limit = \"€5M\"\nwhen = \"2026-08\"";
    at_rate(text, "expected", &["2026-08  a -> b  $10.0M  guarantee"]);
}

#[test]
fn a_residual_value_is_what_its_asset_is_short_of_in_its_currency() {
    let lease = |value: &str| {
        format!(
            "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nfrom = \"2026-11\"\n\
             rent = \"€12M/yr\"\nterm = \"2 months\"\n\
             residual = {{ guaranteed = \"€10M\", value = \"{value}\" }}"
        )
    };
    // EUR 4M are EUR 6M short, $4M are EUR 8M short.
    for (value, short) in [("€4M", 12), ("$4M", 16)] {
        let last = format!("2026-12  a -> b  ${short}.0M  rent");
        let rent = months(11..=12, "a -> b  $2.0M  rent");
        at_rate_by_month(&lease(value), "expected", &[rent, vec![last]]);
    }
}

#[test]
fn what_was_paid_counts_at_the_rates_of_its_days() {
    // $6M by June and $2M in July: from August on $8M have been paid.
    let text = "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
        until = \"2026-09\"\nminimum = \"€1M/month\"\n\
        [contracts.e]\ntype = \"equity\"\ninvestor = \"b\"\nissuer = \"a\"\n\
        tranches.t = { amount = \"€3M\", when = \"paid(s) >= $8M\" }";
    let (low, high) = ("a -> b  $1.0M  service", "a -> b  $2.0M  service");
    let drawn = vec!["2026-08  b -> a  $6.0M  equity".to_owned()];
    let bills = [months(1..=6, low), months(7..=8, high), drawn, months(9..=9, high)];
    at_rate_by_month(text, "expected", &bills);
}

#[test]
fn what_is_expected_in_another_currency_is_worth_its_own_rate() {
    // $1M is expected of up to EUR 3M, whatever a euro is worth.
    for month in ["2026-05", "2026-08"] {
        let text = format!(
            "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
             tranches.t = {{ amount = {{ figure = \"€3M\", expect = \"$1M\" }}, when = \"{month}\" }}"
        );
        at_rate(&text, "expected", &[&format!("{month}  a -> b  $1.0M  equity")]);
    }
}

#[test]
fn a_rate_that_changes_within_a_month_is_that_of_the_day() {
    let text = "[currencies]\nEUR = { 2025-01 = \"$1.00\", 2026-07-15 = \"$2.00\" }\n\
        [contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"€3M\", on = 2026-07-10 }\n\
        tranches.u = { amount = \"€3M\", on = 2026-07-20 }";
    check(text, "firm", "2026-07  a -> b  $3.0M  equity\n2026-07  a -> b  $6.0M  equity");
}

#[test]
fn a_factor_in_another_currency_follows_its_rate() {
    // EUR 12M a year: $1M a month until June, $2M from July on.
    let text = "[factors.f]\nstart = \"€12M/yr\"\n[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\n\
        seller = \"b\"\nusage = \"f\"\nfrom = \"2026-06\"\nuntil = \"2026-07\"";
    let [june, july] = ["2026-06  a -> b  $1.0M  service", "2026-07  a -> b  $2.0M  service"];
    at_rate(text, "expected", &[june, july]);
    let moves = text.replace("[contracts", "volatility = \"20%\"\n[contracts");
    at_rate(&moves, "expected", &[june, july]);
}

#[test]
fn a_claim_is_worth_what_its_currency_is_in_the_month_of_the_failure() {
    // EUR 10M with ten months of interest in January, and with nine since March in December.
    let lent = LOAN.replace("2026-03", "2025-03");
    exposed(&format!("{RATE}{lent}"), &[("a", "b", "Contract", [11e6, 10.9e6 * 2.0])]);
}

#[test]
fn what_is_left_of_a_limit_is_exposed_at_the_rate_of_the_month() {
    let text = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"b\"\nlimit = \"€5M\"";
    exposed(&format!("{RATE}{text}"), &[("a", "outside", "Guarantee", [5e6, 10e6])]);
}
