//! Guarantees, on cases worked out by hand from `docs/MONTH.md`.

use keiretsu_program::{
    Builder, Change, ClaimId, Cover, CoverId, EstateClaim, FlowId, Funding, Month, Outstanding, Overlay,
    PartyId, Quantity, Reading, Tag, Target,
};
use keiretsu_testkit::oracle::{History, World, interpret};

const CALLS: FlowId = FlowId(1);
const DRAWN: Quantity = Quantity::Drawn(CoverId(0));

/// Party 1 owes party 2 40 a month and has `cash`; party 3 answers for it with 1000 of its own. Who defaults
/// leaves a claim, of which 40 would have fallen due each month.
fn lease(months: u32, cash: f64, default: bool) -> (Builder, Cover) {
    let mut b = Builder::new(Month::new(2025, 12), months);
    for _ in 0..4 {
        b.party();
    }
    for (party, cash) in [(1, cash), (3, 1000.0)] {
        let cash = b.constant(cash);
        let policy =
            Funding { keep: 0.0, raise: 0.0, price: None, most: None, market: None, default, grace: 0 };
        let party = b.party_mut(PartyId(party));
        (party.cash, party.funding) = (Some(cash), Some(policy));
    }
    let (rent, nothing, all) = (b.number(40.0), b.number(0.0), b.number(1.0));
    let flow = b.flow(rent, PartyId(1), PartyId(2), Tag::Rent);
    let call = b.flow(nothing, PartyId(3), PartyId(2), Tag::Guarantee);
    let (debtor, creditor) = (PartyId(1), PartyId(2));
    let rest = b.curve_of(|t| 40.0 * f64::from(months - t));
    let claim = b.claim(EstateClaim { debtor, creditor, amount: rest, rank: 2, lapses: true });
    let claims = vec![Outstanding { claim, falls: rent }];
    let cover = Cover {
        call,
        flows: vec![flow],
        share: all,
        limit: None,
        cushion: None,
        claims,
        worth: None,
        grows: None,
    };
    (b, cover)
}

fn expected(b: &Builder, overlays: &[Overlay]) -> History {
    interpret(b.program(), World::Reading(Reading::Expected), overlays, &[])
}

#[track_caller]
fn series(history: &History, quantity: Quantity, wanted: &[f64]) {
    let found: Vec<f64> = history.months[1..].iter().map(|month| month.read(quantity)).collect();
    let same = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-9;
    assert!(found.len() == wanted.len() && found.iter().zip(wanted).all(same), "{quantity:?} is {found:?}");
}

#[test]
fn a_cushion_comes_first_and_a_limit_ends_it() {
    let (mut b, cover) = lease(4, 10.0, false);
    let (limit, cushion) = (b.number(70.0), b.number(45.0));
    b.cover(Cover { limit: Some(limit), cushion: Some(cushion), ..cover });
    let history = expected(&b, &[]);
    // Missing 30, 40, 40, 40: 30 and 15 are kept, then 25 and 40 are called, then 5 of 70 are left.
    series(&history, Quantity::Payment(CALLS), &[0.0, 25.0, 40.0, 5.0]);
    series(&history, DRAWN, &[0.0, 25.0, 65.0, 70.0]);
    series(&history, Quantity::Cash(PartyId(2)), &[10.0, 35.0, 75.0, 80.0]);
    series(&history, Quantity::Cash(PartyId(3)), &[1000.0, 975.0, 935.0, 930.0]);
}

#[test]
fn a_share_of_what_is_missing_from_a_start_on() {
    let (mut b, cover) = lease(3, 0.0, false);
    let share = b.curve_of(|t| if t >= 2 { 0.5 } else { 0.0 });
    b.cover(Cover { share, ..cover });
    series(&expected(&b, &[]), Quantity::Payment(CALLS), &[0.0, 20.0, 20.0]);
}

#[test]
fn after_the_default_calls_go_on_as_the_rent_would_have() {
    let (mut b, cover) = lease(3, 10.0, true);
    b.cover(cover);
    let history = expected(&b, &[]);
    series(&history, Quantity::Defaulted(PartyId(1)), &[1.0, 1.0, 1.0]);
    series(&history, Quantity::Due(FlowId(0)), &[40.0, 0.0, 0.0]);
    series(&history, Quantity::Payment(CALLS), &[30.0, 40.0, 40.0]);
    // So too where the default is not for want of cash.
    let (mut b, cover) = lease(3, 80.0, true);
    b.cover(cover);
    let target = Target::Default(PartyId(1));
    let fell = Overlay { target, change: Change::Set(1.0), from: 2, until: 2 };
    series(&expected(&b, &[fell]), Quantity::Payment(CALLS), &[0.0, 0.0, 40.0]);
}

