//! A table of claims to a model, twice, and with everything that can be wrong in it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::cases::files as cases;
use keiretsu::import::{self, ImportError, ImportLock, Imported};
use keiretsu::{Dates, Session};

const HEAD: &str = "id,kind,payer_or_investor,payee_or_issuer,amount_low_usd,amount_high_usd,amount_text,\
qualifier,status,announced,start,end,conflicts_with,source_title,confidence\n";

fn place(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("keiretsu-import-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

fn write(folder: &Path, imported: &Imported) {
    ImportLock::take(folder).expect("the lock").write(&imported.files).expect("writes");
}

fn take(rows: &str, folder: &Path) -> Imported {
    let imported = import::claims(format!("{HEAD}{rows}").as_bytes(), folder).expect("a table");
    if !imported.files.is_empty() {
        write(folder, &imported);
    }
    imported
}

const DEAL: &str = "deal,service_commitment,Lab,Cloud,100000000000,,over $100 billion,more_than,firm,\
2026-04-20,2026-04-20,2036-04,deal-alt,A paper,high\n";
const ALT: &str = "deal-alt,service_commitment,Lab,Cloud,0,100000000000,up to $100 billion,up_to,announced,\
2026-04-21,2026-04-20,2036-04,,Another paper,low\n";

#[test]
fn rows_that_disagree_are_claims_of_one_figure() {
    let folder = place("claims");
    let imported = take(&format!("{DEAL}{ALT}"), &folder);
    assert_eq!(imported.counts, [2, 0, 0]);
    let session = Session::open(&folder, Dates::default()).expect("opens");
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    let (_, contract) = session.model().known_contracts().next().expect("a contract");
    let minimum = contract.record().figure("minimum").expect("a minimum");
    assert_eq!(minimum.figure.words, "over $100B over 120 months");
    assert_eq!(minimum.others.len(), 1);
    assert_eq!(session.model().known_contracts().count(), 1, "nothing is counted twice");
}

#[test]
fn a_second_import_adds_only_what_is_new_and_never_touches_the_rest() {
    let folder = place("twice");
    take(DEAL, &folder);
    let edited = format!("# mine\n{}", fs::read_to_string(folder.join("compute.toml")).expect("text"));
    fs::write(folder.join("compute.toml"), &edited).expect("writes");
    assert!(take(DEAL, &folder).files.is_empty());
    let gain = "gain,valuation_mark,Cloud,Lab,9500000000,9500000000,$9.5 billion gain,exact,paid,2025-10-30,\
                2025-07-01,2025-09-30,,A paper,high\n";
    let imported = take(&format!("{DEAL}{gain}"), &folder);
    assert_eq!(imported.counts, [1, 1, 0]);
    let session = Session::open(&folder, Dates::default()).expect("opens");
    assert_eq!(session.model().reports.len(), 1);
    assert_eq!(session.model().parties.len(), 3, "the parties are those of the first import");
    assert_eq!(fs::read_to_string(folder.join("compute.toml")).expect("text"), edited);
    let ledger = fs::read_to_string(folder.join("claims.csv")).expect("a ledger");
    assert!(ledger.contains("gain,") && ledger.contains("reports.cloud-gain-lab-2025-09-30"), "{ledger}");
}

#[test]
fn what_changed_or_contradicts_an_older_row_is_listed_and_not_written() {
    let folder = place("changed");
    take(DEAL, &folder);
    let changed = DEAL.replace("100000000000", "120000000000");
    let imported = take(&format!("{changed}{}", ALT.replace("2036-04,,", "2036-04,deal,")), &folder);
    assert_eq!(imported.counts, [0, 0, 2]);
    let session = Session::open(&folder, Dates::default()).expect("opens");
    assert_eq!(session.model().known_contracts().count(), 1);
    let reasons = format!("{:?}", imported.table.rows);
    assert!(reasons.contains("changed in the table") && reasons.contains("says otherwise than `deal`"));
}

#[test]
fn a_table_that_is_wrong_writes_nothing() {
    let folder = place("wrong");
    let table = |text: &str| match import::claims(text.as_bytes(), &folder) {
        Err(ImportError::Table(lines)) => lines,
        other => panic!("{other:?}"),
    };
    assert_eq!(table(&format!("{HEAD}{DEAL}{DEAL}")).len(), 1);
    assert!(table("a,b\n1,2\n").len() >= 4, "each missing and each unknown column");
    let many: String = (0..60_000).map(|row| DEAL.replacen("deal", &format!("d{row}"), 1)).collect();
    assert!(table(&format!("{HEAD}{many}"))[0].contains("more than 50000 rows"));
    assert!(!folder.exists());
}

#[test]
fn a_formula_of_a_spreadsheet_is_listed_with_the_reason() {
    let folder = place("formula");
    let imported =
        take(&format!("{DEAL}{}", "x,capex,Cloud,Chips,=1+1,,,exact,firm,2026,2026,2027,,P,high\n"), &folder);
    assert_eq!(imported.counts, [1, 0, 1]);
    assert!(format!("{:?}", imported.table.rows).contains("formula of a spreadsheet"));
}

#[test]
fn a_folder_that_does_not_include_the_files_is_refused() {
    let folder = place("foreign");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("keiretsu.toml"), "keiretsu = 1\ntitle = \"Mine\"\nas_of = 2026-01-01\n")
        .expect("writes");
    let refused = import::claims(format!("{HEAD}{DEAL}").as_bytes(), &folder);
    assert!(matches!(refused, Err(ImportError::Folder(why)) if why.contains("include")));
}

/// The public claims that the project is held against: nothing is dropped, and the model is one.
#[test]
fn the_public_claims_become_a_model() {
    let text = cases::read("facts.csv");
    let folder = place("public");
    let imported = import::claims(text.as_bytes(), &folder).expect("a table");
    let rows = csv::Reader::from_reader(text.as_bytes()).records().count();
    let [placed, known, unplaced] = imported.counts;
    assert_eq!((placed + unplaced, known), (rows, 0), "every row is somewhere");
    assert!(placed >= 260, "{placed} of {rows}");
    write(&folder, &imported);
    let session = Session::open(&folder, Dates::default()).expect("opens");
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    assert!(import::claims(text.as_bytes(), &folder).expect("a table").files.is_empty());
}
