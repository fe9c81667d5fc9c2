//! What is said where there is nothing to see: why, and which key helps.

use super::badge::hidden;
use super::title::waited_for;
use crate::model::units;
use crate::query::run::{Elsewhere, Preset};
use crate::tui::app::App;
use crate::tui::keys::action::Action;
use crate::tui::state::tabs::Body;

/// Why no row is shown, and which key helps.
pub fn why_no_row(app: &App) -> String {
    let tab = app.tab();
    let (rows, noun) = (&tab.list.rows, tab.info.body.noun());
    let key = |action| app.bindings.key(action);
    let is_early = app.answered == 0 || (rows.total == 0 && !app.complete);
    if let Some(words) = still_reading(app, noun, is_early) {
        return words;
    }
    if rows.below_threshold > 0 {
        let hidden = units::many(rows.below_threshold, noun);
        let least = units::many(app.threshold, "packets");
        let (have, them) = match rows.below_threshold {
            1 => ("has", "it"),
            _ => ("have", "them"),
        };
        return format!(
            "{hidden} {have} fewer than {least}.\n{} shows {them}, {} lowers the threshold.",
            key(Action::Noise),
            key(Action::Threshold(-1))
        );
    }
    if rows.duplicates > 0 {
        let repeats = units::many(rows.duplicates, noun);
        let key = key(Action::Duplicates);
        return format!("What passes is {repeats} seen before.\n{key} shows duplicates.");
    }
    if rows.total > 0 && app.asks.is_filter() && app.asks_names() && app.names.can_know() {
        return "Names of hosts are asked for when the filter is kept.\nEnter keeps it.".to_owned();
    }
    if rows.total > 0 {
        let total = units::commas(rows.total);
        let filter = &app.filter.text;
        let ends = no_client(app);
        if let Some(other) = rows.elsewhere {
            return format!(
                "None of {total} {noun} passes the filter \"{filter}\".\n{}\n{}, {} changes it.{ends}",
                where_else(app, other),
                way_out(app, "clears the filter"),
                key(Action::Filter)
            );
        }
        let day = match app.filter.expr.has_time_of_day() {
            true => "\nA time without a day is of the day of the newest flow.",
            false => "",
        };
        return format!(
            "None of {total} {noun} passes the filter \"{filter}\".\n{}, {} changes it.{day}{ends}",
            way_out(app, "clears it"),
            key(Action::Filter)
        );
    }
    match tab.info.body {
        Body::Rows(preset) => why_none(app, Some(preset)),
        _ => why_none(app, None),
    }
}

/// Why a filter for clients and servers finds no unmatched flow.
fn no_client(app: &App) -> &'static str {
    let is_unmatched = app.tab().info.body == Body::Rows(Preset::Unmatched);
    match is_unmatched && app.filter.expr.asks_client() {
        true => "\nAn unmatched flow has no client and no server; src and dst mean its ends.",
        false => "",
    }
}

/// What the key for the way back does: it goes back as long as one came from somewhere.
fn way_out(app: &App, clears: &str) -> String {
    let key = app.bindings.key(Action::Back);
    match app.together.back.is_empty() {
        true => format!("{key} {clears}"),
        false => format!("{key} goes back"),
    }
}

/// That other rows pass the filter, and which keys show them.
fn where_else(app: &App, other: Elsewhere) -> String {
    let key = |action| app.bindings.key(action);
    let view = key(Body::Rows(other.preset).action());
    let (count, keys) = match other.shown {
        0 => {
            let all = key(Action::Noise);
            (other.below_threshold, format!("{view} and {all} show"))
        }
        shown => (shown, format!("{view} shows")),
    };
    let (does, them) = match count {
        1 => ("does", "it"),
        _ => ("do", "them"),
    };
    let rows = units::many(count, other.preset.noun());
    format!("{rows} {does}: {keys} {them}.")
}

/// Why rows come to no group and no step of time, and which key helps; `for_what` there are none.
pub fn why_no_sum(app: &App, for_what: &str) -> String {
    let (preset, noun) = (app.together.preset, app.together.noun());
    let connections = app.table.totals().connections;
    let rows = match preset {
        Preset::Connections => connections,
        Preset::Unmatched => u64::from(app.table.len()).saturating_sub(connections),
    };
    if let Some(words) = still_reading(app, noun, rows == 0 && !app.complete) {
        return words;
    }
    if rows == 0 {
        return why_none(app, Some(preset));
    }
    let key = |action| app.bindings.key(action);
    let clears = (!app.filter.text.is_empty()).then(|| way_out(app, "clears the filter"));
    let lowers = (hidden(app) > Some(0))
        .then(|| format!("{} lowers the threshold", key(Action::Threshold(-1))));
    let remedies: Vec<String> = clears.into_iter().chain(lowers).collect();
    let end = if remedies.is_empty() { "" } else { "." };
    format!("No {noun} to {for_what}.\n{}{end}", remedies.join(", "))
}

/// That there is nothing in the stretch of time that is shown, and which key shows more.
pub fn why_no_bar(app: &App) -> String {
    let key = |action| app.bindings.key(action);
    format!(
        "No {} in this stretch of time.\n{} shows a longer one, {} all of it.",
        app.together.time.amount.name(),
        key(Action::Zoom(false)),
        key(Action::Back)
    )
}

/// That rows may still come.
fn still_reading(app: &App, noun: &str, is_early: bool) -> Option<String> {
    if let Some(name) = waited_for(app) {
        let quit = app.bindings.key(Action::Quit);
        return Some(format!(
            "Waiting for {name}; no {noun} so far.\n{quit} quits."
        ));
    }
    is_early.then(|| format!("Reading the input; no {noun} so far."))
}

/// Why there are no rows whatever is asked for, and where one sees more.
fn why_none(app: &App, preset: Option<Preset>) -> String {
    let key = |action| app.bindings.key(action);
    match preset {
        Some(Preset::Connections) if !app.table.is_empty() => format!(
            "No two flows of the input belong together.\n{} shows {}.",
            key(Body::Rows(Preset::Unmatched).action()),
            units::many(app.table.len(), "unmatched flows")
        ),
        Some(Preset::Unmatched) if !app.table.is_empty() => format!(
            "Every flow has found its peer.\n{} shows the connections.",
            key(Body::Rows(Preset::Connections).action())
        ),
        _ => match (app.table.totals().left_out, app.intake.rejected_lines) {
            (0, 0) => format!(
                "There are no flows in the input.\n{} shows what was read.",
                key(Body::Sources.action())
            ),
            (0, lines) => {
                let (were, them) = if lines == 1 {
                    ("was", "it")
                } else {
                    ("were", "them")
                };
                format!(
                    "There are no flows in the input; {} {were} rejected.\n{} shows {them} and says why.",
                    units::many(lines, "lines"),
                    key(Body::Sources.action())
                )
            }
            (out, _) => format!(
                "The analyzer's rules leave out all {} flows (--match-host).\n{} quits.",
                units::commas(out),
                key(Action::Quit)
            ),
        },
    }
}
