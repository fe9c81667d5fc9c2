//! The output of `analyzer.py`, letter for letter, in both of its versions: the
//! one of January 2020 ("seed") and that of package 0.12. Its sizes are those
//! of the source's flow alone, its "destination port" is the port that the
//! destination's own flow was sent to, and it prints durations unsigned.

use std::io::{self, Write};
use std::net::IpAddr;

use super::summary::{Item, items};
use super::view::{Report, Show};
use crate::model::attr::Attr;
use crate::query::facts::Facts;
use crate::query::run::Rows;
use crate::table::analyzer::start_of;
use crate::table::rows::Row;
use crate::table::store::{RowId, Side};
use crate::table::verdict::Reason;

/// In what the two versions differ.
struct Version {
    header: bool,
    after_time: &'static str,
    packets_width: usize,
    /// Ports above this are not looked up.
    port_limit: u16,
    hint: &'static str,
    before_leftovers: &'static str,
    leftover: fn(&Report, Row) -> String,
}

const SEED: Version = Version {
    header: false,
    after_time: ": ",
    packets_width: 5,
    port_limit: 10_000,
    hint: "",
    before_leftovers: "",
    leftover: seed_leftover,
};

const LATEST: Version = Version {
    header: true,
    after_time: " | ",
    packets_width: 7,
    port_limit: u16::MAX,
    hint: " (this value can be set with the -p flag)",
    before_leftovers: "\n",
    leftover: latest_leftover,
};

/// The version of January 2020; it always prints the leftovers.
pub fn write_seed(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write(report, out, &SEED, true)
}

/// Version 0.12; it prints the leftovers when asked to (`-v`).
pub fn write_latest(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    write(report, out, &LATEST, report.verbose)
}

fn write(
    report: &Report,
    out: &mut dyn Write,
    version: &Version,
    leftovers: bool,
) -> io::Result<()> {
    match report.show {
        Show::Connections => {
            connections(report, out, version)?;
            if leftovers {
                write_leftovers(report, out, version)?;
            }
            Ok(())
        }
        Show::Unmatched => write_leftovers(report, out, version),
        Show::Summary => {
            for (name, item) in items(report) {
                match item {
                    Item::Count(count) => writeln!(out, "{name:24} {count}")?,
                    Item::Text(text) => {
                        writeln!(out, "{name:24} {}", text.as_deref().unwrap_or("-"))?;
                    }
                }
            }
            Ok(())
        }
        Show::Rejects => {
            let intake = &report.snapshot.intake;
            for reject in &intake.rejects {
                let file = &intake.files[reject.file as usize].name;
                writeln!(out, "{file}:{}: {}", reject.line, reject.reason)?;
            }
            Ok(())
        }
    }
}

fn connections(report: &Report, out: &mut dyn Write, version: &Version) -> io::Result<()> {
    for (place, facts) in report.some(&report.connections).enumerate() {
        if place == 0 && version.header {
            writeln!(
                out,
                "{:19} | {:14} | {:8} | {:9} | {:7} | Involved hosts",
                "Timestamp", "Service", "Size", "Duration", "Packets"
            )?;
            writeln!(out, "{}", "-".repeat(100))?;
        }
        let source = facts.source();
        let size = facts.row.attr(source, Attr::Octets).unwrap_or(0);
        let [src, dst] = [false, true].map(|destination| facts.address(destination));
        writeln!(
            out,
            "{}{}{:<14} | {:8} | {:9} | {:width$} | Between {} and {}",
            timestamp(report, &facts),
            version.after_time,
            service(report, &facts, version),
            human_size(size),
            human_duration(facts.row.elapsed(source).unwrap_or(0)),
            facts.row.sum(Attr::Packets),
            named(report, src),
            named(report, dst),
            width = version.packets_width,
        )?;
    }
    let (hidden, least) = (report.connections.below_threshold, report.threshold);
    if hidden > 0 {
        writeln!(
            out,
            "{hidden} connections skipped, because they had less than {least} packets{}.",
            version.hint
        )?;
    }
    Ok(())
}

/// The line time of the later flow. Python rounds to microseconds first.
fn timestamp(report: &Report, facts: &Facts) -> String {
    let seconds = facts.received().unwrap_or(0.0);
    let microseconds = (seconds * 1e6).round_ties_even() as i64;
    let milliseconds = microseconds.div_euclid(1000);
    report.zone.print(milliseconds, "%Y-%m-%d %H:%M.%S")
}

