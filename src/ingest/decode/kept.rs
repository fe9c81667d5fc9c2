//! A record that can be a flow, made into one when header and exporter are known:
//! with times on a calendar, from whichever of the many that exporters tell.

use std::net::IpAddr;

use super::record::Record;
use super::slot::Slot;
use crate::model::flow::{Flow, Start};

/// A record that can be a flow.
pub struct Kept {
    /// Its place in the packet, from 0.
    pub index: u32,
    /// Its source and destination address.
    pub ends: (IpAddr, IpAddr),
    /// Its numbers.
    pub record: Record,
}

/// The units of absolute times, the best first: milliseconds are told as they are kept.
const STARTS: [Slot; 3] = [Slot::Start, Slot::FineStart, Slot::CoarseStart];
const ENDS: [Slot; 3] = [Slot::End, Slot::FineEnd, Slot::CoarseEnd];

/// What the packet around a record tells about time.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// The header's moment in Unix milliseconds, or when the line was received.
    pub now: i64,
    /// The exporter's uptime at that moment, in milliseconds.
    pub uptime: Option<u32>,
    /// When the line was received, Unix milliseconds.
    pub received: i64,
    /// Nothing but the receiving time is known.
    pub approximate: bool,
}

impl Kept {
    /// The flow that it is.
    #[inline]
    pub fn flow(&self, clock: &Clock, phantom: bool) -> Flow {
        let record = &self.record;
        let start = record.start(clock);
        Flow {
            src: self.ends.0,
            dst: self.ends.1,
            src_port: record.port(Slot::SrcPort, Slot::SrcUdpPort, Slot::SrcTcpPort),
            dst_port: record.port(Slot::DstPort, Slot::DstUdpPort, Slot::DstTcpPort),
            protocol: record.number(Slot::Protocol).map(|number| number as i32),
            start,
            elapsed: record.elapsed(start),
            attrs: record.attrs(),
            index: self.index,
            textual: record.textual,
            empty_ipv4: self.ends.0.is_ipv6() && record.has_ipv4(),
            phantom,
        }
    }
}

impl Record {
    /// When the flow began: by the exporter's uptime and clock, else by the time it was
    /// started, else in absolute time, else from its end back, else as it was received.
    fn start(&self, clock: &Clock) -> Start {
        let uptime = self.number(Slot::StartUptime).map(|start| start as u32);
        let (absolute, approximate) = match (uptime, clock.uptime) {
            (Some(start), Some(now)) => (
                clock.now - i64::from(now.wrapping_sub(start)),
                clock.approximate,
            ),
            // IPFIX: until the exporter is known to have been started at some time
            (Some(_), None) if self.told().0.is_none() => (clock.now, true),
            _ => self.absolute_start(clock),
        };
        Start {
            absolute,
            uptime,
            approximate,
        }
    }

    fn absolute_start(&self, clock: &Clock) -> (i64, bool) {
        if let Some(start) = self.told().0 {
            return (start, false);
        }
        if let Some(delta) = self.number(Slot::StartDelta) {
            return (clock.now - delta as i64 / 1000, clock.approximate);
        }
        if let Some(((end, approximate), duration)) = self.end(clock).zip(self.duration()) {
            return (end - duration, approximate);
        }
        let event = self.moment([Slot::Event, Slot::FineEvent, Slot::CoarseEvent]);
        (event.unwrap_or(clock.received), true)
    }

    /// When the flow began and ended in absolute time: in one unit, where both are told in it,
    /// as IPFIX may tell them in several.
    fn told(&self) -> (Option<i64>, Option<i64>) {
        let known = |slot| self.number(slot).map(|moment| moment as i64);
        let mut units = STARTS.into_iter().zip(ENDS);
        match units.find_map(|(start, end)| known(start).zip(known(end))) {
            Some((start, end)) => (Some(start), Some(end)),
            None => (self.moment(STARTS), self.moment(ENDS)),
        }
    }

    fn moment(&self, units: [Slot; 3]) -> Option<i64> {
        let told = units.into_iter().find_map(|slot| self.number(slot));
        told.map(|moment| moment as i64)
    }

    /// When the flow ended, and whether that is a stand-in, as far as it is told
    /// without when it began.
    fn end(&self, clock: &Clock) -> Option<(i64, bool)> {
        if let Some(end) = self.told().1 {
            return Some((end, false));
        }
        if let Some(delta) = self.number(Slot::EndDelta) {
            return Some((clock.now - delta as i64 / 1000, clock.approximate));
        }
        let (last, now) = self.number(Slot::EndUptime).zip(clock.uptime)?;
        let passed = now.wrapping_sub(last as u32);
        Some((clock.now - i64::from(passed), clock.approximate))
    }

    fn duration(&self) -> Option<i64> {
        let microseconds = self.number(Slot::DurationMicroseconds);
        let milliseconds = self.number(Slot::Duration);
        milliseconds
            .or(microseconds.map(|duration| duration / 1000))
            .map(|duration| duration as i64)
    }

    /// Milliseconds from start to end. Uptimes wrap at 2^32, so their
    /// difference is read as a signed number.
    fn elapsed(&self, start: Start) -> Option<i64> {
        let uptimes = start.uptime.zip(self.number(Slot::EndUptime));
        if let Some((first, last)) = uptimes {
            return Some(i64::from((last as u32).wrapping_sub(first) as i32));
        }
        if let Some(duration) = self.duration() {
            return Some(duration);
        }
        if let (Some(from), Some(to)) = (self.number(Slot::StartDelta), self.number(Slot::EndDelta))
        {
            return Some((from as i64 - to as i64) / 1000);
        }
        let (begin, end) = self.told();
        let begin = begin?;
        let end = end.or_else(|| {
            // nfreplay, pmacctd and softflowd -A: the collector has no name for the end
            let end = i64::try_from(self.number(Slot::Unnamed)?).ok();
            end.filter(|&end| end >= begin && end - begin < 1 << 32)
        })?;
        Some(end.saturating_sub(begin))
    }
}
