//! The views of groups and of time: whole screens at three sizes, and the way
//! from the overview to a connection and back.

use crossterm::event::{Event, KeyCode};
use flowpeek::model::value::Value;
use flowpeek::tui::app::Pane;
use flowpeek::tui::state::tabs::Body;
use flowpeek::tui::threads::inbox::Message;

use super::Browser;

const SIZES: [(u16, u16); 3] = [(60, 15), (80, 24), (120, 40)];

#[test]
fn groups_on_every_size_of_screen() {
    for (width, height) in SIZES {
        let mut browser = Browser::open(width, height);
        browser.keys("3");
        insta::assert_snapshot!(format!("top_{width}"), browser.screen());
    }
}

#[test]
fn time_on_every_size_of_screen() {
    for (width, height) in SIZES {
        let mut browser = Browser::open(width, height);
        browser.keys("4lllllllllllllllllt");
        browser.keys("llll");
        insta::assert_snapshot!(format!("time_{width}"), browser.screen());
    }
}

/// The services with most octets.
const SERVICES: [&str; 5] = [
    "microsoft-ds",
    "http",
    "afs3-fileserver",
    "https",
    "commplex-link",
];

#[test]
fn time_by_groups_on_every_size_of_screen() {
    for (width, height) in SIZES {
        let mut browser = Browser::open(width, height);
        browser.keys(":top service\r4");
        let ways = browser.screen();
        browser.keys("FG");
        insta::assert_snapshot!(format!("stack_{width}"), browser.screen());
        browser.app.look.ascii = true;
        let screen = browser.screen();
        assert!(screen.is_ascii(), "{screen}");
        for (sign, name) in ["#", ":", "x", "/", "="].iter().zip(SERVICES) {
            assert!(screen.contains(&format!("{sign} {name} ")), "{screen}");
        }
        assert!(screen.contains(". other "), "{screen}");
        browser.app.look.ascii = false;
        browser.keys("Fg");
        assert_eq!(browser.screen(), ways);
    }
}

#[test]
fn the_legend_tells_all_that_the_step_has() {
    let mut browser = Browser::open(120, 40);
    browser.keys(":top protocol\r4Fgj");
    let time = &browser.app.together.time;
    let stack = time.course.stack.as_ref().unwrap();
    assert!(!stack.groups.has_more(), "few protocols");
    assert!(!browser.screen().contains("other"), "{}", browser.screen());
    browser.keys(":top host\r4");
    assert!(browser.screen().contains("other"), "{}", browser.screen());
    assert!(
        browser.screen().contains("over time by host"),
        "{}",
        browser.screen()
    );
}

#[test]
fn two_fields_sorted_by_the_last_column_and_networks() {
    let mut browser = Browser::open(80, 24);
    browser.keys(":top net,service");
    browser.press(KeyCode::Enter);
    browser.keys("<<<>");
    browser.keys("llllllllllls");
    insta::assert_snapshot!(browser.screen());
}

/// The group under the cursor, as it is shown.
fn group(browser: &Browser) -> String {
    let group = browser.app.together.top.current().unwrap();
    format!("{:?}", group.values)
}

#[test]
fn from_the_overview_to_a_connection_and_back_to_the_same_places() {
    let mut browser = Browser::open(120, 40);
    browser.keys("3jj");
    let (host, overview) = (group(&browser), browser.screen());
    browser.press(KeyCode::Enter);
    assert!(
        browser.app.filter.text.starts_with("ip "),
        "{}",
        browser.app.filter.text
    );
    let shown = browser.app.tab().list.rows.shown;
    assert!(shown > 1 && shown < 796, "{shown} rows of {host}");
    browser.keys("jjl");
    let (of_host, connection) = (browser.screen(), browser.app.tab().list.current());
    // the services of the host
    browser.keys("F");
    browser.keys("j");
    let (service, services) = (group(&browser), browser.screen());
    assert_ne!(service, host);
    browser.press(KeyCode::Enter);
    let rows = browser.app.tab().list.rows.shown;
    assert!(rows > 0 && rows <= shown, "{rows} of {shown}");
    assert!(
        browser.app.filter.text.contains("service "),
        "{}",
        browser.app.filter.text
    );
    let of_service = browser.screen();
    browser.press(KeyCode::Enter);
    assert!(matches!(browser.app.pane, Pane::Detail(_)));
    browser.press(KeyCode::Esc);
    assert_eq!(browser.screen(), of_service);
    browser.press(KeyCode::Esc);
    assert_eq!((group(&browser), browser.screen()), (service, services));
    browser.press(KeyCode::Esc);
    assert_eq!(browser.screen(), of_host);
    assert_eq!(browser.app.tab().list.current(), connection);
    browser.press(KeyCode::Esc);
    assert_eq!((group(&browser), browser.screen()), (host, overview));
}

