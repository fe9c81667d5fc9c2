//! Which columns fit on the screen, and how wide they are.

use crate::query::field::{Field, Kind};
use crate::tui::app::{App, Hosts};
use crate::tui::state::columns::{CLOCK, Column, Columns, least};
use crate::tui::state::time::Date;
use crate::tui::widget::grid::GAP;

/// On a narrower screen times are shown without their date, unless it matters.
pub const WIDE: u16 = 100;
/// An IPv6 address needs no more than this.
const ADDRESS: u16 = 39;

/// A name needs as much, and a name behind an address.
const NAME: u16 = 24;
const BOTH: u16 = 32;

/// A column's place, its field and the columns of the terminal it gets.
pub type Placed = (usize, &'static Field, u16);

/// The columns that the screen shows; with names hosts are wider.
pub fn shown(app: &App, width: u16) -> Vec<Placed> {
    let hosts = match app.hosts {
        Hosts::Addresses => 0,
        Hosts::Both if width >= WIDE => BOTH,
        Hosts::Names | Hosts::Both => NAME,
    };
    let date = app.spark.date(&app.context.zone);
    let clock = clock(date, width);
    place(&app.tab().columns, width, hosts, clock)
}

/// Columns of a time, as closely as a screen of this width has room for.
pub fn clock(date: Date, width: u16) -> u16 {
    match (date, width) {
        (Date::Year, WIDE..) => 19,
        (Date::Year, _) => 10,
        (_, WIDE..) => 14,
        (Date::Day, _) => 11,
        (Date::No, _) => CLOCK,
    }
}

/// The columns to show, so that the one under the cursor is among them. The
/// first one stays where it is while the others scroll, unless it leaves no
/// room. Only whole columns are shown; hosts have at least this many columns of
/// the terminal, and share what is left.
fn place(columns: &Columns, width: u16, hosts: u16, clock: u16) -> Vec<Placed> {
    let (list, cursor) = (columns.list(), columns.cursor());
    let wide = |place: usize| wish(&list[place], hosts, clock).min(width);
    let need = |place: usize| wide(place) + GAP;
    let room = width + GAP;
    let pinned = cursor == 0 || need(0) + need(cursor) <= room;
    let from = usize::from(pinned);
    let left = room - if pinned { need(0) } else { 0 };
    let fits = |first: &usize| (*first..=cursor).map(need).sum::<u16>() <= left;
    let first = (from..=cursor).find(fits).unwrap_or(cursor.max(from));
    let pin = pinned.then_some(0);
    let (mut placed, mut left) = (Vec::new(), room);
    for place in pin.into_iter().chain(first..list.len()) {
        if need(place) > left {
            break;
        }
        left -= need(place);
        placed.push((place, list[place].field, wide(place)));
    }
    spread(list, &mut placed, left);
    placed
}

fn wish(column: &Column, hosts: u16, clock: u16) -> u16 {
    let field = column.field;
    let own = match field.kind {
        Kind::Time | Kind::Seconds => clock,
        Kind::Address => field.width.max(hosts),
        _ => field.width,
    };
    column.width.unwrap_or(own.max(least(field)))
}

fn spread(list: &[Column], placed: &mut [Placed], mut left: u16) {
    let is_free = |at: &Placed| at.1.kind == Kind::Address && list[at.0].width.is_none();
    let mut addresses: Vec<&mut Placed> = placed.iter_mut().filter(|at| is_free(at)).collect();
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
    fn the_cursor_and_the_first_column_are_in_sight_and_nothing_is_cut() {
        let names: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
        let mut columns = Columns::new(&names);
        for width in 60..300 {
            for cursor in 0..names.len() {
                columns.go(cursor);
                let placed = place(&columns, width, 0, CLOCK);
                assert!(placed.iter().any(|column| column.0 == cursor));
                assert_eq!(placed[0].0, 0, "the first column is pinned");
                assert!(
                    placed
                        .iter()
                        .all(|at| usize::from(at.2) > at.1.header.len())
                );
                let total: u16 = placed.iter().map(|column| column.2 + GAP).sum();
                assert!(total <= width + GAP, "{total} columns at {width}");
            }
        }
    }

    #[test]
    fn a_first_column_that_leaves_no_room_is_not_pinned() {
        let mut columns = Columns::new(&["src_host", "dst_host", "bytes"]);
        columns.resize(Some(190));
        columns.step(1);
        let placed = place(&columns, 80, 0, CLOCK);
        assert_eq!(placed.iter().map(|at| at.0).collect::<Vec<_>>(), [1, 2]);
        columns.step(-1);
        assert_eq!(
            place(&columns, 80, 0, CLOCK)[0].2,
            80,
            "never wider than the screen"
        );
    }
}
