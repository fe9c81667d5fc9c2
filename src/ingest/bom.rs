//! The byte order mark of UTF-8, which some programs put before a text.

/// The mark that some programs write before text in UTF-8 (RFC 3629, 6).
pub const BOM: &[u8] = b"\xef\xbb\xbf";

/// Text without the mark at its beginning.
pub fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(BOM).unwrap_or(text)
}
