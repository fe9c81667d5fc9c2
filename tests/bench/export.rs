//! Large realistic exports, with the truth about them.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// An export and what is in it.
pub struct Export {
    /// What kind it is.
    pub name: String,
    /// Where it is.
    pub file: PathBuf,
    /// What its maker says of it.
    pub truth: Value,
}

impl Export {
    /// Makes an export; `None` where that cannot be done.
    pub fn make(folder: &Path, name: &str, flows: u64, args: &[&str]) -> Option<Self> {
        let tool = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../shared/tools/make_export.py"
        );
        let file = folder.join(name.replace([' ', ','], "-"));
        let made = Command::new("python3")
            .args([tool, "--seed", "7", "--jobs", "2", "--flows"])
            .arg(flows.to_string())
            .arg("--out")
            .arg(&file)
            .args(args)
            .output()
            .ok()?;
        made.status.success().then(|| Export {
            name: name.to_owned(),
            file,
            truth: serde_json::from_slice(&made.stdout).unwrap(),
        })
    }
}
