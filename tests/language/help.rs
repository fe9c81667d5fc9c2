//! `flowpeek help filter`: complete, within 80 columns, and every example in it works.

use flowpeek::query::language::help::EXAMPLES;
use flowpeek::query::language::parse::parse;
use flowpeek::query::language::words::WORDS;

use super::support;

fn flowpeek(args: &[&str]) -> (Option<i32>, String) {
    let run = support::flowpeek(args);
    (run.status, run.text().to_owned())
}

#[test]
fn the_page_explains_every_word() {
    let (status, page) = flowpeek(&["help", "filter"]);
    assert_eq!(status, Some(0));
    for word in WORDS {
        for name in word.names {
            assert!(page.contains(name), "{name}");
        }
        assert!(page.contains(word.help) && page.contains(word.example));
    }
    let wide = page.lines().filter(|line| line.chars().count() > 80);
    assert_eq!(wide.collect::<Vec<_>>(), [""; 0]);
    insta::assert_snapshot!(page);
}

#[test]
fn the_examples_are_filters() {
    for (filter, _) in EXAMPLES {
        assert_eq!(parse(filter).map(|_| ()), Ok(()), "{filter}");
        let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz");
        let args = [
            "report", "-n", "-p", "0", "--format", "ndjson", "--filter", filter,
        ];
        // names need lookups, and the command says so
        let expected = if filter.contains("name") { 2 } else { 0 };
        assert_eq!(
            flowpeek(&[&args[..], &[sample]].concat()).0,
            Some(expected),
            "{filter}"
        );
    }
}

#[test]
fn the_other_topics_are_pages_too() {
    let (status, page) = flowpeek(&["help"]);
    assert!(
        status == Some(0) && page.contains("Usage: flowpeek") && page.contains("--filter-file")
    );
    let (status, page) = flowpeek(&["help", "report"]);
    assert!(status == Some(0) && page.contains("--format"));
    assert_eq!(flowpeek(&["help", "filters"]).0, Some(2));
}