#[test]
fn a_group_is_left_out_or_kept_alone_by_a_key() {
    let mut browser = Browser::open(120, 24);
    browser.keys(":top service\r");
    let listed = |browser: &Browser| {
        let groups = browser.app.together.top.groups.clone().unwrap();
        let names = groups.list.iter().map(|group| group.values[0].clone());
        names.collect::<Vec<_>>()
    };
    let all = listed(&browser);
    browser.keys("j!");
    let without = [&all[..1], &all[2..]].concat();
    assert_eq!(listed(&browser), without);
    assert!(browser.status().contains("[filter not service "));
    browser.keys("ugj=");
    assert_eq!(listed(&browser), [all[1].clone()]);
    browser.keys("=");
    assert!(browser.screen().contains("the filter says so already"));
    browser.keys("!");
    assert!(listed(&browser).is_empty());
    browser.keys("!");
    assert!(browser.screen().contains("there is no group"));
}

#[test]
fn the_rows_of_a_group_are_as_many_as_it_says() {
    let mut browser = Browser::open(120, 40);
    for by in [
        "host",
        "service",
        "pair",
        "src_as",
        "net/16",
        "hour",
        "exporter",
        "client_port",
        "dst_net/20,protocol",
    ] {
        browser.keys("3");
        browser.keys(&format!(":top {by}"));
        browser.press(KeyCode::Enter);
        let group = browser.app.together.top.current().unwrap().tally.rows;
        browser.press(KeyCode::Enter);
        assert_eq!(
            browser.app.tab().list.rows.shown,
            u64::from(group),
            "{by}: {}",
            browser.app.filter.text
        );
        browser.press(KeyCode::Esc);
        assert_eq!(browser.app.filter.text, "", "{by}");
    }
}

#[test]
fn a_brush_shows_the_rows_of_its_time() {
    let mut browser = Browser::open(80, 24);
    browser.keys("4Gt");
    browser.keys("hhhhh");
    let picked = browser.app.together.time.picked().unwrap();
    let before = browser.screen();
    browser.press(KeyCode::Enter);
    let rows = browser.app.tab().list.rows.ids.clone();
    assert!(!rows.is_empty() && rows.len() < 796, "{}", rows.len());
    for id in 0..browser.app.table.len() {
        let facts = browser.app.facts(id);
        let begin = facts.row.start(facts.source()).unwrap().absolute;
        let end = begin + facts.duration().unwrap_or(0);
        let within = begin < picked.end && end >= picked.start;
        let wanted = within
            && facts.row.is_connection()
            && facts.row.sum(flowpeek::model::attr::Attr::Packets) >= 10;
        assert_eq!(
            rows.contains(&id),
            wanted,
            "{begin} to {end} and {picked:?}: {}",
            browser.app.filter.text
        );
    }
    browser.press(KeyCode::Esc);
    assert_eq!(browser.app.filter.text, "");
    // the brush is as it was
    assert_eq!(browser.screen(), before);
    assert_eq!(browser.app.together.time.picked(), Some(picked));
    // it is of no use in the timeline of those rows
    browser.press(KeyCode::Enter);
    browser.keys("4");
    assert_eq!(browser.app.together.time.brush, None);
}

