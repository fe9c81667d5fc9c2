//! The grid: columns that scroll, are chosen, resized and carried about, sums
//! below it, and the mouse.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use flowpeek::model::end::End;
use flowpeek::model::units;
use flowpeek::model::value::Value;
use flowpeek::query::field::{FIELDS, find};
use flowpeek::tui::threads::inbox::Message;
use flowpeek::tui::update::update;
use flowpeek::tui::view::{self, draw};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use ratatui::style::Modifier;

use super::Browser;

const SIZES: [(u16, u16); 3] = [(60, 15), (80, 24), (120, 40)];

fn lines(browser: &Browser) -> Vec<String> {
    let screen = browser.screen();
    let lines = screen.lines().map(|line| line.trim_matches('"'));
    lines.map(str::to_owned).collect()
}

/// The words of the header; two spaces or the width of a column part them.
fn header(browser: &Browser) -> String {
    let row = view::table_area(&browser.app).y;
    lines(browser)[usize::from(row)].clone()
}

impl Browser {
    fn mouse(&mut self, kind: MouseEventKind, column: u16, row: u16) {
        let event = MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        self.tell(Message::Input(Event::Mouse(event)));
    }

    fn click(&mut self, column: usize, row: u16) {
        let button = MouseEventKind::Down(MouseButton::Left);
        self.mouse(button, column as u16, row);
    }
}

#[test]
fn the_grid_at_three_sizes() {
    for (width, height) in SIZES {
        let mut browser = Browser::open(width, height);
        browser.keys("lllls/service https");
        browser.press(KeyCode::Enter);
        browser.keys("jj");
        insta::assert_snapshot!(format!("grid_{width}x{height}"), browser.screen());
        browser.press(KeyCode::End);
        browser.keys("llllllllll");
        insta::assert_snapshot!(format!("grid_far_right_{width}x{height}"), browser.screen());
    }
}

#[test]
fn the_states_of_the_grid_at_three_sizes() {
    for (width, height) in SIZES {
        let mut browser = Browser::open(width, height);
        browser.keys("o2lll#n");
        insta::assert_snapshot!(format!("unmatched_{width}x{height}"), browser.screen());
        browser.keys("1ll>>>>>>LlCj ");
        browser.press(KeyCode::Enter);
        browser.keys("GN");
        insta::assert_snapshot!(format!("arranged_{width}x{height}"), browser.screen());
        browser.keys("/port 1");
        browser.press(KeyCode::Enter);
        insta::assert_snapshot!(format!("empty_{width}x{height}"), browser.screen());
    }
}

#[test]
fn no_header_is_cut_whatever_is_under_the_cursor_and_in_order() {
    for (width, height) in SIZES {
        for view in ["1", "2"] {
            let mut browser = Browser::open(width, height);
            browser.keys(view);
            for _ in 0..browser.app.tab().columns.list().len() {
                browser.keys("s");
                let header = header(&browser);
                let name = browser.app.tab().columns.field().header;
                let marked = ["v", "^"].map(|mark| format!("{name}{mark}"));
                assert!(marked.iter().any(|name| header.contains(name)), "{header}");
                assert!(!header.contains('…'), "{header}");
                let first = browser.app.tab().columns.list()[0].field.header;
                assert!(header.trim_start().starts_with(first), "{header} is pinned");
                browser.keys("l");
            }
        }
    }
}

#[test]
fn every_field_can_be_a_column_and_none_is_cut() {
    let mut browser = Browser::open(80, 24);
    browser.keys("Cg");
    for field in FIELDS {
        if !browser.app.tab().columns.has(field) {
            browser.keys(" ");
        }
        browser.keys("j");
    }
    browser.press(KeyCode::Enter);
    browser.keys(&"h".repeat(99));
    assert_eq!(browser.app.tab().columns.list().len(), FIELDS.len());
    for _ in FIELDS {
        let screen = lines(&browser);
        let name = browser.app.tab().columns.field().header;
        assert!(screen[3].contains(name), "{name}: {}", screen[3]);
        browser.keys("l");
    }
    insta::assert_snapshot!(browser.screen());
}

#[test]
fn columns_are_chosen_from_a_list() {
    for (width, height) in SIZES {
        let mut browser = Browser::open(width, height);
        browser.keys("llC");
        insta::assert_snapshot!(format!("chooser_{width}x{height}"), browser.screen());
        // the source goes, its host name comes
        browser.keys(" jj ");
        browser.press(KeyCode::Esc);
        let header = header(&browser);
        assert!(
            header.contains("Source host") && !header.contains("Source  "),
            "{header}"
        );
        // and nothing else
        browser.keys("C");
        assert!(
            lines(&browser)
                .iter()
                .any(|line| line.starts_with("[x] Source host"))
        );
        browser.keys("G");
        assert!(
            lines(&browser)
                .iter()
                .any(|line| line.starts_with("[ ] B/pkt"))
        );
        browser.keys("C");
    }
}

