//! GROUPINGS, the catalogue of what rows can be grouped by. A number of the
//! fields' catalogue needs no row here.

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
    /// What it is, for the help.
    pub help: &'static str,
    /// What its values are.
    pub family: Family,
}

const fn row(
    names: &'static [&'static str],
    directed: bool,
    header: &'static str,
    family: Family,
    help: &'static str,
) -> Grouping {
    Grouping {
        names,
        directed,
        header,
        help,
        family,
    }
}

/// The catalogue.
pub const GROUPINGS: &[Grouping] = &[
    row(
        &["host", "addr", "ip"],
        true,
        "Host",
        Family::Host,
        "host at either end; src_addr, dst_addr, client, server: at that end",
    ),
    row(
        &["name"],
        true,
        "Name",
        Family::Name,
        "name of the host, or its address; src_host, dst_host: at that end",
    ),
    row(
        &["net", "prefix"],
        true,
        "Network",
        Family::Net,
        "network; net/16 sets the prefix length of IPv4, and of IPv6 the one that goes with it",
    ),
    row(
        &["pair", "hosts"],
        false,
        "Hosts",
        Family::Pair,
        "both hosts, whatever the direction",
    ),
    row(
        &["service"],
        false,
        "Service",
        Family::Service,
        "service at the server's port",
    ),
    row(
        &["port"],
        true,
        "Port",
        Family::Port,
        "port at either end, or at one: dst_port, server_port",
    ),
    row(
        &["protocol", "proto"],
        false,
        "Proto",
        Family::Protocol,
        "protocol",
    ),
    row(
        &["exporter", "client_addr"],
        false,
        "Exporter",
        Family::Exporter,
        "device that reported it",
    ),
    row(&["as"], true, "AS", Family::Number, "autonomous system"),
    row(
        &["if", "interface"],
        true,
        "If",
        Family::Number,
        "interface, in is src and out is dst",
    ),
    row(&["vlan"], true, "VLAN", Family::Number, "VLAN"),
    row(
        &["mask"],
        true,
        "Mask",
        Family::Number,
        "prefix length of the route",
    ),
    row(&["tos"], true, "ToS", Family::Number, "type of service"),
    row(&["flags"], true, "Flags", Family::Number, "TCP flags"),
    row(
        &["reason"],
        false,
        "Reason",
        Family::Reason,
        "why a flow is unmatched",
    ),
    row(
        &["match"],
        false,
        "Match",
        Family::Match,
        "how sure the pairing is",
    ),
    row(
        &["minute", "start"],
        false,
        "Minute",
        Family::Time(1),
        "minute in which it began",
    ),
    row(
        &["hour"],
        false,
        "Hour",
        Family::Time(60),
        "hour in which it began",
    ),
    row(
        &["day"],
        false,
        "Day",
        Family::Time(24 * 60),
        "day on which it began",
    ),
];

/// The row of all numbers that have no ends.
pub static NUMBER: Grouping = row(&["number"], false, "", Family::Number, "");
