//! Warrants, protections against dilution and preferences of a user's JSON.

use crate::faults::Faults;
use crate::record::{JsonObject, NumberRange};
use crate::tree::JsonTree;

/// Rights to buy shares.
#[derive(Clone, Debug)]
pub struct Warrant {
    /// The class that they become.
    pub id: String,
    /// Place in the input.
    pub place: String,
    /// How many shares.
    pub shares: f64,
    /// Price of a share.
    pub strike: f64,
    /// Whether they count as exercised, instead of by the treasury stock method.
    pub as_exercised: bool,
    /// Price of a share for the treasury method, if it is not that of the round.
    pub price: Option<f64>,
}

/// How a class is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Weighted average over all shares, fully diluted.
    Broad,
    /// Weighted average over shares outstanding.
    Narrow,
    /// The new price.
    FullRatchet,
}

/// A class that is protected.
#[derive(Clone, Debug)]
pub struct Protected {
    /// Which class.
    pub id: String,
    /// Place in the input.
    pub place: String,
    /// Its conversion price before the issue.
    pub price: f64,
    /// How it is protected.
    pub kind: Protection,
    /// Shares counted before the issue, if given.
    pub outstanding: Option<f64>,
}

/// New shares at a low price.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The class that they become.
    pub id: String,
    /// How many.
    pub shares: f64,
    /// At which price.
    pub price: f64,
}

/// The liquidation preference of a class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Amount {
    /// Money for all of it.
    Total(f64),
    /// Money a share.
    PerShare(f64),
    /// A multiple of the money paid for it.
    Multiple(f64, Option<f64>),
}

/// How far it takes part in the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Taking {
    /// Not, unless it converts.
    Nothing,
    /// As if converted.
    Full,
    /// Until it has received so much in all.
    UpTo(f64),
    /// Until it has received a multiple of its preference in total.
    UpToMultiple(f64),
    /// Until each share has received so much in all.
    UpToPerShare(f64),
}

/// A class with a preference.
#[derive(Clone, Debug)]
pub struct Preferred {
    /// Which class.
    pub id: String,
    /// Place in the input.
    pub place: String,
    /// Its liquidation preference.
    pub amount: Amount,
    /// Lower ranks are paid first.
    pub rank: u32,
    /// How far it takes part in the rest.
    pub taking: Taking,
    /// Common shares for one of it.
    pub ratio: f64,
}

/// Reads `warrants`.
pub fn warrants(root: &JsonObject<'_>) -> Vec<Warrant> {
    let records = root.records("warrants", &["id", "shares", "strike", "method", "price"]);
    let words = [
        ("treasury", false),
        ("as-exercised", true),
        ("treasury stock", false),
        ("treasury stock method", false),
        ("tsm", false),
        ("exercised", true),
    ];
    let warrant = |record: &JsonObject<'_>| Warrant {
        id: record.need_name("id").into_owned(),
        place: record.place_of("id"),
        shares: record.need("shares", NumberRange::Amount),
        strike: record.need("strike", NumberRange::Amount),
        as_exercised: record.one_of("method", &words).unwrap_or_else(|| {
            if !record.has("method") {
                record.fault(
                    "method",
                    "is missing",
                    "\"treasury\" or \"as-exercised\": it decides how many count",
                );
            }
            false
        }),
        price: record.number("price", NumberRange::Positive),
    };
    records.iter().map(warrant).collect()
}

static KINDS: [(&str, Protection); 10] = [
    ("broad", Protection::Broad),
    ("narrow", Protection::Narrow),
    ("full-ratchet", Protection::FullRatchet),
    ("broad-based", Protection::Broad),
    ("narrow-based", Protection::Narrow),
    ("ratchet", Protection::FullRatchet),
    ("broad-based weighted average", Protection::Broad),
    ("narrow-based weighted average", Protection::Narrow),
    ("broad weighted average", Protection::Broad),
    ("weighted average", Protection::Broad),
];

