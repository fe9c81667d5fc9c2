//! What is seen twice counts once: two exporters of the same traffic, files that
//! overlap; and what is not the same stays two.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::slice::from_ref;
use std::sync::Arc;

use flowpeek::load::{Inputs, Keep, LoadPlan, load_by};
use flowpeek::model::attr::Attr;
use flowpeek::model::time::Zone;
use flowpeek::names::services::Services;
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::language::parse::parse;
use flowpeek::query::run::{Preset, Query, Rows, run};
use flowpeek::table::build::Pairing;
use flowpeek::table::duplicates::Duplicates;
use flowpeek::table::store::{RowId, Side, Table};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support;

use support::{exports, flowpeek};

const STRICT: Pairing = Pairing::Strict { tolerance: 1000 };

fn own(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn table_by(plan: LoadPlan, files: &[&Path]) -> Table {
    let files: Vec<PathBuf> = files.iter().map(|file| file.to_path_buf()).collect();
    load_by(Inputs::look_at(&files).unwrap(), plan, |_| true).table
}

fn table(files: &[&Path]) -> Table {
    table_by(LoadPlan::once(STRICT, 2), files)
}

/// Flows, octets and packets: of all, or without what repeats others.
fn sums(table: &Table, folded: bool) -> [u128; 3] {
    let (all, twice) = (table.totals(), table.duplicates());
    let all = [all.flows.into(), all.bytes, all.packets];
    let twice = [twice.flows.into(), twice.bytes, twice.packets];
    [0, 1, 2].map(|at| all[at] - if folded { twice[at] } else { 0 })
}

fn ask(table: &Table, preset: Preset, filter: &str, folds: bool) -> Rows {
    ask_above(table, preset, filter, folds, 0)
}

fn ask_above(table: &Table, preset: Preset, filter: &str, folds: bool, threshold: u64) -> Rows {
    let mut context = Context::new(
        Arc::new(Services::from_texts(None, "")),
        Zone::utc(),
        Orient::Bytes,
    );
    context.stance.folds = folds;
    let query = Query {
        preset,
        filter: parse(filter).unwrap(),
        threshold,
        sort: None,
    };
    context.stance = context.stance.unfolded_if(query.filter.asks_duplicates());
    run(table, &query, &context)
}

/// What the source of a row sent, unless that is left out.
fn sent_by_source(table: &Table, id: RowId, folds: bool) -> u128 {
    let row = table.row(id);
    let side = row.bigger();
    match folds && row.repeats(side).is_some() {
        true => 0,
        false => row.attr(side, Attr::Octets).map_or(0, u128::from),
    }
}

/// The octets that the sums below a table tell, of connections and unmatched flows.
fn told(table: &Table, folds: bool) -> [u128; 2] {
    let rows = [Preset::Connections, Preset::Unmatched].map(|it| ask(table, it, "any", folds));
    let bytes = rows
        .iter()
        .map(|rows| rows.totals.src_bytes + rows.totals.dst_bytes);
    let packets = rows.iter().map(|rows| rows.totals.packets);
    [bytes.sum(), packets.sum()]
}

/// The lines of a file, from one place to another.
fn lines(file: &Path, range: std::ops::Range<usize>, folder: &Path) -> PathBuf {
    let mut text = String::new();
    let inflated = flate2::read::MultiGzDecoder::new(fs::File::open(file).unwrap());
    std::io::Read::read_to_string(&mut { inflated }, &mut text).unwrap();
    let part: Vec<&str> = text.lines().collect();
    let end = range.end.min(part.len());
    let path = folder.join(format!("{}-{}.json", range.start, range.end));
    fs::write(&path, part[range.start.min(end)..end].join("\n") + "\n").unwrap();
    path
}

#[test]
fn a_file_and_its_overlapping_copy_count_once() {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "assets/sample.gz",
        "tests/data/pmacctd-ipfix.gz",
        "tests/data/old-0.8.2-v9.gz",
    ] {
        let file = own(name);
        let once = table(&[&file]);
        assert_eq!(once.duplicates(), Duplicates::default(), "{name}");
        for others in [
            vec![lines(&file, 3..usize::MAX, folder.path())],
            vec![file.clone(); 2],
        ] {
            let others = others.iter().map(PathBuf::as_path);
            let several = table(&[&[file.as_path()], &others.collect::<Vec<_>>()[..]].concat());
            assert!(several.totals().flows > once.totals().flows, "{name}");
            assert_eq!(sums(&several, true), sums(&once, false), "{name}");
            assert_eq!(told(&several, true)[..], sums(&once, false)[1..], "{name}");
            assert_eq!(
                told(&several, false)[..],
                sums(&several, false)[1..],
                "{name}"
            );
        }
        let all = once.totals().flows as usize;
        let (begin, end) = (
            lines(&file, 0..9, folder.path()),
            lines(&file, 5..all, folder.path()),
        );
        assert_eq!(
            sums(&table(&[&end, &begin]), true),
            sums(&once, false),
            "{name}"
        );
        let parts = [
            lines(&file, 0..7, folder.path()),
            lines(&file, 7..all, folder.path()),
        ];
        let parts = table(&[&parts[0], &parts[1]]);
        assert_eq!(
            sums(&parts, true),
            sums(&once, false),
            "{name}: nothing overlaps"
        );
        assert_eq!(
            parts.duplicates(),
            Duplicates::default(),
            "{name}: nothing overlaps"
        );
    }
}

