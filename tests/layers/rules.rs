//! The floors of the program, and what breaks their rules: an import that no arrow allows, a
//! child that leans on its parent, files or folders that import one another in a circle.

use crate::arrows::{Arrow, Tree, module};
use std::collections::BTreeSet;

/// The floors from top to bottom, each with the floors it may import from.
const FLOORS: &[(&str, &[&str])] = &[
    ("main", &["lib", "cli"]),
    (
        "lib",
        &[
            "setup", "print", "export", "manual", "cli", "failure", "limits", "stderr", "tui",
            "load", "names",
        ],
    ),
    ("setup", &["cli", "config", "failure", "tui"]),
    (
        "print",
        &[
            "cli", "failure", "sums", "stderr", "report", "load", "query", "names", "model",
        ],
    ),
    (
        "export",
        &["cli", "sums", "report", "tui", "query", "table", "model"],
    ),
    ("manual", &["cli", "failure", "report", "tui", "query"]),
    ("failure", &["ingest", "stderr"]),
    ("sums", &["stderr", "report", "query", "table", "model"]),
    (
        "cli",
        &["report", "query", "table", "names", "small_files", "model"],
    ),
    ("report", &["query", "table", "names", "model"]),
    (
        "tui",
        &[
            "load",
            "query",
            "table",
            "names",
            "stderr",
            "own_files",
            "model",
        ],
    ),
    ("load", &["table", "ingest", "model"]),
    ("config", &["own_files", "small_files", "model"]),
    ("query", &["table", "names", "model"]),
    ("table", &["model"]),
    ("ingest", &["model"]),
    ("names", &["own_files", "small_files", "model"]),
    ("stderr", &["model"]),
    ("limits", &[]),
    ("own_files", &["small_files"]),
    ("small_files", &["model"]),
    ("model", &[]),
    // the build script, a program of its own
    ("build", &[]),
];

pub fn floor(path: &str) -> &str {
    path.split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs")
}

fn place(tree: &Tree, arrow: &Arrow) -> String {
    format!("src/{}:{}", tree.files[arrow.from].path, arrow.line)
}

pub fn floor_findings(tree: &Tree) -> Vec<String> {
    let mut findings = Vec::new();
    for file in &tree.files {
        if !FLOORS.iter().any(|(name, _)| *name == floor(&file.path)) {
            findings.push(format!("src/{}:1: stands on no floor of FLOORS", file.path));
        }
    }
    for arrow in tree.arrows() {
        let (from, to) = (&tree.files[arrow.from].path, &tree.files[arrow.to].path);
        let allowed = |(name, below): &&(&str, &[&str])| {
            *name == floor(from) && (below.contains(&floor(to)) || *name == floor(to))
        };
        if !FLOORS.iter().any(|row| allowed(&row)) {
            findings.push(format!(
                "{}: {from} may not import {to}",
                place(tree, &arrow)
            ));
        }
    }
    findings
}

pub fn parent_findings(tree: &Tree) -> Vec<String> {
    let upward = |arrow: &Arrow| {
        let (from, to) = (
            module(&tree.files[arrow.from].path),
            module(&tree.files[arrow.to].path),
        );
        // The binary is a crate of its own, not a child of the library.
        from != ["main"] && from.len() > to.len() && from.starts_with(&to)
    };
    let arrows = tree.arrows();
    let upward = arrows.iter().filter(|arrow| upward(arrow));
    upward
        .map(|arrow| {
            let parent = &tree.files[arrow.to].path;
            format!("{}: imports its parent {parent}", place(tree, arrow))
        })
        .collect()
}

/// The arrows between files that lie on a circle: those whose end leads back to their beginning.
pub fn circle_findings(tree: &Tree) -> Vec<String> {
    circles(tree, |path| path)
}

/// The same between the folders of a floor, its other files being folders of their own.
pub fn folder_findings(tree: &Tree) -> Vec<String> {
    circles(tree, folder)
}

/// `query/group/by.rs` lies in `query/group`, and `query/run.rs` in none.
fn folder(path: &str) -> &str {
    let floor = path.find('/').map_or(path.len(), |end| end + 1);
    let inside = path[floor..].find('/');
    inside.map_or(path, |end| &path[..floor + end])
}