/// Reads `anti_dilution`: an object, or a list of classes that are protected against the round.
pub fn protections(root: &JsonObject<'_>, faults: &Faults) -> (Option<Issue>, Vec<Protected>) {
    let class = ["id", "price", "kind", "type", "method", "outstanding"];
    let read = |record: &JsonObject<'_>, usual: Option<Protection>, outstanding: Option<f64>| Protected {
        id: record.need_name("id").into_owned(),
        place: record.place_of("id"),
        price: record.need("price", NumberRange::Positive),
        kind: kind(record).or(usual).unwrap_or_else(|| {
            record.fault("kind", "is missing", "\"broad\", \"narrow\" or \"full-ratchet\"");
            Protection::Broad
        }),
        outstanding: record.number("outstanding", NumberRange::Positive).or(outstanding),
    };
    if let Some(JsonTree::List(_)) = root.get("anti_dilution") {
        let records = root.records("anti_dilution", &class);
        return (None, records.iter().map(|record| read(record, None, None)).collect());
    }
    let known = ["issue", "protected", "kind", "type", "method", "outstanding"];
    let Some(record) = root.record("anti_dilution", &known) else { return (None, Vec::new()) };
    let (usual, outstanding) = (kind(&record), record.number("outstanding", NumberRange::Positive));
    let issue = record.record("issue", &["id", "shares", "price"]).map(|issue| Issue {
        id: issue.name("id").map_or_else(|| "new".to_owned(), std::borrow::Cow::into_owned),
        shares: issue.need("shares", NumberRange::Amount),
        price: issue.need("price", NumberRange::Positive),
    });
    if issue.is_none() && !root.has("round") {
        faults.push("anti_dilution.issue", "is missing", "give shares and price of the issue, or a round");
    }
    let records = record.need_records("protected", &class);
    (issue, records.iter().map(|record| read(record, usual, outstanding)).collect())
}

fn kind(record: &JsonObject<'_>) -> Option<Protection> {
    ["kind", "type", "method"].into_iter().find_map(|key| record.one_of(key, &KINDS))
}

/// Reads `preferences`.
pub fn preferences(root: &JsonObject<'_>) -> Vec<Preferred> {
    let known = [
        "id",
        "preference",
        "per_share",
        "pref_per_share",
        "multiple",
        "price",
        "rank",
        "participation",
        "participating",
        "cap",
        "participation_cap",
        "cap_multiple",
        "participation_cap_multiple",
        "cap_per_share",
        "conversion_ratio",
    ];
    let records = root.records("preferences", &known);
    let ranked = records.iter().filter(|record| record.has("rank")).count();
    let lacks = |record: &JsonObject<'_>| ranked != 0 && !record.has("rank");
    let preferred = |record: &JsonObject<'_>| {
        if lacks(record) {
            record.fault("rank", "is missing, and other classes have one", "lower ranks are paid first");
        }
        Preferred {
            id: record.need_name("id").into_owned(),
            place: record.place_of("id"),
            amount: amount(record),
            rank: record.whole("rank").unwrap_or(1),
            taking: taking(record),
            ratio: record.number("conversion_ratio", NumberRange::Positive).unwrap_or(1.0),
        }
    };
    records.iter().map(preferred).collect()
}

fn amount(record: &JsonObject<'_>) -> Amount {
    let number = |key: &str| record.number(key, NumberRange::Amount);
    let per_share = number("per_share").or_else(|| number("pref_per_share")).map(Amount::PerShare);
    let multiple = number("multiple").map(|multiple| Amount::Multiple(multiple, number("price")));
    let ways: Vec<Amount> =
        [number("preference").map(Amount::Total), per_share, multiple].into_iter().flatten().collect();
    if ways.len() != 1 {
        let what = if ways.is_empty() { "is missing" } else { "is said in several ways" };
        let hint = "give one of preference (money in all), per_share, or multiple (of what was paid)";
        record.fault("preference", what, hint);
    }
    ways.first().copied().unwrap_or(Amount::Total(0.0))
}

fn taking(record: &JsonObject<'_>) -> Taking {
    let number = |key: &str| record.number(key, NumberRange::Amount);
    let cap = number("cap").or_else(|| number("participation_cap")).map(Taking::UpTo);
    let multiple = number("cap_multiple").or_else(|| number("participation_cap_multiple"));
    let multiple = multiple.map(Taking::UpToMultiple);
    let cap = cap.or(multiple).or_else(|| number("cap_per_share").map(Taking::UpToPerShare));
    let words = [
        ("none", Some(false)),
        ("full", Some(true)),
        ("capped", None),
        ("non-participating", Some(false)),
        ("participating", Some(true)),
    ];
    let by_word = record.one_of("participation", &words);
    let by_flag = || record.flag("participating").map(Some);
    match (by_word.or_else(by_flag), cap) {
        (None | Some(None | Some(true)), Some(cap)) => cap,
        (Some(Some(true)), None) => Taking::Full,
        (Some(None), None) => {
            record.fault("cap", "is missing", "give cap (money in all), cap_multiple or cap_per_share");
            Taking::Nothing
        }
        (Some(Some(false)), Some(_)) => {
            record.fault(
                "participation",
                "is none, and there is a cap",
                "leave out the cap, or say \"capped\"",
            );
            Taking::Nothing
        }
        (None | Some(Some(false)), None) => Taking::Nothing,
    }
}
