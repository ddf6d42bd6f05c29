//! What is not known is never dropped: a figure of a random model is replaced by vaguer words, and every cell
//! of every measure must be unknown or hold what it is when the figure is disclosed, whatever it turns out to
//! be (a metamorphic test of inclusion).

use std::collections::BTreeMap;

use keiretsu::Session;
use keiretsu_values::{Cell, Set, Table};

use crate::asked::{key, question, tables};

/// Measures that answer something without being asked about formulas, logs or limits. Absent: `domino`, in
/// which losses by failures other than a guarantor's are still as read.
const ASKED: [&str; 17] = [
    "commitments",
    "cash",
    "concentration",
    "coverage",
    "debt_service",
    "exposure",
    "obligations",
    "circularity",
    "returns",
    "marks",
    "capacity",
    "diversification",
    "lock_in",
    "value_capture",
    "visibility",
    "stress",
    "compare",
];

/// A figure of the text that can be left open.
struct Hole {
    /// Where it stands, as in the text.
    place: &'static str,
    /// Around how much, in its unit.
    size: f64,
    /// Before and after the number.
    unit: [&'static str; 2],
}

const fn money(place: &'static str, size: f64) -> Hole {
    Hole { place, size, unit: ["$", "M"] }
}

const HOLES: [Hole; 17] = [
    Hole { place: "MINIMUM", size: 2.0, unit: ["$", "M/month"] },
    money("TOTAL", 72.0),
    Hole { place: "RENT", size: 1.5, unit: ["$", "M/month"] },
    money("BUILD", 48.0),
    money("ROUND", 30.0),
    money("LATER", 20.0),
    money("LOAN", 25.0),
    money("CREDIT", 12.0),
    money("CASH", 90.0),
    money("COST", 15.0),
    money("MARK", 40.0),
    money("LIMIT", 9.0),
    money("VALUE", 800.0),
    Hole { place: "STAKE", size: 20.0, unit: ["", "%"] },
    Hole { place: "REVENUE", size: 60.0, unit: ["$", "M/yr"] },
    Hole { place: "USAGE", size: 30.0, unit: ["$", "M/yr"] },
    Hole { place: "POWER", size: 2.0, unit: ["", " GW"] },
];

/// Small pseudo-random numbers, the same on every machine (Knuth's MMIX generator).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn chance(&mut self, of: u64) -> bool {
        self.next().is_multiple_of(of)
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.next() as usize % list.len()]
    }
}

/// A model with a place for each of [`HOLES`]; parts of it are there or not.
fn template(random: &mut Random) -> String {
    let mut text = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"3 years\"\n".to_owned();
    if random.chance(2) {
        text += "discount = \"10%\"\n";
    }
    text += "[parties]\na = { cash = \"CASH\", because = \"an example\" }\n\
             b = { value = \"worth\", revenue = \"REVENUE\", because = \"an example\" }\n";
    text += match random.next() % 3 {
        0 => "c = { cash = \"$40M\", because = \"an example\" }\n",
        1 => {
            "c = { cash = \"$40M\", funding = { keep = \"1 month\", raise = \"1 month\", price = \"$0\", \
             else = \"default\" }, because = \"an example\" }\n"
        }
        _ => {
            "c = { cash = \"$40M\", costs = \"$20M/yr\", funding = { keep = \"1 month\", \
             raise = \"3 months\", price = \"$500M\" }, because = \"an example\" }\n"
        }
    };
    text += "d = {}\n[events]\nlikely = { chance = \"60% by 2027-06\", because = \"an example\" }\n\
             secret = { text = \"not public\" }\n\
             [factors]\nworth = { start = \"VALUE\", because = \"an example\" }\n\
             need = { start = \"USAGE\", growth = { later = \"10%\" }, because = \"an example\" }\n";
    for part in parts(random) {
        text += &part;
        text += "because = \"an example\"\n";
    }
    text + "[scenarios.half]\nscale = { worth = \"50%\" }\n[compare]\nstrategies = [\"a\", \"d\"]\n"
}

