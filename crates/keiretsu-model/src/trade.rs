//! Words of the trade for things that the language calls otherwise: the hint for a term or a type that is not
//! known.
//!
//! A word may mean several terms; the first that the table knows is meant. Absent: slips of the pen
//! (`suggest`).

/// Words that people write, and the terms that they may mean, the likeliest first.
const TERMS: [(&[&str], &[&str]); 24] = [
    (&["principal", "notional", "size", "sum", "face_value", "facility"], &["amount", "limit", "minimum"]),
    (
        &["commitment", "take_or_pay", "minimum_commitment", "total", "amount", "volume"],
        &["minimum", "amount"],
    ),
    (&["interest_rate", "coupon", "yield", "apr"], &["rate"]),
    (&["margin", "premium"], &["spread"]),
    (&["term", "tenor", "duration", "length"], &["term", "maturity", "until", "expiry"]),
    (
        &["expiry", "expires", "expiration", "due", "end", "ends", "end_date", "matures", "to"],
        &["maturity", "until", "expiry", "before", "term"],
    ),
    (
        &["start", "starts", "start_date", "begin", "begins", "since", "effective", "date", "on", "closing"],
        &["from", "drawn", "on", "date"],
    ),
    (&["price", "fee", "payment", "rental"], &["rent", "price", "strike", "rate"]),
    (&["escalation", "indexation", "growth", "increase"], &["escalator"]),
    (&["exercise_price", "strike_price"], &["strike"]),
    (&["number", "count", "units", "quantity"], &["shares", "amount"]),
    (&["vesting", "vests", "milestone", "condition", "if", "trigger"], &["vests_when", "when"]),
    (&["amortisation", "amortization", "amortising", "schedule"], &["repayment", "ramp"]),
    (&["valuation", "pre_money", "market_value"], &["price", "value"]),
    (&["mw", "power", "megawatts", "size_mw"], &["capacity", "power"]),
    (&["tenant", "customer", "client", "purchaser", "offtaker", "taker"], &["lessee", "buyer", "payer"]),
    (&["landlord", "owner", "supplier", "vendor", "provider", "producer"], &["lessor", "seller", "payee"]),
    (&["debtor", "issuer", "obligor", "company"], &["borrower", "issuer", "grantor"]),
    (&["creditor", "bank", "lenders", "holder"], &["lender", "holder"]),
    (&["buyer", "investors", "purchaser", "shareholder", "owner"], &["investor", "holder", "owner"]),
    (&["target", "seller"], &["issuer"]),
    (&["note", "notes", "comment", "description", "remark"], &["text"]),
    (&["reason", "rationale", "why"], &["because"]),
    (&["status", "seniority", "reference", "ref", "cite"], &["standing", "rank", "source"]),
];

/// Words for contracts, and the type that each is.
const TYPES: [(&[&str], &str); 10] = [
    (&["bond", "note", "debt", "credit", "mortgage", "facility", "revolver", "private_credit"], "loan"),
    (
        &["ppa", "offtake", "purchase", "compute", "cloud", "service", "power", "hosting", "capacity"],
        "supply",
    ),
    (&["rent", "tenancy", "ground_lease"], "lease"),
    (&["investment", "shares", "stock", "round", "stake"], "equity"),
    (&["option", "options"], "warrant"),
    (&["safe", "convertible_note"], "convertible"),
    (&["royalty", "revenue-share", "profit_share"], "revenue_share"),
    (&["construction", "building", "project", "build"], "capex"),
    (&["license", "licence", "exclusivity", "board", "option_to_buy"], "right"),
    (&["surety", "letter_of_credit", "keepwell", "warranty"], "guarantee"),
];

/// The term of a table that a word of the trade means.
pub fn term<'a>(word: &str, known: &(impl Iterator<Item = &'a str> + Clone)) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    let meant = TERMS.iter().filter(|(words, _)| words.contains(&word.as_str()));
    meant.flat_map(|(_, terms)| terms.iter()).find_map(|term| known.clone().find(|known| known == term))
}

/// The contract type that a word of the trade means.
pub fn contract_type(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase().replace(['-', ' '], "_");
    TYPES.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_means_the_likeliest_term_that_the_table_knows() {
        let loan = ["amount", "rate", "drawn", "maturity", "text"];
        let supply = ["minimum", "from", "until", "text"];
        for (word, of_loan, of_supply) in [
            ("principal", Some("amount"), Some("minimum")),
            ("Interest-Rate", Some("rate"), None),
            ("expiry", Some("maturity"), Some("until")),
            ("start", Some("drawn"), Some("from")),
            ("tenor", Some("maturity"), Some("until")),
            ("comment", Some("text"), Some("text")),
            ("quux", None, None),
        ] {
            assert_eq!(term(word, &loan.into_iter()), of_loan, "{word} of a loan");
            assert_eq!(term(word, &supply.into_iter()), of_supply, "{word} of a supply contract");
        }
    }

    #[test]
    fn a_bond_is_a_loan() {
        assert_eq!(contract_type("bond"), Some("loan"));
        assert_eq!(contract_type("PPA"), Some("supply"));
        assert_eq!(contract_type("marriage"), None);
    }
}
