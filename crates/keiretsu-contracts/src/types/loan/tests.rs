//! Loans as dated flows.

use crate::testing::{check, net, refuses};

const LOAN: &str = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\n";

fn loan(terms: &str) -> String {
    format!("{LOAN}{terms}")
}

#[test]
fn a_bullet_pays_interest_from_the_month_after_its_draw() {
    let text = loan("amount = \"$120M\"\nrate = \"10%\"\ndrawn = \"2026-02\"\nmaturity = \"2026-04\"");
    for reading in ["firm", "expected", "headline"] {
        check(
            &text,
            reading,
            "2026-02  a -> b  $120.0M  principal\n2026-03  b -> a  $1.0M  interest\n\
             2026-04  b -> a  $1.0M  interest\n2026-04  b -> a  $120.0M  principal",
        );
    }
}

#[test]
fn a_linear_loan_repays_equal_parts() {
    let text = loan(
        "amount = \"$120M\"\nrate = \"10%\"\ndrawn = \"2025-12\"\noutstanding = \"$120M\"\n\
         repayment = \"linear\"\nmaturity = \"2026-03\"",
    );
    check(
        &text,
        "firm",
        "2026-01  b -> a  $1.0M  interest\n2026-01  b -> a  $40.0M  principal\n\
         2026-02  b -> a  $0.7M  interest\n2026-02  b -> a  $40.0M  principal\n\
         2026-03  b -> a  $0.3M  interest\n2026-03  b -> a  $40.0M  principal",
    );
}

#[test]
fn an_annuity_pays_the_same_every_month() {
    // 1000 at 1% a month in 3 parts: 340.022 each (1000 * 0.01 / (1 - 1.01^-3)).
    let text = loan(
        "amount = \"$1000M\"\nrate = \"12%\"\ndrawn = \"2026-01\"\nrepayment = \"annuity\"\n\
         maturity = \"2026-04\"",
    );
    check(
        &text,
        "firm",
        "2026-01  a -> b  $1000.0M  principal\n\
         2026-02  b -> a  $10.0M  interest\n2026-02  b -> a  $330.0M  principal\n\
         2026-03  b -> a  $6.7M  interest\n2026-03  b -> a  $333.3M  principal\n\
         2026-04  b -> a  $3.4M  interest\n2026-04  b -> a  $336.7M  principal",
    );
}

/// By hand: 100 at 3% a quarter in 3 payments, the first after two months, in which it has borne 2%: 102 /
/// (1 + 1 / 1.03 + 1 / 1.03²) = 35.0098 each time, whatever the day from which the loan is seen.
#[test]
fn a_first_payment_after_less_than_a_period_is_as_high_as_the_others() {
    let text = |drawn: &str, maturity: &str| {
        loan(&format!(
            "amount = \"$100M\"\nrate = \"12%\"\ndrawn = \"{drawn}\"\nrepayment = \"annuity\"\n\
             frequency = \"quarterly\"\nmaturity = \"{maturity}\""
        ))
    };
    let dues = crate::testing::dues(&text("2026-01", "2026-09"), "firm");
    let level = 102.0 / (1.0 + 1.0 / 1.03 + 1.0 / (1.03 * 1.03));
    let millions = |at: usize| dues[at] / 1e6;
    crate::testing::same(&[2, 5, 8].map(millions), &[level; 3]);
    let seen_later = crate::testing::dues(&text("2025-09", "2026-05"), "firm");
    crate::testing::same(&[1, 4].map(|at: usize| seen_later[at] / 1e6), &[level; 2]);
}

/// By hand: drawn in November, it has borne interest in December and bears it in January: two months of 1M.
/// Payments of October and July do not matter.
#[test]
fn a_stated_amount_has_borne_interest_since_its_draw() {
    let text = loan(
        "amount = \"$100M\"\nrate = \"12%\"\ndrawn = \"2025-11\"\noutstanding = \"$100M\"\n\
         frequency = \"quarterly\"\nmaturity = \"2026-10\"",
    );
    crate::testing::same(&[crate::testing::dues(&text, "firm")[0] / 1e6], &[2.0]);
}

#[test]
fn a_past_annuity_goes_on_where_its_schedule_stands() {
    // The same loan, two months on.
    let text = loan(
        "amount = \"$1000M\"\nrate = \"12%\"\ndrawn = \"2025-10\"\nrepayment = \"annuity\"\n\
         maturity = \"2026-01\"",
    );
    check(&text, "firm", "2026-01  b -> a  $3.4M  interest\n2026-01  b -> a  $336.7M  principal");
}

