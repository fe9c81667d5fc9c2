//! The configuration: what `flowpeek config` prints is read as the same settings, who has the
//! last word, and what is said of mistakes.

use crate::support;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use support::command;
use tempfile::TempDir;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz");

/// A home with this configuration.
struct Home(TempDir);

impl Home {
    fn new(text: &str) -> Self {
        let home = Home(tempfile::tempdir().unwrap());
        fs::create_dir(home.0.path().join("flowpeek")).unwrap();
        fs::write(home.file(), text).unwrap();
        home
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("flowpeek/config.toml")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = command();
        command.env("XDG_CONFIG_HOME", self.0.path()).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn text(&self, args: &[&str]) -> String {
        let out = self.run(args);
        assert!(
            out.status.success(),
            "{}",
            String::from_utf8_lossy(&out.stderr)
        );
        String::from_utf8(out.stdout).unwrap()
    }

    /// What is said of a mistake, by which the program ends with 2.
    fn refused(&self, args: &[&str]) -> String {
        let out = self.run(args);
        assert_eq!(out.status.code(), Some(2), "{args:?}");
        String::from_utf8(out.stderr).unwrap()
    }
}

#[test]
fn what_config_prints_is_read_as_the_same_settings() {
    let usual = Home::new("").text(&["config"]);
    assert_eq!(Home::new(&usual).text(&["config"]), usual);
    // and so is what is not usual, lists and awkward texts
    let set = "utc = true\ntolerance = '2m'\nhosts = ['/dev/null', '/etc/hosts']\nlimit = 7\n\
        filter = 'server name ~ \"a\\\\b\"'\n[keys]\nhelp = ['\"', '\\', 'F12']\nreverse = []\n";
    let page = Home::new(set).text(&["config"]);
    for line in [
        "utc = true",
        "tolerance = \"2m\"",
        "hosts = [\"/dev/null\", \"/etc/hosts\"]",
        "limit = 7",
        "reverse = []",
    ] {
        assert!(page.lines().any(|it| it == line), "{line}\n{page}");
    }
    assert_eq!(Home::new(&page).text(&["config"]), page);
    assert_eq!(
        Home::new("packets =").text(&["config", "--no-config"]),
        usual
    );
}

#[test]
fn every_option_is_in_it_or_left_out_on_purpose() {
    let page = Home::new("").text(&["config"]);
    let beside = [
        "file",
        "no-dns",
        "config",
        "profile",
        "no-config",
        "help",
        "version",
    ];
    for command in [&["--help"][..], &["report", "--help"]] {
        let help = Home::new("").text(command);
        let named = help.lines().filter_map(|line| line.trim().split_once("--"));
        let named = named.filter(|(before, _)| before.is_empty() || before.ends_with(", "));
        let names = named.map(|(_, rest)| {
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-');
            &rest[..end.unwrap_or(rest.len())]
        });
        let names: Vec<&str> = names.collect();
        assert!(names.len() > 15, "{names:?}");
        for name in names.into_iter().filter(|name| !beside.contains(name)) {
            let set = |line: &str| {
                line.trim_start_matches("# ")
                    .starts_with(&format!("{name} = "))
            };
            assert!(page.lines().any(set), "{name}");
        }
    }
}

#[test]
fn the_command_line_has_the_last_word_then_variables_then_the_profile() {
    let home = Home::new("packets = 11\nformat = 'csv'\n[profile.few]\npackets = 12\n");
    let in_force = |command: &mut Command| {
        let out = command.output().unwrap();
        let text = String::from_utf8(out.stdout).unwrap();
        let line = text.lines().find(|line| line.starts_with("packets = "));
        line.unwrap().to_owned()
    };
    let config = |args: &[&str]| home.command(&[&["config"], args].concat());
    assert_eq!(in_force(&mut config(&[])), "packets = 11");
    assert_eq!(in_force(&mut config(&["--profile", "few"])), "packets = 12");
    assert_eq!(
        in_force(config(&[]).env("FLOWPEEK_PROFILE", "few")),
        "packets = 12"
    );
    let mut both = config(&["--profile", "few"]);
    assert_eq!(in_force(both.env("FLOWPEEK_PACKETS", "13")), "packets = 13");
    let rows = |args: &[&str]| home.text(&[&["report", "-n"], args, &[SAMPLE]].concat());
    let told = rows(&["-p", "1000", "--profile", "few"]);
    let expected = Home::new("").text(&["report", "-n", "--format", "csv", "-p", "1000", SAMPLE]);
    assert_eq!(told, expected);
    // a report that nobody asked for by name is the same
    assert_eq!(home.text(&["-n", "-p", "1000", SAMPLE]), expected);
    assert_ne!(rows(&["--no-config"]), rows(&[]));
}

#[test]
fn what_cannot_go_with_the_command_line_gives_way() {
    let usual = Home::new("");
    let report = |home: &Home, args: &[&str]| -> Command {
        home.command(&[&["report", "-n", "--format", "json"], args, &[SAMPLE]].concat())
    };
    let told = |mut command: Command| {
        let out = command.output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        assert!(out.status.success(), "{command:?}: {said}");
        String::from_utf8(out.stdout).unwrap()
    };
    for set in [
        "top = 'host'\n",
        "timeline = '1h'\n[profile.a]\ntop = 'host'\n",
        "filter = 'port 53'\nsort = 'bytes:desc'\n",
    ] {
        let home = Home::new(set);
        for show in ["summary", "rejects", "files", "exporters"] {
            let args = ["--show", show];
            let expected = told(report(&usual, &args));
            assert_eq!(told(report(&home, &args)), expected, "{set} {show}");
            let mut varied = report(&usual, &args);
            varied.env("FLOWPEEK_TOP", "host");
            assert_eq!(told(varied), expected, "{show}");
        }
        // what goes with them leaves them as they are
        let rows = ["--show", "unmatched"];
        assert_ne!(told(report(&home, &rows)), told(report(&usual, &rows)));
    }
    let home = Home::new("show = 'summary'\n");
    for args in [&["--top", "host"][..], &["--timeline=1h"]] {
        assert_eq!(told(report(&home, args)), told(report(&usual, args)));
    }
    let unmatched = ["--top", "host", "--show", "unmatched"];
    let home = Home::new("show = 'unmatched'\n");
    assert_eq!(
        told(report(&home, &unmatched[..2])),
        told(report(&usual, &unmatched))
    );
    // where one place says both, that is a mistake, and neither has the last word
    let both = ["report", "--top", "host", "--show", "summary", SAMPLE];
    let home = Home::new("show = 'files'\ntop = 'port'\n");
    for refused in [home.refused(&both), home.refused(&["report", SAMPLE])] {
        assert!(refused.contains("--show unmatched"), "{refused}");
    }
}

#[test]
fn flags_can_be_taken_back() {
    let home = Home::new("verbose = true\n");
    let told = |args: &[&str]| {
        home.text(
            &[
                &["report", "--format", "analyzer-0.12", "-n"],
                args,
                &[SAMPLE],
            ]
            .concat(),
        )
    };
    assert!(told(&["--verbose=false"]).len() < told(&[]).len());
    assert_eq!(told(&["-v"]), told(&[]));
}

#[test]
fn mistakes_are_told_with_their_line_and_the_nearest_name() {
    for (text, line, words) in [
        ("packets = 3\npakets = 4\n", 2, "\"packets\""),
        ("\n\npairing = 'strcit'\n", 3, "'strict'"),
        ("no-dns = true\n", 1, "did you mean dns = \"off\"?"),
        (
            "[profile.a]\nno_dns = true\n",
            2,
            "did you mean dns = \"off\"?",
        ),
        ("utc = 3\n", 1, "true, false"),
        ("filter = 'prt 3'\n", 1, "\"port\""),
        ("sort = ['bytes', 'packets']\n", 1, "one value"),
        ("\nsort = 'foo'\n", 2, "no field"),
        ("packets = 3\npackets = 4\n", 2, "duplicate"),
        ("packets = \n", 1, ""),
        ("[keys]\ndowm = 'e'\n", 2, "\"down\""),
        ("[keys]\ndown = 'Ctrl-Nope'\n", 2, "no key is written"),
        ("[keys]\ndown = 'e'\nup = 'e'\n", 2, "\"up\""),
        ("[keys]\nsort = 'S'\n", 2, "\"reverse\""),
        ("[keys]\nquit = []\n", 2, "quit"),
        ("[profile.a]\nutc = true\nfollw = true\n", 3, "\"follow\""),
        ("[profil.a]\nutc = true\n", 1, "\"profile\""),
    ] {
        let home = Home::new(text);
        let place = format!("{}:{line}: ", home.file().display());
        for args in [&["report", SAMPLE][..], &[SAMPLE], &["config"]] {
            let said = home.refused(args);
            assert!(
                said.contains(&place) && said.contains(words),
                "{text}: {said}"
            );
        }
    }
    let home = Home::new("[profile.web]\n");
    assert!(
        home.refused(&["report", "--profile", "wep", SAMPLE])
            .contains("\"web\"")
    );
    assert!(
        home.refused(&["report", "--config", "/nowhere", SAMPLE])
            .contains("/nowhere")
    );
    let mut command = home.command(&["report", SAMPLE]);
    let out = command.env("FLOWPEEK_ORIENT", "up").output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("FLOWPEEK_ORIENT: "));
    // help is there all the same
    assert!(Home::new("x").text(&["--help"]).contains("--packets"));
}

