//! Names of hosts on the screen: whether they are shown, what is asked for so
//! that they can be, and what that waits for. Before the user wants names,
//! with a key, a filter or an order by names, nothing is asked.

use std::net::IpAddr;

use super::app::{App, Hosts};
use crate::model::units;
use crate::names::Name;

/// Names asked for at once for a filter or an order.
const NAMES_AT_ONCE: usize = 256;

/// Shows names, or both, or addresses again.
pub fn cycle(app: &mut App) {
    if !app.names.can_know() {
        app.notice = Some("names are off (-n)".to_owned());
        return;
    }
    let (hosts, words) = match app.hosts {
        Hosts::Addresses => (Hosts::Names, "host names are shown"),
        Hosts::Names => (Hosts::Both, "addresses and host names are shown"),
        Hosts::Both => (Hosts::Addresses, "addresses are shown"),
    };
    app.hosts = hosts;
    app.notice = Some(words.to_owned());
}

/// A host's name, if it is known to have one.
pub fn known(app: &App, address: IpAddr) -> Option<&str> {
    match app.names.get(address) {
        Name::Known(name) => Some(name),
        _ => None,
    }
}

/// A host's name, when names are shown and it has one.
pub fn shown(app: &App, address: IpAddr) -> Option<&str> {
    known(app, address).filter(|_| app.hosts != Hosts::Addresses)
}

/// Counts the hosts that have come with the table.
pub fn meet(app: &mut App) {
    let count = app.table.address_count() as u32;
    let table = &app.table;
    app.names
        .meet((app.met..count).filter_map(|number| table.address(number)));
    app.met = count;
}

/// Whether the rows wait for names of hosts.
pub fn asked(app: &App) -> bool {
    app.filter.expr.asks_names() || is_sorted_by_name(app)
}

/// Whether a name that becomes known may change the rows.
pub fn seen(app: &App) -> bool {
    app.filter.expr.sees_names() || is_sorted_by_name(app)
}

fn is_sorted_by_name(app: &App) -> bool {
    app.tab().sort.is_some_and(|sort| sort.field.is_host())
}

/// What is waited for, or why it is in vain.
pub fn pending(app: &App) -> String {
    let names = &app.names;
    let waiting = match (asked(app), app.hosts) {
        (true, _) if !names.can_know() => return "names are off (-n)".to_owned(),
        (true, _) => names.open(),
        (false, Hosts::Addresses) => return String::new(),
        (false, _) => names.pending(),
    };
    let count = |count: usize, words| {
        let number = units::commas(count as u64);
        (count > 0).then(|| format!("{number} {words}"))
    };
    let parts = [
        count(waiting, "names pending"),
        count(names.silent(), "unanswered"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Addresses whose names are to be asked for: those on the screen first, then,
/// when the rows wait for names, some more of all.
pub fn wanted(app: &mut App, now: u64) -> Vec<IpAddr> {
    let mut wanted: Vec<IpAddr> = Vec::new();
    let rows_wait = asked(app) && app.names.open() > 0;
    if app.hosts != Hosts::Addresses || rows_wait {
        let (rows, _) = app.tab().list.visible();
        let facts = rows.iter().map(|&row| app.facts(row));
        let ends = facts.flat_map(|facts| [facts.address(false), facts.address(true)]);
        wanted.extend(ends.flatten());
    }
    if rows_wait {
        let open = |address: &IpAddr| app.names.is_open(*address);
        let address = |number: u32| app.table.address(number).filter(open);
        let count = app.table.address_count() as u32;
        let next = (app.answered_to..count).find(|&number| address(number).is_some());
        let next = next.unwrap_or(count);
        wanted.extend((next..count).filter_map(address).take(NAMES_AT_ONCE));
        app.answered_to = next;
    }
    app.names.wanted(&wanted, now)
}
