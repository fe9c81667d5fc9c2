//! The rows of a table for DuckDB, and its answers to the questions about them.

use std::collections::HashMap;
use std::io::Write;
use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use flowpeek::model::attr::Attr;
use flowpeek::model::end::End;
use flowpeek::query::facts::{Context, Facts};
use flowpeek::query::group::{Group, Groups};
use flowpeek::query::time::timeline::Timeline;
use flowpeek::table::rows::Row;
use flowpeek::table::store::Table;

use super::together::{asked, timed};

/// What DuckDB says of the same rows.
#[derive(Default)]
pub struct Answers {
    /// How long its warm answers took, by what was asked.
    times: HashMap<String, Duration>,
    /// Sums by which answers are compared.
    sums: HashMap<String, Vec<u128>>,
}

impl Answers {
    /// Hands over the connections of a table, and asks about them.
    pub fn ask(table: &Table, context: &Context, step: i64) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), table, context).unwrap();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let args = [threads.to_string(), step.to_string()];
        let lines = asked("groups_in_duckdb.py", folder.path(), &args)?;
        let mut answers = Answers::default();
        for line in lines.lines() {
            if let Some((name, sums)) = line.strip_prefix("same ").and_then(|it| it.split_once(' '))
            {
                let sums = sums.split(' ').map(|sum| sum.parse().unwrap());
                answers.sums.insert(name.to_owned(), sums.collect());
            } else {
                answers.times.extend(timed(line));
            }
        }
        Some(answers)
    }

    /// How long an answer took, as a reference.
    pub fn time(&self, what: &str, name: &str) -> Option<(&'static str, Duration)> {
        let time = self.times.get(&format!("{what} {name}"))?;
        Some(("DuckDB, warm", *time))
    }

    /// That groups are the same: those with more octets than the last one of very many.
    pub fn check_groups(&self, name: &str, groups: &Groups) {
        let octets = |group: &Group| group.tally.sent + group.tally.received;
        let least = groups.list.iter().map(octets).min();
        let least = least.filter(|_| groups.list.len() >= 1000);
        let told = groups
            .list
            .iter()
            .filter(|group| Some(octets(group)) > least);
        let mut sums = vec![0; 7];
        for group in told {
            let tally = &group.tally;
            let times = [tally.first, tally.last].map(|time| time as u128);
            let counts = [tally.rows.into(), tally.sent, tally.received, tally.packets];
            let all = counts
                .into_iter()
                .chain(times)
                .chain([group.peers.unwrap().into()]);
            sums.iter_mut()
                .zip(all)
                .for_each(|(sum, more)| *sum += more);
        }
        self.check(name, sums);
    }

    /// That a timeline is.
    pub fn check_timeline(&self, timeline: &Timeline) {
        let bins = timeline.bins;
        let both = timeline.sent.iter().zip(&timeline.received);
        let mut sums = vec![0; 4];
        for (bin, (sent, received)) in both.enumerate() {
            let number = (bins.start(bin) / bins.step) as u128;
            let all = [*sent, *received, number * sent, number * received];
            sums.iter_mut()
                .zip(all)
                .for_each(|(sum, more)| *sum += more);
        }
        self.check("timeline", sums);
    }

    fn check(&self, name: &str, sums: Vec<u128>) {
        if let Some(theirs) = self.sums.get(name) {
            assert_eq!(theirs, &sums, "what DuckDB says of {name}");
        }
    }
}

/// The files that `groups_in_duckdb.py` reads.
fn write(folder: &Path, table: &Table, context: &Context) -> std::io::Result<()> {
    let create = |name| std::fs::File::create(folder.join(name)).map(std::io::BufWriter::new);
    let mut hosts = create("hosts.csv")?;
    let mut addresses: Vec<IpAddr> = table.addresses().copied().collect();
    addresses.sort_unstable();
    let numbers: HashMap<IpAddr, usize> = addresses.iter().copied().zip(0..).collect();
    writeln!(hosts, "number,address,text")?;
    for (number, address) in addresses.iter().enumerate() {
        let wide = match address {
            IpAddr::V4(address) => address.to_ipv6_mapped(),
            IpAddr::V6(address) => *address,
        };
        writeln!(hosts, "{number},{},{address}", wide.to_bits())?;
    }
    let mut rows = create("rows.csv")?;
    writeln!(
        rows,
        "src,dst,protocol,dst_port,first0,last0,first1,last1,sent,received,packets"
    )?;
    for row in table.rows().filter(Row::is_connection) {
        writeln!(rows, "{}", told(&Facts { row, context }, &numbers))?;
    }
    hosts.flush()?;
    rows.flush()
}

/// A row: its ends as numbers, and what there is to know of its flows, that of its source first.
fn told(facts: &Facts, numbers: &HashMap<IpAddr, usize>) -> String {
    let row = facts.row;
    let ends = End::BOTH.map(|end| numbers[&facts.address(end).unwrap()]);
    let sides = [facts.source(), facts.source().other()];
    let optional = |value: Option<i64>| value.map_or(String::new(), |value| value.to_string());
    let mut cells: Vec<String> = ends.map(|end| end.to_string()).into();
    // what is unknown is a group of its own
    let numbers = [
        row.protocol(),
        facts.endpoint(End::Destination).port.map(i32::from),
    ];
    cells.extend(numbers.map(|number| number.unwrap_or(-1).to_string()));
    for side in sides {
        let first = row.start(side).map(|start| start.absolute);
        let lasted = row.elapsed(side).unwrap_or(0).max(0);
        cells.push(optional(first));
        cells.push(optional(first.map(|first| first + lasted)));
    }
    cells.extend(sides.map(|side| row.attr(side, Attr::Octets).unwrap_or(0).to_string()));
    cells.push(row.sum(Attr::Packets).to_string());
    cells.join(",")
}
