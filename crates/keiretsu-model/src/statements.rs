//! Figures of the tree: words alone, tables with their source, several claims with a choice.

use jiff::civil::Date;
use keiretsu_values::Dimension;

use crate::figure::{self, Figure, Said};
use crate::names::Kind;
use crate::reader::Reader;
use crate::record::{Basis, SourceClaim, Stated};
use crate::tree::{Key, Node, Tree};
use crate::{CONFLICTS, Diagnostic, SourceRef, Span, suggest};

const RULES: [&str; 4] = ["latest", "best-tier", "lowest", "highest"];

impl Reader<'_> {
    /// A figure: words, a plain number, or a table. What it rests on goes into `basis`.
    pub fn stated(
        &mut self,
        node: &Node,
        dimensions: &[Dimension],
        what: &str,
        basis: &mut Basis,
    ) -> Option<Stated> {
        let stated = match &node.value {
            Tree::Text(text) => self.words(text, node.inside(), node.span, what)?,
            Tree::Integer(number) => plain(*number as f64, node.span),
            Tree::Float(number) => plain(*number, node.span),
            Tree::Table(_) if node.get("claims").is_some() => self.claims(node, what, basis)?,
            Tree::Table(_) => self.figure_table(node, what, basis)?,
            _ => return self.wrong_kind(node, what, "a figure such as \"$8B\" or \"up to 5 GW\""),
        };
        self.fits(&stated, dimensions, what);
        Some(stated)
    }

    /// A figure from its words.
    pub fn words(&mut self, text: &str, inside: Span, span: Span, _what: &str) -> Option<Stated> {
        match figure::parse(text) {
            Ok(figure) => {
                self.zero_range(figure.said, span);
                Some(Stated {
                    figure,
                    span,
                    expect: None,
                    expect_in: None,
                    on: None,
                    others: vec![],
                    chosen_by: None,
                    share: None,
                })
            }
            Err(misread) => {
                let span = inside.part(misread.start, misread.end);
                let message = format!("`{text}` is not a figure: {}", misread.message);
                self.diagnostics.push(Diagnostic::new("E0301", span, message).hint(misread.hint));
                None
            }
        }
    }

    fn zero_range(&mut self, said: Said, span: Span) {
        if said.touches_zero() {
            let message = "a range that touches zero has no mean that its ends decide";
            self.diagnostics.push(
                Diagnostic::new("E0304", span, message)
                    .hint("write `{ figure = \"up to ...\", expect = \"...\", because = \"...\" }`"),
            );
        }
    }

    /// A figure that shapes the run has an amount: an unknown one is never taken for zero.
    pub fn needs_amount(&mut self, stated: &Stated, what: &str) {
        if stated.expected().amount().is_none() {
            let message = format!("`{what}` is undisclosed, and the run needs a number");
            self.diagnostics.push(
                Diagnostic::new("E0202", stated.span, message)
                    .hint("give what you expect: { expect = \"20%\", because = \"...\" }"),
            );
        }
    }

    /// Whether a figure measures what the term wants.
    pub fn fits(&mut self, stated: &Stated, dimensions: &[Dimension], what: &str) {
        let has = stated.figure.dimension;
        let unknown = matches!(stated.figure.said, Said::Undisclosed);
        if unknown && stated.expect.is_none() || dimensions.contains(&has) {
            return;
        }
        let wanted: Vec<String> = dimensions.iter().map(ToString::to_string).collect();
        let message = format!("`{what}` is {}, not {has}", wanted.join(" or "));
        let hint = match dimensions.first() {
            Some(&Dimension::MONEY) => "write an amount such as \"$8B\"",
            Some(&Dimension::MONEY_RATE) => "write an amount per time such as \"$600M/month\"",
            Some(&Dimension::POWER) => "write a power such as \"5 GW\"",
            Some(&Dimension::NUMBER) => "write a share such as \"27%\" or a multiple such as \"2x\"",
            Some(&Dimension::SHARES) => "write a number of shares such as \"16 million shares\"",
            Some(&Dimension::MONEY_PER_POWER) => "write a price such as \"$30B per GW\"",
            _ => "",
        };
        self.diagnostics.push(Diagnostic::new("E0302", stated.span, message).hint(hint));
    }

    /// `{ figure = "...", expect = "...", source = "...", on = "..." }`.
    fn figure_table(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Stated> {
        let mut expect = None;
        let mut on = None;
        let mut known = None;
        let mut words = None;
        for (key, value) in node.entries() {
            match key.name.as_str() {
                "figure" => words = self.bare(value, what),
                "expect" => expect = self.bare(value, "expect"),
                "on" => on = self.when(value, "on", false),
                "known" => known = self.when(value, "known", true),
                _ => {
                    self.basis_key(key, value, basis, &["figure", "expect", "on", "known", "claims", "use"]);
                }
            }
        }
        let known_day = known.map(|when| when.last);
        let mut stated = match (words, node.get("figure").is_some()) {
            (Some(stated), _) => stated,
            (None, true) => return None,
            (None, false) if expect.is_some() => undisclosed(node.span),
            (None, false) => {
                let message = format!("`{what}` has no figure");
                self.diagnostics.push(
                    Diagnostic::new("E0202", node.span, message)
                        .hint("give `figure = \"...\"`, or `expect = \"...\"` for an assumption"),
                );
                return None;
            }
        };
        if !self.is_known(&basis.sources, known_day) {
            stated = undisclosed(node.span);
        }
        if let Some(expect) = expect {
            self.same_measure(&stated, &expect);
            if matches!(stated.figure.said, Said::Undisclosed) {
                stated.figure.dimension = expect.figure.dimension;
                stated.figure.currency = expect.figure.currency;
            }
            stated.expects(&expect.figure);
        }
        stated.on = on;
        Some(stated)
    }

    fn same_measure(&mut self, stated: &Stated, expect: &Stated) {
        let unknown = matches!(stated.figure.said, Said::Undisclosed);
        if !unknown && stated.figure.dimension != expect.figure.dimension {
            let message =
                format!("`expect` is {}, the figure is {}", expect.figure.dimension, stated.figure.dimension);
            self.diagnostics.push(
                Diagnostic::new("E0302", expect.span, message)
                    .also(stated.span, "the figure")
                    .hint("give both in the same unit"),
            );
        }
    }

    fn bare(&mut self, node: &Node, what: &str) -> Option<Stated> {
        match &node.value {
            Tree::Text(text) => self.words(text, node.inside(), node.span, what),
            Tree::Integer(number) => Some(plain(*number as f64, node.span)),
            Tree::Float(number) => Some(plain(*number, node.span)),
            _ => self.wrong_kind(node, what, "a figure in words"),
        }
    }

    /// `{ claims = [{ figure, source }, ...], use = "..." }`: the chosen claim, the others beside it.
    fn claims(&mut self, node: &Node, what: &str, basis: &mut Basis) -> Option<Stated> {
        let list = node.get("claims")?;
        let Tree::List(items) = &list.value else {
            return self.wrong_kind(
                list,
                "claims",
                "a list of tables `{ figure = \"...\", source = \"...\" }`",
            );
        };
        let mut expect = None;
        for (key, value) in node.entries() {
            match key.name.as_str() {
                "claims" | "use" => {}
                "expect" => expect = self.bare(value, "expect"),
                _ => {
                    self.basis_key(key, value, basis, &["claims", "use", "expect"]);
                }
            }
        }
        let mut claims: Vec<(Stated, Basis, Option<Date>)> = Vec::new();
        let mut kinds = Vec::new();
        let mut misread = false;
        for item in items {
            let mut own = Basis::default();
            let hidden = claims.len();
            let (item, kind) = self.conflict(item);
            let stated = self.figure_table(&item, what, &mut own);
            misread |= stated.is_none();
            if let Some(stated) = stated {
                let date = own.sources.iter().filter_map(|source| self.source_dates[source.at()]).max();
                let on = stated.on.map(|when| when.last);
                claims.push((stated, own, on.or(date)));
                kinds.push(kind);
            }
            // What was not yet known is no claim at all.
            if let Some((_, own, _)) = claims.get(hidden)
                && !self.is_known(&own.sources, known_of(&item))
            {
                claims.pop();
                kinds.pop();
            }
        }
        // A claim that could not be read has its message; choosing among the others would add a wrong one.
        if misread {
            return None;
        }
        if claims.is_empty() {
            return Some(undisclosed(node.span));
        }
        let rule = node.get("use");
        let chosen = self.choose(rule, &claims, node.span)?;
        let (mut stated, own, _) = claims.remove(chosen);
        kinds.remove(chosen);
        stated.others = claims
            .into_iter()
            .zip(kinds)
            .map(|((stated, basis, _), kind)| SourceClaim {
                figure: stated.figure,
                span: stated.span,
                basis,
                on: stated.on,
                kind,
            })
            .collect();
        stated.chosen_by = rule.and_then(Node::text).map(str::to_owned);
        if let Some(expect) = expect {
            stated.expects(&expect.figure);
        }
        *basis = Basis { because: basis.because.take().or(own.because.clone()), ..own };
        Some(stated)
    }

    /// A claim without the word that says how it differs from the one that counts, and that word.
    fn conflict(&mut self, item: &Node) -> (Node, Option<&'static str>) {
        let Some(node) = item.get("conflict") else { return (item.clone(), None) };
        let word = self.choice(node, "conflict", &CONFLICTS).unwrap_or_default();
        let kind = CONFLICTS.into_iter().find(|kind| *kind == word);
        (item.without("conflict"), kind)
    }

    fn choose(
        &mut self,
        rule: Option<&Node>,
        claims: &[(Stated, Basis, Option<Date>)],
        span: Span,
    ) -> Option<usize> {
        let Some(rule) = rule else {
            if claims.len() > 1 {
                let message = "several claims, and no `use` says which one counts";
                self.diagnostics.push(
                    Diagnostic::new("E0306", span, message).hint(
                        "add `use = \"name-of-a-source\"`, or one of: latest, best-tier, lowest, highest",
                    ),
                );
                return None;
            }
            return Some(0);
        };
        let name = self.text(rule, "use")?;
        let headline = |at: &usize| claims[*at].0.figure.said.headline().amount().unwrap_or(f64::NAN);
        let all = 0..claims.len();
        match name.as_str() {
            "latest" => all.max_by_key(|at| (claims[*at].2, std::cmp::Reverse(*at))),
            "best-tier" => all.min_by_key(|at| (self.tier(&claims[*at].1.sources), *at)),
            "lowest" => all.min_by(|a, b| headline(a).total_cmp(&headline(b))),
            "highest" => all.max_by(|a, b| headline(a).total_cmp(&headline(b)).then(b.cmp(a))),
            source => {
                let reference = self.names.find(Kind::Source, source).map(SourceRef);
                let position = all
                    .into_iter()
                    .find(|at| reference.is_some_and(|reference| claims[*at].1.sources.contains(&reference)));
                if position.is_none() && !(reference.is_some() && self.known_on.is_some()) {
                    let sources: Vec<&str> = self.names.all(Kind::Source).chain(RULES).collect();
                    let message = format!("no claim here has the source `{source}`");
                    self.diagnostics.push(
                        Diagnostic::new("E0306", rule.span, message).hint(suggest::advice(source, sources)),
                    );
                }
                // With --known-on the named source may not have spoken yet; then the first that had.
                position.or(self.known_on.map(|_| 0))
            }
        }
    }

    /// The best tier among sources; 0 is a filing.
    fn tier(&self, sources: &[SourceRef]) -> usize {
        let tiers = sources.iter().filter_map(|source| self.source_tiers.get(source.at()).copied());
        tiers.min().unwrap_or(usize::MAX)
    }
}

fn known_of(item: &Node) -> Option<Date> {
    let node = item.get("known")?;
    match &node.value {
        Tree::Text(text) | Tree::Date(text) => crate::date::when(text).map(|when| when.last),
        _ => None,
    }
}

/// A plain number, as in `chance = 0.7`.
pub(crate) fn plain(number: f64, span: Span) -> Stated {
    let figure = Figure {
        words: number.to_string(),
        said: Said::Exact(number),
        dimension: Dimension::NUMBER,
        currency: None,
        over: None,
        at: None,
        of_rest: false,
    };
    Stated {
        figure,
        span,
        expect: None,
        expect_in: None,
        on: None,
        others: vec![],
        chosen_by: None,
        share: None,
    }
}

/// A figure that is not given.
pub(crate) fn undisclosed(span: Span) -> Stated {
    let mut stated = plain(0.0, span);
    "undisclosed".clone_into(&mut stated.figure.words);
    stated.figure.said = Said::Undisclosed;
    stated
}

/// Whether a key says what a figure rests on.
pub(crate) fn is_basis(key: &Key) -> bool {
    ["source", "because", "quote", "page"].contains(&key.name.as_str())
}
