//! The values of a record by the paths of their keys (`flow.bytes_toserver`),
//! whether it is a JSON object or a line of columns. Only paths that somebody
//! asked for are kept, the last of each, so that no record needs more room.

use std::borrow::Cow;
use std::fmt;

use foldhash::HashMap;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::ingest::decode::json::Key;
use crate::ingest::decode::scalar::deeper;

/// A value that is no container.
#[derive(Clone, Debug, PartialEq)]
pub enum Leaf<'a> {
    /// A whole number.
    Whole(u64),
    /// A negative whole number.
    Negative(i64),
    /// Any other number.
    Fraction(f64),
    /// Text; numbers may stand in it too.
    Text(Cow<'a, str>),
    /// A truth value.
    Other,
}

impl Leaf<'_> {
    /// The whole number that it is, or that its text says.
    pub fn whole(&self) -> Option<u64> {
        match self {
            Leaf::Whole(number) => Some(*number),
            Leaf::Text(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Its text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Leaf::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The paths that are asked for, by number.
#[derive(Default)]
pub struct Paths(HashMap<&'static str, usize>);

impl Paths {
    /// The number of a path, which is asked for from now on.
    pub fn add(&mut self, path: &'static str) -> usize {
        let next = self.0.len();
        *self.0.entry(path).or_insert(next)
    }
}

/// The values of one record.
pub struct Leaves<'a>(Vec<Option<Leaf<'a>>>);

impl<'a> Leaves<'a> {
    fn none(paths: &Paths) -> Self {
        Leaves((0..paths.0.len()).map(|_| None).collect())
    }

    /// The value at the path of this number.
    pub fn get(&self, path: usize) -> Option<&Leaf<'a>> {
        self.0.get(path)?.as_ref()
    }

    /// Those of a JSON object, and whether it is one, nested no deeper than is
    /// allowed: else those that stand before the mistake.
    pub fn of_json(text: &'a [u8], paths: &Paths) -> (Self, Result<(), serde_json::Error>) {
        let mut leaves = Leaves::none(paths);
        let mut json = serde_json::Deserializer::from_slice(text);
        let walk = Walk {
            leaves: &mut leaves,
            paths,
            path: &mut String::new(),
            depth: 0,
            nested: false,
        };
        let done = json.deserialize_map(walk).and_then(|()| json.end());
        (leaves, done)
    }

    /// Those of columns.
    pub fn of_columns(
        columns: impl Iterator<Item = (&'a str, &'a str)>,
        unset: &str,
        paths: &Paths,
    ) -> Self {
        let mut leaves = Leaves::none(paths);
        for (name, cell) in columns.filter(|column| column.1 != unset) {
            if let Some(&at) = paths.0.get(name) {
                leaves.0[at] = Some(Leaf::Text(cell.into()));
            }
        }
        leaves
    }
}

/// Walks through a value.
struct Walk<'w, 'a> {
    leaves: &'w mut Leaves<'a>,
    paths: &'w Paths,
    /// Where it is.
    path: &'w mut String,
    depth: u8,
    /// It stands within an array, of which the first element counts alone.
    nested: bool,
}

impl<'a> Walk<'_, 'a> {
    fn put(self, value: Leaf<'a>) {
        if let (false, Some(&at)) = (self.nested, self.paths.0.get(self.path.as_str())) {
            self.leaves.0[at] = Some(value);
        }
    }

    fn within(&mut self, depth: u8, nested: bool) -> Walk<'_, 'a> {
        Walk {
            leaves: &mut *self.leaves,
            paths: self.paths,
            path: &mut *self.path,
            depth,
            nested: self.nested || nested,
        }
    }
}

impl<'a> DeserializeSeed<'a> for Walk<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Walk<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a record")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.put(Leaf::Other);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.put(Leaf::Whole(number));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.put(u64::try_from(number).map_or(Leaf::Negative(number), Leaf::Whole));
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.put(Leaf::Fraction(number));
        Ok(())
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<(), E> {
        self.put(Leaf::Text(text.into()));
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.put(Leaf::Text(text.to_owned().into()));
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(mut self, mut items: A) -> Result<(), A::Error> {
        let depth = deeper(self.depth)?;
        let mut later = false;
        while items
            .next_element_seed(self.within(depth, later))?
            .is_some()
        {
            later = true;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut entries: A) -> Result<(), A::Error> {
        let depth = deeper(self.depth)?;
        let length = self.path.len();
        while let Some(Key(key)) = entries.next_key::<Key>()? {
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(&key);
            entries.next_value_seed(self.within(depth, false))?;
            self.path.truncate(length);
        }
        Ok(())
    }
}
