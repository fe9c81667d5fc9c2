//! What stands behind a filter's words for numbers: comparisons with units,
//! lists, times and TCP flags. Each function takes its part from the cursor.

use super::cursor::{Cursor, FilterError, Parsed};
use super::expr::{Check, Comparison, Expr, Subject, Test};
use super::lex::Token;
use crate::model::moment::Moment;
use crate::model::typo::named;
use crate::model::{protocol, units};
use crate::query::columns::vector::Vector;
use crate::query::field::{Field, Kind};

/// The signs that compare.
const COMPARISONS: [&str; 7] = ["=", "==", "!=", ">", "<", ">=", "<="];
/// nfdump's words for comparisons, and their signs.
pub const IN_WORDS: [(&str, &str); 5] = [
    ("eq", "="),
    ("gt", ">"),
    ("lt", "<"),
    ("ge", ">="),
    ("le", "<="),
];

/// A comparison as it was written.
struct Sign {
    comparison: Comparison,
    negated: bool,
    written: bool,
}

/// A comparison with a number, or `in [...]` of them.
///
/// # Errors
/// When something else comes next.
pub fn number(cursor: &mut Cursor, subject: Subject) -> Parsed<Expr> {
    let field = subject.field();
    let test = |check| Expr::Test(Test::Number(subject, check));
    let is_time = matches!(field.kind, Kind::Time | Kind::Seconds);
    if cursor.word().is_some_and(|word| word == "in") {
        if is_time || field.kind == Kind::Flags {
            return cursor.fail("a list is for plain numbers, counts and sizes");
        }
        cursor.advance();
        let mut numbers = cursor.list(|cursor| value(cursor, field))?;
        numbers.sort_unstable();
        numbers.dedup();
        return Ok(test(Check::Among(numbers)));
    }
    let sign = sign(cursor)?;
    let check = if is_time {
        Check::Moment(sign.comparison, moment(cursor)?)
    } else if field.kind == Kind::Flags {
        flags(cursor, &sign)?
    } else {
        if !sign.written && field.kind != Kind::Number && !at_number(cursor) {
            return cursor.fail("expected =, !=, >, <, >= or <=");
        }
        Check::Compare(sign.comparison, value(cursor, field)?)
    };
    Ok(test(check).negated(sign.negated))
}

fn sign(cursor: &mut Cursor) -> Parsed<Sign> {
    let span = cursor.span();
    let word = in_words(cursor);
    let sign = word.or_else(|| cursor.sign(&COMPARISONS));
    let written = sign.filter(|_| word.is_none());
    let meant = match (written, cursor.peek()) {
        (Some("="), Some(Token::Sign(">"))) => Some(">="),
        (Some("="), Some(Token::Sign("<"))) => Some("<="),
        (Some("<"), Some(Token::Sign(">"))) => Some("!="),
        (None, Some(Token::Sign("~" | "!~"))) => {
            return cursor.fail("~ is for host names: name ~ text");
        }
        _ => None,
    };
    if let Some(meant) = meant {
        return Err(FilterError {
            span: span.start..cursor.span().end,
            message: format!("this sign is unknown: did you mean \"{meant}\"?"),
        });
    }
    Ok(Sign {
        comparison: match sign {
            Some(">") => Comparison::Greater,
            Some(">=") => Comparison::AtLeast,
            Some("<") => Comparison::Less,
            Some("<=") => Comparison::AtMost,
            _ => Comparison::Equal,
        },
        negated: sign == Some("!="),
        written: sign.is_some(),
    })
}

fn in_words(cursor: &mut Cursor) -> Option<&'static str> {
    let mut words = IN_WORDS.into_iter();
    words.find_map(|(word, sign)| cursor.keyword(word).then_some(sign))
}

fn at_number(cursor: &Cursor) -> bool {
    cursor
        .word()
        .is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
}

fn value(cursor: &mut Cursor, field: &Field) -> Parsed<i128> {
    let word = cursor.word().unwrap_or_default();
    let value = match field.kind {
        Kind::Difference => duration(&word),
        Kind::Duration => duration(&word).filter(|&it| it >= 0),
        Kind::Number => whole(&word).filter(|value| (0..=limit(field)).contains(value)),
        _ => units::parse_number(&word).and_then(|number| i128::try_from(number).ok()),
    };
    let Some(value) = value else {
        return cursor.fail(expected(field, &word));
    };
    cursor.advance();
    match cursor.peek() {
        Some(Token::Word(unit)) if field.kind != Kind::Number && is_unit(field.kind, unit) => {
            cursor.fail(format!("a unit stands without a space: {word}{unit}"))
        }
        _ => Ok(value),
    }
}

