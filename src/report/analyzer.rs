//! The output of `analyzer.py`, letter for letter, in both of its versions: the
//! one of January 2020 ("seed") and that of package 0.12. Its sizes are those
//! of the source's flow alone, its "destination port" is the port that the
//! destination's own flow was sent to, and it prints durations unsigned.

use std::io::{self, Write};
use std::net::IpAddr;

use super::human::{duration, protocol, size};
use super::summary::{Item, items};
use super::view::{Report, Scope, Show};
use crate::model::attr::Attr;
use crate::model::end::End;
use crate::model::time::milliseconds;
use crate::query::facts::Facts;
use crate::query::run::Preset;
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
    write(report, out, &LATEST, report.scope.verbose)
}

/// Whether [`write_seed`] prints of these rows.
pub fn seed_prints(scope: Scope, preset: Preset) -> bool {
    scope.is_of(preset) || scope.show == Show::Connections
}

/// Whether [`write_latest`] prints of these rows.
pub fn latest_prints(scope: Scope, preset: Preset) -> bool {
    scope.is_of(preset) || scope.show == Show::Connections && scope.verbose
}

/// The rows that [`write_seed`] prints.
pub fn rows_seed(report: &Report) -> Vec<RowId> {
    rows(report, seed_prints)
}

/// The rows that [`write_latest`] prints.
pub fn rows_latest(report: &Report) -> Vec<RowId> {
    rows(report, latest_prints)
}

fn rows(report: &Report, prints: fn(Scope, Preset) -> bool) -> Vec<RowId> {
    let mut rows = Vec::new();
    if prints(report.scope, Preset::Connections) {
        rows.extend(report.rows(Show::Connections));
    }
    if prints(report.scope, Preset::Unmatched) {
        let loud = loud(report, &waiting(report)).into_iter();
        rows.extend(loud.take(report.scope.limit));
    }
    rows
}

fn write(
    report: &Report,
    out: &mut dyn Write,
    version: &Version,
    leftovers: bool,
) -> io::Result<()> {
    match report.scope.show {
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
                    Item::Flag(flag) => writeln!(out, "{name:24} {flag}")?,
                    Item::Text(text) => {
                        writeln!(out, "{name:24} {}", text.as_deref().unwrap_or("-"))?;
                    }
                }
            }
            Ok(())
        }
        // these are sheets
        Show::Files | Show::Exporters => Ok(()),
        Show::Rejects => {
            for (file, reject) in report.rejects() {
                writeln!(out, "{file}:{}: {}", reject.line, reject.reason)?;
            }
            Ok(())
        }
    }
}

fn connections(report: &Report, out: &mut dyn Write, version: &Version) -> io::Result<()> {
    for (place, id) in report.rows(Show::Connections).into_iter().enumerate() {
        let facts = report.facts(id);
        if place == 0 && version.header {
            writeln!(
                out,
                "{:19} | {:14} | {:8} | {:9} | {:7} | Involved hosts",
                "Timestamp", "Service", "Size", "Duration", "Packets"
            )?;
            writeln!(out, "{}", "-".repeat(100))?;
        }
        let source = facts.source();
        let octets = facts.row.attr(source, Attr::Octets).unwrap_or(0);
        let [src, dst] = End::BOTH.map(|end| facts.address(end));
        writeln!(
            out,
            "{}{}{:<14} | {:8} | {:9} | {:width$} | Between {} and {}",
            timestamp(report, &facts),
            version.after_time,
            service(report, &facts, version),
            size(octets),
            duration(facts.row.elapsed(source).unwrap_or(0)),
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

/// The line time of the later flow.
fn timestamp(report: &Report, facts: &Facts) -> String {
    // which rounds to microseconds first, as Python does
    let received = milliseconds(facts.received().unwrap_or(0.0));
    report.context.zone.print(received, "%Y-%m-%d %H:%M.%S")
}

fn service(report: &Report, facts: &Facts, version: &Version) -> String {
    let source = facts.source();
    let src_port = facts.row.ends(source)[0].port.unwrap_or(0);
    let dst_port = facts.row.ends(source.other())[1].port.unwrap_or(0);
    let known = |port| report.context.services.any(port);
    let name = (src_port <= version.port_limit)
        .then(|| known(src_port).or_else(|| known(dst_port)))
        .flatten();
    match name {
        Some(name) => name.to_uppercase(),
        None => format!("({src_port} {dst_port})"),
    }
}

/// An address as Python spells it, which knew no form of its own for IPv4 within IPv6 before 3.13.
fn spelled(address: IpAddr) -> String {
    match address {
        IpAddr::V6(six) if six.to_ipv4_mapped().is_some() => {
            let [.., high, low] = six.segments();
            format!("::ffff:{high:x}:{low:x}")
        }
        address => address.to_string(),
    }
}

fn named(report: &Report, address: Option<IpAddr>) -> String {
    let Some(address) = address else {
        return String::new();
    };
    let text = spelled(address);
    match report.context.host(address) {
        Some(name) => format!("{name} ({text})"),
        None => format!("{text} ({text})"),
    }
}

/// The flows still waiting, by their start.
fn write_leftovers(report: &Report, out: &mut dyn Write, version: &Version) -> io::Result<()> {
    let left = waiting(report);
    if left.is_empty() {
        return Ok(());
    }
    let mut starts: Vec<i64> = left.iter().map(|(start, _)| *start).collect();
    starts.dedup();
    writeln!(
        out,
        "{}There are {} first_switched entries left in the pending dict!",
        version.before_leftovers,
        starts.len()
    )?;
    let loud = loud(report, &left);
    if loud.is_empty() {
        return writeln!(out, "They were all noise!");
    }
    for id in loud.into_iter().take(report.scope.limit) {
        let row = report.table.row(id);
        writeln!(out, "{}", (version.leftover)(report, row))?;
    }
    Ok(())
}

/// Start and number of the rows that the analyzer would still have, by their
/// start, noise included.
fn waiting(report: &Report) -> Vec<(i64, RowId)> {
    let row = |id| report.table.row(id);
    let ids = report.unmatched.ids.iter();
    let mut waiting: Vec<(i64, RowId)> = ids
        .filter(|&&id| row(id).reason() != Some(Reason::Overwritten))
        .filter_map(|&id| Some((start_of(row(id).start(Side::First)?), id)))
        .collect();
    waiting.sort_by_key(|(start, _)| *start);
    waiting
}

/// Those of them that are no noise.
fn loud(report: &Report, waiting: &[(i64, RowId)]) -> Vec<RowId> {
    let packets = |id: RowId| report.table.row(id).sum(Attr::Packets);
    let ids = waiting.iter().map(|waiting| waiting.1);
    ids.filter(|&id| packets(id) >= u128::from(report.threshold))
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
        protocol(row.protocol()),
        size(octets),
        row.sum(Attr::Packets)
    )
}

/// An address, with its name before it if there is one.
fn plain(report: &Report, address: Option<IpAddr>) -> String {
    let Some(address) = address else {
        return String::new();
    };
    match report.context.host(address) {
        Some(name) => format!("{name} ({})", spelled(address)),
        None => spelled(address),
    }
}
