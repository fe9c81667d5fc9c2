//! Where settings come from besides the command line.

use std::path::PathBuf;

use clap::Args;

/// The options, the same for every command that can be configured.
#[derive(Args)]
pub struct OriginArgs {
    /// Read this configuration file instead of the user's own
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Use this profile of the configuration
    #[arg(long, value_name = "NAME", global = true)]
    pub profile: Option<String>,
    /// Use neither a configuration file nor FLOWPEEK_ variables
    #[arg(long, global = true, conflicts_with_all = ["config", "profile"])]
    pub no_config: bool,
}
