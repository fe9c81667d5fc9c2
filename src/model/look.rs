//! How the browser is to look, as far as the user and the terminal say.

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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_is_the_last_number() {
        assert_eq!(Ground::told("15;0"), Ground::Dark);
        assert_eq!(Ground::told("0;default;15"), Ground::Light);
        assert_eq!(Ground::told("0;7"), Ground::Light);
        assert_eq!(Ground::told("default;default"), Ground::Unknown);
        assert_eq!(Ground::told(""), Ground::Unknown);
    }
}
