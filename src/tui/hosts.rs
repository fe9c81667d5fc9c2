//! Names of hosts on the screen: whether they are shown, what is asked for so
//! that they can be, and what that waits for. Before the user wants names,
//! with a key, a filter or an order by names, nothing is asked. Services have
//! names or ports.

use std::net::IpAddr;

use super::app::{App, Hosts};
use super::state::tabs::Body;
use crate::model::end::End;
use crate::model::units;
use crate::model::value::Value;
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

/// Shows services by their names, or as ports.
pub fn toggle_ports(app: &mut App) {
    app.show_ports = !app.show_ports;
    app.notice = Some(match app.show_ports {
        true => "ports are shown".to_owned(),
        false => "names of services are shown".to_owned(),
    });
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

/// What is waited for, or why nothing will come.
pub fn pending(app: &App) -> String {
    let names = &app.names;
    let waiting = match (app.asks_names(), app.hosts) {
        (true, _) if !names.can_know() => return "names are off (-n)".to_owned(),
        (true, _) if app.asks.is_filter() => return "Enter asks for names".to_owned(),
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

/// Addresses whose names are to be asked for: those on the screen first, then
/// some more of those that the rows wait for.
pub fn wanted(app: &mut App, now: u64) -> Vec<IpAddr> {
    let mut wanted: Vec<IpAddr> = Vec::new();
    // who types has not said yet what names are wanted for
    let rows_wait = !app.asks.is_filter() && app.asks_names() && app.names.open() > 0;
    if app.hosts != Hosts::Addresses || rows_wait {
        wanted.extend(in_sight(app));
    }
    if rows_wait {
        wanted.extend(app.names.sought(NAMES_AT_ONCE));
    }
    app.names.wanted(&wanted, now)
}

/// The addresses on the screen.
fn in_sight(app: &App) -> Vec<IpAddr> {
    match app.tab().info.body {
        Body::Rows(_) => {
            let facts = app.tab().list.visible().0.iter().map(|&row| app.facts(row));
            let ends = facts.flat_map(|facts| End::BOTH.map(|end| facts.address(end)));
            ends.flatten().collect()
        }
        Body::Top => {
            let top = &app.together.top;
            let places = top.list.visible().0.iter();
            let groups = places.filter_map(|&place| top.group(place));
            let values = groups.flat_map(|group| &group.values);
            let address = |value: &Value| match value {
                Value::Address(address) => Some(*address),
                _ => None,
            };
            values.filter_map(address).collect()
        }
        Body::Timeline | Body::Sources => Vec::new(),
    }
}
