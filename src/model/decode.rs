//! Values of a record in words. A decoder is given a value as the exporter's
//! JSON spells it; what it cannot read it leaves alone.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::instant::{self, Unit, ntp};
use super::protocol;
use super::time::rfc3339;
use super::units;

/// From a value as it is spelled to words, if it can be read.
pub type Decode = fn(&str) -> Option<String>;

/// A number of any size the collector writes.
fn number<T: std::str::FromStr>(raw: &str) -> Option<T> {
    raw.parse().ok()
}

/// A text without its quotes.
fn text(raw: &str) -> Option<String> {
    let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.trim_end().to_owned())
}

/// Text that exporters pad with spaces or zeros.
pub fn words(raw: &str) -> Option<String> {
    text(raw).map(|text| text.replace("\\u0000", "").trim_end().to_owned())
}

/// An IPv4 address, written as text or as a number.
pub fn v4(raw: &str) -> Option<String> {
    text(raw).or_else(|| Some(Ipv4Addr::from_bits(number(raw)?).to_string()))
}

/// An IPv6 address.
pub fn v6(raw: &str) -> Option<String> {
    text(raw).or_else(|| Some(Ipv6Addr::from_bits(number(raw)?).to_string()))
}

/// A MAC address.
pub fn mac(raw: &str) -> Option<String> {
    let address: u64 = number(raw).filter(|&address: &u64| address < 1 << 48)?;
    let octets = address.to_be_bytes();
    let octets = octets[2..].iter().map(|octet| format!("{octet:02x}"));
    Some(octets.collect::<Vec<_>>().join(":"))
}

/// A plain number with commas.
pub fn count(raw: &str) -> Option<String> {
    Some(units::commas(number::<u64>(raw)?))
}

/// Octets.
pub fn octets(raw: &str) -> Option<String> {
    let octets: u64 = number(raw)?;
    let exact = units::commas(octets);
    Some(match octets {
        0..1000 => format!("{exact} B"),
        _ => format!("{exact} ({})", units::bytes(octets.into())),
    })
}

/// A number that is a name: it has no commas.
pub fn plain(raw: &str) -> Option<String> {
    number::<u128>(raw).map(|number| number.to_string())
}

/// An interface of the exporter; 0 is none it could name.
pub fn interface(raw: &str) -> Option<String> {
    Some(match number::<u64>(raw)? {
        0 => "0 (unknown)".to_owned(),
        index => format!("{index} (SNMP index)"),
    })
}

/// An autonomous system; 0 is none.
pub fn system(raw: &str) -> Option<String> {
    Some(match number::<u64>(raw)? {
        0 => "0 (unknown)".to_owned(),
        0xffff_ffff => "4294967295 (none)".to_owned(),
        number => format!("AS{number}"),
    })
}

/// A prefix length.
pub fn prefix(raw: &str) -> Option<String> {
    number::<u8>(raw).map(|length| format!("/{length}"))
}

/// A protocol number.
pub fn protocol(raw: &str) -> Option<String> {
    let number: i32 = number(raw)?;
    Some(match protocol::name(number) {
        Some(name) => format!("{name} ({number})"),
        None => number.to_string(),
    })
}

/// TCP flags by name.
pub fn flags(raw: &str) -> Option<String> {
    let flags: u64 = number(raw)?;
    let names: Vec<&str> = protocol::flag_names(flags).collect();
    let names = match names.is_empty() {
        true => "none".to_owned(),
        false => names.join(" "),
    };
    Some(format!("{} ({names})", protocol::tcp_flags(flags)))
}

/// The class of service (RFC 2474, 3246, 2597, 8622) and congestion marks (RFC 3168).
pub fn service_class(raw: &str) -> Option<String> {
    let octet: u8 = number(raw)?;
    let class = octet >> 2;
    let name = match class {
        0 => "default".to_owned(),
        1 => "LE".to_owned(),
        44 => "VA".to_owned(),
        46 => "EF".to_owned(),
        _ if class.is_multiple_of(8) => format!("CS{}", class / 8),
        10..=38 if class.is_multiple_of(2) => format!("AF{}{}", class / 8, class % 8 / 2),
        _ => "unassigned".to_owned(),
    };
    let marks = ["no ECN", "ECT(1)", "ECT(0)", "CE"][usize::from(octet & 3)];
    Some(format!("DSCP {class} ({name}), {marks}"))
}

fn icmp(protocol: i32, raw: &str) -> Option<String> {
    let both: u64 = number(raw).filter(|&both: &u64| both <= u64::from(u16::MAX))?;
    let name = protocol::icmp_name(protocol, both);
    Some(format!("type {}, code {} ({name})", both >> 8, both & 0xff))
}

/// ICMP type * 256 + code.
pub fn icmp4(raw: &str) -> Option<String> {
    icmp(protocol::ICMP, raw)
}

