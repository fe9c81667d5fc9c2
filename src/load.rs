//! Loading: the only place that sees both the input and the table. It runs on
//! a thread of its own under the terminal browser, and in place for a report.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ingest::boots::Boots;
use crate::ingest::export::{Decoder, Line};
use crate::ingest::inputs::Input;
pub use crate::ingest::inputs::{Inputs, Library};
use crate::ingest::lines::{Ending, Lines};
use crate::ingest::source;
use crate::model::flow::Place;
use crate::model::intake::{Damage, FileIntake, Intake, Reject, Skipped};
use crate::table::build::{Builder, Pairing};
use crate::table::store::Table;

/// How often a snapshot is handed out while loading.
const PACE: Duration = Duration::from_millis(100);
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

/// Loads all inputs in order. `publish` is called now and then with what is
/// there; when it answers false, loading stops. The last snapshot is returned.
pub fn load(
    inputs: Inputs,
    pairing: Pairing,
    mut publish: impl FnMut(Snapshot) -> bool,
) -> Snapshot {
    let mut loader = Loader::new(&inputs, pairing);
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
    decoder: Decoder,
    boots: Boots,
    intake: Intake,
    begun: Instant,
    due: Instant,
    keep_phantoms: bool,
}

impl Loader {
    fn new(inputs: &Inputs, pairing: Pairing) -> Self {
        let files = inputs.inputs.iter().map(|input| FileIntake {
            name: input.source.name(),
            size: input.size,
            ..FileIntake::default()
        });
        Loader {
            builder: Builder::new(pairing),
            decoder: Decoder::default(),
            boots: Boots::default(),
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
        let (mut lines, gzip) = (opened.lines, opened.gzip);
        loop {
            let more = match lines.next_line() {
                Ok(Some((place, ending, line))) => {
                    self.line(Place { file, ..place }, gzip, ending, line);
                    true
                }
                Ok(None) => false,
                Err(error) => {
                    self.reject_file(file, format!("reading stopped: {error}"));
                    false
                }
            };
            self.note_progress(file, &mut lines);
            if Instant::now() >= self.due {
                self.due = Instant::now() + PACE;
                if !publish(self.snapshot(false)) {
                    return false;
                }
            }
            if !more {
                return true;
            }
        }
    }

    fn note_progress(&mut self, file: u32, lines: &mut Lines) {
        self.intake.files[file as usize].read = lines.offset();
        for (offset, bytes, reason) in lines.take_gaps() {
            self.intake.damaged(Damage {
                file,
                offset,
                bytes,
                reason: reason.to_owned(),
            });
        }
    }

    fn line(&mut self, place: Place, gzip: bool, ending: Ending, line: &[u8]) {
        let blank = line.iter().all(u8::is_ascii_whitespace);
        if blank && ending != Ending::TooLong {
            return;
        }
        self.intake.files[place.file as usize].lines += 1;
        let decoded = match ending {
            Ending::TooLong => Err("the line is longer than 64 MiB".to_owned()),
            Ending::Damaged => Err("the line is cut off by damaged data".to_owned()),
            Ending::Cut => Err("the file ends in the middle of this line".to_owned()),
            Ending::Whole => self.decoder.decode(line),
        };
        match decoded {
            Ok(decoded) => self.add(place, decoded),
            Err(reason) => {
                // in plain text the line's own offset is known, in gzip its member's
                let offset = if gzip { place.member } else { place.skip };
                self.intake.reject(Reject {
                    file: place.file,
                    line: place.line,
                    offset,
                    reason,
                });
            }
        }
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
            let flows = packet.flows.iter();
            let flows = flows.filter(|flow| self.keep_phantoms || !flow.phantom);
            self.intake.files[place.file as usize].flows += flows.count() as u64;
            self.builder.add(packet, place, ordinal as u32);
        }
    }

    /// Something is wrong with a file as a whole.
    fn reject_file(&mut self, file: u32, reason: String) {
        self.intake.reject(Reject {
            file,
            line: 0,
            offset: 0,
            reason,
        });
    }
}