#[test]
fn two_exporters_of_the_same_traffic_count_as_one() {
    let Some(exports) = exports() else { return };
    let both = table(&[&exports.join("softflowd-v9-two-exporters.gz")]);
    let count = |preset, filter, folds| ask(&both, preset, filter, folds).shown;
    for preset in [Preset::Connections, Preset::Unmatched] {
        let one = count(preset, "exporter 127.0.0.2", false);
        assert_eq!(one, count(preset, "exporter 127.0.0.3", false));
        assert_eq!(count(preset, "any", true), one);
        assert_eq!(count(preset, "any", false), 2 * one);
        assert_eq!(count(preset, "duplicate", true), one);
        assert_eq!(count(preset, "not duplicate", true), one);
    }
    let [flows, bytes, packets] = sums(&both, false);
    assert_eq!(sums(&both, true), [flows / 2, bytes / 2, packets / 2]);
    assert_eq!(told(&both, true), [bytes / 2, packets / 2]);
    // every file that one exporter wrote holds every flow once
    for name in [
        "softflowd-v9-tracklevels.gz",
        "vendors-v9.gz",
        "vendors-ipfix.gz",
    ] {
        let table = table(&[&exports.join(name)]);
        assert_eq!(table.duplicates(), Duplicates::default(), "{name}");
    }
}

/// A flow of a made export.
#[derive(Clone, Debug)]
struct Made {
    port: u16,
    bytes: u64,
    first: u32,
    lasts: u32,
}

fn spelled(flow: &Made, later: u32, back: bool) -> Value {
    let ends = [("10.0.0.1", flow.port), ("10.0.0.2", 443)];
    let [src, dst] = if back { [ends[1], ends[0]] } else { ends };
    json!({"IPV4_SRC_ADDR": src.0, "L4_SRC_PORT": src.1, "IPV4_DST_ADDR": dst.0,
        "L4_DST_PORT": dst.1, "PROTOCOL": 6, "IN_BYTES": flow.bytes, "IN_PKTS": 3,
        "FIRST_SWITCHED": flow.first + later, "LAST_SWITCHED": flow.first + flow.lasts + later})
}

/// A line of an exporter whose clock is so many milliseconds ahead.
fn line(exporter: &str, flows: &[Value]) -> String {
    let packet = json!({"client": [exporter, 2055], "flows": flows, "header": {"version": 9,
        "count": flows.len(), "timestamp": 1_700_000_000, "uptime": 100_000}});
    json!({"1700000000.5": packet}).to_string() + "\n"
}

fn made(text: &str) -> (tempfile::NamedTempFile, Table) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let table = table(&[file.path()]);
    (file, table)
}