/// Contracts and holdings, most of them there.
fn parts(random: &mut Random) -> Vec<String> {
    let usage = random.of(&["", "usage = \"need\"\n"]);
    let span = random.of(&["minimum = \"TOTAL over 3 years\"", "minimum = \"TOTAL over 2 years\""]);
    let when = random.of(&["likely", "secret", "cash(a) >= $80M"]);
    let renewal = random.of(&["", "renewal = { options = 1, term = \"1 year\", when = \"secret\" }\n"]);
    let all = [
        format!(
            "[contracts.sold]\ntype = \"supply\"\nbuyer = \"c\"\nseller = \"a\"\nfrom = \"2026-01\"\n\
             until = \"2027-06\"\nminimum = \"MINIMUM\"\n{usage}capacity = {{ power = \"POWER\" }}\n"
        ),
        format!(
            "[contracts.whole]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"a\"\n\
             from = \"2026-03\"\n{span}\n"
        ),
        "[contracts.other]\ntype = \"supply\"\nbuyer = \"b\"\nseller = \"d\"\nfrom = \"2026-01\"\n\
         until = \"2026-12\"\nminimum = \"$1M/month\"\n"
            .to_owned(),
        format!(
            "[contracts.lease]\ntype = \"lease\"\nlessee = \"c\"\nlessor = \"d\"\nrent = \"RENT\"\n\
             from = \"2026-02\"\nterm = \"2 years\"\n{renewal}"
        ),
        "[contracts.site]\ntype = \"capex\"\nspender = \"a\"\nsuppliers = { d = \"50%\" }\n\
         amount = \"BUILD\"\n\
         from = \"2026-01\"\nuntil = \"2026-12\"\n"
            .to_owned(),
        format!(
            "[contracts.equity]\ntype = \"equity\"\ninvestor = \"a\"\nissuer = \"b\"\n\
             tranches.paid = {{ amount = \"ROUND\", paid = 2025-06-30 }}\n\
             tranches.later = {{ amount = \"LATER\", when = \"{when}\", before = 2027-12-31 }}\n"
        ),
        "[contracts.loan]\ntype = \"loan\"\nlender = \"d\"\nborrower = \"a\"\namount = \"LOAN\"\n\
         rate = \"6%\"\ndrawn = \"2026-01\"\nmaturity = \"2027-12\"\n"
            .to_owned(),
        "[contracts.credit]\ntype = \"credits\"\ngrantor = \"a\"\nrecipient = \"c\"\namount = \"CREDIT\"\n\
         on = \"2026-01\"\nusable_on = \"sold\"\n"
            .to_owned(),
        "[contracts.backing]\ntype = \"guarantee\"\nguarantor = \"a\"\nbeneficiary = \"d\"\n\
         covers = \"lease\"\nlimit = \"LIMIT\"\n"
            .to_owned(),
        "[contracts.cut]\ntype = \"revenue_share\"\npayer = \"b\"\npayee = \"d\"\nrate = \"10%\"\n\
         base = \"need\"\nfrom = \"2026-01\"\nuntil = \"2027-12\"\n"
            .to_owned(),
        "[holdings.in-b]\nowner = \"d\"\nissuer = \"b\"\nstake = \"STAKE\"\ncost = \"COST\"\n".to_owned(),
        "[holdings.in-c]\nowner = \"d\"\nissuer = \"c\"\nstake = \"10%\"\nvalue = \"MARK\"\n".to_owned(),
    ];
    all.into_iter().filter(|_| !random.chance(5)).collect()
}

/// The text with one figure in words of its own, all others at their size.
fn filled(template: &str, open: &str, words: &str) -> String {
    HOLES.iter().fold(template.to_owned(), |text, hole| {
        let exact = format!("{}{}{}", hole.unit[0], hole.size, hole.unit[1]);
        text.replace(hole.place, if hole.place == open { words } else { &exact })
    })
}

type Answers = BTreeMap<(String, String, String), keiretsu_values::Value>;

/// Every number of every measure, under its table, row and column; none where the text is refused.
fn answers(text: &str) -> Option<Answers> {
    let session = Session::of_text(text);
    if session.has_errors() {
        return None;
    }
    let mut all = Answers::new();
    let mut twice = Vec::new();
    for name in ASKED {
        for table in tables(&session, &question(name)) {
            for row in &table.rows {
                for (column, cell) in table.columns.iter().zip(row) {
                    let Some(value) = cell.value() else { continue };
                    let title = table.title.split(" in 20").next().unwrap_or_default();
                    let place = (format!("{name}: {title}"), head(&table, row), column.key.clone());
                    if all.insert(place.clone(), value.clone()).is_some() {
                        twice.push(place);
                    }
                }
            }
        }
    }
    for place in &twice {
        all.remove(place);
    }
    Some(all)
}

