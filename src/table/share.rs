//! Work on a table shared out over the cores; the results come in order.

use std::thread;

/// Works on numbers up to `count`, on all cores when that is worth it.
pub fn in_parallel<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let share = count.div_ceil(cores).max(1);
    if count < 4 {
        return (0..count).map(work).collect();
    }
    thread::scope(|scope| {
        let shares = (0..count).step_by(share).map(|begin| {
            let work = &work;
            scope.spawn(move || {
                let end = count.min(begin + share);
                (begin..end).map(work).collect::<Vec<T>>()
            })
        });
        let shares: Vec<_> = shares.collect();
        // a share that panicked has ended the program already
        shares
            .into_iter()
            .flat_map(|share| share.join().unwrap_or_default())
            .collect()
    })
}
