//! The deal web: who is tied to whom, by what, and how firmly.

use keiretsu_model::side::Commitment;
use keiretsu_model::{PartyRef, Standing};
use keiretsu_values::{Unit, Value};
use keiretsu_views::amount::inline;
use keiretsu_views::chart::{self, Link, LinkKind};

use super::{Material, Part};
use crate::RunTrouble;

/// Lines for contracts and holdings between parties; `outside` is not drawn.
pub(crate) fn part(material: &Material<'_>) -> Result<Option<Part>, RunTrouble> {
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
        "{} parties, {} lines; of {unknown} no amount is disclosed or fixed. Arrows run with the money; the largest \
         have their headline amounts beside them, and each says what it is when pointed at.",
        names.len(),
        links.len()
    );
    Ok(Some(Part { id: "web", title: "The web", lead, body }))
}

const LEGEND: &str = "<p class=\"legend\">\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\"><path class=\"stock\" stroke-width=\"2\" d=\"M0 6H34\"/>\
</svg>capital and holdings (stock)</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\"><path class=\"flow\" stroke-width=\"2\" d=\"M0 6H34\"/>\
</svg>service, building, rent (flow)</span>\
<span><svg viewBox=\"0 0 34 12\" aria-hidden=\"true\"><path class=\"flow dashed\" stroke-width=\"2\" \
d=\"M0 6H34\"/></svg>conditional or announced</span></p>\n";

/// The parties that have lines, and the lines.
fn links(material: &Material<'_>) -> (Vec<PartyRef>, Vec<Link>) {
    let subject = &material.subject;
    let model = subject.model;
    let mut parties: Vec<PartyRef> = Vec::new();
    let mut links = Vec::new();
    let mut seat = |party: PartyRef| {
        let group = model.group(party);
        let known = parties.iter().position(|known| *known == group);
        known.unwrap_or_else(|| {
            parties.push(group);
            parties.len() - 1
        })
    };
    let inside = |a: PartyRef, b: PartyRef| {
        a != PartyRef::OUTSIDE && b != PartyRef::OUTSIDE && model.group(a) != model.group(b)
    };
    for commitment in subject.side.commitments.iter().filter(|commitment| is_shown(commitment)) {
        if inside(commitment.from, commitment.to) {
            let value = commitment.amount(2);
            links.push(Link {
                from: seat(commitment.from),
                to: seat(commitment.to),
                kind: if commitment.is_capital() { LinkKind::Stock } else { LinkKind::Flow },
                dashed: matches!(commitment.standing, Standing::Conditional | Standing::Announced),
                amount: value.amount(),
                words: inline(&value, Unit::Money(model.currency)),
                name: subject.name(commitment),
            });
        }
    }
    // Contracts that promise no amount tie parties all the same.
    for (reference, contract) in model.known_contracts() {
        let worded = subject.side.commitments.iter().any(|commitment| commitment.contract == reference);
        let (Some(from), Some(to)) = (contract.obligor, contract.obligee) else { continue };
        let over = matches!(contract.standing, Some(Standing::Lapsed | Standing::Terminated));
        let over = over || contract.superseded_by.is_some();
        if worded || over || contract.spec.keyword == "right" || !inside(from, to) {
            continue;
        }
        links.push(Link {
            from: seat(from),
            to: seat(to),
            kind: LinkKind::Flow,
            dashed: matches!(contract.standing, Some(Standing::Conditional | Standing::Announced)),
            amount: None,
            words: "as used".to_owned(),
            name: contract.name.clone(),
        });
    }
    let bought = |owner, issuer| links_between(subject.side.commitments.as_slice(), model, owner, issuer);
    for holding in model.holdings.iter().filter(|holding| inside(holding.owner, holding.issuer)) {
        // A stake that its contracts show needs no second line.
        if bought(holding.owner, holding.issuer) {
            continue;
        }
        let stake = holding.record.figure("stake").map(|stated| model.readings(stated)[2].clone());
        let value = holding.record.figure("value").map(|stated| model.readings(stated)[2].clone());
        let words = match (&stake, &value) {
            (Some(stake), _) => inline(stake, Unit::Share),
            (None, Some(value)) => inline(value, Unit::Money(model.currency)),
            (None, None) => inline(&Value::unknown("undisclosed"), Unit::Share),
        };
        links.push(Link {
            from: seat(holding.owner),
            to: seat(holding.issuer),
            kind: LinkKind::Stock,
            dashed: false,
            amount: value.and_then(|value| value.amount()),
            words,
            name: holding.name.clone(),
        });
    }
    (parties, links)
}

fn links_between(
    commitments: &[Commitment],
    model: &keiretsu_model::Model,
    owner: PartyRef,
    issuer: PartyRef,
) -> bool {
    let (owner, issuer) = (model.group(owner), model.group(issuer));
    commitments.iter().any(|commitment| {
        commitment.is_capital()
            && model.group(commitment.from) == owner
            && model.group(commitment.to) == issuer
    })
}

/// What is over is not drawn, and a slice not beside its whole.
fn is_shown(commitment: &Commitment) -> bool {
    !commitment.slice && !matches!(commitment.standing, Standing::Lapsed | Standing::Terminated)
}
