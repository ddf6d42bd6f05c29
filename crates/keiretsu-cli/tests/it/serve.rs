//! `keiretsu serve` as a process: its first line, its end, its numbers, and what it holds after much work.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::harness::{Folder, SMALL, command};

/// The longest that a test waits for anything.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that serves, and is killed with the test.
struct Serving {
    child: Child,
    out: BufReader<ChildStdout>,
    port: u16,
}

impl Serving {
    fn of(model: &Path, words: &[&str]) -> Self {
        let all = [&["serve", ".", "--port", "0"], words].concat();
        let mut child = command(model, &all).stdout(Stdio::piped()).spawn().expect("keiretsu runs");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        let port =
            line.strip_prefix("listening on http://127.0.0.1:").and_then(|port| port.trim_end().parse().ok());
        let port = port.unwrap_or_else(|| panic!("the first line is {line:?}"));
        Self { child, out, port }
    }

    fn connect(&self) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        socket
    }

    fn send(&self, head: &str, body: &[u8]) -> (u16, String) {
        let mut socket = self.connect();
        let head = format!(
            "{head}\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n",
            self.port,
            body.len()
        );
        let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(body));
        let mut bytes = Vec::new();
        let _ = socket.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned()).unwrap_or_default())
    }

    fn ask(&self, question: &Value) -> Value {
        let body = json!({ "question": question }).to_string();
        let (status, body) = self.send("POST /api/ask HTTP/1.1", body.as_bytes());
        assert_eq!(status, 200, "{question}: {body}");
        serde_json::from_str(&body).expect("JSON")
    }

    /// Its threads, and the memory that it holds, in bytes.
    #[cfg(target_os = "linux")]
    fn holds(&self) -> (u64, u64) {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("its status");
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("a line");
            line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).expect("a number")
        };
        (number("Threads:"), number("VmRSS:") << 10)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name)
}

#[test]
fn a_folder_without_a_model_and_a_port_in_use_are_said_and_end() {
    let folder = Folder::new();
    folder.run(&["serve"]).failed(3, "no keiretsu.toml");
    folder.run(&["serve", "nowhere"]).failed(3, "no file or folder nowhere");
    folder.write("keiretsu.toml", SMALL.as_bytes());
    let serving = Serving::of(&folder.path, &[]);
    folder.run(&["serve", "--port", &serving.port.to_string()]).failed(3, "--port 0");
    folder.run(&["serve", "--port", "70000"]).failed(2, "70000");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_two_open_pages_and_an_idle_socket_within_a_second() {
    let folder = Folder::with(SMALL);
    let mut serving = Serving::of(&folder.path, &[]);
    let mut open: Vec<TcpStream> = ["events?client=a", "events?client=b", "model"]
        .iter()
        .map(|path| {
            let mut socket = serving.connect();
            let head = format!("GET /api/{path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", serving.port);
            socket.write_all(head.as_bytes()).expect("a request");
            let mut first = [0; 64];
            assert!(0 < socket.read(&mut first).expect("an answer"));
            socket
        })
        .collect();
    open.push(serving.connect());
    let begun = Instant::now();
    let killed = std::process::Command::new("kill").args(["-INT", &serving.child.id().to_string()]).status();
    assert!(killed.is_ok_and(|killed| killed.success()));
    let status = serving.child.wait().expect("it ends");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_eq!(status.code(), Some(0));
    let mut rest = String::new();
    serving.out.read_to_string(&mut rest).expect("its output ends");
    assert_eq!(rest, "", "nothing but the address");
}

#[test]
fn numbers_are_those_of_the_command_line() {
    let model = example("three-clouds");
    let serving = Serving::of(&model, &["--no-watch"]);
    for measure in ["commitments", "cash", "coverage", "compare", "exposure", "circularity", "obligations"] {
        let printed =
            command(&model, &["measure", ".", measure, "--format", "json"]).output().expect("it runs");
        let printed: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        let served = serving.ask(&json!({ "ask": measure, "own_money": "pro-rata" }));
        assert_eq!(served["answer"], printed, "{measure}");
    }
    let changed =
        ["measure", ".", "coverage", "--set", "anthropic.cash=$8B", "--paths", "200", "--format", "json"];
    let printed = command(&model, &changed).output().expect("it runs");
    let printed: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    let changes = json!([{ "place": "anthropic.cash", "words": "$8B" }]);
    let question = json!({ "ask": "coverage", "changes": changes, "paths": { "count": 200 } });
    assert_eq!(serving.ask(&question)["answer"], printed);
}

#[test]
fn each_number_has_the_proof_that_explain_prints() {
    const SAMPLE: usize = 12;
    let model = example("three-clouds");
    let serving = Serving::of(&model, &["--no-watch"]);
    let mut addresses = Vec::new();
    for measure in ["coverage", "commitments", "exposure"] {
        let listed = serving.ask(&json!({ "ask": "numbers", "of": [measure] }));
        let rows = listed["answer"]["rows"].as_array().expect("rows");
        let step = rows.len().div_ceil(SAMPLE / 3);
        addresses
            .extend(rows.iter().step_by(step).map(|row| row["name"].as_str().expect("a name").to_owned()));
    }
    assert!(SAMPLE / 2 <= addresses.len(), "{addresses:?}");
    for address in addresses {
        let printed =
            command(&model, &["explain", ".", &address, "--format", "json"]).output().expect("it runs");
        let printed: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
        let served = serving.ask(&json!({ "ask": "explain", "of": [address] }));
        assert_eq!(served["answer"], printed, "{address}");
    }
}

/// Numbers that look random and are the same every time (Steele, Lea and Flood 2014, `SplitMix64`).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % sides as u64) as usize
    }
}

