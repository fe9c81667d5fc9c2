//! What a row is about, in a few lines: service, time, traffic both ways, and
//! who began.

use ratatui::text::Line;

use super::source::fact;
use crate::model::attr::Attr;
use crate::model::units;
use crate::model::value::Value;
use crate::query::facts::Facts;
use crate::query::field::field;
use crate::table::store::Side;
use crate::table::verdict::Evidence;
use crate::tui::app::App;

/// The lines.
pub fn lines(app: &App, facts: &Facts, columns: usize) -> Vec<Line<'static>> {
    let row = facts.row;
    let source = facts.source();
    let mut told = vec![
        ("Service", service(facts)),
        ("Time", time(app, facts)),
        ("Sent", amount(facts, source)),
    ];
    if row.is_connection() {
        let is_told = row.evidence() == Some(Evidence::Biflow);
        let began = match facts.client() {
            Some(side) if is_told && side == source => "the source, as the record says",
            Some(_) if is_told => "the destination, as the record says",
            Some(side) if side == source => "the source, as far as starts and ports tell",
            Some(_) => "the destination, as far as starts and ports tell",
            None => "nobody can tell from starts and ports",
        };
        told.extend([
            ("Answered", amount(facts, source.other())),
            ("In all", in_all(facts)),
            ("Who began", began.to_owned()),
        ]);
    }
    let lines = told
        .iter()
        .flat_map(|(name, value)| fact(name, value, columns));
    lines.collect()
}

fn service(facts: &Facts) -> String {
    let (service, protocol) = (facts.service(), facts.protocol_name());
    match (facts.icmp_type_code(), facts.server_port()) {
        (Some(both), _) => {
            format!(
                "{protocol}, type {} code {} ({service})",
                both >> 8,
                both & 0xff
            )
        }
        (None, Some(port)) => format!("{service}, {protocol} port {port}"),
        (None, None) => protocol.into_owned(),
    }
}

/// From when to when, on the user's clock, to the millisecond.
fn time(app: &App, facts: &Facts) -> String {
    let Some(start) = facts.row.start(facts.source()) else {
        return "unknown".to_owned();
    };
    let print = |moment, pattern| app.context.zone.print(moment, pattern);
    let mut words = print(start.absolute, "%Y-%m-%d %H:%M:%S.%3f");
    if let Some((end, duration)) = facts.end_time().zip(facts.duration()) {
        let same_day = app.context.zone.day(start.absolute) == app.context.zone.day(end);
        let pattern = if same_day {
            "%H:%M:%S.%3f"
        } else {
            "%Y-%m-%d %H:%M:%S.%3f"
        };
        let duration = units::duration(duration);
        words = format!("{words} to {} ({duration})", print(end, pattern));
    }
    if start.approximate {
        words.push_str(", approximately: the record does not say when");
    }
    words
}

fn amount(facts: &Facts, side: Side) -> String {
    let many = |attr, words: &str| match facts.row.attr(side, attr) {
        Some(count) => units::many(count, words),
        None => format!("unknown {words}"),
    };
    let [octets, packets] = [many(Attr::Octets, "bytes"), many(Attr::Packets, "packets")];
    format!("{octets}, {packets}")
}

fn in_all(facts: &Facts) -> String {
    // what neither flow tells is not nothing
    let sum = |attr| {
        let mut sides = [Side::First, Side::Mate].into_iter();
        let is_told = sides.any(|side| facts.row.attr(side, attr).is_some());
        is_told.then(|| facts.row.sum(attr))
    };
    let [octets, packets] = [Attr::Octets, Attr::Packets].map(sum);
    let rate = match field!("bps").value(facts) {
        Value::Number(bits) if octets.is_some() => {
            format!(", {} bit/s", units::count(bits.unsigned_abs()))
        }
        _ => String::new(),
    };
    let octets = octets.map_or_else(|| "unknown bytes".to_owned(), units::bytes);
    let packets = packets.map(|packets| units::many(packets, "packets"));
    let packets = packets.unwrap_or_else(|| "unknown packets".to_owned());
    format!("{octets}, {packets}{rate}")
}
