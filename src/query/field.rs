//! FIELDS, the one catalogue of what a row can tell. From each row come the
//! table column, the sort key, the filter word, the CSV and JSON column, the
//! line in the detail pane and the line in the help. The first 23 are the keys
//! of the JSON contract, in its order.

use std::borrow::Cow;

use Read::{Column, Number, Row};

use super::catalogue::{by_constant_name, by_name};
use super::columns::vector::Vector;
use super::facts::Facts;
use crate::model::attr::Attr;
use crate::model::end::End::{self, Destination, Source};
use crate::model::protocol;
use crate::model::time::Zone;
use crate::model::value::Value;
use crate::table::store::Side;

/// How a field's values are printed, compared and read from a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unix milliseconds.
    Time,
    /// Unix seconds.
    Seconds,
    /// Milliseconds.
    Duration,
    /// Milliseconds, negative where the other one began first.
    Difference,
    /// Octets.
    Bytes,
    /// A count.
    Count,
    /// A number that is a name: ports, versions.
    Number,
    /// A protocol number, shown by its name.
    Protocol,
    /// TCP flags.
    Flags,
    /// An IP address.
    Address,
    /// The name of a host.
    Name,
    /// The name of a service.
    Service,
    /// The name of an exporter: its address.
    Exporter,
    /// Why a flow is unmatched.
    Reason,
    /// How sure the pairing is.
    Match,
    /// A path of a file, of which the last part is enough.
    Path,
    /// The place of the flow that is repeated.
    Repeated,
    /// Other words.
    Text,
}

/// One row of the catalogue.
pub struct Field {
    /// Its name in JSON, CSV, `--sort` and the filter.
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// The head of its column.
    pub header: &'static str,
    /// What it is, for the help.
    pub help: &'static str,
    /// What kind of values it has.
    pub kind: Kind,
    /// Columns it needs on the screen.
    pub width: u16,
    /// How its values are read.
    pub read: Read,
}

/// How the values of a field are read.
#[derive(Clone, Copy)]
pub enum Read {
    /// Those of many rows at once.
    Column(Vector),
    /// Row by row.
    Row(for<'a> fn(&Facts<'a>) -> Value<'a>),
    /// Row by row, a number no greater than this one.
    Number(u64, fn(&Facts) -> Option<u64>),
}

by_name!(Field, |field| field.name);
by_constant_name!(Field, FIELDS);

impl Field {
    /// The end it is of, if it is of one, and the word that both ends' fields have in
    /// common: `port` of `src_port`.
    pub fn end(&self) -> Option<(End, &'static str)> {
        let of = |prefix, end| Some((end, self.name.strip_prefix(prefix)?));
        of("src_", Source).or_else(|| of("dst_", Destination))
    }

    /// The value of a row.
    pub fn value<'a>(&self, facts: &Facts<'a>) -> Value<'a> {
        match self.read {
            Column(vector) => vector.value(facts),
            Row(value) => value(facts),
            Number(_, number) => Value::number(number(facts)),
        }
    }

    /// How the values of many rows are read at once, where they can be.
    pub fn vector(&self) -> Option<Vector> {
        match self.read {
            Column(vector) => Some(vector),
            Row(_) | Number(..) => None,
        }
    }

    /// The greatest number that a row can have, if it cannot have any.
    pub fn max(&self) -> Option<u64> {
        match self.read {
            Column(vector) => vector.max(),
            Number(max, _) => Some(max),
            Row(_) => None,
        }
    }

    /// Whether values are names of hosts.
    pub fn is_host(&self) -> bool {
        self.kind == Kind::Name
    }

    /// Whether it tells where a flow was seen: reports of the same flow differ in it.
    pub fn tells_where(&self) -> bool {
        matches!(self.kind, Kind::Exporter | Kind::Path) || self.name == "version"
    }

    /// Whether values are set flush right.
    pub fn is_numeric(&self) -> bool {
        use Kind::{Bytes, Count, Difference, Duration, Number, Seconds, Time};
        matches!(
            self.kind,
            Time | Seconds | Duration | Difference | Bytes | Count | Number
        )
    }
}

macro_rules! fields {
    ($($name:literal $aliases:tt $header:literal $width:literal $kind:ident $help:literal => $read:expr;)*) => {
        &[$(Field {
            name: $name,
            aliases: &$aliases,
            header: $header,
            help: $help,
            kind: Kind::$kind,
            width: $width,
            read: $read,
        }),*]
    };
}

