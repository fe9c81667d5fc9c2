//! SETTINGS, the catalogue of options that a configuration file, a profile or
//! the environment may set: what is said there becomes the default of the
//! option, so that the command line has the last word, and the help, the checks
//! and the file that `flowpeek config` prints come from the option itself.

use std::ffi::OsString;

use clap::builder::OsStringValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum};

use super::complaint::in_a_line;
use crate::model::toml::quoted;
use crate::model::typo::nearest;
use crate::report::FORMATS;
use crate::report::view::Show;

/// The command whose options the browser does not have.
pub const REPORT: &str = "report";

/// Options that choose rows, put them in order or together.
const OF_ROWS: [&str; 5] = ["top", "timeline", "filter", "filter-file", "sort"];

/// An option that may be set beforehand.
pub struct Setting {
    /// Its long name.
    pub name: &'static str,
    /// A value as an example, where it has none unless it is given.
    pub example: &'static str,
}

macro_rules! settings {
    ($($name:literal $(like $example:literal)?,)*) => {
        &[$(Setting { name: $name, example: concat!($($example)?) }),*]
    };
}

/// The catalogue.
pub const SETTINGS: &[Setting] = settings! {
    "packets",
    "filter" like "not port 53",
    "filter-file" like "/etc/flowpeek/filter",
    "match-host" like "192.0.2.1",
    "sort" like "bytes:desc",
    "pairing",
    "tolerance",
    "orient",
    "utc",
    "duplicates",
    "scale",
    "dns",
    "dns-cache",
    "hosts" like "/etc/hosts",
    "threads" like "2",
    "follow",
    "keep" like "1d",
    "memory" like "2G",
    "theme",
    "ascii",
    "format",
    "show" like "connections",
    "top" like "src_addr,service",
    "timeline" like "5m",
    "limit" like "1000",
    "verbose",
};

/// Arguments that are no settings, and the setting that does the same.
const OTHERWISE: [(&str, &str); 1] = [("no-dns", "dns = \"off\"")];

/// A value of an option from elsewhere than the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The option.
    pub name: String,
    /// Its value, or several.
    pub values: Vec<String>,
}

/// The arguments with flags that can be taken back: `--utc` or `--utc=false`.
pub fn with_flags(command: Command) -> Command {
    on_all(command, &|arg| match arg.get_action() {
        ArgAction::SetTrue if is_setting(&arg) => arg
            .action(ArgAction::Set)
            .value_parser(flag)
            .num_args(0..=1)
            .require_equals(true)
            .default_value("false")
            .default_missing_value("true")
            .hide_default_value(true)
            .value_name("true|false"),
        _ => arg,
    })
}

/// True or false, also as variables are wont to say it.
fn flag(said: &str) -> Result<bool, String> {
    match said {
        "true" | "1" | "yes" | "on" => Ok(true),
        "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("expected one of true, false, 1, 0, yes, no, on, off".to_owned()),
    }
}

/// The arguments without any look at what values mean; what is wrong is passed over.
pub fn unchecked(command: Command) -> Command {
    let plain = |arg: Arg| match arg.get_action().takes_values() {
        true => arg.value_parser(OsStringValueParser::new()),
        false => arg,
    };
    on_all(command, &plain).ignore_errors(true)
}

/// The arguments with these for defaults; later ones count.
pub fn with_defaults(command: Command, given: &[Given]) -> Command {
    on_all(command, &|arg| {
        let said = given
            .iter()
            .rfind(|it| Some(it.name.as_str()) == arg.get_long());
        match said {
            Some(said) => arg.default_values(said.values.clone()),
            None => arg,
        }
    })
}

/// Leaves out what cannot go with the arguments, [taken without a look](unchecked):
/// what is for rows, where no rows are asked for, and the other way round.
pub fn give_way(given: &mut Vec<Given>, matches: &ArgMatches) {
    let Some(report) = matches.subcommand_matches(REPORT) else {
        return;
    };
    let told = |name: &str| report.get_one::<OsString>(name);
    // names of arguments have no dashes
    let is_told = |name: &&str| told(&name.replace('-', "_")).is_some();
    let is_of_rows = OF_ROWS.iter().any(is_told);
    let show = told("show").and_then(|show| show.to_str());
    let is_sum = show.is_some_and(is_without_rows);
    let format = told("format").and_then(|format| format.to_str());
    given.retain(|it| match it.name.as_str() {
        "verbose" => format.is_none_or(is_analyzer),
        "show" => !is_of_rows || !it.values.iter().any(|show| is_without_rows(show)),
        name => !is_sum || !OF_ROWS.contains(&name),
    });
}

