//! Contracted payments over time beside revenue: bars by year for the parties that owe most.

use std::collections::BTreeMap;

use keiretsu_contracts::side::Commitment;
use keiretsu_measures::{PeriodLength, Query};
use keiretsu_model::PartyRef;
use keiretsu_program::Reading;
use keiretsu_values::{Cell, ColumnSpec, Period, TableSpec, Value};
use keiretsu_views::amount::inline;
use keiretsu_views::chart::{Family, Line, Segment, line};
use keiretsu_views::html::{escaped, linked};
use keiretsu_views::known_amount;

use super::anchors::Anchors;
use super::pairs::segments;
use super::relation::{Row, firm_and_most, rows};
use super::ties::family;
use super::{Material, Part, counted, money, with_table};
use crate::AskError;

/// What falls due between two parties in a year.
pub(crate) const DUE: TableSpec = TableSpec::new(
    "report",
    "due",
    "What falls due after as-of, by year",
    &[&[
        ColumnSpec::party("payer", "the party that pays"),
        ColumnSpec::party("payee", "the party that is paid"),
        ColumnSpec::text("year", "the calendar year, from as-of on; `undated` where nothing dates it"),
        ColumnSpec::money("firm", "what falls due in the firm reading"),
        ColumnSpec::money("headline", "what falls due in the headline reading"),
    ]],
);

/// How many payers are drawn, payees told apart by colour, and years shown.
const PANELS: usize = 6;
const COLOURS: usize = 6;
const YEARS: usize = 12;

/// When something falls due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fall {
    /// In a calendar year.
    Year(i32),
    /// Nothing dates it.
    Undated,
}

impl Fall {
    fn label(self) -> String {
        match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Undated => "undated".to_owned(),
        }
    }
}

/// Firm and headline amounts of a year.
type Amounts = [Value; 2];

/// Payers with what they owe by payee and year.
struct Payer {
    party: PartyRef,
    payees: Vec<(PartyRef, BTreeMap<Fall, Amounts>)>,
}

/// The years of the payers that owe most.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let payers = payers(material);
    if payers.is_empty() {
        return Ok(None);
    }
    let query = Query { reading: Some(Reading::Expected), by: Some(PeriodLength::Year), ..Query::default() };
    let cash = material.measure("cash", &query)?;
    let revenue = Revenue::of(&cash);
    let longest = payers.iter().take(PANELS).map(Payer::tallest).fold(0.0, f64::max);
    let chart = Chart { material, revenue: &revenue, longest };
    let panels: String = payers.iter().take(PANELS).map(|payer| chart.panel(payer)).collect();
    let (less, unknown): (Vec<&Payer>, Vec<&Payer>) =
        payers.iter().skip(PANELS).partition(|payer| 0.0 < payer.size());
    let named = |what: &str, payers: &[&Payer]| {
        let names: Vec<String> = payers.iter().map(|payer| material.subject.title(payer.party)).collect();
        let names = escaped(&names.join(", "));
        if payers.is_empty() { String::new() } else { format!("<p class=\"note\">{what}: {names}.</p>\n") }
    };
    let more = named("In the table only, with less", &less)
        + &named("In the table only, of unknown amount", &unknown);
    let body = format!("{KEY}<div class=\"panels\">\n{panels}</div>\n{more}");
    let lead = format!(
        "What falls due after {} for service, building, rent and debt, by calendar year, all bars on one \
         scale. Revenue is that of the expected reading.",
        material.subject.model.as_of
    );
    let body = with_table(&body, &linked(&table(material, &payers), &material.anchors));
    Ok(Some(Part { id: "payments", title: "Contracted payments over time", lead, body }))
}

const KEY: &str = "<p class=\"key\"><span><i class=\"s0\"></i>firm</span>\
<span><i class=\"s0 hatch\"></i>conditional or announced</span><span><i class=\"open\"></i>unknown</span>\
<span><b></b>revenue of the year</span></p>\n";

