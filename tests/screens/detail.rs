//! The detail pane when the file is not what it was, or the row not yet what it
//! will be; and panes that scroll no further than there is something to see.

use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use flate2::Compression;
use flate2::write::GzEncoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::model::raw::RawRecord;
use flowpeek::table::build::Pairing;
use flowpeek::tui::app::Pane;
use flowpeek::tui::threads::inbox::Message;
use serde_json::json;
use std::io::Write;

use super::{Browser, support};

/// A packet with one flow, as the collector writes it.
fn line(second: u32, (src, dst): (&str, &str), ports: (u16, u16)) -> String {
    let flow = json!({"IPV4_SRC_ADDR": src, "IPV4_DST_ADDR": dst, "FIRST_SWITCHED": 1000,
        "LAST_SWITCHED": 1500, "IN_BYTES": 4321, "IN_PKTS": 50, "L4_SRC_PORT": ports.0,
        "L4_DST_PORT": ports.1, "PROTOCOL": 6, "IP_PROTOCOL_VERSION": 4});
    let header = json!({"version": 9, "count": 1, "uptime": 2000, "timestamp": 1_700_000_000});
    let packet = json!({"client": ["192.0.2.254", 2055], "header": header, "flows": [flow]});
    json!({format!("{second}.5"): packet}).to_string() + "\n"
}

const US: &str = "10.0.0.1";
const THEM: &str = "192.0.2.1";

fn there(second: u32) -> String {
    line(second, (US, THEM), (50_000, 443))
}

fn back(second: u32) -> String {
    line(second, (THEM, US), (443, 50_000))
}

/// Each line as a gzip member of its own.
fn gzipped(lines: &[String]) -> Vec<u8> {
    let member = |line: &String| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(line.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    lines.iter().flat_map(member).collect()
}

fn loaded(browser: &mut Browser, file: &Path) -> Snapshot {
    let inputs = Inputs::look_at(&[file.to_owned()]).unwrap();
    browser.library = inputs.library.clone();
    load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true)
}

/// The detail of the first row of a file that is replaced before it is opened.
fn after_replacing(before: &[u8], after: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flows");
    fs::write(&file, before).unwrap();
    let mut browser = Browser::empty(120, 40);
    let snapshot = loaded(&mut browser, &file);
    browser.tell(Message::Load(Box::new(snapshot)));
    fs::write(&file, after).unwrap();
    browser.press(KeyCode::Enter);
    browser.screen()
}

#[test]
fn what_neither_flow_tells_is_unknown_in_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("flows");
    // octets that no counter holds
    let untold = |line: String| line.replace("4321", "129127208515966861315");
    let [one, other] = [there, back].map(|packet| untold(packet(1_700_000_000)));
    fs::write(&file, one.clone() + &other).unwrap();
    let mut browser = Browser::empty(80, 24);
    let snapshot = loaded(&mut browser, &file);
    browser.tell(Message::Load(Box::new(snapshot)));
    browser.press(KeyCode::Enter);
    let screen = browser.screen();
    let told = screen.lines().find(|line| line.contains("In all")).unwrap();
    assert!(told.contains("unknown bytes, 100 packets  "), "{told}");
    // of one that is told, and one that is not, there is that much
    fs::write(&file, one + &back(1_700_000_000)).unwrap();
    let snapshot = loaded(&mut browser, &file);
    browser.tell(Message::Load(Box::new(snapshot)));
    assert!(browser.screen().contains("4.3 kB, 100 packets, "));
}

