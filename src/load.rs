//! Loading: the only place that sees both the input and the table. It runs on
//! a thread of its own under the terminal browser, and in place for a report.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ingest::export::{Decoder, Line};
use crate::ingest::fields::{self, RawRecord};
use crate::ingest::lines::Ending;
use crate::ingest::source::{self, Opened, Origin, Source, SourceError};
use crate::model::flow::Place;
use crate::model::intake::{Damage, FileIntake, Intake, Reject, Skipped};
use crate::table::build::{Builder, Pairing};
use crate::table::store::{PacketInfo, Table};

/// How often a snapshot is handed out while loading.
const PACE: Duration = Duration::from_millis(100);
/// The first snapshot comes sooner, so that rows appear at once.
const FIRST: Duration = Duration::from_millis(10);

/// An input that has been looked at.
struct Input {
    source: Source,
    size: Option<u64>,
    /// Standard input, which can be opened only once.
    opened: Option<Opened>,
}

/// Where each file can be read again.
pub struct Library(Vec<(Origin, bool)>);

/// All inputs, looked at before anything else happens.
pub struct Inputs {
    inputs: Vec<Input>,
    /// Where their records can be looked up.
    pub library: Arc<Library>,
    /// What was named but cannot be used.
    pub refused: Vec<SourceError>,
}

impl Inputs {
    /// Looks at every input; directories stand for the files within. Blocks
    /// until standard input, if it is named, has something to say.
    ///
    /// # Errors
    /// When there is nothing that can be read: the first reason.
    pub fn look_at(named: &[PathBuf]) -> Result<Self, SourceError> {
        let (mut inputs, mut stored, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for source in source::expand(named)? {
            match source::open(&source) {
                Ok(mut opened) => {
                    let origin = std::mem::replace(&mut opened.origin, Origin::Lost);
                    stored.push((origin, opened.gzip));
                    let once = matches!(source, Source::Standard);
                    inputs.push(Input {
                        size: opened.size,
                        opened: once.then_some(opened),
                        source,
                    });
                }
                Err(error) => refused.push(error),
            }
        }
        if inputs.is_empty() && !refused.is_empty() {
            return Err(refused.swap_remove(0));
        }
        Ok(Inputs {
            inputs,
            library: Arc::new(Library(stored)),
            refused,
        })
    }
}

impl Library {
    /// Reads a record again, every field of it.
    ///
    /// # Errors
    /// In words, when the file is gone or has changed.
    pub fn record(&self, packet: &PacketInfo, index: u32) -> Result<RawRecord, String> {
        let Some((origin, gzip)) = self.0.get(packet.place.file as usize) else {
            return Err("no such file".to_owned());
        };
        let line = source::read_line(origin, *gzip, packet.place)
            .map_err(|error| format!("cannot be read again: {error}"))?;
        fields::record(&line, packet.ordinal, index)
            .ok_or_else(|| "the file has changed since it was loaded".to_owned())
    }
}

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
        let opened = match input.opened {
            Some(opened) => opened,
            None => match source::open(&input.source) {
                Ok(opened) => opened,
                Err(error) => {
                    self.reject(
                        Place {
                            file,
                            ..Place::default()
                        },
                        error.to_string(),
                    );
                    return true;
                }
            },
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
                    let reason = format!("reading stopped: {error}");
                    self.reject(
                        Place {
                            file,
                            ..Place::default()
                        },
                        reason,
                    );
                    false
                }
            };
            self.intake.files[file as usize].read = lines.offset();
            for (offset, bytes, reason) in lines.take_gaps() {
                self.intake.damage.push(Damage {
                    file,
                    offset,
                    bytes,
                    reason: reason.to_owned(),
                });
            }
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
        for (ordinal, packet) in line.packets.into_iter().enumerate() {
            let flows = packet.flows.iter();
            let flows = flows.filter(|flow| self.keep_phantoms || !flow.phantom);
            self.intake.files[place.file as usize].flows += flows.count() as u64;
            self.builder.add(packet, place, ordinal as u32);
        }
    }

    fn reject(&mut self, place: Place, reason: String) {
        self.intake.reject(Reject {
            file: place.file,
            line: place.line,
            offset: 0,
            reason,
        });
    }
}
