//! A packet and its records as they were read, whichever way.

use std::net::{IpAddr, Ipv4Addr};

use super::dialect::Slot;
use super::header::Header;
use super::record::{Kept, Record};
use crate::model::intake::Skipped;

/// A packet as it was read, before its flows have times.
#[derive(Default)]
pub struct RawPacket {
    /// The time key.
    pub time: String,
    /// The exporter's name.
    pub exporter: Option<String>,
    /// The header.
    pub header: Header,
    /// The records.
    pub records: Records,
}

/// The records of a packet. Only those that can be flows are kept: a hostile
/// line has room for millions of empty ones.
#[derive(Default)]
pub struct Records {
    /// Those that can be flows.
    pub kept: Vec<Kept>,
    /// How many there are in all.
    pub count: u64,
    /// Those that are no flows.
    pub skipped: Skipped,
    /// Values that did not fit their field.
    pub unreadable: u64,
    /// The version whose spelling they have.
    pub version: Option<u16>,
    /// When the exporter was started, if one of them says so.
    pub boot: Option<i64>,
    /// One of how many packets is looked at, if one of them says so.
    pub sampling: Option<u32>,
}

/// The addresses of a record that is still to be read.
const NOWHERE: (IpAddr, IpAddr) = (
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    IpAddr::V4(Ipv4Addr::UNSPECIFIED),
);

impl Records {
    /// Takes the next record.
    pub fn add(&mut self, record: Record) {
        *self.begin() = record;
        self.settle();
    }

    /// The place of the next record, to be settled when it has been read.
    pub fn begin(&mut self) -> &mut Record {
        let index = self.count as u32;
        let place = self.kept.len();
        self.kept.push(Kept {
            index,
            ends: NOWHERE,
            record: Record::default(),
        });
        &mut self.kept[place].record
    }

    /// Counts the record begun last, and keeps it if it can be a flow.
    pub fn settle(&mut self) {
        let Some(Kept { ends, record, .. }) = self.kept.last_mut() else {
            return;
        };
        self.count += 1;
        self.unreadable += u64::from(record.unreadable);
        self.version = self.version.or(record.version);
        let boot = record.number(Slot::Boot).map(|boot| boot as i64);
        self.boot = self.boot.or(boot);
        self.sampling = self.sampling.or(record.sampling());
        if let Some(both) = record.addresses() {
            *ends = both;
            return;
        }
        if !record.object {
            self.skipped.malformed += 1;
        } else if record.options {
            self.skipped.options += 1;
        } else {
            self.skipped.no_address += 1;
        }
        self.kept.pop();
    }
}
