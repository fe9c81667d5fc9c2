//! What the fast path remembers: the orders of keys that were met, as a tree.
//! Each place in a record knows what stood there before the next value, so that
//! comparing a few words says which field the value belongs to.

use super::dialect::{Dialect, Meaning, version_of};

/// Steps that are remembered; with more orders of keys than that, keys are
/// looked up instead.
const REMEMBERED: usize = 4096;
/// Bytes that are compared at once.
const WORDS: usize = 32;

/// What stood between two values, and what the value after it means.
pub struct Step {
    between: Between,
    /// What the value stands for.
    pub meaning: Option<Meaning>,
    /// The export version that spells the key so.
    pub version: Option<u16>,
    /// The first step from the place behind the value.
    next: Option<usize>,
    /// Another step from the same place.
    other: Option<usize>,
}

/// The bytes between two values: the first of them also as words under a mask.
struct Between {
    bytes: Box<[u8]>,
    words: [u128; 2],
    mask: [u128; 2],
}

impl Between {
    fn new(bytes: &[u8]) -> Self {
        let (mut word, mut mask) = ([0; WORDS], [0; WORDS]);
        let length = bytes.len().min(WORDS);
        word[..length].copy_from_slice(&bytes[..length]);
        mask[..length].fill(0xff);
        Between {
            bytes: bytes.into(),
            words: halves(&word),
            mask: halves(&mask),
        }
    }

    #[inline]
    fn begins(&self, text: &[u8]) -> bool {
        match text.first_chunk::<WORDS>() {
            Some(chunk) if self.bytes.len() <= WORDS => {
                let [low, high] = halves(chunk);
                low & self.mask[0] == self.words[0] && high & self.mask[1] == self.words[1]
            }
            _ => text.starts_with(&self.bytes),
        }
    }
}

fn halves(words: &[u8; WORDS]) -> [u128; 2] {
    let half = |at: usize| {
        let mut bytes = [0; WORDS / 2];
        bytes.copy_from_slice(&words[at..at + WORDS / 2]);
        u128::from_le_bytes(bytes)
    };
    [half(0), half(WORDS / 2)]
}

/// A place between two values of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The begin of the record.
    Begin,
    /// Behind the value of this step.
    Behind(usize),
    /// None that is remembered.
    Elsewhere,
}

/// The orders of keys that were met.
#[derive(Default)]
pub struct Orders {
    steps: Vec<Step>,
    /// The first step from the begin of a record.
    first: Option<usize>,
}

impl Orders {
    /// The step that `text` takes from a place, the bytes it passes over, and
    /// the place behind its value.
    #[inline]
    pub fn known(&self, place: Place, text: &[u8]) -> Option<(&Step, usize, Place)> {
        let mut candidate = match place {
            Place::Begin => self.first,
            Place::Behind(step) => self.steps[step].next,
            Place::Elsewhere => None,
        };
        while let Some(number) = candidate {
            let step = &self.steps[number];
            if step.between.begins(text) {
                return Some((step, step.between.bytes.len(), Place::Behind(number)));
            }
            candidate = step.other;
        }
        None
    }

    /// Remembers that `between`, with this key in it, came at a place; answers
    /// the place behind the key's value.
    pub fn learn(&mut self, place: Place, between: &[u8], key: &str, dialect: &Dialect) -> Learned {
        let (meaning, version) = (dialect.meaning(key), version_of(key));
        let number = self.steps.len();
        let from = match place {
            Place::Begin => Some(&mut self.first),
            Place::Behind(step) => self.steps.get_mut(step).map(|step| &mut step.next),
            Place::Elsewhere => None,
        };
        let Some(from) = from.filter(|_| number < REMEMBERED) else {
            return (meaning, version, Place::Elsewhere);
        };
        let other = from.replace(number);
        self.steps.push(Step {
            between: Between::new(between),
            meaning,
            version,
            next: None,
            other,
        });
        (meaning, version, Place::Behind(number))
    }
}

/// What a key means, which version spells it so, and the place behind its value.
pub type Learned = (Option<Meaning>, Option<u16>, Place);