/// ICMPv6 type * 256 + code.
pub fn icmp6(raw: &str) -> Option<String> {
    icmp(protocol::ICMPV6, raw)
}

/// Milliseconds of the exporter's uptime.
pub fn uptime(raw: &str) -> Option<String> {
    let milliseconds = number::<u32>(raw)?;
    let duration = units::duration(milliseconds.into());
    let exact = units::commas(milliseconds);
    Some(format!("uptime {exact} ms ({duration})"))
}

/// A duration in milliseconds.
pub fn lasting(raw: &str) -> Option<String> {
    Some(units::duration(number::<u32>(raw)?.into()))
}

/// Microseconds that a flow lasted.
pub fn lasting_microseconds(raw: &str) -> Option<String> {
    Some(units::duration(i64::from(number::<u32>(raw)? / 1000)))
}

/// Unix milliseconds.
pub fn milliseconds(raw: &str) -> Option<String> {
    Some(rfc3339(i64::try_from(number::<u64>(raw)?).ok()?))
}

/// Unix seconds.
pub fn seconds(raw: &str) -> Option<String> {
    Some(rfc3339(number::<u32>(raw).map(i64::from)? * 1000))
}

/// A moment that may be written as NTP time, `[seconds, fraction]`.
fn moment(raw: &str, unit: Unit) -> Option<String> {
    let pair = raw.strip_prefix('[').and_then(|raw| raw.strip_suffix(']'));
    let moment = match pair.and_then(|pair| pair.split_once(',')) {
        Some((seconds, fraction)) => ntp(number(seconds.trim())?, number(fraction.trim())?),
        None => instant::milliseconds(number(raw)?, unit),
    };
    Some(rfc3339(i64::try_from(moment?).ok()?))
}

/// Microseconds, or NTP time.
pub fn microseconds(raw: &str) -> Option<String> {
    moment(raw, Unit::Microseconds)
}

/// Nanoseconds, or NTP time.
pub fn nanoseconds(raw: &str) -> Option<String> {
    moment(raw, Unit::Nanoseconds)
}

/// By how many microseconds it was before the export.
pub fn before_export(raw: &str) -> Option<String> {
    Some(format!("{} before the export", lasting_microseconds(raw)?))
}

/// A word for each number from 0 on; the number stands behind it.
fn named(raw: &str, names: &[&str]) -> Option<String> {
    let number: usize = number(raw)?;
    let name = names.get(number)?;
    Some(format!("{name} ({number})"))
}

/// Which way the packets went.
pub fn direction(raw: &str) -> Option<String> {
    named(raw, &["ingress", "egress"])
}

/// IPFIX `flowEndReason`.
pub fn end_reason(raw: &str) -> Option<String> {
    const REASONS: [&str; 6] = [
        "unsaid",
        "idle timeout",
        "active timeout",
        "end of flow",
        "forced end",
        "lack of resources",
    ];
    named(raw, &REASONS)
}

/// IPFIX `firewallEvent`.
pub fn firewall(raw: &str) -> Option<String> {
    named(
        raw,
        &["ignored", "created", "deleted", "denied", "alert", "update"],
    )
}

/// How packets were picked.
pub fn algorithm(raw: &str) -> Option<String> {
    named(raw, &["none", "every n-th", "at random"])
}

/// RFC 7270: two bits say what became of the packets.
pub fn forwarding(raw: &str) -> Option<String> {
    let status: u8 = number(raw)?;
    let name = ["unknown", "forwarded", "dropped", "consumed"][usize::from(status >> 6)];
    Some(format!("{name} ({status})"))
}

/// A label stack entry without its time to live (RFC 3032).
pub fn mpls(raw: &str) -> Option<String> {
    let entry: u32 = number(raw).filter(|&entry: &u32| entry < 1 << 24)?;
    let bottom = if entry & 1 == 1 {
        ", bottom of stack"
    } else {
        ""
    };
    Some(format!(
        "label {}, class {}{bottom}",
        entry >> 4,
        entry >> 1 & 7
    ))
}

/// An application: who numbered it, and its number (RFC 6759).
pub fn application(raw: &str) -> Option<String> {
    let tag: u32 = number(raw)?;
    Some(format!(
        "engine {}, selector {}",
        tag >> 24,
        tag & 0xff_ffff
    ))
}

