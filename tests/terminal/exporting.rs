//! What a view shows goes to a file, and the command line that `:cmd` tells prints the same; keys
//! and columns of one's own.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::SAMPLE;
use super::harness::{PATIENCE, Terminal, flowpeek};
use super::support::in_fixed_environment;

const ALL: &str = "of 1,418 connections";

/// Waits until something outside of the terminal is so.
fn wait_until(is_so: impl Fn() -> bool) {
    let due = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < due, "it never came to be");
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn save(terminal: &mut Terminal, path: &Path) {
    terminal.keys(&format!(":w {}\r", path.display()));
    // a file that is there is whole
    wait_until(|| path.exists());
    terminal.wait_for_text(" written");
}

/// What the shell prints for the command line that the terminal was told to copy.
fn printed(terminal: &mut Terminal) -> String {
    terminal.keys(":cmd\r");
    terminal.wait_for_text("The same from the command line");
    let copied = terminal
        .oddities()
        .last()
        .unwrap()
        .strip_prefix("clipboard ");
    let bytes = decoded(copied.unwrap());
    let line = String::from_utf8(bytes).unwrap();
    terminal.keys("\x1b");
    let line = line.replacen("flowpeek", env!("CARGO_BIN_EXE_flowpeek"), 1);
    let mut shell = in_fixed_environment(Command::new("bash"));
    shell
        .args(["-c", &line])
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    // what is set on this machine changes nothing
    shell.env("FLOWPEEK_PACKETS", "77");
    let out = shell.output().unwrap();
    assert!(
        out.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&out.stderr)
    );
    String::from_utf8(out.stdout).unwrap()
}

/// Base64, as OSC 52 has it.
fn decoded(text: &str) -> Vec<u8> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => c - b'A',
        b'a'..=b'z' => c - b'a' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|&c| c != b'=').map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let whole = four.iter().fold(0u32, |sum, &d| sum << 6 | u32::from(d));
        let whole = whole << (6 * (4 - four.len()));
        whole.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}

#[test]
fn the_command_line_prints_what_was_written() {
    let folder = tempfile::tempdir().unwrap();
    // a name that a shell and a terminal would take for something else
    let input = folder.path().join("it's $HOME\x1b[2J.gz");
    fs::copy(super::path(SAMPLE), &input).unwrap();
    let mut terminal = Terminal::start(100, 30, &["-n", input.to_str().unwrap()]);
    terminal.wait_for_text(ALL);
    let views = [
        ("-/port in [53, 443] and bytes > 100\r", ">= 5"),
        ("lllls", "Bytesv]"),
        ("oS", "Bytes^]"),
        ("2", "unmatched flows"),
        ("3", "groups by host"),
        (":top src_addr,service\r", " by src_addr, service"),
        ("4", "over time"),
        ("F", "by src_addr"),
        ("5", "Exporters"),
        ("G", "Exporters"),
    ];
    for (number, (keys, seen)) in views.into_iter().enumerate() {
        terminal.keys(keys);
        terminal.wait_for_text(seen);
        terminal.settle(Duration::from_millis(300));
        let path = folder.path().join(format!("{number}.csv"));
        save(&mut terminal, &path);
        let written = fs::read_to_string(&path).unwrap();
        assert!(written.lines().count() > 1, "{keys}: {written}");
        assert_eq!(printed(&mut terminal), written, "{keys}");
        terminal.settle(Duration::from_millis(300));
    }
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, views.len() + 1, "nothing lies about");
}

