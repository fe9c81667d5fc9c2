//! What lies in the package's folder, and what its README points to.

use std::fs;
use std::path::{Path, PathBuf};

const TOP_LEVEL: [&str; 9] = [
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "CHANGELOG.md",
    "src",
    "assets",
    "tests",
    "target",
];

/// Every `.rs` file below a folder: (path relative to it, text).
pub fn rust_files(root: &Path) -> Vec<(String, String)> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = open.pop() {
        for path in entries(&folder) {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let relative = path
                    .strip_prefix(root)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned();
                found.push((relative, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

/// What stands at the top level and has no business there; dot files may.
pub fn strays(root: &Path) -> Vec<String> {
    let names = entries(root).into_iter();
    let names = names.map(|path| path.file_name().unwrap().to_string_lossy().into_owned());
    let strays = names.filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&&**name));
    strays
        .map(|name| format!("{name}:1: does not belong at the top level"))
        .collect()
}

/// Files that a text names, as a link or below `assets/`, and that are not there.
pub fn broken_links(text: &str, root: &Path) -> Vec<String> {
    let mut findings = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let missing = named_files(line)
            .into_iter()
            .filter(|name| !root.join(name).exists());
        let place = number + 1;
        findings.extend(missing.map(|name| format!("README.md:{place}: {name} is not there")));
    }
    findings
}

fn named_files(line: &str) -> Vec<&str> {
    let until =
        |text: &'static str, rest: &str| rest.find(|c| text.contains(c)).unwrap_or(rest.len());
    let links = line.match_indices("](").map(|(at, mark)| {
        let rest = &line[at + mark.len()..];
        &rest[..until(" )#", rest)]
    });
    let local = links.filter(|target| !target.is_empty() && !target.contains("://"));
    let assets = line.match_indices("assets/").map(|(at, _)| {
        let rest = &line[at..];
        rest[..until(" \"'`)]>#?,;:", rest)].trim_end_matches('.')
    });
    let sources = line.match_indices("`src/").map(|(at, _)| {
        let rest = &line[at + 1..];
        &rest[..until("`", rest)]
    });
    let mut names: Vec<&str> = local.chain(assets).chain(sources).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_assets_are_found_in_a_line() {
        let line = "![x](assets/a.svg) and [y](LICENSE \"t\"), [z](https://e.example/assets/b.gif), \
            [w](#keys), `assets/c.tsv`, <img src=\"assets/d.png\">, assets/e.svg.";
        let expected = [
            "LICENSE",
            "assets/a.svg",
            "assets/b.gif",
            "assets/c.tsv",
            "assets/d.png",
            "assets/e.svg",
        ];
        assert_eq!(named_files(line), expected);
    }

    #[test]
    fn a_missing_file_is_a_finding_with_its_line() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let findings = broken_links("[a](Cargo.toml)\n\n[b](assets/no-such.svg)", root);
        assert_eq!(findings, ["README.md:3: assets/no-such.svg is not there"]);
        let findings = broken_links("in `src/lib.rs` and `src/no-such/`", root);
        assert_eq!(findings, ["README.md:1: src/no-such/ is not there"]);
    }

    #[test]
    fn only_the_listed_entries_belong_at_the_top_level() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Cargo.toml", ".ci", "src", "benches", "notes.md"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let expected = ["benches", "notes.md"];
        assert_eq!(
            strays(folder.path()),
            expected.map(|name| format!("{name}:1: does not belong at the top level"))
        );
    }

    #[test]
    fn a_property_that_fails_leaves_no_files_at_the_top_level() {
        let persistence = proptest::test_runner::Config::default().failure_persistence;
        assert!(persistence.is_none(), "{persistence:?}");
    }
}
