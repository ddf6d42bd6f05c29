//! A guaranteed lease, month by month.

use crate::testing::{check, refuses};

/// A tenant with $25M against $10M a month, a third party that answers, and somebody who is never short.
const LEASE: &str = "[parties.c]\n[parties.tenant]\ncash = \"$25M\"\nfunding = { keep = \"1 month of burn\", \
    raise = \"1 month of burn\", else = \"default\" }\n\
    [contracts.l]\ntype = \"supply\"\nbuyer = \"tenant\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
    until = \"2026-06\"\nminimum = \"$10M/month\"\n\
    [contracts.g]\ntype = \"guarantee\"\nguarantor = \"c\"\nbeneficiary = \"a\"\ncovers = \"l\"\n";

const RENT: &str = "2026-01  tenant -> a  $10.0M  service\n2026-02  tenant -> a  $10.0M  service\n\
    2026-03  tenant -> a  $10.0M  service";

#[test]
fn calls_follow_the_shortfall_and_then_the_schedule() {
    let calls = "2026-03  c -> a  $5.0M  guarantee\n2026-04  c -> a  $10.0M  guarantee\n\
        2026-05  c -> a  $10.0M  guarantee\n2026-06  c -> a  $10.0M  guarantee";
    check(LEASE, "expected", &format!("{RENT}\n{calls}"));
}

#[test]
fn a_cushion_a_share_and_a_limit() {
    // Missing 5, 10, 10, 10: the cushion takes 5 and 3; 80% of 7, then of 10, then what is left of 14.
    let text = format!("{LEASE}cushion = \"$8M\"\nshare = \"80%\"\nlimit = \"up to $14M\"");
    let calls = "2026-04  c -> a  $5.6M  guarantee\n2026-05  c -> a  $8.0M  guarantee";
    check(&text, "firm", &format!("{RENT}\n{calls}\n2026-06  c -> a  $0.4M  guarantee"));
}

#[test]
fn it_starts_with_a_condition_or_a_date_and_ends() {
    let calls = "2026-04  c -> a  $10.0M  guarantee\n2026-05  c -> a  $10.0M  guarantee";
    let text = format!("{LEASE}from = \"2026-04\"\nuntil = \"2026-05\"");
    check(&text, "expected", &format!("{RENT}\n{calls}"));
    // level is above $1.3M from the fifth month on.
    let text = format!("{LEASE}when = \"level >= $1.3M\"\nuntil = \"2026-05\"");
    check(&text, "expected", &format!("{RENT}\n2026-05  c -> a  $10.0M  guarantee"));
}

#[test]
fn an_amendment_changes_the_limit_but_not_what_was_drawn() {
    let text =
        format!("{LEASE}limit = \"$8M\"\namendments = [{{ on = 2026-05-01, set = {{ limit = \"$20M\" }} }}]");
    let calls = "2026-03  c -> a  $5.0M  guarantee\n2026-04  c -> a  $3.0M  guarantee\n\
        2026-05  c -> a  $10.0M  guarantee\n2026-06  c -> a  $2.0M  guarantee";
    check(&text, "expected", &format!("{RENT}\n{calls}"));
}

#[test]
fn a_fee_is_owed_while_it_is_in_force() {
    let text = format!("{LEASE}until = \"2026-02\"\nfee = \"$12M/yr\"");
    let fee = |payer: &str| {
        let line = |month| format!("{month}  tenant -> a  $10.0M  service");
        let fee = |month| format!("{month}  {payer} -> c  $1.0M  fee");
        [line("2026-01"), fee("2026-01"), line("2026-02"), fee("2026-02"), line("2026-03")].join("\n")
    };
    check(&text, "expected", &fee("a"));
    check(&format!("{text}\nfee_payer = \"b\""), "expected", &fee("b"));
}

#[test]
fn who_steps_in_owes_and_earns_and_is_not_called() {
    let text = format!("{LEASE}limit = \"$6M\"\nstep_in = true\nstep_in_value = \"60%\"");
    let months = ["2026-04", "2026-05", "2026-06"];
    let taken = months
        .map(|month| format!("{month}  c -> a  $10.0M  service\n{month}  outside -> c  $6.0M  revenue"));
    let call = "2026-03  c -> a  $5.0M  guarantee";
    check(&text, "expected", &format!("{RENT}\n{call}\n{}", taken.join("\n")));
}