#[test]
fn another_record_is_never_shown_in_place_of_the_one_that_was_read() {
    let old = [there(1_700_000_000), back(1_700_000_000)];
    let same = after_replacing(&gzipped(&old), &gzipped(&old));
    assert_eq!(same.matches("FIRST_SWITCHED").count(), 2, "{same}");
    let others = [
        // other hosts, other ports, another packet, other places
        [
            line(1_700_000_000, ("10.0.0.2", THEM), (50_000, 443)),
            back(1_700_000_000),
        ],
        [
            line(1_700_000_000, (US, THEM), (50_001, 443)),
            back(1_700_000_000),
        ],
        [there(1_700_000_001), back(1_700_000_000)],
        [back(1_700_000_000), there(1_700_000_000)],
    ];
    for other in others {
        let (before, after) = (old.concat(), other.concat());
        for screen in [
            after_replacing(&gzipped(&old), &gzipped(&other)),
            after_replacing(before.as_bytes(), after.as_bytes()),
        ] {
            assert!(
                screen.contains("the file has changed since it was read"),
                "{screen}"
            );
            // a flow that still stands in its place may be shown
            assert!(screen.matches("FIRST_SWITCHED").count() < 2, "{screen}");
        }
    }
    for after in [&b"{}"[..], &gzipped(&old)[..20], b"\0\0\0"] {
        let screen = after_replacing(&gzipped(&old), after);
        assert!(!screen.contains("FIRST_SWITCHED"), "{screen}");
        assert!(
            screen.contains("the file has changed since it was read"),
            "{screen}"
        );
    }
}

#[test]
fn the_mate_that_comes_while_the_pane_is_open_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (half, whole) = (folder.path().join("half"), folder.path().join("whole"));
    fs::write(&half, there(1_700_000_000)).unwrap();
    fs::write(&whole, there(1_700_000_000) + &back(1_700_000_000)).unwrap();
    let mut browser = Browser::empty(120, 40);
    let first = Snapshot {
        complete: false,
        ..loaded(&mut browser, &half)
    };
    browser.keys("2");
    browser.tell(Message::Load(Box::new(first)));
    browser.press(KeyCode::Enter);
    assert_eq!(browser.screen().matches("FIRST_SWITCHED").count(), 1);
    let both = loaded(&mut browser, &whole);
    browser.tell(Message::Load(Box::new(both)));
    let screen = browser.screen();
    assert!(screen.contains("Paired            exact"), "{screen}");
    assert_eq!(screen.matches("FIRST_SWITCHED").count(), 2, "{screen}");
}

#[test]
fn a_filter_and_a_command_can_be_typed_over_a_pane() {
    for (keys, typed) in [("?/port 53", "port 53"), ("?:top host", ":top host")] {
        let mut browser = Browser::open(100, 24);
        browser.keys(keys);
        let screen = browser.screen();
        let table = screen.contains("Start") && screen.contains("Service");
        assert!(table && screen.contains(typed), "{screen}");
    }
}

#[test]
fn a_pane_scrolls_back_as_soon_as_one_wants_it() {
    for open in [KeyCode::Enter, KeyCode::Char('?')] {
        let mut browser = Browser::open(60, 15);
        browser.press(open);
        let top = browser.screen();
        browser.keys("G");
        let end = browser.screen();
        assert_ne!(top, end);
        browser.keys("k");
        let above = browser.screen();
        assert_ne!(above, end, "k is dead at the end");
        browser.keys("jjjjjjj");
        assert_eq!(browser.screen(), end);
        browser.keys("k");
        assert_eq!(browser.screen(), above);
        browser.keys("g");
        assert_eq!(browser.screen(), top);
        // on a larger screen the end is nearer
        browser.keys("G");
        browser.tell(Message::Input(Event::Resize(60, 20)));
        let end = browser.screen();
        browser.keys("k");
        assert_ne!(browser.screen(), end, "k is dead after a resize");
    }
}

#[test]
fn esc_and_a_key_that_come_together_are_two_keys() {
    let alt = |code| KeyEvent::new(code, KeyModifiers::ALT);
    let mut apart = Browser::open(80, 24);
    let mut together = Browser::open(80, 24);
    for (keys, after) in [("/port 53", 's'), ("", '2'), ("/ipv6", '?')] {
        for browser in [&mut apart, &mut together] {
            browser.keys(keys);
        }
        apart.press(KeyCode::Esc);
        apart.press(KeyCode::Char(after));
        let before = together.screen();
        together.tell(Message::Input(Event::Key(alt(KeyCode::Char(after)))));
        assert_ne!(together.screen(), before);
        assert_eq!(
            together.screen(),
            apart.screen(),
            "after {keys} and {after}"
        );
    }
    // from a pane: back, and on to what the key does
    together.tell(Message::Input(Event::Key(alt(KeyCode::Enter))));
    assert!(together.screen().contains("Unmatched  "));
}

