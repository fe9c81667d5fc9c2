//! What strangers may send to steer a terminal, put at every entrance, and what of
//! it may come out again.
#![allow(dead_code, reason = "every test file uses a part of it")]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// A title, a cleared screen, a clipboard, C1 controls, device strings, marks that turn
/// text round, letters that do, what hides, what separates, too many accents.
const STEERING: &str = "\u{1b}]0;owned\u{7}\u{1b}[3J\u{1b}]52;c;aGk=\u{7}\u{9b}7m\u{90}q\u{9c}\u{1b}P1$q\u{1b}\\\u{1b}c\
    \u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}\u{5d0}\u{627}\
    \u{200b}\u{200d}\u{feff}\u{e0041}\u{2028}\u{2029}\u{85}\u{8}\u{b}\u{c}\r\t\u{7f}e\u{301}\u{302}\u{303}\u{304}\u{305}\u{0}";

/// A name by which it is found again, and what steers.
pub fn payload(name: &str) -> String {
    format!("{name}{STEERING}")
}

/// The same for the name of a file: no slash, no NUL, not too long, and not UTF-8.
pub fn file_name(name: &str) -> OsString {
    let mut bytes = payload(name).replace('\0', "").into_bytes();
    bytes.extend(b"\xff\xc3(\n");
    OsString::from_vec(bytes)
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// Lines of an export whose every text is hostile: two connections, a flow without a peer, and
/// what is no line. Those of another number are others.
pub fn lines(number: u16) -> Vec<u8> {
    let record = |ends: [&str; 2], ports: [u16; 2]| {
        format!(
            r#"{{"IPV4_SRC_ADDR": "{}", "IPV4_DST_ADDR": "{}", "FIRST_SWITCHED": 2702, "LAST_SWITCHED": 3102, "IN_BYTES": 1246, "IN_PKTS": 18, "L4_SRC_PORT": {}, "L4_DST_PORT": {}, "PROTOCOL": 6, "IP_PROTOCOL_VERSION": 4, "interfaceName": {}, "TCP_FLAGS": {}, {}: 1}}"#,
            ends[0],
            ends[1],
            ports[0],
            ports[1],
            json(&payload("m-value")),
            json(&payload("m-flags")),
            json(&payload("m-key")),
        )
    };
    let (us, them) = ("10.1.0.47", "198.51.100.73");
    let packet = |key: &str, client: &str, records: &[String]| {
        format!(
            r#"{{{}: {{"client": [{}, 2055], "header": {{"version": 9, "count": {}, "uptime": 5000000, "timestamp": 1700000000, {}: {}}}, "flows": [{}]}}}}"#,
            json(key),
            json(client),
            records.len(),
            json(&payload("m-header")),
            json(&payload("m-word")),
            records.join(", ")
        ) + "\n"
    };
    let pair = |port| {
        [
            record([us, them], [port, 80]),
            record([them, us], [80, port]),
        ]
    };
    let mut bytes = Vec::new();
    bytes.extend(packet("1700000000.0", &payload("m-client"), &pair(40000 + number)).bytes());
    // formulas for a spreadsheet
    bytes.extend(
        packet(
            "1700000001.0",
            "=cmd|' /C calc'!A0;+m-formula",
            &pair(41000 + number),
        )
        .bytes(),
    );
    let lone = [record([us, "192.0.2.9"], [number, 443])];
    bytes.extend(packet("1700000002.0", "@m-lone,-1", &lone).bytes());
    bytes.extend(packet(&payload("m-reason"), "x", &[]).bytes());
    bytes.extend(packet(&payload("=m-sum"), "x", &[]).bytes());
    bytes.extend(b"m-line\x1b]0;owned\x07\x9b7m\xff\xfe\xc3(\xe2\x80\xae");
    bytes.extend(payload("").replace('\n', "").bytes());
    bytes.extend(b"\n");
    bytes
}

/// Everything that is read, below a folder: (what is named on the command line, the state, the
/// cache, a hosts file).
pub struct Entrances {
    /// A directory with a file of a hostile name.
    pub directory: PathBuf,
    /// A file of another one.
    pub file: PathBuf,
    /// What is kept between runs.
    pub state: PathBuf,
    /// Names kept between runs.
    pub cache: PathBuf,
    /// A hosts file.
    pub hosts: PathBuf,
    /// A filter in a file.
    pub filter: PathBuf,
}

impl Entrances {
    /// Makes them.
    pub fn new(folder: &Path) -> Self {
        let at = |name: &OsStr| folder.join(name);
        let entrances = Entrances {
            directory: at(&file_name("m-directory")),
            file: at(&file_name("m-named")),
            state: at(OsStr::new("state")),
            cache: at(OsStr::new("cache")),
            hosts: at(OsStr::new("hosts")),
            filter: at(OsStr::new("filter")),
        };
        for directory in [&entrances.directory, &entrances.state, &entrances.cache] {
            fs::create_dir_all(directory.join("flowpeek")).unwrap();
        }
        fs::remove_dir(entrances.directory.join("flowpeek")).unwrap();
        fs::write(entrances.directory.join(file_name("m-inside")), lines(1)).unwrap();
        fs::write(&entrances.file, lines(2)).unwrap();
        let line = |name: &str| payload(name).replace(['\n', '\r'], "");
        let now = std::time::SystemTime::now();
        let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
        let hosts = format!(
            "10.1.0.47 {}\n198.51.100.73 =m-host\n",
            line("m-host").replace(['\t', '\u{b}', '\u{c}'], "")
        );
        fs::write(&entrances.hosts, hosts).unwrap();
        let names = format!(
            "{now} 192.0.2.9 {}\n{now} 10.1.0.47 x\u{1b}[3J\n",
            line("n-cache")
        );
        fs::write(entrances.cache.join("flowpeek/names"), names).unwrap();
        let history = format!("\"m-history\"\n\"{}\"\n", line("n-history"));
        fs::write(entrances.state.join("flowpeek/history"), history).unwrap();
        let filters = format!(
            "m-saved any\n{} any\nn-saved {}\n",
            line("n-saved"),
            line("any")
        );
        fs::write(entrances.state.join("flowpeek/filters"), filters).unwrap();
        fs::write(
            &entrances.filter,
            format!("not '{}'", payload("m-filter-file")),
        )
        .unwrap();
        entrances
    }
}

/// Whether a character hides, reorders or separates, by the Unicode standard's own lists
/// (and not by the program's): controls, format characters, separators, letters from right to left.
pub fn is_hostile(c: char) -> bool {
    let code = u32::from(c);
    code < 0x20
        || (0x7f..=0x9f).contains(&code)
        || "\u{ad}\u{34f}\u{61c}\u{180e}\u{feff}\u{fffc}".contains(c)
        || (0x200b..=0x200f).contains(&code)
        || (0x2028..=0x202e).contains(&code)
        || (0x2060..=0x206f).contains(&code)
        || (0x590..=0x8ff).contains(&code)
        || (0xfb1d..=0xfdff).contains(&code)
        || (0xfe70..=0xfeff).contains(&code)
        || (0x1_0800..=0x1_0fff).contains(&code)
        || (0x1_e800..=0x1_efff).contains(&code)
        || (0xe_0000..=0xe_0fff).contains(&code)
}

/// The first thing in a text that is none of its: a hostile character that is no end of a line, or
/// too many accents on one letter.
pub fn stray(text: &str) -> Option<String> {
    if let Some(c) = text.chars().find(|&c| c != '\n' && is_hostile(c)) {
        return Some(format!("{c:?} in {text:?}"));
    }
    let flood = "\u{302}\u{303}\u{304}\u{305}";
    text.contains(flood).then(|| format!("accents in {text:?}"))
}
