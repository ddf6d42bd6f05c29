//! `keiretsu show`: what a model says, as tables.

use std::path::PathBuf;

use keiretsu::explain::believed;
use keiretsu::{Question, show};
use keiretsu_measures::Query;
use keiretsu_model::suggest;

use crate::failure::Failure;
use crate::progress;
use crate::shell::Shell;

/// Show what a model says: parties, contracts, figures with their sources, assumptions, conflicts
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = after())]
pub struct Args {
    /// The folder of the model, or its keiretsu.toml [default: .]
    model: Option<PathBuf>,
    /// What to show; parties and contracts if nothing is named
    topic: Option<String>,
    /// With `conflicts`: what this number would be if another claim were believed; may be given again
    #[arg(long, value_name = "NUMBER")]
    of: Vec<String>,
}

const LONG: &str = "\
Shows what the text of a model says, nothing computed: who is in it, what binds them, what each figure rests \
on, where sources disagree, what happens when. Only `conflicts --of` computes something.";

fn after() -> String {
    let topics = show::TOPICS.iter().map(|topic| format!("  {:<12} {}\n", topic.name, topic.summary));
    format!(
        "Topics:\n{}\nExamples:\n  keiretsu show mine contracts\n  keiretsu show mine figures --format csv\n\
         \x20 keiretsu show mine conflicts --of 'coverage(amazon, anthropic)'",
        topics.collect::<String>()
    )
}

/// Runs the command.
pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    let (model, topic) = super::model_and_word(args.model, args.topic);
    let names: Vec<&str> = match &topic {
        Some(topic) => vec![topic],
        None => vec!["parties", "contracts"],
    };
    let find = |name: &str| {
        show::by_name(name).ok_or_else(|| {
            let hint = suggest::advice(name, show::TOPICS.iter().map(|topic| topic.name));
            Failure::usage(format!("there is nothing to show under `{name}`"), hint)
        })
    };
    let topics = names.into_iter().map(find).collect::<Result<Vec<_>, _>>()?;
    if !args.of.is_empty() && topic.as_deref() != Some("conflicts") {
        let hint = "write `keiretsu show MODEL conflicts --of 'measure(row, column)'`";
        return Err(Failure::usage("`--of` goes with `conflicts`", hint));
    }
    let project = shell.open(&model)?;
    let runner = progress::watched(&project)?;
    let subject = runner.subject();
    let tables: Vec<_> = topics.iter().flat_map(|topic| (topic.tables)(&subject)).collect();
    let mut tables = tables;
    if !args.of.is_empty() {
        let query = Query::default();
        let question = Question { query: &query, simulation: None, scenarios: &[], against: &[] };
        let moved = believed(&runner, &question, &args.of)?;
        match tables.last_mut() {
            // Where nothing moves, the plain table says so.
            Some(plain) if moved.rows.len() == 1 => moved.notes.iter().for_each(|note| plain.note(note)),
            _ => tables.push(moved),
        }
    }
    shell.tables(&tables)
}
