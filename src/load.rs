//! Loading: the only place that sees both the input and the table. It runs on
//! a thread of its own under the terminal browser, and in place for a report.

use std::fs::File;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ingest::batch::{self, Batch};
use crate::ingest::boots::Boots;
use crate::ingest::export::Line;
use crate::ingest::inputs::Input;
pub use crate::ingest::inputs::{Inputs, Library};
use crate::ingest::source::{self, Source};
use crate::ingest::tally::Tally;
use crate::ingest::{parallel, piped};
use crate::model::attr::Attr;
use crate::model::flow::Place;
use crate::model::intake::{Damage, FileIntake, Intake, Reject, Skipped, cover};
use crate::table::build::{Builder, Pairing};
use crate::table::store::Table;

/// How often a snapshot is handed out while loading.
const PACE: Duration = Duration::from_millis(100);
/// For each so many rows the pace is slower by once.
const ROWS_PER_PACE: u32 = 1_000_000;
/// The first snapshot comes sooner, so that rows appear at once.
const FIRST: Duration = Duration::from_millis(10);

/// The table and the account of the input, as far as they have come.
#[derive(Clone)]
pub struct Snapshot {
    /// The table.
    pub table: Table,
    /// What was read and what was lost.
    pub intake: Arc<Intake>,
    /// Everything has been read.
    pub complete: bool,
    /// How long it took so far.
    pub elapsed: Duration,
}

/// Loads all inputs in order, with so many threads; the result does not depend
/// on their number. `publish` is called now and then with what is
/// there; when it answers false, loading stops. The last snapshot is returned.
pub fn load(
    inputs: Inputs,
    pairing: Pairing,
    threads: usize,
    mut publish: impl FnMut(Snapshot) -> bool,
) -> Snapshot {
    let mut loader = Loader::new(&inputs, pairing, threads);
    for (file, input) in inputs.inputs.into_iter().enumerate() {
        if !loader.read(file as u32, input, &mut publish) {
            return loader.snapshot(false);
        }
    }
    loader.builder.finish();
    loader.snapshot(true)
}

struct Loader {
    builder: Builder,
    threads: usize,
    boots: Boots,
    tally: Tally,
    intake: Intake,
    begun: Instant,
    due: Instant,
    keep_phantoms: bool,
}

impl Loader {
    fn new(inputs: &Inputs, pairing: Pairing, threads: usize) -> Self {
        let files = inputs.inputs.iter().map(|input| FileIntake {
            name: input.source.name(),
            size: input.size,
            ..FileIntake::default()
        });
        Loader {
            builder: Builder::new(pairing),
            threads,
            boots: Boots::default(),
            tally: Tally::default(),
            intake: Intake {
                files: files.collect(),
                ..Intake::default()
            },
            begun: Instant::now(),
            due: Instant::now() + FIRST,
            keep_phantoms: matches!(pairing, Pairing::Analyzer(_)),
        }
    }

    fn snapshot(&self, complete: bool) -> Snapshot {
        Snapshot {
            table: self.builder.snapshot(),
            intake: Arc::new(self.intake.clone()),
            complete,
            elapsed: self.begun.elapsed(),
        }
    }

    /// Reads one file; false when nobody wants more.
    fn read(
        &mut self,
        file: u32,
        input: Input,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        let opened = match input.opened.map_or_else(|| source::open(&input.source), Ok) {
            Ok(opened) => opened,
            Err(error) => {
                self.reject_file(file, error.to_string());
                return true;
            }
        };
        let gzip = opened.gzip;
        let many = match (&input.source, opened.size) {
            (Source::Path(path), Some(size)) if gzip && self.threads > 1 => {
                let file = File::open(path).ok().map(Arc::new);
                file.filter(parallel::has_many_members)
                    .map(|file| (file, size))
            }
            _ => None,
        };
        let threads = self.threads;
        let mut take = |batch| self.take(file, gzip, batch, publish);
        match many {
            Some((file, size)) => parallel::read_file(&file, size, threads, take),
            // who pipes may pause, and what has come is to be seen meanwhile
            None if threads > 1 || opened.size.is_none() => {
                piped::read_stream(opened.lines, threads.saturating_sub(1), PACE, take)
            }
            None => batch::read_all(opened.lines, &mut take),
        }
    }

    /// Takes a batch; false when nobody wants more.
    fn take(
        &mut self,
        file: u32,
        gzip: bool,
        batch: Batch,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        for (place, decoded) in batch.lines {
            let place = Place { file, ..place };
            self.intake.files[file as usize].lines += 1;
            match decoded {
                Ok(line) => self.add(place, line),
                Err(reason) => self.intake.reject(Reject {
                    file,
                    line: place.line,
                    // in plain text the line's own offset is known, in gzip its member's
                    offset: if gzip { place.member } else { place.skip },
                    place: Some(place),
                    reason,
                }),
            }
        }
        for (offset, bytes, reason) in batch.gaps {
            let reason = reason.to_owned();
            self.intake.damaged(Damage {
                file,
                offset,
                bytes,
                reason,
            });
        }
        if let Some(reason) = batch.failure {
            self.reject_file(file, reason);
        }
        let read = &mut self.intake.files[file as usize].read;
        *read = (*read).max(batch.offset);
        if Instant::now() < self.due {
            return true;
        }
        // the more rows, the longer it takes to answer what is asked of each snapshot
        let rows = self.builder.rows();
        self.due = Instant::now() + PACE * (1 + rows / ROWS_PER_PACE);
        publish(self.snapshot(false))
    }

    fn add(&mut self, place: Place, line: Line) {
        let mut skipped = line.skipped;
        if self.keep_phantoms {
            skipped = Skipped {
                phantom: 0,
                ..skipped
            };
        }
        self.intake.skipped.add(skipped);
        self.intake.unreadable_values += line.unreadable;
        self.intake.packets += line.packets.len() as u64;
        for (ordinal, mut packet) in line.packets.into_iter().enumerate() {
            self.boots.date(&mut packet);
            let kept = packet.flows.iter();
            let kept = kept.filter(|flow| self.keep_phantoms || !flow.phantom);
            let (flows, bytes) = kept.fold((0, 0), |(flows, bytes), flow| {
                let octets = flow.attrs.get(Attr::Octets).unwrap_or(0);
                (flows + 1, bytes + u128::from(octets))
            });
            let file = &mut self.intake.files[place.file as usize];
            file.flows += flows;
            cover(&mut file.received, packet.received);
            self.tally
                .add(&packet, flows, bytes, &mut self.intake.exporters);
            self.builder.add(packet, place, ordinal as u32);
        }
    }

    /// Something is wrong with a file as a whole.
    fn reject_file(&mut self, file: u32, reason: String) {
        self.intake.reject(Reject {
            file,
            line: 0,
            offset: 0,
            place: None,
            reason,
        });
    }
}