fn circles<'a>(tree: &'a Tree, group: impl Fn(&'a str) -> &'a str) -> Vec<String> {
    let ends = |arrow: &Arrow| {
        let [from, to] = [arrow.from, arrow.to].map(|file| group(&tree.files[file].path));
        (from, to)
    };
    let arrows = tree.arrows();
    let between = arrows.iter().map(ends).filter(|(from, to)| from != to);
    let between: BTreeSet<(&str, &str)> = between.collect();
    let mut findings = Vec::new();
    for arrow in &arrows {
        let (from, to) = ends(arrow);
        let (mut reached, mut open) = (BTreeSet::new(), vec![to]);
        while let Some(at) = open.pop() {
            if reached.insert(at) {
                open.extend(
                    between
                        .iter()
                        .filter(|next| next.0 == at)
                        .map(|next| next.1),
                );
            }
        }
        if from != to && reached.contains(from) {
            findings.push(format!("{}: {to} leads back here", place(tree, arrow)));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_floors_form_a_building() {
        let order: Vec<&str> = FLOORS.iter().map(|(name, _)| *name).collect();
        for (at, (name, below)) in FLOORS.iter().enumerate() {
            for other in *below {
                assert!(
                    order[at + 1..].contains(other),
                    "{name} may import {other}, not below it"
                );
            }
        }
        let may = |from: &str, to: &str| FLOORS.iter().any(|(n, b)| *n == from && b.contains(&to));
        let strangers = [
            ("report", "tui"),
            ("tui", "report"),
            ("table", "ingest"),
            ("ingest", "table"),
        ];
        for (from, to) in strangers {
            assert!(!may(from, to), "{from} must not know {to}");
        }
    }

    #[test]
    fn the_rules_find_what_breaks_them() {
        let files = [
            ("lib.rs", "//! Map.\nmod model;"),
            ("main.rs", "fn main() { flowpeek::run() }"),
            ("model/mod.rs", "use crate::query::Filter;"),
            ("query/mod.rs", "pub mod a;\npub mod b;\nuse a::A;"),
            ("query/a.rs", "use super::b::B;\nuse crate::table::T;"),
            ("query/b.rs", "use super::c::C;"),
            ("query/c.rs", "use super::a::A;\nuse super::Filter;"),
            ("report/mod.rs", "fn f() { crate::tui::draw() }"),
            ("table/mod.rs", "use crate::model::Flow;"),
            ("tui/mod.rs", ""),
            ("util.rs", ""),
        ];
        let tree = Tree::new(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        let places = |findings: Vec<String>| -> Vec<String> {
            findings
                .iter()
                .map(|finding| finding.split(": ").next().unwrap().to_owned())
                .collect()
        };
        let floors = places(floor_findings(&tree));
        assert_eq!(
            floors,
            ["src/util.rs:1", "src/model/mod.rs:1", "src/report/mod.rs:1"]
        );
        assert_eq!(places(parent_findings(&tree)), ["src/query/c.rs:2"]);
        let circles = [
            "src/model/mod.rs:1",
            "src/query/a.rs:1",
            "src/query/a.rs:2",
            "src/query/b.rs:1",
            "src/query/c.rs:1",
            "src/query/c.rs:2",
            "src/query/mod.rs:3",
            "src/table/mod.rs:1",
        ];
        assert_eq!(places(circle_findings(&tree)), circles);
    }

    #[test]
    fn folders_that_lean_on_each_other_are_found() {
        let files = [
            ("query/mod.rs", "pub mod one;\npub mod other;\npub mod run;"),
            ("query/one/a.rs", "use crate::query::other::b::B;"),
            ("query/one/c.rs", ""),
            ("query/other/b.rs", "use crate::query::run::R;"),
            (
                "query/other/d.rs",
                "use super::b::B;\n\nuse crate::query::one::c::C;",
            ),
            ("query/run.rs", ""),
        ];
        let tree = Tree::new(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        assert_eq!(circle_findings(&tree), [""; 0]);
        assert_eq!(
            folder_findings(&tree),
            [
                "src/query/one/a.rs:1: query/other leads back here",
                "src/query/other/d.rs:3: query/one leads back here",
            ]
        );
    }
}