#[test]
fn from_other_views_the_way_back_is_to_the_group_as_well() {
    for keys in ["4", "3", "1", "41", "2", "4zz", "5", "45"] {
        let mut browser = Browser::open(80, 24);
        browser.keys("/proto udp");
        browser.press(KeyCode::Enter);
        browser.keys("3jj");
        let (overview, host) = (browser.screen(), group(&browser));
        browser.press(KeyCode::Enter);
        browser.keys(keys);
        assert!(browser.app.filter.text.contains(" and "), "{keys}");
        for _ in 0..5 {
            if browser.app.filter.text.contains(" and ") {
                browser.press(KeyCode::Esc);
            }
        }
        assert_eq!((browser.screen(), group(&browser)), (overview, host));
        // nothing is left of the way, the filter before is the one that was typed
        assert!(browser.app.together.back.is_empty(), "{keys}");
        browser.keys("u");
        assert_eq!(browser.app.filter.text, "", "{keys}");
    }
}

#[test]
fn a_filter_that_was_made_among_the_rows_of_a_group_can_be_had_again() {
    let mut browser = Browser::open(80, 24);
    browser.keys("3jj");
    browser.press(KeyCode::Enter);
    let of_group = browser.app.filter.text.clone();
    browser.keys("/and proto udp");
    browser.press(KeyCode::Enter);
    let narrower = browser.app.filter.text.clone();
    assert_ne!(narrower, of_group);
    browser.press(KeyCode::Esc);
    assert_eq!(browser.app.filter.text, "");
    browser.keys("u");
    assert_eq!(browser.app.filter.text, narrower);
    // where the way led to no other filter, too
    browser.keys("u1F/and proto tcp");
    browser.press(KeyCode::Enter);
    let among_groups = browser.app.filter.text.clone();
    browser.press(KeyCode::Esc);
    assert_ne!(browser.app.filter.text, among_groups);
    browser.keys("u");
    assert_eq!(browser.app.filter.text, among_groups);
}

#[test]
fn who_is_back_by_the_key_of_the_view_has_no_way_back_left() {
    let mut browser = Browser::open(80, 24);
    for keys in ["F1F1F1", "F:top service\r1"] {
        browser.keys(keys);
        assert_eq!(browser.app.together.back.len(), 0, "{keys}");
    }
    browser.keys("F");
    for left in [1, 1, 0] {
        browser.press(KeyCode::Tab);
        assert_eq!(browser.app.together.back.len(), left);
    }
    browser.keys("F:top service\r3");
    assert_eq!(browser.app.together.back.len(), 2, "still there");
    browser.keys("1");
    browser.keys("/port 53");
    browser.press(KeyCode::Enter);
    browser.press(KeyCode::Esc);
    assert_eq!(browser.app.filter.text, "");
}

#[test]
fn a_closer_look_and_back() {
    let mut browser = Browser::open(80, 24);
    browser.keys("4");
    let all = browser.screen();
    browser.keys("G");
    browser.keys("hhhhhhhhhhhhhhhh");
    browser.keys("zzz");
    let line = browser.app.together.time.course.line.clone().unwrap();
    assert!(line.bins.step < 60_000, "{:?}", line.bins);
    insta::assert_snapshot!(browser.screen());
    browser.press(KeyCode::Esc);
    browser.keys("g");
    assert_eq!(browser.screen(), all);
    for _ in 0..60 {
        browser.keys("z");
    }
    assert!(
        browser.screen().contains("as close as it gets"),
        "{}",
        browser.screen()
    );
}

#[test]
fn a_closer_look_is_at_what_the_bar_was_made_of() {
    let mut browser = Browser::open(80, 24);
    browser.keys("4");
    let sums = |browser: &Browser| -> Vec<u128> {
        let line = browser.app.together.time.course.line.as_ref().unwrap();
        line.sums().collect()
    };
    let all = sums(&browser);
    for (bar, _) in all.iter().enumerate().filter(|bar| *bar.1 > 0) {
        browser.keys("g");
        browser.keys(&"l".repeat(bar));
        for _ in 0..12 {
            browser.keys("z");
            let cursor = browser.app.together.time.cursor();
            assert!(sums(&browser)[cursor] > 0, "{bar}: {}", browser.screen());
        }
        browser.press(KeyCode::Esc);
        assert_eq!(sums(&browser), all);
    }
}

