//! The night in which clocks are put back and show an hour twice.

use crate::support;

use std::time::Duration;

use serde_json::json;

/// 29 October 2023, 00:00 in UTC: in Berlin it is 2 o'clock, and so it is an hour later.
const NIGHT: i64 = 1_698_537_600;

/// Flows that begin at these minutes of the night.
fn export(minutes: &[i64]) -> String {
    let lines = minutes.iter().map(|minute| {
        let start = NIGHT + minute * 60;
        let flow = json!({
            "sourceIPv4Address": "10.0.0.1", "destinationIPv4Address": "10.0.0.2", "protocolIdentifier": 6,
            "octetDeltaCount": 100, "packetDeltaCount": 1, "flowStartSeconds": start, "flowEndSeconds": start,
        });
        let packet = json!({"client": ["192.0.2.1", 2055], "flows": [flow]});
        json!({start.to_string(): packet}).to_string() + "\n"
    });
    lines.collect()
}

fn report(args: &[&str], input: &str) -> support::Run {
    let mut command = support::command();
    command.env("TZ", "Europe/Berlin");
    command
        .args(["report", "-n", "-p0", "--show", "unmatched"])
        .args(args);
    support::run(command, input.as_bytes(), Duration::from_secs(20))
}

/// The minutes of the flows that pass a filter.
fn passing(filter: &str, minutes: &[i64]) -> Vec<i64> {
    let args = ["--format", "ndjson", "--filter", filter];
    let rows = report(&args, &export(minutes)).objects();
    let minute = |row: &serde_json::Value| (row["received"].as_f64().unwrap() as i64 - NIGHT) / 60;
    rows.iter().map(minute).collect()
}

#[test]
fn steps_and_hours_that_are_called_alike_tell_their_offset() {
    let input = export(&[-30, 30, 90, 150]);
    for args in [
        &["--timeline", "1h"][..],
        &["--top", "hour", "--sort", "key"],
    ] {
        let run = report(args, &input);
        let lines = run.text().lines().skip(2);
        let told = lines.filter(|line| line.starts_with("2023-10-29 02:00"));
        let told: Vec<&str> = told.collect();
        assert_eq!(told.len(), 2, "{}", run.text());
        assert!(told[0].contains("00 +02:00 "), "{}", run.text());
        assert!(told[1].contains("00 +01:00 "), "{}", run.text());
        // by day there is nothing to tell
        let day = report(args, &export(&[600, 700]));
        assert!(!day.text().contains("+01:00"), "{}", day.text());
    }
}

#[test]
fn a_time_that_is_there_twice_means_both() {
    let minutes = [-1, 0, 29, 30, 31, 59, 60, 89, 90, 91, 119, 120];
    for (filter, expected) in [
        ("start = 02:30", &[30, 90][..]),
        ("start = 2023-10-29T02:30:00", &[30, 90]),
        ("start = 02:59", &[59, 119]),
        ("start = 2023-10-29T02", &minutes[1..11]),
        ("start = 2023-10-29T02:30+01:00", &[90]),
        ("start = 2023-10-29", &minutes),
        ("start >= 02:59", &minutes[5..]),
        ("start <= 02:00", &minutes[..7]),
        (
            "start != 02:30 and start >= 02:29 and start <= 02:31",
            &[29, 31, 59, 60, 89, 91],
        ),
    ] {
        assert_eq!(passing(filter, &minutes), expected, "{filter}");
    }
}
