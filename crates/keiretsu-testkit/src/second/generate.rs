//! A seed to a random text.
//!
//! The first twelfths of the seeds have one contract type each, so that a disagreement has a name; the
//! others mix
//! them. As-of falls anywhere in the life of the contracts.

mod equity;
mod others;
mod slices;
mod supply;
mod terms;

use super::calendar::{Day, Month, days_in, month_of};
use super::dice::Dice;
use super::script::{Script, Section, bare, quoted};

/// The contract types that are written.
pub const TYPES: [&str; 12] = [
    "equity",
    "supply",
    "capex",
    "loan",
    "lease",
    "revenue_share",
    "convertible",
    "credits",
    "guarantee",
    "backstop",
    "warrant",
    "right",
];

/// What contracts are written about.
pub struct Setting {
    /// The day the model looks from.
    pub as_of: Day,
    /// Names of contracts that stand already, with their types.
    pub written: Vec<(String, &'static str)>,
    /// Whether the model has euros.
    pub euros: bool,
    /// A factor and events, once something needs them.
    pub needed: Vec<Section>,
}

/// Which contract types a seed writes: one, or all.
pub fn topic(seed: u64) -> Option<&'static str> {
    TYPES.get((seed % (TYPES.len() as u64 + 4)) as usize).copied()
}

/// The text of a seed.
pub fn generate(seed: u64) -> Script {
    let mut dice = Dice::new(seed);
    let mut setting =
        Setting { as_of: as_of(&mut dice), written: vec![], euros: dice.chance(15), needed: vec![] };
    let mut root = Section::new("");
    root.put("keiretsu", bare(1));
    root.put("as_of", bare(setting.as_of.text()));
    root.put("horizon", quoted(dice.one_of(&["2 years", "3 years", "18 months", "4 years"])));
    let mut sections = vec![];
    let count = if dice.chance(50) { 1 } else { dice.from(2, 4) };
    for number in 1..=count {
        let kind = topic(seed).unwrap_or_else(|| dice.one_of(&TYPES));
        let name = format!("{}{number}", &kind[..1]);
        let mut section = Section::new(format!("contracts.{name}"));
        section.put("type", quoted(kind));
        section.put("because", quoted("an example"));
        match kind {
            "equity" => others::equity(&mut section, &mut dice, &mut setting),
            "capex" => others::capex(&mut section, &mut dice, &mut setting),
            "loan" => others::loan(&mut section, &mut dice, &mut setting),
            "lease" => others::lease(&mut section, &mut dice, &mut setting),
            "revenue_share" => others::sharing(&mut section, &mut dice, &mut setting),
            "convertible" => others::convertible(&mut section, &mut dice, &mut setting),
            "credits" => others::credits(&mut section, &mut dice, &mut setting),
            "guarantee" => others::guarantee(&mut section, &mut dice, &mut setting),
            "backstop" => others::backstop(&mut section, &mut dice, &mut setting),
            "warrant" => others::warrant(&mut section, &mut dice, &mut setting),
            "right" => others::right(&mut section, &mut dice),
            _ => supply::write(&mut section, &mut dice, &mut setting),
        }
        setting.written.push((name, kind));
        sections.push(section);
    }
    if dice.chance(20) {
        sections.extend(slices::write(&mut dice, &setting));
    }
    let mut parties = Section::new("parties");
    let has_segment = dice.chance(12);
    for party in terms::PARTIES {
        let is_segment = has_segment && party == "d";
        parties.put(party, bare(if is_segment { "{ part_of = \"a\" }" } else { "{}" }));
    }
    if dice.chance(25) {
        setting.needed.push(holding(&mut dice, &setting));
    }
    let mut all = vec![root, parties];
    if setting.euros {
        let mut rates = Section::new("currencies");
        rates.put("EUR", quoted("1.25"));
        all.push(rates);
    }
    all.extend(setting.needed);
    all.extend(sections);
    Script { sections: all }
}

fn as_of(dice: &mut Dice) -> Day {
    let month: Month = month_of(2025, 1) + dice.from(0, 35);
    let day = if dice.chance(60) { days_in(month) } else { dice.from(1, days_in(month)) };
    Day { month, day }
}

/// A stake that was bought, and is marked.
fn holding(dice: &mut Dice, setting: &Setting) -> Section {
    let mut section = Section::new("holdings.h");
    terms::pair(&mut section, "owner", "issuer", dice);
    section.put("stake", quoted(format!("{}%", dice.from(1, 30))));
    section.put("cost", quoted(terms::plain(dice, setting, 90)));
    section.put("paid", bare(Day { month: month_of(2023, 1) + dice.from(0, 20), day: 15 }.text()));
    section.put("value", quoted(terms::words(dice, setting, 90, "")));
    section.put("because", quoted("an example"));
    section
}
