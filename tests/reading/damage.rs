//! Damage anywhere in a file: nothing crashes, what comes before is loaded,
//! what comes after the next sound member is too, and what was lost is counted.

use std::io::{Read, Write};
use std::path::PathBuf;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;
use proptest::prelude::*;

/// The first members of the sample, each with its number of flows.
fn members(count: usize) -> Vec<(Vec<u8>, u64)> {
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample.gz")).unwrap();
    let mut lines = Vec::new();
    let reader = flate2::read::MultiGzDecoder::new(&file[..]);
    for line in std::io::BufRead::lines(std::io::BufReader::new(reader)).take(count) {
        let line = line.unwrap();
        let flows = line.matches("FIRST_SWITCHED").count() as u64;
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        writeln!(member, "{line}").unwrap();
        lines.push((member.finish().unwrap(), flows));
    }
    lines
}

/// Whether the beginning of a member is enough of it to have its line: neither
/// the checksum nor the last bits of the data are needed for that.
fn has_a_whole_line(beginning: &[u8]) -> bool {
    let mut line = Vec::new();
    // an error at the end is what is to be expected
    let _ = GzDecoder::new(beginning).read_to_end(&mut line);
    line.ends_with(b"\n")
}

fn read(bytes: &[u8]) -> Option<Snapshot> {
    read_by(bytes, 2)
}

fn read_by(bytes: &[u8], threads: usize) -> Option<Snapshot> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let inputs = Inputs::look_at(&[PathBuf::from(file.path())]).ok()?;
    let pairing = Pairing::Strict { tolerance: 1000 };
    Some(load(inputs, pairing, threads, |_| true))
}

#[test]
fn a_member_left_unfinished_does_not_run_on_over_those_behind_it() {
    let members = members(3);
    let mut stored = GzEncoder::new(Vec::new(), Compression::none());
    stored.write_all(&[b' '; 30_000]).unwrap();
    let stored = stored.finish().unwrap();
    // its one block says that 30,000 bytes come, whatever they are
    let rest = members.iter().flat_map(|member| member.0.clone());
    let file: Vec<u8> = stored[..100].iter().copied().chain(rest).collect();
    assert!(file.len() < 20_000);
    let snapshot = read(&file).unwrap();
    let flows: u64 = members.iter().map(|member| member.1).sum();
    assert_eq!(snapshot.table.totals().flows, flows);
    assert_eq!(snapshot.intake.damaged_bytes, 100);
}

/// Of such a member nothing is lost, so where it ends a thread may take over from another.
#[test]
fn a_wrong_checksum_is_told_whoever_reads_it() {
    let members = members(60);
    for wrong in 0..members.len() - 1 {
        let mut file: Vec<u8> = Vec::new();
        for (number, (member, _)) in members.iter().enumerate() {
            file.extend(member);
            if number == wrong {
                *file.iter_mut().nth_back(7).unwrap() ^= 1;
            }
        }
        let [one, two] = [1, 2].map(|threads| read_by(&file, threads).unwrap().intake);
        assert_eq!(one.damage.len(), 1, "{wrong}");
        assert_eq!(one.damage, two.damage, "{wrong}");
        let before: usize = members[..wrong].iter().map(|member| member.0.len()).sum();
        let place = (one.damage[0].offset, one.damaged_bytes);
        let bytes = members[wrong].0.len() as u64;
        assert_eq!(place, (before as u64, bytes), "{wrong}");
    }
}

/// Where the decoder notices it is far behind where it begins.
#[test]
fn what_a_damaged_member_runs_over_is_all_damage() {
    let members = members(60);
    let ends: Vec<usize> = members
        .iter()
        .scan(0, |end, member| {
            *end += member.0.len();
            Some(*end)
        })
        .collect();
    for wrong in 1..30 {
        let mut file: Vec<u8> = members.iter().flat_map(|member| member.0.clone()).collect();
        let (begin, end) = (ends[wrong] - 150, ends[wrong + 20] - 150);
        file[begin..end].fill(0);
        let [one, two] = [1, 2].map(|threads| read_by(&file, threads).unwrap().intake);
        let until = (ends[wrong + 20] - ends[wrong - 1]) as u64;
        assert_eq!(one.damaged_bytes, until, "{wrong}: {:?}", one.damage);
        assert_eq!(one.damage[0].offset, ends[wrong - 1] as u64, "{wrong}");
        assert_eq!(one.damage, two.damage, "{wrong}");
    }
}

/// Zeek's columns are parted by tabs, and some lines end in CR LF.
#[test]
fn members_that_begin_with_any_white_space_are_found_behind_damage() {
    let lines: Vec<(String, u64)> = members(3)
        .iter()
        .map(|(member, flows)| {
            let mut line = String::new();
            GzDecoder::new(&member[..])
                .read_to_string(&mut line)
                .unwrap();
            (format!("\r\n\t{}\r\n", line.trim_end()), *flows)
        })
        .collect();
    let packed = |text: &str| {
        let mut member = GzEncoder::new(Vec::new(), Compression::default());
        member.write_all(text.as_bytes()).unwrap();
        member.finish().unwrap()
    };
    let [first, mut damaged, last] = [0, 1, 2].map(|number: usize| packed(&lines[number].0));
    damaged[12..40].fill(0xff);
    let snapshot = read(&[&first[..], &damaged, &last].concat()).unwrap();
    assert_eq!(snapshot.table.totals().flows, lines[0].1 + lines[2].1);
    assert_eq!(snapshot.intake.damaged_bytes, damaged.len() as u64);
}

