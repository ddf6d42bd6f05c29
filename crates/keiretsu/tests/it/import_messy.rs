//! A table of deals as an analyst types it, with a byte order mark and line ends of Windows: columns in
//! another order, empty cells, `US$` and "bn" in columns of dollars, dates in seven shapes, euros and yen,
//! options, valuations and rates among the words. Figures are as reported in the press of 2025, some from
//! memory: what is tested is where they stand.

use crate::import_second::stands;

const TABLE: &str = include_str!("import_messy.csv");

/// What rows become: the row, its place, and a line that the statement there has.
const EXPECTED: [(&str, &str, &str); 43] = [
    ("crwv-ddtl3", "contracts.crwv-ddtl3", "spread = \"4.00%\""),
    ("crwv-ddtl3", "contracts.crwv-ddtl3", "lender = [\"morgan-stanley\", \"mufg-bank\", \"goldman-sachs\"]"),
    ("crwv-notes-2030", "contracts.crwv-notes-2030", "amount = \"$2,000M\""),
    ("crwv-notes-2031", "contracts.crwv-notes-2031", "amount = \"$2.6B\""),
    ("crwv-notes-2031", "contracts.crwv-notes-2031", "maturity = \"Feb 2031\""),
    // The end of the row is the day on which the notes are due, and no day of payment.
    ("crwv-conv", "contracts.crwv-conv", "paid = \"2025-12-11\""),
    ("crwv-conv", "contracts.crwv-conv", "maturity = \"2031-12-01\""),
    // A cap is a cap, however roughly.
    ("crwv-meta", "contracts.crwv-meta", "minimum = \"up to ~$14.2B over 75 months\""),
    ("nbis-msft", "contracts.nbis-msft", "minimum = \"$17.4B over 84 months\""),
    (
        "nbis-msft",
        "contracts.nbis-msft",
        "options = { more = { total = \"up to $19.4B\", \
         text = \"up to $19.4bn with additional capacity\" } }",
    ),
    ("nbis-meta", "contracts.nbis-meta", "seller = \"nebius\""),
    ("nbis-conv", "contracts.nbis-conv", "amount = \"$3.75B\""),
    ("nbis-conv", "contracts.nbis-conv", "issuer = \"nebius\""),
    ("nbis-eq", "contracts.nbis-eq", "known = \"2025-11-09\""),
    ("apld-crwv", "contracts.apld-crwv", "part_of = \"apld-crwv-3\""),
    ("apld-crwv", "contracts.apld-crwv", "lessor = \"applied-digital\""),
    ("goog-fluid", "contracts.goog-fluid-2", "type = \"guarantee\""),
    ("goog-fluid-2", "contracts.goog-fluid-2", "figure = \"$3.2B\""),
    ("goog-wulf", "contracts.goog-wulf", "shares = \"~41 million shares\""),
    ("fluid-wulf", "contracts.fluid-wulf", "term = \"120 months\""),
    ("fluid-wulf", "contracts.fluid-wulf", "rent = \"$3.7B\""),
    ("asml-mistral", "contracts.asml-mistral", "part_of = \"mistral-c\""),
    ("mistral-c", "contracts.mistral-c", "amount = \"EUR 1.7 bn\""),
    ("asml-mistral-mark", "reports.asml-stake-mistral-ai-2025-12-31", "basis = \"fully diluted\""),
    ("cohere-d", "contracts.cohere-d", "amount = \"$500M\""),
    ("cohere-d", "contracts.cohere-d", "known = \"2025-08-14\""),
    ("meta-hyperion", "contracts.meta-hyperion", "rate = \"about 6.58%\""),
    ("meta-hyp-lease", "contracts.meta-hyp-lease", "term = \"48 months\""),
    ("xai-spv-lease", "contracts.xai-spv-lease", "from = \"2025-Q4\""),
    ("xai-series-e", "contracts.xai-series-e", "amount = \"$20B\""),
    ("vantage-frontier", "contracts.vantage-frontier", "spread = \"2.5%\""),
    ("crusoe-abilene", "contracts.crusoe-abilene", "amount = \"$7.1B\""),
    ("sb-ohio", "contracts.sb-ohio", "amount = \"\u{a5}55.7 billion\""),
    ("sb-ampere", "holdings.softbank-bought-of-ampere-computing", "stake = \"100%\""),
    ("sb-bridge", "contracts.sb-bridge", "borrower = \"softbank\""),
    ("ocr-oai-vendor", "contracts.ocr-oai-vendor", "minimum = \"about $300B over 60 months\""),
    ("poolside-crwv", "contracts.poolside-crwv", "minimum = \"undisclosed\""),
    ("nvda-crwv", "contracts.nvda-crwv", "cap = \"$6.3B\""),
    ("meta-abs", "contracts.meta-abs", "amount = \"$795M\""),
    ("aws-talen", "contracts.aws-talen", "term = \"204 months\""),
    ("taxeq-1", "contracts.taxeq-1", "amount = \"half a billion dollars\""),
    ("together-min", "contracts.together-min", "minimum = \"at least $50m per year\""),
    ("crusoe-oai", "contracts.crusoe-oai", "buyer = \"openai\""),
];

#[test]
fn every_row_of_a_messy_table_stands_where_it_belongs() {
    let bytes = [b"\xef\xbb\xbf", TABLE.replace('\n', "\r\n").as_bytes()].concat();
    stands(&bytes, "messy", &EXPECTED, &[]);
}
