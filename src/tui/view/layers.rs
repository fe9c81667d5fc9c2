//! The timeline by groups: bars of layers, each with a pattern of its own, and
//! the legend that says whose they are and what they have where the cursor is.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::top::values;
use crate::query::stack::{OTHER, Stack};
use crate::tui::app::App;
use crate::tui::state::time::LAYERS;
use crate::tui::theme;
use crate::tui::widget::fit::{pad, shorten, width};

/// The patterns of groups; what the others have comes last.
const PATTERNS: [&str; LAYERS + 1] = ["█", "▒", "╳", "╱", "═", "·"];
/// The narrowest column of the legend, and the space behind it.
const NARROWEST: u16 = 26;
const GAP: usize = 2;

/// What is told of a layer.
struct Layer {
    pattern: usize,
    name: String,
    amount: u128,
}

/// The layers in their order, with what they have in some steps.
fn layers(app: &App, stack: &Stack, steps: &Range<usize>) -> Vec<Layer> {
    let groups = &stack.groups;
    let names = groups
        .list
        .iter()
        .map(|group| values(app, groups, group).join(" "));
    let others = groups.has_more();
    let others = others.then(|| (LAYERS, OTHER.to_owned()));
    let named = names.enumerate().chain(others).zip(0..);
    let sum = |place: usize| {
        let sums = stack.layers[place].sums();
        sums.skip(steps.start).take(steps.len()).sum()
    };
    named
        .map(|((pattern, name), place)| Layer {
            pattern,
            name,
            amount: sum(place),
        })
        .collect()
}

/// The legend, with what each layer has in some steps.
pub fn legend(
    app: &App,
    stack: &Stack,
    steps: &Range<usize>,
    told: impl Fn(u128) -> String,
) -> Vec<Line<'static>> {
    let columns = usize::from(app.size.width / NARROWEST).max(1);
    let room = usize::from(app.size.width) / columns - GAP;
    let cell = |layer: &Layer| {
        let amount = told(layer.amount);
        let left = room.saturating_sub(3 + width(&amount));
        let text = format!(" {} {amount}", shorten(&layer.name, left));
        [
            Span::styled(PATTERNS[layer.pattern], theme::layer(layer.pattern)),
            Span::raw(pad(&text, room - 1 + GAP, false)),
        ]
    };
    let all = layers(app, stack, steps);
    let lines = all.chunks(columns);
    let lines = lines.map(|line| Line::from(line.iter().flat_map(cell).collect::<Vec<_>>()));
    lines.collect()
}

/// The bar of a step, so many eighths of a cell high in all.
pub fn bar(
    stack: &Stack,
    bin: usize,
    area: Rect,
    eighths: impl Fn(u128) -> u16,
    buffer: &mut Buffer,
) {
    let mut sum = 0;
    let tops = stack.layers.iter().map(|layer| {
        sum += layer.sent[bin] + layer.received[bin];
        eighths(sum)
    });
    let tops: Vec<u16> = tops.collect();
    let all = tops.last().copied().unwrap_or(0);
    for row in 0..all.div_ceil(8).min(area.height) {
        // what is in the middle of the cell
        let middle = (row * 8 + 4).min(all - 1);
        let Some(layer) = tops.iter().position(|&top| top > middle) else {
            continue;
        };
        // the others come last, however few groups there are
        let pattern = if layer + 1 == tops.len() {
            LAYERS
        } else {
            layer
        };
        let y = area.bottom() - 1 - row;
        buffer.set_string(area.x, y, PATTERNS[pattern], theme::layer(pattern));
    }
}
