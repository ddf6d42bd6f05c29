//! What neutrality says first: how many models on platforms belong to friends, and that only logs can tell.

use keiretsu_values::{Finding, Table};

use super::offers::OFFERS;
use crate::telling::{Noun, Picked, counted};

const MODEL: Noun = ("model", "models");

pub(super) fn of(tables: &[Table]) -> Vec<Finding> {
    let offers = Picked::of(tables, OFFERS.name);
    if offers.is_empty() {
        return vec![Finding::text("No platform offers the models of parties.")];
    }
    let affiliated = offers.with("affiliated", "yes");
    let partners = affiliated.that(|row| row.word("through") != "its own");
    let all = counted(offers.len(), MODEL);
    let told = match partners.first() {
        Some(row) => row.say(&format!(
            "Of {all} on platforms {} are the operator's own or its partners': {{operator}} offers \
             {{model}} of \
             {{maker}} ({{through}}).",
            affiliated.len()
        )),
        None => Finding::text(format!(
            "Of {all} on platforms none is of a party that the operator has a \
                                       part of."
        )),
    };
    let log = "Whether such models are chosen more often cannot be told from contracts: only a platform's \
               log says.";
    vec![told, Finding::text(log)]
}
