//! `Loader`: takes what was read of the files, in order, into the table and the
//! account of the input, and hands out snapshots of both now and then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::beats::Beats;
use super::held::Held;
use super::plan::LoadPlan;
use super::snapshot::{Full, Growth, Pulse, Snapshot};
use super::weight::Weight;
use crate::ingest::batch::Batch;
use crate::ingest::boots::Boots;
use crate::ingest::decoder::Line;
use crate::ingest::source::InputError;
use crate::ingest::tally::Tally;
use crate::model::attr::Attr;
use crate::model::flow::LineAt;
use crate::model::intake::{Damage, FileIntake, Intake, Refused, Reject, cover};
use crate::model::skipped::Skipped;
use crate::table::build::{Builder, Pairing};
use crate::table::keep::Keep;

/// How often a snapshot is handed out while loading.
pub const PACE: Duration = Duration::from_millis(100);
/// The time between two snapshots is longer by another [`PACE`] for each of these.
const ROWS_PER_PACE: u32 = 1_000_000;
/// The first snapshot comes sooner, so that rows appear at once.
const FIRST: Duration = Duration::from_millis(10);

/// Puts together what is read.
pub struct Loader {
    /// The table.
    pub builder: Builder,
    /// How far the files are certain.
    pub held: Held,
    intake: Intake,
    boots: Boots,
    tally: Tally,
    begun: Instant,
    due: Instant,
    keep_phantoms: bool,
    keep: Option<Keep>,
    weight: Weight,
    scale: bool,
    /// When the newest flow was received, Unix seconds.
    newest: Option<f64>,
    beats: Beats,
    growth: Growth,
    /// Something has come that was not handed out.
    fresh: bool,
}

fn told(error: &InputError) -> Refused {
    Refused {
        name: error.name.clone(),
        reason: error.reason.to_string(),
    }
}

impl Loader {
    /// A loader that has read nothing.
    pub fn new(plan: LoadPlan, refused: &[InputError]) -> Self {
        let pairing = plan.pairing;
        Loader {
            builder: Builder::new(pairing),
            held: Held::default(),
            intake: Intake {
                refused: refused.iter().map(told).collect(),
                ..Intake::default()
            },
            scale: plan.scale,
            boots: Boots::default(),
            tally: Tally::default(),
            begun: Instant::now(),
            due: Instant::now() + FIRST,
            keep_phantoms: matches!(pairing, Pairing::Analyzer(_)),
            keep: plan.keep,
            weight: Weight::new(plan.gauge, plan.memory, plan.headroom),
            newest: None,
            beats: Beats::default(),
            growth: Growth::default(),
            fresh: false,
        }
    }

    /// Adds a file; answers its number.
    pub fn file(&mut self, name: String, size: Option<u64>) -> u32 {
        self.builder.file(name.clone());
        self.intake.files.push(FileIntake {
            name,
            size,
            ..FileIntake::default()
        });
        self.held.file();
        self.intake.files.len() as u32 - 1
    }

    /// The account of a file.
    pub fn account(&mut self, file: u32) -> &mut FileIntake {
        &mut self.intake.files[file as usize]
    }

    /// What is there now. Unless files are followed, what was held back counts
    /// when everything is read.
    pub fn snapshot(&self, complete: bool) -> Snapshot {
        let mut intake = self.intake.clone();
        if complete && self.growth.pulse.is_none() {
            self.held.clone().settle_all(&mut intake);
        }
        Snapshot {
            table: self.builder.snapshot().scaled(self.scale),
            intake: Arc::new(intake),
            complete,
            elapsed: self.begun.elapsed(),
            growth: Growth {
                table: self.weight.table,
                memory: self.weight.all,
                ..self.growth
            },
        }
    }

    /// Tells that a file has nothing to say yet; false when nobody wants more.
    pub fn wait(&mut self, file: u32, publish: &mut impl FnMut(Snapshot) -> bool) -> bool {
        self.growth.waits = Some(file);
        let heard = publish(self.snapshot(false));
        self.growth.waits = None;
        heard
    }

    /// A file is what it is: nothing more comes that could mend it.
    pub fn settle(&mut self, file: u32) {
        self.held.settle(file, &mut self.intake);
    }

