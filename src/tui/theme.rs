//! The only file that names colours: the 16 that every terminal has, chosen so
//! that dark and light backgrounds work. Nothing is told by colour alone.

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};

/// The background that the colours are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ground {
    /// Nobody knows: colours that can be read on both.
    #[default]
    Unknown,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

impl Ground {
    /// What the terminal says in `COLORFGBG`: foreground and background, by the
    /// numbers of the 16 colours.
    pub fn told(colours: &str) -> Ground {
        match colours
            .rsplit(';')
            .next()
            .and_then(|ground| ground.parse().ok())
        {
            Some(0..=6 | 8) => Ground::Dark,
            Some(7 | 9..=15) => Ground::Light,
            _ => Ground::Unknown,
        }
    }
}

/// How everything looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The background.
    pub ground: Ground,
    /// Signs of our own beyond ASCII are replaced.
    pub ascii: bool,
    /// There are no colours (`NO_COLOR`).
    pub colourless: bool,
}

/// Signs of our own, and what stands for them where only ASCII can be shown.
const SIGNS: &[(&str, &str)] = &[
    ("…─━═╌–—·┄╳╱", "~--=---.-x/"),
    ("│┃║┌┐└┘├┤┬┴┼╭╮╰╯", "|||+++++++++++++"),
    ("▁▂▃▄▅▆▇█░▒▓▏▎▍▌▋▊▉", "__--==##.:#||||###"),
    ("▲▼◀▶△▽↑↓←→●○■□✓✗×", "^v<>^v^v<>*o#o+xx"),
];

/// Gives a drawn screen its look: the last step of a frame, so that whoever
/// draws need not know about it.
pub fn finish(look: Look, buffer: &mut Buffer) {
    if look == Look::default() {
        return;
    }
    for cell in &mut buffer.content {
        // whoever writes to the terminal leaves colours out as well, but takes back bold and
        // reversed with them
        match look.colourless {
            true => (cell.fg, cell.bg) = (Color::Reset, Color::Reset),
            false => cell.fg = shade(look.ground, cell.fg),
        }
        if look.ascii && !cell.symbol().is_ascii() {
            let sign = cell.symbol().chars().next().and_then(plain);
            if let Some(sign) = sign {
                cell.set_char(sign);
            }
        }
    }
}

/// What stands for a sign of our own.
fn plain(sign: char) -> Option<char> {
    SIGNS.iter().find_map(|(signs, stand_ins)| {
        let place = signs.chars().position(|known| known == sign)?;
        stand_ins.chars().nth(place)
    })
}

/// A colour as it can be read best on this background.
fn shade(ground: Ground, colour: Color) -> Color {
    match (ground, colour) {
        (Ground::Dark, Color::Red) => Color::LightRed,
        (Ground::Dark, Color::Green) => Color::LightGreen,
        (Ground::Dark, Color::Yellow) => Color::LightYellow,
        (Ground::Dark, Color::Cyan) => Color::LightCyan,
        (Ground::Light, Color::Yellow) => Color::Magenta,
        (Ground::Light, Color::Cyan) => Color::Blue,
        _ => colour,
    }
}

/// Where one is: the selected row, the selected tab.
pub fn selected() -> Style {
    Style::new().add_modifier(Modifier::REVERSED)
}

/// An item of a list, which may be where one is.
pub fn item(is_selected: bool) -> Style {
    match is_selected {
        true => selected(),
        false => Style::new(),
    }
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

/// What is wrong in what is being typed.
pub fn mistake() -> Style {
    Style::new()
        .fg(Color::Red)
        .add_modifier(Modifier::UNDERLINED)
}

/// A layer of the timeline, of which patterns tell too.
pub fn layer(place: usize) -> Style {
    let colours = [
        Color::Cyan,
        Color::Green,
        Color::Magenta,
        Color::Red,
        Color::Blue,
    ];
    match colours.get(place) {
        Some(&colour) => Style::new().fg(colour),
        None => quiet(),
    }
}

/// Work under way.
pub fn progress() -> Style {
    Style::new().fg(Color::Yellow)
}

/// A service that has a name.
pub fn service() -> Style {
    Style::new().fg(Color::Green)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_a_stand_in() {
        for (signs, stand_ins) in SIGNS {
            assert_eq!(signs.chars().count(), stand_ins.chars().count());
            assert!(stand_ins.is_ascii());
        }
        assert_eq!(plain('ä'), None);
    }

    #[test]
    fn the_background_is_the_last_number() {
        assert_eq!(Ground::told("15;0"), Ground::Dark);
        assert_eq!(Ground::told("0;default;15"), Ground::Light);
        assert_eq!(Ground::told("0;7"), Ground::Light);
        assert_eq!(Ground::told("default;default"), Ground::Unknown);
        assert_eq!(Ground::told(""), Ground::Unknown);
    }
}
