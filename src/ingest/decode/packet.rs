//! A packet and its records as they were read, whichever way.

use std::net::{IpAddr, Ipv4Addr};

use super::header::{Client, Header};
use super::kept::Kept;
use super::record::Record;
use super::slot::Slot;
use crate::model::skipped::Skipped;

/// A packet as it was read, before its flows have times.
#[derive(Default)]
pub struct RawPacket {
    /// The time key.
    pub time: String,
    /// Who sent it.
    pub client: Client,
    /// The header.
    pub header: Header,
    /// The records.
    pub records: Records,
}

/// The records of a packet. Only those that can be flows are kept: a hostile
/// line has room for millions of empty ones.
#[derive(Default)]
pub struct Records {
    /// Room for those that can be flows; what stands behind them is of no meaning.
    room: Vec<Kept>,
    /// How many can be flows.
    kept: usize,
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

    /// No records yet, and room that was used before.
    pub fn within(room: Vec<Kept>) -> Self {
        Records {
            room,
            ..Records::default()
        }
    }

    /// Those that can be flows.
    pub fn kept(&self) -> &[Kept] {
        &self.room[..self.kept]
    }

    /// The room, to be used again.
    pub fn into_room(self) -> Vec<Kept> {
        self.room
    }

    /// The place of the next record, to be settled when it has been read. It is
    /// emptied where it stands: records are large.
    pub fn begin(&mut self) -> &mut Record {
        if self.kept == self.room.len() {
            self.room.push(Kept {
                index: 0,
                ends: NOWHERE,
                record: Record::default(),
            });
        } else {
            self.room[self.kept].record.clear();
        }
        &mut self.room[self.kept].record
    }

    /// Counts the record begun last, and keeps it if it can be a flow.
    pub fn settle(&mut self) {
        let Some(Kept {
            index,
            ends,
            record,
        }) = self.room.get_mut(self.kept)
        else {
            return;
        };
        *index = self.count as u32;
        self.count += 1;
        self.unreadable += u64::from(record.unreadable);
        self.version = self.version.or(record.version);
        let boot = record.number(Slot::Boot).map(|boot| boot as i64);
        self.boot = self.boot.or(boot);
        self.sampling = self.sampling.or(record.sampling());
        if let Some(both) = record.addresses() {
            *ends = both;
            self.kept += 1;
            return;
        }
        if !record.object {
            self.skipped.malformed += 1;
        } else if record.options {
            self.skipped.options += 1;
        } else {
            self.skipped.no_address += 1;
        }
    }
}
