//! What the options of `flowpeek report` mean in every format.

use crate::support;

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::model::time::Zone;
use flowpeek::names::services::Services;
use flowpeek::names::{Dns, Names};
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::language::parse::parse;
use flowpeek::query::order::sort::Sort;
use flowpeek::query::run::{Preset, Query, run};
use flowpeek::report::FORMATS;
use flowpeek::report::plan::ReportPlan;
use flowpeek::report::view::{Report, Scope, Show};
use flowpeek::table::build::Pairing;
use serde_json::{Value, json};

/// A packet of these flows (source, destination, ports, packets) at a second of the exporter's uptime.
fn packet(second: u32, flows: &[(u8, u8, (u16, u16), u32)]) -> String {
    let flows = flows.iter().map(|(src, dst, ports, packets)| {
        json!({"IPV4_SRC_ADDR": format!("10.0.0.{src}"), "IPV4_DST_ADDR": format!("10.0.0.{dst}"),
            "FIRST_SWITCHED": second * 1000, "LAST_SWITCHED": second * 1000 + 500, "IN_BYTES": packets * 100,
            "IN_PKTS": packets, "L4_SRC_PORT": ports.0, "L4_DST_PORT": ports.1, "PROTOCOL": 6,
            "IP_PROTOCOL_VERSION": 4})
    });
    let flows: Vec<Value> = flows.collect();
    let header =
        json!({"version": 9, "count": flows.len(), "uptime": 90_000, "timestamp": 1_700_000_000});
    let packet = json!({"client": ["192.0.2.254", 2055], "header": header, "flows": flows});
    json!({format!("17000000{second:02}.5"): packet}).to_string() + "\n"
}

/// Three connections, four unmatched flows (one of them small) and three lines that are none.
fn export(folder: &Path) -> PathBuf {
    let file = folder.join("export.json");
    let to = (50_000, 443);
    let from = (443, 50_000);
    let mut text = String::new();
    for host in 1..4 {
        // the client sends more, so that its port is the source's
        text += &packet(
            u32::from(host),
            &[(host, 100, to, 90), (100, host, from, 20)],
        );
    }
    for host in 11..14 {
        text += &packet(u32::from(host), &[(host, 101, to, 50)]);
    }
    text += &packet(20, &[(20, 102, to, 1)]);
    text += "no\n{}\nnothing\n";
    fs::write(&file, text).unwrap();
    file
}

fn report(args: &[&str], file: &Path) -> support::Run {
    let file = file.to_str().unwrap();
    support::flowpeek(&[&["report", "-n"], args, &[file]].concat())
}

#[test]
fn a_limit_holds_for_every_format_and_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    for pairing in ["strict", "analyzer"] {
        for (format, show, titles) in [
            ("analyzer", "unmatched", 1),
            // a blank line comes before the title
            ("analyzer-0.12", "unmatched", 2),
            ("csv", "unmatched", 1),
            ("ndjson", "unmatched", 0),
            ("analyzer", "rejects", 0),
            ("analyzer-0.12", "rejects", 0),
            ("csv", "rejects", 1),
            ("ndjson", "rejects", 0),
        ] {
            for limit in 0..5 {
                let asked = limit.to_string();
                let args = [
                    "--format",
                    format,
                    "--show",
                    show,
                    "--pairing",
                    pairing,
                    "--limit",
                    &asked,
                ];
                let run = report(&args, &file);
                let lines = run.text().lines().count();
                // three of each can be printed
                assert_eq!(lines, titles + limit.min(3), "{args:?}: {}", run.text());
            }
        }
        // three connections by default, and the leftovers after them, each no more than asked for
        let run = report(&["--pairing", pairing, "--limit", "1"], &file);
        assert_eq!(run.text().lines().count(), 3, "{}", run.text());
    }
}

#[test]
fn a_json_document_holds_what_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    for (show, keys) in [
        (&[][..], &["summary", "connections", "unmatched"][..]),
        (&["--show", "connections"], &["summary", "connections"]),
        (&["--show", "unmatched"], &["summary", "unmatched"]),
        (&["--show", "summary"], &["summary"]),
        (&["--show", "rejects"], &["summary", "rejects"]),
    ] {
        let run = report(&[&["--format", "json"], show].concat(), &file);
        let document: Value = serde_json::from_str(run.text()).unwrap();
        let found: BTreeSet<&str> = document
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(found, keys.iter().copied().collect(), "{show:?}");
        for key in &keys[1..] {
            assert_eq!(document[key].as_array().unwrap().len(), 3, "{key}");
        }
    }
    let run = report(&["--format", "json", "--show", "rejects"], &file);
    let document: Value = serde_json::from_str(run.text()).unwrap();
    let lines = report(&["--format", "ndjson", "--show", "rejects"], &file).objects();
    assert_eq!(document["rejects"], json!(lines));
}