/// The catalogue.
pub const FIELDS: &[Field] = fields! {
    "start" ["first"] "Start" 14 Time "when the source's flow began" => Column(Vector::Start);
    "end" ["last"] "End" 14 Time "when it ended" => Column(Vector::End);
    "received" [] "Received" 14 Seconds "when the collector received it" => Row(|f|
        f.received().map_or(Value::Unknown, Value::Seconds));
    "duration_ms" ["duration"] "Duration" 9 Duration "how long the source's flow lasted" => Column(Vector::Duration);
    "exporter" ["client_addr"] "Exporter" 15 Exporter "which device reported it" => Column(Vector::Exporter);
    "version" ["ver"] "Ver" 4 Number "export version: 1, 5, 9 or 10" => Number(u16::MAX as u64, version);
    "protocol" ["proto"] "Proto" 7 Protocol "IANA protocol number" => Column(Vector::Protocol);
    "service" [] "Service" 12 Service "service, ICMP type or protocol" => Column(Vector::Service);
    "src_addr" ["src", "sip", "srcip"] "Source" 15 Address "address of the source" => Column(Vector::Host(Source));
    "src_port" ["sport"] "SPort" 6 Number "port of the source" => Column(Vector::Port(Source));
    "src_host" [] "Source host" 24 Name "host name of the source" => Column(Vector::Name(Source));
    "dst_addr" ["dst", "dip", "dstip"] "Destination" 15 Address "address of the destination" => Column(Vector::Host(Destination));
    "dst_port" ["dport"] "DPort" 6 Number "port of the destination" => Column(Vector::Port(Destination));
    "dst_host" [] "Destination host" 24 Name "host name of the destination" => Column(Vector::Name(Destination));
    "src_bytes" [] "Bytes >" 8 Bytes "octets the source sent" => Column(Vector::Attr(Source, Attr::Octets));
    "dst_bytes" [] "Bytes <" 8 Bytes "octets the destination sent" => Column(Vector::Attr(Destination, Attr::Octets));
    "bytes" ["octets"] "Bytes" 8 Bytes "octets in both directions" => Column(Vector::Sum(Attr::Octets));
    "src_packets" [] "Pkts >" 7 Count "packets the source sent" => Column(Vector::Attr(Source, Attr::Packets));
    "dst_packets" [] "Pkts <" 7 Count "packets the destination sent" => Column(Vector::Attr(Destination, Attr::Packets));
    "packets" ["pkts"] "Pkts" 6 Count "packets in both directions" => Column(Vector::Sum(Attr::Packets));
    "client" [] "Client" 7 Text "which end began: src or dst" => Row(client);
    "match" [] "Match" 9 Match "how sure the pairing is" => Row(|f|
        f.row.evidence().map_or(Value::Unknown, |evidence| Value::word(evidence.name())));
    "skew_ms" ["skew"] "Skew" 7 Difference "second flow's start less the first's" => Row(|f| Value::number(f.row.skew()));
    "reason" [] "Reason" 19 Reason "why the flow is unmatched" => Row(|f|
        f.row.reason().map_or(Value::Unknown, |reason| Value::word(reason.name())));
    "src_flags" [] "Flags >" 8 Flags "TCP flags the source sent" => Column(Vector::Attr(Source, Attr::TcpFlags));
    "dst_flags" [] "Flags <" 8 Flags "TCP flags the destination sent" => Column(Vector::Attr(Destination, Attr::TcpFlags));
    "src_tos" [] "ToS >" 5 Number "type of service of the source" => Column(Vector::Attr(Source, Attr::Tos));
    "dst_tos" [] "ToS <" 5 Number "type of service of the destination" => Column(Vector::Attr(Destination, Attr::Tos));
    "src_as" [] "SrcAS" 6 Number "autonomous system of the source" => Column(Vector::Attr(Source, Attr::SrcAs));
    "dst_as" [] "DstAS" 6 Number "autonomous system of the destination" => Column(Vector::Attr(Source, Attr::DstAs));
    "src_if" [] "In" 5 Number "interface the source's packets came in on" => Column(Vector::Attr(Source, Attr::InputInterface));
    "dst_if" [] "Out" 5 Number "interface they left by" => Column(Vector::Attr(Source, Attr::OutputInterface));
    "src_mask" [] "Mask >" 6 Number "prefix length of the route to the source" => Column(Vector::Attr(Source, Attr::SrcMask));
    "dst_mask" [] "Mask <" 6 Number "prefix length of the route to the destination" => Column(Vector::Attr(Source, Attr::DstMask));
    "src_vlan" [] "VLAN >" 6 Number "VLAN the source's packets came in on" => Column(Vector::Attr(Source, Attr::SrcVlan));
    "dst_vlan" [] "VLAN <" 6 Number "VLAN they left by" => Column(Vector::Attr(Source, Attr::DstVlan));
    "icmp_type" ["icmp-type"] "Type" 5 Number "ICMP type" => Number(0xff, |f| f.icmp_type_code().map(|both| both >> 8));
    "icmp_code" ["icmp-code"] "Code" 5 Number "ICMP code" => Number(0xff, |f| f.icmp_type_code().map(|both| both & 0xff));
    "bps" [] "bit/s" 6 Count "bits per second in both directions" => Column(Vector::Rate(Attr::Octets, 8));
    "pps" [] "pkt/s" 6 Count "packets per second in both directions" => Column(Vector::Rate(Attr::Packets, 1));
    "bpp" [] "B/pkt" 6 Count "octets per packet" => Row(per_packet);
    "file" [] "File" 16 Path "the file it was read from" => Row(|f| f.row.file().map_or(Value::Unknown, Value::word));
    "duplicate_of" [] "Repeats" 16 Repeated "file and line of the flow that it repeats" => Row(|f|
        f.row.repeated_at().map_or(Value::Unknown, |place| Value::Text(place.into())));
};

