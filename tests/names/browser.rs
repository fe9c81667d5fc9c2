//! The browser: nothing is asked before it is wanted, what is in sight is
//! asked first, and nothing waits for an answer.

use std::net::IpAddr;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use crate::harness::Terminal;
use crate::network::{Network, hosts};

/// Wide enough for all columns, and for addresses and names in full.
const COLUMNS: u16 = 320;
/// Rows of a table 25 lines high.
const ROWS: usize = 19;

fn text(terminal: &Terminal) -> String {
    terminal.lines().join("\n")
}

#[track_caller]
fn quit(mut terminal: Terminal) {
    terminal.quit();
    let odd = terminal.oddities();
    assert!(odd.is_empty(), "{odd:?}");
}

#[test]
fn nothing_is_asked_before_names_are_wanted_and_then_what_is_in_sight() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&hosts(1, 2000));
    let mut terminal = network.browse(COLUMNS, 25, &[&export]);
    terminal.wait_for_text("1,000 of 1,000 connections");
    terminal.keys("jjGg21ll");
    terminal.settle(Duration::from_millis(500));
    assert!(network.asked().is_empty(), "{:?}", network.asked());
    terminal.keys("d");
    terminal.wait_for_text("host-0-37.example");
    terminal.settle(Duration::from_millis(300));
    let asked = network.asked();
    let seen = hosts(1, 2 * ROWS);
    assert!(asked.keys().copied().eq(seen), "{asked:?}");
    assert!(!text(&terminal).contains("10.1.0."), "{}", text(&terminal));
    terminal.keys("d");
    terminal.wait_for_text("10.1.0.0 host-0-0.example");
    terminal.keys("d");
    terminal.wait_for("addresses alone", |lines| {
        lines[4].contains("10.1.0.0      ")
    });
    terminal.keys("dG");
    terminal.wait_for_text("host-7-207.example");
    terminal.settle(Duration::from_millis(300));
    let asked = network.asked();
    assert_eq!(asked.len(), 4 * ROWS);
    assert!(asked.values().all(|&times| times == 1), "{asked:?}");
    // a filter by names asks for all, and still for none twice
    terminal.keys("/name ~ host-1-\r");
    terminal.wait_for_text("128 of 1,000 connections");
    terminal.wait_for("all names", |lines| !lines[1].contains("pending"));
    let asked = network.asked();
    assert_eq!(asked.len(), 2000);
    assert!(asked.values().all(|&times| times == 1));
    quit(terminal);
}

#[test]
fn an_order_by_names_puts_rows_in_place_as_names_come() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&[hosts(2, 2), hosts(3, 4), hosts(1, 600)].concat());
    let mut terminal = network.browse(COLUMNS, 25, &["--sort", "dst_host:desc", &export]);
    terminal.keys("d");
    terminal.wait_for("the last name first", |lines| {
        lines[4].contains("slow-0-3.example") && lines[5].contains("slow-0-1.example")
    });
    terminal.keys("G");
    // what has no name goes last
    terminal.wait_for_text("10.2.0.1");
    assert_eq!(network.asked().values().sum::<usize>(), 606);
    quit(terminal);
}

#[test]
fn hostile_names_do_nothing_to_the_terminal() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&hosts(5, 22));
    let mut terminal = network.browse(COLUMNS, 25, &["-p", "0", &export]);
    for keys in ["d", "d", "\r"] {
        terminal.keys(keys);
        terminal.settle(Duration::from_millis(500));
        let screen = text(&terminal);
        for address in ["10.9.8.7", "192.0.2.1\n", "2001:db8::1"] {
            assert!(!screen.contains(address), "{screen}");
        }
    }
    terminal.keys("\x1b");
    terminal.wait_for_text("10.5.0.14 good_one.example");
    terminal.wait_for_text("by_alias.example");
    terminal.wait_for("all answers", |lines| !lines[1].contains("pending"));
    // each row in full, and copied with its names
    terminal.keys("g");
    for _ in 0..11 {
        terminal.keys("\rYG\x1b[6~\x1bYy");
        terminal.wait_for_text("copied");
        terminal.keys("j");
        terminal.settle(Duration::from_millis(100));
    }
    terminal.quit();
    let copy = |odd: &String| odd.strip_prefix("clipboard ").map(str::to_owned);
    let copies: Option<Vec<String>> = terminal.oddities().iter().map(copy).collect();
    let copies = copies.unwrap_or_else(|| panic!("{:?}", terminal.oddities()));
    assert!(copies.len() >= 11, "{copies:?}");
    for base64 in copies {
        let decoded = Command::new("sh")
            .args(["-c", "printf %s \"$1\" | base64 -d", "sh", &base64])
            .output();
        let text = String::from_utf8(decoded.unwrap().stdout).unwrap();
        let harmful = |c: char| c.is_control() && !"\t\n".contains(c) || !c.is_ascii();
        assert!(!text.contains(harmful) && text != "hi", "{text:?}");
    }
}