fn service(report: &Report, facts: &Facts, version: &Version) -> String {
    let source = facts.source();
    let src_port = facts.row.ends(source)[0].port.unwrap_or(0);
    let dst_port = facts.row.ends(source.other())[1].port.unwrap_or(0);
    let known = |port: u16| match port {
        port if port > version.port_limit => None,
        port => report.context.services.any(port),
    };
    match known(src_port).or_else(|| known(dst_port)) {
        Some(name) => name.to_uppercase(),
        None => format!("({src_port} {dst_port})"),
    }
}

fn named(report: &Report, address: Option<IpAddr>) -> String {
    let Some(address) = address else {
        return String::new();
    };
    match report.names.get(&address) {
        Some(name) => format!("{name} ({address})"),
        None => format!("{address} ({address})"),
    }
}

fn human_size(octets: u64) -> String {
    let size = octets as f64;
    match octets {
        0..1024 => format!("{octets}B"),
        1024..0x10_0000 => format!("{:.2}K", size / 1024.0),
        0x10_0000..0x4000_0000 => format!("{:.2}M", size / 1024.0 / 1024.0),
        _ => format!("{:.2}G", size / 1024.0 / 1024.0 / 1024.0),
    }
}

/// A negative difference is taken for a wrap of 2^32, as the analyzer does.
fn human_duration(elapsed: i64) -> String {
    let milliseconds = if elapsed < 0 {
        elapsed + (1 << 32)
    } else {
        elapsed
    };
    let seconds = milliseconds.div_euclid(1000);
    match seconds {
        ..60 => format!("{seconds} sec"),
        60..=3600 => format!("{:02}:{:02} min", seconds / 60, seconds % 60),
        _ => format!(
            "{}:{:02}.{:02} hours",
            seconds / 3600,
            seconds % 3600 / 60,
            seconds % 60
        ),
    }
}

/// The flows still waiting, by their start.
fn write_leftovers(report: &Report, out: &mut dyn Write, version: &Version) -> io::Result<()> {
    let mut left = waiting(report, &report.unmatched);
    if left.is_empty() {
        return Ok(());
    }
    left.sort_by_key(|(start, _)| *start);
    let mut starts: Vec<i64> = left.iter().map(|(start, _)| *start).collect();
    starts.dedup();
    writeln!(
        out,
        "{}There are {} first_switched entries left in the pending dict!",
        version.before_leftovers,
        starts.len()
    )?;
    let rows = left.iter().map(|&(_, id)| report.snapshot.table.row(id));
    let mut silent = true;
    for row in rows.filter(|row| row.sum(Attr::Packets) >= u128::from(report.threshold)) {
        silent = false;
        writeln!(out, "{}", (version.leftover)(report, row))?;
    }
    if silent {
        writeln!(out, "They were all noise!")?;
    }
    Ok(())
}

/// Start and number of the rows that the analyzer would still have, noise included.
fn waiting(report: &Report, rows: &Rows) -> Vec<(i64, RowId)> {
    let table = &report.snapshot.table;
    rows.ids
        .iter()
        .filter(|&&id| table.row(id).reason() != Some(Reason::Overwritten))
        .filter_map(|&id| Some((start_of(table.row(id).start(Side::First)?), id)))
        .collect()
}

fn seed_leftover(report: &Report, row: Row) -> String {
    let start = row.start(Side::First).map_or(0, start_of);
    let [src, dst] = row
        .ends(Side::First)
        .map(|end| plain(report, row.address(end)));
    format!("{start} {src} {dst} {}", row.sum(Attr::Packets))
}

fn latest_leftover(report: &Report, row: Row) -> String {
    let [src, dst] = row.ends(Side::First);
    let octets = row.attr(Side::First, Attr::Octets).unwrap_or(0);
    format!(
        "From {}:{} to {}:{} with proto {} and size {} ({} packets)",
        plain(report, row.address(src)),
        src.port.unwrap_or(0),
        plain(report, row.address(dst)),
        dst.port.unwrap_or(0),
        protocol_name(row.protocol()),
        human_size(octets),
        row.sum(Attr::Packets)
    )
}

/// An address, with its name before it if there is one.
fn plain(report: &Report, address: Option<IpAddr>) -> String {
    let Some(address) = address else {
        return String::new();
    };
    match report.names.get(&address) {
        Some(name) => format!("{name} ({address})"),
        None => address.to_string(),
    }
}

fn protocol_name(protocol: Option<i32>) -> &'static str {
    match protocol {
        Some(1) => "ICMP",
        Some(6) => "TCP",
        Some(17) => "UDP",
        Some(58) => "ICMPv6",
        _ => "UNKNOWN",
    }
}
