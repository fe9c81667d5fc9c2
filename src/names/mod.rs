//! Names for what the exports have only numbers for: addresses (reverse DNS) and ports.
//!
//! `Names` is the cache, owned by the event loop: looking in never blocks, and no address is
//! looked up twice. It asks nobody itself. The loop passes `wanted` on to a `Pool`, and brings
//! what the pool answers back with `learn`, so that a recorded list of answers replays a run.
//!
//! Whoever owns an address decides its reverse name, so a name is text from a stranger: what is
//! not a plain host name, or reads like an address, is no name (see `valid_name`).

pub mod pool;
pub mod services;

pub use pool::{Pool, system_lookup};
pub use services::Services;

use foldhash::fast::RandomState;
use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// What is known about the name of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    /// Not yet asked for.
    Unasked,
    /// Asked for, not yet answered.
    Pending,
    /// A valid name.
    Known(&'a str),
    /// Answered: it has none, or none that can be shown.
    Nameless,
}

/// What each address was found to be called, if anything.
pub type Answers = HashMap<IpAddr, Option<Box<str>>, RandomState>;

/// The names of addresses known so far.
#[derive(Default)]
pub struct Names {
    /// Copied only when an answer comes while a snapshot is still read.
    answers: Arc<Answers>,
    /// What `wanted` returned last: the pool waits for these alone.
    asked: HashSet<IpAddr, RandomState>,
}

impl Names {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known now; never blocks, never asks.
    pub fn get(&self, address: IpAddr) -> Name<'_> {
        match self.answers.get(&address) {
            Some(Some(name)) => Name::Known(name),
            Some(None) => Name::Nameless,
            None if self.asked.contains(&address) => Name::Pending,
            None => Name::Unasked,
        }
    }

    /// The list to ask for now that these addresses are in sight, in their order; empty when
    /// all is answered or already on the last list, and nothing need be asked.
    ///
    /// A list replaces the one before, so unanswered addresses of earlier lists are named again
    /// once they are back in sight. The pool knows which of them it has begun.
    pub fn wanted(&mut self, visible: &[IpAddr]) -> Vec<IpAddr> {
        let open = |address: &&IpAddr| !self.answers.contains_key(*address);
        if visible
            .iter()
            .filter(open)
            .all(|address| self.asked.contains(address))
        {
            return Vec::new();
        }
        let mut asked = HashSet::default();
        let first = |address: &&IpAddr| asked.insert(**address);
        let wanted = visible.iter().filter(open).filter(first).copied().collect();
        self.asked = asked;
        wanted
    }

    /// All answers so far, to be read elsewhere.
    pub fn snapshot(&self) -> Arc<Answers> {
        self.answers.clone()
    }

    /// How many addresses were answered for.
    pub fn answered(&self) -> usize {
        self.answers.len()
    }

    /// Takes an answer; a name that is not valid counts as none.
    pub fn learn(&mut self, address: IpAddr, answer: Option<String>) {
        let name = answer.and_then(|text| valid_name(&text));
        Arc::make_mut(&mut self.answers).insert(address, name.map(String::into_boxed_str));
    }
}

/// The host name in an answer, without its final dot: at most 253 bytes in labels of 1 to 63
/// letters, digits, hyphens and underscores. `None` for anything else, and for what reads like
/// an address (the last label of a real name is never a number), so that nobody can pass off
/// one address as another.
pub fn valid_name(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let is_label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(allowed);
    let valid = name.len() <= 253 && name.split('.').all(is_label) && !ends_in_number(name);
    valid.then(|| name.to_owned())
}

/// As URLs tell numeric addresses from names: 192.0.2.1, but also 3221225985, 0300.2.1 and 0x7f.1.
fn ends_in_number(name: &str) -> bool {
    let last = name.rsplit('.').next().unwrap_or_default();
    let hex = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    match hex {
        Some(digits) => digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => last.bytes().all(|byte| byte.is_ascii_digit()),
    }
}

