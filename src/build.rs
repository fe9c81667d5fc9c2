//! The build script: names the commit for `--version` in release builds. Without
//! git, and in a package without a note of its commit, it names none.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Digits of a commit that are shown.
const DIGITS: usize = 9;
/// What cargo puts into a package.
const NOTE: &str = ".cargo_vcs_info.json";

fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    // other builds would be made anew after each commit
    if env::var("PROFILE").as_deref() != Ok("release") {
        return;
    }
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    if let Some(commit) = noted().or_else(checked_out) {
        println!("cargo::rustc-env=FLOWPEEK_VERSION={version} ({commit})");
    }
}

/// The commit that a package was made of.
fn noted() -> Option<String> {
    let note = fs::read_to_string(NOTE).ok()?;
    println!("cargo::rerun-if-changed={NOTE}");
    let (_, rest) = note.split_once("\"sha1\"")?;
    let digits = rest.trim_start_matches(|c: char| !c.is_ascii_hexdigit());
    shortened(digits)
}

/// The commit of the checkout, if this is the root of one.
fn checked_out() -> Option<String> {
    if !Path::new(".git").exists() {
        return None;
    }
    let head = git(&["rev-parse", "HEAD"])?;
    // the log of HEAD grows with every commit and every checkout
    for name in ["HEAD", "logs/HEAD"] {
        let path = git(&["rev-parse", "--git-path", name])?;
        if Path::new(&path).exists() {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    shortened(&head)
}

fn git(args: &[&str]) -> Option<String> {
    let out = Command::new("git").args(args).output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    out.status.success().then(|| text.trim().to_owned())
}

fn shortened(digits: &str) -> Option<String> {
    let commit: String = digits
        .chars()
        .take_while(char::is_ascii_hexdigit)
        .take(DIGITS)
        .collect();
    (commit.len() == DIGITS).then_some(commit)
}
