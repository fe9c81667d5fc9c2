//! Memory while files grow: what need not be kept is let go, and loading stops
//! where memory ends.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::net::Ipv4Addr;
use std::slice::from_ref;
use std::thread;
use std::time::{Duration, Instant};

use flowpeek::load::{Full, Keep, LoadPlan, Snapshot};
use flowpeek::table::store::Side;

use super::following::{Following, PAIRING};
use super::line;
use super::support::{Promise, append, skip};

#[test]
fn what_need_not_be_kept_is_let_go_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let text = |numbers: std::ops::Range<u32>| numbers.map(line).collect::<String>();
    fs::write(&path, text(0..60_000)).unwrap();
    let plan = LoadPlan {
        follow: true,
        keep: Some(Keep::Rows(1000)),
        ..LoadPlan::once(PAIRING, 2)
    };
    let mut following = Following::with(from_ref(&path), plan);
    let all = |last: &Snapshot, flows| {
        let totals = last.table.totals();
        last.complete && totals.flows + totals.dropped == flows
    };
    let last = following.wait("60,000 flows", |last| all(last, 60_000));
    let chunk = 1 << 14;
    assert_eq!(last.table.totals().dropped, 2 * chunk);
    assert_eq!(u64::from(last.table.len()), 30_000 - chunk);
    // what is left pairs and sums as if the rest had never been
    append(&path, text(60_000..120_000).as_bytes());
    let last = following.wait("120,000 flows", |last| all(last, 120_000));
    let totals = last.table.totals();
    assert_eq!(u64::from(last.table.len()), totals.connections);
    assert_eq!(
        (totals.dropped, totals.flows),
        (6 * chunk, 120_000 - 6 * chunk)
    );
    let kept = 6 * chunk..120_000;
    assert_eq!(totals.bytes, kept.map(u128::from).sum());
    assert_eq!(last.table.rows().count(), last.table.len() as usize);
    let oldest = last.table.rows().next().unwrap();
    assert!(oldest.record(Side::First).is_some());
}

#[test]
fn loading_stops_where_memory_ends_and_leaves_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    let text: String = (0..200_000).map(line).collect();
    fs::write(&path, &text).unwrap();
    let limit = 4_000_000;
    for follow in [false, true] {
        let plan = LoadPlan {
            follow,
            memory: Some(limit),
            ..LoadPlan::once(PAIRING, 2)
        };
        let mut following = Following::with(from_ref(&path), plan);
        let last = following.wait("the end", |last| last.complete);
        assert_eq!(last.growth.stopped, Some(Full::Memory(limit)));
        assert!(last.growth.memory > limit);
        let flows = last.table.totals().flows;
        assert!((20_000..180_000).contains(&flows), "{flows}");
        assert!(last.intake.files[0].read < text.len() as u64);
        // the rows are whole: pairs are connections, and what is alone has a reason
        let alone = last.table.rows().find(|row| !row.is_connection());
        assert!(alone.is_none_or(|row| row.reason().is_some()));
        assert!(last.table.totals().connections > 10_000);
    }
    let plan = LoadPlan {
        memory: Some(1 << 40),
        ..LoadPlan::once(PAIRING, 2)
    };
    let mut following = Following::with(&[path], plan);
    let last = following.wait_flows(200_000);
    assert_eq!(last.growth.stopped, None);
}

/// A packet of flows between hosts that nobody has heard of before, some answered.
fn strangers(packet: u32) -> String {
    let flows: Vec<String> = (0..PACKET)
        .map(|place| {
            let number = packet * PACKET + place;
            let (us, them) = (Ipv4Addr::from(0x0a00_0000 + number / 2 * 2), "192.0.2.9");
            let (src, dst, from, to) = match number % 2 {
                0 => (us.to_string(), them.to_owned(), 1024, 443),
                // every third is not the answer
                _ => (
                    them.to_owned(),
                    us.to_string(),
                    443,
                    1024 + u32::from(number.is_multiple_of(3)),
                ),
            };
            format!(
                "{{\"IPV4_SRC_ADDR\": \"{src}\", \"IPV4_DST_ADDR\": \"{dst}\", \
                 \"FIRST_SWITCHED\": 1000, \"LAST_SWITCHED\": 1500, \"IN_BYTES\": {number}, \
                 \"IN_PKTS\": 20, \"L4_SRC_PORT\": {from}, \"L4_DST_PORT\": {to}, \
                 \"PROTOCOL\": 17, \"IP_PROTOCOL_VERSION\": 4}}"
            )
        })
        .collect();
    // ten packets a second
    let (second, tenth) = (1_700_000_000 + packet / 10, packet % 10);
    format!(
        "{{\"{second}.{tenth}\": {{\"client\": [\"192.0.2.254\", 2055], \"header\": \
         {{\"version\": 9, \"count\": {PACKET}, \"uptime\": 9000, \"timestamp\": {second}, \
         \"sequence\": {packet}, \"source_id\": 0}}, \"flows\": [{}]}}}}\n",
        flows.join(", ")
    )
}

