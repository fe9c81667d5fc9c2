//! The terminal browser. Every thread puts messages into one inbox; the event
//! loop takes them out, lets the app update itself, carries out the effects it
//! asks for, and draws once, only when something changed. Nothing is shared
//! but what is handed on, so there is nothing to lock.
//!
//! The `app` is made of the parts in `state`; `update` is what messages and `keys` do to it,
//! and answers with `effect`s; `view` draws it on the `screen` in the colours of a `theme`,
//! with `widget`s that know nothing of flows. `query` is what it asks of the table and `asks`
//! what it asks the user; `hosts` and `sparking` say when names and the line of traffic are
//! asked for. `threads` work for it, and a `shelf` keeps what the next run is to find.

pub mod app;
pub mod asks;
pub mod effect;
pub mod hosts;
pub mod keys;
mod query;
pub mod screen;
pub mod shelf;
pub mod sparking;
pub mod state;
pub mod theme;
pub mod threads;
pub mod update;
pub mod view;
pub mod widget;

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;

pub use app::Launch;
use app::{App, Effect};
use screen::Screen;
use shelf::Shelf;
use state::kept::Note;
use state::saving::Told;
use threads::inbox::{HANG_UP, listen};
use threads::workers::Workers;
use update::exporting::told;
use update::update;
use view::draw;
use widget::fit::cut_front;

use crate::load::Inputs;
use crate::names::{Names, now};

/// Messages that may wait at the same time; who has more to say waits.
const INBOX: usize = 256;

/// Browses the inputs until the user has seen enough. Returns the names that
/// have become known, too.
///
/// # Errors
/// When there is no terminal to browse in, or there are no threads to work with.
pub fn run(launch: Launch, inputs: Inputs) -> io::Result<(ExitCode, Names)> {
    let (inbox, messages) = sync_channel(INBOX);
    let no_terminal = |error: io::Error| io::Error::new(error.kind(), format!("terminal: {error}"));
    let mut screen = Screen::open().map_err(no_terminal)?;
    let library = inputs.library.clone();
    listen(&inbox)?;
    let mut workers = Workers::start(&inbox, library)?;
    let plan = launch.plan;
    let size = screen.size()?;
    let mut app = App::new(launch, size);
    let shelf = Shelf::of_user();
    app.take_kept(shelf.read());
    app.notice = unread(&inputs, size.width);
    workers.load(inputs, plan)?;
    drop(inbox);
    screen.draw(|frame| draw(&app, frame))?;
    let ended = |code, app: App, workers: Workers| {
        workers.end();
        for note in app.arranged() {
            // what is kept is never needed
            let _ = shelf.write(&note);
        }
        Ok((ExitCode::from(code), app.names))
    };
    while let Ok(first) = messages.recv() {
        let waiting = std::iter::once(first).chain(messages.try_iter());
        let effects: Vec<Effect> = waiting
            .flat_map(|message| update(&mut app, message))
            .collect();
        // a terminal that goes away is a hang-up, whatever was being done with it: the
        // kernel tells to go on, too, and who is told of that first cannot
        let code = carry_out(effects, &mut app, &mut workers, &mut screen, &shelf);
        if let Some(code) = code.unwrap_or(Some(HANG_UP)) {
            drop(screen);
            return ended(code, app, workers);
        }
        if app.take_changed() {
            // before the frame, which tells how many are pending
            let wanted = hosts::wanted(&mut app, now());
            // a terminal that goes away in the middle of a frame is a hang-up too
            if screen.draw(|frame| draw(&app, frame)).is_err() {
                return ended(HANG_UP, app, workers);
            }
            workers.resolve(&wanted);
        }
    }
    Ok((ExitCode::SUCCESS, app.names))
}

/// What was named but cannot be read: standard error, which tells it too, is out of
/// sight by now.
fn unread(inputs: &Inputs, width: u16) -> Option<String> {
    let Some(first) = inputs.refused.first() else {
        // when nothing else is there, the title tells it
        let missing = inputs
            .missing()
            .next()
            .filter(|_| inputs.inputs.len() > 1)?;
        let words = "waiting for ";
        let name = cut_front(&missing, usize::from(width).saturating_sub(words.len()));
        return Some(format!("{words}{name}"));
    };
    let mut words = match inputs.refused.len() {
        1 => String::new(),
        count => format!("{count} cannot be read: "),
    };
    // the end of a long name says more than its beginning, and so does the reason
    words += &cut_front(
        &first.to_string(),
        usize::from(width).saturating_sub(words.len()),
    );
    Some(words)
}

/// Does what the app asks for; answers the exit code when that is to end.
fn carry_out(
    effects: Vec<Effect>,
    app: &mut App,
    workers: &mut Workers,
    screen: &mut Screen,
    shelf: &Shelf,
) -> io::Result<Option<u8>> {
    for effect in effects {
        match effect {
            Effect::Ask(question) => workers.ask(*question),
            Effect::Sum(sum) => workers.sum(*sum),
            Effect::Spark(sparks) => workers.spark(*sparks),
            Effect::Read(request) => workers.read(request),
            Effect::Follow(follow) => workers.follow(follow),
            Effect::ReadLine(place) => workers.read_line(place),
            Effect::Seek(search) => workers.seek(*search),
            Effect::Keep(note) => keep(app, shelf, &note),
            Effect::Save(saving) => {
                if let Err(error) = workers.save(*saving, app.export) {
                    told(app, Told::Failed(error.to_string()));
                }
            }
            Effect::StopSaving => workers.stop_saving(),
            Effect::Copy(text) => screen.copy(&text)?,
            Effect::Mouse(on) => screen.set_mouse(on)?,
            Effect::Redraw => screen.redraw()?,
            Effect::Suspend => screen.suspend()?,
            // what follows is told by the signal to go on
            Effect::Halt => screen.halt()?,
            Effect::Resume => {
                screen.resume()?;
                // who is stopped is not told of another size
                app.resize(screen.size()?);
            }
            Effect::Quit(code) => return Ok(Some(code)),
        }
    }
    Ok(None)
}

/// Keeps something for the next run. A history that cannot be kept is not worth
/// a word; a filter that was given a name is.
fn keep(app: &mut App, shelf: &Shelf, note: &Note) {
    if let (Err(error), Note::Saved(name, _)) = (shelf.write(note), note) {
        app.notice = Some(format!("{name} is kept for this run only: {error}"));
    }
}
