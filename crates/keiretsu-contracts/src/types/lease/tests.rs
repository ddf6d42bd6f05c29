//! Leases as dated flows.

use keiretsu_values::Reading;

use crate::testing::{check, promised, refuses, same};

const LEASE: &str = "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\n";

fn lease(terms: &str) -> String {
    format!("{LEASE}{terms}")
}

fn rent(months: &[(&str, &str)]) -> String {
    months
        .iter()
        .map(|(month, amount)| format!("{month}  a -> b  ${amount}M  rent"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn rent_runs_from_the_start_for_the_term() {
    let text = lease("rent = \"$12M/yr\"\nterm = \"2 months\"\nfrom = \"2026-03\"");
    for reading in ["firm", "expected", "headline"] {
        check(&text, reading, &rent(&[("2026-03", "1.0"), ("2026-04", "1.0")]));
    }
}

#[test]
fn a_total_is_spread_over_the_term() {
    let text = lease("rent = \"$6M\"\nterm = \"3 months\"\nfrom = \"2025-12\"");
    check(&text, "firm", &rent(&[("2026-01", "2.0"), ("2026-02", "2.0")]));
}

#[test]
fn rent_grows_each_year_of_the_lease() {
    let text = lease("rent = \"$12M/yr\"\nterm = \"13 months\"\nfrom = \"2025-02\"\nescalator = \"50%\"");
    check(&text, "firm", &rent(&[("2026-01", "1.0"), ("2026-02", "1.5")]));
}

#[test]
fn a_lease_begins_when_its_condition_holds_and_runs_its_term() {
    // level grows 100% a year from $1M: $1.1M is passed in the second month.
    let text = lease("rent = \"$12M/yr\"\nterm = \"2 months\"\nbegins_when = \"level >= $1.1M\"");
    check(&text, "firm", "");
    check(&text, "expected", &rent(&[("2026-02", "1.0"), ("2026-03", "1.0")]));
    check(&text, "headline", &rent(&[("2026-02", "1.0"), ("2026-03", "1.0")]));
    let bound = format!("{text}\nstanding = \"binding\"");
    check(&bound, "firm", &rent(&[("2026-02", "1.0"), ("2026-03", "1.0")]));
}

#[test]
fn a_chance_of_beginning_weighs_each_month() {
    let text = lease("rent = \"$12M/yr\"\nterm = \"2 months\"\nbegins_when = \"likely\"");
    // 50% in January, 25% in February, 12.5% in March and so on: two months each.
    let mut chance = 0.5;
    let mut months = vec![("2026-01".to_owned(), 0.5)];
    for month in 1..36 {
        let both = chance + chance / 2.0;
        chance /= 2.0;
        months.push((format!("{}-{:02}", 2026 + month / 12, month % 12 + 1), both));
    }
    let lines: Vec<String> = months
        .iter()
        .filter(|(_, amount)| *amount * 1e6 > 0.5)
        .map(|(month, amount)| format!("{month}  a -> b  ${amount:.1}M  rent"))
        .collect();
    // The event's chance is 75% by the second month and keeps its hazard after that.
    check(&text, "expected", &lines.join("\n"));
}

#[test]
fn it_is_renewed_or_the_shortfall_is_paid() {
    let text = lease(
        "rent = \"$12M/yr\"\nterm = \"2 months\"\nfrom = \"2026-01\"\n\
         renewal = { options = 2, term = \"1 month\", when = \"level <= $1.2M\" }\n\
         residual = { guaranteed = \"$5M\", value = \"$3M\" }",
    );
    // The last month of a term decides by the level at the end of the month before: 1.06 at the end of
    // January, 1.12 at that of February. Both options are used; at the end of April it is left, and 5 - 3 are
    // due.
    let rents = [("2026-01", "1.0"), ("2026-02", "1.0"), ("2026-03", "1.0"), ("2026-04", "1.0")];
    check(&text, "expected", &rent(&[&rents[..], &[("2026-04", "2.0")]].concat()));
    check(&text, "firm", &rent(&[&rents[..2], &[("2026-02", "2.0")]].concat()));
    // Above 1.1 already at the end of February: the second option is not used.
    let once = text.replace("$1.2M", "$1.1M");
    check(&once, "expected", &rent(&[&rents[..3], &[("2026-03", "2.0")]].concat()));
}

/// By hand: two options at half of 1 a month are 1 in all. A shortfall of 2 is more, and the lease is left at
/// once; one of 0.8 is less, and it is renewed twice, which avoids it. Words and run say the same.
#[test]
fn the_headline_takes_the_larger_way_out_and_no_other() {
    let text = |value: &str| {
        lease(&format!(
            "rent = \"$12M/yr\"\nterm = \"1 month\"\nfrom = \"2026-01\"\n\
             renewal = {{ options = 2, rent_share = \"50%\" }}\n\
             residual = {{ guaranteed = \"$5M\", value = \"{value}\" }}"
        ))
    };
    let counted = |text: &str| {
        let list = promised(text);
        list.iter().filter_map(|one| one.left_in_totals(Reading::Headline).amount()).sum::<f64>() / 1e6
    };
    for (value, falls) in [
        ("$3M", vec![("2026-01", "1.0"), ("2026-01", "2.0")]),
        ("$4.2M", vec![("2026-01", "1.0"), ("2026-02", "0.5"), ("2026-03", "0.5")]),
    ] {
        check(&text(value), "headline", &rent(&falls));
        let sum: f64 = falls.iter().map(|(_, amount)| amount.parse::<f64>().expect("a number")).sum();
        same(&[counted(&text(value))], &[sum]);
        // Nothing says whether it is renewed: unknown, and reported.
        check(&text(value), "expected", &rent(&[("2026-01", "1.0")]));
    }
}

/// By hand: renewed once of twice, at 1 a month, and then left, short by 2: the run of the headline follows
/// its condition, and both fall due.
#[test]
fn who_renews_less_often_than_can_be_leaves_short() {
    let text = lease(
        "rent = \"$12M/yr\"\nterm = \"2 months\"\nfrom = \"2026-01\"\n\
         renewal = { options = 5, term = \"1 month\", when = \"level <= $1.1M\" }\n\
         residual = { guaranteed = \"$5M\", value = \"$3M\" }",
    );
    let rents = [("2026-01", "1.0"), ("2026-02", "1.0"), ("2026-03", "1.0"), ("2026-03", "2.0")];
    check(&text, "headline", &rent(&rents));
}

#[test]
fn rent_grows_with_the_years_of_the_lease_whatever_was_renewed_when() {
    // 18 months at 10% a year from October 2024: 1.1 from October 2025, 1.21 from October 2026, within the
    // renewal that began in April 2026.
    let text = lease(
        "rent = \"$12M/yr\"\nterm = \"18 months\"\nfrom = \"2024-10\"\nescalator = \"10%\"\n\
         renewal = { term = \"8 months\", when = \"2024-01\" }",
    );
    let months = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11"];
    let amount = |month: &str| if month < "10" { "1.1" } else { "1.2" };
    let lines: Vec<String> =
        months.iter().map(|month| format!("2026-{month}  a -> b  ${}M  rent", amount(month))).collect();
    check(&text, "expected", &lines.join("\n"));
}

#[test]
fn a_residual_value_has_a_limit_a_cap_and_a_day() {
    let with = |residual: &str| {
        lease(&format!(
            "rent = \"$12M/yr\"\nterm = \"1 month\"\nfrom = \"2026-01\"\nresidual = {{ {residual} }}"
        ))
    };
    let rents = |last: (&str, &str)| rent(&[("2026-01", "1.0"), last]);
    for reading in ["firm", "expected", "headline"] {
        check(&with("guaranteed = \"up to $28M\", value = \"$20M\""), reading, &rents(("2026-01", "8.0")));
        let capped = with("guaranteed = \"$28M\", value = \"$20M\", cap = \"up to $5M\"");
        check(&capped, reading, &rents(("2026-01", "5.0")));
        let later = with("guaranteed = \"$28M\", value = \"$20M\", on = \"2026-03\"");
        check(&later, reading, &rents(("2026-03", "8.0")));
    }
}

#[test]
fn an_amended_term_and_escalator_hold_from_their_months() {
    let text = lease(
        "rent = \"$12M/yr\"\nterm = \"2 months\"\nfrom = \"2025-02\"\nescalator = \"10%\"\n\
         amendments = [{ on = 2025-03-01, set = { term = \"14 months\" } }, \
         { on = 2026-01-20, set = { escalator = \"50%\" } }]",
    );
    check(&text, "firm", &rent(&[("2026-01", "1.0"), ("2026-02", "1.5"), ("2026-03", "1.5")]));
}

#[test]
fn its_power_can_be_read_while_it_runs() {
    let text = format!(
        "{}\n[contracts.e]\ntype = \"equity\"\ninvestor = \"b\"\nissuer = \"a\"\n\
         tranches.t = {{ amount = \"$7M\", when = \"capacity(l) >= 1 GW\" }}\n",
        lease("rent = \"$12M/yr\"\nterm = \"1 month\"\nfrom = \"2026-02\"\ncapacity = \"1 GW\"")
    );
    check(&text, "expected", "2026-02  a -> b  $1.0M  rent\n2026-02  b -> a  $7.0M  equity");
}

#[test]
fn an_amended_rent_holds_from_its_month() {
    let text = lease(
        "rent = \"$12M/yr\"\nterm = \"2 months\"\nfrom = \"2026-01\"\n\
         amendments = [{ on = 2026-02-10, set = { rent = \"$24M/yr\" } }]",
    );
    check(&text, "firm", &rent(&[("2026-01", "1.0"), ("2026-02", "2.0")]));
}

#[test]
fn what_does_not_fit_is_refused() {
    let plain = "rent = \"$1M/yr\"\nterm = \"2 years\"\n";
    refuses(&lease(&format!("{plain}from = 2026\nbegins_when = \"likely\"")), "E0707");
    refuses(&lease(&format!("{plain}from = 2026\nbefore = 2027")), "E0707");
    refuses(&lease("rent = \"$1M/yr\"\nterm = \"0.33 years\"\nfrom = 2026"), "E0404");
    refuses(&lease("rent = \"5 GW\"\nterm = \"1 year\"\nfrom = 2026"), "E0302");
}

#[test]
fn each_reading_grows_by_its_own_words() {
    // By hand: the second year begins in February 2026, at 1 x (1 + e): nothing of "up to 50%" is certain,
    // 25% are expected, 50% at its cap.
    let text =
        lease("rent = \"$12M/yr\"\nterm = \"13 months\"\nfrom = \"2025-02\"\nescalator = \"up to 50%\"");
    for (reading, grown) in [("firm", "1.0"), ("expected", "1.2"), ("headline", "1.5")] {
        check(&text, reading, &rent(&[("2026-01", "1.0"), ("2026-02", grown)]));
    }
    let waits = text.replace("from = \"2025-02\"", "begins_when = \"level >= $0.5M\"");
    check(&waits, "headline", &{
        // It begins in January: the second year is the month of January 2027.
        let mut all: Vec<String> = (1..=12).map(|month| format!("2026-{month:02}")).collect();
        all.push("2027-01".to_owned());
        let grown = |at: usize| if at == 12 { "1.5" } else { "1.0" };
        rent(&all.iter().enumerate().map(|(at, month)| (month.as_str(), grown(at))).collect::<Vec<_>>())
    });
}

/// What counts of the branches of a lease in the headline reading, in millions: read, least, most.
fn branches(terms: &str) -> Vec<[f64; 3]> {
    let list = promised(&lease(terms));
    let branches = list.iter().filter(|one| one.branch);
    branches
        .map(|one| {
            let counted = one.left_in_totals(Reading::Headline);
            [counted.amount().unwrap_or(f64::NAN), counted.set().low, counted.set().high].map(|x| x / 1e6)
        })
        .collect()
}

#[test]
fn renewing_and_paying_a_shortfall_exclude_each_other() {
    // By hand: a year at half of 12 is 6; 20 guaranteed of 9 leave 11, of 16 leave 4, at most 5 of it paid.
    let plain = "rent = \"$12M/yr\"\nterm = \"1 year\"\nfrom = \"2026-01\"\n\
                 renewal = { rent_share = \"50%\" }\n";
    let residual = |terms: &str| format!("{plain}residual = {{ guaranteed = \"$20M\", {terms} }}");
    assert_eq!(branches(&residual("value = \"$9M\"")), [[0.0, 0.0, 0.0], [11.0, 11.0, 11.0]]);
    assert_eq!(branches(&residual("value = \"$16M\"")), [[6.0, 6.0, 6.0], [0.0, 0.0, 0.0]]);
    assert_eq!(branches(&residual("value = \"$9M\", cap = \"$5M\"")), [[6.0, 6.0, 6.0], [0.0, 0.0, 0.0]]);
    // What the asset is worth is not stated: at most 20 is missing, and not less than the rent is owed.
    assert_eq!(branches(&residual("cap = \"$8M\"")), [[0.0, 0.0, 0.0], [8.0, 6.0, 8.0]]);
    assert_eq!(branches(plain), [] as [[f64; 3]; 0], "without a guaranteed value there is one branch");
}

#[test]
fn renewals_are_dated_and_grow_and_end() {
    // By hand: 12 x 1.1 in 2027 and 12 x 1.21 in the half of 2028.
    let text = lease(
        "rent = \"$12M/yr\"\nterm = \"1 year\"\nfrom = \"2026-01\"\nescalator = \"10%\"\n\
         renewal = { term = \"9 months\", options = 2 }",
    );
    let list = promised(&text);
    let renewal = list.iter().find(|one| one.tranche.as_deref() == Some("renewal")).expect("a renewal");
    let years: Vec<(i32, f64)> = renewal
        .by_period(Reading::Headline, |day| i32::from(day.year()))
        .into_iter()
        .map(|(y, x)| (y, x.amount().unwrap_or(f64::NAN)))
        .collect();
    assert_eq!(years.iter().map(|(year, _)| *year).collect::<Vec<_>>(), [2027, 2028]);
    same(&years.iter().map(|(_, x)| x / 1e6).collect::<Vec<_>>(), &[13.2, 7.26]);
    assert!(renewal.amount(Reading::Firm).is_zero(), "nobody has to renew");
}
