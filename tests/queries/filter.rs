//! Filters on a real export against plain tests on the rows that the report
//! prints without a filter; and errors that point at the mistake.

use crate::support;

use flowpeek::query::language::parse::parse;
use serde_json::Value;
use support::{Run, flowpeek};

fn report_of(file: &str, args: &[&str]) -> Run {
    let report = ["report", "--format", "ndjson", "-n", "-p", "0"];
    flowpeek(&[&report, args, &[file]].concat())
}

fn report(args: &[&str]) -> (i32, String, String) {
    let run = report_of("assets/sample.gz", args);
    let (shown, errors) = (run.text().to_owned(), run.errors());
    (run.status.unwrap(), shown, errors)
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or("")
}

fn number(row: &Value, key: &str) -> i128 {
    row[key].as_i64().map_or(-1, i128::from)
}

type Check = fn(&Value) -> bool;

/// Filters, and what they mean said in plain Rust.
const FILTERS: &[(&str, Check)] = &[
    ("any", |_| true),
    ("port 53", |r| {
        number(r, "src_port") == 53 || number(r, "dst_port") == 53
    }),
    ("src port 443 or dst port in [53, 80]", |r| {
        number(r, "src_port") == 443 || [53, 80].contains(&number(r, "dst_port"))
    }),
    ("proto udp and not service domain", |r| {
        number(r, "protocol") == 17 && text(r, "service") != "domain"
    }),
    // "and" binds tighter than "or"
    ("proto 6 or proto 17 and bytes > 10k", |r| {
        number(r, "protocol") == 6 || (number(r, "protocol") == 17 && number(r, "bytes") > 10_000)
    }),
    ("(proto tcp or proto udp) && packets >= 100", |r| {
        [6, 17].contains(&number(r, "protocol")) && number(r, "packets") >= 100
    }),
    ("net 10.0.0.0/8", |r| {
        text(r, "src_addr").starts_with("10.") || text(r, "dst_addr").starts_with("10.")
    }),
    ("src host 127.0.0.29", |r| {
        text(r, "src_addr") == "127.0.0.29"
    }),
    ("127.0.0.21", |r| {
        [text(r, "src_addr"), text(r, "dst_addr")].contains(&"127.0.0.21")
    }),
    ("host in [10.24.82.188 10.188.1.1]", |r| {
        let hosts = ["10.24.82.188", "10.188.1.1"];
        hosts.contains(&text(r, "src_addr")) || hosts.contains(&text(r, "dst_addr"))
    }),
    ("HOST In [10.24.82.188 10.188.1.1]", |r| {
        let hosts = ["10.24.82.188", "10.188.1.1"];
        hosts.contains(&text(r, "src_addr")) || hosts.contains(&text(r, "dst_addr"))
    }),
    ("ipv6", |r| text(r, "src_addr").contains(':')),
    ("ipv6 or ipv4", |_| true),
    ("src bytes < 1Ki", |r| {
        (0..1024).contains(&number(r, "src_bytes"))
    }),
    ("duration > 2m", |r| number(r, "duration_ms") > 120_000),
    ("bytes != 68", |r| number(r, "bytes") != 68),
    ("client port > 1024 and server port < 1024", |r| {
        let ports = (number(r, "src_port"), number(r, "dst_port"));
        let (client, server) = match r["client"].as_str() {
            Some("src") => ports,
            Some("dst") => (ports.1, ports.0),
            _ => return false,
        };
        client > 1024 && (0..1024).contains(&server)
    }),
    ("exporter 127.0.0.0/8", |r| {
        text(r, "exporter").starts_with("127.")
    }),
    ("ambiguous", |r| text(r, "match") == "ambiguous"),
    ("SERVICE Https", |r| text(r, "service") == "https"),
    ("!matched", |_| false),
];

