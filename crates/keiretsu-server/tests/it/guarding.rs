//! What is served to whom: hosts, origins, tokens, sizes, paths.

use keiretsu_server::Settings;
use serde_json::json;

use super::harness::{MODEL, Served, cash};

#[test]
fn only_the_own_host_is_answered() {
    let server = Served::reading(MODEL);
    let port = server.port;
    for host in [format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")] {
        assert_eq!(server.send("GET", "/api/model", &[("Host", &host)], b"").status, 200, "{host}");
    }
    let other = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        "127.0.0.1:1".to_owned(),
        "127.0.0.1".to_owned(),
        format!("10.0.0.1:{port}"),
        String::new(),
    ];
    for host in other {
        for path in ["/", "/api/model", "/api/events", "/assets/page.js"] {
            let reply = server.send("GET", path, &[("Host", &host)], b"");
            assert_eq!(reply.refused(403), "forbidden", "{host} {path}");
        }
    }
    // A name in the line of the request counts as well.
    let reply = server.send("GET", &format!("http://evil.example:{port}/api/model"), &[], b"");
    assert_eq!(reply.refused(403), "forbidden");
}

#[test]
fn only_the_own_origin_is_answered_and_no_other_site_is_told_anything() {
    let server = Served::reading(MODEL);
    let own = format!("http://127.0.0.1:{}", server.port);
    assert_eq!(server.send("GET", "/api/model", &[("Origin", &own)], b"").status, 200);
    for origin in ["http://evil.example", "null", "https://127.0.0.1", "file://", "http://127.0.0.1:1"] {
        let reply = server.send("GET", "/api/model", &[("Origin", origin)], b"");
        assert_eq!(reply.refused(403), "forbidden", "{origin}");
        assert!(!reply.head.contains("access-control"), "{}", reply.head);
    }
    let reply = server.send("GET", "/api/model", &[("Sec-Fetch-Site", "cross-site")], b"");
    assert_eq!(reply.refused(403), "forbidden");
    // What a form of another site could send is no JSON.
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let body = json!({ "question": cash() }).to_string();
        let reply = server.send("POST", "/api/ask", &[("Content-Type", kind)], body.as_bytes());
        assert_eq!(reply.refused(400), "invalid", "{kind}");
    }
    let preflight = [("Origin", own.as_str()), ("Access-Control-Request-Method", "POST")];
    let reply = server.send("OPTIONS", "/api/ask", &preflight, b"");
    assert_eq!(reply.status, 405);
    assert!(!reply.head.contains("access-control"), "{}", reply.head);
}

#[test]
fn every_answer_has_a_policy_without_inline_scripts() {
    let server = Served::reading(MODEL);
    for path in ["/", "/cash?party=lab", "/api/model", "/no.such", "/api/no"] {
        let head = server.get(path).head;
        let policy = head.lines().find(|line| line.starts_with("content-security-policy: "));
        let policy = policy.unwrap_or_else(|| panic!("{path}: {head}"));
        assert!(policy.contains("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    }
}

#[test]
fn the_page_is_served_under_its_own_addresses_and_nothing_of_the_disk() {
    let server = Served::reading(MODEL);
    for path in ["/", "/cash", "/what-if?lab.cash=$8B", "/text/deep"] {
        let reply = server.get(path);
        assert_eq!(reply.status, 200);
        assert!(reply.head.contains("content-type: text/html") && reply.body.contains("<!doctype html>"));
    }
    let script = server.get("/assets/page.js");
    assert!(script.head.contains("content-type: text/javascript"), "{}", script.head);
    let tag = script.head.lines().find_map(|line| line.strip_prefix("etag: ")).expect("a tag").to_owned();
    assert_eq!(server.send("GET", "/assets/page.js", &[("If-None-Match", &tag)], b"").status, 304);
    for path in [
        "/../../../etc/passwd",
        "/..%2f..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/../../Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "//etc/passwd",
        "/keiretsu.toml",
        "/assets/page.js%00.html",
        "/.git/config",
    ] {
        let reply = server.get(path);
        let is_page = reply.body.contains("<!doctype html>");
        assert!(
            is_page || [400, 403, 404].contains(&reply.status),
            "{path}: {} {}",
            reply.status,
            reply.body
        );
        assert!(!reply.body.contains("root:") && !reply.body.contains("[package]"), "{path}");
        assert!(!reply.body.contains("A lab buys"), "{path}");
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_before_it_is_read() {
    let server = Served::reading(MODEL);
    let kind = ("Content-Type", "application/json");
    let reply = server.send("POST", "/api/ask", &[kind, ("Content-Length", "5000000000")], b"");
    assert_eq!(reply.refused(413), "too-large");
    // Without a length, as it comes: 17 pieces of 64 KiB are more than 1 MiB.
    let piece = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000)).repeat(17);
    let status = send_chunked(&server, &piece);
    assert!([0, 413].contains(&status), "{status}");
    assert_eq!(server.get("/api/model").status, 200);
    let long = format!("/{}", "a".repeat(200_000));
    assert!([0, 414, 431].contains(&server.get(&long).status));
    assert_eq!(server.get("/api/model").status, 200);
}

/// The status of a request whose body comes in pieces; 0 where the socket is closed before.
fn send_chunked(server: &Served, pieces: &str) -> u16 {
    use std::io::{Read, Write};
    let mut socket = server.connect();
    let head = format!(
        "POST /api/ask HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Transfer-Encoding: chunked\r\n\r\n",
        server.host()
    );
    let _ = socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(pieces.as_bytes()));
    let mut answer = String::new();
    let _ = socket.read_to_string(&mut answer);
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

#[test]
fn elsewhere_a_token_is_wanted() {
    let server = Served::with(MODEL, Settings { host: "0.0.0.0".to_owned(), ..Settings::default() });
    let token = server.token.clone().expect("a token");
    assert_eq!(server.get("/api/model").refused(403), "forbidden");
    assert_eq!(server.get("/").refused(403), "forbidden");
    let wrong = "0".repeat(32);
    assert_eq!(server.get(&format!("/?token={wrong}")).refused(403), "forbidden");
    assert_eq!(server.get(&format!("/?token={}", &token[..31])).refused(403), "forbidden");
    let welcome = server.get(&format!("/?token={token}"));
    assert_eq!(welcome.status, 303, "{}", welcome.head);
    let cookie = welcome.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    assert!(cookie.contains("httponly") && cookie.contains("samesite=strict"), "{cookie}");
    let pair = cookie.split(';').next().expect("a pair");
    assert_eq!(server.send("GET", "/api/model", &[("Cookie", pair)], b"").status, 200);
    let bearer = format!("Bearer {token}");
    assert_eq!(server.send("GET", "/api/model", &[("Authorization", &bearer)], b"").status, 200);
    let evil = format!("evil.example:{}", server.port);
    let reply = server.send("GET", "/api/model", &[("Authorization", &bearer), ("Host", &evil)], b"");
    assert_eq!(reply.refused(403), "forbidden");
}

#[test]
fn this_machine_needs_no_token() {
    let server = Served::with(MODEL, Settings { host: "localhost".to_owned(), ..Settings::default() });
    assert_eq!(server.token, None);
}
