//! Which file imports which: every path in the code (not only in `use`) that leads to another
//! file of the crate is an arrow. A `mod name;` declares a child and is not an arrow.

use crate::scan::{Source, Token, closing};
use std::collections::{BTreeMap, BTreeSet};

/// All files below `src/` that are not tests.
pub struct Tree {
    pub files: Vec<Source>,
    places: BTreeMap<Vec<String>, usize>,
}

/// `from` mentions something of `to`; both are places in `Tree::files`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: usize,
    pub to: usize,
    pub line: usize,
}

type Path = Vec<String>;

impl Tree {
    pub fn new(files: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut files: Vec<Source> = files
            .into_iter()
            .map(|(path, text)| Source::new(&path, &text))
            .collect();
        let tests: BTreeSet<Path> = files.iter().flat_map(test_modules).collect();
        files.retain(|file| !tests.contains(&module(&file.path)));
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let places = files
            .iter()
            .enumerate()
            .map(|(n, file)| (module(&file.path), n))
            .collect();
        Self { files, places }
    }

    pub fn arrows(&self) -> BTreeSet<Arrow> {
        let all = (0..self.files.len()).flat_map(|from| self.arrows_of(from));
        all.collect()
    }

    fn arrows_of(&self, from: usize) -> Vec<Arrow> {
        let tokens = self.files[from].tokens();
        let mentions = mentions(&module(&self.files[from].path), &tokens);
        let mut names = BTreeMap::new();
        for mention in mentions.iter().filter(|mention| mention.imported.is_some()) {
            let full = self.resolve(mention, &BTreeMap::new());
            if let Some((path, name)) = full.zip(mention.imported.clone())
                && self.places.contains_key(&path)
            {
                names.insert(name, path);
            }
        }
        let mut arrows = Vec::new();
        for mention in &mentions {
            let Some(path) = self.resolve(mention, &names) else {
                continue;
            };
            let to = (0..=path.len())
                .rev()
                .find_map(|end| self.places.get(&path[..end]));
            if let Some(&to) = to.filter(|to| **to != from) {
                let line = mention.line;
                arrows.push(Arrow { from, to, line });
            }
        }
        arrows
    }

    /// The path from the crate's root, or `None` if it leads outside the crate.
    fn resolve(&self, mention: &Mention, names: &BTreeMap<String, Path>) -> Option<Path> {
        let first = mention.path.first()?;
        let rest = mention.path[1..].iter().cloned();
        let mut base = match first.as_str() {
            "crate" if mention.module == ["main"] => return None,
            "crate" => Vec::new(),
            "flowpeek" if mention.module == ["main"] => Vec::new(),
            "self" | "super" => mention.module.clone(),
            name => {
                let child = [mention.module.clone(), vec![name.to_owned()]].concat();
                let known = names.get(name).cloned();
                known.or_else(|| self.places.contains_key(&child).then_some(child))?
            }
        };
        if first == "super" {
            base.pop();
        }
        for segment in rest {
            match segment.as_str() {
                "super" => drop(base.pop()),
                "self" => {}
                _ => base.push(segment),
            }
        }
        Some(base)
    }
}

/// The module that a file holds: `names/pool.rs` is `names::pool`, `names/mod.rs` is `names`.
pub fn module(path: &str) -> Path {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let parts = stem.split('/').filter(|part| *part != "lib");
    parts.map(str::to_owned).collect()
}

fn test_modules(file: &Source) -> Vec<Path> {
    let inside = |name: &String| [module(&file.path), vec![name.clone()]].concat();
    file.test_modules.iter().map(inside).collect()
}

/// A path in the code, and the module in which it stands.
struct Mention {
    module: Path,
    path: Path,
    /// The name by which a `use` makes it known.
    imported: Option<String>,
    line: usize,
}

fn mentions(file: &Path, tokens: &[Token]) -> Vec<Mention> {
    let (mut found, mut inline) = (Vec::new(), Vec::<(String, usize)>::new());
    let mut at = 0;
    while at < tokens.len() {
        inline.retain(|(_, end)| at <= *end);
        let module = || {
            file.iter()
                .chain(inline.iter().map(|(name, _)| name))
                .cloned()
                .collect()
        };
        let line = tokens[at].line;
        let text = |n: usize| tokens.get(at + n).map_or("", |token| token.text);
        if text(0) == "mod" && text(2) == "{" {
            inline.push((text(1).to_owned(), closing(tokens, at + 2)));
            at += 3;
        } else if text(0) == "use" {
            let mut paths = Vec::new();
            at = use_tree(tokens, at + 1, &[], &mut paths);
            found.extend(paths.into_iter().map(|(path, name, line)| Mention {
                module: module(),
                path,
                imported: Some(name),
                line,
            }));
        } else if tokens[at].is_word() && text(1) == "::" && !continues(tokens, at) {
            let (path, next) = code_path(tokens, at);
            let (module, imported) = (module(), None);
            found.push(Mention {
                module,
                path,
                imported,
                line,
            });
            at = next;
        } else {
            at += 1;
        }
    }
    found
}

/// A path that belongs to what stands before it: `::std`, or the visibility `pub(in crate::x)`.
fn continues(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |place| tokens[place].text);
    before(1) == "::" || before(1) == "in" && before(2) == "("
}

fn code_path(tokens: &[Token], mut at: usize) -> (Path, usize) {
    let mut path = vec![tokens[at].text.to_owned()];
    while let [colons, word, ..] = &tokens[at + 1..]
        && colons.text == "::"
        && word.is_word()
    {
        path.push(word.text.to_owned());
        at += 2;
    }
    (path, at + 1)
}

