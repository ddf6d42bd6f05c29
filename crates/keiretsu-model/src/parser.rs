//! Text to formula: a Pratt parser over the shared tokens, binding names as it goes.
//!
//! Grammar, loosest first: `if c then a else b` · `or` · `and` · `not` · one comparison · `+ -` · `* /` ·
//! `-a` · `x[-3 months]` · amounts, names, `f(...)`, `( ... )`.

use crate::date;
use crate::figure::Misread;
use crate::formula::{ContractReading, Extreme, Formula, Node, Operator, PartyReading};
use crate::lexer::{self, Lexed, Token};
use crate::limits::{MAX_DEPTH, MAX_LENGTH};
use crate::names::{Kind, Names};
use crate::{ContractRef, EventRef, FactorRef, PartyRef, Span, suggest};

/// Reads a formula that stands at `span` (the text without its quotes).
///
/// # Errors
/// With a code, the characters that are wrong, and what to write instead.
pub fn parse(text: &str, span: Span, names: &Names) -> Result<Formula, (&'static str, Misread)> {
    if text.len() > MAX_LENGTH {
        let message = format!("a formula has at most {MAX_LENGTH} characters");
        return Err((
            "E0506",
            wrong(0, text.len(), message, "give parts of it names: factors with `formula`"),
        ));
    }
    let tokens = lexer::lex(text);
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, length: text.len(), span, names };
    let formula = parser.formula()?;
    match parser.tokens.get(parser.at) {
        None => Ok(formula),
        Some(extra) => Err(Parser::unexpected(extra)),
    }
}

type Parsed = Result<Formula, (&'static str, Misread)>;

struct Parser<'a> {
    tokens: &'a [Lexed],
    at: usize,
    depth: usize,
    length: usize,
    span: Span,
    names: &'a Names,
}

fn wrong(start: usize, end: usize, message: impl Into<String>, hint: impl Into<String>) -> Misread {
    Misread { start, end, message: message.into(), hint: hint.into() }
}

