//! Tables on one screen: what is shown first, and that nothing goes unsaid.

use super::samples::{DOLLARS, bn, compare, coverage, strategy, yearly};
use super::{Cell, Column, ColumnKind, Table, Unit, Value, width};
use crate::{Style, by_name, sort};
use keiretsu_values::{EndPair, Entity, Id, Screen};

fn screen(tables: &[Table], style: Style) -> String {
    String::from_utf8(by_name("table").unwrap().write(tables, &style)).unwrap()
}

fn lines(most: usize) -> Style {
    Style { lines: Some(most), ..Style::default() }
}

/// Pairs with an amount in each reading.
fn pairs(rows: &[(&str, [Value; 3])]) -> Table {
    let party = |key: &str| Column::new(key, ColumnKind::Id(Entity::Party));
    let amount = Column { adds: true, ..Column::number("amount", DOLLARS) };
    let columns = vec![party("from"), Column::new("reading", ColumnKind::Reading), amount];
    let mut table = Table::new("commitments", "Owed", columns);
    table.screen = Screen { noun: "party", main: Some("amount"), folds: true, ..Screen::PLAIN };
    for (name, values) in rows {
        for (reading, value) in ["firm", "expected", "headline"].into_iter().zip(values) {
            let of = Cell::Id(Id::named(name));
            table.push(vec![of, Cell::text(reading), Cell::Value(value.clone())]);
        }
    }
    table
}

fn same(value: Value) -> [Value; 3] {
    [value.clone(), value.clone(), value]
}

fn dollars(amount: f64) -> Value {
    Value::exact(amount * 1e9)
}

#[test]
fn the_largest_stand_first_and_readings_that_say_the_same_are_one_row() {
    let half = [dollars(0.0), Value::at_most(20e9), Value::at_most(20e9)];
    let table = pairs(&[("small", same(dollars(8.0))), ("half", half), ("large", same(dollars(250.0)))]);
    // 8 + 0 + 250 in the firm reading, and up to 20 more in the others.
    let expected = "\
Owed

from   reading             amount
─────────────────────────────────
large  all readings         $250B
half   firm                    $0
half   expected, headline   ≤$20B
small  all readings           $8B
total  firm                 $258B
total  expected, headline  ≤$278B
";
    assert_eq!(screen(&[table], lines(40)), expected);
}

#[test]
fn a_total_over_an_unknown_part_is_the_least_that_it_can_be() {
    let table = pairs(&[
        ("a", same(dollars(5.0))),
        ("b", same(Value::at_most(20e9))),
        ("c", same(Value::undisclosed("undisclosed"))),
    ]);
    // 5 for sure; 20 at most and an unknown part on top: at least 5, and no number is the most.
    let shown = screen(&[table], lines(40));
    assert!(shown.contains("\ntotal  all readings     ≥$5B\n"), "{shown}");
}

#[test]
fn rows_of_nothing_are_counted_by_what_they_are() {
    let mut rows = vec![("a", same(dollars(5.0)))];
    rows.extend(["b", "c"].map(|name| (name, same(dollars(0.0)))));
    rows.extend(["d", "e", "f"].map(|name| (name, same(Value::undisclosed("undisclosed")))));
    rows.push(("g", same(Value::unknown("it is not modelled"))));
    let shown = screen(&[pairs(&rows)], lines(40));
    let counted = "2 parties: zero; 3 parties: nothing disclosed; 1 party: no amount known (--all)";
    assert!(shown.contains(&format!("not shown: {counted}\n")), "{shown}");
    let all = screen(&[pairs(&rows)], Style::default());
    assert!(["b", "d", "g"].iter().all(|name| all.contains(&format!("\n{name}  "))), "{all}");
    assert!(!all.contains("not shown"), "{all}");
}

#[test]
fn every_row_is_shown_or_counted() {
    let names: Vec<String> = (0..60).map(|at| format!("party{at:02}")).collect();
    let amount = |at: usize| if at.is_multiple_of(7) { dollars(0.0) } else { dollars(at as f64) };
    let rows: Vec<(&str, [Value; 3])> =
        names.iter().enumerate().map(|(at, name)| (name.as_str(), same(amount(at)))).collect();
    let table = pairs(&rows);
    for most in 10..60 {
        let shown = screen(std::slice::from_ref(&table), lines(most));
        assert!(shown.lines().count() <= most, "{most} lines:\n{shown}");
        let rows = shown.lines().filter(|line| line.starts_with("party")).count();
        let count = |word: &str| -> usize {
            let before = shown.split(word).next().filter(|before| before.len() < shown.len());
            let number = before.and_then(|before| before.trim_end().rsplit(' ').next()?.parse().ok());
            number.unwrap_or(0)
        };
        // 9 of 60 are zero: 0, 7, 14, 21, 28, 35, 42, 49 and 56.
        assert_eq!(rows + count("more part") + count("parties: zero"), 60, "{most} lines:\n{shown}");
    }
}

