//! `Index`, a list of values with a key each, which is found by its hash: open
//! addressing over one word for each key, with the values close together in the
//! order in which their keys came.

/// A key of an index.
pub trait Code: Copy + Eq + std::hash::Hash + Send + Sync {
    /// A number that looks like chance; different keys mostly have different ones.
    fn mixed(self) -> u64;
    /// Its place in a dense list, if it is small enough for one.
    #[inline]
    fn place(self) -> usize {
        usize::MAX
    }
}

impl Code for u64 {
    #[inline]
    fn mixed(self) -> u64 {
        mixed(self)
    }

    #[inline]
    fn place(self) -> usize {
        usize::try_from(self).unwrap_or(usize::MAX)
    }
}

impl Code for (u64, u64) {
    #[inline]
    fn mixed(self) -> u64 {
        mixed(mixed(self.0) ^ self.1)
    }
}

/// Both halves of a product, folded.
#[inline]
fn mixed(number: u64) -> u64 {
    const SALT: u64 = 0x9e37_79b9_7f4a_7c15;
    const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;
    let product = u128::from(number ^ SALT) * u128::from(FACTOR);
    product as u64 ^ (product >> 64) as u64
}

/// Values by their keys.
pub struct Index<K, V> {
    /// The upper half of a hash and the place of its key, near where the upper
    /// bits of the hash point to.
    slots: Vec<u64>,
    /// By how much a hash is shifted to point to a slot.
    shift: u32,
    items: Vec<(K, V)>,
}

/// So many keys are looked up together.
pub const SOME: usize = 32;
const EMPTY: u64 = u64::MAX;
/// The half of a slot that is a place.
const PLACE: u64 = 0xffff_ffff;

impl<K, V> Default for Index<K, V> {
    fn default() -> Self {
        Index {
            slots: Vec::new(),
            shift: 64,
            items: Vec::new(),
        }
    }
}

impl<K: Code, V: Default> Index<K, V> {
    /// Makes room for so many more keys.
    pub fn reserve(&mut self, more: usize) {
        let wanted = 2 * (self.items.len() + more);
        if wanted <= self.slots.len() {
            return;
        }
        let slots = wanted.next_power_of_two();
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; slots]);
        self.shift = 64 - slots.trailing_zeros();
        for slot in old.into_iter().filter(|&slot| slot != EMPTY) {
            let mut at = (slot >> self.shift) as usize;
            while self.slots[at] != EMPTY {
                at = (at + 1) & (slots - 1);
            }
            self.slots[at] = slot;
        }
    }

    /// The place of a key, for which there is room.
    #[inline]
    pub fn place(&mut self, key: K) -> u32 {
        let hash = key.mixed();
        let mut at = (hash >> self.shift) as usize;
        loop {
            let slot = self.slots[at];
            let place = slot & PLACE;
            if slot == EMPTY {
                let place = self.items.len() as u64;
                self.slots[at] = (hash & !PLACE) | place;
                self.items.push((key, V::default()));
                return place as u32;
            }
            if (slot ^ hash) <= PLACE && self.items[place as usize].0 == key {
                return place as u32;
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// The places of some keys, as far as they are found at once: what is in no cache
    /// is fetched for all of them together, and nothing waits for what comes of one.
    #[inline]
    pub fn find<T>(&self, keys: &[(K, T)]) -> [Option<u32>; SOME] {
        let mut slots = [(EMPTY, 0); SOME];
        for (slot, (key, _)) in slots.iter_mut().zip(keys) {
            let hash = key.mixed();
            *slot = (self.slots[(hash >> self.shift) as usize], hash);
        }
        let mut places = [None; SOME];
        let Some(last) = self.items.len().checked_sub(1) else {
            return places;
        };
        for ((place, (slot, hash)), (key, _)) in places.iter_mut().zip(slots).zip(keys) {
            let at = (slot & PLACE) as usize;
            let is_found = ((slot ^ hash) <= PLACE) & (self.items[at.min(last)].0 == *key);
            *place = (is_found & (at <= last)).then_some(at as u32);
        }
        places
    }

    /// The value at a place.
    #[inline]
    pub fn at(&mut self, place: u32) -> &mut V {
        &mut self.items[place as usize].1
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// All keys and values, in the order in which the keys came.
    pub fn items(&self) -> &[(K, V)] {
        &self.items
    }

    /// The same, without the index.
    pub fn into_items(self) -> Vec<(K, V)> {
        self.items
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use foldhash::{HashMap, HashMapExt};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_a_map_has_it(keys in prop::collection::vec(prop_oneof![0u64..40, any::<u64>(), Just(u64::MAX)], 0..600)) {
            let (mut index, mut map) = (Index::<u64, u64>::default(), HashMap::<u64, u64>::new());
            for keys in keys.chunks(7) {
                index.reserve(keys.len());
                let sought: Vec<_> = keys.iter().map(|&key| (key, ())).collect();
                for (key, place) in keys.iter().zip(index.find(&sought)) {
                    // a key that is not in its first slot may be missed, but none is mistaken
                    prop_assert!(place.is_none_or(|place| index.items()[place as usize].0 == *key));
                    prop_assert!(index.len() != 1 || place.is_some() == map.contains_key(key));
                }
                for &key in keys {
                    let place = index.place(key);
                    *index.at(place) += 1;
                    *map.entry(key).or_default() += 1;
                }
            }
            prop_assert_eq!(index.items().len(), map.len());
            prop_assert_eq!(index.into_items().into_iter().collect::<HashMap<_, _>>(), map);
        }
    }
}
