//! What the text says of money and of totals, and what it does not: each small text derived by hand.

use keiretsu::Question;

use crate::asked::key;
use crate::measured::{WORLD, is, tables, value};

#[test]
fn what_is_prepaid_is_no_service_credit() {
    let text = format!(
        "{WORLD}[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
         until = \"2027-12\"\nminimum = \"$1M/month\"\nprepayment = \"$6M\"\n"
    );
    let all = tables(&text, "circularity", &Question::default());
    assert!(all.iter().all(|table| table.name != "credits"), "{all:?}");
    let credits = "[contracts.k]\ntype = \"credits\"\ngrantor = \"b\"\nrecipient = \"a\"\n\
        amount = \"$2M\"\non = \"2026-01\"\nusable_on = \"s\"\n";
    let all = tables(&format!("{text}{credits}"), "circularity", &Question::default());
    let table = all.iter().find(|table| table.name == "credits").expect("a table of credits");
    // The grant alone, in three readings.
    assert_eq!(table.rows.len(), 3);
    is(&value(table, &["b", "a", "expected"], "granted"), 2.0);
}

#[test]
fn reports_on_two_bases_make_no_share() {
    let report = |name: &str, figure: &str, more: &str| {
        format!(
            "[reports.{name}]\nparty = \"a\"\nof = \"capex\"\nfigure = \"{figure}\"\non = 2025\n\
             because = \"an example\"\n{more}\n"
        )
    };
    let part = report("part", "$20M", "counterparty = \"b\"\nbasis = \"cash\"");
    let share = |totals: &str| {
        let all = tables(&format!("{WORLD}{part}{totals}"), "concentration", &Question::default());
        let table = all.iter().find(|table| table.name == "reported").expect("a table");
        value(table, &["a", "capex", "b"], "share")
    };
    let accrued = report("accrued", "$100M", "basis = \"accrued\"");
    assert_eq!(share(&accrued).amount(), None);
    // 20 of 80, whatever stands first; a total that states no basis is taken as it is.
    let cash = report("paid", "$80M", "basis = \"cash\"");
    assert_eq!(share(&format!("{accrued}{cash}")).amount(), Some(0.25));
    assert_eq!(share(&report("plain", "$50M", "")).amount(), Some(0.4));
}

#[test]
fn a_past_draw_is_paid_only_where_the_text_says_so() {
    let loan = |more: &str| {
        let text = format!(
            "{WORLD}[contracts.l]\ntype = \"loan\"\nlender = \"b\"\nborrower = \"a\"\n\
             amount = \"$30M\"\ndrawn = \"2025-06\"\nrate = \"8%\"\nmaturity = \"2028-06\"\n{more}"
        );
        let all = tables(&text, "commitments", &Question::default());
        let each = all.iter().find(|table| table.name == "contracts").expect("a table by contract");
        let standing = each.column("standing").expect("a column");
        let lent = each.rows.iter().find(|row| key(&row[1]) == "b").expect("a row");
        key(&lent[standing])
    };
    assert_eq!(loan(""), "paid");
    assert_eq!(loan("standing = \"paid\"\n"), "paid");
    // Ours, or called binding and no more: due, and nobody confirms it.
    for more in ["assumed = [\"drawn\"]\n", "standing = \"binding\"\n"] {
        assert_eq!(loan(more), "binding, due, payment unconfirmed");
    }
    assert_eq!(loan("standing = \"paid\"\nassumed = [\"drawn\"]\n"), "paid");
}
