//! A filter prints as text that means the same.

use flowpeek::query::language::parse::parse;
use flowpeek::query::language::words::WORDS;
use proptest::prelude::*;

use crate::world::filter;

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_printed_parses_to_the_same_filter(text in filter()) {
        let expr = parse(&text).expect(&text);
        let printed = expr.to_string();
        let again = parse(&printed);
        prop_assert_eq!(again.as_ref(), Ok(&expr), "{} printed as {}", text, printed);
        prop_assert_eq!(again.unwrap().to_string(), printed);
    }
}

#[test]
fn filters_print_in_the_words_people_use() {
    for (text, printed) in [
        ("", "any"),
        ("unmatched", "not matched"),
        ("sip 10.1.2.3/32", "src ip 10.1.2.3"),
        ("src_port==80 && !udp", "src port = 80 and not \"udp\""),
        ("a or b and c", "\"a\" or (\"b\" and \"c\")"),
        (
            "(a or b) and not (c or d)",
            "(\"a\" or \"b\") and not (\"c\" or \"d\")",
        ),
        ("host in [::1 10.0.0.0/8,]", ""),
        ("bytes>1.5k", "bytes > 1500"),
        ("port in [443,80 443]", "port in [80, 443]"),
        ("flags as", "flags AS"),
        ("client flags s/sa", "client flags S/AS"),
        ("end<14:05", "end < 14:05"),
        (
            "start >= 2026-11-24 14:05Z",
            "start >= 2026-11-24T14:05+00:00",
        ),
        ("start = 2026-11 14:05", ""),
        ("start > -15m", "start > -900000ms"),
        ("proto != 6", "not proto tcp"),
        ("reason near miss", "reason near miss"),
        ("name ~ \"it's\"", "name ~ \"it's\""),
        ("name ~ 'say \"x\"'", "name ~ 'say \"x\"'"),
        ("dst www.example.org", ""),
        ("dst host www.Example.org", "dst name = \"www.Example.org\""),
        (
            "src and dst port > 1023",
            "src port > 1023 and dst port > 1023",
        ),
        ("in if 3 or out if 4", "src if = 3 or dst if = 4"),
        (
            "out bytes > 5 and in pkts 1",
            "dst bytes > 5 and src packets = 1",
        ),
        ("exporter ip 192.0.2.1", "exporter 192.0.2.1"),
        ("in port 5", ""),
        ("inet6", "ipv6"),
        ("client = src", "client = \"src\""),
        ("duration > 2", "duration_ms > 2"),
        ("skew < -1.5s", "skew_ms < -1500"),
        ("bytes <= 1Ki", "bytes <= 1024"),
        (
            "bytes LE 1Ki and packets gt 5",
            "bytes <= 1024 and packets > 5",
        ),
        ("port eq 53", "port = 53"),
        (
            "port 0x50 or tos in [0x10, 0xff]",
            "port = 80 or tos in [16, 255]",
        ),
        ("net 10/8 or 172.16/12", "ip 10.0.0.0/8 or ip 172.16.0.0/12"),
        ("src 192.168.1/24", "src ip 192.168.1.0/24"),
        ("router ip 192.0.2.1", "exporter 192.0.2.1"),
        ("start ge 9:05", "start >= 09:05"),
        ("start ge 14:05", "start >= 14:05"),
        ("gt", "\"gt\""),
        ("dst or src port 53", "src port = 53 or dst port = 53"),
        ("client in [::1 10.0.0.1]", "client ip in [::1, 10.0.0.1]"),
        ("server != 10.0.0.1", "not server ip 10.0.0.1"),
        ("src and udp", ""),
    ] {
        let shown = parse(text).map(|expr| expr.to_string()).unwrap_or_default();
        assert_eq!(shown, printed, "{text}");
    }
}

#[test]
fn every_word_has_an_example_that_uses_it() {
    for word in WORDS {
        let expr = parse(word.example).expect(word.example);
        assert_eq!(parse(&expr.to_string()).as_ref(), Ok(&expr));
        assert!(word.names.iter().any(|name| word.example.contains(name)));
        for name in word.names {
            assert!(
                parse(&format!("NOT {name}")).is_ok() == word.form.is_empty(),
                "{name}"
            );
        }
    }
}

#[test]
fn precedence_is_that_of_nfdump() {
    let same = |a: &str, b: &str| assert_eq!(parse(a), parse(b), "{a} | {b}");
    same(
        "port 1 or port 2 and port 3",
        "port 1 or (port 2 and port 3)",
    );
    same("not port 1 and port 2", "(not port 1) and port 2");
    same("not port 1 or port 2", "(not port 1) or port 2");
    same(
        "port 1 and port 2 or port 3 and port 4",
        "(port 1 and port 2) or (port 3 and port 4)",
    );
    same(
        "!port 1 && port 2 || any",
        "((not port 1) and port 2) or any",
    );
}

/// Filters that are told apart: whether one is kept already is seen by that.
#[test]
fn filters_are_the_same_by_what_they_say() {
    let filters = [
        "port 5",
        "src port 5",
        "dst port 5",
        "client port 5",
        "src port 6",
        "src tos 5",
        "match = exact",
        "file = exact",
        "host 'exact'",
        "name ~ exact",
    ];
    for (at, one) in filters.iter().enumerate() {
        for (other, same) in filters.iter().enumerate() {
            assert_eq!(parse(one) == parse(same), at == other, "{one} {same}");
        }
    }
    assert_eq!(parse("host 'exact'"), parse("name = exact"));
}

#[test]
fn a_filter_that_asks_for_duplicates_says_so() {
    for (filter, asks) in [
        ("duplicate", true),
        ("port 5 and not (duplicate or port 6)", true),
        ("duplicate_of = flows.gz:12", true),
        ("file = flows.gz", false),
        ("port 5", false),
        ("any", false),
    ] {
        assert_eq!(parse(filter).unwrap().asks_duplicates(), asks, "{filter}");
    }
}
