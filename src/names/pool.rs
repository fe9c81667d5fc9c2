//! Reverse lookups on worker threads: asking never blocks, and neither does leaving.
//!
//! A name server that does not answer holds a lookup for ten seconds, so nobody waits for one.
//! A dispatcher thread owns the list of waiting addresses and hands them, one at a time, to
//! workers that have said they are idle; it never waits for a lookup itself, so its inbox is
//! always emptied at once and nothing can pile up there. Each new request replaces the waiting
//! list: what has scrolled out of sight need not be asked for, and what is in sight goes first.
//! An address whose lookup has begun is never asked for again, whatever is requested.
//!
//! Dropping the pool hangs up. Idle workers end then, busy ones when their lookup returns; no
//! thread is waited for. An answer may therefore still arrive after the drop.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

/// Enough for the C library's resolver, with room for what plugs into it.
const STACK: usize = 256 * 1024;

/// Asks the machine's resolver; blocks. The answer is text from strangers, not yet a valid name.
pub fn system_lookup(address: IpAddr) -> Option<String> {
    dns_lookup::lookup_addr(&address).ok()
}

/// The handle on the threads, held by whoever asks.
pub struct Pool {
    orders: Sender<Order>,
}

enum Order {
    Ask(Vec<IpAddr>),
    Idle(usize),
    Close,
}

impl Pool {
    /// Starts the dispatcher; workers, at most `workers`, start when there is work for them.
    /// `answered` is called on their threads, once for each address looked up.
    ///
    /// Where no thread can be had, addresses simply stay without a name.
    pub fn start<L, A>(workers: usize, lookup: L, answered: A) -> Self
    where
        L: Fn(IpAddr) -> Option<String> + Send + Sync + Clone + 'static,
        A: Fn(IpAddr, Option<String>) + Send + Clone + 'static,
    {
        let (orders, inbox) = mpsc::channel();
        let idle = orders.clone();
        let hire = move |id| {
            let (lookup, answered, idle) = (lookup.clone(), answered.clone(), idle.clone());
            let (hand, work) = mpsc::sync_channel(1);
            let run = move || run_worker(id, &work, &idle, |ip| answered(ip, lookup(ip)));
            spawn(run).then_some(hand)
        };
        spawn(move || Dispatcher::new(workers, hire).run(&inbox));
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

fn run_worker(id: usize, work: &Receiver<IpAddr>, idle: &Sender<Order>, resolve: impl Fn(IpAddr)) {
    for address in work {
        resolve(address);
        if idle.send(Order::Idle(id)).is_err() {
            return;
        }
    }
}

/// Owns the waiting list and knows who is idle; lives on its own thread.
struct Dispatcher<H> {
    limit: usize,
    hire: H,
    /// One channel a worker, with room for one address: sending to an idle worker cannot block.
    hands: Vec<SyncSender<IpAddr>>,
    idle: Vec<usize>,
    /// The next address to look up is the last.
    waiting: Vec<IpAddr>,
    begun: HashSet<IpAddr>,
}

impl<H: Fn(usize) -> Option<SyncSender<IpAddr>>> Dispatcher<H> {
    fn new(limit: usize, hire: H) -> Self {
        Self {
            limit,
            hire,
            hands: Vec::new(),
            idle: Vec::new(),
            waiting: Vec::new(),
            begun: HashSet::new(),
        }
    }

    fn run(mut self, inbox: &Receiver<Order>) {
        while let Ok(first) = inbox.recv() {
            // All that has arrived is read before anything is handed out: the newest counts.
            for order in std::iter::once(first).chain(inbox.try_iter()) {
                match order {
                    Order::Ask(addresses) => self.replace_waiting(addresses),
                    Order::Idle(worker) => self.idle.push(worker),
                    Order::Close => return,
                }
            }
            self.hand_out();
        }
    }

    fn replace_waiting(&mut self, mut addresses: Vec<IpAddr>) {
        addresses.retain(|address| !self.begun.contains(address));
        addresses.reverse();
        self.waiting = addresses;
    }

    fn hand_out(&mut self) {
        while let Some(address) = self.waiting.pop() {
            if self.begun.contains(&address) {
                continue;
            }
            let Some(worker) = self.idle.pop().or_else(|| self.hire_one()) else {
                self.waiting.push(address);
                return;
            };
            self.begun.insert(address);
            // A worker that is gone cannot answer; the address keeps its number.
            let _ = self.hands[worker].send(address);
        }
    }

    fn hire_one(&mut self) -> Option<usize> {
        let id = self.hands.len();
        if id == self.limit {
            return None;
        }
        self.hands.push((self.hire)(id)?);
        Some(id)
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

    fn hang(_: IpAddr) -> Option<String> {
        loop {
            thread::park();
        }
    }

    #[test]
    fn hanging_lookups_block_neither_asking_nor_leaving() {
        let (done, finished) = mpsc::channel();
        thread::spawn(move || {
            let mut pool = Pool::start(2, hang, |_, _| {});
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
            None
        };
        let mut pool = Pool::start(1, lookup, |_, _| {});
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
            (address != ip(2)).then(|| format!("host-{address}"))
        };
        let mut pool = Pool::start(3, lookup, move |address, name| {
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

        received.sort();
        let name = |last| Some(format!("host-{}", ip(last)));
        let expected = [
            (ip(1), name(1)),
            (ip(2), None),
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
            None
        };
        let mut pool = Pool::start(4, lookup, move |address, _| answer.send(address).unwrap());
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
}