#[test]
fn interest_of_a_quarter_is_due_at_its_end_counted_from_the_maturity() {
    let text = loan(
        "amount = \"$120M\"\nrate = \"10%\"\ndrawn = \"2025-12\"\nfrequency = \"quarterly\"\n\
         maturity = \"2026-05\"",
    );
    // November, February, May: December is carried over from before as-of, when nothing was outstanding at
    // its start.
    check(
        &text,
        "firm",
        "2026-02  b -> a  $2.0M  interest\n2026-05  b -> a  $3.0M  interest\n\
         2026-05  b -> a  $120.0M  principal",
    );
}

#[test]
fn grace_puts_the_first_instalment_off() {
    let text = loan(
        "amount = \"$100M\"\nrate = \"0%\"\ndrawn = \"2026-01\"\nrepayment = \"linear\"\n\
         maturity = \"2026-05\"\ngrace = \"2 months\"",
    );
    check(
        &text,
        "firm",
        "2026-01  a -> b  $100.0M  principal\n2026-04  b -> a  $50.0M  principal\n\
         2026-05  b -> a  $50.0M  principal",
    );
}

#[test]
fn interest_may_be_added_to_the_principal() {
    let text = loan(
        "amount = \"$100M\"\nrate = \"120%\"\ndrawn = \"2026-01\"\nmaturity = \"2026-04\"\n\
         interest = \"added\"",
    );
    // Two months of 10% are added by the end of March, the third is due with the rest in April.
    check(&text, "firm", "2026-01  a -> b  $100.0M  principal\n2026-04  b -> a  $133.1M  principal");
}

#[test]
fn a_condition_draws_and_its_chance_weighs() {
    let text = loan("amount = \"$10M\"\nrate = \"0%\"\nwhen = \"likely\"\nmaturity = \"2026-03\"");
    check(&text, "firm", "");
    // 75% by month 2: 50% in January, 25% in February.
    check(
        &text,
        "expected",
        "2026-01  a -> b  $5.0M  principal\n2026-02  a -> b  $2.5M  principal\n\
         2026-03  b -> a  $7.5M  principal",
    );
}

#[test]
fn a_broken_covenant_makes_all_of_it_due() {
    // level grows 100% a year from $1M: above $1.1M from the second month on.
    let text = loan(
        "amount = \"$12M\"\nrate = \"10%\"\ndrawn = \"2025-12\"\nmaturity = 2028\n\
         covenants.small = { requires = \"level <= $1.1M\" }",
    );
    check(
        &text,
        "firm",
        "2026-01  b -> a  $0.1M  interest\n2026-02  b -> a  $0.1M  interest\n\
         2026-02  b -> a  $12.0M  principal",
    );
}

#[test]
fn a_revolving_loan_follows_its_usage_up_to_its_limit() {
    let text = loan(
        "amount = \"$10M\"\nrate = \"0%\"\nrepayment = \"revolving\"\nmaturity = \"2026-04\"\n\
         usage = \"if 2026-03 then $4M else if 2026-02 then $20M else $5M\"\nundrawn_fee = \"12%\"",
    );
    check(
        &text,
        "firm",
        "2026-01  b -> a  $0.1M  fee\n2026-02  b -> a  $0.1M  fee\n2026-03  b -> a  $0.1M  fee",
    );
    check(
        &text,
        "expected",
        "2026-01  a -> b  $5.0M  principal\n2026-01  b -> a  $0.1M  fee\n\
         2026-02  a -> b  $5.0M  principal\n2026-02  b -> a  $0.1M  fee\n2026-03  b -> a  $6.0M  principal\n\
         2026-04  b -> a  $4.0M  principal",
    );
}

#[test]
fn a_line_keeps_cash_where_it_should_be() {
    let text = format!(
        "{}\n[parties.c]\ncash = \"$5M\"\ncosts = \"if 2026-03 then $0/yr else $24M/yr\"\n\
         revenue = \"if 2026-05 then $0/yr else if 2026-03 then $36M/yr else $0/yr\"\n",
        LOAN.replace("\"b\"", "\"c\"")
            + "amount = \"$10M\"\nrate = \"0%\"\nrepayment = \"revolving\"\nkeeps = \"$4M\""
    );
    // Cash 5, then 3 after January's costs; February draws 1, March 2; revenue then pays it back.
    check(
        &text,
        "expected",
        "2026-01  c -> outside  $2.0M  costs\n2026-02  c -> outside  $2.0M  costs\n\
         2026-02  a -> c  $1.0M  principal\n2026-03  outside -> c  $3.0M  revenue\n\
         2026-03  a -> c  $2.0M  principal\n2026-04  outside -> c  $3.0M  revenue\n\
         2026-04  c -> a  $3.0M  principal",
    );
}

