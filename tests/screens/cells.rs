//! What keys make of the cell under the cursors: filters, searches, copies.

use std::fs;

use crossterm::event::{Event, KeyCode};
use flowpeek::model::end::End;
use flowpeek::query::language::parse::parse;
use flowpeek::tui::state::kept::Note;
use flowpeek::tui::threads::inbox::Message;
use serde_json::json;

use super::Browser;

fn line(browser: &Browser, number: usize) -> String {
    let screen = browser.screen();
    let line = screen.lines().nth(number).unwrap();
    line.trim_matches('"').trim_end().to_owned()
}

/// The filter in force, which its text means.
fn filter(browser: &Browser) -> &str {
    let filter = &browser.app.filter;
    assert_eq!(parse(&filter.text).unwrap(), filter.expr);
    &filter.text
}

#[test]
fn cells_make_filters() {
    let mut browser = Browser::open(100, 24);
    browser.keys("jll=");
    assert_eq!(filter(&browser), "src ip 127.0.0.1");
    assert_eq!(browser.kept, [Note::Used("src ip 127.0.0.1".to_owned())]);
    browser.keys("h!");
    assert_eq!(
        filter(&browser),
        "src ip 127.0.0.1 and not service \"ldap\""
    );
    let status = line(&browser, 1);
    assert!(
        status.contains("[filter src ip 127.0.0.1 and not service \"ldap\"]"),
        "{status}"
    );
    let rows = &browser.app.tab().list.rows.ids;
    assert!(!rows.is_empty());
    for &row in rows {
        let facts = browser.app.facts(row);
        assert_eq!(facts.address(End::Source).unwrap().to_string(), "127.0.0.1");
        assert_ne!(facts.service(), "ldap");
    }
    // u takes back one after the other
    browser.keys("u");
    assert_eq!(filter(&browser), "src ip 127.0.0.1");
    browser.keys("u");
    assert_eq!(filter(&browser), "");
}

#[test]
fn a_filter_of_alternatives_is_put_in_parentheses() {
    let mut browser = Browser::open(100, 24);
    browser.keys("/port 443 or service domain");
    browser.press(KeyCode::Enter);
    browser.keys("lll=");
    let text = filter(&browser).to_owned();
    assert!(
        text.starts_with("(port = 443 or service \"domain\") and dst ip "),
        "{text}"
    );
    assert!(!browser.app.tab().list.rows.ids.is_empty());
    browser.keys("=");
    assert_eq!(filter(&browser), text);
    assert!(line(&browser, 23).contains("says so already"));
}

#[test]
fn a_cell_without_a_value_makes_nothing() {
    let mut browser = Browser::open(100, 24);
    browser.keys("/proto icmp");
    browser.press(KeyCode::Enter);
    browser.keys(&"l".repeat(7));
    for key in ["=", "!", "#"] {
        browser.keys(key);
        assert!(line(&browser, 23).contains("nothing to go by"), "{key}");
    }
    browser.keys("y");
    assert!(line(&browser, 23).contains("this cell is empty"));
    browser.keys("/ and port 1");
    browser.press(KeyCode::Enter);
    for key in ["=", "#", "y", "Y"] {
        browser.keys(key);
        assert!(line(&browser, 23).contains("there is no row"), "{key}");
    }
    assert!(browser.copied.is_empty());
}

#[test]
fn the_past_is_walked_with_brackets() {
    let mut browser = Browser::open(100, 24);
    browser.keys("[");
    assert!(line(&browser, 23).contains("no earlier filter"));
    for text in ["port 53", "port 443", "proto udp"] {
        browser.keys("/");
        browser.tell(Message::Input(Event::Key(crossterm::event::KeyEvent::new(
            KeyCode::Char('u'),
            crossterm::event::KeyModifiers::CONTROL,
        ))));
        browser.keys(text);
        browser.press(KeyCode::Enter);
    }
    for (key, text) in [
        ("[", "port 443"),
        ("[", "port 53"),
        ("[", "port 53"),
        ("]", "port 443"),
        ("]", "proto udp"),
        ("]", ""),
        ("]", ""),
        ("[", "proto udp"),
    ] {
        browser.keys(key);
        assert_eq!(filter(&browser), text, "{key}");
    }
    // walking changes nothing of the history itself
    assert_eq!(
        browser.app.kept.history,
        ["port 53", "port 443", "proto udp"]
    );
}

