//! Services as numbers, for grouping and sorting. Several numbers may have one label:
//! ports of the same name, or ICMP types of both families.

use std::borrow::Cow;

use super::chunk::Chunk;
use super::servers::Servers;
use crate::model::protocol::{WITH_PORTS, icmp_name, name};
use crate::query::bits::has_bit;
use crate::query::facts::Context;

/// What the lower 48 bits are: the place of the protocol in [`WITH_PORTS`] and the port,
/// ICMP's protocol, type and code, a protocol alone, or nothing.
const PORT: u64 = 0;
const ICMP: u64 = 1 << 48;
const PROTOCOL: u64 = 2 << 48;
const UNKNOWN_PROTOCOL: u64 = 3 << 48;

/// Services of ports are below this: there may be a table of them.
pub const PORTS: usize = WITH_PORTS.len() << 16;

/// The services of a chunk's rows.
pub fn codes(chunk: &Chunk) -> Vec<u64> {
    let servers = chunk.servers();
    let code = |place| of_port(&servers, place).unwrap_or_else(|| without_port(chunk, place));
    (0..chunk.rows).map(code).collect()
}

/// Those of the rows that have no port for one.
pub fn portless(chunk: &Chunk) -> Vec<u64> {
    let servers = chunk.servers();
    let is_portless = |place: &usize| {
        // whichever of two ports it is
        servers.candidates(*place).is_none() && of_port(&servers, *place).is_none()
    };
    let places = (0..chunk.rows).filter(is_portless);
    places.map(|place| without_port(chunk, place)).collect()
}

fn of_port(servers: &Servers, place: usize) -> Option<u64> {
    let (transport, port) = servers.server(place)?;
    Some(PORT | (transport as u64) << 16 | u64::from(port))
}

fn without_port(chunk: &Chunk, place: usize) -> u64 {
    let upper = |protocol: i32| u64::from(protocol as u32) << 16;
    let facts = chunk.facts(place);
    let Some(protocol) = facts.row.protocol() else {
        return UNKNOWN_PROTOCOL;
    };
    match facts.icmp_type_code() {
        Some(type_code) => ICMP | upper(protocol) | type_code,
        None => PROTOCOL | upper(protocol),
    }
}

/// Whether a port, by its code, has a name.
pub fn has_name(code: u64, context: &Context) -> bool {
    let transport = WITH_PORTS[(code >> 16) as usize];
    has_bit(context.services.known(transport), code & 0xffff)
}

/// The service in words, as a row's field has it.
pub fn label(code: u64, context: &Context) -> Cow<'_, str> {
    let (protocol, low) = ((code >> 16) as u32 as i32, code & 0xffff);
    match code & !(ICMP - 1) {
        PORT => match context
            .services
            .name(WITH_PORTS[protocol as usize], low as u16)
        {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(low.to_string()),
        },
        ICMP => Cow::Owned(icmp_name(protocol, low)),
        PROTOCOL => match name(protocol) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(protocol.to_string()),
        },
        _ => Cow::Borrowed("?"),
    }
}
