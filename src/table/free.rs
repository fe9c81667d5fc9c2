//! What becomes of a table's addresses when its rows are not kept: the number
//! of an address that no row has any more is given to the next new one. Those
//! that rows have stay the same, and snapshots keep what they saw.

use std::net::IpAddr;

use super::scan::Stored;
use super::store::Table;
use crate::model::end::End;

/// Not worth looking for fewer.
const FEW: usize = 1 << 14;

/// Numbers that may be given out again.
#[derive(Default)]
pub(super) struct Free {
    numbers: Vec<u32>,
    /// How many addresses rows had when that was looked at last.
    used: usize,
}

impl Free {
    /// The number of the next new address.
    pub fn next(&self, table: &Table) -> u32 {
        let unused = self.numbers.last().copied();
        unused.unwrap_or(table.addresses.len() as u32)
    }

    /// Gives the next number to an address.
    pub fn take(&mut self, table: &mut Table, address: IpAddr) {
        match self.numbers.pop() {
            Some(number) => table.addresses.set(number, address),
            None => table.addresses.push(address),
        }
    }

    /// Whether there may be as many addresses without rows as with.
    pub fn is_due(&self, table: &Table) -> bool {
        let given = table.addresses.len() - self.numbers.len();
        given > FEW + 2 * self.used
    }

    /// Numbers of which no row makes use; answers which those are.
    pub fn find(&mut self, table: &Table) -> Vec<bool> {
        let mut unused = vec![true; table.addresses.len()];
        let mut numbers = Vec::new();
        for chunk in 0..table.chunks() {
            for source in End::BOTH
                .into_iter()
                .flat_map(|end| [Stored::Host(end), Stored::OddHost(end)])
            {
                table.read(source, chunk, &mut numbers);
                for &number in &numbers {
                    if let Some(unused) = unused.get_mut(number as usize) {
                        *unused = false;
                    }
                }
            }
        }
        let places = (0u32..).zip(&unused);
        self.numbers = places.filter(|it| *it.1).map(|it| it.0).collect();
        self.used = unused.len() - self.numbers.len();
        unused
    }

    /// Bytes of memory.
    pub fn bytes(&self) -> usize {
        self.numbers.capacity() * size_of::<u32>()
    }
}
