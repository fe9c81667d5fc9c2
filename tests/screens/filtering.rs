//! The filter line and the command line: completion, history, undo, names.

use std::collections::HashSet;
use std::net::IpAddr;

use crossterm::event::KeyCode;
use crossterm::event::KeyCode::{BackTab, Backspace, Down, Enter, Esc, Tab, Up};
use flowpeek::names::{Dns, Reply};
use flowpeek::table::store::Side;
use flowpeek::tui::asks::Ask;
use flowpeek::tui::hosts;
use flowpeek::tui::state::kept::Note;
use flowpeek::tui::threads::inbox::Message;
use ratatui::style::Modifier;

use crate::Browser;

impl Browser {
    fn press_all(&mut self, codes: &[KeyCode]) {
        codes.iter().for_each(|&code| self.press(code));
    }

    /// What stands in the line at the bottom, without what is beside it.
    fn typed(&self) -> String {
        match &self.app.asks.now {
            Ask::Filter(typing) => typing.editor.prompt.text().to_owned(),
            Ask::Command(editor) => editor.prompt.text().to_owned(),
            _ => panic!("nothing is being typed"),
        }
    }

    pub fn status(&self) -> String {
        self.screen().lines().nth(1).unwrap().to_owned()
    }

    fn last(&self) -> String {
        self.screen()
            .lines()
            .last()
            .unwrap()
            .trim_matches('"')
            .trim_end()
            .to_owned()
    }

    fn filter(&mut self, text: &str) {
        self.keys("/");
        let long = self.typed().len();
        self.press_all(&vec![Backspace; long]);
        self.keys(text);
        self.press(Enter);
    }
}

#[test]
fn tab_completes_words_and_values_seen() {
    let mut browser = Browser::open(80, 24);
    browser.keys("/pro");
    browser.press(Tab);
    assert_eq!(browser.typed(), "proto");
    browser.keys(" ");
    browser.press(Tab);
    // the most frequent of the rows that are shown comes first
    assert_eq!(browser.typed(), "proto tcp");
    insta::assert_snapshot!("offers_of_protocols", browser.screen());
    browser.press(Tab);
    let second = browser.typed();
    assert_ne!(second, "proto tcp");
    browser.press(BackTab);
    assert_eq!(browser.typed(), "proto tcp");
    browser.press_all(&[BackTab, Tab]);
    browser.keys(" a");
    browser.press(Tab);
    assert_eq!(browser.typed(), "proto tcp and");
    browser.keys(" service in [doma");
    browser.press(Tab);
    assert_eq!(browser.typed(), "proto tcp and service in [domain");
    browser.keys("] or src h");
    browser.press(Tab);
    assert_eq!(
        browser.typed(),
        "proto tcp and service in [domain] or src host"
    );
    browser.keys(" 127.");
    browser.press(Tab);
    let host = browser.typed().split(' ').next_back().unwrap().to_owned();
    assert!(
        host.parse::<IpAddr>().is_ok() && host.starts_with("127."),
        "{host}"
    );
    // nothing to offer changes nothing
    browser.keys(" and port 5");
    let before = browser.typed();
    browser.press(Tab);
    assert_eq!(browser.typed(), before);
    browser.press(Esc);
    assert!(!browser.app.asks.is_filter() && browser.app.filter.text.is_empty());
}

#[test]
fn every_kind_of_value_can_be_completed() {
    let mut browser = Browser::open(80, 24);
    for (typed, completed) in [
        ("unm", "unmatched"),
        ("unmatched ", "unmatched and"),
        ("(amb", "(ambiguous"),
        ("not serv", "not service"),
        ("exporter 127", "exporter 127.0.0.1"),
        ("reason mul", "reason multicast"),
        ("reason = ne", "reason = \"near miss\""),
        ("service != ht", "service != https"),
        ("client po", "client port"),
        ("SERVICE DOM", "SERVICE domain"),
        ("port 5 or du", "port 5 or duration"),
        ("\"open dom", "\"open dom"),
        ("xyzzy", "xyzzy"),
        ("", "any"),
    ] {
        browser.keys("/");
        browser.keys(typed);
        browser.press(Tab);
        assert_eq!(browser.typed(), completed);
        browser.press(Esc);
    }
}

