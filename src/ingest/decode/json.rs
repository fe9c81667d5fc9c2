//! A record's JSON object read straight into numbers by meaning: keys are
//! borrowed from the line and no value is built that is not kept.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::dialect::{Dialect, Meaning, version_of};
use super::record::Record;
use super::scalar::{ScalarSeed, address, deeper};
use super::seed::seed;

/// Reads a [`Record`] from any JSON value.
pub struct RecordSeed<'a> {
    /// The catalogue of spellings.
    pub dialect: &'a Dialect,
    /// The nesting around the record.
    pub depth: u8,
}

seed!(RecordSeed<'_>, Record);

/// What is no object is an empty record.
macro_rules! no_record {
    ($($visit:ident: $kind:ty),*) => {
        $(fn $visit<E>(self, _: $kind) -> Result<Record, E> {
            Ok(Record::default())
        })*
    };
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = Record;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a record")
    }

    no_record!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str);

    fn visit_unit<E>(self) -> Result<Record, E> {
        Ok(Record::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Record, A::Error> {
        let depth = deeper(self.depth)?;
        while items.next_element_seed(ScalarSeed(depth))?.is_some() {}
        Ok(Record::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Record, A::Error> {
        let depth = deeper(self.depth)?;
        let mut record = Record::default();
        record.object = true;
        while let Some(key) = entries.next_key::<Key>()? {
            let key = key.0.as_ref();
            match self.dialect.meaning(key) {
                Some(Meaning::Address(which)) => {
                    let read = address(entries.next_value::<&RawValue>()?, which >= 2);
                    record.take_address(which, read);
                }
                Some(meaning) => {
                    let scalar = entries.next_value_seed(ScalarSeed(depth))?;
                    record.take(meaning, scalar);
                }
                None => {
                    entries.next_value_seed(ScalarSeed(depth))?;
                }
            }
            record.version = record.version.max(version_of(key));
        }
        Ok(record)
    }
}

/// A key, borrowed from the line unless it has escapes.
pub struct Key<'a>(pub std::borrow::Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(key.into()))
            }

            fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
                Ok(Key(key.to_owned().into()))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}
