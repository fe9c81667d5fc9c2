//! Names for what the exports have only numbers for: addresses (reverse DNS) and ports.
//!
//! `Names` is the cache, owned by the event loop: looking in never blocks, and no address is
//! asked for twice while its answer is good. It asks nobody itself, and has no clock. The loop
//! passes `wanted` on to a `Pool`, and brings what the pool answers back with `learn`, so that a
//! recorded list of answers replays a run.
//!
//! Nothing is asked that `Dns` does not allow, and nothing that a hosts file or an earlier run
//! has answered. What strangers call themselves is made harmless when it comes in (`valid.rs`).

pub mod cache;
pub mod hosts;
pub mod policy;
pub mod pool;
pub mod services;
pub mod valid;

pub use cache::{Cache, Entry};
pub use policy::Dns;
pub use pool::{Pool, Reply, USUAL, system_lookup};
pub use services::Services;
pub use valid::{shown_name, valid_name};

use cache::is_old;
use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Seconds after which one who did not answer is asked again.
const SILENCE: u64 = 60;

/// What is known about the name of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// Not yet asked for.
    Unasked,
    /// Asked for, not yet answered.
    Pending,
    /// A name, as it may be shown.
    Known(&'a str),
    /// Answered: it has none, or none that can be shown.
    Nameless,
    /// Nobody answers.
    Silent,
}

/// What each address was found to be called, if anything.
pub type Answers = HashMap<IpAddr, Option<Box<str>>, RandomState>;

/// The names of addresses known so far.
#[derive(Default)]
pub struct Names {
    dns: Dns,
    /// Copied only when an answer comes while a snapshot is still read.
    answers: Arc<Answers>,
    /// When they came, in Unix seconds; those of hosts files are good for ever.
    came: HashMap<IpAddr, u64, RandomState>,
    /// What `wanted` returned last and is not yet answered: the pool works on these alone.
    asked: HashSet<IpAddr, RandomState>,
    silent: HashSet<IpAddr, RandomState>,
    /// What rows wait for, in order; the first `passed` are not open any more.
    sought: Vec<IpAddr>,
    passed: usize,
    /// Those of them that may be asked for and never were answered for.
    open: HashSet<IpAddr, RandomState>,
}

/// The time as ages of answers are counted: Unix seconds.
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

impl Names {
    /// An empty cache, to be filled as far as is allowed.
    pub fn new(dns: Dns) -> Self {
        Self {
            dns,
            ..Self::default()
        }
    }

    /// Takes the names of a hosts file; the first one of an address stays.
    pub fn give(&mut self, names: Vec<(IpAddr, String)>) {
        let answers = Arc::make_mut(&mut self.answers);
        for (address, name) in names {
            self.came.remove(&address);
            let known = answers.entry(address).or_default();
            known.get_or_insert(name.into_boxed_str());
        }
    }

    /// Takes what an earlier run kept, where nothing is known yet.
    pub fn recall(&mut self, entries: Vec<Entry>) {
        let answers = Arc::make_mut(&mut self.answers);
        for entry in entries {
            let address = entry.address;
            answers.entry(address).or_insert_with(|| {
                self.came.insert(address, entry.at);
                entry.name.map(String::into_boxed_str)
            });
        }
    }

    /// The answers of the network, to be kept for the next run.
    pub fn kept(&self) -> Vec<Entry> {
        let answered = self
            .came
            .iter()
            .filter(|(address, _)| !self.silent.contains(*address));
        let entry = |(&address, &at)| Entry {
            address,
            name: self
                .answers
                .get(&address)
                .and_then(|name| name.as_deref().map(str::to_owned)),
            at,
        };
        answered.map(entry).collect()
    }

