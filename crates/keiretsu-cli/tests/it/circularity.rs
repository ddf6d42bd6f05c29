//! Circularity as the command line writes it.

use crate::harness::Folder;
use serde_json::Value;

#[test]
fn what_need_not_come_back_is_zero_and_no_noise() {
    // The lab pays back out of money of other origin, of which it has enough; so nothing need come back. One
    // unit in the last place of a sum, 0.00000095 dollars of 5 billion, was shown.
    let folder = Folder::new();
    folder.run(&["new", "mine"]).well();
    let text = folder.run(&["measure", "mine", "circularity", "--party", "cloud", "--format", "json"]).well();
    let tables: Value = serde_json::from_str(&text).expect("JSON");
    let rows = tables[0]["rows"].as_array().expect("rows");
    assert!(
        !rows.is_empty() && rows.iter().all(|row| row["lower"] == 0 && row["lower_share"] == 0),
        "{text}"
    );
}
