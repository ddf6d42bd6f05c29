//! Debt service and its cover, of small texts, each derived by hand.

use keiretsu::Question;
use keiretsu_values::{Bound, Cell, Period, Set, Table, Value};

use crate::asked::key;
use crate::measured::{WORLD, is, tables, value};

/// A lets to c for three years at 120 a year, and owes b 300 at 8%, back in equal parts over four years.
pub const LEASE: &str = "[contracts.campus]\ntype = \"lease\"\nlessee = \"c\"\nlessor = \"a\"\n\
    rent = \"$120M/yr\"\nfrom = \"2026-01\"\nterm = \"3 years\"\n";
pub const LOAN: &str = "[contracts.loan]\ntype = \"loan\"\nlender = \"b\"\nborrower = \"a\"\n\
    amount = \"$300M\"\ndrawn = \"2025-12\"\nrate = \"8%\"\nrepayment = \"linear\"\n\
    frequency = \"yearly\"\nmaturity = \"2029-12\"\n";

pub fn firm(text: &str) -> Vec<Table> {
    tables(text, "debt_service", &Question { reading: Some("firm".into()), ..Question::default() })
}

pub fn table<'t>(all: &'t [Table], name: &str) -> &'t Table {
    all.iter().find(|table| table.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

pub fn year(all: &[Table], year: &str, column: &str) -> Value {
    value(table(all, "by_period"), &["a", "firm", year], column)
}

#[track_caller]
pub fn near(value: &Value, number: f64) {
    let amount = value.amount();
    assert!(amount.is_some_and(|amount| (amount - number).abs() < 1e-6), "{value:?} is not {number}");
}

#[track_caller]
pub fn is_empty(table: &Table, row: &[&str], column: &str) {
    let at = table.column(column).expect("a column");
    let has = |cells: &&Vec<Cell>| {
        row.iter().all(|word| cells.iter().any(|cell| cell.key().as_deref() == Some(*word)))
    };
    let cells = table.rows.iter().find(has).unwrap_or_else(|| panic!("no {row:?} in {table:?}"));
    assert_eq!(cells[at], Cell::Empty);
}

#[test]
fn contracted_cash_is_set_against_interest_and_principal_of_each_year() {
    let all = firm(&format!("{WORLD}{LEASE}{LOAN}"));
    // 75 of principal a year; 8% of 300, 225 and 150 are 24, 18 and 12.
    for (at, interest) in [("2026", 24.0), ("2027", 18.0), ("2028", 12.0)] {
        is(&year(&all, at, "contracted"), 120.0);
        is(&year(&all, at, "interest"), interest);
        is(&year(&all, at, "principal"), 75.0);
        is(&year(&all, at, "service"), 75.0 + interest);
        near(&year(&all, at, "dscr"), 120.0 / (75.0 + interest));
    }
    let cover = table(&all, "cover");
    near(&value(cover, &["a"], "dscr_min"), 120.0 / 99.0);
    near(&value(cover, &["a"], "dscr_average"), (120.0 / 99.0 + 120.0 / 93.0 + 120.0 / 87.0) / 3.0);
    is(&value(cover, &["a"], "outstanding"), 300.0);
    // The last 75 fall due in the year after the run.
    is(&value(cover, &["a"], "after_run"), 75.0);
    // From December 2029 back to December 2028.
    near(&value(cover, &["a"], "tail"), -12.0);
    let row = &cover.rows[0];
    let first = Cell::Period(Period::Year { year: 2026, first: 1, months: 12 });
    assert_eq!(row[cover.column("dscr_min_in").expect("a column")], first);
    is_empty(cover, &["a"], "llcr");
    is_empty(cover, &["a"], "ltv");
    is_empty(cover, &["a"], "dscr_forecast_min");
}

#[test]
fn what_the_counterparties_owe_is_what_is_contracted() {
    let more = "[contracts.s]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
        until = \"2026-12\"\nminimum = \"$1M/month\"\n";
    let all = firm(&format!("{WORLD}{LEASE}{LOAN}{more}"));
    let receipts = table(&all, "receipts");
    is(&value(receipts, &["a", "c", "campus", "rent", "2026"], "amount"), 120.0);
    is(&value(receipts, &["a", "b", "s", "service", "2026"], "amount"), 12.0);
    is(&year(&all, "2026", "contracted"), 132.0);
    // The service ends with its year.
    let years = receipts.rows.iter().filter(|row| key(&row[2]) == "s").map(|row| key(&row[5]));
    assert_eq!(years.collect::<Vec<_>>(), ["2026"]);
}

#[test]
fn rent_counts_with_debt_service_in_the_fixed_charge_cover_alone() {
    let own = "[contracts.hall]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nrent = \"$21M/yr\"\n\
        from = \"2026-01\"\nterm = \"3 years\"\n";
    let all = firm(&format!("{WORLD}{LEASE}{LOAN}{own}"));
    is(&year(&all, "2026", "rent"), 21.0);
    near(&year(&all, "2026", "dscr"), 120.0 / 99.0);
    // 99 and 21 are 120.
    near(&year(&all, "2026", "fixed_charge_cover"), 1.0);
    near(&value(table(&all, "cover"), &["a"], "fixed_charge_cover_min"), 1.0);
}

#[test]
fn forecasts_stand_in_a_line_of_their_own() {
    let world = WORLD.replace("$100M", "$100M\", revenue = \"$40M/yr\", costs = \"$10M/yr");
    let buys = "[contracts.power]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
        until = \"2028-12\"\nminimum = \"$1M/month\"\n";
    let all = firm(&format!("{world}{LEASE}{LOAN}{buys}"));
    is(&year(&all, "2026", "contracted"), 120.0);
    near(&year(&all, "2026", "dscr"), 120.0 / 99.0);
    is(&year(&all, "2026", "paid"), 12.0);
    // 120 + 40 - 10 - 12.
    is(&year(&all, "2026", "cfads"), 138.0);
    near(&year(&all, "2026", "dscr_forecast"), 138.0 / 99.0);
}

#[test]
fn life_covers_need_a_discount_and_the_end_of_the_debt() {
    let world = WORLD.replace("horizon = \"3 years\"", "horizon = \"5 years\"\ndiscount = \"0%\"");
    let all = firm(&format!("{world}{LEASE}{LOAN}"));
    // Three years of 120 over 300, until 2029 and in all.
    near(&value(table(&all, "cover"), &["a"], "llcr"), 1.2);
    near(&value(table(&all, "cover"), &["a"], "plcr"), 1.2);
    // A loan of two years is covered by two of them.
    let short = LOAN.replace("2029-12", "2027-12");
    let all = firm(&format!("{world}{LEASE}{short}"));
    near(&value(table(&all, "cover"), &["a"], "llcr"), 0.8);
    near(&value(table(&all, "cover"), &["a"], "plcr"), 1.2);
    // A run of three years ends before 2029, so it is at least what it has seen.
    let world = world.replace("5 years", "3 years");
    let all = firm(&format!("{world}{LEASE}{LOAN}"));
    let llcr = value(table(&all, "cover"), &["a"], "llcr");
    near(&llcr, 1.2);
    assert_eq!(llcr.bound(), Some(Bound::AtLeast));
    assert_eq!(value(table(&all, "cover"), &["a"], "plcr").bound(), Some(Bound::Exact));
}

#[test]
fn life_cover_discounts_each_month_to_as_of() {
    let world = WORLD.replace("horizon = \"3 years\"", "horizon = \"3 years\"\ndiscount = \"10%\"");
    let lease = LEASE.replace("\"3 years\"", "\"2 months\"");
    let loan = LOAN.replace("2029-12", "2026-12");
    let all = firm(&format!("{world}{lease}{loan}"));
    // 10 at the end of January and of February, 31 and 59 days away.
    let worth = 10.0 / 1.1_f64.powf(31.0 / 365.0) + 10.0 / 1.1_f64.powf(59.0 / 365.0);
    near(&value(table(&all, "cover"), &["a"], "llcr"), worth / 300.0);
}

#[test]
fn without_a_maturity_any_part_may_fall_due_in_any_year() {
    let open = LOAN.replace("repayment = \"linear\"\n", "").replace("maturity = \"2029-12\"\n", "");
    let all = firm(&format!("{WORLD}{LEASE}{open}"));
    let principal = year(&all, "2026", "principal");
    assert_eq!((principal.amount(), principal.set()), (None, Set { low: 0.0, high: 300e6 }));
    // 24 of interest as read, 324 with the principal at most.
    let service = year(&all, "2026", "service");
    is(&service, 24.0);
    assert!((service.set().high - 324e6).abs() < 1.0);
    let dscr = year(&all, "2026", "dscr");
    near(&dscr, 5.0);
    // Repaid early it bears less interest; sets that know nothing of each other leave the ratio open.
    assert_eq!(dscr.bound(), Some(Bound::Open));
    let tail = value(table(&all, "cover"), &["a"], "tail");
    assert_eq!((tail.amount(), tail.reason()), (None, Some("no maturity is stated")));
    assert_eq!(year(&all, "2027", "principal").amount(), None);
}

#[test]
fn an_undisclosed_rent_leaves_the_cover_unknown() {
    let lease = LEASE.replace("$120M/yr", "undisclosed");
    let all = firm(&format!("{WORLD}{lease}{LOAN}"));
    let dscr = year(&all, "2026", "dscr");
    assert_eq!((dscr.amount(), dscr.set()), (None, Set::NOT_NEGATIVE));
    let least = value(table(&all, "cover"), &["a"], "dscr_min");
    assert_eq!(least.amount(), None);
    assert!(least.set().low <= 0.0);
}

#[test]
fn what_is_drawn_is_no_contracted_cash_and_what_a_lender_gets_back_is() {
    let on = "[contracts.on]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"c\"\namount = \"$100M\"\n\
        drawn = \"2025-12\"\nrate = \"10%\"\nfrequency = \"yearly\"\nmaturity = \"2027-12\"\n";
    let drawn = LOAN.replace("drawn = \"2025-12\"", "drawn = \"2026-01\"");
    let all = firm(&format!("{WORLD}{drawn}{on}"));
    // Nothing of the 300 that come in; 10 of interest of each year, and 100 in the second.
    is(&year(&all, "2026", "contracted"), 10.0);
    is(&year(&all, "2027", "contracted"), 110.0);
}

#[test]
fn a_loan_within_a_group_is_no_debt_of_it() {
    let world = WORLD.replace("b = {}", "b = { part_of = \"a\" }");
    let all = firm(&format!("{world}{LEASE}{LOAN}"));
    assert!(all.iter().all(|table| table.rows.is_empty()), "{all:?}");
}

#[test]
fn a_note_that_matures_is_principal() {
    let note = "[contracts.note]\ntype = \"convertible\"\nholder = \"b\"\nissuer = \"a\"\nrate = \"10%\"\n\
        maturity = \"2027-12\"\ntranches.t = { amount = \"$50M\", paid = 2025-12-31 }\n";
    let all = firm(&format!("{WORLD}{LEASE}{note}"));
    // Simple interest of 24 months at 10% / 12 is paid back with the 50.
    is(&year(&all, "2027", "principal"), 60.0);
    near(&year(&all, "2027", "dscr"), 2.0);
}

#[test]
fn what_a_guarantor_pays_for_a_failed_tenant_is_contracted() {
    let world = WORLD.replace(
        "c = {}",
        "c = { cash = \"$30M\", funding = { keep = \"1 month\", \
        raise = \"1 month\", price = \"$0\", else = \"default\" }, because = \"an example\" }\nd = {}",
    );
    let backed = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"d\"\nbeneficiary = \"a\"\n\
        covers = \"campus\"\n";
    let all = firm(&format!("{world}{LEASE}{LOAN}"));
    // The tenant pays three months of 10; the fourth falls due unpaid, and then it has failed.
    is(&year(&all, "2026", "contracted"), 40.0);
    let all = firm(&format!("{world}{LEASE}{LOAN}{backed}"));
    // The guarantor is called for the fourth and for the eight after it: 40 that fell due, and 90 of calls.
    is(&year(&all, "2026", "contracted"), 130.0);
    is(&year(&all, "2027", "contracted"), 120.0);
}

#[test]
fn rows_end_with_the_failure_of_the_borrower() {
    let world = WORLD.replace(
        "$100M\"",
        "$40M\", funding = { keep = \"1 month\", raise = \"1 month\", \
        price = \"$0\", else = \"default\" }, because = \"an example\"",
    );
    let all = firm(&format!("{world}{LOAN}"));
    // 75 and 24 fall due in December 2026 against 40.
    let years: Vec<String> = table(&all, "by_period").rows.iter().map(|row| key(&row[2])).collect();
    assert_eq!(years, ["2026"]);
    let note = "a fails in 2026-12 in the firm reading; its rows end there.";
    assert!(table(&all, "by_period").notes.iter().any(|said| said == note));
}

#[test]
fn principal_that_neither_cash_nor_the_year_covers_is_to_be_refinanced() {
    let bullet = LOAN.replace("linear", "bullet").replace("2029-12", "2027-12");
    let world = WORLD.replace("$100M", "$20M");
    let all = firm(&format!("{world}{LEASE}{bullet}"));
    let due = table(&all, "maturities");
    assert_eq!(due.rows.len(), 1);
    // 20 + 120 - 24 at the end of 2026; 300 - 116 - 96.
    is(&value(due, &["a", "2027"], "principal"), 300.0);
    is(&value(due, &["a", "2027"], "cash"), 116.0);
    is(&value(due, &["a", "2027"], "brought"), 96.0);
    is(&value(due, &["a", "2027"], "to_refinance"), 88.0);
    // Nobody states the cash of b.
    let other = bullet.replace("\"a\"", "\"c\"");
    let all = firm(&format!("{WORLD}{other}"));
    assert_eq!(value(table(&all, "maturities"), &["c", "2027"], "to_refinance").amount(), None);
}

#[test]
fn a_contract_that_nothing_dates_leaves_the_tail_open_upwards() {
    let open = "[contracts.later]\ntype = \"lease\"\nlessee = \"c\"\nlessor = \"a\"\nrent = \"$1M/yr\"\n\
        begins_when = \"cash(a) >= $1B\"\nterm = \"9 years\"\n";
    let question = Question { reading: Some("headline".into()), ..Question::default() };
    let all = tables(&format!("{WORLD}{LEASE}{LOAN}{open}"), "debt_service", &question);
    let tail = value(table(&all, "cover"), &["a"], "tail");
    near(&tail, -12.0);
    assert_eq!(tail.bound(), Some(Bound::AtLeast));
    // In the firm reading it is not there.
    let all = firm(&format!("{WORLD}{LEASE}{LOAN}{open}"));
    assert_eq!(value(table(&all, "cover"), &["a"], "tail").bound(), Some(Bound::Exact));
}

#[test]
fn months_add_up_to_years() {
    let by_month = Question { reading: Some("firm".into()), by: Some("month".into()), ..Question::default() };
    let text = format!("{WORLD}{LEASE}{}", LOAN.replace("yearly", "quarterly"));
    let months = tables(&text, "debt_service", &by_month);
    let years = firm(&text);
    for column in ["contracted", "interest", "principal", "service"] {
        let sum: f64 = (1..=12)
            .map(|month| {
                let month = format!("2026-{month:02}");
                let found = value(table(&months, "by_period"), &["a", "firm", &month], column);
                found.amount().expect("an amount")
            })
            .sum();
        is(&year(&years, "2026", column), sum / 1e6);
    }
    // A month without a payment has no ratio.
    is_empty(table(&months, "by_period"), &["a", "2026-01"], "dscr");
}

#[test]
fn a_part_of_a_year_is_marked_by_its_months() {
    let world = WORLD.replace("2025-12-31", "2026-06-30");
    let all = firm(&format!("{world}{LEASE}{LOAN}"));
    // Half a year of rent against what falls due at the end of the whole year.
    is(&year(&all, "2026", "contracted"), 60.0);
    is(&year(&all, "2026", "interest"), 24.0);
    let cover = table(&all, "cover");
    near(&value(cover, &["a"], "dscr_min"), 60.0 / 99.0);
    let row = &cover.rows[0];
    assert_eq!(
        row[cover.column("dscr_min_in").expect("a column")],
        Cell::Period(Period::Year { year: 2026, first: 7, months: 6 })
    );
}

#[test]
fn nothing_contracted_is_no_cover_of_nothing() {
    // Nothing of the model pays a: what it lives on may not be in the web.
    let all = firm(&format!("{WORLD}{LOAN}"));
    for column in ["dscr", "fixed_charge_cover"] {
        assert_eq!(year(&all, "2026", column).amount(), None, "{column}");
    }
    let cover = table(&all, "cover");
    assert_eq!(value(cover, &["a"], "dscr_min").amount(), None);
    assert_eq!(value(cover, &["a"], "dscr_average").amount(), None);
    // Its cash of 100 pays the first 75 and the interest of 24 on 300; of the next 75 nothing can be told.
    is(&value(table(&all, "maturities"), &["a", "2026"], "to_refinance"), 0.0);
    assert_eq!(value(table(&all, "maturities"), &["a", "2027"], "to_refinance").amount(), None);
    // A guarantee in its favour is nothing to live on.
    let backed = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"b\"\nbeneficiary = \"a\"\n\
        limit = \"$1M\"\n";
    assert_eq!(year(&firm(&format!("{WORLD}{LOAN}{backed}")), "2026", "dscr").amount(), None);
    // Known to be nothing it is nothing.
    let none = WORLD.replace("$100M", "$100M\", revenue = \"$0/yr");
    near(&year(&firm(&format!("{none}{LOAN}")), "2026", "dscr"), 0.0);
}

#[test]
fn who_lives_on_revenue_is_not_the_thinnest_cover() {
    // c pays a 120 on 99; d owes 10 a year of interest, earns 30, and no contract pays it.
    let other = "[parties.d]\nrevenue = \"$30M/yr\"\n[contracts.other]\ntype = \"loan\"\nlender = \"b\"\n\
        borrower = \"d\"\namount = \"$100M\"\nrate = \"10%\"\ndrawn = \"2025-12\"\nmaturity = \"2031-12\"\n";
    let all = firm(&format!("{WORLD}{LEASE}{LOAN}{other}"));
    near(&value(table(&all, "cover"), &["d"], "dscr_min"), 0.0);
    near(&value(table(&all, "cover"), &["d"], "dscr_forecast_min"), 3.0);
    let first = &all[0].findings[0];
    near(&first.numbers().next().expect("a number").value, 120.0 / 99.0);
}
