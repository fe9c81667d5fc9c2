//! What the screen shows, as a query of the table, and whether names of hosts matter for it.

use super::app::App;
use super::state::tabs::Body;
use crate::query::group::by::By;
use crate::query::run::Query;

impl App {
    /// The query of the rows on the screen, or of those that are put together there.
    pub fn query(&self) -> Query {
        Query {
            preset: match self.tab().info.body {
                Body::Rows(preset) => preset,
                Body::Top | Body::Timeline | Body::Sources => self.together.preset,
            },
            filter: self.filter.expr.clone(),
            threshold: self.threshold,
            sort: self.tab().sort,
        }
    }

    /// Whether the rows wait for names of hosts.
    pub fn asks_names(&self) -> bool {
        self.filter.expr.asks_names() || self.is_by_name()
    }

    /// Whether a name that becomes known may change the rows.
    pub fn sees_names(&self) -> bool {
        self.filter.expr.sees_names() || self.is_by_name()
    }

    /// Whether names put the rows in order, or into groups.
    fn is_by_name(&self) -> bool {
        let groups = match self.tab().info.body {
            Body::Top => true,
            Body::Timeline => self.together.time.stacked,
            Body::Rows(_) | Body::Sources => false,
        };
        self.tab().sort.is_some_and(|sort| sort.field.is_host())
            || groups && self.together.top.by.iter().any(By::asks_names)
    }
}
