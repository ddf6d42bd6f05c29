//! The work of record beside other programs: `cargo bench -p keiretsu-testkit --bench peers`.
//!
//! Makes a virtual environment under the target folder with pinned packages, runs the scripts of `peers/`
//! and `keiretsu-bench` in turns, and prints what each does in a CPU second of one core, and the ratios.
//! `-- PATHS` takes another number of paths for M1. Where there is no Python or no network it says so and
//! ends well: no test depends on it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What the scripts import; `jax` brings its CPU build, `numpy-financial` is imported by the one of M3.
const PACKAGES: [&str; 5] =
    ["numpy==2.4.6", "scipy==1.17.1", "jax==0.10.2", "pyxirr==0.10.8", "numpy-financial==1.0.0"];
/// Each program runs so often, in turns, so that a busy minute of the machine does not fall on one of them.
const ROUNDS: usize = 3;

/// A peer: its script, its arguments, the figure that its lines of JSON give per CPU second.
struct Peer {
    bench: &'static str,
    script: &'static str,
    args: Vec<String>,
    figure: &'static str,
}

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (workspace, scripts) = (here.join("../.."), here.join("benches/peers"));
    let python = match environment(&workspace) {
        Ok(python) => python,
        Err(why) => {
            println!("skipped: {why}");
            return;
        }
    };
    let paths = env::args().find_map(|word| word.parse::<u64>().ok()).unwrap_or(10_000).to_string();
    println!("{:4} {:36} {:>16} {:>10}", "", "", "per CPU second", "keiretsu x");
    for bench in ["m1", "m2", "m3"] {
        let mut ours = vec![];
        let mut theirs: Vec<(String, Vec<f64>)> = vec![];
        for _ in 0..ROUNDS {
            ours.extend(keiretsu(bench, &paths));
            for peer in peers(&paths).iter().filter(|peer| peer.bench == bench) {
                for (name, rate) in run(&python, &scripts, peer) {
                    match theirs.iter_mut().find(|(known, _)| *known == name) {
                        Some((_, rates)) => rates.push(rate),
                        None => theirs.push((name, vec![rate])),
                    }
                }
            }
        }
        let ours = median(&mut ours);
        println!("{bench:4} {:36} {ours:16.3e}", "keiretsu");
        for (name, mut rates) in theirs {
            let rate = median(&mut rates);
            println!("{bench:4} {name:36} {rate:16.3e} {:10.2}", ours / rate);
        }
    }
}

fn peers(paths: &str) -> Vec<Peer> {
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
    let peer = |bench, script, args: &[&str], figure| Peer { bench, script, args: words(args), figure };
    vec![
        peer("m1", "m1_numpy.py", &[paths, "3", "1000", "f64"], "psc_per_cpu_s"),
        peer("m1", "m1_jax.py", &[paths, "3", "f64"], "psc_per_cpu_s"),
        peer("m1", "m1_jax.py", &[paths, "3", "f32"], "psc_per_cpu_s"),
        peer("m2", "m2_eisenberg_noe.py", &["100000", "3"], "cpu_s"),
        peer("m3", "m3_xirr.py", &["20000", "3"], "series_per_cpu_s"),
    ]
}

/// The Python of the environment, made once.
fn environment(workspace: &Path) -> Result<PathBuf, String> {
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), PathBuf::from);
    let folder = target.join("peers");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let (marker, wanted) = (folder.join("packages"), PACKAGES.join("\n"));
    if fs::read_to_string(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    done(Command::new("python3").args(["-m", "venv"]).arg(&folder), "no virtual environment")?;
    done(Command::new(&python).args(["-m", "pip", "install", "-q"]).args(PACKAGES), "pip does not work")?;
    fs::write(&marker, wanted).map_err(|error| error.to_string())?;
    Ok(python)
}

fn done(command: &mut Command, otherwise: &str) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{otherwise}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{otherwise}: {error}")),
    }
}

/// Work in a CPU second, on one thread.
fn keiretsu(bench: &str, paths: &str) -> Option<f64> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keiretsu-bench"));
    command.args([bench, "--threads", "1", "--runs", "3"]);
    if bench == "m1" {
        command.args(["--paths", paths]);
    }
    let output = command.output().ok()?;
    let report: Value = serde_json::from_slice(&output.stdout).ok()?;
    report["per_cpu_s"].as_f64()
}

/// Name and work in a CPU second of each line that a script prints. Clearing is counted in debts, as ours.
fn run(python: &Path, scripts: &Path, peer: &Peer) -> Vec<(String, f64)> {
    let mut command = Command::new(python);
    command.arg(scripts.join(peer.script)).args(&peer.args).current_dir(scripts);
    for threads in ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"] {
        command.env(threads, "1");
    }
    // Scripts may lie in a folder that cannot be written to.
    command.env("PYTHONDONTWRITEBYTECODE", "1");
    let output = match command.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => {
            println!("{} failed: {}", peer.script, String::from_utf8_lossy(&output.stderr).trim());
            return vec![];
        }
        Err(error) => {
            println!("{} failed: {error}", peer.script);
            return vec![];
        }
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = |line: &str| {
        let line: Value = serde_json::from_str(line).ok()?;
        let figure = line[peer.figure].as_f64()?;
        let rate = if peer.bench == "m2" { line["edges"].as_f64()? / figure } else { figure };
        Some((line["impl"].as_str()?.to_owned(), rate))
    };
    text.lines().filter_map(line).collect()
}

fn median(list: &mut [f64]) -> f64 {
    list.sort_unstable_by(f64::total_cmp);
    list.get(list.len() / 2).copied().unwrap_or(f64::NAN)
}
