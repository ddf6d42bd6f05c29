//! The web: in columns by role, as a matrix, and as a list for narrow screens.

use keiretsu_measures::{Subject, role};
use keiretsu_model::PartyRef;
use keiretsu_values::Value;
use keiretsu_views::amount::inline;
use keiretsu_views::chart::{self, Family, Line, Seat, Tie, TieWeb, line};
use keiretsu_views::html::{escaped, linked};

use super::anchors::Anchors;
use super::pairs::segments;
use super::ties::{self, Owed};
use super::{Material, Part, counted, money, with_table};
use crate::AskError;

/// Above so many lines the drawing has the largest alone, and the matrix stands open.
const MOST: usize = 80;
const DRAWN: usize = 60;
/// How many ties the list shows at once.
const LISTED: usize = 40;
/// The roles of each column, in groups from the top, with the words over them.
const COLUMNS: [&[(&str, &str)]; 7] = [
    &[("investor", "investors"), ("lender of these", "their lenders")],
    &[("lab", "labs"), ("customer", "customers")],
    &[("cloud", "clouds and platforms")],
    &[("neocloud", "neoclouds"), ("chips", "chips")],
    &[("site", "sites and vehicles"), ("other", "others")],
    &[("supplier", "suppliers")],
    &[("lender", "lenders")],
];
const INVESTORS: usize = 0;
const LENDERS: usize = 6;
/// Where a lender to those who stand left of this stands: with the investors.
const THEIR_LENDERS: (usize, usize) = (INVESTORS, 1);
const LEFT: f64 = 1.5;

/// Lines for what is owed between parties, and for stakes; `outside` is not drawn.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let ties = &material.ties;
    if ties.is_empty() {
        return Ok(None);
    }
    let shown = if ties.len() <= MOST { ties.len() } else { DRAWN };
    let drawing = web(material, &ties[..shown]);
    let whole = web(material, ties);
    let open = if shown < ties.len() { " open" } else { "" };
    let body = format!(
        "{}<figure class=\"broad\">\n{}</figure>\n<p class=\"note broad\">{}</p>\n\
         <details class=\"broad\"{open}><summary>The same as a matrix: rows pay, columns are paid, a yellow \
         ground where money goes both ways</summary>\n\
         <figure class=\"wide\" tabindex=\"0\" role=\"region\" \
         aria-label=\"The web as a matrix\">\n{}</figure>\n</details>\n\
         <div class=\"narrow\">\n{}</div>\n",
        key(),
        chart::columns(&drawing),
        escaped(&left_out(material, shown)),
        chart::matrix(&whole),
        list(material),
    );
    let unknown = ties.iter().filter(|tie| tie.size() == 0.0).count();
    let lead = format!(
        "{} and {}; of {unknown} no amount is disclosed or fixed. Lines run with the money, from the payer \
         to the arrow; their width grows with the root of the amount, dark as far as it is firm.",
        counted(whole.seats.len(), ("party", "parties")),
        counted(ties.len(), ("tie", "ties")),
    );
    let body = with_table(&body, &linked(&ties::table(&material.subject, ties), &material.anchors));
    Ok(Some(Part { id: "web", title: "The web", lead, body }))
}

