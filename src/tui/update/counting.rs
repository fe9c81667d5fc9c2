//! What counts: whether duplicates do, and whether sampled data is multiplied.

use crate::tui::app::App;
use crate::tui::keys::action::Action;

/// Shows duplicates as rows, which then count again, or leaves them out. Their
/// column comes and goes with them.
pub fn toggle_duplicates(app: &mut App) {
    if app.context.stance.folds && app.complete && !app.table.repeats() {
        app.notice = Some("no flow is seen twice: there are no duplicates to show".to_owned());
        return;
    }
    let key = app.bindings.key(Action::Duplicates);
    let folds = !app.context.stance.folds;
    app.context.stance.folds = folds;
    app.show_repeats();
    app.notice = Some(match folds {
        true => "duplicates are left out: what is seen twice counts once".to_owned(),
        false => format!("duplicates are shown, and count again; {key} leaves them out"),
    });
}

/// Multiplies what is sampled, or shows it as it was exported.
pub fn toggle_scale(app: &mut App) {
    let scaled = !app.table.is_scaled();
    app.table = std::mem::take(&mut app.table).scaled(scaled);
    app.notice = Some(match (scaled, app.table.is_sampled()) {
        (true, false) => "no exporter tells of sampling: nothing is multiplied".to_owned(),
        (true, true) => "bytes and packets are multiplied by the sampling".to_owned(),
        (false, _) => "bytes and packets are as they were exported".to_owned(),
    });
}
