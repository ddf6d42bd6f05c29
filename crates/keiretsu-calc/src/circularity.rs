//! `keiretsu calc circularity`: payments to how much of each party's money comes back to it.

mod given;
mod traced;

use keiretsu_methods::circularity::CircularityError;
use keiretsu_values::{Cell, Column, Table, Unit, Value};
use serde::Serialize;

use crate::answer::{MethodAnswer, Tabular};
use crate::faults::Faults;
use crate::{CalcError, Method, Opt, Request};

pub static METHOD: Method = Method {
    name: "circularity",
    summary: "How much of the money that each party pays comes back to it",
    help: r#"Nobody can say which dollar came back; but of all ways to follow money that neither create nor destroy it, there is one in which least comes back and one in which most does. Both are given, and between them the share that comes back if every payment carries the payer's average (pro rata; Finn 1976 over all parties).

JSON in:
  {"flows": [{"from", "to", "amount", "month"?}], "inflow"?: {"id": amount}, "outflow"?: {"id": amount},
   "balance"?: true}
or CSV: from,to,amount[,month].

`inflow` is what a party receives from outside, `outflow` what it pays or keeps there. What goes through a party is what it receives. With "balance": true the difference of receipts and uses is added to inflow or outflow; without it nothing is, and where money can neither stay nor go bounds are null. With months, money that came back before it left does not count: what a party pays before it has received it was its own.

JSON out: {"pairs": [{"from", "to", "sent", "back_lower", "back_pro_rata", "back_upper"}], "parties": [{"id", "throughflow", "return_probability", "sent", "back_lower", "back_pro_rata", "back_upper"}], "finn_cycling_index", "reciprocity", "max_circulation"}, and "left_out" if something is null.

What a party pays itself counts in the last three, in throughflow and return_probability, not in pairs. Numbers of different parties overlap: do not add them up."#,
    example: "\
Examples:
  keiretsu calc circularity payments.json
  keiretsu calc circularity payments.csv --format json",
    options: &[Opt::flag("balance", "With CSV: add what is unexplained to inflow or outflow")],
    run,
};

/// The answer.
#[derive(Debug, Default, Serialize)]
struct Circular {
    pairs: Vec<Pair>,
    parties: Vec<Party>,
    finn_cycling_index: Option<f64>,
    reciprocity: f64,
    max_circulation: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_out: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Pair {
    from: String,
    to: String,
    #[serde(flatten)]
    back: Back,
}

#[derive(Debug, Serialize)]
struct Party {
    id: String,
    throughflow: f64,
    return_probability: Option<f64>,
    #[serde(flatten)]
    back: Back,
}

/// Money sent, and the part that comes back.
#[derive(Clone, Copy, Debug, Default, Serialize)]
#[expect(clippy::struct_field_names, reason = "the names are those of the answer")]
struct Back {
    sent: f64,
    back_lower: Option<f64>,
    back_pro_rata: Option<f64>,
    back_upper: Option<f64>,
}

fn run(request: &Request) -> Result<Box<dyn MethodAnswer>, CalcError> {
    let faults = Faults::default();
    let given = given::read(request, &faults).unwrap_or_default();
    faults.none()?;
    match traced::trace(&given) {
        Ok(circular) => Ok(Box::new(circular)),
        Err(CircularityError::NoOrigin) => Err(CalcError::no_answer(
            "some parties pay only each other, and there are too many parties to follow that to the end",
            "give what they receive from outside as `inflow`",
        )),
        Err(_) => Err(CalcError::no_answer("the sums are too large", "use a larger unit")),
    }
}

fn known(number: Option<f64>) -> Cell {
    Cell::Value(number.map_or(Value::unknown("does not balance"), Value::exact))
}

impl Back {
    fn cells(&self) -> [Cell; 4] {
        [Cell::exact(self.sent), known(self.back_lower), known(self.back_pro_rata), known(self.back_upper)]
    }

    fn columns() -> [Column; 4] {
        let amount = |key, title| Column::number(key, Unit::Number { digits: 2 }).titled(title);
        [
            amount("sent", "sent"),
            amount("back_lower", "back, at least"),
            amount("back_pro_rata", "back, pro rata"),
            amount("back_upper", "back, at most"),
        ]
    }
}

impl Tabular for Circular {
    fn tables(&self) -> Vec<Table> {
        let mut columns = vec![Column::text("from"), Column::text("to")];
        columns.extend(Back::columns());
        let mut pairs =
            Table::new("circularity", "Of what one party sends another, what comes back", columns);
        for pair in &self.pairs {
            let mut row = vec![Cell::text(&pair.from), Cell::text(&pair.to)];
            row.extend(pair.back.cells());
            pairs.push(row);
        }
        let mut columns = vec![
            Column::text("id"),
            Column::number("throughflow", Unit::Number { digits: 2 }),
            Column::number("return_probability", Unit::Share).titled("chance of return"),
        ];
        columns.extend(Back::columns());
        let mut parties =
            Table::new("circularity_parties", "Of all that a party sends, what comes back", columns);
        for party in &self.parties {
            let mut row =
                vec![Cell::text(&party.id), Cell::exact(party.throughflow), known(party.return_probability)];
            row.extend(party.back.cells());
            parties.push(row);
        }
        if let Some(index) = self.finn_cycling_index {
            parties
                .note(format!("Finn cycling index: {:.2}% of all that goes through returns", 100.0 * index));
        }
        parties.note(format!("reciprocity: {:.2}% of payments meet payments back", 100.0 * self.reciprocity));
        parties.note(format!("could be netted without changing what anybody nets: {}", self.max_circulation));
        self.left_out.iter().for_each(|what| parties.leave_out(what));
        vec![pairs, parties]
    }
}
