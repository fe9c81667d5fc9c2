//! What rows are sorted by. Equal rows keep the order of the file, in either
//! direction, so that sorting twice never shuffles.

use crate::model::typo::{NameError, named, nearest};
use crate::query::field::{self, Field};

/// Fields to sort by, for who knows none: all of them are too many for a line.
const KNOWN: &str = "start, service, src_addr, bytes, packets, duration_ms and others, \
    which flowpeek man flowpeek-report tells";

/// An order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sort {
    /// By this field.
    pub field: &'static Field,
    /// Greatest first.
    pub descending: bool,
}

impl Sort {
    /// `FIELD`, `FIELD:asc` or `FIELD:desc`. Counts, octets, durations and differences go
    /// greatest first unless told otherwise, as in `htop`.
    ///
    /// # Errors
    /// When there is no such field or order.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (name, order) = text.split_once(':').unwrap_or((text, ""));
        let Some(field) = field::find(name) else {
            return Err(NameError::Unknown {
                words: format!("no field {} to sort by", named(name)),
                near: nearest(name, field::FIELDS.iter().map(|field| field.name)),
                known: KNOWN.to_owned(),
            });
        };
        let usual = Sort::by(field);
        Ok(Sort {
            descending: descending(order)?.unwrap_or(usual.descending),
            ..usual
        })
    }

    /// By a field, in the order one usually wants first.
    pub fn by(field: &'static Field) -> Self {
        use field::Kind::{Bytes, Count, Difference, Duration};
        Sort {
            field,
            descending: matches!(field.kind, Bytes | Count | Duration | Difference),
        }
    }
}

/// Whether the greatest come first by `asc` or `desc`; nothing where neither was said.
///
/// # Errors
/// When it is something else.
pub fn descending(order: &str) -> Result<Option<bool>, NameError> {
    match order {
        "" => Ok(None),
        "asc" => Ok(Some(false)),
        "desc" => Ok(Some(true)),
        _ => Err(NameError::Wrong(format!(
            "the order is asc or desc, not {}",
            named(order)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_are_the_same_by_field_and_direction() {
        let parsed = |text| Sort::parse(text).map(|sort| (sort.field.name, sort.descending));
        for (text, name, descending) in [
            ("bytes", "bytes", true),
            ("bytes:", "bytes", true),
            ("bytes:asc", "bytes", false),
            ("bytes:desc", "bytes", true),
            ("src_port", "src_port", false),
            ("src_port:asc", "src_port", false),
            ("src_port:desc", "src_port", true),
            ("duration", "duration_ms", true),
            ("start", "start", false),
        ] {
            assert_eq!(parsed(text), Ok((name, descending)));
        }
        for mistake in ["bytes:up", "bites", ":asc", ""] {
            assert!(parsed(mistake).is_err(), "{mistake}");
        }
        let orders = ["bytes:asc", "bytes:desc", "start:asc", "start:desc"].map(Sort::parse);
        for (at, one) in orders.iter().enumerate() {
            for (other, same) in orders.iter().enumerate() {
                assert_eq!(one == same, at == other, "{one:?} {same:?}");
            }
        }
    }
}
