//! Sorting by the column under the cursor orders the rows as the report does,
//! on the first screen and on the last.

use serde_json::Value;

use super::harness::Terminal;
use super::{SAMPLE, rows};

/// Addresses that are never cut short.
const FILTER: &str = "ipv4";
/// A column's place, its header, and the report's word for it.
const COLUMNS: [(usize, &str, &str); 6] = [
    (0, "Start", "start"),
    (1, "Service", "service"),
    (2, "Source", "src_addr"),
    (3, "Destination", "dst_addr"),
    (5, "Pkts", "packets"),
    (6, "Duration", "duration_ms"),
];

/// Source and destination of every connection, in the report's order.
fn expected(field: &str, descending: bool) -> Vec<[String; 2]> {
    let order = if descending { "desc" } else { "asc" };
    let sort = format!("{field}:{order}");
    let rows = rows(&["--sort", &sort, "--filter", FILTER]);
    let text = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| ["src_addr", "dst_addr"].map(|key| text(row, key)))
        .collect()
}

/// Source and destination of the rows on the screen.
fn on_screen(lines: &[String]) -> Vec<[String; 2]> {
    let begins = ["Source", "Destination"].map(|header| lines[3].find(header).unwrap());
    let cell = |line: &str, begin: usize| {
        let rest: String = line.chars().skip(begin).collect();
        rest.split_whitespace().next().unwrap_or("").to_owned()
    };
    let rows = &lines[4..lines.len() - 2];
    rows.iter()
        .map(|line| begins.map(|begin| cell(line, begin)))
        .collect()
}

/// The direction that the status line tells.
fn descending(lines: &[String], header: &str) -> Option<bool> {
    let mark = lines[1].split(&format!("[by {header}")).nth(1)?;
    Some(mark.starts_with('v'))
}

#[test]
fn every_column_sorts_as_the_report_does() {
    for (place, header, field) in COLUMNS {
        let mut terminal = Terminal::start(120, 36, &["-n", "--filter", FILTER, SAMPLE]);
        terminal.wait_for("the table", |lines| {
            !lines[0].contains("loading") && lines[1].contains(" of 1,4")
        });
        let orders = [true, false].map(|descending| expected(field, descending));
        let order = |falling: bool| &orders[usize::from(!falling)];
        terminal.keys(&"l".repeat(place));
        let mut directions = Vec::new();
        for key in ["s", "S"] {
            let before = directions.last().copied();
            terminal.keys(key);
            terminal.wait_for(&format!("the first rows by {field}"), |lines| {
                let now = descending(lines, header);
                now != before && order(now == Some(true)).starts_with(&on_screen(lines))
            });
            directions.push(descending(&terminal.lines(), header).unwrap());
            let order = order(*directions.last().unwrap());
            terminal.keys("G");
            terminal.wait_for(&format!("the last rows by {field}"), |lines| {
                order.ends_with(&on_screen(lines))
            });
            terminal.keys("g");
        }
        assert_ne!(directions[0], directions[1], "{field} does not turn round");
    }
}

#[test]
fn the_header_of_the_sorted_column_is_whole_and_marked() {
    for (columns, rows) in [(120, 36), (80, 24)] {
        let mut terminal = Terminal::start(columns, rows, &["-n", SAMPLE]);
        terminal.wait_for_text(" of 1,4");
        for (place, header, field) in COLUMNS {
            terminal.keys(&format!("{}{}s", "h".repeat(9), "l".repeat(place)));
            let marks = ["v", "^"].map(|mark| format!("{header}{mark}"));
            terminal.wait_for(&format!("{field} marked at {columns}"), |lines| {
                marks.iter().any(|mark| lines[3].contains(mark))
            });
        }
    }
}
