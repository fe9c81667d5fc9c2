//! What stands where it means nothing: a command behind its options, an option of the
//! report without it, one of the browser with it, and one that nobody knows.

use std::path::{Path, PathBuf};

use clap::Arg;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::command;
use crate::cli::options::{REPORT, hint_of_option};
use crate::failure::Failure;

/// What nfdump calls so, and what does it here.
const HABITS: [(&str, &str); 7] = [
    ("-r", FILES),
    ("-R", FILES),
    (
        "-s",
        "--sort FIELD sorts, flowpeek report --top FIELD groups",
    ),
    (
        "-t",
        "--filter 'start >= 14:05 and end <= 14:10' takes a stretch of time",
    ),
    (
        "-o",
        "flowpeek report --format csv prints in another format",
    ),
    ("-c", "flowpeek report --limit N prints so many rows"),
    ("-A", "flowpeek report --top FIELD[,FIELD] groups"),
];
const FILES: &str = "files and directories are named without an option: flowpeek FILE";

/// A command among the files, unless there is a file of that name.
pub fn late_command(files: &[PathBuf]) -> Option<String> {
    let names = files.iter().filter_map(|file| file.to_str());
    let is_command = |name: &str| command().find_subcommand(name).is_some();
    let mut late = names.filter(|name| is_command(name) && !Path::new(name).exists());
    late.next().map(str::to_owned)
}

/// What clap's complaint about an option that it does not know is about, if the other command
/// knows it: the report one of the browser's, or the browser one of the report's.
pub fn misplaced(error: &clap::Error) -> Option<Failure> {
    let (first, mut later) = (std::env::args_os().nth(1), std::env::args_os().skip(2));
    let option = unknown(error)?;
    let of_report = first.is_some_and(|first| first == REPORT);
    if !of_report && later.any(|argument| argument == REPORT) {
        return Some(Failure::LateCommand(REPORT.to_owned()));
    }
    let all = command();
    let is_meant = |known: &Arg| {
        let long = known.get_long().map(|name| format!("--{name}"));
        let short = known.get_short().map(|letter| format!("-{letter}"));
        [long, short]
            .into_iter()
            .flatten()
            .any(|name| name == option)
    };
    let mut others = match of_report {
        true => all.get_arguments(),
        false => all.find_subcommand(REPORT)?.get_arguments(),
    };
    others.any(is_meant).then(|| match of_report {
        true => Failure::OfBrowser(option.to_owned()),
        false => Failure::OfReport(option.to_owned()),
    })
}

/// The complaint with what does the same as a habit from elsewhere, or the nearest option, if
/// there is one, where clap tells how the option is said as a value.
pub fn with_tip(mut error: clap::Error) -> clap::Error {
    let Some(option) = unknown(&error) else {
        return error;
    };
    let hint = hint_of_option(&command(), option.trim_start_matches('-'));
    let habit = HABITS.iter().find(|habit| habit.0 == option);
    let tip = habit.map(|habit| habit.1).or(hint.strip_prefix(": "));
    let is_told = error.get(ContextKind::SuggestedArg).is_some();
    error.remove(ContextKind::Suggested);
    if let (false, Some(tip)) = (is_told, tip) {
        let tip = ContextValue::StyledStrs(vec![tip.to_owned().into()]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

/// The option that clap complains of, if that is what it does.
fn unknown(error: &clap::Error) -> Option<&str> {
    match (error.kind(), error.get(ContextKind::InvalidArg)) {
        (ErrorKind::UnknownArgument, Some(ContextValue::String(option))) => Some(option),
        _ => None,
    }
}
