//! What can be asked of a table.

use super::language::expr::Expr;
use crate::query::order::sort::Sort;

/// Which rows a view is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Rows with both sides.
    Connections,
    /// Rows with one side.
    Unmatched,
}

impl Preset {
    /// What its rows are called.
    pub fn noun(self) -> &'static str {
        match self {
            Preset::Connections => "connections",
            Preset::Unmatched => "unmatched flows",
        }
    }

    /// The rows that it is not about.
    pub fn other(self) -> Self {
        match self {
            Preset::Connections => Preset::Unmatched,
            Preset::Unmatched => Preset::Connections,
        }
    }
}

/// Rows with fewer packets are noise, unless somebody says otherwise: the analyzer's default.
pub const FEW: u64 = 10;

/// What to show, and in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which rows at all.
    pub preset: Preset,
    /// Which of them.
    pub filter: Expr,
    /// Rows with fewer packets are hidden.
    pub threshold: u64,
    /// The order, that of the file without one.
    pub sort: Option<Sort>,
}
