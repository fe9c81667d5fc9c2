//! What the fast path remembers: the orders of keys that were met, as a tree.
//! Each place in a record knows what stood there before the next value, so that
//! comparing a few words says which field the value belongs to.

use super::dialect::{Dialect, Meaning, Room, version_of};

/// Steps that are remembered; with more orders of keys than that, keys are
/// looked up instead.
const REMEMBERED: usize = 4096;
/// Steps from one place that are remembered: to look through more takes longer than
/// to look a key up.
const BRANCHES: usize = 32;
/// No more bytes between two values are remembered.
const LONGEST: usize = 1024;
/// Words that are compared at once.
const WORDS: usize = 4;
/// The bytes of these.
const COMPARED: usize = WORDS * 8;

/// The place at the beginning of a record.
pub const BEGIN: usize = 0;
/// A place that is not remembered.
pub const ELSEWHERE: usize = usize::MAX;

/// What stood between two values, and what the value after it means.
pub struct Step {
    between: Between,
    /// What the value stands for.
    pub meaning: Option<Meaning>,
    /// Where a plain number goes.
    pub room: Option<Room>,
    /// The latest export version that spells the key so, or one before it.
    pub version: Option<u16>,
    /// The first step from the place behind the value.
    pub next: usize,
    /// Another step from the same place.
    other: usize,
}

impl Step {
    fn new(between: Between, meaning: Option<Meaning>, version: Option<u16>, other: usize) -> Self {
        Step {
            between,
            meaning,
            room: Meaning::room(meaning),
            version,
            next: ELSEWHERE,
            other,
        }
    }

    /// How many bytes stand before the value.
    pub fn bytes(&self) -> usize {
        self.between.bytes.len()
    }
}

/// The bytes between two values: the first of them also as words under a mask.
#[derive(Default)]
struct Between {
    bytes: Box<[u8]>,
    words: [u64; WORDS],
    mask: [u64; WORDS],
}

impl Between {
    fn new(bytes: &[u8]) -> Self {
        let (mut word, mut mask) = ([0; COMPARED], [0; COMPARED]);
        let length = bytes.len().min(COMPARED);
        word[..length].copy_from_slice(&bytes[..length]);
        mask[..length].fill(0xff);
        Between {
            bytes: bytes.into(),
            words: words(&word),
            mask: words(&mask),
        }
    }

    /// Whether `text` begins so. No branch depends on how many bytes are compared.
    #[inline]
    fn begins(&self, text: &[u8]) -> bool {
        match text.first_chunk() {
            Some(chunk) if self.bytes.len() <= COMPARED => {
                let text = words(chunk);
                let differs = |at: usize| text[at] & self.mask[at] ^ self.words[at];
                (0..WORDS).fold(0, |all, at| all | differs(at)) == 0
            }
            _ => text.starts_with(&self.bytes),
        }
    }
}

#[inline]
fn words(bytes: &[u8; COMPARED]) -> [u64; WORDS] {
    std::array::from_fn(|word| {
        let eight = std::array::from_fn(|at| bytes[word * 8 + at]);
        u64::from_le_bytes(eight)
    })
}

/// The orders of keys that were met: a tree of steps, which are its places too.
pub struct Orders(Vec<Step>);

impl Default for Orders {
    fn default() -> Self {
        Orders(vec![Step::new(Between::default(), None, None, ELSEWHERE)])
    }
}

impl Orders {
    /// The first step that was remembered from the beginning of a record.
    pub fn first(&self) -> usize {
        self.0.get(BEGIN).map_or(ELSEWHERE, |root| root.next)
    }

    /// The step that `text` takes, which is the place behind its value too: this
    /// one, or another from the same place.
    #[inline]
    pub fn known(&self, mut step: usize, text: &[u8]) -> Option<(usize, &Step)> {
        loop {
            let candidate = self.0.get(step)?;
            if candidate.between.begins(text) {
                return Some((step, candidate));
            }
            step = candidate.other;
        }
    }

    /// How many steps from a place are remembered.
    fn branches(&self, place: usize) -> usize {
        let first = self.0.get(place).and_then(|from| self.0.get(from.next));
        std::iter::successors(first, |step| self.0.get(step.other)).count()
    }

    /// Remembers that `between`, with this key in it, came at a place; answers
    /// the place behind the key's value.
    pub fn learn(&mut self, place: usize, between: &[u8], key: &str, dialect: &Dialect) -> Learned {
        let (meaning, version) = (dialect.meaning(key), version_of(key));
        let number = self.0.len();
        let has_room =
            number < REMEMBERED && between.len() <= LONGEST && self.branches(place) < BRANCHES;
        let from = self.0.get_mut(place).filter(|_| has_room);
        let Some(from) = from else {
            return (meaning, version, ELSEWHERE);
        };
        let version = from.version.max(version);
        let other = std::mem::replace(&mut from.next, number);
        let between = Between::new(between);
        self.0.push(Step::new(between, meaning, version, other));
        (meaning, version, number)
    }
}

/// What a key means, which version spells it so, and the place behind its value.
pub type Learned = (Option<Meaning>, Option<u16>, usize);
