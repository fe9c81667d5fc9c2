//! A large export: rows at once, and keys answered while it loads.

use std::path::Path;
use std::process::Command;

use super::harness::Terminal;
use super::path;

/// A large realistic export; `None`, with the reason printed, where it cannot be made.
fn large(folder: &Path) -> Option<String> {
    let tool = path("../shared/tools/make_export.py");
    if !tool.exists() {
        let ci = std::env::var_os("CI").is_some_and(|ci| ci == "true");
        assert!(!ci, "there is no {}", tool.display());
        println!("skipped: there is no {}", tool.display());
        return None;
    }
    let file = folder.join("large.gz");
    let made = Command::new("python3")
        .arg(tool)
        .args(["--flows", "300000", "--seed", "5", "--level", "1", "--out"])
        .arg(&file)
        .output();
    match made {
        Ok(made) if made.status.success() => Some(file.to_str().unwrap().to_owned()),
        answer => {
            println!("skipped: the export could not be made: {answer:?}");
            None
        }
    }
}

#[test]
fn rows_come_at_once_and_keys_are_answered_while_it_loads() {
    let folder = tempfile::tempdir().unwrap();
    let Some(file) = large(folder.path()) else {
        return;
    };
    let mut terminal = Terminal::start(120, 36, &["-n", "--threads", "1", &file]);
    // the first rows stand while the title still tells of loading
    terminal.wait_for("rows while loading", |lines| {
        lines[0].contains("loading") && lines[4].contains('.') && lines[1].contains("connections")
    });
    terminal.keys("G");
    terminal.keys("lllls");
    terminal.wait_for("sorted while loading", |lines| {
        lines[0].contains("loading") && lines[3].contains("Bytesv")
    });
    terminal.keys("/proto udp\r");
    terminal.wait_for_text("filter proto udp");
    terminal.wait_for("all of it", |lines| !lines[0].contains("loading"));
    terminal.keys("\x1b");
    terminal.wait_for("every connection", |lines| {
        let all = lines[1].contains(" of 134,") || lines[1].contains(" of 135,");
        all && !lines[1].contains("filter")
    });
    terminal.quit();
}
