//! What `check` says of slips that people make: the code, the user's own words, one message for each cause.

use jiff::civil::Date;
use keiretsu::{Dates, Session};
use keiretsu_model::{Diagnostic, MemoryFiles};

const HEAD: &str = "keiretsu = 1\nas_of = 2026-03-31\nhorizon = \"4 years\"\n";
const TWO: &str = "[parties]\na = { cash = \"$60B\" }\nb = {}\n";
const LOAN: &str = "[contracts.l]\ntype = \"loan\"\nlender = \"a\"\nborrower = \"b\"\namount = \"$1B\"\n\
                    drawn = \"2026-04\"\nmaturity = \"2028-04\"\n";

/// The findings of a text, a line each: code, message, and the hint behind an arrow.
fn said(text: &str) -> Vec<String> {
    let session = Session::of_text(&format!("{HEAD}{text}"));
    let line = |found: &Diagnostic| format!("{} {} -> {}", found.code, found.message, found.hint);
    session.diagnostics().iter().map(line).collect()
}

/// Asserts that a text has one finding, with this code and these words in it.
#[track_caller]
fn says(text: &str, code: &str, words: &[&str]) {
    let said = said(text);
    assert_eq!(said.len(), 1, "{text}\n{said:#?}");
    assert!(said[0].starts_with(code), "{text}\n{said:#?}");
    for word in words {
        assert!(said[0].contains(word), "{word} is not in {said:#?}");
    }
}

#[track_caller]
fn says_nothing(text: &str) {
    assert_eq!(said(text), [""; 0], "{text}");
}

#[test]
fn a_rate_in_words_is_a_figure_where_a_formula_stands() {
    for rate in ["about 5.25%", "5% to 7%", "5%-7%", "up to 6%", "more than 4%", "~5%", "undisclosed"] {
        let opened = Session::of_text(&format!("{HEAD}{TWO}{LOAN}rate = \"{rate}\""));
        assert!(opened.diagnostics().is_empty(), "{rate}: {:?}", opened.diagnostics());
    }
    says(&format!("{TWO}{LOAN}rate = \"about 5 GW\""), "E0302", &["`rate`", "power"]);
    says(&format!("{TWO}{LOAN}rate = \"prime + 2%\""), "E0601", &["`prime`"]);
}

#[test]
fn what_needs_quotes_is_shown_in_quotes() {
    for (value, quoted) in [("2026-06", "\"2026-06\""), ("$5B", "\"$5B\""), ("about 5 GW", "\"about 5 GW\"")]
    {
        let text = format!(
            "[contracts.c]\ntype = \"capex\"\nspender = \"a\"\namount = \"$1B\"\nfrom = {value}\n{TWO}"
        );
        says(&text, "E0106", &[quoted]);
    }
}

#[test]
fn several_parties_in_one_role_are_told_under_the_role() {
    let several = LOAN.replace("lender = \"a\"", "lender = [\"a\", \"b\"]");
    says(&format!("{TWO}{several}rate = \"5%\""), "E0704", &["`b`"]);
    let number = LOAN.replace("lender = \"a\"", "lender = 3");
    says(&format!("{TWO}{number}rate = \"5%\""), "E0203", &["`lender`", "the name of a party"]);
}

#[test]
fn a_slip_in_a_value_has_no_second_message() {
    let slip = "rate = \"5%\"\nfrequency = \"semiannual\"\nassumed = [\"frequency\"]";
    says(&format!("{TWO}{LOAN}{slip}"), "E0204", &["half-yearly"]);
    says(&format!("{TWO}{LOAN}rate = \"5%\"\nassumed = [\"fee\"]"), "E0705", &["`fee`"]);
    says("[factors.f]\nstart = \"lots\"\n", "E0301", &["lots"]);
    says("[events.e]\nshuts = \"often\"\nreopens = \"10%/yr\"\n", "E0301", &["often"]);
    says("[parties]\na = { cash = \"€5M\" }\n[currencies]\nEUR = \"many\"\n", "E0601", &["`many`"]);
}

#[test]
fn what_nobody_has_given_has_no_unit_of_its_own() {
    says_nothing("[factors.f]\nstart = \"undisclosed\"\n[parties]\na = { revenue = \"f\" }\n");
    says("[factors.f]\nstart = \"3\"\n[parties]\na = { revenue = \"f\" }\n", "E0502", &["plain number"]);
}

