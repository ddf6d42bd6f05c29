//! `keiretsu calc`: a bare method on a user's own data. The words come from the registry of methods.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgAction, ArgMatches, Command, FromArgMatches, Subcommand};
use keiretsu::limits;
use keiretsu_calc::{self as calc, CalcError, DataFault, InputFile, METHODS, Method, Opt, Request};

use crate::failure::Failure;
use crate::findings::{count, printable};
use crate::shell::{Shell, say};

/// Run a published method on your own data: clear, irr, captable ...
#[derive(Debug, clap::Args)]
#[command(long_about = LONG, after_help = AFTER)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    asked: Invocation,
}

const LONG: &str = r"Runs one published method on your own data, without a model: a file of JSON or CSV in, a table for people on a terminal, the method's own JSON elsewhere. All that is wrong with the data is said at once. Numbers in JSON are whole, to 15 digits.

`keiretsu calc METHOD --help` says what goes in and what comes out.";

const AFTER: &str = "\
Examples:
  keiretsu calc clear debts.json
  keiretsu calc irr flows.csv
  keiretsu calc captable series-a.json --format json -o table.json

FILE may be `-` for standard input.";

/// A method with its arguments; files are not read yet.
#[derive(Debug)]
struct Invocation {
    method: &'static Method,
    file: Option<PathBuf>,
    options: Vec<(&'static Opt, String)>,
}

impl FromArgMatches for Invocation {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let missing = || clap::Error::new(clap::error::ErrorKind::MissingSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(missing)?;
        let method = calc::by_name(name).ok_or_else(missing)?;
        let given = |option: &'static Opt| {
            if option.value.is_empty() {
                return matches.get_flag(option.name).then(|| (option, String::new()));
            }
            matches.get_one::<String>(option.name).map(|value| (option, value.clone()))
        };
        let file = matches.get_one::<PathBuf>("FILE").cloned();
        Ok(Self { method, file, options: method.options.iter().filter_map(given).collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for Invocation {
    fn augment_subcommands(command: Command) -> Command {
        METHODS.iter().fold(command, |command, method| command.subcommand(subcommand(method)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        Self::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        calc::by_name(name).is_some()
    }
}

fn subcommand(method: &'static Method) -> Command {
    let file = Arg::new("FILE")
        .value_parser(clap::value_parser!(PathBuf))
        .help("The data: JSON or CSV; `-` is standard input");
    let long = format!("{}.\n\n{}", method.summary, method.help);
    let command = Command::new(method.name).about(method.summary).long_about(long).after_help(method.example);
    method.options.iter().fold(command.arg(file), |command, option| command.arg(argument(option)))
}

fn argument(option: &'static Opt) -> Arg {
    let argument = Arg::new(option.name).long(option.name).help(option.help);
    if option.value.is_empty() {
        argument.action(ArgAction::SetTrue)
    } else {
        argument.value_name(option.value).allow_hyphen_values(true)
    }
}

pub fn run(args: Args, shell: &Shell) -> Result<(), Failure> {
    let Invocation { method, file, options } = args.asked;
    if file.is_none() && !options.iter().any(|(option, _)| option.is_file) {
        let hint = format!("name one, or `-` for standard input; `keiretsu calc {} --help`", method.name);
        return Err(Failure::usage("no file is named", hint));
    }
    let source = |path: &Path| source(path, shell);
    let mut request = Request { file: file.as_deref().map(source).transpose()?, ..Request::default() };
    for (option, value) in options {
        if option.is_file {
            request.files.insert(option.name, source(Path::new(&value))?);
        } else {
            request.words.insert(option.name, value);
        }
    }
    let answer = (method.run)(&request).map_err(|refusal| refused(refusal, shell))?;
    if shell.wants_json()? {
        return shell.result(&answer.json());
    }
    shell.tables(&answer.tables())
}

fn source(path: &Path, shell: &Shell) -> Result<InputFile, Failure> {
    let (name, bytes) = shell.read_or_input(path, limits::CALC_BYTES_MAX)?;
    Ok(InputFile { name, bytes })
}

/// Prints all faults of the data.
fn refused(refusal: CalcError, shell: &Shell) -> Failure {
    match refusal {
        CalcError::NoAnswer(why, hint) if hint.is_empty() => Failure::Errors(why),
        CalcError::NoAnswer(why, hint) => Failure::Errors(format!("{why}; {hint}")),
        CalcError::InvalidData(faults, all) => {
            let text: String = faults.iter().map(|fault| said(fault, shell)).collect();
            say(&text);
            let more = all - faults.len();
            let hint = if more == 0 { String::new() } else { format!("{more} more are not shown") };
            Failure::usage(format!("the data cannot be used: {}", count(all, "error")), hint)
        }
    }
}

fn said(fault: &DataFault, shell: &Shell) -> String {
    let paint = |text: &str, code: &str| {
        if shell.err.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let place = if fault.place.is_empty() { String::new() } else { format!("{}: ", fault.place) };
    let mut text =
        format!("{} {}{}\n", paint("error:", "1;31"), printable(&place), printable(&fault.message));
    if !fault.hint.is_empty() {
        text += &["  ", &paint("help:", "1;36"), " ", &printable(&fault.hint), "\n"].concat();
    }
    text
}
