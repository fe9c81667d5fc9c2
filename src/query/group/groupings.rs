//! GROUPINGS, the catalogue of what rows can be grouped by. A number of the
//! fields' catalogue needs no row here.

use crate::query::catalogue::by_name;
use crate::query::field::Kind;

/// What the values of a grouping are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// An address.
    Host,
    /// The name of a host, or its address where it has none.
    Name,
    /// The network an address lies in.
    Net,
    /// Both addresses, whatever the direction.
    Pair,
    /// A port.
    Port,
    /// The service in words.
    Service,
    /// The protocol.
    Protocol,
    /// The device that reported it.
    Exporter,
    /// Why a flow is unmatched.
    Reason,
    /// How sure the pairing is.
    Match,
    /// So many minutes, in which the source's flow began.
    Time(i64),
    /// A number of the fields' catalogue.
    Number,
}

/// One row of the catalogue.
pub struct Grouping {
    /// Its name, and other spellings of it.
    pub names: &'static [&'static str],
    /// Of which end: `src`, `dst`, `client` or `server` before it, or either.
    pub directed: bool,
    /// The head of its column.
    pub header: &'static str,
    /// What its values are.
    pub family: Family,
    /// How these are printed.
    pub kind: Kind,
    /// The field whose values it puts together, or what those of both ends have in common.
    pub word: &'static str,
    /// What it is, for the help.
    pub help: &'static str,
}

by_name!(Grouping, |row| row.names[0]);

macro_rules! groupings {
    ($([$($name:literal)*] $directed:literal $header:literal $family:expr, $kind:ident $word:literal $help:literal;)*) => {
        &[$(Grouping {
            names: &[$($name),*],
            directed: $directed,
            header: $header,
            family: $family,
            kind: Kind::$kind,
            word: $word,
            help: $help,
        }),*]
    };
}

/// The catalogue.
pub const GROUPINGS: &[Grouping] = groupings! {
    ["host" "addr" "ip"] true "Host" Family::Host, Address "addr" "host at either end; src_addr, dst_addr, client, server: at that end";
    ["name"] true "Name" Family::Name, Text "host" "name of the host, or its address; src_host, dst_host: at that end";
    ["net" "prefix"] true "Network" Family::Net, Text "addr"
        "network; net/16 sets the prefix length of IPv4, and of IPv6 the one that goes with it";
    ["pair" "hosts"] false "Hosts" Family::Pair, Text "addr" "both hosts, whatever the direction";
    ["service"] false "Service" Family::Service, Service "service" "service at the server's port";
    ["port"] true "Port" Family::Port, Number "port" "port at either end, or at one: dst_port, server_port";
    ["protocol" "proto"] false "Proto" Family::Protocol, Protocol "protocol" "protocol";
    ["exporter" "client_addr"] false "Exporter" Family::Exporter, Exporter "exporter" "device that reported it";
    ["as"] true "AS" Family::Number, Number "as" "autonomous system";
    ["if" "interface"] true "If" Family::Number, Number "if" "interface, in is src and out is dst";
    ["vlan"] true "VLAN" Family::Number, Number "vlan" "VLAN";
    ["mask"] true "Mask" Family::Number, Number "mask" "prefix length of the route";
    ["tos"] true "ToS" Family::Number, Number "tos" "type of service";
    ["flags"] true "Flags" Family::Number, Flags "flags" "TCP flags";
    ["reason"] false "Reason" Family::Reason, Reason "reason" "why a flow is unmatched";
    ["match"] false "Match" Family::Match, Match "match" "how sure the pairing is";
    ["minute" "start"] false "Minute" Family::Time(1), Time "start" "minute in which it began";
    ["hour"] false "Hour" Family::Time(60), Time "start" "hour in which it began";
    ["day"] false "Day" Family::Time(24 * 60), Time "start" "day on which it began";
};

/// The row of all numbers that have no ends: the field says what they are called.
pub static NUMBER: Grouping = Grouping {
    names: &["number"],
    directed: false,
    header: "",
    family: Family::Number,
    kind: Kind::Number,
    word: "",
    help: "",
};
