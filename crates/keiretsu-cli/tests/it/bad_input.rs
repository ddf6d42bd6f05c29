//! Input that nobody means: a message and an exit status, never a panic, never a long wait.

use std::time::{Duration, Instant};

use crate::harness::{Folder, SMALL};

/// Everything here ends soon; the limit is wide for slow machines.
const SOON: Duration = Duration::from_secs(20);

/// Asserts that a model is refused by `check` with a code, and by a run with status 1.
fn refuses(folder: &Folder, code: &str) {
    let start = Instant::now();
    let done = folder.run(&["check", "."]);
    assert_eq!(done.status, 1, "{}{}", done.out, done.err);
    assert!(done.out.contains(code), "no {code} in:\n{}", &done.out[..done.out.len().min(2_000)]);
    assert!(!done.err.contains("panicked"), "{}", done.err);
    folder.run(&["run", "."]).failed(1, code);
    assert!(start.elapsed() < SOON);
}

#[test]
fn what_is_not_there_is_said() {
    let folder = Folder::new();
    folder.run(&["check", "nowhere"]).failed(3, "there is no file or folder nowhere");
    folder.run(&["check", "nowhere/"]).failed(3, "keiretsu new DIR");
    folder.run(&["check"]).failed(3, "this folder has no keiretsu.toml");
    folder.write("a/keiretsu.toml", SMALL.as_bytes());
    folder.run(&["check"]).failed(3, "name the folder of a model: a");
    folder.run(&["check", "a"]).well();
    folder.run(&["check", "a/keiretsu.toml"]).well();
}

#[test]
fn a_folder_in_place_of_a_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path.join("keiretsu.toml")).expect("a folder");
    let done = folder.run(&["check"]);
    assert!([1, 3].contains(&done.status), "{}{}", done.out, done.err);
    assert!((done.out + &done.err).contains("it is a folder"));
}

