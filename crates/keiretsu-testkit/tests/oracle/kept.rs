//! Webs on which engine and oracle once differed, shrunk.

use keiretsu_program::{
    Builder, Cover, EstateClaim, Funding, Mode, Month, Outstanding, PartyId, Reading, Tag,
};
use keiretsu_testkit::webs::{Case, ENGINE, Verdict, compare};

#[test]
fn own_money_of_a_party_that_is_short_while_a_guarantor_has_failed() {
    let mut b = Builder::new(Month::new(2025, 12), 9);
    for _ in 0..6 {
        b.party();
    }
    for (party, cash, grace) in [(1, 3_259_163.0, 1), (2, 2_378_812.0, 0), (5, 84_934_816.0, 1)] {
        let cash = b.constant(cash);
        let policy =
            Funding { keep: 1.4, raise: 8.4, price: None, most: None, market: None, default: true, grace };
        let party = b.party_mut(PartyId(party));
        (party.cash, party.funding) = (Some(cash), Some(policy));
    }
    let [rent, debt, nothing, all] = [13_846_048.0, 174_080_144.0, 0.0, 1.0].map(|amount| b.number(amount));
    b.flow(rent, PartyId(5), PartyId(4), Tag::Revenue);
    let covered = b.flow(debt, PartyId(2), PartyId(5), Tag::Principal);
    b.flow(rent, PartyId(3), PartyId(1), Tag::Equity);
    let call = b.flow(nothing, PartyId(1), PartyId(5), Tag::Guarantee);
    b.flow_mut(call).survives = true;
    let (debtor, creditor, falls) = (PartyId(2), PartyId(5), debt);
    let claim = b.claim(EstateClaim { debtor, creditor, amount: nothing, rank: 2, lapses: false });
    let claims = vec![Outstanding { claim, falls }];
    b.cover(Cover {
        call,
        flows: vec![covered],
        share: all,
        limit: None,
        cushion: None,
        claims,
        worth: None,
        grows: None,
    });
    let case = Case { program: b.finish(), overlays: vec![], groups: vec![vec![PartyId(3)]] };
    let verdict = compare(&case, Mode::Reading(Reading::Firm), &ENGINE);
    assert!(matches!(verdict, Verdict::Agrees), "{verdict:?}");
}
