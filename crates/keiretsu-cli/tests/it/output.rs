//! Nothing of the user's is lost: what results may take the place of, and what a stop at any moment leaves.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::harness::{Done, Folder, SMALL, command};
use keiretsu::output::{self, MARKER, Rights};

const ASK: [&str; 4] = ["measure", ".", "cash", "-o"];

fn asked(folder: &Folder, more: &[&str]) -> Done {
    folder.run(&[&ASK[..], more].concat())
}

#[test]
fn a_file_of_the_model_is_never_replaced() {
    let folder = Folder::with(&format!("include = [\"more/*.toml\"]\n{SMALL}"));
    folder.write("more/a.toml", b"[parties]\nother = {}\n");
    fs::hard_link(folder.path.join("more/a.toml"), folder.path.join("linked.json")).expect("a link");
    for place in ["keiretsu.toml", "more/a.toml", "more/../keiretsu.toml", "linked.json"] {
        for force in [&["--format", "json"][..], &["--format", "json", "--force"]] {
            let words = [&[place], force].concat();
            asked(&folder, &words).failed(3, "it is what the answer is read from");
        }
    }
    folder.run(&["check", "--format", "json", "-o", "keiretsu.toml"]).failed(3, "read from");
    folder.write("flows.csv", b"date,amount\n2026-01-01,-1\n2027-01-01,2\n");
    folder.run(&["calc", "irr", "flows.csv", "-o", "flows.csv", "--force"]).failed(3, "read from");
    assert!(folder.read("flows.csv").starts_with("date"));
    folder.run(&["check"]).well();
}

#[test]
fn a_file_that_is_no_unchanged_result_asks_for_force() {
    let folder = Folder::with(SMALL);
    for name in ["a.txt", "a.csv", "a.json", "a.md", "a.html", "a.parquet"] {
        folder.write(name, b"mine");
        asked(&folder, &[name]).failed(3, "no unchanged result of keiretsu; `--force` replaces it");
        assert_eq!(folder.read(name), "mine");
        asked(&folder, &[name, "--force"]).well();
        asked(&folder, &[name]).well();
        let mut bytes = fs::read(folder.path.join(name)).expect("a file");
        bytes.extend(b"\nmy note");
        folder.write(name, &bytes);
        asked(&folder, &[name]).failed(3, "--force");
        assert_eq!(fs::read(folder.path.join(name)).expect("a file"), bytes);
    }
    // Of several files of one answer none is written where one may not be.
    folder.write("b-2.csv", b"mine");
    let both = ["measure", ".", "commitments", "-o", "b.csv"];
    folder.run(&both).failed(3, "b-2.csv cannot be written");
    assert!(!folder.path.join("b.csv").exists());
    folder.run(&["completions", "bash", "-o", "keiretsu.bash", "--format", "json"]).well();
    folder.run(&["completions", "bash", "-o", "keiretsu.bash", "--format", "json"]).well();
    folder.run(&["man", "--dir", "pages"]).well();
    folder.run(&["man", "--dir", "pages"]).well();
    folder.write("pages/keiretsu.1", b"mine");
    folder.run(&["man", "--dir", "pages"]).failed(3, "--force");
}

#[test]
fn several_tables_are_several_files_where_a_format_holds_one() {
    let folder = Folder::with(SMALL);
    let done = folder.run(&["measure", ".", "commitments", "-o", "x.csv"]);
    assert!(done.err.contains("a csv file holds one table: wrote x.csv, x-2.csv"), "{}", done.err);
    folder.run(&["measure", ".", "commitments", "-o", "x.parquet"]).well();
    assert_eq!(folder.names(""), ["keiretsu.toml", "x-2.csv", "x-2.parquet", "x.csv", "x.parquet"]);
    assert!(folder.run(&["measure", "--help"]).well().contains(".html .parquet"));
}

