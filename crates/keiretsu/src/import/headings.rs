//! Headings as people write them: `Payer or investor`, `Stake (%)`, `Source URL`. Letters and digits count,
//! and a few other names that mean one column only.

use super::row::COLUMNS;

/// Other names of columns, folded. Neither `investor` nor `issuer`: of a warrant the issuer is the payer.
const OTHERS: [(&str, &str); 40] = [
    ("row", "id"),
    ("row id", "id"),
    ("deal id", "id"),
    ("type", "kind"),
    ("deal type", "kind"),
    ("payer", "payer_or_investor"),
    ("payer investor", "payer_or_investor"),
    ("investor payer", "payer_or_investor"),
    ("investor or payer", "payer_or_investor"),
    ("payee", "payee_or_issuer"),
    ("payee issuer", "payee_or_issuer"),
    ("issuer payee", "payee_or_issuer"),
    ("issuer or payee", "payee_or_issuer"),
    ("amount", "amount_text"),
    ("amount low", "amount_low_usd"),
    ("low usd", "amount_low_usd"),
    ("usd low", "amount_low_usd"),
    ("amount high", "amount_high_usd"),
    ("high usd", "amount_high_usd"),
    ("usd high", "amount_high_usd"),
    ("announced on", "announced"),
    ("date announced", "announced"),
    ("announcement date", "announced"),
    ("start date", "start"),
    ("end date", "end"),
    ("conditions", "condition"),
    ("notes", "condition"),
    ("capacity", "capacity_gw"),
    ("power gw", "capacity_gw"),
    ("gw", "capacity_gw"),
    ("stake", "stake_pct"),
    ("stake percent", "stake_pct"),
    ("valuation", "valuation_usd"),
    ("conflicts", "conflicts_with"),
    ("source", "source_title"),
    ("url", "source_url"),
    ("link", "source_url"),
    ("source link", "source_url"),
    ("ccy", "currency"),
    ("stage", "status"),
];

/// The column that a heading means, if it means one.
pub fn column(heading: &str) -> Option<&'static str> {
    let words = folded(heading);
    let own = COLUMNS.iter().map(|(name, ..)| *name).find(|name| folded(name) == words);
    own.or_else(|| OTHERS.iter().find(|(other, _)| *other == words).map(|(_, name)| *name))
}

/// Small letters and digits, in words; a bare per cent sign says no more than the name.
fn folded(heading: &str) -> String {
    let parts = heading.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::column;

    #[test]
    fn headings_of_spreadsheets_are_those_of_the_manual() {
        for (heading, name) in [
            ("Payer / Investor", "payer_or_investor"),
            ("PAYEE_OR_ISSUER", "payee_or_issuer"),
            ("Amount low (USD)", "amount_low_usd"),
            ("Stake %", "stake_pct"),
            ("Source URL", "source_url"),
            ("Start date", "start"),
            ("Capacity (GW)", "capacity_gw"),
        ] {
            assert_eq!(column(heading), Some(name), "{heading}");
        }
        assert_eq!(column("Analyst"), None);
    }
}
