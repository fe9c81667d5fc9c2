//! What stands where it means nothing: a command behind its options, and an option of the
//! report without it.

use std::path::{Path, PathBuf};

use clap::Arg;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::cli::command;
use crate::failure::Failure;

/// A command among the files, unless there is a file of that name.
pub fn late_command(files: &[PathBuf]) -> Option<String> {
    let names = files.iter().filter_map(|file| file.to_str());
    let is_command = |name: &str| command().find_subcommand(name).is_some();
    let mut late = names.filter(|name| is_command(name) && !Path::new(name).exists());
    late.next().map(str::to_owned)
}

/// What clap's complaint about an option that it does not know is about, if `flowpeek report`
/// knows it.
pub fn misplaced(error: &clap::Error) -> Option<Failure> {
    let report = "report";
    let (first, mut later) = (std::env::args_os().nth(1), std::env::args_os().skip(2));
    if error.kind() != ErrorKind::UnknownArgument || first.is_some_and(|first| first == report) {
        return None;
    }
    if later.any(|argument| argument == report) {
        return Some(Failure::LateCommand(report.to_owned()));
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let is_meant = |known: &Arg| {
        let long = known.get_long().map(|name| format!("--{name}"));
        let short = known.get_short().map(|letter| format!("-{letter}"));
        [long, short].iter().flatten().any(|name| name == option)
    };
    let all = command();
    let mut options = all.find_subcommand(report)?.get_arguments();
    options
        .any(is_meant)
        .then(|| Failure::OfReport(option.clone()))
}