/// What the collector has no name for: one key for all such fields.
pub fn unnamed(raw: &str) -> Option<String> {
    match number::<i64>(raw)? {
        1..=5 => end_reason(raw).map(|reason| format!("perhaps the end: {reason}")),
        end @ 1_000_000_000_000..4_000_000_000_000 => {
            Some(format!("perhaps the end: {}", rfc3339(end)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(decode: Decode, raw: &str) -> String {
        decode(raw).unwrap_or_default()
    }

    #[test]
    fn values_are_read_as_the_standards_say() {
        assert_eq!(said(v4, "3232294616"), "192.168.230.216");
        assert_eq!(said(v4, "\"10.0.14.33\""), "10.0.14.33");
        assert_eq!(
            said(v6, "42540672605465794883490582775671554129"),
            "2001:918:10f:1::51"
        );
        assert_eq!(said(mac, "7417135820623"), "06:be:ef:be:ef:4f");
        assert_eq!(said(flags, "27"), "...AP.SF (FIN SYN PSH ACK)");
        assert_eq!(said(service_class, "184"), "DSCP 46 (EF), no ECN");
        assert_eq!(said(service_class, "137"), "DSCP 34 (AF41), ECT(1)");
        assert_eq!(said(service_class, "96"), "DSCP 24 (CS3), no ECN");
        assert_eq!(said(icmp4, "2816"), "type 11, code 0 (time exceeded)");
        assert_eq!(said(forwarding, "66"), "forwarded (66)");
        assert_eq!(
            said(mpls, "320081"),
            "label 20005, class 0, bottom of stack"
        );
        assert_eq!(said(words, "\"3pc   \""), "3pc");
        assert_eq!(said(octets, "12345"), "12,345 (12.3 kB)");
    }

    /// The names are those of the IANA registries and the RFCs.
    #[test]
    fn numbers_that_stand_for_something_are_named() {
        let cases: [(Decode, &str, &str); 37] = [
            (service_class, "0", "DSCP 0 (default), no ECN"),
            (service_class, "4", "DSCP 1 (LE), no ECN"),
            (service_class, "176", "DSCP 44 (VA), no ECN"),
            (service_class, "50", "DSCP 12 (AF12), ECT(0)"),
            (service_class, "155", "DSCP 38 (AF43), CE"),
            (service_class, "44", "DSCP 11 (unassigned), no ECN"),
            (service_class, "168", "DSCP 42 (unassigned), no ECN"),
            (icmp6, "32768", "type 128, code 0 (echo)"),
            (interface, "0", "0 (unknown)"),
            (interface, "7", "7 (SNMP index)"),
            (system, "0", "0 (unknown)"),
            (system, "64512", "AS64512"),
            (system, "4294967295", "4294967295 (none)"),
            (prefix, "24", "/24"),
            (direction, "1", "egress (1)"),
            (end_reason, "1", "idle timeout (1)"),
            (end_reason, "5", "lack of resources (5)"),
            (firewall, "3", "denied (3)"),
            (algorithm, "1", "every n-th (1)"),
            (algorithm, "2", "at random (2)"),
            (forwarding, "128", "dropped (128)"),
            (mpls, "16777215", "label 1048575, class 7, bottom of stack"),
            (mpls, "320080", "label 20005, class 0"),
            (application, "50331728", "engine 3, selector 80"),
            (uptime, "90061000", "uptime 90,061,000 ms (1d01h)"),
            (lasting, "1500", "1.5 s"),
            (milliseconds, "1700000000123", "2023-11-14T22:13:20.123Z"),
            (seconds, "1700000000", "2023-11-14T22:13:20.000Z"),
            (microseconds, "1700000000123456", "2023-11-14T22:13:20.123Z"),
            (
                nanoseconds,
                "1700000000123456789",
                "2023-11-14T22:13:20.123Z",
            ),
            // NTP counts from 1900, in parts of 2^32
            (
                microseconds,
                "[3908988800, 2147483648]",
                "2023-11-14T22:13:20.500Z",
            ),
            (
                nanoseconds,
                "16788979058577768448",
                "2023-11-14T22:13:20.500Z",
            ),
            (before_export, "5000000", "5.0 s before the export"),
            (unnamed, "2", "perhaps the end: active timeout (2)"),
            (
                unnamed,
                "1700000000123",
                "perhaps the end: 2023-11-14T22:13:20.123Z",
            ),
            (mac, "281474976710655", "ff:ff:ff:ff:ff:ff"),
            (octets, "999", "999 B"),
        ];
        for (decode, raw, shown) in cases {
            assert_eq!(said(decode, raw), shown, "{raw}");
        }
        // one more than the field has room for
        let beyond: [(Decode, &str); 7] = [
            (mac, "281474976710656"),
            (mpls, "16777216"),
            (prefix, "256"),
            (end_reason, "6"),
            (icmp4, "65536"),
            (before_export, "4294967296"),
            (microseconds, "[1, 2, 3]"),
        ];
        for (decode, raw) in beyond {
            assert_eq!(decode(raw), None, "{raw}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_left_alone() {
        let all: [Decode; 12] = [
            mac,
            count,
            flags,
            service_class,
            icmp4,
            uptime,
            milliseconds,
            seconds,
            direction,
            mpls,
            application,
            unnamed,
        ];
        for raw in [
            "-1",
            "null",
            "[1,2]",
            "\"x\"",
            "1.5",
            "",
            "340282366920938463463374607431768211456",
        ] {
            for decode in all {
                assert_eq!(decode(raw), None, "{raw}");
            }
        }
    }
}
