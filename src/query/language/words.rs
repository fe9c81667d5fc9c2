//! WORDS, the catalogue of the filter language: one row has a word, its other
//! spellings, whether a direction may stand before it, what stands behind it,
//! and an example. Parsing, completion, hints and `flowpeek help filter` are
//! all made from it. Every name in FIELDS leads to one of these words.

use super::cursor::{Cursor, Parsed};
use super::expr::{Direction, Expr, Subject, Test};
use super::numbers::number;
use super::terms;
use crate::model::typo::nearest;
use crate::query::field::{self, FIELDS, Field, field};

/// Which values Tab offers behind a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// None.
    None,
    /// Addresses.
    Hosts,
    /// Names of hosts.
    Names,
    /// Services.
    Services,
    /// Protocols.
    Protocols,
    /// Exporters.
    Exporters,
    /// Reasons.
    Reasons,
}

/// One row of the catalogue.
pub struct Word {
    /// The word, and other spellings of it.
    pub names: &'static [&'static str],
    /// `src`, `dst`, `client` or `server` may stand before it.
    pub directed: bool,
    /// What stands behind it.
    pub form: &'static str,
    /// What it tests.
    pub help: &'static str,
    /// A filter with it.
    pub example: &'static str,
    /// What can be completed behind it.
    pub values: Values,
    /// Reads what stands behind it.
    pub parse: fn(&mut Cursor, Direction) -> Parsed<Expr>,
}

impl Word {
    /// The word with what stands before and behind it.
    pub fn usage(&self) -> String {
        let direction = if self.directed { "[dir] " } else { "" };
        let usage = format!("{direction}{} {}", self.names[0], self.form);
        usage.trim_end().to_owned()
    }
}

/// What both ends have.
struct Both {
    src: &'static Field,
    dst: &'static Field,
    /// What they have together, if there is a field for that.
    sum: Option<&'static Field>,
}

macro_rules! both {
    ($word:literal) => {
        Both {
            src: field!(concat!("src_", $word)),
            dst: field!(concat!("dst_", $word)),
            sum: const { field::get($word) },
        }
    };
}

macro_rules! words {
    ($([$($name:literal)+] $directed:literal $form:literal $help:literal $example:literal $values:ident => $parse:expr;)*) => {
        &[$(Word {
            names: &[$($name),+],
            directed: $directed,
            form: $form,
            help: $help,
            example: $example,
            values: Values::$values,
            parse: $parse,
        }),*]
    };
}

