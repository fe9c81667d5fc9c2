//! Nothing of any input steers the terminal that a report or an error is printed on, and nothing
//! of it runs in a spreadsheet.

use crate::hostile;
use crate::support;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Command;
use std::time::Duration;

use flowpeek::model::text::is_printable;
use flowpeek::tui::update::quote::quoted;
use hostile::{Entrances, file_name, payload, stray};
use support::{Promise, Run, skip};

fn run(entrances: &Entrances, args: &[OsString]) -> Run {
    let mut command = support::command();
    command
        .args(args)
        .env("XDG_STATE_HOME", &entrances.state)
        .env("XDG_CACHE_HOME", &entrances.cache);
    support::run(command, b"", Duration::from_secs(60))
}

fn words(text: &str) -> Vec<OsString> {
    text.split(' ').map(OsString::from).collect()
}

#[track_caller]
fn assert_clean(run: &Run, args: &[OsString]) {
    for bytes in [&run.stdout, &run.stderr] {
        let text = std::str::from_utf8(bytes).expect("the output is UTF-8");
        assert_eq!(stray(text), None, "of {args:?}");
    }
}

/// Arguments of reports, with what of the input has to stand in them.
const REPORTS: &[(&str, &str)] = &[
    ("--format analyzer", "(10.1.0.47)"),
    ("--format analyzer-0.12 -v", "(10.1.0.47)"),
    ("--format csv", "m-client"),
    ("--format csv --show unmatched", "m-lone"),
    ("--format csv --show rejects", "m-reason"),
    ("--format csv --show summary", "rejected_lines"),
    ("--format json", "m-client"),
    ("--format json --show rejects", "m-reason"),
    ("--format ndjson --show rejects", "m-named"),
    ("--format ndjson --show unmatched", "m-lone"),
    ("--show rejects", "m-reason"),
    ("--top exporter", "m-client"),
    ("--top exporter --format csv", "m-client"),
    ("--top src_host --format json", "m-host"),
    ("--top exporter --timeline 1m", "m-client"),
    ("--top exporter --timeline 1m --format csv", "m-client"),
];

#[test]
fn no_report_steers_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let entrances = Entrances::new(folder.path());
    for (options, shown) in REPORTS {
        let mut args = words(&format!(
            "report -p 0 --dns-cache --dns off {options} --hosts"
        ));
        args.extend([entrances.hosts.clone().into(), "--filter-file".into()]);
        args.extend([entrances.filter.clone().into(), "--filter".into()]);
        args.extend([OsString::from(format!(
            "not '{}'",
            payload("m-filter").replace('\0', "")
        ))]);
        args.extend([entrances.directory.clone(), entrances.file.clone()].map(OsString::from));
        let run = run(&entrances, &args);
        assert_eq!(run.status, Some(0), "{args:?}: {}", run.errors());
        assert!(run.text().contains(shown), "{args:?}: {}", run.text());
        assert!(run.errors().contains("rejected"), "{}", run.errors());
        assert_clean(&run, &args);
    }
}

/// The cells of CSV as RFC 4180 has them.
fn cells(text: &str) -> Vec<String> {
    let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | '\n' if !quoted => cells.push(std::mem::take(&mut cell)),
            _ => cell.push(c),
        }
    }
    cells
}

#[test]
fn no_cell_is_a_formula_wherever_a_spreadsheet_cuts() {
    let folder = tempfile::tempdir().unwrap();
    let entrances = Entrances::new(folder.path());
    let mut met = 0;
    for (options, _) in REPORTS
        .iter()
        .filter(|(options, _)| options.contains("csv"))
    {
        let mut args = words(&format!("report -n -p 0 {options}"));
        args.extend([entrances.directory.clone(), entrances.file.clone()].map(OsString::from));
        let text = run(&entrances, &args).text().to_owned();
        let by_semicolon = text.split([';', '\n']).map(|cell| cell.replace('"', ""));
        for cell in cells(&text).into_iter().chain(by_semicolon) {
            met += usize::from(cell.starts_with("'=") || cell.starts_with("'@"));
            let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@']);
            let is_number = cell
                .split([',', ';'])
                .next()
                .unwrap()
                .parse::<f64>()
                .is_ok();
            assert!(!is_formula || is_number, "{cell:?} of {args:?}");
        }
    }
    assert!(met > 3, "{met}");
}

#[test]
fn no_error_steers_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let entrances = Entrances::new(folder.path());
    let hostile = |before: &str| {
        let mut text = OsString::from(before);
        text.push(file_name("m-argument"));
        text
    };
    let empty = folder.path().join(file_name("m-empty"));
    std::fs::create_dir(&empty).unwrap();
    let foreign = folder.path().join(file_name("m-foreign"));
    std::fs::write(&foreign, b"\xff\xd8\xff\xe0").unwrap();
    let rejected = folder.path().join(file_name("m-rejected"));
    std::fs::write(&rejected, format!("{{\"{}\": 1}}\n", "x\u{1b}[3J")).unwrap();
    let after = |option: &str| vec![OsString::from(option), hostile("")];
    for args in [
        vec![hostile("")],
        vec![hostile("--")],
        vec![hostile("-")],
        after("--hosts"),
        after("--filter"),
        after("--filter-file"),
        after("--sort"),
        after("--top"),
        after("--timeline"),
        after("--format"),
        after("--tolerance"),
        after("--match-host"),
        after("help"),
        vec![empty.into()],
        vec![foreign.into()],
        vec![rejected.into()],
    ] {
        for command in [&["report"][..], &[]] {
            let command = command.iter().map(OsString::from);
            let args: Vec<OsString> = command.chain(args.iter().cloned()).collect();
            let run = run(&entrances, &args);
            assert!(matches!(run.status, Some(1 | 2)), "{args:?}");
            assert!(run.errors().len() > 20, "{args:?}: {}", run.errors());
            assert_clean(&run, &args);
        }
    }
    // where names are kept cannot be written
    let mut command = support::command();
    let file = folder.path().join(file_name("m-file"));
    std::fs::write(&file, "").unwrap();
    command.args(["report", "-n", "assets/sample.gz"]);
    command.env("XDG_CACHE_HOME", &file);
    command.args([OsStr::new("--dns-cache")]);
    let run = support::run(command, b"", Duration::from_secs(60));
    assert!(
        run.errors().contains("names cannot be kept"),
        "{}",
        run.errors()
    );
    assert_clean(&run, &[]);
}

#[test]
fn a_shell_reads_what_was_meant_by_a_command_line_that_is_shown() {
    let words: [&[u8]; 9] = [
        b"a.gz",
        b"",
        b"it's $HOME `id` \"x\" \\ ! *",
        b"\x1b[2J\n7\x07",
        b"\xff\xfe7",
        "gr\u{f6}\u{df}e \u{202e}".as_bytes(),
        b"~/x",
        b"port in [80, 443]",
        b"'\n'",
    ];
    for word in words {
        let word = OsStr::from_bytes(word);
        let typed = quoted(word);
        assert!(typed.chars().all(is_printable), "{typed:?}");
        // $'...' is bash's, and by now POSIX's
        let script = format!("printf %s {typed}");
        let Ok(output) = Command::new("bash").args(["-c", &script]).output() else {
            return skip(Promise::Gate, "bash is not there");
        };
        assert_eq!(output.stdout, word.as_bytes(), "{typed}");
    }
}
