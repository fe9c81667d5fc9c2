//! What the arguments come to.

use std::path::PathBuf;
use std::sync::Arc;

use super::growing::Growing;
use super::names::NameSettings;
use super::values::LookArgs;
use crate::model::time::Zone;
use crate::names::Services;
use crate::query::facts::{Context, Orient};
use crate::query::language::written::Filter;
use crate::query::order::sort::Sort;
use crate::query::run::{Preset, Query};
use crate::query::task::Task;
use crate::report::view::Show;
use crate::report::{FORMATS, Format};
use crate::table::build::Pairing;

/// What both the browser and the report need to know.
pub struct Settings {
    /// Input, `-` for standard input.
    pub files: Vec<PathBuf>,
    /// How flows become connections.
    pub pairing: Pairing,
    /// What to show of them.
    pub filter: Filter,
    /// Connections with fewer packets are hidden.
    pub threshold: u64,
    /// The order.
    pub sort: Option<Sort>,
    /// What the source columns show.
    pub orient: Orient,
    /// Times in UTC.
    pub utc: bool,
    /// Where names of hosts come from.
    pub names: NameSettings,
    /// Threads that read.
    pub threads: usize,
    /// How the browser looks.
    pub look: LookArgs,
    /// Growing files.
    pub growing: Growing,
    /// Flows that are seen twice count twice.
    pub duplicates: bool,
    /// Counters are multiplied by the sampling.
    pub scale: bool,
}

impl Settings {
    /// The zone of times.
    pub fn zone(&self) -> Zone {
        match self.utc {
            true => Zone::utc(),
            false => Zone::local(),
        }
    }

    /// The connections that are asked for at first.
    pub fn query(&self) -> Query {
        Query {
            preset: Preset::Connections,
            filter: self.filter.expr.clone(),
            threshold: self.threshold,
            sort: self.sort,
        }
    }

    /// Whether the analyzer's rules leave out all hosts but one.
    pub fn leaves_out_hosts(&self) -> bool {
        match &self.pairing {
            Pairing::Analyzer(rules) => rules.match_host.is_some(),
            Pairing::Strict { .. } => false,
        }
    }

    /// The point of view.
    pub fn context(&self, services: Arc<Services>) -> Context {
        let mut context = Context::new(services, self.zone(), self.orient);
        context.stance.folds = !self.duplicates;
        context
    }
}

/// How to print a report.
pub struct ReportSettings {
    /// How it is printed.
    pub format: &'static Format,
    /// What is printed, if that was said.
    pub show: Option<Show>,
    /// At most this many rows of a kind.
    pub limit: usize,
    /// Print the leftovers too.
    pub verbose: bool,
    /// Print groups or steps of time instead of rows.
    pub task: Option<Task>,
}

impl Default for ReportSettings {
    fn default() -> Self {
        ReportSettings {
            format: &FORMATS[0],
            show: None,
            limit: usize::MAX,
            verbose: false,
            task: None,
        }
    }
}
