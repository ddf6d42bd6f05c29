//! Own money is conserved: nobody hands on more of it than has been given.

use keiretsu_engine::run;
use keiretsu_program::{
    Builder, Month, Op, OwnMoney, PastFlow, Probe, Quantity, Reading, RunSpec, Span, Tag,
};

#[test]
fn own_money_is_conserved_where_more_is_paid_than_there_is() {
    // The group pays 10, of which the other hands on 100 in the same month: 90 came from elsewhere. Before
    // as-of it had paid 8 into cash of 20 that is spent later: 12 of it were somebody else's.
    let mut program = Builder::new(Month::new(2025, 12), 2);
    let (group, other, third) = (program.party(), program.party(), program.party());
    let (cash, none) = (program.constant(20.0), program.constant(0.0));
    program.party_mut(other).cash = Some(none);
    program.party_mut(third).cash = Some(cash);
    let out = program.curve(vec![0.0, 10.0, 0.0]);
    let back = program.curve(vec![0.0, 100.0, 0.0]);
    let late = program.curve(vec![0.0, 0.0, 20.0]);
    for (curve, from, to) in [(out, group, other), (back, other, group), (late, third, group)] {
        let amount = program.op(Op::Curve(curve));
        program.flow(amount, from, to, Tag::Service);
    }
    let month = program.program().origin;
    let past = PastFlow { month, amount: 8.0, from: group, to: third, tag: Tag::Equity };
    program.past(past);
    let quantity = Quantity::OwnReceipts { group: 0, party: group };
    let probe = Probe { quantity, span: Span::Month };
    let mut spec = RunSpec::reading(Reading::Firm, vec![probe]);
    spec.own_money = vec![vec![group]];
    for convention in [OwnMoney::ProRata, OwnMoney::Fifo, OwnMoney::Lifo] {
        spec.convention = convention;
        let seen = run(program.program(), &spec, 1).expect("the program is sound");
        let received = &seen.series[0].mean;
        let near = received.iter().zip([10.0, 8.0]).all(|(got, want)| (got - want).abs() < 1e-12);
        assert!(near, "{convention:?}: {received:?}");
    }
}
