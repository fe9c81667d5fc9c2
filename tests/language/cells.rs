//! The filter that a key makes of a cell: it is valid text, means what it was
//! made as, and passes just the rows that show the same.

use std::collections::HashMap;

use flowpeek::model::value::Value;
use flowpeek::query::cell::{equals, of_either_end};
use flowpeek::query::facts::{Facts, Orient};
use flowpeek::query::field::{FIELDS, Field, Kind, plain};
use flowpeek::query::language::expr::{Expr, Test};
use flowpeek::query::language::parse::parse;
use flowpeek::query::language::written::Filter;

use super::world::{context, passing, table};

/// What a cell shows, times to the second.
fn shown(facts: &Facts, field: &Field) -> Option<String> {
    match (field.kind, field.value(facts)) {
        (_, Value::Unknown) => None,
        (Kind::Time, Value::Number(moment)) => Some(moment.div_euclid(1000).to_string()),
        (_, Value::Seconds(seconds)) => Some(seconds.floor().to_string()),
        (_, value) => Some(plain(&value).to_lowercase()),
    }
}

#[test]
fn a_cell_makes_the_filter_of_the_rows_that_show_the_same() {
    for orient in [Orient::Bytes, Orient::Client] {
        let context = context(orient);
        let facts = |id: u32| Facts {
            row: table().row(id),
            context: &context,
        };
        for field in FIELDS {
            let mut same: HashMap<String, Vec<u32>> = HashMap::new();
            for id in 0..table().len() {
                if let Some(text) = shown(&facts(id), field) {
                    same.entry(text).or_default().push(id);
                }
            }
            // the rarest and the most common of them, and some between
            let mut groups: Vec<(&String, &Vec<u32>)> = same.iter().collect();
            groups.sort_by_key(|(text, ids)| (ids.len(), (*text).clone()));
            let step = (groups.len() / 8).max(1);
            let chosen = groups.iter().step_by(step).chain(groups.last());
            for (text, ids) in chosen {
                let term = equals(&facts(ids[0]), field);
                let term = term.unwrap_or_else(|| panic!("{} {text}", field.name));
                assert_eq!(parse(&term.to_string()), Ok(term.clone()), "{term}");
                assert_eq!(
                    passing(&term, orient),
                    **ids,
                    "{} {text}: {term}",
                    field.name
                );
                let not = term.clone().negated(true);
                assert_eq!(parse(&not.to_string()), Ok(not.clone()), "{not}");
                let others = passing(&not, orient).len();
                assert_eq!(others + ids.len(), table().len() as usize, "{not}");
                let either = passing(&of_either_end(term), orient);
                assert!(ids.iter().all(|id| either.contains(id)), "{text}");
            }
        }
    }
}

#[test]
fn joined_filters_keep_what_was_typed_where_they_can() {
    let term = || parse("dst port 443").unwrap();
    for (text, expected) in [
        ("", "dst port = 443"),
        ("any", "dst port = 443"),
        ("proto tcp", "proto tcp and dst port = 443"),
        (
            "PROTO TCP  and Bytes > 1K",
            "PROTO TCP  and Bytes > 1K and dst port = 443",
        ),
        (
            "port 1 or port 2",
            "(port = 1 or port = 2) and dst port = 443",
        ),
        (
            "not (port 1 or port 2)",
            "not (port 1 or port 2) and dst port = 443",
        ),
        ("proto tcp # of the web", "proto \"tcp\" and dst port = 443"),
        ("dport 443 and proto tcp", "dport 443 and proto tcp"),
        ("dport 443", "dport 443"),
    ] {
        let Filter { text: joined, expr } = Filter::of(text).unwrap().with(term());
        assert_eq!(parse(&joined), Ok(expr.clone()), "{joined}");
        assert_eq!(joined, expected.replace("\"tcp\"", "tcp"));
        let both = [parse(text).unwrap(), term()];
        let passes = |expr: &Expr| passing(expr, Orient::Bytes);
        assert_eq!(passes(&expr), passes(&Expr::And(both.to_vec())), "{joined}");
    }
}

#[test]
fn what_no_filter_can_say_makes_none() {
    let context = context(Orient::Bytes);
    let quotes = Expr::Test(Test::Text("both ' and \"".to_owned()));
    assert!(parse(&quotes.to_string()).is_err());
    let facts = Facts {
        row: table().row(0),
        context: &context,
    };
    let unknown = FIELDS
        .iter()
        .filter(|field| field.value(&facts) == Value::Unknown);
    assert!(unknown.clone().count() > 3);
    for field in unknown {
        assert_eq!(equals(&facts, field), None, "{}", field.name);
    }
}