#[test]
fn flags_are_said_as_variables_are_wont_to_say_them() {
    let home = Home::new("");
    let report = |utc: Option<&str>| {
        let mut command = home.command(&["report", "-n", SAMPLE]);
        let command = command.env("TZ", "Asia/Tokyo");
        let command = utc
            .iter()
            .fold(command, |it, utc| it.env("FLOWPEEK_UTC", utc));
        let out = command.output().unwrap();
        (out.status.code(), String::from_utf8(out.stdout).unwrap())
    };
    let [with, without] = [Some("true"), None].map(report);
    assert!(with != without && with.0 == Some(0));
    for (said, expected) in [
        ("1", &with),
        ("yes", &with),
        ("on", &with),
        ("0", &without),
        ("no", &without),
        ("off", &without),
    ] {
        assert_eq!(&report(Some(said)), expected, "{said}");
    }
    assert_eq!(report(Some("2")).0, Some(2));
}

#[test]
fn a_variable_that_is_nearly_one_is_told_of() {
    let home = Home::new("");
    let usual = home.text(&["report", "-n", SAMPLE]);
    let said = |args: &[&str]| {
        let mut command = home.command(&[&["report", "-n"], args, &[SAMPLE]].concat());
        command.envs([
            ("FLOWPEEK_THEM", "dark"),
            ("FLOWPEEK_NO_DNS", "1"),
            ("FLOWPEEK_PROFIL", "web"),
            // these are right, empty or of something else
            ("FLOWPEEK_THEME", "dark"),
            ("FLOWPEEK_FILTR", ""),
            ("FLOWPEEK_EXPORTS", "/nowhere"),
        ]);
        let out = command.output().unwrap();
        assert!(out.status.success());
        assert_eq!(String::from_utf8(out.stdout).unwrap(), usual);
        String::from_utf8(out.stderr).unwrap()
    };
    let expected = "\
        flowpeek: FLOWPEEK_NO_DNS: no option is called \"no-dns\": did you mean dns = \"off\"?\n\
        flowpeek: FLOWPEEK_PROFIL: no option is called \"profil\": did you mean \"profile\"?\n\
        flowpeek: FLOWPEEK_THEM: no option is called \"them\": did you mean \"theme\"?\n";
    assert!(said(&[]).starts_with(expected), "{}", said(&[]));
    // where variables do not count, nothing is said of them
    let quiet = said(&["--no-config"]);
    assert_eq!(said(&[]), format!("{expected}{quiet}"));
    assert!(!quiet.contains("FLOWPEEK"), "{quiet}");
}