#[test]
fn filters_mean_what_they_say() {
    let (_, all, _) = report(&[]);
    for (filter, check) in FILTERS {
        let expected: Vec<&str> = all
            .lines()
            .filter(|line| check(&serde_json::from_str(line).unwrap()))
            .collect();
        let (status, shown, _) = report(&["--filter", filter]);
        assert_eq!(status, 0, "{filter}");
        assert_eq!(shown.lines().collect::<Vec<_>>(), expected, "{filter}");
        let (_, others, _) = report(&["--filter", &format!("not ({filter})")]);
        assert_eq!(
            others.lines().count() + expected.len(),
            all.lines().count(),
            "a filter and its negation are all there is: {filter}"
        );
    }
    let kept = FILTERS.iter().filter(|(filter, _)| {
        let (_, shown, _) = report(&["--filter", filter]);
        !shown.is_empty() && shown.lines().count() < all.lines().count()
    });
    assert!(kept.count() > 12, "the filters tell rows apart");
}

#[test]
fn reasons_can_be_asked_for() {
    for reason in ["multicast", "near miss", "scan", "ping", "one-way"] {
        let filter = format!("reason {reason}");
        let (_, shown, _) = report(&["--show", "unmatched", "--filter", &filter]);
        assert!(!shown.is_empty(), "{reason}");
        for line in shown.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            assert_eq!(text(&row, "reason"), reason);
        }
    }
}

#[test]
fn mistakes_are_pointed_at() {
    for (filter, place, words) in [
        ("port", 4, "expected a number"),
        ("port 70000", 5, "65535"),
        ("host 10.0.0.0/33", 5, "prefix length"),
        ("host 10.0.0", 5, "no address"),
        ("bytes > soon", 8, "expected a number"),
        ("bytes", 5, "expected ="),
        ("proto tpc", 6, "did you mean \"tcp\"?"),
        ("srv port 5", 0, "did you mean \"src\"?"),
        ("packtes > 5", 0, "did you mean \"packets\"?"),
        ("port 5 prot 6", 7, "expected \"and\""),
        ("(port 5", 7, "\")\""),
        ("port 5 and", 10, "expected a test"),
        ("port in [5 6", 12, "\"]\""),
        ("\"open", 0, "quote"),
        ("duration > 5 parsecs", 13, "expected \"and\""),
        ("reason scam", 7, "did you mean \"scan\"?"),
    ] {
        let error = parse(filter).expect_err(filter);
        assert_eq!(error.span.start, place, "{filter}: {error}");
        assert!(error.message.contains(words), "{filter}: {error}");
        let shown = error.show(filter);
        let caret = shown.lines().nth(1).unwrap().find('^').unwrap();
        assert_eq!(caret, place, "{shown}");
    }
    assert!(parse(&"(".repeat(100_000)).is_err());
    assert!(parse(&"not ".repeat(100_000)).is_err());
}

