//! The five tasks of the README, done as it says: its table is read, its keys are
//! pressed, its commands are run, and both are held to sums made here.

use std::collections::HashMap;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::harness::Terminal;
use super::support::in_fixed_environment;
use super::{SAMPLE, commas, path, rows};

/// A task: the question, the keys and the command.
struct Task {
    keys: Vec<String>,
    command: String,
}

/// The row of the README's table with this question.
fn task(question: &str) -> Task {
    let readme = std::fs::read_to_string(path("README.md")).unwrap();
    let row = readme
        .lines()
        .find(|line| line.starts_with(&format!("| {question}")))
        .unwrap_or_else(|| panic!("no task {question}"));
    let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
    let code = |cell: &str| -> Vec<String> {
        let parts = cell.split('`').skip(1).step_by(2);
        parts.map(str::to_owned).collect()
    };
    let keys = code(cells[1]).into_iter().map(|key| match &*key {
        "Enter" => "\r".to_owned(),
        _ => key,
    });
    Task {
        keys: keys.collect(),
        command: code(cells[2]).concat(),
    }
}

impl Task {
    /// A browser in which its keys were pressed.
    fn browse(&self) -> Terminal {
        let mut terminal = Terminal::start(120, 36, &["-n", "--utc", SAMPLE]);
        terminal.wait_for_text(" of 1,418 connections");
        // a person looks at what came
        for keys in &self.keys {
            terminal.keys(keys);
            terminal.settle(Duration::from_millis(400));
        }
        terminal
    }

    /// What its command prints; the program need not be installed.
    fn report(&self, folder: &std::path::Path) -> String {
        let own = env!("CARGO_BIN_EXE_flowpeek");
        assert!(
            self.command.starts_with("flowpeek report "),
            "{}",
            self.command
        );
        let command = self
            .command
            .replace("flowpeek report", &format!("{own} report"));
        let out = in_fixed_environment(Command::new("sh"))
            .args([
                "-c",
                &command.replace(SAMPLE, path(SAMPLE).to_str().unwrap()),
            ])
            .current_dir(folder)
            .output()
            .unwrap();
        assert!(out.status.success(), "{out:?}");
        String::from_utf8(out.stdout).unwrap()
    }

    fn print(&self) -> String {
        self.report(&path(""))
    }
}

/// What has most octets, of what these rows are of.
fn greatest<'a>(rows: &'a [Value], of: impl Fn(&'a Value) -> Vec<&'a str>) -> Vec<&'a str> {
    let mut sums: HashMap<&str, u64> = HashMap::new();
    for row in rows {
        for key in of(row) {
            *sums.entry(key).or_default() += row["bytes"].as_u64().unwrap();
        }
    }
    let most = *sums.values().max().unwrap();
    let first = sums.into_iter().filter(|(_, sum)| *sum == most);
    first.map(|(key, _)| key).collect()
}

/// Both ends, or the one that speaks to itself.
fn hosts(row: &Value) -> Vec<&str> {
    let mut hosts = ["src_addr", "dst_addr"]
        .map(|key| row[key].as_str().unwrap())
        .to_vec();
    hosts.dedup();
    hosts
}

/// The first line below a heading.
fn below<'a>(lines: &'a [String], heading: &str) -> &'a str {
    let at = lines.iter().position(|line| line.starts_with(heading));
    at.map_or("", |at| &lines[at + 1])
}

#[test]
fn who_used_the_most() {
    let rows = rows(&[]);
    let most = greatest(&rows, hosts);
    let task = task("Who used the most?");
    let is_first = |lines: &[String]| {
        let first = below(lines, "Host ").split_whitespace().next();
        first.is_some_and(|host| most.contains(&host))
    };
    task.browse().wait_for("the greatest host", is_first);
    let printed: Vec<String> = task.print().lines().map(str::to_owned).collect();
    assert!(is_first(&printed), "{printed:?}");
}

#[test]
fn what_is_this_host_doing() {
    let mut rows = rows(&[]);
    rows.retain(|row| hosts(row).contains(&"10.0.0.1"));
    let most = greatest(&rows, |row| vec![row["service"].as_str().unwrap()]);
    let task = task("What is this host doing?");
    let of = format!("of {} connections", rows.len());
    let mut terminal = task.browse();
    terminal.wait_for("its greatest service", |lines| {
        lines[1].contains(&of) && below(lines, "Service ").starts_with(most[0])
    });
    let printed: Vec<String> = task.print().lines().map(str::to_owned).collect();
    assert!(
        below(&printed, "Service ").starts_with(most[0]),
        "{printed:?}"
    );
}

#[test]
fn what_happened_at_some_time() {
    let mut rows = rows(&[]);
    let minute = "2023-11-14T22:24";
    rows.retain(|row| {
        let [start, end] = ["start", "end"].map(|key| &row[key].as_str().unwrap()[..minute.len()]);
        start <= minute && end >= minute
    });
    assert!(rows.len() > 300);
    let task = task("What happened at 22:24?");
    let count = format!("{} of 1,418 connections", commas(rows.len()));
    task.browse().wait_for_text(&count);
    // a line of CSV each, and the heading
    assert_eq!(task.print().lines().count(), rows.len() + 1);
}

#[test]
fn why_did_this_not_pair() {
    let mut rows = rows(&["--show", "unmatched"]);
    rows.retain(|row| row["reason"] == "near miss" && row["packets"].as_u64() >= Some(10));
    assert!(rows.len() > 100);
    let task = task("Why did this not pair?");
    let mut terminal = task.browse();
    terminal.wait_for("how near it was", |lines| {
        let near = lines.iter().find(|line| line.starts_with("Nearest"));
        near.is_some_and(|line| line.contains(" ms later") || line.contains(" ms earlier"))
            && lines[1].starts_with(&commas(rows.len()))
    });
    assert_eq!(task.print().lines().count(), rows.len() + 1);
}

#[test]
fn send_me_that_as_csv() {
    let mut rows = rows(&[]);
    rows.retain(|row| row["service"] == "domain");
    let mut task = task("Send me that as CSV");
    let count = format!("{} of 1,418 connections", commas(rows.len()));
    let folder = tempfile::tempdir().unwrap();
    let written = folder.path().join("of-the-browser.csv");
    let write = task.keys.iter_mut().find(|keys| *keys == ":w dns.csv");
    *write.unwrap() = format!(":w {}", written.display());
    let mut browser = task.browse();
    browser.wait_for_text(&count);
    browser.quit();
    assert_eq!(task.report(folder.path()), "");
    let csv = std::fs::read_to_string(folder.path().join("dns.csv")).unwrap();
    assert_eq!(csv.lines().count(), rows.len() + 1);
    assert!(csv.starts_with("start,end,received,"));
    assert_eq!(std::fs::read_to_string(written).unwrap(), csv);
    for (line, row) in csv.lines().skip(1).zip(&rows) {
        let bytes = row["bytes"].to_string();
        assert!(line.contains(row["src_addr"].as_str().unwrap()), "{line}");
        assert!(line.split(',').any(|cell| cell == bytes), "{line}");
    }
}