/// The catalogue.
pub const WORDS: &[Word] = words! {
    ["any"] false "" "every row" "any" None => |_, _| test(Test::Any);
    ["ipv4" "inet"] false "" "the addresses are of IPv4" "ipv4" None => |_, _| test(Test::V6(false));
    ["ipv6" "inet6"] false "" "the addresses are of IPv6" "ipv6" None => |_, _| test(Test::V6(true));
    ["matched"] false "" "both directions were reported" "matched" None => |_, _| test(Test::Matched);
    ["unmatched"] false "" "one direction was" "unmatched and not reason multicast" None => |_, _|
        test(Test::Matched).map(|matched| matched.negated(true));
    ["ambiguous"] false "" "another flow fitted as well" "ambiguous" None => |_, _| test(Test::Ambiguous);
    ["ip" "addr"] true "ADDR | NET | NAME | in [..]" "address or network" "src ip 10.0.0.0/8" Hosts => terms::hosts;
    ["host"] true "ADDR | NET | NAME | in [..]" "the same" "host in [192.0.2.1, 2001:db8::/32]" Hosts => terms::hosts;
    ["net"] true "NET | in [..]" "network" "not net 192.168.0.0/16" Hosts => terms::networks;
    ["name" "hostname"] true "= TEXT | ~ TEXT" "name of the host, whole or a part" "server name ~ example" Names => terms::name;
    ["port"] true "[CMP] N | in [..]" "port" "dst port 443 or src port in [80, 8080]" None => |c, d| ends(c, d, both!("port"));
    ["proto" "protocol"] false "NAME | N | in [..]" "protocol" "proto tcp" Protocols => terms::protocol;
    ["service"] false "NAME | N | in [..]" "service at the server's port" "service in [https, domain]" Services => terms::service;
    ["bytes" "octets"] true "CMP SIZE" "octets, of both sides unless directed" "bytes > 1M" None => |c, d| ends(c, d, both!("bytes"));
    ["packets" "pkts"] true "CMP N" "packets, likewise" "dst packets = 0 or packets < 3" None => |c, d| ends(c, d, both!("packets"));
    ["duration" "duration_ms"] false "CMP DURATION" "how long the source's flow lasted" "duration > 1.5s" None => |c, _| plain(c, field!("duration_ms"));
    ["bps"] false "[CMP] N" "bits per second" "bps > 10M" None => |c, _| plain(c, field!("bps"));
    ["pps"] false "[CMP] N" "packets per second" "pps >= 100" None => |c, _| plain(c, field!("pps"));
    ["bpp"] false "[CMP] N" "octets per packet" "bpp < 64" None => |c, _| plain(c, field!("bpp"));
    ["start" "first"] false "[CMP] TIME" "when the source's flow began" "start >= 2026-11-24T14:05" None => |c, _| plain(c, field!("start"));
    ["end" "last"] false "[CMP] TIME" "when it ended" "end < 14:05" None => |c, _| plain(c, field!("end"));
    ["received"] false "[CMP] TIME" "when the collector received it" "received > -15m" None => |c, _| plain(c, field!("received"));
    ["flags"] true "LETTERS[/MASK] | [CMP] N" "TCP flags of one direction" "flags S and not flags A" None => |c, d| ends(c, d, both!("flags"));
    ["tos"] true "[CMP] N" "type of service" "tos 8" None => |c, d| ends(c, d, both!("tos"));
    ["icmp-type" "icmp_type"] false "[CMP] N" "ICMP type" "icmp-type 8" None => |c, _| plain(c, field!("icmp_type"));
    ["icmp-code" "icmp_code"] false "[CMP] N" "ICMP code" "icmp-code 0" None => |c, _| plain(c, field!("icmp_code"));
    ["as"] true "[CMP] N" "autonomous system" "src as 64512" None => |c, d| ends(c, d, both!("as"));
    ["if" "interface"] true "[CMP] N" "interface: in is src, out is dst" "in if 3" None => |c, d| ends(c, d, both!("if"));
    ["mask"] true "[CMP] N" "prefix length of the route" "dst mask < 16" None => |c, d| ends(c, d, both!("mask"));
    ["vlan"] true "[CMP] N" "VLAN" "vlan in [10, 20]" None => |c, d| ends(c, d, both!("vlan"));
    ["exporter" "router"] false "ADDR | NET | in [..]" "the device that reported it" "exporter 192.0.2.254" Exporters => |c, _|
        terms::exporter(c, field!("exporter"));
    ["version" "ver"] false "[CMP] N" "export version" "version 9" None => |c, _| plain(c, field!("version"));
    ["reason"] false "WORD | in [..]" "why a flow is unmatched" "reason in [scan, near miss]" Reasons => terms::reason;
    ["match"] false "WORD" "pairing: exact, skew, ambiguous or biflow" "match = exact" None => |c, _|
        terms::evidence(c, field!("match"));
    ["file"] false "TEXT" "its file, with folders or without" "file = flows.gz" None => |c, _|
        terms::text(c, field!("file"));
    ["duplicate"] false "" "another row has the same flows" "not duplicate" None => |_, _| test(Test::Duplicate);
    ["duplicate_of"] false "TEXT" "file and line of the flow that it repeats" "duplicate_of = flows.gz:12" None => |c, _|
        terms::text(c, field!("duplicate_of"));
    ["skew" "skew_ms"] false "CMP DURATION" "second flow's start less the first's" "skew > 100ms" None => |c, _| plain(c, field!("skew_ms"));
};

/// Words between tests.
pub const LINKS: [&str; 3] = ["and", "or", "not"];

fn test(test: Test) -> Parsed<Expr> {
    Ok(Expr::Test(test))
}

fn plain(cursor: &mut Cursor, field: &'static Field) -> Parsed<Expr> {
    number(cursor, Subject::Field(field))
}

/// A number of either end; of both together where there is a field for that.
fn ends(cursor: &mut Cursor, direction: Direction, fields: Both) -> Parsed<Expr> {
    let Both { src, dst, sum } = fields;
    let subject = match (direction, sum) {
        (Direction::Either, Some(sum)) => Subject::Field(sum),
        _ => Subject::Ends {
            src,
            dst,
            direction,
        },
    };
    number(cursor, subject)
}

/// The row of a word, whatever the case.
pub fn find(word: &str) -> Option<&'static Word> {
    let is_word = |name: &&str| name.eq_ignore_ascii_case(word);
    WORDS.iter().find(|row| row.names.iter().any(is_word))
}

/// The row of a word or of a field's name, and the direction that is in it:
/// `sport` and `src_port` are `src port`.
pub fn resolve(word: &str) -> Option<(Direction, &'static Word)> {
    if let Some(row) = find(word) {
        return Some((Direction::Either, row));
    }
    let field = field::find(word)?;
    let word = field.end().map_or(field.name, |end| end.1);
    Some((Subject::of(field).direction(), find(word)?))
}

/// Every word a test can begin with.
pub fn words() -> impl Iterator<Item = &'static str> {
    let rows = WORDS.iter().flat_map(|row| row.names).copied();
    let fields = FIELDS.iter().map(|field| field.name);
    let aliases = FIELDS.iter().flat_map(|field| field.aliases).copied();
    let directions = Direction::NAMED.into_iter().map(Direction::word);
    rows.chain(directions)
        .chain(LINKS)
        .chain(fields)
        .chain(aliases)
}

/// `: did you mean "packets"?`, when a word of the language is near enough.
pub fn hint(word: &str) -> String {
    nearest(word, words())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_can_be_tested_by_its_name() {
        for field in FIELDS.iter().filter(|field| field.name != "client") {
            let names = std::iter::once(&field.name).chain(field.aliases);
            for name in names {
                assert!(resolve(name).is_some(), "{name}");
            }
        }
    }
}