/// Collects the leaves of a use tree as (path, name, line); returns the place behind it.
fn use_tree(
    tokens: &[Token],
    mut at: usize,
    before: &[String],
    found: &mut Vec<(Path, String, usize)>,
) -> usize {
    let mut path = before.to_vec();
    while let Some(token) = tokens.get(at) {
        match token.text {
            "::" => at += 1,
            "{" => {
                let end = closing(tokens, at);
                while at < end {
                    at = use_tree(tokens, at + 1, &path, found);
                }
                return at + 1;
            }
            "as" => {
                let name = tokens.get(at + 1).map_or("", |token| token.text);
                found.push((path, name.to_owned(), token.line));
                return at + 2;
            }
            "*" => {
                found.push((path, "*".to_owned(), token.line));
                return at + 1;
            }
            _ if token.is_word() => {
                path.push(token.text.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    let leaf = path.iter().rfind(|segment| *segment != "self").cloned();
    if let Some(name) = leaf.filter(|_| path.len() > before.len()) {
        let line = tokens[at - 1].line;
        found.push((path, name, line));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arrows of one file in a small crate, as "line path".
    fn arrows(path: &str, text: &str) -> Vec<String> {
        let crate_files = [
            "lib.rs", "main.rs", "a.rs", "b/mod.rs", "b/c.rs", "b/d.rs", "b/c/e.rs",
        ];
        let others = crate_files.into_iter().filter(|name| *name != path);
        let files = others.map(|name| (name, "")).chain([(path, text)]);
        let tree = Tree::new(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        let arrows = tree.arrows();
        arrows
            .iter()
            .map(|arrow| format!("{} {}", arrow.line, tree.files[arrow.to].path))
            .collect()
    }

    #[test]
    fn use_trees_are_followed_to_each_leaf() {
        let text = "use crate::{a::{self, X}, b::{c, d::{Y as Z, *}}};\nuse std::fmt;\n\
            use crate::run;\npub use crate::b::Thing;\nuse crate::b::c::{e::{E}};";
        let expected = [
            "1 a.rs",
            "1 b/c.rs",
            "1 b/d.rs",
            "3 lib.rs",
            "4 b/mod.rs",
            "5 b/c/e.rs",
        ];
        let mut found = arrows("x.rs", text);
        found.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn paths_in_the_code_count_as_well() {
        let text = "fn f(x: crate::a::X) -> Vec<crate::b::c::Y> {\n    super::a::g::<u8>()\n}\n\
            #[derive(crate::b::d::M)]\nstruct S;\nfn h() { for x in crate::b::list() {} }";
        let mut found = arrows("x.rs", text);
        found.sort();
        assert_eq!(
            found,
            ["1 a.rs", "1 b/c.rs", "2 a.rs", "4 b/d.rs", "6 b/mod.rs"]
        );
    }

    #[test]
    fn parents_siblings_and_children_are_told_apart() {
        assert_eq!(arrows("b/d.rs", "use super::c::X;"), ["1 b/c.rs"]);
        assert_eq!(arrows("b/d.rs", "use super::X;"), ["1 b/mod.rs"]);
        assert_eq!(arrows("b/d.rs", "use super::*;"), ["1 b/mod.rs"]);
        assert_eq!(arrows("b/c/e.rs", "use super::super::d::X;"), ["1 b/d.rs"]);
        assert_eq!(arrows("b/mod.rs", "pub mod c;\nmod d;\nmod own;"), [""; 0]);
        assert_eq!(
            arrows("b/mod.rs", "mod c;\npub use c::X;\nfn f() { d::g() }"),
            ["2 b/c.rs", "3 b/d.rs"]
        );
        assert_eq!(
            arrows("b/mod.rs", "use self::c::X;\nfn f() { self::g() }"),
            ["1 b/c.rs"]
        );
    }

    #[test]
    fn an_imported_module_is_followed_where_it_is_used() {
        let text =
            "use crate::b;\nuse crate::a as other;\nfn f() {\n    b::c::g();\n    other::h();\n}";
        assert_eq!(
            arrows("x.rs", text),
            ["2 a.rs", "5 a.rs", "4 b/c.rs", "1 b/mod.rs"]
        );
    }

    #[test]
    fn super_in_an_inline_module_is_the_file_itself() {
        assert_eq!(
            arrows(
                "b/d.rs",
                "mod inner {\n    use super::X;\n}\nuse super::c::Y;"
            ),
            ["4 b/c.rs"]
        );
        assert_eq!(
            arrows("b/d.rs", "mod inner { use super::super::X; }"),
            ["1 b/mod.rs"]
        );
    }

    #[test]
    fn the_binary_reaches_the_library_by_its_name() {
        assert_eq!(
            arrows("main.rs", "fn main() { flowpeek::run(flowpeek::a::X) }"),
            ["1 a.rs", "1 lib.rs"]
        );
        assert_eq!(arrows("main.rs", "use crate::a::X;"), [""; 0]);
    }

    #[test]
    fn comments_strings_tests_and_foreign_paths_are_no_arrows() {
        let text = "//! crate::a::X\nconst S: &str = \"crate::a::X\";\nuse std::fmt;\n\
            pub(crate) fn f() { ::a::g(); io::stdout() }\npub(in crate::b) fn g() {}\n\
            #[cfg(test)]\nmod tests {\n    use super::*;\n    use crate::a::X;\n}";
        assert_eq!(arrows("b/d.rs", text), [""; 0]);
    }

    #[test]
    fn files_of_test_modules_are_left_out() {
        let files = [
            ("b/mod.rs", "#[cfg(test)]\nmod tests;"),
            ("b/tests.rs", "use super::X;"),
        ];
        let tree = Tree::new(files.map(|(path, text)| (path.to_owned(), text.to_owned())));
        assert_eq!(tree.files.len(), 1);
    }
}
