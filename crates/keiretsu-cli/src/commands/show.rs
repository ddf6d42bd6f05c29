//! `keiretsu show`: the text of a model, as tables.

use std::path::PathBuf;

use keiretsu::{Question, show};

use crate::failure::Failure;
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

pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    let (model, topic) = super::model_and_word(args.model, args.topic);
    if !args.of.is_empty() && topic.as_deref() != Some("conflicts") {
        let hint = "write `keiretsu show MODEL conflicts --of 'measure(row, column)'`";
        return Err(Failure::usage("`--of` goes with `conflicts`", hint));
    }
    let session = shell.open(&model)?;
    let shown = Question { ask: "show".to_owned(), of: topic.into_iter().collect(), ..Question::default() };
    let mut tables = shell.ask(&session, &shown, None)?.tables();
    if !args.of.is_empty() {
        let believed = Question { ask: "believed".to_owned(), of: args.of, ..Question::default() };
        tables.extend(shell.ask(&session, &believed, None)?.tables());
    }
    shell.tables(&tables)
}
