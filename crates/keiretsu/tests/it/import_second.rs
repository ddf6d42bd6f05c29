//! A table of deals that nobody made, of other trades than the public one: each row where it belongs, totals
//! as by hand, the same from any spelling of the table, and no damage that breaks it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keiretsu::import::{self, ImportError, ImportLock, Imported};
use keiretsu::{Dates, Session};
use keiretsu_maths::splitmix::SplitMix;

use crate::asked::key;

const TABLE: &str = include_str!("import_second.csv");

/// What rows become: the row, its place, and a line that the statement there has.
const EXPECTED: [(&str, &str, &str); 60] = [
    ("bio-upfront", "contracts.bio-upfront.tranches.paid", "amount = \"$120M\""),
    ("bio-milestone", "contracts.bio-upfront.tranches.conditional", "before = \"2029-06-30\""),
    ("bio-royalty", "contracts.bio-royalty", "base = \"undisclosed\""),
    ("bio-royalty-cap", "contracts.bio-royalty-cap", "cap = \"up to $400M\""),
    ("bio-royalty-paid", "reports.kettle-capital-revenue-novagene-2025-12-31", "figure = \"about $31M\""),
    ("bio-licence", "contracts.bio-licence", "kinds = [\"exclusivity\"]"),
    ("bio-note", "contracts.bio-note", "price = \"undisclosed\""),
    ("bio-burn", "reports.novagene-burn-2026-03", "figure = \"about $18M per month\""),
    ("bio-rev", "reports.novagene-revenue-2026-02", "figure = \"about $8M per month\""),
    ("bio-margin", "reports.novagene-profit-2026", "basis = \"gross margin\""),
    ("ship-order", "contracts.ship-order", "seller = \"hanjin-yards\""),
    ("ship-order-alt", "contracts.ship-order", "use = \"yard-10-k-2025\""),
    ("ship-order-rev", "contracts.ship-order", "conflict = \"direction\""),
    ("ship-order-part1", "contracts.ship-order-part1", "part_of = \"ship-order\""),
    ("ship-order-part2", "contracts.ship-order-part2", "part_of = \"ship-order\""),
    ("ship-loan", "contracts.ship-loan", "lender = [\"nordic-export-bank\", \"fjord-bank\"]"),
    ("ship-loan-others", "contracts.ship-loan-others", "lender = [\"fjord-bank\", \"others\"]"),
    ("ship-charter", "contracts.ship-charter", "rent = \"$75M per year\""),
    ("ship-charter-total", "reports.grain-cargo-sa-commitments-borealis-line-2027-06", "figure = \"$600M\""),
    ("ship-guarantee", "contracts.ship-guarantee", "limit = \"up to $300M\""),
    ("ship-broker", "contracts.ship-broker", "beneficiary = \"outside\""),
    ("ship-debt", "reports.borealis-line-debt-2025-12-31", "figure = \"about $2.4B\""),
    ("ship-capex", "reports.borealis-line-capex-2026-12-31", "figure = \"$700M to $750M\""),
    ("ppa", "contracts.ppa", "minimum = \"\u{20ac}55 million per year\""),
    ("ppa-power", "contracts.ppa-power", "seller = \"solis-energy\""),
    ("ppa-tolling", "contracts.ppa-tolling", "minimum = \"up to $90M over 72 months\""),
    ("plant-build", "contracts.plant-build", "amount = \"\u{20ac}312 million\""),
    ("plant-project", "contracts.plant-project", "amount = \"about $1.1B\""),
    ("plant-bond", "contracts.plant-bond", "lender = \"outside\""),
    ("plant-pimco", "contracts.plant-pimco", "maturity = \"2030-12\""),
    ("plant-backstop", "contracts.plant-backstop", "cap = \"up to $50M\""),
    ("plant-credits", "contracts.plant-credits", "amount = \"up to $4M\""),
    ("plant-est", "reports.alumina-works-commitments-solis-energy-2040", "figure = \"about $1.2B\""),
    ("club-stake", "contracts.club-stake", "issuer = \"rovers-fc\""),
    ("club-mark", "reports.gulf-sports-fund-value-rovers-fc-2025-12-31", "figure = \"about $410M\""),
    ("club-stake-pct", "reports.gulf-sports-fund-stake-rovers-fc-2025-11-02", "figure = \"80%\""),
    ("club-loss", "reports.rovers-fc-profit-2025-12-31", "figure = \"-$60M\""),
    ("club-tv", "contracts.club-tv", "use = \"trade-gazette\""),
    ("club-tv-flat", "contracts.club-tv", "figure = \"about $1.5B over 35 months\""),
    ("club-naming", "contracts.club-naming", "scope = \"naming rights of the ground\""),
    ("club-fans", "contracts.club-fans", "investor = \"outside\""),
    ("club-tender", "holdings.gulf-sports-fund-bought-of-rovers-fc", "cost = \"$15M\""),
    ("club-warrant", "contracts.club-warrant", "share = \"up to 5%\""),
    ("sat-deal", "contracts.sat-deal", "supersedes = [\"sat-loi\"]"),
    ("sat-round", "reports.orbita-funding-2026-02", "of = \"funding\""),
    ("sat-slip", "contracts.sat-slip", "figure = \"$300M over 60 months\""),
    ("sat-launch-mo", "contracts.sat-launch-mo", "minimum = \"$5M per month\""),
    ("sat-backlog-share", "reports.orbita-backlog-aerowing-2025-12-31", "figure = \"about two-thirds\""),
    ("sat-rev-share", "reports.orbita-revenue-meridian-telecom-2025-12-31", "figure = \"31%\""),
    ("sat-yen", "contracts.sat-yen", "minimum = \"JPY 30 billion over 48 months\""),
    ("sat-text-only", "contracts.sat-text-only", "amount = \"$75M\""),
    ("sat-sum", "reports.orbita-funding-harbour-bank-2025", "figure = \"$90M\""),
    ("sat-met", "contracts.sat-met", "when = \"licence-granted\""),
    ("sat-quote", "contracts.sat-quote", "amount = \"$55M\""),
    ("wind-now", "contracts.wind-now.tranches.paid", "amount = \"$200M\""),
    ("wind-later", "contracts.wind-now.tranches.conditional", "when = \"permit-by-june-2028\""),
    ("wind-headline", "reports.windhaven-funding-sovereign-fund-2026-02-21", "figure = \"$500M\""),
    ("wind-note", "contracts.wind-note", "maturity = \"2030\""),
    ("wind-writedown", "reports.sovereign-fund-gain-windhaven-2025-12-31", "figure = \"-$40M\""),
    ("wind-pounds", "contracts.wind-pounds", "amount = \"\u{a3}72 million\""),
];

