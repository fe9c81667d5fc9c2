//! The configuration file: TOML in, options, keys and profiles out, each with
//! the line it stands on, so that what is wrong can be pointed at. What options
//! and keys there are is not known here.

use std::io;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::model::typo::nearest;
use crate::own_files;
use crate::small_files;

/// Longer files are no configuration.
const LIMIT: u64 = 1 << 20;
/// The tables that there are.
const TABLES: [&str; 2] = ["keys", "profile"];

/// Something that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// The line of the file, from 1.
    pub line: usize,
    /// What it is set to: one value, or those of a list.
    pub values: Vec<String>,
}

/// A set of options that can be asked for by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// What it sets.
    pub options: Vec<Entry>,
}

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// Options.
    pub options: Vec<Entry>,
    /// Keys of actions.
    pub keys: Vec<Entry>,
    /// Profiles.
    pub profiles: Vec<Profile>,
}

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// Why.
    pub words: String,
}

impl Config {
    /// What the text of a file says.
    ///
    /// # Errors
    /// The first mistake in it, except for names and values of options and keys.
    pub fn parse(text: &str) -> Result<Config, Mistake> {
        let table = DeTable::parse(text).map_err(|error| Mistake {
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            words: error.message().replace('\n', ", "),
        })?;
        let mut config = Config::default();
        for (name, value) in in_order(text, table.get_ref()) {
            match (name.name.as_str(), value.get_ref()) {
                ("keys", DeValue::Table(keys)) => config.keys = entries(text, keys)?,
                ("profile", DeValue::Table(profiles)) => {
                    config.profiles = read_profiles(text, profiles)?;
                }
                (_, DeValue::Table(_)) => {
                    let near = nearest(&name.name, TABLES.into_iter());
                    let words = format!("no table is called \"{}\"{near}", name.name);
                    return Err(name.wrong(&words));
                }
                _ => config.options.push(entry(name, value)?),
            }
        }
        Ok(config)
    }

    /// What a profile sets.
    ///
    /// # Errors
    /// In words, when there is none of that name.
    pub fn profile(&self, name: &str) -> Result<&[Entry], String> {
        let found = self.profiles.iter().find(|profile| profile.name == name);
        found
            .map(|profile| profile.options.as_slice())
            .ok_or_else(|| {
                let known = || self.profiles.iter().map(|profile| profile.name.as_str());
                let near = match known().count() {
                    0 => ": there is no [profile.NAME]".to_owned(),
                    _ => nearest(name, known()),
                };
                format!("no profile is called \"{name}\"{near}")
            })
    }
}

/// Where the user's file is: `$XDG_CONFIG_HOME/flowpeek/config.toml`, else below `~/.config`.
pub fn usual_place() -> Option<PathBuf> {
    let folder = own_files::folder("XDG_CONFIG_HOME", ".config")?;
    Some(folder.join("config.toml"))
}

/// The text of a file.
///
/// # Errors
/// When it cannot be read, or is no text.
pub fn read(path: &Path) -> io::Result<String> {
    small_files::text(path, LIMIT)
}

/// A name with its line.
struct Name {
    name: String,
    line: usize,
}

impl Name {
    fn wrong(&self, words: &str) -> Mistake {
        Mistake {
            line: self.line,
            words: words.to_owned(),
        }
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    1 + before.filter(|&&byte| byte == b'\n').count()
}

/// What a table has, in the order of the file.
fn in_order<'a>(text: &str, table: &'a DeTable<'a>) -> Vec<(Name, &'a Spanned<DeValue<'a>>)> {
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    let named = rows.into_iter().map(|(key, value)| {
        let name = Name {
            name: key.get_ref().to_string(),
            line: line_of(text, key.span().start),
        };
        (name, value)
    });
    named.collect()
}

fn entries(text: &str, table: &DeTable) -> Result<Vec<Entry>, Mistake> {
    let rows = in_order(text, table).into_iter();
    rows.map(|(name, value)| entry(name, value)).collect()
}

fn entry(name: Name, value: &Spanned<DeValue>) -> Result<Entry, Mistake> {
    let values = match value.get_ref() {
        DeValue::Array(list) => list.iter().map(|it| plain(it.get_ref())).collect(),
        one => plain(one).map(|one| vec![one]),
    };
    match values {
        Some(values) => Ok(Entry {
            line: name.line,
            name: name.name,
            values,
        }),
        None => Err(name.wrong(&format!(
            "\"{}\" is neither a value nor a list of such",
            name.name
        ))),
    }
}

/// A value as it would stand on the command line.
fn plain(value: &DeValue) -> Option<String> {
    Some(match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => {
            let digits = i128::from_str_radix(number.as_str(), number.radix());
            digits.map_or_else(|_| number.as_str().to_owned(), |digits| digits.to_string())
        }
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::Boolean(flag) => flag.to_string(),
        DeValue::Datetime(moment) => moment.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => return None,
    })
}

fn read_profiles(text: &str, table: &DeTable) -> Result<Vec<Profile>, Mistake> {
    let rows = in_order(text, table).into_iter();
    rows.map(|(name, value)| match value.get_ref() {
        DeValue::Table(options) => Ok(Profile {
            options: entries(text, options)?,
            name: name.name,
        }),
        _ => Err(name.wrong("a profile is a table: [profile.NAME]")),
    })
    .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn everything_has_its_line() {
        let text = "packets = 0x10\nhosts = [\"a\", 'b']\n\n[keys]\ndown = \"e\"\n[profile.web]\n\
            filter = \"port 443\"\nutc = true\n";
        let config = Config::parse(text).unwrap();
        let entry = |name: &str, line, values: &[&str]| Entry {
            name: name.to_owned(),
            line,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let options = [entry("packets", 1, &["16"]), entry("hosts", 2, &["a", "b"])];
        assert_eq!(config.options, options);
        assert_eq!(config.keys, [entry("down", 5, &["e"])]);
        let web = [
            entry("filter", 7, &["port 443"]),
            entry("utc", 8, &["true"]),
        ];
        assert_eq!(config.profile("web"), Ok(&web[..]));
        assert!(config.profile("wep").unwrap_err().contains("\"web\""));
    }

    #[test]
    fn mistakes_have_their_line() {
        for (text, line, words) in [
            ("\n\npackets = = 3", 3, ""),
            ("packets = 1\npackets = 2", 2, "duplicate"),
            ("\n[kyes]\n", 2, "did you mean \"keys\""),
            ("a = 1\nb = { c = 1 }", 2, "no table is called \"b\""),
            ("[profile]\nweb = 1", 2, "[profile.NAME]"),
            ("[profile.a.b]\nc = 1", 1, "neither a value"),
            ("x = [[1]]", 1, "neither a value"),
        ] {
            let mistake = Config::parse(text).unwrap_err();
            assert_eq!(mistake.line, line, "{text}: {mistake:?}");
            assert!(mistake.words.contains(words), "{text}: {mistake:?}");
        }
    }
}