#[cfg(unix)]
#[test]
fn what_may_not_be_written_stays_also_with_force() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with(SMALL);
    let mode = |name: &str, mode: u32| {
        fs::set_permissions(folder.path.join(name), fs::Permissions::from_mode(mode)).expect("a mode");
    };
    asked(&folder, &["x.json"]).well();
    mode("x.json", 0o444);
    asked(&folder, &["x.json", "--force"]).failed(3, "it may not be written");
    folder.run(&["run", "-o", "out"]).well();
    mode("out/cash.parquet", 0o444);
    folder.run(&["run", "-o", "out"]).failed(3, "it holds cash.parquet, which may not be written");
    mode("out/cash.parquet", 0o600);
    mode("out", 0o555);
    folder.run(&["run", "-o", "out"]).failed(3, "it may not be written");
    mode("out", 0o755);
    folder.run(&["run", "-o", "out"]).well();
    symlink("nowhere", folder.path.join("link.json")).expect("a link");
    asked(&folder, &["link.json"]).failed(3, "it is a link to nothing");
}

#[test]
fn a_run_takes_the_place_of_an_unchanged_run_and_of_nothing_else() {
    let folder = Folder::with(SMALL);
    // A list of names proves nothing, whatever it is called.
    folder.write("mine/thesis.txt", b"precious");
    for list in ["files.txt", MARKER] {
        folder.write(&format!("mine/{list}"), b"thesis.txt\nfiles.txt\n");
        folder.run(&["run", "-o", "mine"]).failed(3, "which is no result of a run");
    }
    assert_eq!(folder.read("mine/thesis.txt"), "precious");
    folder.run(&["run", "-o", "out", "--format", "csv"]).well();
    let again = || folder.run(&["run", "-o", "out", "--format", "csv"]);
    again().well();
    let was = folder.read("out/cash.csv");
    folder.write("out/cash.csv", (was.clone() + "my note\r\n").as_bytes());
    again().failed(3, "it holds cash.csv, which has changed since the run wrote it");
    assert!(folder.read("out/cash.csv").ends_with("my note\r\n"));
    folder.write("out/cash.csv", was.as_bytes());
    folder.write("out/mine/a.txt", b"mine");
    again().failed(3, "it holds mine, which is no result of a run");
    fs::remove_dir_all(folder.path.join("out/mine")).expect("a folder");
    let marker = folder.read(&format!("out/{MARKER}"));
    folder.write(&format!("out/{MARKER}"), marker.replace("cash.csv", "cash.txt").as_bytes());
    again().failed(3, "which is no result of a run");
    folder.write(&format!("out/{MARKER}"), marker.as_bytes());
    fs::remove_file(folder.path.join("out/cash.csv")).expect("a file");
    again().well();
    folder.run(&["run", "-o", "."]).failed(3, "it holds keiretsu.toml, which is no result of a run");
    assert_eq!(folder.names(""), ["keiretsu.toml", "mine", "out"], "nothing is left beside");
}

/// The files of the `n`th round, large enough that a stop falls between them.
fn round(n: u32) -> Vec<(PathBuf, Vec<u8>)> {
    let bytes = format!("{n}\n").repeat(40_000).into_bytes();
    ["a.csv", "b.csv", "c.csv"].into_iter().map(|name| (name.into(), bytes.clone())).collect()
}

/// The number of the round that some bytes are of, if they are whole.
fn whole(path: &Path) -> Option<u32> {
    let text = fs::read_to_string(path).ok()?;
    let n = text.lines().next()?.parse().ok()?;
    (text.as_bytes() == round(n)[0].1).then_some(n)
}

fn hidden(folder: &Folder) -> Vec<String> {
    folder.names("").into_iter().filter(|name| name.starts_with('.')).collect()
}

const WRITER: &str = "KEIRETSU_TEST_WRITER";

/// The process that is killed: it is this test, run where the variable says.
#[test]
fn writer() {
    let Some(folder) = std::env::var_os(WRITER).map(PathBuf::from) else { return };
    for n in 0.. {
        output::results(&folder.join("out"), &round(n)).expect("results");
        let file = (folder.join("x.csv"), round(n)[0].1.clone());
        output::result_files(&[file], &Rights::default()).expect("a file");
    }
}

