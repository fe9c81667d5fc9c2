//! What could stand at the end of a filter that is being typed: words of the
//! language, or values for the word before.

use super::expr::Direction;
use super::lex::{Token, ends_word, tokens};
use super::numbers::IN_WORDS;
use super::print::quoted;
use super::words::{LINKS, Values, WORDS, Word, resolve, words};

/// No more are offered than can be looked through.
const MOST: usize = 50;

/// What can be completed, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// The byte at which the word to complete begins.
    pub start: usize,
    /// What may stand in its place, the likeliest first.
    pub items: Vec<String>,
}

impl Completion {
    /// Those of the candidates that begin as the word at a byte does, each once.
    pub fn of(start: usize, begun: &str, candidates: impl IntoIterator<Item = String>) -> Self {
        let begins = |item: &str| {
            let head = item.trim_start_matches('"').get(..begun.len());
            head.is_some_and(|head| head.eq_ignore_ascii_case(begun))
        };
        let mut items = Vec::new();
        for item in candidates {
            // what stands there already needs no completing
            let is_new = !item.eq_ignore_ascii_case(begun) && !items.contains(&item);
            if is_new && begins(&item) && items.len() < MOST {
                items.push(item);
            }
        }
        Completion { start, items }
    }
}

/// Completes the text before the cursor; `values` are those of a kind that are
/// known, of which some may be told twice.
pub fn complete(before: &str, values: impl Fn(Values) -> Vec<String>) -> Completion {
    let end = before.trim_end_matches(|c| !ends_word(c)).len();
    let (known, begun) = before.split_at(end);
    // within quotes nothing can be known
    let Ok(placed) = tokens(known) else {
        return Completion::default();
    };
    let tokens: Vec<Token> = placed.into_iter().map(|placed| placed.0).collect();
    Completion::of(end, begun, candidates(&tokens, values))
}

/// Whether the text ends in what may become a word of the language, `por` of `port`, or is a
/// name only as long as it does not go on: `host i` of `host in [..]`.
pub fn is_begun(text: &str) -> bool {
    let end = text.trim_end_matches(|c| !ends_word(c)).len();
    let (known, begun) = text.split_at(end);
    let Ok(placed) = tokens(known) else {
        return false;
    };
    let at_test = match placed.last() {
        None | Some((Token::Sign("(" | "!" | "&&" | "||"), _)) => true,
        Some((Token::Word(word), _)) if is_of_hosts(word) => return is_name(begun),
        Some((Token::Word(word), _)) => LINKS.iter().any(|link| link.eq_ignore_ascii_case(word)),
        Some(_) => false,
    };
    let begins = |word: &str| {
        let head = word.get(..begun.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(begun))
    };
    at_test && !begun.is_empty() && resolve(begun).is_none() && words().any(begins)
}

/// Whether a host stands behind this word, by its address or its whole name.
fn is_of_hosts(word: &str) -> bool {
    is_direction(word) || resolve(word).is_some_and(|(_, row)| row.values == Values::Hosts)
}

/// Whether this may be the name of a host, and is no address or the beginning of one.
fn is_name(begun: &str) -> bool {
    let is_address = |c: char| c.is_ascii_hexdigit() || ".:/".contains(c);
    let is_number = begun.contains(['.', ':']) && begun.chars().all(is_address);
    !begun.is_empty() && !is_number
}

fn candidates(tokens: &[Token], values: impl Fn(Values) -> Vec<String>) -> Vec<String> {
    let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let of = |row: &Word| {
        values(row.values)
            .into_iter()
            .map(quoted_if_needed)
            .collect()
    };
    match tokens {
        [.., Token::Sign("[" | ",")] => in_list(tokens).map_or_else(Vec::new, of),
        [] | [.., Token::Sign("(" | "!" | "&&" | "||")] => tests(),
        [
            ..,
            Token::Word(word),
            Token::Sign("=" | "==" | "!=" | "~" | "!~"),
        ] => resolve(word).map_or_else(Vec::new, |(_, row)| of(row)),
        [.., Token::Word(word)] => match resolve(word) {
            _ if LINKS.iter().any(|link| link.eq_ignore_ascii_case(word)) => tests(),
            _ if is_comparison(word) => Vec::new(),
            _ if is_direction(word) => {
                let directed = WORDS.iter().filter(|row| row.directed);
                let words: Vec<&str> = directed.map(|row| row.names[0]).collect();
                [owned(&words), values(Values::Hosts)].concat()
            }
            Some((_, row)) if row.form.is_empty() => owned(&["and", "or"]),
            Some((_, row)) => of(row),
            None => in_list(tokens).map_or_else(|| owned(&["and", "or"]), of),
        },
        [.., Token::Quoted(_) | Token::Sign(")" | "]")] => owned(&["and", "or"]),
        _ => Vec::new(),
    }
}

fn is_comparison(word: &str) -> bool {
    IN_WORDS.iter().any(|row| row.0.eq_ignore_ascii_case(word))
}

fn is_direction(word: &str) -> bool {
    Direction::named(word).is_some()
}

/// What a test can begin with.
fn tests() -> Vec<String> {
    let words = WORDS.iter().map(|row| row.names[0]);
    let all = words.chain(Direction::NAMED.into_iter().map(Direction::word));
    all.chain(["not"]).map(str::to_owned).collect()
}

/// The word before `in [` of a list that is still open.
fn in_list(tokens: &[Token]) -> Option<&'static Word> {
    let open = tokens
        .iter()
        .rposition(|token| *token == Token::Sign("["))?;
    let closed = tokens[open..].contains(&Token::Sign("]"));
    match tokens.get(open.checked_sub(2)?) {
        Some(Token::Word(word)) if !closed => resolve(word).map(|(_, row)| row),
        _ => None,
    }
}

fn quoted_if_needed(value: String) -> String {
    match value.contains(ends_word) {
        true => quoted(&value),
        false => value,
    }
}