#[test]
fn a_word_half_typed_is_not_looked_for_yet() {
    let mut browser = Browser::open(80, 24);
    let all = browser.status();
    browser.keys("/p");
    assert_eq!(browser.status(), all);
    browser.keys("ort 53");
    let port = browser.status();
    assert_ne!(port, all);
    for typed in [" ", "a", "nd", " ", "s", "er", "vic"] {
        browser.keys(typed);
        assert_eq!(browser.status(), port, "{typed}");
    }
    browser.press(Esc);
    // Enter says that it is text, and what is no beginning is text at once
    browser.keys("/http");
    assert!(browser.status().contains("filter http"));
    browser.press(Esc);
    browser.keys("/ser");
    browser.press(Enter);
    assert!(browser.status().contains("filter ser"));
    assert_eq!(browser.kept, [Note::Used("ser".to_owned())]);
    browser.keys("u");
    assert_eq!(browser.status(), all);
}

#[test]
fn a_caret_stands_under_a_mistake() {
    let mut browser = Browser::open(80, 24);
    browser.keys("/port 53 and prto tcp");
    insta::assert_snapshot!("a_caret_under_a_mistake", browser.screen());
    // however narrow it is, the message is there
    for width in [60, 61, 70, 300] {
        let mut browser = Browser::open(width, 15);
        browser.keys("/");
        browser.keys(&"port 1 or ".repeat(12));
        browser.keys("bytes > soon");
        assert!(
            browser.screen().contains("expected a number such as"),
            "{width}"
        );
        assert!(browser.last().contains("^^^^"), "{}", browser.last());
    }
}

#[test]
fn where_there_is_no_room_for_a_caret_the_word_is_marked_and_the_hint_stays() {
    let mut browser = Browser::open(60, 15);
    browser.keys("/dst prt 44");
    let last = browser.screen().lines().last().unwrap().to_owned();
    assert!(last.contains("did you mean \"port\"?"), "{last}");
    let buffer = crate::looks::buffer(&browser);
    let marked = |column: u16| buffer[(column, 13)].modifier.contains(Modifier::UNDERLINED);
    let columns: Vec<u16> = (0..60).filter(|column| marked(*column)).collect();
    assert_eq!(columns, [5, 6, 7], "prt, behind the sign and dst");
}

#[test]
fn up_and_down_walk_the_history() {
    let mut browser = Browser::open(80, 24);
    for filter in ["port 53", "port 443", "proto udp", "port 53"] {
        browser.filter(filter);
    }
    assert_eq!(browser.kept.len(), 4);
    assert_eq!(browser.kept[1], Note::Used("port 443".to_owned()));
    assert_eq!(
        browser.app.kept.history,
        ["port 443", "proto udp", "port 53"]
    );
    browser.filter("");
    browser.keys("/so far");
    browser.press_all(&[Up, Up]);
    assert_eq!(browser.typed(), "proto udp");
    let shown = browser.status();
    assert!(
        shown.contains("proto udp"),
        "it applies as one walks: {shown}"
    );
    browser.press_all(&[Up, Up, Up]);
    assert_eq!(browser.typed(), "port 443");
    browser.press_all(&[Down, Down, Down, Down]);
    assert_eq!(browser.typed(), "so far");
    browser.press(Esc);
    assert!(browser.app.filter.text.is_empty());
}

#[test]
fn u_goes_back_to_earlier_filters() {
    let mut browser = Browser::open(80, 24);
    let all = browser.status();
    browser.filter("port 53");
    let first = browser.status();
    browser.filter("proto udp");
    let second = browser.status();
    browser.press(Esc);
    assert_eq!(browser.status(), all);
    browser.keys("u");
    assert_eq!(browser.status(), second);
    browser.keys("/ and port 1");
    browser.press(Esc);
    browser.keys("u");
    assert_eq!(
        browser.status(),
        first,
        "what was typed and taken back is no step"
    );
    browser.keys("u");
    assert_eq!(browser.status(), all);
    browser.keys("u");
    assert!(browser.last().contains("no earlier filter"));
}

#[test]
fn what_is_typed_behind_a_filter_is_another_word() {
    for (typed, meant) in [
        ("and port 53", "proto udp and port 53"),
        (" and port 53", "proto udp and port 53"),
        ("", "proto udp"),
        (" ", "proto udp"),
    ] {
        let mut browser = Browser::open(60, 15);
        browser.filter("proto udp");
        browser.keys("/");
        assert!(browser.last().contains("Ctrl-u empties"));
        browser.keys(typed);
        browser.press(Enter);
        assert_eq!(browser.app.filter.text, meant);
    }
    // unless it belongs to the last one
    let mut browser = Browser::open(60, 15);
    browser.filter("port 5");
    browser.keys("/");
    browser.press(Backspace);
    browser.keys("3 ");
    browser.press(KeyCode::Left);
    browser.keys(" ");
    assert_eq!(browser.typed(), "port 53  ");
}

