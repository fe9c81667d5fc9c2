//! Reverse lookups on worker threads: asking never blocks, and neither does leaving.
//!
//! A name server that does not answer holds a lookup for ten seconds, so nobody waits for one.
//! A dispatcher thread owns the list of waiting addresses and hands them, one at a time, to
//! workers; it never waits for a lookup itself. Each new request replaces the waiting list: what
//! has scrolled out of sight need not be asked for, and what is in sight goes first. An address
//! whose lookup runs, or has just ended, is not asked for again, whatever is requested.
//!
//! A lookup cannot be called off. One that takes too long is answered for as silent, and its
//! worker is written off: another may take its place, up to a number of threads, so that
//! addresses of one dead server do not keep the others waiting. When it comes after all, the
//! answer is passed on and the worker serves again.
//!
//! Dropping the pool hangs up. Idle workers end then, busy ones when their lookup returns; no
//! thread is waited for.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use dns_lookup::LookupErrorKind;

/// Enough for the C library's resolver, with room for what plugs into it.
const STACK: usize = 256 * 1024;
/// An answer may still be on its way to whoever asks; for this long it is not asked for again.
const JUST_NOW: Duration = Duration::from_secs(30);

/// What came of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Text from strangers, not yet a valid name.
    Named(String),
    /// It has no name.
    Nameless,
    /// Nobody answers, or not in time.
    Silent,
}

/// How much is asked at a time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Lookups at the same time.
    pub workers: usize,
    /// Threads, those of lookups written off among them.
    pub threads: usize,
    /// A lookup that takes longer is written off.
    pub patience: Duration,
}

/// What a name server and a machine can bear.
pub const USUAL: Limits = Limits {
    workers: 16,
    threads: 64,
    patience: Duration::from_secs(4),
};

/// Asks the machine's resolver; blocks.
pub fn system_lookup(address: IpAddr) -> Reply {
    match dns_lookup::lookup_addr(&address) {
        Ok(name) => Reply::Named(name),
        Err(error) if matches!(error.kind(), LookupErrorKind::Again) => Reply::Silent,
        Err(_) => Reply::Nameless,
    }
}

/// The handle on the threads, held by whoever asks.
pub struct Pool {
    orders: Sender<Order>,
}

enum Order {
    Ask(Vec<IpAddr>),
    Done(usize, Reply),
    Close,
}

impl Pool {
    /// Starts the dispatcher; workers start when there is work for them. `answered` is called on
    /// the dispatcher's thread, for each address looked up: once, or with `Silent` and then once
    /// more, should the answer come after all.
    ///
    /// Where no thread can be had, addresses simply stay without a name.
    pub fn start<L, A>(limits: Limits, lookup: L, answered: A) -> Self
    where
        L: Fn(IpAddr) -> Reply + Send + Sync + Clone + 'static,
        A: Fn(IpAddr, Reply) + Send + 'static,
    {
        let (orders, inbox) = mpsc::channel();
        let done = orders.clone();
        let hire = move |id| {
            let (lookup, done) = (lookup.clone(), done.clone());
            let (hand, work) = mpsc::sync_channel(1);
            spawn(move || run_worker(id, &work, &done, lookup)).then_some(hand)
        };
        spawn(move || Dispatcher::new(limits, hire, answered).run(&inbox));
        Self { orders }
    }

    /// Asks for these addresses, the first ones first, instead of those still waiting.
    pub fn ask(&mut self, addresses: &[IpAddr]) {
        // Without a dispatcher nobody listens, and the addresses keep their numbers.
        let _ = self.orders.send(Order::Ask(addresses.to_vec()));
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let _ = self.orders.send(Order::Close);
    }
}

fn spawn(run: impl FnOnce() + Send + 'static) -> bool {
    let thread = thread::Builder::new().name("names".to_owned());
    thread.stack_size(STACK).spawn(run).is_ok()
}

fn run_worker(
    id: usize,
    work: &Receiver<IpAddr>,
    done: &Sender<Order>,
    lookup: impl Fn(IpAddr) -> Reply,
) {
    for address in work {
        if done.send(Order::Done(id, lookup(address))).is_err() {
            return;
        }
    }
}

/// A lookup that has begun.
struct Running {
    worker: usize,
    address: IpAddr,
    until: Instant,
    /// It was answered for already.
    written_off: bool,
}

/// Owns the waiting list and knows who is idle; lives on its own thread.
struct Dispatcher<H, A> {
    limits: Limits,
    hire: H,
    answered: A,
    /// One channel a worker, with room for one address: sending to an idle worker cannot block.
    hands: Vec<SyncSender<IpAddr>>,
    idle: Vec<usize>,
    /// The next address to look up is the last.
    waiting: Vec<IpAddr>,
    /// In the order in which they began.
    running: Vec<Running>,
    /// When lookups ended.
    ended: HashMap<IpAddr, Instant>,
}

