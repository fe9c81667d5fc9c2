//! The terminal: taken over on opening, given back however the program ends.

pub mod scroll;
pub mod size;

use std::io::{self, BufWriter, Stdout, Write};

use crate::stderr::report_panic;
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};
use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use scroll::Scrolling;
use signal_hook::consts::SIGTSTP;
use signal_hook::low_level::emulate_default_handler;
use size::drawn;

/// A frame goes out in one write.
const BUFFER: usize = 64 << 10;

/// Buttons and wheel, in the form without a limit to columns. Of crossterm's own
/// modes every move of the mouse would be sent too.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

type Output = BufWriter<Stdout>;

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<Scrolling<CrosstermBackend<Output>>>,
    mouse: bool,
    /// Dropped after the terminal, which may have something left to write.
    _taken: Taken,
}

/// What gives the terminal back, whatever became of taking it over.
struct Taken;

impl Drop for Taken {
    fn drop(&mut self) {
        give_back();
    }
}

impl Screen {
    /// Takes the terminal over. From here on a panic on any thread gives it
    /// back, reports, and ends the program.
    ///
    /// # Errors
    /// When there is no terminal.
    pub fn open() -> io::Result<Self> {
        std::panic::set_hook(Box::new(|panic| {
            // kept, so that no other thread draws on what has been given back
            let _output = io::stdout().lock();
            give_back();
            report_panic(panic)
        }));
        // where this fails there is nothing to give back
        enable_raw_mode()?;
        let taken = Taken;
        enter()?;
        Ok(Screen {
            terminal: terminal()?,
            mouse: false,
            _taken: taken,
        })
    }

    /// Its size.
    ///
    /// # Errors
    /// When the terminal does not tell.
    pub fn size(&self) -> io::Result<Size> {
        self.terminal.size()
    }

    /// Draws a frame; only what differs from the last one is written.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(draw)?;
        queue!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        Write::flush(self.terminal.backend_mut())
    }

    /// Forgets what is on the screen, so that the next frame is drawn whole.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn redraw(&mut self) -> io::Result<()> {
        self.terminal = terminal()?;
        Ok(())
    }

    /// Listens to the mouse, or does not.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        let mode = if on { MOUSE_ON } else { MOUSE_OFF };
        execute!(self.terminal.backend_mut(), Print(mode))
    }

    /// Hands a text to the terminal for its clipboard.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let copy = CopyToClipboard::to_clipboard_from(text);
        execute!(self.terminal.backend_mut(), copy)
    }

    /// Asks for a stop as Ctrl-Z does: the whole group is told, since what pipes
    /// into us stops too, and we hear of it as of any such signal.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn suspend(&mut self) -> io::Result<()> {
        if can_suspend() {
            kill_current_process_group(Signal::TSTP)?;
        }
        Ok(())
    }

    /// Halts the program after giving the terminal back, and goes on when told so.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn halt(&mut self) -> io::Result<()> {
        if !can_suspend() {
            return Ok(());
        }
        give_back();
        emulate_default_handler(SIGTSTP)?;
        self.resume()
    }

    /// Takes the terminal over again: a shell was at it meanwhile.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn resume(&mut self) -> io::Result<()> {
        // raw mode that was taken away counts as on until it is turned off
        disable_raw_mode()?;
        enable_raw_mode()?;
        enter()?;
        self.set_mouse(self.mouse)?;
        self.redraw()
    }
}

/// Whether a shell is there to bring the program back.
pub fn can_suspend() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}

fn terminal() -> io::Result<Terminal<Scrolling<CrosstermBackend<Output>>>> {
    let output = BufWriter::with_capacity(BUFFER, io::stdout());
    let mut backend = CrosstermBackend::new(output);
    // not Terminal::clear: it asks the terminal for the cursor and would wait
    // for an answer that the input thread reads
    backend.clear()?;
    let size = drawn(backend.size()?);
    let backend = Scrolling::new(backend, size);
    Terminal::new(backend)
}

fn enter() -> io::Result<()> {
    execute!(
        io::stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        Hide
    )
}

/// Gives the terminal back. What cannot be undone any more is left alone: there is
/// nobody to tell.
pub fn give_back() {
    // first what needs no word to a terminal that may take none
    let _ = disable_raw_mode();
    let _ = execute!(
        io::stdout(),
        EndSynchronizedUpdate,
        Print(MOUSE_OFF),
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
}
