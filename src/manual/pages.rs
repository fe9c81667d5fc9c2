//! The man pages: what clap knows of the options, and around it sections.

use std::io;

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::sections::{self, Section};
use crate::cli::Manual;

/// The day of the newest release in the changelog.
const RELEASED: &str = "2026-11-24";

/// What stands behind the options.
const FLOWPEEK: &[Section] = &[
    ("COMMANDS", sections::commands),
    ("KEYS", sections::keys),
    ("COMMAND LINE OF THE BROWSER", sections::typed),
    ("FILTER LANGUAGE", sections::filter),
    ("EXIT STATUS", sections::exits),
    ("ENVIRONMENT", sections::environment),
    ("FILES", sections::files),
    ("EXAMPLES", sections::browsing),
    ("SEE ALSO", sections::see_report),
];

const REPORT: &[Section] = &[
    ("GROUPS", sections::groups),
    ("FIELDS", sections::fields),
    ("EXIT STATUS", sections::exits),
    ("EXAMPLES", sections::reporting),
    ("SEE ALSO", sections::see_flowpeek),
];

/// A page as groff and mandoc read it.
///
/// # Errors
/// None in practice: it is written to memory.
pub fn man(page: Manual, mut command: Command) -> io::Result<Vec<u8>> {
    command.build();
    let version = command.get_version().unwrap_or_default().to_owned();
    let (command, usage, more) = match page {
        Manual::Flowpeek => (command, sections::USAGE, FLOWPEEK),
        Manual::FlowpeekReport => {
            let report = command.find_subcommand("report").cloned();
            (report.unwrap_or(command), &sections::USAGE[1..2], REPORT)
        }
    };
    let man = Man::new(command.clone())
        .date(RELEASED)
        .source(format!("flowpeek {version}"))
        .manual("User Commands");
    let mut out = Vec::new();
    man.render_title(&mut out)?;
    man.render_name_section(&mut out)?;
    synopsis(usage).to_writer(&mut out)?;
    man.render_description_section(&mut out)?;
    man.render_options_section(&mut out)?;
    for (title, write) in more {
        let mut roff = Roff::new();
        roff.control("SH", [*title]);
        write(&mut roff, &command);
        roff.to_writer(&mut out)?;
    }
    Ok(out)
}

fn synopsis(usage: &[(&str, &str)]) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    for (at, (name, arguments)) in usage.iter().enumerate() {
        if at > 0 {
            roff.control("br", []);
        }
        roff.text([bold(*name), roman(format!(" {arguments}"))]);
    }
    roff
}
