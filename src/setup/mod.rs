//! How a run begins: arguments, the environment, a profile and the configuration
//! file become one set of options, each with less to say than the one before.

pub mod look;
pub mod misplaced;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command, FromArgMatches};

use crate::cli::options::{
    Given, SETTINGS, check, give_way, hint, page, unchecked, unknown, with_defaults,
};
use crate::cli::{Cli, ReportSettings, command};
use crate::config::{self, Config, Entry};
use crate::failure::Failure;
use crate::tui::keys::bindings::{self, Bindings};
use misplaced::with_tip;

/// Commands that are set up by a configuration, besides the browser itself.
const CONFIGURED: [&str; 2] = ["report", "config"];
/// Before the names of variables.
const PREFIX: &str = "FLOWPEEK_";
/// What variables name besides options.
const PLACES: [&str; 2] = ["config", "profile"];

/// What a run begins with.
pub struct Setup {
    /// The arguments, with what was set elsewhere.
    pub cli: Cli,
    /// How a report is printed that nobody asked for.
    pub usual: ReportSettings,
    /// What keys do.
    pub bindings: Bindings,
    /// What is said of variables that are nearly called as one that counts.
    pub slips: Vec<String>,
    command: Command,
}

impl Setup {
    /// The configuration file of it, if that was asked for.
    pub fn page(&self) -> Option<String> {
        let keys = || bindings::page(&self.bindings);
        let page = || format!("{HEAD}{}{}", page(&self.command), keys());
        self.cli.asks_config().then(page)
    }
}

/// Why a run does not begin.
pub enum Halt {
    /// The configuration is wrong.
    Failure(Failure),
    /// The arguments are, or ask for help.
    Usage(Box<clap::Error>),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Halt {
        Halt::Failure(failure)
    }
}

const HEAD: &str = "\
# Settings of flowpeek. Each is an option of the command line, which has the last
# word: --packets 5, --utc=false. Before it come variables (FLOWPEEK_PACKETS=5), then
# a profile (--profile NAME, the options below [profile.NAME]), then what stands here.
#
# [profile.web]
# filter = \"port in [80, 443]\"
";

/// The arguments of the process and what else is set.
///
/// # Errors
/// When the configuration or the arguments are wrong.
pub fn begin() -> Result<Setup, Halt> {
    let elsewhere = match unchecked(command()).try_get_matches() {
        Ok(matches) if is_configured(&matches) => elsewhere(&matches)?,
        _ => Elsewhere::default(),
    };
    let options = [look::by_locale(), elsewhere.options].concat();
    let mut command = with_defaults(command(), &options);
    let read = command.try_get_matches_from_mut(std::env::args_os());
    let read = read.and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = read.map_err(|error| Halt::Usage(Box::new(with_tip(error.format(&mut command)))))?;
    Ok(Setup {
        cli,
        usual: usual(&command),
        bindings: elsewhere.bindings,
        slips: elsewhere.slips,
        command,
    })
}

fn is_configured(matches: &ArgMatches) -> bool {
    let name = matches.subcommand_name();
    name.is_none_or(|name| CONFIGURED.contains(&name))
}

fn usual(command: &Command) -> ReportSettings {
    let matches = command.clone().try_get_matches_from(["flowpeek", "report"]);
    let cli = matches.and_then(|matches| Cli::from_arg_matches(&matches));
    let settings = cli.and_then(Cli::settings);
    settings
        .ok()
        .and_then(|(_, report)| report)
        .unwrap_or_default()
}

/// What is set elsewhere than in the arguments.
#[derive(Default)]
struct Elsewhere {
    /// Options of the file, a profile and the environment: a later one overrules.
    options: Vec<Given>,
    /// Keys of the file.
    bindings: Bindings,
    /// Variables that are nearly called as one that counts.
    slips: Vec<String>,
}