    /// Takes what is in a batch; false when nobody wants more.
    pub fn take(
        &mut self,
        file: u32,
        packed: bool,
        batch: &mut Batch,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        self.changed();
        let (sure, next) = batch.sure.unzip();
        if let Some(next) = next {
            self.settle(file);
            *self.held.next(file) = next;
        }
        for (number, (place, decoded)) in batch.lines.iter_mut().enumerate() {
            let place = LineAt { file, ..*place };
            match decoded {
                Ok(line) => {
                    self.intake.files[file as usize].lines += 1;
                    self.add(place, line);
                }
                Err(reason) => {
                    // in plain text the line's own offset is known, else its member's
                    let offset = if packed { place.member } else { place.skip };
                    self.reject(file, Some(place), offset, std::mem::take(reason));
                    if sure.is_some_and(|sure| number < sure) {
                        self.settle(file);
                    }
                }
            }
        }
        for gap in batch.gaps.drain(..) {
            let damage = Damage {
                file,
                offset: gap.offset,
                bytes: gap.bytes,
                reason: gap.reason.to_owned(),
            };
            match next {
                Some(next) if gap.offset + gap.bytes <= next.member => self.intake.damaged(damage),
                _ => self.held.damaged(damage),
            }
        }
        let read = &mut self.intake.files[file as usize].read;
        *read = (*read).max(batch.offset);
        let behind = *read;
        if let Some(reason) = batch.failure.take() {
            self.reject(file, None, behind, reason);
        }
        if let (Some(keep), Some(newest)) = (self.keep, self.newest) {
            self.builder.keep(keep, newest);
        }
        if !self.has_stopped() {
            let weigh = || [self.builder.bytes(), self.builder.reserve()];
            self.growth.stopped = self.weight.weigh(weigh).map(Full::Memory);
        }
        !self.has_stopped() && self.publish_if_due(publish)
    }

    /// Hands out what has come and has not been handed out, when it is time.
    pub fn publish_news(&mut self, publish: &mut impl FnMut(Snapshot) -> bool) -> bool {
        !self.fresh || self.publish_if_due(publish)
    }

    fn publish_if_due(&mut self, publish: &mut impl FnMut(Snapshot) -> bool) -> bool {
        if Instant::now() < self.due {
            return true;
        }
        // the more rows, the longer it takes to answer what is asked of each snapshot
        let rows = self.builder.rows();
        self.due = Instant::now() + PACE * (1 + rows / ROWS_PER_PACE);
        self.fresh = false;
        publish(self.snapshot(self.growth.pulse.is_some()))
    }

    fn add(&mut self, place: LineAt, line: &mut Line) {
        let mut skipped = line.skipped;
        if self.keep_phantoms {
            skipped = Skipped {
                phantom: 0,
                ..skipped
            };
        }
        self.intake.skipped.add(skipped);
        let event = line.event.take();
        event.into_iter().for_each(|kind| self.intake.event(kind));
        self.intake.unreadable_values += line.unreadable;
        self.intake.packets += line.packets.len() as u64;
        for (ordinal, packet) in line.packets.iter_mut().enumerate() {
            if self.has_stopped() || !self.builder.has_room(packet) {
                self.growth.stopped.get_or_insert(Full::Numbers);
                return;
            }
            self.boots.date(packet);
            let kept = packet.flows.iter();
            let kept = kept.filter(|flow| self.keep_phantoms || !flow.phantom);
            let (flows, bytes) = kept.fold((0, 0), |(flows, bytes), flow| {
                let octets = flow.attrs.get(Attr::Octets).unwrap_or(0);
                (flows + 1, bytes + u128::from(octets))
            });
            let file = &mut self.intake.files[place.file as usize];
            file.flows += flows;
            cover(&mut file.received, packet.received);
            let exporters = &mut self.intake.exporters;
            packet.scale_factor = self.tally.add(packet, flows, bytes, exporters);
            let received = packet.received;
            self.newest = Some(self.newest.map_or(received, |it| it.max(received)));
            self.builder.add(packet, place, ordinal as u32);
        }
    }

    /// Something is wrong with the line at a place, or with a file as a whole.
    pub fn reject(&mut self, file: u32, place: Option<LineAt>, offset: u64, reason: String) {
        self.held.reject(Reject {
            file,
            line: place.map_or(0, |place| place.line),
            offset,
            place,
            reason,
        });
    }

    /// The table is another one from now on, if files are followed.
    pub fn changed(&mut self) {
        self.fresh = true;
        if self.growth.version > 0 {
            self.growth.version += 1;
        }
    }

    /// Whether there is no room for more.
    pub fn has_stopped(&self) -> bool {
        self.growth.stopped.is_some()
    }

    /// Begins or ends to tell the beat of what comes in.
    pub fn follow(&mut self, follows: bool) {
        self.beats = Beats::default();
        self.growth.pulse = follows.then_some(Pulse {
            rate: 0.0,
            age: None,
        });
        self.growth.version += 1;
    }

    /// Takes the beat, once in a while.
    pub fn beat(&mut self) {
        self.growth.pulse = Some(self.beats.beat(self.intake.flows(), self.newest));
    }
}