#[test]
fn rows_like_the_cell_are_found_and_none_is_hidden() {
    let mut browser = Browser::open(80, 24);
    let shown = browser.app.tab().list.rows.ids.clone();
    let wanted: Vec<usize> = (0..shown.len())
        .filter(|&at| {
            let facts = browser.app.facts(shown[at]);
            let ends = End::BOTH.map(|end| facts.address(end).unwrap().to_string());
            ends.contains(&"127.0.0.29".to_owned())
        })
        .collect();
    // the third row's source
    browser.keys("jjll#");
    assert_eq!(wanted[0], 2);
    for &at in &wanted[1..5] {
        assert_eq!(browser.app.tab().list.line(), at);
        browser.keys("n");
    }
    browser.keys("NN");
    assert_eq!(browser.app.tab().list.line(), wanted[3]);
    assert_eq!(browser.app.tab().list.rows.ids, shown);
    assert!(line(&browser, 1).contains("[find 127.0.0.29]"));
    for _ in &wanted {
        browser.keys("n");
    }
    assert_eq!(browser.app.tab().list.line(), wanted[wanted.len() - 1]);
    assert_eq!(
        line(&browser, 23),
        "no more \"127.0.0.29\" below; N looks above"
    );
    browser.keys("gN");
    assert_eq!(
        line(&browser, 23),
        "no more \"127.0.0.29\" above; n looks below"
    );
    browser.press(KeyCode::Esc);
    assert!(!line(&browser, 1).contains("find"));
}

#[test]
fn without_a_search_n_says_how_to_begin_one() {
    let mut browser = Browser::open(80, 24);
    browser.keys("n");
    assert!(line(&browser, 23).contains("# looks for rows like the cell"));
}

#[test]
fn copies_are_whole_and_exact() {
    let mut browser = Browser::open(80, 24);
    browser.keys("y");
    browser.keys("lllly");
    browser.keys("/ipv6");
    browser.press(KeyCode::Enter);
    let row = browser.app.tab().list.current().unwrap();
    let address = browser
        .app
        .facts(row)
        .address(End::Source)
        .unwrap()
        .to_string();
    browser.keys("hhyY");
    let [start, bytes, source, row] = &browser.copied[..] else {
        panic!("{:?}", browser.copied)
    };
    assert_eq!(start, "2023-11-14 22:15:52.139");
    assert_eq!(bytes, "2546");
    assert_eq!(*source, address);
    let cells: Vec<&str> = row.split('\t').collect();
    assert_eq!(cells.len(), browser.app.tab().columns.list().len());
    assert_eq!(cells[2], address);
    assert!(line(&browser, 23).starts_with("copied the row"));
}

#[test]
fn text_is_pasted_into_the_prompt_that_is_open() {
    let paste = |text: &str| Message::Input(Event::Paste(text.to_owned()));
    let mut browser = Browser::open(80, 24);
    browser.tell(paste("q:q\r"));
    assert_eq!(filter(&browser), "");
    browser.keys(":");
    browser.tell(paste("filter sa\u{1b}[2Jve x\r\n"));
    assert_eq!(line(&browser, 22), ":filter sa[2Jve x");
    browser.press(KeyCode::Esc);
    browser.keys("/");
    browser.tell(paste("port 53\n"));
    browser.press(KeyCode::Enter);
    assert_eq!(filter(&browser), "port 53");
}

#[test]
fn a_long_filter_is_pasted_whole_or_not_at_all() {
    let paste = |text: &str| Message::Input(Event::Paste(text.to_owned()));
    let hosts: Vec<String> = (0..=255).map(|end| format!("host 10.0.0.{end}")).collect();
    let text = hosts.join(" or ");
    let mut browser = Browser::open(80, 24);
    browser.keys("/");
    browser.tell(paste(&text));
    browser.press(KeyCode::Enter);
    assert_eq!(filter(&browser), text);
    browser.screen();
    browser.press(KeyCode::Esc);
    // one that no line holds
    let kept = browser.kept.len();
    browser.keys("/port 53 or ");
    browser.tell(paste(&text.repeat(20)));
    browser.press(KeyCode::Enter);
    assert_eq!(line(&browser, 22), "/port 53 or");
    assert!(line(&browser, 23).contains("60,000 bytes at most"));
    browser.keys("udp");
    browser.press(KeyCode::Enter);
    assert_eq!(filter(&browser), "port 53 or udp");
    assert_eq!(browser.kept.len(), kept + 1);
}

