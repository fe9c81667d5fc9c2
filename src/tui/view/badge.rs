//! The badges of what is counted: those of few packets, which are hidden, of duplicates,
//! which were there twice, and of sampled data, which is not all that there was.

use std::collections::BTreeSet;

use crate::model::units;
use crate::tui::app::App;
use crate::tui::state::tabs::Body;

/// What is to be said of the threshold, with what it hides or without, in many words or in few.
pub fn threshold(app: &App, tells_hidden: bool, brief: bool) -> Option<String> {
    let least = app.threshold;
    let hidden = hidden(app).filter(|&hidden| tells_hidden && !(brief && hidden == 0));
    let words = match hidden {
        _ if least == 0 => return None,
        Some(hidden) => {
            let packets = if brief { "pkts" } else { "packets" };
            let hidden = units::commas(hidden);
            format!("{packets} >= {least}, {hidden} hidden{}", in_all(app))
        }
        None if brief => format!("pkts >= {least}"),
        None => format!("packets >= {least}"),
    };
    Some(words)
}

/// What is hidden is not counted for a part of all time.
fn in_all(app: &App) -> &'static str {
    let is_part = app.tab().info.body == Body::Timeline && app.together.time.range.is_some();
    if is_part { " in all" } else { "" }
}

/// How many rows the threshold hides, as far as it is known.
pub fn hidden(app: &App) -> Option<u64> {
    let (tab, together) = (app.tab(), &app.together);
    match tab.info.body {
        Body::Rows(_) => Some(tab.list.rows.below_threshold),
        Body::Top => Some(together.top.groups.as_ref()?.below_threshold),
        Body::Timeline => Some(together.time.course.below_threshold),
        Body::Sources => None,
    }
}

/// What is to be said of duplicates, in many words or in few.
pub fn duplicates(app: &App, brief: bool) -> Option<String> {
    let (body, rows) = (app.tab().info.body, &app.tab().list.rows);
    let folds = app.stance().folds;
    let count = match body {
        Body::Rows(_) if rows.duplicates == 0 => return None,
        Body::Rows(_) => Some(rows.duplicates),
        // groups and steps do not tell how many
        _ if !app.table.repeats() => return None,
        _ => None,
    };
    let what = match folds {
        true => "left out",
        false => "counted",
    };
    Some(match brief {
        false => {
            let words = "duplicates".to_owned();
            let duplicates = count.map_or(words, |count| units::many(count, "duplicates"));
            format!("{duplicates} {what}")
        }
        true => {
            let count = count.map_or_else(String::new, |count| units::commas(count) + " ");
            format!("{count}dup {}", if folds { "out" } else { "in" })
        }
    })
}

/// What is to be said of sampling, in many words or in few.
pub fn sampled(app: &App, brief: bool) -> Option<String> {
    let domains = app.intake.exporters.iter().flat_map(|e| &e.domains);
    let told = domains.filter_map(|domain| domain.sampling);
    let intervals: BTreeSet<u32> = told.map(|told| told.interval).collect();
    let interval = match intervals.iter().collect::<Vec<_>>().as_slice() {
        [] => return None,
        [one] => units::commas(**one),
        [least, .., most] => format!("{}-{}", units::commas(**least), units::commas(**most)),
    };
    Some(match (app.table.is_scaled(), brief) {
        (false, false) => format!("sampled 1:{interval}, not scaled"),
        (false, true) => format!("sampled 1:{interval}"),
        (true, false) => format!("sampled, scaled by {interval}"),
        (true, true) => format!("scaled x{interval}"),
    })
}
