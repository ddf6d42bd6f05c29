//! A server on a free port over a model in a folder of its own, and a client that says what it wants.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use keiretsu_server::{Settings, Stopper, start};
use serde_json::Value;

/// A lab buys compute from a cloud: 360 over 3 years out of 500 leave 140.
pub const MODEL: &str = r#"keiretsu = 1
title = "A lab buys compute" # by hand
as_of = 2025-12-31
horizon = "3 years"

[parties]
lab = { name = "The lab", cash = "$500M", because = "an example" } # what it has
cloud = { name = "The cloud" }

[contracts.compute]
type = "supply"
buyer = "lab"
seller = "cloud"
from = "2026-01"
minimum = "$360M over 3 years"
because = "an example"
"#;

/// The longest that a test waits for anything.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A server that ends with the test.
pub struct Served {
    pub folder: PathBuf,
    pub port: u16,
    pub token: Option<String>,
    stopper: Stopper,
    thread: Option<JoinHandle<()>>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }

    /// The code of an error, of a reply with a status.
    pub fn refused(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Served {
    /// A model to read.
    pub fn reading(model: &str) -> Self {
        Self::with(model, Settings::default())
    }

    /// A model to write.
    pub fn editing(model: &str) -> Self {
        Self::with(model, Settings { may_edit: true, ..Settings::default() })
    }

    pub fn with(model: &str, settings: Settings) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("keiretsu-serve-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).expect("a temporary folder");
        fs::write(folder.join("keiretsu.toml"), model).expect("a file");
        let server = start(&Settings { model: folder.clone(), ..settings }).expect("the server begins");
        let port = server.address().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
        let (stopper, token) = (server.stopper(), server.token().map(str::to_owned));
        let thread = std::thread::spawn(move || server.wait());
        Self { folder, port, token, stopper, thread: Some(thread) }
    }

    /// Ends the server; how long that took.
    pub fn end(&mut self) -> Duration {
        let begun = Instant::now();
        self.stopper.stop();
        if let Some(thread) = self.thread.take() {
            thread.join().expect("the server ends in order");
        }
        begun.elapsed()
    }

    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect(name)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str, body: &Value) -> Reply {
        self.send("POST", path, &[("Content-Type", "application/json")], body.to_string().as_bytes())
    }

    /// A request as a page sends it, with further headers; a header of the same name takes the place.
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut socket = self.connect();
        let is_given = |name: &str| headers.iter().any(|(other, _)| *other == name);
        let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
        if !is_given("Host") {
            head += &format!("Host: {}\r\n", self.host());
        }
        if !is_given("Content-Length") {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        for (name, words) in headers {
            head += &format!("{name}: {words}\r\n");
        }
        // A server that refuses a body reads no further.
        let _ = socket.write_all((head + "\r\n").as_bytes()).and_then(|()| socket.write_all(body));
        let mut bytes = Vec::new();
        let _ = socket.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Reply { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    pub fn connect(&self) -> TcpStream {
        let socket = TcpStream::connect(("127.0.0.1", self.port)).expect("the server listens");
        socket.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        socket.set_write_timeout(Some(PATIENCE)).expect("a time limit");
        socket
    }

    /// The events of a client.
    pub fn events(&self, client: &str) -> Events {
        let mut socket = self.connect();
        let head = format!("GET /api/events?client={client} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host());
        socket.write_all(head.as_bytes()).expect("the request is sent");
        Events(BufReader::new(socket))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.end();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A stream of events.
pub struct Events(pub BufReader<TcpStream>);

impl Events {
    /// The data of the next event of this name; nothing where the stream is over.
    pub fn next(&mut self, name: &str) -> Option<Value> {
        let mut is_wanted = false;
        let begun = Instant::now();
        loop {
            assert!(begun.elapsed() < PATIENCE, "no event `{name}` comes");
            let mut line = String::new();
            if self.0.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            if let Some(event) = line.strip_prefix("event: ") {
                is_wanted = event.trim() == name;
            } else if let Some(data) = line.strip_prefix("data: ").filter(|_| is_wanted) {
                return Some(serde_json::from_str(data.trim_end()).expect("an event is JSON"));
            }
        }
    }

    /// The next model.
    pub fn model(&mut self) -> Value {
        self.next("model").expect("the stream goes on")
    }

    /// Ends it.
    pub fn close(self) {
        let _ = self.0.get_ref().shutdown(Shutdown::Both);
    }
}

/// A question about the lab's cash in the firm reading, over all of the time.
pub fn cash() -> Value {
    serde_json::json!({ "ask": "cash", "parties": ["lab"], "by": "total" })
}

/// The lowest cash of the lab in an answer.
pub fn lowest(reply: &Value) -> f64 {
    let short = &reply["answer"];
    assert_eq!(short["table"], "short", "{reply}");
    let rows = short["rows"].as_array().expect("rows");
    let firm = rows.iter().find(|row| row["party_id"] == "lab" && row["reading"] == "firm").expect("a row");
    firm["lowest_cash"].as_f64().expect("a number")
}

/// As editors save: another file, moved into place.
pub fn replace(path: &Path, text: &str) {
    let beside = path.with_extension("new");
    fs::write(&beside, text).expect("a file");
    fs::rename(beside, path).expect("it moves");
}
