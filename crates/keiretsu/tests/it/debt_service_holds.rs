//! Loss and worth of loans by hand, and what holds of cover whatever the numbers.

use keiretsu_values::{Bound, Cell, Table, Value};

use crate::debt_service::{LEASE, LOAN, firm, is_empty, near, table, year};
use crate::measured::{WORLD, is, value};

#[test]
fn a_stated_chance_makes_an_expected_loss() {
    let with = |terms: &str| firm(&format!("{WORLD}{LEASE}{LOAN}{terms}"));
    let row = ["a", "loan", "b"];
    // 2% of 300 less 40%.
    let all = with("default = { chance = \"2%/yr\", recovery = \"40%\" }\n");
    let loans = table(&all, "loans");
    is(&value(loans, &row, "recovered"), 120.0);
    is(&value(loans, &row, "loss_given_default"), 180.0);
    is(&value(loans, &row, "expected_loss"), 3.6);
    is(&value(table(&all, "cover"), &["a"], "expected_loss"), 3.6);
    // Of a collateral worth 210 all is got back; above the debt no more than the debt.
    for (worth, lost) in [("$210M", 90.0), ("$400M", 0.0)] {
        let terms =
            format!("collateral = {{ value = \"{worth}\" }}\ndefault = {{ chance = \"10% by 2028-12\" }}\n");
        let all = with(&terms);
        is(&value(table(&all, "loans"), &row, "loss_given_default"), lost);
        is(&value(table(&all, "loans"), &row, "expected_loss"), 0.1 * lost);
    }
    // Without either, anything between nothing and all of it.
    let all = with("default = { chance = \"2%/yr\" }\n");
    let lost = value(table(&all, "loans"), &row, "expected_loss");
    assert!(lost.set().low.abs() < 1e-6 && (lost.set().high - 6e6).abs() < 1.0, "{lost:?}");
    assert_eq!(lost.bound(), Some(Bound::AtMost));
    is_empty(table(&with(""), "loans"), &row, "expected_loss");
}

#[test]
fn a_loan_can_have_another_chance_than_its_borrower() {
    let world = WORLD.replace(
        "cash = \"$100M\"",
        "cash = \"$100M\", default = { chance = \"4%/yr\", recovery = \"50%\" }, because = \"an example\"",
    );
    let expected = |terms: &str| {
        let all = firm(&format!("{world}{LOAN}{terms}"));
        value(table(&all, "loans"), &["loan"], "expected_loss")
    };
    // 4% of 150; 2% of 150; 2% of 30.
    is(&expected(""), 6.0);
    is(&expected("default = { chance = \"2%/yr\" }\n"), 3.0);
    is(&expected("default = { chance = \"2%/yr\", recovery = \"90%\" }\n"), 0.6);
}

#[test]
fn loan_to_value_has_the_day_of_the_value() {
    let world = WORLD.replace("\"$100M\"", "\"$100M\", value = \"$500M\", because = \"an example\"");
    let held = "[holdings.h]\nowner = \"a\"\nissuer = \"c\"\nstake = \"10%\"\nbecause = \"an example\"\n\
        value = { figure = \"$600M\", on = 2025-09-30 }\n";
    let secured = format!("{world}{LEASE}{LOAN}collateral = {{ holding = \"h\" }}\n{held}");
    let all = firm(&secured);
    let loans = table(&all, "loans");
    near(&value(loans, &["loan"], "ltv"), 0.5);
    let text = |column: &str| loans.rows[0][loans.column(column).expect("a column")].clone();
    assert_eq!(text("valued_on"), Cell::text("2025-09-30"));
    assert_eq!(text("valued_as"), Cell::text("mark, unrealised"));
    // Of the borrower: 300 of 500 of equity and 300 of debt.
    is(&value(table(&all, "cover"), &["a"], "value"), 800.0);
    near(&value(table(&all, "cover"), &["a"], "ltv"), 0.375);
}

#[test]
fn more_money_of_the_same_kind_leaves_every_ratio() {
    let text = format!("{WORLD}{LEASE}{LOAN}collateral = {{ value = \"$400M\" }}\n");
    let mut large = text.clone();
    for amount in ["100", "120", "300", "400"] {
        large = large.replace(&format!("${amount}M"), &format!("${amount}0M"));
    }
    let (small, large) = (firm(&text), firm(&large));
    for (name, column) in [
        ("by_period", "dscr"),
        ("by_period", "fixed_charge_cover"),
        ("cover", "dscr_min"),
        ("cover", "dscr_average"),
        ("cover", "tail"),
        ("loans", "ltv"),
    ] {
        let numbers = |all: &[Table]| -> Vec<Option<f64>> {
            let table = table(all, name);
            let at = table.column(column).expect("a column");
            table.rows.iter().map(|row| row[at].value().and_then(Value::amount)).collect()
        };
        for (one, other) in numbers(&small).into_iter().zip(numbers(&large)) {
            let (one, other) = (one.expect("a number"), other.expect("a number"));
            assert!((one - other).abs() < 1e-9, "{name} {column}: {one} {other}");
        }
    }
}

