//! `App`, everything the screen is drawn from. It changes only in `update`;
//! drawing reads it.

use std::sync::Arc;
use std::time::Duration;

use ratatui::layout::Size;

use super::asks::{Ask, Asks};
pub use super::effect::Effect;
use super::keys::bindings::Bindings;
use super::state::ahead::Ahead;
use super::state::detail::Detail;
use super::state::following::Following;
use super::state::kept::Kept;
use super::state::question::Sought;
use super::state::saving::{Base, Export, Progress};
use super::state::seek::Seek;
use super::state::sources::OpenItem;
use super::state::spark::Spark;
use super::state::tabs::{TABS, Tab};
use super::state::together::Together;
use super::theme::Look;
use crate::load::LoadPlan;
use crate::model::intake::Intake;
use crate::names::Names;
use crate::query::facts::{Context, Facts, Stance};
use crate::query::language::written::Filter;
use crate::query::run::Query;
use crate::table::store::{RowId, Table};
use crate::tui::screen::size::drawn;

/// The smallest screen that can be used.
pub const SMALLEST: Size = Size {
    width: 60,
    height: 15,
};
/// Lines of the screen that are not rows: title, status, header, totals, footer.
const FRAME: u16 = 5;

/// What the browser begins with.
pub struct Launch {
    /// The first question.
    pub query: Query,
    /// The text of its filter.
    pub filter: String,
    /// How input is loaded.
    pub plan: LoadPlan,
    /// The point of view.
    pub context: Context,
    /// What keys do.
    pub bindings: Bindings,
    /// How views are written to files.
    pub export: Export,
    /// The arguments as a report has them.
    pub base: Base,
    /// How everything looks.
    pub look: Look,
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
    /// All of a file, an exporter or a reject.
    Source(OpenItem),
    /// The command line of a report, scrolled by this many lines.
    Command(String, u16),
    /// The keys, scrolled by this many lines.
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
    /// Of files that grow.
    pub following: Following,
    /// The filter in force.
    pub filter: Filter,
    /// Rows with fewer packets are hidden.
    pub threshold: u64,
    /// What it was before all rows were shown.
    pub noise: u64,
    /// The point of view.
    pub context: Context,
    /// What the last line asks.
    pub asks: Asks,
    /// Earlier filters, the last one to go back to last.
    pub undo: Vec<Filter>,
    /// The views of groups and of time.
    pub together: Together,
    /// The traffic above tables.
    pub spark: Spark,
    /// What is looked for among the rows.
    pub seek: Option<Seek>,
    /// The newest search's number.
    pub searches: u64,
    /// The mouse is listened to.
    pub mouse: bool,
    /// What is kept from one run to the next.
    pub kept: Kept,
    /// The command lines of this run, the newest last, none twice.
    pub commands: Vec<String>,
    /// What covers the table.
    pub pane: Pane,
    /// What keys do.
    pub bindings: Bindings,
    /// How views are written to files.
    pub export: Export,
    /// The arguments as a report has them.
    pub base: Base,
    /// The file that is being written.
    pub writing: Option<Progress>,
    /// Host names.
    pub names: Names,
    /// The query that asked for names last, and the rows there were then.
    pub sought: Option<Sought>,
    /// What hosts are shown by.
    pub hosts: Hosts,
    /// Ports are shown in place of services.
    pub show_ports: bool,
    /// Something to tell once.
    pub notice: Option<String>,
    /// How everything looks.
    pub look: Look,
    /// Size of the screen.
    pub size: Size,
    /// The newest question's number.
    pub asked: u64,
    /// The number of the last answer.
    pub answered: u64,
    /// There is news since the newest question.
    pub ask_again: bool,
    /// Keys that wait for an answer.
    pub ahead: Ahead,
    /// Something on the screen may have changed.
    pub changed: bool,
}

impl App {
    /// The state before anything has been loaded.
    pub fn new(launch: Launch, size: Size) -> Self {
        let query = launch.query;
        let tabs = TABS.iter().map(|info| Tab::new(info, query.sort));
        let mut app = App {
            tabs: tabs.collect(),
            current: 0,
            table: Table::default(),
            intake: Arc::default(),
            complete: false,
            elapsed: Duration::ZERO,
            following: Following::planned(launch.plan),
            filter: Filter {
                text: launch.filter,
                expr: query.filter,
            },
            threshold: query.threshold,
            noise: query.threshold,
            context: launch.context,
            asks: Asks::default(),
            undo: Vec::new(),
            together: Together::new(),
            spark: Spark::default(),
            seek: None,
            searches: 0,
            mouse: false,
            kept: Kept::default(),
            commands: Vec::new(),
            pane: Pane::Table,
            bindings: launch.bindings,
            export: launch.export,
            base: launch.base,
            writing: None,
            names: launch.names,
            sought: None,
            hosts: Hosts::Addresses,
            show_ports: false,
            notice: None,
            look: launch.look,
            size,
            asked: 0,
            answered: 0,
            ask_again: false,
            ahead: Ahead::default(),
            changed: true,
        };
        app.table = app.table.scaled(launch.plan.scale);
        app.show_repeats();
        app.resize(size);
        app
    }

    /// Takes another size of the screen.
    pub fn resize(&mut self, size: Size) {
        let size = drawn(size);
        self.size = size;
        let frame = FRAME - 1 + self.footer() + self.spark.lines(size);
        let height = size.height.saturating_sub(frame);
        for tab in &mut self.tabs {
            let rows = height.saturating_sub(tab.info.lead());
            tab.list.set_height(usize::from(rows));
        }
        // groups have no line of sums below them
        self.together.top.list.set_height(usize::from(height) + 1);
    }

    /// Lines of the footer: what is typed has one below it.
    pub fn footer(&self) -> u16 {
        1 + u16::from(self.asks.is_typed())
    }

    /// Has something typed in the last line.
    pub fn open_line(&mut self, ask: Ask) {
        self.asks.now = ask;
        self.resize(self.size);
    }

    /// Ends what the last line asks, and answers with it.
    pub fn close_line(&mut self) -> Ask {
        let asked = self.asks.end();
        self.resize(self.size);
        asked
    }

    /// The view on the screen.
    pub fn tab(&self) -> &Tab {
        &self.tabs[self.current]
    }

    /// The view on the screen, to change it.
    pub fn tab_mut(&mut self) -> &mut Tab {
        &mut self.tabs[self.current]
    }

    /// Shows a notice, and has no effect: so most keys end that cannot do anything.
    pub fn tell(&mut self, words: impl Into<String>) -> Vec<Effect> {
        self.notice = Some(words.into());
        Vec::new()
    }

    /// A row from the app's point of view.
    pub fn facts(&self, row: RowId) -> Facts<'_> {
        Facts {
            row: self.table.row(row),
            context: &self.context,
        }
    }

    /// Which sides are the sources', and which flows count: duplicates do if the filter
    /// asks for them.
    pub fn stance(&self) -> Stance {
        let asked = self.filter.expr.asks_duplicates();
        self.context.stance.unfolded_if(asked)
    }

    /// The point of view of what is asked, with all names that are known. It is handed on and
    /// not kept, so that names can be learnt without copying the old ones each time.
    pub fn named_context(&self) -> Context {
        Context {
            names: self.names.snapshot(),
            stance: self.stance(),
            ..self.context.clone()
        }
    }

    /// Whether anything changed since this was asked last.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }
}