#[test]
fn filters_can_have_names() {
    let mut browser = Browser::open(80, 24);
    let command = |browser: &mut Browser, line: &str| {
        browser.keys(":");
        browser.keys(line);
        browser.press(Enter);
        browser.last()
    };
    assert!(command(&mut browser, "filter save dns").contains("no filter to save"));
    assert!(command(&mut browser, "filter").contains("no filter has a name"));
    browser.filter("port 53 and proto udp");
    let shown = browser.status();
    assert!(command(&mut browser, "filter save dns").contains(":filter dns"));
    assert_eq!(
        browser.kept.last(),
        Some(&Note::Saved(
            "dns".to_owned(),
            "port 53 and proto udp".to_owned()
        ))
    );
    // no other filter takes its place unasked
    assert!(command(&mut browser, "filter save dns").contains("saved"));
    browser.filter("port 443");
    let told = command(&mut browser, "filter save dns");
    assert!(told.contains(":filter save! dns replaces it"), "{told}");
    assert_eq!(browser.app.kept.named("dns"), Some("port 53 and proto udp"));
    command(&mut browser, "filter save! dns");
    assert_eq!(browser.app.kept.named("dns"), Some("port 443"));
    browser.keys("u");
    command(&mut browser, "filter save! dns");
    browser.press(Esc);
    assert_ne!(browser.status(), shown);
    command(&mut browser, "filter dns");
    assert_eq!(browser.status(), shown);
    browser.keys("u");
    assert_ne!(browser.status(), shown);
    assert!(command(&mut browser, "filter").contains("filters: dns"));
    assert!(command(&mut browser, "filter dsn").contains("did you mean \"dns\"?"));
    assert!(command(&mut browser, "filter save save").contains("a name is made of"));
    assert!(
        command(&mut browser, "filter save a b").contains("expected filter or filter save NAME")
    );
    assert!(command(&mut browser, "x").contains("no command \"x\""));
    for line in ["w", "w!", "write!"] {
        assert_eq!(command(&mut browser, line), "expected w FILE");
    }
    let told = command(&mut browser, "top nonsense");
    assert!(told.contains("group by; Tab behind :top offers"), "{told}");
    assert!(command(&mut browser, "filter drop dns").contains("forgotten"));
    assert!(command(&mut browser, "filter dns").contains("no filter is called dns"));
    browser.keys(":filter");
    insta::assert_snapshot!("a_command_being_typed", browser.screen());
    browser.press(Esc);
    browser.keys(":x");
    browser.press_all(&[Backspace, Backspace]);
    assert!(matches!(browser.app.asks.now, Ask::Nothing));
}

#[test]
fn tab_completes_commands_and_what_follows_them() {
    let mut browser = Browser::open(80, 24);
    browser.filter("port 53");
    browser.keys(":filter save dns\r");
    browser.filter("port 443");
    browser.keys(":filter save web\r");
    for (typed, tabs, completed) in [
        ("", 1, "filter"),
        ("", 2, "top"),
        ("sp", 1, "sparkline"),
        ("to", 1, "top"),
        ("filter ", 1, "filter save"),
        ("filter ", 4, "filter web"),
        ("filter w", 1, "filter web"),
        ("filter drop ", 2, "filter drop web"),
        ("  filter   drop d", 1, "  filter   drop dns"),
        ("top dst_p", 1, "top dst_port"),
        ("top client", 1, "top client_name"),
        ("top src_addr,ser", 1, "top src_addr,service"),
        // where nothing is known nothing is changed
        ("w ", 1, "w "),
        ("top host ", 1, "top host "),
        ("cmd ", 1, "cmd "),
        ("nothing ", 1, "nothing "),
        ("größe ", 1, "größe "),
    ] {
        browser.keys(":");
        browser.keys(typed);
        browser.press_all(&vec![Tab; tabs]);
        assert_eq!(browser.typed(), completed);
        browser.press(Esc);
    }
    browser.keys(":top dst");
    browser.press_all(&[Tab, Tab, BackTab]);
    insta::assert_snapshot!("offers_of_fields", browser.screen());
    browser.press(Enter);
    assert!(
        browser.status().contains("by dst_addr"),
        "{}",
        browser.status()
    );
}

