//! The view of sources: files, exporters with what they lost and how they
//! sample, and lines that could not be used, on every size of screen.

use crossterm::event::KeyCode;
use flowpeek::model::intake::Damage;
use flowpeek::tui::state::saving::{Export, Told};
use flowpeek::tui::threads::inbox::Message;

use super::Browser;

/// Real exports of one, of three and of a fourth exporter, and two files in
/// which little is right.
const FILES: [&str; 4] = [
    "assets/sample.gz",
    "tests/data/pmacctd-ipfix.gz",
    "tests/data/vendors-v5.gz",
    "tests/data/hostile.json",
];

fn browser(width: u16, height: u16) -> Browser {
    let mut browser = Browser::open_files(width, height, &FILES);
    browser.keys("5");
    browser
}

#[test]
fn on_every_size_of_screen() {
    for (width, height) in [(60, 15), (80, 24), (120, 40)] {
        insta::assert_snapshot!(format!("list_{width}"), browser(width, height).screen());
    }
}

#[test]
fn an_exporter_that_lost_exports() {
    let mut browser = browser(80, 24);
    browser.keys("jjjj");
    browser.press(KeyCode::Enter);
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn what_an_exporter_sent_is_multiplied_where_the_tables_are() {
    let mut browser = browser(80, 24);
    let sent = |browser: &Browser| {
        let screen = browser.screen();
        let line = screen.lines().find(|line| line.contains("127.0.1.1 "));
        line.unwrap_or_default().to_owned()
    };
    assert!(sent(&browser).contains(" 4.0 kB "), "{}", sent(&browser));
    browser.keys("x");
    assert!(sent(&browser).contains(" 4.0 MB "), "{}", sent(&browser));
    browser.keys("jjjjj");
    browser.press(KeyCode::Enter);
    let screen = browser.screen();
    assert!(screen.contains("Bytes             4.0 MB"), "{screen}");
    assert!(screen.contains("Bytes are multiplied"), "{screen}");
    browser.keys("x");
    let screen = browser.screen();
    assert!(screen.contains("Bytes             4.0 kB"), "{screen}");
}

#[test]
fn the_text_of_a_rejected_line_is_made_safe() {
    let mut browser = browser(80, 24);
    browser.keys("G");
    browser.press(KeyCode::Enter);
    insta::assert_snapshot!(browser.screen());
}

/// A browser of one file beside which others cannot be read.
fn with_unread(width: u16, height: u16) -> Browser {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.json");
    std::fs::write(&empty, "").unwrap();
    let mut browser = Browser::open_files(
        width,
        height,
        &[
            "assets/sample.gz",
            "no/such/folder/with/a/long/name/flows-2026-11-24.gz",
            empty.to_str().unwrap(),
        ],
    );
    // its folder is called otherwise each time
    let mut intake = (*browser.app.intake).clone();
    let last = intake.refused.last_mut().unwrap();
    assert_eq!(last.name, empty.to_str().unwrap());
    last.name = "empty.json".to_owned();
    browser.hear(intake);
    browser.keys("5");
    browser
}

#[test]
fn files_that_cannot_be_read_stand_among_the_others_with_the_reason() {
    for (width, height) in [(60, 15), (80, 24)] {
        let screen = with_unread(width, height).screen();
        insta::assert_snapshot!(format!("unread_{width}"), screen);
    }
}

#[test]
fn the_pane_of_a_file_that_cannot_be_read_tells_all_of_it() {
    let mut browser = with_unread(60, 15);
    browser.keys("j\r");
    let screen = browser.screen();
    let text: String = screen
        .lines()
        .map(|line| line.trim_matches(['"', ' ']))
        .collect();
    for words in [
        "no/such/folder/with/a/long/name/flows-2026-11-24.gz",
        "Not read          No such file or directory",
    ] {
        assert!(text.contains(words), "{screen}");
    }
}

#[test]
fn one_pane_leads_to_the_next() {
    let mut browser = browser(80, 24);
    browser.keys("jjj\r");
    assert!(browser.screen().contains("tests/data/hostile.json"));
    browser.keys("J");
    let exporter = browser.screen();
    assert!(exporter.contains("Export packets"), "{exporter}");
    browser.keys("JJJJJ");
    let reject = browser.screen();
    assert!(
        reject.contains("line 2") && reject.contains("The line"),
        "{reject}"
    );
    assert!(!reject.contains("reading the line"), "{reject}");
    browser.keys("J");
    assert!(browser.screen().contains("there is no later row"));
    browser.keys("KKKKK");
    assert_eq!(browser.screen(), exporter);
}

#[test]
fn nothing_is_cut_where_there_is_room() {
    let name = "/var/log/flows/2023/11/vendors-v9.gz";
    for width in [132, 200] {
        let mut browser = browser(width, 43);
        let mut intake = (*browser.app.intake).clone();
        intake.files[3].name = name.to_owned();
        intake.exporters[0].domains[0].lost = 60_339_421;
        browser.hear(intake);
        let screen = browser.screen();
        assert!(!screen.contains('…'), "{screen}");
        assert!(screen.contains("60,339,421 packets"), "{screen}");
        assert_eq!(screen.matches(name).count(), 3, "{screen}");
    }
}

/// From an exporter or a file to its flows, and back to the same line.
#[test]
fn what_a_source_sent_is_shown_and_left_out_by_a_key() {
    let mut browser = browser(120, 40);
    let count = |browser: &Browser| {
        let screen = browser.screen();
        let line = screen.lines().nth(1).unwrap_or_default().to_owned();
        let shown = line
            .trim_start_matches('"')
            .split(' ')
            .next()
            .unwrap_or_default();
        (shown.replace(',', "").parse::<u64>().unwrap_or(0), line)
    };
    browser.keys("1a");
    let all = count(&browser).0;
    for (keys, term) in [("5", "file = "), ("5jjjj", "exporter ")] {
        browser.keys(keys);
        browser.keys("=");
        let (of_it, line) = count(&browser);
        assert!(line.contains(term), "{line}");
        browser.press(KeyCode::Esc);
        assert!(
            browser.screen().contains("Exporters"),
            "{}",
            browser.screen()
        );
        browser.keys("!");
        let (of_others, line) = count(&browser);
        assert!(line.contains("not "), "{line}");
        assert!(
            of_it > 0 && of_others > 0 && of_it + of_others == all,
            "{of_it} {of_others} {all}"
        );
        browser.press(KeyCode::Esc);
    }
    // what was chosen before is not asked for at the same time
    let filter = |browser: &Browser| browser.app.filter.text.clone();
    browser.keys("1/proto udp\r5gjjjj=");
    let one = filter(&browser);
    assert!(one.starts_with("proto udp and exporter "), "{one}");
    browser.keys("5j=");
    let other = filter(&browser);
    assert!(other.starts_with("proto udp and exporter "), "{other}");
    assert!(one != other && other.matches("exporter").count() == 1);
    browser.keys("5!");
    let rest = filter(&browser);
    assert!(rest.starts_with("proto udp and not exporter "), "{rest}");
    browser.keys("5k!");
    assert_eq!(filter(&browser).matches("not exporter").count(), 2);
}

#[test]
fn who_writes_the_rejects_is_told_that_damage_is_none() {
    let mut browser = browser(80, 24);
    browser.app.export = Export {
        formats: &[("csv", "csv")],
        write: |_, _, _| Ok(0),
    };
    for (damage, words) in [
        (0, "rejects.csv: 1 row written"),
        (
            1,
            "rejects.csv: 1 row of rejected lines, not of damage, written",
        ),
    ] {
        let mut intake = (*browser.app.intake).clone();
        (0..damage).for_each(|_| {
            intake.damaged(Damage {
                file: 0,
                offset: 7,
                bytes: 9,
                reason: "damaged gzip data".to_owned(),
            });
        });
        browser.hear(intake);
        browser.keys("5G:w rejects.csv\r");
        browser.tell(Message::Saving(Told::Done(1)));
        let screen = browser.screen();
        assert!(screen.contains(words), "{screen}");
    }
}
