//! What shells complete, as they do it: each is asked where it is installed.

use crate::tools;

use std::fs;

use tools::{printed, told};

#[test]
fn bash_completes_options_and_words() {
    let script = printed(&["completions", "bash"]);
    // there is no shell that completes here
    let ask = "\ncompopt() { :; }\nfor line in 'flowpeek --pair' 'flowpeek report --for' 'flowpeek report --format nd' \
        'flowpeek report --top pro' 'flowpeek --sort src_po' 'flowpeek -p READ' 'flowpeek --hosts READ'; do\n\
        read -ra COMP_WORDS <<< \"$line\"; COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=()\n\
        _flowpeek flowpeek \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD-1]}\"\n\
        echo \"${COMPREPLY[@]}\"; done\n";
    let Some((_, said)) = told("bash", &["--norc"], &(script + ask)) else {
        return;
    };
    assert_eq!(
        said,
        "--pairing\n--format\nndjson\nprotocol\nsrc_port\nREAD\nREADME.md\n"
    );
}

/// Lines that are completed, and with what; here are two files, `READ` and `x.gz`, and all
/// that is begun otherwise is offered besides.
const ASKED: &[(&str, &str)] = &[
    ("flowpeek --sort by", "bytes"),
    ("flowpeek --sor", "--sort"),
    ("flowpeek --theme ", "auto dark light"),
    ("flowpeek --theme=l", "light"),
    ("flowpeek --memory ", ""),
    ("flowpeek --ut", "--utc"),
    ("flowpeek --utc ", "READ x.gz"),
    ("flowpeek -p R", ""),
    ("flowpeek --hosts ", "READ x.gz"),
    ("flowpeek R", "READ"),
    ("flowpeek rep", "report"),
    ("flowpeek x.gz ", "READ x.gz"),
    ("flowpeek x.gz --sor", "--sort"),
    ("flowpeek report ", "READ x.gz"),
    ("flowpeek report --fo", "--format"),
    ("flowpeek report x.gz --fo", "--format"),
    ("flowpeek report --top src_a", "src_addr src_as"),
    ("flowpeek report --show s", "summary"),
    ("flowpeek report --sort by", "bytes"),
    ("flowpeek report --limit ", ""),
    ("flowpeek help ", "filter report"),
    ("flowpeek completions z", "zsh"),
    ("flowpeek man flowpeek-r", "flowpeek-report"),
];

/// Asks the shell within for each line at a key, and writes down what it would offer.
const ZSH: &str = r#"
zmodload zsh/zpty
zpty shell zsh -f -i
within() { zpty -w shell "$1" }
within 'PROMPT=; fpath=($PWD/functions $fpath); cd files; autoload -Uz compinit; compinit -u -D'
within 'compadd() { local -a hits; [[ " $* " == *" -"[OAD]" "* ]] ||
    { builtin compadd -A hits "$@"; print -rn -- "$hits " >> ../offers }; builtin compadd "$@" }'
within 'ask() { zle complete-it 2>> ../offers; print >> ../offers; zle kill-whole-line }'
within 'zle -C complete-it complete-word _main_complete; zle -N ask; bindkey "^T" ask; print READY'
zpty -r shell said '*READY*'
while IFS= read -r line; do zpty -w -n shell "$line"$'\C-t'; done < lines
within exit
while zpty -r shell said; do :; done
"#;

#[test]
fn zsh_completes_options_words_and_files() {
    let folder = offered();
    let functions = folder.path().join("functions");
    fs::create_dir(&functions).unwrap();
    fs::write(
        functions.join("_flowpeek"),
        printed(&["completions", "zsh"]),
    )
    .unwrap();
    let script = format!("cd {}\n{ZSH}", folder.path().display());
    if told("zsh", &["-f"], &script).is_none() {
        return;
    }
    let offers = fs::read_to_string(folder.path().join("offers")).unwrap();
    assert_eq!(offers.lines().count(), ASKED.len(), "{offers}");
    for ((line, expected), offered) in ASKED.iter().zip(offers.lines()) {
        assert_eq!(sorted(offered), *expected, "{line}");
    }
}

#[test]
fn fish_completes_options_words_and_files() {
    let folder = offered();
    let script = printed(&["completions", "fish"]);
    let ask = "\nfor line in (cat lines); cd files; complete -C $line; echo \";\"; cd ..; end\n";
    let script = format!("cd {}\n{script}{ask}", folder.path().display());
    let Some((_, said)) = told("fish", &["--no-config"], &script) else {
        return;
    };
    let offers: Vec<&str> = said.split(";\n").collect();
    for ((line, expected), offered) in ASKED.iter().zip(&offers) {
        // a value that is given with = is offered with its option
        let words = offered.lines().map(|line| {
            let word = line.split('\t').next().unwrap_or_default();
            word.split_once('=').map_or(word, |parts| parts.1)
        });
        assert_eq!(
            sorted(&words.collect::<Vec<_>>().join(" ")),
            *expected,
            "{line}"
        );
    }
}

/// A folder with the lines and, within it, the files that are offered.
fn offered() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().join("files");
    fs::create_dir(&files).unwrap();
    for name in ["READ", "x.gz"] {
        fs::write(files.join(name), "").unwrap();
    }
    let lines = ASKED.iter().map(|asked| format!("{}\n", asked.0));
    fs::write(folder.path().join("lines"), lines.collect::<String>()).unwrap();
    folder
}

fn sorted(offered: &str) -> String {
    let mut words: Vec<&str> = offered.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

#[test]
fn other_shells_take_their_completions() {
    for (shell, args) in [("zsh", &["-n"][..]), ("fish", &["--no-execute"])] {
        let script = printed(&["completions", shell]);
        if let Some((fine, said)) = told(shell, args, &script) {
            assert!(fine && said.is_empty(), "{shell}: {said}");
        }
    }
}
