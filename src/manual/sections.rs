//! The sections of the man pages, each written from a catalogue.

use clap::Command;
use clap_mangen::roff::{Roff, bold, roman};

use crate::failure::EXITS;
use crate::query::field::FIELDS;
use crate::query::group::groupings::GROUPINGS;
use crate::query::language::help::{EXAMPLES, HEAD, NFDUMP, TAIL};
use crate::query::language::words::WORDS;
use crate::tui::keys::action::KEYS;
use crate::tui::keys::command::COMMANDS;

/// A title, and what writes what stands below it.
pub type Section = (&'static str, fn(&mut Roff, &Command));

/// Ways to call the program: its name and the arguments.
pub const USAGE: &[(&str, &str)] = &[
    ("flowpeek", "[OPTIONS] [FILE]..."),
    ("flowpeek report", "[OPTIONS] [FILE]..."),
    ("flowpeek config", "[OPTIONS]"),
    ("flowpeek help", "[filter|report]"),
    ("flowpeek completions", "SHELL"),
    ("flowpeek man", "[PAGE]"),
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("NO_COLOR", "When it is set, no colours are used."),
    (
        "LC_ALL, LC_CTYPE, LANG",
        "The first that is set says whether the terminal reads UTF-8; else --ascii is taken.",
    ),
    (
        "COLORFGBG",
        "Tells whether the background is dark or light, unless --theme does.",
    ),
    ("TZ", "The zone of times, unless --utc is given."),
    (
        "TMPDIR",
        "Where piped input is copied to, so that the fields of its records can be shown.",
    ),
    (
        "FLOWPEEK_CONFIG, FLOWPEEK_OPTION",
        "A configuration file, and the value of any option with that name, as FLOWPEEK_PACKETS.",
    ),
    (
        "XDG_CONFIG_HOME, XDG_STATE_HOME, XDG_CACHE_HOME",
        "Where files are read from and kept from run to run, see FILES.",
    ),
];

const FILES: &[(&str, &str)] = &[
    (
        "$XDG_CONFIG_HOME/flowpeek/config.toml (~/.config/flowpeek/config.toml)",
        "Options, keys and profiles; flowpeek config prints one.",
    ),
    (
        "$XDG_STATE_HOME/flowpeek (~/.local/state/flowpeek)",
        "Filters of the past, those that have names, and columns.",
    ),
    (
        "$XDG_CACHE_HOME/flowpeek (~/.cache/flowpeek)",
        "Names of hosts, with --dns-cache.",
    ),
    (
        "/etc/services",
        "Names of services; those of IANA's registry are built in.",
    ),
];

const BROWSING: &[(&str, &str)] = &[
    (
        "flowpeek export.gz",
        "A file, several, or a directory of them.",
    ),
    (
        "ssh box cat flows.gz | flowpeek",
        "Whatever comes through a pipe.",
    ),
    (
        "flowpeek --follow /var/flows",
        "And what is appended to its files, as tail -F does.",
    ),
];

const REPORTING: &[(&str, &str)] = &[
    ("flowpeek report export.gz", "The analyzer's list."),
    (
        "flowpeek report --format csv --filter 'service domain' export.gz",
        "Connections to name servers, for a spreadsheet.",
    ),
    (
        "flowpeek report --top src_addr,service export.gz",
        "Who sends most, and what.",
    ),
    (
        "flowpeek report --timeline 5m --format csv export.gz",
        "Traffic over time.",
    ),
];

/// The commands of the program.
pub fn commands(roff: &mut Roff, command: &Command) {
    for command in command.get_subcommands() {
        let about = command.get_about().map(ToString::to_string);
        row(roff, command.get_name(), &about.unwrap_or_default());
    }
}

/// The keys of the browser.
pub fn keys(roff: &mut Roff, _: &Command) {
    for key in KEYS.iter().filter(|key| !key.label.is_empty()) {
        row(roff, key.label, key.help);
    }
}

/// What can be typed after a colon.
pub fn typed(roff: &mut Roff, _: &Command) {
    for command in COMMANDS {
        row(roff, &format!(":{}", command.form), command.help);
    }
}

/// The filter language.
pub fn filter(roff: &mut Roff, _: &Command) {
    prose(roff, HEAD);
    roff.control("SS", ["Tests"]);
    for word in WORDS {
        let also = match word.names {
            [_] | [] => String::new(),
            [_, more @ ..] => format!(" (also {})", more.join(", ")),
        };
        let example = match word.example == word.names[0] {
            true => String::new(),
            false => format!("; {}", word.example),
        };
        row(
            roff,
            &word.usage(),
            &format!("{}{also}{example}", word.help),
        );
    }
    roff.control("SS", ["What stands in them"]);
    prose(roff, TAIL);
    roff.control("SS", ["Examples of filters"]);
    rows(roff, EXAMPLES);
    roff.control("SS", ["For users of nfdump"]);
    prose(roff, NFDUMP);
}

/// What rows can be grouped by.
pub fn groups(roff: &mut Roff, _: &Command) {
    let (top, two) = ("--top", "by two of these at once");
    roff.text([roman(
        "What --top takes, and what the layers of --timeline are made of; with a comma ",
    )]);
    roff.text([roman(format!("between them {top} groups {two}."))]);
    for grouping in GROUPINGS {
        let direction = if grouping.directed { "[dir_]" } else { "" };
        row(
            roff,
            &format!("{direction}{}", grouping.names.join(", ")),
            grouping.help,
        );
    }
}

/// The catalogue of fields.
pub fn fields(roff: &mut Roff, _: &Command) {
    roff.text([roman(
        "What --sort and --filter take, and the names in csv, json and ndjson.",
    )]);
    for field in FIELDS {
        let also = match field.aliases {
            [] => String::new(),
            names => format!(" (also {})", names.join(", ")),
        };
        row(roff, field.name, &format!("{}{also}", field.help));
    }
}

/// With what it ends.
pub fn exits(roff: &mut Roff, _: &Command) {
    rows(roff, EXITS);
}

/// Variables that it looks at.
pub fn environment(roff: &mut Roff, _: &Command) {
    rows(roff, ENVIRONMENT);
}

/// Files that it reads and writes besides its input.
pub fn files(roff: &mut Roff, _: &Command) {
    rows(roff, FILES);
}

/// Examples of the browser.
pub fn browsing(roff: &mut Roff, _: &Command) {
    rows(roff, BROWSING);
}

/// Examples of the report.
pub fn reporting(roff: &mut Roff, _: &Command) {
    rows(roff, REPORTING);
}

/// Where to read on.
pub fn see_report(roff: &mut Roff, _: &Command) {
    roff.text([
        bold("flowpeek-report"),
        roman("(1), "),
        bold("nfdump"),
        roman("(1)"),
    ]);
}

/// Where to read on, from the report.
pub fn see_flowpeek(roff: &mut Roff, _: &Command) {
    roff.text([
        bold("flowpeek"),
        roman("(1), which explains filters, "),
        bold("nfdump"),
        roman("(1)"),
    ]);
}

fn rows(roff: &mut Roff, rows: &[(&str, &str)]) {
    for (term, text) in rows {
        row(roff, term, text);
    }
}

fn row(roff: &mut Roff, term: &str, text: &str) {
    roff.control("TP", []);
    roff.text([bold(term)]);
    roff.text([roman(text)]);
}

/// Text of the help, line by line: paragraphs, lists with dashes, and terms with
/// their explanation beside them.
fn prose(roff: &mut Roff, text: &str) {
    let mut hangs = false;
    for line in text.lines() {
        if let Some(item) = line.strip_prefix("- ") {
            roff.control("IP", ["\\(bu", "2"]);
            roff.text([roman(item)]);
            hangs = true;
        } else if line.is_empty() {
            hangs = true;
        } else if line.starts_with(' ') {
            roff.text([roman(line.trim_start())]);
        } else if let Some((term, text)) = line.split_once("  ") {
            row(roff, term, text.trim_start());
            hangs = true;
        } else {
            if std::mem::take(&mut hangs) {
                roff.control("PP", []);
            }
            roff.text([roman(line)]);
        }
    }
}
