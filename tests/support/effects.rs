//! What the app asks for is answered at once, without a thread.

use std::sync::Arc;

use flowpeek::load::Library;
use flowpeek::query::doubt::hosts;
use flowpeek::query::memory::Memory;
use flowpeek::query::run::answer;
use flowpeek::query::seek::seek;
use flowpeek::tui::app::Effect;
use flowpeek::tui::threads::inbox::Message;

/// Tells the answers to a question; any other effect comes back.
pub fn answered(
    effect: Effect,
    library: Option<&Library>,
    mut tell: impl FnMut(Message),
) -> Option<Effect> {
    match effect {
        Effect::Ask(ask) => {
            let mut memory = Memory::default();
            answer(&ask.table, &ask.query, &ask.context, &mut memory, |rows| {
                let rows = rows.map(|rows| Message::Rows(ask.generation, Arc::new(rows)));
                rows.into_iter().for_each(&mut tell);
                true
            });
            if ask.seeks {
                let hosts = hosts(&ask.table, &ask.query, &ask.context);
                tell(Message::Sought(hosts));
            }
        }
        Effect::Read(request) => {
            let records = library.map(|library| request.answer(library));
            records
                .into_iter()
                .for_each(|it| tell(Message::Records(Box::new(it))));
        }
        Effect::ReadLine(place) => {
            let text = library.map(|library| library.text(place));
            text.into_iter()
                .for_each(|text| tell(Message::Line(place, text)));
        }
        Effect::Sum(sum) => {
            sum.answer(|answer| tell(Message::Together(sum.generation, answer)));
        }
        Effect::Spark(sparks) => tell(Message::Spark(sparks.answer())),
        Effect::Seek(search) => tell(Message::Found(seek(&search))),
        other => return Some(other),
    }
    None
}
