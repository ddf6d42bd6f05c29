//! What a program prints.

use keiretsu_program::{Labels, PartyId, Program, disassemble};

use crate::every::every;

#[test]
fn every_primitive_has_its_line() {
    let expected = include_str!("every.txt");
    let found = disassemble(&every());
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/waist/every.txt"), &found).unwrap();
        return;
    }
    assert_eq!(found, expected);
    assert_eq!(found, every().to_string());
}

#[test]
fn names_stand_beside_ids() {
    let names = |count: usize| (0..count).map(|index| format!("n{index}")).collect();
    let labels =
        Labels { parties: names(3), slots: names(1), factors: names(9), events: names(9), flows: names(2) };
    let text = labels.disassemble(&every());
    let lines = [
        "party p3: purse p2(n2)",
        "slot s0(n0): firm 0.25",
        "r0 = factor f1(n1)",
        "r4 = event e0(n0)",
        "flow w1(n1): r0  p0(n0) -> p3  costs rank 2",
    ];
    for line in lines {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_refused_program_prints_too() {
    let mut program: Program = every();
    program.parties[1].purse = PartyId(u32::MAX);
    program.curves[0].clear();
    assert!(program.to_string().contains("party p1: purse p4294967295"));
}
