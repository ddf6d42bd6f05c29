//! The words of a figure, one after the other, to what they say: qualifier, amount, range, time, price.
//!
//! Absent: what a reading takes of it.

use keiretsu_values::Dimension;

use super::{EXAMPLES, Figure, Misread, Said, range};
use crate::lexer::{self, Lexed, Quantity, Token};
use crate::limits::MAX_YEARS;

/// The tokens of a figure, and how far they are read.
pub(super) struct Words<'a> {
    pub tokens: &'a [Lexed],
    pub at: usize,
    pub length: usize,
}

enum Qualifier {
    About,
    UpTo,
    AtLeast,
}

impl Words<'_> {
    /// The figure at the start of the words.
    pub fn figure(&mut self, text: &str) -> Result<Figure, Misread> {
        let mut figure = Figure {
            words: text.to_owned(),
            said: Said::Undisclosed,
            dimension: Dimension::NUMBER,
            currency: None,
            over: None,
            at: None,
            of_rest: false,
        };
        if self.word("undisclosed") || self.word("unknown") {
            return Ok(figure);
        }
        let start = self.at;
        let qualifier = self.qualifier();
        let first = self.quantity()?;
        let mut whole = first;
        let about = matches!(qualifier, Some(Qualifier::About));
        figure.said = match qualifier {
            Some(Qualifier::About) => Said::About(first.amount),
            Some(Qualifier::UpTo) => Said::UpTo(first.amount),
            Some(Qualifier::AtLeast) => Said::AtLeast(first.amount),
            None => Said::Exact(first.amount),
        };
        if self.word("to") {
            if matches!(qualifier, Some(Qualifier::UpTo | Qualifier::AtLeast)) {
                let message = "a range says its own ends".to_owned();
                return Err(self.wrong(
                    start,
                    message,
                    "write \"$5B to $8B\", or one amount behind these words",
                ));
            }
            let open = matches!(self.qualifier(), Some(Qualifier::AtLeast));
            let last = self.quantity()?;
            let low = self.same_unit(start, first, last)?;
            if low > last.amount {
                let message = "the range runs from more to less".to_owned();
                return Err(self.wrong(start, message, "write the smaller amount first"));
            }
            figure.said = range(low, last.amount, open, about);
            whole = last;
        }
        figure.dimension = whole.dimension;
        figure.currency = whole.currency.or(first.currency);
        if self.word("over") || self.word("in") {
            figure.over = Some(self.over()?);
        }
        if self.word("at") || self.sign("@") {
            figure.at = Some(self.price()?);
        }
        if figure.dimension == Dimension::NUMBER {
            figure.of_rest = self.words(&["of", "what", "is", "left"]);
        }
        Ok(figure)
    }

    /// `over 10 years`: a time above zero.
    fn over(&mut self) -> Result<f64, Misread> {
        let time = self.quantity()?;
        if time.dimension != Dimension::TIME {
            let message = "this is not a duration".into();
            return Err(self.wrong(self.at - 1, message, "write \"over 10 years\""));
        }
        if time.amount <= 0.0 {
            let message = "nothing falls over no time".into();
            return Err(self.wrong(self.at - 1, message, "write \"over 10 years\""));
        }
        if MAX_YEARS < time.amount {
            let message = format!("no amount falls over more than {MAX_YEARS} years");
            return Err(self.wrong(self.at - 1, message, "write \"over 10 years\""));
        }
        Ok(time.amount)
    }

    /// `at $0.01`: the price of each, above or at zero.
    fn price(&mut self) -> Result<Quantity, Misread> {
        let price = self.quantity()?;
        if price.amount < 0.0 {
            return Err(self.wrong(self.at - 1, "a price is not negative".into(), "write \"at $0.01\""));
        }
        Ok(price)
    }

    /// The first end of a range in the unit of the second.
    fn same_unit(&self, start: usize, first: Quantity, last: Quantity) -> Result<f64, Misread> {
        let zero = first.amount.abs() <= 0.0;
        if !first.magnitude && last.magnitude && !zero {
            let message = "it is unclear whether both ends have the same magnitude".to_owned();
            return Err(self.wrong(start, message, "write both in full, such as \"$5B to $10B\""));
        }
        if first.dimension == last.dimension && (first.currency == last.currency) {
            return Ok(first.amount);
        }
        let plain = first.dimension == Dimension::NUMBER
            || (first.dimension == Dimension::MONEY && first.currency == last.currency);
        if plain && (first.unit_scale - 1.0).abs() <= 0.0 {
            return Ok(first.amount * last.unit_scale);
        }
        let message =
            format!("the ends of the range differ in unit: {} and {}", first.dimension, last.dimension);
        Err(self.wrong(start, message, "give both ends the same unit"))
    }

    fn qualifier(&mut self) -> Option<Qualifier> {
        const TWO: [(&str, &str, Qualifier); 6] = [
            ("up", "to", Qualifier::UpTo),
            ("at", "most", Qualifier::UpTo),
            ("no", "more", Qualifier::UpTo),
            ("more", "than", Qualifier::AtLeast),
            ("at", "least", Qualifier::AtLeast),
            ("in", "excess", Qualifier::AtLeast),
        ];
        for (first, second, qualifier) in TWO {
            if self.is_word(self.at, first) && self.is_word(self.at + 1, second) {
                self.at += 2;
                let _ = self.word("than") || self.word("of");
                return Some(qualifier);
            }
        }
        let one = match &self.tokens.get(self.at)?.token {
            Token::Word(word) => match word.to_lowercase().as_str() {
                "about" | "roughly" | "nearly" | "approximately" | "around" | "circa" | "almost" => {
                    Qualifier::About
                }
                "over" | "above" => Qualifier::AtLeast,
                "under" | "below" => Qualifier::UpTo,
                _ => return None,
            },
            Token::Sign("~") => Qualifier::About,
            Token::Sign(">" | ">=") => Qualifier::AtLeast,
            Token::Sign("<" | "<=") => Qualifier::UpTo,
            _ => return None,
        };
        self.at += 1;
        Some(one)
    }

    fn quantity(&mut self) -> Result<Quantity, Misread> {
        let negative = self.sign("-");
        match self.tokens.get(self.at).map(|lexed| &lexed.token) {
            Some(Token::Quantity(quantity)) if !lexer::is_readable(quantity.amount, quantity.dimension) => {
                let (message, hint) = lexer::UNREADABLE;
                Err(self.wrong(self.at, message.into(), hint))
            }
            Some(Token::Quantity(quantity)) => {
                self.at += 1;
                // Zero has no sign.
                let signed =
                    if negative && quantity.amount > 0.0 { -quantity.amount } else { quantity.amount };
                let mut quantity = Quantity { amount: signed, ..*quantity };
                // "$5M / month", with spaces around the stroke.
                while let Some(Lexed { token: Token::Unit(unit), .. }) = self.tokens.get(self.at + 1)
                    && self.sign("/")
                {
                    self.at += 1;
                    quantity = lexer::per_unit(quantity, *unit);
                }
                Ok(quantity)
            }
            _ => Err(self.wrong(self.at, "an amount is expected here".into(), EXAMPLES)),
        }
    }

    /// Nothing follows that is not understood.
    pub fn end(&self) -> Result<(), Misread> {
        if self.at < self.tokens.len() {
            return Err(self.wrong(self.at, "these words are not understood".into(), EXAMPLES));
        }
        Ok(())
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        let token = self.tokens.get(at).map(|lexed| &lexed.token);
        matches!(token, Some(Token::Word(found)) if found.eq_ignore_ascii_case(word))
    }

    fn word(&mut self, word: &str) -> bool {
        let found = self.is_word(self.at, word);
        self.at += usize::from(found);
        found
    }

    /// Several words in a row, or none of them.
    fn words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(later, word)| self.is_word(self.at + later, word));
        self.at += if found { words.len() } else { 0 };
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let token = self.tokens.get(self.at).map(|lexed| &lexed.token);
        let found = matches!(token, Some(Token::Sign(found)) if *found == sign);
        self.at += usize::from(found);
        found
    }

    fn wrong(&self, at: usize, message: String, hint: &str) -> Misread {
        let start = self.tokens.get(at).map_or(self.length, |lexed| lexed.start);
        misread(start, self.length.max(start), message, hint)
    }
}

/// Why these bytes are no figure.
pub(super) fn misread(start: usize, end: usize, message: String, hint: &str) -> Misread {
    Misread { start, end, message, hint: hint.to_owned() }
}
