//! Loading: the only place that sees both the input and the table. It runs on
//! a thread of its own under the terminal browser, and in place for a report.

mod awaited;
mod beats;
mod done;
mod follow;
mod followed;
mod held;
mod known;
mod loader;
mod plan;
mod reading;
mod reasons;
mod snapshot;
mod watch;
mod weight;

use std::sync::mpsc::{Receiver, RecvTimeoutError};

pub use crate::ingest::inputs::Inputs;
pub use crate::ingest::library::Library;
use crate::table::build::Pairing;
pub use crate::table::keep::Keep;
use awaited::Awaited;
use follow::{CALM, Follower};
use loader::Loader;
pub use plan::LoadPlan;
use reading::Reading;
pub use snapshot::{Full, Growth, Pulse, Snapshot};
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
    load_by(inputs, LoadPlan::once(pairing, threads), publish)
}

/// Loads all inputs as [`load`] does, by a plan.
pub fn load_by(
    inputs: Inputs,
    plan: LoadPlan,
    mut publish: impl FnMut(Snapshot) -> bool,
) -> Snapshot {
    let Inputs {
        inputs,
        library,
        refused,
        ..
    } = inputs;
    let mut loader = Loader::new(plan, &refused);
    let mut reading = Reading {
        loader: &mut loader,
        library: &library,
        threads: plan.threads,
        publish: &mut publish,
    };
    let whole = reading.read_all(inputs, drop);
    if whole {
        loader.builder.finish();
    }
    loader.snapshot(whole)
}

/// Loads all inputs as [`load`] does and goes on following them, if that is
/// planned or as soon as `orders` say so, until nobody gives orders any more.
pub fn keep_loading(
    inputs: Inputs,
    plan: LoadPlan,
    orders: &Receiver<bool>,
    mut publish: impl FnMut(Snapshot) -> bool,
) {
    let Inputs {
        inputs,
        library,
        directories,
        refused,
    } = inputs;
    Inputs::allow_many();
    let mut loader = Loader::new(plan, &refused);
    let (awaited, mut tails) = (Awaited::of(&inputs), Vec::new());
    let mut reading = Reading {
        loader: &mut loader,
        library: &library,
        threads: plan.threads,
        publish: &mut publish,
    };
    let whole = reading.read_all(inputs, |tail| tails.push(tail));
    if !whole && !loader.has_stopped() {
        return;
    }
    loader.builder.finish();
    let mut follower = Follower::new(tails, awaited, directories, library);
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
