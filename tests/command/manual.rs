//! What the program tells about itself: man pages and the version, each against
//! the program's own behaviour or the tool that reads it.

use crate::tools;

use flowpeek::query::language::words::WORDS;
use flowpeek::tui::keys::action::KEYS;
use tools::{printed, told};

const PAGES: [&str; 2] = ["flowpeek", "flowpeek-report"];

/// A text without breaks of lines, as a formatter makes them.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn man_pages_render_without_a_complaint() {
    for page in PAGES {
        let text = printed(&["man", page]);
        if let Some((fine, said)) = told("groff", &["-man", "-ww", "-z", "-Kutf8"], &text) {
            assert!(fine && said.is_empty(), "{page}: {said}");
        }
        if let Some((fine, said)) = told("mandoc", &["-Tlint", "-W", "error"], &text) {
            assert!(fine, "{page}: {said}");
        }
    }
}

#[test]
fn the_man_page_as_it_is_read_has_every_key_and_every_word() {
    let page = printed(&["man"]);
    let args = ["-man", "-Tutf8", "-rLL=500n", "-P-cbou"];
    let Some((_, read)) = told("groff", &args, &page) else {
        return;
    };
    let read = flat(&read.replace('\u{2010}', "-"));
    for section in [
        "SYNOPSIS",
        "OPTIONS",
        "KEYS",
        "FILTER LANGUAGE",
        "EXIT STATUS",
    ] {
        assert!(read.contains(section), "{section}");
    }
    for key in KEYS.iter().filter(|key| !key.label.is_empty()) {
        let row = flat(&format!("{} {}", key.label, key.help));
        assert!(read.contains(&row), "{row}");
    }
    for word in WORDS {
        let row = flat(&format!("{} {}", word.usage(), word.help));
        assert!(read.contains(&row), "{row}\n{read}");
    }
}

#[test]
fn man_pages_have_the_options_that_the_help_has() {
    for (page, help) in [
        ("flowpeek", &["--help"][..]),
        ("flowpeek-report", &["report", "--help"]),
    ] {
        let page = printed(&["man", page]).replace('\\', "");
        let help = printed(help);
        // a flag's value stands in brackets, which the pages set in another font
        let words = help.split([' ', '\n', ',', '`', '[']);
        let options: Vec<&str> = words.filter(|word| word.starts_with("--")).collect();
        assert!(options.len() > 15, "{options:?}");
        for option in options {
            assert!(
                page.contains(option.trim_end_matches([')', '.'])),
                "{option}"
            );
        }
    }
}

#[test]
fn the_date_of_the_man_pages_is_that_of_the_newest_release() {
    let changelog = include_str!("../../CHANGELOG.md");
    let heading = format!("## {} - ", env!("CARGO_PKG_VERSION"));
    let (_, rest) = changelog.split_once(&heading).expect("the release's notes");
    let date = &rest[..10];
    for page in PAGES {
        let text = printed(&["man", page]).replace("\\-", "-");
        let head = text.lines().find(|line| line.starts_with(".TH")).unwrap();
        assert!(head.contains(date), "{head}");
    }
}

#[test]
fn the_version_is_the_package_and_perhaps_its_commit() {
    let said = printed(&["--version"]);
    let words: Vec<&str> = said.split_whitespace().collect();
    assert_eq!(words[..2], ["flowpeek", env!("CARGO_PKG_VERSION")]);
    if let Some(commit) = words.get(2) {
        let digits = commit.trim_start_matches('(').trim_end_matches(')');
        assert_eq!(digits.len(), 9);
        assert!(digits.chars().all(|c| c.is_ascii_hexdigit()), "{said}");
    }
}
