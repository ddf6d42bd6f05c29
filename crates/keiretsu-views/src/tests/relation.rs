//! Things by name and title, stretches of time, and what people see side by side.

use super::samples::{DOLLARS, bn};
use super::{Cell, Column, ColumnKind, Table, Unit, check, write};
use keiretsu_values::{Entity, Id, Period, Pivot, Shown};

#[test]
fn things_and_stretches_of_time_stand_by_title_and_by_name() {
    let columns = vec![
        Column::new("party", ColumnKind::Id(Entity::Party)),
        Column::new("contract", ColumnKind::Id(Entity::Contract)),
        Column::new("time", ColumnKind::Period),
        Column::number("paid", DOLLARS),
    ];
    let mut table = Table::new("a", "A", columns);
    let half = Cell::Period(Period::Year { year: 2026, first: 7, months: 6 });
    table.push(vec![Cell::Id(Id::new("lab", "The Lab")), Cell::named("deal"), half, Cell::exact(5.0)]);
    let may = Cell::Period(Period::Month { year: 2026, month: 5 });
    table.push(vec![Cell::text("total"), Cell::Empty, may, Cell::Empty]);
    check(
        "csv",
        &table,
        0,
        "party,party_id,contract,time,time_months,paid,paid_bound,paid_low,paid_high,paid_state\r
The Lab,lab,deal,2026,6,5,=,5,5,known\r
total,,,2026-05,1,,,,,none",
    );
    let read: serde_json::Value = serde_json::from_str(&write("json", &[table.clone()], 0)).unwrap();
    let row = &read["rows"][0];
    assert_eq!((&row["party"], &row["party_id"]), (&"The Lab".into(), &"lab".into()));
    assert_eq!(
        (&row["contract"], &row["time"], &row["time_months"]),
        (&"deal".into(), &"2026".into(), &6.into())
    );
    assert_eq!(read["rows"][1]["party_id"], serde_json::Value::Null);
    let text = write("table", &[table], 80);
    assert!(text.contains("The Lab") && !text.contains("party_id"), "{text}");
}

/// A relation that people see with its parties side by side.
fn sides() -> Table {
    let columns = vec![
        Column::text("question"),
        Column::new("party", ColumnKind::Id(Entity::Party)),
        Column::new("unit", ColumnKind::Unit),
        Column::new("value", ColumnKind::Measured),
        Column { shown: Shown::InsteadOf("value"), ..Column::text("words") },
    ];
    let mut table = Table::new("compare", "Sides", columns);
    table.pivot = Some(Pivot { across: "party", cell: "value" });
    let [one, other] = ["one", "other"].map(|name| Cell::Id(Id::new(name, "Twin")));
    let dollars = || Cell::Unit(DOLLARS);
    table.push(vec![Cell::text("paid"), one.clone(), dollars(), bn(2.0), Cell::Empty]);
    table.push(vec![Cell::text("paid"), other.clone(), dollars(), bn(3.0), Cell::Empty]);
    table.push(vec![Cell::text("stake"), one, Cell::Unit(Unit::Share), Cell::exact(0.2), Cell::Empty]);
    table.push(vec![Cell::text("stake"), other, Cell::Empty, Cell::Empty, Cell::text("none")]);
    table
}

#[test]
fn people_see_things_side_by_side_and_programs_the_relation() {
    // Two parties of one title are two columns.
    let text = write("table", &[sides()], 80);
    for line in ["question  Twin  Twin\n", "paid       $2B  $3B\n", "stake      20%  none\n"] {
        assert!(text.contains(line), "{text}");
    }
    let csv = write("csv", &[sides()], 0);
    assert!(csv.starts_with("question,party,party_id,unit,value,value_bound,"), "{csv}");
    assert!(csv.contains("\r\nstake,Twin,other,,,,,,none,none\r\n"), "{csv}");
    let read: serde_json::Value = serde_json::from_str(&write("json", &[sides()], 0)).unwrap();
    assert_eq!(
        (&read["rows"][0]["one"], &read["rows"][0]["other"]),
        (&2_000_000_000_u64.into(), &3_000_000_000_u64.into())
    );
    let relation = &read["relation"];
    assert_eq!(relation["rows"].as_array().map(Vec::len), Some(4));
    assert_eq!(relation["columns"][1]["key"], "party");
    assert_eq!(relation["rows"][3]["party_id"], "other");
    assert_eq!(
        (&relation["rows"][3]["value_state"], &relation["rows"][3]["words"]),
        (&"none".into(), &"none".into())
    );
}

#[test]
fn parties_with_the_names_of_columns_keep_their_numbers() {
    let mut table = sides();
    table.rows.clear();
    for (at, name) in ["unit", "lab", "lab_low", "question"].into_iter().enumerate() {
        let party = Cell::Id(Id::new(name, name));
        table.push(vec![Cell::text("paid"), party, Cell::Unit(DOLLARS), bn(at as f64 + 1.0), Cell::Empty]);
    }
    let read: serde_json::Value = serde_json::from_str(&write("json", &[table], 0)).unwrap();
    let row = &read["rows"][0];
    let found = ["unit_", "lab", "lab_low_", "question_"].map(|key| row[key].as_f64());
    assert_eq!(found, [1e9, 2e9, 3e9, 4e9].map(Some), "{row}");
    assert_eq!((row["lab_low"].as_f64(), row["question"].as_str()), (Some(2e9), Some("paid")));
}

#[test]
fn two_numbers_of_one_place_are_two_rows() {
    let mut table = sides();
    table.rows.clear();
    let party = || Cell::Id(Id::new("one", "One"));
    for amount in [2.0, 3.0] {
        table.push(vec![Cell::text("paid"), party(), Cell::Unit(DOLLARS), bn(amount), Cell::Empty]);
    }
    let read: serde_json::Value = serde_json::from_str(&write("json", &[table], 0)).unwrap();
    let rows = read["rows"].as_array().unwrap();
    assert_eq!(rows.iter().map(|row| row["one"].as_f64()).collect::<Vec<_>>(), [Some(2e9), Some(3e9)]);
}
