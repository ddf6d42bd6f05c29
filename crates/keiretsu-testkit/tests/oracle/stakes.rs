//! Stakes and what they are worth, month by month, by hand (docs/MONTH.md, sections 9 and 11).

use keiretsu_program::{Holding, Issue, PartyId, Quantity};

use crate::pages::{expected, pays, series, web};

#[test]
fn an_issue_dilutes_everybody_and_feeds_the_buyer() {
    let mut b = web(2, 2);
    let stake = Some(b.constant(0.5));
    let old = b.holding(Holding { owner: PartyId(0), issuer: PartyId(2), stake, mark: None });
    let mark = Some(b.constant(90.0));
    let marked = b.holding(Holding { owner: PartyId(0), issuer: PartyId(2), stake: None, mark });
    let new = b.holding(Holding { owner: PartyId(1), issuer: PartyId(2), stake: None, mark: None });
    let (pre_money, value) = (b.number(30.0), b.curve_of(|t| 60.0 + 30.0 * f64::from(t)));
    b.party_mut(PartyId(2)).value = Some(value);
    let flow = pays(&mut b, 1, 2, 10.0, 2);
    b.flow_mut(flow).issue = Some(Issue { holding: new, pre_money, in_kind: None });
    let history = expected(&b);
    series(&history, Quantity::Stake(old), &[0.375, 0.28125]);
    series(&history, Quantity::Stake(new), &[0.25, 0.4375]);
    series(&history, Quantity::Stake(marked), &[f64::NAN; 2]);
    series(&history, Quantity::Holding(new), &[22.5, 52.5]);
    series(&history, Quantity::Holding(marked), &[90.0 * 1.5 * 0.75, 90.0 * 2.0 * 0.5625]);
}

#[test]
fn what_is_bought_since_as_of_stands_beside_the_mark() {
    for (valued, expected_values) in [(true, [123.75, 153.75]), (false, [100.0, 110.0])] {
        let mut b = web(2, 2);
        let mark = Some(b.constant(90.0));
        let marked = b.holding(Holding { owner: PartyId(1), issuer: PartyId(2), stake: None, mark });
        let (pre_money, value) = (b.number(30.0), b.curve_of(|t| 60.0 + 30.0 * f64::from(t)));
        b.party_mut(PartyId(2)).value = valued.then_some(value);
        let flow = pays(&mut b, 1, 2, 10.0, 2);
        b.flow_mut(flow).issue = Some(Issue { holding: marked, pre_money, in_kind: None });
        // The mark: 90 x 1.5 x 0.75, then 90 x 2 x 0.5625. Bought: 25% of 90, then 43.75% of 120. Without a
        // value the mark stays and each purchase adds its 10.
        series(&expected(&b), Quantity::Holding(marked), &expected_values);
    }
}

#[test]
fn what_is_given_in_kind_comes_first_and_costs_no_cash() {
    let mut b = web(1, 2);
    let stake = Some(b.constant(0.5));
    let old = b.holding(Holding { owner: PartyId(0), issuer: PartyId(2), stake, mark: None });
    let new = b.holding(Holding { owner: PartyId(1), issuer: PartyId(2), stake: None, mark: None });
    let (pre_money, given, at_cap) = (b.number(30.0), b.number(10.0), b.number(40.0));
    let flow = pays(&mut b, 1, 2, 10.0, 2);
    b.flow_mut(flow).issue = Some(Issue { holding: new, pre_money, in_kind: None });
    let flow = pays(&mut b, 1, 2, 0.0, 2);
    b.flow_mut(flow).issue = Some(Issue { holding: new, pre_money: at_cap, in_kind: Some(given) });
    let history = expected(&b);
    // 10 of 50 in kind, then 10 of 40 for cash: 0.2 * 0.75 + 0.25.
    series(&history, Quantity::Stake(old), &[0.5 * 0.8 * 0.75]);
    series(&history, Quantity::Stake(new), &[0.4]);
    series(&history, Quantity::Payment(flow), &[0.0]);
}