#[test]
fn a_margin_call_restores_the_loan_to_value() {
    // The holding is marked $100M and falls with its issuer's value to half from February on.
    let world = "[parties.c]\nvalue = \"if 2026-02 then $500M else $1000M\"\n\
                 [holdings.b-in-c]\nowner = \"b\"\nissuer = \"c\"\nstake = \"10%\"\nvalue = \"$100M\"\n";
    let text = format!(
        "{world}{}",
        loan(
            "amount = \"$40M\"\nrate = \"0%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-04\"\n\
             collateral = { holding = \"b-in-c\", call_at = \"50%\", restore_to = \"30%\" }"
        )
    );
    // 40 of 50 is above 50%: 25 are repaid, 15 is 30% of 50.
    check(&text, "firm", "2026-02  b -> a  $25.0M  principal\n2026-04  b -> a  $15.0M  principal");
}

#[test]
fn after_a_default_the_collateral_is_sold_and_the_rest_is_claimed() {
    // c owes $2M of costs with $1M: it fails in January. Its lender sells $6M, claims $4M of an estate of
    // $3M, against which the unpaid $1M of costs stand too.
    let text = format!(
        "[parties.c]\ncash = \"$1M\"\ncosts = \"$24M/yr\"\nrecovery = \"$3M\"\n\
         funding = {{ keep = \"1 month of burn\", raise = \"1 month of burn\", else = \"default\" }}\n{}",
        LOAN.replace("\"b\"", "\"c\"")
            + "amount = \"$10M\"\nrate = \"0%\"\ndrawn = \"2025-12\"\nmaturity = 2028\n\
               collateral = { value = \"$6M\" }"
    );
    check(&text, "firm", "2026-01  c -> outside  $2.0M  costs\n2026-02  outside -> a  $6.0M  estate");
    let estate = net(&text, "firm", "a", 1);
    assert!((estate - 3e6 * 4.0 / 5.0).abs() < 1.0, "{estate}");
}

#[test]
fn a_prepayment_ends_it_for_a_fee() {
    let text = loan(
        "amount = \"$10M\"\nrate = \"0%\"\ndrawn = \"2025-12\"\nmaturity = 2028\n\
         prepaid_when = \"2026-02\"\nprepayment_fee = \"5%\"",
    );
    check(&text, "firm", "2026-02  b -> a  $10.0M  principal\n2026-02  b -> a  $0.5M  fee");
}

#[test]
fn an_amended_rate_holds_from_its_month() {
    let text = loan(
        "amount = \"$120M\"\nrate = \"10%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-03\"\n\
         amendments = [{ on = 2026-02-10, set = { rate = \"20%\" } }]",
    );
    check(
        &text,
        "firm",
        "2026-01  b -> a  $1.0M  interest\n2026-02  b -> a  $2.0M  interest\n\
         2026-03  b -> a  $2.0M  interest\n2026-03  b -> a  $120.0M  principal",
    );
}

#[test]
fn interest_added_before_as_of_is_owed() {
    // From August on 5 months at 10% of 100 by the end of January: 161.051.
    let text = loan(
        "amount = \"$100M\"\nrate = \"120%\"\ndrawn = \"2025-08\"\nmaturity = \"2026-01\"\n\
         interest = \"added\"",
    );
    check(&text, "firm", "2026-01  b -> a  $161.1M  principal");
}

#[test]
fn interest_accrues_on_what_was_outstanding_then() {
    // 60 in October, 60 in November: 0.5 for November, 1 for December and 1 for January.
    let text = loan(
        "amount = \"$120M\"\nrate = \"10%\"\ndrawn = \"2025-10 to 2025-11\"\nfrequency = \"quarterly\"\n\
         maturity = \"2026-01\"",
    );
    check(&text, "firm", "2026-01  b -> a  $2.5M  interest\n2026-01  b -> a  $120.0M  principal");
}

#[test]
fn a_revolving_loan_never_passes_its_amount() {
    let text = loan(
        "amount = \"$10M\"\nrate = \"0%\"\nrepayment = \"revolving\"\ndrawn = \"2026-01\"\n\
         maturity = \"2026-03\"\nusage = \"$6M\"",
    );
    for reading in ["firm", "expected", "headline"] {
        check(
            &text,
            reading,
            "2026-01  a -> b  $10.0M  principal\n2026-02  b -> a  $4.0M  principal\n\
             2026-03  b -> a  $6.0M  principal",
        );
    }
    // Drawn by 4, it is filled up to its use and no further.
    let part = text.replace("drawn = \"2026-01\"", "drawn = \"2026-01 to 2026-02\"");
    check(
        &part,
        "expected",
        "2026-01  a -> b  $6.0M  principal\n2026-02  a -> b  $4.0M  principal\n\
        2026-03  b -> a  $10.0M  principal",
    );
}

