//! Other programs that read what this one prints.
#![allow(
    dead_code,
    missing_docs,
    reason = "a part of several tests, of which some need less"
)]

use std::io::Write;
use std::process::{Command, Stdio};

use crate::support::{Promise, flowpeek, skip};

/// What the program prints.
pub fn printed(args: &[&str]) -> String {
    let run = flowpeek(args);
    assert_eq!(run.status, Some(0), "{}", run.errors());
    run.text().to_owned()
}

/// What a tool says to a text; `None` without the tool.
#[track_caller]
pub fn told(tool: &str, args: &[&str], text: &str) -> Option<(bool, String)> {
    let child = Command::new(tool)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        skip(Promise::Gate, &format!("{tool} is not there"));
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let out = child.wait_with_output().unwrap();
    let said = [out.stdout, out.stderr].concat();
    Some((
        out.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    ))
}
