//! Rust source as text -> what its code says: comments, strings and test items blanked out with
//! spaces, so that every byte and line stays where it was, and cut into tokens.

use std::ops::Range;

/// One file below `src/`, ready to be looked through.
pub struct Source {
    /// Relative to `src/`, with forward slashes.
    pub path: String,
    /// The text as it stands.
    pub text: String,
    /// The same without comments, the insides of strings, and `#[cfg(test)]` items.
    pub code: String,
    /// Lines that do not belong to a `#[cfg(test)]` item.
    pub lines: usize,
    /// Modules declared as `#[cfg(test)] mod name;`: their files are tests as well.
    pub test_modules: Vec<String>,
}

/// A word (name, keyword, number), `::`, or one other character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub at: usize,
    pub line: usize,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let mut code = without_literals(text);
        let (items, test_modules) = test_items(&code);
        let mut lines = text.lines().count();
        for item in items {
            lines -= text[item.clone()].lines().count();
            code = blanked(&code, item);
        }
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code,
            lines,
            test_modules,
        }
    }

    pub fn tokens(&self) -> Vec<Token<'_>> {
        tokens(&self.code)
    }
}

impl Token<'_> {
    pub fn is_word(&self) -> bool {
        self.text.starts_with(is_word)
    }
}

pub fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while let Some(first) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = if is_word(first) {
            rest.find(|c| !is_word(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            let text = &rest[..length];
            found.push(Token { text, at, line });
        }
        line += usize::from(first == '\n');
        at += length;
    }
    found
}

/// The place of the bracket that closes the one at `open`, or the end.
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (place, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return place;
        }
    }
    tokens.len().saturating_sub(1)
}

/// The next `{` or `;` outside of brackets: where a body begins, or an item without one ends.
pub fn body_or_end(tokens: &[Token], from: usize) -> Option<usize> {
    let mut at = from;
    while at < tokens.len() {
        match tokens[at].text {
            "{" | ";" => return Some(at),
            "(" | "[" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    None
}

pub fn texts<'a>(tokens: &[Token<'a>]) -> Vec<&'a str> {
    tokens.iter().map(|token| token.text).collect()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn without_literals(text: &str) -> String {
    let (mut code, mut at) = (text.to_owned(), 0);
    while at < text.len() {
        let rest = &text[at..];
        if let Some(length) = literal_length(rest).or_else(|| comment_length(rest)) {
            code = blanked(&code, at..at + length);
            at += length;
        } else {
            let word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            at += word.max(rest.chars().next().map_or(1, char::len_utf8));
        }
    }
    code
}

fn blanked(code: &str, range: Range<usize>) -> String {
    let mut bytes = code.as_bytes().to_vec();
    for byte in &mut bytes[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).unwrap()
}

fn comment_length(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if !rest.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (1, 2);
    while depth > 0 && at < rest.len() {
        let step = match rest.as_bytes()[at..] {
            [b'/', b'*', ..] => 1,
            [b'*', b'/', ..] => -1,
            _ => 0,
        };
        depth += step;
        at += if step == 0 { 1 } else { 2 };
    }
    Some(at)
}

/// Length of the string or character that begins here, with its prefix.
fn literal_length(rest: &str) -> Option<usize> {
    let prefix = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
    let after = &rest[prefix..];
    match &rest[..prefix] {
        "r" | "br" | "cr" => raw_length(after).map(|length| prefix + length),
        "" | "b" | "c" => {
            let quote = after.chars().next()?;
            let quoted = quote == '"' || quote == '\'' && is_character(&after[1..]);
            quoted.then(|| prefix + quoted_length(after, quote))
        }
        _ => None,
    }
}

/// Tells `'a'` and `'\n'` from the lifetime `'a`.
fn is_character(inside: &str) -> bool {
    let mut chars = inside.chars();
    chars.next() == Some('\\') || chars.next() == Some('\'')
}

fn quoted_length(quoted: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in quoted.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at + 1,
            _ => {}
        }
    }
    quoted.len()
}

fn raw_length(after: &str) -> Option<usize> {
    let hashes = after.find(|c| c != '#')?;
    let end = format!("\"{}", &after[..hashes]);
    let inside = after[hashes..].strip_prefix('"')?;
    let length = inside.find(&end).map_or(inside.len(), |at| at + end.len());
    Some(hashes + 1 + length)
}

/// The byte ranges of items under `#[cfg(test)]`, and which of them are `mod name;`.
fn test_items(code: &str) -> (Vec<Range<usize>>, Vec<String>) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let tokens = tokens(code);
    let (mut items, mut modules, mut at) = (Vec::new(), Vec::new(), 0);
    while at + MARK.len() <= tokens.len() {
        if texts(&tokens[at..at + MARK.len()]) != MARK {
            at += 1;
            continue;
        }
        let start = tokens[at].at;
        at += MARK.len();
        while tokens.get(at).is_some_and(|token| token.text == "#") {
            at = closing(&tokens, at + 1) + 1;
        }
        let Some(body) = body_or_end(&tokens, at) else {
            break;
        };
        if tokens[body].text == ";" && tokens[at].text == "mod" {
            modules.push(tokens[at + 1].text.to_owned());
        }
        let last = if tokens[body].text == "{" {
            closing(&tokens, body)
        } else {
            body
        };
        items.push(start..tokens[last].at + 1);
        at = last + 1;
    }
    (items, modules)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let source = Source::new("a.rs", text);
        source
            .tokens()
            .iter()
            .filter(|t| t.is_word())
            .map(|t| t.text.to_owned())
            .collect()
    }

    #[test]
    fn comments_and_strings_say_nothing() {
        let text = r###"
            one // two "three
            /* four /* five */ six */ seven "eight \" nine" ten
            r"eleven\" twelve r#"thirteen " fourteen"# b"fifteen" fif 'a' '"' '\'' '{' b'"' sixteen
            fn f<'a>(x: &'a str, y: &'static str) br##"seventeen"# eighteen"## nineteen 'ü' twenty
        "###;
        let expected =
            "one seven ten twelve fif sixteen fn f a x a str y static str nineteen twenty";
        assert_eq!(words(text).join(" "), expected);
    }

    #[test]
    fn lines_stay_where_they_were() {
        let source = Source::new(
            "a.rs",
            "/* one\n two */ three\n\"four\n five\" six\n\nseven",
        );
        let lines: Vec<_> = source
            .tokens()
            .iter()
            .map(|t| (t.text.to_owned(), t.line))
            .collect();
        let expected = [("three", 2), ("six", 4), ("seven", 6)];
        assert_eq!(lines, expected.map(|(text, line)| (text.to_owned(), line)));
    }

    #[test]
    fn test_items_are_left_out_wherever_they_stand() {
        let text = "fn a() {}\n#[cfg(test)]\nfn b() {\n  { x }\n}\nfn c() {}\n#[cfg(test)]\n\
            #[path = \"x.rs\"]\nmod outside;\n#[cfg(test)]\nmod tests {\n  use super::*;\n}\n";
        let source = Source::new("a.rs", text);
        assert_eq!(words(text), ["fn", "a", "fn", "c"]);
        assert_eq!(source.lines, 2);
        assert_eq!(source.test_modules, ["outside"]);
    }

    #[test]
    fn other_conditions_are_not_tests() {
        assert_eq!(words("#[cfg(unix)]\nfn a() {}"), ["cfg", "unix", "fn", "a"]);
    }
}