impl<H, A> Dispatcher<H, A>
where
    H: Fn(usize) -> Option<SyncSender<IpAddr>>,
    A: Fn(IpAddr, Reply),
{
    fn new(limits: Limits, hire: H, answered: A) -> Self {
        Self {
            limits,
            hire,
            answered,
            hands: Vec::new(),
            idle: Vec::new(),
            waiting: Vec::new(),
            running: Vec::new(),
            ended: HashMap::new(),
        }
    }

    fn run(mut self, inbox: &Receiver<Order>) {
        loop {
            let first = match self.next_limit() {
                None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(limit) => inbox.recv_timeout(limit.saturating_duration_since(Instant::now())),
            };
            if let Err(RecvTimeoutError::Disconnected) = first {
                return;
            }
            // All that has arrived is read before anything is handed out: the newest counts.
            for order in first.ok().into_iter().chain(inbox.try_iter()) {
                match order {
                    Order::Ask(addresses) => self.replace_waiting(addresses),
                    Order::Done(worker, found) => self.take(worker, found),
                    Order::Close => return,
                }
            }
            self.write_off();
            self.hand_out();
        }
    }

    /// When the next lookup will have taken too long.
    fn next_limit(&self) -> Option<Instant> {
        let in_time = self.running.iter().find(|running| !running.written_off);
        in_time.map(|running| running.until)
    }

    fn replace_waiting(&mut self, mut addresses: Vec<IpAddr>) {
        self.ended.retain(|_, at| at.elapsed() < JUST_NOW);
        addresses.reverse();
        self.waiting = addresses;
    }

    fn take(&mut self, worker: usize, found: Reply) {
        self.idle.push(worker);
        let place = self.running.iter().position(|one| one.worker == worker);
        if let Some(place) = place {
            let running = self.running.remove(place);
            self.ended.insert(running.address, Instant::now());
            (self.answered)(running.address, found);
        }
    }

    fn write_off(&mut self) {
        let now = Instant::now();
        let late = |running: &&mut Running| !running.written_off && running.until <= now;
        for running in self.running.iter_mut().filter(late) {
            running.written_off = true;
            (self.answered)(running.address, Reply::Silent);
        }
    }

    fn hand_out(&mut self) {
        while let Some(address) = self.waiting.pop() {
            let runs = self.running.iter().any(|one| one.address == address);
            if runs || self.ended.contains_key(&address) {
                continue;
            }
            let Some(worker) = self.free_worker() else {
                self.waiting.push(address);
                return;
            };
            self.running.push(Running {
                worker,
                address,
                until: Instant::now() + self.limits.patience,
                written_off: false,
            });
            // A worker that is gone cannot answer; the address keeps its number.
            let _ = self.hands[worker].send(address);
        }
    }

    fn free_worker(&mut self) -> Option<usize> {
        let in_time = self.running.iter().filter(|one| !one.written_off).count();
        if in_time >= self.limits.workers {
            return None;
        }
        self.idle.pop().or_else(|| {
            let id = self.hands.len();
            if id >= self.limits.threads {
                return None;
            }
            self.hands.push((self.hire)(id)?);
            Some(id)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::sync::{Arc, Barrier};
    use std::time::Duration;

    /// Far beyond what any of this takes; reached only when something hangs.
    const PATIENCE: Duration = Duration::from_secs(20);

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    /// Nothing is written off.
    fn patient(workers: usize) -> Limits {
        Limits {
            workers,
            threads: workers,
            patience: 3 * PATIENCE,
        }
    }

    fn hang(_: IpAddr) -> Reply {
        loop {
            thread::park();
        }
    }

    #[test]
    fn hanging_lookups_block_neither_asking_nor_leaving() {
        let (done, finished) = mpsc::channel();
        thread::spawn(move || {
            let mut pool = Pool::start(patient(2), hang, |_, _| {});
            for last in 0..200 {
                pool.ask(&[ip(last), ip(last + 1)]);
            }
            drop(pool);
            done.send(()).unwrap();
        });
        finished.recv_timeout(PATIENCE).unwrap();
    }

    #[test]
    fn the_newest_request_replaces_what_waits_and_goes_in_its_own_order() {
        let (begin, begun) = mpsc::channel();
        let gate = Arc::new(Barrier::new(2));
        let held = Arc::clone(&gate);
        let lookup = move |address| {
            begin.send(address).unwrap();
            held.wait();
            Reply::Nameless
        };
        let mut pool = Pool::start(patient(1), lookup, |_, _| {});
        let next = || begun.recv_timeout(PATIENCE).unwrap();

        pool.ask(&[ip(1), ip(2)]);
        assert_eq!(next(), ip(1));
        pool.ask(&[ip(3), ip(4)]);
        pool.ask(&[ip(5), ip(6)]);
        gate.wait();
        assert_eq!(next(), ip(5));
        gate.wait();
        assert_eq!(next(), ip(6));
        pool.ask(&[ip(7)]);
        gate.wait();
        assert_eq!(next(), ip(7), "2, 3 and 4 were no longer wanted");
        gate.wait();
    }

    #[test]
    fn each_address_is_looked_up_once_and_answered() {
        let (answer, answers) = mpsc::channel();
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let lookup = move |address: IpAddr| {
            counted.fetch_add(1, SeqCst);
            match address == ip(2) {
                true => Reply::Nameless,
                false => Reply::Named(format!("host-{address}")),
            }
        };
        let mut pool = Pool::start(patient(3), lookup, move |address, name| {
            answer.send((address, name)).unwrap();
        });
        let mut received = Vec::new();
        let mut receive = |n: usize| {
            received.extend((0..n).map(|_| answers.recv_timeout(PATIENCE).unwrap()));
        };
        pool.ask(&[ip(1), ip(2), ip(1)]);
        receive(2);
        pool.ask(&[ip(2), ip(3), ip(1), ip(3)]);
        receive(1);
        pool.ask(&[ip(1), ip(2), ip(3), ip(4)]);
        receive(1);

        received.sort_by_key(|(address, _)| *address);
        let name = |last| Reply::Named(format!("host-{}", ip(last)));
        let expected = [
            (ip(1), name(1)),
            (ip(2), Reply::Nameless),
            (ip(3), name(3)),
            (ip(4), name(4)),
        ];
        assert_eq!(received, expected);
        assert_eq!(count.load(SeqCst), 4);
    }

    #[test]
    fn no_more_workers_than_allowed_and_each_serves_again() {
        let (answer, answers) = mpsc::channel();
        let (busy, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (now, peak) = (Arc::clone(&busy), Arc::clone(&most));
        let lookup = move |_| {
            peak.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
            thread::sleep(Duration::from_millis(2));
            now.fetch_sub(1, SeqCst);
            Reply::Nameless
        };
        let mut pool = Pool::start(patient(4), lookup, move |address, _| {
            answer.send(address).unwrap()
        });
        let addresses: Vec<IpAddr> = (0..60).map(ip).collect();
        pool.ask(&addresses);
        let mut answered: Vec<IpAddr> = addresses
            .iter()
            .map(|_| answers.recv_timeout(PATIENCE).unwrap())
            .collect();
        answered.sort();
        assert_eq!(answered, addresses);
        assert!(
            (2..=4).contains(&most.load(SeqCst)),
            "{} at once",
            most.load(SeqCst)
        );
    }

    #[test]
    fn a_lookup_that_takes_too_long_costs_a_worker_until_it_comes_after_all() {
        let (answer, answers) = mpsc::channel();
        let (begin, begun) = mpsc::channel();
        let gate = Arc::new(Barrier::new(2));
        let held = Arc::clone(&gate);
        let lookup = move |address| {
            begin.send(address).unwrap();
            if address == ip(1) {
                held.wait();
                return Reply::Named("late.example".to_owned());
            }
            if address == ip(2) {
                hang(address);
            }
            Reply::Nameless
        };
        let limits = Limits {
            workers: 1,
            threads: 3,
            patience: Duration::from_millis(100),
        };
        let mut pool = Pool::start(limits, lookup, move |address, found| {
            answer.send((address, found)).unwrap();
        });
        let next = || answers.recv_timeout(PATIENCE).unwrap();
        pool.ask(&[ip(1), ip(2), ip(3), ip(4)]);
        assert_eq!(next(), (ip(1), Reply::Silent));
        assert_eq!(next(), (ip(2), Reply::Silent));
        assert_eq!(next(), (ip(3), Reply::Nameless));
        assert_eq!(next(), (ip(4), Reply::Nameless));
        // neither is asked for again while its lookup still runs
        pool.ask(&[ip(1), ip(2), ip(5)]);
        assert_eq!(next(), (ip(5), Reply::Nameless));
        gate.wait();
        assert_eq!(next(), (ip(1), Reply::Named("late.example".to_owned())));
        pool.ask(&[ip(1), ip(6)]);
        assert_eq!(next(), (ip(6), Reply::Nameless));
        let asked: Vec<IpAddr> = begun.try_iter().collect();
        assert_eq!(asked, [1, 2, 3, 4, 5, 6].map(ip));
    }
}
