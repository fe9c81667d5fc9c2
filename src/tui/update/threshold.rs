//! The packet threshold, under which rows are hidden.

use crate::model::units;
use crate::query::run::FEW;
use crate::tui::app::App;
use crate::tui::keys::action::Action;

/// Its steps.
const STEPS: [u64; 3] = [1, 2, 5];

/// Shows all rows, or hides again those with few packets.
pub fn toggle_noise(app: &mut App) {
    if app.threshold > 0 {
        (app.noise, app.threshold) = (app.threshold, 0);
        let key = app.bindings.key(Action::Noise);
        app.notice = Some(format!(
            "rows with few packets are shown; {key} hides them again"
        ));
    } else {
        app.threshold = if app.noise > 0 { app.noise } else { FEW };
        let least = units::many(app.threshold, "packets");
        app.notice = Some(format!("rows with fewer than {least} are hidden"));
    }
}

/// The next step of 0 1 2 5 10 20 50 ... in one direction.
pub fn next_threshold(threshold: u64, up: bool) -> u64 {
    let decades = (0..19).map(|exponent| 10u64.pow(exponent));
    let mut steps = decades.flat_map(|decade| STEPS.map(|step| decade.saturating_mul(step)));
    if up {
        steps.find(|&step| step > threshold).unwrap_or(threshold)
    } else {
        steps
            .take_while(|&step| step < threshold)
            .last()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_threshold_walks_through_its_steps() {
        let mut threshold = 0;
        let mut seen = Vec::new();
        for _ in 0..7 {
            threshold = next_threshold(threshold, true);
            seen.push(threshold);
        }
        assert_eq!(seen, [1, 2, 5, 10, 20, 50, 100]);
        assert_eq!(next_threshold(1, false), 0);
        assert_eq!(next_threshold(0, false), 0);
        assert_eq!(next_threshold(7, false), 5);
        assert_eq!(next_threshold(u64::MAX, true), u64::MAX);
    }
}
