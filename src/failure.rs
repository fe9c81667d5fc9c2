//! Why the program ends without its work done, in words and as an exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use crate::ingest::source::SourceError;

/// With which status it ends, and what that says.
pub const EXITS: &[(&str, &str)] = &[
    (
        "0",
        "Something was read, even when lines of it were rejected: standard error sums them up. \
         Also when whoever reads the output has seen enough.",
    ),
    (
        "1",
        "Nothing could be read, or the output could not be written.",
    ),
    ("2", "The command line was wrong."),
    (
        "128 + N",
        "Signal N ended it: 129 for HUP, 143 for TERM. The terminal is as it was before.",
    ),
];

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Input(#[from] SourceError),
    #[error("nothing to read: name a file, a directory, or - for standard input (see --help)")]
    NoInput,
    #[error(
        "report is a command and comes before its options: flowpeek report [OPTIONS] [FILE]..."
    )]
    LateCommand,
    #[error("the filter, the order or the groups ask for names of hosts, and -n forbids that")]
    NoNames,
    #[error("{0}: no line of it could be read (first: line {1}: {2})")]
    AllRejected(String, u64, String),
    #[error("cannot write: {0}")]
    Output(#[source] io::Error),
    #[error("terminal: {0}")]
    Terminal(#[source] io::Error),
}

impl Failure {
    /// Tells it on standard error; the exit code is 2 for wrong usage, and 0 when
    /// whoever reads has seen enough.
    pub fn end(self) -> ExitCode {
        if let Failure::Output(error) = &self
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            return ExitCode::SUCCESS;
        }
        // standard error may be gone too; there is nobody left to tell
        let _ = writeln!(io::stderr(), "flowpeek: {self}");
        let is_usage = matches!(
            self,
            Failure::NoInput | Failure::LateCommand | Failure::NoNames
        );
        ExitCode::from(if is_usage { 2 } else { 1 })
    }
}
