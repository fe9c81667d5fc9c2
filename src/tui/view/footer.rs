//! The last line: a prompt when one is open, else a notice, else the keys one needs.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::prompt;
use crate::tui::app::{App, Pane};
use crate::tui::asks::Ask;
use crate::tui::keys::action::Action;
use crate::tui::state::tabs::Body;
use crate::tui::theme;
use crate::tui::widget::fit::width;

/// Columns between two keys.
const GAP: usize = 2;

/// What is being typed or asked, else a notice, else the keys one needs first.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    match &app.asks.now {
        Ask::Filter(typing) => prompt::draw_filter(app, typing, frame, area),
        Ask::Command(editor) => prompt::draw_command(editor, frame, area),
        Ask::Overwrite(saving) => {
            let name = &saving.name;
            let words = format!("{name} exists: y writes over it, another key does not");
            frame.render_widget(Line::styled(words, theme::warning()), area);
        }
        Ask::Nothing => frame.render_widget(help(app, area.width), area),
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
        (None, Pane::Detail(_) | Pane::Source(_)) => said(app, &OF_DETAILS),
        (None, Pane::Command(..) | Pane::Help(_)) => said(app, &OF_PANES),
    }
}

/// Actions, and what their keys do in a word.
type Said = (&'static [Action], &'static str);

const OF_COLUMNS: [Said; 3] = [
    (&[Action::Space], "show or hide"),
    (&[Action::Open], "done"),
    (&[Action::Quit], "quit"),
];
const OF_DETAILS: [Said; 4] = [
    (&[Action::Back], "back"),
    (&[Action::Rows(1), Action::Rows(-1)], "scroll"),
    (
        &[Action::Beside(1), Action::Beside(-1)],
        "next, previous row",
    ),
    (&[Action::Quit], "quit"),
];
const OF_PANES: [Said; 3] = [
    (&[Action::Back], "back"),
    (&[Action::Rows(1), Action::Rows(-1)], "scroll"),
    (&[Action::Quit], "quit"),
];

/// A key, and what it does in a word.
type Hint = (String, &'static str);

/// What there are keys for.
fn hint(app: &App, (actions, words): Said) -> Option<Hint> {
    let keys = actions.iter().filter_map(|it| app.bindings.bound(*it));
    let keys: Vec<String> = keys.collect();
    (!keys.is_empty()).then(|| (keys.join(" "), words))
}

fn said(app: &App, list: &[Said]) -> Line<'static> {
    let hints = list.iter().filter_map(|said| hint(app, *said));
    let words: Vec<String> = hints.map(|(key, words)| format!("{key} {words}")).collect();
    Line::styled(words.join("  "), theme::quiet())
}

/// The keys that one needs in the view on the screen.
fn hints(app: &App) -> Vec<Hint> {
    const ENDS: [Said; 2] = [(&[Action::Help], "help"), (&[Action::Quit], "quit")];
    let own: &[Said] = match app.tab().info.body {
        Body::Rows(_) => &[
            (&[Action::Filter], "filter"),
            (&[Action::Open], "detail"),
            (&[Action::Sort], "sort"),
            (&[Action::Threshold(1), Action::Threshold(-1)], "packets"),
            (&[Action::NextView(1)], "view"),
            (&[Action::Group], "group"),
            (&[Action::Names], "names"),
            (&[Action::Choose], "columns"),
        ],
        Body::Top if !app.together.top.has_nets() => &[
            (&[Action::Open], "its rows"),
            (&[Action::Group], "by something else"),
            (&[Action::Sort], "sort"),
        ],
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
            (&[Action::Pick(true)], "its flows"),
        ],
    };
    let back = way_back(app).map(|words| (&[Action::Back][..], words));
    own.iter()
        .chain(back.as_ref())
        .chain(&ENDS)
        .filter_map(|said| hint(app, *said))
        .collect()
}

/// Where one gets back to.
fn way_back(app: &App) -> Option<&'static str> {
    let (body, together) = (app.tab().info.body, &app.together);
    let is_within = body == Body::Timeline && together.time.is_within();
    match body {
        _ if is_within || !together.back.is_empty() => Some("back"),
        Body::Rows(_) | Body::Sources => None,
        _ => (!app.filter.text.is_empty()).then_some("no filter"),
    }
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
