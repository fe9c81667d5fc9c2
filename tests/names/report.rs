//! The report: each host asked for once, names harmless in every format, an
//! end however many hang.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::network::{Network, hosts};

/// The names of a report in JSON lines, by address; every address has one name or none.
fn names(out: &[u8]) -> BTreeMap<IpAddr, Option<String>> {
    let text = std::str::from_utf8(out).unwrap();
    let mut names = BTreeMap::new();
    for line in text.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        for end in ["src", "dst"] {
            let address = row[format!("{end}_addr")].as_str().unwrap();
            let name = row[format!("{end}_host")].as_str().map(str::to_owned);
            let address: IpAddr = address.parse().unwrap();
            let known = names.entry(address).or_insert_with(|| name.clone());
            assert_eq!(*known, name, "{address}");
        }
    }
    names
}

const JSON: [&str; 2] = ["--format", "ndjson"];

#[test]
fn thousands_of_hosts_are_asked_for_once_each_and_printed_in_order() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let all = [
        hosts(1, 4000),
        hosts(2, 600),
        hosts(3, 16),
        vec![
            "2001:db8::1".parse().unwrap(),
            "2001:db8::2".parse().unwrap(),
        ],
    ]
    .concat();
    let export = network.export(&all);
    let out = network.report(&[&JSON[..], &[&export]].concat());
    let found = names(&out.stdout);
    assert_eq!(found.len(), all.len());
    for (address, name) in &found {
        let expected = match address {
            IpAddr::V4(v4) => {
                let [_, kind, x, y] = v4.octets();
                match kind {
                    1 => Some(format!("host-{x}-{y}.example")),
                    3 => Some(format!("slow-{x}-{y}.example")),
                    _ => None,
                }
            }
            IpAddr::V6(_) => Some("other.example".to_owned()),
        };
        assert_eq!(*name, expected, "{address}");
    }
    let asked = network.asked();
    assert_eq!(
        asked.values().sum::<usize>(),
        all.len(),
        "one question each"
    );
    assert_eq!(asked.len(), all.len());
    // the rows are those of the report without names
    let addresses = |out: &[u8]| -> Vec<Value> {
        let lines = std::str::from_utf8(out).unwrap().lines();
        let row = |line| serde_json::from_str::<Value>(line).unwrap()["src_addr"].take();
        lines.map(row).collect()
    };
    let plain = network.report(&[&JSON[..], &["-n", &export]].concat());
    assert_eq!(addresses(&out.stdout), addresses(&plain.stdout));
    assert_eq!(network.asked().len(), 0, "-n asks nothing");
}

#[test]
fn hostile_names_are_harmless_in_every_format() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&hosts(5, 22));
    for format in ["ndjson", "json", "csv", "analyzer", "analyzer-0.12"] {
        let out = network.report(&["--format", format, "-p", "0", &export]);
        let text = String::from_utf8(out.stdout).unwrap();
        let harmful = |c: char| c.is_control() && c != '\n' || !c.is_ascii();
        assert!(!text.contains(harmful), "{format}: {text:?}");
        for good in ["good_one.example", "by_alias.example"] {
            assert!(text.contains(good), "{format}: {text}");
        }
        for address in ["10.9.8.7", "192.0.2.1\"", "2001:db8::1"] {
            assert!(!text.contains(address), "{format}: {text}");
        }
    }
    let out = network.report(&[&JSON[..], &["-p", "0", &export]].concat());
    let found = names(&out.stdout);
    let longest = [&"y".repeat(63)[..]; 3].join(".") + "." + &"y".repeat(61);
    for name in found.values().flatten() {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        assert!(
            name.chars().all(|c| plain(c) || c == '\\') && name.len() <= 4 * longest.len(),
            "{name}"
        );
    }
}

#[test]
fn a_report_ends_however_many_hosts_hang() {
    let Some(network) = Network::open(true) else {
        return;
    };
    let export = network.export(&hosts(1, 1000));
    let begun = Instant::now();
    let out = network.report(&[&JSON[..], &[&export]].concat());
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    let found = names(&out.stdout);
    assert_eq!(found.len(), 1000);
    assert!(found.values().all(Option::is_none));
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("names of 1000 hosts did not come in time"),
        "{said}"
    );
    assert!(network.asked().len() <= 64 * 3, "{}", network.asked().len());
    // one limit for all that names are needed for
    let begun = Instant::now();
    let args = ["--filter", "name ~ a or any", "--sort", "dst_host", &export];
    let out = network.report(&[&JSON[..], &args].concat());
    let took = begun.elapsed();
    assert!(took < Duration::from_secs(20), "{took:?}");
    assert_eq!(names(&out.stdout).len(), 1000);
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(
        said.contains("names of 1000 hosts did not come in time"),
        "{said}"
    );
}

