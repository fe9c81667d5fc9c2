//! The table of a view. Only the visible rows are turned into cells.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Text;

use super::cells::cell;
use super::columns::{Placed, shown};
use super::status::waited_for;
use crate::model::units;
use crate::query::run::Preset;
use crate::tui::action::Action;
use crate::tui::app::App;
use crate::tui::tabs::{Body, Tab};
use crate::tui::theme;
use crate::tui::widget::grid::{self, Column, Line};

/// Draws header and rows, or why there are none.
pub fn draw(app: &App, frame: &mut Frame, area: Rect) {
    let tab = app.tab();
    let placed = shown(app, area.width);
    let columns: Vec<Column> = placed.iter().map(|at| column(tab, *at)).collect();
    let (ids, selected) = tab.list.visible();
    let lines: Vec<Line> = ids
        .iter()
        .enumerate()
        .map(|(place, &id)| {
            let facts = app.facts(id);
            let cells = placed.iter().map(|(column, field, width)| {
                let style = match field.name {
                    _ if place == selected && *column == tab.columns.cursor() => theme::cell(),
                    "service" => theme::service(),
                    _ => Style::new(),
                };
                (cell(app, &facts, field, *width), style)
            });
            Line {
                cells: cells.collect(),
                style: if place == selected {
                    theme::selected()
                } else {
                    Style::new()
                },
            }
        })
        .collect();
    grid::draw(frame.buffer_mut(), area, &columns, &lines);
    if ids.is_empty() {
        let below = grid::below(area);
        frame.render_widget(Text::raw(why_empty(app)), below);
    }
}

fn column(tab: &Tab, (place, field, width): Placed) -> Column {
    let order = tab.sort.filter(|sort| sort.field.name == field.name);
    let mark = match order {
        Some(sort) if sort.descending => "v",
        Some(_) => "^",
        None => "",
    };
    Column {
        header: format!("{}{mark}", field.header),
        width,
        right: field.is_numeric(),
        style: if place == tab.columns.cursor() {
            theme::column()
        } else {
            theme::header()
        },
    }
}

/// Why no row is shown, and which key helps.
fn why_empty(app: &App) -> String {
    let tab = app.tab();
    let (rows, noun) = (&tab.list.rows, tab.info.noun);
    let key = |action| app.bindings.key(action);
    let quit = key(Action::Quit);
    if let Some(name) = waited_for(app) {
        return format!("Waiting for {name}; no {noun} so far.\n{quit} quits.");
    }
    if app.answered == 0 || (rows.total == 0 && !app.complete) {
        return format!("Reading the input; no {noun} so far.");
    }
    if rows.below_threshold > 0 {
        let (hidden, least) = (units::many(rows.below_threshold, noun), app.threshold);
        let (have, them) = match rows.below_threshold {
            1 => ("has", "it"),
            _ => ("have", "them"),
        };
        return format!(
            "{hidden} {have} fewer than {least} packets.\n{} shows {them}, {} lowers the threshold.",
            key(Action::Noise),
            key(Action::Threshold(-1))
        );
    }
    if rows.duplicates > 0 {
        let repeats = units::many(rows.duplicates, noun);
        let key = key(Action::Duplicates);
        return format!("What passes is {repeats} seen before.\n{key} shows duplicates.");
    }
    if rows.total > 0 {
        let total = units::commas(rows.total);
        let filter = &app.filter.text;
        return format!(
            "None of {total} {noun} passes the filter \"{filter}\".\n{} clears it, {} changes it.",
            key(Action::Back),
            key(Action::Filter)
        );
    }
    why_none(app)
}

/// Why there are no rows whatever is asked for, and where one sees more.
fn why_none(app: &App) -> String {
    let key = |action| app.bindings.key(action);
    match app.tab().info.body {
        Body::Rows(Preset::Connections) if !app.table.is_empty() => format!(
            "No two flows of the input belong together.\n{} shows {}.",
            key(Action::View(2)),
            units::many(app.table.len(), "unmatched flows")
        ),
        Body::Rows(Preset::Unmatched) if !app.table.is_empty() => format!(
            "Every flow has found its peer.\n{} shows the connections.",
            key(Action::View(1))
        ),
        _ => match (app.table.totals().left_out, app.intake.rejected_lines) {
            (0, 0) => format!(
                "There are no flows in the input.\n{} shows what was read.",
                key(Action::View(5))
            ),
            (0, lines) => format!(
                "There are no flows in the input; {} lines were rejected.\n{} shows them and says why.",
                units::commas(lines),
                key(Action::View(5))
            ),
            (out, _) => format!(
                "The analyzer's rules leave out all {} flows (--match-host).\n{} quits.",
                units::commas(out),
                key(Action::Quit)
            ),
        },
    }
}