#[test]
fn a_closer_look_is_told_and_says_where_there_is_nothing_in_it() {
    for width in [60, 120] {
        let mut browser = Browser::open(width, 24);
        browser.keys("4");
        assert!(!browser.status().contains("[zoomed"));
        browser.keys("zz");
        let status = browser.status();
        assert!(status.contains("[zoomed"), "{status}");
        if width == 120 {
            let range = browser.app.together.time.range.clone().unwrap();
            let begin = browser.app.context.zone.print(range.start, "%H:%M");
            assert!(status.contains(&begin), "{status}");
        }
        // it is of no matter elsewhere
        browser.keys("1");
        assert!(!browser.status().contains("[zoomed"));
        browser.keys("4/port 1\r");
        let screen = browser.screen();
        assert!(screen.contains("No bytes in this stretch"), "{screen}");
        assert!(screen.contains("Z shows a longer one, Esc all of it."));
        browser.press(KeyCode::Esc);
        let screen = browser.screen();
        assert!(!screen.contains("[zoomed"), "{screen}");
        assert!(screen.contains("Esc clears the filter."), "{screen}");
    }
}

#[test]
fn what_has_nothing_to_show_says_so() {
    for view in ["3", "4"] {
        let mut browser = Browser::open(60, 15);
        browser.keys("/port 1");
        browser.press(KeyCode::Enter);
        browser.keys(view);
        assert!(
            browser.screen().contains("Esc clears the filter"),
            "{}",
            browser.screen()
        );
        browser.press(KeyCode::Esc);
        assert!(
            !browser.screen().contains("Esc clears"),
            "{}",
            browser.screen()
        );
        // a screen too small for the chart, and one that grows
        for (width, height) in [(60, 15), (200, 60)] {
            browser.tell(Message::Input(Event::Resize(width, height)));
            browser.screen();
        }
    }
}

#[test]
fn only_what_hides_rows_is_named_where_there_are_none() {
    let (many, none) = ("+".repeat(24), "-".repeat(4));
    let filter = "/port 1\r";
    for (keys, remedies) in [
        (many.clone(), "- lowers the threshold."),
        (none + filter, "Esc clears the filter."),
        (many.clone() + filter, "Esc clears the filter."),
        (
            many + "/port 53\r",
            "Esc clears the filter, - lowers the threshold.",
        ),
    ] {
        for view in ["3", "4"] {
            let mut browser = Browser::open(60, 15);
            browser.keys(&keys);
            browser.keys(view);
            let screen = browser.screen();
            let says = |line: &str| line.trim_matches(['"', ' ']) == remedies;
            assert!(screen.lines().any(says), "{screen}");
        }
    }
}

#[test]
fn groups_and_time_tell_how_many_rows_the_threshold_hides() {
    let hidden = |browser: &Browser| {
        let status = browser.status();
        let chip = status.split_once("[packets >= ").map(|rest| rest.1);
        chip.and_then(|chip| chip.split_once(']'))
            .map(|chip| chip.0.to_owned())
    };
    let mut browser = Browser::open(120, 24);
    for keys in ["", "2", "+", "/proto udp\r", "1", "+++", "u/port 53\r"] {
        browser.keys(keys);
        let of_rows = hidden(&browser);
        assert!(
            of_rows
                .as_ref()
                .is_some_and(|chip| chip.ends_with(" hidden"))
        );
        for view in ["3", "4"] {
            browser.keys(view);
            assert_eq!(hidden(&browser), of_rows, "{}", browser.status());
        }
        browser.keys("z");
        // a closer look hides no others
        let is_closer = browser.status().contains("[zoomed");
        let in_all = of_rows.map(|chip| chip + if is_closer { " in all" } else { "" });
        assert_eq!(hidden(&browser), in_all);
        browser.keys("Z");
        browser.keys(if browser.status().contains("unmatched") {
            "2"
        } else {
            "1"
        });
    }
    // also where that is all
    browser.keys(&"+".repeat(24));
    let of_rows = hidden(&browser);
    for view in ["3", "4"] {
        browser.keys(view);
        assert_eq!(hidden(&browser), of_rows);
    }
    browser.keys(&"-".repeat(40));
    assert_eq!(hidden(&browser), None);
}