fn is_analyzer(format: &str) -> bool {
    let mut formats = FORMATS.iter().filter(|row| row.is_analyzer);
    formats.any(|row| row.name == format)
}

fn is_without_rows(show: &str) -> bool {
    Show::from_str(show, false).is_ok_and(|show| !show.has_rows())
}

fn on_all(command: Command, change: &dyn Fn(Arg) -> Arg) -> Command {
    command
        .mut_args(change)
        .mut_subcommand(REPORT, |report| report.mut_args(change))
}

fn is_setting(arg: &Arg) -> bool {
    SETTINGS.iter().any(|it| Some(it.name) == arg.get_long())
}

/// The option of a setting, and whether it is the report's alone.
fn option<'a>(command: &'a Command, name: &str) -> Option<(&'a Arg, bool)> {
    let find = |command: &'a Command| {
        let mut args = command.get_arguments();
        args.find(|arg| arg.get_long() == Some(name))
    };
    let report = || command.find_subcommand(REPORT).and_then(find);
    find(command)
        .map(|arg| (arg, false))
        .or_else(|| report().map(|arg| (arg, true)))
}

/// Whether there is such an option and it may have these values.
///
/// # Errors
/// In words, when not.
pub fn check(command: &Command, given: &Given) -> Result<(), String> {
    let known = SETTINGS.iter().map(|setting| setting.name);
    let name = given.name.as_str();
    let found = option(command, name).filter(|_| known.clone().any(|it| it == name));
    let Some((arg, of_report)) = found else {
        return Err(unknown(name, &hint(name, &[])));
    };
    let is_list = matches!(arg.get_action(), ArgAction::Append);
    if given.values.len() != 1 && !is_list {
        return Err(format!("\"{name}\" takes one value"));
    }
    let values = given.values.iter().map(|value| format!("--{name}={value}"));
    let before = [Some("flowpeek"), of_report.then_some(REPORT)];
    let before = before.into_iter().flatten().map(str::to_owned);
    let tried = command.clone().try_get_matches_from(before.chain(values));
    tried.map(drop).map_err(|error| in_a_line(&error))
}

/// That there is no such option, and what may be meant.
pub fn unknown(name: &str, hint: &str) -> String {
    format!("no option is called \"{name}\"{hint}")
}

/// `: did you mean "theme"?`, where a name is near that of a setting or one of these others.
pub fn hint(name: &str, others: &[&'static str]) -> String {
    let spelt = name.replace('_', "-");
    if let Some((_, setting)) = OTHERWISE.iter().find(|row| row.0 == spelt) {
        return format!(": did you mean {setting}?");
    }
    let known = SETTINGS.iter().map(|setting| setting.name);
    nearest(name, known.chain(others.iter().copied()))
}

/// The same of an option of the command line, of whichever command.
pub fn hint_of_option(command: &Command, name: &str) -> String {
    let commands = [Some(command), command.find_subcommand(REPORT)];
    let options = commands
        .into_iter()
        .flatten()
        .flat_map(Command::get_arguments);
    let hint = nearest(name, options.filter_map(Arg::get_long));
    hint.replacen('"', "\"--", 1)
}

/// The configuration file of what the arguments are by default, with comments.
pub fn page(command: &Command) -> String {
    let rows = SETTINGS.iter().filter_map(|setting| {
        let (arg, _) = option(command, setting.name)?;
        Some(format!("\n{}{}\n", comments(arg), assignment(setting, arg)))
    });
    rows.collect()
}

fn comments(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut lines: Vec<String> = help.lines().map(|line| format!("# {line}\n")).collect();
    let named = arg.get_possible_values().into_iter();
    let named: Vec<String> = named.map(|value| value.get_name().to_owned()).collect();
    if !named.is_empty() {
        lines.push(format!("# One of: {}\n", named.join(", ")));
    }
    lines.concat()
}

fn assignment(setting: &Setting, arg: &Arg) -> String {
    let name = setting.name;
    let values = arg.get_default_values().iter();
    let values: Vec<String> = values
        .map(|value| literal(&value.to_string_lossy()))
        .collect();
    let is_list = matches!(arg.get_action(), ArgAction::Append);
    match (values.as_slice(), is_list) {
        ([], true) => format!("# {name} = [{}]", literal(setting.example)),
        ([], false) => format!("# {name} = {}", literal(setting.example)),
        (values, true) => format!("{name} = [{}]", values.join(", ")),
        (values, false) => format!("{name} = {}", values.join(", ")),
    }
}

/// A value in TOML.
fn literal(value: &str) -> String {
    let is_bare = ["true", "false"].contains(&value)
        || value
            .parse::<i64>()
            .is_ok_and(|number| number.to_string() == value);
    match is_bare {
        true => value.to_owned(),
        false => quoted(value),
    }
}
