//! Services as numbers, for grouping. Several numbers may have one label: ports
//! of the same name, or ICMP types of both families.

use std::borrow::Cow;

use super::ends::{clients, protocol};
use super::facts::Context;
use super::scan::Chunk;
use crate::model::attr::{Attr, UNKNOWN};
use crate::model::protocol::{has_ports, icmp_name, is_icmp, name};
use crate::table::scan::Source;
use crate::table::store::Side;

/// What the lower 48 bits are: protocol and port, ICMP's protocol, type and
/// code, a protocol alone, or nothing.
const PORT: u64 = 0;
const ICMP: u64 = 1 << 48;
const PROTOCOL: u64 = 2 << 48;
const UNKNOWN_PROTOCOL: u64 = 3 << 48;

/// The services of a chunk's rows.
pub fn codes(regular: bool, chunk: &Chunk, context: &Context) -> Vec<u64> {
    let clients = clients(chunk, context);
    let protocols = chunk.read(Source::Protocol);
    let ports = [0, 1].map(|which| chunk.read(Source::Port(which)));
    let types = [Side::First, Side::Mate].map(|side| chunk.read(Source::Attr(side, Attr::IcmpTypeCode)));
    let code = |place: usize| {
        let Some(protocol) = protocol(protocols[place]) else {
            return UNKNOWN_PROTOCOL;
        };
        let upper = (protocol as u32 as u64) << 16;
        let client = clients[place];
        // the port that the flow of a side goes to
        let port_of = |side: Side| match (regular, side) {
            (true, side) => ports[side.other() as usize][place],
            (false, side) => chunk.facts(place).row.ends(side)[1].port.map_or(UNKNOWN, u64::from),
        };
        let port = match (has_ports(protocol), client) {
            (false, _) => UNKNOWN,
            (true, Some(client)) => port_of(client),
            (true, None) => either(protocol, [ports[0][place], ports[1][place]], context),
        };
        if port != UNKNOWN {
            return PORT | upper | port;
        }
        if is_icmp(protocol) {
            let side = client.unwrap_or(Side::First);
            let stored = types[side as usize][place];
            let kind = if stored == UNKNOWN { port_of(side) } else { stored };
            if kind != UNKNOWN {
                return ICMP | upper | kind;
            }
        }
        PROTOCOL | upper
    };
    (0..chunk.rows).map(code).collect()
}

/// The server's port where the client is not known.
fn either(protocol: i32, [src, dst]: [u64; 2], context: &Context) -> u64 {
    if src == UNKNOWN || dst == UNKNOWN {
        return if src == UNKNOWN { dst } else { src };
    }
    let is_known = |port: u64| context.services.name(protocol, port as u16).is_some();
    let first_is_client = match (is_known(src), is_known(dst)) {
        (true, false) => false,
        (false, true) => true,
        _ => src >= dst,
    };
    if first_is_client { dst } else { src }
}

/// The service in words, as a row's field has it.
pub fn label(code: u64, context: &Context) -> Cow<'_, str> {
    let (protocol, low) = ((code >> 16) as u32 as i32, code & 0xffff);
    let number_or = |name: Option<&'static str>| match name {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Owned(protocol.to_string()),
    };
    match code & !(ICMP - 1) {
        PORT => match context.services.name(protocol, low as u16) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(low.to_string()),
        },
        ICMP => Cow::Owned(icmp_name(protocol, low)),
        PROTOCOL => number_or(name(protocol)),
        _ => Cow::Borrowed("?"),
    }
}
