//! Vietnamese text: one normal form, search that folds marks, and the order of a Vietnamese dictionary.

use crate::unicode::{lower, nfc, nfd};

/// The form in which text is stored: NFC, without control characters other than line feeds, trimmed.
pub fn clean(text: &str) -> String {
    let kept: String = nfc(text)
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .filter(|c| !is_bidi_control(*c))
        .collect();
    kept.trim().to_owned()
}

/// Text that search compares: lower case, without marks, đ as d, every run of other characters as one space.
/// `Hoà` and `Hòa` and `hoa` give the same key.
pub fn search_key(text: &str) -> String {
    let folded: String = lower(&nfd(text))
        .chars()
        .filter(|c| !is_mark(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A key whose byte order is Vietnamese dictionary order: letters a ă â b c d đ e ê …, then tones
/// (level, huyền, hỏi, ngã, sắc, nặng) decide between words that have the same letters.
pub fn sort_key(text: &str) -> String {
    let mut letters = String::new();
    let mut tones = String::new();
    for c in lower(&nfd(text)).chars() {
        match c {
            '\u{300}' => tones.push('1'),
            '\u{309}' => tones.push('2'),
            '\u{303}' => tones.push('3'),
            '\u{301}' => tones.push('4'),
            '\u{323}' => tones.push('5'),
            '\u{306}' => letters.push('1'),
            '\u{302}' => letters.push('2'),
            '\u{31b}' => letters.push('3'),
            'đ' => letters.push_str("d1"),
            c if c.is_alphanumeric() => {
                letters.push(c);
                tones.push('0');
            }
            _ => letters.push(' '),
        }
    }
    // Numbers in names count as numbers: "Thôn 2" before "Thôn 10".
    format!("{}|{tones}", pad_numbers(&text_letters(&letters)))
}

/// Marks that follow a letter belong to it; a plain letter gets a `0` so that `an` sorts before `ăn`.
fn text_letters(marked: &str) -> String {
    let mut out = String::with_capacity(marked.len() * 2);
    let mut chars = marked.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        if c.is_alphabetic() && !chars.peek().is_some_and(char::is_ascii_digit) {
            out.push('0');
        }
    }
    out
}

fn pad_numbers(text: &str) -> String {
    // A digit that follows a letter is a mark of that letter; digits after a space are a number.
    text.split(' ')
        .map(|word| {
            if !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()) {
                format!("{word:0>9}")
            } else {
                word.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// A name as people sign in with it: case and space around it do not matter.
pub fn fold_username(name: &str) -> String {
    lower(name.trim())
}

/// The blocks of combining marks that Latin letters take.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Characters that reorder the text around them; a name that holds one can lie about itself.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn search_folds_tone_placement_marks_case_and_unicode_form() {
        for form in ["Hoà", "Hòa", "HÒA", "Ho\u{300}a", "hoa"] {
            assert_eq!(search_key(form), "hoa");
        }
        assert_eq!(search_key("Đồng Thịnh – thôn  2"), "dong thinh thon 2");
    }

    #[test]
    fn names_sort_as_in_a_vietnamese_dictionary() {
        let mut names = vec![
            "Đông", "Dũng", "Ân", "An", "Ăn", "Thôn 10", "Thôn 2", "Êm", "Em", "Dung",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "An", "Ăn", "Ân", "Dung", "Dũng", "Đông", "Em", "Êm", "Thôn 2", "Thôn 10"
            ]
        );
    }

    #[test]
    fn cleaning_composes_and_drops_what_could_disguise_a_name() {
        assert_eq!(clean("  Ho\u{300}a\u{202e}\u{0} "), "Hòa");
    }
}
