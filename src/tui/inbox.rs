//! The inbox: everything that can happen, and the threads that listen to the
//! outside: keys, signals, and a terminal that goes away.

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread;

use crossterm::event::{Event, read};
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::detail::Records;
use crate::load::Snapshot;
use crate::names::Found;
use crate::query::run::Rows;

/// Something that happened.
pub enum Message {
    /// A key, a paste, a new size.
    Input(Event),
    /// The loader has got further.
    Load(Box<Snapshot>),
    /// The answer to the question of this number.
    Rows(u64, Arc<Rows>),
    /// Rows wait for the names of these.
    Sought(Vec<IpAddr>),
    /// This was found of an address's name, at this time in Unix seconds.
    Named(IpAddr, Found, u64),
    /// Records were read again for the detail pane.
    Records(Box<Records>),
    /// The program is asked to stop, with this exit code.
    Stop(u8),
}

/// Starts the listening threads. They end with the program.
///
/// # Errors
/// When signals cannot be listened to.
pub fn listen(inbox: &SyncSender<Message>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT])?;
    let stop = inbox.clone();
    thread::spawn(move || {
        for signal in signals.forever() {
            if stop.send(Message::Stop(128 + signal as u8)).is_err() {
                return;
            }
        }
    });
    let gone = inbox.clone();
    thread::spawn(move || {
        wait_for_hangup();
        // nobody can see an error about it
        let _ = gone.send(Message::Stop(128 + SIGHUP as u8));
    });
    let input = inbox.clone();
    thread::spawn(move || {
        while let Ok(event) = read() {
            if input.send(Message::Input(event)).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Returns when the terminal is gone: reading would then answer "nothing" for ever.
fn wait_for_hangup() {
    let Ok(terminal) = File::open("/dev/tty") else {
        // without a terminal of our own the signal has to do
        loop {
            thread::park();
        }
    };
    loop {
        let mut watched = [PollFd::new(&terminal, PollFlags::empty())];
        let answer = poll(&mut watched, None);
        let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
        if answer.is_ok() && watched[0].revents().intersects(gone) {
            return;
        }
    }
}
