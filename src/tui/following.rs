//! Following growing files: the key, and what the screen does with new rows.

use std::sync::Arc;
use std::time::Duration;

use super::app::{App, Effect};
use crate::model::units;
use crate::query::run::Rows;
use crate::table::build::Pairing;

/// Begins or ends to follow.
pub fn toggle(app: &mut App) -> Vec<Effect> {
    if matches!(app.plan.pairing, Pairing::Analyzer(_)) {
        app.notice = Some("the analyzer's pairing needs all input; it cannot follow".to_owned());
        return Vec::new();
    }
    app.follows = !app.follows;
    app.notice = Some(match app.follows {
        true => "growing files are followed".to_owned(),
        false => "files are not followed any more".to_owned(),
    });
    vec![Effect::Follow(app.follows)]
}

/// Takes an answer. What one looks at stays in its place, but who is at the end
/// of a growing table stays there.
pub fn take_rows(app: &mut App, rows: Arc<Rows>) {
    let grows = app.growth.pulse.is_some();
    let list = &mut app.tab_mut().list;
    if grows {
        list.grow(rows);
    } else {
        list.set_rows(rows);
    }
}

/// The beat of what comes in, in words.
pub fn pulse(app: &App) -> Option<String> {
    let pulse = app.growth.pulse?;
    let rate = pulse.rate;
    let rate = match rate {
        rate if rate > 0.0 && rate < 10.0 => format!("{rate:.1}"),
        rate => units::count(rate as u128),
    };
    let newest = pulse
        .age
        .map_or_else(String::new, |age| format!(", newest {} ago", ago(age)));
    Some(format!("following, {rate} flows/s{newest}"))
}

/// In the greatest unit of which there are two.
fn ago(age: Duration) -> String {
    let seconds = age.as_secs();
    let units = [(86_400, "d"), (3600, "h"), (60, "m")];
    let unit = units.iter().find(|unit| seconds >= 2 * unit.0);
    let &(length, name) = unit.unwrap_or(&(1, "s"));
    format!("{} {name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_one_unit() {
        let told = [0, 119, 120, 7199, 7200, 172_799, 172_800]
            .map(Duration::from_secs)
            .map(ago);
        assert_eq!(told, ["0 s", "119 s", "2 m", "119 m", "2 h", "47 h", "2 d"]);
    }
}
