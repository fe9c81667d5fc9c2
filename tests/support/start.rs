//! What a browser begins with where nobody has set anything: all connections of ten packets
//! and more, times in UTC, and no names but those in the exports.

use std::sync::Arc;

use flowpeek::load::Plan;
use flowpeek::model::time::Zone;
use flowpeek::names::{Dns, Names, Services};
use flowpeek::query::facts::Orient;
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::run::{Preset, Query};
use flowpeek::table::build::Pairing;
use flowpeek::tui::Start;
use flowpeek::tui::keys::bindings::Bindings;
use flowpeek::tui::state::saving::{Base, Export};
use flowpeek::tui::theme::Look;

pub fn start() -> Start {
    Start {
        query: Query {
            preset: Preset::Connections,
            filter: Expr::Test(Test::Any),
            threshold: 10,
            sort: None,
            orient: Orient::Bytes,
        },
        filter: String::new(),
        duplicates: false,
        plan: Plan::once(Pairing::Strict { tolerance: 1000 }, 2),
        zone: Zone::utc(),
        bindings: Bindings::default(),
        export: Export::default(),
        base: Base::default(),
        services: Arc::new(Services::from_texts(None, "")),
        look: Look::default(),
        names: Names::new(Dns::Off),
    }
}
