//! The role of a party in a web: as stated, else by its kind, else by what its contracts have it do. Layouts
//! order parties by it; no number rests on it.

use keiretsu_contracts::side::{Commitment, Purpose};
use keiretsu_model::{PartyRef, ROLES};
use keiretsu_values::Tag;

use crate::Subject;

/// The role of a party, one word of [`ROLES`].
pub fn role(subject: &Subject<'_>, party: PartyRef) -> &'static str {
    let this = subject.model.party(party);
    let stated = this.record.text("role").and_then(|stated| ROLES.iter().find(|role| **role == stated));
    let of_kind = this.kind.as_deref().and_then(by_kind);
    match (stated.copied().or(of_kind), this.part_of) {
        (Some(role), _) => role,
        (None, Some(whole)) => role(subject, whole),
        (None, None) => by_deeds(subject, party),
    }
}

/// The words of a kind that tell a role, the surer ones first.
const WORDS: [(&str, &[&str]); 9] = [
    ("neocloud", &["neocloud", "neoclouds"]),
    ("cloud", &["cloud", "clouds", "hyperscaler", "platform"]),
    ("lab", &["lab", "labs"]),
    ("chips", &["chip", "chips", "server", "servers", "semiconductor", "semiconductors"]),
    ("site", &["landlord", "landlords", "site", "sites", "miner", "developer", "vehicle"]),
    ("lender", &["lender", "lenders", "bank", "banks", "credit", "bondholders"]),
    ("investor", &["investor", "investors", "fund", "foundation", "sponsor"]),
    ("customer", &["customer", "customers", "tenant", "tenants", "user", "offtaker"]),
    ("supplier", &["supplier", "suppliers", "utility", "producer", "contractor", "maker", "manufacturer"]),
];

fn by_kind(kind: &str) -> Option<&'static str> {
    let kind = kind.to_lowercase();
    let words: Vec<&str> = kind.split(|letter: char| !letter.is_alphanumeric()).collect();
    let tells = |(_, told): &&(&str, &[&str])| told.iter().any(|word| words.contains(word));
    WORDS.iter().find(tells).map(|(role, _)| *role)
}

/// What a party gets and pays under its contracts, the surest sign first.
fn by_deeds(subject: &Subject<'_>, party: PartyRef) -> &'static str {
    let deeds = Deeds { subject, party };
    if deeds.gets(Tag::Capex) || deeds.gets(Tag::Service) {
        "supplier"
    } else if deeds.gets(Tag::Rent) {
        "site"
    } else if deeds.pays(Tag::Service) || deeds.pays(Tag::Rent) {
        "customer"
    } else if deeds.lends() {
        "lender"
    } else if deeds.pays(Tag::Equity) {
        "investor"
    } else {
        "other"
    }
}

/// The commitments of a party.
struct Deeds<'a> {
    subject: &'a Subject<'a>,
    party: PartyRef,
}

impl Deeds<'_> {
    fn of(&self, tag: Tag) -> impl Iterator<Item = &Commitment> {
        let all = self.subject.side.commitments.iter();
        all.filter(move |commitment| commitment.purpose == Purpose::Flow(tag))
    }

    fn gets(&self, tag: Tag) -> bool {
        self.of(tag).any(|commitment| commitment.to == self.party)
    }

    fn pays(&self, tag: Tag) -> bool {
        self.of(tag).any(|commitment| commitment.from == self.party)
    }

    /// Whether it owes principal as the obligor of the contract: as its lender, not its borrower.
    fn lends(&self) -> bool {
        let is_obligor = |commitment: &Commitment| {
            let contract = self.subject.model.contract(commitment.contract);
            contract.is_some_and(|contract| contract.obligor == Some(self.party))
        };
        self.of(Tag::Principal).any(|commitment| commitment.from == self.party && is_obligor(commitment))
    }
}

#[cfg(test)]
mod tests {
    use super::by_kind;

    #[test]
    fn a_kind_tells_a_role_by_its_words() {
        assert_eq!(by_kind("chip maker"), Some("chips"));
        assert_eq!(by_kind("Neocloud"), Some("neocloud"));
        assert_eq!(by_kind("equipment maker"), Some("supplier"));
        assert_eq!(by_kind("label"), None);
        assert_eq!(by_kind("aggregate"), None);
    }
}