#[test]
fn hosts_that_never_answer_do_not_keep_others_from_their_names() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&[hosts(4, 40), hosts(1, 400)].concat());
    let out = network.report(&[&JSON[..], &[&export]].concat());
    let found = names(&out.stdout);
    let named: BTreeSet<IpAddr> = found
        .into_iter()
        .filter_map(|(address, name)| name.map(|_| address))
        .collect();
    assert_eq!(named, hosts(1, 400).into_iter().collect());
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(said.contains("names of 40 hosts"), "{said}");
}

#[test]
fn private_asks_for_nothing_public_and_files_answer_first() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let address = |text: &str| text.parse::<IpAddr>().unwrap();
    let all = [
        "10.1.0.1",
        "8.8.8.8",
        "100.64.0.1",
        "172.32.0.1",
        "192.168.1.1",
        "203.0.113.9",
    ];
    let export = network.export(&all.map(address));
    let out = network.report(&[&JSON[..], &["--dns", "private", &export]].concat());
    let private: BTreeSet<IpAddr> = ["10.1.0.1", "100.64.0.1", "192.168.1.1"]
        .map(address)
        .into();
    assert_eq!(
        network.asked().into_keys().collect::<BTreeSet<_>>(),
        private
    );
    let named = |out: &[u8], of: &str| names(out)[&address(of)].clone();
    assert_eq!(
        named(&out.stdout, "10.1.0.1").as_deref(),
        Some("host-0-1.example")
    );
    assert_eq!(named(&out.stdout, "8.8.8.8"), None);
    // names of files need nobody, not even with -n, and the first file wins
    let one = network.file(
        "one",
        "8.8.8.8 dns.example\n10.1.0.1 mine # not the network's\n",
    );
    let two = network.file("two", "203.0.113.9 nine.example\n8.8.8.8 other.example\n");
    let files = ["--hosts", &one, "--hosts", &two, &export];
    for (dns, asked) in [("private", 2), ("off", 0), ("system", 3)] {
        let out = network.report(&[&JSON[..], &["--dns", dns], &files].concat());
        assert_eq!(network.asked().len(), asked, "{dns}");
        for (of, name) in [
            ("8.8.8.8", "dns.example"),
            ("10.1.0.1", "mine"),
            ("203.0.113.9", "nine.example"),
        ] {
            assert_eq!(named(&out.stdout, of).as_deref(), Some(name), "{dns}");
        }
    }
}

#[test]
fn names_are_kept_for_the_next_run_only_when_that_is_asked() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&[hosts(1, 20), hosts(2, 4), hosts(5, 15)].concat());
    let run = |more: &[&str]| {
        let out = network.report(&[&JSON[..], more, &["-p", "0", &export]].concat());
        (names(&out.stdout), network.asked().len())
    };
    let (plain, asked) = run(&[]);
    assert_eq!(asked, 39);
    assert!(
        !network.folder.path().join("cache").exists(),
        "nothing is kept unasked"
    );
    assert_eq!(run(&["--dns-cache"]), (plain.clone(), 39));
    assert_eq!(run(&["--dns-cache", "-n"]).0, plain);
    let (again, asked) = run(&["--dns-cache"]);
    assert_eq!(again, plain);
    assert!(
        asked < 15,
        "all but what had to be escaped is known: {asked}"
    );
}

#[test]
fn an_order_by_names_asks_for_the_rows_in_question_alone() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&[hosts(1, 30), hosts(2, 30), hosts(3, 2)].concat());
    let args = [
        "--sort",
        "src_host",
        "--limit",
        "3",
        "--filter",
        "net 10.1.0.0/16 or net 10.3.0.0/16",
    ];
    let out = network.report(&[&JSON[..], &args, &[&export]].concat());
    let text = String::from_utf8(out.stdout).unwrap();
    let first: Vec<String> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["src_host"].to_string())
        .collect();
    // in the order of words: host-0-0, host-0-10, host-0-12
    let expected = ["host-0-0.example", "host-0-10.example", "host-0-12.example"];
    assert_eq!(first, expected.map(|name| format!("\"{name}\"")));
    assert_eq!(network.asked().len(), 32);
}

#[test]
fn a_filter_by_names_asks_for_the_rows_it_could_pass_alone() {
    let Some(network) = Network::open(false) else {
        return;
    };
    let export = network.export(&[hosts(1, 30), hosts(2, 30), hosts(3, 2)].concat());
    for (filter, rows, asked) in [
        ("net 10.1.0.0/16 and src name ~ host-0-1", 5, 30),
        ("net 10.3.0.0/16 or src name ~ host-0-1", 6, 62),
        ("not (net 10.1.0.0/16 or name ~ slow)", 15, 32),
        ("name = host-0-8.example and port 80", 0, 0),
        ("net 10.3.0.0/16", 1, 2),
    ] {
        let out = network.report(&[&JSON[..], &["--filter", filter, &export]].concat());
        let text = String::from_utf8(out.stdout).unwrap();
        assert_eq!(text.lines().count(), rows, "{filter}");
        assert_eq!(network.asked().len(), asked, "{filter}");
    }
}
