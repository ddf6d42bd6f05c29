//! Lists the files of the repository's examples, so that the binary carries them.
//!
//! A package built elsewhere has no examples beside it; then the list is empty.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

fn main() -> io::Result<()> {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let examples = here.join("../../examples");
    println!("cargo::rerun-if-changed={}", examples.display());
    let mut text = String::from("&[\n");
    for folder in sorted(&examples).into_iter().filter(|path| path.join("keiretsu.toml").is_file()) {
        let mut files = Vec::new();
        collect(&folder, &mut files);
        let _ = writeln!(text, "    Example {{ name: {:?}, files: &[", name(&folder));
        for file in files {
            let relative = file.strip_prefix(&folder).unwrap_or(&file);
            let relative = relative.to_string_lossy().replace('\\', "/");
            let absolute = file.canonicalize()?.to_string_lossy().into_owned();
            let _ = writeln!(text, "        ({relative:?}, include_bytes!({absolute:?})),");
        }
        text.push_str("    ] },\n");
    }
    text.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("examples.rs"), text)
}

/// Adds the files below a folder, in order; what a model is expected to give is left to the tests.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for path in sorted(folder) {
        if path.is_dir() && name(&path) != "expected" {
            collect(&path, files);
        } else if path.is_file() {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
}

/// What a folder holds, sorted; hidden things are left out.
fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| !name(path).starts_with('.')).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