#[test]
fn what_the_threshold_hides_is_told_before_of_which_rows_groups_are() {
    let mut browser = Browser::open(80, 24);
    browser.keys("3");
    assert!(
        browser
            .status()
            .contains(" groups by host of 796 connections [packets >= 10, 622 hidden] [by Bytesv]")
    );
    browser.keys(":top host,service\r");
    assert!(
        browser
            .status()
            .contains(" groups by host, service [packets >= 10, 622 hidden] [by Bytesv]")
    );
}

#[test]
fn what_is_said_of_a_group_can_be_copied() {
    let mut browser = Browser::open(80, 24);
    browser.keys("3jy");
    let group = browser.app.together.top.current().unwrap().clone();
    let Value::Address(host) = group.values[0] else {
        panic!("{:?}", group.values)
    };
    let host = host.to_string();
    assert_eq!(browser.copied, std::slice::from_ref(&host));
    browser.keys("lllyY");
    let bytes = (group.tally.sent + group.tally.received).to_string();
    assert_eq!(browser.copied[1], bytes);
    let row: Vec<&str> = browser.copied[2].split('\t').collect();
    assert_eq!((row[0], row[3]), (host.as_str(), bytes.as_str()));
    browser.keys("/host 1.2.3.4\ry");
    assert_eq!(browser.copied.len(), 3);
    assert!(browser.screen().contains("there is no group"));
}

#[test]
fn keys_in_an_empty_timeline_are_not_kept_for_a_later_one() {
    for keys in ["\r", "t", "l\r"] {
        let mut browser = Browser::open(80, 24);
        browser.keys("/host 1.2.3.4\r4");
        browser.keys(keys);
        browser.press(KeyCode::Esc);
        assert_eq!(browser.app.filter.text, "", "{keys:?}");
        assert_eq!(browser.app.tab().info.body, Body::Timeline);
        assert!(
            browser.app.together.time.course.line.is_some()
                && browser.app.together.time.brush.is_none()
        );
    }
}

#[test]
fn a_timeline_says_which_sign_is_whose() {
    for width in [60, 80, 120] {
        let mut browser = Browser::open(width, 24);
        browser.keys("4");
        let about = |browser: &Browser| browser.screen().lines().nth(2).unwrap().to_owned();
        // octets, then packets
        for _ in 0..2 {
            let said = about(&browser);
            let (sent, received) = said.split_once('▒').unwrap_or_else(|| panic!("{said}"));
            let (_, sent) = sent.split_once('█').unwrap();
            let is_whole = sent.contains(" sources") && received.contains(" destinations");
            let is_short = sent == " src " && received.starts_with(" dst");
            assert!(is_whole || (is_short && width == 60), "{said}");
            // and how much it is of that, where there is room
            assert!(width == 60 || sent.contains(char::is_numeric), "{said}");
            browser.app.look.ascii = true;
            let said = about(&browser);
            assert!(said.contains('#') && said.contains(": "), "{said}");
            browser.app.look.ascii = false;
            browser.keys("j");
        }
        // what begins has no sides
        assert!(!about(&browser).contains('▒'));
    }
}

#[test]
fn a_wider_timeline_ends_where_the_data_does() {
    let mut browser = Browser::open(80, 24);
    browser.keys("4");
    let whole = browser.screen();
    browser.keys("llllzzzz");
    assert_ne!(browser.screen(), whole);
    let mut shown = browser.app.together.time.range.clone();
    for _ in 0..9 {
        browser.keys("Z");
        let wider = browser.app.together.time.range.clone();
        if let (Some(before), Some(now)) = (&shown, &wider) {
            assert!(now.start <= before.start && now.end >= before.end);
        }
        shown = wider;
    }
    assert!(browser.screen().contains("all of it is shown"));
    browser.keys("gj");
    browser.keys("kg");
    let all = |screen: &str| {
        screen
            .lines()
            .take(20)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&browser.screen()), all(&whole));
}
