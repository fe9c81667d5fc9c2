//! Why the program ends without its work done, in words and as an exit code.

use std::io;
use std::process::ExitCode;

use crate::ingest::source::InputError;
use crate::stderr;

/// With which status it ends, and what that says.
pub const EXITS: &[(&str, &str)] = &[
    (
        "0",
        "Something was read, even when lines of it were rejected: standard error sums them up. \
         Also when whoever reads the output has seen enough.",
    ),
    (
        "1",
        "Nothing could be read, memory was too small for all of it, the output could not be written, or \
         there was no terminal to browse in, or no threads for that.",
    ),
    (
        "2",
        "The command line, the configuration or a variable was wrong.",
    ),
    (
        "128 + N",
        "Signal N ended it: 129 for HUP, 143 for TERM. The terminal is as it was before.",
    ),
];

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Input(#[from] InputError),
    #[error("nothing to read: name a file, a directory, or - for standard input (see --help)")]
    NoInput,
    #[error(
        "standard input is the keyboard, which the browser needs for its keys: pipe something in, or name a file"
    )]
    Keyboard,
    #[error("a terminal of the kind \"dumb\" cannot be drawn on: flowpeek report prints instead")]
    Dumb,
    #[error("{0} is a command and comes before its options: flowpeek {0} [OPTIONS] ...")]
    LateCommand(String),
    #[error("{0} is an option of flowpeek report: flowpeek report {0} ... [FILE]...")]
    OfReport(String),
    #[error(
        "{0} is an option of the browser, and not of flowpeek report: flowpeek {0} ... [FILE]..."
    )]
    OfBrowser(String),
    #[error("the filter, the order or the groups ask for names of hosts, and -n forbids that")]
    NoNames,
    #[error("{file}:{line}: {mistake}")]
    Config {
        file: String,
        line: usize,
        mistake: String,
    },
    #[error("{0}")]
    Setting(String),
    #[error("{file}: no line of it could be read (first: {site}: {reason})")]
    AllRejected {
        file: String,
        site: String,
        reason: String,
    },
    #[error("the input takes more memory than it may (--memory, or ulimit -v): stopped at {0}")]
    Memory(String),
    #[error("the input has more rows than there are numbers for, which is about 4.29 billion")]
    Numbers,
    #[error("cannot write: {0}")]
    Output(#[source] io::Error),
    #[error("cannot browse: {0}")]
    Browser(#[source] io::Error),
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
        stderr::tell(&self.to_string());
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Failure::Input(_)
            | Failure::Dumb
            | Failure::AllRejected { .. }
            | Failure::Memory(_)
            | Failure::Numbers
            | Failure::Output(_)
            | Failure::Browser(_) => 1,
            Failure::NoInput
            | Failure::Keyboard
            | Failure::LateCommand(_)
            | Failure::OfReport(_)
            | Failure::OfBrowser(_)
            | Failure::NoNames
            | Failure::Config { .. }
            | Failure::Setting(_) => 2,
        }
    }
}
