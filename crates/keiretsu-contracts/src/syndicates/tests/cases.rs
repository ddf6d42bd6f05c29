//! Contracts of all types without one of their roles; `{n}` is an amount of so many millions.

const LOAN: &str = r#"type = "loan"
borrower = "b"
amount = "{50}"
rate = "9%"
"#;
const SUPPLY: &str = r#"type = "supply"
from = "2025-07"
until = "2028-06"
minimum = "{72} over 3 years"
ramp = "linear"
prepayment = "{6}"
resale = "30%"
"#;
const LEASE: &str = r#"type = "lease"
rent = "{2}/month"
from = "2026-03"
term = "18 months"
escalator = "3%"
residual.guaranteed = "{30}"
residual.value = "{10}"
residual.cap = "{15}"
"#;
const LATER: &str = "drawn = \"2026-02\"\nmaturity = \"2028-02\"\n";
const NOTE: &str = r#"type = "convertible"
issuer = "b"
rate = "6%"
maturity = "2027-12"
tranches.t = { amount = "{20}", on = "2026-02" }
"#;
const SHARING: &str = r#"type = "revenue_share"
payer = "b"
rate = "10%"
base = "{100}/yr"
cap = "{18}"
"#;
const BUILDING: &str = r#"type = "capex"
amount = "{40}"
from = "2026-02"
until = "2027-01"
suppliers = { b = "70%" }
"#;

/// The role that has several parties, and the text without it.
pub(super) fn cases() -> Vec<(&'static str, String)> {
    let lent = LOAN.replace("borrower", "lender");
    vec![
        ("lender", format!("{LOAN}{LATER}repayment = \"annuity\"")),
        ("lender", format!("{LOAN}drawn = \"2025-06\"\nmaturity = \"2027-06\"\ninterest = \"added\"")),
        ("lender", format!("{LOAN}when = \"likely\"\nbefore = \"2026-09\"\nmaturity = \"2028-02\"")),
        ("lender", format!("{LOAN}{LATER}collateral.value = \"{{20}}\"")),
        ("borrower", format!("{lent}{LATER}")),
        ("buyer", format!("{SUPPLY}seller = \"b\"\ncapacity.power = \"{{1}}\"")),
        (
            "seller",
            format!("{SUPPLY}buyer = \"b\"\nterminated_when = \"2027-05\"\ntermination_fee = \"{{9}}\""),
        ),
        ("seller", "type = \"supply\"\nbuyer = \"b\"\nusage = \"{24}/yr\"\nfrom = \"2026-02\"".to_owned()),
        ("lessor", format!("{LEASE}lessee = \"b\"")),
        ("lessee", format!("{LEASE}lessor = \"b\"\nrelet = \"50%\"")),
        ("payee", SHARING.to_owned()),
        ("holder", NOTE.to_owned()),
        ("spender", BUILDING.to_owned()),
        ("guarantor", "type = \"guarantee\"\nbeneficiary = \"b\"\nlimit = \"{30}\"".to_owned()),
    ]
}
