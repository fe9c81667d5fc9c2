//! Options about names of hosts: who may be asked, and who answers before.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::names::{Cache, Dns, Names, hosts, now};
use crate::small_files;

/// Longer files are no hosts files.
const HOSTS_LIMIT: u64 = 64 << 20;

/// The options.
#[derive(Args)]
pub struct NameArgs {
    /// Do not ask for host names (--dns off)
    #[arg(short, long, overrides_with = "dns")]
    no_dns: bool,
    /// Which addresses to ask the machine's resolver about
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        default_value = "system",
        overrides_with = "no_dns"
    )]
    dns: Dns,
    /// Take host names from this file first, in the form of /etc/hosts; may be given several times
    #[arg(long, value_name = "FILE", value_parser = hosts_file)]
    hosts: Vec<HostsFile>,
    /// Keep host names for later runs, and use those kept by earlier ones
    #[arg(long)]
    dns_cache: bool,
}

/// The names in a hosts file, in its order.
type HostsFile = (PathBuf, Arc<Vec<(IpAddr, String)>>);

/// Where names of hosts come from.
pub struct NameSettings {
    /// Who may be asked about.
    pub dns: Dns,
    /// Names that are given.
    pub hosts: Vec<(IpAddr, String)>,
    /// The files that gave them.
    pub files: Vec<PathBuf>,
    /// Names are kept between runs.
    pub keep: bool,
}

impl NameArgs {
    /// What they say.
    pub fn settings(self) -> NameSettings {
        NameSettings {
            dns: if self.no_dns { Dns::Off } else { self.dns },
            hosts: self.hosts.iter().flat_map(|file| file.1.to_vec()).collect(),
            files: self.hosts.into_iter().map(|file| file.0).collect(),
            keep: self.dns_cache,
        }
    }
}

impl NameSettings {
    /// What is known before anybody is asked.
    pub fn begin(&mut self) -> Names {
        let mut names = Names::new(self.dns);
        names.give(std::mem::take(&mut self.hosts));
        if self.keep {
            names.recall(Cache::of_user().read(now()));
        }
        names
    }

    /// Keeps names for the next run, if that is wanted.
    ///
    /// # Errors
    /// When they cannot be written.
    pub fn keep(&self, names: &Names) -> io::Result<()> {
        match self.keep {
            true => Cache::of_user().write(names.kept(), now()),
            false => Ok(()),
        }
    }
}

fn hosts_file(path: &str) -> Result<HostsFile, String> {
    let path = PathBuf::from(path);
    let bytes = small_files::whole(&path, HOSTS_LIMIT).map_err(|error| error.to_string())?;
    let names = hosts::parse(&String::from_utf8_lossy(&bytes));
    Ok((path, Arc::new(names)))
}
