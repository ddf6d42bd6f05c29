//! Answers of a method to its own JSON object, and to tables for people.

use std::io::{self, Write};

use keiretsu_values::Table;
use serde::Serialize;
use serde_json::ser::Formatter;

/// The answer of a method.
pub trait MethodAnswer {
    /// Its JSON object, as the manual describes it, to 15 digits.
    fn json(&self) -> Vec<u8>;
    /// The same for people.
    fn tables(&self) -> Vec<Table>;
}

/// An answer with tables for people.
pub trait Tabular {
    /// The tables.
    fn tables(&self) -> Vec<Table>;
}

impl<T: Serialize + Tabular> MethodAnswer for T {
    fn json(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Layout::default());
        // Writing to memory does not fail, and answers hold nothing that has no JSON.
        let written = self.serialize(&mut serializer);
        debug_assert!(written.is_ok(), "an answer that has no JSON: {written:?}");
        bytes.push(b'\n');
        bytes
    }

    fn tables(&self) -> Vec<Table> {
        Tabular::tables(self)
    }
}

/// Depth at which entries still have a line each; deeper ones share a line.
const LINES: usize = 2;
/// Whole numbers up to here are written without a point.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Entries of the answer and of its lists on lines of their own, each whole.
#[derive(Debug, Default)]
struct Layout {
    depth: usize,
    filled: bool,
}

impl Layout {
    fn open<W: ?Sized + Write>(&mut self, out: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(sign)
    }

    fn close<W: ?Sized + Write>(&mut self, out: &mut W, sign: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled && self.depth < LINES {
            self.line(out)?;
        }
        self.filled = true;
        out.write_all(sign)
    }

    fn entry<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        match (self.depth <= LINES, first) {
            (true, true) => self.line(out),
            (true, false) => out.write_all(b",").and_then(|()| self.line(out)),
            (false, true) => Ok(()),
            (false, false) => out.write_all(b", "),
        }
    }

    fn line<W: ?Sized + Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.entry(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.entry(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn write_f64<W: ?Sized + Write>(&mut self, out: &mut W, number: f64) -> io::Result<()> {
        let number = keiretsu_views::decimal(number);
        if number.fract().abs() <= 0.0 && number.abs() <= WHOLE_MAX {
            write!(out, "{}", number as i64)
        } else {
            let mut shortest = serde_json::ser::CompactFormatter;
            shortest.write_f64(out, number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Example {
        parties: Vec<(&'static str, f64)>,
        none: Vec<f64>,
        residual: f64,
    }

    impl Tabular for Example {
        fn tables(&self) -> Vec<Table> {
            Vec::new()
        }
    }

    #[test]
    fn entries_have_a_line_each() {
        let example = Example { parties: vec![("a", 2.0), ("b", 0.1)], none: vec![], residual: 1e-17 };
        let text = String::from_utf8(example.json()).expect("text");
        let lines =
            ["{", "  \"parties\": [", "    [\"a\", 2],", "    [\"b\", 0.1]", "  ],", "  \"none\": [],"];
        assert_eq!(text, lines.join("\n") + "\n  \"residual\": 1e-17\n}\n");
    }
}