/// The times from a key to its effect, the shortest first.
fn times(terminal: &mut Terminal) -> Vec<Duration> {
    let selected = |terminal: &Terminal, row| {
        let cell = terminal.screen().cell(row, 0);
        cell.is_some_and(vt100::Cell::inverse)
    };
    let mut times: Vec<Duration> = (0..40)
        .map(|turn| {
            let (key, row) = if turn % 2 == 0 { ("j", 5) } else { ("k", 4) };
            let begun = Instant::now();
            terminal.keys(key);
            while !selected(terminal, row) {
                assert!(begun.elapsed() < crate::harness::PATIENCE);
                terminal.settle(Duration::from_millis(1));
            }
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    times
}

#[test]
fn with_all_lookups_hanging_keys_are_as_fast_as_without_and_it_quits_at_once() {
    let Some(network) = Network::open(true) else {
        return;
    };
    let export = network.export(&hosts(1, 2000));
    let open = |args: &[&str]| {
        let mut terminal = network.browse(COLUMNS, 25, args);
        terminal.wait_for_text("1,000 of 1,000 connections");
        terminal
    };
    let mut terminal = open(&["-n", &export]);
    let without = times(&mut terminal);
    quit(terminal);
    let mut ends = Vec::new();
    for turn in 0..3 {
        let mut terminal = open(&[&export]);
        terminal.keys("d");
        terminal.wait_for_text("38 names pending");
        let hanging = times(&mut terminal);
        let (median, usual) = (hanging[20], without[20]);
        assert!(
            median < 2 * usual + Duration::from_millis(20),
            "{median:?}, without {usual:?}"
        );
        if turn == 0 {
            terminal.wait_for_text("unanswered");
            let asked = network.asked().len();
            // the lookups that hang are written off, and others get their turn
            assert!((16..=40).contains(&asked), "{asked}");
        }
        let begun = SystemTime::now();
        quit(terminal);
        ends.push(network.ended_after(begun));
    }
    // other programs may hold up one of them
    assert!(
        ends.iter().min() < Some(&Duration::from_millis(200)),
        "{ends:?}"
    );
}

#[test]
fn those_who_never_answer_are_told_of_and_do_not_hold_up_the_others() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let quick: Vec<IpAddr> = hosts(1, 20);
    let export = network.export(&[hosts(4, 18), quick].concat());
    let mut terminal = network.browse(COLUMNS, 25, &[&export]);
    terminal.wait_for_text("19 of 19 connections");
    terminal.keys("d");
    terminal.wait_for_text("host-0-19.example");
    terminal.wait_for("silence", |lines| lines[1].contains("18 unanswered"));
    assert!(!text(&terminal).contains("pending"), "{}", text(&terminal));
    quit(terminal);
}

#[test]
fn names_are_kept_by_the_browser_too() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&hosts(1, 10));
    for asked in [10, 0] {
        let mut terminal = network.browse(COLUMNS, 25, &["--dns-cache", &export]);
        terminal.wait_for_text("5 of 5 connections");
        terminal.keys("d");
        terminal.wait_for("all names", |lines| {
            let text = lines.concat();
            text.contains("host-0-9.example") && !text.contains("pending")
        });
        quit(terminal);
        assert_eq!(network.asked().len(), asked);
    }
}