#[test]
fn what_the_estate_brings_is_not_called_again() {
    // The estate of $14M pays 40% of the last $30M and of the $5M that the guarantor has paid: $12M, which
    // the beneficiary keeps against the calls of April and of $2M in May.
    let text = LEASE.replace("[parties.tenant]\n", "[parties.tenant]\nrecovery = \"$14M\"\n");
    let calls = "2026-03  c -> a  $5.0M  guarantee\n2026-05  c -> a  $8.0M  guarantee\n\
        2026-06  c -> a  $10.0M  guarantee";
    check(&text, "expected", &format!("{RENT}\n{calls}"));
}

#[test]
fn after_a_default_use_above_the_minimum_and_what_is_sold_to_others_are_not_called() {
    let call = "2026-03  c -> a  $5.0M  guarantee\n";
    let months = |amount: &str| {
        ["2026-04", "2026-05", "2026-06"]
            .map(|month| format!("{month}  c -> a  {amount}  guarantee"))
            .join("\n")
    };
    let used =
        LEASE.replace("minimum = ", "usage = \"if 2026-04 then $30M/month else $10M/month\"\nminimum = ");
    check(&used, "expected", &format!("{RENT}\n{call}{}", months("$10.0M")));
    let resold = LEASE.replace("minimum = ", "resale = \"60%\"\nminimum = ");
    check(&resold, "expected", &format!("{RENT}\n{call}{}", months("$4.0M")));
}

#[test]
fn what_is_prepaid_is_not_called() {
    // March uses 10 of 12 that are prepaid in it; the tenant has 5 of them. Of the last 30 it has prepaid 2.
    let text = LEASE.replace("minimum = ", "prepayment = \"$12M\"\nprepaid = \"2026-03\"\nminimum = ");
    let rent = "2026-01  tenant -> a  $10.0M  service\n2026-02  tenant -> a  $10.0M  service\n\
        2026-03  tenant -> a  $12.0M  service";
    let calls = "2026-03  c -> a  $7.0M  guarantee\n2026-04  c -> a  $8.0M  guarantee\n\
        2026-05  c -> a  $10.0M  guarantee\n2026-06  c -> a  $10.0M  guarantee";
    check(&text, "expected", &format!("{rent}\n{calls}"));
}

#[test]
fn all_is_called_at_once_where_the_text_says_so() {
    let call = "2026-03  c -> a  $5.0M  guarantee\n2026-04  c -> a  $30.0M  guarantee";
    check(&format!("{LEASE}accelerated = true"), "expected", &format!("{RENT}\n{call}"));
    let limited = "2026-03  c -> a  $5.0M  guarantee\n2026-04  c -> a  $7.0M  guarantee";
    check(&format!("{LEASE}accelerated = true\nlimit = \"$12M\""), "expected", &format!("{RENT}\n{limited}"));
}

#[test]
fn one_that_covers_nothing_is_called_by_its_condition_alone() {
    let alone = "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"b\"\n";
    check(&format!("{alone}limit = \"$8M\""), "headline", "");
    // level is above $1.3M from the fifth month on.
    let text = format!("{alone}limit = \"up to $8M\"\nwhen = \"level >= $1.3M\"");
    check(&text, "headline", "2026-05  a -> b  $8.0M  guarantee");
    check(&format!("{text}\nfrom = \"2026-06\""), "headline", "");
    // What holds in the model only is nothing in the firm reading, but a date is.
    check(&text, "firm", "");
    let dated = text.replace("level >= $1.3M", "2026-05");
    check(&dated, "firm", "2026-05  a -> b  $8.0M  guarantee");
    // By its beneficiary's failure nothing is lost: by that of whom it guarantees, if the text names it.
    let limited = format!("{alone}limit = \"$8M\"");
    crate::testing::exposed(&limited, &[("a", "outside", "Guarantee", [8e6, 8e6])]);
    let named = format!("{limited}\ndebtor = \"d\"\n[parties.d]");
    crate::testing::exposed(&named, &[("a", "d", "Guarantee", [8e6, 8e6])]);
    for party in ["a", "b"] {
        refuses(&format!("{limited}\ndebtor = \"{party}\""), "E0704");
    }
    refuses(&format!("{LEASE}debtor = \"b\""), "W0721");
    refuses(&format!("{alone}limit = \"$8M\"\ncushion = \"$1M\""), "W0721");
}

