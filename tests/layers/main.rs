//! The shape of the program, checked: each floor imports only from those it may, no two files
//! and no two folders lean on each other, every file says its contract, nothing outgrows its budget, and the
//! package holds what it should. Works on the text of `src/`, so it also sees what the compiler
//! accepts. A finding names the file and the line.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod arrows;
mod budget;
mod package;
mod rules;
mod scan;

use arrows::Tree;
use budget::Budget;
use rules::{circle_findings, floor, floor_findings, folder_findings, parent_findings};
use std::collections::BTreeSet;
use std::path::Path;

const FILES: Budget = Budget {
    hard: 300,
    soft: 250,
    share: 15,
};
const FUNCTIONS: Budget = Budget {
    hard: 60,
    soft: 40,
    share: 5,
};

fn sources() -> Tree {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    Tree::new(package::rust_files(&root))
}

fn assert_none(findings: &[String]) {
    assert!(
        findings.is_empty(),
        "{} findings:\n{}\n",
        findings.len(),
        findings.join("\n")
    );
}

#[test]
fn the_scanner_sees_the_sources() {
    let tree = sources();
    let functions: usize = tree
        .files
        .iter()
        .map(|file| budget::functions(file).len())
        .sum();
    let (files, arrows) = (tree.files.len(), tree.arrows().len());
    assert!(files > 20, "only {files} files found");
    assert!(arrows > 50, "only {arrows} arrows found");
    assert!(functions > 200, "only {functions} functions found");
}

#[test]
fn every_file_opens_with_its_contract() {
    let tree = sources();
    let silent = tree
        .files
        .iter()
        .filter(|file| !file.text.starts_with("//! "));
    let findings: Vec<_> = silent
        .map(|file| format!("src/{}:1: does not begin with //!", file.path))
        .collect();
    assert_none(&findings);
}

#[test]
fn imports_point_to_lower_floors() {
    assert_none(&floor_findings(&sources()));
}

#[test]
fn children_do_not_import_their_parents() {
    assert_none(&parent_findings(&sources()));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    assert_none(&circle_findings(&sources()));
}

#[test]
fn no_folders_lean_on_each_other() {
    assert_none(&folder_findings(&sources()));
}

#[test]
fn the_map_in_lib_names_every_module() {
    let tree = sources();
    let lib = tree
        .files
        .iter()
        .find(|file| file.path == "lib.rs")
        .unwrap();
    let named = mapped(&lib.text);
    let modules: BTreeSet<&str> = tree.files.iter().map(|file| floor(&file.path)).collect();
    let inner = modules
        .iter()
        .filter(|name| !["lib", "main"].contains(*name));
    let findings: Vec<_> = inner
        .filter(|name| !named.contains(*name))
        .map(|name| format!("src/lib.rs:1: no line of the map begins with {name}"))
        .collect();
    assert_none(&findings);
}

#[test]
fn what_maps_name_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut findings = Vec::new();
    for file in &sources().files {
        let path = root.join(&file.path);
        let folder = path.parent().unwrap_or(&root);
        let missing = names(&file.text).filter(|name| !folder.join(name).exists());
        findings.extend(missing.map(|name| format!("src/{}:1: there is no {name}", file.path)));
    }
    assert_none(&findings);
}

/// The files and folders with which lines of a file's `//!` text begin.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("//!"));
    let words = lines.filter_map(|line| line.split_whitespace().next());
    words.filter(|word| {
        let is_plain = |c: char| c.is_alphanumeric() || "_./".contains(c);
        word.chars().all(is_plain) && (word.ends_with(".rs") || word.ends_with('/'))
    })
}

/// The first word of each line of a file's `//!` text.
fn mapped(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("//!"));
    lines
        .filter_map(|line| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_')
                .find(|word| !word.is_empty())
        })
        .collect()
}

#[test]
fn files_and_functions_keep_to_their_budgets() {
    let tree = sources();
    let files: Vec<_> = tree
        .files
        .iter()
        .map(|file| (format!("src/{}:1", file.path), file.lines))
        .collect();
    let functions: Vec<_> = tree
        .files
        .iter()
        .flat_map(|file| budget::functions(file).into_iter().map(move |f| (file, f)))
        .map(|(file, f)| {
            (
                format!("src/{}:{} fn {}", file.path, f.line, f.name),
                f.length,
            )
        })
        .collect();
    assert_none(&[FILES.findings(&files), FUNCTIONS.findings(&functions)].concat());
}

#[test]
fn what_only_tests_may_do_stands_in_tests() {
    let tree = sources();
    let mut findings = Vec::new();
    for file in &tree.files {
        let forbidden = budget::forbidden(file).into_iter();
        findings.extend(forbidden.map(|(line, word)| format!("src/{}:{line}: {word}", file.path)));
    }
    assert_none(&findings);
}

#[test]
fn the_package_holds_what_it_should_and_the_readme_names_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("README.md");
    assert_none(&[package::strays(root), package::broken_links(&readme, root)].concat());
}

#[test]
fn the_map_is_read_by_the_first_word_of_its_lines() {
    let named =
        mapped("//! The map.\n//!\n//! - `cli.rs` arguments, not model\n//!   tui/\nmod query;");
    assert_eq!(named, BTreeSet::from(["The", "cli", "tui"]));
    let text = "//! The map.\n//! cli.rs arguments\n//! a/b/ c.rs\n//! 2/3 of d.rs\n// e.rs";
    assert_eq!(names(text).collect::<Vec<_>>(), ["cli.rs", "a/b/"]);
}
