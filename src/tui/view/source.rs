//! All of a file, read or not, an exporter or a reject: every figure by its name, the
//! domains of an exporter, the text of a rejected line.

use ratatui::text::{Line, Span};

use super::accounts::{DAMAGE, EXPORTERS, FILES, REFUSED, REJECTS, SourceColumn, lost, version_of};
use crate::model::intake::{DomainIntake, ExporterIntake, Sampling};
use crate::model::units;
use crate::tui::app::App;
use crate::tui::keys::action::Action;
use crate::tui::state::sources::{Item, OpenItem};
use crate::tui::theme;
use crate::tui::widget::fit::{pad, wrap};

/// Columns of a name.
const NAME: usize = 18;

/// The lines of the pane.
pub fn lines(app: &App, source: &OpenItem, width: usize) -> Vec<Line<'static>> {
    let intake = &app.intake;
    let lines = match source.item {
        Item::File(place) => {
            let file = intake.files.get(place);
            file.map(|file| facts(app, FILES, file, width))
        }
        Item::Refused(place) => {
            let refused = intake.refused.get(place);
            refused.map(|refused| facts(app, REFUSED, refused, width))
        }
        Item::Exporter(place) => intake.exporters.get(place).map(|exporter| {
            let mut lines = facts(app, EXPORTERS, exporter, width);
            lines.extend(
                exporter
                    .domains
                    .iter()
                    .flat_map(|domain| of_domain(domain, width)),
            );
            lines.extend(hint(app, exporter, width));
            lines
        }),
        Item::Reject(place) => intake.rejects.get(place).map(|reject| {
            let mut lines = facts(app, REJECTS, reject, width);
            if reject.place.is_some() {
                lines.extend([Line::raw(""), Line::styled("The line", theme::header())]);
                lines.extend(text(source, width));
            }
            lines
        }),
        Item::Damage(place) => {
            let damage = intake.damage.get(place);
            damage.map(|damage| facts(app, DAMAGE, damage, width))
        }
    };
    lines.unwrap_or_default()
}

fn facts<T>(app: &App, columns: &[SourceColumn<T>], of: &T, width: usize) -> Vec<Line<'static>> {
    let room = usize::from(u16::MAX);
    let lines = columns
        .iter()
        .flat_map(|column| fact(column.label, &column.text(app, of, room), width));
    lines.collect()
}

/// A name and a value, in as many lines as it takes.
pub fn fact(name: &str, value: &str, width: usize) -> Vec<Line<'static>> {
    let names = std::iter::once(name).chain(std::iter::repeat(""));
    let lines = wrap(value, width.saturating_sub(NAME).max(1)).into_iter();
    let lines = lines.zip(names).map(|(value, name)| {
        let name = pad(name, NAME, false);
        Line::from(vec![Span::styled(name, theme::quiet()), Span::raw(value)])
    });
    lines.collect()
}

fn of_domain(domain: &DomainIntake, width: usize) -> Vec<Line<'static>> {
    let number = domain
        .domain
        .map_or(String::new(), |number| match domain.version {
            Some(5) => format!(", engine type {} id {}", number >> 8, number & 0xff),
            Some(9) => format!(", source id {number}"),
            _ => format!(", observation domain {number}"),
        });
    let title = format!("Version {}{number}", version_of(domain.version));
    let missing = match (domain.numbered, domain.gaps) {
        (false, _) => "cannot be told: its packets are not numbered".to_owned(),
        (_, 0) => "none: the sequence numbers have no gap".to_owned(),
        (_, gaps) => {
            let lost = lost(std::slice::from_ref(domain), usize::MAX);
            let gaps = units::many(gaps, "gaps");
            format!("{lost} in {gaps} of the sequence numbers")
        }
    };
    let sampling = domain
        .sampling
        .map_or_else(|| "none is told".to_owned(), words);
    let rows = [
        ("Export packets", units::commas(domain.packets)),
        ("Flows", units::commas(domain.flows)),
        ("Lost exports", missing),
        (
            "Counted anew",
            match domain.restarts {
                0 => "never".to_owned(),
                1 => "once: the exporter was restarted".to_owned(),
                times => format!("{} times: the exporter was restarted", units::commas(times)),
            },
        ),
        ("Sampling", sampling),
    ];
    let title = [Line::raw(""), Line::styled(title, theme::header())];
    let rows = rows
        .iter()
        .flat_map(|(name, value)| fact(name, value, width));
    title.into_iter().chain(rows).collect()
}

fn words(sampling: Sampling) -> String {
    let mode = match sampling.mode {
        1 => ", every n-th",
        2 => ", at random",
        _ => "",
    };
    format!("1 packet of {}{mode}", units::commas(sampling.interval))
}

/// What losses and sampling mean for the table.
fn hint(app: &App, exporter: &ExporterIntake, width: usize) -> Vec<Line<'static>> {
    let mut words: Vec<String> = Vec::new();
    if exporter.domains.iter().any(|domain| domain.gaps > 0) {
        words.push("What was lost on the way may be the missing peer of an unmatched flow.".into());
    }
    if exporter
        .domains
        .iter()
        .any(|domain| domain.sampling.is_some())
    {
        let scale = app.bindings.key(Action::Scale);
        words.push(match app.table.is_scaled() {
            false => format!("Bytes are as they were exported; {scale} multiplies them."),
            true => format!("Bytes are multiplied by the sampling; {scale} undoes that."),
        });
    }
    let lines = words.iter().flat_map(|words| wrap(words, width));
    let lines = lines.map(|line| Line::styled(line, theme::quiet()));
    let blank = (!words.is_empty()).then(|| Line::raw(""));
    blank.into_iter().chain(lines).collect()
}

/// The text of a rejected line, wrapped.
fn text(source: &OpenItem, width: usize) -> Vec<Line<'static>> {
    match &source.text {
        None => vec![Line::styled("reading the line ...", theme::progress())],
        Some(Err(reason)) => vec![Line::styled(reason.clone(), theme::warning())],
        Some(Ok(text)) => wrap(text, width).into_iter().map(Line::raw).collect(),
    }
}
