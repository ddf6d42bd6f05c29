//! Deals of other trades, with the headings of an ordinary spreadsheet: towers, aircraft, gas, ships,
//! royalties, batteries. Figures are as reported in the press, some from memory: what is tested is where they
//! stand.

use crate::import_second::stands;

const TABLE: &str = include_str!("import_trades.csv");

/// What rows become: the row, its place, and a line that the statement there has.
const EXPECTED: [(&str, &str, &str); 37] = [
    // The whole is bought of its holders, in euros.
    ("telxius", "holdings.american-tower-bought-of-telxius", "cost = \"\u{20ac}7.7 billion\""),
    ("cellnex-hutch", "contracts.cellnex-hutch", "amount = \"about \u{20ac}10bn\""),
    ("vodafone-msa", "contracts.vodafone-msa", "term = \"96 months\""),
    ("att-tower", "contracts.att-tower", "rent = \"undisclosed\""),
    ("spirit-slb", "contracts.spirit-slb", "rent = \"undisclosed\""),
    ("indigo-boc", "contracts.indigo-boc", "rent = \"$1.2m per month\""),
    ("skymiles-a", "contracts.skymiles-a", "rate = \"4.5%\""),
    ("skymiles-b", "contracts.skymiles-b", "maturity = \"2028-10-20\""),
    ("skymiles-tl", "contracts.skymiles-tl", "spread = \"3.75%\""),
    ("mileageplus", "contracts.mileageplus", "amount = \"USD 6.8 billion\""),
    ("sempra-cop", "contracts.sempra-cop", "minimum = \"undisclosed\""),
    ("cop-equity", "contracts.cop-equity", "amount = \"undisclosed\""),
    ("qatar-sinopec", "contracts.qatar-sinopec", "minimum = \"more than $60B over 324 months\""),
    ("riogrande", "contracts.riogrande", "lender = \"outside\""),
    (
        "gip-riogrande",
        "contracts.gip-riogrande",
        "investor = [\"gip\", \"gic\", \"mubadala\", \"totalenergies\"]",
    ),
    ("zim-seaspan", "contracts.zim-seaspan", "rent = \"about $1.5B\""),
    // What is contracted and still to come is a backlog, whatever it will be revenue of.
    ("danaos-backlog", "reports.danaos-backlog-2022-12-31", "of = \"backlog\""),
    ("flex-cheniere", "contracts.flex-cheniere", "rent = \"$75,000 per day\""),
    // A threshold of sales is no cap of the share, and the price of a share is none either.
    ("rp-cyto", "contracts.rp-cyto", "rate = \"4.5%\""),
    ("bx-alny", "contracts.bx-alny", "rate = \"50%\""),
    ("bx-alny", "contracts.bx-alny", "base = \"undisclosed\""),
    ("rp-cyto-fund", "contracts.rp-cyto-fund", "when = \"milestones\""),
    ("bx-alny-loan", "contracts.bx-alny-loan", "amount = \"up to $750M\""),
    ("bx-alny-stock", "contracts.bx-alny-stock", "amount = \"$100M\""),
    ("tesla-lges", "contracts.tesla-lges", "minimum = \"$4.3B over 36 months\""),
    ("blueoval-doe", "contracts.blueoval-doe", "amount = \"up to $9.63B\""),
    ("bmw-northvolt", "contracts.bmw-northvolt", "standing = \"terminated\""),
    ("northvolt-debt", "contracts.northvolt-debt", "lender = [\"eib\", \"nib\", \"others\"]"),
    // A stake of which nothing else says that it was bought is a holding.
    ("vw-northvolt", "holdings.volkswagen-in-northvolt", "stake = \"21%\""),
    ("plug-warrant", "contracts.plug-warrant", "strike = \"$22.9841/share\""),
    ("airtrunk-88", "contracts.airtrunk-88", "amount = \"A$24B\""),
    ("rapidus-notes", "contracts.rapidus-notes", "rate = \"1.9%\""),
    ("digicel-towers", "contracts.digicel-towers", "escalator = \"3%\""),
    ("digicel-towers", "contracts.digicel-towers", "rent = \"$30m per year\""),
    ("jera-lng", "contracts.jera-lng", "minimum = \"circa $10B over 240 months\""),
    ("evrysdi", "contracts.evrysdi", "base = \"undisclosed\""),
    ("eutelsat-warrant", "contracts.eutelsat-warrant", "strike = \"\u{20ac}4.00/share\""),
];

#[test]
fn deals_of_other_trades_stand_where_they_belong() {
    let (told, _) = stands(TABLE.as_bytes(), "trades", &EXPECTED, &[]);
    // Two names of which one begins with the other are two parties, and the import says so, once.
    let alike =
        told.values().filter(|(_, why)| why.contains("`Delta Air Lines` and `Delta` are two parties"));
    assert_eq!(alike.count(), 1);
}
