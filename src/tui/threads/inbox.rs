//! The inbox: everything that can happen, and the threads that listen to the
//! outside: keys, signals, and a terminal that goes away.

use std::fs::File;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError};
use std::thread;
use std::time::{Duration, Instant};

use crossterm::event::{Event, read};
use crossterm::terminal::disable_raw_mode;
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2,
    SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;

use super::start::start;
use crate::load::Snapshot;
use crate::model::flow::LineAt;
use crate::names::Reply;
use crate::query::run::Rows;
use crate::query::seek::SearchReply;
use crate::query::time::timeline::Timeline;
use crate::tui::state::detail::Records;
use crate::tui::state::saving::Told;
use crate::tui::state::together::SumReply;

/// The exit code after SIGHUP.
pub const HANG_UP: u8 = 128 + SIGHUP as u8;

/// Signals that would end the program where it stands.
const DEADLY: [i32; 10] = [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2, SIGABRT, SIGXCPU, SIGXFSZ,
];
/// How long the end may take when it is asked for, and how often that is tried.
const GRACE: Duration = Duration::from_millis(700);
const TICK: Duration = Duration::from_millis(10);
/// How long giving the terminal back may take then.
const LAST_WORD: Duration = Duration::from_millis(200);

/// Something that happened. A recorded list of messages replays a run.
#[derive(Clone)]
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
    Named(IpAddr, Reply, u64),
    /// What came of putting rows together, for the question of this number.
    Together(u64, SumReply),
    /// The traffic above a table, if there is any.
    Spark(Option<Arc<Timeline>>),
    /// What a search has found.
    Found(SearchReply),
    /// This is told of a file that is written.
    Saving(Told),
    /// Records were read again for the detail pane.
    Records(Box<Records>),
    /// The program is to halt until it is told to go on.
    Halted,
    /// The program goes on after it was halted, by whomever.
    Resumed,
    /// The text of a line was read again, or why it could not be.
    Line(LineAt, Result<String, String>),
    /// The program is to end with this exit code.
    Terminate(u8),
}

/// Starts the listening threads. They end with the program.
///
/// # Errors
/// When keys or signals cannot be listened to, or not on threads of their own.
pub fn listen(inbox: &SyncSender<Message>) -> io::Result<()> {
    // what keys need is opened here: without them nobody could leave
    crossterm::event::poll(Duration::ZERO)?;
    let mut signals = Signals::new([SIGTSTP, SIGCONT].iter().chain(&DEADLY))?;
    let signalled = inbox.clone();
    start("signals", move || {
        for signal in signals.forever() {
            let told = match signal {
                SIGTSTP => Some(Message::Halted),
                SIGCONT => Some(Message::Resumed),
                _ => None,
            };
            match told {
                Some(message) => pass_on(&signalled, message),
                None => end(&signalled, 128 + signal as u8),
            }
        }
    })?;
    let gone = inbox.clone();
    start("hangup", move || {
        wait_for_hangup();
        end(&gone, HANG_UP);
    })?;
    let input = inbox.clone();
    start("keys", move || {
        while let Ok(event) = read() {
            if input.send(Message::Input(event)).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Passes on what a signal says. The loop may be busy, and the next signal wants to be heard.
fn pass_on(inbox: &SyncSender<Message>, message: Message) {
    if let Err(TrySendError::Full(message)) = inbox.try_send(message) {
        let inbox = inbox.clone();
        // without a thread for it this one is lost, but the next is not
        let _ = start("signal", move || drop(inbox.send(message)));
    }
}

/// Asks for the end, and if nobody has time for that, ends the program: a
/// terminal that takes no more text holds the loop up for ever.
fn end(inbox: &SyncSender<Message>, code: u8) {
    let due = Instant::now() + GRACE;
    let mut asked = false;
    while Instant::now() < due {
        // a full inbox is a loop that does not turn
        asked = asked || inbox.try_send(Message::Terminate(code)).is_ok();
        thread::sleep(TICK);
    }
    // it may take no last word either
    if start("end", crate::tui::screen::give_back).is_err() {
        let _ = disable_raw_mode();
    }
    thread::sleep(LAST_WORD);
    std::process::exit(i32::from(code));
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
