//! A large export: rows at once, and keys answered while it loads.

use super::harness::Terminal;
use super::support::generated;

#[test]
fn rows_come_at_once_and_keys_are_answered_while_it_loads() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("large.gz");
    let args = ["--flows", "300000", "--seed", "5", "--level", "1"];
    if generated(&file, &args).is_none() {
        return;
    }
    let file = file.to_str().unwrap();
    let mut terminal = Terminal::start(120, 36, &["-n", "--threads", "1", file]);
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