fn payers(material: &Material<'_>) -> Vec<Payer> {
    let subject = &material.subject;
    let group = |party: PartyRef| subject.model.group(party);
    let mut payers: Vec<Payer> = Vec::new();
    for commitment in subject.standing_by_party() {
        let (from, to) = (group(commitment.from), group(commitment.to));
        let dues = dues(commitment);
        let capital = family(subject, commitment) == Some(Family::Capital);
        if from == PartyRef::OUTSIDE || from == to || capital || !commitment.is_cash() || dues.is_empty() {
            continue;
        }
        let at = payers.iter().position(|payer| payer.party == from).unwrap_or_else(|| {
            payers.push(Payer { party: from, payees: vec![] });
            payers.len() - 1
        });
        payers[at].add(to, dues);
    }
    payers.sort_by(|a, b| b.size().total_cmp(&a.size()));
    payers
}

/// What is still to fall due by year: of branches that exclude each other the one that totals count.
fn dues(commitment: &Commitment) -> BTreeMap<Fall, Amounts> {
    let mut dues = BTreeMap::new();
    let counts =
        |reading: Reading| commitment.counted.as_ref().is_none_or(|counted| !counted[reading].is_zero());
    let of = |reading: Reading, amount: &Value| {
        if counts(reading) { amount.clone() } else { Value::exact(0.0) }
    };
    let readings = [Reading::Firm, Reading::Headline];
    for due in commitment.dues.iter().filter(|due| !due.past) {
        let amounts = readings.map(|reading| of(reading, &due.amounts[reading]));
        add(&mut dues, Fall::Year(due.on.year().into()), &amounts);
    }
    let undated = readings.map(|reading| of(reading, &commitment.undated(reading)));
    add(&mut dues, Fall::Undated, &undated);
    dues.retain(|_, amounts: &mut Amounts| amounts.iter().any(|amount| !amount.is_zero()));
    dues
}

fn add(years: &mut BTreeMap<Fall, Amounts>, year: Fall, amounts: &Amounts) {
    let sum = years.entry(year).or_insert_with(|| [Value::exact(0.0), Value::exact(0.0)]);
    *sum = plus(sum, amounts);
}

fn plus(one: &Amounts, other: &Amounts) -> Amounts {
    std::array::from_fn(|reading| one[reading].plus(&other[reading]))
}

fn sum<'a>(amounts: impl Iterator<Item = &'a Amounts>) -> Amounts {
    amounts.fold([Value::exact(0.0), Value::exact(0.0)], |sum, amounts| plus(&sum, amounts))
}

fn known(value: &Value) -> f64 {
    known_amount(value).unwrap_or(0.0).max(0.0)
}

impl Payer {
    fn add(&mut self, payee: PartyRef, dues: BTreeMap<Fall, Amounts>) {
        let at = self.payees.iter().position(|(known, _)| *known == payee).unwrap_or_else(|| {
            self.payees.push((payee, BTreeMap::new()));
            self.payees.len() - 1
        });
        for (year, amounts) in dues {
            add(&mut self.payees[at].1, year, &amounts);
        }
        self.payees.sort_by(|a, b| size(&b.1).total_cmp(&size(&a.1)));
    }

    fn size(&self) -> f64 {
        self.payees.iter().map(|(_, years)| size(years)).sum()
    }

    fn years(&self) -> Vec<Fall> {
        let mut years: Vec<Fall> = self.payees.iter().flat_map(|(_, years)| years.keys().copied()).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// All that falls due in a year.
    fn sum(&self, year: Fall) -> Amounts {
        sum(self.payees.iter().filter_map(|(_, years)| years.get(&year)))
    }

    fn tallest(&self) -> f64 {
        self.years()
            .into_iter()
            .map(|year| self.sum(year).iter().map(known).fold(0.0, f64::max))
            .fold(0.0, f64::max)
    }
}

fn size(years: &BTreeMap<Fall, Amounts>) -> f64 {
    years.values().map(|amounts| amounts.iter().map(known).fold(0.0, f64::max)).sum()
}

/// Revenue by party and year, with the words of the year.
struct Revenue<'t> {
    rows: Vec<Row<'t>>,
}

