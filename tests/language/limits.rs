//! No filter, however long, deep or odd, crashes the parser or takes long.

use std::time::{Duration, Instant};

use flowpeek::query::field::{FIELDS, Kind};
use flowpeek::query::language::complete::{complete, is_begun};
use flowpeek::query::language::parse::parse;
use proptest::prelude::*;

#[test]
fn huge_and_deep_filters_are_answered() {
    const SIZE: usize = 64 * 1024;
    let started = Instant::now();
    for piece in [
        "(",
        ")",
        "not ",
        "!",
        "(not ",
        "src and dst ",
        "src or ",
        "a or ",
        "a and ",
        "[",
        "port in [",
        "in if ",
        "\"",
        "'\"",
        "near ",
        "host ",
        "10.0.0.0/",
        "é",
        "日",
        "1",
        "- ",
        "~",
        "!~",
        "#",
        "# \n",
        "client = ",
        "name ~ a or ",
        "start > ",
        "flags ",
        "x",
        "/",
        ":",
    ] {
        let text = piece.repeat(SIZE / piece.len());
        // whatever the answer, it can be printed and dropped
        match parse(&text) {
            Ok(expr) => assert_eq!(parse(&expr.to_string()), Ok(expr)),
            Err(error) => assert!(error.message.len() < 200 && !error.show(&text).is_empty()),
        }
    }
    for depth in [50, 99] {
        let text = format!("{}port 5{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(parse(&text), parse("port 5"));
    }
    // the 101st level is one too many; what stands beside another is no level
    let error = parse(&format!("{}port 5{}", "(".repeat(100), ")".repeat(100))).unwrap_err();
    assert!(error.message.contains("nested too deep"), "{error}");
    assert!(parse(&["(port 5)"; 300].join(" or ")).is_ok());
    for deep in ["(", "not ", "!(", "not !"] {
        let error = parse(&format!("{}port 5", deep.repeat(10_000))).unwrap_err();
        assert!(error.message.contains("nested too deep"), "{error}");
    }
    let list: Vec<String> = (0..12_000).map(|port| port.to_string()).collect();
    assert!(parse(&format!("port in [{}]", list.join(" "))).is_ok());
    assert!(
        started.elapsed() < Duration::from_secs(30),
        "{:?}",
        started.elapsed()
    );
}

/// Words and signs of the language in any order, with odd ones between.
fn rubble() -> impl Strategy<Value = String> {
    let pieces = vec![
        "and",
        "or",
        "not",
        "(",
        ")",
        "[",
        "]",
        ",",
        "in",
        "if",
        "src",
        "dst",
        "client",
        "port",
        "host",
        "flags",
        "start",
        "=",
        "!=",
        ">",
        "~",
        "!~",
        "5",
        "10.0.0.0/8",
        "S/SA",
        "-15m",
        "14:05",
        "'",
        "\"",
        "near",
        "miss",
        "reason",
        "name",
        "é",
        "#",
        "\n",
        "0x",
        "::1",
        "/",
        "near miss",
        "exporter",
    ];
    let piece = proptest::sample::select(pieces).prop_map(str::to_owned);
    let any = prop_oneof![9 => piece, 1 => ".{0,4}"];
    prop::collection::vec(any, 0..20).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn rubble_is_read_or_refused(text in rubble()) {
        match parse(&text) {
            Ok(expr) => prop_assert_eq!(parse(&expr.to_string()), Ok(expr)),
            Err(error) => {
                prop_assert!(text.get(error.span.clone()).is_some());
                error.show(&text);
            }
        }
    }

    /// What is offered goes on with what stands there, and is no end in itself.
    #[test]
    fn rubble_can_be_completed(text in rubble(), cut in 0usize..100) {
        let cut = (0..=cut.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        let before = &text[..cut];
        let values = ["https", "near miss", "größe", "a\"b"].map(str::to_owned);
        let offers = complete(before, |_| values.to_vec());
        let begun = before.get(offers.start..).unwrap_or("").to_lowercase();
        for item in &offers.items {
            let plain = item.trim_start_matches(['"', '\'']).to_lowercase();
            prop_assert!(plain.starts_with(&begun) && plain != begun, "{} after {}", item, before);
        }
        is_begun(before);
    }
}

#[test]
fn behind_a_comparison_in_words_nothing_but_a_number_can_stand() {
    let offered = |before: &str| complete(before, |_| Vec::new()).items;
    for before in ["bytes > ", "bytes gt ", "port LE "] {
        assert_eq!(offered(before), [""; 0], "{before}");
    }
    assert_eq!(offered("bytes gt 5 "), ["and", "or"]);
}

/// Each number that a row can have can be asked for, and none that it cannot have.
#[test]
fn a_number_may_be_as_great_as_its_field_can_have_it_and_no_greater() {
    for field in FIELDS.iter().filter(|field| field.kind == Kind::Number) {
        let (name, max) = (field.name, field.max().unwrap());
        assert!(parse(&format!("{name} {max}")).is_ok(), "{name}");
        let error = parse(&format!("{name} {}", u128::from(max) + 1)).unwrap_err();
        let range = format!("from 0 to {max}");
        assert!(error.message.contains(&range), "{name}: {error}");
    }
}