impl Parser<'_> {
    fn formula(&mut self) -> Parsed {
        if !self.take_word("if") {
            return self.binary(0);
        }
        let start = self.at - 1;
        let when = self.nested(Self::formula)?;
        self.expect_word("then")?;
        let then = self.nested(Self::formula)?;
        self.expect_word("else")?;
        let otherwise = self.nested(Self::formula)?;
        Ok(self.made(start, Node::If(Box::new([when, then, otherwise]))))
    }

    /// Operators that bind at least as tightly as `least`.
    fn binary(&mut self, least: u8) -> Parsed {
        let start = self.at;
        let mut left = if self.take_word("not") {
            let of = self.nested(|parser| parser.binary(3))?;
            self.made(start, Node::Not(Box::new(of)))
        } else {
            self.signed()?
        };
        while let Some((operator, binds)) = self.operator().filter(|(_, binds)| *binds >= least) {
            self.at += 1;
            let right = self.nested(|parser| parser.binary(binds + 1))?;
            if binds == 3 && self.operator().is_some_and(|(_, next)| next == 3) {
                let extra = &self.tokens[self.at];
                let hint = "write `a <= b and b <= c`";
                return Err(("E0501", wrong(extra.start, extra.end, "comparisons cannot be chained", hint)));
            }
            left = self.made(start, Node::Binary(operator, Box::new(left), Box::new(right)));
        }
        Ok(left)
    }

    fn operator(&self) -> Option<(Operator, u8)> {
        Some(match &self.tokens.get(self.at)?.token {
            Token::Word(word) if word == "or" => (Operator::Or, 1),
            Token::Word(word) if word == "and" => (Operator::And, 2),
            Token::Sign(">=") => (Operator::AtLeast, 3),
            Token::Sign("<=") => (Operator::AtMost, 3),
            Token::Sign(">") => (Operator::MoreThan, 3),
            Token::Sign("<") => (Operator::LessThan, 3),
            Token::Sign("+") => (Operator::Plus, 4),
            Token::Sign("-") => (Operator::Minus, 4),
            Token::Sign("*") => (Operator::Times, 5),
            Token::Sign("/") => (Operator::Per, 5),
            _ => return None,
        })
    }

    fn signed(&mut self) -> Parsed {
        let start = self.at;
        if self.take_sign("-") {
            let of = self.nested(Self::signed)?;
            return Ok(self.made(start, Node::Negative(Box::new(of))));
        }
        let formula = self.primary()?;
        if !self.take_sign("[") {
            return Ok(formula);
        }
        let at = self.at;
        let minus = self.take_sign("-");
        let months = self.months()?;
        if !minus {
            let lexed = &self.tokens[at.min(self.tokens.len() - 1)];
            let hint = "write `revenue[-3 months]`";
            return Err(("E0501", wrong(lexed.start, lexed.end, "a lag looks back", hint)));
        }
        self.expect_sign("]")?;
        Ok(self.made(start, Node::Lag(Box::new(formula), months)))
    }

    fn months(&mut self) -> Result<u32, (&'static str, Misread)> {
        let months = match self.tokens.get(self.at).map(|lexed| &lexed.token) {
            Some(Token::Quantity(quantity)) if quantity.dimension == keiretsu_values::Dimension::TIME => {
                date::whole_months(quantity.amount)
            }
            _ => None,
        };
        match months {
            Some(months) => {
                self.at += 1;
                Ok(months)
            }
            None => Err(self.expected("a whole number of months", "write `3 months` or `1 year`")),
        }
    }

    fn primary(&mut self) -> Parsed {
        let Some(lexed) = self.tokens.get(self.at) else {
            return Err(self.expected("an amount or a name", "the formula ends too early"));
        };
        let start = self.at;
        let node = match &lexed.token {
            Token::Quantity(quantity) if !lexer::is_readable(quantity.amount, quantity.dimension) => {
                let (message, hint) = lexer::UNREADABLE;
                return Err(("E0301", wrong(lexed.start, lexed.end, message, hint)));
            }
            Token::Quantity(quantity) | Token::Unit(quantity) => Node::Amount(*quantity),
            Token::Date(text) => {
                if let Some(when) = date::when(text) {
                    Node::Date(when)
                } else {
                    let message = format!("`{text}` is not a date");
                    return Err((
                        "E0401",
                        wrong(lexed.start, lexed.end, message, "write 2028-12-31 or 2028-12"),
                    ));
                }
            }
            Token::Word(word) => {
                let word = word.clone();
                return self.named(&word);
            }
            Token::Sign("(") => {
                self.at += 1;
                let inside = self.nested(Self::formula)?;
                self.expect_sign(")")?;
                return Ok(self.made(start, inside.node));
            }
            Token::Sign(_) | Token::Wrong(_) => return Err(Self::unexpected(lexed)),
        };
        self.at += 1;
        Ok(self.made(start, node))
    }

    fn named(&mut self, word: &str) -> Parsed {
        let start = self.at;
        self.at += 1;
        if self.is_sign("(") {
            return self.call(start, word);
        }
        let node = match word {
            "undisclosed" | "unknown" => Node::Undisclosed,
            "true" => Node::Truth(true),
            "false" => Node::Truth(false),
            "sum" => return self.sum(start),
            name => {
                if let Some(factor) = self.names.find(Kind::Factor, name) {
                    Node::Factor(FactorRef(factor))
                } else if let Some(event) = self.names.find(Kind::Event, name) {
                    Node::Event(EventRef(event))
                } else {
                    return Err(self.unknown(start, name));
                }
            }
        };
        Ok(self.made(start, node))
    }

    fn unknown(&self, at: usize, name: &str) -> (&'static str, Misread) {
        let lexed = &self.tokens[at];
        let kinds = [Kind::Factor, Kind::Event];
        let hint = if self.names.find(Kind::Party, name).is_some() {
            format!("`{name}` is a party; ask for `cash({name})`, `revenue({name})` or `value({name})`")
        } else if self.names.find(Kind::Contract, name).is_some() {
            format!("`{name}` is a contract; ask for `paid({name})` or `capacity({name})`")
        } else if name.contains('-') && self.names.nearest(name, &kinds).is_none() {
            "to subtract, write spaces around the minus".to_owned()
        } else if is_reference_rate(name) && self.names.nearest(name, &kinds).is_none() {
            let factor = name.to_lowercase();
            format!(
                "define it as `[factors.{factor}]` with a `start` or a `path`, or leave the rate out and say \
                 the `spread` alone"
            )
        } else if kinds.into_iter().all(|kind| self.names.all(kind).next().is_none()) {
            format!("the model has no factors yet; define it as `[factors.{name}]`")
        } else {
            let advice = self.names.advice(name, &kinds);
            let lists = advice.contains(" of");
            if lists { format!("{advice}; or define it as `[factors.{name}]`") } else { advice }
        };
        ("E0601", wrong(lexed.start, lexed.end, format!("there is no factor or event `{name}`"), hint))
    }

    fn sum(&mut self, start: usize) -> Parsed {
        self.expect_word("of")?;
        let of = self.nested(|parser| parser.binary(4))?;
        self.expect_word("in")?;
        self.expect_word("next")?;
        let months = self.months()?;
        if !matches!(of.node, Node::OfContract(ContractReading::Minimum, ..)) {
            let (from, to) = (self.tokens[start].start, self.tokens[self.at - 1].end);
            let hint =
                "only what is known in advance can be summed: `sum of minimum(contract) in next 12 months`";
            return Err(("E0503", wrong(from, to, "this cannot be summed ahead of time", hint)));
        }
        Ok(self.made(start, Node::SumNext(Box::new(of), months)))
    }

    fn call(&mut self, start: usize, function: &str) -> Parsed {
        self.expect_sign("(")?;
        let node = match function {
            "min" | "max" => {
                let extreme = if function == "min" { Extreme::Least } else { Extreme::Greatest };
                let mut list = vec![self.nested(Self::formula)?];
                while self.take_sign(",") {
                    list.push(self.nested(Self::formula)?);
                }
                Node::Extreme(extreme, list)
            }
            "cash" => self.of_party(PartyReading::Cash)?,
            "revenue" => self.of_party(PartyReading::Revenue)?,
            "value" => self.of_party(PartyReading::Value)?,
            "defaulted" => self.of_party(PartyReading::Defaulted)?,
            "capacity" => self.of_contract(ContractReading::Capacity)?,
            "paid" => self.of_contract(ContractReading::Paid)?,
            "minimum" => self.of_contract(ContractReading::Minimum)?,
            "funded" => self.of_contract(ContractReading::Funded)?,
            _ => {
                let lexed = &self.tokens[start];
                let hint = suggest::advice(function, FUNCTIONS);
                let message = format!("there is no function `{function}`");
                return Err(("E0503", wrong(lexed.start, lexed.end, message, hint)));
            }
        };
        self.expect_sign(")")?;
        Ok(self.made(start, node))
    }

    fn of_party(&mut self, reading: PartyReading) -> Result<Node, (&'static str, Misread)> {
        let (name, at) = self.name("the name of a party")?;
        match self.names.find(Kind::Party, &name) {
            Some(party) => Ok(Node::OfParty(reading, PartyRef(party))),
            None => Err(self.no_such(at, Kind::Party, &name)),
        }
    }

    fn of_contract(&mut self, reading: ContractReading) -> Result<Node, (&'static str, Misread)> {
        let (name, at) = self.name("the name of a contract")?;
        let tranche = if self.take_sign(".") { Some(self.name("the name of a tranche")?) } else { None };
        let Some(contract) = self.names.find(Kind::Contract, &name) else {
            return Err(self.no_such(at, Kind::Contract, &name));
        };
        if let Some((tranche, at)) = &tranche
            && self.names.tranche(&format!("{name}.{tranche}")).is_none()
        {
            let lexed = &self.tokens[*at];
            let message = format!("`{name}` has no tranche `{tranche}`");
            return Err((
                "E0601",
                wrong(lexed.start, lexed.end, message, "look at `keiretsu show contracts`"),
            ));
        }
        Ok(Node::OfContract(reading, ContractRef(contract), tranche.map(|(name, _)| name)))
    }

    fn no_such(&self, at: usize, kind: Kind, name: &str) -> (&'static str, Misread) {
        let lexed = &self.tokens[at];
        let message = format!("there is no {} `{name}`", kind.word());
        ("E0601", wrong(lexed.start, lexed.end, message, self.names.advice(name, &[kind])))
    }

    fn name(&mut self, what: &str) -> Result<(String, usize), (&'static str, Misread)> {
        match self.tokens.get(self.at).map(|lexed| &lexed.token) {
            Some(Token::Word(word)) => {
                self.at += 1;
                Ok((word.clone(), self.at - 1))
            }
            _ => Err(self.expected(what, "names stand without quotes")),
        }
    }

    fn nested(&mut self, parse: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let at = self.tokens.get(self.at).map_or(self.length, |lexed| lexed.start);
            let message = format!("the formula is nested deeper than {MAX_DEPTH}");
            return Err((
                "E0506",
                wrong(at, self.length, message, "give parts of it names: factors with `formula`"),
            ));
        }
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn made(&self, start: usize, node: Node) -> Formula {
        let from = self.tokens[start].start;
        let to = self.tokens[self.at.max(start + 1) - 1].end;
        Formula { node, span: self.span.part(from, to) }
    }

    fn is_sign(&self, sign: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Lexed { token: Token::Sign(found), .. }) if *found == sign)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let token = self.tokens.get(self.at).map(|lexed| &lexed.token);
        let found = matches!(token, Some(Token::Word(found)) if found == word);
        self.at += usize::from(found);
        found
    }

    fn expect_sign(&mut self, sign: &str) -> Result<(), (&'static str, Misread)> {
        if self.take_sign(sign) { Ok(()) } else { Err(self.expected(&format!("`{sign}`"), "")) }
    }

    fn expect_word(&mut self, word: &str) -> Result<(), (&'static str, Misread)> {
        if self.take_word(word) { Ok(()) } else { Err(self.expected(&format!("`{word}`"), "")) }
    }

    fn expected(&self, what: &str, hint: &str) -> (&'static str, Misread) {
        let (start, end) =
            self.tokens.get(self.at).map_or((self.length, self.length), |lexed| (lexed.start, lexed.end));
        ("E0501", wrong(start, end, format!("{what} is expected here"), hint))
    }

    fn unexpected(lexed: &Lexed) -> (&'static str, Misread) {
        let hint = match &lexed.token {
            Token::Sign("=>" | "==" | "!=") => "compare amounts with `>=`, `<=`, `>` or `<`",
            Token::Word(_) | Token::Quantity(_) => {
                "an operator such as `and`, `+` or `>=` is missing before it"
            }
            Token::Wrong('&') => "write `and`",
            Token::Wrong('|') => "write `or`",
            Token::Wrong('=') => "compare amounts with `>=` or `<=`",
            Token::Wrong('!') => "write `not`",
            _ => "",
        };
        ("E0501", wrong(lexed.start, lexed.end, "this is not expected here", hint))
    }
}

/// The functions of the language.
pub const FUNCTIONS: [&str; 10] =
    ["capacity", "cash", "defaulted", "funded", "max", "min", "minimum", "paid", "revenue", "value"];

/// Rates of the market that loans float over.
fn is_reference_rate(name: &str) -> bool {
    ["sofr", "sonia", "saron", "libor", "euribor", "tibor", "stibor", "nibor"]
        .contains(&name.to_lowercase().as_str())
}
