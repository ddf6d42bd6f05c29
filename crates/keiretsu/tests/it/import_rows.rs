//! What one row of a table becomes, and what of it is listed: text in, text out.

use std::fs;
use std::path::PathBuf;

use keiretsu::import::{self, ImportLock};
use keiretsu::{Dates, Session};

use crate::asked::key;

const HEAD: &str = "id,kind,payer_or_investor,payee_or_issuer,amount_low_usd,amount_high_usd,amount_text,\
                    qualifier,status,announced,start,end,capacity_gw,stake_pct,condition,source_title\n";

/// What a table became: its model as text, and its report a line a row.
struct Made {
    folder: PathBuf,
    text: String,
    report: Vec<String>,
}

impl Drop for Made {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn made(name: &str, rows: &str) -> Made {
    let folder = std::env::temp_dir().join(format!("keiretsu-rows-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    let imported = import::claims(format!("{HEAD}{rows}").as_bytes(), &folder).expect("a table");
    ImportLock::take(&folder).expect("the lock").write(&imported.files).expect("writes");
    let session = Session::open(&folder, Dates::default()).expect("opens");
    assert!(!session.has_errors(), "{:?}", session.diagnostics());
    let text = imported.files.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    let rows = imported.table.rows.iter();
    let report = rows.map(|row| row.iter().map(key).collect::<Vec<_>>().join(" | ")).collect();
    Made { folder, text, report }
}

impl Made {
    /// The lines of a table of the model.
    fn table(&self, path: &str) -> String {
        let lines = self.text.lines().skip_while(|line| *line != format!("[{path}]")).skip(1);
        lines.take_while(|line| !line.is_empty() && !line.starts_with('[')).collect::<Vec<_>>().join("\n")
    }

    fn has(&self, path: &str, line: &str) {
        let table = self.table(path);
        assert!(table.lines().any(|found| found == line), "no `{line}` in [{path}]:\n{table}\n{}", self.text);
    }

    fn says(&self, row: &str, words: &str) {
        let line = self.report.iter().find(|line| line.starts_with(&format!("{row} | ")));
        assert!(line.is_some_and(|line| line.contains(words)), "{row}: no `{words}` in {:?}", self.report);
    }
}

#[test]
fn a_loan_has_its_parties_amount_and_dates_and_an_undisclosed_rate() {
    let made = made(
        "loan",
        "b,debt,Bank,Yard,700000000,700000000,$700 million,exact,paid,2026-03-02,2026-03-02,2033-03-01,,,\
        ,Note\n\
         c,debt,Bank,Mill,200000000,200000000,$200 million of 6.5% notes,exact,firm,2026-03-02,2026-04,\
         2031,,,,Note\n",
    );
    for line in ["type = \"loan\"", "lender = \"bank\"", "borrower = \"yard\"", "amount = \"$700M\""] {
        made.has("contracts.b", line);
    }
    for line in ["drawn = \"2026-03-02\"", "maturity = \"2033-03-01\"", "rate = \"undisclosed\""] {
        made.has("contracts.b", line);
    }
    made.has("contracts.c", "rate = \"6.5%\"");
}

#[test]
fn the_months_in_which_notes_were_sold_are_no_maturity() {
    let made = made(
        "sold",
        "q,debt,Bank,Search,31000000000,31000000000,$31 billion,exact,paid,2026-04-29,2026-01-01,\
        2026-03-31,,,,Note\n\
         r,debt,Bondholders,Search,9000000000,9000000000,$9 billion,exact,paid,2026-04-29,2026-01-01,\
         2026-03-31,,,,Note\n",
    );
    made.has("contracts.q", "drawn = \"2026-01-01 to 2026-03-31\"");
    assert!(!made.table("contracts.q").contains("maturity"));
    // Bondholders in general and no day on which it is due: a balance.
    made.has("reports.search-debt-2026-03-31", "of = \"debt\"");
}

#[test]
fn several_lenders_are_a_syndicate_whose_shares_nobody_gives() {
    let made = made(
        "several",
        "s,debt,\"A, B and C\",Fund,40000000000,40000000000,$40 billion,exact,firm,2026-03-27,2026-03,\
        2027-03,,,,Note\n",
    );
    made.has("contracts.s", "lender = [\"a\", \"b\", \"c\"]");
}

#[test]
fn a_lease_has_its_term_from_its_words_and_power_of_its_own() {
    let made = made(
        "lease",
        "a,lease,Tenant,Yard,800000000,800000000,$800 million over five years,exact,firm,2026-03-02,2026,\
        2031,0.4,,,Note\n\
         b,lease,Tenant,Land,,,1.7 GW for 12 years,undisclosed,firm,2026-03-02,2026-03-02,2038-03-01,1.7,\
         ,,Note\n\
         c,lease,Tenant,(landlords),,,letters for over 1 GW,more_than,announced,2026-03-02,,,>1,,,Note\n",
    );
    for line in ["rent = \"$800M\"", "term = \"60 months\"", "capacity = \"0.4 GW\"", "lessor = \"yard\""] {
        made.has("contracts.a", line);
    }
    for line in ["rent = \"undisclosed\"", "term = \"144 months\"", "capacity = \"1.7 GW\""] {
        made.has("contracts.b", line);
    }
    // Without a term it is a promise of nobody knows how much: power is no amount.
    made.has("reports.tenant-commitments-2026-03-02", "figure = \"undisclosed\"");
    made.says("c", "capacity_gw >1 has no place in a report of commitments");
}

#[test]
fn a_guarantee_stands_alone_with_its_limit_and_is_an_obligation() {
    let made = made(
        "guarantee",
        "g,guarantee,Sponsor,Yard,0,500000000,up to $500 million,up_to,conditional,2026-03-02,2026-04-01,\
        2031-03-31,0.5,,,Note\n\
         h,guarantee,Sponsor,Land,,,shortfall guarantee,undisclosed,conditional,2026-03-02,2026-04-01,\
         2031-03-31,1.7,,,Note\n",
    );
    made.has("contracts.g", "limit = \"up to $500M\"");
    made.has("contracts.h", "limit = \"undisclosed\"");
    made.says("h", "capacity_gw 1.7 has no place in a contract of guarantee");
    assert!(!made.text.contains("GW\""), "power is no limit: {}", made.text);
}

#[test]
fn a_note_and_a_warrant_are_contracts_of_their_types() {
    let made = made(
        "note",
        "n,convertible,Cloud,Lab,1400000000,1400000000,another $1.4 billion,exact,firm,2024-11,\
        2025-10-01,2025-12-31,,,,Note\n\
         w,warrant,Maker,Lab,,,up to 160 million shares at $0.01,up_to,conditional,2025-10-05,2025-10-05,\
         2031-10,6,10,vests with GW,Note\n\
         f,convertible,Cloud,Lab,45800000000,45800000000,$45.8 billion of notes,exact,paid,2026-02,\
         2025-12-31,2025-12-31,,,fair value of notes,Note\n",
    );
    made.has("contracts.n", "type = \"convertible\"");
    made.has("contracts.n.tranches.due", "on = \"2025-10-01 to 2025-12-31\"");
    let shares = "shares = \"up to 160 million shares\"";
    let parties = ["holder = \"lab\"", "issuer = \"maker\""];
    for line in parties.into_iter().chain([shares, "share = \"10%\"", "strike = \"$0.01/share\""]) {
        made.has("contracts.w", line);
    }
    made.has("contracts.w", "expiry = \"2031-10\"");
    assert!(!made.text.contains("strike is nothing"), "{}", made.text);
    // A mark on notes lends nobody anything.
    made.has("reports.cloud-value-lab-2025-12-31", "of = \"value\"");
}

#[test]
fn a_share_of_revenue_has_a_rate_or_none_is_disclosed() {
    let made = made(
        "share",
        "r,revenue_share,Lab,Cloud,,,20% of total revenue through 2032,about,firm,2026-02,,2032,,,,Note\n\
         c,revenue_share,Lab,Shop,0,38000000000,\"$38 billion ceiling, 20% share\",up_to,firm,2026-05,\
         2026-04,2030,,,,Note\n\
         g,revenue_share,Lab,Mill,,,50% of gross profit,about,firm,2026-02,,,,,,Note\n",
    );
    made.has("contracts.r", "base = \"revenue(lab)\"");
    made.has("contracts.r", "rate = \"about 20%\"");
    // The qualifier is of the 38 billions.
    made.has("contracts.c", "rate = \"20%\"");
    made.has("contracts.c", "cap = \"up to $38B\"");
    // A base that is not revenue is none that the model knows.
    made.has("contracts.g", "base = \"undisclosed\"");
}

#[test]
fn an_amount_per_time_is_no_total() {
    let made = made(
        "rate",
        "m,service_commitment,Lab,Cloud,1250000000,1250000000,$1.25 billion a month,exact,firm,\
        2026-05-20,2026-05-01,2029-04-30,,,,Note\n\
         t,service_commitment,Lab,Shop,45000000000,45000000000,$1.25 billion a month,exact,firm,\
         2026-05-20,2026-05-01,2029-04-30,,,,Note\n\
         y,service_commitment,Lab,Mill,60000000000,,above $60 billion a year,more_than,announced,\
         2026-05-25,2026,,,,,Note\n\
         p,guarantee,Search,Land,200000000,200000000,$200 million per gigawatt annually,about,announced,\
         2026-03-28,,,1,,,Note\n",
    );
    made.has("contracts.m", "minimum = \"$1.25B per month\"");
    made.has("contracts.m", "until = \"2029-04-30\"");
    // The columns are what somebody made of the words: 36 months of $1.25B are $45B.
    made.has("contracts.t", "minimum = \"$1.25B per month\"");
    made.says("t", "$45B of the table is a multiplication");
    made.has("contracts.y", "minimum = \"above $60B per year\"");
    made.has("contracts.p", "limit = \"undisclosed\"");
    made.says("p", "about $200M is a price per time or thing");
}

#[test]
fn words_against_dates_are_listed() {
    let made = made(
        "term",
        "a,service_commitment,Lab,Grid,300000000,300000000,$300 million over four years,exact,firm,\
        2026-03-02,2026,2030,,,,Note\n\
         b,service_commitment,Lab,Mill,300000000,300000000,$300 million over four years,exact,firm,\
         2026-03-02,2026,2034,,,,Note\n",
    );
    made.has("contracts.a", "minimum = \"$300M over 48 months\"");
    made.says("b", "not placed | `start` to `end` are 108 months, and its words say 48");
}

#[test]
fn power_alone_is_a_purchase_of_power() {
    let made = made(
        "power",
        "a,service_commitment,Lab,Chips,,,initial one gigawatt,exact,firm,2025-10-06,2026-07,,1,,,Note\n\
         b,service_commitment,Lab,Cloud,600000000,,more than $600 million,more_than,firm,2026-03-02,\
         2026-03-02,2029-03-01,0.4,,,Note\n",
    );
    made.has(
        "contracts.a.capacity",
        "power = { figure = \"1 GW\", source = \"note\", quote = \"initial one gigawatt\" }",
    );
    made.has("contracts.b", "capacity = { power = \"0.4 GW\" }");
}

#[test]
fn two_sources_on_one_deal_are_claims_and_two_rows_of_one_source_are_two_tranches() {
    let row = |id: &str, amount: &str, source: &str| {
        format!(
            "{id},equity_tranche,Fund,Lab,{amount}000000,{amount}000000,$,exact,firm,2026-03-02,\
            2026-03-05,,,,,{source}\n"
        )
    };
    let made = made("same", &[row("a", "5", "One"), row("b", "6", "Two"), row("c", "7", "One")].concat());
    assert_eq!(made.text.matches("[[contracts.a.tranches.due.amount.claims]]").count(), 2, "{}", made.text);
    made.says("b", "contracts.a.tranches.due");
    made.says("c", "contracts.a.tranches.due-2");
}

#[test]
fn a_contract_has_the_id_of_its_first_row_or_a_name_of_its_parties_where_that_is_taken() {
    let row = |id: &str, payer: &str| {
        format!(
            "{id},equity_tranche,{payer},Lab,5000000,5000000,$5 million,exact,firm,2026-03-02,2026-03-05,,\
            ,,,Note\n"
        )
    };
    let rows = [row("Deal 1.5b", "Fund"), row("deal-1-5b", "Bank"), row("lab", "Mill")].concat();
    let made = made("names", &rows);
    made.says("Deal 1.5b", "contracts.deal-1-5b |");
    made.says("deal-1-5b", "contracts.bank-in-lab |");
    // A party has the name of the third row.
    made.says("lab", "contracts.mill-in-lab |");
}

#[test]
fn what_holders_sell_brings_the_issuer_nothing() {
    let made = made(
        "tender",
        "a,equity_tranche,Fund,Lab,1000000000,1000000000,$1 billion,exact,paid,2024-10,2024-10,,,,,Note\n\
         b,equity_tranche,Fund,Lab employees (secondary),1500000000,1500000000,$1.5 billion,exact,paid,\
         2024-11,2024-11,,,,,Note\n\
         c,equity_tranche,\"Fund, Bank\",Lab,6600000000,6600000000,$6.6 billion tender,exact,paid,\
         2025-10,2025-10,,,,,Note\n",
    );
    made.has("holdings.fund-bought-of-lab", "cost = \"$1.5B\"");
    made.has("holdings.fund-bought-of-lab", "issuer = \"lab\"");
    made.says("c", "not placed | a sale by holders");
}

#[test]
fn a_loss_is_a_negative_gain_and_no_other_amount_is_negative() {
    let made = made(
        "loss",
        "a,valuation_mark,Cloud,Lab,-3100000000,-3100000000,$3.1 billion hit,exact,paid,2025-10-29,\
        2025-07-01,2025-09-30,,,,Note\n\
         b,debt,Bank,Lab,-5,-5,,exact,paid,2025-10-29,2025-07-01,,,,,Note\n",
    );
    made.has("reports.cloud-gain-lab-2025-09-30", "figure = \"-$3.1B\"");
    made.has("reports.cloud-gain-lab-2025-09-30", "of = \"gain\"");
    made.says("b", "not placed | amount_low_usd is `-5`");
}

#[test]
fn a_number_that_may_be_two_is_refused_with_its_row() {
    let made = made(
        "comma",
        "a,equity_tranche,Fund,Lab,\"3,000\",\"3,000\",,exact,firm,2026-03-02,2026-03-03,,,,,Note\n\
         b,valuation_mark,Bank,Lab,,,,exact,firm,2026-03-02,2026-03-02,,,\"12,500\",,Note\n\
         c,equity_tranche,Fund,Lab,7.00,7.00,,exact,firm,2026-03-02,2026-03-04,,,,,Note\n",
    );
    // 7.00 has a decimal point, so the comma of its column is one of thousands.
    made.has("contracts.a.tranches.due", "amount = \"$3000\"");
    made.says("b", "not placed | stake_pct is `12,500`, which may have three decimals or be thousands");
}

#[test]
fn a_word_outside_its_list_and_money_only_in_words_are_refused_with_their_row() {
    let made = made(
        "words",
        "dead,equity_tranche,A,B,5000000,5000000,$5 million,exact,dead,2025-12,,,,,,News\n\
         sort,equity_tranche,A,B,5000000,5000000,$5 million,sort of,firm,2025-12,,,,,,News\n\
         comma,equity_tranche,A,B,,,\"\u{20ac}1,5 billion\",exact,firm,2025-12,,,,,,News\n\
         thousands,equity_tranche,A,B,,,\"$1,500 million\",exact,firm,2025-12,,,,,,News\n\
         silent,equity_tranche,A,B,,,terms were not given,,firm,2025-12,,,,,,News\n\
         hidden,equity_tranche,C,D,,,\"$1,500 million, people say\",undisclosed,firm,2025-12,,,,,,News\n",
    );
    made.says("dead", "status is `dead`, none of paid, firm, conditional, announced, terminated");
    made.says("sort", "qualifier is `sort of`, none of exact, about");
    made.says("comma", "amount_text is `\u{20ac}1,5 billion`");
    made.says("thousands", "amount_text is `$1,500 million`");
    for row in ["silent", "hidden"] {
        made.says(row, "contracts.");
    }
    assert_eq!(made.text.matches("amount = \"undisclosed\"").count(), 2, "{}", made.text);
}

#[test]
fn a_warrant_for_shares_in_words_has_their_number_and_its_strike() {
    let made = made(
        "option",
        "o,warrant,Maker,Lab,,,option over 75M shares at $250,,firm,2025-10-05,2025-10-05,2031-10,,,,Note\n\
         c,warrant,Mill,Lab,,,160M shares at 1 cent,,firm,2025-10-05,2025-10-05,2031-10,,,,Note\n\
         n,warrant,Shop,Lab,,,additional shares,,firm,2025-10-05,2025-10-05,2031-10,,,,Note\n",
    );
    made.has("contracts.o", "shares = \"75M shares\"");
    made.has("contracts.o", "strike = \"$250/share\"");
    made.has("contracts.c", "shares = \"160M shares\"");
    made.has("contracts.c", "strike = \"$0.01/share\"");
    made.has("contracts.n", "share = \"undisclosed\"");
    assert!(!made.table("contracts.n").contains("strike"), "{}", made.text);
}

#[test]
fn an_amount_of_nothing_is_undisclosed() {
    let made = made(
        "nothing",
        "e,equity_tranche,Cloud,Lab,0,0,,up_to,firm,2026-04-20,2026-04-20,,,,,Note\n\
         s,service_commitment,Lab,Cloud,0,0,,exact,firm,2026-04-20,2026-05,2031-04,0,,,Note\n\
         l,lease,Lab,Mill,0,0,,up_to,firm,2026-04-20,2026-05,2031-04,0,,,Note\n",
    );
    assert!(made.text.contains("undisclosed"), "{}", made.text);
    assert!(!made.text.contains("$0") && !made.text.contains("0 GW"), "{}", made.text);
}

#[test]
fn an_id_that_no_row_has_is_said() {
    let head = "id,kind,payer_or_investor,payee_or_issuer,amount_low_usd,amount_high_usd,amount_text,status,\
                announced,start,conflicts_with\n";
    let rows = "a,equity_tranche,Cloud,Lab,5000000,5000000,$5 million,firm,2026-04-20,2026-04-20,b; zz\n\
                b,equity_tranche,Cloud,Lab,6000000,6000000,$6 million,firm,2026-04-20,2026-04-20,\n";
    let folder = std::env::temp_dir().join(format!("keiretsu-rows-unknown-{}", std::process::id()));
    let imported = import::claims(format!("{head}{rows}").as_bytes(), &folder).expect("a table");
    let said: Vec<String> = imported.table.rows.iter().map(|row| format!("{row:?}")).collect();
    assert!(said.iter().any(|row| row.contains("conflicts_with is `zz`, which no row has")), "{said:?}");
    assert!(!said.iter().any(|row| row.contains("conflicts_with is `b`")), "{said:?}");
}

#[test]
fn a_purchase_without_an_end_is_a_contract_between_two_and_a_report_of_many() {
    let made = made(
        "endless",
        "p,service_commitment,Lab,Cloud,250000000000,250000000000,$250 billion,exact,firm,2025-10-28,\
         2025-10-28,,,,,Note\n\
         l,lease,Lab,Mill,8000000,8000000,$8 million,exact,firm,2025-10-28,2025-10-28,,,,,Note\n\
         m,service_commitment,Lab,(clouds),60000000000,60000000000,$60 billion,exact,firm,2025-10-28,\
         2025-10-28,,,,,Note\n",
    );
    made.has("contracts.p", "minimum = \"$250B\"");
    made.has("contracts.l", "rent = \"$8M\"");
    made.says("m", "reports.");
}