fn elsewhere(matches: &ArgMatches) -> Result<Elsewhere, Failure> {
    if matches.get_flag("no_config") {
        return Ok(Elsewhere::default());
    }
    let argument = |name: &str| matches.get_one::<OsString>(name).cloned();
    let named = |name: &str| argument(name).or_else(|| variable(name));
    let (place, config) = file(named("config").map(PathBuf::from))?;
    let wrong = |line, mistake| Failure::Config {
        file: place.display().to_string(),
        line,
        mistake,
    };
    let profile = match named("profile") {
        Some(name) => {
            let name = name.to_string_lossy();
            let known = config.profile(&name);
            known.map_err(|words| Failure::Setting(format!("{}: {words}", place.display())))?
        }
        None => &[],
    };
    let every = config.profiles.iter().flat_map(|profile| &profile.options);
    // a mistake in a profile is told before it is used
    for entry in config.options.iter().chain(every) {
        check(&command(), &said(entry)).map_err(|words| wrong(entry.line, words))?;
    }
    let mut options: Vec<Given> = config.options.iter().chain(profile).map(said).collect();
    options.extend(variables()?);
    give_way(&mut options, matches);
    let wishes = config.keys.iter().map(|entry| {
        let keys = entry.values.iter().map(String::as_str).collect();
        (entry.name.as_str(), keys)
    });
    let bindings = Bindings::rebound(&wishes.collect::<Vec<_>>());
    let bindings = bindings.map_err(|(place, words)| wrong(config.keys[place].line, words))?;
    Ok(Elsewhere {
        options,
        bindings,
        slips: slips(),
    })
}

fn said(entry: &Entry) -> Given {
    Given {
        name: entry.name.clone(),
        values: entry.values.clone(),
    }
}

/// The file that was named, which has to be there, or the user's own.
fn file(named: Option<PathBuf>) -> Result<(PathBuf, Config), Failure> {
    let is_named = named.is_some();
    let Some(place) = named.or_else(config::usual_place) else {
        return Ok((PathBuf::new(), Config::default()));
    };
    if !is_named && !place.exists() {
        return Ok((place, Config::default()));
    }
    let text = config::read(&place).map_err(|error| unreadable(&place, &error))?;
    match Config::parse(&text) {
        Ok(config) => Ok((place, config)),
        Err(mistake) => Err(Failure::Config {
            file: place.display().to_string(),
            line: mistake.line,
            mistake: mistake.words,
        }),
    }
}

fn unreadable(place: &Path, error: &std::io::Error) -> Failure {
    Failure::Setting(format!("{}: {error}", place.display()))
}

/// A variable that says something.
fn variable(name: &str) -> Option<OsString> {
    let name = format!("{PREFIX}{}", name.to_uppercase().replace('-', "_"));
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn variables() -> Result<Vec<Given>, Failure> {
    let mut given = Vec::new();
    for setting in SETTINGS {
        let Some(value) = variable(setting.name) else {
            continue;
        };
        let one = Given {
            name: setting.name.to_owned(),
            values: vec![value.to_string_lossy().into_owned()],
        };
        let name = setting.name.to_uppercase().replace('-', "_");
        check(&command(), &one)
            .map_err(|words| Failure::Setting(format!("{PREFIX}{name}: {words}")))?;
        given.push(one);
    }
    Ok(given)
}

/// What is said of variables that are nearly called as one that counts; of others nothing, as
/// they may be somebody else's.
fn slips() -> Vec<String> {
    let mut slips = Vec::new();
    for (variable, value) in std::env::vars_os() {
        let variable = variable.to_string_lossy();
        let Some(rest) = variable.strip_prefix(PREFIX).filter(|_| !value.is_empty()) else {
            continue;
        };
        let name = rest.to_lowercase().replace('_', "-");
        let mut known = SETTINGS.iter().map(|setting| setting.name).chain(PLACES);
        let hint = hint(&name, &PLACES);
        if !hint.is_empty() && known.all(|it| it != name) {
            slips.push(format!("{variable}: {}", unknown(&name, &hint)));
        }
    }
    slips.sort_unstable();
    slips
}
