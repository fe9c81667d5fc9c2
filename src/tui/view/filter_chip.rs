//! The filter in force as the status line tells it: whole, or cut where there is little room.

use super::wording::Wording;
use crate::query::language::expr::Expr;
use crate::query::language::written::Filter;
use crate::tui::widget::fit::{cut, width};

/// As much of the filter as there is room for, without the brackets around it; with its last
/// term if that fits whole, as the rows of a group are those that pass it as well. Its key
/// stands in place of the word where there is little.
pub fn told(filter: &Filter, wording: Wording, room: usize) -> String {
    let word = if wording.brief { "/" } else { "filter" };
    let text = format!("{word} {}", filter.text);
    if width(&text) <= room {
        return text;
    }
    // the word, and the sign that something is cut
    let least = width(word) + 2;
    let end = last_term(&filter.expr).filter(|end| width(end) + least <= room);
    match end {
        // it may have been written in other words
        Some(end) if text.ends_with(&end) => {
            let begun = &text[..text.len() - end.len()];
            cut(begun, room - width(&end)) + &end
        }
        _ => cut(&text, room),
    }
}

/// The last of several terms that all have to hold, with the word before it.
fn last_term(expr: &Expr) -> Option<String> {
    let Expr::And(terms) = expr else {
        return None;
    };
    Some(match terms.last()? {
        several @ (Expr::And(_) | Expr::Or(_)) => format!("and ({several})"),
        term => format!("and {term}"),
    })
}
