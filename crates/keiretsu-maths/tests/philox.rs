//! Philox gives the published known answers.

use std::path::Path;

use keiretsu_maths::philox::philox;
use serde_json::Value;

#[test]
fn known_answers_come_out() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases/philox_kat.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
        eprintln!("skipped: {} is not on this machine", path.display());
        return;
    };
    let cases: Value = serde_json::from_str(&text).expect("the cases are JSON");
    let vectors = cases["vectors"].as_array().expect("a list of vectors");
    let ours = vectors.iter().filter(|v| v["gen"] == "philox4x32" && v["rounds"] == 10);
    let mut checked = 0;
    for vector in ours {
        let found = philox(words(&vector["ctr"]), words(&vector["key"]));
        assert_eq!(found, words(&vector["out"]), "{vector}");
        checked += 1;
    }
    assert_eq!(checked, 3, "as many as random123 publishes for ten rounds");
}

fn words<const N: usize>(list: &Value) -> [u32; N] {
    std::array::from_fn(|i| {
        let word = list[i].as_str().expect("a hexadecimal word");
        u32::from_str_radix(word, 16).expect("a hexadecimal word")
    })
}
