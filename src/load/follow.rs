//! Following files: what is appended to them, the files that take over their
//! names, those that appear in their directories. They are looked at in turn, as
//! `tail -F` does; a name counts for nothing, since files are told apart by
//! device and inode, and none is read twice.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::awaited::{Arrival, Awaited};
use super::done::Done;
use super::followed::Followed;
use super::known::Known;
use super::loader::Loader;
use super::reasons::Reasons;
use super::snapshot::Snapshot;
use super::watch::Watch;
use crate::ingest::decoder::Decoder;
use crate::ingest::library::Library;
use crate::ingest::source::{InputName, regular_files};
use crate::ingest::tail::{News, Tail};

/// How long files are left alone after a look at them.
pub const CALM: Duration = Duration::from_millis(20);
/// And how long it takes until the next one, where nobody tells of changes.
const LOOK: Duration = Duration::from_millis(130);
/// How often directories are looked into, and the beat is taken.
const BEAT: Duration = Duration::from_secs(1);
/// A file that lost its name and has not grown for so long is whole.
const GRACE: Duration = Duration::from_secs(5);
/// Files without their names that may still grow.
const NAMELESS: usize = 8;

/// Follows files.
pub struct Follower {
    named: Vec<Followed>,
    /// Files whose name another one has now, the newest last.
    nameless: Vec<Followed>,
    /// Files that are not looked at any more.
    done: Done,
    /// All of these.
    known: Known,
    directories: Vec<PathBuf>,
    awaited: Awaited,
    library: Arc<Library>,
    decoder: Decoder,
    watch: Watch,
    beat: Instant,
    reasons: Reasons,
}

impl Follower {
    /// Follows these files, those that are awaited, and what appears in these
    /// directories.
    pub fn new(
        tails: Vec<Tail>,
        awaited: Awaited,
        directories: Vec<PathBuf>,
        library: Arc<Library>,
    ) -> Self {
        let (mut watch, mut known) = (Watch::new(), Known::default());
        for tail in &tails {
            watch.add(tail.path.as_deref());
            known.add(tail);
            if !tail.is_held_by_name() {
                library.found(tail.number, tail.origin.clone());
            }
        }
        Follower {
            named: tails.into_iter().map(Followed::new).collect(),
            nameless: Vec::new(),
            done: Done::default(),
            known,
            directories,
            awaited,
            library,
            decoder: Decoder::default(),
            watch,
            beat: Instant::now(),
            reasons: Reasons::new(),
        }
    }

    /// Whether there is anything that may grow; a pipe is read to its end.
    pub fn has_files(&self) -> bool {
        !self.named.is_empty() || !self.directories.is_empty() || !self.awaited.is_empty()
    }

    /// One look at everything; false when nobody wants more.
    pub fn look(
        &mut self,
        loader: &mut Loader,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        let told = self.watch.wait(LOOK);
        let beats = self.beat.elapsed() >= BEAT;
        if beats {
            self.beat = Instant::now();
            self.look_around(loader);
        }
        let due = told || beats || self.rests();
        if due && !self.look_at_files(loader, publish) {
            return false;
        }
        while self.nameless.len() > NAMELESS {
            let oldest = self.nameless.remove(0).tail;
            loader.settle(oldest.number);
            self.done.add(oldest);
        }
        if beats {
            loader.beat();
            if !publish(loader.snapshot(true)) {
                return false;
            }
        }
        self.reasons.look(loader);
        loader.publish_news(publish)
    }

    /// Whether a file may have changed that was not to be looked at then.
    fn rests(&self) -> bool {
        let files = self.named.iter().chain(&self.nameless);
        files.into_iter().any(Followed::rests)
    }

    fn look_at_files(
        &mut self,
        loader: &mut Loader,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        (0..self.named.len()).all(|place| self.look_at_named(place, loader, publish))
            && (0..self.nameless.len()).all(|place| self.look_at_nameless(place, loader, publish))
    }

    fn look_at_named(
        &mut self,
        place: usize,
        loader: &mut Loader,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        let followed = &mut self.named[place];
        let number = followed.tail.number;
        match followed.look() {
            News::None => true,
            News::Grown => self.read(place, loader, publish),
            News::Rewritten => self.start_over(place, 0, loader),
            News::Cut(size) => self.start_over(place, size, loader),
            News::Replaced => {
                let path = followed.tail.path.as_deref();
                let next = path.and_then(|path| Tail::open(path, 0).ok());
                // a file that is known moved here from another name
                let next = next.and_then(|next| self.unknown(next));
                if next.is_some() {
                    loader.account(number).name += " (rotated)";
                }
                if let Some(old) = self.renew(place, next, loader) {
                    self.nameless.push(old);
                }
                true
            }
        }
    }

