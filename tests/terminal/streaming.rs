//! Input that comes slowly through a pipe is seen when it comes, and not only
//! when more of it does.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::harness::Terminal;

/// A packet of two flows that belong together.
pub fn line(number: u8) -> Vec<u8> {
    let (us, them) = (format!("10.0.0.{number}"), "192.0.2.1".to_owned());
    let flow = |src: &str, dst: &str| {
        json!({"IPV4_SRC_ADDR": src, "IPV4_DST_ADDR": dst, "FIRST_SWITCHED": 1000,
            "LAST_SWITCHED": 1500, "IN_BYTES": 100, "IN_PKTS": 50, "L4_SRC_PORT": 443,
            "L4_DST_PORT": 443, "PROTOCOL": 6, "IP_PROTOCOL_VERSION": 4})
    };
    let header = json!({"version": 9, "count": 2, "uptime": 2000, "timestamp": 1_700_000_000});
    let flows = [flow(&us, &them), flow(&them, &us)];
    let packet = json!({"client": ["192.0.2.254", 2055], "header": header, "flows": flows});
    let line = json!({format!("17000000{number:02}.5"): packet}).to_string() + "\n";
    line.into_bytes()
}

pub fn gzipped(line: Vec<u8>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&line).unwrap();
    encoder.finish().unwrap()
}

/// flowpeek at the end of a pipe, and its other end.
fn at_a_pipe(args: &[&str]) -> (tempfile::TempDir, Terminal, File) {
    let folder = tempfile::tempdir().unwrap();
    let pipe: PathBuf = folder.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let terminal = Terminal::piped(80, 24, args, &pipe, false);
    let writer = OpenOptions::new().write(true).open(&pipe).unwrap();
    (folder, terminal, writer)
}

/// Waits for so many connections; how long it took is told on the way.
#[track_caller]
fn wait_soon(terminal: &mut Terminal, count: &str) {
    let begin = Instant::now();
    terminal.wait_for_text(&format!("{count} of {count} connections"));
    // 200 ms on a machine that has nothing else to do
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(3), "{count} after {took:?}");
    println!("{count} after {took:?}");
}

#[test]
fn a_line_is_seen_though_the_writer_says_no_more() {
    let forms: [fn(Vec<u8>) -> Vec<u8>; 2] = [|line| line, gzipped];
    for form in forms {
        for threads in ["1", "2"] {
            let (_folder, mut terminal, mut writer) = at_a_pipe(&["-n", "--threads", threads]);
            writer.write_all(&form(line(1))).unwrap();
            wait_soon(&mut terminal, "1");
            // a burst, and nothing after it
            for number in 2..6 {
                writer.write_all(&form(line(number))).unwrap();
                std::thread::sleep(Duration::from_millis(3));
            }
            wait_soon(&mut terminal, "5");
            // the first byte of what comes next is nothing to wait for either
            let last = form(line(6));
            writer.write_all(&last[..1]).unwrap();
            std::thread::sleep(Duration::from_millis(50));
            writer.write_all(&last[1..]).unwrap();
            wait_soon(&mut terminal, "6");
            terminal.wait_for("loading", |lines| lines[0].contains("loading"));
            drop(writer);
            terminal.wait_for("the end", |lines| !lines[0].contains("loading"));
            terminal.quit();
        }
    }
}

#[test]
fn what_a_stream_is_may_be_told_byte_by_byte() {
    for bytes in [gzipped(line(1)), [b"\xef\xbb\xbf", &line(1)[..]].concat()] {
        let (_folder, mut terminal, mut writer) = at_a_pipe(&["-n"]);
        for byte in &bytes[..8] {
            writer.write_all(&[*byte]).unwrap();
            std::thread::sleep(Duration::from_millis(5));
        }
        writer.write_all(&bytes[8..]).unwrap();
        wait_soon(&mut terminal, "1");
    }
}

#[test]
fn who_has_nothing_to_say_yet_is_waited_for_on_the_screen() {
    let (_folder, mut terminal, mut writer) = at_a_pipe(&["-n"]);
    terminal.wait_for_text("waiting for standard input");
    // half of what tells what it is tells nothing
    let bytes = gzipped(line(1));
    writer.write_all(&bytes[..2]).unwrap();
    terminal.settle(std::time::Duration::from_millis(300));
    terminal.wait_for_text("waiting for standard input");
    writer.write_all(&bytes[2..]).unwrap();
    wait_soon(&mut terminal, "1");
    // its record is found in the copy
    terminal.keys("\r");
    terminal.wait_for_text("IP version");
    terminal.quit();
    // who does not want to wait leaves; what is no export at all is said
    let (_folder, mut terminal, _writer) = at_a_pipe(&["-n"]);
    terminal.wait_for_text("waiting for standard input");
    terminal.quit();
    let (_folder, mut terminal, mut writer) = at_a_pipe(&["-n"]);
    terminal.wait_for_text("waiting for standard input");
    writer.write_all(b"\xff\xd8\xff\xe0\0\0").unwrap();
    drop(writer);
    terminal.wait_for_text("rejected");
    terminal.quit();
}
