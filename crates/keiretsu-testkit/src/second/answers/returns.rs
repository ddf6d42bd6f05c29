//! Returns on stated holdings: what was paid in, the mark, the multiple, the implied value of the issuer.

use toml::Value;

use super::super::dues::{For, Row, Standing};
use super::super::figure::READINGS;
use super::super::set::{Set, sum};
use super::super::world::{World, figure_of};
use super::{Cells, slices};

/// Fills in the cells of `returns` for holdings whose stake, cost and mark are stated.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    for (name, holding) in &world.holdings {
        let party = |key: &str| holding.get(key).and_then(Value::as_str).unwrap_or_default();
        let (owner, issuer) = (world.group(party("owner")), world.group(party("issuer")));
        if owner == issuer {
            continue;
        }
        for (reading, word) in READINGS.iter().enumerate() {
            let figure = |key: &str| figure_of(holding.get(key), world).map(|figure| figure.read(reading));
            let (Some(stake), Some(cost), Some(mark)) = (figure("stake"), figure("cost"), figure("value"))
            else {
                continue;
            };
            // Only paid tranches may be the same purchase, and then the larger counts.
            let parts = slices::parts(rows, world);
            let paid = parts.iter().filter(|part| {
                part.row.purpose == For::Capital
                    && part.row.standing == Standing::Paid
                    && (part.payer, part.payee) == (owner, issuer)
            });
            let paid = sum(paid.map(|part| part.signed(part.row.commitment(reading))));
            let paid_in = cost.larger(paid);
            let line = format!("returns|{name}|{word}");
            cells.insert(format!("{line}|share"), stake);
            cells.insert(format!("{line}|paid_in"), paid_in);
            cells.insert(format!("{line}|value"), mark);
            cells.insert(format!("{line}|moic"), mark.over(paid_in));
            cells.insert(format!("{line}|implied_value"), implied(mark, stake));
        }
    }
}

fn implied(mark: Set, stake: Set) -> Set {
    mark.over(stake)
}