#[test]
fn rejects_that_are_not_listed_are_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("many");
    fs::write(
        &file,
        packet(1, &[(1, 2, (1, 2), 50)]) + &"no\n".repeat(10_007),
    )
    .unwrap();
    // whoever wants as many as there are of them has all that can be listed as well
    for args in [
        &["--show", "rejects"][..],
        &["--show", "rejects", "--limit", "10000"],
    ] {
        let run = report(args, &file);
        assert_eq!(run.text().lines().count(), 10_000);
        assert!(run.errors().contains("not listed: 7\n"), "{}", run.errors());
    }
    // who wants only some has not asked for the rest, and who wants none either
    for args in [
        &["--show", "rejects", "--limit", "3"][..],
        &["--show", "rejects", "--limit", "9999"],
        &["--show", "summary"],
    ] {
        let errors = report(args, &file).errors();
        assert!(
            !errors.contains("not listed") && errors.contains("10007"),
            "{errors}"
        );
    }
}

#[test]
fn a_limit_holds_for_files_and_exporters_and_their_sums_are_of_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    let file = file.to_str().unwrap();
    let files = |args: &[&str]| {
        let args = [&["report", "-n", "--show", "files"], args, &[file, file]].concat();
        support::flowpeek(&args).text().to_owned()
    };
    assert_eq!(
        files(&["--format", "csv", "--limit", "1"]).lines().count(),
        2
    );
    assert!(files(&["--limit", "1"]).starts_with("1 of 2 files\n"));
    let document: Value =
        serde_json::from_str(&files(&["--format", "json", "--limit", "1"])).unwrap();
    assert_eq!(document["files"].as_array().unwrap().len(), 1);
    let all: Value = serde_json::from_str(&files(&["--format", "json"])).unwrap();
    assert_eq!(document["total"], all["total"]);
    let exporters = report(
        &["--show", "exporters", "--format", "ndjson", "--limit", "0"],
        Path::new(file),
    );
    assert_eq!(exporters.objects().len(), 0);
}

#[test]
fn what_chooses_rows_goes_with_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    for show in ["files", "exporters", "rejects", "summary"] {
        for args in [
            ["--filter", "tcp"],
            ["--sort", "bytes"],
            ["--match-host", "10.0.0.1"],
        ] {
            let run = report(&[&["--show", show], &args[..]].concat(), &file);
            assert_eq!(run.status, Some(0), "{show} {args:?}");
            let words = "go with --show connections or --show unmatched";
            assert!(run.errors().contains(words), "{}", run.errors());
            let plain = report(&["--show", show], &file);
            assert_eq!(run.text(), plain.text(), "{show} {args:?}");
            assert!(!plain.errors().contains(words), "{}", plain.errors());
        }
    }
    // the analyzer leaves other hosts out of sums, too
    let args = ["--pairing", "analyzer", "--match-host", "10.0.0.1"];
    for (show, is_told) in [("exporters", true), ("summary", false)] {
        let run = report(&[&["--show", show], &args[..]].concat(), &file);
        let told = run.errors().contains("--match-host and --sort go with");
        assert_eq!(told, is_told, "{show}: {}", run.errors());
    }
}

#[test]
fn a_summary_is_of_everything_whatever_the_filter() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    let summary = |filter: &str| {
        let args = ["--format", "json", "-p", "111", "--filter", filter];
        let document: Value = serde_json::from_str(report(&args, &file).text()).unwrap();
        document["summary"].clone()
    };
    let all = summary("any");
    assert_eq!(all["below_threshold"], 3);
    assert_eq!(summary("host 10.0.0.1"), all);
}

