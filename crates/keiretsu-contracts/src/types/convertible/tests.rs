//! Convertibles as dated flows and as stakes.

use crate::testing::{check, refuses, stake};

const NOTE: &str = "[parties.c]\nvalue = \"$100M\"\n[contracts.n]\ntype = \"convertible\"\nholder = \"a\"\n\
                    issuer = \"c\"\n";

fn note(terms: &str) -> String {
    format!("{NOTE}{terms}\n")
}

const ROUND: &str = "[contracts.r]\ntype = \"equity\"\ninvestor = \"b\"\nissuer = \"c\"\n\
                     tranches.t = { amount = \"$25M\", on = \"2026-03\" }\n";

fn near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12, "{got} {want}");
}

#[test]
fn a_note_that_does_not_convert_is_paid_back_with_interest() {
    let text =
        note("rate = \"12%\"\nmaturity = \"2026-04\"\ntranches.t = { amount = \"$10M\", on = \"2026-01\" }");
    // Three months at 1% a month of simple interest.
    check(&text, "firm", "2026-01  a -> c  $10.0M  equity\n2026-04  c -> a  $10.3M  principal");
}

#[test]
fn interest_of_a_past_draw_counts_from_its_month() {
    let text = note(
        "rate = \"12%\"\nmaturity = \"2026-01\"\ntranches.t = { amount = \"$10M\", paid = \"2025-11\" }",
    );
    check(&text, "firm", "2026-01  c -> a  $10.2M  principal");
}

#[test]
fn a_safe_at_its_post_money_cap_is_a_share_before_the_round() {
    // $5M at a $50M cap: 10% of the company before the round's money, whichever price the round has above
    // $50M; the round's $25M on $100M then leave 80% of it.
    let text = format!(
        "{}{ROUND}",
        note("cap = \"$50M\"\nconverts_with = \"r\"\ntranches.t = { amount = \"$5M\", paid = \"2025-11\" }")
    );
    near(stake(&text, "firm", "n", 2), 0.0);
    near(stake(&text, "firm", "n", 3), 0.08);
    near(stake(&text, "firm", "r", 3), 0.2);
    check(&text, "firm", "2026-03  b -> c  $25.0M  equity");
}

#[test]
fn the_round_may_stand_before_the_note() {
    let terms =
        "cap = \"$50M\"\nconverts_with = \"r\"\ntranches.t = { amount = \"$5M\", paid = \"2025-11\" }";
    let text = format!("{ROUND}{}", note(terms));
    near(stake(&text, "firm", "n", 3), 0.08);
    near(stake(&text, "firm", "r", 3), 0.2);
}

#[test]
fn the_better_of_discount_and_cap_counts() {
    let with = |terms: &str| {
        let draw = "converts_with = \"r\"\ntranches.t = { amount = \"$8M\", paid = \"2025-11\" }";
        stake(&format!("{}{ROUND}", note(&format!("{terms}\n{draw}"))), "firm", "n", 3) / 0.8
    };
    // 20% off $100M is $80M: a tenth. A cap of $160M is worse, one of $40M a fifth.
    near(with("discount = \"20%\""), 0.1);
    near(with("discount = \"20%\"\ncap = \"$160M\""), 0.1);
    near(with("discount = \"20%\"\ncap = \"$40M\""), 0.2);
    // At a pre-money cap of $32M it is 8 of 40.
    near(with("cap = \"$32M\"\ncap_basis = \"pre-money\""), 0.2);
}

#[test]
fn interest_converts_with_the_principal() {
    let text = note(
        "rate = \"60%\"\nconverts_when = \"2026-02\"\nprice = \"$44M\"\n\
         tranches.t = { amount = \"$4M\", on = \"2025-12\" }",
    );
    // Two months at 5%: 4.4 of 44.
    near(stake(&text, "firm", "n", 2), 0.1);
    near(stake(&text, "firm", "n", 1), 0.0);
}

#[test]
fn at_maturity_it_converts_at_the_issuers_value_if_it_says_so() {
    let text = note(
        "maturity = \"2026-02\"\nat_maturity = \"converts\"\n\
         tranches.t = { amount = \"$20M\", on = \"2026-01\" }",
    );
    check(&text, "firm", "2026-01  a -> c  $20.0M  equity");
    near(stake(&text, "firm", "n", 2), 0.2);
}

#[test]
fn what_has_converted_is_not_drawn_any_more() {
    let text =
        note("converts_when = \"2026-02\"\ntranches.t = { amount = \"$3M\", on = \"2026-01 to 2026-03\" }");
    check(&text, "firm", "2026-01  a -> c  $1.0M  equity\n2026-02  a -> c  $1.0M  equity");
}

#[test]
fn what_was_paid_back_does_not_convert() {
    let text = note(
        "maturity = \"2026-02\"\nconverts_when = \"2026-04\"\n\
         tranches.t = { amount = \"$20M\", on = \"2026-01\" }",
    );
    check(&text, "firm", "2026-01  a -> c  $20.0M  equity\n2026-02  c -> a  $20.0M  principal");
    near(stake(&text, "firm", "n", 5), 0.0);
}

#[test]
fn what_is_drawn_in_the_month_of_conversion_converts() {
    // 20 of 100 in the month of the round; its 25 on 100 leave 80% of that.
    let text = format!(
        "{}{ROUND}",
        note("converts_with = \"r\"\ntranches.t = { amount = \"$20M\", on = \"2026-03\" }")
    );
    near(stake(&text, "firm", "n", 3), 0.2 * 0.8);
}

#[test]
fn at_maturity_no_later_round_sets_the_price() {
    let text = format!(
        "{}{}",
        note(
            "converts_with = \"r\"\nmaturity = \"2026-02\"\nat_maturity = \"converts\"\n\
             tranches.t = { amount = \"$20M\", on = \"2026-01\" }"
        ),
        ROUND.replace("on = \"2026-03\"", "on = \"2026-03\", price = \"$160M\"")
    );
    near(stake(&text, "firm", "n", 2), 0.2);
}

#[test]
fn what_does_not_fit_is_refused() {
    let draw = "tranches.t = { amount = \"$1M\", on = 2026 }\n";
    refuses(&note(&format!("{draw}maturity = 2027\ndiscount = \"120%\"")), "E0307");
    let round = "[contracts.e]\ntype = \"equity\"\ninvestor = \"b\"\nissuer = \"c\"\n\
                 tranches.t = { amount = \"$1M\", on = 2026 }\n";
    let both = note(&format!("{draw}converts_with = \"e\"\nconverts_when = \"likely\"\n{round}"));
    refuses(&both, "E0708");
}
