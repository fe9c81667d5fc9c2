//! How deep JSON is nested where it is read byte after byte.

/// A depth behind damage, where none is known.
const SOMEWHERE: usize = usize::MAX / 2;

/// How deep an object is nested, and whether a text goes on.
#[derive(Clone, Copy, Default)]
pub struct Nesting {
    /// Brackets that are open.
    pub depth: usize,
    /// Which of the innermost ones are those of objects, that of the last in the lowest bit.
    objects: u64,
    in_text: bool,
    escaped: bool,
}

impl Nesting {
    /// Reads on; answers the bytes up to the end of the object, or all there are.
    pub fn scan(&mut self, bytes: &[u8]) -> usize {
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_text => self.escaped = true,
                b'"' => self.in_text = !self.in_text,
                b'{' | b'[' if !self.in_text => {
                    self.depth += 1;
                    self.objects = self.objects << 1 | u64::from(byte == b'{');
                }
                b'}' | b']' if !self.in_text => {
                    self.depth = self.depth.saturating_sub(1);
                    self.objects >>= 1;
                    if self.depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        bytes.len()
    }

    /// Goes on in another line: no text does.
    pub fn end_line(&mut self) {
        (self.in_text, self.escaped) = (false, false);
    }

    /// Whether the innermost bracket is that of an object: what comes next has a key.
    pub fn is_in_object(&self) -> bool {
        self.objects & 1 != 0
    }
}

/// `text` comes from behind damage: it begins at an unknown depth, maybe within a string. Returns
/// the offset behind the closing brace that first reaches the lowest depth, or 0.
pub fn torn(text: &[u8]) -> usize {
    let end = |in_text| {
        let mut nesting = Nesting {
            depth: SOMEWHERE,
            in_text,
            ..Nesting::default()
        };
        let mut lowest = (SOMEWHERE, 0);
        for (at, byte) in text.iter().enumerate() {
            nesting.scan(std::slice::from_ref(byte));
            if *byte == b'}' && nesting.depth < lowest.0 {
                lowest = (nesting.depth, at + 1);
            }
        }
        lowest
    };
    // who takes texts for what is between them finds few braces
    end(false).min(end(true)).1
}