/// A whole number, in sixteens behind 0x.
fn whole(word: &str) -> Option<i128> {
    match word.strip_prefix("0x") {
        Some(digits) => i128::from_str_radix(digits, 16).ok(),
        None => word.parse().ok(),
    }
}

/// Milliseconds.
fn duration(word: &str) -> Option<i128> {
    let plain = word.strip_prefix('-').unwrap_or(word);
    let milliseconds = i128::from(units::parse_duration(plain)?);
    Some(if plain == word {
        milliseconds
    } else {
        -milliseconds
    })
}

/// The largest value that a row can have: each that is shown can be asked for.
fn limit(field: &Field) -> i128 {
    field.max().unwrap_or(u64::MAX).into()
}

fn expected(field: &Field, word: &str) -> String {
    match field.kind {
        Kind::Duration | Kind::Difference => {
            "expected a duration such as 250ms, 5s or 2m".to_owned()
        }
        Kind::Number => {
            let numbers = format!("expected a number from 0 to {}", limit(field));
            let is_name = word.starts_with(|c: char| c.is_ascii_alphabetic());
            if matches!(field.vector(), Some(Vector::Port(_))) && is_name {
                format!("{numbers}; by its name it is service {}", named(word))
            } else {
                numbers
            }
        }
        _ => "expected a number such as 100, 1.5M or 64Ki".to_owned(),
    }
}

fn is_unit(kind: Kind, word: &str) -> bool {
    let one = format!("1{word}");
    match kind {
        Kind::Duration | Kind::Difference => units::parse_duration(&one).is_some(),
        _ => units::parse_number(&one).is_some(),
    }
}

fn moment(cursor: &mut Cursor) -> Parsed<Moment> {
    const EXPECTED: &str = "a time such as 2026-11-24T14:05, 14:05 or -15m";
    let mut span = cursor.span();
    let mut text = cursor.text(EXPECTED)?;
    // a space between date and time, as people write it
    if let (Some(clock), true) = (cursor.word(), Moment::parse(&text).is_some())
        && clock.contains(':')
    {
        span.end = cursor.span().end;
        text = format!("{text} {clock}");
        cursor.advance();
    }
    Moment::parse(&text).ok_or_else(|| FilterError {
        span,
        message: format!("expected {EXPECTED}"),
    })
}

/// `S`, `SA`, `S/SA` or a number.
fn flags(cursor: &mut Cursor, sign: &Sign) -> Parsed<Check> {
    let Some(word) = cursor.word() else {
        return cursor.fail("expected TCP flags such as S, SA, S/SA or 18");
    };
    if let Some(number) = whole(&word).filter(|number| (0..=0xffff).contains(number)) {
        cursor.advance();
        return Ok(Check::Compare(sign.comparison, number));
    }
    if word.starts_with(|c: char| c.is_ascii_digit()) {
        return cursor.fail("expected a number from 0 to 65535, or letters such as SA");
    }
    let (letters, mask) = match word.split_once('/') {
        Some((letters, mask)) => (letters, Some(mask)),
        None => (word.as_str(), None),
    };
    let known = mask.map_or(Some(0), protocol::flags_of);
    let Some((set, mask_bits)) = protocol::flags_of(letters).zip(known) else {
        return cursor.fail("the flags are the letters C E U A P R S F, and X for UAPRSF");
    };
    let check = match mask {
        Some(_) if mask_bits & set != set || mask_bits == 0 => {
            return cursor.fail("behind the / stand all flags that are looked at");
        }
        Some(_) if sign.written => return cursor.fail("a mask stands without a comparison"),
        Some(_) => Check::Bits {
            mask: mask_bits,
            set,
        },
        None if !sign.written => Check::Bits { mask: set, set },
        None if sign.comparison == Comparison::Equal => {
            Check::Compare(Comparison::Equal, i128::from(set))
        }
        None => return cursor.fail("letters of flags have no order: only = and != compare them"),
    };
    cursor.advance();
    Ok(check)
}
