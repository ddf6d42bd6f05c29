//! How a number is made from others of its row: arithmetic that a program can follow, or words.

use crate::Value;

/// How the numbers of a column are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnFormula {
    /// None: the column is a key, words, or a plain figure.
    #[default]
    None,
    /// Arithmetic over columns of the same row in braces: `{back} / {put_in}`.
    Arithmetic(&'static str),
    /// Words for people; columns may stand in braces.
    Words(&'static str),
}

impl ColumnFormula {
    /// As it was written; empty for none.
    pub fn text(&self) -> &'static str {
        match self {
            Self::None => "",
            Self::Arithmetic(text) | Self::Words(text) => text,
        }
    }
}

/// Arithmetic over the columns of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// The number of a column of the same row, by its key.
    Column(String),
    /// A number.
    Number(f64),
    /// A sum, difference, product or quotient: its sign is one of `+ - * /`.
    Binary(char, Box<Expr>, Box<Expr>),
}

impl Expr {
    /// Reads arithmetic: `{a} + 2 * ({b} - {c})`, with `*` and `/` before `+` and `-`.
    ///
    /// # Errors
    /// The expected syntax, where the text is no arithmetic.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text.trim() };
        let whole = reader.sum()?;
        if reader.rest.is_empty() { Ok(whole) } else { Err(format!("an operator before `{}`", reader.rest)) }
    }

    /// The columns that it reads, in their order, each once.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns = Vec::new();
        self.collect(&mut columns);
        columns
    }

    fn collect<'a>(&'a self, columns: &mut Vec<&'a str>) {
        match self {
            Self::Column(key) if !columns.contains(&key.as_str()) => columns.push(key),
            Self::Column(_) | Self::Number(_) => {}
            Self::Binary(_, one, other) => {
                one.collect(columns);
                other.collect(columns);
            }
        }
    }

    /// Its value where `column` gives those of the columns; open where one of them is unknown.
    pub fn value(&self, column: &impl Fn(&str) -> Value) -> Value {
        match self {
            Self::Column(key) => column(key),
            Self::Number(number) => Value::exact(*number),
            Self::Binary(sign, one, other) => {
                let (one, other) = (one.value(column), other.value(column));
                match sign {
                    '+' => one.plus(&other),
                    '-' => one.minus(&other),
                    '*' => one.scaled(&other),
                    _ => one.divide(&other),
                }
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn sum(&mut self) -> Result<Expr, String> {
        self.chain(['+', '-'], Self::product)
    }

    fn product(&mut self) -> Result<Expr, String> {
        self.chain(['*', '/'], Self::atom)
    }

    fn chain(
        &mut self,
        signs: [char; 2],
        part: fn(&mut Self) -> Result<Expr, String>,
    ) -> Result<Expr, String> {
        let mut whole = part(self)?;
        while let Some(sign) = self.rest.chars().next().filter(|sign| signs.contains(sign)) {
            self.skip(1);
            whole = Expr::Binary(sign, Box::new(whole), Box::new(part(self)?));
        }
        Ok(whole)
    }

    fn atom(&mut self) -> Result<Expr, String> {
        let end = |at: Option<usize>, closing: char| at.ok_or_else(|| format!("`{closing}`"));
        match self.rest.chars().next() {
            Some('{') => {
                let close = end(self.rest.find('}'), '}')?;
                let key = self.rest[1..close].to_owned();
                self.skip(close + 1);
                Ok(Expr::Column(key))
            }
            Some('(') => {
                self.skip(1);
                let inner = self.sum()?;
                end(self.rest.starts_with(')').then_some(0), ')')?;
                self.skip(1);
                Ok(inner)
            }
            _ => {
                let digits = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.');
                let digits = digits.unwrap_or(self.rest.len());
                let number =
                    self.rest[..digits].parse().map_err(|_| "a column, a number or `(`".to_owned())?;
                self.skip(digits);
                Ok(Expr::Number(number))
            }
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest[bytes..].trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_binds_as_at_school() {
        let expr = Expr::parse("{a} - 2 * ({b} + 1) / {a}").expect("arithmetic");
        assert_eq!(expr.columns(), ["a", "b"]);
        // 8 - 2 * (3 + 1) / 8 = 7.
        let value = expr.value(&|key| Value::exact(if key == "a" { 8.0 } else { 3.0 }));
        assert_eq!(value.amount(), Some(7.0));
    }

    #[test]
    fn words_are_no_arithmetic() {
        for words in ["", "sum of {a}", "{a", "({a}", "{a} {b}", "{a} +", "-{a}"] {
            assert!(Expr::parse(words).is_err(), "{words}");
        }
    }

    #[test]
    fn an_unknown_part_leaves_the_whole_open() {
        let expr = Expr::parse("{a} + {b}").expect("arithmetic");
        let value = expr.value(&|key| if key == "a" { Value::exact(1.0) } else { Value::unknown("why") });
        assert_eq!(value.open_because(), Some("why"));
    }
}