#[test]
fn what_differs_in_anything_is_not_the_same() {
    let flow = Made {
        port: 5000,
        bytes: 700,
        first: 1000,
        lasts: 50,
    };
    let plain = spelled(&flow, 0, false);
    let with = |key: &str, value: Value| {
        let mut other = plain.clone();
        other[key] = value;
        other
    };
    let cases = [
        (plain.clone(), true),
        (spelled(&flow, 1000, false), true),
        (spelled(&flow, 1001, false), false),
        (with("LAST_SWITCHED", json!(2051)), false),
        (with("IN_BYTES", json!(701)), false),
        (with("IN_PKTS", json!(4)), false),
        (with("PROTOCOL", json!(17)), false),
        (with("L4_SRC_PORT", json!(5001)), false),
        (with("IPV4_DST_ADDR", json!("10.0.0.3")), false),
        (spelled(&flow, 0, true), false),
    ];
    for (other, same) in cases {
        let text = line("192.0.2.1", from_ref(&plain)) + &line("192.0.2.2", from_ref(&other));
        assert_eq!(made(&text).1.duplicates().flows, u64::from(same), "{other}");
        // one exporter says two things
        let text = line("192.0.2.1", from_ref(&plain)) + &line("192.0.2.1", from_ref(&other));
        assert_eq!(made(&text).1.duplicates(), Duplicates::default());
    }
    // in two files only the very same record of one exporter is the same
    let alone = |other: Value| {
        let (one, _) = made(&line("192.0.2.1", from_ref(&plain)));
        let (two, _) = made(&line("192.0.2.1", from_ref(&other)));
        table(&[one.path(), two.path()]).duplicates().flows
    };
    assert_eq!(
        [alone(plain.clone()), alone(spelled(&flow, 1, false))],
        [1, 0]
    );
}

/// What waits long ago is not looked at again: the last of many alike is found, too.
#[test]
fn the_last_of_many_alike_is_seen_twice_as_well() {
    let flow = |number: u32| Made {
        port: 5000,
        bytes: 700,
        first: number * 2000,
        lasts: 50,
    };
    let all: Vec<Value> = (1..48)
        .map(|number| spelled(&flow(number), 0, false))
        .collect();
    let last = spelled(&flow(47), 20, false);
    let text = line("192.0.2.1", &all) + &line("192.0.2.2", &[last]);
    assert_eq!(made(&text).1.duplicates().flows, 1);
}

/// Where a protocol has no ports, v5 has type and code of ICMP in their place, and the
/// mate is not the reverse.
#[test]
fn a_mate_with_ends_of_its_own_is_seen_twice_as_well() {
    let echo = |ends: [&str; 2], code: u16| {
        json!({"IPV4_SRC_ADDR": ends[0], "IPV4_DST_ADDR": ends[1], "PROTOCOL": 1,
            "L4_SRC_PORT": 0, "L4_DST_PORT": code, "IN_BYTES": 84, "IN_PKTS": 1,
            "FIRST_SWITCHED": 1000, "LAST_SWITCHED": 1000})
    };
    let ends = ["10.0.0.1", "10.0.0.2"];
    let flows = [echo(ends, 2048), echo([ends[1], ends[0]], 0)];
    let table = made(&(line("192.0.2.1", &flows) + &line("192.0.2.2", &flows))).1;
    assert_eq!(table.totals().connections, 2);
    let twice = table.duplicates();
    assert_eq!([twice.flows, twice.connections], [2, 1]);
    // or by itself, where another device has seen no more
    let (file, alone) = made(&(line("192.0.2.1", &flows) + &line("192.0.2.2", &flows[1..])));
    let twice = alone.duplicates();
    assert_eq!([twice.flows, twice.unmatched], [1, 1]);
    // which says where the first one stands
    let told = alone.rows().map(|row| row.repeated_at());
    let name = file.path().file_name().unwrap().to_str().unwrap();
    assert_eq!(told.collect::<Vec<_>>(), [None, Some(format!("{name}:1"))]);
}

