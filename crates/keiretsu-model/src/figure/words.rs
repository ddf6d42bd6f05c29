//! The words of a figure, one after the other, to what they say: qualifier, amount, range, time, price.
//!
//! Absent: what a reading takes of it.

use keiretsu_values::Dimension;

use super::vocabulary::{PARTS, QUALIFIERS, Qualifier};
use super::{EXAMPLES, Figure, Misread, Said, range};
use crate::lexer::{self, Lexed, Quantity, Token};
use crate::limits::MAX_YEARS;

/// The tokens of a figure, and how far they are read.
pub(super) struct Words<'a> {
    pub tokens: &'a [Lexed],
    pub at: usize,
    pub length: usize,
}

impl Words<'_> {
    /// The figure at the start of the words.
    pub fn figure(&mut self, text: &str) -> Result<Figure, Misread> {
        let mut figure = Figure::undisclosed(text);
        self.article();
        let start = self.at;
        let between = self.word("between");
        let _ = !between && self.word("from");
        let qualifier = self.qualifier();
        // "up to about $5B": the end that is said is only roughly so.
        let bounded = matches!(qualifier, Some(Qualifier::UpTo | Qualifier::AtLeast));
        let about = matches!(qualifier, Some(Qualifier::About)) || bounded && self.about();
        self.article();
        let first = self.quantity()?;
        let mut whole = first;
        figure.said = match qualifier {
            Some(Qualifier::About) => Said::About(first.amount),
            Some(Qualifier::UpTo) => Said::UpTo { most: first.amount, about },
            Some(Qualifier::AtLeast) => Said::AtLeast { least: first.amount, about },
            None => Said::Exact(first.amount),
        };
        if self.joined(between) {
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
            let (low, last) = self.same_unit(start, first, last)?;
            if low > last.amount {
                let message = "the range runs from more to less".to_owned();
                return Err(self.wrong(start, message, "write the smaller amount first"));
            }
            figure.said = range(low, last.amount, open, about);
            whole = last;
        } else if between {
            return Err(self.wrong(self.at, "the other end is missing".into(), "write \"$5B to $8B\""));
        } else if qualifier.is_none() {
            figure.said = self.or_more(first.amount);
        }
        figure.dimension = whole.dimension;
        figure.currency = whole.currency.or(first.currency);
        if self.word("over") || self.word("in") {
            figure.over = self.over()?;
        }
        if self.word("at") || self.sign("@") {
            figure.at = Some(self.price()?);
        }
        figure.of_rest = match figure.dimension {
            Dimension::NUMBER => self.words(&["of", "what", "is", "left"]),
            Dimension::TIME => self.of_dues(),
            _ => false,
        };
        Ok(figure)
    }

    /// `12 months of rent`: what falls due in that time.
    fn of_dues(&mut self) -> bool {
        let before = self.at;
        if !self.word("of") {
            return false;
        }
        let _ = self.word("the") || self.word("contracted");
        let _ = ["lease", "rental", "service", "monthly", "minimum"].iter().any(|kind| self.word(kind));
        let said = ["rent", "rents", "rental", "fees", "payments", "charges", "dues", "billings"];
        let found = said.iter().any(|word| self.word(word));
        self.at = if found { self.at } else { before };
        found
    }

    /// `a $10 billion`: an article says nothing.
    fn article(&mut self) {
        let before = self.at;
        if !(self.word("a") || self.word("an") || self.word("the")) {
            return;
        }
        let begun = self.at;
        let amount = matches!(self.tokens.get(self.at).map(|lexed| &lexed.token), Some(Token::Quantity(_)));
        let follows = amount || self.qualifier().is_some();
        self.at = if follows { begun } else { before };
    }

    /// Whether another end of a range follows: behind `to`, `and` of a "between", or a dash glued to both.
    fn joined(&mut self, between: bool) -> bool {
        if self.word("to") || (between && self.word("and")) {
            return true;
        }
        let around = [self.at.wrapping_sub(1), self.at, self.at + 1].map(|at| self.tokens.get(at));
        let [Some(before), Some(dash), Some(after)] = around else { return false };
        let glued = before.end == dash.start && dash.end == after.start;
        glued && self.sign("-")
    }

    /// `$5B+`, `$5B or more`, `$5B or less`.
    fn or_more(&mut self, amount: f64) -> Said {
        let ends = [self.at.wrapping_sub(1), self.at].map(|at| self.tokens.get(at));
        if let [Some(number), Some(plus)] = ends
            && number.end == plus.start
            && self.sign("+")
        {
            return Said::AtLeast { least: amount, about: false };
        }
        let (more, less) =
            (Said::AtLeast { least: amount, about: false }, Said::UpTo { most: amount, about: false });
        for (word, said) in [("more", more), ("less", less)] {
            if self.is_word(self.at, "or") && self.is_word(self.at + 1, word) {
                self.at += 2;
                return said;
            }
        }
        Said::Exact(amount)
    }

    /// `over 10 years`, `over about five years`: a time above zero. One of which the words give two ends,
    /// such as "over 15 to 19 years", is none that is known.
    fn over(&mut self) -> Result<Option<f64>, Misread> {
        let first = self.at;
        let plain = matches!(self.tokens.get(first).map(|lexed| &lexed.token), Some(Token::Quantity(_)));
        let ends = [first + 1, first + 2].map(|at| self.tokens.get(at).map(|lexed| &lexed.token));
        let joined = matches!(ends[0], Some(Token::Sign("-"))) || self.is_word(first + 1, "to");
        if let (true, true, Some(Token::Quantity(_))) = (plain, joined, ends[1]) {
            self.at += 2;
            self.time()?;
            return Ok(None);
        }
        let _ = self.word("the");
        let _ = self.word("a") || self.word("next") || self.word("coming");
        let _ = self.qualifier();
        self.time().map(Some)
    }

    fn time(&mut self) -> Result<f64, Misread> {
        let time = match self.tokens.get(self.at).map(|lexed| &lexed.token) {
            // "over the next decade".
            Some(Token::Unit(unit)) => {
                self.at += 1;
                *unit
            }
            _ => self.quantity()?,
        };
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

    /// Both ends of a range in one unit: each may lend its own to the other.
    fn same_unit(&self, start: usize, first: Quantity, last: Quantity) -> Result<(f64, Quantity), Misread> {
        let zero = first.amount.abs() <= 0.0;
        let mut first = first;
        let mut last = last;
        if let (None, Some(scale), false) = (first.magnitude, last.magnitude, zero) {
            // "$5 to $10B" are two whole amounts; "$20-25 billion" and "5 to 10 billion euros" are of one
            // kind.
            if first.is_signed && last.is_signed {
                let message = "it is unclear whether both ends have the same magnitude".to_owned();
                return Err(self.wrong(start, message, "write both in full, such as \"$5B to $10B\""));
            }
            first.amount *= scale;
        }
        if last.currency.is_none() && last.dimension.money == 0 && first.dimension == Dimension::MONEY {
            last.dimension = last.dimension.times(Dimension::MONEY);
            last.currency = first.currency;
        }
        // "6.5 to 7%" lends its hundredths, as "30 to 40 MW" its unit.
        let lends = last.unit_scale < 1.0 && first.unit_scale >= 1.0 && first.magnitude.is_none();
        let same = first.dimension == last.dimension && first.currency == last.currency;
        if same && !(lends && last.dimension == Dimension::NUMBER) {
            return Ok((first.amount, last));
        }
        let plain = first.dimension == Dimension::NUMBER
            || (first.dimension == Dimension::MONEY && first.currency == last.currency);
        if plain && (first.unit_scale - 1.0).abs() <= 0.0 {
            return Ok((first.amount * last.unit_scale, last));
        }
        let message =
            format!("the ends of the range differ in unit: {} and {}", first.dimension, last.dimension);
        Err(self.wrong(start, message, "give both ends the same unit"))
    }

    fn qualifier(&mut self) -> Option<Qualifier> {
        for (words, qualifier) in QUALIFIERS {
            let words = words.split(' ');
            let length = words.clone().count();
            if words.enumerate().all(|(at, word)| self.is_word(self.at + at, word)) {
                self.at += length;
                return Some(qualifier);
            }
        }
        let one = match &self.tokens.get(self.at)?.token {
            Token::Sign("~") => Qualifier::About,
            Token::Sign(">" | ">=") => Qualifier::AtLeast,
            Token::Sign("<" | "<=") => Qualifier::UpTo,
            _ => return None,
        };
        self.at += 1;
        Some(one)
    }

    /// `1/3`, `two-thirds`, `a third`: a part of a whole.
    fn fraction(&mut self) -> Option<f64> {
        let spelt = PARTS.into_iter().find(|(words, _)| {
            words.split(' ').enumerate().all(|(at, word)| self.is_word(self.at + at, word))
        });
        if let Some((words, part)) = spelt {
            self.at += words.split(' ').count();
            return Some(part);
        }
        let whole = |at: usize| match self.tokens.get(at).map(|lexed| &lexed.token) {
            Some(Token::Quantity(number)) if *number == Quantity::plain(number.amount) => Some(number.amount),
            _ => None,
        };
        let stroke = matches!(self.tokens.get(self.at + 1).map(|lexed| &lexed.token), Some(Token::Sign("/")));
        let (over, under) = whole(self.at).zip(whole(self.at + 2)).filter(|_| stroke)?;
        let is_part = 0.0 < over && over < under && over.fract() <= 0.0 && under.fract() <= 0.0;
        self.at += if is_part { 3 } else { 0 };
        is_part.then_some(over / under)
    }

    /// A word that says "roughly", and no other qualifier.
    fn about(&mut self) -> bool {
        let before = self.at;
        let found = matches!(self.qualifier(), Some(Qualifier::About));
        self.at = if found { self.at } else { before };
        found
    }

    fn quantity(&mut self) -> Result<Quantity, Misread> {
        if let Some(part) = self.fraction() {
            return Ok(Quantity::plain(part));
        }
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
