//! An import is whole or not at all, wherever it is stopped: killed, on a full disk, or beside another.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use keiretsu::import::ImportLock;

const HEAD: &str = "id,kind,payer_or_investor,payee_or_issuer,amount_low_usd,amount_high_usd,amount_text,\
                    qualifier,status,start,end\n";
/// So many rows that writing takes more than a moment.
const ROWS: usize = 200;

/// A folder of its own with a model of one row, and a table of that row and many others.
struct Place {
    path: PathBuf,
}

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("keiretsu-whole-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("a folder");
        let place = Self { path };
        fs::write(place.path.join("one.csv"), format!("{HEAD}{}", rows("a", 1))).expect("writes");
        fs::write(place.path.join("two.csv"), format!("{HEAD}{}{}", rows("a", 1), rows("b", ROWS)))
            .expect("writes");
        place
    }

    fn command(&self, table: &str, model: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_keiretsu"));
        command.args(["import", "claims"]).arg(self.path.join(table)).arg(model);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn import(&self, table: &str, model: &Path) -> Output {
        self.command(table, model).output().expect("runs")
    }

    /// A fresh model of one row.
    fn model(&self, name: &str) -> PathBuf {
        let model = self.path.join(name);
        let _ = fs::remove_dir_all(&model);
        assert!(self.import("one.csv", &model).status.success(), "a clean import");
        model
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

#[test]
fn a_table_of_which_nothing_can_be_placed_fails_in_words() {
    let place = Place::new("unplaceable");
    let table = format!("{HEAD}x,poetry,Cloud,Lab,1000000,1000000,$1 million,exact,firm,2026-04-20,\n");
    fs::write(place.path.join("none.csv"), table).expect("writes");
    let output = place.import("none.csv", &place.path.join("none"));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("none.csv could be placed"), "{said}");
}

fn rows(prefix: &str, count: usize) -> String {
    let row = |at: usize| {
        format!(
            "{prefix}{at},equity_tranche,Cloud{},Lab,1000000,1000000,$1 million,exact,firm,2026-04-20,\n",
            at % 7
        )
    };
    (0..count).map(row).collect()
}

/// How many contracts the model has, as every command sees it; it must be readable.
fn contracts(model: &Path) -> usize {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keiretsu"));
    let shown = command.arg("show").arg(model).args(["contracts", "--format", "csv"]).output().expect("runs");
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    let text = String::from_utf8_lossy(&shown.stdout).into_owned();
    text.lines().filter(|line| line.contains(".due")).count()
}

/// All or nothing now, and after a retry everything, once.
fn whole_after_a_retry(place: &Place, model: &Path, what: &str) {
    let found = contracts(model);
    assert!([1, 1 + ROWS].contains(&found), "{what}: {found} contracts");
    let again = place.import("two.csv", model);
    assert!(again.status.success(), "{what}: {}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(contracts(model), 1 + ROWS, "{what}: after a retry");
    let hidden = fs::read_dir(model).expect("lists").filter_map(Result::ok);
    let hidden: Vec<_> =
        hidden.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).collect();
    assert!(hidden.is_empty(), "{what}: {hidden:?} stay behind");
}

#[test]
fn killed_at_any_moment_it_is_whole_or_not_at_all() {
    let place = Place::new("kill");
    let begun = Instant::now();
    let model = place.model("timed");
    assert!(place.import("two.csv", &model).status.success());
    let most = begun.elapsed().as_micros() as u64;
    let mut seed = 20_261_130_u64;
    for round in 0..16 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let model = place.model("killed");
        let mut child = place.command("two.csv", &model).spawn().expect("runs");
        std::thread::sleep(Duration::from_micros((seed >> 33) % most));
        let _ = child.kill();
        child.wait().expect("ends");
        whole_after_a_retry(&place, &model, &format!("round {round}"));
    }
}

#[test]
fn killed_on_its_way_into_a_new_folder_it_made_a_model_or_none() {
    let place = Place::new("fresh");
    let model = place.path.join("fresh");
    for round in 0..8 {
        let _ = fs::remove_dir_all(&model);
        let mut child = place.command("two.csv", &model).spawn().expect("runs");
        std::thread::sleep(Duration::from_millis(2 + 9 * round));
        let _ = child.kill();
        child.wait().expect("ends");
        if model.join("keiretsu.toml").exists() {
            assert_eq!(contracts(&model), 1 + ROWS, "round {round}");
        }
        let again = place.import("two.csv", &model);
        assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stderr));
        assert_eq!(contracts(&model), 1 + ROWS, "round {round}, after a retry");
    }
}

