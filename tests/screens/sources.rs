//! The view of sources: files, exporters with what they lost and how they
//! sample, and lines that could not be used, on every size of screen.

use crossterm::event::KeyCode;

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
fn the_text_of_a_rejected_line_is_made_safe() {
    let mut browser = browser(80, 24);
    browser.keys("G");
    browser.press(KeyCode::Enter);
    insta::assert_snapshot!(browser.screen());
}
