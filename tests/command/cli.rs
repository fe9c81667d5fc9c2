//! What the command line accepts and the exit status: 0 done, 1 nothing could be read, 2 usage.

use crate::support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use support::{Promise, Run, flowpeek};
use tempfile::TempDir;

/// An export of one connection between hosts that only this export has.
fn export(host: u8) -> String {
    let (us, them) = (format!("10.0.0.{host}"), "192.0.2.1");
    let flow = |src: &str, dst: &str, ports: (u16, u16), bytes: u32| {
        json!({"IPV4_SRC_ADDR": src, "IPV4_DST_ADDR": dst, "FIRST_SWITCHED": 1000, "LAST_SWITCHED": 1500,
            "IN_BYTES": bytes, "IN_PKTS": 9, "L4_SRC_PORT": ports.0, "L4_DST_PORT": ports.1, "PROTOCOL": 6,
            "IP_PROTOCOL_VERSION": 4})
    };
    let flows = [
        flow(&us, them, (50_000, 443), 100),
        flow(them, &us, (443, 50_000), 900),
    ];
    let header = json!({"version": 9, "count": 2, "uptime": 2000, "timestamp": 1_700_000_000, "sequence": 1, "source_id": 0});
    let packet = json!({"client": ["192.0.2.254", 2055], "header": header, "flows": flows});
    json!({"1700000000.5": packet}).to_string() + "\n"
}

fn written(folder: &TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

fn report(args: &[&str], files: &[&Path]) -> Run {
    let files = files.iter().map(|file| file.to_str().unwrap());
    let args: Vec<&str> = ["report", "-n"]
        .into_iter()
        .chain(args.iter().copied())
        .chain(files)
        .collect();
    flowpeek(&args)
}

/// Nothing on standard output and one line on standard error that names what it is about.
fn assert_one_line_about(run: &Run, status: i32, what: &str) {
    let errors = run.errors();
    assert_eq!(run.status, Some(status), "{errors}");
    assert_eq!(errors.trim_end().lines().count(), 1, "{errors}");
    assert!(errors.contains(what), "{errors}");
    assert_eq!(run.text(), "");
}

#[test]
fn an_option_of_the_report_is_called_one() {
    for args in [
        ["assets/sample.gz", "--limit", "2"],
        ["--format=csv", "--utc", "x"],
        ["config", "--top", "host"],
        ["-v", "x.gz", "y.gz"],
    ] {
        assert_one_line_about(
            &flowpeek(&args),
            2,
            "is an option of flowpeek report: flowpeek report -",
        );
    }
    assert_one_line_about(
        &flowpeek(&["--utc", "report", "--limit", "2"]),
        2,
        "comes before its options",
    );
    for option in ["--keep", "--follow", "--theme"] {
        assert_one_line_about(
            &flowpeek(&["report", option, "x"]),
            2,
            &format!("{option} is an option of the browser"),
        );
    }
}

#[test]
fn of_an_option_that_is_none_the_nearest_is_told_and_no_other_tip() {
    for (args, tip) in [
        (&["--zzz"][..], None),
        (&["report", "--summary"], None),
        (&["--frmat", "csv"], Some("did you mean \"--format\"?")),
        (&["report", "--tp", "host"], Some("did you mean \"--top\"?")),
        (&["report", "--frmat", "csv"], Some("'--format'")),
    ] {
        let errors = flowpeek(args).errors();
        assert!(errors.contains("unexpected argument '--"), "{errors}");
        assert!(!errors.contains("as a value"), "{errors}");
        assert_eq!(errors.contains("tip:"), tip.is_some(), "{errors}");
        assert!(errors.contains(tip.unwrap_or_default()), "{errors}");
    }
}

#[test]
fn what_a_flag_may_say_is_told() {
    let mut command = support::command();
    command.env("FLOWPEEK_UTC", "maybe").arg("x");
    let run = support::run(command, b"", Duration::from_secs(60));
    assert_one_line_about(&run, 2, "FLOWPEEK_UTC");
    assert!(run.errors().contains("yes, no"), "{}", run.errors());
}

#[test]
fn what_is_printed_is_not_followed_and_that_is_told() {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, "a.json", export(1));
    let run = flowpeek(&["--follow", "-n", file.to_str().unwrap()]);
    assert_eq!(run.status, Some(0));
    assert!(run.text().contains("10.0.0.1"));
    assert!(run.errors().contains("--follow"), "{}", run.errors());
}

