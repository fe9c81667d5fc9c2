//! Numbers of addresses: those of many rows are few, and a number is quicker to
//! compare and to keep.

use std::net::{IpAddr, Ipv4Addr};

use foldhash::HashMap;

use super::free::Free;
use super::store::Table;

/// The ends of no flow.
const NOBODY: ([IpAddr; 2], [u32; 2]) = ([IpAddr::V4(Ipv4Addr::UNSPECIFIED); 2], [u32::MAX; 2]);

/// The numbers of a table's addresses.
pub(super) struct Hosts {
    four: HashMap<u32, u32>,
    six: HashMap<u128, u32>,
    /// Numbers of addresses that no row has any more.
    free: Free,
    /// Addresses of the flow just before and their numbers: mostly the next one has the same.
    near: ([IpAddr; 2], [u32; 2]),
}

impl Default for Hosts {
    fn default() -> Self {
        Hosts {
            four: HashMap::default(),
            six: HashMap::default(),
            free: Free::default(),
            near: NOBODY,
        }
    }
}

impl Hosts {
    /// The numbers of a flow's source and destination.
    pub fn of(&mut self, table: &mut Table, src: IpAddr, dst: IpAddr) -> [u32; 2] {
        let (known, [first, second]) = self.near;
        if first != u32::MAX && known == [dst, src] {
            return [second, first];
        }
        let numbers = [src, dst].map(|address| self.number(table, address));
        self.near = ([src, dst], numbers);
        numbers
    }

    fn number(&mut self, table: &mut Table, address: IpAddr) -> u32 {
        let known = match address {
            IpAddr::V4(v4) => self.four.get(&v4.to_bits()),
            IpAddr::V6(v6) => self.six.get(&v6.to_bits()),
        };
        if let Some(&number) = known {
            return number;
        }
        let next = self.free.next(table);
        self.free.take(table, address);
        match address {
            IpAddr::V4(v4) => self.four.insert(v4.to_bits(), next),
            IpAddr::V6(v6) => self.six.insert(v6.to_bits(), next),
        };
        next
    }

    /// Forgets the addresses that no row has any more, when they are many.
    pub fn tidy(&mut self, table: &Table) {
        if self.free.is_due(table) {
            let unused = self.free.find(table);
            self.four.retain(|_, number| !unused[*number as usize]);
            self.six.retain(|_, number| !unused[*number as usize]);
            self.near = NOBODY;
        }
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        let four = self.four.capacity() * size_of::<(u32, u32)>();
        let six = self.six.capacity() * size_of::<(u128, u32)>();
        four + six + self.free.bytes()
    }
}
