//! Names of hosts and services on the screen.

use std::collections::HashSet;
use std::net::IpAddr;
use std::path::PathBuf;

use crossterm::event::KeyCode;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::model::end::End;
use flowpeek::names::{Dns, Reply};
use flowpeek::query::order::sort::Sort;
use flowpeek::table::build::Pairing;
use flowpeek::tui::hosts;
use flowpeek::tui::threads::inbox::Message;

use super::Browser;

/// What the columns of both addresses have in each row.
fn column(browser: &Browser) -> Vec<String> {
    let screen = browser.screen();
    let lines = screen.lines().skip(4).take(18);
    lines
        .map(|line| line.chars().skip(29).take(66).collect())
        .collect()
}

/// The hosts of the rows that are shown.
fn shown(browser: &Browser) -> HashSet<IpAddr> {
    let ids = browser.app.tab().list.rows.ids.iter();
    let facts = ids.map(|&id| browser.app.facts(id));
    let ends = facts.flat_map(|facts| End::BOTH.map(|end| facts.address(end)));
    ends.flatten().collect()
}

/// Answers the first question as a server would, and leaves the others to wait.
fn answer(browser: &mut Browser, wanted: &[IpAddr], found: Reply) {
    browser.tell(Message::Named(wanted[0], found, 0));
}

#[test]
fn names_both_and_addresses_take_turns() {
    let mut browser = Browser::open(200, 24);
    browser.allow(Dns::System);
    let addresses = column(&browser);
    assert!(
        hosts::wanted(&mut browser.app, 0).is_empty(),
        "nothing is asked unasked"
    );
    browser.keys("d");
    let wanted = hosts::wanted(&mut browser.app, 0);
    assert!(wanted.len() > 4 && wanted.len() <= 40);
    let pending = format!("{} names pending", wanted.len());
    assert!(browser.status().contains(&pending), "{}", browser.status());
    let first = wanted[0];
    answer(
        &mut browser,
        &wanted,
        Reply::Named("one.example".to_owned()),
    );
    answer(
        &mut browser,
        &wanted[1..],
        Reply::Named("\u{1b}[2J".to_owned()),
    );
    answer(
        &mut browser,
        &wanted[2..],
        Reply::Named("10.0.0.1".to_owned()),
    );
    answer(&mut browser, &wanted[3..], Reply::Silent);
    let left = format!("{} names pending, 1 unanswered", wanted.len() - 4);
    assert!(browser.status().contains(&left), "{}", browser.status());
    let names = column(&browser).join("\n");
    assert!(
        names.contains("one.example") && !names.contains(&first.to_string()),
        "{names}"
    );
    assert!(names.contains("\\027\\0912J"), "{names}");
    assert!(names.contains(&wanted[2].to_string()), "{names}");
    browser.keys("d");
    let both = column(&browser).join("\n");
    assert!(both.contains(&format!("{first} one")), "{both}");
    browser.keys("d");
    assert_eq!(column(&browser), addresses);
    assert!(!browser.status().contains("pending"));
}

#[test]
fn without_lookups_only_given_names_are_shown() {
    let mut browser = Browser::open(120, 24);
    let addresses = column(&browser);
    browser.keys("d");
    assert!(browser.screen().contains("names are off (-n)"));
    assert_eq!(column(&browser), addresses);
    let given = browser.app.table.addresses().copied();
    let given = given
        .map(|address| (address, "given.example".to_owned()))
        .collect();
    browser.app.names.give(given);
    browser.keys("d");
    assert!(column(&browser)[0].contains("given.example"));
    assert!(hosts::wanted(&mut browser.app, 0).is_empty());
}

#[test]
fn an_order_by_names_waits_for_all_of_them() {
    let mut browser = Browser::open(100, 24);
    browser.allow(Dns::System);
    browser.app.tab_mut().sort = Sort::parse("dst_host").ok();
    browser.keys("+-");
    let all = shown(&browser).len();
    let pending = format!("{all} names pending");
    assert!(browser.status().contains(&pending), "{}", browser.status());
    loop {
        let wanted = hosts::wanted(&mut browser.app, 0);
        if wanted.is_empty() {
            break;
        }
        for address in wanted {
            // the order of these names is not that of the addresses
            let name: String = address.to_string().chars().rev().collect();
            let name = format!("x{}.example", name.replace([':', '.'], "-"));
            browser.tell(Message::Named(address, Reply::Named(name), 0));
        }
    }
    let ids = &browser.app.tab().list.rows.ids;
    let names: Vec<&str> = ids
        .iter()
        .map(|&id| {
            hosts::known(
                &browser.app,
                browser.app.facts(id).address(End::Destination).unwrap(),
            )
        })
        .map(Option::unwrap)
        .collect();
    assert!(names.len() > 100 && names.is_sorted(), "{names:?}");
    assert!(!browser.status().contains("pending"));
}