#[test]
fn habits_from_nfdump_are_told_what_does_the_same() {
    let file = "assets/sample.gz";
    for (args, tip) in [
        (&["-r"][..], "are named without an option: flowpeek FILE"),
        (
            &["report", "-s", "srcip/bytes"],
            "flowpeek report --top FIELD",
        ),
        (&["-t", "2023/11/14"], "--filter 'start >= "),
        (&["report", "-o", "csv"], "flowpeek report --format csv"),
    ] {
        let run = flowpeek(&[args, &[file]].concat());
        assert_eq!(run.status, Some(2));
        assert!(run.errors().contains(tip), "{args:?}: {}", run.errors());
    }
    for args in [&["-q"][..], &["report", "-z"]] {
        let errors = flowpeek(args).errors();
        assert!(errors.contains("unexpected argument"), "{errors}");
        assert!(!errors.contains("tip:"), "{errors}");
    }
}

#[test]
fn a_wrong_value_is_answered_with_what_is_possible() {
    for (args, words) in [
        (["--limit", "x"], "expected a number of rows or groups"),
        (["--limit", "-1"], "expected a number of rows or groups"),
        (["--tolerance", "-1"], "expected a duration such as"),
        (["--threads", "0"], "expected a number from 1 to 256"),
        (["--threads", "257"], "expected a number from 1 to 256"),
        (["--threads", "many"], "expected a number from 1 to 256"),
        (["--match-host", "gateway"], "expected an address such as"),
        (["--top", "xyzzy"], "there are host, name, net, "),
        (["--top", "end"], "there are host, name, net, "),
        (["--top", "hst"], "did you mean \"host\"?"),
        (["--sort", "xyzzy"], "there are start, service, "),
        (["--sort", "byts"], "did you mean \"bytes\"?"),
        (["--sort", "bytes:up"], "the order is asc or desc"),
        (
            ["--timeline", "-5m"],
            "expected a positive duration such as",
        ),
        (["--top", "host,host"], "host is named twice"),
        (["--top", "dst,dst_addr"], "dst_addr is named twice"),
        (["--top", "net/128,net/32"], "is named twice"),
    ] {
        let run = report(&args, &[Path::new("assets/sample.gz")]);
        assert_eq!(run.status, Some(2));
        let errors = run.errors();
        assert!(errors.contains(words), "{args:?}: {errors}");
        // one or the other
        let both = errors.contains("did you mean") && errors.contains("there are");
        assert!(!both, "{errors}");
    }
    // what is named there can be grouped and sorted by
    let said = report(&["--top", "xyzzy"], &[]).errors();
    let (_, named) = said.split_once("there are ").unwrap();
    let named = named.lines().next().unwrap().replace(" and so on", "");
    let named = named.replace("and ", "");
    // names of hosts are forbidden here
    for name in named.split(", ").filter(|name| *name != "name") {
        let run = report(&["--top", name], &[Path::new("assets/sample.gz")]);
        assert_eq!(run.status, Some(0), "{name}: {}", run.errors());
    }
    let said = report(&["--sort", "xyzzy"], &[]).errors();
    let (_, named) = said.split_once("there are ").unwrap();
    let (named, _) = named.split_once(" and others").unwrap();
    for name in named.split(", ") {
        let run = report(
            &["--sort", name, "--limit", "1"],
            &[Path::new("assets/sample.gz")],
        );
        assert_eq!(run.status, Some(0), "{name}");
    }
}

#[test]
fn a_file_of_options_that_is_missing_is_told_without_the_systems_numbers() {
    for option in ["--hosts", "--filter-file", "--config"] {
        let errors = report(&[option, "no-such-file"], &[]).errors();
        let words = "No such file or directory";
        assert!(errors.contains(words), "{option}: {errors}");
        assert!(!errors.contains("os error"), "{option}: {errors}");
    }
}

#[test]
fn a_missing_file_is_named() {
    assert_one_line_about(
        &report(&[], &[Path::new("no-such-file.gz")]),
        1,
        "no-such-file.gz",
    );
}

#[test]
fn a_directory_without_files_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty-folder");
    fs::create_dir(&empty).unwrap();
    assert_one_line_about(&report(&[], &[&empty]), 1, "empty-folder");
}

#[test]
fn a_picture_is_no_export() {
    let folder = tempfile::tempdir().unwrap();
    let picture = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xdb\x00C\x00\n\x08\x06".repeat(50);
    let picture = written(&folder, "holiday.jpg", picture);
    assert_one_line_about(&report(&[], &[&picture]), 1, "holiday.jpg");
}

#[test]
fn a_file_of_no_bytes_is_said_to_be_empty() {
    let folder = tempfile::tempdir().unwrap();
    let run = report(&[], &[&written(&folder, "nothing.gz", b"")]);
    assert_one_line_about(&run, 1, "nothing.gz");
    assert!(run.errors().contains("empty"), "{}", run.errors());
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let secret = written(&folder, "secret.gz", export(1));
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&secret).is_ok() {
        return support::skip(Promise::Nobody, "this user may read every file");
    }
    assert_one_line_about(&report(&[], &[&secret]), 1, "secret.gz");
}

