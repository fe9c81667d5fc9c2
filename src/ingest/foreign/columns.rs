//! Zeek's own form: values in columns, under lines that begin with `#` and say
//! what stands between them, what an empty one looks like and how they are called.

use std::borrow::Cow;

/// The lines about the columns that are of use, by how they begin.
const DIRECTIVES: [&[u8]; 4] = [b"#separator", b"#unset_field", b"#path", b"#fields"];
/// Longer lines are no such lines: they are copied before every record.
const LIMIT: usize = 4 << 10;

/// The last lines about columns, as far as they are of use, one after another.
#[derive(Clone, Debug, Default)]
pub struct Header([Vec<u8>; DIRECTIVES.len()]);

impl Header {
    /// Takes a line that begins with `#`; false if it would be of use and is too long,
    /// and what it would have replaced counts no more.
    pub fn take(&mut self, line: &[u8]) -> bool {
        let known = DIRECTIVES.iter().position(|start| line.starts_with(start));
        let Some(which) = known else {
            return true;
        };
        if which == 0 {
            *self = Header::default();
        }
        let fits = line.len() <= LIMIT;
        let line = if fits { line.trim_ascii_end() } else { b"" };
        self.0[which] = line.to_vec();
        fits
    }

    /// Whether this is a line about columns, and too long for one.
    pub fn is_too_long(line: &[u8]) -> bool {
        let is_known = DIRECTIVES.iter().any(|start| line.starts_with(start));
        is_known && memchr::memchr(b'\n', line).is_none() && line.len() > LIMIT
    }

    /// Puts the lines before a line of values, so that it stands for itself.
    pub fn put_before(&self, line: &[u8], out: &mut Vec<u8>) {
        out.clear();
        for kept in self.0.iter().filter(|kept| !kept.is_empty()) {
            out.extend_from_slice(kept);
            out.push(b'\n');
        }
        out.extend_from_slice(line);
    }
}

/// What the lines about the columns say.
#[derive(Debug, Default)]
pub struct Columns {
    /// The lines that say it.
    header: String,
    separator: String,
    /// How a missing value is written.
    pub unset: String,
    /// Which log it is.
    pub path: Option<String>,
    names: Vec<String>,
}

impl Columns {
    /// Reads the lines about the columns that stand before a line of values, if
    /// they are others than before; answers that line.
    ///
    /// # Errors
    /// When they do not name the columns.
    pub fn split<'a>(&mut self, text: &'a str) -> Result<&'a str, String> {
        if Header::is_too_long(text.as_bytes()) {
            return Err("a line about columns is longer than 4 KiB".to_owned());
        }
        let (header, line) = text.rsplit_once('\n').unwrap_or((text, ""));
        if self.header != header {
            *self = Columns::of(header);
        }
        match self.names.is_empty() {
            true => Err("values without a line that names their columns".to_owned()),
            false => Ok(line.strip_suffix('\r').unwrap_or(line)),
        }
    }

    fn of(header: &str) -> Columns {
        let mut columns = Columns {
            header: header.to_owned(),
            separator: "\t".to_owned(),
            unset: "-".to_owned(),
            ..Columns::default()
        };
        for line in header.lines() {
            if let Some(separator) = line.strip_prefix("#separator") {
                columns.separator = unescaped(separator.trim_start_matches([' ', '\t']));
                continue;
            }
            let mut words = line.split(columns.separator.as_str());
            let (name, mut rest) = (words.next(), words.map(str::to_owned));
            match name {
                Some("#unset_field") => columns.unset = rest.next().unwrap_or_default(),
                Some("#path") => columns.path = rest.next(),
                Some("#fields") => columns.names = rest.collect(),
                _ => {}
            }
        }
        columns
    }

    /// Names and values of a line.
    ///
    /// # Errors
    /// When it has more or fewer values than there are columns.
    pub fn cells<'a>(&'a self, line: &'a str) -> Result<Vec<(&'a str, &'a str)>, String> {
        let separator = self.separator.as_str();
        let count = line.split(separator).count();
        if count != self.names.len() {
            let columns = self.names.len();
            return Err(format!("{count} values in {columns} columns"));
        }
        let names = self.names.iter().map(String::as_str);
        Ok(names.zip(line.split(separator)).collect())
    }
}

/// Text in which `\x09` stands for a character; nothing is taken for a tab.
fn unescaped(text: &str) -> String {
    let digits = text.strip_prefix("\\x").and_then(|digits| digits.get(..2));
    let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
    let read: Cow<str> = match byte {
        Some(byte) => Cow::Owned(char::from(byte).to_string()),
        None if text.is_empty() => Cow::Borrowed("\t"),
        None => Cow::Borrowed(text),
    };
    read.into_owned()
}
