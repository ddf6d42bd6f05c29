//! What a source does not say is undisclosed: each type without a term, with numbers by hand.

use keiretsu_values::{Reading, Value};

use crate::testing::{check, exposed, firm_of_first, open_months, same, undated};

fn contract(kind: &str, roles: [&str; 2], terms: &str) -> String {
    let [payer, payee] = roles;
    format!("[contracts.c]\ntype = \"{kind}\"\n{payer} = \"a\"\n{payee} = \"b\"\n{terms}\n")
}

fn loan(terms: &str) -> String {
    contract("loan", ["lender", "borrower"], terms)
}

fn lease(terms: &str) -> String {
    contract("lease", ["lessee", "lessor"], terms)
}

fn supply(terms: &str) -> String {
    contract("supply", ["buyer", "seller"], terms)
}

#[test]
fn a_loan_of_which_only_the_amount_is_said_is_lent_and_owed_in_no_year() {
    // By hand: 40 to lend and 40 to pay back, and the lender has 40 at risk with unknown interest beside it.
    let text = loan("amount = \"$40M\"");
    same(&undated(&text, Reading::Firm), &[40.0, 40.0]);
    check(&text, "firm", "");
    assert_eq!(open_months(&text, "firm").len(), 36, "it may be drawn and come back in any month");
    exposed(&text, &[("a", "b", "Contract", [40e6, 40e6])]);
}

#[test]
fn a_loan_without_a_maturity_pays_interest_and_is_owed_in_no_year() {
    // By hand: 12 at 10% a year from January on is 0.1 a month as read, and 12 that nothing dates.
    let text = loan("amount = \"$12M\"\nrate = \"10%\"\ndrawn = \"2025-12\"");
    let interest: Vec<String> = (0..36)
        .map(|month| format!("{}-{:02}  b -> a  $0.1M  interest", 2026 + month / 12, month % 12 + 1))
        .collect();
    check(&text, "firm", &interest.join("\n"));
    same(&undated(&text, Reading::Firm), &[0.0, 12.0]);
    exposed(&text, &[("a", "b", "Contract", [12e6, 12e6])]);
}

#[test]
fn a_loan_without_a_rate_pays_back_its_principal_and_interest_that_nobody_knows() {
    let text = loan("amount = \"$12M\"\ndrawn = \"2026-01\"\nmaturity = \"2026-03\"");
    check(&text, "firm", "2026-01  a -> b  $12.0M  principal\n2026-03  b -> a  $12.0M  principal");
    assert_eq!(open_months(&text, "firm"), [2, 3], "interest of February and March");
    exposed(&text, &[("a", "b", "Contract", [12e6, 0.0])]);
    // Interest that is added to it is more that comes back.
    let added = format!("{text}interest = \"added\"");
    check(&added, "firm", "2026-01  a -> b  $12.0M  principal\n2026-03  b -> a  $12.0M  principal");
    assert_eq!(open_months(&added, "firm"), [3]);
}

#[test]
fn instalments_without_a_last_one_are_in_no_year() {
    for repayment in ["linear", "annuity"] {
        let terms =
            format!("amount = \"$12M\"\ndrawn = \"2026-01\"\nrate = \"0%\"\nrepayment = \"{repayment}\"");
        let text = loan(&terms);
        check(&text, "firm", "2026-01  a -> b  $12.0M  principal");
        same(&undated(&text, Reading::Firm), &[0.0, 12.0]);
    }
}

#[test]
fn a_rate_in_words_is_read_as_its_words_say() {
    // By hand: 12 at 10% is 0.1 a month; at 8% to 12% at least 0.08 in the firm reading, 0.12 at the most.
    let with = |rate: &str| {
        loan(&format!("amount = \"$12M\"\nrate = \"{rate}\"\ndrawn = \"2026-01\"\nmaturity = \"2026-02\""))
    };
    let paid = |interest: &str| {
        format!(
            "2026-01  a -> b  $12.0M  principal\n2026-02  b -> a  {interest}  interest\n\
             2026-02  b -> a  $12.0M  principal"
        )
    };
    check(&with("about 10%"), "firm", &paid("$0.1M"));
    check(&with("100% to 200%"), "firm", &paid("$1.0M"));
    check(&with("100%-200%"), "headline", &paid("$2.0M"));
    check(&with("level / ($10M) + 90%"), "firm", &paid("$1.0M"));
    assert_eq!(open_months(&with("about 10%"), "firm"), [] as [usize; 0]);
    assert_eq!(open_months(&with("8% to 12%"), "firm"), [2]);
}