#[test]
fn row_column_and_cell_are_marked_without_colour() {
    let mut browser = Browser::open(60, 15);
    browser.keys("jll");
    let mut terminal = Terminal::new(TestBackend::new(60, 15)).unwrap();
    terminal.draw(|frame| draw(&browser.app, frame)).unwrap();
    let buffer = terminal.backend().buffer().clone();
    let columns = view::columns_of(&browser.app);
    let begin: u16 = columns[..2].iter().map(|at| at.2 + 1).sum();
    let cell = begin..begin + columns[2].2;
    for y in 2..13 {
        for x in 0..60 {
            let style = buffer[(x, y)].modifier;
            let place = format!("{x} {y}");
            assert_eq!(style.contains(Modifier::REVERSED), y == 4, "{place}");
            let under = cell.contains(&x) && [2, 4].contains(&y);
            assert_eq!(style.contains(Modifier::UNDERLINED), under, "{place}");
        }
    }
}

#[test]
fn the_last_column_stays() {
    let mut browser = Browser::open(80, 24);
    let names: Vec<&str> = browser
        .app
        .tab()
        .columns
        .list()
        .iter()
        .map(|it| it.field.name)
        .collect();
    browser.keys("C");
    for name in names {
        let line = FIELDS.iter().position(|field| field.name == name).unwrap();
        browser.keys("g");
        browser.keys(&"j".repeat(line));
        browser.keys(" ");
    }
    assert!(lines(&browser)[23].contains("one column stays"));
    browser.press(KeyCode::Enter);
    assert_eq!(
        header(&browser).split_whitespace().collect::<Vec<_>>(),
        ["Ver"]
    );
}

#[test]
fn columns_are_resized_and_carried() {
    let mut browser = Browser::open(80, 24);
    let place = |browser: &Browser, name: &str| header(browser).find(name).unwrap();
    let begin = place(&browser, "Source");
    browser.keys("l>>>>");
    assert_eq!(place(&browser, "Source"), begin + 4);
    browser.keys(&"<".repeat(50));
    // never narrower than its name with the mark of the order
    assert_eq!(
        place(&browser, "Source"),
        place(&browser, "Service") + "Service".len() + 2
    );
    browser.keys("L");
    assert!(place(&browser, "Source") < place(&browser, "Service"));
    browser.keys("HH");
    assert!(
        header(&browser).starts_with("Service"),
        "{}",
        header(&browser)
    );
    assert_eq!(browser.app.tab().columns.field().name, "service");
    // each view has its own
    browser.keys("2");
    assert!(header(&browser).trim_start().starts_with("Start"));
}

#[test]
fn addresses_of_ipv6_keep_whole_groups_of_both_ends() {
    let mut browser = Browser::open(80, 24);
    browser.keys("/ipv6");
    browser.press(KeyCode::Enter);
    let rows = browser.app.tab().list.rows.ids.clone();
    let screen = lines(&browser);
    let mut shortened = 0;
    for (line, &row) in screen[4..].iter().zip(&rows).take(18) {
        let facts = browser.app.facts(row);
        for end in End::BOTH {
            let whole = facts.address(end).unwrap().to_string();
            let shown = |word: &&str| match word.split_once('…') {
                Some((head, tail)) => {
                    (head.ends_with(':') && tail.starts_with(':'))
                        && whole.starts_with(head)
                        && whole.ends_with(tail)
                }
                None => *word == whole,
            };
            let word = line.split_whitespace().find(shown);
            assert!(word.is_some(), "{whole} in {line}");
            shortened += usize::from(word.unwrap().contains('…'));
        }
    }
    assert!(shortened > 0);
    insta::assert_snapshot!(browser.screen());
}

/// The sum of a field over all rows that are shown.
fn sum(browser: &Browser, name: &str) -> u128 {
    let field = find(name).unwrap();
    let rows = &browser.app.tab().list.rows.ids;
    let number = |row: &u32| match field.value(&browser.app.facts(*row)) {
        Value::Number(number) => number as u128,
        _ => 0,
    };
    rows.iter().map(number).sum()
}

