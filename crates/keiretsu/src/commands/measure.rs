//! `keiretsu measure`: one question, answered in tables.

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use jiff::civil::Date;
use keiretsu::{Question, Simulation};
use keiretsu_measures::{MEASURES, Measure, Period, Query};
use keiretsu_model::{Model, PartyRef, suggest};
use keiretsu_program::{OwnMoney, Reading};
use keiretsu_values::{Cell, Column, Table};

use super::platform_log::LogArgs;
use crate::failure::Failure;
use crate::progress;
use crate::shell::{Shell, say};

/// Ask a model one thing: commitments, cash, coverage, concentration ...
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml [default: .]
    model: Option<PathBuf>,
    /// The measure; `--list` lists them
    name: Option<String>,
    /// List all measures
    #[arg(long)]
    list: bool,
    #[command(flatten)]
    asked: Asked,
    #[command(flatten)]
    paths: PathsArgs,
    #[command(flatten)]
    log: LogArgs,
}

/// What is asked of a measure.
#[derive(Debug, clap::Args)]
pub struct Asked {
    /// Only this party (its name in the model, or its title); may be given several times
    #[arg(long = "party", value_name = "PARTY")]
    parties: Vec<String>,
    /// Only this reading; without it, all three
    #[arg(long, value_parser = PossibleValuesParser::new(Reading::ALL.map(Reading::name)))]
    reading: Option<String>,
    /// How time is cut
    #[arg(long, value_parser = PossibleValuesParser::new(["month", "year", "total"]))]
    by: Option<String>,
    /// The day on which something is supposed to happen, such as a failure [default: the first month]
    #[arg(long, value_name = "DATE", value_parser = crate::cli::day)]
    at: Option<Date>,
    /// Which of a party's money is spent first, where its own money is followed through the web
    #[arg(long, value_name = "HOW", default_value = "pro-rata")]
    #[arg(value_parser = PossibleValuesParser::new(["pro-rata", "fifo", "lifo"]))]
    own_money: String,
    /// A formula or condition in the words of the model, where the measure is of one: `defaulted(lab)`,
    /// `cash(lab) < $1B`, `lowest cash(lab)`; may be given several times
    #[arg(long = "of", value_name = "FORMULA")]
    of: Vec<String>,
    /// In this scenario of the model; may be given several times, later ones on top
    #[arg(long = "scenario", value_name = "SCENARIO")]
    pub scenarios: Vec<String>,
}

/// A simulation, if one is wanted.
#[derive(Debug, clap::Args)]
pub struct PathsArgs {
    /// Simulate so many paths and show the distribution beside the readings
    #[arg(long, value_name = "N", value_parser = path_count)]
    paths: Option<u64>,
    /// Key of the random numbers: the same seed gives the same bits
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Threads to run on; they change nothing but the time it takes [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
}

/// A number of paths, within what one run takes.
pub fn path_count(text: &str) -> Result<u64, String> {
    let count = text.replace(['_', ' '], "").parse::<u64>().ok();
    let count = count.filter(|count| (1..=keiretsu_engine::PATHS_MAX).contains(count));
    count.ok_or_else(|| "give a number from 1 to 1000000000, such as 10000".to_owned())
}

const LONG: &str = "\
Asks a model one thing and answers in tables. Each number is given in three readings: firm (paid and binding \
only), expected, and headline (everything announced, at its cap). They are readings of the text, not a low \
and a high bound; `--paths` adds a distribution.

What something undisclosed would be needed for is `unknown`, and totals say what they leave out.";

const AFTER: &str = "\
Examples:
  keiretsu measure --list
  keiretsu measure mine cash --party lab --by year
  keiretsu measure mine coverage --reading firm
  keiretsu measure mine cash --paths 10000 --seed 1 -o cash.csv";

/// Runs the command.
pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    if args.list {
        return shell.tables(&[list()]);
    }
    let (model, name) = super::model_and_word(args.model, args.name);
    let Some(name) = name else {
        let known: Vec<&str> = MEASURES.iter().map(|measure| measure.name()).collect();
        let hint = format!("name one of: {}", known.join(", "));
        return Err(Failure::usage("no measure is named", hint));
    };
    let measure = find(&name)?;
    let project = shell.open(&model)?;
    let mut query = args.asked.query(&project.model)?;
    let (runner, watched) = progress::watching(&project, &args.asked.of())?;
    query.watched = watched;
    if let Some(tables) = args.log.tables(measure.name(), &runner, shell)? {
        return shell.tables(&tables);
    }
    let simulation = args.paths.simulation();
    let scenarios = &args.asked.scenarios;
    let question = Question { query: &query, simulation, scenarios, against: &[] };
    let tables = runner.measures(&[measure], &question)?.concat();
    if simulation.is_some() && tables.iter().all(|table| table.window.simulation.is_none()) {
        say(&format!("`{name}` shows no distribution, so --paths changes nothing; `keiretsu run` does\n"));
    }
    if tables.is_empty() && query.watched.is_empty() {
        let hint = "name one in the words of the model: --of 'defaulted(party)'";
        return Err(Failure::usage(format!("`{name}` is of a condition or a formula"), hint));
    }
    shell.tables(&tables)
}