/// Looks all addresses up, `workers` at a time, and returns the valid names known when all have
/// answered or `limit` has passed, whichever is sooner; hanging lookups are left behind.
pub fn resolve_all<L>(
    addresses: &[IpAddr],
    workers: usize,
    limit: Duration,
    lookup: L,
) -> HashMap<IpAddr, String>
where
    L: Fn(IpAddr) -> Option<String> + Send + Sync + Clone + 'static,
{
    let started = Instant::now();
    let (answer, answers) = mpsc::channel();
    let mut pool = Pool::start(workers, lookup, move |address, name: Option<String>| {
        // Past the limit nobody listens any more.
        let _ = answer.send((address, name));
    });
    pool.ask(addresses);
    let mut open: HashSet<IpAddr> = addresses.iter().copied().collect();
    let mut names = HashMap::new();
    while !open.is_empty() {
        let left = limit.saturating_sub(started.elapsed());
        let Ok((address, name)) = answers.recv_timeout(left) else {
            break;
        };
        open.remove(&address);
        names.extend(
            name.and_then(|text| valid_name(&text))
                .map(|name| (address, name)),
        );
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn an_address_goes_from_unasked_to_its_answer() {
        let mut names = Names::new();
        assert_eq!(names.get(ip(1)), Name::Unasked);
        assert_eq!(names.wanted(&[ip(1), ip(2), ip(1)]), [ip(1), ip(2)]);
        assert_eq!(names.get(ip(1)), Name::Pending);
        names.learn(ip(1), Some("a.example.".to_owned()));
        names.learn(ip(2), None);
        assert_eq!(names.get(ip(1)), Name::Known("a.example"));
        assert_eq!(names.get(ip(2)), Name::Nameless);
        assert_eq!(names.get(ip(3)), Name::Unasked);
    }

    #[test]
    fn a_screen_that_does_not_change_asks_for_nothing_more() {
        let mut names = Names::new();
        assert_eq!(names.wanted(&[ip(1), ip(2)]).len(), 2);
        assert!(names.wanted(&[ip(1), ip(2)]).is_empty());
        names.learn(ip(1), None);
        assert!(names.wanted(&[ip(1), ip(2)]).is_empty());
        names.learn(ip(2), Some("b.example".to_owned()));
        assert!(names.wanted(&[ip(1), ip(2)]).is_empty());
    }

    #[test]
    fn what_scrolled_away_unanswered_is_wanted_again_when_it_is_back() {
        let mut names = Names::new();
        names.wanted(&[ip(1), ip(2)]);
        assert_eq!(names.wanted(&[ip(2), ip(3)]), [ip(2), ip(3)]);
        assert_eq!(names.get(ip(1)), Name::Unasked);
        names.learn(ip(3), None);
        assert_eq!(names.wanted(&[ip(1), ip(3)]), [ip(1)]);
        assert_eq!(names.get(ip(1)), Name::Pending);
    }

    #[test]
    fn plain_host_names_are_valid() {
        let label = "x".repeat(63);
        let longest = format!("{label}.{label}.{label}.{}", "y".repeat(61));
        assert_eq!(longest.len(), 253);
        for name in [
            "localhost",
            "a.example",
            "_dmarc.A-1.example",
            "1.2.3.4.example",
            &longest,
        ] {
            assert_eq!(valid_name(name).as_deref(), Some(name));
        }
        assert_eq!(valid_name("a.example.").as_deref(), Some("a.example"));
        assert_eq!(valid_name("0xyz").as_deref(), Some("0xyz"));
    }

    #[test]
    fn hostile_answers_are_no_names() {
        let long_label = format!("{}.example", "x".repeat(64));
        let too_long = ["y".repeat(63).as_str(); 4].join(".");
        let hostile = [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a.example..",
            "a b",
            "a\u{1b}[2Jb",
            "a\nb",
            "ex\u{202e}ample",
            "bücher.example",
            "a/b",
            "<b>",
            "=cmd()",
            &long_label,
            &too_long,
        ];
        for text in hostile {
            assert_eq!(valid_name(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_answer_that_reads_like_an_address_is_no_name() {
        let addresses = [
            "192.0.2.1",
            "192.0.2.1.",
            "2001:db8::1",
            "::ffff:192.0.2.1",
            "::",
            "10.1",
            "3221225985",
            "0300.0.2.1",
            "0x7f.1",
            "0xc0000201",
            "0x",
            "1.2.3.4.5",
            "host.123",
            "[::1]",
        ];
        for text in addresses {
            assert_eq!(valid_name(text), None, "{text:?}");
        }
        let mut names = Names::new();
        names.learn(ip(1), Some("192.0.2.9".to_owned()));
        assert_eq!(names.get(ip(1)), Name::Nameless);
    }

    #[test]
    fn resolve_all_returns_the_valid_names() {
        let lookup = |address: IpAddr| match address {
            address if address == ip(1) => Some("one.example.".to_owned()),
            address if address == ip(2) => Some("192.0.2.9".to_owned()),
            _ => None,
        };
        let limit = Duration::from_secs(60);
        let started = Instant::now();
        let names = resolve_all(&[ip(1), ip(2), ip(3), ip(1)], 2, limit, lookup);
        assert_eq!(names, HashMap::from([(ip(1), "one.example".to_owned())]));
        assert!(
            started.elapsed() < limit,
            "it waited although all had answered"
        );
        assert_eq!(resolve_all(&[], 2, limit, lookup), HashMap::new());
    }

    #[test]
    fn resolve_all_leaves_hanging_lookups_behind_at_the_limit() {
        let lookup = |address: IpAddr| {
            while address != ip(1) {
                thread::park();
            }
            Some("one.example".to_owned())
        };
        let started = Instant::now();
        let limit = Duration::from_millis(300);
        let names = resolve_all(&[ip(2), ip(1), ip(3), ip(4)], 3, limit, lookup);
        assert_eq!(names, HashMap::from([(ip(1), "one.example".to_owned())]));
        assert!(started.elapsed() >= limit);
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
