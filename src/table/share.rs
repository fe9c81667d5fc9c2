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
    let cores = thread::available_parallelism().map_or(1, usize::from);
    if count < 4 || cores == 1 {
        return vec![work(0..count)];
    }
    let share = count.div_ceil(cores).max(1);
    thread::scope(|scope| {
        let shares = (0..count).step_by(share).map(|begin| {
            let work = &work;
            scope.spawn(move || work(begin..count.min(begin + share)))
        });
        let shares: Vec<_> = shares.collect();
        // a share that panicked has ended the program already
        shares
            .into_iter()
            .filter_map(|share| share.join().ok())
            .collect()
    })
}