/// The lines of the drawing, and what they mean.
fn key() -> String {
    let sample = |paths: &[(&str, &str)], words: &str| {
        let path = |(class, width): &(&str, &str)| {
            format!("<path class=\"tie {class}\" stroke-width=\"{width}\" d=\"M0 6H34\"/>")
        };
        let paths: String = paths.iter().map(path).collect();
        format!("<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">{paths}</svg>{words}</span>")
    };
    let samples = [
        sample(&[("cap", "4")], "capital"),
        sample(&[("svc", "4")], "purchases and rent"),
        sample(&[("gua", "3")], "guarantees"),
        sample(&[("svc pale-line", "7"), ("svc dash", "1.6")], "nothing firm"),
        sample(&[("cap unsaid", "1.4")], "amount unknown, or a stake alone"),
    ];
    format!("<p class=\"key\">{}</p>\n", samples.concat())
}

/// What the drawing leaves out.
fn left_out(material: &Material<'_>, shown: usize) -> String {
    let hidden = material.ties.len() - shown;
    if hidden == 0 {
        let words = "Payments to and from outside the web are not drawn, and what repays a loan is the loan.";
        return words.to_owned();
    }
    let least = Value::exact(material.ties[shown - 1].size());
    format!(
        "{} under {} or of unknown amount are not drawn here; the matrix has them all.",
        counted(hidden, ("line", "lines")),
        inline(&least, money(material))
    )
}

/// Parties and lines as the drawings need them.
fn web(material: &Material<'_>, ties: &[Owed]) -> TieWeb {
    let subject = &material.subject;
    let mut parties: Vec<PartyRef> = ties.iter().flat_map(|tie| [tie.from, tie.to]).collect();
    parties.sort_unstable();
    parties.dedup();
    let columns = Columns::of(subject, &parties, ties);
    let seat = |party: PartyRef| parties.binary_search(&party).unwrap_or(0);
    let seats = parties.iter().zip(&columns.places).map(|(party, (column, group))| Seat {
        title: subject.title(*party),
        link: material.anchors.party(&subject.model.party(*party).name).unwrap_or_default(),
        column: *column,
        group: *group,
        totals: totals(material, *party),
    });
    let drawn = |tie: &Owed| Tie {
        from: seat(tie.from),
        to: seat(tie.to),
        family: tie.family,
        firm: tie.amount(0),
        headline: tie.amount(1),
        words: tie.words(money(material)),
    };
    TieWeb {
        label: "The parties and what ties them".to_owned(),
        heads: columns.heads,
        seats: seats.collect(),
        ties: ties.iter().map(drawn).collect(),
    }
}

/// Where each party stands.
struct Columns {
    heads: Vec<String>,
    places: Vec<(usize, usize)>,
}

impl Columns {
    fn of(subject: &Subject<'_>, parties: &[PartyRef], ties: &[Owed]) -> Self {
        let place = |party: &PartyRef| {
            let owns = || ties.iter().any(|tie| tie.from == *party && tie.family == Family::Capital);
            let role = match role(subject, *party) {
                "other" if owns() => "investor",
                role => role,
            };
            let group = |roles: &[(&str, &str)]| roles.iter().position(|(known, _)| *known == role);
            let mut columns = COLUMNS.iter().enumerate();
            columns.find_map(|(at, roles)| Some((at, group(roles)?))).unwrap_or((INVESTORS, 0))
        };
        let mut places: Vec<(usize, usize)> = parties.iter().map(place).collect();
        for (at, party) in parties.iter().enumerate() {
            if places[at].0 == LENDERS && near(*party, parties, ties, &places).is_some_and(|mean| mean < LEFT)
            {
                places[at] = THEIR_LENDERS;
            }
        }
        let used: Vec<usize> =
            (0..COLUMNS.len()).filter(|column| places.iter().any(|(at, _)| at == column)).collect();
        let heads = used.iter().map(|column| head(*column, &places)).collect();
        for (column, _) in &mut places {
            *column = used.iter().position(|used| used == column).unwrap_or(0);
        }
        Self { heads, places }
    }
}

/// The words for those who stand in a column, from the top: "Neoclouds, then chips".
fn head(column: usize, places: &[(usize, usize)]) -> String {
    let groups = COLUMNS[column].iter().enumerate();
    let there = groups.filter(|(group, _)| places.contains(&(column, *group))).map(|(_, (_, words))| *words);
    let mut words = there.collect::<Vec<_>>().join(", then ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// The mean column of those whom a lender funds.
fn near(party: PartyRef, parties: &[PartyRef], ties: &[Owed], places: &[(usize, usize)]) -> Option<f64> {
    let funded = ties.iter().filter(|tie| tie.from == party && tie.family == Family::Capital);
    let columns: Vec<f64> =
        funded.filter_map(|tie| parties.binary_search(&tie.to).ok()).map(|at| places[at].0 as f64).collect();
    (!columns.is_empty()).then(|| columns.iter().sum::<f64>() / columns.len() as f64)
}

/// What a party gets and pays in the web, in the headline reading.
fn totals(material: &Material<'_>, party: PartyRef) -> Vec<String> {
    let sum = |is_mine: &dyn Fn(&Owed) -> bool| {
        let mine = material.ties.iter().filter(|tie| tie.family != Family::Guarantee && is_mine(tie));
        let amounts = mine.filter_map(|tie| tie.amounts.as_ref().map(|amounts| &amounts[1]));
        amounts.fold(None, |sum: Option<Value>, amount| {
            Some(sum.map_or_else(|| amount.clone(), |sum| sum.plus(amount)))
        })
    };
    let line = |verb: &str, sum: Option<Value>| Some(format!("{verb} {}", inline(&sum?, money(material))));
    let gets = line("gets", sum(&|tie| tie.to == party));
    let pays = line("pays", sum(&|tie| tie.from == party));
    gets.into_iter().chain(pays).collect()
}

/// The largest ties as a list that a phone can show.
fn list(material: &Material<'_>) -> String {
    let subject = &material.subject;
    let longest = material.ties.first().map_or(0.0, Owed::size);
    let item = |tie: &Owed| {
        let names = [tie.from, tie.to].map(|party| subject.model.party(party).name.clone());
        let target = material.anchors.tie(&names[0], &names[1]);
        let [from, to] = [tie.from, tie.to].map(|party| escaped(&subject.title(party)));
        let segments = match &tie.amounts {
            Some([firm, most]) if 0.0 < longest => segments(tie.family.class(), firm, most, longest),
            _ => vec![],
        };
        let bar = line(&Line { segments, tick: None, words: String::new() });
        let words = Anchors::linked(&tie.words(money(material)), target.as_deref());
        let arrow = format!("{from} → {to}, {}", ties::word(tie.family));
        format!("<li><span class=\"amount\">{words}</span>{arrow}<div class=\"bars\">{bar}</div></li>\n")
    };
    let items: String = material.ties.iter().take(LISTED).map(item).collect();
    let more = match material.ties.len().saturating_sub(LISTED) {
        0 => String::new(),
        more => format!("<p class=\"note\">{more} smaller or of unknown amount are in the table.</p>\n"),
    };
    format!("<ul class=\"ties\">\n{items}</ul>\n{more}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_role_of_the_language_has_a_column() {
        for role in keiretsu_model::ROLES {
            let columns = super::COLUMNS.iter().flat_map(|roles| roles.iter());
            assert_eq!(columns.filter(|(known, _)| known == role).count(), 1, "{role}");
        }
    }

    #[test]
    fn a_column_is_named_for_those_who_stand_in_it() {
        assert_eq!(super::head(3, &[(3, 1), (3, 0), (0, 0)]), "Neoclouds, then chips");
        assert_eq!(super::head(3, &[(3, 1)]), "Chips");
    }
}
