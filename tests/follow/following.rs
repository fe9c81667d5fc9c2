//! A loader that follows files, and the oracle: a fresh reading of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use flowpeek::load::{Inputs, LoadPlan, Snapshot, keep_loading, load};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::{Side, Table};

pub const PAIRING: Pairing = Pairing::Strict { tolerance: 1000 };
const PATIENCE: Duration = Duration::from_secs(20);

/// A loader that follows, and what it said last.
pub struct Following {
    pub orders: Option<Sender<bool>>,
    snapshots: Receiver<Snapshot>,
    pub last: Option<Snapshot>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Following {
    pub fn with(named: &[PathBuf], plan: LoadPlan) -> Following {
        let inputs = Inputs::look(named, true).unwrap();
        let (orders, given) = channel();
        let (tell, snapshots) = channel();
        let thread = thread::spawn(move || {
            keep_loading(inputs, plan, &given, |snapshot| tell.send(snapshot).is_ok());
        });
        Following {
            orders: Some(orders),
            snapshots,
            last: None,
            thread: Some(thread),
        }
    }

    pub fn of(named: &[PathBuf]) -> Following {
        let follow = true;
        Following::with(
            named,
            LoadPlan {
                follow,
                ..LoadPlan::once(PAIRING, 2)
            },
        )
    }

    /// Waits until a snapshot is as it should be.
    #[track_caller]
    pub fn wait(&mut self, what: &str, is_there: impl Fn(&Snapshot) -> bool) -> Snapshot {
        let begun = Instant::now();
        loop {
            if let Some(last) = self.last.as_ref().filter(|last| is_there(last)) {
                return last.clone();
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: {}", self.seen());
            if let Ok(snapshot) = self.snapshots.recv_timeout(Duration::from_millis(100)) {
                self.last = Some(snapshot);
            }
        }
    }

    #[track_caller]
    pub fn wait_flows(&mut self, flows: u64) -> Snapshot {
        let what = format!("{flows} flows");
        self.wait(&what, |last| {
            last.complete && last.table.totals().flows >= flows
        })
    }

    /// Waits for all that is in the files now, and in the last of them, and checks
    /// that nothing is there twice.
    #[track_caller]
    pub fn wait_all_of(&mut self, files: &[PathBuf], last: &Path) -> Snapshot {
        let afresh = read_afresh(&[files, &[last.to_owned()]].concat());
        let wanted = flows(&afresh.table);
        let followed = self.wait("all that the files hold", |last| {
            let there = flows(&last.table);
            last.complete && wanted.keys().all(|flow| there.contains_key(flow))
        });
        assert_holds(&followed, &afresh);
        followed
    }

    pub fn seen(&self) -> String {
        self.last.as_ref().map_or("nothing".to_owned(), |last| {
            let intake = &last.intake;
            format!(
                "{:?}, rejected {:?}, damage {:?}",
                last.table.totals(),
                intake.rejects,
                intake.damage
            )
        })
    }
}

impl Drop for Following {
    /// Who gives no orders any more ends it at once.
    fn drop(&mut self) {
        self.orders = None;
        let begun = Instant::now();
        self.thread.take().unwrap().join().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

/// Every flow of a table, by what tells it from others, and how often it is there.
pub fn flows(table: &Table) -> BTreeMap<String, usize> {
    let mut flows = BTreeMap::new();
    for row in table.rows() {
        for side in [Side::First, Side::Mate] {
            let Some((packet, index)) = row.record(side) else {
                continue;
            };
            let ends = row.ends(side).map(|end| (row.address(end), end.port));
            let flow = format!("{} {index} {ends:?} {:?}", packet.received, row.start(side));
            *flows.entry(flow).or_insert(0) += 1;
        }
    }
    flows
}

pub fn read_afresh(files: &[PathBuf]) -> Snapshot {
    load(Inputs::look_at(files).unwrap(), PAIRING, 1, |_| true)
}

/// What is there afresh was followed, and nothing was taken twice.
#[track_caller]
pub fn assert_holds(followed: &Snapshot, afresh: &Snapshot) {
    let (followed, afresh) = (flows(&followed.table), flows(&afresh.table));
    let missed = afresh.keys().find(|flow| !followed.contains_key(*flow));
    let twice = followed
        .iter()
        .find(|(flow, count)| **count > afresh.get(*flow).map_or(1, |c| *c));
    assert_eq!((missed, twice), (None, None));
}

#[track_caller]
pub fn assert_alike(followed: &Snapshot, afresh: &Snapshot) {
    assert!(afresh.table.totals().flows > 0);
    let (followed, afresh) = (flows(&followed.table), flows(&afresh.table));
    let only = |one: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| {
        one.iter()
            .find(|(flow, count)| other.get(*flow) != Some(count))
            .map(|at| at.0.clone())
    };
    assert_eq!(
        (only(&followed, &afresh), only(&afresh, &followed)),
        (None, None)
    );
}
