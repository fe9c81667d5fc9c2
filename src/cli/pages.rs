//! Commands that print a page and end.

use clap::{Subcommand, ValueEnum};
use clap_complete::Shell;

use super::choices::Topic;

/// What to print.
#[derive(Subcommand)]
pub enum Page {
    /// Explain the filter language (help filter), the report, or the options
    Help {
        /// What to explain
        #[arg(value_enum, value_name = "TOPIC")]
        topic: Option<Topic>,
    },
    /// Print a script with which a shell completes options and files
    Completions {
        /// The shell
        #[arg(value_enum, value_name = "SHELL")]
        shell: Shell,
    },
    /// Print a man page; flowpeek man | man -l - shows it
    Man {
        /// Which one
        #[arg(value_enum, value_name = "PAGE", default_value = "flowpeek")]
        page: Manual,
    },
}

/// The man pages.
#[derive(Clone, Copy, ValueEnum)]
pub enum Manual {
    /// flowpeek(1)
    Flowpeek,
    /// flowpeek-report(1)
    FlowpeekReport,
}
