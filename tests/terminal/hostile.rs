//! Nothing that enters steers the terminal, whatever view it is shown in: every entrance at once,
//! every view, and of all bytes that are written the escape sequences are our own.

use std::collections::BTreeSet;
use std::fs;
use std::time::Duration;

use super::grid::decoded;
use super::harness::{Terminal, flowpeek};

#[path = "../support/hostile.rs"]
mod entrances;

use entrances::{Entrances, file_name, payload, stray};

/// What is typed, one step a line; every step is looked at.
const WALK: &[&str] = &[
    "1",
    "d",
    "d",
    "d",
    "llllllllllllllllllll",
    "yY",
    "#",
    "=",
    "u",
    "!",
    "u",
    "s",
    // a row whole: the record's fields, the header's
    "\r",
    "\x1b[6~",
    "\x1b[6~",
    "\x1b[6~",
    "\x1b[6~",
    "G",
    "y",
    "\x1b",
    "j\r",
    "G",
    "\x1b",
    "2",
    "d",
    "llllllllllllllllllll",
    "\r",
    "\x1b[6~",
    "G",
    "\x1b",
    "a",
    "3",
    "F",
    "\r",
    "\x1b",
    ":top exporter\r",
    "\r",
    "\x1b",
    ":top src_host,exporter\r",
    "4",
    "t",
    "\x1b[D",
    "\r",
    "u",
    "F",
    "z",
    "Z",
    "5",
    "j",
    "j",
    "j",
    "j",
    "j",
    "j",
    "\r",
    "\x1b[6~",
    "\x1b",
    "G",
    "\r",
    "\x1b",
    "k\r",
    "\x1b",
    "k\r",
    "\x1b",
    "k\r",
    "\x1b",
    "k\r",
    "\x1b",
    "1",
    "?",
    "\x1b[6~",
    "\x1b",
    "C",
    "j",
    "\x1b",
    "/",
    "\x1b[A",
    "\x1b[A",
    "\x1b[A",
    "\x1b",
    "/exporter ",
    "\t",
    "\t",
    "\t",
    "\x1b",
    "/service ",
    "\t",
    "\t",
    "\x1b",
    ":filter\r",
    ":filter m-saved\r",
    ":filter n-saved\r",
    "u",
];

/// What has to come to sight, and what nobody may be shown.
const MET: &[&str] = &[
    "m-value",
    "m-flags",
    "m-key",
    "m-header",
    "m-word",
    "m-client",
    "m-formula",
    "m-lone",
    "m-reason",
    "m-line",
    "m-inside",
    "m-named",
    "m-host",
    "m-history",
    "m-saved",
    "m-filter",
    "m-paste",
    "m-command",
    "m-appears",
];
const NEVER: &[&str] = &["n-cache", "n-history"];

/// The sequences that the program writes itself: whether these bytes after ESC are one.
fn is_own(sequence: &str) -> bool {
    let modes = ["1049", "2004", "25", "2026", "1000", "1006"];
    let Some(rest) = sequence.strip_prefix('[') else {
        return sequence == "7" || sequence == "8" || sequence.starts_with("]52;c;");
    };
    let (parameters, last) = rest.split_at(rest.len() - 1);
    let is_list = parameters.chars().all(|c| c.is_ascii_digit() || c == ';');
    match last {
        "h" | "l" => parameters
            .strip_prefix('?')
            .is_some_and(|mode| modes.contains(&mode)),
        "J" => ["", "2"].contains(&parameters),
        "m" | "H" | "A" | "B" | "C" | "D" | "G" | "d" | "K" | "X" | "r" | "S" | "T" => is_list,
        _ => false,
    }
}

/// What of these bytes is neither text nor one of our own sequences.
fn strays(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("whole characters are written");
    let (mut found, mut parts) = (Vec::new(), text.split('\x1b'));
    let mut check = |text: &str| found.extend(stray(&text.replace(['\r', '\n'], "")));
    check(parts.next().unwrap_or_default());
    let mut foreign = Vec::new();
    for part in parts {
        let end = match part.as_bytes().first() {
            Some(b'[') => part[1..]
                .find(|c: char| !matches!(c, '0'..='9' | ';' | '?'))
                .map(|at| at + 2),
            Some(b']') => part.find('\x07').map(|at| at + 1).or(Some(part.len())),
            _ => Some(1),
        };
        let end = end.unwrap_or(part.len()).min(part.len());
        // a string is closed by ESC \
        if part.is_char_boundary(end) && (part.starts_with('\\') || is_own(&part[..end])) {
            check(&part[end..]);
        } else {
            foreign.push(format!("{:?}", part.chars().take(20).collect::<String>()));
        }
    }
    found.extend(foreign);
    found
}

