//! A backend that lets the terminal scroll. Where rows of the new frame are
//! rows of the old one at another height, the terminal moves them by itself,
//! and only what is new is written: over a slow link the bytes are what one feels.

use std::hash::{BuildHasher, Hasher};
use std::io;
use std::ops::Range;

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect, Size};

use crate::tui::screen::size::drawn;

/// Fewer rows are not worth moving.
const WORTH: usize = 4;

/// A backend around another one, which knows what is on the screen.
pub struct Scrolling<B> {
    inner: B,
    shown: Buffer,
}

/// Rows that move: where they are now, and by how many lines they go up (or down).
#[derive(Debug, PartialEq, Eq)]
struct Shift {
    rows: Range<usize>,
    up: bool,
    lines: usize,
}

impl<B: Backend> Scrolling<B> {
    /// A backend on a blank screen of this size.
    pub fn new(inner: B, size: Size) -> Self {
        Scrolling {
            inner,
            shown: Buffer::empty(Rect::from((Position::ORIGIN, size))),
        }
    }

    fn forget(&mut self) -> Result<(), B::Error> {
        self.shown = Buffer::empty(Rect::from((Position::ORIGIN, drawn(self.inner.size()?))));
        Ok(())
    }

    /// Lets the terminal move rows, on the screen and in what we know of it.
    fn scroll(&mut self, shift: &Shift) -> Result<(), B::Error> {
        let Shift { rows, up, lines } = shift;
        let region = rows.start as u16..rows.end as u16;
        if *up {
            self.inner.scroll_region_up(region, *lines as u16)?;
        } else {
            self.inner.scroll_region_down(region, *lines as u16)?;
        }
        let width = usize::from(self.shown.area.width);
        let cells = &mut self.shown.content[rows.start * width..rows.end * width];
        let blank = lines * width;
        if *up {
            cells.rotate_left(blank);
            let kept = cells.len() - blank;
            cells[kept..].fill(Cell::default());
        } else {
            cells.rotate_right(blank);
            cells[..blank].fill(Cell::default());
        }
        Ok(())
    }
}

/// A number for the text of each row; 0 for a blank one.
fn row_hashes(buffer: &Buffer) -> Vec<u64> {
    let width = usize::from(buffer.area.width).max(1);
    let state = foldhash::fast::FixedState::default();
    let hash = |row: &[Cell]| {
        if row.iter().all(|cell| cell.symbol() == " ") {
            return 0;
        }
        let mut hasher = state.build_hasher();
        row.iter()
            .for_each(|cell| hasher.write(cell.symbol().as_bytes()));
        hasher.finish()
    };
    buffer.content.chunks(width).map(hash).collect()
}

/// The move that brings the most rows to where they belong, if one is worth it.
fn find_shift(old: &[u64], new: &[u64]) -> Option<Shift> {
    let mut best: Option<(usize, Shift)> = None;
    for lines in 1..old.len() / 2 {
        for up in [true, false] {
            let run = longest_run(old, new, lines, up);
            if run.len() >= WORTH && best.as_ref().is_none_or(|best| run.len() > best.0) {
                let rows = run.start..run.end + lines;
                best = Some((run.len(), Shift { rows, up, lines }));
            }
        }
    }
    best.map(|best| best.1)
}

/// The longest run of rows that stand elsewhere by so many lines and are
/// not in place already; it is counted from the upper of both heights.
fn longest_run(old: &[u64], new: &[u64], lines: usize, up: bool) -> Range<usize> {
    let mut best = 0..0;
    let mut begin = 0;
    for place in 0..old.len() - lines {
        let (from, to) = if up {
            (place + lines, place)
        } else {
            (place, place + lines)
        };
        let moves = old[from] != 0 && old[from] == new[to] && old[to] != new[to];
        if !moves {
            begin = place + 1;
        } else if place + 1 - begin > best.len() {
            best = begin..place + 1;
        }
    }
    best
}

impl<B: Backend> Backend for Scrolling<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), B::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut next = self.shown.clone();
        for (x, y, cell) in content {
            if let Some(place) = next.cell_mut(Position { x, y }) {
                *place = cell.clone();
            }
        }
        if let Some(shift) = find_shift(&row_hashes(&self.shown), &row_hashes(&next)) {
            self.scroll(&shift)?;
        }
        let updates = self.shown.diff(&next);
        self.inner.draw(updates.into_iter())?;
        self.shown = next;
        Ok(())
    }

    fn hide_cursor(&mut self) -> Result<(), B::Error> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), B::Error> {
        // on a terminal that is gone this fails, and ratatui would panic about it
        let _ = self.inner.show_cursor();
        Ok(())
    }

    fn get_cursor_position(&mut self) -> Result<Position, B::Error> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), B::Error> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), B::Error> {
        self.inner.clear()?;
        self.forget()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), B::Error> {
        self.inner.clear_region(region)?;
        self.forget()
    }

    fn size(&self) -> Result<Size, B::Error> {
        self.inner.size().map(drawn)
    }

    fn window_size(&mut self) -> Result<WindowSize, B::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), B::Error> {
        self.inner.flush()
    }

    fn scroll_region_up(&mut self, region: Range<u16>, lines: u16) -> Result<(), B::Error> {
        self.inner.scroll_region_up(region, lines)?;
        self.forget()
    }

    fn scroll_region_down(&mut self, region: Range<u16>, lines: u16) -> Result<(), B::Error> {
        self.inner.scroll_region_down(region, lines)?;
        self.forget()
    }
}

impl<B: Backend + io::Write> io::Write for Scrolling<B> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::Write::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_rows_are_found_and_rows_in_place_are_not() {
        let old = [1, 10, 11, 12, 13, 14, 15, 2];
        let up = [1, 11, 12, 13, 14, 15, 16, 2];
        let shift = |rows, up, lines| Some(Shift { rows, up, lines });
        assert_eq!(find_shift(&old, &up), shift(1..7, true, 1));
        assert_eq!(find_shift(&up, &old), shift(1..7, false, 1));
        assert_eq!(find_shift(&old, &old), None);
        let page = [1, 13, 14, 15, 16, 17, 18, 2];
        assert_eq!(find_shift(&old, &page), None, "three rows are not worth it");
        assert_eq!(find_shift(&[0; 8], &[0; 8]), None);
    }
}
