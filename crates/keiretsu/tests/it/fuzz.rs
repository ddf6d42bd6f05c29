//! Replays the seeds of the fuzz targets: what must hold of any input holds of these.

#[path = "../../../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

use keiretsu::Session;
use keiretsu_program::{Program, from_bytes, to_bytes};
use targets::TARGETS;

#[test]
fn every_seed_keeps_the_property_of_its_target() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    for target in &TARGETS {
        assert!(!target.component.is_empty() && target.property.contains('⇒'), "{}", target.name);
        let seeds = fs::read_dir(root.join("seeds").join(target.name)).expect(target.name);
        let mut count = 0;
        for seed in seeds.flatten() {
            let bytes = fs::read(seed.path()).expect("a seed");
            println!("{}", seed.path().display());
            (target.run)(&bytes);
            targets::of(target.name, &bytes);
            count += 1;
        }
        assert!(0 < count, "{} has no seeds", target.name);
        let binary = root.join("fuzz_targets").join(format!("{}.rs", target.name));
        assert!(binary.is_file(), "{} is not fuzzed", target.name);
    }
}

/// Bytes of another version are refused at their head, and what is behind it is never reached.
/// `UPDATE=1` writes the seeds anew.
#[test]
fn a_seed_of_programs_is_read_whole() {
    let session = Session::of_text(include_str!("../../src/starter.toml"));
    let bytes = to_bytes(session.lowered().expect("the starter can be run").0);
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds/programs");
    if std::env::var_os("UPDATE").is_some() {
        fs::write(seeds.join("starter"), &bytes).expect("a seed");
        fs::write(seeds.join("cut"), &bytes[..bytes.len() / 2]).expect("a seed");
    }
    let seed = fs::read(seeds.join("starter")).expect("a seed");
    assert!(
        from_bytes::<Program>(&seed).is_ok(),
        "the seed is of another version: run this test with UPDATE=1"
    );
}
