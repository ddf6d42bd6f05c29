//! Parties, debts and holdings of a user's data to a network that can be cleared or valued.
//!
//! Rank 1 is paid first. Debts without rank are all equal, at rank 1. Outside debt has its own rank, which
//! must be given: whether it comes before, with or after debts within the network decides the payments.

use keiretsu_methods::clearing::{Debt, Holding, OUTSIDE};
use keiretsu_views::grid::rows::Heading;

use crate::Request;
use crate::faults::{DataFault, Faults};
use crate::names::Names;
use crate::record::{JsonObject, NumberRange};
use crate::rows::{CsvFile, CsvRow};
use crate::source::InputFile;
use crate::tree::JsonTree;

/// Keys of a party in JSON.
pub const PARTY: [&str; 4] = ["id", "assets", "outside_debt", "outside_rank"];
/// The rank of debts that have none.
pub const RANK: u32 = 1;

/// A network as given.
#[derive(Debug, Default)]
pub struct NetworkInput {
    /// Parties.
    pub names: Names,
    /// Assets of each party, without its claims on the others.
    pub assets: Vec<f64>,
    /// Outside debt of each party, with its rank.
    pub outside: Vec<(f64, u32)>,
    /// Debts within the network.
    pub debts: Vec<Debt>,
    /// Shares of each other.
    pub holdings: Vec<Holding>,
    ranked: usize,
    /// Some debts have a rank and some have none; the fault has been reported.
    mixed: bool,
}

impl NetworkInput {
    /// All debts, those owed outside after the others.
    pub fn all_debts(&self) -> Vec<Debt> {
        let mut debts = self.debts.clone();
        for (debtor, (amount, rank)) in self.outside.iter().enumerate().filter(|(_, debt)| 0.0 < debt.0) {
            debts.push(Debt { debtor: debtor as u32, creditor: OUTSIDE, rank: *rank, amount: *amount });
        }
        debts
    }

    /// Adds the parties of a JSON file; `more`: further keys, and their reader.
    pub fn parties<'a>(
        &mut self,
        root: &JsonObject<'a>,
        more: &[&str],
        faults: &'a Faults,
        mut also: impl FnMut(&JsonObject<'a>),
    ) {
        let known = [&PARTY, more].concat();
        for record in root.need_records("parties", &known) {
            self.names.add(&record.need_name("id"), faults, || record.place_of("id"));
            self.assets.push(assets(record.number("assets", NumberRange::Any), faults, || {
                record.place_of("assets")
            }));
            if !record.has("assets") {
                record.need("assets", NumberRange::Amount);
            }
            let debt = record.number("outside_debt", NumberRange::Amount);
            let rank = record.whole("outside_rank");
            let rank_given = record.has("outside_rank");
            self.outside.push(outside(debt, rank, rank_given, faults, || record.place_of("outside_rank")));
            also(&record);
        }
    }

    /// Adds the debts and holdings of a JSON file.
    pub fn claims(&mut self, root: &JsonObject<'_>, faults: &Faults) {
        for record in root.need_records("debts", &["from", "to", "amount", "rank"]) {
            let place = |key: &str| record.place_of(key);
            let debtor = self.names.find(&record.need_name("from"), "party", faults, || place("from"));
            let creditor = self.names.find(&record.need_name("to"), "party", faults, || place("to"));
            let amount = record.need("amount", NumberRange::Amount);
            let ends = (record.has("from") && record.has("to")).then_some((debtor, creditor));
            let rank = record.has("rank").then(|| record.whole("rank").unwrap_or(RANK));
            self.debt(ends, amount, rank, faults, || record.place().to_owned());
        }
        for record in root.records("holdings", &["owner", "issuer", "share"]) {
            let place = |key: &str| record.place_of(key);
            let holder = self.names.find(&record.need_name("owner"), "party", faults, || place("owner"));
            let issuer = self.names.find(&record.need_name("issuer"), "party", faults, || place("issuer"));
            let share = record.need("share", NumberRange::Fraction);
            if holder == issuer && record.has("owner") && record.has("issuer") {
                record.fault("issuer", "a party cannot hold a share of itself", "leave it out");
            }
            self.holdings.push(Holding { holder, issuer, share });
        }
        self.check_holdings(faults);
    }

    /// Adds a debt. Where a debt has a rank and others have none, that is a fault.
    fn debt(
        &mut self,
        ends: Option<(u32, u32)>,
        amount: f64,
        rank: Option<u32>,
        faults: &Faults,
        place: impl Fn() -> String,
    ) {
        let (debtor, creditor) = ends.unwrap_or_default();
        if ends.is_some() && debtor == creditor && (debtor as usize) < self.names.len() {
            // Two unknown parties look alike here, and have been named already.
            let message = format!("`{}` owes itself", self.names.of(debtor as usize));
            faults.push_with(|| DataFault { place: place(), message, hint: "leave this debt out".into() });
        }
        self.ranked += usize::from(rank.is_some());
        if !self.mixed && self.ranked != 0 && self.ranked != self.debts.len() + 1 {
            self.mixed = true;
            let (message, hint) = match rank {
                None => ("this debt has no rank, and others have one", "rank 1 is paid first"),
                Some(_) => ("this debt has a rank, and those before have none", "give all a rank, or none"),
            };
            faults.push_with(|| DataFault { place: place(), message: message.into(), hint: hint.into() });
        }
        self.debts.push(Debt { debtor, creditor, rank: rank.unwrap_or(RANK), amount });
    }

