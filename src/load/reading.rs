//! Reading the inputs to their ends, each as it is read fastest: by many threads,
//! by those that inflate and decode what one reads, or in place.

use super::loader::{Loader, PACE};
use super::snapshot::Snapshot;
use crate::ingest::again::Origin;
use crate::ingest::batch::{self, Batch};
use crate::ingest::inflate::sniff::Form;
use crate::ingest::inputs::{Input, Ready};
use crate::ingest::library::Library;
use crate::ingest::open::{Opened, open, reopen};
use crate::ingest::source::InputName;
use crate::ingest::tail::Tail;
use crate::ingest::threads::{parallel, piped};

/// Bytes of a file that is read sooner than threads are started for it.
const SMALL: u64 = 16 << 10;

/// Who reads, and where it goes.
pub struct Reading<'a, P> {
    /// Takes what is read.
    pub loader: &'a mut Loader,
    /// Takes where large members can be inflated from.
    pub library: &'a Library,
    /// Threads that read.
    pub threads: usize,
    /// Is called now and then; when it answers false, nobody wants more.
    pub publish: &'a mut P,
}

impl<P: FnMut(Snapshot) -> bool> Reading<'_, P> {
    /// Reads all inputs; the files that can be followed from there are handed on, open.
    /// False when nobody wants more.
    pub fn read_all(&mut self, inputs: Vec<Input>, mut tails: impl FnMut(Tail)) -> bool {
        for input in &inputs {
            self.loader.file(input.source.name(), input.size);
        }
        for (number, input) in inputs.into_iter().enumerate() {
            match self.read(number as u32, input) {
                Some(tail) => tail.into_iter().for_each(&mut tails),
                None => return false,
            }
        }
        true
    }

    /// Reads one input; answers the file if there is one, or nothing when nobody
    /// wants more.
    fn read(&mut self, number: u32, input: Input) -> Option<Option<Tail>> {
        let Input { source, ready, .. } = input;
        let has_not_begun = matches!(ready, Ready::Unsniffed(_));
        if has_not_begun && !self.loader.wait(number, self.publish) {
            return None;
        }
        let path = match &source {
            InputName::Path(path) => Some(path.clone()),
            InputName::Standard => None,
        };
        // what cannot be read now may be followed
        let named = || Tail::open(path.as_deref()?, number).ok();
        let kept = |origin: Origin| Tail::new(path.clone(), origin.open().ok()?, number).ok();
        let opened = match ready {
            Ready::Opened(opened) => Ok(opened),
            Ready::Unsniffed(unsniffed) => unsniffed.open().map_err(|error| (error, None)),
            Ready::Named => open(&source).map_err(|error| (error, named())),
            Ready::Kept(origin) => {
                reopen(source.name(), &origin).map_err(|error| (error, kept(origin)))
            }
            Ready::Missing(error) => Err((error, None)),
        };
        let opened = match opened {
            Ok(opened) => opened,
            Err((error, tail)) => {
                self.loader.reject(number, None, 0, error.to_string());
                return Some(tail);
            }
        };
        let has_name = path.is_some();
        let tail = (opened.file.clone()).and_then(|file| Tail::new(path, file, number).ok());
        let tail = tail.map(Tail::begun);
        self.read_opened(number, opened, has_name)
            .then(|| Some(tail?.was_read(self.loader.account(number).read)))
    }

    /// Reads an opened input to its end, with many threads if it is a file by name
    /// that can be shared; false when nobody wants more.
    fn read_opened(&mut self, number: u32, opened: Opened, named: bool) -> bool {
        let (gzip, packed) = (opened.form == Form::Gzip, opened.form != Form::Plain);
        let threads = match opened.size {
            Some(0..=SMALL) => 1,
            _ => self.threads,
        };
        let shared = opened
            .file
            .zip(opened.size)
            .filter(|(file, _)| gzip && named && threads > 1 && parallel::has_many_members(file));
        let mut take = |batch: &mut Batch| {
            self.library.note(number, batch);
            self.loader.take(number, packed, batch, self.publish)
        };
        match shared {
            Some((file, size)) => parallel::read_file(&file, size, threads, take),
            // who pipes may pause, and what has come is to be seen meanwhile
            None if threads > 1 || opened.size.is_none() => {
                piped::read_stream(opened.lines, threads.saturating_sub(1), PACE, take)
            }
            None => batch::read_all(opened.lines, &mut take),
        }
    }
}
