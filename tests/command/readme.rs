//! The README's table of keys is the catalogue's, word for word.

use flowpeek::tui::keys::action::KEYS;

#[test]
fn the_table_of_keys_is_the_catalogue() {
    let readme = include_str!("../../README.md");
    let listed: Vec<(String, String)> = readme
        .lines()
        .skip_while(|line| !line.starts_with("| keys |"))
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            (cells[0].replace('`', ""), cells[1].to_owned())
        })
        .collect();
    let known: Vec<(String, String)> = KEYS
        .iter()
        .filter(|key| !key.label.is_empty())
        .map(|key| (key.label.to_owned(), key.help.to_owned()))
        .collect();
    assert!(known.len() > 15);
    assert_eq!(listed, known);
}
