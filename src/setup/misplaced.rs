//! What stands where it means nothing: a command behind its options, an option of the
//! report without it, one of the browser with it, and one that nobody knows.

use std::path::{Path, PathBuf};

use clap::Arg;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::command;
use crate::cli::options::hint_of_option;
use crate::failure::Failure;

/// The command that has options of its own.
const REPORT: &str = "report";

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

/// The complaint with the nearest option, if there is one, where clap tells how the option is
/// said as a value.
pub fn with_tip(mut error: clap::Error) -> clap::Error {
    let Some(option) = unknown(&error) else {
        return error;
    };
    let hint = hint_of_option(&command(), option.trim_start_matches('-'));
    let is_told = error.get(ContextKind::SuggestedArg).is_some();
    error.remove(ContextKind::Suggested);
    if let (false, Some(hint)) = (is_told, hint.strip_prefix(": ")) {
        let tip = ContextValue::StyledStrs(vec![hint.to_owned().into()]);
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