/// Rows that stand nowhere, and words of the reason.
const REFUSED: [(&str, &str); 6] = [
    ("plant-gw-cost", "nobody in particular"),
    ("plant-power-price", "an amount per unit"),
    ("sat-comma", "amount_text is `\u{20ac}1,5 million`"),
    ("sat-rating", "a rating is no debt"),
    ("sat-swap", "the kind `interest_swap` is not known"),
    ("sat-several", "several parties"),
];

pub fn place(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("keiretsu-second-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

pub fn write(folder: &Path, imported: &Imported) {
    ImportLock::take(folder).expect("the lock").write(&imported.files).expect("writes");
}

/// Each row with its place and its reason.
pub fn told(imported: &Imported) -> BTreeMap<String, (String, String)> {
    let rows = imported.table.rows.iter();
    rows.map(|row| (key(&row[0]), (key(&row[1]), key(&row[2])))).collect()
}

/// The lines of a statement and of the tables below it.
pub fn lines<'a>(text: &'a str, place: &str) -> Vec<&'a str> {
    let path = place.split(".tranches").next().unwrap_or(place);
    let own = |line: &str| {
        let name = line.trim_start_matches('[').trim_end_matches(']');
        line.starts_with('[') && (name == path || name.starts_with(&format!("{path}.")))
    };
    let mut is_in = false;
    let mut found = vec![];
    for line in text.lines() {
        if line.starts_with('[') {
            is_in = own(line);
        } else if is_in {
            found.push(line);
        }
    }
    found
}

/// What an import says: of each row its place and its reason, and the text of the new model.
pub type Outcome = (BTreeMap<String, (String, String)>, String);

/// Imports a table into an empty folder: rows stand at places with lines, others are refused with reasons and
/// no more of them, nothing is wrong with the model, and a second import finds nothing new.
pub fn stands(
    bytes: &[u8],
    name: &str,
    expected: &[(&str, &str, &str)],
    refused: &[(&str, &str)],
) -> Outcome {
    let folder = place(name);
    let imported = import::claims(bytes, &folder).expect("a table");
    let told = told(&imported);
    let text: String =
        imported.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned() + "\n").collect();
    for (row, place, line) in expected {
        assert!(told[*row].0.starts_with(place), "{row}: {:?}, not {place}", told[*row]);
        let lines = lines(&text, place);
        assert!(lines.contains(line), "{row}: no `{line}` in {lines:#?}");
    }
    for (row, (_, why)) in told.iter().filter(|(_, (place, _))| place == "not placed") {
        let reason = refused.iter().find(|(known, _)| known == row);
        assert!(reason.is_some_and(|(_, reason)| why.contains(reason)), "{row}: {why}");
    }
    assert!(refused.iter().all(|(row, _)| told[*row].0 == "not placed"));
    write(&folder, &imported);
    let session = Session::open(&folder, Dates::default()).expect("opens");
    assert!(session.diagnostics().is_empty(), "{:?}", session.diagnostics());
    assert!(import::claims(bytes, &folder).expect("a table").files.is_empty(), "nothing is new");
    (told, text)
}