#[test]
fn a_kill_at_any_moment_leaves_the_old_or_the_new_and_the_next_write_clears_the_rest() {
    let folder = Folder::new();
    let (out, file) = (folder.path.join("out"), folder.path.join("x.csv"));
    output::results(&out, &round(0)).expect("results");
    output::result_files(&[(file.clone(), round(0)[0].1.clone())], &Rights::default()).expect("a file");
    let mut left = 0;
    for turn in 0..40_u64 {
        let this = std::env::current_exe().expect("this test");
        let mut child = Command::new(this);
        child.args(["--exact", "output::writer"]).env(WRITER, &folder.path).stdout(Stdio::null());
        let mut child = child.spawn().expect("a writer");
        // Moments that no two turns share, after the process has begun.
        sleep(Duration::from_micros(10_000 + turn * 1_777 % 23_000));
        child.kill().expect("a kill");
        child.wait().expect("an end");
        let moved = hidden(&folder).into_iter().find(|name| name.ends_with("-old"));
        let place = if out.exists() { out.clone() } else { folder.path.join(moved.expect("it was moved")) };
        let rounds = ["a.csv", "b.csv", "c.csv"].map(|name| whole(&place.join(name)));
        // What has been moved aside may be half gone, but then its successor is in place.
        assert!(rounds[0].is_some() && rounds.iter().all(|one| *one == rounds[0]), "turn {turn}: {rounds:?}");
        assert!(whole(&file).is_some(), "turn {turn}");
        left += usize::from(!hidden(&folder).is_empty());
        output::results(&out, &round(7)).expect("results over what was left");
        assert_eq!(hidden(&folder), Vec::<String>::new(), "turn {turn}");
    }
    assert!(left > 0, "no kill fell into a write, so nothing was tested");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_what_was_there() {
    let folder = Folder::with(SMALL);
    fs::create_dir(folder.path.join("disk")).expect("a folder");
    let disk = folder.path.join("disk").display().to_string();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs", &disk]).output();
    let mounted = mounted.is_ok_and(|done| done.status.success());
    // Where nothing can be mounted, no file may grow beyond 8 KiB: the same refusal in the middle of a file.
    let limit = if mounted { "true" } else { "trap '' XFSZ; ulimit -f 8" };
    let run = |words: &[&str]| {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("{limit}; exec \"$0\" \"$@\"")).arg(env!("CARGO_BIN_EXE_keiretsu"));
        Done::of(&shell.args(words).current_dir(&folder.path).output().expect("it runs"))
    };
    run(&["measure", ".", "cash", "-o", "disk/x.txt"]).well();
    let was = folder.read("disk/x.txt");
    let failures = [
        run(&["measure", ".", "cash", "--by", "month", "--format", "json", "-o", "disk/x.txt"]),
        run(&["run", ".", "--format", "json", "-o", "disk/out"]),
        run(&["new", "disk/web", "--example", "ai-web"]),
    ];
    let names = folder.names("disk");
    let is = folder.read("disk/x.txt");
    if mounted {
        Command::new("umount").arg(&disk).status().expect("it is let go");
    }
    for done in failures {
        done.failed(3, "cannot be written");
    }
    assert_eq!((names, is), (vec!["x.txt".to_owned()], was));
}

#[cfg(unix)]
#[test]
fn what_waits_for_a_pipe_ends_with_the_first_interrupt() {
    let folder = Folder::with(SMALL);
    let made = Command::new("mkfifo").arg(folder.path.join("p.json")).status();
    assert!(made.is_ok_and(|made| made.success()), "a pipe can be made");
    let mut child = command(&folder.path, &["show", "parties", "-o", "p.json"]);
    let child = child.stderr(Stdio::piped()).spawn().expect("it runs");
    sleep(Duration::from_secs(1));
    let asked = Instant::now();
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("a signal");
    let done = Done::of(&child.wait_with_output().expect("an end"));
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    done.failed(4, "interrupted");
    // With a reader, it gets the whole.
    let reader = Command::new("cat").arg(folder.path.join("p.json")).stdout(Stdio::piped()).spawn();
    let reader = reader.expect("a reader");
    folder.run(&["show", "parties", "-o", "p.json"]).well();
    let read = Done::of(&reader.wait_with_output().expect("an end")).well();
    serde_json::from_str::<serde_json::Value>(&read).expect("all of it");
}

#[cfg(target_os = "linux")]
#[test]
fn words_that_cannot_be_written_are_a_failure() {
    let folder = Folder::with(SMALL);
    for words in [&["--help"][..], &["--version"], &["measure", "--help"], &["show", "parties"]] {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that is full");
        let done = command(&folder.path, words).stdout(full).output().expect("it runs");
        Done::of(&done).failed(3, "standard output cannot be written: no space left");
    }
}
