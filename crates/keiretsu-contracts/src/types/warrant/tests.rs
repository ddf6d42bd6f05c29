//! Warrants as dated flows and as stakes.

use crate::testing::{check, open_months, refuses, stake};

const WARRANT: &str = "[parties.c]\nvalue = \"$100M\"\n[contracts.w]\ntype = \"warrant\"\nholder = \"a\"\n\
                       issuer = \"c\"\n";

/// A warrant that costs nothing where its terms say nothing else.
fn warrant(terms: &str) -> String {
    let strike = if terms.contains("strike") { "" } else { "strike = \"$0\"\n" };
    format!("{WARRANT}{strike}{terms}\n")
}

fn near(got: f64, want: f64) {
    assert!((got - want).abs() < 1e-12, "{got} {want}");
}

#[test]
fn it_is_exercised_when_it_vests_in_the_money() {
    // level is above $1.1M from February on; a share is worth $100M / 90M, the strike is one dollar.
    let text = warrant(
        "shares = \"10M shares\"\noutstanding = \"90M shares\"\nstrike = \"$1/share\"\n\
         vests_when = \"level >= $1.1M\"",
    );
    check(&text, "expected", "2026-02  a -> c  $10.0M  equity");
    near(stake(&text, "expected", "w", 1), 0.0);
    near(stake(&text, "expected", "w", 2), 0.1);
    check(&text, "firm", "");
    near(stake(&text, "firm", "w", 12), 0.0);
}

#[test]
fn shares_at_a_price_say_their_strike() {
    let stated = warrant("shares = \"10M shares\"\noutstanding = \"90M shares\"\nstrike = \"$1/share\"");
    let text = format!("{WARRANT}shares = \"10 million shares at $1\"\noutstanding = \"90M shares\"\n");
    for text in [stated, text] {
        check(&text, "expected", "2026-01  a -> c  $10.0M  equity");
        near(stake(&text, "expected", "w", 1), 0.1);
    }
}

#[test]
fn out_of_the_money_it_expires() {
    let text = warrant(
        "shares = \"10M shares\"\noutstanding = \"90M shares\"\nstrike = \"$2/share\"\nexpiry = 2026",
    );
    check(&text, "expected", "");
    near(stake(&text, "expected", "w", 36), 0.0);
    let priced = format!("{text}price = \"if 2027-01 then $9/share else $1/share\"\n");
    near(stake(&priced, "expected", "w", 36), 0.0);
}

#[test]
fn each_tranche_vests_by_itself_and_dilutes_the_others() {
    let text = warrant(
        "strike = \"$2M\"\ntranches.first = { share = \"20%\", vests_when = \"2026-02\" }\n\
         tranches.second = { share = \"20%\", vests_when = \"2026-03\" }\n\
         tranches.never = { share = \"60%\", vests_when = \"level > $1M and level < $1M\" }",
    );
    // 20 of 100 parts of $2M each; 20% twice make 1 - 0.8 * 0.8.
    check(&text, "expected", "2026-02  a -> c  $0.4M  equity\n2026-03  a -> c  $0.4M  equity");
    near(stake(&text, "expected", "w", 2), 0.2);
    near(stake(&text, "expected", "w", 3), 0.36);
}

#[test]
fn shares_in_parts_dilute_as_shares_at_once() {
    // 30M and 30M of an issuer with 90M: 60 of 150, in one month or in two.
    let with = |second: &str| {
        warrant(&format!(
            "outstanding = \"90M shares\"\ntranches.first = {{ shares = \"30M shares\" }}\n\
             tranches.second = {{ shares = \"30M shares\"{second} }}"
        ))
    };
    near(stake(&with(""), "expected", "w", 1), 0.4);
    let later = with(", vests_when = \"2026-03\"");
    near(stake(&later, "expected", "w", 2), 0.25);
    near(stake(&later, "expected", "w", 3), 0.4);
}

#[test]
fn other_stakes_are_diluted() {
    let text = format!(
        "{}[holdings.b-in-c]\nowner = \"b\"\nissuer = \"c\"\nstake = \"50%\"\n",
        warrant("share = \"10%\"\nvests_when = \"2026-02\"")
    );
    near(stake(&text, "expected", "b-in-c", 1), 0.5);
    near(stake(&text, "expected", "b-in-c", 2), 0.45);
    check(&text, "expected", "");
}

#[test]
fn net_of_its_strike_it_brings_fewer_units_and_costs_nothing() {
    // A share is worth $2 and costs $1: half of 20M shares.
    let text = warrant(
        "shares = \"20M shares\"\noutstanding = \"90M shares\"\nstrike = \"$1/share\"\n\
         price = \"$2/share\"\nnet = true",
    );
    check(&text, "expected", "");
    near(stake(&text, "expected", "w", 1), 0.1);
}

#[test]
fn at_expiry_means_in_the_month_of_expiry() {
    let text = warrant("share = \"10%\"\nexpiry = \"2026-05\"\nexercise = \"at expiry\"");
    near(stake(&text, "expected", "w", 4), 0.0);
    near(stake(&text, "expected", "w", 5), 0.1);
}

