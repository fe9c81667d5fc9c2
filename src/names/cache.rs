//! Names kept between runs, when that is asked for: one file in the user's cache directory,
//! `<Unix seconds> <address> <name>` a line, `-` for no name. Only host names are kept, not what
//! had to be escaped; they are checked again, and only as old as an answer may be.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use super::valid::valid_name;
use crate::own_files;

/// Seconds for which a name is good, and for which it is that there is none.
const NAMED: u64 = 24 * 3600;
const NAMELESS: u64 = 3600;
/// More of the file is not read, and not more names are written.
const SIZE: u64 = 16 << 20;
const MOST: usize = 100_000;

/// An answer and when it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Whose name it is.
    pub address: IpAddr,
    /// The name as it is shown, if there is one.
    pub name: Option<String>,
    /// Unix seconds.
    pub at: u64,
}

/// Whether an answer of this time is too old, or from a future that cannot be.
pub fn is_old(is_named: bool, at: u64, now: u64) -> bool {
    let age = if is_named { NAMED } else { NAMELESS };
    at > now || now - at >= age
}

/// The file.
pub struct Cache(Option<PathBuf>);

impl Cache {
    /// The user's: `$XDG_CACHE_HOME/flowpeek/names`, else below `~/.cache`.
    pub fn of_user() -> Self {
        Cache(own_files::folder("XDG_CACHE_HOME", ".cache").map(|folder| folder.join("names")))
    }

    /// A given file.
    pub fn at(path: &Path) -> Self {
        Cache(Some(path.to_owned()))
    }

    /// The answers that are still good.
    pub fn read(&self, now: u64) -> Vec<Entry> {
        let text = self.0.as_ref().map(|path| own_files::read(path, SIZE));
        let entries = text.as_deref().unwrap_or_default().lines();
        let good = |entry: &Entry| !is_old(entry.name.is_some(), entry.at, now);
        entries.filter_map(entry).filter(good).collect()
    }

    /// Keeps these answers beside those that other runs have kept by now: the newest answer of
    /// each address, and the newest of all if there are more than a file may have.
    ///
    /// # Errors
    /// When there is no place for the file, or it cannot be written.
    pub fn write(&self, entries: Vec<Entry>, now: u64) -> io::Result<()> {
        let Some(path) = &self.0 else {
            let words = "neither XDG_CACHE_HOME nor HOME names a directory";
            return Err(io::Error::new(io::ErrorKind::NotFound, words));
        };
        let mut newest: HashMap<IpAddr, Entry> = HashMap::new();
        let plain = |entry: &Entry| entry.name.as_ref().is_none_or(|name| !name.contains('\\'));
        for entry in self
            .read(now)
            .into_iter()
            .chain(entries.into_iter().filter(plain))
        {
            match newest.get(&entry.address) {
                Some(other) if other.at > entry.at => {}
                _ => drop(newest.insert(entry.address, entry)),
            }
        }
        let mut entries: Vec<Entry> = newest.into_values().collect();
        entries.sort_unstable_by_key(|entry| (std::cmp::Reverse(entry.at), entry.address));
        entries.truncate(MOST);
        let line = |entry: &Entry| {
            let name = entry.name.as_deref().unwrap_or("-");
            format!("{} {} {name}", entry.at, entry.address)
        };
        own_files::replace(path, &entries.iter().map(line).collect::<Vec<_>>())
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut words = line.split(' ');
    let (at, address, name) = (words.next()?, words.next()?, words.next()?);
    let name = match name {
        "-" => None,
        name => Some(valid_name(name)?),
    };
    Some(Entry {
        address: address.parse().ok()?,
        name,
        at: at.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    const NOW: u64 = 1_800_000_000;

    fn entry(last: u8, name: &str, at: u64) -> Entry {
        Entry {
            address: IpAddr::from([192, 0, 2, last]),
            name: crate::names::shown_name(name),
            at,
        }
    }

    #[test]
    fn what_two_runs_keep_is_there_for_the_third() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/flowpeek/names");
        let (one, two) = (Cache::at(&path), Cache::at(&path));
        let red = entry(3, "\u{1b}[31mred", NOW - 5);
        one.write(vec![entry(1, "a.example", NOW - 9), red], NOW)
            .unwrap();
        two.write(
            vec![entry(1, "b.example", NOW - 3), entry(2, "", NOW - 1)],
            NOW,
        )
        .unwrap();
        one.write(vec![entry(1, "a.example", NOW - 9)], NOW)
            .unwrap();
        let kept = Cache::at(&path).read(NOW);
        assert_eq!(
            kept,
            [entry(2, "", NOW - 1), entry(1, "b.example", NOW - 3)]
        );
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
        let beside = fs::read_dir(path.parent().unwrap()).unwrap().count();
        assert_eq!(beside, 1, "nothing else is left lying about");
    }

    #[test]
    fn answers_grow_old_and_those_without_a_name_sooner() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(&folder.path().join("names"));
        cache
            .write(vec![entry(1, "a.example", NOW), entry(2, "", NOW)], NOW)
            .unwrap();
        let count = |now| cache.read(now).len();
        assert_eq!(count(NOW), 2);
        assert_eq!(count(NOW + NAMELESS - 1), 2);
        assert_eq!(count(NOW + NAMELESS), 1);
        assert_eq!(count(NOW + NAMED), 0);
        assert_eq!(count(NOW - 1), 0, "from the future");
    }

    #[test]
    fn a_file_that_somebody_else_wrote_is_not_believed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("names");
        let lines = [
            "192.0.2.1 a.example",
            "NOW 192.0.2.1 \u{1b}[31mred",
            "NOW 192.0.2.2 10.0.0.1",
            "NOW 192.0.2.3 a\\1",
            "NOW 192.0.2.4 a\\097",
            "NOW 192.0.2.300 a",
            "-1 192.0.2.5 a",
            "NOW 192.0.2.6",
            "",
            "NOW 192.0.2.7 good",
        ];
        fs::write(&path, lines.join("\n").replace("NOW", &NOW.to_string())).unwrap();
        assert_eq!(Cache::at(&path).read(NOW), [entry(7, "good", NOW)]);
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert_eq!(Cache::at(&path).read(NOW), []);
        assert!(Cache::at(&path).write(Vec::new(), NOW).is_err());
        assert!(Cache(None).write(Vec::new(), NOW).is_err());
    }
}
