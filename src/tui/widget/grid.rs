//! A grid: a line of names and lines of cells, one selected, one column marked.
//! It is given the visible lines only.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::fit::{cut, pad};

/// Space between columns.
pub const GAP: u16 = 1;

/// A column on the screen.
pub struct Column {
    /// Its name.
    pub header: String,
    /// Columns of the terminal it takes.
    pub width: u16,
    /// Its cells are flush right.
    pub right: bool,
    /// How its name looks.
    pub style: Style,
}

/// A line of cells.
pub struct Line {
    /// Text and look of each cell.
    pub cells: Vec<(String, Style)>,
    /// Laid over the whole line.
    pub style: Style,
}

/// Where words stand that say why there are no lines.
pub fn below(area: Rect) -> Rect {
    Rect {
        y: area.y + 2,
        height: area.height.saturating_sub(2),
        ..area
    }
}

/// Draws the grid.
pub fn draw(buffer: &mut Buffer, area: Rect, columns: &[Column], lines: &[Line]) {
    let names = columns
        .iter()
        .map(|column| (column.header.clone(), column.style));
    let header = Line {
        cells: names.collect(),
        style: Style::new(),
    };
    let all = std::iter::once(&header).chain(lines);
    for (y, line) in (area.y..area.bottom()).zip(all) {
        draw_line(buffer, Rect::new(area.x, y, area.width, 1), columns, line);
    }
}

fn draw_line(buffer: &mut Buffer, area: Rect, columns: &[Column], line: &Line) {
    let mut x = area.x;
    for (column, (text, style)) in columns.iter().zip(&line.cells) {
        if x >= area.right() {
            break;
        }
        let width = column.width.min(area.right() - x);
        let text = pad(
            &cut(text, usize::from(width)),
            usize::from(width),
            column.right,
        );
        buffer.set_stringn(x, area.y, text, usize::from(width), *style);
        x += width + GAP;
    }
    buffer.set_style(area, line.style);
}
