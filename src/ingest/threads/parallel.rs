//! Many threads on one gzip file of many members: each takes a stretch of the
//! file, finds the first member that begins in it, and decodes all lines that
//! begin in members of the stretch. The stretches are taken in file order, and
//! one counts only if it begins exactly where the one before it ended, else it
//! is read again from there: what comes out never depends on the threads.
//!
//! The thread that takes them reads, too, whenever it would have to wait: so
//! there are no more threads than cores, and none has to be woken for each batch.

use std::fs::File;
use std::sync::Arc;
use std::thread;

use super::readers::Readers;
use super::stretch::{Answer, Position, Stretch, entries_at, gzip_at, position, stretches};
use crate::ingest::batch::{Batch, Stop, read, reason};
use crate::ingest::decoder::Decoder;
use crate::ingest::inflate::overrun::Overrun;
use crate::ingest::text::entries::Entries;

/// Members of a collector are small: one that begins within this is not the only one.
const SMALL: u64 = 256 << 10;

/// Whether a gzip file has so many members that threads can share it.
pub fn has_many_members(file: &Arc<File>) -> bool {
    let next = entries_at(file, 1).seek_member(SMALL);
    next.is_ok_and(|member| member.is_some()) && Entries::are_lines(gzip_at(file, 0))
}

/// Reads a file with several threads, of which this one is one. `take` is given
/// the batches in order, with their lines numbered from 1; when it answers
/// false, reading stops.
pub fn read_file(
    file: &Arc<File>,
    size: u64,
    threads: usize,
    mut take: impl FnMut(&mut Batch) -> bool,
) -> bool {
    thread::scope(|scope| {
        let mut readers = Readers::new(scope, file, stretches(size), threads);
        let mut order = Order {
            file,
            expected: Some((0, 0, Overrun::default())),
            line: 0,
            decoder: Decoder::default(),
        };
        while let Some(stretch) = readers.next_stretch() {
            if !order.take_stretch(stretch, &mut readers, &mut take) {
                return false;
            }
        }
        true
    })
}

/// Puts what the threads found in order.
struct Order<'a> {
    file: &'a Arc<File>,
    /// Where the next line begins; `None` at the end of the file.
    expected: Option<Position>,
    /// Lines before that.
    line: u64,
    /// For lines that are not decoded ahead.
    decoder: Decoder,
}

impl Order<'_> {
    /// Takes all that is said of a stretch; false when no more is wanted.
    fn take_stretch(
        &mut self,
        stretch: Stretch,
        readers: &mut Readers<'_, impl Iterator<Item = Stretch>>,
        take: &mut impl FnMut(&mut Batch) -> bool,
    ) -> bool {
        readers.want_from(self.expected.map_or(u64::MAX, |next| next.0));
        let mut valid = false;
        while let Some(answer) = readers.answer() {
            match answer {
                Answer::Begins(first) => {
                    valid = first.is_some() && first == self.expected;
                    if !valid {
                        readers.want_from(stretch.end);
                    }
                }
                Answer::Batch(mut batch) => {
                    let is_own = valid && batch.finish(&mut self.decoder);
                    batch.renumber(self.line);
                    if valid && !take(&mut batch) {
                        return false;
                    }
                    if !is_own {
                        readers.give_back(batch);
                    }
                }
                Answer::Ends { next, lines } => {
                    if valid {
                        self.expected = next;
                        self.line += lines;
                        return true;
                    }
                    return self.read_again(stretch, take);
                }
            }
        }
        false
    }

    /// Reads what is left of a stretch from where the one before it ended.
    fn read_again(&mut self, stretch: Stretch, take: &mut impl FnMut(&mut Batch) -> bool) -> bool {
        let Some((member, skip, overrun)) = self.expected.filter(|next| next.0 < stretch.end)
        else {
            return true;
        };
        let mut lines = entries_at(self.file, member);
        lines.go_on(overrun);
        let skipped = lines.skip(skip);
        self.expected = None;
        if let Err(error) = skipped {
            let failure = Some(reason(&error));
            return take(&mut Batch {
                failure,
                ..Batch::default()
            });
        }
        let mut stop = Stop::Full;
        while stop == Stop::Full {
            let (mut batch, stopped) = read(&mut lines, &mut self.decoder, stretch.end);
            stop = stopped;
            batch.renumber(self.line);
            if !take(&mut batch) {
                return false;
            }
        }
        self.line += lines.line();
        if let Stop::At(place) = stop {
            self.expected = Some(position(&lines, place));
            self.line -= 1;
        }
        true
    }
}