#[test]
fn up_and_down_walk_the_commands_of_this_run() {
    let mut browser = Browser::open(80, 24);
    browser.keys(":");
    browser.press(Up);
    assert_eq!(browser.typed(), "", "there is none yet");
    browser.press(Esc);
    for command in ["top hst", "sparkline", "sparkline", ""] {
        browser.keys(":");
        browser.keys(command);
        browser.press(Enter);
    }
    browser.keys(":so far");
    browser.press_all(&[Up, Up, Up]);
    assert_eq!(browser.typed(), "top hst", "a mistake can be mended");
    browser.press(Down);
    assert_eq!(browser.typed(), "sparkline");
    browser.press_all(&[Down, Down]);
    assert_eq!(browser.typed(), "so far");
    browser.press_all(&[Up, Up, Backspace, Backspace]);
    browser.keys("ost");
    browser.press(Enter);
    assert!(browser.status().contains("by host"), "{}", browser.status());
    browser.keys(":");
    browser.press(Up);
    assert_eq!(browser.typed(), "top host");
    browser.press(Esc);
    // filters have a past of their own
    browser.keys("/");
    browser.press(Up);
    assert_eq!(browser.typed(), "");
    assert!(browser.kept.is_empty());
}

#[test]
fn half_an_address_is_no_name_to_ask_for() {
    for filter in [
        "host in [10.0.0.1]",
        "host fe80::1",
        "src 10.0.0.1",
        "src port 53",
    ] {
        let mut browser = Browser::open(80, 24);
        browser.allow(Dns::System);
        let all = browser.status();
        browser.keys("/");
        for key in filter.chars() {
            browser.keys(&key.to_string());
            assert!(hosts::wanted(&mut browser.app, 0).is_empty());
            let status = browser.status();
            assert!(
                !status.contains("pending") && !status.contains("names are off"),
                "{status}"
            );
        }
        assert_ne!(browser.status(), all, "{filter}");
        browser.press(Esc);
        for begun in ["/host i", "/src por", "/host gate"] {
            browser.keys(begun);
            assert_eq!(browser.status(), all, "{begun}");
            browser.press(Esc);
        }
        browser.keys("/");
        browser.press_all(&[Esc]);
        browser.keys("/host gateway");
        assert_eq!(browser.status(), all);
        browser.press(Enter);
        assert!(browser.status().contains("names pending"));
    }
}

#[test]
fn rows_appear_as_names_arrive() {
    let mut browser = Browser::open(80, 24);
    browser.allow(Dns::System);
    browser.keys("+-");
    for key in "/name ~ example".chars() {
        browser.keys(&key.to_string());
        let asked = hosts::wanted(&mut browser.app, 0);
        assert!(asked.is_empty(), "who types asks for nothing yet: {key}");
    }
    browser.press(Enter);
    let status = browser.status();
    assert!(status.starts_with("\"0 of 1,418 connections"), "{status}");
    assert!(status.contains("names pending"), "{status}");
    let table = &browser.app.table;
    let connections = table.rows().filter(|row| row.is_connection());
    let ends = connections.flat_map(|row| row.ends(Side::First));
    let hosts = ends.map(|end| end.host).collect::<HashSet<_>>().len();
    assert!(hosts < table.address_count());
    assert!(browser.screen().contains(&format!("{hosts} names pending")));
    let mut asked = 0;
    loop {
        let wanted = hosts::wanted(&mut browser.app, 0);
        if wanted.is_empty() {
            break;
        }
        asked += wanted.len();
        assert!(wanted.len() <= 300);
        for address in wanted {
            let found = match address.to_string().as_str() {
                "127.0.0.29" => Reply::Named("a.example.org".to_owned()),
                _ => Reply::Nameless,
            };
            browser.tell(Message::Named(address, found, 0));
        }
    }
    assert_eq!(asked, hosts, "every host of a connection is asked for once");
    let shown = browser.status();
    assert!(
        !shown.contains("pending") && !shown.starts_with("\"0 of"),
        "{shown}"
    );
    browser.filter("");
    browser.keys("/server name = a.e");
    browser.press(Tab);
    assert_eq!(browser.typed(), "server name = a.example.org");
    browser.press(Esc);
    browser.filter("host 127.0.0.29");
    let count = |status: &str| status.split(" of").next().unwrap().to_owned();
    assert_eq!(count(&browser.status()), count(&shown));
    browser.allow(Dns::Off);
    browser.filter("name ~ example");
    assert!(
        browser.status().contains("names are off (-n)"),
        "{}",
        browser.status()
    );
}

#[test]
fn the_help_goes_on_with_commands_and_words() {
    let mut browser = Browser::open(90, 70);
    browser.keys("?");
    let first = browser.screen();
    assert!(first.contains(":filter save NAME") && first.contains("Words of filters"));
    browser.keys("G");
    let last = browser.screen();
    for word in [
        "[dir] flags LETTERS[/MASK]",
        "reason WORD | in [..]",
        "skew CMP DURATION",
    ] {
        assert!(last.contains(word), "{word}");
    }
}
