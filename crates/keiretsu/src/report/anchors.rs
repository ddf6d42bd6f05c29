//! Links from every number to what it rests on: the contracts of its row, their figures, and the documents.

use std::collections::{BTreeMap, BTreeSet};

use keiretsu_measures::Subject;
use keiretsu_values::{Cell, ColumnKind, Entity, Table};
use keiretsu_views::html::{Links, escaped};

use super::cites::Cites;

/// The names on a page that links can reach.
pub(crate) struct Anchors {
    cites: Cites,
    parties: BTreeSet<String>,
    contracts: BTreeSet<String>,
    ties: BTreeSet<[String; 2]>,
    /// For the things of the text, the first of their figures.
    figures: BTreeMap<String, String>,
    paths: BTreeSet<String>,
}

impl Anchors {
    /// The names of a page on a model with these tables of parties, contracts and figures, and these ties.
    pub fn new(subject: &Subject<'_>, tables: &[Table], ties: impl Iterator<Item = [String; 2]>) -> Self {
        let names = |measure: &str| {
            let tables = tables.iter().filter(|table| table.measure == measure);
            let cells = tables.flat_map(|table| table.rows.iter().filter_map(|row| row[0].key()));
            cells.collect::<Vec<String>>()
        };
        let mut figures = BTreeMap::new();
        for path in names("figures") {
            for (at, _) in path.match_indices('.') {
                figures.entry(path[..at].to_owned()).or_insert_with(|| path.clone());
            }
        }
        Self {
            cites: Cites::of(subject.model),
            parties: names("parties").into_iter().collect(),
            contracts: names("contracts").into_iter().collect(),
            ties: ties.collect(),
            figures,
            paths: names("figures").into_iter().collect(),
        }
    }

    /// Where a party leads.
    pub fn party(&self, name: &str) -> Option<String> {
        self.parties.contains(name).then(|| format!("#{}", slug("party", name)))
    }

    /// Where a contract, a tranche or a holding leads.
    pub fn contract(&self, name: &str) -> Option<String> {
        let whole = name.rsplit_once('.').map(|(whole, _)| whole);
        let known = [Some(name), whole].into_iter().flatten().find(|name| self.contracts.contains(*name));
        known.map(|name| format!("#{}", slug("contract", name)))
    }

    /// Where two parties lead: to what ties them.
    pub fn tie(&self, one: &str, other: &str) -> Option<String> {
        let pair = pair(one, other);
        self.ties.contains(&pair).then(|| format!("#{}", tie_name(&pair)))
    }

    /// Words as a link, where there is anything to lead to.
    pub fn linked(words: &str, target: Option<&str>) -> String {
        let words = escaped(words);
        match target {
            Some(target) => format!("<a href=\"{}\">{words}</a>", escaped(target)),
            None => words,
        }
    }

    /// The contracts and holdings of a list of names, as links.
    pub fn contracts(&self, names: &str) -> String {
        let link = |name: &str| Self::linked(name, self.contract(name).as_deref());
        names.split(", ").map(link).collect::<Vec<_>>().join(", ")
    }

    /// Where the path of a statement leads: to its figure, or to the first figure below it.
    pub fn figure_of(&self, path: &str) -> Option<String> {
        if self.paths.contains(path) {
            return Some(format!("#{}", slug("figure", path)));
        }
        self.figure(path)
    }

    fn figure(&self, owner: &str) -> Option<String> {
        self.figures.get(owner).map(|path| format!("#{}", slug("figure", path)))
    }

    /// Where the numbers of a row lead: its contract, what ties its two parties, or its party.
    fn of_row(&self, table: &Table, row: usize) -> Option<String> {
        let ids = table.columns.iter().zip(&table.rows[row]).filter_map(|(column, cell)| {
            match (column.kind, cell) {
                (ColumnKind::Id(entity), Cell::Id(id)) => Some((entity, id.name.to_string())),
                _ => None,
            }
        });
        let ids: Vec<(Entity, String)> = ids.collect();
        let of = |wanted: &[Entity]| -> Vec<&String> {
            ids.iter().filter(|(entity, _)| wanted.contains(entity)).map(|(_, name)| name).collect()
        };
        if let [name, ..] = of(&[Entity::Contract, Entity::Holding])[..] {
            return self.contract(name);
        }
        match of(&[Entity::Party])[..] {
            [one, other, ..] => self.tie(one, other).or_else(|| self.party(one)),
            [one] => self.party(one),
            [] => None,
        }
    }
}

impl Links for Anchors {
    fn name(&self, table: &Table, row: usize) -> Option<String> {
        let name = table.rows[row][0].key()?;
        match table.measure.as_str() {
            "parties" => Some(slug("party", &name)),
            "contracts" => Some(slug("contract", &name)),
            "figures" => Some(slug("figure", &name)),
            "report" if table.name == "ties" => {
                let pair = pair(&name, &table.rows[row][1].key()?);
                let first = (0..table.rows.len()).find(|row| is_pair(table, *row, &pair));
                (first == Some(row)).then(|| tie_name(&pair))
            }
            _ => None,
        }
    }

    fn target(&self, table: &Table, row: usize, column: usize) -> Option<String> {
        let cell = &table.rows[row][column];
        match (table.measure.as_str(), column) {
            ("contracts" | "parties", 0) => return self.figure(&cell.key()?),
            ("figures", _) => return None,
            _ => {}
        }
        match (table.columns[column].kind, cell) {
            (ColumnKind::Id(Entity::Party), Cell::Id(id)) => self.party(&id.name),
            (ColumnKind::Id(Entity::Contract | Entity::Holding), Cell::Id(id)) => self.contract(&id.name),
            (_, Cell::Value(_)) => self.of_row(table, row).or_else(|| self.party(&table.columns[column].key)),
            _ => None,
        }
    }

    fn cell(&self, table: &Table, row: usize, column: usize) -> Option<String> {
        let words = table.rows[row][column].label()?;
        match table.columns[column].key.as_str() {
            "source" => Some(self.cites.links(&words)),
            "contracts" => Some(self.contracts(&words)),
            _ => None,
        }
    }
}

fn is_pair(table: &Table, row: usize, wanted: &[String; 2]) -> bool {
    let names = [0, 1].map(|column| table.rows[row][column].key().unwrap_or_default());
    pair(&names[0], &names[1]) == *wanted
}

/// Two names in one order.
pub(crate) fn pair(one: &str, other: &str) -> [String; 2] {
    let mut pair = [one.to_owned(), other.to_owned()];
    pair.sort();
    pair
}

fn tie_name([one, other]: &[String; 2]) -> String {
    slug("tie", &format!("{one}--{other}"))
}

/// A name on a page, which has no blanks.
fn slug(kind: &str, name: &str) -> String {
    format!("{kind}-{}", name.split_whitespace().collect::<Vec<_>>().join("_"))
}
