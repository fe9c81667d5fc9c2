//! From what was asked for to a report: which rows, and whose names. Names are
//! asked of the hosts that are printed; besides, of the rows that may pass a
//! filter by names, and of those that an order by names compares.

use std::net::IpAddr;

use super::view::{Report, Scope};
use crate::model::intake::Intake;
use crate::names::Names;
use crate::query::doubt::hosts;
use crate::query::facts::Context;
use crate::query::run::{Preset, Query, Rows, run};
use crate::table::store::{RowId, Table};

/// What was asked for.
///
/// ```
/// use std::sync::Arc;
///
/// use flowpeek::load::{Inputs, load};
/// use flowpeek::model::time::Zone;
/// use flowpeek::names::{Dns, Names, Services};
/// use flowpeek::query::facts::{Context, Orient};
/// use flowpeek::query::language::parse::parse;
/// use flowpeek::query::run::{Preset, Query};
/// use flowpeek::report::csv;
/// use flowpeek::report::plan::ReportPlan;
/// use flowpeek::report::view::{Scope, Show};
/// use flowpeek::table::build::Pairing;
///
/// let inputs = Inputs::look_at(&["assets/sample.gz".into()])?;
/// let snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 2, |_| true);
/// let plan = ReportPlan {
///     table: &snapshot.table,
///     intake: &snapshot.intake,
///     query: Query {
///         preset: Preset::Connections,
///         filter: parse("port 53")?,
///         threshold: 0,
///         sort: None,
///     },
///     least: 0,
///     context: Context::new(Arc::new(Services::system()), Zone::utc(), Orient::Bytes),
///     scope: Scope {
///         show: Show::Connections,
///         only: false,
///         verbose: false,
///         limit: 3,
///     },
///     prints: Scope::is_of,
///     rows: |report| report.shown(),
/// };
/// // nobody is asked for names of hosts
/// let report = plan.report(&mut Names::new(Dns::Off), |_, _| {});
/// let mut out = Vec::new();
/// csv::write(&report, &mut out)?;
/// let text = String::from_utf8(out)?;
/// assert!(text.starts_with("start,end,received,"));
/// assert_eq!(text.lines().count(), 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ReportPlan<'a> {
    /// The flows that were read.
    pub table: &'a Table,
    /// What was read and what was lost.
    pub intake: &'a Intake,
    /// Filter, threshold and order of the connections.
    pub query: Query,
    /// The threshold of unmatched flows.
    pub least: u64,
    /// The point of view.
    pub context: Context,
    /// How much is printed.
    pub scope: Scope,
    /// Whether any of these rows are printed.
    pub prints: fn(Scope, Preset) -> bool,
    /// The rows that are printed of a report.
    pub rows: fn(&Report) -> Vec<RowId>,
}

impl<'a> ReportPlan<'a> {
    /// The report, with the names that `resolve` comes by.
    pub fn report(
        &self,
        names: &mut Names,
        mut resolve: impl FnMut(&mut Names, &[IpAddr]),
    ) -> Report<'a> {
        let presets = [Preset::Connections, Preset::Unmatched];
        for preset in presets.into_iter().filter(|it| self.prints(*it)) {
            self.rows_of(preset, false, names, &mut resolve);
        }
        if self.query.sort.is_some_and(|sort| sort.field.is_host()) {
            let query = Query {
                sort: None,
                ..self.query.clone()
            };
            let mut unsorted = self.rows(names, &query, self.least);
            unsorted.scope.limit = usize::MAX;
            resolve(names, &unsorted.addresses(&(self.rows)(&unsorted)));
        }
        let mut report = self.rows(names, &self.query, self.least);
        resolve(names, &report.addresses(&(self.rows)(&report)));
        report.context.names = names.snapshot();
        report
    }

    /// The query of some rows, and a point of view with the names that its filter
    /// needs, or that they are grouped by.
    pub fn rows_of(
        &self,
        preset: Preset,
        by_name: bool,
        names: &mut Names,
        mut resolve: impl FnMut(&mut Names, &[IpAddr]),
    ) -> (Query, Context) {
        let query = Query {
            preset,
            ..self.query.clone()
        };
        if by_name || query.filter.asks_names() {
            resolve(names, &hosts(self.table, &query, &self.context));
        }
        (query, self.known(names))
    }

    fn prints(&self, preset: Preset) -> bool {
        (self.prints)(self.scope, preset)
    }

    /// The point of view with the names that are known.
    fn known(&self, names: &Names) -> Context {
        Context {
            names: names.snapshot(),
            ..self.context.clone()
        }
    }

    /// The report with the names that are known; of what it does not print, it has no rows.
    fn rows(&self, names: &Names, query: &Query, least: u64) -> Report<'a> {
        let context = self.known(names);
        let ask = |preset, threshold| {
            if !self.prints(preset) {
                return Rows::default();
            }
            let query = Query {
                preset,
                threshold,
                ..query.clone()
            };
            run(self.table, &query, &context)
        };
        Report {
            table: self.table,
            intake: self.intake,
            connections: ask(Preset::Connections, query.threshold),
            unmatched: ask(Preset::Unmatched, least),
            context,
            threshold: self.query.threshold,
            scope: self.scope,
        }
    }
}
