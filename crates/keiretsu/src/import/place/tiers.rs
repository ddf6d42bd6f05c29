//! How near a document is to the books, from its title and address.
//!
//! A page about a filing is press: only what bears the name of one itself is a filing. Words of the trade
//! decide; no list knows a publisher's name.

/// Words of documents that law or an exchange requires.
const FILINGS: [&str; 22] = [
    "10-k",
    "10-q",
    "8-k",
    "20-f",
    "6-k",
    "s-1",
    "f-1",
    "424b",
    "def 14a",
    "annual report",
    "prospectus",
    "quarterly report",
    "sec filing",
    "regulatory filing",
    "registration statement",
    "offering memorandum",
    "half-year report",
    "interim report",
    "form 4",
    "court filing",
    "rns",
    "universal registration",
];

/// Words of what a company says of itself.
const COMPANY: [&str; 14] = [
    "press release",
    "news release",
    "newsroom",
    "investor relations",
    "shareholder letter",
    "letter to share",
    "earnings call",
    "earnings release",
    "transcript",
    "company blog",
    "company statement",
    "joint statement",
    "investor day",
    "the release",
];

/// Words of those who estimate.
const ANALYSTS: [&str; 11] = [
    "research",
    "analyst",
    "estimate",
    "forecast",
    "initiates",
    "price target",
    "equity note",
    "rating action",
    "broker",
    "outlook report",
    "credit opinion",
];

/// Parts of addresses of filings and of company pages.
const FILED_AT: [&str; 4] = ["sec.gov", "sec-filings", "/edgar", "companieshouse"];
const SAID_AT: [&str; 5] = ["://ir.", "://investor", "://newsroom.", "://press.", "/investor-relations"];

/// The tier of a document.
pub fn tier(title: &str, url: &str) -> &'static str {
    let (title, url) = (format!(" {} ", title.to_lowercase()), url.to_lowercase());
    // "Paper on the 10-K", "Agency via Paper": what is named after these words is what it writes about.
    let about = [" on ", " about ", " via ", " reprint", " summary", " review", " recap"];
    let own =
        about.iter().filter_map(|word| title.find(word)).min().map_or(title.as_str(), |end| &title[..end]);
    let is_about = own.len() < title.len();
    let has = |words: &[&str], text: &str| words.iter().any(|word| text.contains(word));
    if has(&FILED_AT, &url) || !is_about && has(&FILINGS, own) {
        "filing"
    } else if has(&SAID_AT, &url) || !is_about && has(&COMPANY, own) {
        "company"
    } else if has(&ANALYSTS, own) {
        "analyst"
    } else {
        "press"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_about_a_filing_is_press() {
        for (title, url, expected) in [
            ("Yard 10-K 2025", "", "filing"),
            ("A paper on the 10-K", "", "press"),
            ("8-K of Yard", "https://example.org/sec-filings/1", "filing"),
            ("Joint press release", "", "company"),
            ("Q3 results", "https://ir.example.org/q3", "company"),
            ("Harbour Research", "", "analyst"),
            ("A paper", "https://example.org", "press"),
            ("", "", "press"),
        ] {
            assert_eq!(tier(title, url), expected, "{title} {url}");
        }
    }
}
