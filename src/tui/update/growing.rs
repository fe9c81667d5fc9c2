//! What the app does about files that grow: the key, and new rows.

use std::sync::Arc;

use crate::query::run::Rows;
use crate::tui::app::App;
use crate::tui::effect::Effect;

/// Shows rows that may be more than before.
pub fn show(app: &mut App, rows: Arc<Rows>) {
    app.following.show(rows, &mut app.tabs[app.current].list);
}

/// Begins or ends to follow.
pub fn follow(app: &mut App) -> Vec<Effect> {
    let wanted = app.following.toggle();
    app.notice = Some(match &wanted {
        Ok(true) => "growing files are followed".to_owned(),
        Ok(false) => "files are not followed any more".to_owned(),
        Err(words) => words.clone(),
    });
    wanted.ok().map(Effect::Follow).into_iter().collect()
}
