//! Returns on stated holdings: what was paid in, the mark, the multiple, the implied value of the issuer.

use toml::Value;

use super::super::dues::{For, Row};
use super::super::figure::READINGS;
use super::super::world::{World, figure_of};
use super::{Cells, slices};

/// Fills in the cells of `returns` for holdings whose stake, cost and mark are stated.
pub fn fill(rows: &[Row], world: &World, cells: &mut Cells) {
    for (name, holding) in &world.holdings {
        let party = |key: &str| holding.get(key).and_then(Value::as_str).unwrap_or_default();
        let (owner, issuer) = (world.group(party("owner")), world.group(party("issuer")));
        // Which of a stated cost and a paid tranche is which purchase is a matter of coverage.
        let bought = |part: &slices::Part<'_>| {
            part.row.purpose == For::Capital && (part.payer, part.payee) == (owner, issuer)
        };
        if owner == issuer || slices::parts(rows, world).iter().any(bought) {
            continue;
        }
        for (reading, word) in READINGS.iter().enumerate() {
            let figure = |key: &str| figure_of(holding.get(key), world).map(|figure| figure.read(reading));
            let (Some(stake), Some(cost), Some(mark)) = (figure("stake"), figure("cost"), figure("value"))
            else {
                continue;
            };
            let line = format!("returns|{name}|{word}");
            cells.insert(format!("{line}|share"), stake);
            cells.insert(format!("{line}|paid_in"), cost);
            cells.insert(format!("{line}|value"), mark);
            cells.insert(format!("{line}|moic"), mark.over(cost));
            cells.insert(format!("{line}|implied_value"), mark.over(stake));
        }
    }
}
