//! How the browser looks, by the options and by what the environment says of the terminal.

use crate::cli::options::Given;
use crate::cli::{LookArgs, Theme};
use crate::tui::theme::{Ground, Look};

/// How the browser looks; unless it is told, the terminal may tell its background.
pub fn look(args: &LookArgs) -> Look {
    let told = || std::env::var("COLORFGBG").map_or(Ground::Unknown, |told| Ground::told(&told));
    Look {
        ground: match args.theme {
            Theme::Auto => told(),
            Theme::Dark => Ground::Dark,
            Theme::Light => Ground::Light,
        },
        ascii: args.ascii,
        colourless: environment("NO_COLOR").is_some(),
    }
}

/// What the locale says of options: anything else that is said overrules it.
pub fn by_locale() -> Vec<Given> {
    let ascii = || Given {
        name: "ascii".to_owned(),
        values: vec!["true".to_owned()],
    };
    (!reads_utf8()).then(ascii).into_iter().collect()
}

/// Whether the terminal reads UTF-8, as far as the locale says (`locale(7)`); where it says
/// nothing, it does.
fn reads_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(environment);
    locale.is_none_or(|locale| {
        let charset = locale.to_ascii_lowercase().replace('-', "");
        charset.contains("utf8")
    })
}

/// A variable of the environment that says something.
fn environment(name: &str) -> Option<String> {
    let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
    Some(value.to_string_lossy().into_owned())
}