#[test]
fn who_has_paid_has_the_claim_and_what_claims_bring_is_not_called_again() {
    let (mut b, cover) = lease(3, 10.0, true);
    // The estate brings 60 against 50 for the rest of the lease and 30 unpaid, which the guarantor has paid.
    let (recovery, rest) = (b.number(60.0), b.number(50.0));
    b.party_mut(PartyId(1)).recovery = Some(recovery);
    b.claim_mut(ClaimId(0)).amount = rest;
    b.cover(cover);
    let history = expected(&b, &[]);
    // Three quarters of each: 37.5 to the beneficiary, which it keeps against the next calls; 22.5 back.
    series(&history, Quantity::Payment(CALLS), &[30.0, 2.5, 40.0]);
    series(&history, Quantity::Cash(PartyId(3)), &[992.5, 990.0, 950.0]);
    series(&history, Quantity::Cash(PartyId(2)), &[77.5, 80.0, 120.0]);
}

#[test]
fn what_claims_have_brought_keeps_its_worth_until_it_is_used() {
    let (mut b, cover) = lease(3, 500.0, true);
    let (cash, worth) = (b.constant(100.0), b.curve_of(|t| 0.5f64.powi(t as i32)));
    b.party_mut(PartyId(1)).cash = Some(cash);
    let rest = b.number(30.0);
    b.claim_mut(ClaimId(0)).amount = rest;
    b.cover(Cover { worth: Some(worth), ..cover });
    let target = Target::Default(PartyId(1));
    let fell = Overlay { target, change: Change::Set(1.0), from: 1, until: 1 };
    // Of 60 left the estate pays 30 in month 1. It is worth 60 of month 2: 40 are kept and 20 are left, which
    // are worth 40 of month 3.
    series(&expected(&b, &[fell]), Quantity::Payment(CALLS), &[0.0, 0.0, 0.0]);
    let less = b.number(20.0);
    b.claim_mut(ClaimId(0)).amount = less;
    // 20 are worth 40 of month 2, and nothing is left.
    series(&expected(&b, &[fell]), Quantity::Payment(CALLS), &[0.0, 0.0, 40.0]);
}

#[test]
fn a_claim_for_what_is_no_longer_delivered_ends_with_its_creditor() {
    let (mut b, _) = lease(3, 500.0, true);
    let target = |party| Target::Default(PartyId(party));
    let fell =
        |party, month| Overlay { target: target(party), change: Change::Set(1.0), from: month, until: month };
    // Party 2 has been paid 40 twice, and claims 40 of what party 1 has left.
    let cash = Quantity::Cash(PartyId(2));
    series(&expected(&b, &[fell(1, 2)]), cash, &[40.0, 120.0, 120.0]);
    for month in [1, 2] {
        series(
            &expected(&b, &[fell(2, month), fell(1, 2)]),
            cash,
            &[if month == 1 { 0.0 } else { 40.0 }, 0.0, 0.0],
        );
    }
    // Money that was lent is owed to the estate of the lender.
    b.claim_mut(ClaimId(0)).lapses = false;
    series(&expected(&b, &[fell(2, 1), fell(1, 2)]), cash, &[0.0, 40.0, 40.0]);
}

#[test]
fn a_guarantor_raises_for_calls_and_fails_for_want_of_them() {
    let (mut b, cover) = lease(2, 0.0, false);
    b.cover(cover);
    let nothing = b.constant(0.0);
    let guarantor = b.party_mut(PartyId(3));
    guarantor.cash = Some(nothing);
    let policy = guarantor.funding.expect("it has one");
    guarantor.funding = Some(Funding { default: true, ..policy });
    let mut funded = b.clone();
    let history = expected(&b, &[]);
    series(&history, Quantity::Defaulted(PartyId(3)), &[1.0, 1.0]);
    series(&history, Quantity::Payment(CALLS), &[0.0, 0.0]);
    let price = Some(funded.number(1000.0));
    funded.party_mut(PartyId(3)).funding = Some(Funding { price, default: true, ..policy });
    let history = expected(&funded, &[]);
    series(&history, Quantity::Raised(PartyId(3)), &[40.0, 40.0]);
    series(&history, Quantity::Payment(CALLS), &[40.0, 40.0]);
}