    /// Goes on with a file that was written anew, or cut to so many bytes that were there
    /// before.
    fn start_over(&mut self, place: usize, left: u64, loader: &mut Loader) -> bool {
        let old = &self.named[place].tail;
        let certain = *loader.held.next(old.number);
        let points = self.library.points(old.number);
        let goes_on = old.behind_cut(left, certain, points);
        let (Ok(next), Ok(goes_on)) = (old.anew(), goes_on) else {
            // the next look tries again
            return true;
        };
        if left > 0 && goes_on == certain {
            // what was half written is read once it is whole
            loader.held.forget(old.number);
        }
        loader.settle(old.number);
        loader.account(old.number).name += " (truncated)";
        if self.renew(place, Some(next), loader).is_some() {
            *loader.held.next(self.named[place].tail.number) = goes_on;
        }
        true
    }

    /// Puts a file that is not known yet in the place of another one.
    fn renew(&mut self, place: usize, next: Option<Tail>, loader: &mut Loader) -> Option<Followed> {
        let next = Followed::new(self.number(next?, loader));
        Some(std::mem::replace(&mut self.named[place], next))
    }

    /// Gives a file its number in the table.
    fn number(&mut self, mut tail: Tail, loader: &mut Loader) -> Tail {
        self.know(&tail);
        let path = tail.path.clone();
        let source = path.map_or(InputName::Standard, InputName::Path);
        self.library.add([(tail.origin.clone(), None)]);
        tail.number = loader.file(source.name(), Some(0));
        tail
    }

    /// A file, unless it is one of those that are known. What is held by its name alone and has
    /// lost it is looked for here: the file may have another one, or another file its number
    /// on the disk.
    fn unknown(&mut self, file: Tail) -> Option<Tail> {
        if !self.known.has(&file) {
            return Some(file);
        }
        let followed = self.named.iter_mut().chain(&mut self.nameless);
        let mut all = followed.map(|it| &mut it.tail).chain(self.done.iter_mut());
        let astray = all.find(|tail| tail.id() == file.id() && tail.is_astray())?;
        // where that cannot be found out now, it is asked again
        if !astray.finds_itself(&file).ok()? {
            return Some(file);
        }
        self.library.found(astray.number, astray.origin.clone());
        self.watch.add(astray.path.as_deref());
        self.known.add_name(astray);
        None
    }

    fn know(&mut self, tail: &Tail) {
        self.watch.add(tail.path.as_deref());
        self.known.add(tail);
    }

    fn look_at_nameless(
        &mut self,
        place: usize,
        loader: &mut Loader,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        let followed = &mut self.nameless[place];
        match followed.look() {
            News::Grown => {
                let came = followed.read(&mut self.decoder, &self.library, loader, publish);
                self.reasons.flows_came();
                return came;
            }
            News::None | News::Replaced if followed.grown.elapsed() < GRACE => {}
            _ => loader.settle(followed.tail.number),
        }
        true
    }

    fn read(
        &mut self,
        place: usize,
        loader: &mut Loader,
        publish: &mut impl FnMut(Snapshot) -> bool,
    ) -> bool {
        self.reasons.flows_came();
        self.named[place].read(&mut self.decoder, &self.library, loader, publish)
    }

    /// Looks for files that are awaited.
    fn look_out(&mut self, loader: &mut Loader) {
        for arrival in self.awaited.look() {
            // that it was not there is no loss any more
            loader.held.forget(arrival.number());
            match arrival {
                Arrival::Directory(_, directory) => self.directories.push(directory),
                Arrival::Refused(number, reason) => {
                    loader.reject(number, None, 0, reason);
                    loader.settle(number);
                    loader.changed();
                }
                // it may be one that is followed by another name
                Arrival::File(tail) if self.known.has(&tail) => {}
                Arrival::File(tail) => {
                    self.know(&tail);
                    self.library.found(tail.number, tail.origin.clone());
                    self.named.push(Followed::new(tail));
                }
            }
        }
    }

    /// Looks for files that have appeared, also in the directories.
    fn look_around(&mut self, loader: &mut Loader) {
        self.done.let_go(&mut self.known);
        self.look_out(loader);
        for directory in self.directories.clone() {
            for path in regular_files(&directory).unwrap_or_default() {
                if self.known.may_be_new(&path)
                    && let Ok(tail) = Tail::open(&path, 0)
                    && let Some(tail) = self.unknown(tail)
                {
                    let tail = self.number(tail, loader);
                    self.named.push(Followed::new(tail));
                }
            }
        }
    }
}
