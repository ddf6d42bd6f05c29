//! Statements of a model as text: a table of TOML each.

/// The files that an import writes to, by subject.
pub const FILES: &[&str] =
    &["sources.toml", "parties.toml", "capital.toml", "compute.toml", "rights.toml", "reports.toml"];

/// A statement: a table with its terms, and figures on which several rows may speak.
#[derive(Clone, Debug, Default)]
pub struct ImportedStatement {
    /// Where it is written: one of [`FILES`].
    pub file: &'static str,
    /// Its place in the model: `contracts.x`.
    pub path: String,
    /// Remarks, one a line.
    pub remarks: Vec<String>,
    /// Terms and their values in TOML.
    pub terms: Terms,
    /// Tables below it with terms and figures of their own.
    pub below: Vec<Below>,
    /// The figure of the statement itself.
    pub figure: Option<ImportedFigure>,
    /// The rows it comes from, the one that counts first.
    pub rows: Vec<ImportedRow>,
}

/// Terms and their values in TOML.
pub type Terms = Vec<(String, String)>;

/// A table below a statement.
#[derive(Clone, Debug, Default)]
pub struct Below {
    /// Its name there: `tranches.paid`.
    pub name: String,
    /// Its terms.
    pub terms: Terms,
    /// Its figure.
    pub figure: Option<ImportedFigure>,
}

/// A row of a statement.
#[derive(Clone, Debug)]
pub struct ImportedRow {
    /// Its id.
    pub id: String,
    /// How sure it is.
    pub confidence: String,
    /// Its place in the model.
    pub place: String,
}

/// A figure with the claim of each row.
#[derive(Clone, Debug)]
pub struct ImportedFigure {
    /// Its term.
    pub term: &'static str,
    /// The claims, the one in use first.
    pub claims: Vec<ImportedClaim>,
}

/// The claim of a row.
#[derive(Clone, Debug)]
pub struct ImportedClaim {
    /// The figure in the words of the language.
    pub words: String,
    /// The name of its source; none where the table itself is the only source.
    pub source: Option<String>,
    /// The words of the source.
    pub quote: String,
    /// How it differs from the one that counts, where that is plain.
    pub conflict: Option<&'static str>,
    /// The day for which it holds, where that of the statement is another.
    pub on: Option<String>,
    /// When it became known.
    pub known: Option<String>,
}

impl ImportedStatement {
    /// A statement of terms alone.
    pub fn of(file: &'static str, path: String, terms: Terms) -> Self {
        Self { file, path, terms, ..Self::default() }
    }

    /// Each row it comes from, and its place in the model.
    pub fn places(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rows.iter().map(|row| (row.id.as_str(), row.place.as_str()))
    }

    /// The statement as text, with an empty line at its end.
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = self.rows.iter().map(|row| row_line(&row.id, &row.confidence)).collect();
        lines.extend(self.remarks.iter().map(|remark| comment(remark)));
        lines.push(format!("[{}]", self.path));
        lines.extend(self.terms.iter().map(|(key, value)| format!("{key} = {value}")));
        lines.extend(self.figure.iter().flat_map(|figure| figure.lines(&self.path)));
        for below in &self.below {
            let place = format!("{}.{}", self.path, below.name);
            lines.extend([String::new(), format!("[{place}]")]);
            lines.extend(below.terms.iter().map(|(key, value)| format!("{key} = {value}")));
            lines.extend(below.figure.iter().flat_map(|figure| figure.lines(&place)));
        }
        lines.join("\n") + "\n"
    }

    /// All words in its terms, but those of prose, that may be names of the model.
    pub fn names(&self) -> Vec<String> {
        let below = self.below.iter().flat_map(|below| &below.terms);
        let terms = self
            .terms
            .iter()
            .chain(below)
            .filter(|(key, _)| !["text", "quote", "scope"].contains(&key.as_str()));
        let figures = self.figure.iter().chain(self.below.iter().filter_map(|below| below.figure.as_ref()));
        let cited = figures.flat_map(|figure| &figure.claims).filter_map(|claim| claim.source.clone());
        let apart = |sign: char| !(sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_'));
        terms.flat_map(|(_, value)| value.split(apart).map(str::to_owned)).chain(cited).collect()
    }
}