#[test]
fn lines_and_tabs_of_what_is_pasted_become_spaces() {
    let pasted = |text: &str| {
        let mut browser = Browser::open(80, 24);
        browser.keys(":");
        browser.tell(Message::Input(Event::Paste(text.to_owned())));
        // the cursor stands behind what was pasted
        browser.keys("!");
        line(&browser, 22)
    };
    for (text, shown) in [
        ("a\nb", ":a b!"),
        ("a\rb", ":a b!"),
        ("a\r\nb", ":a b!"),
        ("a\tb", ":a b!"),
        ("a\r\n\tb\n\nc\r\rd\n\re", ":a  b  c  d  e!"),
        ("a\r\u{1b}\nb\r\n", ":a  b !"),
    ] {
        assert_eq!(pasted(text), shown, "{text:?}");
    }
    let mut browser = Browser::open(80, 24);
    browser.keys("/");
    let text = "proto udp\nand port 53".to_owned();
    browser.tell(Message::Input(Event::Paste(text)));
    browser.press(KeyCode::Enter);
    assert_eq!(filter(&browser), "proto udp and port 53");
}

#[test]
fn a_wider_column_of_times_tells_the_day_and_then_the_year() {
    let mut browser = Browser::open(80, 24);
    for (wider, begins) in [
        (0, "22:15:52 "),
        (6, "11-14 22:15:52 "),
        (5, "2023-11-14 22:15:52 "),
    ] {
        browser.keys(&">".repeat(wider));
        let row = line(&browser, 4);
        assert!(row.trim_start().starts_with(begins), "{row}");
    }
}

/// A connection that began at this Unix second, as two packets of the collector.
fn connection(second: u64) -> String {
    let packet = |src: &str, dst: &str, (from, to): (u16, u16)| {
        let flow = json!({"IPV4_SRC_ADDR": src, "IPV4_DST_ADDR": dst, "FIRST_SWITCHED": 1000,
            "LAST_SWITCHED": 1500, "IN_BYTES": 4321, "IN_PKTS": 50, "L4_SRC_PORT": from,
            "L4_DST_PORT": to, "PROTOCOL": 6, "IP_PROTOCOL_VERSION": 4});
        let header = json!({"version": 9, "count": 1, "uptime": 1000, "timestamp": second});
        json!({format!("{second}.{from}"): {"client": ["192.0.2.254", 2055],
            "header": header, "flows": [flow]}})
    };
    let ports = (50_000, 443);
    let (there, back) = (
        packet("10.0.0.1", "192.0.2.1", ports),
        packet("192.0.2.1", "10.0.0.1", (ports.1, ports.0)),
    );
    format!("{there}\n{back}\n")
}

#[test]
fn on_a_narrow_screen_times_have_a_date_where_rows_span_more_than_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("days.json");
    let noon = 1_700_049_600;
    let begun = [noon, noon + 3600, noon + 24 * 3600 + 60];
    fs::write(&file, begun.map(connection).concat()).unwrap();
    let mut browser = Browser::open_files(80, 24, &[file.to_str().unwrap()]);
    let first = |browser: &Browser, row: usize| {
        let row = line(browser, 4 + row);
        row.trim_start().get(..12).unwrap_or(&row).to_owned()
    };
    let shown = [0, 1, 2].map(|row| first(&browser, row));
    assert_eq!(shown, ["11-15 12:00 ", "11-15 13:00 ", "11-16 12:01 "]);
    // within a day the time is worth more
    browser.keys("/start = 2023-11-15");
    browser.press(KeyCode::Enter);
    assert!(
        first(&browser, 1).starts_with("13:00:00 "),
        "{}",
        first(&browser, 1)
    );
}
