//! From the overview to a connection and back, in a terminal: the top host, its
//! services, one connection, and every selection found again on the way back.

use std::time::Duration;

use super::SAMPLE;
use super::harness::Terminal;

/// The line that is shown in reverse, as text.
fn selected(terminal: &mut Terminal) -> String {
    terminal.settle(Duration::from_millis(200));
    let screen = terminal.screen();
    let (rows, columns) = screen.size();
    let (rows, columns) = (rows.get(), columns.get());
    let is_reversed = |row: u16| {
        (0..columns).all(|column| screen.cell(row, column).is_some_and(vt100::Cell::inverse))
    };
    let row = (2..rows)
        .find(|&row| is_reversed(row))
        .expect("a line is selected");
    screen
        .rows(0, columns)
        .nth(usize::from(row))
        .unwrap()
        .trim_end()
        .to_owned()
}

#[test]
fn overview_host_services_connection_and_back() {
    let mut terminal = Terminal::start(120, 40, &["-n", "--utc", SAMPLE]);
    terminal.wait_for_text("of 1,418 connections");
    terminal.keys("3");
    terminal.wait_for_text("groups by host of 796 connections");
    terminal.keys("jj");
    terminal.wait_for("the third host", |lines| lines[6].starts_with("127.0.0.1 "));
    let host = selected(&mut terminal);
    assert!(host.starts_with("127.0.0.1 "), "{host}");
    terminal.keys("\r");
    terminal.wait_for_text("354 of 1,418 connections");
    terminal.keys("lF");
    terminal.wait_for_text("groups by service of 354 connections");
    terminal.keys("j");
    let service = selected(&mut terminal);
    terminal.keys("\r");
    terminal.wait_for_text("and (service ");
    terminal.wait_for("its rows", |lines| !lines[1].starts_with("354 "));
    let connection = selected(&mut terminal);
    terminal.keys("\r");
    terminal.wait_for_text("Esc back");
    terminal.keys("\x1b");
    terminal.wait_for("the rows again", |lines| lines[1].contains(" of 1,418"));
    assert_eq!(selected(&mut terminal), connection);
    terminal.keys("\x1b");
    terminal.wait_for_text("groups by service of 354 connections");
    assert_eq!(selected(&mut terminal), service);
    terminal.keys("\x1b");
    terminal.wait_for_text("354 of 1,418 connections");
    terminal.keys("\x1b");
    terminal.wait_for_text("groups by host of 796 connections");
    assert_eq!(selected(&mut terminal), host);
    terminal.keys("4");
    terminal.wait_for_text("over time");
    terminal.keys("F");
    terminal.wait_for_text("over time by host");
    terminal.wait_for_text("▒ 192.168.1.46 ");
    terminal.keys("F");
    terminal.wait_for("both ways again", |lines| lines[2].contains(" by sources"));
    terminal.keys("Gthhh\r");
    terminal.wait_for_text("[filter start < ");
    terminal.keys("\x1bq");
    assert_eq!(terminal.wait_exit(), 0);
    terminal.assert_restored();
}
