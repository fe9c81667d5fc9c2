//! What was read and what was lost: the account of the input that the status
//! line, the summary and the list of rejects are made from. Nothing is dropped
//! without a count here.

use std::collections::BTreeMap;

use super::flow::{Counted, LineAt};
use super::skipped::Skipped;
use super::units;

/// Details of rejects and damages kept in memory; beyond this they are only counted.
pub const REJECTS_KEPT: usize = 10_000;

/// Kinds of events that are told apart; what else comes is "other".
const KINDS: usize = 64;

/// A line that could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Which file.
    pub file: u32,
    /// Line number in the inflated stream, from 1; 0 for the rest of a file.
    pub line: u64,
    /// Byte offset in the file as it is stored: of the line in plain text,
    /// of the gzip member it begins in otherwise; where the rest begins.
    pub offset: u64,
    /// Where its text can be read again, if it is a line's.
    pub place: Option<LineAt>,
    /// Why, in words for a person; free of control characters.
    pub reason: String,
}

impl Reject {
    /// Where it is, in words: a line, or all that comes behind a byte.
    pub fn site(&self) -> String {
        match (self.line, self.offset) {
            (0, 0) => "whole file".to_owned(),
            (0, offset) => format!("behind byte {}", units::commas(offset)),
            (line, _) => format!("line {}", units::commas(line)),
        }
    }
}

/// A stretch of a file that could not be inflated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// Which file.
    pub file: u32,
    /// Where it begins in the file.
    pub offset: u64,
    /// How many bytes were passed over.
    pub bytes: u64,
    /// What is wrong with them.
    pub reason: String,
}

/// Something that was named and could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The name as it was given, cleaned for printing.
    pub name: String,
    /// Why, in words for a person; free of control characters.
    pub reason: String,
}

/// One input file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileIntake {
    /// The name as it was given, cleaned for printing.
    pub name: String,
    /// Lines that were not blank.
    pub lines: u64,
    /// Flow records accepted.
    pub flows: u64,
    /// Bytes of the file read so far.
    pub read: u64,
    /// Size of the file, if it is known.
    pub size: Option<u64>,
    /// Lines rejected.
    pub rejected: u64,
    /// Bytes of what could not be inflated, or is wrong by its checksum.
    pub damaged: u64,
    /// When the collector received the first and the last of it, Unix seconds.
    pub received: Option<(f64, f64)>,
}

/// What headers or options records say of sampling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sampling {
    /// One of this many packets is looked at.
    pub interval: u32,
    /// By which mode: 1 every n-th, 2 at random, 0 unsaid.
    pub mode: u8,
}

/// What one of an exporter's processes sent: an observation domain, in one version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DomainIntake {
    /// Export version.
    pub version: Option<u16>,
    /// Its number: v5 engine type * 256 + id, v9 source id, IPFIX observation domain.
    pub domain: Option<u32>,
    /// Export packets.
    pub packets: u64,
    /// Flow records accepted.
    pub flows: u64,
    /// Whether its packets are numbered at all.
    pub numbered: bool,
    /// What the sequence numbers say is missing of what they count.
    pub lost: u64,
    /// In how many gaps.
    pub gaps: u64,
    /// How often it began to count anew.
    pub restarts: u64,
    /// Its sampling as it was told last, if it was told at all.
    pub sampling: Option<Sampling>,
}

impl DomainIntake {
    /// Whether its sequence numbers count packets, and not flows or records.
    pub fn numbers_packets(&self) -> bool {
        Counted::by(self.version) == Counted::Packets
    }
}

/// What one exporter sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExporterIntake {
    /// Its name, if the packets have one.
    pub name: Option<String>,
    /// Export packets.
    pub packets: u64,
    /// Flow records accepted.
    pub flows: u64,
    /// Octets of them, unknown ones left out.
    pub bytes: u128,
    /// The same times the sampling.
    pub scaled: u128,
    /// When the collector heard of it first and last, Unix seconds.
    pub seen: Option<(f64, f64)>,
    /// Its processes, in the order they were met.
    pub domains: Vec<DomainIntake>,
}

impl ExporterIntake {
    /// Octets of its flows, as exported or times the sampling.
    pub fn octets(&self, scaled: bool) -> u128 {
        match scaled {
            true => self.scaled,
            false => self.bytes,
        }
    }
}

/// The account of all input.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    /// What was named and could not be read at all.
    pub refused: Vec<Refused>,
    /// Every file, in the order it was read.
    pub files: Vec<FileIntake>,
    /// Every exporter, in the order they were met.
    pub exporters: Vec<ExporterIntake>,
    /// Export packets decoded.
    pub packets: u64,
    /// Records that are no flows.
    pub skipped: Skipped,
    /// Events that are no flows, by kind.
    pub events: BTreeMap<String, u64>,
    /// Values that did not fit their field and count as unknown.
    pub unreadable_values: u64,
    /// Lines rejected, including those without details in `rejects`.
    pub rejected_lines: u64,
    /// The first [`REJECTS_KEPT`] rejects.
    pub rejects: Vec<Reject>,
    /// Bytes of compressed data that could not be inflated, or are wrong by their checksum.
    pub damaged_bytes: u64,
    /// The first damaged stretches.
    pub damage: Vec<Damage>,
}

