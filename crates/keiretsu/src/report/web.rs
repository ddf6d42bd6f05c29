//! The deal web: ties between parties, their kind and standing.

use keiretsu_measures::Subject;
use keiretsu_model::{Holding, PartyRef, Standing};
use keiretsu_values::{Reading, Unit, Value};
use keiretsu_views::amount::{inline, proved};
use keiretsu_views::chart::{self, Link, LinkKind};

use super::{Material, Part};
use crate::AskError;

/// Lines for contracts and holdings between parties; `outside` is not drawn.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, AskError> {
    let (parties, links) = links(material);
    if links.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = parties.iter().map(|party| material.subject.title(*party)).collect();
    let label = "The parties and the contracts and holdings between them";
    let body = format!(
        "{LEGEND}<figure class=\"broad\">\n{}</figure>\n<figure class=\"narrow\">\n{}</figure>\n\
         <p class=\"note\">The table is the next part: all contracts and holdings.</p>\n",
        chart::web(label, &names, &links),
        chart::arcs(label, &names, &links)
    );
    let unknown = links.iter().filter(|link| link.amount.is_none()).count();
    let lead = format!(
        "{} parties, {} lines; of {unknown} no amount is disclosed or fixed. Arrows run with the money; the \
         largest have their headline amounts beside them, and each says what it is when pointed at.",
        names.len(),
        links.len()
    );
    Ok(Some(Part { id: "web", title: "The web", lead, body }))
}

const LEGEND: &str = "<p class=\"legend\">\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">\
<path class=\"stock\" stroke-width=\"2\" d=\"M0 6H34\"/></svg>capital and holdings (stock)</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\">\
<path class=\"flow\" stroke-width=\"2\" d=\"M0 6H34\"/></svg>service, building, rent (flow)</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\"><path class=\"flow dashed\" stroke-width=\"2\" \
d=\"M0 6H34\"/></svg>conditional or announced</span></p>\n";

/// The parties that have lines, and the lines.
fn links(material: &Material<'_>) -> (Vec<PartyRef>, Vec<Link>) {
    let mut web = Web { subject: &material.subject, parties: vec![], links: vec![] };
    web.promised();
    web.as_used();
    web.held();
    (web.parties, web.links)
}

/// The web as far as it is drawn.
struct Web<'a> {
    subject: &'a Subject<'a>,
    parties: Vec<PartyRef>,
    links: Vec<Link>,
}

impl Web<'_> {
    fn seat(&mut self, party: PartyRef) -> usize {
        let group = self.subject.model.group(party);
        let known = self.parties.iter().position(|known| *known == group);
        known.unwrap_or_else(|| {
            self.parties.push(group);
            self.parties.len() - 1
        })
    }

    /// Whether a line would run between two parties of the web.
    fn is_inside(&self, a: PartyRef, b: PartyRef) -> bool {
        let model = self.subject.model;
        a != PartyRef::OUTSIDE && b != PartyRef::OUTSIDE && model.group(a) != model.group(b)
    }

    /// The promised amount. Ended contracts are not drawn, and neither is a slice of a drawn whole.
    fn promised(&mut self) {
        let subject = self.subject;
        for commitment in &subject.side.by_party {
            let over = matches!(commitment.standing, Standing::Lapsed | Standing::Terminated);
            if over || !self.is_inside(commitment.from, commitment.to) {
                continue;
            }
            let value = commitment.amount(Reading::Headline);
            let (from, to) = (self.seat(commitment.from), self.seat(commitment.to));
            self.links.push(Link {
                from,
                to,
                kind: if commitment.is_capital() { LinkKind::Stock } else { LinkKind::Flow },
                dashed: is_open(commitment.standing),
                amount: value.amount(),
                words: proved(&value, Unit::Money(subject.model.currency)),
                name: subject.name(commitment),
            });
        }
    }

    /// Contracts that promise no amount tie parties all the same.
    fn as_used(&mut self) {
        let subject = self.subject;
        for (reference, contract) in subject.model.known_contracts() {
            let (Some(from), Some(to)) = (contract.obligor, contract.obligee) else { continue };
            let promised = subject.side.commitments.iter().any(|promised| promised.contract == reference);
            let over = matches!(contract.standing, Some(Standing::Lapsed | Standing::Terminated));
            let over = over || contract.superseded_by.is_some();
            if promised || over || contract.spec.keyword == "right" || !self.is_inside(from, to) {
                continue;
            }
            let (from, to) = (self.seat(from), self.seat(to));
            self.links.push(Link {
                from,
                to,
                kind: LinkKind::Flow,
                dashed: contract.standing.is_some_and(is_open),
                amount: None,
                words: "as used".to_owned(),
                name: contract.name.clone(),
            });
        }
    }

    /// Stakes that no contract of capital shows.
    fn held(&mut self) {
        let model = self.subject.model;
        for holding in &model.holdings {
            if !self.is_inside(holding.owner, holding.issuer) || self.is_bought(holding) {
                continue;
            }
            let reading = |term| holding.record.figure(term).map(|stated| model.readings(stated)[2].clone());
            let (stake, value) = (reading("stake"), reading("value"));
            let words = match (&stake, &value) {
                (Some(stake), _) => proved(stake, Unit::Share),
                (None, Some(value)) => proved(value, Unit::Money(model.currency)),
                (None, None) => inline(&Value::unknown("undisclosed"), Unit::Share),
            };
            let (from, to) = (self.seat(holding.owner), self.seat(holding.issuer));
            self.links.push(Link {
                from,
                to,
                kind: LinkKind::Stock,
                dashed: false,
                amount: value.and_then(|value| value.amount()),
                words,
                name: holding.name.clone(),
            });
        }
    }

    fn is_bought(&self, holding: &Holding) -> bool {
        let model = self.subject.model;
        let (owner, issuer) = (model.group(holding.owner), model.group(holding.issuer));
        let mut capital = self.subject.side.commitments.iter().filter(|commitment| commitment.is_capital());
        capital.any(|capital| model.group(capital.from) == owner && model.group(capital.to) == issuer)
    }
}

fn is_open(standing: Standing) -> bool {
    matches!(standing, Standing::Conditional | Standing::Announced)
}