#[test]
fn an_unreadable_file_among_others_does_not_stop_them() {
    let folder = tempfile::tempdir().unwrap();
    let good = written(&folder, "good.json", export(1));
    let run = report(
        &["--format", "ndjson"],
        &[Path::new("no-such-file.gz"), &good],
    );
    assert_eq!(run.objects().len(), 1);
    assert!(run.errors().contains("no-such-file.gz"), "{}", run.errors());
}

#[test]
fn a_filter_that_is_wrong_is_usage_and_is_seen_before_any_file() {
    let run = report(
        &["--filter", "port 443 and prot tcp"],
        &[Path::new("no-such-file.gz")],
    );
    assert_eq!(run.status, Some(2), "{}", run.errors());
    let errors = run.errors();
    assert!(!errors.contains("no-such-file"), "{errors}");
    let lines: Vec<&str> = errors.lines().collect();
    let caret = lines
        .iter()
        .position(|line| line.contains('^'))
        .expect("a caret shows the place");
    let column = lines[caret].find('^').unwrap();
    assert!(lines[caret - 1][column..].starts_with("prot"), "{errors}");
    assert!(
        errors.contains("proto"),
        "the nearest word is suggested: {errors}"
    );
}

#[test]
fn wrong_options_are_usage() {
    for args in [
        &["--no-such-option"][..],
        &["--format", "xml"],
        &["--show", "nothing"],
        &["--packets", "many"],
        &["--tolerance", "soon"],
        &["--match-host", "not an address"],
        &["--sort", "no-such-field"],
        &["--pairing", "guess"],
        &["--dns", "sometimes"],
        &["--hosts", "no-such-file"],
    ] {
        let run = report(args, &[]);
        assert_eq!(run.status, Some(2), "{args:?}: {}", run.errors());
        assert!(!run.stderr.is_empty() && run.stdout.is_empty(), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_a_normal_end() {
    let folder = tempfile::tempdir().unwrap();
    // Far more than a pipe holds.
    let many = written(&folder, "many.json", export(1).repeat(5000));
    let script =
        r#"{ "$0" report -n -p 0 --format ndjson "$1"; echo "status $?" >&2; } | head -n 1"#;
    let mut command = support::in_fixed_environment(Command::new("sh"));
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_flowpeek")])
        .arg(many);
    let run = support::run(command, b"", Duration::from_secs(60));
    assert_eq!(run.text().lines().count(), 1);
    assert_eq!(run.errors(), "status 0\n");
}

#[test]
fn files_and_directories_are_read_together() {
    let folder = tempfile::tempdir().unwrap();
    let inside = tempfile::tempdir().unwrap();
    // Told by content, not by name.
    written(&inside, "a.unheard-of", export(1));
    written(&inside, "b", export(2));
    let alone = written(&folder, "c.gz", export(3));
    let run = report(
        &["--format", "ndjson", "--show", "summary"],
        &[inside.path(), &alone],
    );
    let summary = &run.objects()[0];
    assert_eq!(
        (&summary["files"], &summary["connections"]),
        (&json!(3), &json!(3)),
        "{summary}"
    );
}

#[test]
fn the_file_can_be_given_as_the_analyzer_has_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "a.json", export(1));
    let file = file.to_str().unwrap();
    assert_eq!(
        flowpeek(&["report", "-n", "-f", file]).text(),
        flowpeek(&["report", "-n", file]).text()
    );
    assert!(
        flowpeek(&["report", "-n", "-f", file])
            .text()
            .contains("10.0.0.1")
    );
}

#[test]
fn standard_input_is_read_as_a_dash_or_without_a_file() {
    for files in [&["-"][..], &[]] {
        let mut command = support::command();
        command
            .args(["report", "-n", "--format", "ndjson"])
            .args(files);
        let rows = support::run(command, export(7).as_bytes(), Duration::from_secs(20)).objects();
        assert_eq!(rows.len(), 1, "{files:?}");
        assert_eq!(rows[0]["dst_addr"], "10.0.0.7");
    }
}

#[test]
fn without_a_terminal_the_report_runs() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "a.json", export(1));
    let file = file.to_str().unwrap();
    assert_eq!(
        flowpeek(&["-n", file]).text(),
        flowpeek(&["report", "-n", file]).text()
    );
}