#[test]
fn times_that_an_exporter_does_not_tell_are_no_proof() {
    let flow = Made {
        port: 5000,
        bytes: 700,
        first: 100_000,
        lasts: 0,
    };
    let without = |keys: &[&str]| {
        let mut flow = spelled(&flow, 0, false);
        for key in keys {
            flow.as_object_mut().unwrap().remove(*key);
        }
        flow
    };
    let (whole, endless) = (without(&[]), without(&["LAST_SWITCHED"]));
    // it takes its start from when it was received, half a second later
    let timeless = without(&["FIRST_SWITCHED", "LAST_SWITCHED"]);
    for (one, other, same) in [
        (&endless, &endless, true),
        (&endless, &whole, false),
        (&endless, &timeless, false),
        (&timeless, &endless, false),
        (&timeless, &timeless, false),
    ] {
        let text = line("192.0.2.1", from_ref(one)) + &line("192.0.2.2", from_ref(other));
        let found = made(&text).1.duplicates().flows;
        assert_eq!(found, u64::from(same), "{one} {other}");
    }
}

#[test]
fn a_flow_is_folded_into_the_connection_that_has_it() {
    let flow = Made {
        port: 5000,
        bytes: 700,
        first: 1000,
        lasts: 50,
    };
    let answer = Made {
        bytes: 800,
        ..flow.clone()
    };
    let one = line("192.0.2.1", &[spelled(&flow, 3, false)]);
    let both = line(
        "192.0.2.2",
        &[spelled(&flow, 0, false), spelled(&answer, 0, true)],
    );
    for text in [one.clone() + &both, both.clone() + &one] {
        let (_file, table) = made(&text);
        let rows = |preset| ask(&table, preset, "any", true).shown;
        assert_eq!([rows(Preset::Connections), rows(Preset::Unmatched)], [1, 0]);
        assert_eq!(told(&table, true), [1500, 6]);
        let row = table.rows().find(|row| !row.is_connection()).unwrap();
        let (other, side) = row.repeats(Side::First).unwrap();
        assert!(table.row(other).is_connection());
        assert_eq!(table.row(other).ends(side), row.ends(Side::First));
    }
}

