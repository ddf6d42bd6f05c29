//! What the server takes at the most.

use std::time::Duration;

/// The most sockets that are open at a time.
pub const CONNECTIONS_MAX: usize = 1_024;
/// The most streams of events.
pub const STREAMS_MAX: usize = 512;
/// The most clients that are remembered.
pub const CLIENTS_MAX: usize = 1_024;
/// The most questions that a client has answered with every event.
pub const WATCHED_MAX: usize = 64;
/// The most questions that wait for their turn.
pub const WAITING_MAX: usize = 512;
/// The most bytes of a request that asks something.
pub const BODY_BYTES_MAX: usize = keiretsu::limits::QUESTION_BYTES_MAX as usize;
/// The most bytes of a request that writes a file: as text in JSON, a file takes up to twice its size.
pub const EDIT_BYTES_MAX: usize = 2 * keiretsu::model::limits::MAX_FILE_BYTES as usize;
/// The most bytes of answers that are kept for the next client.
pub const KEPT_BYTES_MAX: usize = 64 << 20;
/// The most time for the body of a request.
pub const BODY_TIME_MAX: Duration = Duration::from_secs(10);
/// The most time for the head of a request.
pub const HEAD_TIME_MAX: Duration = Duration::from_secs(30);
/// The most time that one question computes.
pub const JOB_TIME_MAX: Duration = Duration::from_mins(5);
/// The most time that an event waits for its answers; those that take longer are asked for by their pages.
pub const ANSWERS_TIME_MAX: Duration = Duration::from_secs(5);
/// The time in which open requests may end once the server is stopped.
pub const END_TIME_MAX: Duration = Duration::from_millis(600);

/// All of them: the quantity, the most, and why.
pub const ALL: [(&str, usize, &str); 8] = [
    ("sockets of `serve`", CONNECTIONS_MAX, "each takes memory"),
    ("streams of events of `serve`", STREAMS_MAX, "each is answered anew when the text changes"),
    ("clients that `serve` remembers", CLIENTS_MAX, "each has questions of its own"),
    ("questions that a client of `serve` watches", WATCHED_MAX, "each is answered with every event"),
    ("questions that wait in `serve`", WAITING_MAX, "further ones are refused, not forgotten"),
    ("bytes of a request to `serve`", BODY_BYTES_MAX, "a question is small"),
    ("bytes of an edit through `serve`", EDIT_BYTES_MAX, "a file of a model, as JSON"),
    ("seconds that a question to `serve` computes", JOB_TIME_MAX.as_secs() as usize, "others wait"),
];
