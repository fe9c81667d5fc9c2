//! Any text, taken for each file that sets something up or answers from an earlier
//! run: a configuration, a file of hosts, a services database, kept names, kept
//! filters. What is wrong is told with its line, and what is taken is text.

#![no_main]

use flowpeek::cli::command;
use flowpeek::cli::options::{Given, check};
use flowpeek::config::{Config, Entry};
use flowpeek::model::text::is_printable;
use flowpeek::model::toml::quoted;
use flowpeek::names::{Cache, Services, hosts};
use flowpeek::tui::keys::bindings::Bindings;
use flowpeek::tui::shelf::Shelf;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Config::parse(text) {
        Ok(config) => used(text, &config),
        Err(mistake) => is_line(text, mistake.line),
    }
    let filter = format!("filter = {}", quoted(text));
    let read = Config::parse(&filter).unwrap();
    assert_eq!(read.options[0].values, [text]);
    for (address, name) in hosts::parse(text) {
        assert!(is_text(&name) && name.len() <= 4 * 253, "{address} {name:?}");
    }
    let services = Services::from_texts(Some(text), "");
    for port in [0, 53, 80, 443, u16::MAX] {
        let names = [services.any(port), services.name(6, port)];
        assert!(names.into_iter().flatten().all(is_text));
    }
    kept(text);
});

fn is_text(text: &str) -> bool {
    text.chars().all(is_printable)
}

fn is_line(text: &str, line: usize) {
    let lines = text.split('\n').count();
    assert!((1..=lines).contains(&line), "line {line} of {lines}");
}

/// Does with a configuration what a run does that begins with it.
fn used(text: &str, config: &Config) {
    let profiles = config.profiles.iter().flat_map(|profile| &profile.options);
    let options: Vec<&Entry> = config.options.iter().chain(profiles).collect();
    for entry in options.iter().chain(&config.keys.iter().collect::<Vec<_>>()) {
        is_line(text, entry.line);
    }
    for entry in options.into_iter().take(4) {
        let given = Given {
            name: entry.name.clone(),
            values: entry.values.clone(),
        };
        // files that an option names are no matter of the text
        if !["filter-file", "hosts"].contains(&given.name.as_str()) {
            let _ = check(&command(), &given);
        }
    }
    let wishes = config.keys.iter().map(|entry| {
        let keys = entry.values.iter().map(String::as_str).collect();
        (entry.name.as_str(), keys)
    });
    if let Err((place, words)) = Bindings::rebound(&wishes.collect::<Vec<_>>()) {
        assert!(place < config.keys.len() && !words.is_empty());
    }
    let _ = config.profile(text);
}

/// Names and filters that an earlier run has kept.
fn kept(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    let names = folder.path().join("names");
    std::fs::write(&names, text).unwrap();
    let named = Cache::at(&names).read(1_700_000_000);
    assert!(named.iter().flat_map(|entry| &entry.name).all(|name| is_text(name)));
    let now = Cache::at(&names).read(0);
    assert!(now.len() <= text.lines().count());
    for file in ["history", "filters", "columns"] {
        std::fs::write(folder.path().join(file), text).unwrap();
    }
    let kept = Shelf::at(folder.path()).read();
    assert!(kept.history.iter().all(|filter| is_text(filter)));
    let rows = kept.saved.iter().chain(&kept.columns);
    assert!(rows.flat_map(|row| [&row.0, &row.1]).all(|text| is_text(text)));
}
