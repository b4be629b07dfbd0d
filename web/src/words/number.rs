//! Numbers as people write them: 1.234,5 in Vietnamese, 1,234.5 in English.

use super::{Lang, lang, pick};

/// A whole number with its thousands apart.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let separator = match lang() {
        Lang::Vi => '.',
        Lang::En => ',',
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        out.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A number that came as text, grouped if it is a whole number, as it is if not.
pub fn grouped_text(text: &str) -> String {
    text.parse().map(grouped).unwrap_or_else(|_| text.to_owned())
}

/// A number with one decimal.
pub fn tenths(number: f64) -> String {
    let tenths = (number * 10.0).round() as i64;
    let sign = if tenths < 0 { "−" } else { "" };
    let whole = grouped(tenths.abs() / 10);
    format!("{sign}{whole}{}{}", pick(',', '.'), tenths.abs() % 10)
}

/// A length: metres below one kilometre, else kilometres with one decimal.
pub fn metres(metres: u32) -> String {
    if metres < 1_000 {
        format!("{metres} m")
    } else {
        format!("{} km", tenths(f64::from(metres) / 1_000.0))
    }
}

/// A number of bytes, in the largest unit that leaves at least one.
pub fn bytes(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(bytes as f64 / 1e6)),
        _ => format!("{} GB", tenths(bytes as f64 / 1e9)),
    }
}

/// An accuracy in centimetres, as metres.
pub fn accuracy(centimetres: u32) -> String {
    format!("±{} m", grouped(i64::from(centimetres.div_ceil(100))))
}

#[cfg(test)]
mod tests {
    use super::super::set_lang;
    use super::*;

    #[test]
    fn thousands_and_decimals_follow_the_language() {
        assert_eq!(
            (grouped(1_234_567), grouped(-999), grouped(1_000)),
            ("1.234.567".into(), "−999".into(), "1.000".into())
        );
        assert_eq!(tenths(1_234.56), "1.234,6");
        set_lang(Lang::En);
        assert_eq!(
            (grouped(1_234_567), tenths(-0.25)),
            ("1,234,567".into(), "−0.3".into())
        );
        set_lang(Lang::Vi);
    }

    #[test]
    fn lengths_and_sizes_take_the_unit_that_people_would() {
        assert_eq!(
            (metres(0), metres(999), metres(1_000), metres(12_345)),
            ("0 m".into(), "999 m".into(), "1,0 km".into(), "12,3 km".into())
        );
        assert_eq!(
            (bytes(999), bytes(312_000), bytes(2_400_000), bytes(1_500_000_000)),
            ("999 B".into(), "312 kB".into(), "2,4 MB".into(), "1,5 GB".into())
        );
        assert_eq!((accuracy(450), accuracy(500)), ("±5 m".into(), "±5 m".into()));
    }
}