/// How many fields the JSON contract names, the first ones; the next is `reason`, which only
/// unmatched flows have.
pub const CONTRACT: usize = 23;

/// A field by its name or another name for it, whatever the case.
pub fn find(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| {
        field.name.eq_ignore_ascii_case(name)
            || field
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(name))
    })
}

/// A field by its name, in code.
macro_rules! field {
    ($name:expr) => {
        const { $crate::query::field::known($name) }
    };
}

pub(crate) use field;

/// The fields of the source and of the destination that have a word in common.
pub fn ends(word: &str) -> Option<[&'static Field; 2]> {
    let of = |end| {
        let is_it = |field: &&Field| field.end() == Some((end, word));
        FIELDS.iter().find(is_it)
    };
    of(Source).zip(of(Destination)).map(Into::into)
}

fn version(facts: &Facts) -> Option<u64> {
    let (packet, _) = facts.row.record(Side::First)?;
    packet.version.map(u64::from)
}

fn client<'a>(facts: &Facts<'a>) -> Value<'a> {
    match facts.client() {
        Some(side) if side == facts.source() => Value::word("src"),
        Some(_) => Value::word("dst"),
        None => Value::Unknown,
    }
}

fn per_packet<'a>(facts: &Facts<'a>) -> Value<'a> {
    let packets = facts.row.sum(Attr::Packets);
    match packets {
        0 => Value::Unknown,
        _ => Value::Number((facts.row.sum(Attr::Octets) / packets) as i128),
    }
}

/// The text of a value for people, by the field's kind: times in this pattern.
pub fn for_people(kind: Kind, value: &Value, zone: &Zone, pattern: &str) -> String {
    match (kind, value) {
        (_, Value::Unknown) => "-".to_owned(),
        (Kind::Time, Value::Number(moment)) => {
            zone.print(i64::try_from(*moment).unwrap_or(0), pattern)
        }
        (Kind::Protocol, Value::Number(number)) => {
            let name = i32::try_from(*number).ok().and_then(protocol::name);
            name.map_or_else(|| number.to_string(), str::to_owned)
        }
        (Kind::Flags, Value::Number(flags)) => {
            protocol::tcp_flags(u64::try_from(*flags).unwrap_or(0))
        }
        (_, value) => plain(value).into_owned(),
    }
}

/// The text of a value as it is; empty when unknown.
pub fn plain<'a>(value: &'a Value) -> Cow<'a, str> {
    match value {
        Value::Unknown => Cow::Borrowed(""),
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::Seconds(seconds) => Cow::Owned(seconds.to_string()),
        Value::Address(address) => Cow::Owned(address.to_string()),
        Value::Text(text) => Cow::Borrowed(text),
    }
}
