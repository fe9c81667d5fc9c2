//! What hosts have in common, by their numbers: the network they lie in, or
//! their name.

use std::net::IpAddr;

use foldhash::{HashMap, HashMapExt};

use super::index::{Code, Index};
use crate::query::facts::Context;
use crate::query::language::expr::Net;
use crate::table::store::Table;

impl Code for Net {
    fn mixed(self) -> u64 {
        match self.address {
            IpAddr::V4(own) => u64::from(own.to_bits()).mixed(),
            IpAddr::V6(own) => ((own.to_bits() >> 64) as u64, own.to_bits() as u64).mixed(),
        }
    }
}

/// The network of each host by number; networks are in the order of their first hosts.
pub fn networks(table: &Table, (v4, v6): (u8, u8), nets: &mut Vec<Net>) -> Vec<u32> {
    let mut numbers = Index::<Net, ()>::default();
    numbers.reserve(table.address_count());
    let of_host = table.addresses().map(|&address| {
        let length = if address.is_ipv4() { v4 } else { v6 };
        numbers.place(Net::around(address, length))
    });
    let of_host = of_host.collect();
    nets.extend(numbers.into_items().into_iter().map(|(net, ())| net));
    of_host
}

/// The name of each host by number, and the first host of each name; a host
/// without a name stands for itself.
pub fn names(table: &Table, context: &Context, named: &mut Vec<u32>) -> Vec<u32> {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let hosts = (0u32..).zip(table.addresses());
    let of_host = hosts.map(|(host, &address)| {
        let mut add = || {
            named.push(host);
            named.len() as u32 - 1
        };
        match context.host(address) {
            Some(name) => *numbers.entry(name.to_lowercase()).or_insert_with(add),
            None => add(),
        }
    });
    of_host.collect()
}
