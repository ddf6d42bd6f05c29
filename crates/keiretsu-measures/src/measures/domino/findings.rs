//! What domino says first: the failure that costs another party most, and who falls with it.

use keiretsu_values::{Finding, Table};

use super::tables::{LOSSES, WAVES};
use crate::telling::{Noun, Picked, counted, or_else};

const LOSS: Noun = ("loss", "losses");
const MODELS: [&str; 3] = ["clearing", "cross_holdings", "debtrank"];

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let losses = Picked::of(tables, LOSSES.name);
    if losses.is_empty() {
        return vec![Finding::text("No failure costs another party anything: no tie carries a loss.")];
    }
    let worst = losses.most(|row| {
        let known = MODELS.iter().filter_map(|model| row.amount(model)).filter(|loss| 0.0 < *loss);
        known.reduce(f64::max)
    });
    let worst = worst.map(|row| {
        let said = "If {failing} fails, {party} loses {clearing} by clearing, {cross_holdings} through \
                    cross-holdings, {debtrank} by DebtRank: three models, never added.";
        row.say(said)
    });
    let waves = Picked::of(tables, WAVES.name);
    let dragged = waves.that(|row| row.amount("wave").is_some_and(|wave| 1.0 < wave));
    let without = losses.unknown("capital").distinct("party");
    let falls = match dragged.smallest("wave") {
        Some(row) => row.say("{party} falls with {failing}, in wave {wave} ({model})."),
        None if without == 0 => Finding::text("No other party falls in any of the models."),
        None => Finding::text(format!(
            "No other party is seen to fall; {} state no capital, so whether they stand cannot be told.",
            counted(without, ("loser does not state what it can lose: that is,", "losers"))
        )),
    };
    let hidden = losses.that(|row| MODELS.iter().all(|model| row.amount(model).is_none())).len();
    let hidden = (0 < hidden).then(|| {
        Finding::text(format!("{hidden} of {} are unknown in all three models.", counted(losses.len(), LOSS)))
    });
    or_else([worst, Some(falls), hidden], "What failures cost is unknown.")
}