    /// What is known now; never blocks, never asks.
    pub fn get(&self, address: IpAddr) -> Name<'_> {
        match self.answers.get(&address) {
            Some(Some(name)) => Name::Known(name),
            _ if self.asked.contains(&address) => Name::Pending,
            Some(None) if self.silent.contains(&address) => Name::Silent,
            Some(None) => Name::Nameless,
            None => Name::Unasked,
        }
    }

    /// Whether names can come to be known at all, or are.
    pub fn can_know(&self) -> bool {
        self.dns != Dns::Off || !self.answers.is_empty()
    }

    /// Whether an address may be asked for and never was answered for.
    fn is_open(&self, address: IpAddr) -> bool {
        self.dns.allows(address) && !self.answers.contains_key(&address)
    }

    /// Whether an address is to be asked for at this time.
    fn is_due(&self, address: IpAddr, now: u64) -> bool {
        self.is_open(address)
            || self.dns.allows(address)
                && self.came.get(&address).is_some_and(|&at| {
                    let is_named = self.answers.get(&address).is_some_and(Option::is_some);
                    match self.silent.contains(&address) {
                        true => now.abs_diff(at) >= SILENCE,
                        false => is_old(is_named, at, now),
                    }
                })
    }

    /// The list to ask for now that these addresses are in sight, in their order; empty when
    /// all is answered or already on the last list, and nothing need be asked.
    ///
    /// A list replaces the one before, so unanswered addresses of earlier lists are named again
    /// once they are back in sight. The pool knows which of them it has begun.
    pub fn wanted(&mut self, visible: &[IpAddr], now: u64) -> Vec<IpAddr> {
        let mut due: HashSet<IpAddr, RandomState> = HashSet::default();
        let mut wanted = Vec::new();
        for &address in visible {
            if self.is_due(address, now) && due.insert(address) {
                wanted.push(address);
            }
        }
        if due.is_subset(&self.asked) {
            return Vec::new();
        }
        self.asked = due;
        wanted
    }

    /// From now on rows wait for the names of these, and of no others.
    pub fn seek(&mut self, addresses: Vec<IpAddr>) {
        let open = addresses.iter().filter(|address| self.is_open(**address));
        self.open = open.copied().collect();
        (self.sought, self.passed) = (addresses, 0);
    }

    /// The first of those that rows still wait for.
    pub fn sought(&mut self, most: usize) -> Vec<IpAddr> {
        let is_open = |address: &&IpAddr| self.open.contains(*address);
        let rest = &self.sought[self.passed..];
        let answered = rest.iter().take_while(|address| !is_open(address)).count();
        self.passed += answered;
        let rest = rest[answered..].iter();
        rest.filter(is_open).take(most).copied().collect()
    }

    /// How many rows still wait for.
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// How many addresses of the last list are not answered for.
    pub fn pending(&self) -> usize {
        self.asked.len()
    }

    /// How many addresses are known for their server's silence.
    pub fn silent(&self) -> usize {
        self.silent.len()
    }

    /// All answers so far, to be read elsewhere.
    pub fn snapshot(&self) -> Arc<Answers> {
        self.answers.clone()
    }

    /// Takes an answer of this time. A silent server does not take back what it once said.
    pub fn learn(&mut self, address: IpAddr, found: Reply, at: u64) {
        self.open.remove(&address);
        self.asked.remove(&address);
        self.came.insert(address, at);
        let answers = Arc::make_mut(&mut self.answers);
        let name = match found {
            Reply::Silent => {
                self.silent.insert(address);
                answers.entry(address).or_default();
                return;
            }
            Reply::Named(text) => shown_name(&text),
            Reply::Nameless => None,
        };
        self.silent.remove(&address);
        answers.insert(address, name.map(String::into_boxed_str));
    }

    /// Asks for all of these that are to be asked for, many at a time and the first ones first,
    /// until all have answered or it is `limit`, whichever is sooner; hanging lookups are left
    /// behind. Returns those that have not been answered for.
    pub fn resolve_all<L>(&mut self, addresses: &[IpAddr], limit: Instant, lookup: L) -> Vec<IpAddr>
    where
        L: Fn(IpAddr) -> Reply + Send + Sync + Clone + 'static,
    {
        let mut wanted = self.wanted(addresses, now());
        if wanted.is_empty() || limit <= Instant::now() {
            return wanted;
        }
        let (answer, answers) = mpsc::channel();
        let mut pool = Pool::start(USUAL, lookup, move |address, found| {
            // Past the limit nobody listens any more.
            let _ = answer.send((address, found));
        });
        pool.ask(&wanted);
        while self.pending() > 0 {
            let left = limit.saturating_duration_since(Instant::now());
            let Ok((address, found)) = answers.recv_timeout(left) else {
                break;
            };
            self.learn(address, found, now());
        }
        wanted.retain(|address| matches!(self.get(*address), Name::Pending | Name::Silent));
        wanted
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use std::time::Duration;

    const NOW: u64 = 1_800_000_000;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    fn named(name: &str) -> Reply {
        Reply::Named(name.to_owned())
    }

    fn names() -> Names {
        Names::new(Dns::System)
    }

    #[test]
    fn an_address_goes_from_unasked_to_its_answer() {
        let mut names = names();
        assert_eq!(names.get(ip(1)), Name::Unasked);
        assert_eq!(names.wanted(&[ip(1), ip(2), ip(1)], NOW), [ip(1), ip(2)]);
        assert_eq!(names.get(ip(1)), Name::Pending);
        names.learn(ip(1), named("a.example."), NOW);
        names.learn(ip(2), Reply::Nameless, NOW);
        assert_eq!(names.get(ip(1)), Name::Known("a.example"));
        assert_eq!(names.get(ip(2)), Name::Nameless);
        assert_eq!(names.get(ip(3)), Name::Unasked);
    }

    #[test]
    fn an_answer_is_made_harmless_or_refused() {
        let mut names = names();
        names.learn(ip(1), named("192.0.2.9"), NOW);
        names.learn(ip(2), named("a\u{1b}[2Jb"), NOW);
        assert_eq!(names.get(ip(1)), Name::Nameless);
        assert_eq!(names.get(ip(2)), Name::Known("a\\027\\0912Jb"));
    }

    #[test]
    fn a_screen_that_does_not_change_asks_for_nothing_more() {
        let mut names = names();
        assert_eq!(names.wanted(&[ip(1), ip(2)], NOW).len(), 2);
        assert!(names.wanted(&[ip(1), ip(2)], NOW).is_empty());
        names.learn(ip(1), Reply::Nameless, NOW);
        assert!(names.wanted(&[ip(1), ip(2)], NOW).is_empty());
        names.learn(ip(2), named("b.example"), NOW);
        assert!(names.wanted(&[ip(1), ip(2)], NOW).is_empty());
    }

    #[test]
    fn what_scrolled_away_unanswered_is_wanted_again_when_it_is_back() {
        let mut names = names();
        names.wanted(&[ip(1), ip(2)], NOW);
        assert_eq!(names.wanted(&[ip(2), ip(3)], NOW), [ip(2), ip(3)]);
        assert_eq!(names.get(ip(1)), Name::Unasked);
        names.learn(ip(3), Reply::Nameless, NOW);
        assert_eq!(names.wanted(&[ip(1), ip(3)], NOW), [ip(1)]);
        assert_eq!(names.get(ip(1)), Name::Pending);
    }

    #[test]
    fn answers_are_asked_for_again_when_they_are_old() {
        let mut names = names();
        let all = [ip(1), ip(2), ip(3)];
        names.wanted(&all, NOW);
        names.learn(ip(1), named("a.example"), NOW);
        names.learn(ip(2), Reply::Nameless, NOW);
        names.learn(ip(3), Reply::Silent, NOW);
        assert_eq!((names.get(ip(3)), names.silent()), (Name::Silent, 1));
        assert!(names.wanted(&all, NOW + 59).is_empty());
        assert_eq!(names.wanted(&all, NOW + 60), [ip(3)]);
        names.learn(ip(3), named("c.example"), NOW + 61);
        assert_eq!(
            (names.get(ip(3)), names.silent()),
            (Name::Known("c.example"), 0)
        );
        assert!(names.wanted(&all, NOW + 3599).is_empty());
        assert_eq!(names.wanted(&all, NOW + 3600), [ip(2)]);
        assert_eq!(names.wanted(&all, NOW + 86_400), [ip(1), ip(2)]);
        // an old name is better than none
        names.learn(ip(1), Reply::Silent, NOW + 86_401);
        assert_eq!(names.get(ip(1)), Name::Known("a.example"));
        assert_eq!(names.wanted(&all, NOW + 86_400 + 61), [ip(1), ip(2), ip(3)]);
    }

    #[test]
    fn files_answer_before_the_network() {
        let mut names = names();
        let entry = |last, name: &str, at| Entry {
            address: ip(last),
            name: Some(name.to_owned()),
            at,
        };
        names.give(vec![(ip(1), "one".to_owned()), (ip(1), "other".to_owned())]);
        names.recall(vec![entry(1, "kept", NOW), entry(2, "two", NOW)]);
        assert_eq!(names.get(ip(1)), Name::Known("one"));
        assert_eq!(names.get(ip(2)), Name::Known("two"));
        let all = [ip(1), ip(2), ip(3)];
        assert_eq!(names.wanted(&all, NOW + 5), [ip(3)]);
        assert_eq!(names.wanted(&all, NOW + 86_400), [ip(2), ip(3)]);
        names.learn(ip(3), Reply::Silent, NOW);
        assert_eq!(names.kept(), [entry(2, "two", NOW)]);
    }

    #[test]
    fn only_what_is_allowed_is_asked_for_and_counted() {
        let ten = IpAddr::from([10, 0, 0, 1]);
        for (dns, wanted) in [
            (Dns::System, &[ip(1), ten][..]),
            (Dns::Private, &[ten]),
            (Dns::Off, &[]),
        ] {
            let mut names = Names::new(dns);
            names.seek(vec![ip(1), ten]);
            assert_eq!(names.open(), wanted.len());
            assert_eq!(names.sought(9), wanted);
            assert_eq!(names.wanted(&[ip(1), ten], NOW), wanted);
            assert_eq!(names.pending(), wanted.len());
            for address in wanted {
                names.learn(*address, Reply::Silent, NOW);
                names.learn(*address, Reply::Nameless, NOW);
            }
            assert_eq!((names.open(), names.pending()), (0, 0));
            assert!(names.sought(9).is_empty());
        }
    }

    #[test]
    fn resolve_all_learns_the_names() {
        let lookup = |address: IpAddr| match address {
            address if address == ip(1) => named("one.example."),
            address if address == ip(2) => named("192.0.2.9"),
            _ => Reply::Nameless,
        };
        let limit = Instant::now() + Duration::from_secs(60);
        let mut names = names();
        let unknown = names.resolve_all(&[ip(1), ip(2), ip(3), ip(1)], limit, lookup);
        assert!(unknown.is_empty());
        assert_eq!(names.get(ip(1)), Name::Known("one.example"));
        assert_eq!(names.get(ip(2)), Name::Nameless);
        assert!(
            Instant::now() < limit,
            "it waited although all had answered"
        );
        assert!(names.resolve_all(&[], limit, lookup).is_empty());
    }

    #[test]
    fn resolve_all_leaves_hanging_lookups_behind_at_the_limit() {
        let lookup = |address: IpAddr| {
            while address != ip(1) {
                thread::park();
            }
            named("one.example")
        };
        let limit = Instant::now() + Duration::from_millis(300);
        let mut names = names();
        let unknown = names.resolve_all(&[ip(2), ip(1), ip(3), ip(4)], limit, lookup);
        assert_eq!(unknown, [ip(2), ip(3), ip(4)]);
        assert_eq!(names.get(ip(1)), Name::Known("one.example"));
        assert!(Instant::now() >= limit);
        assert!(Instant::now() < limit + Duration::from_secs(20));
        // past the limit nobody is asked
        let late = names.resolve_all(&[ip(5)], limit, |_| panic!("asked"));
        assert_eq!(late, [ip(5)]);
    }
}
