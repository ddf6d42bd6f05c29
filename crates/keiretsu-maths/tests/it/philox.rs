//! Philox gives the published known answers.

use keiretsu_maths::philox::philox;
use serde_json::Value;

#[test]
fn known_answers_come_out() {
    let cases: Value =
        serde_json::from_str(&crate::cases::read("philox_kat.json")).expect("the cases are JSON");
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