#[test]
fn the_threshold_hides_and_counts() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "a.json", export(1));
    for (packets, shown) in [("18", 1), ("19", 0)] {
        let rows = report(&["--format", "ndjson", "-p", packets], &[&file]).objects();
        assert_eq!(rows.len(), shown, "-p {packets}");
        let summary = &report(
            &["--format", "ndjson", "--show", "summary", "-p", packets],
            &[&file],
        )
        .objects()[0];
        assert_eq!(summary["below_threshold"], 1 - shown, "-p {packets}");
        assert_eq!(summary["connections"], 1, "-p {packets}");
    }
}

#[test]
fn a_file_is_found_by_its_name_alone() {
    let folder = tempfile::tempdir().unwrap();
    let files = [(1, "a.json"), (2, "aa.json")];
    let [one, other] = files.map(|(host, name)| written(&folder, name, export(host)));
    let rows = |filter: &str| {
        let args = ["--format", "ndjson", "-p", "0", "--filter", filter];
        report(&args, &[&one, &other]).objects().len()
    };
    let all = rows("any");
    for name in ["a.json", "A.JSON", one.to_str().unwrap()] {
        assert_eq!(rows(&format!("file '{name}'")), all / 2, "{name}");
        assert_eq!(rows(&format!("not file = '{name}'")), all / 2, "{name}");
    }
    assert_eq!(rows("file json"), 0);
}

#[test]
fn the_last_of_an_option_counts() {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "x.json", export(1));
    let counted = |args: &[&str]| report(args, &[&file]).text().to_owned();
    let common = ["--format", "json"];
    let with = |more: &[&str]| counted(&[&common[..], more].concat());
    assert_ne!(with(&["-p", "0"]), with(&["-p", "1000"]));
    assert_eq!(
        with(&["-p", "1000", "-n", "-n", "--packets=0"]),
        with(&["-p", "0"])
    );
    assert_eq!(with(&["--filter", "udp", "--filter", "any"]), with(&[]));
    // names are what -n forbids, and what may be asked for behind it
    let named = ["--filter", "any or name ~ nobody.example"];
    let file = file.to_str().unwrap();
    let off = |more: &[&str]| flowpeek(&[&["report"], more, &named[..], &[file]].concat());
    assert_eq!(off(&["--dns", "off", "-n"]).status, Some(2));
    assert_eq!(off(&["-n", "--dns", "private"]).status, Some(0));
    // but files add up
    let two = counted(&["--show", "files", "-f", file, "-f", file]);
    assert!(two.starts_with("3 files"), "{two}");
}

#[test]
fn a_named_pipe_is_read_once_and_whole() {
    let folder = TempDir::new().unwrap();
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz");
    let script = "mkfifo pipe && { cat \"$1\" > pipe & } && exec \"$0\" report --show summary --format ndjson -n pipe";
    let out = support::in_fixed_environment(Command::new("sh"))
        .args(["-c", script, env!("CARGO_BIN_EXE_flowpeek"), sample])
        .current_dir(folder.path())
        .output()
        .unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!(summary["flows"], 4091, "{summary}");
}

#[test]
fn a_file_that_an_option_names_may_be_a_pipe() {
    let folder = TempDir::new().unwrap();
    let sample = written(&folder, "a.json", export(1));
    let script = "mkfifo hosts filter && { echo 192.0.2.1 peer.example > hosts & \
        echo port 443 > filter & } && \
        exec \"$0\" report -p 0 -n --format ndjson --hosts hosts --filter-file filter \"$1\"";
    let mut command = support::in_fixed_environment(Command::new("sh"));
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_flowpeek")])
        .arg(sample)
        .current_dir(folder.path());
    let run = support::run(command, b"", Duration::from_secs(60));
    let [connection] = &run.objects()[..] else {
        panic!("{}", run.errors());
    };
    assert_eq!(connection["src_host"], "peer.example", "{connection}");
    // but no option's file is read without an end
    let long = written(&folder, "long", " ".repeat((1 << 20) + 1));
    let run = report(&["--filter-file", long.to_str().unwrap()], &[]);
    assert_eq!(run.status, Some(2));
    assert!(run.errors().contains("longer than"), "{}", run.errors());
}

#[test]
fn what_is_kept_is_a_number_of_rows_or_has_a_unit() {
    let folder = TempDir::new().unwrap();
    let file = written(&folder, "a.json", export(1));
    let run = |keep: &str| flowpeek(&["--keep", keep, "-n", file.to_str().unwrap()]);
    assert_eq!(run("4294967296").status, Some(0));
    assert_eq!(run("90m").status, Some(0));
    let wrong = run("1.5");
    assert_eq!(wrong.status, Some(2));
    assert!(wrong.errors().contains("unit"), "{}", wrong.errors());
}