fn flows() -> impl Strategy<Value = Vec<Made>> {
    let flow = (0..3_u16, 0..2_u64, 0..4_u32, 0..2_u32);
    let flow = flow.prop_map(|(port, bytes, first, lasts)| Made {
        port: 5000 + port,
        bytes: 100 + bytes,
        // nearer to each other than the clocks of two devices, or further
        first: 10_000 + first * 700,
        lasts: lasts * 5000,
    });
    prop::collection::vec(flow, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn however_many_devices_see_the_same_they_count_as_one(
        flows in flows(), ahead in prop::collection::vec(0..300_u32, 1..4), share in 1..9_usize,
    ) {
        let exporters = std::iter::once(&0).chain(&ahead).enumerate();
        let says = |(number, later): (usize, &u32)| -> Vec<String> {
            let spelled: Vec<Value> = flows.iter().map(|flow| spelled(flow, *later, false)).collect();
            let lines = spelled.chunks(share + number);
            lines.map(|flows| line(&format!("192.0.2.{number}"), flows)).collect()
        };
        let all: Vec<String> = exporters.flat_map(says).collect();
        let (_file, table) = made(&all.concat());
        let sum: u64 = flows.iter().map(|flow| flow.bytes).sum();
        let count = flows.len() as u128;
        prop_assert_eq!(sums(&table, true), [count, sum.into(), 3 * count]);
        prop_assert_eq!(told(&table, true), [u128::from(sum), 3 * count]);
        // who tells first is no matter
        let turned: Vec<String> = all.iter().rev().cloned().collect();
        prop_assert_eq!(sums(&made(&turned.concat()).1, true), sums(&table, true));
    }

    #[test]
    fn both_filters_part_all_rows_and_folding_is_one_of_them(
        flows in flows(), other in flows(), answers in flows(),
    ) {
        let spelled = |flows: &[Made], back| -> Vec<Value> {
            flows.iter().map(|flow| spelled(flow, 0, back)).collect()
        };
        let text = line("192.0.2.1", &spelled(&flows, false)) + &line("192.0.2.2", &spelled(&other, true))
            + &line("192.0.2.2", &spelled(&flows, false)) + &line("192.0.2.1", &spelled(&other, false))
            + &line("192.0.2.1", &spelled(&answers, true));
        let (_file, table) = made(&text);
        for preset in [Preset::Connections, Preset::Unmatched] {
            let of = |filter, folds| ask(&table, preset, filter, folds);
            let (all, folded) = (of("any", false), of("any", true));
            prop_assert_eq!(&of("not duplicate", false).ids, &folded.ids);
            let mut both = [folded.ids.clone(), of("duplicate", true).ids].concat();
            both.sort_unstable();
            prop_assert_eq!(&both, &all.ids);
            prop_assert_eq!(folded.shown + folded.duplicates, folded.total);
            // with a threshold too, each row is in one of the counts
            for least in [2, 1 << 30] {
                let rows = ask_above(&table, preset, "any", true, least);
                prop_assert_eq!(rows.shown + rows.duplicates + rows.below_threshold, rows.total);
            }
            // who sent more is the source, also where what it sent is left out
            for rows in [&all, &folded] {
                let folds = std::ptr::eq(rows, &folded);
                let sent = rows.ids.iter().map(|&id| sent_by_source(&table, id, folds));
                prop_assert_eq!(rows.totals.src_bytes, sent.sum());
            }
        }
        // no flow is folded into one that is folded itself
        for row in table.rows() {
            for side in [Side::First, Side::Mate] {
                let Some((other, at)) = row.repeats(side) else { continue };
                prop_assert!(table.row(other).repeats(at).is_none());
            }
        }
    }
}

#[test]
fn what_is_let_go_is_no_duplicate_s_other_half() {
    let flow = |number: usize| Made {
        port: (number % 60_000) as u16,
        bytes: number as u64,
        first: number as u32,
        lasts: 0,
    };
    let of = |exporter: &str, numbers: std::ops::Range<usize>| {
        let flows: Vec<Value> = numbers
            .map(|number| spelled(&flow(number), 0, false))
            .collect();
        let lines = flows.chunks(30);
        lines.map(|flows| line(exporter, flows)).collect::<String>()
    };
    let text = of("192.0.2.1", 0..30_000) + &of("192.0.2.2", 0..30_000);
    let (file, whole) = made(&text);
    assert_eq!(whole.duplicates().flows, 30_000);
    let kept = LoadPlan {
        keep: Some(Keep::Rows(40_000)),
        ..LoadPlan::once(STRICT, 2)
    };
    let table = table_by(kept, &[file.path()]);
    let totals = table.totals();
    assert!(totals.dropped >= 16_384 && totals.flows + totals.dropped == 60_000);
    // of the first exporter's flows those that are there are seen twice
    assert_eq!(table.duplicates().flows, 30_000 - totals.dropped);
    assert_eq!(
        u128::from(totals.flows) - sums(&table, true)[0],
        30_000 - u128::from(totals.dropped)
    );
    let mut alone = LoadPlan { threads: 1, ..kept };
    assert_eq!(
        table_by(alone, &[file.path()]).duplicates(),
        table.duplicates()
    );
    alone.keep = None;
    assert_eq!(
        table_by(alone, &[file.path()]).duplicates(),
        whole.duplicates()
    );
}

#[test]
fn reports_list_every_row_and_count_it_once() {
    let sample = own("tests/data/old-0.8.2-v9.gz");
    let sample = sample.to_str().unwrap();
    let report = |args: &[&str], files: &[&str]| {
        flowpeek(&[&["report", "-n", "-p", "0"], args, files].concat())
    };
    let rows = report(&["--format", "ndjson"], &[sample, sample]).objects();
    let once = report(&["--format", "ndjson"], &[sample]).objects();
    let marked: Vec<bool> = rows
        .iter()
        .map(|row| row["duplicate"].as_bool().unwrap())
        .collect();
    assert_eq!(rows.len(), 2 * once.len());
    assert_eq!(marked.iter().filter(|marked| **marked).count(), once.len());
    assert!(
        rows.iter()
            .all(|row| ["exact", "skew", "ambiguous"].contains(&row["match"].as_str().unwrap()))
    );

    let summary = |files: &[&str]| {
        report(&["--format", "ndjson", "--show", "summary"], files)
            .objects()
            .remove(0)
    };
    let (two, one) = (summary(&[sample, sample]), summary(&[sample]));
    let number = |object: &Value, key: &str| object[key].as_u64().unwrap();
    for (all, twice) in [
        ("flows", "duplicate_flows"),
        ("bytes", "duplicate_bytes"),
        ("packets", "duplicate_packets"),
        ("connections", "duplicate_connections"),
        ("unmatched", "duplicate_unmatched"),
    ] {
        assert_eq!(
            number(&two, all) - number(&two, twice),
            number(&one, all),
            "{all}"
        );
        assert_eq!(number(&one, twice), 0);
    }

    for what in [["--top", "host"], ["--timeline", "1m"]] {
        let sheet = |more: &[&str], files: &[&str]| {
            report(&[&what, &["--format", "csv"], more].concat(), files)
        };
        let (one, folded) = (sheet(&[], &[sample]), sheet(&[], &[sample, sample]));
        assert_eq!(folded.text(), one.text());
        assert!(
            folded.errors().contains("seen twice and counted once"),
            "{}",
            folded.errors()
        );
        assert_eq!(one.errors(), "");
        let every = sheet(&["--duplicates"], &[sample, sample]);
        assert_ne!(every.text(), one.text());
        assert_eq!(every.errors(), "");
        let alone = sheet(&["--filter", "duplicate"], &[sample, sample]);
        assert_eq!(alone.text(), one.text());
    }
}

#[test]
fn a_report_that_multiplies_says_so() {
    let sampled = own("tests/data/vendors-v5.gz");
    let file = sampled.to_str().unwrap();
    let report = |args: &[&str]| {
        flowpeek(
            &[
                &["report", "-n", "-p", "0", "--format", "ndjson"],
                args,
                &[file],
            ]
            .concat(),
        )
    };
    let plain = report(&["--show", "summary"]);
    let scaled = report(&["--show", "summary", "--scale"]);
    assert_eq!(
        (plain.errors(), plain.objects()[0]["scaled"].clone()),
        (String::new(), json!(false))
    );
    assert!(
        scaled.errors().contains("multiplied by the sampling"),
        "{}",
        scaled.errors()
    );
    let scaled = scaled.objects().remove(0);
    assert_eq!(scaled["scaled"], json!(true));
    let summary = ["--scale", "--show", "summary", "--format", "ndjson"];
    let unsampled = flowpeek(&[&["report", "-n"], &summary[..], &["assets/sample.gz"]].concat());
    assert_eq!(unsampled.objects()[0]["scaled"], json!(false));
    let bytes = |args: &[&str]| -> u64 {
        let shown = ["connections", "unmatched"].map(|show| {
            let rows = report(&[&["--show", show], args].concat()).objects();
            rows.iter()
                .map(|row| row["bytes"].as_u64().unwrap())
                .sum::<u64>()
        });
        shown.iter().sum()
    };
    assert_eq!(bytes(&["--scale"]), scaled["bytes"].as_u64().unwrap());
    assert_eq!(bytes(&[]), plain.objects()[0]["bytes"].as_u64().unwrap());
    assert!(bytes(&["--scale"]) > bytes(&[]));
    // what a filter and an order compare is what is shown
    let above = bytes(&["--scale", "--filter", "bytes > 100K"]);
    assert!(above > bytes(&["--filter", "bytes > 100K"]));
}

/// A group by exporter, and a filter with one, have of each flow what one of them saw.
#[test]
fn whose_report_counts_is_told_where_it_matters() {
    let Some(folder) = exports() else {
        return;
    };
    let file = folder.join("mixed-versions.gz");
    let file = file.to_str().unwrap();
    for (args, is_told) in [
        (&["--top", "exporter"][..], true),
        (&["--top", "host,version"], true),
        (&["--top", "host", "--filter", "exporter 127.0.0.11"], true),
        (&["--timeline", "1h", "--filter", "not version 5"], true),
        (&["--top", "host"], false),
    ] {
        let all = [
            &["report", "-n", "-p", "0", "--format", "csv"],
            args,
            &[file],
        ]
        .concat();
        let errors = flowpeek(&all).errors();
        assert!(errors.contains("seen twice"), "{args:?}: {errors}");
        assert_eq!(
            errors.contains("counts them for each)"),
            is_told,
            "{args:?}: {errors}"
        );
    }
}
