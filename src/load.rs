//! Loading: the only place that sees both the input and the table. It runs on
//! a thread of its own under the terminal browser, and in place for a report.

mod beats;
mod follow;
mod followed;
mod held;
mod loader;
mod plan;
mod snapshot;
mod watch;
mod weight;

use std::sync::mpsc::{Receiver, RecvTimeoutError};

use crate::ingest::batch::{self, Batch};
use crate::ingest::inflate::sniff::Form;
use crate::ingest::inputs::Input;
pub use crate::ingest::inputs::Inputs;
pub use crate::ingest::library::Library;
use crate::ingest::open::{Opened, open};
use crate::ingest::source::Source;
use crate::ingest::tail::Tail;
use crate::ingest::threads::{parallel, piped};
use crate::table::build::Pairing;
pub use crate::table::keep::Keep;
use follow::{CALM, Follower};
use loader::{Loader, PACE};
pub use plan::Plan;
pub use snapshot::{Growth, Pulse, Snapshot};
pub use weight::{headroom, resident};

/// Loads all inputs in order, with `threads` threads; the result does not depend
/// on their number. `publish` is called now and then with what is
/// there; when it answers false, loading stops. The last snapshot is returned.
///
/// ```
/// use flowpeek::load::{Inputs, load};
/// use flowpeek::table::build::Pairing;
///
/// let inputs = Inputs::look_at(&["assets/sample.gz".into()])?;
/// let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true);
/// assert!(snapshot.complete && snapshot.intake.rejects.is_empty());
/// assert_eq!(snapshot.intake.packets, 133);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn load(
    inputs: Inputs,
    pairing: Pairing,
    threads: usize,
    publish: impl FnMut(Snapshot) -> bool,
) -> Snapshot {
    load_by(inputs, Plan::once(pairing, threads), publish)
}

/// Loads all inputs as [`load`] does, by a plan.
pub fn load_by(inputs: Inputs, plan: Plan, mut publish: impl FnMut(Snapshot) -> bool) -> Snapshot {
    let mut loader = Loader::new(plan);
    let Inputs {
        inputs, library, ..
    } = inputs;
    let whole = read_all(
        &mut loader,
        inputs,
        &library,
        plan.threads,
        drop,
        &mut publish,
    );
    if whole {
        loader.builder.finish();
    }
    loader.snapshot(whole)
}

/// Loads all inputs as [`load`] does and goes on following them, if that is
/// planned or as soon as `orders` say so, until nobody gives orders any more.
pub fn keep_loading(
    inputs: Inputs,
    plan: Plan,
    orders: &Receiver<bool>,
    mut publish: impl FnMut(Snapshot) -> bool,
) {
    let Inputs {
        inputs,
        library,
        directories,
        ..
    } = inputs;
    Inputs::allow_many();
    let mut loader = Loader::new(plan);
    let mut tails = Vec::new();
    let keep = |tail| tails.push(tail);
    let whole = read_all(
        &mut loader,
        inputs,
        &library,
        plan.threads,
        keep,
        &mut publish,
    );
    if !whole && !loader.has_stopped() {
        return;
    }
    loader.builder.finish();
    let mut follower = Follower::new(tails, directories, library);
    let mut follows = plan.follow && whole && follower.has_files();
    if follows {
        loader.follow(true);
    }
    let mut heard = publish(loader.snapshot(true));
    while heard && !loader.has_stopped() {
        let order = match follows {
            true => orders.recv_timeout(CALM),
            false => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        heard = match order {
            Ok(wanted) => {
                follows = wanted && follower.has_files();
                loader.builder.explain();
                loader.follow(follows);
                publish(loader.snapshot(true))
            }
            Err(RecvTimeoutError::Timeout) => follower.look(&mut loader, &mut publish),
            Err(RecvTimeoutError::Disconnected) => false,
        };
    }
    if follows && loader.has_stopped() {
        loader.follow(false);
        publish(loader.snapshot(true));
    }
}

/// Reads all inputs to their ends; the files that can be followed from there are
/// handed on, open. False when nobody wants more.
fn read_all(
    loader: &mut Loader,
    inputs: Vec<Input>,
    library: &Library,
    threads: usize,
    mut tails: impl FnMut(Tail),
    publish: &mut impl FnMut(Snapshot) -> bool,
) -> bool {
    for input in &inputs {
        loader.file(input.source.name(), input.size);
    }
    for (number, input) in inputs.into_iter().enumerate() {
        match read(loader, number as u32, input, library, threads, publish) {
            Some(tail) => tail.into_iter().for_each(&mut tails),
            None => return false,
        }
    }
    true
}

/// Reads one input; answers the file if there is one, or nothing when nobody
/// wants more.
fn read(
    loader: &mut Loader,
    number: u32,
    input: Input,
    library: &Library,
    threads: usize,
    publish: &mut impl FnMut(Snapshot) -> bool,
) -> Option<Option<Tail>> {
    if input.unsniffed.is_some() && !loader.wait(number, publish) {
        return None;
    }
    let path = match &input.source {
        Source::Path(path) => Some(path.clone()),
        Source::Standard => None,
    };
    let opened = match (input.opened, input.unsniffed) {
        (Some(opened), _) => Ok(opened),
        (None, Some(unsniffed)) => unsniffed.open(),
        (None, None) => open(&input.source),
    };
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => {
            loader.reject(number, None, 0, error.to_string());
            return Some(path.and_then(|path| Tail::open(&path, number).ok()));
        }
    };
    let file = opened.file.clone();
    let named = path.is_some();
    read_opened(loader, number, opened, named, library, threads, publish)
        .then(|| Tail::new(path, file?, number).ok())
}

/// Reads an opened input to its end, with many threads if it is a file by name
/// that can be shared; false when nobody wants more.
fn read_opened(
    loader: &mut Loader,
    number: u32,
    opened: Opened,
    named: bool,
    library: &Library,
    threads: usize,
    publish: &mut impl FnMut(Snapshot) -> bool,
) -> bool {
    let (gzip, packed) = (opened.form == Form::Gzip, opened.form != Form::Plain);
    let shared = opened.file.zip(opened.size);
    let shared =
        shared.filter(|(file, _)| gzip && named && threads > 1 && parallel::has_many_members(file));
    let mut take = |batch: &mut Batch| {
        library.note(number, batch);
        loader.take(number, packed, batch, publish)
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