#[test]
fn a_file_is_written_over_only_when_that_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.ndjson");
    fs::write(&path, "mine").unwrap();
    let mut terminal = Terminal::start(100, 24, &["-n", "--filter", "port 53", SAMPLE]);
    terminal.wait_for_text(ALL);
    let ask = format!(":w {}\r", path.display());
    terminal.keys(&ask);
    terminal.wait_for_text("y writes over it");
    terminal.keys("n");
    terminal.wait_for_text("as it was");
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    terminal.keys(&ask);
    terminal.wait_for_text("y writes over it");
    terminal.keys("y");
    terminal.wait_for_text("1 row written");
    let rows = fs::read_to_string(&path).unwrap();
    assert_eq!(
        rows.lines().count(),
        super::reported(&["--filter", "port 53"])
    );
    assert!(rows.lines().all(|line| line.starts_with("{\"start\"")));
    fs::write(&path, "mine").unwrap();
    terminal.keys(&ask.replace(":w ", ":w! "));
    wait_until(|| fs::read_to_string(&path).unwrap() != "mine");
    assert_eq!(fs::read_to_string(&path).unwrap(), rows);
    // it has to be told too: one file is written at a time
    terminal.settle(Duration::from_millis(500));
    terminal.wait_for_text("1 row written");
    for (name, words) in [
        ("x.txt", ".csv, .json"),
        ("d/x.csv", "x.csv: there is no directory"),
        ("", ".csv, .json"),
    ] {
        terminal.keys(&format!(":w {}\r", folder.path().join(name).display()));
        terminal.wait_for_text(words);
    }
    // of several that are missing the first is named
    terminal.keys(":w src/no/such/x.csv\r");
    terminal.wait_for("the first missing directory", |lines| {
        let end = "there is no directory src/no";
        lines.iter().any(|line| line.trim_end().ends_with(end))
    });
    fs::create_dir(folder.path().join("d.csv")).unwrap();
    terminal.keys(&format!(":w! {}\r", folder.path().join("d.csv").display()));
    terminal.wait_for_text("no regular file");
}

#[test]
fn columns_are_as_they_were_left() {
    let state = tempfile::tempdir().unwrap();
    let mut first = Terminal::keeping(state.path(), &["-n", SAMPLE]);
    first.wait_for_text("Start Service");
    first.keys("L");
    first.wait_for_text("Service               Start");
    first.quit();
    let mut second = Terminal::keeping(state.path(), &["-n", SAMPLE]);
    second.wait_for_text("Service               Start");
    second.keys(":columns\rq");
    assert_eq!(second.wait_exit(), 0);
    // what is damaged is no hindrance
    let kept = state.path().join("flowpeek/columns");
    fs::write(&kept, b"Connections nonsense \xff\nUnmatched\n\0\0").unwrap();
    let mut third = Terminal::keeping(state.path(), &["-n", SAMPLE]);
    third.wait_for_text(ALL);
    third.wait_for_text("Service");
}

#[test]
fn keys_of_ones_own_do_what_they_say_and_are_shown() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, "[keys]\nhelp = ['X', 'F1']\nquit = 'Ctrl-x'\n").unwrap();
    let command = flowpeek(&["-n", "--config", file.to_str().unwrap(), SAMPLE]);
    let mut terminal = Terminal::spawn(100, 24, command);
    terminal.wait_for_text("X help  Ctrl-x quit");
    terminal.keys("q?");
    terminal.answer();
    terminal.keys("X");
    terminal.wait_for_text("move by a row");
    terminal.keys("\x1b\x18");
    assert_eq!(terminal.wait_exit(), 0);
}

/// The screen lists the first 10,000 of very many groups; a file has all of them.
#[test]
fn a_file_has_all_groups_of_very_many() {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("many.json");
    let flow = |from: u32, to: u32| {
        let [from, to] = [from, to].map(|end| std::net::Ipv4Addr::from(0x0a00_0000 + end));
        format!(
            "{{\"IPV4_SRC_ADDR\":\"{from}\",\"IPV4_DST_ADDR\":\"{to}\",\"IN_BYTES\":{},\"IN_PKTS\":20,\
             \"PROTOCOL\":17,\"L4_SRC_PORT\":9,\"L4_DST_PORT\":9,\"FIRST_SWITCHED\":5}}",
            u32::from(to) % 1000 + 1
        )
    };
    let pairs =
        (0..6000).flat_map(|pair| [flow(2 * pair, 2 * pair + 1), flow(2 * pair + 1, 2 * pair)]);
    let flows: Vec<String> = pairs.collect();
    let line = format!(
        "{{\"1700000000.5\":{{\"client\":[\"192.0.2.1\",9],\"flows\":[{}]}}}}\n",
        flows.join(",")
    );
    fs::write(&input, line).unwrap();
    let mut terminal = Terminal::start(100, 24, &["-n", input.to_str().unwrap()]);
    terminal.wait_for_text("6,000 connections");
    terminal.keys("3");
    terminal.wait_for_text("12,000 groups by host");
    let path = folder.path().join("all.csv");
    save(&mut terminal, &path);
    let written = fs::read_to_string(&path).unwrap();
    assert_eq!(written.lines().count(), 1 + 12_000);
    assert_eq!(printed(&mut terminal), written);
}