impl<'t> Revenue<'t> {
    fn of(tables: &'t [keiretsu_values::Table]) -> Self {
        Self { rows: rows(tables, "by_period") }
    }

    fn row(&self, party: &str, year: Fall) -> Option<Row<'t>> {
        let label = year.label();
        let is_of = |row: &&Row<'t>| {
            row.id("party").is_some_and(|id| &*id.name == party)
                && row.period().is_some_and(|at| at.label() == label)
        };
        self.rows.iter().find(is_of).copied()
    }
}

struct Chart<'a> {
    material: &'a Material<'a>,
    revenue: &'a Revenue<'a>,
    longest: f64,
}

impl Chart<'_> {
    fn panel(&self, payer: &Payer) -> String {
        let subject = &self.material.subject;
        let name = &subject.model.party(payer.party).name;
        let title =
            Anchors::linked(&subject.title(payer.party), self.material.anchors.party(name).as_deref());
        let names = payer.payees.iter().take(COLOURS).enumerate();
        let names: String = names
            .map(|(at, (payee, _))| {
                format!("<span><i class=\"s{}\"></i>{}</span>", at + 1, escaped(&subject.title(*payee)))
            })
            .collect();
        let others = match payer.payees.len().saturating_sub(COLOURS) {
            0 => String::new(),
            more => format!("<span><i class=\"s0\"></i>{}</span>", counted(more, ("other", "others"))),
        };
        let years = payer.years();
        let is_told = |year: &Fall| {
            payer.sum(*year).iter().any(|amount| known_amount(amount).is_some() && !amount.is_zero())
        };
        let (told, untold): (Vec<Fall>, Vec<Fall>) = years.iter().partition(|year| is_told(year));
        let dated: Vec<Fall> = told.iter().copied().filter(|year| *year != Fall::Undated).collect();
        let bars: String = dated.iter().take(YEARS).map(|year| self.year(payer, *year)).collect();
        let later = self.later(payer, &dated);
        let undated = if told.len() == dated.len() { String::new() } else { self.year(payer, Fall::Undated) };
        let untold = untold_years(&untold);
        let worst = self.worst(payer, &dated);
        format!(
            "<div>\n<h3>{title}</h3>\n{worst}<p class=\"key\">{names}{others}</p>\n\
             {bars}{later}{undated}{untold}</div>\n"
        )
    }

    fn year(&self, payer: &Payer, year: Fall) -> String {
        let unit = money(self.material);
        let [firm, most] = payer.sum(year);
        let name = &self.material.subject.model.party(payer.party).name;
        let row = self.revenue.row(name, year);
        let revenue = row
            .filter(|row| row.is_whole())
            .and_then(|row| Some((row.amount("revenue")?, row.words("revenue"))));
        let words = firm_and_most(&firm, &most, unit);
        let share = revenue.as_ref().filter(|(amount, _)| 0.0 < *amount && 0.0 < known(&most));
        let beside = share.map_or(String::new(), |(_, words)| format!(", of {words} revenue"));
        let label = match row.and_then(Row::period) {
            Some(period) if row.is_some_and(Row::is_whole) => period.words(),
            _ => year.label(),
        };
        let tick = share.map(|(amount, words)| (amount / self.longest, format!("revenue {words}")));
        let tick = tick.filter(|(share, _)| *share <= 1.0);
        let words = escaped(&format!("{words}{beside}"));
        let line = line(&Line { segments: self.segments(payer, year), tick, words });
        format!(
            "<div class=\"row years\"><div class=\"who\">{label}</div>\
             <div class=\"bars apart\">{line}</div></div>\n"
        )
    }

    /// One part a payee, those without a colour of their own together.
    fn segments(&self, payer: &Payer, year: Fall) -> Vec<Segment> {
        let mut all = Vec::new();
        let mut others = BTreeMap::new();
        for (at, (payee, years)) in payer.payees.iter().enumerate() {
            let Some(amounts) = years.get(&year) else { continue };
            if at < COLOURS {
                let title = self.material.subject.title(*payee);
                all.extend(self.of_payee(&format!("s{}", at + 1), &title, amounts));
            } else {
                add(&mut others, year, amounts);
            }
        }
        if let Some(amounts) = others.get(&year) {
            all.extend(self.of_payee("s0", "others", amounts));
        }
        all
    }

    fn of_payee(&self, class: &str, title: &str, [firm, most]: &Amounts) -> Vec<Segment> {
        let mut parts = segments(class, firm, most, self.longest);
        parts.retain(|part| part.class != "zero");
        let words = firm_and_most(firm, most, money(self.material));
        for part in &mut parts {
            part.title = format!("{title}: {words}");
        }
        parts
    }

    /// What falls due after the years that are shown.
    fn later(&self, payer: &Payer, dated: &[Fall]) -> String {
        let Some(first) = dated.get(YEARS) else { return String::new() };
        let later: Vec<Amounts> = dated[YEARS..].iter().map(|year| payer.sum(*year)).collect();
        let [firm, most] = sum(later.iter());
        let words = escaped(&firm_and_most(&firm, &most, money(self.material)));
        format!("<p class=\"note\">From {} on: {words}.</p>\n", first.label())
    }

    /// The year in which payments are the largest share of revenue.
    fn worst(&self, payer: &Payer, dated: &[Fall]) -> String {
        let name = &self.material.subject.model.party(payer.party).name;
        let share = |year: &Fall| {
            let row = self.revenue.row(name, *year).filter(|row| row.is_whole())?;
            let revenue = row.value("revenue")?;
            revenue.amount().filter(|amount| amount.is_finite() && 0.0 < *amount)?;
            let [firm, _] = payer.sum(*year);
            let share = firm.divide(revenue);
            Some((
                row.period()?.words(),
                share.amount().filter(|share| share.is_finite() && 0.0 < *share)?,
                share,
            ))
        };
        let mut worst: Option<(String, f64, Value)> = None;
        for year in dated.iter().filter_map(share) {
            if worst.as_ref().is_none_or(|(_, most, _)| *most < year.1) {
                worst = Some(year);
            }
        }
        worst.map_or(String::new(), |(year, _, share)| {
            let words = inline(&share, keiretsu_values::Unit::Share);
            format!(
                "<p class=\"sub\">Firm payments are {words} of revenue in {year}, the most of any year.</p>\n"
            )
        })
    }
}

