//! What the program tells about itself on request: help, completions for
//! shells, and man pages. All of it comes from the command line's definition and
//! from the catalogues, so that no page has to be kept in step by hand.

mod pages;
mod sections;
mod shells;

use std::io;

use clap::Command;

use crate::cli::options::REPORT;
use crate::cli::{Page, Topic, command};
use crate::query::language::help::filter_page;

/// A page as it is printed.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn text(page: &Page) -> io::Result<Vec<u8>> {
    let command = command();
    Ok(match page {
        Page::Help { topic } => help(*topic, command).into_bytes(),
        Page::Completions { shell } => shells::script(*shell),
        Page::Man { page } => pages::man(*page, command)?,
    })
}

fn help(topic: Option<Topic>, mut command: Command) -> String {
    match topic {
        Some(Topic::Filter) => filter_page(),
        Some(Topic::Report) => match command.find_subcommand_mut(REPORT) {
            Some(report) => report.render_long_help().to_string(),
            None => command.render_long_help().to_string(),
        },
        None => command.render_long_help().to_string(),
    }
}
