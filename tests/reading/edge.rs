//! Hostile and unusual exports do what `edge/manifest.json` says of each.
//!
//! Whatever is in a file: no crash, no hanging, bounded memory, no control character in the output.

use crate::manifest;
use crate::support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use flate2::{Compression, write::GzEncoder};
use manifest::Entry;
use serde_json::Value;
use support::Run;

const LIMIT: Duration = Duration::from_secs(20);
/// Kilobytes of address space.
const MEMORY: &str = "524288";

/// Runs the report with little memory and little time.
fn report(args: &[&str], file: &Path) -> Run {
    let limit = if cfg!(target_os = "linux") {
        format!("ulimit -v {MEMORY}; ")
    } else {
        String::new()
    };
    let mut command = support::in_fixed_environment(Command::new("sh"));
    command.args([
        "-c",
        &format!("{limit}exec \"$0\" \"$@\""),
        env!("CARGO_BIN_EXE_flowpeek"),
        "report",
        "-n",
    ]);
    command
        .args(["-p", "0", "--tolerance", "0"])
        .args(args)
        .arg(file);
    support::run(command, b"", LIMIT)
}

fn objects(show: &str, file: &Path) -> Vec<Value> {
    report(&["--show", show, "--format", "ndjson"], file).objects()
}

#[test]
fn flows_connections_and_rejects_are_as_the_manifest_says() {
    let Some(folder) = support::exports() else {
        return;
    };
    let readable = manifest::entries(&folder)
        .into_iter()
        .filter(|entry| !entry.is_unreadable());
    let wrong: Vec<_> = readable.flat_map(|entry| complaints(&entry)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn complaints(entry: &Entry) -> Vec<String> {
    let name = &entry.name;
    let summary = &objects("summary", &entry.path)[0];
    let count = |key: &str| {
        summary[key]
            .as_u64()
            .unwrap_or_else(|| panic!("{name}: {key} in {summary}"))
    };
    let mut wrong: Vec<_> = ["flows", "connections"]
        .iter()
        .filter_map(|key| entry.complaint(key, count(key)))
        .collect();
    if summary["lines"] != entry.says["lines"] {
        wrong.push(format!(
            "{name}: {} lines, not {}",
            summary["lines"], entry.says["lines"]
        ));
    }
    let durations: Vec<_> = objects("connections", &entry.path)
        .iter()
        .map(|row| row["duration_ms"].clone())
        .collect();
    if !entry.allows_durations(&durations) {
        wrong.push(format!(
            "{name}: durations {durations:?}, not {}",
            entry.says["durations_ms"]
        ));
    }
    let rejects = objects("rejects", &entry.path);
    let lines: Vec<_> = rejects
        .iter()
        .filter_map(|reject| reject["line"].as_u64())
        .collect();
    if !entry.wrongly_judged(&lines).is_empty() || count("rejected_lines") != rejects.len() as u64 {
        wrong.push(format!(
            "{name}: rejects {rejects:?}, not {}; {summary}",
            entry.says["rejected_lines"]
        ));
    }
    if !rejects.iter().all(is_complete) {
        wrong.push(format!(
            "{name}: a reject without file, line, offset or reason: {rejects:?}"
        ));
    }
    wrong
}

fn is_complete(reject: &Value) -> bool {
    let place = reject["file"].is_string() && reject["line"].is_u64() && reject["offset"].is_u64();
    place
        && reject["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
}

#[test]
fn every_format_ends_well_and_writes_no_control_character() {
    let Some(folder) = support::exports() else {
        return;
    };
    let mut wrong = Vec::new();
    for entry in manifest::entries(&folder) {
        let expected = if entry.is_unreadable() { 1 } else { 0 };
        for args in every_report() {
            let run = report(&args, &entry.path);
            if run.status != Some(expected) {
                wrong.push(format!(
                    "{} {args:?}: exit status {:?}: {}",
                    entry.name,
                    run.status,
                    run.errors()
                ));
            }
            for (stream, bytes) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
                match std::str::from_utf8(bytes).map(|text| text.chars().find(|&c| is_dangerous(c)))
                {
                    Ok(None) => (),
                    Ok(Some(c)) => {
                        wrong.push(format!("{} {args:?}: {c:?} in {stream}", entry.name))
                    }
                    Err(_) => wrong.push(format!("{} {args:?}: no UTF-8 in {stream}", entry.name)),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every format with everything it can show.
fn every_report() -> Vec<Vec<&'static str>> {
    let mut reports = vec![vec!["--format", "json"]];
    for format in ["analyzer", "analyzer-0.12"] {
        for pairing in ["strict", "analyzer"] {
            reports.push(vec!["--format", format, "-v", "--pairing", pairing]);
        }
    }
    for format in ["csv", "ndjson"] {
        for show in ["connections", "unmatched", "summary", "rejects"] {
            reports.push(vec!["--format", format, "--show", show]);
        }
    }
    reports
}

/// What must not reach a terminal: control characters, and those that hide or reorder text.
fn is_dangerous(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[test]
fn a_negative_counter_is_never_a_huge_number() {
    let Some(folder) = support::exports() else {
        return;
    };
    for row in objects("connections", &folder.join("edge/negative-counters.gz")) {
        let small = |key: &str| {
            row[key].is_null() || row[key].as_u64().is_some_and(|count| count < 1_000_000)
        };
        assert!(
            ["src_bytes", "dst_bytes", "bytes", "packets"]
                .iter()
                .all(|key| small(key)),
            "{row}"
        );
    }
}

#[test]
fn lookups_in_the_same_millisecond_keep_their_own_answers() {
    let Some(folder) = support::exports() else {
        return;
    };
    let rows = objects("connections", &folder.join("edge/same-start-same-hosts.gz"));
    let mut bytes: Vec<_> = rows
        .iter()
        .map(|row| (row["src_bytes"].as_u64(), row["dst_bytes"].as_u64()))
        .collect();
    bytes.sort();
    assert_eq!(bytes, [(Some(160), Some(60)), (Some(161), Some(61))]);
}

#[test]
fn damage_is_reported_on_standard_error() {
    let Some(folder) = support::exports() else {
        return;
    };
    let garbage = folder.join("edge/garbage-between-members.gz");
    assert_eq!(objects("summary", &garbage)[0]["damaged_bytes"], 97);
    for name in [
        "garbage-between-members.gz",
        "truncated-last-member.gz",
        "not-json.gz",
    ] {
        let run = report(&["--format", "json"], &folder.join("edge").join(name));
        assert!(run.errors().contains(name), "{name}: {:?}", run.errors());
    }
}

#[test]
fn lines_beyond_the_limits_are_rejected_and_the_others_loaded() {
    let Some(folder) = support::exports() else {
        return;
    };
    let good = fs::read(folder.join("edge/zero-duration.gz")).unwrap();
    let nested = |depth| {
        format!(
            "{{\"1.5\": {{\"flows\": {}{}}}}}\n",
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    for (what, line) in [
        (
            "a line over 64 MiB",
            "[".to_owned() + &" ".repeat(64 << 20) + "\n",
        ),
        ("a line of 300 MiB", "[".repeat(300 << 20) + "\n"),
        ("nesting over 64", nested(65)),
        ("much nesting", nested(1 << 20)),
    ] {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(&file, [&good[..], &compressed(&line), &good].concat()).unwrap();
        let rejects = objects("rejects", file.path());
        assert_eq!(rejects.len(), 1, "{what}: {rejects:?}");
        assert_eq!(rejects[0]["line"], 2, "{what}");
        assert_eq!(objects("summary", file.path())[0]["flows"], 8, "{what}");
    }
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_file_that_is_cut_off_in_its_first_member_is_no_list_without_flows() {
    let whole = compressed("{}\n");
    for cut in 3..12 {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &whole[..cut]).unwrap();
        let run = report(&[], file.path());
        assert_eq!(run.status, Some(1), "{cut}: {}", run.errors());
        assert!(
            run.errors()
                .contains("at byte 0: a gzip member that ends too early"),
            "{cut}: {}",
            run.errors()
        );
        let summary = &objects("rejects", file.path());
        assert!(summary.is_empty(), "{summary:?}");
    }
}