    fn check_holdings(&self, faults: &Faults) {
        let mut held = vec![0.0; self.names.len()];
        for holding in &self.holdings {
            if let Some(held) = held.get_mut(holding.issuer as usize) {
                *held += holding.share;
            }
        }
        for (name, held) in self.names.list().iter().zip(held).filter(|(_, held)| 1.0 + 1e-9 < *held) {
            faults.push("holdings", format!("{held} of `{name}` is held, more than all of it"), "");
        }
    }

    /// Adds the parties of a CSV file.
    pub fn party_rows(&mut self, source: &InputFile, faults: &Faults) {
        let Some(sheet) = CsvFile::open(source, None, faults) else { return };
        let columns = [
            Heading::needed("id"),
            Heading::needed("assets"),
            Heading::optional("outside_debt"),
            Heading::optional("outside_rank"),
        ];
        let at = sheet.positions(&columns);
        sheet.each(false, |row: &CsvRow<'_>| {
            self.names.add(row.need_name(at[0], "id"), faults, || row.place());
            if at[1].is_some() && row.text(at[1]).is_empty() {
                row.fault("assets is missing", "write 0 where there are none");
            }
            self.assets.push(assets(row.number(at[1], "assets", NumberRange::Any), faults, || row.place()));
            let debt = row.number(at[2], "outside_debt", NumberRange::Amount);
            let rank = row.whole(at[3], "outside_rank");
            let rank_given = !row.text(at[3]).is_empty();
            self.outside.push(outside(debt, rank, rank_given, faults, || row.place()));
        });
    }

    /// Adds the debts of a CSV file.
    pub fn debt_rows(&mut self, source: &InputFile, faults: &Faults) {
        let Some(sheet) = CsvFile::open(source, None, faults) else { return };
        let at = sheet.positions(&[
            Heading::needed("from"),
            Heading::needed("to"),
            Heading::needed("amount"),
            Heading::optional("rank"),
        ]);
        sheet.each(false, |row: &CsvRow<'_>| {
            let (from, to) = (row.need_name(at[0], "from"), row.need_name(at[1], "to"));
            let debtor = self.names.find(from, "party", faults, || row.place());
            let creditor = self.names.find(to, "party", faults, || row.place());
            let amount = row.need(at[2], "amount", NumberRange::Amount);
            let rank_given = !row.text(at[3]).is_empty();
            let rank = rank_given.then(|| row.whole(at[3], "rank").unwrap_or(RANK));
            let ends = (!from.is_empty() && from == to || debtor != creditor).then_some((debtor, creditor));
            self.debt(ends, amount, rank, faults, || row.place());
        });
    }

    /// Adds the holdings of a CSV file.
    pub fn holding_rows(&mut self, source: &InputFile, faults: &Faults) {
        let Some(sheet) = CsvFile::open(source, None, faults) else { return };
        let at =
            sheet.positions(&[Heading::needed("owner"), Heading::needed("issuer"), Heading::needed("share")]);
        sheet.each(false, |row: &CsvRow<'_>| {
            let (owner, issuer) = (row.need_name(at[0], "owner"), row.need_name(at[1], "issuer"));
            let holder = self.names.find(owner, "party", faults, || row.place());
            let held = self.names.find(issuer, "party", faults, || row.place());
            let share = row.need(at[2], "share", NumberRange::Fraction);
            if owner == issuer && !owner.is_empty() {
                row.fault("a party cannot hold a share of itself", "leave this row out");
            }
            self.holdings.push(Holding { holder, issuer: held, share });
        });
        self.check_holdings(faults);
    }

    /// Reads the CSV files of a request; whether there were any.
    pub fn rows(&mut self, request: &Request, faults: &Faults) -> bool {
        let (debts, parties) = (request.files.get("debts"), request.files.get("parties"));
        if debts.is_none() && parties.is_none() {
            return false;
        }
        let (Some(debts), Some(parties)) = (debts, parties) else {
            let hint = "give both: --debts edges.csv --parties parties.csv";
            faults.push("", "debts and parties are two files, and one is missing", hint);
            return true;
        };
        if request.file.is_some() {
            faults.push("", "a file is named beside --debts and --parties", "name one or the other");
        }
        self.party_rows(parties, faults);
        self.debt_rows(debts, faults);
        if let Some(holdings) = request.files.get("holdings") {
            self.holding_rows(holdings, faults);
        }
        true
    }
}

/// The JSON of a request's file, which must not be CSV.
pub fn json(request: &Request, csv_hint: &str, faults: &Faults) -> Option<JsonTree> {
    let source = request.main(faults)?;
    if source.is_json() {
        return JsonTree::read(source, faults);
    }
    if source.text(faults).is_some() {
        faults.push(&source.name, "this is not JSON", csv_hint);
    }
    None
}

fn assets(number: Option<f64>, faults: &Faults, place: impl FnOnce() -> String) -> f64 {
    let number = number.unwrap_or(0.0);
    if number < 0.0 {
        let message = format!("{number} is negative");
        let hint = "write what is owed net as `outside_debt`, with its rank".to_owned();
        faults.push_with(|| DataFault { place: place(), message, hint });
    }
    number
}

fn outside(
    debt: Option<f64>,
    rank: Option<u32>,
    rank_given: bool,
    faults: &Faults,
    place: impl FnOnce() -> String,
) -> (f64, u32) {
    let debt = debt.unwrap_or(0.0);
    if 0.0 < debt && !rank_given {
        let message = "outside_debt is given without outside_rank".to_owned();
        let hint = "rank 1 is paid first; debts without a rank have rank 1".to_owned();
        faults.push_with(|| DataFault { place: place(), message, hint });
    }
    (debt, rank.unwrap_or(RANK))
}