/// The words at the head of a row, up to its first number.
fn head(table: &Table, row: &[Cell]) -> String {
    let words = table.columns.iter().zip(row).take_while(|(column, _)| !column.kind.is_numbers());
    let words = words.filter(|(column, _)| column.key != "rests_on").map(|(_, cell)| key(cell));
    words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" | ")
}

fn holds(set: Set, number: f64) -> bool {
    let slack = 1e-6 * number.abs().max(1.0).max(if set.low.is_finite() { set.low.abs() } else { 0.0 });
    set.low - slack <= number && number <= set.high + slack
}

/// What a cell says is possible. What is proved of money that comes back is an end of its own: with less
/// known, less is proved.
fn reach((_, row, column): &(String, String, String), set: Set) -> Set {
    let proved = |words: &str| row.contains(&format!("comes back of all it sends: {words}"));
    match column.as_str() {
        "lower" | "lower_share" => Set { high: f64::INFINITY, ..set },
        "upper" | "upper_share" => Set { low: f64::NEG_INFINITY, ..set },
        _ if proved("at least") => Set { high: f64::INFINITY, ..set },
        _ if proved("at most") => Set { low: f64::NEG_INFINITY, ..set },
        _ => set,
    }
}

/// Words for a hole, and the numbers that it may be.
fn openings(hole: &Hole) -> Vec<(String, Vec<f64>)> {
    let [before, after] = hole.unit;
    let sizes = |by: [f64; 3]| by.map(|by| hole.size * by).to_vec();
    let mut all = vec![
        ("undisclosed".to_owned(), sizes([0.02, 1.0, 4.0])),
        (format!("more than {before}{}{after}", hole.size), sizes([1.0, 1.3, 4.0])),
    ];
    // "Up to" before a limit is that limit.
    let most = if hole.place == "LIMIT" { [1.0; 3] } else { [0.1, 0.6, 1.0] };
    all.push((format!("up to {before}{}{after}", hole.size), sizes(most)));
    all
}

fn try_out(seed: u64, complaints: &mut BTreeMap<String, String>) -> usize {
    let mut random = Random(seed);
    // The first numbers of neighbouring seeds are alike.
    for _ in 0..5 {
        random.next();
    }
    let template = template(&mut random);
    let hole = &HOLES[seed as usize % HOLES.len()];
    let kinds = openings(hole);
    let (words, numbers) = &kinds[(seed as usize / HOLES.len()) % kinds.len()];
    if !template.contains(hole.place) {
        return 0;
    }
    let Some(open) = answers(&filled(&template, hole.place, words)) else { return 0 };
    let mut checked = 0;
    for number in numbers {
        let exact = format!("{}{number}{}", hole.unit[0], hole.unit[1]);
        let Some(disclosed) = answers(&filled(&template, hole.place, &exact)) else { continue };
        for (key, value) in &disclosed {
            let (Some(amount), Some(seen)) = (value.amount(), open.get(key)) else { continue };
            checked += 1;
            if !holds(reach(key, seen.set()), amount) {
                let what = format!("{} / {} / {words}", key.0, key.2);
                complaints.entry(format!("{what} @ {}", hole.place)).or_insert_with(|| {
                    format!(
                        "seed {seed}: {}: {amount} at {exact} is not in {:?} ({:?})",
                        key.1,
                        seen.set(),
                        seen.amount()
                    )
                });
            }
        }
    }
    checked
}

#[test]
fn what_is_not_disclosed_is_never_dropped() {
    let mut complaints = BTreeMap::new();
    let seeds = std::env::var("SEEDS").ok().and_then(|seeds| seeds.parse().ok()).unwrap_or(51);
    let checked: usize = (0..seeds).map(|seed| try_out(seed, &mut complaints)).sum();
    let list: Vec<String> = complaints.iter().map(|(what, how)| format!("{what}\n    {how}")).collect();
    assert!(list.is_empty(), "{} kinds of cells leave out what may be:\n{}", list.len(), list.join("\n"));
    assert!(seeds < 51 || 10_000 < checked, "only {checked} cells were compared");
}
