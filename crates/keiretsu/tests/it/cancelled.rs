//! What can be cancelled, and where its fee stands, in every table; each derived by hand.

use keiretsu::Question;
use keiretsu_values::{Cell, Table, Value};

use crate::asked::key;
use crate::measured::{WORLD, is, tables, value};

/// A month of $2M over 2025 to 2027, of which 24 are to come.
fn supply(more: &str) -> String {
    format!(
        "{WORLD}[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-01\"\n\
         until = \"2027-12\"\nminimum = \"$2M/month\"\n{more}\n"
    )
}

const LEASE: &str = "[contracts.l]\ntype = \"lease\"\nlessee = \"a\"\nlessor = \"b\"\nrent = \"$12M/yr\"\n\
    from = \"2025-01\"\nterm = \"3 years\"\nresidual = { guaranteed = \"$20M\", value = \"$5M\" }\n\
    cancellable = { by = \"lessee\", notice = \"6 months\", fee = \"$2M\" }\n";

fn firm(text: &str, measure: &str, at: Option<&str>) -> Vec<Table> {
    let (reading, at) = (Some("firm".to_owned()), at.map(str::to_owned));
    tables(text, measure, &Question { reading, at, ..Question::default() })
}

fn exposed(text: &str, at: &str) -> Value {
    value(&firm(text, "exposure", Some(at))[0], &["b", "a"], "exposure_cancellable")
}

/// By hand: notice until the end of March; 42 of the 48 to come fall after it, less 4. At the end of June
/// 2027 six months of 2 are to come, and the fee is owed still: 8.
#[test]
fn what_was_paid_and_the_fee_cannot_be_cancelled() {
    let text = supply("cancellable = { by = \"buyer\", notice = \"3 months\", fee = \"$4M\" }");
    is(&exposed(&text, "2026-01"), 38.0);
    is(&exposed(&text, "2027-06"), 8.0);
    is(&exposed(&text, "2027-12"), 0.0);
    // A share of what is left: 20% of 12.
    let share = text.replace("\"$4M\"", "\"20% of what is left\"");
    is(&exposed(&share, "2027-06"), 9.6);
}

/// By hand: of rent 18 fall after the notice, less 2; at the end of June 2027 6 less 2. The 15 that the asset
/// is worth less than guaranteed stay.
#[test]
fn a_value_guaranteed_at_the_end_stays() {
    let text = format!("{WORLD}{LEASE}");
    is(&exposed(&text, "2026-01"), 16.0);
    is(&exposed(&text, "2027-06"), 4.0);
}

/// By hand: it ends in July for 4, which is what cancelling costs too. Of the six months of 2 that are to
/// come three stand; of the fee all does, wherever it stands.
#[test]
fn the_fee_stands_where_it_is_owed() {
    let text = supply(
        "terminated_when = \"2026-07\"\n\
         cancellable = { by = \"buyer\", notice = \"3 months\", fee = \"$4M\" }",
    );
    let all = firm(&text, "commitments", None);
    let total = |column: &str| value(&all[0], &["a", "b", "firm"], column);
    is(&total("cancellable"), 6.0);
    is(&total("fixed"), 34.0);
    let contracts = all.iter().find(|table| table.name == "contracts").expect("contracts");
    is(&value(contracts, &["s"], "stands"), 30.0);
    is(&value(contracts, &["s.termination"], "stands"), 4.0);
    let backlog = &firm(&text, "concentration", None)[0];
    is(&value(backlog, &["b", "backlog", "a"], "cancellable"), 6.0);
    is(&value(backlog, &["b", "backlog", "a"], "fixed"), 6.0);
    is(&value(&firm(&text, "lock_in", None)[0], &["a", "b"], "cancellable"), 6.0);
    is(&exposed(&text, "2026-01"), 6.0);
    // Another fee for cancelling: of the end's 4 one falls away, or the contract pays one more.
    let other = |fee: &str| {
        let text = text.replace("fee = \"$4M\"", &format!("fee = \"{fee}\"")) + "termination_fee = \"$4M\"\n";
        let all = firm(&text, "commitments", None);
        let named = |name: &str| {
            let table = all.iter().find(|table| table.name == "contracts").expect("contracts");
            value(table, &[name], "stands").amount().expect("a number") / 1e6
        };
        [named("s"), named("s.termination")].map(|amount| (amount * 1e3).round() / 1e3)
    };
    assert_eq!(other("$3M").map(f64::to_bits), [30.0_f64, 3.0].map(f64::to_bits));
    assert_eq!(other("$5M").map(f64::to_bits), [31.0_f64, 4.0].map(f64::to_bits));
}

/// The columns on cancelling add up like the amounts that they take apart.
#[test]
fn what_can_be_cancelled_is_in_the_totals() {
    let text = supply("cancellable = true") + LEASE;
    let pairs = &firm(&text, "commitments", None)[0];
    for key in ["cancellable", "unsaid", "fixed"] {
        let at = pairs.column(key).expect("a column");
        assert!(pairs.columns[at].adds, "{key}");
    }
    let parts = ["cancellable", "unsaid", "fixed"];
    for row in &pairs.rows {
        let number = |column: &str| row[pairs.column(column).expect("a column")].value().cloned();
        let sum = parts.iter().filter_map(|part| number(part)).fold(Value::exact(0.0), |a, b| a.plus(&b));
        let total = number("total").and_then(|value| value.amount());
        assert!(
            sum.amount().is_none_or(|sum| total.is_some_and(|total| (sum - total).abs() < 1.0)),
            "{} {sum:?} {total:?}",
            key(&row[0])
        );
        assert!(row.iter().all(|cell| *cell != Cell::Empty));
    }
}
