//! The text of a file that a spreadsheet of some age wrote.
//!
//! UTF-8 with or without a byte order mark, UTF-16 with one, and Windows-1258, the Vietnamese code page, in which tones
//! are marks of their own. Text comes out composed (NFC) by `keng_shared::text::clean` of each cell.

use std::borrow::Cow;

/// The text. A byte that means nothing becomes U+FFFD.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, mark)) => {
            let bytes = bytes.get(mark..).unwrap_or_default();
            encoding.decode_without_bom_handling(bytes).0
        }
        None => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => encoding_rs::WINDOWS_1258.decode_without_bom_handling(bytes).0,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::text;

    #[test]
    fn vietnamese_is_read_from_every_form_that_spreadsheets_write() {
        // "Ngã ba chợ" in Windows-1258: tones are marks behind their letters.
        let old = b"Nga\xde ba ch\xf5\xf2";
        assert_eq!(text::clean(&decode(old)), "Ngã ba chợ");
        assert_eq!(decode("\u{feff}Ngã ba chợ".as_bytes()), "Ngã ba chợ");
        let wide: Vec<u8> = "\u{feff}Ngã ba chợ"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decode(&wide), "Ngã ba chợ");
    }
}
