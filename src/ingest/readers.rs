//! The threads that read a file's stretches, and who reads which.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::thread::Scope;

use super::again::At;
use super::batch::{Batch, Stop, read};
use super::entries::{Entries, Frame};
use super::export::Decoder;
use super::lines::Lines;
use super::overrun::Overrun;
use super::window::Window;
use crate::model::flow::Place;

/// The first stretch is short, so that its rows are soon on the screen.
const FIRST: u64 = 16 << 10;
const LONGEST: u64 = 512 << 10;
/// Answers of a thread that may wait to be taken.
const AHEAD: usize = 32;
/// Stretches that another thread is given ahead: more than the one it is working on.
const GIVEN: usize = 3;
/// Stretches that are read ahead by the thread that takes them.
const OWN: usize = 3;

/// A place in the inflated file: offset of a member, inflated bytes after its begin,
/// and what damaged members before it had run over.
pub type Position = (u64, u64, Overrun);

/// A stretch of the file.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    /// Where it begins.
    pub begin: u64,
    /// Where the next one begins.
    pub end: u64,
}

/// The stretches of a file of this size: growing, each as long as all before it.
pub fn stretches(size: u64) -> impl Iterator<Item = Stretch> {
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
pub enum Answer {
    /// Where its first line begins; nowhere when no member begins in it.
    Begins(Option<Position>),
    /// Lines of it.
    Batch(Batch),
    /// It is done.
    Ends {
        /// Where the first line after it begins; nowhere at the end of the file.
        next: Option<Position>,
        /// How many lines it has.
        lines: u64,
    },
}

/// The position of a line that was read.
pub fn position(lines: &Entries, place: Place) -> Position {
    (place.member, place.skip, lines.overrun(place.member))
}

/// The lines of a gzip file from an offset on.
pub fn lines_at(file: &Arc<File>, offset: u64) -> Entries {
    Entries::within(gzip_at(file, offset), Frame::Lines)
}

/// The same before it is known that its text has lines.
pub fn gzip_at(file: &Arc<File>, offset: u64) -> Lines {
    let reader = At {
        file: file.clone(),
        offset,
    };
    Lines::gzip(Window::new(Box::new(reader), offset))
}

/// A stretch that is being read: the answers, one after the other.
struct Reading {
    lines: Entries,
    stretch: Stretch,
    decoder: Decoder,
    stage: Stage,
}

/// What is to be said next of a stretch.
enum Stage {
    Begin,
    Batch,
    End(Option<Place>),
    Over,
}

impl Reading {
    fn new(file: &Arc<File>, stretch: Stretch, decoder: Decoder) -> Self {
        Reading {
            lines: lines_at(file, stretch.begin),
            stretch,
            decoder,
            stage: Stage::Begin,
        }
    }
}

impl Iterator for Reading {
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        match self.stage {
            Stage::Begin => {
                let first = self.lines.seek_member(self.stretch.end).ok().flatten();
                self.stage = first.map_or(Stage::End(None), |_| Stage::Batch);
                let begins = first.map(|member| (member, 0, Overrun::default()));
                Some(Answer::Begins(begins))
            }
            Stage::Batch => {
                let (batch, stop) = read(&mut self.lines, &mut self.decoder, self.stretch.end);
                self.stage = match stop {
                    Stop::Full => Stage::Batch,
                    Stop::At(place) => Stage::End(Some(place)),
                    Stop::End => Stage::End(None),
                };
                Some(Answer::Batch(batch))
            }
            Stage::End(place) => {
                self.stage = Stage::Over;
                // the line that is not wanted was read, too
                let lines = self.lines.line() - u64::from(place.is_some());
                let next = place.map(|place| position(&self.lines, place));
                Some(Answer::Ends { next, lines })
            }
            Stage::Over => None,
        }
    }
}

/// Another thread: what it is given to read, what it says of it, and what is left
/// of that.
struct Worker {
    todo: SyncSender<Stretch>,
    answers: Receiver<Answer>,
    used: SyncSender<Batch>,
}

