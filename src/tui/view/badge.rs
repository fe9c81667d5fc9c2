//! The badge of sampled data: what is counted is not all that there was.

use std::collections::BTreeSet;

use crate::model::units;
use crate::tui::app::App;

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
    Some(match (app.intake.scaled, brief) {
        (false, false) => format!("sampled 1:{interval}, not scaled"),
        (false, true) => format!("1:{interval}"),
        (true, false) => format!("sampled, times {interval}"),
        (true, true) => format!("x{interval}"),
    })
}
