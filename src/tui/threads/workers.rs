//! The threads that work for the app: the loader, the one that answers
//! queries, the one that reads records again, and the pool that asks for names.
//! They are given a way to answer and know nothing of the screen; when the
//! inbox is gone they end.

use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel};
use std::thread::JoinHandle;

use super::inbox::Message;
use super::saving::save;
use super::start::start;
use crate::load::{Inputs, Library, LoadPlan, keep_loading};
use crate::model::flow::LineAt;
use crate::names::{Pool, USUAL, now, system_lookup};
use crate::query::doubt::hosts;
use crate::query::memory::Memory;
use crate::query::run;
use crate::query::seek::{SearchRequest, seek};
use crate::tui::state::detail::RecordsRequest;
use crate::tui::state::question::RowsRequest;
use crate::tui::state::saving::{Export, Saving};
use crate::tui::state::spark::SparkRequest;
use crate::tui::state::together::SumRequest;

/// Something to be read again.
enum Lookup {
    Records(RecordsRequest),
    Line(LineAt),
}

/// The working threads.
pub struct Workers {
    inbox: SyncSender<Message>,
    questions: Sender<RowsRequest>,
    requests: Sender<Lookup>,
    searches: Sender<SearchRequest>,
    sums: Sender<SumRequest>,
    /// To end what is being put together.
    summing: Arc<AtomicBool>,
    sparks: Sender<SparkRequest>,
    /// Whether files are followed, for the loader.
    orders: Option<Sender<bool>>,
    /// What is being written, as long as the sender is there.
    saving: Option<(Sender<()>, JoinHandle<()>)>,
    pool: Pool,
}

impl Workers {
    /// Starts all of them but the loader.
    ///
    /// # Errors
    /// When the system has no threads for them.
    pub fn start(inbox: &SyncSender<Message>, library: Arc<Library>) -> io::Result<Self> {
        let named = inbox.clone();
        let pool = Pool::start(USUAL, system_lookup, move |address, found| {
            // the end of the program is no concern of a late answer
            let _ = named.send(Message::Named(address, found, now()));
        });
        let look_up = move |lookup| match lookup {
            Lookup::Records(request) => Message::Records(Box::new(request.answer(&library))),
            Lookup::Line(place) => Message::Line(place, library.text(place)),
        };
        Ok(Workers {
            inbox: inbox.clone(),
            questions: worker("query", inbox, answer)?,
            requests: newest("records", inbox, look_up)?,
            searches: newest("search", inbox, |search| Message::Found(seek(&search)))?,
            sums: worker("sums", inbox, sum_up)?,
            summing: Arc::default(),
            sparks: newest("sparkline", inbox, |sparks: SparkRequest| {
                Message::Spark(sparks.answer())
            })?,
            orders: None,
            saving: None,
            pool,
        })
    }

    /// Starts loading.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn load(&mut self, inputs: Inputs, plan: LoadPlan) -> io::Result<()> {
        let inbox = self.inbox.clone();
        let (orders, given) = channel();
        self.orders = Some(orders);
        start("loader", move || {
            let tell = |snapshot| inbox.send(Message::Load(Box::new(snapshot))).is_ok();
            keep_loading(inputs, plan, &given, tell);
        })?;
        Ok(())
    }

    /// Has files followed, or not any more.
    pub fn follow(&self, follow: bool) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(follow);
        }
    }

    /// Asks for rows, and puts none together any more.
    pub fn ask(&self, question: RowsRequest) {
        self.summing.store(true, Ordering::Relaxed);
        // a thread that is gone has reported its end already
        let _ = self.questions.send(question);
    }

    /// Asks for the records of a row.
    pub fn read(&self, request: RecordsRequest) {
        let _ = self.requests.send(Lookup::Records(request));
    }

    /// Asks for the text of a line.
    pub fn read_line(&self, place: LineAt) {
        let _ = self.requests.send(Lookup::Line(place));
    }

    /// Puts rows together, and not those any more that were to be before.
    pub fn sum(&mut self, sum: SumRequest) {
        let before = std::mem::replace(&mut self.summing, sum.over.clone());
        before.store(true, Ordering::Relaxed);
        let _ = self.sums.send(sum);
    }

    /// Spreads rows over the line above a table.
    pub fn spark(&self, sparks: SparkRequest) {
        let _ = self.sparks.send(sparks);
    }

    /// Looks for rows.
    pub fn seek(&self, search: SearchRequest) {
        let _ = self.searches.send(search);
    }

    /// Writes a view to a file.
    ///
    /// # Errors
    /// When the system has no thread for it.
    pub fn save(&mut self, saving: Saving, export: Export) -> io::Result<()> {
        let inbox = self.inbox.clone();
        let (wish, wanted) = channel();
        let work = move || {
            let mut tell = |told| {
                let _ = inbox.send(Message::Saving(told));
            };
            save(saving, export, &wanted, &mut tell);
        };
        self.saving = Some((wish, start("saving", work)?));
        Ok(())
    }

    /// Writes it no further.
    pub fn stop_saving(&mut self) {
        if let Some((wish, _)) = &mut self.saving {
            *wish = channel().0;
        }
    }

    /// Ends the work that would leave something lying about.
    pub fn end(self) {
        if let Some((wish, thread)) = self.saving {
            drop(wish);
            let _ = thread.join();
        }
    }

    /// Asks for names; those asked for last come first.
    pub fn resolve(&mut self, addresses: &[IpAddr]) {
        if !addresses.is_empty() {
            self.pool.ask(addresses);
        }
    }
}