#[test]
fn what_a_filter_leaves_nothing_of_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    for (args, words) in [
        (
            &["--filter", "unmatched"][..],
            "no connections pass the filter, but unmatched flows do (--show unmatched prints them): 3",
        ),
        (
            &["--filter", "host 10.0.0.20"],
            "but unmatched flows do (--show unmatched -p 0 prints them): 1",
        ),
        (
            &["--filter", "matched", "--show", "unmatched"],
            "no unmatched flows pass the filter, but connections do (--show connections prints them): 3",
        ),
        (
            &["--filter", "host 10.0.0.1", "-p", "200"],
            "all connections that pass the filter have fewer than 200 packets (-p 0 prints them): 1",
        ),
        (
            &["--filter", "udp", "--top", "host"],
            "no connections pass the filter",
        ),
        (
            &["--filter", "udp", "--timeline", "1h"],
            "no connections pass the filter",
        ),
    ] {
        for format in ["csv", "ndjson", "json"] {
            let run = report(&[args, &["--format", format]].concat(), &file);
            assert_eq!(run.status, Some(0), "{args:?}: {}", run.errors());
            let is_document = format == "json" && !args.contains(&"--show");
            if !is_document {
                assert!(run.errors().contains(words), "{args:?}: {}", run.errors());
            }
        }
    }
    for args in [
        &["--filter", "host 10.0.0.1"][..],
        &["--filter", "tcp", "--limit", "0", "--format", "csv"],
        &["--filter", "unmatched", "--format", "json"],
        // leftovers
        &["--filter", "unmatched"],
        &["-p", "1000", "--format", "csv"],
    ] {
        let errors = report(args, &file).errors();
        assert!(!errors.contains("filter"), "{args:?}: {errors}");
    }
}

#[test]
fn an_option_that_adds_nothing_is_told_of() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    let told = |args: &[&str]| report(args, &file).errors().contains("-v adds nothing");
    for (args, adds) in [
        (&["--format", "csv"][..], false),
        (&["--top", "host"], false),
        (&["--format", "analyzer-0.12"], true),
    ] {
        assert_eq!(told(&[args, &["-v"]].concat()), !adds, "{args:?}");
        assert!(!told(args));
    }
}

#[test]
fn the_analyzer_format_knows_no_other_orientation() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    let mut text = fs::read_to_string(&file).unwrap();
    // here the server sends more
    text += &packet(
        30,
        &[(30, 103, (50_000, 80), 20), (103, 30, (80, 50_000), 90)],
    );
    fs::write(&file, text).unwrap();
    for format in ["analyzer", "analyzer-0.12"] {
        for sort in ["src_addr", "bytes"] {
            let args = ["--format", format, "-v", "--sort", sort];
            let by_bytes = report(&args, &file);
            let by_client = report(&[&args[..], &["--orient", "client"]].concat(), &file);
            assert!(by_bytes.text().contains("HTTP"), "{}", by_bytes.text());
            assert_eq!(by_bytes.text(), by_client.text(), "{format}");
        }
    }
    let csv = |orient| {
        report(&["--format", "csv", "--orient", orient], &file)
            .text()
            .to_owned()
    };
    assert_ne!(csv("bytes"), csv("client"));
}

#[test]
fn a_command_that_comes_late_is_told_where_it_belongs() {
    let folder = tempfile::tempdir().unwrap();
    let file = export(folder.path());
    let file = file.to_str().unwrap();
    for args in [
        &["-p", "5", "report", file][..],
        &["-n", "report", "--format", "csv", file],
        &["report.gz", "report"],
    ] {
        let run = support::flowpeek(args);
        assert_eq!(run.status, Some(2), "{args:?}: {}", run.errors());
        assert!(
            run.errors().contains("flowpeek report [OPTIONS]"),
            "{}",
            run.errors()
        );
        assert_eq!(run.text(), "");
    }
    // a wrong option is still a wrong option, and a file of this name a file
    let run = support::flowpeek(&["report", "--no-such-option", "report"]);
    assert!(
        run.errors().contains("--no-such-option"),
        "{}",
        run.errors()
    );
    let named = folder.path().join("report");
    fs::rename(file, &named).unwrap();
    let mut command = support::command();
    command
        .args(["-n", "-p", "5", "report"])
        .current_dir(folder.path());
    let run = support::run(command, b"", std::time::Duration::from_secs(60));
    assert!(run.text().contains("10.0.0.3"), "{}", run.errors());
}

fn loaded(file: &Path) -> Snapshot {
    let inputs = Inputs::look_at(&[file.to_owned()]).unwrap();
    load(inputs, Pairing::Strict { tolerance: 1000 }, 1, |_| true)
}

/// The addresses in a text, but for the exporter's.
fn hosts(text: &str) -> BTreeSet<IpAddr> {
    let words = text.split(|c: char| c != '.' && !c.is_ascii_digit());
    // times are numbers with dots too
    let addresses = words.filter_map(|word| word.parse().ok());
    let exporter = IpAddr::from([192, 0, 2, 254]);
    addresses.filter(|address| *address != exporter).collect()
}

