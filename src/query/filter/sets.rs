//! Sets that a filter's words become before any row is looked at: of hosts, of
//! servers, and of everything that has a text in it.

use std::net::IpAddr;

use crate::model::protocol::{self, WITH_PORTS};
use crate::query::bits::has_bit;
use crate::query::facts::{Context, Facts};
use crate::table::rows::Endpoint;
use crate::table::share::in_parallel;
use crate::table::store::{Side, Table};
use crate::table::verdict::Reason;

/// A set of host numbers.
pub struct HostSet(Vec<u64>);

impl HostSet {
    /// The hosts whose address passes.
    pub fn of(table: &Table, passes: impl Fn(IpAddr) -> bool + Sync) -> Self {
        let word = |number: usize| {
            let number = number as u32 * 64;
            let bit = |bit: u32| match table.address(number + bit) {
                Some(address) => u64::from(passes(address)) << bit,
                None => 0,
            };
            (0..64).map(bit).sum()
        };
        HostSet(in_parallel(table.address_count().div_ceil(64), word))
    }

    /// Whether no host is in it.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    /// Whether a host is in it.
    pub fn has(&self, host: u32) -> bool {
        has_bit(&self.0, host.into())
    }
}

/// A set of servers by protocol and port.
pub struct ServerSet(Vec<u64>);

impl Default for ServerSet {
    fn default() -> Self {
        ServerSet(vec![0; WITH_PORTS.len() << 10])
    }
}

impl ServerSet {
    /// Those that are shown under one of these names, or have that port.
    pub fn named(names: &[String], context: &Context) -> Self {
        let mut set = ServerSet::default();
        for name in names {
            let servers = context.services.ports_named(name).into_iter();
            servers.for_each(|server| set.add(server));
            if let Ok(port) = name.parse() {
                WITH_PORTS.iter().for_each(|&it| set.add((it, port)));
            }
        }
        set
    }

    /// Those whose port, service or protocol has this text in it.
    pub fn with_text(text: &str, context: &Context) -> Self {
        let has = |name: &str| name.to_lowercase().contains(text);
        let has_digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let number = |port: u16| has_digits && port.to_string().contains(text);
        let numbers: Vec<bool> = (0..=u16::MAX).map(number).collect();
        let mut set = ServerSet::default();
        for protocol in WITH_PORTS {
            let name = protocol::name(protocol);
            let all = name.map_or_else(|| has(&protocol.to_string()), has);
            for port in 0..=u16::MAX {
                let named = match context.services.name(protocol, port) {
                    Some(name) => has(name),
                    None => numbers[usize::from(port)],
                };
                if all || named {
                    set.add((protocol, port));
                }
            }
        }
        set
    }

    /// Adds a server.
    pub fn add(&mut self, server: (i32, u16)) {
        if let Some((word, bit)) = ServerSet::bit(server) {
            self.0[word] |= bit;
        }
    }

    /// Whether a server is in it.
    pub fn has(&self, server: (i32, u16)) -> bool {
        ServerSet::bit(server).is_some_and(|(word, bit)| self.0[word] & bit != 0)
    }

    /// The same, with the place of the protocol in [`WITH_PORTS`].
    pub fn has_port(&self, (transport, port): (usize, u16)) -> bool {
        has_bit(&self.0, (transport as u64) << 16 | u64::from(port))
    }

    fn bit((protocol, port): (i32, u16)) -> Option<(usize, u64)> {
        let place = WITH_PORTS.iter().position(|&known| known == protocol)?;
        let word = (place << 10) | (usize::from(port) / 64);
        Some((word, 1 << (port % 64)))
    }
}

/// A text to be found in any text of a row. What has it is known beforehand,
/// but for services that are no ports.
pub struct TextTest {
    text: String,
    /// Hosts whose address or name has it.
    pub hosts: HostSet,
    /// Servers whose port, service or protocol has it.
    pub servers: ServerSet,
    /// Exporters whose name has it.
    pub exporters: Vec<bool>,
    /// The port that it is.
    pub port: Option<u16>,
}

impl TextTest {
    /// Finds out all that can be known beforehand; the text is in lower case.
    pub fn new(text: String, table: &Table, context: &Context) -> Self {
        let has = |name: &str| name.to_lowercase().contains(&text);
        // else it is in no address, and none has to be written out
        let is_number = |byte: u8| byte.is_ascii_hexdigit() || b".:".contains(&byte);
        let are_numbers = text.bytes().all(is_number);
        TextTest {
            hosts: HostSet::of(table, |address| {
                are_numbers && has(&address.to_string()) || context.host(address).is_some_and(has)
            }),
            servers: ServerSet::with_text(&text, context),
            exporters: (table.exporters().iter())
                .map(|name| name.as_deref().is_some_and(has))
                .collect(),
            port: text.parse().ok(),
            text,
        }
    }

    /// Whether a reason has it.
    pub fn has_reason(&self, reason: Reason) -> bool {
        reason.name().contains(&self.text)
    }

    /// Whether a row has it.
    pub fn passes(&self, facts: &Facts) -> bool {
        let row = facts.row;
        let has = |word: &str| word.to_lowercase().contains(&self.text);
        let at_end = |end: &Endpoint| {
            self.hosts.has(end.host) || end.port.is_some() && end.port == self.port
        };
        row.ends(Side::First).iter().any(at_end)
            || has(&facts.service())
            || has(&facts.protocol_name())
            || row.exporter().is_some_and(has)
            || row.reason().is_some_and(|reason| self.has_reason(reason))
    }
}
