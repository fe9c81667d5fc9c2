//! Mistyped words in messages: as they are shown, and which one may have been meant.

use super::text::clean;

/// A word in quotes for a message, cut and cleaned.
pub fn named(word: &str) -> String {
    format!("\"{}\"", clean(word, 40))
}

/// `: did you mean "dst"?`, when a word is near enough.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    if word.chars().count() > 40 {
        return String::new();
    }
    known
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(distance, candidate)| *distance > 0 && *distance <= candidate.len().div_ceil(3))
        .min_by_key(|(distance, candidate)| (*distance, !candidate.starts_with(&word)))
        .map_or_else(String::new, |(_, candidate)| {
            format!(": did you mean \"{candidate}\"?")
        })
}

/// What is wrong with a name, or with what stands beside it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is no such name.
    #[error("{words}{near}")]
    Unknown {
        /// That there is none.
        words: String,
        /// The [nearest], if one is near.
        near: String,
        /// Which there are.
        known: String,
    },
    /// Something else is wrong.
    #[error("{0}")]
    Wrong(String),
}

impl NameError {
    /// In words, with the names that there are where none is near.
    pub fn at_length(&self) -> String {
        match self {
            NameError::Unknown { words, near, known } if near.is_empty() => {
                format!("{words}: there are {known}")
            }
            _ => self.to_string(),
        }
    }

    /// The nearest name, in words, if one is near.
    pub fn near(&self) -> &str {
        match self {
            NameError::Unknown { near, .. } => near,
            NameError::Wrong(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_suggested_for_another_that_is_near_and_not_too_long() {
        let (long, longer) = ("x".repeat(40), "x".repeat(41));
        let nearly = |word: &str| word.replacen('x', "y", 1);
        for (word, known, suggested) in [
            ("packtes", vec!["ports", "packets"], "packets"),
            ("Packtes", vec!["ports", "packets"], "packets"),
            ("packets", vec!["packets"], ""),
            ("quite", vec!["packets"], ""),
            (&nearly(&long), vec![&long], &long),
            (&nearly(&longer), vec![&longer], ""),
        ] {
            let expected = match suggested {
                "" => String::new(),
                word => format!(": did you mean \"{word}\"?"),
            };
            assert_eq!(nearest(word, known.into_iter()), expected, "{word}");
        }
    }
}