/// A measure by its name, or the nearest one.
pub fn find(name: &str) -> Result<&'static dyn Measure, Failure> {
    keiretsu_measures::by_name(name).ok_or_else(|| {
        let hint = suggest::advice(name, MEASURES.iter().map(|measure| measure.name()));
        Failure::usage(format!("there is no measure `{name}`"), hint)
    })
}

fn list() -> Table {
    let columns = vec![Column::text("measure"), Column::text("what_it_says")];
    let mut table = Table::new("measures", "What can be asked of a model", columns);
    for measure in MEASURES {
        table.push(vec![Cell::text(measure.name()), Cell::text(measure.summary())]);
    }
    table
}

impl Asked {
    /// The formulas and conditions that are asked for.
    pub fn of(&self) -> Vec<&str> {
        self.of.iter().map(String::as_str).collect()
    }

    /// As measures know it.
    pub fn query(&self, model: &Model) -> Result<Query, Failure> {
        let by = self.by.as_deref().map(|by| match by {
            "month" => Period::Month,
            "year" => Period::Year,
            _ => Period::Total,
        });
        let named = |reading: &Reading| Some(reading.name()) == self.reading.as_deref();
        Ok(Query {
            parties: parties(model, &self.parties)?,
            reading: Reading::ALL.into_iter().find(named),
            by,
            at: self.at,
            own_money: match self.own_money.as_str() {
                "fifo" => OwnMoney::Fifo,
                "lifo" => OwnMoney::Lifo,
                _ => OwnMoney::ProRata,
            },
            table: None,
            watched: vec![],
        })
    }
}

/// Parties by name or title; a segment stands for the whole party, which has the cash and the contracts.
pub fn parties(model: &Model, names: &[String]) -> Result<Vec<PartyRef>, Failure> {
    let find = |name: &String| {
        let titled = || model.parties.iter().position(|party| party.title.eq_ignore_ascii_case(name));
        let party = model.find_party(name).or_else(|| Some(PartyRef(u32::try_from(titled()?).ok()?)));
        let party = party.filter(|party| *party != PartyRef::OUTSIDE);
        party.map(|party| model.group(party)).ok_or_else(|| {
            let known = model.parties[1..].iter().map(|party| party.name.as_str());
            Failure::usage(format!("there is no party `{name}`"), suggest::advice(name, known))
        })
    };
    let mut parties = names.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    let mut seen = std::collections::BTreeSet::new();
    parties.retain(|party| seen.insert(*party));
    Ok(parties)
}

impl PathsArgs {
    /// The simulation, if one is wanted.
    pub fn simulation(&self) -> Option<Simulation> {
        let all = || std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.threads.map_or_else(all, usize::from);
        Some(Simulation { paths: self.paths?, seed: self.seed, threads })
    }
}