/// Of a member without a piece of text nobody else would say that it was there.
#[test]
fn a_file_that_ends_in_a_header_is_cut_off() {
    let members = members(4);
    let before: Vec<u8> = members[..3].iter().flat_map(|m| m.0.clone()).collect();
    for begin in [&[][..], &before] {
        for cut in 3..14 {
            let file = [begin, &members[3].0[..cut]].concat();
            for threads in [1, 2] {
                let intake = read_by(&file, threads).unwrap().intake;
                assert_eq!(intake.damaged_bytes, cut as u64, "{cut}");
                assert_eq!(intake.damage[0].offset, begin.len() as u64);
                assert!(intake.damage[0].reason.contains("ends too early"));
            }
        }
    }
}

/// So many members of which each holds the next one and runs on into the same megabytes
/// of nothing, behind which it breaks.
fn chain(count: usize, nothing: usize) -> Vec<u8> {
    let nothing = {
        let mut raw = flate2::write::DeflateEncoder::new(Vec::new(), Compression::best());
        raw.write_all(&vec![b'B'; nothing]).unwrap();
        raw.flush().unwrap();
        raw.get_ref().clone()
    };
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let text = [b'A'; 64];
    // a stored block of text and of the next member's header; what comes next is a block to both
    let length = (text.len() + header.len()) as u16;
    let block = [&[0][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat();
    let chain = [&header[..], &block, &text].concat().repeat(count);
    [&chain[..], &header, &nothing, &[7, 0xff]].concat()
}

/// None of them may cost as much again.
#[test]
fn what_many_damaged_members_run_over_is_not_read_by_each() {
    let members = members(40);
    let sound = members.iter().flat_map(|member| member.0.clone());
    let file = chain(400, 4 << 20).into_iter().chain(sound);
    let file: Vec<u8> = file.collect();
    let flows: u64 = members.iter().map(|member| member.1).sum();
    let [one, two] = [1, 2].map(|threads| read_by(&file, threads).unwrap());
    assert_eq!(one.table.totals().flows, flows);
    assert!(
        one.intake.rejected_lines < 12,
        "{}",
        one.intake.rejected_lines
    );
    assert_eq!(one.intake.rejects, two.intake.rejects);
    assert_eq!(one.intake.damage, two.intake.damage);
}

/// Where one thread's stretch ends and the next begins, between any two of them, it is
/// known how many have run over what comes.
#[test]
fn damaged_members_are_counted_across_threads() {
    let members = members(60);
    let sound: Vec<u8> = members.iter().flat_map(|m| m.0.clone()).collect();
    // the first stretch of a file
    let border = 16 << 10;
    for before in 0..12 {
        let chain = chain(24, 1 << 16);
        // a comment in a header, which may be as long as is needed
        let mut file = vec![0x1f, 0x8b, 8, 16, 0, 0, 0, 0, 0, 3];
        file.resize(border - 40 - 89 * before, b'c');
        file.extend([0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        file.extend(&chain);
        file.extend(&sound);
        let [one, two] = [1, 2].map(|threads| read_by(&file, threads).unwrap().intake);
        assert!(one.damage.len() > 8, "{before}: {:?}", one.damage);
        assert_eq!(one.damage, two.damage, "{before}");
        assert_eq!(one.rejects, two.rejects, "{before}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_broken_member_costs_itself_alone(
        broken in 1usize..7, at in 0.0..1.0f64, junk in prop::collection::vec(any::<u8>(), 1..200),
    ) {
        let members = members(8);
        let before: Vec<u8> = members[..broken].iter().flat_map(|m| m.0.clone()).collect();
        let after: Vec<u8> = members[broken + 1..].iter().flat_map(|m| m.0.clone()).collect();
        let mut member = members[broken].0.clone();
        let place = (at * member.len() as f64) as usize;
        for (byte, junk) in member[place..].iter_mut().zip(&junk) {
            *byte ^= junk | 1;
        }
        let file = [before, member, after].concat();
        let snapshot = read(&file).unwrap();
        let flows = snapshot.table.totals().flows;
        let sound: u64 = members.iter().map(|m| m.1).sum::<u64>() - members[broken].1;
        prop_assert!(flows >= sound, "{flows} of {sound} flows: {:?}", snapshot.intake);
        prop_assert!(flows <= sound + members[broken].1 + 1);
        // only bytes of the header that mean nothing can change unnoticed
        let noticed = !snapshot.intake.damage.is_empty() || snapshot.intake.rejected_lines > 0;
        prop_assert!(noticed || flows == sound + members[broken].1);
    }

    #[test]
    fn a_file_cut_anywhere_gives_what_comes_before(cut in 0.0..1.0f64) {
        let members = members(6);
        let file: Vec<u8> = members.iter().flat_map(|m| m.0.clone()).collect();
        let length = (cut * file.len() as f64) as usize;
        let (mut begin, mut whole, mut is_told) = (0, 0, false);
        for (member, flows) in &members {
            let kept = member.len().min(length.saturating_sub(begin));
            begin += member.len();
            let has_line = has_a_whole_line(&member[..kept]);
            whole += if has_line { *flows } else { 0 };
            is_told |= kept > 0 && !has_line;
        }
        match read(&file[..length]) {
            Some(snapshot) => {
                prop_assert_eq!(snapshot.table.totals().flows, whole);
                let intake = &snapshot.intake;
                prop_assert_eq!(intake.damaged_bytes + intake.rejected_lines > 0, is_told);
            }
            None => prop_assert!(length < 3),
        }
    }

    #[test]
    fn bytes_that_mean_nothing_do_no_harm(mut bytes in prop::collection::vec(any::<u8>(), 0..4000), gzip: bool) {
        if gzip && bytes.len() > 3 {
            bytes[..3].copy_from_slice(&[0x1f, 0x8b, 8]);
        }
        if let Some(snapshot) = read(&bytes) {
            prop_assert_eq!(snapshot.table.totals().flows, 0);
        }
    }
}