#[test]
fn a_limit_on_files_changes_nothing_or_everything() {
    let place = Place::new("limit");
    for blocks in [0, 1, 2, 4, 16, 32, 64] {
        let model = place.model("limited");
        // The system ends whoever writes beyond the limit.
        let line = format!("ulimit -c 0; ulimit -f {blocks}; exec \"$0\" import claims \"$1\" \"$2\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &line, env!("CARGO_BIN_EXE_keiretsu")]);
        let output = shell.arg(place.path.join("two.csv")).arg(&model).output().expect("runs");
        if output.status.success() {
            assert_eq!(contracts(&model), 1 + ROWS, "{blocks} blocks: said to be placed");
        }
        whole_after_a_retry(&place, &model, &format!("{blocks} blocks"));
    }
}

/// A small file system of its own, where the system lets one be made.
struct Disk(PathBuf);

impl Disk {
    fn new(path: PathBuf) -> Option<Self> {
        fs::create_dir_all(&path).ok()?;
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=192k", "none"]).arg(&path).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then_some(Self(path))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_changes_nothing_and_is_told() {
    let place = Place::new("full");
    // Without the right to mount, the limit on files above is the test of this.
    let Some(disk) = Disk::new(place.path.join("disk")) else { return };
    let mut refused = 0;
    for left in [0, 1, 3, 8, 12, 16, 20, 24] {
        let model = place.model("disk/model");
        let filler = disk.0.join("filler");
        let mut file = fs::File::create(&filler).expect("a file");
        while file.write_all(&[0; 4096]).is_ok() {}
        let size = file.metadata().expect("facts").len();
        file.set_len(size.saturating_sub(left * 4096)).expect("shorter");
        // What is open keeps its place on the disk.
        drop(file);
        let output = place.import("two.csv", &model);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            refused += 1;
            assert!(said.contains("no space left") && said.contains("nothing was"), "{said}");
            assert_eq!(contracts(&model), 1, "{left} pages left");
        }
        fs::remove_file(&filler).expect("removes");
        whole_after_a_retry(&place, &model, &format!("{left} pages left"));
    }
    assert!(refused > 2, "the disk was full in {refused} of 8 rounds");
}

#[test]
fn of_two_at_once_each_is_whole_or_refused() {
    let place = Place::new("two");
    for name in ["x", "y"] {
        let text = format!("{HEAD}{}", rows(name, ROWS));
        fs::write(place.path.join(format!("{name}.csv")), text).expect("writes");
    }
    for _ in 0..4 {
        let model = place.model("both");
        let start = |table: &str| place.command(table, &model).spawn().expect("runs");
        let both: [Child; 2] = [start("x.csv"), start("y.csv")];
        let ended = both.map(|child| child.wait_with_output().expect("ends"));
        let done = ended.iter().filter(|output| output.status.success()).count();
        assert!(done >= 1, "one of them has the lock");
        assert_eq!(contracts(&model), 1 + done * ROWS, "what is said to be placed is there");
    }
}

#[test]
fn the_holder_of_the_lock_is_named_and_a_dead_one_holds_nothing() {
    let place = Place::new("lock");
    let model = place.model("locked");
    let held = ImportLock::take(&model).expect("the lock");
    let output = place.import("two.csv", &model);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains(&format!("process {} imports into it right now", std::process::id())), "{said}");
    assert_eq!(contracts(&model), 1);
    drop(held);
    // What a killed process leaves: the file, and no lock on it.
    fs::write(model.join(".keiretsu-import.lock"), "process 1").expect("writes");
    whole_after_a_retry(&place, &model, "a stale lock");
}

#[test]
fn names_of_its_own_scheme_that_the_ledger_does_not_know_are_refused() {
    let place = Place::new("scheme");
    let model = place.model("lost");
    fs::remove_file(model.join("claims.csv")).expect("removes");
    let output = place.import("two.csv", &model);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("a statement of the row `a0`"), "{said}");
    assert!(said.contains("put the ledger back"), "{said}");
    assert_eq!(contracts(&model), 1);
}

#[test]
fn a_file_that_may_not_be_written_stays() {
    let place = Place::new("readonly");
    let model = place.model("kept");
    let file = model.join("capital.toml");
    let mut rights = fs::metadata(&file).expect("facts").permissions();
    rights.set_readonly(true);
    fs::set_permissions(&file, rights).expect("sets");
    let output = place.import("two.csv", &model);
    assert!(String::from_utf8_lossy(&output.stderr).contains("capital.toml is read-only"));
    assert_eq!(contracts(&model), 1);
}

#[test]
fn what_is_no_plain_file_is_no_table() {
    let place = Place::new("pipe");
    for table in ["/dev/zero", "."] {
        let output = place.command("", &place.path.join("new")).arg("--dry-run").output();
        assert!(output.is_ok_and(|output| !output.status.success()));
        let mut command = Command::new(env!("CARGO_BIN_EXE_keiretsu"));
        let output =
            command.args(["import", "claims", table]).arg(place.path.join("new")).output().expect("runs");
        assert_eq!(output.status.code(), Some(3), "{table}");
    }
    assert!(!place.path.join("new").exists(), "nothing was made");
}
