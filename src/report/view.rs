//! What every format prints from: the input, the rows that were asked for, and the names
//! that were found for their addresses.

use std::collections::HashSet;
use std::net::IpAddr;

use crate::model::end::End;
use crate::model::intake::{Intake, Reject};
use crate::model::time::rfc3339;
use crate::model::value::{Datum, Value};
use crate::query::facts::{Context, Facts};
use crate::query::field::Kind;
use crate::query::language::expr::{Expr, Test};
use crate::query::run::{Preset, Query, Rows, run};
use crate::table::store::{RowId, Table};

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    /// Rows with both directions.
    Connections,
    /// Rows with one.
    Unmatched,
    /// Sums.
    Summary,
    /// Lines that could not be used.
    Rejects,
    /// What was read of each file.
    Files,
    /// What each exporter sent.
    Exporters,
}

impl Show {
    /// The rows that it is about.
    pub fn preset(self) -> Preset {
        match self {
            Show::Unmatched => Preset::Unmatched,
            _ => Preset::Connections,
        }
    }

    /// Whether it is rows, which can be put together.
    pub fn has_rows(self) -> bool {
        matches!(self, Show::Connections | Show::Unmatched)
    }
}

/// How much of the input is printed.
#[derive(Clone, Copy)]
pub struct Scope {
    /// Of what.
    pub show: Show,
    /// That was asked for, and is not just what is usual.
    pub only: bool,
    /// Print the leftovers too.
    pub verbose: bool,
    /// At most this many rows of a kind.
    pub limit: usize,
}

impl Scope {
    /// Whether these rows are what it is about.
    pub fn is_of(self, preset: Preset) -> bool {
        self.show.has_rows() && self.show.preset() == preset
    }
}

/// Everything a format needs.
pub struct Report<'a> {
    /// The flows that were read.
    pub table: &'a Table,
    /// What was read and what was lost.
    pub intake: &'a Intake,
    /// The connections that were asked for.
    pub connections: Rows,
    /// The unmatched flows that were asked for.
    pub unmatched: Rows,
    /// The point of view, with the names of hosts.
    pub context: Context,
    /// Rows with fewer packets are hidden.
    pub threshold: u64,
    /// How much is printed.
    pub scope: Scope,
}

impl<'a> Report<'a> {
    /// Connections with too few packets, whether a filter lets them through or not.
    pub fn few(&self) -> u64 {
        let query = Query {
            preset: Preset::Connections,
            filter: Expr::Test(Test::Any),
            threshold: self.threshold,
            sort: None,
        };
        let mut context = self.context.clone();
        context.stance.folds = false;
        run(self.table, &query, &context).below_threshold
    }

    /// A row from the report's point of view.
    pub fn facts(&self, id: RowId) -> Facts<'_> {
        Facts {
            row: self.table.row(id),
            context: &self.context,
        }
    }

    /// The rows that `show` names, as many as are wanted.
    pub fn shown(&self) -> Vec<RowId> {
        self.rows(self.scope.show)
    }

    /// The rows of one kind, as many as are wanted.
    pub fn rows(&self, show: Show) -> Vec<RowId> {
        let ids: &[RowId] = match show {
            Show::Connections => &self.connections.ids,
            Show::Unmatched => &self.unmatched.ids,
            _ => &[],
        };
        ids[..ids.len().min(self.scope.limit)].to_vec()
    }

    /// Rejected lines with the names of their files, as many as are wanted and known.
    pub fn rejects(&self) -> impl Iterator<Item = (&'a str, &'a Reject)> {
        let intake = self.intake;
        let rejects = intake.rejects.iter().take(self.scope.limit);
        rejects.map(|reject| (intake.files[reject.file as usize].name.as_str(), reject))
    }

    /// The addresses of rows in their order, none twice.
    pub fn addresses(&self, rows: &[RowId]) -> Vec<IpAddr> {
        let mut seen = HashSet::new();
        rows.iter()
            .map(|&id| self.facts(id))
            .flat_map(|facts| End::BOTH.map(|end| facts.address(end)))
            .flatten()
            .filter(|address| seen.insert(*address))
            .collect()
    }
}

/// A value as data: times in RFC 3339, everything else plain; `None` when unknown.
pub fn datum(kind: Kind, value: &Value) -> Option<Datum> {
    Some(match (kind, value) {
        (_, Value::Unknown) => return None,
        (Kind::Time, Value::Number(milliseconds)) => {
            let moment = i64::try_from(*milliseconds).unwrap_or(i64::MAX);
            Datum::Text(rfc3339(moment))
        }
        (_, Value::Number(number)) => Datum::Number(number.to_string()),
        (_, Value::Seconds(seconds)) => Datum::Number(seconds.to_string()),
        (_, Value::Address(address)) => Datum::Text(address.to_string()),
        (_, Value::Text(text)) => Datum::Text(text.to_string()),
    })
}
