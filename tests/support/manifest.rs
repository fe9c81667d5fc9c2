//! `edge/manifest.json`: what each hostile export holds and what is to be done with it.
#![allow(missing_docs, reason = "a part of the tests")]

use std::path::{Path, PathBuf};

use serde_json::Value;

/// No export of 0 bytes can be read; every other file can.
const UNREADABLE: [&str; 1] = ["empty-file.gz"];

pub struct Entry {
    pub name: String,
    pub path: PathBuf,
    pub says: Value,
}

pub fn entries(exports: &Path) -> Vec<Entry> {
    let folder = exports.join("edge");
    let manifest = crate::support::json(&folder.join("manifest.json"));
    let entry = |says: &Value| {
        let name = says["file"].as_str().expect("a file name").to_owned();
        Entry {
            path: folder.join(&name),
            name,
            says: says.clone(),
        }
    };
    let entries: Vec<_> = manifest["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(entry)
        .collect();
    assert!(!entries.is_empty(), "the manifest has entries");
    entries
}

impl Entry {
    pub fn is_unreadable(&self) -> bool {
        UNREADABLE.contains(&&*self.name)
    }

    fn number(&self, key: &str) -> Option<u64> {
        self.says[key].as_u64()
    }

    pub fn numbers(&self, key: &str) -> Vec<u64> {
        let list = self.says[key].as_array().map_or(&[][..], Vec::as_slice);
        list.iter()
            .map(|number| number.as_u64().expect("a number"))
            .collect()
    }

    /// What is wrong with a count of flows or connections, if anything.
    pub fn complaint(&self, key: &str, count: u64) -> Option<String> {
        let exactly = self.number(key).expect("the entry counts");
        let least = self.number(&format!("{key}_at_least")).unwrap_or(exactly);
        let most = self.number(&format!("{key}_at_most")).unwrap_or(exactly);
        let chosen = self.numbers(&format!("{key}_choices")).contains(&count);
        let is_right = (least..=most).contains(&count) || chosen;
        (!is_right).then(|| format!("{}: {count} {key}, not {least} to {most}", self.name))
    }

    /// The lines that should have been rejected and were not, or the other way round.
    pub fn wrongly_judged(&self, rejected: &[u64]) -> Vec<u64> {
        let (must, may) = (
            self.numbers("rejected_lines"),
            self.numbers("may_reject_lines"),
        );
        let differ =
            |line: &&u64| must.contains(line) != rejected.contains(line) && !may.contains(line);
        must.iter()
            .chain(rejected)
            .filter(differ)
            .copied()
            .collect()
    }

    /// Are these the durations of the connections in order?
    pub fn allows_durations(&self, printed: &[Value]) -> bool {
        let Some(durations) = self.says["durations_ms"].as_array() else {
            return true;
        };
        let allows = |(right, printed): (&Value, &Value)| match right.as_array() {
            Some(choices) => choices.contains(printed),
            None => right == printed,
        };
        durations.len() == printed.len() && durations.iter().zip(printed).all(allows)
    }
}
