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
/// The year of what nothing dates.
const UNDATED: i32 = i32::MAX;

/// Firm and headline amounts of a year.
type Amounts = [Value; 2];

/// Payers with what they owe by payee and year.
struct Payer {
    party: PartyRef,
    payees: Vec<(PartyRef, BTreeMap<i32, Amounts>)>,
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
    let more: Vec<String> =
        payers.iter().skip(PANELS).map(|payer| material.subject.title(payer.party)).collect();
    let more = match more.len() {
        0 => String::new(),
        _ => format!("<p class=\"note\">In the table only, with less: {}.</p>\n", escaped(&more.join(", "))),
    };
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

/// What is still to fall due by year.
fn dues(commitment: &Commitment) -> BTreeMap<i32, Amounts> {
    let mut dues: BTreeMap<i32, Amounts> = BTreeMap::new();
    let readings = [Reading::Firm, Reading::Headline];
    for due in commitment.dues.iter().filter(|due| !due.past) {
        add(&mut dues, due.on.year().into(), &readings.map(|reading| due.amounts[reading].clone()));
    }
    let undated = readings.map(|reading| commitment.undated(reading));
    if undated.iter().any(|value| !value.is_zero()) {
        add(&mut dues, UNDATED, &undated);
    }
    dues
}

fn add(years: &mut BTreeMap<i32, Amounts>, year: i32, amounts: &Amounts) {
    let sum = years.entry(year).or_insert_with(|| [Value::exact(0.0), Value::exact(0.0)]);
    for (sum, amount) in sum.iter_mut().zip(amounts) {
        *sum = sum.plus(amount);
    }
}

fn known(value: &Value) -> f64 {
    value.amount().filter(|amount| amount.is_finite()).unwrap_or(0.0).max(0.0)
}

impl Payer {
    fn add(&mut self, payee: PartyRef, dues: BTreeMap<i32, Amounts>) {
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

    fn years(&self) -> Vec<i32> {
        let mut years: Vec<i32> = self.payees.iter().flat_map(|(_, years)| years.keys().copied()).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// All that falls due in a year.
    fn sum(&self, year: i32) -> Amounts {
        let mut sums = BTreeMap::new();
        for amounts in self.payees.iter().filter_map(|(_, years)| years.get(&year)) {
            add(&mut sums, year, amounts);
        }
        sums.remove(&year).unwrap_or_else(|| [Value::exact(0.0), Value::exact(0.0)])
    }

    fn tallest(&self) -> f64 {
        self.years()
            .into_iter()
            .map(|year| self.sum(year).iter().map(known).fold(0.0, f64::max))
            .fold(0.0, f64::max)
    }
}

fn size(years: &BTreeMap<i32, Amounts>) -> f64 {
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

    fn row(&self, party: &str, year: i32) -> Option<Row<'t>> {
        let label = format!("{year:04}");
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
        let is_told =
            |year: &i32| payer.sum(*year).iter().any(|amount| amount.amount().is_some() && !amount.is_zero());
        let (told, untold): (Vec<i32>, Vec<i32>) = years.iter().partition(|year| is_told(year));
        let dated: Vec<i32> = told.iter().copied().filter(|year| *year != UNDATED).collect();
        let bars: String = dated.iter().take(YEARS).map(|year| self.year(payer, *year)).collect();
        let later = self.later(payer, &dated);
        let undated = if told.len() == dated.len() { String::new() } else { self.year(payer, UNDATED) };
        let untold = untold_years(&untold);
        let worst = self.worst(payer, &dated);
        format!(
            "<div>\n<h3>{title}</h3>\n{worst}<p class=\"key\">{names}{others}</p>\n\
             {bars}{later}{undated}{untold}</div>\n"
        )
    }

    fn year(&self, payer: &Payer, year: i32) -> String {
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
            _ if year == UNDATED => "undated".to_owned(),
            Some(period) if row.is_some_and(Row::is_whole) => period.words(),
            _ => format!("{year:04}"),
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
    fn segments(&self, payer: &Payer, year: i32) -> Vec<Segment> {
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
    fn later(&self, payer: &Payer, dated: &[i32]) -> String {
        let Some(first) = dated.get(YEARS) else { return String::new() };
        let mut sum = BTreeMap::new();
        dated[YEARS..].iter().for_each(|year| add(&mut sum, 0, &payer.sum(*year)));
        let Some([firm, most]) = sum.remove(&0) else { return String::new() };
        let words = escaped(&firm_and_most(&firm, &most, money(self.material)));
        format!("<p class=\"note\">From {first:04} on: {words}.</p>\n")
    }

    /// The year in which payments are the largest share of revenue.
    fn worst(&self, payer: &Payer, dated: &[i32]) -> String {
        let name = &self.material.subject.model.party(payer.party).name;
        let share = |year: &i32| {
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
        let worst = dated.iter().filter_map(share).max_by(|a, b| a.1.total_cmp(&b.1));
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
fn untold_years(years: &[i32]) -> String {
    let dated: Vec<String> =
        years.iter().filter(|year| **year != UNDATED).map(|year| format!("{year:04}")).collect();
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
                let year = if *year == UNDATED { "undated".to_owned() } else { format!("{year:04}") };
                let amounts = [firm, most].map(|value| Cell::Value(value.clone()));
                let head = [subject.party(payer.party), subject.party(*payee), Cell::Text(year)];
                table.push(head.into_iter().chain(amounts).collect());
            }
        }
    }
    table
}