#[test]
fn a_ramp_names_what_is_wrong_with_it() {
    let supply = |ramp: &str| {
        format!(
            "{TWO}[contracts.c]\ntype = \"supply\"\nbuyer = \"a\"\nseller = \"b\"\nfrom = \"2026-04\"\n\
             minimum = \"$6B over 3 years\"\nramp = {{ {ramp} }}\n"
        )
    };
    says(&supply("2026 = \"150%\", 2027 = \"-50%\""), "E0702", &["2027", "negative"]);
    says(&supply("2026 = \"50%\", 2027 = \"40%\""), "E0702", &["90%, not 100%"]);
    says(&supply("2026 = \"50%\", 2040 = \"50%\""), "E0702", &["2040", "2026-04 to 2029-03"]);
    says(&supply("2026-05 = \"50%\", 2026-09 = \"50%\""), "E0702", &["2026-05", "calendar year"]);
}

#[test]
fn ends_that_are_the_same_are_one_amount() {
    says_nothing("[parties]\na = { cash = \"$8M to $8M\" }\n");
    let cash = |words: &str| {
        let session = Session::of_text(&format!("{HEAD}[parties]\na = {{ cash = \"{words}\" }}\n"));
        assert!(session.diagnostics().is_empty(), "{:?}", session.diagnostics());
        let stated = session.model().parties[1].record.figure("cash").expect("a figure").clone();
        [stated.firm(), stated.expected(), stated.headline()].map(|value| value.amount())
    };
    assert_eq!(cash("$8M to $8M"), [Some(8e6); 3]);
    assert_eq!(cash("-$0"), [Some(0.0); 3]);
    assert!(cash("-$0")[0].is_some_and(f64::is_sign_positive), "zero has no sign");
    says("[parties]\na = { cash = \"$9M to $8M\" }\n", "E0301", &["from more to less"]);
    says("[parties]\na = { cash = \"up to $8M to $9M\" }\n", "E0301", &["its own ends"]);
    says("[parties]\na = { cash = \"$1e-320\" }\n", "E0301", &["beyond what is read"]);
    says("[parties]\na = { cash = \"$1e40\" }\n", "E0301", &["beyond what is read"]);
}

#[test]
fn a_discount_that_leaves_nothing_is_told_at_its_place() {
    for discount in ["-100%", "-150%"] {
        says(&format!("discount = \"{discount}\"\n"), "E0307", &["`discount`"]);
    }
    says_nothing("discount = \"-0.5%\"\n");
}

#[test]
fn parties_of_one_title_are_told_apart_by_their_names() {
    let same = "[parties]\na = { name = \"Lab\" }\nb = { name = \"Lab\" }\nc = { name = \"Mill\" }\n";
    says(same, "W0603", &["`b`", "`a`", "Lab"]);
    let titles = |text: &str| -> Vec<String> {
        let session = Session::of_text(&format!("{HEAD}{text}"));
        session.model().parties[1..].iter().map(|party| party.title.clone()).collect()
    };
    assert_eq!(titles(same), ["Lab (a)", "Lab (b)", "Mill"]);
    let empty = "[parties]\na = { name = \" \" }\n";
    says(empty, "W0603", &["empty", "`a`"]);
    assert_eq!(titles(empty), ["a"]);
}

#[test]
fn everyone_outside_has_no_money_and_is_no_parent() {
    says("[parties]\noutside = { cash = \"$5B\" }\n", "E0603", &["`outside`", "`cash`"]);
    says("[parties]\na = { part_of = \"outside\" }\n", "E0602", &["outside"]);
    says_nothing("[parties]\noutside = { name = \"The market\" }\n");
    let fails = "[parties]\na = {}\n[scenarios.s]\ndefault = { outside = \"2027-01\" }\n";
    says(fails, "E0603", &["never defaults"]);
}

fn holdings(list: &[(&str, &str, &str)]) -> String {
    let mut text = "[parties]\na = {}\nb = {}\nc = {}\n".to_owned();
    for (at, (owner, issuer, terms)) in list.iter().enumerate() {
        text += &format!("[holdings.h{at}]\nowner = \"{owner}\"\nissuer = \"{issuer}\"\n{terms}\n");
    }
    text
}

