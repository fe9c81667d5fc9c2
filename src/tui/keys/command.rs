//! COMMANDS, the catalogue of what can be typed after `:`, and how a line is
//! read as one of them, or completed.

use crate::query::group::by::By;
use crate::query::language::complete::Completion;

/// What a command line asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Use the filter of this name.
    Use(String),
    /// Give the filter in force a name.
    Save {
        /// The name.
        name: String,
        /// In place of another filter of that name.
        over: bool,
    },
    /// Forget this name.
    Drop(String),
    /// Tell the names.
    List,
    /// Group by these fields.
    Top(String),
    /// Write what the view shows to a file; over one that is there.
    Write {
        /// The file.
        name: String,
        /// Without asking.
        over: bool,
    },
    /// Tell the command line that prints what the view shows.
    Cmd,
    /// The usual columns.
    Columns,
    /// Show or hide the traffic above tables.
    Sparkline,
    /// End.
    Quit,
}

/// One row of the catalogue.
pub struct CommandInfo {
    /// How it is written.
    pub form: &'static str,
    /// What the help says.
    pub help: &'static str,
    /// Reads the words of a line, if it is this command.
    pub read: fn(&[&str]) -> Option<Command>,
}

/// What stands in forms for what is not typed word for word.
const NAME: &str = "NAME";
const FIELDS: &str = "FIELD[,FIELD]";
const FILE: &str = "FILE";

macro_rules! commands {
    ($form:literal, $help:literal => $read:expr; $($more:literal, $helps:literal => $reads:expr;)*) => {
        /// The catalogue; the first row that fits reads the line.
        pub const COMMANDS: &[CommandInfo] = &[
            CommandInfo { form: $form, help: $help, read: $read },
            $(CommandInfo { form: $more, help: $helps, read: $reads },)*
        ];

        /// What the help says of the key that opens the line.
        pub const HELP: &str = concat!("command line: ", $form, $(", ", $more),*);
    };
}

commands! {
    "filter", "tell the filters that have names" => |words| (words == ["filter"]).then_some(Command::List);
    "filter save NAME", "give the filter in force a name (save! that of another one)" => |words| match words {
            ["filter", verb @ ("save" | "save!"), name] => Some(Command::Save {
                name: (*name).to_owned(),
                over: verb.ends_with('!'),
            }),
            _ => None,
        };
    "filter drop NAME", "forget a name" => |words| match words {
            ["filter", "drop", name] => Some(Command::Drop((*name).to_owned())),
            _ => None,
        };
    "filter NAME", "filter by that name" => |words| match words {
            ["filter", name] if !is_verb(name) => Some(Command::Use((*name).to_owned())),
            _ => None,
        };
    "top FIELD[,FIELD]", "group by one field or two" => |words| match words {
            ["top", fields] => Some(Command::Top((*fields).to_owned())),
            _ => None,
        };
    "w FILE", "write what the view shows to FILE.csv, .json or .ndjson (:w! over a file)" => |words| match words {
            ["w" | "w!" | "write" | "write!", name @ ..] if !name.is_empty() => {
                Some(Command::Write {
                    name: name.join(" "),
                    over: words[0].ends_with('!'),
                })
            }
            _ => None,
        };
    "cmd", "show and copy the flowpeek report ... that prints the same rows" => |words| (words == ["cmd"]).then_some(Command::Cmd);
    "columns", "the usual columns, in their usual widths" => |words| (words == ["columns"]).then_some(Command::Columns);
    "sparkline", "show or hide the line of traffic above tables" => |words| (words == ["sparkline"]).then_some(Command::Sparkline);
    "q", "quit" => |words| matches!(words, ["q" | "quit"]).then_some(Command::Quit);
}

fn is_verb(name: &str) -> bool {
    ["save", "save!", "drop"].contains(&name)
}

/// Reads a line; an empty one asks for nothing.
///
/// # Errors
/// In words, when it is no command.
pub fn read(line: &str) -> Result<Option<Command>, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some(first) = words.first() else {
        return Ok(None);
    };
    let Some(command) = COMMANDS.iter().find_map(|row| (row.read)(&words)) else {
        let name = match first.trim_end_matches('!') {
            "write" => "w",
            name => name,
        };
        let like = COMMANDS
            .iter()
            .filter(|row| row.form.split(' ').next() == Some(name));
        let forms: Vec<&str> = like.map(|row| row.form).collect();
        return Err(if forms.is_empty() {
            let names = COMMANDS.iter().map(|row| row.form.split(' ').next());
            let mut all: Vec<&str> = names.flatten().collect();
            all.dedup();
            format!("no command \"{first}\"; there are {}", all.join(", "))
        } else {
            format!("expected {}", forms.join(" or "))
        });
    };
    match &command {
        Command::Save { name, .. } if !is_name(name) => {
            Err("a name is made of letters, digits, - and _, and is no command".to_owned())
        }
        _ => Ok(Some(command)),
    }
}

/// What may stand in place of the word before the cursor: words of commands, what rows are
/// grouped by, and the names that filters have.
pub fn complete(before: &str, names: &[&str]) -> Completion {
    let begin = before.trim_end_matches(|c: char| !c.is_whitespace()).len();
    let (known, word) = before.split_at(begin);
    let known: Vec<&str> = known.split_whitespace().collect();
    let next = |row: &CommandInfo| {
        let mut form = row.form.split(' ');
        let fits = known.iter().all(|&word| form.next() == Some(word));
        form.next().filter(|_| fits)
    };
    // of several fields the last one
    let part = word.rfind(',').map_or(0, |comma| comma + 1);
    let candidates = COMMANDS
        .iter()
        .filter_map(next)
        .flat_map(|slot| match slot {
            NAME => names.iter().map(|&name| name.to_owned()).collect(),
            FIELDS => By::names(),
            FILE => Vec::new(),
            word => vec![word.to_owned()],
        });
    Completion::of(begin + part, &word[part..], candidates)
}

fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
    name.chars().count() <= 40 && name.chars().all(plain) && !is_verb(name)
}