#[test]
fn the_sums_are_those_of_the_rows_shown() {
    for keys in ["", "2", "1o", "2-----", "1/proto udp\n", "2"] {
        let mut browser = Browser::open(100, 24);
        for c in keys.chars() {
            match c {
                '\n' => browser.press(KeyCode::Enter),
                c => browser.press(KeyCode::Char(c)),
            }
        }
        let rows = browser.app.tab().list.rows.ids.len();
        let noun = browser.app.tab().info.body.noun();
        let expected = format!(
            "{rows} {noun}  {} >  {} <  {} packets",
            units::bytes(sum(&browser, "src_bytes")),
            units::bytes(sum(&browser, "dst_bytes")),
            units::count(sum(&browser, "packets")),
        );
        let totals = lines(&browser)[22].clone();
        assert!(
            totals
                .replace(',', "")
                .starts_with(&expected.replace(',', "")),
            "{totals}\n{expected}"
        );
        assert!(rows > 0);
    }
}

#[test]
fn position_and_percentage() {
    let mut browser = Browser::open(80, 24);
    let place = |browser: &Browser| lines(browser)[22].trim_end().to_owned();
    assert!(
        place(&browser).ends_with("col 1/19  row 1/796  0%"),
        "{}",
        place(&browser)
    );
    browser.press(KeyCode::End);
    assert!(place(&browser).ends_with("row 796/796  100%"));
    browser.keys("/port 1");
    browser.press(KeyCode::Enter);
    assert!(
        place(&browser).ends_with("row 0 of 0  0%"),
        "{}",
        place(&browser)
    );
    let mut narrow = Browser::open(60, 15);
    narrow.press(KeyCode::End);
    assert!(lines(&narrow)[13].trim_end().ends_with("100%"));
}

#[test]
fn the_mouse_selects_groups_as_well() {
    let mut browser = Browser::open(80, 24);
    browser.keys("m3");
    let line = |browser: &Browser| browser.app.together.top.list.line();
    browser.click(5, 9);
    assert_eq!(line(&browser), 5);
    browser.mouse(MouseEventKind::ScrollDown, 5, 9);
    assert_eq!(line(&browser), 8);
    // a header, the lines around, and views without rows to click on
    browser.click(5, 3);
    browser.click(5, 23);
    assert_eq!(line(&browser), 8);
    for view in ["4", "5"] {
        browser.keys(view);
        let before = browser.screen();
        browser.click(5, 9);
        assert_eq!(browser.screen(), before);
    }
}

#[test]
fn keys_that_do_nothing_say_why() {
    let mut browser = Browser::open(80, 24);
    for (keys, words) in [
        ("?s", "that key does nothing here; Esc leads back"),
        ("\r+", "that key does nothing here; Esc leads back"),
        ("Cs", "that key does nothing here; Enter leads back"),
        ("z", "that key is for the timeline; 4 shows it"),
        ("3t", "that key is for the timeline; 4 shows it"),
        ("5t", "that key is for the timeline; 4 shows it"),
        (
            "3C",
            "that key is for tables of flows; Enter shows those of this group",
        ),
        (
            "4S",
            "that key is for tables of flows; Enter shows those of this time",
        ),
        (
            "5s",
            "that key is for tables of flows; 1 shows the connections",
        ),
    ] {
        browser.keys(keys);
        assert!(
            lines(&browser)[23].contains(words),
            "{keys}: {}",
            lines(&browser)[23]
        );
        browser.press(KeyCode::Esc);
        browser.keys("1");
    }
    browser.keys("/host 9.9.9.9\r");
    for (keys, words) in [
        ("\r", "there is no row"),
        ("4t", "there is no stretch of time"),
    ] {
        browser.keys(keys);
        assert!(
            lines(&browser)[23].contains(words),
            "{keys}: {}",
            lines(&browser)[23]
        );
    }
    // a page at a time wherever there are pages
    browser.keys("1u5 ");
    assert!(browser.app.tab().list.line() > 0);
}

#[test]
fn the_mouse_works_once_it_is_on() {
    let mut browser = Browser::open(80, 24);
    let line = |browser: &Browser| browser.app.tab().list.line();
    browser.mouse(MouseEventKind::ScrollDown, 5, 9);
    browser.click(5, 9);
    assert_eq!(line(&browser), 0, "it is off");
    browser.keys("m");
    assert!(lines(&browser)[23].contains("the mouse is on"));
    browser.mouse(MouseEventKind::ScrollDown, 5, 9);
    assert_eq!(line(&browser), 3);
    browser.mouse(MouseEventKind::ScrollUp, 5, 9);
    assert_eq!(line(&browser), 0);
    let at = |browser: &Browser, name: &str| header(browser).find(name).unwrap();
    let service = at(&browser, "Service");
    browser.click(service, 9);
    assert_eq!(line(&browser), 5);
    assert_eq!(browser.app.tab().columns.field().name, "service");
    let bytes = at(&browser, "Bytes");
    browser.click(bytes, 3);
    assert!(header(&browser).contains("Bytesv"));
    assert!(lines(&browser)[1].contains("[by Bytesv]"));
    browser.click(bytes, 3);
    assert!(
        header(&browser).contains("Bytes^"),
        "once more is the other way"
    );
    // the lines around the table are not rows
    let before = browser.screen();
    for row in [0, 1, 2, 22, 23] {
        browser.click(service, row);
    }
    assert_eq!(browser.screen(), before);
    browser.keys("/");
    let before = browser.screen();
    browser.mouse(MouseEventKind::ScrollDown, 5, 9);
    browser.click(5, 9);
    assert_eq!(browser.screen(), before, "the prompt has the word");
    browser.press(KeyCode::Esc);
    browser.keys("m");
    let before = line(&browser);
    browser.click(service, 12);
    assert_eq!(line(&browser), before);
}

