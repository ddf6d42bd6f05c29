//! The amount of a row: columns against words.

use super::*;
use crate::import::row::row;

fn read(words: &str, low: &str, high: &str, qualifier: &str, months: Option<i32>) -> Amount {
    let cells = [
        ("amount_text", words),
        ("amount_low_usd", low),
        ("amount_high_usd", high),
        ("qualifier", qualifier),
    ];
    of(&row(&cells), months).expect("an amount").expect("one")
}

fn claims(words: &str, low: &str, high: &str, qualifier: &str) -> Vec<String> {
    read(words, low, high, qualifier, None).claims
}

#[test]
fn dollars_keep_every_digit() {
    assert_eq!(dollars(6_600_000_000.0), "$6.6B");
    assert_eq!(dollars(1_400_000_000_000.0), "$1400B");
    assert_eq!(dollars(860_000_000.0), "$860M");
    assert_eq!(dollars(350_000.0), "$350000");
    assert_eq!(dollars(123_456_789.0), "$123.456789M");
    assert_eq!(dollars(-3_100_000_000.0), "-$3.1B");
}

#[test]
fn columns_alone_follow_their_qualifier() {
    assert_eq!(claims("", "0", "20000000000", "up_to"), ["up to $20B"]);
    assert_eq!(claims("", "20000000000", "20000000000", "up_to"), ["up to $20B"]);
    assert_eq!(claims("", "100000000000", "", "more_than"), ["more than $100B"]);
    assert_eq!(claims("tens of billions", "10000000000", "99000000000", "range"), ["$10B to $99B"]);
    assert_eq!(claims("", "8000000000", "8000000000", "about"), ["about $8B"]);
    // Ends of one magnitude: "$500000 to $2M" would leave the first in doubt.
    assert_eq!(claims("", "500000", "2000000", "range"), ["$0.5M to $2M"]);
    assert_eq!(of(&row(&[("qualifier", "exact")]), None), Ok(None));
    for (low, high, qualifier) in
        [("0", "0", "up_to"), ("0", "0", "exact"), ("0", "", "more_than"), ("", "0", "")]
    {
        let cells = [("amount_low_usd", low), ("amount_high_usd", high), ("qualifier", qualifier)];
        assert_eq!(of(&row(&cells), None), Ok(None), "{low} {high} {qualifier}");
    }
    assert_eq!(claims("$0", "0", "0", "exact"), ["$0"]);
    assert_eq!(claims("up to $5bn", "0", "0", "up_to"), ["up to $5B"]);
}

#[test]
fn the_words_of_the_press_are_the_figure_where_they_have_the_number() {
    let five = ("5000000000", "5000000000");
    assert_eq!(claims("immediate infusion of $5 billion", five.0, five.1, "exact"), ["$5B"]);
    assert_eq!(claims("roughly $5bn", five.0, five.1, "about"), ["roughly $5B"]);
    assert_eq!(claims("$5 billion", five.0, five.1, "about"), ["about $5B"]);
    assert_eq!(claims("additional $5 billion", "0", five.1, "up_to"), ["up to $5B"]);
    assert_eq!(claims("$3.1 billion hit", "-3100000000", "-3100000000", "exact"), ["-$3.1B"]);
    assert_eq!(
        claims("$44.2B (cash about $43.2B)", "43200000000", "44200000000", "range"),
        ["$43.2B to $44.2B"]
    );
}

#[test]
fn words_against_columns_are_two_claims() {
    assert_eq!(claims("$3 billion", "300000000", "300000000", "exact"), ["$300M", "$3B"]);
    assert_eq!(claims("up to $3 billion", "3000000000", "", "more_than"), ["up to $3B", "more than $3B"]);
    // A share, a count and a sum are no contradiction.
    assert_eq!(claims("about 45% of $625 billion", "281000000000", "281000000000", "about"), ["about $281B"]);
    assert_eq!(claims("two loans of $150 million", "300000000", "300000000", "exact"), ["$300M"]);
    assert_eq!(claims("12 ships at $180 million each", "2160000000", "2160000000", "exact"), ["$2.16B"]);
}

#[test]
fn a_price_over_time_is_the_figure_where_the_columns_multiply_it() {
    let amount =
        read("$1.25 billion a month through May 2029", "45000000000", "45000000000", "about", Some(37));
    assert_eq!((amount.claims, amount.per), (vec!["about $1.25B".to_owned()], Some(Unit::Month)));
    let amount = read("$75 million a year over four years", "300000000", "300000000", "exact", Some(48));
    assert_eq!((amount.claims, amount.per), (vec!["$75M".to_owned()], Some(Unit::Year)));
}

#[test]
fn another_currency_stays_and_its_rate_is_that_of_the_row() {
    let cells = [
        ("amount_text", "\u{20ac}1.7 billion"),
        ("amount_low_usd", "2000000000"),
        ("amount_high_usd", "2000000000"),
        ("currency", "EUR"),
        ("qualifier", "about"),
    ];
    let amount = of(&row(&cells), None).expect("an amount").expect("one");
    assert_eq!(amount.claims, ["about \u{20ac}1.7 billion"]);
    let rate = amount.exchange.and_then(|(_, rate)| rate).expect("a rate");
    // By hand: 2.0 / 1.7.
    assert!((rate - 1.176_470_6).abs() < 1e-6, "{rate}");
}

#[test]
fn an_amount_in_words_alone_is_read_where_it_is_plain() {
    let read = |words| of(&row(&[("amount_text", words)]), None);
    assert_eq!(read("some $5 billion").expect("read").expect("one").claims, ["about $5B"]);
    assert!(read("$1,500 million").is_err_and(|why| why.contains("comma")));
    assert!(read("$1 billion and then $2 billion").is_err_and(|why| why.contains("several")));
    assert_eq!(read("up to 160 million shares at $0.01"), Ok(None));
}
