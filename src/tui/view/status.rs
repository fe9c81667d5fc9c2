//! The lines around the table: title with the views, status, and footer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::bar;
use crate::model::intake::FileIntake;
use crate::model::units;
use crate::tui::app::{App, Pane};
use crate::tui::asks::Asks;
use crate::tui::keys::action::{Action, KEYS};
use crate::tui::state::tabs::Body;
use crate::tui::theme;
use crate::tui::widget::fit::{cut_front, width};

/// Columns that are enough for the end of the input's name.
const NAME_WISH: usize = 8;

/// The program, its views, and what is being read. Where that needs the room,
/// the views that are not on the screen have only their key.
pub fn draw_title(app: &App, frame: &mut Frame, area: Rect) {
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
        let (number, current) = (tab.info.number, place == app.current);
        let title = match all || current {
            true => format!(" {number} {} ", tab.info.title),
            false => format!(" {number} "),
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
    let rate = u128::from(app.table.totals().flows) * 1000 / milliseconds;
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

/// Columns between two keys.
const GAP: usize = 2;

/// The filter line when it is open, else a notice, else the keys one needs first.
pub fn draw_footer(app: &App, frame: &mut Frame, area: Rect) {
    match app.asks() {
        Asks::Filter(typing) => bar::draw_filter(app, typing, frame, area),
        Asks::Command(prompt) => bar::draw_command(prompt, frame, area),
        Asks::Overwrite(saving) => {
            let name = &saving.name;
            let words = format!("{name} exists: y writes over it, another key does not");
            frame.render_widget(Line::styled(words, theme::warning()), area);
        }
        Asks::Nothing => frame.render_widget(help(app, area.width), area),
    }
}

/// A notice, or the keys one needs first.
fn help(app: &App, width: u16) -> Line<'static> {
    let stop = app.bindings.key(Action::Back);
    let progress = app.writing.as_ref().map(|it| it.words(&stop));
    match (app.notice.as_ref().or(progress.as_ref()), &app.pane) {
        (Some(notice), _) => Line::styled(notice.clone(), theme::progress()),
        (None, Pane::Table) => keys(hints(app), width),
        (None, Pane::Columns(_)) => said(app, &OF_COLUMNS),
        (None, _) => said(app, &OF_PANES),
    }
}

/// Actions, and what their keys do in a word.
type Said = (&'static [Action], &'static str);

const OF_COLUMNS: [Said; 3] = [
    (&[Action::Space], "show or hide"),
    (&[Action::Open], "done"),
    (&[Action::Quit], "quit"),
];
const OF_PANES: [Said; 3] = [
    (&[Action::Back], "back"),
    (&[Action::Rows(1), Action::Rows(-1)], "scroll"),
    (&[Action::Quit], "quit"),
];

/// A key, and what it does in a word.
type Hint = (String, &'static str);

fn hint(app: &App, (actions, words): Said) -> Hint {
    let keys: Vec<String> = actions.iter().map(|it| app.bindings.key(*it)).collect();
    (keys.join(" "), words)
}

fn said(app: &App, list: &[Said]) -> Line<'static> {
    let hints = list.iter().map(|said| hint(app, *said));
    let words: Vec<String> = hints.map(|(key, words)| format!("{key} {words}")).collect();
    Line::styled(words.join("  "), theme::quiet())
}

/// The keys that one needs in the view on the screen.
fn hints(app: &App) -> Vec<Hint> {
    const ENDS: [Said; 2] = [(&[Action::Help], "help"), (&[Action::Quit], "quit")];
    let own: &[Said] = match app.tab().info.body {
        Body::Rows(_) => return of_rows(app),
        Body::Top => &[
            (&[Action::Open], "its rows"),
            (&[Action::Group], "by something else"),
            (&[Action::Sort], "sort"),
            (&[Action::Resize(-1), Action::Resize(1)], "networks"),
        ],
        Body::Timeline => &[
            (&[Action::Open], "its rows"),
            (&[Action::Brush], "brush"),
            (&[Action::Zoom(true), Action::Zoom(false)], "zoom"),
            (&[Action::Rows(1)], "amount"),
            (&[Action::Group], "layers"),
        ],
        Body::Sources => &[
            (&[Action::Open], "all of it"),
            (&[Action::Rows(1), Action::Rows(-1)], "move"),
            (&[Action::NextView(1)], "view"),
        ],
    };
    let back = way_back(app).map(|words| (&[Action::Back][..], words));
    own.iter()
        .chain(back.as_ref())
        .chain(&ENDS)
        .map(|said| hint(app, *said))
        .collect()
}

/// Where one gets back to from groups or a timeline.
fn way_back(app: &App) -> Option<&'static str> {
    let (body, together) = (app.tab().info.body, &app.together);
    let is_within = body == Body::Timeline && together.time.is_within();
    match body {
        Body::Rows(_) | Body::Sources => None,
        _ if is_within || !together.back.is_empty() => Some("back"),
        _ => (!app.filter.text.is_empty()).then_some("no filter"),
    }
}

fn of_rows(app: &App) -> Vec<Hint> {
    let rows = KEYS.iter().enumerate();
    let shown = rows.filter(|(_, key)| !key.footer.is_empty());
    shown
        .map(|(row, key)| (app.bindings.short(row), key.footer))
        .collect()
}

/// The last two, help and quit, are always there; of the others what fits.
fn keys(mut hints: Vec<Hint>, columns: u16) -> Line<'static> {
    let long = |hints: &[Hint]| {
        let columns = hints
            .iter()
            .map(|(label, words)| width(label) + width(words) + 1 + GAP);
        columns.sum::<usize>().saturating_sub(GAP)
    };
    while hints.len() > 2 && long(&hints) > usize::from(columns) {
        hints.remove(hints.len() - 3);
    }
    let spans = hints.into_iter().flat_map(|(label, words)| {
        [
            Span::styled(label, theme::accent()),
            Span::raw(format!(" {words}  ")),
        ]
    });
    Line::from(spans.collect::<Vec<_>>())
}
