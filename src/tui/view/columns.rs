//! Which columns fit on the screen, and how wide they are.

use crate::query::field::{Field, Kind};
use crate::tui::widget::grid::GAP;

/// On a narrower screen times are shown without their date.
pub const WIDE: u16 = 100;
/// An IPv6 address needs no more than this.
const ADDRESS: u16 = 39;
/// A time of day.
const CLOCK: u16 = 8;

/// A field and the columns of the terminal it gets.
pub type Placed = (usize, &'static Field, u16);

/// The columns to show, so that the one under the cursor is among them. Only
/// whole columns are shown; addresses share what is left.
pub fn place(fields: &[&'static Field], cursor: usize, width: u16) -> Vec<Placed> {
    let wish = |field: &Field| match field.kind {
        Kind::Time | Kind::Seconds if width < WIDE => CLOCK,
        _ => field.width,
    };
    let fits = |first: usize, last: usize| {
        let total: u16 = fields[first..=last].iter().map(|f| wish(f) + GAP).sum();
        total <= width + GAP
    };
    let cursor = cursor.min(fields.len().saturating_sub(1));
    let mut first = 0;
    while first < cursor && !fits(first, cursor) {
        first += 1;
    }
    let mut placed = Vec::new();
    let mut left = width + GAP;
    for (place, field) in fields.iter().enumerate().skip(first) {
        let need = wish(field) + GAP;
        if need > left {
            break;
        }
        left -= need;
        placed.push((place, *field, wish(field)));
    }
    spread(&mut placed, left);
    placed
}

fn spread(placed: &mut [Placed], mut left: u16) {
    let mut addresses: Vec<&mut Placed> = placed
        .iter_mut()
        .filter(|column| column.1.kind == Kind::Address)
        .collect();
    let count = addresses.len() as u16;
    for (place, column) in addresses.iter_mut().enumerate() {
        let share = left / (count - place as u16);
        let more = share.min(ADDRESS - column.2.min(ADDRESS));
        column.2 += more;
        left -= more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::field::FIELDS;

    #[test]
    fn the_cursor_is_always_in_sight_and_nothing_is_cut() {
        let fields: Vec<&Field> = FIELDS.iter().collect();
        for width in 60..300 {
            for cursor in 0..fields.len() {
                let placed = place(&fields, cursor, width);
                assert!(placed.iter().any(|column| column.0 == cursor));
                let total: u16 = placed.iter().map(|column| column.2 + GAP).sum();
                assert!(total <= width + GAP, "{total} columns at {width}");
            }
        }
    }
}