#[test]
fn a_filter_by_names_asks_for_the_rows_it_may_pass_alone() {
    let mut browser = Browser::open(100, 24);
    browser.allow(Dns::System);
    browser.keys("-----/port 22");
    browser.press(KeyCode::Enter);
    let may_pass = shown(&browser);
    assert!((2..100).contains(&may_pass.len()), "{}", may_pass.len());
    browser.keys("/ and name ~ x");
    browser.press(KeyCode::Enter);
    let wanted = hosts::wanted(&mut browser.app, 0);
    assert_eq!(wanted.into_iter().collect::<HashSet<_>>(), may_pass);
    // once it is gone, nobody waits for them
    browser.press(KeyCode::Esc);
    assert!(hosts::wanted(&mut browser.app, 0).is_empty());
    // another filter does not ask what the one before still wanted
    browser.keys("/port 22 and name ~ x");
    browser.press(KeyCode::Enter);
    browser.press(KeyCode::Esc);
    browser.keys("/port 1 and port 2 and name ~ x");
    browser.press(KeyCode::Enter);
    assert!(hosts::wanted(&mut browser.app, 0).is_empty());
    assert!(!browser.status().contains("pending"));
}

#[test]
fn who_is_the_source_decides_whose_names_a_filter_asks_for() {
    let mut browser = Browser::open(100, 24);
    browser.allow(Dns::System);
    browser.keys("-----o/src bytes > 20k and dst name ~ x");
    browser.press(KeyCode::Enter);
    let wanted = |browser: &mut Browser| -> HashSet<IpAddr> {
        hosts::wanted(&mut browser.app, 0).into_iter().collect()
    };
    let by_client = wanted(&mut browser);
    browser.keys("o");
    let more = wanted(&mut browser);
    let mut fresh = Browser::open(100, 24);
    fresh.allow(Dns::System);
    fresh.keys("-----/src bytes > 20k and dst name ~ x");
    fresh.press(KeyCode::Enter);
    let by_bytes = wanted(&mut fresh);
    assert!(!more.is_empty() && by_bytes.is_subset(&(&by_client | &more)));
}

#[test]
fn services_and_ports_take_turns() {
    let mut browser = Browser::open(100, 24);
    browser.keys("/service https");
    browser.press(KeyCode::Enter);
    let services = |browser: &Browser, word: &str| {
        let screen = browser.screen();
        let lines = screen.lines().skip(4).take(18);
        lines.filter(|line| line.contains(word)).count()
    };
    assert_eq!(services(&browser, " https  "), 18);
    browser.keys("p");
    assert_eq!(
        (
            services(&browser, " https  "),
            services(&browser, " 443   ")
        ),
        (0, 18)
    );
    assert!(browser.screen().contains("ports are shown"));
    browser.keys("p");
    assert_eq!(services(&browser, " https  "), 18);
    assert!(browser.screen().contains("names of services are shown"));
}

/// The tables of the same exports read in one order or the other: their hosts have
/// other numbers.
fn tables() -> [Snapshot; 2] {
    let files = ["assets/sample.gz", "tests/data/vendors-v5.gz"];
    [files, [files[1], files[0]]].map(|files| {
        let files = files.map(|name| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name));
        let pairing = Pairing::Strict { tolerance: 1000 };
        load(Inputs::look_at(&files).unwrap(), pairing, 2, |_| true)
    })
}

#[test]
fn a_group_of_names_leads_to_the_rows_of_all_its_hosts() {
    let mut browser = Browser::open(80, 24);
    let addresses = browser.app.table.addresses().copied().enumerate();
    let named = addresses.filter(|(place, _)| place % 4 > 0);
    let named = named.map(|(place, address)| {
        let name = ["one.example", "One.example", "two.example"][place % 3];
        (address, name.to_owned())
    });
    browser.app.names.give(named.collect());
    for by in ["src_host", "name", "dst_host,protocol"] {
        for line in 0..5 {
            browser.keys(&format!(":top {by}\r"));
            browser.keys(&"j".repeat(line));
            let group = browser.app.together.top.current().unwrap().clone();
            browser.press(KeyCode::Enter);
            let shown = browser.app.tab().list.rows.shown;
            let (values, filter) = (&group.values, &browser.app.filter.text);
            assert_eq!(shown, u64::from(group.tally.rows), "{values:?}: {filter}");
            browser.press(KeyCode::Esc);
        }
    }
}

#[test]
fn a_group_is_the_same_whatever_numbers_its_hosts_have() {
    let [one, other] = tables();
    let mut browser = Browser::empty(80, 24);
    browser.tell(Message::Load(Box::new(one)));
    for by in ["host", "pair", "net"] {
        browser.keys(&format!(":top {by}\rjjj"));
        let values = |browser: &Browser| browser.app.together.top.current().unwrap().values.clone();
        let before = values(&browser);
        // what is shown on the way to a new answer is still that of the table before
        let table = std::mem::replace(&mut browser.app.table, other.table.clone());
        browser.press(KeyCode::Enter);
        let filter = browser.app.filter.text.clone();
        browser.press(KeyCode::Esc);
        browser.app.table = table;
        browser.keys(&format!(":top {by}\rjjj\r"));
        assert_eq!(browser.app.filter.text, filter, "{before:?}");
        browser.press(KeyCode::Esc);
        for snapshot in tables().into_iter().rev() {
            browser.tell(Message::Load(Box::new(snapshot)));
            assert_eq!(values(&browser), before);
        }
    }
}
