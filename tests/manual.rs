//! What the program tells about itself: man pages, completions and the version,
//! each against the program's own behaviour or the tool that reads it.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::io::Write;
use std::process::{Command, Stdio};

use flowpeek::query::language::words::WORDS;
use flowpeek::tui::keys::action::KEYS;
use support::flowpeek;

const PAGES: [&str; 2] = ["flowpeek", "flowpeek-report"];

fn printed(args: &[&str]) -> String {
    let run = flowpeek(args);
    assert_eq!(run.status, Some(0), "{}", run.errors());
    run.text().to_owned()
}

/// What a tool says to a text; `None` without the tool.
fn told(tool: &str, args: &[&str], text: &str) -> Option<(bool, String)> {
    let child = Command::new(tool)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("{tool} is not there");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    let said = [out.stdout, out.stderr].concat();
    Some((
        out.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}

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
    let changelog = include_str!("../CHANGELOG.md");
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
fn bash_completes_options_and_words() {
    let script = printed(&["completions", "bash"]);
    // there is no shell that completes here
    let ask = "\ncompopt() { :; }\nfor line in 'flowpeek --pair' 'flowpeek report --for' 'flowpeek report --format nd' \
        'flowpeek report --top pro' 'flowpeek report --top src_ad' 'flowpeek --sort src_po' 'flowpeek -p READ' 'flowpeek --hosts READ'; do\n\
        read -ra COMP_WORDS <<< \"$line\"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()\n\
        _flowpeek flowpeek \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n\
        echo \"${COMPREPLY[@]}\"; done\n";
    let Some((_, said)) = told("bash", &["--norc"], &(script + ask)) else {
        return;
    };
    assert_eq!(
        said,
        "--pairing\n--format\nndjson\nprotocol\nsrc_addr\nsrc_port\nREAD\nREADME.md\n"
    );
}

#[test]
fn other_shells_take_their_completions() {
    for (shell, args) in [("zsh", &["-n"][..]), ("fish", &["--no-execute"])] {
        let script = printed(&["completions", shell]);
        if let Some((fine, said)) = told(shell, args, &script) {
            assert!(fine && said.is_empty(), "{shell}: {said}");
        }
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