/// Flows of a packet.
const PACKET: u32 = 30;

/// Bytes that the process takes.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.unwrap().trim().strip_suffix(" kB").unwrap();
    kibibytes.parse::<u64>().unwrap() * 1024
}

/// Feeds so many packets, each quarter in so many parts, to a loader that keeps some rows; what the table takes
/// by its own account at each quarter, and what the process takes.
fn feed(packets: u32, parts: u32, keep: Keep) -> (Snapshot, Vec<u64>, Vec<u64>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.json");
    File::create(&path).unwrap();
    let plan = LoadPlan {
        follow: true,
        keep: Some(keep),
        ..LoadPlan::once(PAIRING, 2)
    };
    let mut following = Following::with(from_ref(&path), plan);
    let (mut table, mut process) = (Vec::new(), Vec::new());
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    let mut last = following.wait("the empty file", |last| last.complete);
    let begun = Instant::now();
    for quarter in 0..4 {
        for part in 0..parts {
            let share = packets / parts / 4;
            let first = (quarter * parts + part) * share;
            let text: String = (first..first + share).map(strangers).collect();
            file.write_all(text.as_bytes()).unwrap();
            let flows = u64::from((first + share) * PACKET);
            last = following.wait("what was written", |last| {
                let totals = last.table.totals();
                totals.flows + totals.dropped == flows
            });
            // the disk need not hold all of it: who rotates by size does the same
            if fs::metadata(&path).unwrap().len() > 256 << 20 {
                file.set_len(0).unwrap();
                thread::sleep(Duration::from_millis(500));
            }
        }
        table.push(last.growth.table);
        process.push(resident(std::process::id()));
    }
    println!(
        "{packets} packets in {:?}: {table:?} {process:?}",
        begun.elapsed()
    );
    (last, table, process)
}

#[test]
fn with_new_hosts_all_the_time_memory_stays_flat() {
    let packets = 16_000;
    let (last, table, _) = feed(packets, 4, Keep::Rows(40_000));
    let totals = last.table.totals();
    assert_eq!(totals.flows + totals.dropped, u64::from(packets * PACKET));
    // 240,000 hosts came, and those of the rows that are kept are known
    assert!(
        last.table.address_count() < 120_000,
        "{}",
        last.table.address_count()
    );
    // what is kept is there by the second quarter
    assert!(table[3] < table[1] * 5 / 4, "{table:?}");
    assert_eq!(last.intake.rejected_lines, 0);
    // numbers are given out again, and each row still has its own host
    for row in last.table.rows() {
        let number = row
            .attr(Side::First, flowpeek::model::attr::Attr::Octets)
            .unwrap();
        let us = Ipv4Addr::from(0x0a00_0000 + number as u32 / 2 * 2);
        let ends = row.ends(Side::First).map(|end| row.address(end).unwrap());
        assert!(ends.contains(&us.into()), "{number} {ends:?}");
    }
}

/// An hour of a writer of 10,000 flows a second, as fast as it can be written:
/// `FLOWPEEK_LONG=1 cargo test --release --test follow an_hour -- --nocapture`.
#[test]
fn an_hour_of_a_fast_writer_takes_no_more_memory_than_a_quarter_of_it() {
    if std::env::var_os("FLOWPEEK_LONG").is_none() {
        return skip(Promise::Nobody, "FLOWPEEK_LONG is not set");
    }
    let packets = 3600 * 10_000 / PACKET / 64 * 64;
    let (last, table, process) = feed(packets, 16, Keep::Rows(500_000));
    let totals = last.table.totals();
    assert_eq!(totals.flows + totals.dropped, u64::from(packets * PACKET));
    assert!(table[3] < table[0] * 11 / 10, "{table:?}");
    assert!(process[3] < process[0] * 5 / 4, "{process:?}");
}
