//! Whether a cell names a party: a name, several names, or people and things in general.
//!
//! Decided by the words alone: no list knows a company. A cell is nobody's name if all of its words are
//! common ones, if it begins with people in general ("landlords of ..."), or if it adds such words to a name
//! ("Lab customers", "Lab leases").

/// People, companies and markets in general.
const PEOPLE: &str = "\
    outside lenders bondholders noteholders creditors banks funds firms companies corporates \
    investors co-investors backers landlords lessors lessees tenants customers clients buyers \
    offtakers purchasers subscribers suppliers vendors sellers contractors providers operators \
    developers partners owners shipowners employees staff management shareholders stockholders \
    holders members fans others other rest public market markets industry sector peers rivals \
    players hyperscalers neoclouds clouds labs start-ups startups utilities insurers underwriters \
    syndicate consortium governments parties entities institutions airlines carriers clubs \
    broadcasters universities tech";

/// One of them, as it is named beside a name: "Lab lessor".
const ONE: &str = "\
    lender bondholder noteholder creditor investor co-investor backer landlord lessor lessee tenant \
    customer client buyer offtaker supplier vendor seller contractor provider developer partner \
    owner employee shareholder hyperscaler neocloud airline carrier utility insurer broadcaster";

/// Words around people in general.
const COMMON: &str = "\
    the a an of for in on to at from with by its their all any each every most many several some \
    various multiple numerous certain few unnamed unspecified undisclosed unknown anonymous tbd none \
    nobody n/a na private credit debt equity bond capital institutional retail strategic anchor \
    existing new big large small major local regional national foreign international domestic global \
    european american asian us u.s. eu uk commercial senior secured unsecured ai technology chip \
    data centre center centres centers data-centre data-center industrial energy power venture \
    pension hedge sovereign wealth and or one two three four five six seven ten dozen group groups \
    estimate sum total combined compute gw mw trade cloud";

/// Things, which are no parties.
const THINGS: &str = "\
    project projects programme program campus campuses site sites facility facilities plant plants \
    factory factories fab fabs fleet vessel vessels ship ships stadium terminal pipeline mine \
    satellite satellites constellation building buildings equipment chips gpus systems servers \
    turbines reactors lease leases lines loan loans notes bonds contract contracts deal deals \
    partnership agreement models product products capacity debts shares revenue centre centres \
    centers";

/// Whether a cell names nobody.
pub fn is_nobody(cell: &str) -> bool {
    let words: Vec<&str> = cell.split(' ').collect();
    is_led(cell) || is_quantity(&words) || is_in_general(&words) || is_beside_a_name(&words)
}

/// Whether a cell begins with people in general: "landlords of ...", or with a bracket.
pub fn is_led(cell: &str) -> bool {
    let words: Vec<&str> = cell.split(' ').collect();
    let of = words.get(1).is_some_and(|word| ["of", "to", "in"].contains(word));
    let people = is_one_of(PEOPLE, words[0]) || is_small(words[0]) && is_one_of(ONE, words[0]);
    cell.is_empty() || cell.starts_with(['(', '-', '\u{2013}', '?']) || of && people
}

/// "1 GW of systems" is a quantity; "3i" and "23andMe" are names.
fn is_quantity(words: &[&str]) -> bool {
    let digits = !words[0].is_empty() && words[0].chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    digits && 1 < words.len()
}

/// All of its words are common ones, or it begins with a vague one.
fn is_in_general(words: &[&str]) -> bool {
    let (first, rest) = (words[0], &words[1..]);
    let common = words.iter().all(|word| is_common(word));
    let people = words.iter().any(|word| is_one_of(PEOPLE, word) || is_vague(word));
    // A single word in capitals may be a name: "Chips".
    let things = !rest.is_empty() && words.iter().any(|word| is_one_of(THINGS, word));
    let vague = is_vague(first) && rest.iter().all(|word| is_small(word));
    common && (people || things) || vague
}

/// "Lab customers", "Lab data-centre leases": people or things around a name, in small letters.
fn is_beside_a_name(words: &[&str]) -> bool {
    let Some((last, rest)) = words.split_last() else { return false };
    let named = rest.iter().filter(|word| !is_small(word)).count();
    let people = (is_one_of(PEOPLE, last) || is_one_of(ONE, last)) && !is_firm(last);
    let thing = is_one_of(THINGS, last) && !is_place(last);
    is_small(last) && (people && 1 <= named || thing && named == 1)
}

/// Whether a cell names a thing that is built or bought.
pub fn is_thing(cell: &str) -> bool {
    let words: Vec<&str> = cell.split(' ').collect();
    is_one_of(THINGS, words[0]) || is_one_of(THINGS, words[words.len() - 1])
}