#[test]
fn an_amended_maturity_and_repayment_hold_from_their_month() {
    let text = loan(
        "amount = \"$12M\"\nrate = \"0%\"\ndrawn = \"2025-12\"\nmaturity = \"2026-02\"\n\
         amendments = [{ on = 2026-02-10, set = { maturity = \"2026-04\", repayment = \"linear\" } }]",
    );
    let parts = ["2026-02", "2026-03", "2026-04"].map(|month| format!("{month}  b -> a  $4.0M  principal"));
    check(&text, "firm", &parts.join("\n"));
}

#[test]
fn what_was_drawn_can_be_read_by_others() {
    let equity = "[contracts.e]\ntype = \"equity\"\ninvestor = \"b\"\nissuer = \"a\"\n\
                  tranches.t = { amount = \"$1M\", when = \"paid(l) >= $10M\" }\n";
    let text = format!(
        "{}\n{equity}",
        loan("amount = \"$10M\"\nrate = \"60%\"\ndrawn = \"2026-01\"\nmaturity = \"2026-02\"")
    );
    check(
        &text,
        "expected",
        "2026-01  a -> b  $10.0M  principal\n2026-02  b -> a  $0.5M  interest\n\
         2026-02  b -> a  $10.0M  principal\n2026-02  b -> a  $1.0M  equity",
    );
}

#[test]
fn what_does_not_fit_is_refused() {
    let plain = "amount = \"$1M\"\nrate = \"5%\"\n";
    refuses(&loan(&format!("{plain}drawn = 2026\nwhen = \"likely\"")), "E0707");
    refuses(&loan(&format!("{plain}drawn = 2026\nbefore = 2027")), "E0707");
    refuses(&loan(&format!("{plain}drawn = 2027\nmaturity = 2026")), "E0402");
    refuses(&loan(&format!("{plain}drawn = 2027\nrepayment = \"bullet\"\ngrace = \"1 year\"")), "E0708");
    refuses(&loan(&format!("{plain}drawn = 2027\nrepayment = \"bullet\"\nkeeps = \"$1M\"")), "E0708");
    refuses(&loan(&format!("{plain}drawn = 2027\ncollateral = {{ holding = \"x\" }}")), "E0601");
    refuses(
        &loan(&format!(
            "{plain}drawn = 2027\ncollateral = {{ value = \"$2M\", call_at = \"5%\", restore_to = \"8%\" }}"
        )),
        "E0708",
    );
}

#[test]
fn a_long_annuity_is_level_to_the_end() {
    // 30 payments at 1% a month: 1000 * 0.01 / (1 - 1.01^-30) each.
    let text = loan(
        "amount = \"$1000M\"\nrate = \"12%\"\ndrawn = \"2025-12\"\nrepayment = \"annuity\"\n\
         maturity = \"2028-06\"",
    );
    let level = 1000.0 * 0.01 / (1.0 - keiretsu_maths::power::whole_power(1.01, -30));
    let mut owed = 1000.0;
    let mut lines = Vec::new();
    for month in 0..30 {
        let (interest, day) = (owed * 0.01, format!("{}-{:02}", 2026 + month / 12, month % 12 + 1));
        lines.push(format!("{day}  b -> a  ${interest:.1}M  interest"));
        lines.push(format!("{day}  b -> a  ${:.1}M  principal", level - interest));
        owed -= level - interest;
    }
    assert!(owed.abs() < 1e-9);
    check(&text, "firm", &lines.join("\n"));
}

#[test]
fn a_line_draws_nothing_before_the_day_of_its_draw() {
    // By hand: 10 on its day in March, down to 4 from the month after, and these at its maturity.
    let text = loan(
        "amount = \"$10M\"\nrate = \"0%\"\nrepayment = \"revolving\"\ndrawn = \"2026-03\"\n\
         maturity = \"2026-06\"\nusage = \"$4M\"",
    );
    for reading in ["firm", "expected", "headline"] {
        check(
            &text,
            reading,
            "2026-03  a -> b  $10.0M  principal\n2026-04  b -> a  $6.0M  principal\n\
             2026-06  b -> a  $4.0M  principal",
        );
    }
    // On a condition it is no different: 50% in January, another 25% in February, each down by 60% after it.
    let waits = text.replace("drawn = \"2026-03\"", "when = \"likely\"");
    check(&waits, "firm", "");
}

#[test]
fn a_line_stands_where_its_draws_and_its_use_have_left_it() {
    // By hand: 10 at the end of November, 4 from December on, which bore 0.1 and then 0.04 of interest a
    // month in a quarter that ends in January.
    let text = loan(
        "amount = \"$10M\"\nrate = \"12%\"\nrepayment = \"revolving\"\ndrawn = \"2025-11\"\n\
         maturity = \"2026-01\"\nusage = \"$4M\"\nfrequency = \"quarterly\"",
    );
    check(&text, "firm", "2026-01  b -> a  $0.1M  interest\n2026-01  b -> a  $4.0M  principal");
}