#[test]
fn of_one_issuer_there_is_one_whole_at_one_date() {
    let stake = |share: &str| format!("stake = \"{share}\"");
    let (sixty, forty) = (stake("60%"), stake("40%"));
    says(&holdings(&[("a", "b", &sixty), ("c", "b", &sixty)]), "E0703", &["120%", "`b`"]);
    says_nothing(&holdings(&[("a", "b", &sixty), ("c", "b", &forty)]));
    let about = stake("about 42%");
    says_nothing(&holdings(&[("a", "b", &sixty), ("c", "b", &about)]));
    let converted = format!("{sixty}\nbasis = \"as converted\"");
    says(&holdings(&[("a", "b", &sixty), ("c", "b", &converted)]), "W0703", &["120%"]);
    let today = "stake = { figure = \"60%\", on = 2026-03-31 }";
    says(&holdings(&[("a", "b", &sixty), ("c", "b", today)]), "E0703", &["120%"]);
    let earlier = "stake = { figure = \"60%\", on = 2024-12-31 }";
    says_nothing(&holdings(&[("a", "b", &sixty), ("c", "b", earlier)]));
}

#[test]
fn somebody_outside_a_ring_of_owners_owns_a_part() {
    let whole = "stake = \"100%\"";
    says(&holdings(&[("a", "b", whole), ("b", "a", whole)]), "W0704", &["`a` and `b`"]);
    let ring = [("a", "b", whole), ("b", "c", whole), ("c", "a", whole)];
    says(&holdings(&ring), "W0704", &["`a` and `b` and `c`"]);
    says_nothing(&holdings(&[("a", "b", whole), ("b", "a", "stake = \"99%\"")]));
}

#[test]
fn what_lies_in_the_past_or_the_future_is_told() {
    says("[events.e]\nchance = \"50% by 2020-01\"\n", "W0601", &["2020-01", "happened"]);
    says_nothing("[events.e]\nchance = \"50% by 2028-01\"\n");
    let ahead = "stake = \"10%\"\ncost = \"$1B\"\npaid = 2029-01-01";
    says(&holdings(&[("a", "b", ahead)]), "W0705", &["2029-01-01", "2026-03-31"]);
    says_nothing(&holdings(&[("a", "b", "stake = \"10%\"\ncost = \"$1B\"\npaid = 2024-01-01")]));
    let past = "[parties]\na = {}\n[scenarios.s]\ndefault = { a = \"2020-01\" }\n";
    says(past, "W0802", &["2020-01"]);
}

#[test]
fn a_chance_is_a_share_and_nothing_else() {
    says("[events.e]\nchance = \"$24M by 2028\"\n", "E0302", &["`chance`"]);
    says("[events.e]\nchance = \"140% by 2028\"\n", "E0307", &["`chance`"]);
}

#[test]
fn shares_of_suppliers_are_shares_of_one_whole() {
    let product = |shares: &str| {
        format!("{TWO}[products.p]\noperator = \"a\"\nsupplied_by = {{ 2026 = {{ {shares} }} }}\n")
    };
    says(&product("a = \"80%\", b = \"60%\""), "E0703", &["140%"]);
    says(&product("b = \"-40%\""), "E0307", &["`b`"]);
    for shares in ["b = \"20%\"", "b = \"0%\"", "a = \"75%\", b = \"25%\""] {
        says_nothing(&product(shares));
    }
}

#[test]
fn a_vague_date_is_known_on_its_last_day() {
    for (date, day, known) in [
        ("2026", Date::constant(2026, 12, 30), false),
        ("2026", Date::constant(2026, 12, 31), true),
        ("\"2026-04\"", Date::constant(2026, 4, 29), false),
        ("\"2026-04\"", Date::constant(2026, 4, 30), true),
        ("2026-04-10", Date::constant(2026, 4, 10), true),
    ] {
        for stated in [format!("[sources.s]\ntitle = \"t\"\ndate = {date}\n"), String::new()] {
            let own = if stated.is_empty() { format!("known = {date}") } else { "source = \"s\"".to_owned() };
            let deal = "[contracts.e]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
                        tranches.t = { amount = \"$1M\", on = 2027 }\n";
            let text = format!("keiretsu = 1\nas_of = 2026-12-31\n{stated}{TWO}{deal}{own}\n");
            let dates = Dates { known_on: Some(day), ..Dates::default() };
            let session = Session::of(&MemoryFiles::root(&text), "keiretsu.toml", dates);
            let model = session.model();
            assert_eq!(model.known_contracts().count(), usize::from(known), "{date} on {day}\n{text}");
        }
    }
}

#[test]
fn words_that_nobody_reads_are_told() {
    says("[parties]\na = { cash = \"$5B over 2 years\" }\n", "W0301", &["`cash`", "the time"]);
    says("[parties]\na = { cash = \"$5B at $2\" }\n", "W0301", &["`cash`", "the price"]);
}
