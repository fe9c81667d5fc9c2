//! `App`, everything the screen is drawn from. It changes only in `update`;
//! drawing reads it.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Size;

use super::detail::Detail;
pub use super::effect::Effect;
use super::kept::Kept;
use super::prompt::Prompt;
use super::seek::Seek;
use super::tabs::{TABS, Tab};
use super::typing::{Filter, Typing};
use super::workers::Question;
use crate::model::intake::Intake;
use crate::model::time::Zone;
use crate::names::{Names, Services};
use crate::query::facts::{Context, Facts};
use crate::query::run::Query;
use crate::table::build::Pairing;
use crate::table::store::{RowId, Table};

/// The smallest screen that can be used.
pub const SMALLEST: Size = Size {
    width: 60,
    height: 15,
};
/// Lines of the screen that are not rows: title, status, header, totals, footer.
const FRAME: u16 = 5;

/// What the browser begins with.
pub struct Start {
    /// The first question.
    pub query: Query,
    /// The text of its filter.
    pub filter: String,
    /// How flows become connections.
    pub pairing: Pairing,
    /// Threads that read.
    pub threads: usize,
    /// The zone of times.
    pub zone: Zone,
    /// Names of ports.
    pub services: Arc<Services>,
    /// Names of hosts, as far as they are known and may be asked for.
    pub names: Names,
}

/// What hosts are shown by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// Their addresses.
    Addresses,
    /// Their names, where they have one.
    Names,
    /// The address and the name.
    Both,
}

/// What covers the table.
pub enum Pane {
    /// Nothing.
    Table,
    /// The detail of a row.
    Detail(Detail),
    /// The keys, scrolled by so many lines.
    Help(u16),
    /// The fields that columns are chosen of, with this line selected.
    Columns(usize),
}

/// The state of the browser.
pub struct App {
    /// All views.
    pub tabs: Vec<Tab>,
    /// The one on the screen.
    pub current: usize,
    /// The table, as far as it has come.
    pub table: Table,
    /// What was read and what was lost.
    pub intake: Arc<Intake>,
    /// Everything has been read.
    pub complete: bool,
    /// How long loading took so far.
    pub elapsed: Duration,
    /// The filter in force.
    pub filter: Filter,
    /// Rows with fewer packets are hidden.
    pub threshold: u64,
    /// The point of view.
    pub context: Context,
    /// The filter line, when it is open.
    pub typing: Option<Typing>,
    /// The command line, when it is open.
    pub command: Option<Prompt>,
    /// Earlier filters, the last one to go back to last.
    pub undo: Vec<Filter>,
    /// What is looked for among the rows.
    pub seek: Option<Seek>,
    /// The newest search's number.
    pub searches: u64,
    /// The mouse is listened to.
    pub mouse: bool,
    /// What is kept from one run to the next.
    pub kept: Kept,
    /// What covers the table.
    pub pane: Pane,
    /// Host names.
    pub names: Names,
    /// The query that asked for names last, and the rows there were then.
    pub sought: Option<(Query, u32)>,
    /// What hosts are shown by.
    pub hosts: Hosts,
    /// Ports are shown in place of services.
    pub show_ports: bool,
    /// Something to tell once.
    pub notice: Option<String>,
    /// The zone of times.
    pub zone: Zone,
    /// Size of the screen.
    pub size: Size,
    /// The newest question's number.
    pub asked: u64,
    /// The number of the last answer.
    pub answered: u64,
    /// There is news since the newest question.
    pub ask_again: bool,
    /// Something on the screen may have changed.
    pub changed: bool,
}

impl App {
    /// The state before anything has been loaded.
    pub fn new(start: Start, size: Size) -> Self {
        let query = start.query;
        let tabs = TABS.iter().map(|info| Tab::new(info, query.sort));
        let mut app = App {
            tabs: tabs.collect(),
            current: 0,
            table: Table::default(),
            intake: Arc::default(),
            complete: false,
            elapsed: Duration::ZERO,
            filter: Filter {
                text: start.filter,
                expr: query.filter,
            },
            threshold: query.threshold,
            context: Context::new(start.services, start.zone.clone(), query.orient),
            typing: None,
            command: None,
            undo: Vec::new(),
            seek: None,
            searches: 0,
            mouse: false,
            kept: Kept::default(),
            pane: Pane::Table,
            names: start.names,
            sought: None,
            hosts: Hosts::Addresses,
            show_ports: false,
            notice: None,
            zone: start.zone,
            size,
            asked: 0,
            answered: 0,
            ask_again: false,
            changed: true,
        };
        app.resize(size);
        app
    }

    /// Takes another size of the screen.
    pub fn resize(&mut self, size: Size) {
        self.size = size;
        let height = size.height.saturating_sub(FRAME - 1 + self.footer());
        for tab in &mut self.tabs {
            tab.list.set_height(usize::from(height));
        }
    }

    /// Lines of the footer: the filter line has one below it.
    pub fn footer(&self) -> u16 {
        1 + u16::from(self.typing.is_some())
    }

    /// Opens the filter line, or closes it.
    pub fn set_typing(&mut self, typing: Option<Typing>) {
        self.typing = typing;
        self.resize(self.size);
    }

    /// The view on the screen.
    pub fn tab(&self) -> &Tab {
        &self.tabs[self.current]
    }

    /// The view on the screen, to change it.
    pub fn tab_mut(&mut self) -> &mut Tab {
        &mut self.tabs[self.current]
    }

    /// A row from the app's point of view.
    pub fn facts(&self, row: RowId) -> Facts<'_> {
        Facts {
            row: self.table.row(row),
            context: &self.context,
        }
    }

    /// The point of view with all names that are known. It is handed on and not
    /// kept, so that names can be learnt without copying the old ones each time.
    pub fn named_context(&self) -> Context {
        Context {
            names: self.names.snapshot(),
            ..self.context.clone()
        }
    }

    /// The question that the screen answers now.
    pub fn question(&mut self) -> Effect {
        self.asked += 1;
        self.ask_again = false;
        let tab = self.tab();
        let query = Query {
            preset: tab.info.preset,
            filter: self.filter.expr.clone(),
            threshold: self.threshold,
            sort: tab.sort,
            orient: self.context.orient,
        };
        Effect::Ask(Box::new(Question {
            generation: self.asked,
            seeks: self.seeks(&query),
            query,
            table: self.table.clone(),
            context: self.named_context(),
        }))
    }

    /// Whether the rows wait for names of hosts.
    pub fn asks_names(&self) -> bool {
        self.filter.expr.asks_names() || self.is_sorted_by_name()
    }

    /// Whether a name that becomes known may change the rows.
    pub fn sees_names(&self) -> bool {
        self.filter.expr.sees_names() || self.is_sorted_by_name()
    }

    fn is_sorted_by_name(&self) -> bool {
        self.tab().sort.is_some_and(|sort| sort.field.is_host())
    }

    /// Whether a query waits for names that none has asked for. Those that none
    /// waits for any more are not asked for.
    fn seeks(&mut self, query: &Query) -> bool {
        if !self.asks_names() {
            self.sought = None;
            return false;
        }
        let now = (query.clone(), self.table.len());
        let before = self.sought.replace(now.clone());
        if before.as_ref().is_none_or(|before| before.0 != *query) {
            self.names.seek(Vec::new());
        }
        before.is_none_or(|before| before != now)
    }

    /// Whether anything changed since this was asked last.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}
