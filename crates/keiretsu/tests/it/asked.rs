//! Questions to sessions, in a line.

use std::path::Path;

use keiretsu::{Answer, AskError, Control, Dates, Question, Session};
use keiretsu_values::{Cell, Table};

/// An example of the repository.
pub fn example(name: &str) -> Session {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    let session = Session::open(&path, Dates::default()).expect("the example opens");
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    session
}

/// A question about all parties.
pub fn question(ask: &str) -> Question {
    Question::of(ask, [""; 0])
}

/// The answer to it.
pub fn ask(session: &Session, question: &Question) -> Result<Answer, AskError> {
    session.ask(question, &Control::default())
}

/// The tables of the answer.
#[track_caller]
pub fn tables(session: &Session, question: &Question) -> Vec<Table> {
    let answer = ask(session, question);
    answer.unwrap_or_else(|why| panic!("{question:?}: {why}: {:?}", session.diagnostics())).tables()
}

/// The words of a cell, by the names of things; nothing for numbers.
pub fn key(cell: &Cell) -> String {
    cell.key().unwrap_or_default()
}

/// The same by titles.
pub fn label(cell: &Cell) -> String {
    cell.label().unwrap_or_default()
}