#[test]
fn announced_it_counts_in_the_headline_only() {
    let text = format!("{LEASE}standing = \"announced\"\nuntil = \"2026-03\"");
    check(&text, "firm", RENT);
    check(&text, "headline", &format!("{RENT}\n2026-03  c -> a  $5.0M  guarantee"));
}

#[test]
fn terms_that_do_not_fit_are_refused() {
    refuses(&LEASE.replace("beneficiary = \"a\"", "beneficiary = \"b\""), "E0721");
    refuses(&LEASE.replace("guarantor = \"c\"", "guarantor = \"tenant\""), "E0721");
    refuses(&format!("{LEASE}share = \"120%\""), "E0307");
    refuses(&format!("{LEASE}fee = \"$1M/yr\"\nfee_payer = \"c\""), "E0704");
    refuses(&format!("{LEASE}from = 2027\nuntil = 2026"), "E0402");
}

#[test]
fn one_that_covers_nothing_named_stands_alone_and_calls_nothing() {
    // The tenant fails in March, and nothing says that this guarantee is for its lease: only the fee is owed.
    let alone =
        LEASE.replace("covers = \"l\"\n", "") + "limit = \"$9M\"\nfee = \"$12M/yr\"\nuntil = \"2026-01\"";
    let fee = "2026-01  tenant -> a  $10.0M  service\n2026-01  a -> c  $1.0M  fee\n\
        2026-02  tenant -> a  $10.0M  service\n2026-03  tenant -> a  $10.0M  service";
    check(&alone, "expected", fee);
}

#[test]
fn one_without_covered_contract_and_limit_promises_what_nobody_says() {
    let alone = LEASE.replace("covers = \"l\"\n", "");
    crate::testing::runs(&alone);
    refuses(&format!("{alone}limit = \"$9M\"\ncushion = \"$1M\""), "W0721");
}

#[test]
fn an_undisclosed_cushion_is_not_one_that_takes_everything() {
    // What it takes is not known, so that all is called as read; the tables mark it as at most that.
    let calls = "2026-03  c -> a  $5.0M  guarantee\n2026-04  c -> a  $10.0M  guarantee\n\
        2026-05  c -> a  $10.0M  guarantee\n2026-06  c -> a  $10.0M  guarantee";
    check(&format!("{LEASE}cushion = \"undisclosed\""), "expected", &format!("{RENT}\n{calls}"));
}

#[test]
fn a_guarantee_of_what_leaves_no_claim_is_warned_of() {
    let text = "[parties.c]\n[contracts.k]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
        tranches.t = { amount = \"$6M\", on = \"2026-06\" }\n[contracts.g]\ntype = \"guarantee\"\n\
        guarantor = \"c\"\nbeneficiary = \"b\"\ncovers = \"k\"\nlimit = \"$2M\"";
    refuses(text, "W0722");
}

#[test]
fn one_of_a_value_pays_what_that_is_less_up_to_its_limit() {
    // By hand: 20 guaranteed of 14 leave 6, of which at most 5 are paid; of 30 nothing.
    let of = |terms: &str| {
        format!(
            "[contracts.g]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"b\"\n\
             guaranteed = \"$20M\"\non = \"2026-06\"\n{terms}"
        )
    };
    for reading in ["firm", "expected", "headline"] {
        check(&of("value = \"$14M\""), reading, "2026-06  a -> b  $6.0M  guarantee");
        check(&of("value = \"$14M\"\nlimit = \"$5M\""), reading, "2026-06  a -> b  $5.0M  guarantee");
        check(&of("value = \"$30M\""), reading, "");
    }
    let once = of("value = \"$14M\"").replace("on = \"2026-06\"", "when = \"2026-03\"");
    check(&once, "expected", "2026-03  a -> b  $6.0M  guarantee");
    // The most that it commits to is the cap on the payment, else what is guaranteed.
    let most = |terms: &str| crate::testing::committed(&of(terms), "headline")[1];
    crate::testing::same(&[most("limit = \"$5M\""), most("value = \"$14M\"")], &[5.0, 20.0]);
    // No failure calls it.
    crate::testing::exposed(&of("value = \"$14M\"\nlimit = \"$5M\""), &[]);
    refuses(&format!("{LEASE}guaranteed = \"$5M\""), "W0721");
    refuses(&format!("{LEASE}value = \"$5M\""), "W0721");
}
