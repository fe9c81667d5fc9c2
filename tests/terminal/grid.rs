//! The keys of the grid and of its cells, on a real export.

use std::process::Command;

use super::harness::Terminal;
use super::{SAMPLE, commas, reported, rows};

const SIZES: [(u16, u16); 2] = [(120, 36), (80, 24)];

fn open(columns: u16, rows: u16) -> Terminal {
    let mut terminal = Terminal::start(columns, rows, &["-n", SAMPLE]);
    terminal.wait_for_text(" of 1,418 connections");
    terminal
}

/// A field of a connection by its place in the report.
fn told(row: usize, field: &str) -> String {
    match &rows(&[])[row][field] {
        serde_json::Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

fn selected(terminal: &Terminal) -> Option<u16> {
    let screen = terminal.screen();
    (3..screen.size().0.get() - 2)
        .find(|&row| screen.cell(row, 0).is_some_and(vt100::Cell::inverse))
}

#[track_caller]
fn wait_selected(terminal: &mut Terminal, row: u16) {
    for _ in 0..200 {
        if selected(terminal) == Some(row) {
            return;
        }
        terminal.settle(std::time::Duration::from_millis(20));
    }
    panic!("row {row} is not selected but {:?}", selected(terminal));
}

#[test]
fn cells_make_filters_and_the_past_is_walked() {
    for (columns, rows) in SIZES {
        let state = tempfile::tempdir().unwrap();
        let mut terminal = Terminal::keeping_at(columns, rows, state.path(), &["-n", SAMPLE]);
        terminal.wait_for_text(" of 1,418 connections");
        let service = told(0, "service");
        let count = |filter: &str| commas(reported(&["--filter", filter]));
        terminal.keys("l=");
        let same = format!("service \"{service}\"");
        terminal.wait_for("the cell's service", |lines| {
            lines[1].starts_with(&count(&same)) && lines[1].contains("service \"")
        });
        terminal.keys("u!");
        let others = format!("not {same}");
        terminal.wait_for("every other one", |lines| {
            lines[1].starts_with(&count(&others))
        });
        terminal.keys("[");
        terminal.wait_for("the one before", |lines| {
            lines[1].starts_with(&count(&same))
        });
        terminal.keys("]");
        terminal.wait_for("the later one", |lines| {
            lines[1].starts_with(&count(&others))
        });
        terminal.keys("]");
        terminal.wait_for("none", |lines| {
            lines[1].starts_with("796 ") && !lines[1].contains("filter")
        });
        terminal.quit();
        // the next run knows them
        let mut terminal = Terminal::keeping_at(columns, rows, state.path(), &["-n", SAMPLE]);
        terminal.wait_for_text(" of 1,418 connections");
        terminal.keys("[");
        terminal.wait_for("the last run's", |lines| {
            lines[1].starts_with(&count(&others))
        });
    }
}

#[test]
fn rows_like_the_cell_are_found() {
    for (columns, rows) in SIZES {
        let mut terminal = open(columns, rows);
        // the kerberos connections among the first
        let services: Vec<String> = (0..12).map(|row| told(row, "service")).collect();
        let places: Vec<u16> = (4u16..)
            .zip(&services)
            .filter(|(_, service)| *service == "kerberos")
            .map(|(row, _)| row)
            .collect();
        terminal.keys(&format!("l{}#", "j".repeat(usize::from(places[0]) - 4)));
        wait_selected(&mut terminal, places[1]);
        terminal.keys("nn");
        wait_selected(&mut terminal, places[3]);
        terminal.keys("N");
        wait_selected(&mut terminal, places[2]);
        terminal.keys("gN");
        terminal.wait_for_text("no more \"kerberos\" above; n looks below");
        assert!(
            terminal.lines()[1].starts_with("796 of 1,418"),
            "none is hidden"
        );
    }
}

/// What base64 stands for, as the system's tool reads it.
pub fn decoded(base64: &str) -> String {
    let out = Command::new("sh")
        .args(["-c", "printf %s \"$1\" | base64 -d", "sh", base64])
        .output();
    String::from_utf8(out.unwrap().stdout).unwrap()
}

#[test]
fn cell_and_row_go_to_the_clipboard() {
    let mut terminal = open(80, 24);
    terminal.keys("lly");
    terminal.wait_for_text("copied \"");
    terminal.keys("Y");
    terminal.wait_for_text("copied the row");
    let [cell, row] = terminal.oddities() else {
        panic!("{:?}", terminal.oddities())
    };
    let text = |oddity: &str| decoded(oddity.strip_prefix("clipboard ").unwrap());
    assert_eq!(text(cell), told(0, "src_addr"));
    let row = text(row);
    let cells: Vec<&str> = row.split('\t').collect();
    for (place, field) in [
        (1, "service"),
        (2, "src_addr"),
        (3, "dst_addr"),
        (4, "bytes"),
        (5, "packets"),
    ] {
        assert_eq!(cells[place], told(0, field), "{field}");
    }
}

#[test]
fn columns_are_chosen_resized_and_moved() {
    for (columns, rows) in SIZES {
        let mut terminal = open(columns, rows);
        let at = |lines: &[String], name: &str| lines[3].find(name);
        let source = at(&terminal.lines(), "Source").unwrap();
        terminal.keys("l>>>");
        terminal.wait_for("a wider one", |lines| {
            at(lines, "Source") == Some(source + 3)
        });
        terminal.keys("<<<");
        terminal.wait_for("as before", |lines| at(lines, "Source") == Some(source));
        terminal.keys("L");
        terminal.wait_for("moved right", |lines| {
            at(lines, "Source") < at(lines, "Service")
        });
        terminal.keys("HH");
        terminal.wait_for("moved left", |lines| lines[3].starts_with("Service"));
        terminal.keys("C");
        terminal.wait_for_text("[x] Service");
        terminal.keys(" ");
        terminal.wait_for_text("[ ] Service");
        terminal.keys("\r");
        terminal.wait_for("it is gone", |lines| {
            lines[3].contains("Source") && !lines[3].contains("Service")
        });
        terminal.keys("C\x1b");
        terminal.wait_for("the table again", |lines| lines[3].contains("Source"));
        terminal.keys(&"l".repeat(20));
        terminal.wait_for("the last column beside the first", |lines| {
            lines[3].contains("Ver") && lines[3].trim_start().starts_with("Start")
        });
        terminal.quit();
    }
}

#[test]
fn space_is_a_page_and_the_place_is_told() {
    let mut terminal = open(80, 24);
    terminal.wait_for("the first row", |lines| {
        lines[22].trim_end().ends_with("row 1/796  0%")
    });
    terminal.keys(" ");
    terminal.wait_for_text("row 19/796  2%");
    terminal.keys("G");
    terminal.wait_for_text("row 796/796  100%");
}

#[test]
fn the_mouse_is_the_terminals_until_m() {
    let on = b"\x1b[?1000h";
    let has = |terminal: &Terminal| terminal.bytes.windows(on.len()).any(|bytes| bytes == on);
    for (columns, rows) in SIZES {
        let mut terminal = open(columns, rows);
        assert!(!has(&terminal));
        // the report of a click that nobody asked for
        terminal.keys("\x1b[<0;10;10M\x1b[<0;10;10m");
        terminal.keys("m");
        terminal.wait_for_text("the mouse is on");
        assert!(has(&terminal));
        assert_eq!(selected(&terminal), Some(4));
        terminal.keys("\x1b[<65;10;10M");
        wait_selected(&mut terminal, 7);
        terminal.keys("\x1b[<64;10;10M");
        wait_selected(&mut terminal, 4);
        terminal.keys("\x1b[<0;10;10M\x1b[<0;10;10m");
        wait_selected(&mut terminal, 9);
        let bytes = terminal.lines()[3].find("Bytes").unwrap() + 1;
        terminal.keys(&format!("\x1b[<0;{bytes};4M"));
        terminal.wait_for("sorted", |lines| lines[3].contains("Bytesv"));
        terminal.keys("m");
        terminal.wait_for_text("the mouse is off");
        terminal.keys("mq");
        assert_eq!(terminal.wait_exit(), 0);
        terminal.assert_restored();
        assert_eq!(
            terminal.screen().mouse_protocol_mode(),
            vt100::MouseProtocolMode::None
        );
    }
}

#[test]
fn text_is_pasted_into_the_command_line() {
    let mut terminal = open(80, 24);
    terminal.keys(":\x1b[200~filter\x1b]0;x\u{7}\n nosuch\x1b[201~");
    terminal.wait_for("the line", |lines| {
        lines[22].starts_with(":filter]0;x  nosuch")
    });
    terminal.keys("\x15filter nosuch\r");
    terminal.wait_for_text("no filter is called nosuch");
    assert!(terminal.oddities().is_empty());
}