#[test]
fn a_further_contract_never_lowers_a_cover() {
    let text = format!("{WORLD}{LEASE}{LOAN}");
    let more = "[contracts.s]\ntype = \"supply\"\nbuyer = \"c\"\nseller = \"a\"\nfrom = \"2027-01\"\n\
        until = \"2030-12\"\nminimum = \"$2M/month\"\n";
    let (before, after) = (firm(&text), firm(&format!("{text}{more}")));
    for at in ["2026", "2027", "2028"] {
        let [before, after] = [&before, &after].map(|all| year(all, at, "dscr").amount());
        assert!(before <= after, "{at}: {before:?} {after:?}");
    }
    let [before, after] = [&before, &after].map(|all| value(table(all, "cover"), &["a"], "tail").amount());
    assert_eq!((before, after), (Some(-12.0), Some(12.0)));
}

#[test]
fn two_loans_of_half_the_amount_are_one_loan() {
    let half = LOAN.replace("$300M", "$150M");
    let both = format!("{half}{}", half.replace("contracts.loan", "contracts.other"));
    let [one, two] = [LOAN, &both].map(|loans| firm(&format!("{WORLD}{LEASE}{loans}")));
    for name in ["by_period", "cover", "maturities", "receipts"] {
        let rows = |all: &[Table]| {
            format!(
                "{:?}",
                table(all, name)
                    .rows
                    .iter()
                    .map(|row| {
                        row.iter()
                            .map(|cell| {
                                cell.value().and_then(Value::amount).map(|x| (x * 1e3).round() as i64)
                            })
                            .collect::<Vec<_>>()
                    })
                    .collect::<Vec<_>>()
            )
        };
        assert_eq!(rows(&one), rows(&two), "{name}");
    }
}

#[test]
fn a_later_day_sees_the_same_years_to_come() {
    let long = WORLD.replace("3 years", "5 years");
    let early = firm(&format!("{long}{LEASE}{LOAN}"));
    let later = long.replace("as_of = 2025-12-31", "as_of = 2026-12-31");
    let late = firm(&format!("{later}{LEASE}{LOAN}"));
    for at in ["2027", "2028", "2029"] {
        for column in ["contracted", "interest", "principal", "service"] {
            let [early, late] = [&early, &late].map(|all| year(all, at, column).amount().expect("a number"));
            assert!((early - late).abs() < 1.0, "{at} {column}: {early} {late}");
        }
    }
    is(&value(table(&late, "cover"), &["a"], "outstanding"), 225.0);
    near(&value(table(&late, "cover"), &["a"], "tail"), -12.0);
}

#[test]
fn a_loan_without_a_maturity_bounds_the_lowest_cover_from_above() {
    // 120 a year against 8% of 300: 24 of interest as long as it stands, which is 5 times; in the year in
    // which it falls due 120 of 300 or less. So the lowest is no higher than 5, and 120 / 324 at the least.
    let open = LOAN.replace("repayment = \"linear\"\n", "").replace("maturity = \"2029-12\"\n", "");
    let cover = |loans: &str| {
        let all = firm(&format!("{WORLD}{LEASE}{loans}"));
        value(table(&all, "cover"), &["a"], "dscr_min")
    };
    let lowest = cover(&open);
    near(&lowest, 5.0);
    assert_eq!(lowest.bound(), Some(Bound::AtMost));
    assert!((lowest.set().low - 120.0 / 324.0).abs() < 1e-9, "{lowest:?}");
    // Beside a loan that pays 75 and 24 in its first year, 120 / 99 without the open one and 120 / 123 with
    // it.
    let both = format!("{LOAN}{}", open.replace("contracts.loan", "contracts.open"));
    let lowest = cover(&both);
    near(&lowest, 120.0 / 123.0);
    assert_eq!(lowest.bound(), Some(Bound::AtMost));
    // In instalments, or at a rate that is open, nothing says how much falls due with it.
    for other in [
        open.replace("rate = \"8%\"", "rate = \"6% to 8%\""),
        open.replace("frequency", "repayment = \"linear\"\nfrequency"),
    ] {
        assert!(5.01 < cover(&other).set().high, "{other}");
    }
}
