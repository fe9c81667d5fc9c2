//! Many threads on one gzip file of many members: each takes a stretch of the
//! file, finds the first member that begins in it, and decodes all lines that
//! begin in members of the stretch. The stretches are taken in file order, and
//! one counts only if it begins exactly where the one before it ended, else it
//! is read again from there: what comes out never depends on the threads.

use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::again::At;
use super::batch::{Batch, Stop, read, reason};
use super::entries::{Entries, Frame};
use super::export::Decoder;
use super::lines::Lines;
use super::overrun::Overrun;
use super::window::Window;
use crate::model::flow::Place;

/// The first stretch is short, so that its rows are soon on the screen.
const FIRST: u64 = 16 << 10;
const LONGEST: u64 = 1 << 20;
/// Answers of a thread that may wait to be taken.
const AHEAD: usize = 32;

/// A place in the inflated file: offset of a member, inflated bytes after its begin,
/// and what damaged members before it had run over.
type Position = (u64, u64, Overrun);

/// A stretch of the file.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    begin: u64,
    end: u64,
}

/// The stretches of a file of this size: growing, each as long as all before it.
fn stretches(size: u64) -> impl Iterator<Item = Stretch> {
    let mut begin = 0;
    std::iter::from_fn(move || {
        let length = begin.clamp(FIRST, LONGEST);
        let stretch = Stretch {
            begin,
            end: if begin + length >= size {
                u64::MAX
            } else {
                begin + length
            },
        };
        (begin < size).then(|| {
            begin += length;
            stretch
        })
    })
}

/// What a thread says of its stretch, in this order: where its first line
/// begins, the batches, where the first line after it begins.
enum Answer {
    Begins(Option<Position>),
    Batch(Batch),
    Ends { next: Option<Position>, lines: u64 },
}

/// Members of a collector are small: one that begins within this is not the only one.
const SMALL: u64 = 256 << 10;

/// Whether a gzip file has so many members that threads can share it.
pub fn has_many_members(file: &Arc<File>) -> bool {
    let next = lines_at(file, 1).seek_member(SMALL);
    next.is_ok_and(|member| member.is_some()) && Entries::are_lines(gzip_at(file, 0))
}

/// Reads a file with several threads. `take` is given the batches in order,
/// with their lines numbered from 1; when it answers false, reading stops.
pub fn read_file(
    file: &Arc<File>,
    size: u64,
    threads: usize,
    mut take: impl FnMut(Batch) -> bool,
) -> bool {
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let (tasks, todo) = sync_channel(1);
                let (answers, results) = sync_channel(AHEAD);
                scope.spawn(move || work(file, &todo, &answers));
                (tasks, results)
            })
            .collect();
        let mut order = Order {
            file,
            expected: Some((0, 0, Overrun::default())),
            line: 0,
        };
        let all: Vec<Stretch> = stretches(size).collect();
        for (number, stretch) in all.iter().enumerate() {
            // each thread always has one stretch more than it is working on
            let ahead = if number == 0 {
                0..2 * threads
            } else {
                number + 2 * threads - 1..number + 2 * threads
            };
            for next in ahead {
                if let Some(next_stretch) = all.get(next)
                    && workers[next % threads].0.send(*next_stretch).is_err()
                {
                    return false;
                }
            }
            if !order.take_stretch(*stretch, &workers[number % threads].1, &mut take) {
                return false;
            }
        }
        true
    })
}

fn work(file: &Arc<File>, todo: &Receiver<Stretch>, answers: &SyncSender<Answer>) {
    let mut decoder = Decoder::default();
    while let Ok(stretch) = todo.recv() {
        if work_on(file, stretch, &mut decoder, answers).is_none() {
            return;
        }
    }
}

/// Reads a stretch; `None` when nobody listens any more.
fn work_on(
    file: &Arc<File>,
    stretch: Stretch,
    decoder: &mut Decoder,
    answers: &SyncSender<Answer>,
) -> Option<()> {
    let tell = |answer| answers.send(answer).ok();
    let mut lines = lines_at(file, stretch.begin);
    let first = lines.seek_member(stretch.end).ok().flatten();
    let begins = first.map(|member| (member, 0, Overrun::default()));
    tell(Answer::Begins(begins))?;
    let (mut next, mut count) = (None, 0);
    let mut stop = if first.is_some() {
        Stop::Full
    } else {
        Stop::End
    };
    while stop == Stop::Full {
        let (batch, stopped) = read(&mut lines, decoder, stretch.end);
        tell(Answer::Batch(batch))?;
        stop = stopped;
        count = lines.line();
        if let Stop::At(place) = stop {
            next = Some(position(&lines, place));
            count -= 1;
        }
    }
    tell(Answer::Ends { next, lines: count })
}

fn position(lines: &Entries, place: Place) -> Position {
    (place.member, place.skip, lines.overrun(place.member))
}

fn lines_at(file: &Arc<File>, offset: u64) -> Entries {
    Entries::within(gzip_at(file, offset), Frame::Lines)
}

fn gzip_at(file: &Arc<File>, offset: u64) -> Lines {
    let reader = At {
        file: file.clone(),
        offset,
    };
    Lines::gzip(Window::new(Box::new(reader), offset))
}

/// Puts what the threads found in order.
struct Order<'a> {
    file: &'a Arc<File>,
    /// Where the next line begins; `None` at the end of the file.
    expected: Option<Position>,
    /// Lines before that.
    line: u64,
}

impl Order<'_> {
    /// Takes all that is said of a stretch; false when no more is wanted.
    fn take_stretch(
        &mut self,
        stretch: Stretch,
        answers: &Receiver<Answer>,
        take: &mut impl FnMut(Batch) -> bool,
    ) -> bool {
        let mut valid = false;
        while let Ok(answer) = answers.recv() {
            match answer {
                Answer::Begins(first) => valid = first.is_some() && first == self.expected,
                Answer::Batch(batch) if valid => {
                    if !take(self.numbered(batch)) {
                        return false;
                    }
                }
                Answer::Batch(_) => {}
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

    fn numbered(&self, mut batch: Batch) -> Batch {
        batch.renumber(self.line);
        batch
    }

    /// Reads what is left of a stretch from where the one before it ended.
    fn read_again(&mut self, stretch: Stretch, take: &mut impl FnMut(Batch) -> bool) -> bool {
        let Some((member, skip, overrun)) = self.expected.filter(|next| next.0 < stretch.end)
        else {
            return true;
        };
        let mut lines = lines_at(self.file, member);
        lines.go_on(overrun);
        let mut decoder = Decoder::default();
        let skipped = lines.skip(skip);
        self.expected = None;
        if let Err(error) = skipped {
            let failure = Some(reason(&error));
            return take(Batch {
                failure,
                ..Batch::default()
            });
        }
        let mut stop = Stop::Full;
        while stop == Stop::Full {
            let (batch, stopped) = read(&mut lines, &mut decoder, stretch.end);
            stop = stopped;
            if !take(self.numbered(batch)) {
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
