//! What is said where there is nothing to see: why, and which key helps.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use flowpeek::load::{Inputs, Snapshot, load};
use flowpeek::table::build::Pairing;
use flowpeek::tui::threads::inbox::Message;

use super::Browser;

/// A browser over a text, which has been read whole or not.
fn over(text: &str, complete: bool) -> Browser {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let mut browser = Browser::empty(60, 15);
    let inputs = Inputs::look_at(&[file.path().to_owned()]).unwrap();
    browser.library = inputs.library.clone();
    let mut snapshot = load(inputs, Pairing::Strict { tolerance: 1000 }, 1, |_| true);
    let intake = Arc::make_mut(&mut snapshot.intake);
    intake.files[0].name = "flows".to_owned();
    browser.tell(Message::Load(Box::new(Snapshot {
        complete,
        elapsed: Duration::from_secs(1),
        ..snapshot
    })));
    browser
}

const ONE: &str = r#"{"1700000000.5": {"client": ["192.0.2.1", 2055], "header": {"version": 9, "count": 1, "uptime": 2000, "timestamp": 1700000000, "sequence": 7, "source_id": 1}, "flows": [{"IPV4_SRC_ADDR": "10.0.0.1", "IPV4_DST_ADDR": "192.0.2.7", "FIRST_SWITCHED": 1000, "LAST_SWITCHED": 1500, "IN_BYTES": 60, "IN_PKTS": 1, "L4_SRC_PORT": 50000, "L4_DST_PORT": 443, "PROTOCOL": 6, "TCP_FLAGS": 2, "IP_PROTOCOL_VERSION": 4}]}}
"#;

#[test]
fn rows_of_another_view_that_pass_the_filter_are_told_with_its_key() {
    for (keys, words, view) in [
        ("/unmatched\r", "unmatched flows do: 2 shows them.", "2"),
        (
            "/reason ping\r",
            "unmatched flows do: 2 and a show them.",
            "2a",
        ),
        ("2/matched\r", "connections do: 1 shows them.", "1"),
    ] {
        let mut browser = Browser::open(80, 24);
        browser.keys(keys);
        let screen = browser.screen();
        assert!(screen.contains(words), "{screen}");
        browser.keys(view);
        assert!(browser.app.tab().list.rows.shown > 0, "{keys}");
    }
    let mut browser = Browser::open(80, 24);
    browser.keys("/port 1\r");
    let screen = browser.screen();
    assert!(
        screen.contains("None of ") && !screen.contains(" do: "),
        "{screen}"
    );
}

#[test]
fn that_unmatched_flows_have_no_client_is_told_to_who_asks_for_one() {
    let words = "An unmatched flow has no client and no server; src and dst mean its ends.";
    for (filter, is_told) in [
        ("client port 53", true),
        ("not src port 53 and server host 192.0.2.1", true),
        ("src port 1", false),
    ] {
        let mut browser = Browser::open(80, 24);
        browser.keys(&format!("2/{filter}\r"));
        assert_eq!(browser.screen().contains(words), is_told, "{filter}");
    }
}

#[test]
fn every_view_says_why_it_is_empty_and_which_key_helps() {
    for (name, text, complete) in [
        ("loading", "\n", false),
        ("nothing", "\n", true),
        ("rejects", "{\"x\": 1}\n{]\n", true),
        ("one_flow", ONE, true),
        ("one_flow_loading", ONE, false),
    ] {
        for view in ["1", "2", "3", "4", "5"] {
            let mut browser = over(text, complete);
            browser.keys(view);
            insta::assert_snapshot!(format!("{name}_{view}"), browser.screen());
        }
    }
}