/// Starts a thread that works on what it is sent, and answers to the inbox.
fn worker<T: Send + 'static>(
    name: &str,
    inbox: &SyncSender<Message>,
    work: impl FnOnce(&Receiver<T>, &SyncSender<Message>) + Send + 'static,
) -> io::Result<Sender<T>> {
    let (tasks, given) = channel();
    let inbox = inbox.clone();
    start(name, move || work(&given, &inbox))?;
    Ok(tasks)
}

/// The same where only the newest task counts: older ones that still wait are dropped.
fn newest<T: Send + 'static>(
    name: &str,
    inbox: &SyncSender<Message>,
    answer: impl Fn(T) -> Message + Send + 'static,
) -> io::Result<Sender<T>> {
    worker(name, inbox, move |tasks: &Receiver<T>, inbox| {
        while let Ok(first) = tasks.recv() {
            let newest = tasks.try_iter().last().unwrap_or(first);
            if inbox.send(answer(newest)).is_err() {
                return;
            }
        }
    })
}

/// Answers the newest question; the rest of an answer is not worked out when
/// there is a newer one by then.
fn answer(questions: &Receiver<RowsRequest>, inbox: &SyncSender<Message>) {
    let mut memory = Memory::default();
    let mut next = None;
    while let Some(question) = next.take().or_else(|| questions.recv().ok()) {
        let RowsRequest {
            generation,
            seeks,
            query,
            table,
            context,
        } = questions.try_iter().fold(question, RowsRequest::newer);
        let mut heard = true;
        run::answer(&table, &query, &context, &mut memory, |rows| {
            let rows = rows.map(|rows| Message::Rows(generation, Arc::new(rows)));
            heard = rows.is_none_or(|rows| inbox.send(rows).is_ok());
            next = questions.try_iter().reduce(RowsRequest::newer);
            heard && next.is_none()
        });
        match &mut next {
            Some(next) => {
                let same_stance = next.context.stance == context.stance;
                next.seeks |= seeks && next.query == query && same_stance;
            }
            None if seeks && heard => {
                let hosts = hosts(&table, &query, &context);
                heard = inbox.send(Message::Sought(hosts)).is_ok();
            }
            None => {}
        }
        if !heard {
            return;
        }
    }
}

fn sum_up(sums: &Receiver<SumRequest>, inbox: &SyncSender<Message>) {
    while let Ok(first) = sums.recv() {
        let newest = sums.try_iter().fold(first, |old, new| SumRequest {
            seeks: new.seeks.or(old.seeks),
            ..new
        });
        let mut heard = newest.seeks.as_ref().is_none_or(|query| {
            let hosts = hosts(&newest.table, query, &newest.context);
            inbox.send(Message::Sought(hosts)).is_ok()
        });
        newest.answer(|answer| {
            heard &= inbox
                .send(Message::Together(newest.generation, answer))
                .is_ok();
        });
        if !heard {
            return;
        }
    }
}