#[test]
fn a_lease_without_a_term_runs_as_long_as_we_look_and_a_total_is_in_no_year() {
    let months: Vec<String> = (0..36)
        .map(|month| format!("{}-{:02}  a -> b  $1.0M  rent", 2026 + month / 12, month % 12 + 1))
        .collect();
    check(&lease("rent = \"$12M/yr\"\nfrom = \"2026-01\""), "firm", &months.join("\n"));
    let total = lease("rent = \"$30M\"\nfrom = \"2026-01\"");
    check(&total, "firm", "");
    same(&undated(&total, Reading::Firm), &[30.0, 0.0]);
    exposed(&total, &[("b", "a", "Contract", [30e6, 30e6])]);
    // A total over a time says its term: 30 over 3 months.
    let over = lease("rent = \"$30M over 3 months\"\nfrom = \"2026-01\"");
    let rent = ["2026-01", "2026-02", "2026-03"].map(|month| format!("{month}  a -> b  $10.0M  rent"));
    check(&over, "firm", &rent.join("\n"));
}

#[test]
fn a_lease_without_a_beginning_is_in_no_year() {
    // By hand: 2 years of 12.
    let text = lease("rent = \"$12M/yr\"\nterm = \"2 years\"");
    check(&text, "firm", "");
    same(&undated(&text, Reading::Firm), &[24.0, 0.0]);
    exposed(&text, &[("b", "a", "Contract", [24e6, 24e6])]);
}

#[test]
fn a_total_minimum_without_an_end_is_in_no_year() {
    let text = supply("minimum = \"$100M\"\nfrom = \"2026-02\"");
    check(&text, "firm", "");
    same(&undated(&text, Reading::Firm), &[100.0, 0.0]);
    let open = open_months(&text, "firm");
    assert_eq!((open.first(), open.len()), (Some(&2), 35), "it may be billed from its start on");
    exposed(&text, &[("b", "a", "Contract", [100e6, 100e6])]);
    // Of 100, a fifth is paid ahead in February.
    let ahead = format!("{text}prepayment = \"20%\"");
    check(&ahead, "firm", "2026-02  a -> b  $20.0M  service");
    same(&undated(&ahead, Reading::Firm), &[80.0, 0.0]);
}

/// By hand: 36 months of 1 are read, and the contract may end tomorrow or never.
#[test]
fn an_amount_per_time_without_an_end_is_sure_in_no_month_to_come() {
    let texts = [
        supply("minimum = \"$12M/yr\"\nfrom = \"2026-01\""),
        supply("minimum = \"$1M/month\"\nfrom = \"2026-01\""),
        lease("rent = \"$1M/month\"\nfrom = \"2026-01\""),
        "[contracts.c]\ntype = \"capex\"\nspender = \"a\"\namount = \"$1M/month\"\nfrom = \"2026-01\"\n"
            .to_owned(),
    ];
    for text in texts {
        let amount = firm_of_first(&text);
        assert_eq!(amount.amount().map(f64::round), Some(36e6), "{text}");
        assert_eq!((amount.set().low, amount.set().high), (0.0, f64::INFINITY), "{text}");
        assert_eq!(amount.open_because(), Some("no end is given"), "{text}");
    }
    let ended = supply("minimum = \"$1M/month\"\nfrom = \"2026-01\"\nuntil = \"2028-12\"");
    assert_eq!(firm_of_first(&ended), Value::exact(36e6));
}

#[test]
fn a_supply_contract_of_which_nothing_is_said_is_owed_what_nobody_knows() {
    let text = supply("from = \"2026-01\"\nuntil = \"2026-03\"\nminimum = \"undisclosed\"");
    check(&text, "firm", "");
    assert_eq!(open_months(&text, "firm"), [1, 2, 3]);
    let power = supply("from = \"2026-01\"\nuntil = \"2026-02\"\nusage = \"2 GW\"");
    check(&power, "expected", "");
    assert_eq!(open_months(&power, "expected"), [1, 2]);
}

#[test]
fn building_without_dates_is_in_no_year() {
    let capex = "[contracts.c]\ntype = \"capex\"\nspender = \"a\"\nsuppliers = { b = \"60%\" }\n";
    let text = format!("{capex}amount = \"$50M\"");
    check(&text, "firm", "");
    same(&undated(&text, Reading::Firm), &[50.0, 0.0]);
    let unsaid = format!("{capex}from = \"2026-01\"\nuntil = \"2026-02\"");
    check(&unsaid, "firm", "");
    assert_eq!(open_months(&unsaid, "firm"), [1, 2]);
}

