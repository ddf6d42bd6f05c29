//! The first screen of an explanation: the statements that move a number most, of a model with more of them
//! than can be tried at once.

use keiretsu::{Question, Session};
use keiretsu_values::{Table, Value};

use crate::asked::{key, tables};

/// Small purchases of $1M each, and three large ones in their midst.
const SMALL: usize = 700;
const LARGE: [(usize, f64); 3] = [(123, 50e6), (400, 100e6), (555, 25e6)];

const NUMBER: &str = "commitments(pairs, a, b, firm, total)";

fn amount(at: usize) -> f64 {
    LARGE.iter().find(|(large, _)| *large == at).map_or(1e6, |(_, amount)| *amount)
}

fn web() -> Session {
    let contract = |at: usize| {
        format!(
            "[contracts.c{at}]\ntype = 'supply'\nbuyer = 'a'\nseller = 'b'\nfrom = 2026\nuntil = 2026\n\
             minimum = '${}M'\n",
            amount(at) / 1e6
        )
    };
    let contracts: String = (0..SMALL).map(contract).collect();
    let head = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = '1 year'\n[parties]\n\
                a = {}\nb = {}\nc = {}\nd = {}\n\
                [contracts.apart]\ntype = 'supply'\nbuyer = 'c'\nseller = 'd'\nfrom = 2026\nuntil = 2026\n\
                minimum = '$10M'\n[contracts.secret]\ntype = 'supply'\nbuyer = 'b'\nseller = 'a'\n\
                from = 2026\nuntil = 2026\nminimum = 'undisclosed'\n";
    Session::of_text(&format!("{head}{contracts}"))
}

/// The statements that move a number most.
fn statements(session: &Session, number: &str) -> Table {
    let question = Question { of: vec![number.to_owned()], ..Question::of("most", [""; 0]) };
    tables(session, &question).into_iter().find(|table| table.name == "statements").expect("statements")
}

fn number(table: &Table, row: usize, column: &str) -> f64 {
    let at = table.column(column).expect("the column");
    table.rows[row][at].value().and_then(Value::amount).expect("a number")
}

/// By hand: 697 x 1 + 175 = 872; one per cent of 100, 50 and 25 of it. What was not tried alone is at most
/// the 697 small ones with 1% to 2% each.
#[test]
fn the_largest_movers_are_found_first_and_the_others_are_tried_together() {
    let session = web();
    let table = statements(&session, NUMBER);
    let total = 872e6;
    for (row, (at, amount)) in [LARGE[1], LARGE[0], LARGE[2]].into_iter().enumerate() {
        assert_eq!(key(&table.rows[row][0]), format!("c{at}.minimum"));
        assert!((number(&table, row, "moves_by") - 0.01 * amount / total).abs() < 1e-9, "c{at}");
        assert!((number(&table, row, "number_becomes") - (total + 0.01 * amount)).abs() < 1.0, "c{at}");
    }
    assert!(table.rows.len() < SMALL, "{} rows", table.rows.len());
    let note = &table.notes[0];
    assert!(note.contains("1 undisclosed amount was not tried"), "{note}");
    let by = note.split("together move it by ").nth(1).and_then(|rest| rest.split('%').next());
    let by: f64 = by.and_then(|by| by.parse().ok()).expect("a share");
    assert!((0.8..1.6).contains(&by), "{note}");
}

/// One contract between two others: 1% more of it is 1% more, and nothing else has a part in it.
#[test]
fn what_does_not_move_a_number_is_said_to_leave_it() {
    let table = statements(&web(), "commitments(pairs, c, d, firm, total)");
    assert_eq!((table.rows.len(), key(&table.rows[0][0])), (1, "apart.minimum".to_owned()));
    assert!((number(&table, 0, "moves_by") - 0.01).abs() < 1e-9);
    assert!(table.notes[0].contains("together do not move it"), "{}", table.notes[0]);
}

/// Where all can be tried at once, nothing is left out.
#[test]
fn a_small_model_is_explained_whole() {
    let text = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = '1 year'\n[parties]\na = {}\nb = {}\n\
                [contracts.c]\ntype = 'supply'\nbuyer = 'a'\nseller = 'b'\nfrom = 2026\nuntil = 2026\n\
                minimum = '$12M'\n";
    let session = Session::of_text(text);
    let of = |ask| Question { of: vec![NUMBER.to_owned()], ..Question::of(ask, [""; 0]) };
    assert_eq!(tables(&session, &of("most")), tables(&session, &of("explain")));
}
