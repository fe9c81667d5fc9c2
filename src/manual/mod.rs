//! What the program tells about itself on request: help, completions for
//! shells, and man pages. All of it comes from the command line's definition and
//! from the catalogues, so that no page has to be kept in step by hand.

mod pages;
mod sections;

use std::collections::BTreeSet;
use std::io;

use clap::{Arg, Command, ValueHint};

use crate::cli::{Page, Topic, command};
use crate::query::field::FIELDS;
use crate::query::group::by::By;
use crate::query::group::measure::MEASURES;
use crate::query::language::help::filter_page;

/// A page as it is printed.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn text(page: &Page) -> io::Result<Vec<u8>> {
    let command = command();
    Ok(match page {
        Page::Help { topic } => help(*topic, command).into_bytes(),
        Page::Completions { shell } => {
            let mut script = Vec::new();
            let mut command = completed(command);
            clap_complete::generate(*shell, &mut command, "flowpeek", &mut script);
            script
        }
        Page::Man { page } => pages::man(*page, command)?,
    })
}

/// The command line as shells complete it: words where words are expected, and files only
/// where there can be any.
fn completed(command: Command) -> Command {
    let complete = |arg: Arg| {
        let is_file = arg
            .get_value_names()
            .is_some_and(|names| names[0] == "FILE");
        let words: Vec<String> = match arg.get_id().as_str() {
            "top" => By::names(),
            "sort" => orders(),
            _ if is_file => return arg.value_hint(ValueHint::AnyPath),
            _ if arg.get_possible_values().is_empty() => return arg.value_hint(ValueHint::Other),
            _ => return arg,
        };
        arg.value_parser(words)
    };
    let report = |report: Command| report.mut_args(complete);
    command.mut_args(complete).mut_subcommand("report", report)
}

/// What rows and groups can be sorted by.
fn orders() -> Vec<String> {
    let fields = FIELDS.iter().map(|field| field.name);
    let measures = MEASURES.iter().map(|measure| measure.name);
    let all: BTreeSet<&str> = fields.chain(measures).collect();
    all.into_iter().map(str::to_owned).collect()
}

fn help(topic: Option<Topic>, mut command: Command) -> String {
    match topic {
        Some(Topic::Filter) => filter_page(),
        Some(Topic::Report) => match command.find_subcommand_mut("report") {
            Some(report) => report.render_long_help().to_string(),
            None => command.render_long_help().to_string(),
        },
        None => command.render_long_help().to_string(),
    }
}
