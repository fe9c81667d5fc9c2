//! The only file that names colours: the 16 that every terminal has, chosen so
//! that dark and light backgrounds work. Nothing is told by colour alone.

use ratatui::style::{Color, Modifier, Style};

/// Where one is: the selected row, the selected tab.
pub fn selected() -> Style {
    Style::new().add_modifier(Modifier::REVERSED)
}

/// The names of columns.
pub fn header() -> Style {
    Style::new().add_modifier(Modifier::BOLD)
}

/// The column under the cursor.
pub fn column() -> Style {
    Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
}

/// The cell under both cursors, on top of the selected row.
pub fn cell() -> Style {
    Style::new().add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
}

/// What matters less.
pub fn quiet() -> Style {
    Style::new().add_modifier(Modifier::DIM)
}

/// The program's own name and the keys of the footer.
pub fn accent() -> Style {
    Style::new().fg(Color::Cyan).add_modifier(Modifier::BOLD)
}

/// Something is wrong, or was lost.
pub fn warning() -> Style {
    Style::new().fg(Color::Red).add_modifier(Modifier::BOLD)
}

/// Work under way.
pub fn progress() -> Style {
    Style::new().fg(Color::Yellow)
}

/// A service that has a name.
pub fn service() -> Style {
    Style::new().fg(Color::Green)
}