#[test]
fn spending_vests_it() {
    let text = format!(
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"c\"\nfrom = \"2026-01\"\n\
         until = \"2026-03\"\nminimum = \"$5M/month\"\n{}",
        warrant("share = \"10%\"\nvests_when = \"paid(s) >= $10M\"")
    );
    near(stake(&text, "expected", "w", 2), 0.0);
    near(stake(&text, "expected", "w", 3), 0.1);
}

#[test]
fn what_does_not_fit_is_refused() {
    refuses(&warrant("share = \"5%\"\ntranches.t = { share = \"5%\" }"), "E0708");
}

#[test]
fn what_a_source_does_not_say_leaves_the_stake_and_the_cost_open() {
    let outstanding = "outstanding = \"90M shares\"";
    for terms in [
        "share = \"10%\"\nstrike = \"undisclosed\"".to_owned(),
        "shares = \"10M shares\"".to_owned(),
        format!("{outstanding}\nstrike = \"$1/share\""),
        "share = \"10%\"\nstrike = \"$0\"\nexercise = \"at expiry\"".to_owned(),
        "share = \"10%\"\nstrike = \"$0\"\nbefore = 2027".to_owned(),
    ] {
        let text = warrant(&terms);
        assert!(stake(&text, "expected", "w", 12).is_nan(), "{terms}");
        near(stake(&text, "firm", "w", 12), 0.0);
    }
    // A strike that nobody states is not one of nothing.
    assert!(stake(&format!("{WARRANT}share = \"10%\""), "expected", "w", 1).is_nan());
}

#[test]
fn once_expired_nothing_of_it_is_open() {
    // Power of up to 2 GW may reach 1 GW in any month of the window, or never: six months to June 2026.
    let text = format!(
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-01\"\n\
         until = \"2027-12\"\nminimum = \"$1M/month\"\ncapacity = {{ power = \"up to 2 GW\" }}\n{}",
        warrant(
            "share = \"10%\"\nstrike = \"$1M\"\nexpiry = \"2026-06\"\nvests_when = \"capacity(s) >= 1 GW\""
        )
    );
    let open = open_months(&text, "expected");
    assert!(!open.is_empty() && open.iter().all(|month| *month <= 6), "{open:?}");
}

#[test]
fn what_vested_before_as_of_stays_vested() {
    // Power stood until November, and the last day to vest was in June.
    let text = format!(
        "[contracts.s]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2025-01\"\n\
         until = \"2025-11\"\nusage = \"$0/month\"\ncapacity = {{ power = \"2 GW\" }}\n{}",
        warrant("share = \"10%\"\nbefore = 2025-06-30\nvests_when = \"capacity(s) >= 1 GW\"")
    );
    near(stake(&text, "expected", "w", 1), 0.1);
}

#[test]
fn without_outstanding_shares_a_count_is_no_part_and_a_part_no_count() {
    // A share is worth $9 and costs $1: it is exercised, and nobody knows for what part.
    let counted = warrant("shares = \"10M shares\"\nstrike = \"$1/share\"\nprice = \"$9/share\"");
    check(&counted, "expected", "2026-01  a -> c  $10.0M  equity");
    assert!(stake(&counted, "expected", "w", 1).is_nan());
    let part = warrant("share = \"10%\"\nstrike = \"$1/share\"\nprice = \"$9/share\"");
    near(stake(&part, "expected", "w", 1), 0.1);
    assert!(!open_months(&part, "expected").is_empty(), "what is paid for it is not known");
    // Nothing is known of it but that it is there.
    assert!(stake(&warrant("strike = \"$1M\""), "expected", "w", 1).is_nan());
}

#[test]
fn a_part_is_a_count_of_outstanding_shares() {
    // 10% after exercise of an issuer with 90M shares are 10M shares, at a dollar each.
    let text = warrant("share = \"10%\"\noutstanding = \"90M shares\"\nstrike = \"$1/share\"");
    check(&text, "expected", "2026-01  a -> c  $10.0M  equity");
    near(stake(&text, "expected", "w", 1), 0.1);
}

#[test]
fn count_and_part_are_two_claims_of_one_number() {
    // 10M beside 90M are 10%: "up to 10%" and "about 10%" say the same, 12% does not, and the count is used.
    let both = |share: &str| {
        warrant(&format!("shares = \"10M shares\"\noutstanding = \"90M shares\"\nshare = \"{share}\""))
    };
    for agrees in ["10%", "up to 10%", "about 10%", "5% to 15%"] {
        near(stake(&both(agrees), "expected", "w", 1), 0.1);
    }
    refuses(&both("12%"), "W0731");
    refuses(&both("up to 8%"), "W0731");
    // Nothing links them without the outstanding shares.
    let unlinked = both("12%").replace("outstanding = \"90M shares\"\n", "");
    near(stake(&unlinked, "expected", "w", 1), 0.12);
}
