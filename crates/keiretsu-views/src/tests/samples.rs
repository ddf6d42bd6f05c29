//! Tables as measures make them.

use super::{Bound, Cell, Column, ColumnKind, Table, Unit, Value};
use keiretsu_values::{Currency, Window};

pub const DOLLARS: Unit = Unit::Money(Currency::USD);

/// A cell of an exact amount in billions.
pub fn bn(amount: f64) -> Cell {
    Cell::exact(amount * 1e9)
}

fn marked(amount: f64, bound: Bound) -> Cell {
    Cell::Value(Value::known(amount, bound))
}

fn unknown(reason: &str) -> Cell {
    Cell::Value(Value::unknown(reason))
}

pub fn window() -> Window {
    Window {
        as_of: "2026-05-01".into(),
        known_on: None,
        model_hash: "b3f1".into(),
        simulation: Some((1, 10_000)),
    }
}

/// Three rows with every kind of mark.
pub fn coverage() -> Table {
    let columns = vec![
        Column::text("pair"),
        Column::number("paid", DOLLARS),
        Column::number("contracted_back", DOLLARS),
        Column::number("coverage", Unit::Multiple),
    ];
    let mut table = Table::new("coverage", "Contracted back for each dollar put in", columns);
    let pair = |name: &str| Cell::text(name);
    table.push(vec![
        pair("amazon in anthropic"),
        bn(13.0),
        marked(100e9, Bound::AtLeast),
        marked(7.6923, Bound::AtLeast),
    ]);
    table.push(vec![pair("microsoft in openai"), bn(13.8), bn(250.0), marked(250.0 / 13.8, Bound::Open)]);
    table.push(vec![
        pair("google in anthropic"),
        marked(3e9, Bound::About),
        bn(0.0),
        unknown("stake undisclosed"),
    ]);
    table.assumptions.push("anthropic: the AWS minimum is cumulative".into());
    table.window = Window { as_of: "2026-05-01".into(), ..Window::default() };
    table
}

/// Twelve columns of several units.
pub fn strategy() -> Table {
    let columns = vec![
        Column::text("party"),
        Column::text("reading"),
        Column::number("paid_in", DOLLARS),
        Column::number("still_to_pay", DOLLARS),
        Column::number("contracted_back", DOLLARS),
        Column::number("coverage", Unit::Multiple),
        Column::number("stake", Unit::Share),
        Column::number("stake_value", DOLLARS).titled("stake value (mark, unrealised)"),
        Column::number("share_of_backlog", Unit::Share),
        Column::number("capacity", Unit::Power),
        Column::number("loss_if_partner_fails", DOLLARS).titled("loss if the partner fails"),
        Column::text("right_to_see").titled("right to see"),
    ];
    let mut table = Table::new("compare", "Strategies side by side", columns);
    let rows = [
        ("amazon", "board observer; consent to a change of control until 2030", 13.0, 100.0, 0.17, 5.0),
        ("microsoft", "board seat given up in 2024; access to models until 2032", 13.8, 250.0, 0.27, 12.5),
        ("google", "none", 3.0, 0.0, 0.14, 1.0),
    ];
    for (party, right, paid, back, stake, power) in rows {
        for reading in ["firm", "expected (central)", "headline"] {
            let back = marked(back * 1e9, if back > 0.0 { Bound::AtLeast } else { Bound::Exact });
            let coverage = back.value().unwrap().times(1.0 / (paid * 1e9));
            table.push(vec![
                Cell::text(party),
                Cell::text(reading),
                bn(paid),
                if reading == "firm" { bn(0.0) } else { marked(20e9, Bound::AtMost) },
                back,
                Cell::Value(coverage),
                marked(stake, Bound::About),
                if party == "google" { unknown("holding is undisclosed") } else { bn(stake * 500.0) },
                Cell::exact(stake * 1.37),
                Cell::exact(power),
                bn(paid * -3.3),
                Cell::text(right),
            ]);
        }
    }
    table.note(
        "Losses are shown before guarantees; what can be resold is taken at the price of the factor compute.",
    );
    table.leave_out("google: credits given to start-ups are undisclosed");
    table.assumptions.push("openai-azure: the $250bn is a total, without a minimum by year".into());
    table.window = window();
    table
}

/// One unit over many columns.
pub fn yearly() -> Table {
    let mut columns = vec![Column::text("from"), Column::text("to"), Column::text("contract")];
    columns.extend((2026..2037).map(|year| Column::number(&year.to_string(), DOLLARS)));
    columns.push(Column::number("undated", DOLLARS));
    let mut table = Table::new("commitments", "Commitments by the year they fall due", columns);
    for (from, to, contract, first) in
        [("anthropic", "aws", "anthropic-on-aws", 1.2), ("openai", "oracle", "stargate-abilene-lease", 14.5)]
    {
        let mut row = vec![Cell::text(from), Cell::text(to), Cell::text(contract)];
        row.extend((0..11).map(|year| if year < 9 { bn(first * f64::from(1 + year)) } else { bn(0.0) }));
        row.push(if from == "openai" { unknown("dates are undisclosed") } else { bn(0.0) });
        table.push(row);
    }
    table.reading = Some("firm".into());
    table.window = window();
    table
}

/// Rows that answer different questions.
pub fn compare() -> Table {
    let columns = vec![
        Column::text("question"),
        Column::new("unit", ColumnKind::Unit),
        Column::new("amazon", ColumnKind::Measured),
        Column::new("microsoft", ColumnKind::Measured),
    ];
    let mut table = Table::new("compare", "Side by side", columns);
    let mut row = |question: &str, unit, amounts: [f64; 2]| {
        let [amazon, microsoft] = amounts.map(Cell::exact);
        table.push(vec![Cell::text(question), Cell::Unit(unit), amazon, microsoft]);
    };
    row("money at risk", DOLLARS, [33e9, 13.8e9]);
    row("contracted back for each dollar put in", Unit::Multiple, [7.6923, 18.1]);
    row("share of the partner that is held, as converted", Unit::Share, [0.17, 0.27]);
    row("capacity promised", Unit::Power, [5.0, 1.5]);
    table
}
