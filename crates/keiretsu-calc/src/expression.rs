//! Small formulas over the columns of a table: `hinc*air`, `floor((individual-1)/7)`.
//!
//! Names are columns, or whatever else the caller knows; numbers, `+ - * /`, brackets and `floor` stand
//! between them. A name with other signs than letters, digits, `_` and `.` goes between backticks.

use crate::limits::EXPRESSION_DEPTH_MAX;

/// A formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// A name, as the caller numbers it.
    Name(usize),
    /// The next whole number below.
    Floor(Box<Expression>),
    /// Two formulas with a sign between them.
    Two(Box<Expression>, char, Box<Expression>),
}

impl Expression {
    /// Reads a formula; `find` numbers a name.
    ///
    /// # Errors
    /// The error, in words.
    pub fn read(text: &str, find: &mut dyn FnMut(&str) -> Result<usize, String>) -> Result<Self, String> {
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, find };
        let expression = parser.sum()?;
        match parser.peek() {
            None => Ok(expression),
            Some(token) => Err(format!("`{token}` is not expected in `{text}`")),
        }
    }

    /// Its value, given those of names.
    pub fn value(&self, of: &impl Fn(usize) -> f64) -> f64 {
        match self {
            Expression::Number(number) => *number,
            Expression::Name(name) => of(*name),
            Expression::Floor(inner) => inner.value(of).floor(),
            Expression::Two(left, sign, right) => {
                let (left, right) = (left.value(of), right.value(of));
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    '*' => left * right,
                    _ => left / right,
                }
            }
        }
    }
}

/// Words and signs; a word in backticks keeps the first of them.
fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut letters = text.chars().peekable();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    while let Some(letter) = letters.next() {
        if letter == '`' {
            let name: String = letters.by_ref().take_while(|letter| *letter != '`').collect();
            tokens.push(format!("`{name}"));
        } else if is_word(letter) {
            let mut word = String::from(letter);
            while let Some(next) = letters.next_if(|next| is_word(*next)) {
                word.push(next);
            }
            tokens.push(word);
        } else if "+-*/()".contains(letter) {
            tokens.push(letter.to_string());
        } else if !letter.is_whitespace() {
            return Err(format!("`{letter}` is not expected in `{text}`"));
        }
    }
    Ok(tokens)
}

struct Parser<'a> {
    tokens: &'a [String],
    at: usize,
    depth: usize,
    find: &'a mut dyn FnMut(&str) -> Result<usize, String>,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, wanted: &[&str]) -> Option<char> {
        let sign = self.peek().filter(|token| wanted.contains(token))?.chars().next();
        self.at += 1;
        sign
    }

    fn sum(&mut self) -> Result<Expression, String> {
        let mut left = self.product()?;
        while let Some(sign) = self.take(&["+", "-"]) {
            left = Expression::Two(Box::new(left), sign, Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Expression, String> {
        let mut left = self.atom()?;
        while let Some(sign) = self.take(&["*", "/"]) {
            left = Expression::Two(Box::new(left), sign, Box::new(self.atom()?));
        }
        Ok(left)
    }

    fn atom(&mut self) -> Result<Expression, String> {
        let Some(token) = self.peek().map(str::to_owned) else { return Err("the formula ends early".into()) };
        self.at += 1;
        if token == "-" {
            let zero = Box::new(Expression::Number(0.0));
            return Ok(Expression::Two(zero, '-', Box::new(self.atom()?)));
        }
        if token == "(" {
            return self.bracket();
        }
        if token == "floor" && self.peek() == Some("(") {
            self.at += 1;
            return Ok(Expression::Floor(Box::new(self.bracket()?)));
        }
        if let Some(name) = token.strip_prefix('`') {
            return Ok(Expression::Name((self.find)(name)?));
        }
        if let Some(number) = token.parse().ok().filter(|number: &f64| number.is_finite()) {
            return Ok(Expression::Number(number));
        }
        if token.chars().all(|letter| "+*/)".contains(letter)) {
            return Err(format!("`{token}` is not expected here"));
        }
        Ok(Expression::Name((self.find)(&token)?))
    }

    /// The expression after an opening bracket.
    fn bracket(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if EXPRESSION_DEPTH_MAX < self.depth {
            return Err("there are too many brackets".into());
        }
        let inner = self.sum()?;
        self.depth -= 1;
        if self.take(&[")"]).is_none() {
            return Err("a bracket is not closed".into());
        }
        Ok(inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Result<f64, String> {
        let names = ["hinc", "air", "two words"];
        let find = |name: &str| names.iter().position(|known| *known == name).ok_or(format!("no {name}"));
        let expression = Expression::read(text, &mut find.clone())?;
        Ok(expression.value(&|name| [30.0, 1.0, 5.0][name]))
    }

    #[test]
    fn formulas_have_the_usual_order() {
        for (text, want) in [
            ("hinc*air", 30.0),
            ("floor((hinc-1)/7)", 4.0),
            ("1 + 2*3 - 8/4", 5.0),
            ("-hinc + `two words`", -25.0),
            ("2*(1+1)", 4.0),
        ] {
            assert_eq!(value(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn slips_are_named() {
        assert_eq!(value("hinc*sea"), Err("no sea".into()));
        assert_eq!(value("hinc*"), Err("the formula ends early".into()));
        assert_eq!(value("(hinc"), Err("a bracket is not closed".into()));
        assert_eq!(value("hinc air"), Err("`air` is not expected in `hinc air`".into()));
        assert_eq!(value("hinc & 1"), Err("`&` is not expected in `hinc & 1`".into()));
        assert!(value(&"(".repeat(9999)).is_err());
        assert!(value(&"-".repeat(9)).is_err());
    }
}
