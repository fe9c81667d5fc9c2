//! What a browser begins with where nobody has set anything: all connections of ten packets
//! and more, times in UTC, and no names but those in the exports.

use std::sync::Arc;

use flowpeek::load::LoadPlan;
use flowpeek::model::time::Zone;
use flowpeek::names::{Dns, Names, Services};
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::run::{Preset, Query};
use flowpeek::table::build::Pairing;
use flowpeek::tui::Launch;
use flowpeek::tui::keys::bindings::Bindings;
use flowpeek::tui::state::saving::{Base, Export};
use flowpeek::tui::theme::Look;

pub fn start() -> Launch {
    let services = Arc::new(Services::from_texts(None, ""));
    let mut context = Context::new(services, Zone::utc(), Orient::Bytes);
    context.stance.folds = true;
    Launch {
        query: Query {
            preset: Preset::Connections,
            filter: Expr::Test(Test::Any),
            threshold: 10,
            sort: None,
        },
        filter: String::new(),
        plan: LoadPlan::once(Pairing::Strict { tolerance: 1000 }, 2),
        context,
        bindings: Bindings::default(),
        export: Export {
            formats: &[],
            write: |_, _, _| Ok(0),
        },
        base: Base::default(),
        look: Look::default(),
        names: Names::new(Dns::Off),
    }
}
