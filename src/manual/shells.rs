//! Completions for shells: clap's scripts, and what these do not know of a command line whose
//! command is its first word, where it has one at all.

use std::collections::BTreeSet;

use clap::{Arg, Command, CommandFactory, ValueHint};
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::query::field::FIELDS;
use crate::query::group::by::By;
use crate::query::group::measure::MEASURES;

/// What comes before the arguments of zsh: files, or what a command has behind it.
const ZSH: &str = "    # the command is the first word, or there is none
    local -a rest
    rest=('*: :{ (( CURRENT == 2 )) && _flowpeek_commands; _files }')
    if (( CURRENT > 2 )) && [[ $words[2] == (COMMANDS) ]]; then
        rest=(': :' '*::: :->flowpeek')
    fi
";

/// What comes behind the script of fish: its own takes no command for one while an option
/// before the cursor is without its value.
const FISH: &str = "
# The command is the first word, or there is none.
function __fish_flowpeek_needs_command
    set -l words (commandline -opc)
    if contains -- \"$words[2]\" COMMANDS
        echo $words[2]
        return 1
    end
end
";

/// The script for a shell.
pub fn script(shell: Shell) -> Vec<u8> {
    // flags have values to be taken back, which nobody types with a space before them
    let mut command = completed(Cli::command());
    let mut script = Vec::new();
    generate(shell, &mut command, "flowpeek", &mut script);
    let text = String::from_utf8_lossy(&script);
    match shell {
        Shell::Zsh => zsh(&text, &command).into_bytes(),
        Shell::Fish => fish(&text, &command).into_bytes(),
        _ => script,
    }
}

/// Clap's script has a file before the command, takes the command for that file, and completes
/// no options behind files.
fn zsh(script: &str, command: &Command) -> String {
    let mut out = String::new();
    for line in script.lines() {
        let line = match line {
            "\":: :_flowpeek_commands\" \\" => "\"${rest[@]}\" \\",
            "\"*::: :->flowpeek\" \\" => continue,
            _ if line.starts_with("'::files ") => continue,
            _ => line,
        };
        if line.starts_with("    _arguments ") {
            out += &ZSH.replace("COMMANDS", &commands(command, "|"));
        }
        let line = line.replace("$line[2]", "$line[1]");
        out += &line.replace("'*::files ", "'*:files ");
        out.push('\n');
    }
    out
}

/// Clap's script knows the values of options alone, not those of other arguments.
fn fish(script: &str, command: &Command) -> String {
    let first = "_needs_command; and __fish_is_first_arg\" -a ";
    let mut out = script.replace("_needs_command\" -a ", first);
    out += &FISH.replace("COMMANDS", &commands(command, " "));
    for command in command.get_subcommands() {
        let arguments: Vec<&Arg> = command.get_positionals().collect();
        if arguments.iter().any(|arg| is_file(arg)) {
            continue;
        }
        let values = arguments.iter().flat_map(|arg| arg.get_possible_values());
        let values: Vec<String> = values.map(|value| value.get_name().to_owned()).collect();
        out += &format!(
            "complete -c flowpeek -n \"__fish_flowpeek_using_subcommand {}\" -f -a \"{}\"\n",
            command.get_name(),
            values.join(" ")
        );
    }
    out
}

fn commands(command: &Command, between: &str) -> String {
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    names.join(between)
}

/// The command line as shells complete it: words where words are expected, and files only
/// where there can be any.
fn completed(command: Command) -> Command {
    let complete = |arg: Arg| {
        let words: Vec<String> = match arg.get_id().as_str() {
            "top" => By::names(),
            "sort" => orders(),
            _ if is_file(&arg) => return arg.value_hint(ValueHint::AnyPath),
            _ if arg.get_possible_values().is_empty() => return arg.value_hint(ValueHint::Other),
            _ => return arg,
        };
        // zsh takes a colon in the name of a value for the end of it
        arg.value_name("FIELD").value_parser(words)
    };
    let report = |report: Command| report.mut_args(complete);
    command.mut_args(complete).mut_subcommand("report", report)
}

fn is_file(arg: &Arg) -> bool {
    let names = arg.get_value_names();
    names.is_some_and(|names| names[0] == "FILE")
}

/// What rows and groups can be sorted by.
fn orders() -> Vec<String> {
    let fields = FIELDS.iter().map(|field| field.name);
    let measures = MEASURES.iter().map(|measure| measure.name);
    let all: BTreeSet<&str> = fields.chain(measures).collect();
    all.into_iter().map(str::to_owned).collect()
}