#[test]
fn a_tranche_without_a_day_is_in_no_year() {
    let round = |terms: &str| contract("equity", ["investor", "issuer"], terms);
    let text = round("tranches.t = { amount = \"$9M\" }");
    check(&text, "firm", "");
    same(&undated(&text, Reading::Firm), &[9.0, 0.0]);
    assert_eq!(open_months(&text, "firm").len(), 36);
    // A lapse is that of a condition that nobody knows: nothing is firm.
    let lapses = round("tranches.t = { amount = \"$9M\", before = 2027-12-31 }");
    same(&undated(&lapses, Reading::Firm), &[0.0, 0.0]);
    same(&undated(&lapses, Reading::Headline), &[9.0, 0.0]);
    check(&round(""), "firm", "");
}

#[test]
fn a_note_of_which_nothing_says_what_becomes_of_it_is_owed() {
    let note = |terms: &str| contract("convertible", ["holder", "issuer"], terms);
    let text = note("tranches.t = { amount = \"$8M\", on = \"2026-01\" }");
    check(&text, "firm", "2026-01  a -> b  $8.0M  equity");
    exposed(&text, &[("b", "a", "Undelivered", [0.0, 0.0]), ("a", "b", "Contract", [8e6, 8e6])]);
    let open = open_months(&text, "firm");
    assert_eq!(open.first(), Some(&2), "it may be paid back once it is drawn");
}

#[test]
fn a_guarantee_of_which_nothing_is_said_promises_what_nobody_knows() {
    let text = contract("guarantee", ["guarantor", "beneficiary"], "");
    check(&text, "headline", "");
    same(&undated(&text, Reading::Firm), &[0.0, 0.0]);
    let limited = contract("guarantee", ["guarantor", "beneficiary"], "limit = \"$8M\"");
    same(&undated(&limited, Reading::Headline), &[8.0, 0.0]);
    exposed(&limited, &[("a", "outside", "Guarantee", [8e6, 8e6])]);
}

#[test]
fn a_share_of_what_nobody_states_is_not_known() {
    let share = |terms: &str| contract("revenue_share", ["payer", "payee"], terms);
    let dates = "from = \"2026-01\"\nuntil = \"2026-02\"\n";
    for terms in ["rate = \"20%\"", "base = \"$12M/yr\"", ""] {
        let text = share(&format!("{dates}{terms}"));
        check(&text, "firm", "");
        assert_eq!(open_months(&text, "firm"), [1, 2], "{terms}");
    }
    // By hand: a tenth to a fifth of 1 a month; a base in words is one as well.
    let words = share(&format!("{dates}rate = \"100%\"\nbase = \"$12M to $24M per year\""));
    check(&words, "firm", "2026-01  a -> b  $1.0M  revenue share\n2026-02  a -> b  $1.0M  revenue share");
}

#[test]
fn unsold_capacity_that_nobody_states_is_not_known() {
    let backstop = |terms: &str| contract("backstop", ["buyer", "seller"], terms);
    let text = backstop("price = \"$12M/GW/yr\"\nuntil = \"2026-02\"\ncap = \"$6M\"");
    check(&text, "expected", "");
    assert_eq!(open_months(&text, "expected"), [1, 2]);
    same(&undated(&text, Reading::Headline), &[6.0, 0.0]);
    let unpriced = backstop("offered = \"3 GW\"\nsold = \"1 GW\"\nuntil = \"2026-01\"");
    check(&unpriced, "expected", "");
    assert_eq!(open_months(&unpriced, "expected"), [1]);
}

#[test]
fn credits_of_which_nothing_is_said_settle_nothing_as_read() {
    let text = format!(
        "{}[contracts.g]\ntype = \"credits\"\ngrantor = \"b\"\nrecipient = \"a\"\nusable_on = \"c\"\n\
         on = \"2025-12\"",
        supply("from = \"2026-01\"\nuntil = \"2026-02\"\nminimum = \"$1M/month\"")
    );
    assert_eq!(open_months(&text, "firm"), [1, 2], "what credits settle of it is not known");
    let dated = supply("from = \"2026-01\"\nuntil = \"2026-02\"\nminimum = \"$1M/month\"");
    check(&dated, "firm", "2026-01  a -> b  $1.0M  service\n2026-02  a -> b  $1.0M  service");
}
