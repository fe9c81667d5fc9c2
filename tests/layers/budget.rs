//! How long files and functions are, and which words may not stand in the code.

use crate::scan::{Source, Token, body_or_end, closing, texts};

/// A function with the line it begins on and its number of lines, both braces included.
#[derive(Debug, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub length: usize,
}

/// A limit that nothing may pass, and one that only a share (in percent) may pass.
pub struct Budget {
    pub hard: usize,
    pub soft: usize,
    pub share: usize,
}

impl Budget {
    /// Names what is over the budget, from (where it is, its length).
    pub fn findings(&self, measured: &[(String, usize)]) -> Vec<String> {
        let over = |limit: usize| measured.iter().filter(move |(_, length)| *length > limit);
        let mut findings: Vec<String> = over(self.hard)
            .map(|(place, length)| format!("{place}: {length} lines, the limit is {}", self.hard))
            .collect();
        if over(self.soft).count() * 100 > measured.len() * self.share {
            let (soft, share) = (self.soft, self.share);
            findings.extend(over(self.soft).map(|(place, length)| {
                format!("{place}: {length} lines, and more than {share} % are over {soft}")
            }));
        }
        findings
    }
}

pub fn functions(file: &Source) -> Vec<Function> {
    let tokens = file.tokens();
    let begins = |at: &usize| tokens[*at].text == "fn";
    let all = (0..tokens.len()).filter(begins);
    all.filter_map(|at| function_at(&tokens, at)).collect()
}

/// `None` for the types `fn(...)` and for functions without a body.
fn function_at(tokens: &[Token], at: usize) -> Option<Function> {
    let name = tokens.get(at + 1).filter(|token| token.is_word())?;
    let body = body_or_end(tokens, at).filter(|body| tokens[*body].text == "{")?;
    let end = tokens[closing(tokens, body)].line;
    Some(Function {
        name: name.text.to_owned(),
        line: tokens[at].line,
        length: end - tokens[at].line + 1,
    })
}

/// (line, word) of everything that is allowed in tests alone.
pub fn forbidden(file: &Source) -> Vec<(usize, &'static str)> {
    const WORDS: [(&str, &[&str]); 6] = [
        (".unwrap()", &[".", "unwrap", "(", ")"]),
        (".expect(", &[".", "expect", "("]),
        ("unsafe", &["unsafe"]),
        ("Mutex", &["Mutex"]),
        ("RwLock", &["RwLock"]),
        ("static mut", &["static", "mut"]),
    ];
    let tokens = file.tokens();
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let stands = |word: &&(&str, &[&str])| {
            let end = tokens.len().min(at + word.1.len());
            texts(&tokens[at..end]) == word.1
        };
        let words = WORDS.iter().filter(stands);
        found.extend(words.map(|(word, _)| (tokens[at].line, *word)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_fn_to_their_last_brace() {
        let text = "/// Doc.\n#[inline]\npub fn one(x: [u8; 4]) -> u8 {\n    x[0]\n}\n\
            trait T {\n    fn none(&self) -> [u8; 4];\n    fn two(&self) {}\n}\n\
            type F = fn(u8) -> u8;\nfn three() {\n    let s = \"}\";\n    // }\n\
            \n    fn four() {\n    }\n}\n#[cfg(test)]\nmod tests {\n    fn five() {\n}\n}\n";
        let found = functions(&Source::new("a.rs", text));
        let found: Vec<_> = found.iter().map(|f| (&*f.name, f.line, f.length)).collect();
        assert_eq!(
            found,
            [
                ("one", 3, 3),
                ("two", 8, 1),
                ("three", 11, 7),
                ("four", 15, 2)
            ]
        );
    }

    #[test]
    fn forbidden_words_are_found_in_code_alone() {
        let text = "// unsafe .unwrap()\n#![forbid(unsafe_code)]\nfn f() { x.unwrap_or(1);\n\
            y\n.unwrap();\nz.expect(\"unsafe\"); self.expect_word(); unsafe { g() } }\n\
            static mut A: std::sync::Mutex<RwLock<u8>> = B;\n\
            #[cfg(test)]\nmod tests { fn f() { x.unwrap() } }";
        let found = forbidden(&Source::new("a.rs", text));
        let expected = [
            (5, ".unwrap()"),
            (6, ".expect("),
            (6, "unsafe"),
            (7, "static mut"),
            (7, "Mutex"),
            (7, "RwLock"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_budget_names_what_is_over_it() {
        let budget = Budget {
            hard: 300,
            soft: 250,
            share: 15,
        };
        let place = |name: &str, length| (name.to_owned(), length);
        let mut files: Vec<_> = (0..18).map(|_| place("small", 250)).collect();
        files.extend([place("a", 251), place("b", 300)]);
        assert_eq!(budget.findings(&files), [""; 0]);
        files.push(place("c", 301));
        assert_eq!(budget.findings(&files), ["c: 301 lines, the limit is 300"]);
        files.push(place("d", 251));
        assert_eq!(
            budget.findings(&files).len(),
            5,
            "4 of 22 are more than 15 %"
        );
    }
}