#[test]
fn another_size_while_something_is_typed_keeps_the_text() {
    for keys in ["/port 53 an", ":filter sa"] {
        let mut browser = Browser::open(80, 24);
        browser.keys(keys);
        for (width, height) in [(120, 40), (20, 5), (60, 15), (80, 24)] {
            browser.tell(Message::Input(Event::Resize(width, height)));
            browser.screen();
        }
        let lines = lines(&browser);
        assert!(
            lines[20..].iter().any(|line| line.starts_with(keys)),
            "{lines:?}"
        );
    }
}

#[test]
fn a_recorded_list_of_messages_replays_to_the_same_screen() {
    let mut browser = Browser::open(100, 30);
    browser.keys("llls+/service https");
    browser.press(KeyCode::Enter);
    browser.keys("jj#nnN=L>Cj C2jm");
    browser.mouse(MouseEventKind::ScrollDown, 5, 9);
    browser.click(10, 3);
    browser.tell(Message::Input(Event::Paste("ignored".to_owned())));
    browser.tell(Message::Input(Event::Resize(90, 25)));
    let key = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL);
    browser.tell(Message::Input(Event::Key(key)));
    browser.keys("!u[y1");
    browser.press(KeyCode::Enter);
    // the effects of the second run are not carried out: their answers are recorded too
    let mut again = Browser::empty(100, 30);
    for message in browser.told.clone() {
        update(&mut again.app, message);
    }
    assert_eq!(again.screen(), browser.screen());
    assert!(again.screen().contains("Paired "), "{}", again.screen());
    assert_eq!(again.app.size, Size::new(90, 25));
}

#[test]
fn a_column_that_is_shown_again_is_where_it_was() {
    let mut browser = Browser::open(80, 24);
    let before = browser.screen();
    browser.keys("C  \r");
    assert_eq!(browser.screen(), before);
    // several of them, in either order, among columns that were carried about
    for keys in ["C jjjjjjj  kkkkkkk \r", "C jjjjjjj kkkkkkk jjjjjjj \r"] {
        let mut browser = Browser::open(200, 24);
        browser.keys("l>>>Lh");
        let before = header(&browser);
        browser.keys("hhhh");
        browser.keys(keys);
        assert_eq!(header(&browser), before, "{keys}");
    }
}

#[test]
fn what_a_field_is_ends_with_a_mark_where_it_is_cut() {
    let mut browser = Browser::open(60, 15);
    browser.keys("Cg");
    for field in FIELDS {
        let screen = lines(&browser);
        let begin = screen
            .iter()
            .find(|line| line[4..].starts_with(&format!("{:18}", field.header)));
        let line = begin
            .unwrap_or_else(|| panic!("{} in {screen:?}", field.header))
            .trim_end();
        assert!(line.ends_with(field.help) || line.ends_with('…'), "{line}");
        browser.keys("j");
    }
}

#[test]
fn a_width_that_nothing_can_be_seen_of_is_not_kept() {
    for key in ["<", ">"] {
        let mut browser = Browser::open(80, 24);
        let text = |browser: &Browser| browser.app.tab().columns.text("");
        for _ in 0..browser.app.tab().columns.list().len() {
            for _ in 0..250 {
                let (before, kept) = (lines(&browser), text(&browser));
                browser.keys(key);
                let after = lines(&browser);
                let header = browser.app.tab().columns.field().header;
                let way = if key == "<" {
                    "no narrower"
                } else {
                    "no wider"
                };
                if text(&browser) == kept {
                    assert_eq!(after[..23], before[..23], "{key} on {header}");
                    assert!(after[23].contains(way), "{key} on {header}: {}", after[23]);
                    break;
                }
                assert!(after[23].contains("columns wide"), "{}", after[23]);
            }
            browser.keys("l");
        }
    }
}
