//! Random tables: whatever the cells say, each row is somewhere with a reason, and the model has no errors.

use std::collections::BTreeMap;
use std::path::Path;

use keiretsu::import::{self, ImportError};
use keiretsu_maths::splitmix::SplitMix;

const HEAD: &str = "id,kind,payer_or_investor,payee_or_issuer,amount_low_usd,amount_high_usd,amount_text,\
                    qualifier,currency,status,announced,start,end,condition,capacity_gw,stake_pct,\
                    valuation_usd,conflicts_with,source_title,source_url,confidence";

/// Cells that people write, and cells that nobody should.
const CELLS: [&[&str]; 20] = [
    &[
        "equity_tranche",
        "convertible",
        "warrant",
        "debt",
        "lease",
        "guarantee",
        "backstop",
        "credits",
        "service_commitment",
        "capacity",
        "capex",
        "revenue_share",
        "valuation_mark",
        "rpo_mark",
        "access_right",
        "platform_offering",
        "revenue_mark",
        "cash_burn_mark",
        "",
        "swap",
    ],
    &[
        "Lab",
        "Cloud",
        "Cloud (Compute)",
        "Énergie",
        "max",
        "USD",
        "A, B",
        "(all)",
        "A, B (Venture)",
        "-",
        "株式会社甲",
        "outside",
        "Lab employees (secondary)",
        "[x]\"",
        "most lenders",
        "\u{202e}odd",
        "2030",
    ],
    &[
        "Lab",
        "Grid",
        "revenue",
        "true",
        "Cloud",
        "(landlords)",
        "A and B",
        "Lab (Lab)",
        "GW",
        "x.y",
        "É",
        "",
        "Lab employees (secondary)",
    ],
    &[
        "5000000000",
        "99999",
        "",
        "0",
        "7,00",
        "2.345,67",
        "1,234",
        "1e400",
        "-3",
        "1e-320",
        "ten",
        "=1",
        "NaN",
    ],
    &[
        "5000000000",
        "9e15",
        "99999",
        "",
        "7,00",
        "1,234",
        "2.345,67",
        "1e300",
        "-3",
        "1e-9",
        "0",
        "12",
        "0.5",
    ],
    &[
        "",
        "$5 billion over five years",
        "$5 billion a month",
        "15-year lease at 6.5%",
        "20% of revenue",
        "$12 per gigawatt",
        "two-thirds",
        "a board seat",
        "over a year",
        "$99999 annually",
        "tender",
        "a \"quote\", and\\more",
        "over 0 years",
        "0.1-year",
        "$1 over 9999 years",
        "101%",
        "shares at $0.01",
        "50% of gross profit",
        "over 900 years",
        "0.5% notes",
    ],
    &["exact", "about", "up_to", "more_than", "range", "undisclosed", "", "some"],
    &["USD", "EUR", "", "GW"],
    &["paid", "firm", "conditional", "announced", "terminated", "", "odd"],
    &["2026-04-20", "2026-04", "2026", "2025-11-30", "", "soon"],
    &["2026-04-20", "2026", "", "2027-02", "1999", "2026-12-31", "2026-04-20 to 2026-06-30"],
    &["2031-04-19", "2028", "", "2027-01", "2026-04-20", "2026", "2200", "1999-12-31", "2150-01"],
    &["", "on milestones", "fair value", "first refusal", "a gain", "tender: no cash to the company", "#"],
    &["", "5", "0-5", ">1", "~2", "0.2-0.4", "0", "0,4", "1e9", "-1", "300 MW"],
    &["", "7", "100", "0", "101", "12,5", "1e-9"],
    &["", "500000000000", "0", "1,5"],
    &["", "r0", "r1;r2", "r3", "nobody"],
    &["", "Note", "Größe", "Other", "max", "\""],
    &["", "https://example.org/1"],
    &["high", "medium", "low", ""],
];

fn table(random: &mut SplitMix) -> String {
    let mut text = format!("{HEAD}\n");
    for row in 0..6 {
        text.push_str(&format!("r{row}"));
        for list in CELLS {
            // Mostly one of the first half: an odd cell hides what the others would do.
            let most = if random.below(20) == 0 { list.len() } else { list.len().div_ceil(2) };
            text.push_str(&format!(",\"{}\"", list[random.below(most)].replace('"', "\"\"")));
        }
        text.push('\n');
    }
    text
}

#[test]
fn no_table_makes_a_model_with_errors() {
    let nowhere = Path::new("/nowhere/at/all");
    let mut random = SplitMix(20_261_130);
    let mut placed = 0;
    let mut wrong: BTreeMap<String, String> = BTreeMap::new();
    for _ in 0..1_000 {
        let text = table(&mut random);
        match import::claims(text.as_bytes(), nowhere) {
            Ok(imported) => {
                assert_eq!(imported.counts.iter().sum::<usize>(), 6, "each row is somewhere:\n{text}");
                assert_eq!(imported.table.rows.len(), 6, "each row is told:\n{text}");
                let told = format!("{:?}", imported.table.rows);
                assert!(!told.contains("the language refuses it"), "{told}\n{text}");
                placed += imported.counts[0];
            }
            Err(ImportError::Internal(errors)) => _ = wrong.insert(errors.join("; "), text),
            Err(other) => panic!("{other:?} of\n{text}"),
        }
    }
    assert!(wrong.is_empty(), "{} errors: {:#?}", wrong.len(), wrong.iter().take(5).collect::<Vec<_>>());
    assert!(placed > 1_000, "{placed} rows were placed: the tables are not so odd that nothing fits");
}
