//! A real exporter (softflowd) and the real collector, both on loopback, while
//! flowpeek follows what they write and everything happens to the file that can.

use std::fs::{self, OpenOptions};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::slice::from_ref;
use std::thread;
use std::time::Duration;

use super::collector::{Collector, tell, whether, without};
use super::following::{Following, assert_holds, flows, read_afresh};

/// Pairs of flows that a capture has.
const PAIRS: u16 = 60;

/// An Ethernet frame with one UDP datagram of DNS.
fn frame(ends: [(Ipv4Addr, u16); 2]) -> Vec<u8> {
    let [(src, from), (dst, to)] = ends;
    let mut bytes = [0; 12].to_vec();
    bytes.extend([8, 0, 0x45, 0, 0, 48, 0, 0, 0, 0, 64, 17, 0, 0]);
    bytes.extend(src.octets().into_iter().chain(dst.octets()));
    bytes.extend([from, to, 28, 0].map(u16::to_be_bytes).concat());
    bytes.extend([7; 20]);
    bytes
}

/// A capture of questions from ports of their own, and their answers.
fn capture(round: u16) -> Vec<u8> {
    let mut bytes = 0xa1b2_c3d4u32.to_le_bytes().to_vec();
    bytes.extend([2u16, 4].map(u16::to_le_bytes).concat());
    bytes.extend([0u32, 0, 65_535, 1].map(u32::to_le_bytes).concat());
    for pair in 0..PAIRS {
        let us = (Ipv4Addr::new(10, 0, 0, 1), 1024 + round * PAIRS + pair);
        let them = (Ipv4Addr::new(192, 0, 2, 53), 53);
        for (late, ends) in [(0, [us, them]), (500, [them, us])] {
            let frame = frame(ends);
            let moment = [1_700_000_000, u32::from(pair) * 1000 + late];
            let sizes = [frame.len() as u32; 2];
            bytes.extend(moment.into_iter().chain(sizes).flat_map(u32::to_le_bytes));
            bytes.extend(frame);
        }
    }
    bytes
}

/// The exporter and the collector, and the file between them and flowpeek.
struct Scene {
    folder: tempfile::TempDir,
    path: PathBuf,
    collector: Collector,
    round: u16,
}

impl Scene {
    fn new() -> Option<Scene> {
        let softflowd = Command::new("softflowd").arg("-h").output();
        let skips = match () {
            () if !whether() => "no Python package netflow",
            () if softflowd.is_err() => "no softflowd",
            () => {
                tell("softflowd exports to the collector of the Python package netflow");
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("x.gz");
                fs::File::create(&path).unwrap();
                let collector = Collector::start(&path);
                return Some(Scene {
                    folder,
                    path,
                    collector,
                    round: 0,
                });
            }
        };
        without(skips);
        None
    }

    /// Has a capture exported; answers before all of it is written.
    fn export(&mut self) {
        let version = ["9", "5", "10"][usize::from(self.round) % 3];
        let file = self.folder.path().join("capture");
        fs::write(&file, capture(self.round)).unwrap();
        self.round += 1;
        let mut command = Command::new("softflowd");
        command
            .arg("-d")
            .arg("-r")
            .arg(&file)
            .args(["-a", "-v", version]);
        command.args(["-n", &format!("127.0.0.1:{}", self.collector.port)]);
        // a control socket would be waited for
        command
            .args(["-c", "none", "-p"])
            .arg(self.folder.path().join("pid"));
        command.stdout(Stdio::null()).stderr(Stdio::null());
        assert!(command.status().unwrap().success());
    }

    /// Another collector in the place of this one, which listens when this returns.
    fn restart(&mut self, output: &Path, limit: Option<u32>) {
        self.collector = Collector::limited(output, limit);
        self.path = output.to_owned();
    }

    fn listen(&self) {
        self.collector.feed(&self.path, 0..1);
    }

    fn settled(&self) {
        super::collector::settle(&self.path);
    }
}

#[test]
fn what_softflowd_exports_is_followed_whatever_happens_to_the_file() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    let path = scene.path.clone();
    let at = |name: &str| path.with_file_name(name);
    let mut following = Following::of(from_ref(&path));
    scene.listen();
    let mut kept = Vec::new();
    for round in 0..3 {
        scene.export();
        // rotated while it writes, then cut short
        let rotated = at(&format!("x.gz.{round}"));
        fs::rename(&path, &rotated).unwrap();
        kept.push(rotated);
        scene.export();
        scene.export();
        scene.settled();
        following.wait_all_of(&kept, &path);
        OpenOptions::new()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len(0)
            .unwrap();
        scene.export();
        scene.settled();
        // replaced by a file with a beginning of its own
        let other = at("other");
        fs::copy(&path, &other).unwrap();
        following.wait_all_of(&kept, &path);
        let old = at(&format!("x.gz.old{round}"));
        fs::rename(&path, &old).unwrap();
        kept.push(old);
        fs::write(&other, "").unwrap();
        fs::rename(&other, &path).unwrap();
        // killed at whatever it does, a few times
        for _ in 0..3 {
            scene.export();
            thread::sleep(Duration::from_millis(u64::from(scene.round % 7)));
            scene.restart(&path, None);
            scene.listen();
        }
    }
    scene.export();
    scene.settled();
    let last = following.wait_all_of(&kept, &path);
    let all = flows(&last.table);
    assert!(all.len() > usize::from(PAIRS) * 10, "{}", all.len());
    // a pair that came in one packet is a connection, whatever became of others
    assert!(last.table.totals().connections > u64::from(PAIRS) * 3);
}

#[test]
fn a_full_disk_costs_the_member_that_it_cut() {
    let Some(mut scene) = Scene::new() else {
        return;
    };
    let small = scene.folder.path().join("small");
    fs::create_dir(&small).unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"])
        .arg(&small)
        .output();
    let mounted = mounted.is_ok_and(|mount| mount.status.success());
    tell(match mounted {
        true => "disk full: a file system of 16 KiB, and a limit to the size of files",
        false => "disk full: a limit to the size of files (nothing may be mounted here)",
    });
    let mut places = vec![(scene.folder.path().join("limited.gz"), Some(8))];
    if mounted {
        places.push((small.join("x.gz"), None));
    }
    for (path, limit) in places {
        fs::File::create(&path).unwrap();
        let ballast = path.with_file_name("ballast");
        if limit.is_none() {
            fs::write(&ballast, [1; 8192]).unwrap();
        }
        let mut following = Following::of(from_ref(&path));
        scene.restart(&path, limit);
        scene.listen();
        for _ in 0..4 {
            scene.export();
            scene.settled();
        }
        let full = fs::metadata(&path).unwrap().len();
        assert!(
            full % 4096 == 0,
            "the writer was stopped in a member: {full}"
        );
        // there is room again, and somebody starts it anew
        let _ = fs::remove_file(&ballast);
        scene.restart(&path, None);
        scene.listen();
        scene.export();
        scene.settled();
        let afresh = read_afresh(from_ref(&path));
        assert!(
            afresh.intake.damaged_bytes > 0,
            "{:?}",
            afresh.intake.damage
        );
        let last = following.wait_flows(afresh.table.totals().flows);
        assert_holds(&last, &afresh);
        assert_eq!(last.intake.damaged_bytes, afresh.intake.damaged_bytes);
        assert!(afresh.table.totals().flows > u64::from(PAIRS) * 2);
        drop(following);
    }
    if mounted {
        scene.restart(&scene.path.clone(), None);
        assert!(
            Command::new("umount")
                .arg("-l")
                .arg(&small)
                .status()
                .unwrap()
                .success()
        );
    }
}