#[test]
fn a_connection_on_every_size_of_screen() {
    for (width, height) in [(60, 15), (80, 24), (120, 40)] {
        let mut browser = Browser::open(width, height);
        browser.keys("jj");
        browser.press(KeyCode::Enter);
        insta::assert_snapshot!(format!("connection_{width}"), browser.screen());
        browser.press(KeyCode::PageDown);
        insta::assert_snapshot!(format!("connection_{width}_below"), browser.screen());
    }
}

#[test]
fn an_unmatched_flow_says_what_comes_nearest() {
    for (width, height) in [(60, 15), (80, 24), (120, 40)] {
        let mut browser = Browser::open(width, height);
        browser.keys("2/reason \"near miss\"");
        browser.press(KeyCode::Enter);
        browser.press(KeyCode::Enter);
        insta::assert_snapshot!(format!("near_miss_{width}"), browser.screen());
    }
}

/// The row of the open detail, whose records have been read.
fn opened(browser: &Browser) -> u32 {
    let Pane::Detail(detail) = &browser.app.pane else {
        panic!("no detail")
    };
    assert!(detail.records.is_some());
    detail.row
}

#[test]
fn details_lead_to_those_of_the_next_row_and_of_the_one_before() {
    for view in ["1", "2"] {
        let mut browser = Browser::open(80, 24);
        browser.keys(view);
        let ids = browser.app.tab().list.rows.ids.clone();
        browser.keys("j\rjj");
        let scrolled = browser.screen();
        browser.keys("J");
        assert_eq!(opened(&browser), ids[2]);
        let next = browser.screen();
        assert_ne!(next, scrolled);
        browser.keys("KK");
        assert_eq!(opened(&browser), ids[0]);
        browser.keys("K");
        assert!(browser.screen().contains("there is no earlier row"));
        assert_eq!(opened(&browser), ids[0]);
        browser.keys("JJ");
        assert_eq!(browser.screen(), next);
        assert!(matches!(&browser.app.pane, Pane::Detail(detail) if detail.scroll == 2));
        // one comes back to the row that was seen last
        browser.press(KeyCode::Esc);
        assert_eq!(browser.app.tab().list.current(), Some(ids[2]));
        browser.keys("G\rJ");
        assert!(browser.screen().contains("there is no later row"));
        assert_eq!(opened(&browser), *ids.last().unwrap());
    }
}

#[test]
fn the_next_row_is_the_one_behind_that_of_the_details_also_where_others_have_come() {
    let mut browser = Browser::open(80, 24);
    browser.press(KeyCode::Enter);
    let row = opened(&browser);
    let mut rows = (*browser.app.tab().list.rows).clone();
    rows.ids.reverse();
    let place = rows.ids.iter().position(|it| *it == row).unwrap();
    let before = rows.ids[place - 1];
    browser.tell(Message::Rows(browser.app.asked, Arc::new(rows)));
    assert_ne!(browser.app.tab().list.current(), Some(row));
    browser.keys("K");
    assert_eq!(opened(&browser), before);
}

#[test]
fn the_keys_to_the_next_row_say_where_they_mean_nothing() {
    for view in ["1", "2", "3", "4", "5"] {
        let mut browser = Browser::open(80, 24);
        browser.keys(view);
        let before = browser.screen();
        for key in ["J", "K"] {
            browser.keys(key);
            let screen = browser.screen();
            assert!(screen.contains("which Enter shows"), "{screen}");
            let rows = |screen: &str| screen.lines().take(23).collect::<Vec<_>>().join("\n");
            assert_eq!(rows(&screen), rows(&before));
        }
        browser.keys("?J");
        assert!(browser.screen().contains("that key does nothing here"));
        assert!(matches!(browser.app.pane, Pane::Help(0)));
    }
}

/// The value of a key in a record as it was sent.
fn sent(record: &RawRecord, key: &str) -> Option<u64> {
    let mut fields = record.record.iter();
    fields.find(|field| field.0 == key)?.1.parse().ok()
}