impl Row<'_> {
    /// The stretch of time that the row is about.
    fn period(self) -> Option<Period> {
        match self.table.rows[self.at][self.table.column("time")?] {
            Cell::Period(period) => Some(period),
            _ => None,
        }
    }

    /// Whether the row is about all of its year that comes after as-of: the run may end before the year does.
    fn is_whole(self) -> bool {
        matches!(self.period(), Some(Period::Year { first, months, .. }) if first + months == 13)
    }
}

/// The years of which no amount is known.
fn untold_years(years: &[Fall]) -> String {
    let dated: Vec<String> =
        years.iter().filter(|year| **year != Fall::Undated).map(|year| year.label()).collect();
    let undated = (dated.len() < years.len()).then(|| "an undated amount".to_owned());
    let times = match &dated[..] {
        [] => None,
        [year] => Some(year.clone()),
        [first, .., last] => Some(format!("{} years from {first} to {last}", dated.len())),
    };
    let all: Vec<String> = times.into_iter().chain(undated).collect();
    if all.is_empty() {
        return String::new();
    }
    format!("<p class=\"note\">Nothing but unknown amounts: {}.</p>\n", all.join(", and "))
}

fn table(material: &Material<'_>, payers: &[Payer]) -> keiretsu_values::Table {
    let subject = &material.subject;
    let mut table = subject.table(&DUE);
    for payer in payers {
        for (payee, years) in &payer.payees {
            for (year, [firm, most]) in years {
                let amounts = [firm, most].map(|value| Cell::Value(value.clone()));
                let head = [subject.party(payer.party), subject.party(*payee), Cell::Text(year.label())];
                table.push(head.into_iter().chain(amounts).collect());
            }
        }
    }
    table
}
