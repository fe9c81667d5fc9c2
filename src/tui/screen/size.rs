//! How large a screen may be. Two pictures of it are kept, so a terminal that
//! says it has 65,535 lines and as many columns would cost all memory.

use ratatui::layout::Size;

/// More columns than the smallest letters make on the largest screen.
const COLUMNS: u16 = 1600;
const LINES: u16 = 600;

/// The part of a terminal of this size that is drawn on.
pub fn drawn(size: Size) -> Size {
    Size {
        width: size.width.min(COLUMNS),
        height: size.height.min(LINES),
    }
}
