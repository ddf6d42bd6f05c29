//! Replays the seeds of the fuzz targets: what must hold of any input holds of these.

#[path = "../../../../fuzz/targets.rs"]
mod targets;

use std::fs;
use std::path::Path;

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
