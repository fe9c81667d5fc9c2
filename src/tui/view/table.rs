//! The table of a view. Only the visible rows are turned into cells.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Text;

use super::cells::cell;
use super::columns::{Placed, shown};
use super::empty::why_no_row;
use crate::query::field::Kind;
use crate::tui::app::App;
use crate::tui::state::tabs::Tab;
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
                let style = match field.kind {
                    _ if place == selected && *column == tab.columns.cursor() => theme::cell(),
                    Kind::Service => theme::service(),
                    _ => Style::new(),
                };
                (cell(app, &facts, field, *width), style)
            });
            Line {
                cells: cells.collect(),
                style: theme::item(place == selected),
            }
        })
        .collect();
    grid::draw(frame.buffer_mut(), area, &columns, &lines);
    if ids.is_empty() {
        let below = grid::below(area);
        frame.render_widget(Text::raw(why_no_row(app)), below);
    }
}

fn column(tab: &Tab, (place, field, width): Placed) -> Column {
    let order = tab.sort.filter(|sort| sort.field == field);
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
