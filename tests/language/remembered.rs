//! What is remembered of the question before never changes an answer: walks from
//! question to question, each with one thing changed, answered both ways.

use std::process::Command;
use std::sync::{Arc, OnceLock};

use flowpeek::load::{Inputs, load};
use flowpeek::model::time::Zone;
use flowpeek::query::facts::{Context, Orient};
use flowpeek::query::field::FIELDS;
use flowpeek::query::language::expr::Expr;
use flowpeek::query::language::parse::parse;
use flowpeek::query::memory::Memory;
use flowpeek::query::order::sort::Sort;
use flowpeek::query::run::{Preset, Query, answer, elsewhere, run};
use flowpeek::table::build::Pairing;
use flowpeek::table::store::Table;
use proptest::prelude::*;

use super::world::{context, table};

/// One change to what is asked, of whom, or from where it is seen.
#[derive(Clone, Debug)]
enum Step {
    Add(&'static str),
    Drop,
    Threshold(u64),
    Preset(Preset),
    Sort(Option<(usize, bool)>),
    Orient(Orient),
    Fold(bool),
    Names(bool),
    Zone(bool),
    Table(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let terms = vec![
        "proto tcp",
        "port 443",
        "src port > 1000",
        "not bytes > 10k",
        "name ~ host1",
        "example",
        "service https",
        "start > 2010-01-01 12:00",
        "server port 53",
        "(packets = 2 or packets = 3)",
    ];
    prop_oneof![
        4 => prop::sample::select(terms).prop_map(Step::Add),
        2 => Just(Step::Drop),
        2 => (0u64..9).prop_map(Step::Threshold),
        4 => prop::option::of((0..FIELDS.len(), any::<bool>())).prop_map(Step::Sort),
        1 => prop::sample::select(vec![Preset::Connections, Preset::Unmatched]).prop_map(Step::Preset),
        1 => prop::sample::select(vec![Orient::Bytes, Orient::Client]).prop_map(Step::Orient),
        1 => any::<bool>().prop_map(Step::Fold),
        1 => any::<bool>().prop_map(Step::Names),
        1 => any::<bool>().prop_map(Step::Zone),
        1 => (0usize..3).prop_map(Step::Table),
    ]
}

/// The same rows twice over, that repeat each other, once more times the sampling.
fn tables() -> &'static [Table; 3] {
    static TABLES: OnceLock<[Table; 3]> = OnceLock::new();
    TABLES.get_or_init(loaded)
}

fn loaded() -> [Table; 3] {
    let file = || concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz").into();
    let inputs = Inputs::look_at(&[file(), file()]).unwrap();
    let twice = load(inputs, Pairing::Strict { tolerance: 0 }, 2, |_| true).table;
    [table().clone(), twice.clone(), twice.scaled(true)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    #[ignore = "the next test runs it in a time zone"]
    fn a_walk_of_questions_is_answered_as_each_alone(steps in prop::collection::vec(step(), 1..30)) {
        prop_assert_ne!(Zone::local(), Zone::utc());
        let tables = tables();
        let mut memory = Memory::default();
        let mut terms: Vec<Expr> = vec![parse("any").unwrap()];
        let mut query = Query {
            preset: Preset::Connections,
            filter: parse("any").unwrap(),
            threshold: 0,
            sort: None,
        };
        let (mut at, mut view) = (0, context(Orient::Bytes));
        for step in steps {
            match &step {
                Step::Add(term) => terms.push(parse(term).unwrap()),
                Step::Drop => drop(terms.pop()),
                Step::Threshold(threshold) => query.threshold = *threshold,
                Step::Preset(preset) => query.preset = *preset,
                Step::Sort(sort) => {
                    query.sort = sort.map(|(field, descending)| Sort { field: &FIELDS[field], descending });
                }
                Step::Orient(orient) => view.stance.orient = *orient,
                Step::Fold(folds) => view.stance.folds = *folds,
                Step::Names(false) => view.names = Arc::default(),
                Step::Names(true) => view.names = context(Orient::Bytes).names,
                Step::Zone(utc) => view.zone = if *utc { Zone::utc() } else { Zone::local() },
                Step::Table(number) => at = *number,
            }
            query.filter = Expr::And(terms.clone());
            let view: &Context = &view;
            let mut last = None;
            answer(&tables[at], &query, view, &mut memory, |rows| {
                last = rows.or(last.take());
                true
            });
            let mut alone = run(&tables[at], &query, view);
            if alone.shown + alone.below_threshold + alone.duplicates == 0 {
                alone.elsewhere = elsewhere(&tables[at], &query, view);
            }
            prop_assert!(last == Some(alone), "{:?} after {:?}", query, step);
        }
    }
}

/// The machine's own zone may be UTC; a process has another one by a variable alone.
#[test]
fn a_walk_of_questions_in_a_time_zone_is_answered_as_each_alone() {
    let out = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact"])
        .arg("remembered::a_walk_of_questions_is_answered_as_each_alone")
        .env("TZ", "Europe/Berlin")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&out.stdout);
    assert!(said.contains(" 1 passed; 0 failed"), "{said}");
}
