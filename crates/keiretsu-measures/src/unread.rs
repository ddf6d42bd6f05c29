//! Turns what a run could not read, other than flows, into words for the foot of a table.
//!
//! Invariant: one sentence for each thing, with the name it has in the model.

use keiretsu_model::{ContractRef, PartyRef};
use keiretsu_program::{ClaimId, CoverId, CreditsId, Unread};

use crate::Subject;

/// The note on numbers that were unknown when read, and the value taken for each.
pub fn words(subject: &Subject<'_>, unread: &Unread) -> String {
    let side = subject.side;
    let name = |contract: Option<&ContractRef>| {
        let contract = contract.and_then(|contract| subject.model.contract(*contract));
        contract.map_or_else(|| "a contract".to_owned(), |contract| contract.name.clone())
    };
    match *unread {
        Unread::Grant(CreditsId(at)) => {
            let name = name(side.credits.get(at as usize));
            format!("{name}: its grant is unknown and counts as nothing")
        }
        Unread::Claim(ClaimId(at)) => {
            let name = name(side.claims.get(at as usize));
            format!("{name}: its claim on the estate is unknown and gets nothing")
        }
        Unread::Cover(CoverId(at)) => {
            let name = name(side.covers.get(at as usize));
            format!("{name}: its share, limit or cushion, or what it covers, is unknown; nothing is called")
        }
        Unread::Recovery(party) => {
            let title = subject.title(PartyRef(party.0));
            format!("{title}: what its estate brings beside cash is unknown and counts as nothing")
        }
    }
}

#[cfg(test)]
mod tests {
    use keiretsu_contracts::side::SideTable;
    use keiretsu_model::{MemoryFiles, Options, open};
    use keiretsu_program::{Builder, Month, PartyId};

    use super::*;

    #[test]
    fn each_has_its_name() {
        let text = "keiretsu = 1\nas_of = 2025-12-31\nhorizon = \"1 year\"\n[parties.lab]\nname = \"Lab\"\n";
        let opened = open(&MemoryFiles::root(text), "keiretsu.toml", &Options::new(&[]));
        let program = Builder::new(Month::new(2025, 12), 12).finish();
        let side = SideTable::default();
        let subject = Subject { model: &opened.model, program: &program, side: &side };
        let lab = (0..opened.model.parties.len()).find(|at| opened.model.parties[*at].name == "lab");
        let party = PartyId(lab.expect("it is there") as u32);
        let said = words(&subject, &Unread::Recovery(party));
        assert_eq!(said, "Lab: what its estate brings beside cash is unknown and counts as nothing");
        assert!(words(&subject, &Unread::Claim(ClaimId(7))).starts_with("a contract: "));
    }
}