#[test]
fn every_row_of_other_trades_stands_where_it_belongs() {
    let (_, text) = stands(TABLE.as_bytes(), "rows", &EXPECTED, &REFUSED);
    let parties: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("[parties.")).collect();
    for nobody in ["fans", "various", "bondholders", "lenders", "landlords", "project", "others", "yards]"] {
        assert!(parties.iter().all(|party| !party.starts_with(nobody)), "{nobody}: {parties:?}");
    }
}

/// A semicolon table with a mark at its start and its columns in another order, and one without the columns
/// that may be missing.
#[test]
fn the_spelling_of_a_table_changes_nothing() {
    let nowhere = Path::new("/nowhere/at/all");
    let plain = told(&import::claims(TABLE.as_bytes(), nowhere).expect("a table"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(TABLE.as_bytes());
    let records: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(b"\xef\xbb\xbf".to_vec());
    for record in &records {
        writer.write_record(record.iter().rev()).expect("writes");
    }
    let bytes = writer.into_inner().expect("bytes");
    assert_eq!(told(&import::claims(&bytes, nowhere).expect("a table")), plain);
    // Without conditions nothing is a part of anything; all else stands.
    let mut writer = csv::Writer::from_writer(vec![]);
    let kept = |at: &usize| !["condition", "confidence", "valuation_usd"].contains(&records[0][*at].as_str());
    for record in &records {
        let cells = (0..record.len()).filter(kept).map(|at| record[at].as_str());
        writer.write_record(cells).expect("writes");
    }
    let bytes = writer.into_inner().expect("bytes");
    let imported = import::claims(&bytes, nowhere).expect("a table");
    assert!(imported.counts[0] > 55, "{:?}", imported.counts);
}

/// A table with some damage: bytes changed, lost, repeated, cells exchanged between rows.
fn damaged(table: &[Vec<String>], random: &mut SplitMix) -> Vec<u8> {
    let mut table = table.to_vec();
    for _ in 0..=random.below(12) {
        let (a, b) = (1 + random.below(table.len() - 1), 1 + random.below(table.len() - 1));
        let (x, y) = (random.below(table[0].len()), random.below(table[0].len()));
        match random.below(6) {
            0 => {
                let cell = table[b][y].clone();
                table[a][x] = cell;
            }
            1 => table[a][x].clear(),
            2 => table[a][x] = format!("{} {}", table[a][x], table[b][y]),
            3 => table[a][x] = table[a][x].chars().rev().collect(),
            4 => _ = table.remove(a),
            _ => table[a][x] = table[a][x].repeat(1 + random.below(40)),
        }
    }
    let mut writer = csv::Writer::from_writer(vec![]);
    for row in &table {
        writer.write_record(row).expect("writes");
    }
    let mut bytes = writer.into_inner().expect("bytes");
    if random.below(3) == 0 {
        for _ in 0..=random.below(4) {
            let at = random.below(bytes.len());
            bytes[at] = (random.below(256)) as u8;
        }
    }
    if random.below(7) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    bytes
}

#[test]
fn no_damage_breaks_an_import_and_every_row_is_told() {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(TABLE.as_bytes());
    let table: Vec<Vec<String>> =
        reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    let nowhere = Path::new("/nowhere/at/all");
    let (mut taken, mut random) = (0, SplitMix(20_261_130));
    for round in 0..60 {
        let bytes = damaged(&table, &mut random);
        match import::claims(&bytes, nowhere) {
            Ok(imported) => {
                taken += 1;
                let told = told(&imported);
                let by_language = told.iter().find(|(_, (_, why))| why.contains("the language refuses it"));
                assert_eq!(by_language, None, "round {round}");
                assert_eq!(
                    imported.counts.iter().sum::<usize>(),
                    told.len(),
                    "each row is told once, round {round}"
                );
            }
            Err(ImportError::Internal(errors)) => {
                panic!("round {round}: {errors:?}\n{}", String::from_utf8_lossy(&bytes))
            }
            Err(_) => {}
        }
    }
    assert!(taken > 24, "{taken} of 60 were tables");
    assert!(!nowhere.exists(), "nothing is written");
}