/// Opens every unmatched flow of an export, and hands on its record and screen
/// when it has one of these keys.
fn each_with(file: &str, keys: &[&str], mut see: impl FnMut(&RawRecord, &str)) {
    let mut browser = Browser::open_files(120, 250, &[file]);
    browser.keys("2a");
    for _ in 0..browser.app.tab().list.rows.ids.len() {
        browser.press(KeyCode::Enter);
        let Pane::Detail(detail) = &browser.app.pane else {
            panic!("no detail");
        };
        let record = detail.records.as_ref().unwrap()[0].clone().unwrap();
        if keys.iter().any(|key| sent(&record, key).is_some()) {
            see(&record, &browser.screen());
        }
        browser.press(KeyCode::Esc);
        browser.press(KeyCode::Down);
    }
}

#[test]
fn translated_and_hardware_addresses_are_readable_in_real_exports() {
    let Some(folder) = support::exports() else {
        return;
    };
    // what the exporter calls it, what the pane calls it
    let nat = [
        ("NF_F_XLATE_SRC_ADDR_IPV4", "NAT source"),
        ("NF_F_XLATE_DST_ADDR_IPV4", "NAT destination"),
        ("postNATSourceIPv4Address", "NAT source"),
        ("postNATDestinationIPv4Address", "NAT destination"),
        ("ipNextHopIPv4Address", "Next hop"),
    ];
    let mac = [
        ("IN_SRC_MAC", "Source MAC"),
        ("IN_DST_MAC", "Destination MAC"),
        ("OUT_DST_MAC", "Dest. MAC out"),
        ("sourceMacAddress", "Source MAC"),
    ];
    let keys: Vec<&str> = nat.iter().chain(&mac).map(|pair| pair.0).collect();
    let mut seen = std::collections::BTreeSet::new();
    for name in [
        "vendors-v9.gz",
        "vendors-ipfix.gz",
        "reference-test-packets.gz",
    ] {
        let file = folder.join(name);
        each_with(file.to_str().unwrap(), &keys, |record, screen| {
            let mut shown = |key: &'static str, label: &str, words: String| {
                let line = screen.lines().find(|line| {
                    line.trim_matches('"').starts_with(&format!("{label} "))
                        && line.contains(&words)
                });
                assert!(line.is_some(), "no {label} {words} in\n{screen}");
                seen.insert(key);
            };
            for (key, label) in nat {
                if let Some(number) = sent(record, key) {
                    shown(key, label, Ipv4Addr::from_bits(number as u32).to_string());
                }
            }
            for (key, label) in mac {
                if let Some(number) = sent(record, key) {
                    // six pairs of digits
                    let digits = format!("{number:012x}");
                    let pairs: Vec<&str> = (0..6).map(|pair| &digits[2 * pair..][..2]).collect();
                    shown(key, label, pairs.join(":"));
                }
            }
            // and as they were sent, whatever they mean
            for (key, value) in &record.record {
                let is_raw = |line: &&str| line.trim_matches('"').starts_with(key.as_str());
                let line = screen.lines().find(is_raw);
                assert!(line.is_some(), "{key} is missing in\n{screen}");
                let begin: String = value.chars().take(60).collect();
                assert!(
                    screen.contains(begin.trim_end()),
                    "{key} {value} is missing"
                );
            }
        });
    }
    assert_eq!(seen.len(), keys.len(), "{seen:?}");
}

#[test]
fn nothing_of_a_value_is_cut_on_a_narrow_screen() {
    let mut browser = Browser::open(60, 15);
    browser.keys("2a\r");
    let Pane::Detail(detail) = &browser.app.pane else {
        panic!("no detail");
    };
    let record = detail.records.as_ref().unwrap()[0].clone().unwrap();
    let mut all = String::new();
    for _ in 0..60 {
        let screen = browser.screen();
        let lines = screen.lines().skip(2).take(12);
        assert!(lines.clone().all(|line| !line.contains('…')), "{screen}");
        all.extend(lines.map(|line| line.trim_matches('"').to_owned() + "\n"));
        browser.keys("j");
    }
    for (key, value) in record.record.iter().chain(&record.header) {
        assert!(
            all.lines()
                .any(|line| line.starts_with(key) && line.trim_end().ends_with(value)),
            "{key} {value}"
        );
    }
}
