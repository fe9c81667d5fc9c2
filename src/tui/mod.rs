//! The terminal browser. Every thread puts messages into one inbox; the event
//! loop takes them out, lets the app update itself, carries out the effects it
//! asks for, and draws once, only when something changed. Nothing is shared
//! but what is handed on, so there is nothing to lock.

pub mod action;
pub mod app;
pub mod command;
pub mod detail;
pub mod filtering;
pub mod following;
pub mod inbox;
pub mod kept;
pub mod list;
pub mod pane;
pub mod prompt;
pub mod screen;
pub mod scroll;
pub mod tabs;
pub mod theme;
pub mod typing;
pub mod update;
pub mod view;
pub mod widget;
pub mod workers;

use std::io;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;

pub use app::Start;
use app::{App, Effect};
use kept::{Note, Shelf};
use screen::Screen;
use update::update;
use view::draw;
use workers::Workers;

use crate::load::Inputs;

/// Messages that may wait at the same time; who has more to say waits.
const INBOX: usize = 256;

/// Browses the inputs until the user has seen enough.
///
/// # Errors
/// When there is no terminal to browse in.
pub fn run(start: Start, inputs: Inputs) -> io::Result<ExitCode> {
    let (inbox, messages) = sync_channel(INBOX);
    let mut screen = Screen::open()?;
    let library = inputs.library.clone();
    inbox::listen(&inbox)?;
    let mut workers = Workers::start(&inbox, library);
    let plan = start.plan;
    let size = screen.size()?;
    let mut app = App::new(start, size);
    let shelf = Shelf::of_user();
    app.kept = shelf.read();
    workers.load(inputs, plan);
    drop(inbox);
    screen.draw(|frame| draw(&app, frame))?;
    while let Ok(first) = messages.recv() {
        let waiting = std::iter::once(first).chain(messages.try_iter());
        let effects: Vec<Effect> = waiting
            .flat_map(|message| update(&mut app, message))
            .collect();
        for effect in effects {
            match effect {
                Effect::Ask(question) => workers.ask(*question),
                Effect::Read(request) => workers.read(request),
                Effect::Follow(follow) => workers.follow(follow),
                Effect::Keep(note) => keep(&mut app, &shelf, &note),
                Effect::Suspend => screen.suspend()?,
                Effect::Redraw => screen.redraw()?,
                Effect::Quit(code) => {
                    drop(screen);
                    return Ok(ExitCode::from(code));
                }
            }
        }
        if app.take_changed() {
            // a terminal that goes away in the middle of a frame is a hang-up too
            if screen.draw(|frame| draw(&app, frame)).is_err() {
                return Ok(ExitCode::from(129));
            }
            workers.resolve(&app.names_wanted());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Keeps something for the next run. A history that cannot be kept is not worth
/// a word; a filter that was given a name is.
fn keep(app: &mut App, shelf: &Shelf, note: &Note) {
    if let (Err(error), Note::Saved(name, _)) = (shelf.write(note), note) {
        app.notice = Some(format!("{name} is kept for this run only: {error}"));
    }
}
