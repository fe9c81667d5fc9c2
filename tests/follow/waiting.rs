//! Files that are not there when one begins to follow them.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Duration;

use flowpeek::load::Inputs;

use super::following::{Following, assert_alike, read_afresh};
use super::support::append;
use super::{line, members};

#[test]
fn what_was_missing_is_followed_from_when_it_appears() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let [good, late, later] = ["good.gz", "late.gz", "new/folder/later.json"].map(at);
    append(&good, &members(0..3));
    let mut following = Following::of(&[late.clone(), good.clone(), later.clone()]);
    let last = following.wait_flows(3);
    assert_eq!(last.intake.files.len(), 3);
    assert_eq!(
        (last.intake.files[0].read, last.intake.rejected_lines),
        (0, 0)
    );
    // empty first, then half of a member, then more
    append(&late, b"");
    let bytes = members(3..6);
    append(&late, &bytes[..bytes.len() / 2]);
    following.wait("the whole part", |last| last.intake.files[0].lines > 0);
    append(&late, &bytes[bytes.len() / 2..]);
    following.wait_flows(6);
    fs::create_dir_all(later.parent().unwrap()).unwrap();
    append(&later, line(6).as_bytes());
    following.wait_flows(7);
    // from then on it is a file as any other
    let old = at("late.gz.1");
    fs::rename(&late, &old).unwrap();
    append(&old, &members(7..8));
    append(&late, &members(8..10));
    let last = following.wait_flows(10);
    assert_alike(&last, &read_afresh(&[old, good, later, late]));
    let names = last.intake.files.iter().map(|file| &file.name);
    assert!(names.clone().nth(2).unwrap().ends_with("later.json"));
    assert_eq!(names.count(), 4, "the one that was rotated, and the three");
    assert_eq!(
        (last.intake.rejected_lines, last.intake.files[0].size),
        (0, Some(last.intake.files[0].read))
    );
}

#[test]
fn a_file_that_comes_by_another_name_is_not_read_twice() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    append(&at("a.gz"), &members(0..3));
    let mut following = Following::of(&[at("a.gz"), at("b.gz")]);
    following.wait_flows(3);
    fs::rename(at("a.gz"), at("b.gz")).unwrap();
    append(&at("b.gz"), &members(3..4));
    following.wait_flows(4);
    append(&at("a.gz"), &members(4..5));
    let last = following.wait_flows(5);
    assert_alike(&last, &read_afresh(&[at("a.gz"), at("b.gz")]));
}

#[test]
fn what_comes_and_cannot_be_followed_is_told_and_still_awaited() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gz");
    let mut following = Following::of(std::slice::from_ref(&path));
    following.wait("nothing", |last| last.complete);
    let made = Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let last = following.wait("why it is not read", |last| {
        last.intake.rejected_lines > 0 || !last.intake.rejects.is_empty()
    });
    let reason = &last.intake.rejects[0].reason;
    assert!(reason.ends_with("a.gz: not a regular file"), "{reason}");
    // long enough to be looked at again
    thread::sleep(Duration::from_millis(1200));
    fs::remove_file(&path).unwrap();
    append(&path, &members(0..2));
    let last = following.wait_flows(2);
    assert_eq!(last.intake.rejects.len(), 1);
}

#[test]
fn a_directory_may_be_empty_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let [empty, missing] = ["empty", "missing"].map(|name| folder.path().join(name));
    fs::create_dir(&empty).unwrap();
    let mut following = Following::of(&[empty.clone(), missing.clone()]);
    let last = following.wait("nothing", |last| {
        last.complete && last.growth.pulse.is_some()
    });
    assert!(last.table.is_empty());
    append(&empty.join("a.gz"), &members(0..2));
    following.wait_flows(2);
    fs::create_dir(&missing).unwrap();
    append(&missing.join("b.gz"), &members(2..4));
    let last = following.wait_flows(4);
    assert_alike(&last, &read_afresh(&[empty, missing]));
}

#[test]
fn who_does_not_follow_does_not_wait_and_some_errors_stay_errors() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    append(&at("file"), b"no export\0\0\0\0\0\0");
    let error = |name: &str, follow| {
        let looked = Inputs::look(&[at(name)], follow);
        looked.err().map(|error| error.to_string())
    };
    assert!(
        error("none", false)
            .unwrap()
            .ends_with("none: No such file or directory")
    );
    assert_eq!(error("none", true), None);
    assert!(
        error("file/within", true)
            .unwrap()
            .ends_with("Not a directory")
    );
    assert!(error("file", true).unwrap().contains("not a flow export"));
    let empty = |follow| Inputs::look(&[folder.path().join("empty")], follow).err();
    fs::create_dir(at("empty")).unwrap();
    assert!(
        empty(false)
            .unwrap()
            .to_string()
            .ends_with("no files in this directory")
    );
    assert!(empty(true).is_none());
}
