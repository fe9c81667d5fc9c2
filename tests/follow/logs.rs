//! Logs of other programs that grow: Zeek's conn.log, whose columns are named at its
//! beginning alone, in pieces that end anywhere; and eve.json.

use std::fs;
use std::path::Path;
use std::slice::from_ref;

use super::following::{Following, assert_alike, read_afresh};
use super::support::append;

fn sample(name: &str) -> String {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    fs::read_to_string(data.join(name)).unwrap()
}

#[test]
fn logs_are_followed_wherever_their_pieces_end() {
    let folder = tempfile::tempdir().unwrap();
    for (name, wanted) in [
        ("zeek-conn.log", 11),
        ("zeek-conn.json", 11),
        ("suricata-eve.json", 9),
        ("nfdump.json", 17),
    ] {
        let text = sample(name);
        let path = folder.path().join(name);
        let begun = text.len() / 3;
        fs::write(&path, &text[..begun]).unwrap();
        let mut following = Following::of(from_ref(&path));
        for part in [
            begun..begun + 5,
            begun + 5..begun + 400,
            begun + 400..text.len(),
        ] {
            append(&path, text[part].as_bytes());
            let afresh = read_afresh(from_ref(&path));
            following.wait_flows(afresh.table.totals().flows);
        }
        let followed = following.wait_flows(wanted);
        assert_eq!(followed.table.totals().flows, wanted, "{name}");
        assert_alike(&followed, &read_afresh(from_ref(&path)));
        assert_eq!(followed.intake.rejected_lines, 0, "{name}");
    }
}
