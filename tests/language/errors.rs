//! Every kind of mistake, and what is said about it: goldens, so that a change
//! of a message is seen and read.

use flowpeek::query::language::parse::parse;

const MISTAKES: &[&str] = &[
    // numbers that are none, or too large
    "port",
    "port 70000",
    "port https",
    "port -1",
    "port > ",
    "dst port in [80 https]",
    "port in 80",
    "port in []",
    "port in [80, 443",
    "tos 256",
    "mask 256",
    "vlan 70000",
    "as 5000000000",
    "icmp-type echo",
    "bytes",
    "bytes > soon",
    "bytes > 5 M",
    "bytes => 5",
    "bytes =< 5",
    "bytes <> 5",
    "packets ~ 5",
    "duration > 5 s",
    "duration > quickly",
    "duration < -5s",
    "bps 1x",
    "skew > soon",
    // addresses
    "host",
    "host 10.0.0.0/33",
    "host 10.0.0.0/x",
    "net 10.0",
    "net 10.",
    "ip 10.1.2",
    "192.168.1.*",
    "host 10.*",
    "net 10.0.0.0.0/8",
    "net 300/8",
    "port 0x10000",
    "port 0x-5",
    "start > 123:05",
    "net www.example.org",
    "ip 10.0.0.300",
    "ip > 10.0.0.1",
    "host in [10.0.0.1, ]",
    "tcp port 443",
    "udp Dst Port 53",
    "near miss",
    "2001:db8::/129",
    "src_addr 10.0.0",
    "exporter router",
    "src exporter 10.0.0.1",
    // names
    "name",
    "name > a",
    "name ~",
    "proto tpc",
    "proto 3000000000",
    "proto > 6",
    "proto ~ tc",
    "service",
    "service in http",
    "reason scam",
    "reason = ",
    "match < exact",
    "match = foo",
    "match != exakt",
    "match = ",
    "client = foo",
    "client = 10.0.0.1",
    "client != scr",
    // times
    "start > soon",
    "start > -15",
    "end < 25:00",
    "received > 2026-13-01",
    "start in [14:05]",
    "start >",
    // flags
    "flags",
    "flags Q",
    "flags 0x1ffff",
    "in port 5",
    "out port 5",
    "start > 2026-11 14:05",
    "flags S/A",
    "flags > S",
    "flags = S/SA",
    // structure
    "packtes > 5",
    "srv port 5",
    "src prot 5",
    "src",
    "src proto tcp",
    "src and port 5",
    "src host dst port 5",
    "prot tcp",
    "unmached",
    "matchd or port 5",
    "port 5 port 6",
    "port 5 prot 6",
    "port 5 and",
    "or port 5",
    "not",
    "(port 5",
    "()",
    "port 5)",
    "port 5 & port 6",
    "port 5 | port 6",
    "in [1 2]",
    "\"open",
    "name = 'open",
    "größe > 5",
    "日本 \"x",
    "port 5 # fine\nand prot 6\nand any",
    "port 5 and\n\nprot 6\n",
    "\u{1b}[31m = 5",
];

#[test]
fn what_is_said_about_mistakes() {
    let mut golden = String::new();
    for filter in MISTAKES {
        let error = parse(filter).expect_err(filter);
        golden += &error.show(filter);
        golden += "\n\n";
    }
    assert!(MISTAKES.len() >= 40);
    insta::assert_snapshot!(golden);
}

#[test]
fn a_caret_never_leaves_the_text() {
    for filter in MISTAKES {
        let error = parse(filter).expect_err(filter);
        assert!(error.span.start <= error.span.end && error.span.end <= filter.len());
        assert!(
            filter.get(error.span.clone()).is_some(),
            "{filter}: {error:?}"
        );
        let shown = error.show(filter);
        assert!(!shown.contains('\u{1b}'), "{shown:?}");
    }
}