/// Widens a span so that it covers a moment.
pub fn cover(span: &mut Option<(f64, f64)>, moment: f64) {
    let (first, last) = span.unwrap_or((moment, moment));
    *span = Some((first.min(moment), last.max(moment)));
}

impl Intake {
    /// Notes a rejected line.
    pub fn reject(&mut self, reject: Reject) {
        self.lost(reject.file, 1, 0);
        if self.rejects.len() < REJECTS_KEPT {
            self.rejects.push(reject);
        }
    }

    /// Counts rejects and damaged bytes of a file without their details.
    pub fn lost(&mut self, file: u32, rejects: u64, bytes: u64) {
        self.rejected_lines += rejects;
        self.damaged_bytes += bytes;
        if let Some(file) = self.files.get_mut(file as usize) {
            file.rejected += rejects;
            file.damaged += bytes;
        }
    }

    /// Lines read in all files, rejected ones included.
    pub fn lines(&self) -> u64 {
        self.files.iter().map(|file| file.lines).sum()
    }

    /// Flows read in all files.
    pub fn flows(&self) -> u64 {
        self.files.iter().map(|file| file.flows).sum()
    }

    /// Notes an event that is no flow.
    pub fn event(&mut self, kind: String) {
        let is_told = self.events.len() < KINDS || self.events.contains_key(&kind);
        let kind = if is_told { kind } else { "other".to_owned() };
        *self.events.entry(kind).or_default() += 1;
    }

    /// Notes a damaged stretch.
    pub fn damaged(&mut self, damage: Damage) {
        self.lost(damage.file, 0, damage.bytes);
        if self.damage.len() < REJECTS_KEPT {
            self.damage.push(damage);
        }
    }

    /// Rejected lines without details in `rejects`.
    pub fn rejects_not_kept(&self) -> u64 {
        self.rejected_lines
            .saturating_sub(self.rejects.len() as u64)
    }

    /// What could not be used, in words for a person, a kind each.
    pub fn losses(&self) -> Vec<String> {
        let name = |file: u32| &self.files[file as usize].name;
        let mut words = Vec::new();
        if let Some(first) = self.rejects.first() {
            words.push(format!(
                "rejected lines: {} (first: {} {}: {})",
                self.rejected_lines,
                name(first.file),
                first.site(),
                first.reason
            ));
        }
        if let Some(first) = self.damage.first() {
            words.push(format!(
                "damaged bytes: {} (first: {} at byte {}: {})",
                self.damaged_bytes,
                name(first.file),
                first.offset,
                first.reason
            ));
        }
        if self.unreadable_values > 0 {
            let values = self.unreadable_values;
            words.push(format!(
                "values that do not fit their field, taken as unknown: {values}"
            ));
        }
        words
    }

    /// Bytes read and, if all sizes are known, bytes in all.
    pub fn progress(&self) -> (u64, Option<u64>) {
        let read = self.files.iter().map(|file| file.read).sum();
        (read, self.files.iter().map(|file| file.size).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intake() -> Intake {
        let file = |name: &str, read, size| FileIntake {
            name: name.to_owned(),
            read,
            size,
            ..FileIntake::default()
        };
        Intake {
            files: vec![file("a", 10, Some(40)), file("b", 5, Some(60))],
            ..Intake::default()
        }
    }

    #[test]
    fn what_went_well_is_not_told_of() {
        assert!(intake().losses().is_empty());
        let odd = Intake {
            unreadable_values: 3,
            ..intake()
        };
        assert_eq!(odd.losses().len(), 1);
        assert!(odd.losses()[0].ends_with(": 3"), "{:?}", odd.losses());
    }

    #[test]
    fn damage_is_all_counted_and_the_first_of_it_listed() {
        let mut intake = intake();
        for at in 0..REJECTS_KEPT as u64 + 2 {
            intake.damaged(Damage {
                file: 1,
                offset: at * 7,
                bytes: 7,
                reason: String::new(),
            });
        }
        let bytes = 7 * (REJECTS_KEPT as u64 + 2);
        assert_eq!(
            (intake.damaged_bytes, intake.files[1].damaged),
            (bytes, bytes)
        );
        assert_eq!(intake.files[0].damaged, 0);
        assert_eq!(intake.damage.len(), REJECTS_KEPT);
        assert_eq!(intake.damage[1].offset, 7);
    }

    #[test]
    fn progress_is_of_all_files_if_all_have_a_size() {
        let mut intake = intake();
        assert_eq!(intake.progress(), (15, Some(100)));
        intake.files[0].size = None;
        assert_eq!(intake.progress(), (15, None));
    }

    #[test]
    fn records_of_every_kind_that_were_skipped_add_up() {
        let mut account = Skipped {
            options: 1,
            no_address: 20,
            phantom: 300,
            malformed: 4000,
            events: 50_000,
        };
        assert_eq!(account.total(), 54_321);
        account.add(account);
        assert_eq!(account.total(), 108_642);
        assert_eq!((account.malformed, account.events), (8000, 100_000));
    }
}
