//! Which ports are known services: the machine's services database and the embedded registry.
#![allow(missing_docs, reason = "a part of the tests")]

use std::collections::HashSet;
use std::fs;

pub struct Services(HashSet<(String, u64)>);

impl Services {
    pub fn load() -> Self {
        let registry = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/services.tsv");
        let registry = fs::read_to_string(registry).expect("the registry is a part of the project");
        let database = fs::read_to_string("/etc/services").unwrap_or_default();
        Self(
            registry
                .lines()
                .filter_map(registered)
                .chain(database.lines().filter_map(listed))
                .collect(),
        )
    }

    pub fn knows(&self, protocol: Option<i64>, port: u64) -> bool {
        let transport = match protocol {
            Some(6) => "tcp",
            Some(17) => "udp",
            Some(33) => "dccp",
            Some(132) => "sctp",
            _ => return false,
        };
        self.0.contains(&(transport.to_owned(), port))
    }
}

/// A line of the registry: port, transport, name.
fn registered(line: &str) -> Option<(String, u64)> {
    let mut columns = line.split('\t');
    let port = columns.next()?.parse().ok()?;
    Some((columns.next()?.to_owned(), port))
}

/// A line of the services database: `name port/transport aliases # comment`.
fn listed(line: &str) -> Option<(String, u64)> {
    let (port, transport) = line
        .split('#')
        .next()?
        .split_whitespace()
        .nth(1)?
        .split_once('/')?;
    Some((transport.to_owned(), port.parse().ok()?))
}
