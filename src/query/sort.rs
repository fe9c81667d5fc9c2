//! Rows in the order of a field. Equal rows keep the order of the file, in
//! either direction, so that sorting twice never shuffles.

use super::facts::{Context, Facts};
use super::field::{self, Field};
use crate::model::value::Value;
use crate::table::store::{RowId, Table};

/// An order.
#[derive(Clone, Copy)]
pub struct Sort {
    /// By this field.
    pub field: &'static Field,
    /// Greatest first.
    pub descending: bool,
}

impl Sort {
    /// `FIELD`, `FIELD:asc` or `FIELD:desc`. Counters and times of numbers go
    /// greatest first unless told otherwise, as in `htop`.
    ///
    /// # Errors
    /// In words, when there is no such field or order.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, order) = text.split_once(':').unwrap_or((text, ""));
        let Some(field) = field::find(name) else {
            return Err(format!("no field \"{name}\" to sort by"));
        };
        match order {
            "asc" => Ok(Sort {
                field,
                descending: false,
            }),
            "desc" => Ok(Sort {
                field,
                descending: true,
            }),
            "" => Ok(Sort::by(field)),
            _ => Err(format!("the order is asc or desc, not \"{order}\"")),
        }
    }

    /// By a field, in the order one usually wants first.
    pub fn by(field: &'static Field) -> Self {
        use field::Kind::{Bytes, Count, Duration};
        Sort {
            field,
            descending: matches!(field.kind, Bytes | Count | Duration),
        }
    }
}

impl PartialEq for Sort {
    fn eq(&self, other: &Self) -> bool {
        self.field.name == other.field.name && self.descending == other.descending
    }
}

/// Puts rows in order; what has no value goes last.
pub fn sort(rows: &mut [RowId], table: &Table, context: &Context, sort: Sort) {
    let value = |id: RowId| {
        let row = table.row(id);
        (sort.field.value)(&Facts { row, context })
    };
    let mut keyed: Vec<(Value, RowId)> = rows.iter().map(|&id| (value(id), id)).collect();
    keyed.sort_unstable_by(|a, b| {
        let unknown = |value: &Value| *value == Value::Unknown;
        let order = a.0.order(&b.0);
        let order = if sort.descending {
            order.reverse()
        } else {
            order
        };
        unknown(&a.0)
            .cmp(&unknown(&b.0))
            .then(order)
            .then(a.1.cmp(&b.1))
    });
    for (place, (_, id)) in rows.iter_mut().zip(keyed) {
        *place = id;
    }
}
