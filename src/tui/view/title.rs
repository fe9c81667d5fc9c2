//! The first line: the program, its views, and what is being read.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::intake::FileIntake;
use crate::model::units;
use crate::tui::app::App;
use crate::tui::theme;
use crate::tui::widget::fit::{cut_front, width};

/// Columns that are enough for the end of the input's name.
const NAME_WISH: usize = 8;

/// The program, its views, and what is being read. Where that needs the room,
/// the views that are not on the screen have only their key.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let (texts, style) = source(app);
    let room = |spans: &[Span]| {
        let used: usize = spans.iter().map(|span| width(&span.content)).sum();
        usize::from(area.width).saturating_sub(used + 1)
    };
    let wish = if app.complete && app.following.is_silent() {
        NAME_WISH
    } else {
        // names of views give way to what matters, and to no more
        texts.get(texts.len() / 2).map_or(0, |text| width(text))
    };
    let mut spans = views(app, true);
    if room(&spans) < wish {
        spans = views(app, false);
    }
    let room = room(&spans);
    let fits = texts.iter().find(|text| width(text) <= room);
    let text = cut_front(fits.or(texts.last()).map_or("", |text| text), room);
    let fill = room - width(&text) + 1;
    spans.push(Span::raw(" ".repeat(fill)));
    spans.push(Span::styled(text, style));
    frame.render_widget(Line::from(spans), area);
}

/// The views by key and, at least the one on the screen, by name.
fn views(app: &App, all: bool) -> Vec<Span<'static>> {
    let mut spans = vec![Span::styled("flowpeek", theme::accent()), Span::raw(" ")];
    for (place, tab) in app.tabs.iter().enumerate() {
        // its key
        let (digit, current) = (place + 1, place == app.current);
        let title = match all || current {
            true => format!(" {digit} {} ", tab.info.title()),
            false => format!(" {digit} "),
        };
        let style = if current {
            theme::selected()
        } else {
            theme::quiet()
        };
        spans.push(Span::styled(title, style));
    }
    spans
}

/// Progress while loading, then the name of the input; where there are several
/// lengths, the longest first.
fn source(app: &App) -> (Vec<String>, Style) {
    if let Some(name) = waited_for(app) {
        return (vec![format!("waiting for {name}")], theme::progress());
    }
    if !app.complete {
        return (loading(app), theme::progress());
    }
    if let Some((long, short)) = app.following.pulse() {
        return (vec![long, short], theme::progress());
    }
    if let Some((long, short)) = app.following.stopped() {
        return (vec![long, short], theme::warning());
    }
    (vec![names(&app.intake.files)], theme::quiet())
}

/// How much has been read, how fast, and what memory all of it needs, which gives
/// way first; how much of it remains to the last.
fn loading(app: &App) -> Vec<String> {
    let (read, size) = app.intake.progress();
    let (least, amount) = match size {
        Some(size) if size > 0 => {
            let percent = u128::from(read.min(size)) * 100 / u128::from(size);
            let all = units::bytes(u128::from(size));
            let least = format!("loading {percent}%");
            (least.clone(), format!("{least} of {all}"))
        }
        _ => {
            let amount = format!("loading {}", units::bytes(u128::from(read)));
            (amount.clone(), amount)
        }
    };
    let milliseconds = app.elapsed.as_millis().max(1);
    let rate = u128::from(app.intake.flows()) * 1000 / milliseconds;
    let rated = format!("{amount}, {} flows/s", units::count(rate));
    let needs = app.following.needs(read, size, app.elapsed);
    let needs = needs.map_or(String::new(), |needs| format!(", needs {needs} RAM"));
    vec![format!("{rated}{needs}"), rated, amount, least]
}

/// The input that has had nothing to say so far.
pub fn waited_for(app: &App) -> Option<String> {
    let intake = &app.intake;
    if let Some(number) = app.following.waits() {
        return Some(intake.files.get(number as usize)?.name.clone());
    }
    let is_silent = intake.lines() == 0 && intake.rejected_lines == 0;
    let name = || match intake.files.as_slice() {
        [] => "files".to_owned(),
        files => names(files),
    };
    (is_silent && app.following.goes_on()).then(name)
}

/// What files are called together.
fn names(files: &[FileIntake]) -> String {
    match files {
        [file] => file.name.clone(),
        files => format!("{} files", files.len()),
    }
}