#[test]
fn a_mistake_on_the_command_line_comes_before_any_loading() {
    let (status, out, err) = report(&["--filter", "prot tcp", "no-such-file"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(
        err.contains("prot tcp\n  ^^^^") && !err.contains("no-such-file"),
        "{err}"
    );
}

#[test]
fn a_filter_can_stand_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let rows = |args: &[&str]| {
        let (status, shown, errors) = report(args);
        assert_eq!(status, 0, "{errors}");
        shown
    };
    let good = file(
        "good",
        b"# web\nproto tcp and\n  port in [80, 443] # and TLS\n",
    );
    let both = rows(&["--filter-file", &good, "--filter", "bytes > 10k"]);
    assert_eq!(
        both,
        rows(&["--filter", "proto tcp and port in [80 443] and bytes > 10k"])
    );
    assert!(!both.is_empty() && both != rows(&["--filter-file", &good]));

    let bad = file("bad", b"# web\nproto tcp and\n  prt 443\n");
    let (status, out, errors) = report(&["--filter-file", &bad, "no-such-file"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(errors.contains("  prt 443\n    ^^^\n  line 3:"), "{errors}");
    for (path, words) in [
        (
            folder.path().join("none").to_str().unwrap().to_owned(),
            "No such file",
        ),
        (file("binary", &[0xff, 0xfe, 0]), "UTF-8"),
        (file("huge", &vec![b' '; 2 << 20]), "longer"),
    ] {
        let (status, _, errors) = report(&["--filter-file", &path]);
        assert!(status == 2 && errors.contains(words), "{errors}");
    }
}

#[test]
fn names_without_lookups_are_refused_before_loading() {
    for wish in [["--filter", "port 5 or name ~ a"], ["--sort", "src_host"]] {
        let (status, out, errors) = report(&[&wish[..], &["no-such-file"]].concat());
        assert_eq!((status, out.as_str()), (2, ""));
        assert!(
            errors.contains("-n") && !errors.contains("no-such-file"),
            "{errors}"
        );
    }
}

/// The report knows the names of all hosts before it filters by them.
#[test]
fn a_report_can_filter_by_names() {
    let flow = |port: u16| {
        serde_json::json!({"IPV4_SRC_ADDR": "127.0.0.1", "IPV4_DST_ADDR": "127.0.0.1", "PROTOCOL": 6,
            "L4_SRC_PORT": port, "L4_DST_PORT": 443})
    };
    let packet =
        serde_json::json!({"client": ["192.0.2.1", 1], "flows": [flow(1), flow(2), flow(3)]});
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    std::fs::write(&path, serde_json::json!({"1700000000": packet}).to_string()).unwrap();
    let hosts = folder.path().join("hosts");
    std::fs::write(&hosts, "127.0.0.1 a.example\n").unwrap();
    let (hosts, path) = (hosts.to_str().unwrap(), path.to_str().unwrap());
    for (filter, rows) in [
        ("src host NAME", 3),
        ("dst name = NAME and src port > 1", 2),
        ("src_host = NAME and not src port 1", 2),
        ("name != NAME", 0),
        ("name ~ xyzzy", 0),
    ] {
        let filter = filter.replace("NAME", "a.example");
        let args = ["--show", "unmatched", "--filter", &filter, "--hosts", hosts];
        assert_eq!(report_of(path, &args).objects().len(), rows, "{filter}");
    }
}

/// Each version spells masks and VLANs its own way.
#[test]
fn masks_and_vlans_of_every_version_can_be_tested() {
    let addresses = |first: u8| {
        let address = |last: u8| format!("10.0.0.{last}");
        (address(first), address(first + 1))
    };
    let record = |version: u16, first: u8, more: Value| {
        let (src, dst) = addresses(first);
        let mut record = match version {
            10 => serde_json::json!({"sourceIPv4Address": src, "destinationIPv4Address": dst}),
            _ => serde_json::json!({"IPV4_SRC_ADDR": src, "IPV4_DST_ADDR": dst}),
        };
        let more = more.as_object().unwrap().clone();
        record.as_object_mut().unwrap().extend(more);
        serde_json::json!({"1700000000": {"client": ["192.0.2.1", 1], "header": {"version": version},
            "flows": [record]}})
        .to_string()
    };
    let lines = [
        record(5, 1, serde_json::json!({"SRC_MASK": 8, "DST_MASK": 16})),
        record(
            9,
            3,
            serde_json::json!({"IPV6_SRC_MASK": 64, "IPV6_DST_MASK": 48, "SRC_VLAN": 7, "DST_VLAN": 9}),
        ),
        record(
            10,
            5,
            serde_json::json!({"sourceIPv4PrefixLength": 8, "destinationIPv4PrefixLength": 32,
            "vlanId": 7, "postVlanId": 8}),
        ),
        record(
            10,
            7,
            serde_json::json!({"sourceIPv6PrefixLength": 64, "dot1qVlanId": 4094}),
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    std::fs::write(&path, lines.join("\n")).unwrap();
    let path = path.to_str().unwrap();
    for (filter, expected) in [
        ("src mask 8", vec!["10.0.0.1", "10.0.0.5"]),
        ("mask 64", vec!["10.0.0.3", "10.0.0.7"]),
        ("dst mask >= 32", vec!["10.0.0.3", "10.0.0.5"]),
        ("dst_mask = 16", vec!["10.0.0.1"]),
        ("src vlan 7", vec!["10.0.0.3", "10.0.0.5"]),
        ("vlan in [8, 4094]", vec!["10.0.0.5", "10.0.0.7"]),
        ("dst vlan 9", vec!["10.0.0.3"]),
        ("vlan < 10 and not mask 64", vec!["10.0.0.5"]),
    ] {
        let rows = report_of(path, &["--show", "unmatched", "--filter", filter]).objects();
        let sources: Vec<&str> = rows.iter().map(|row| text(row, "src_addr")).collect();
        assert_eq!(sources, expected, "{filter}");
    }
}