#[test]
fn names_are_asked_for_the_hosts_that_are_printed_and_no_others() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = loaded(&export(folder.path()));
    let services = Arc::new(Services::from_texts(None, ""));
    let context = Context::new(services, Zone::utc(), Orient::Bytes);
    let ask = |preset, threshold| {
        let query = Query {
            preset,
            filter: Expr::Test(Test::Any),
            threshold,
            sort: None,
        };
        run(&snapshot.table, &query, &context)
    };
    let all = usize::MAX;
    let mut kinds = Vec::new();
    for show in [
        Show::Connections,
        Show::Unmatched,
        Show::Summary,
        Show::Rejects,
    ] {
        for verbose in [true, false] {
            kinds.extend(
                [(true, all), (false, all), (true, 2), (true, 0)].map(|kind| (show, verbose, kind)),
            );
        }
    }
    for format in FORMATS {
        for &(show, verbose, (only, limit)) in &kinds {
            let report = Report {
                table: &snapshot.table,
                intake: &snapshot.intake,
                connections: ask(Preset::Connections, 10),
                unmatched: ask(Preset::Unmatched, if format.is_analyzer { 0 } else { 10 }),
                context: context.clone(),
                threshold: 10,
                scope: Scope {
                    show,
                    only,
                    verbose,
                    limit,
                },
            };
            let mut out = Vec::new();
            (format.write)(&report, &mut out).unwrap();
            let printed = hosts(&String::from_utf8(out).unwrap());
            let asked: BTreeSet<IpAddr> = report
                .addresses(&(format.rows)(&report))
                .into_iter()
                .collect();
            assert_eq!(
                asked, printed,
                "{} {show:?} {verbose} {only} {limit}",
                format.name
            );
        }
    }
}

/// Neither for a filter nor for an order.
#[test]
fn a_filter_by_names_asks_for_no_host_that_is_not_printed() {
    let folder = tempfile::tempdir().unwrap();
    let snapshot = loaded(&export(folder.path()));
    let services = Arc::new(Services::from_texts(None, ""));
    for format in FORMATS {
        for (show, only, verbose) in [
            (Show::Connections, true, false),
            (Show::Connections, false, false),
            (Show::Connections, false, true),
            (Show::Unmatched, true, false),
            (Show::Summary, true, false),
            (Show::Rejects, true, false),
        ] {
            let plan = ReportPlan {
                table: &snapshot.table,
                intake: &snapshot.intake,
                query: Query {
                    preset: show.preset(),
                    filter: parse("not name ~ x").unwrap(),
                    threshold: 0,
                    sort: Some(Sort::parse("src_host").unwrap()),
                },
                least: 0,
                context: Context::new(services.clone(), Zone::utc(), Orient::Bytes),
                scope: Scope {
                    show,
                    only,
                    verbose,
                    limit: usize::MAX,
                },
                prints: format.prints,
                rows: format.rows,
            };
            let mut asked = BTreeSet::new();
            let report = plan.report(&mut Names::new(Dns::Off), |_, hosts| asked.extend(hosts));
            let mut out = Vec::new();
            (format.write)(&report, &mut out).unwrap();
            let printed = hosts(&String::from_utf8(out).unwrap());
            assert_eq!(asked, printed, "{} {show:?} {only} {verbose}", format.name);
        }
    }
}

/// What `-p` hides is told wherever a report does not tell it itself.
#[test]
fn rows_with_few_packets_are_counted_on_standard_error() {
    let sample = Path::new("assets/sample.gz");
    let sample = sample.to_str().unwrap();
    let hidden = |args: &[&str]| {
        let run = support::flowpeek(&[&["report", "-n"], args, &[sample]].concat());
        let errors = run.errors();
        let told = errors
            .lines()
            .find_map(|line| line.split("(-p 0 prints them): ").nth(1));
        told.map(|count| count.parse::<usize>().unwrap())
    };
    let rows = |args: &[&str]| {
        let run =
            support::flowpeek(&[&["report", "-n", "--format", "csv"], args, &[sample]].concat());
        run.text().lines().count() - 1
    };
    let domain = ["--filter", "service domain"];
    let few = rows(&[&domain[..], &["-p", "0"]].concat()) - rows(&domain);
    assert!(few > 0);
    for args in [
        &["--format", "csv"][..],
        &["--format", "json"],
        &["--top", "host"],
        &["--timeline", "1h"],
    ] {
        assert_eq!(hidden(&[&domain[..], args].concat()), Some(few), "{args:?}");
    }
    for args in [
        &["--format", "csv", "-p", "0"][..],
        &["--format", "analyzer"],
        &["--show", "summary"],
    ] {
        assert_eq!(hidden(&[&domain[..], args].concat()), None, "{args:?}");
    }
}
