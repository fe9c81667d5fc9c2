//! Being told that a file has changed, by inotify where there is such a thing;
//! elsewhere, and where it fails, time passes and files are looked at. A file
//! system of another machine tells nothing, so that they are looked at now and
//! then all the same.

use std::path::Path;
use std::time::Duration;

#[cfg(target_os = "linux")]
use std::os::fd::OwnedFd;

#[cfg(target_os = "linux")]
use rustix::event::{PollFd, PollFlags, Timespec, poll};
#[cfg(target_os = "linux")]
use rustix::fs::inotify::{self, CreateFlags, WatchFlags};

/// Tells of changes.
#[cfg(target_os = "linux")]
pub struct Watch(Option<OwnedFd>);

#[cfg(target_os = "linux")]
impl Watch {
    /// Watches nothing yet.
    pub fn new() -> Self {
        Watch(inotify::init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).ok())
    }

    /// Watches a file, and its name. One without a name, or one watch too many for
    /// the system, and nothing is known any more.
    pub fn add(&mut self, file: Option<&Path>) {
        let changes = WatchFlags::MODIFY | WatchFlags::CLOSE_WRITE | WatchFlags::ATTRIB;
        let names = WatchFlags::CREATE | WatchFlags::MOVED_TO | WatchFlags::DELETE;
        let watched = self.0.as_ref().zip(file).is_some_and(|(inotify, file)| {
            let directory = match file.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            inotify::add_watch(inotify, file, changes).is_ok()
                && inotify::add_watch(inotify, directory, names).is_ok()
        });
        if !watched {
            self.0 = None;
        }
    }

    /// Waits until something has changed, but no longer than `limit`. Answers
    /// whether something may have.
    pub fn wait(&self, limit: Duration) -> bool {
        let (Some(inotify), Ok(limit)) = (&self.0, Timespec::try_from(limit)) else {
            std::thread::sleep(limit);
            return true;
        };
        let news = poll(&mut [PollFd::new(inotify, PollFlags::IN)], Some(&limit));
        let mut events = [0; 4096];
        while rustix::io::read(inotify, &mut events).is_ok_and(|bytes| bytes > 0) {}
        // an error, which a signal is too, tells nothing
        news != Ok(0)
    }
}

/// Tells nothing.
#[cfg(not(target_os = "linux"))]
pub struct Watch;

#[cfg(not(target_os = "linux"))]
impl Watch {
    /// Watches nothing.
    pub fn new() -> Self {
        Watch
    }

    /// Takes note of nothing.
    pub fn add(&mut self, _: Option<&Path>) {}

    /// Waits; something may have changed.
    pub fn wait(&self, limit: Duration) -> bool {
        std::thread::sleep(limit);
        true
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs::{self, OpenOptions};
    use std::io::Write;

    use super::*;

    const SOON: Duration = Duration::from_millis(1);
    /// Longer than any test takes that is told.
    const NEVER: Duration = Duration::from_secs(600);

    #[test]
    fn what_is_written_and_what_takes_over_a_name_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let [file, other] = ["flows.gz", "other"].map(|name| directory.path().join(name));
        fs::write(&file, "one").unwrap();
        let mut watch = Watch::new();
        watch.add(Some(&file));
        assert!(!watch.wait(SOON));
        let mut writer = OpenOptions::new().append(true).open(&file).unwrap();
        writer.write_all(b"two").unwrap();
        assert!(watch.wait(NEVER));
        assert!(!watch.wait(SOON), "news are told once");
        fs::rename(&file, &other).unwrap();
        fs::write(&file, "three").unwrap();
        assert!(watch.wait(NEVER));
    }

    #[test]
    fn without_a_name_time_passes_and_anything_may_have_changed() {
        let mut watch = Watch::new();
        watch.add(None);
        assert!(watch.wait(SOON));
    }
}