/// A walk, and everything that came to sight on it.
struct Walk {
    terminal: Terminal,
    seen: BTreeSet<String>,
}

impl Walk {
    fn press(&mut self, keys: &str) {
        self.terminal.keys(keys);
        self.terminal
            .rest(Duration::from_millis(500), Duration::from_millis(120));
        let lines = self.terminal.lines();
        assert_eq!(stray(&lines.concat()), None, "after {keys:?}");
        self.seen.extend(lines);
    }

    fn all_keys(&mut self) {
        let pasted = |name: &str| {
            let payload = payload(name).replace('\x1b', "\x1b ");
            format!("\x1b[200~{payload}\x1b[201~")
        };
        for keys in WALK {
            self.press(keys);
        }
        self.press(&format!("/{}", pasted("m-paste")));
        self.press("\r");
        self.press("\x1b");
        self.press(&format!(":{}", pasted("m-command")));
        self.press("\r");
        self.press("5");
    }

    fn has_seen(&self, words: &str) -> bool {
        self.seen.iter().any(|line| line.contains(words))
    }
}

fn open(made: &Entrances, columns: u16, rows: u16) -> Terminal {
    let mut command = flowpeek(&[
        "-p",
        "0",
        "--dns",
        "off",
        "--dns-cache",
        "--follow",
        "--hosts",
    ]);
    command.arg(&made.hosts);
    command.arg("--filter-file");
    command.arg(&made.filter);
    let filter = payload("m-filter").replace('\0', "");
    command.args(["--filter", &format!("not '{filter}'")]);
    command.arg(&made.directory);
    command.arg(&made.file);
    command.env("XDG_STATE_HOME", &made.state);
    command.env("XDG_CACHE_HOME", &made.cache);
    Terminal::spawn(columns, rows, command)
}

/// Goes through all views, and out again.
fn walk(columns: u16, rows: u16) -> Walk {
    let folder = tempfile::tempdir().unwrap();
    let entrances = Entrances::new(folder.path());
    let mut terminal = open(&entrances, columns, rows);
    terminal.wait_for_text("4 of 4 connections");
    let mut walk = Walk {
        terminal,
        seen: BTreeSet::new(),
    };
    let appears = entrances.directory.join(file_name("m-appears"));
    fs::write(appears, entrances::lines(3)).unwrap();
    walk.terminal.wait_for_text("6 of 6 connections");
    walk.all_keys();
    walk.terminal.quit();
    walk
}

#[test]
fn whatever_enters_stays_text_in_every_view() {
    for (columns, rows) in [(140, 36), (80, 24)] {
        let mut missed = Vec::new();
        // a busy machine may draw something too late to be seen before the next key
        for _ in 0..3 {
            missed = check(&walk(columns, rows));
            if missed.is_empty() {
                break;
            }
        }
        assert!(
            missed.is_empty(),
            "{missed:?} never seen at {columns}x{rows}"
        );
    }
}

/// What was not seen. Panics when anything steered the terminal.
fn check(walk: &Walk) -> Vec<&'static str> {
    let shown: Vec<_> = NEVER.iter().filter(|words| walk.has_seen(words)).collect();
    assert!(shown.is_empty(), "{shown:?}");
    assert_eq!(strays(&walk.terminal.bytes), [""; 0]);
    let (copies, others): (Vec<_>, Vec<_>) = walk
        .terminal
        .oddities()
        .iter()
        .cloned()
        .partition(|oddity| oddity.starts_with("clipboard "));
    assert_eq!(others, [""; 0]);
    for copy in &copies {
        let text = decoded(copy.trim_start_matches("clipboard "));
        assert_ne!(text, "hi");
        assert_eq!(stray(&text.replace('\t', "")), None);
    }
    let mut missed: Vec<&str> = MET.to_vec();
    missed.retain(|words| !walk.has_seen(words));
    if copies.len() < 2 {
        missed.push("two copies");
    }
    missed
}

#[test]
fn the_sequences_of_others_are_told_from_ours() {
    assert_eq!(
        strays(b"a\x1b[?1049h\x1b[2J\x1b[38;5;1mb\x1b]52;c;aGk=\x1b\\\r\n"),
        [""; 0]
    );
    for foreign in [
        "\x1b]0;t\x07",
        "\x1b[3J",
        "\x1b[?47h",
        "\x1bc",
        "\x1bP1$q",
        "\u{9b}7m",
        "\u{7}",
        "\u{202e}",
    ] {
        assert_eq!(strays(foreign.as_bytes()).len(), 1, "{foreign:?}");
    }
}