/// Companies may be called so: "Apollo funds", "Nordic banks" may not be told apart, "Harbour bank" is one.
fn is_firm(word: &str) -> bool {
    ["funds", "partners", "clubs"].contains(&word.to_lowercase().as_str())
}

/// Things that stand somewhere under a name of their own and may owe money.
fn is_place(word: &str) -> bool {
    let all =
        ["site", "plant", "stadium", "terminal", "mine", "fleet", "campus", "facility", "fab", "factory"];
    all.contains(&word.to_lowercase().as_str())
}

fn is_vague(word: &str) -> bool {
    let all = ["most", "many", "several", "some", "all", "other", "various", "unnamed", "undisclosed"];
    let more = ["unknown", "certain", "multiple", "none", "numerous", "unspecified", "few", "each"];
    // "A" may be a name.
    if ["a", "an"].contains(&word) {
        return true;
    }
    let small = word.to_lowercase();
    all.contains(&small.as_str()) || more.contains(&small.as_str())
}

fn is_small(word: &str) -> bool {
    !word.starts_with(char::is_uppercase)
}

fn is_common(word: &str) -> bool {
    let related = ["-related", "-based", "-backed", "-focused"].iter().any(|end| word.ends_with(end));
    let listed = [PEOPLE, ONE, COMMON, THINGS].iter().any(|list| is_one_of(list, word));
    related || listed || is_vague(word)
}

fn is_one_of(list: &str, word: &str) -> bool {
    let small = word.to_lowercase();
    let small = small.trim_matches(['.', ':']);
    list.split_whitespace().any(|listed| listed == small)
}

/// Legal forms at the end of a name.
const FORMS: [&str; 26] = [
    "inc",
    "ltd",
    "llc",
    "l.l.c",
    "lp",
    "l.p",
    "plc",
    "s.a",
    "sa",
    "ag",
    "corp",
    "co",
    "se",
    "nv",
    "n.v",
    "ab",
    "asa",
    "as",
    "gmbh",
    "kg",
    "pbc",
    "oy",
    "spa",
    "limited",
    "corporation",
    "incorporated",
];

/// Whether a word is a legal form.
pub fn is_form(word: &str) -> bool {
    FORMS.contains(&word.to_lowercase().trim_end_matches('.'))
}

/// A name in small letters without its legal form, by which two spellings of one are known.
pub fn plain_name(cell: &str) -> String {
    let small = cell.to_lowercase().replace(',', " ");
    let mut words: Vec<&str> = small.split_whitespace().collect();
    let long = words.len();
    while 1 < words.len() && is_form(words[words.len() - 1]) {
        words.pop();
    }
    // "X Group PBC" is X; "X Group" may be another.
    if 1 < words.len() && words.len() < long && words[words.len() - 1] == "group" {
        words.pop();
    }
    words.join(" ")
}

/// The names between commas, semicolons, strokes and "and".
pub fn members(whole: &str) -> Vec<&str> {
    let parts =
        whole.split(" and ").flat_map(|part| part.split(" / ")).flat_map(|part| part.split([',', ';']));
    let parts = parts.map(|part| part.trim().trim_start_matches("and ").trim());
    parts.filter(|part| !part.is_empty() && !is_form(part)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_things_in_general_are_nobody() {
        for cell in [
            "",
            "-",
            "(all customers)",
            "Lenders",
            "most hyperscalers",
            "others",
            "various",
            "Private credit funds",
            "AI-related firms",
            "Debt markets",
            "Big tech",
            "landlord of an undisclosed partner",
            "Landlords of five data centres",
            "Co-investors of Lab",
            "Lab customers",
            "Lab data-centre leases",
            "Lab partnership",
            "1 GW of systems",
            "neoclouds",
            "unnamed airline",
            "Institutional investors",
        ] {
            assert!(is_nobody(cell), "{cell}");
        }
    }

    #[test]
    fn names_are_names() {
        for cell in [
            "All Nippon Airways",
            "Apollo funds",
            "second chip vehicle",
            "Abilene site vehicle",
            "Saline Township site",
            "Cloud",
            "Public Storage",
            "Bank of Ireland",
            "General Motors",
            "3i",
            "Chips",
            "Bank",
            "Lab",
            "Harbour Pilots Fund",
        ] {
            assert!(!is_nobody(cell), "{cell}");
        }
    }

    #[test]
    fn a_legal_form_makes_no_other_party() {
        for cell in ["Lab Group PBC", "LAB", "Lab, Inc.", "Lab Ltd"] {
            assert_eq!(plain_name(cell), "lab", "{cell}");
        }
        assert_eq!(plain_name("Lab Group"), "lab group");
        assert_eq!(members("A, B and C / D, Inc."), ["A", "B", "C", "D"]);
    }
}