#[test]
fn an_empty_file_is_no_model() {
    refuses(&Folder::with(""), "E0202");
    refuses(&Folder::with("\n\n# nothing\n"), "E0202");
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new();
    let noise: Vec<u8> = (0..65_536_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    folder.write("keiretsu.toml", &noise);
    refuses(&folder, "E0103");
    folder.write("keiretsu.toml", b"title = \"caf\xe9\"\n");
    refuses(&folder, "E0103");
    folder.write("keiretsu.toml", &[0; 100]);
    refuses(&folder, "E0106");
}

#[test]
fn a_line_of_ten_megabytes() {
    refuses(&Folder::with(&format!("title = \"{}\"\n", "x".repeat(10 << 20))), "E0105");
    let long = format!("{SMALL}[[[[ \"{}\"\n", "é".repeat(400_000));
    refuses(&Folder::with(&long), "E0106");
}

#[test]
fn a_file_beyond_the_limit() {
    let folder = Folder::new();
    folder.write("keiretsu.toml", "# comment\n".repeat(4 << 20).as_bytes());
    refuses(&folder, "E0104");
}

#[test]
fn nesting_without_end() {
    refuses(&Folder::with(&format!("{SMALL}x = {}", "[".repeat(100_000))), "E0106");
    let table = format!("{SMALL}x = {}1{}", "{ a = ".repeat(50_000), " }".repeat(50_000));
    refuses(&Folder::with(&table), "E0106");
    let formula = format!("{}1{}", "(".repeat(50_000), ")".repeat(50_000));
    let model = SMALL.replace("margin =", &format!("usage = \"{formula}\"\nmargin ="));
    assert_eq!(Folder::with(&model).run(&["check"]).status, 1);
}

#[test]
fn many_errors_are_all_said() {
    let contracts: Vec<String> =
        (0..2_000).map(|at| format!("[contracts.c{at}]\ntype = \"suply\"\n")).collect();
    let contracts = contracts.concat();
    let start = Instant::now();
    let done = Folder::with(&format!("{SMALL}{contracts}")).run(&["check"]);
    assert!(done.out.contains("2000 errors"), "{}", &done.out[done.out.len() - 200..]);
    assert!(start.elapsed() < SOON);
}

#[test]
fn control_characters_reach_no_terminal() {
    let done = Folder::with(&format!("{SMALL}[parties.\"\\u001b[31mred\"]\n")).run(&["check"]);
    assert_eq!(done.status, 1);
    assert!(!done.out.contains('\u{1b}'), "{}", done.out);
}

#[test]
fn includes_stay_inside() {
    let with = |include: &str| Folder::with(&format!("include = {include}\n{SMALL}"));
    refuses(&with("[\"../other.toml\"]"), "E0102");
    refuses(&with("[\"/etc/passwd\"]"), "E0102");
    refuses(&with("[\"none.toml\"]"), "E0101");
    refuses(&with("[\"none/*.toml\"]"), "E0108");
    refuses(&with("[\".\"]"), "E0101");
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_not_followed() {
    use std::os::unix::fs::symlink;
    let secret = Folder::new();
    secret.write("secret.toml", b"[parties]\nsecret = {}\n");
    let folder = Folder::with(&format!("include = [\"deals/*.toml\"]\n{SMALL}"));
    folder.write("deals/mine.toml", b"");
    symlink(secret.path.join("secret.toml"), folder.path.join("deals/link.toml")).expect("a link");
    refuses(&folder, "E0102");
    let done = folder.run(&["check"]);
    assert!(!done.out.contains("secret ="), "{}", done.out);
    // A folder that is linked is not looked into, so a circle of links has an end.
    let folder = Folder::with(&format!("include = [\"**/*.toml\"]\n{SMALL}"));
    folder.write("deals/mine.toml", b"[parties]\nmine = {}\n");
    symlink(&folder.path, folder.path.join("deals/circle")).expect("a link");
    folder.run(&["check"]).well();
}

#[cfg(unix)]
#[test]
fn pipes_are_not_waited_for() {
    let folder = Folder::with(&format!("include = [\"pipe.toml\"]\n{SMALL}"));
    let made = std::process::Command::new("mkfifo").arg(folder.path.join("pipe.toml")).status();
    if made.is_ok_and(|status| status.success()) {
        refuses(&folder, "no plain file");
    }
}

#[test]
fn output_that_cannot_be_written() {
    let folder = Folder::with(SMALL);
    folder.run(&["check", "-o", "keiretsu.toml/x.txt"]).failed(3, "cannot be written");
    folder.run(&["run", "-o", "keiretsu.toml"]).failed(3, "it exists and is no folder");
    folder.run(&["new", "keiretsu.toml"]).failed(3, "is there already");
    assert_eq!(folder.names(""), ["keiretsu.toml"]);
    assert_eq!(folder.read("keiretsu.toml"), SMALL);
}

#[test]
fn many_errors_of_one_kind_are_counted() {
    let keys: String = (0..20_000).map(|at| format!("k{at} = 1\n")).collect();
    let folder = Folder::with(&format!("{keys}{SMALL}"));
    let done = folder.run(&["check"]);
    assert_eq!(done.status, 1, "{}", done.err);
    assert!(done.out.len() + done.err.len() < 100_000, "{} bytes", done.out.len());
    assert!(done.out.contains("not shown: 19950 more of E0201\n"), "50 are shown");
    assert!(done.out.contains("20000 errors, 0 warnings\n"), "all are counted");
    let done = folder.run(&["check", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    assert_eq!(list.as_array().map(Vec::len), Some(1_000));
    assert!(done.err.contains("not listed: 19000 more of E0201"), "{}", done.err);
}

#[test]
fn many_unknown_names_are_reported_soon() {
    let parties: String = (0..5_000).map(|at| format!("p{at} = {{ part_of = \"q{at}\" }}\n")).collect();
    let folder = Folder::with("keiretsu = 1\ntitle = \"t\"\nas_of = 2026-03-31\nhorizon = \"5 years\"\n");
    folder.write("more.toml", format!("[parties]\n{parties}").as_bytes());
    let root = folder.read("keiretsu.toml");
    folder.write("keiretsu.toml", format!("include = [\"more.toml\"]\n{root}").as_bytes());
    let begun = std::time::Instant::now();
    let done = folder.run(&["check"]);
    assert!(done.out.contains("did you mean `p0`?") && done.out.contains("5000 errors"), "{}", done.err);
    // It took 10 s of a release build, and a debug build is ten times as slow.
    assert!(begun.elapsed() < std::time::Duration::from_secs(15), "{:?}", begun.elapsed());
}

#[cfg(unix)]
#[test]
fn inputs_that_are_no_plain_files_are_refused() {
    let folder = Folder::new();
    let made = std::process::Command::new("mkfifo").arg(folder.path.join("keiretsu.toml")).status();
    assert!(made.is_ok_and(|made| made.success()), "a pipe can be made");
    folder.run(&["check"]).failed(3, "keiretsu.toml cannot be read: it is no plain file");
    for words in [
        &["calc", "irr", "/dev/zero"][..],
        &["calc", "irr", "keiretsu.toml"],
        &["import", "claims", "/dev/zero", "web"],
    ] {
        folder.run(words).failed(3, "cannot be read: it is no plain file");
    }
    folder.run(&["calc", "irr", "."]).failed(3, "it is a folder");
}

#[test]
fn a_terminal_is_not_commanded_by_a_model() {
    let title = "title = \"A \\u001B[31mlab\\u202E buys\\u200B compute\"";
    let text = SMALL.replace("title = \"A lab buys compute\"", title);
    let folder = Folder::with(&text.replace("buyer = \"lab\"", "buyer = \"l\u{202E}ab\u{200B}\""));
    let done = folder.run(&["check"]);
    let all = done.out.clone() + &done.err;
    assert!(all.chars().all(|c| c == '\n' || !keiretsu_views::is_hidden(c)), "{all}");
    assert!(all.contains("`l<U+202E>ab<U+200B>`"), "{all}");
    let folder = Folder::with(&text);
    assert!(folder.run(&["check"]).well().contains("A <U+001B>[31mlab<U+202E> buys<U+200B> compute"));
    assert!(folder.run(&["compare"]).well().contains("<U+202E>"));
}

#[cfg(target_os = "linux")]
#[test]
fn memory_that_is_not_there_is_told() {
    let folder = Folder::new();
    let parties: Vec<String> = (0..5_000).map(|at| format!("{{\"id\": \"p{at}\"}}")).collect();
    let text = format!(
        "{{\"organisations\": [{}], \"holdings\": [], \"assets\": [], \"owned\": []}}",
        parties.join(",")
    );
    folder.write("group.json", text.as_bytes());
    // A matrix of 5,000 x 5,000 takes 200 MB.
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg("ulimit -v 250000; exec \"$0\" \"$@\"").arg(env!("CARGO_BIN_EXE_keiretsu"));
    let done = shell.args(["calc", "crossholdings", "group.json"]).current_dir(&folder.path).output();
    crate::harness::Done::of(&done.expect("it runs")).failed(3, "there is not enough memory");
}

#[test]
fn what_is_beyond_a_limit_is_refused_in_words() {
    let signs = |at: usize| if at.is_multiple_of(3) { "-1" } else { "1" };
    let folder = Folder::new();
    let flows: Vec<&str> = (0..26_000).map(signs).collect();
    folder.write("flows.csv", format!("amount\n{}\n", flows.join("\n")).as_bytes());
    folder.run(&["calc", "irr", "flows.csv"]).failed(2, "25000 days at most");
    let rows: String = (0..12_000).map(|at| format!("p{at},q{at},1,2026-{:02}\n", at % 12 + 1)).collect();
    folder.write("payments.csv", format!("from,to,amount,month\n{rows}").as_bytes());
    folder.run(&["calc", "circularity", "payments.csv"]).failed(2, "3000 at most");
    let rows: String =
        (0..12_000).map(|at| format!("p{},q{},1,2026-{:02}\n", at % 110, at / 110, at % 12 + 1)).collect();
    folder.write("payments.csv", format!("from,to,amount,month\n{rows}").as_bytes());
    folder.run(&["calc", "circularity", "payments.csv"]).failed(2, "50000000 at most");
    let text = folder.run(&["limits", "--all"]).well();
    assert!(text.contains("25,000") && text.contains("15/16 of what is free"), "{text}");
}

#[test]
fn parties_that_nothing_ties_to_others_cost_nothing() {
    let parties: String = (0..2_500).map(|at| format!("p{at} = {{}}\n")).collect();
    let head = "keiretsu = 1\ntitle = \"t\"\nas_of = 2026-03-31\nhorizon = \"5 years\"\n";
    let folder = Folder::with(&format!("{head}[parties]\n{parties}"));
    for measure in ["domino", "circularity", "concentration", "diversification", "exposure", "lock_in"] {
        let begun = std::time::Instant::now();
        folder.run(&["measure", measure]).well();
        // Matrices of all parties took ten seconds and more in a release build.
        assert!(begun.elapsed() < std::time::Duration::from_secs(8), "{measure}: {:?}", begun.elapsed());
    }
}
