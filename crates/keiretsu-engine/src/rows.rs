//! Numbers of many paths, one row for each quantity and one column for each path of a block.
//!
//! Invariant: all rows are equally long. A reading has one column.

/// Where a value of a month is found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// The same number in every month and on every path.
    Fixed(f64),
    /// The same on every path: a column of the table of months.
    Month(usize),
    /// A row of the block.
    Row(usize),
}

/// A value as a loop reads it.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// The same on every path.
    One(f64),
    /// One for each path.
    Many(&'a [f64]),
}

impl Arg<'_> {
    /// The value on one path.
    pub fn at(self, lane: usize) -> f64 {
        match self {
            Arg::One(value) => value,
            Arg::Many(values) => values[lane],
        }
    }
}

/// Rows of equal length.
#[derive(Clone, Debug)]
pub struct Rows {
    data: Vec<f64>,
    width: usize,
}

/// All rows but one that is being written.
#[derive(Clone, Copy)]
pub struct Others<'a> {
    before: &'a [f64],
    after: &'a [f64],
    hole: usize,
    width: usize,
}

impl Rows {
    /// `count` rows of zeros.
    pub fn new(count: usize, width: usize) -> Self {
        Self { data: vec![0.0; count * width], width }
    }

    /// How many paths a row has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// A row.
    pub fn row(&self, at: usize) -> &[f64] {
        &self.data[at * self.width..(at + 1) * self.width]
    }

    /// A row to be written.
    pub fn row_mut(&mut self, at: usize) -> &mut [f64] {
        &mut self.data[at * self.width..(at + 1) * self.width]
    }

    /// The first rows, as one slice.
    pub fn first(&self, count: usize) -> &[f64] {
        &self.data[..count * self.width]
    }

    /// The first rows, as one slice.
    pub fn first_mut(&mut self, count: usize) -> &mut [f64] {
        &mut self.data[..count * self.width]
    }

    /// A row to be written and all others to be read.
    pub fn split(&mut self, at: usize) -> (&mut [f64], Others<'_>) {
        let (before, rest) = self.data.split_at_mut(at * self.width);
        let (row, after) = rest.split_at_mut(self.width);
        (row, Others { before, after, hole: at, width: self.width })
    }

    /// Two different rows to be written.
    pub fn two(&mut self, a: usize, b: usize) -> (&mut [f64], &mut [f64]) {
        assert!(a != b, "the two rows differ");
        let (low, high) = (a.min(b), a.max(b));
        let (before, after) = self.data.split_at_mut(high * self.width);
        let first = &mut before[low * self.width..(low + 1) * self.width];
        let second = &mut after[..self.width];
        if a < b { (first, second) } else { (second, first) }
    }

    /// One number.
    pub fn get(&self, at: usize, lane: usize) -> f64 {
        self.data[at * self.width + lane]
    }

    /// One number to be written.
    pub fn cell(&mut self, at: usize, lane: usize) -> &mut f64 {
        &mut self.data[at * self.width + lane]
    }

    /// A value of this month.
    pub fn arg<'a>(&'a self, place: Place, month: &[f64]) -> Arg<'a> {
        match place {
            Place::Fixed(value) => Arg::One(value),
            Place::Month(column) => Arg::One(month[column]),
            Place::Row(at) => Arg::Many(self.row(at)),
        }
    }
}

impl<'a> Others<'a> {
    /// A row other than the one being written.
    pub fn row(self, at: usize) -> &'a [f64] {
        assert!(at != self.hole, "a row is not read while it is written");
        if at < self.hole {
            &self.before[at * self.width..(at + 1) * self.width]
        } else {
            let at = at - self.hole - 1;
            &self.after[at * self.width..(at + 1) * self.width]
        }
    }

    /// A value of this month.
    pub fn arg(self, place: Place, month: &[f64]) -> Arg<'a> {
        match place {
            Place::Fixed(value) => Arg::One(value),
            Place::Month(column) => Arg::One(month[column]),
            Place::Row(at) => Arg::Many(self.row(at)),
        }
    }
}
