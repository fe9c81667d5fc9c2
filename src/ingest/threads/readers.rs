//! The threads that read a file's stretches, and who reads which.

use std::collections::VecDeque;
use std::fs::File;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, Sender, SyncSender, TryRecvError, sync_channel};
use std::thread::{Builder, Scope};

use super::ahead::Ahead;
use super::stretch::{Answer, Reading, Stretch, Wanted};
use crate::ingest::batch::Batch;
use crate::ingest::decoder::Decoder;

/// Answers of a thread that may wait to be taken.
const AHEAD: usize = 32;
/// Stretches that another thread is given ahead: more than the one it is working on.
const GIVEN: usize = 3;
/// Stretches that are read ahead by the thread that takes them.
const OWN: usize = 3;
/// Lines and flows that a thread reads ahead: small lines of small members may be without end.
const HELD: usize = 1 << 17;

/// Another thread: what it is given to read, what it says of it, and what is left
/// of that.
struct Worker {
    todo: SyncSender<Stretch>,
    answers: Receiver<Answer>,
    /// Is told what they weigh.
    taken: Sender<usize>,
    used: SyncSender<Batch>,
}

impl Worker {
    /// Starts one, if the system has a thread for it.
    fn spawn<'scope>(
        scope: &'scope Scope<'scope, '_>,
        file: &'scope Arc<File>,
        wanted: Wanted,
    ) -> Option<Self> {
        let (todo, tasks) = sync_channel(GIVEN);
        let (tell, answers) = sync_channel(AHEAD);
        let (used, back) = sync_channel::<Batch>(AHEAD);
        let (mut ahead, taken) = Ahead::new(HELD);
        let work = move || {
            let mut decoder = Decoder::default();
            while let Ok(stretch) = tasks.recv() {
                let mut reading = Reading::new(file, stretch, decoder, &wanted);
                for answer in reading.by_ref() {
                    let weight = answer.weight();
                    // nobody listens any more: the file is not wanted
                    if tell.send(answer).is_err() || !ahead.add(weight) {
                        return;
                    }
                    back.try_iter().for_each(drop);
                }
                decoder = reading.decoder;
            }
        };
        Builder::new().spawn_scoped(scope, work).ok()?;
        Some(Worker {
            todo,
            answers,
            taken,
            used,
        })
    }

    /// An answer that was taken: there is room for others.
    fn took(&self, answer: Answer) -> Answer {
        // one that is done need not know
        let _ = self.taken.send(answer.weight());
        answer
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
    /// The weight of that.
    held: usize,
    decoder: Decoder,
    wanted: Wanted,
}

impl<'scope, S: Iterator<Item = Stretch>> Readers<'scope, S> {
    /// `threads` threads, this one among them, for the stretches of a file; fewer where
    /// the system has no more.
    pub fn new(
        scope: &'scope Scope<'scope, '_>,
        file: &'scope Arc<File>,
        rest: S,
        threads: usize,
    ) -> Self {
        let wanted = Wanted::default();
        let workers = (1..threads).map_while(|_| Worker::spawn(scope, file, wanted.clone()));
        let mut readers = Readers {
            file,
            workers: workers.collect(),
            rest,
            given: VecDeque::new(),
            now: None,
            own: None,
            read: VecDeque::new(),
            held: 0,
            decoder: Decoder::default(),
            wanted,
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
            self.own = Some(Reading::new(self.file, stretch, decoder, &self.wanted));
        }
    }

    /// What is said next of the stretch that is being taken.
    pub fn answer(&mut self) -> Option<Answer> {
        let Some(worker) = self.now else {
            let Some(answer) = self.read.pop_front() else {
                return self.read_on();
            };
            self.held -= answer.weight();
            return Some(answer);
        };
        loop {
            match self.workers[worker].answers.try_recv() {
                Ok(answer) => return Some(self.workers[worker].took(answer)),
                Err(TryRecvError::Disconnected) => return None,
                Err(TryRecvError::Empty) => {}
            }
            let own = self.given.iter().filter(|given| given.1.is_none());
            if self.own.is_none() && own.count() < OWN {
                self.begin();
            }
            let ahead = (self.held < HELD).then(|| self.read_on()).flatten();
            match ahead {
                Some(answer) => {
                    self.held += answer.weight();
                    self.read.push_back(answer);
                }
                None => {
                    let worker = &self.workers[worker];
                    return worker.answers.recv().ok().map(|answer| worker.took(answer));
                }
            }
        }
    }

    /// Stretches that end before this are not wanted any more.
    pub fn want_from(&self, offset: u64) {
        self.wanted.fetch_max(offset, Ordering::Relaxed);
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
