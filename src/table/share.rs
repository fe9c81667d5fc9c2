//! Work on a table shared out over the cores; the results come in order.

use std::ops::Range;
use std::thread;

/// Works on numbers up to `count`, on all cores when that is worth it.
pub fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let parts = in_shares(count, |numbers| numbers.map(&work).collect::<Vec<T>>());
    parts.into_iter().flatten().collect()
}

/// Works on runs of the numbers up to `count`, one for each core when that is worth it.
pub fn in_shares<T: Send>(count: usize, work: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    if cores(count) == 1 {
        return vec![work(0..count)];
    }
    thread::scope(|scope| {
        let work = &work;
        let shares: Vec<_> = shares(count)
            .map(|share| scope.spawn(move || work(share)))
            .collect();
        // a share that panicked has ended the program already
        shares
            .into_iter()
            .filter_map(|share| share.join().ok())
            .collect()
    })
}

/// The runs of the numbers up to `count`, one for each core when that is worth it.
pub fn shares(count: usize) -> impl Iterator<Item = Range<usize>> {
    let share = count.div_ceil(cores(count)).max(1);
    (0..count)
        .step_by(share)
        .map(move |begin| begin..count.min(begin + share))
}

fn cores(count: usize) -> usize {
    match count {
        ..4 => 1,
        _ => thread::available_parallelism().map_or(1, usize::from),
    }
}

/// Works on each of some items, on all cores.
pub fn each_in_parallel<T: Send>(items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = items.len().div_ceil(cores).max(1);
    let on = |begin: usize, items: &mut [T]| {
        let numbered = (begin..).zip(items);
        numbered.for_each(|(number, item)| work(number, item));
    };
    if items.len() < 2 {
        return on(0, items);
    }
    thread::scope(|scope| {
        let on = &on;
        for (number, items) in items.chunks_mut(share).enumerate() {
            scope.spawn(move || on(number * share, items));
        }
    });
}