#[test]
fn a_screen_is_never_wider_nor_longer_than_it_is() {
    let all = [coverage(), strategy(), yearly(), compare()];
    for tables in [&all[..], &all[..1], &all[1..2], &all[2..]] {
        for columns in [40, 60, 80, 100, 140, 200] {
            for most in [24, 30, 40] {
                let shown = screen(tables, Style { width: columns, lines: Some(most), ..Style::default() });
                let count = shown.lines().count();
                assert!(count <= most, "{count} lines of {most} at {columns} columns:\n{shown}");
                assert!(shown.lines().all(|line| width(line) <= columns), "{columns} columns:\n{shown}");
            }
        }
    }
}

#[test]
fn tables_without_room_are_named_with_their_rows() {
    let mut second = pairs(&[("a", same(dollars(5.0)))]);
    (second.name, second.title) = ("each", "One by one".to_owned());
    let shown = screen(&[strategy(), second], lines(24));
    assert!(shown.contains("further tables (--all, or --table NAME): each (One by one: 1 party)"), "{shown}");
}

#[test]
fn two_bounds_are_one_range_and_say_when_they_say_nothing() {
    let columns = vec![
        Column::text("pair"),
        Column::number("low", Unit::Share).titled("at least"),
        Column::number("high", Unit::Share).titled("at most"),
    ];
    let mut table = Table::new("circularity", "Back", columns);
    table.screen.interval = Some(EndPair { low: "low", high: "high", title: "comes back" });
    for (name, low, high) in [
        ("nothing", 0.0, 1.0),
        ("cap", 0.0, 0.031),
        ("floor", 0.2, 1.0),
        ("both", 0.2, 0.5),
        ("zero", 0.0, 0.0),
        ("whole", 1.0, 1.0),
    ] {
        table.push(vec![Cell::text(name), Cell::exact(low), Cell::exact(high)]);
    }
    table.push(vec![Cell::text("no such"), Cell::Empty, Cell::Empty]);
    let expected = "\
Back

pair     comes back
───────────────────────
nothing  cannot be told
cap      at most 3.1%
floor    at least 20%
both     20% to 50%
zero     0%
whole    100%
no such
";
    assert_eq!(screen(&[table], lines(40)), expected);
}

#[test]
fn a_user_sorts_by_the_heading_of_any_column_of_numbers() {
    let mut table = Table::new("a", "A", vec![Column::text("x"), Column::number("y_z", DOLLARS)]);
    table.push(vec![Cell::text("one"), bn(1.0)]);
    table.push(vec![Cell::text("two"), bn(-2.0)]);
    assert!(!sort(&mut table, "x") && sort(&mut table, "Y z"));
    let shown = screen(&[table], lines(40));
    assert!(shown.find("two") < shown.find("one"), "{shown}");
}

#[test]
fn every_column_is_shown_or_named() {
    let table = strategy();
    for columns in 60..=160 {
        let style = Style { width: columns, lines: Some(40), ..Style::default() };
        let shown = screen(std::slice::from_ref(&table), style);
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        let named = flat.split_once("not shown: ").map_or("", |(_, rest)| rest);
        let named = named.split_once("(--wide)").map_or("", |(names, _)| names);
        let more: usize =
            named.split(" and ").nth(1).and_then(|rest| rest.split(' ').next()?.parse().ok()).unwrap_or(0);
        // The longest first: a title may be a part of another.
        let mut titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
        titles.sort_by_key(|title| std::cmp::Reverse(title.len()));
        let mut names = named.to_owned();
        let mut take = |title: &&str| {
            let has = names.contains(*title);
            names = names.replacen(*title, "", 1);
            has
        };
        let by_name = titles.into_iter().filter(|title| take(title)).count();
        // A heading may stand on several lines, so that its first word has to do.
        let rule = shown.lines().position(|line| line.starts_with('─')).expect("a rule");
        let cells = shown.lines().nth(rule + 1).expect("a row").split("  ").filter(|cell| !cell.is_empty());
        assert_eq!(cells.count() + by_name + more, table.columns.len(), "{columns} columns:\n{shown}");
    }
}