impl Worker {
    fn spawn<'scope>(scope: &'scope Scope<'scope, '_>, file: &'scope Arc<File>) -> Self {
        let (todo, tasks) = sync_channel(GIVEN);
        let (tell, answers) = sync_channel(AHEAD);
        let (used, back) = sync_channel::<Batch>(AHEAD);
        scope.spawn(move || {
            let mut decoder = Decoder::default();
            while let Ok(stretch) = tasks.recv() {
                let mut reading = Reading::new(file, stretch, decoder);
                for answer in reading.by_ref() {
                    // nobody listens any more: the file is not wanted
                    if tell.send(answer).is_err() {
                        return;
                    }
                    back.try_iter().for_each(drop);
                }
                decoder = reading.decoder;
            }
        });
        Worker {
            todo,
            answers,
            used,
        }
    }
}

/// All threads that read, and who reads which stretch.
pub struct Readers<'a, S> {
    file: &'a Arc<File>,
    workers: Vec<Worker>,
    /// Stretches that nobody has yet.
    rest: S,
    /// Those that somebody has, in the order of the file; none is this thread.
    given: VecDeque<(Stretch, Option<usize>)>,
    /// Who has the stretch that is being taken.
    now: Option<usize>,
    /// What this thread reads, and what it has read of that.
    own: Option<Reading>,
    read: VecDeque<Answer>,
    decoder: Decoder,
}

impl<'scope, S: Iterator<Item = Stretch>> Readers<'scope, S> {
    /// So many threads, this one among them, for the stretches of a file.
    pub fn new(
        scope: &'scope Scope<'scope, '_>,
        file: &'scope Arc<File>,
        rest: S,
        threads: usize,
    ) -> Self {
        let workers = (1..threads).map(|_| Worker::spawn(scope, file));
        let mut readers = Readers {
            file,
            workers: workers.collect(),
            rest,
            given: VecDeque::new(),
            now: None,
            own: None,
            read: VecDeque::new(),
            decoder: Decoder::default(),
        };
        for _ in 0..GIVEN {
            (0..readers.workers.len()).for_each(|worker| readers.give(worker));
        }
        readers
    }

    /// The stretch that is taken next; what is said of it follows.
    pub fn next_stretch(&mut self) -> Option<Stretch> {
        if let Some(worker) = self.now {
            self.give(worker);
        }
        if self.given.is_empty() {
            self.begin();
        }
        let (stretch, who) = self.given.pop_front()?;
        self.now = who;
        Some(stretch)
    }

    fn give(&mut self, worker: usize) {
        if let Some(stretch) = self.rest.next()
            && self.workers[worker].todo.send(stretch).is_ok()
        {
            self.given.push_back((stretch, Some(worker)));
        }
    }

    /// Begins to read a stretch on this thread.
    fn begin(&mut self) {
        if let Some(stretch) = self.rest.next() {
            self.given.push_back((stretch, None));
            let decoder = std::mem::take(&mut self.decoder);
            self.own = Some(Reading::new(self.file, stretch, decoder));
        }
    }

    /// What is said next of the stretch that is being taken.
    pub fn answer(&mut self) -> Option<Answer> {
        let Some(worker) = self.now else {
            return self.read.pop_front().or_else(|| self.read_on());
        };
        loop {
            match self.workers[worker].answers.try_recv() {
                Ok(answer) => return Some(answer),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            let own = self.given.iter().filter(|given| given.1.is_none());
            if self.own.is_none() && own.count() < OWN {
                self.begin();
            }
            match self.read_on() {
                Some(answer) => self.read.push_back(answer),
                None => return self.workers[worker].answers.recv().ok(),
            }
        }
    }

    /// Gives back what was taken of the stretch that is being taken.
    pub fn give_back(&self, batch: Batch) {
        if let Some(worker) = self.now {
            // one that has no time for it, or is done, need not have it
            let _ = self.workers[worker].used.try_send(batch);
        }
    }

    /// Reads the next batch on this thread.
    fn read_on(&mut self) -> Option<Answer> {
        let answer = self.own.as_mut()?.next();
        if let Some(Answer::Ends { .. }) = answer
            && let Some(done) = self.own.take()
        {
            self.decoder = done.decoder;
        }
        answer
    }
}