/// The line that names the row of a statement, by which a lost ledger is noticed.
pub fn row_line(id: &str, confidence: &str) -> String {
    let sure = if confidence.is_empty() { String::new() } else { format!(" ({confidence})") };
    comment(&format!("row {id}{sure}"))
}

impl ImportedFigure {
    fn lines(&self, place: &str) -> Vec<String> {
        let (term, first) = (self.term, &self.claims[0]);
        if self.claims.len() == 1 && self.term == "power" {
            // The table of a capacity cites nothing itself.
            return vec![format!(
                "{term} = {{ figure = {}, {} }}",
                text(&first.words),
                first.basis().join(", ")
            )];
        }
        if self.claims.len() == 1 {
            let mut lines = vec![format!("{term} = {}", text(&first.words))];
            lines.extend(first.basis());
            return lines;
        }
        // The table of a capacity cites nothing itself; all else that stands here rests on the first.
        let mut lines = if term == "power" || first.source.is_none() { vec![] } else { first.basis() };
        lines.extend([String::new(), format!("[{place}.{term}]")]);
        // Rows without a source cannot be named, so the rule takes the first by its words.
        lines.push(format!("use = {}", text(first.source.as_deref().unwrap_or("best-tier"))));
        for claim in &self.claims {
            lines.extend([String::new(), format!("[[{place}.{term}.claims]]")]);
            lines.push(format!("figure = {}", text(&claim.words)));
            lines.extend(claim.basis());
            lines.extend(claim.conflict.map(|kind| format!("conflict = {}", text(kind))));
            lines.extend(claim.on.iter().map(|day| format!("on = {}", text(day))));
            lines.extend(claim.known.iter().map(|day| format!("known = {}", text(day))));
        }
        lines
    }
}

impl ImportedClaim {
    fn basis(&self) -> Vec<String> {
        let source = match &self.source {
            Some(source) => format!("source = {}", text(source)),
            None => "because = \"a row of the table that names no source\"".to_owned(),
        };
        let quote = (!self.quote.is_empty()).then(|| format!("quote = {}", text(&self.quote)));
        std::iter::once(source).chain(quote).collect()
    }
}

/// Words as a TOML string: that of JSON, once nothing is in it that only JSON allows.
pub fn text(words: &str) -> String {
    serde_json::Value::String(words.replace(char::is_control, " ")).to_string()
}

/// Words as a TOML comment, which ends with its line and holds no control character but the tab.
fn comment(words: &str) -> String {
    format!("# {}", keiretsu_views::visible(&words.replace(['\n', '\r'], " ")))
}

/// The root file of a new model.
pub fn root(as_of: &str, files: &[&str]) -> String {
    let files: Vec<String> = files.iter().map(|file| text(file)).collect();
    format!(
        "# Made from a table of claims. The figures are those of its rows; what joins them is left to do:\n\
         # cash, revenue and costs of parties, factors, chances of events, ramps.\n\
         keiretsu = 1\ntitle    = \"A web of claims\"\nas_of    = {as_of}\nhorizon  = \"10 years\"\n\
         currency = \"USD\"\ninclude  = [{}]\n",
        files.join(", ")
    )
}

/// The first line of a new file.
pub fn heading(file: &str) -> String {
    let what = match file {
        "sources.toml" => "The documents.",
        "parties.toml" => "Who is in it.",
        "capital.toml" => "Money for stakes, and debt.",
        "compute.toml" => "Purchases, capacity, leases, building.",
        "rights.toml" => "Rights and platforms.",
        _ => "Published figures that are no contracts.",
    };
    format!("# {what}\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_comment_is_one_line_of_toml() {
        assert_eq!(super::comment("a\u{0}b\nc\rd"), "# a<U+0000>b c d");
    }

    use super::*;

    #[test]
    fn words_are_quoted_for_toml() {
        assert_eq!(text("up to $20B"), "\"up to $20B\"");
        let odd = "a \"quote\", a \\ and\na line";
        assert_eq!(text(odd), r#""a \"quote\", a \\ and a line""#);
    }
}