/// A request that may make sense, or not.
fn odd(dice: &mut Dice) -> (String, Vec<u8>) {
    const METHODS: [&str; 7] = ["GET", "POST", "POST", "PUT", "DELETE", "HEAD", "BREW"];
    const PATHS: [&str; 14] = [
        "/",
        "/cash?party=lab",
        "/api/model",
        "/api/ask",
        "/api/watch",
        "/api/cancel",
        "/api/edit",
        "/api/export?question=%7B%22ask%22%3A%22cash%22%7D&format=csv",
        "/api/openapi.json",
        "/api/none",
        "/../../etc/passwd",
        "/assets/page.js",
        "/%00%ff",
        "/api/export?format=%F0",
    ];
    const BODIES: [&str; 10] = [
        "",
        "{",
        "null",
        "[[[[[[[[",
        r#"{"question":{"ask":"cash"}}"#,
        r#"{"question":{"ask":"\u0000"}}"#,
        r#"{"question":{"ask":"cash","changes":[{"place":"lab.cash","words":"\"$9"}]}}"#,
        r#"{"client":"a","questions":{"x":{"ask":"coverage"}}}"#,
        r#"{"id":"x"}"#,
        r#"{"path":"keiretsu.toml","sha256":"","text":""}"#,
    ];
    let head = format!("{} {} HTTP/1.1", METHODS[dice.roll(METHODS.len())], PATHS[dice.roll(PATHS.len())]);
    let mut body = BODIES[dice.roll(BODIES.len())].as_bytes().to_vec();
    if dice.roll(4) == 0 && !body.is_empty() {
        let at = dice.roll(body.len());
        body[at] = dice.roll(256) as u8;
    }
    (head, body)
}

#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_odd_requests_leave_no_threads_and_no_memory_behind() {
    const REQUESTS: usize = 10_000;
    let folder = Folder::with(SMALL);
    let serving = Serving::of(&folder.path, &["--edit"]);
    let work = |from: usize, to: usize| {
        for at in from..to {
            let (head, body) = odd(&mut Dice(at as u64));
            let (status, answer) = serving.send(&head, &body);
            assert!((200..500).contains(&status), "{head} {}: {status} {answer}", body.escape_ascii());
        }
    };
    let all = |from: usize, to: usize| {
        let quarter = (to - from) / 4;
        std::thread::scope(|scope| {
            for part in 0..4 {
                let start = from + part * quarter;
                scope.spawn(move || work(start, start + quarter));
            }
        });
    };
    // What it allocates once is there after the first part.
    all(0, REQUESTS / 5);
    let (threads, memory) = serving.holds();
    all(REQUESTS / 5, REQUESTS);
    let (threads_after, memory_after) = serving.holds();
    assert!(threads_after <= threads + 8, "{threads} threads, then {threads_after}");
    assert!(memory_after < memory + (32 << 20), "{memory} bytes, then {memory_after}");
    assert_eq!(folder.read("keiretsu.toml"), SMALL);
    assert_eq!(serving.send("GET /api/model HTTP/1.1", b"").0, 200);
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_server_computes_nothing() {
    let folder = Folder::with(SMALL);
    let serving = Serving::of(&folder.path, &[]);
    serving.ask(&json!({ "ask": "cash" }));
    let spent = || {
        let stat = fs::read_to_string(format!("/proc/{}/stat", serving.child.id())).expect("its state");
        let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
        // User and system time, fields 14 and 15 of proc(5), in ticks of 10 ms.
        fields[11].parse::<u64>().expect("a number") + fields[12].parse::<u64>().expect("a number")
    };
    std::thread::sleep(Duration::from_millis(500));
    let before = spent();
    std::thread::sleep(Duration::from_secs(2));
    assert!(spent() <= before + 1, "{before} ticks, then {}", spent());
}
