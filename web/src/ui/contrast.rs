//! Tests of the colours in `web/styles/tokens.css`.

use std::collections::HashMap;

const SHEET: &str = include_str!("../../styles/tokens.css");

/// Text colours and the grounds that each may stand on.
const ON_ANY_GROUND: [&str; 7] = [
    "text",
    "text-soft",
    "primary",
    "good",
    "warn",
    "danger",
    "bronze-strong",
];
const GROUNDS: [&str; 4] = ["ground", "surface", "surface-sunken", "surface-raised"];
const PAIRS: [(&str, &str); 11] = [
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
    ("on-primary-soft", "primary-soft"),
    ("on-bronze-soft", "bronze-soft"),
    ("on-good-soft", "good-soft"),
    ("on-warn-soft", "warn-soft"),
    ("on-danger-soft", "danger-soft"),
    ("on-info-soft", "info-soft"),
    ("on-quiet-soft", "quiet-soft"),
];

#[test]
fn every_text_stands_on_its_ground_with_seven_to_one_in_each_scheme() {
    for scheme in [":root {", "[data-theme=\"dark\"] {", "[data-scheme=\"night\"] {"] {
        let colours = colours(block(scheme));
        let everywhere = ON_ANY_GROUND
            .iter()
            .flat_map(|text| GROUNDS.iter().map(move |ground| (*text, *ground)));
        for (text, ground) in everywhere.chain(PAIRS) {
            let contrast = contrast(colours[text], colours[ground]);
            assert!(contrast >= 7.0, "{scheme} {text} on {ground}: {contrast:.2}");
        }
    }
}

#[test]
fn the_dark_scheme_is_the_same_by_choice_and_by_the_system() {
    let normal = |text: &str| -> Vec<String> { text.lines().map(|line| line.trim().to_owned()).collect() };
    assert_eq!(
        normal(block("[data-theme=\"dark\"] {")),
        normal(block(":root:not([data-theme]) {"))
    );
}

/// The declarations behind the first occurrence of a selector.
fn block(selector: &str) -> &'static str {
    let (_, rest) = SHEET.split_once(selector).unwrap();
    rest.split_once('}').unwrap().0.trim()
}

fn colours(block: &str) -> HashMap<&str, [f64; 3]> {
    block
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": #")?;
            let part = |at: usize| u8::from_str_radix(value.get(at..at + 2)?, 16).ok();
            Some((
                name,
                [part(0)?, part(2)?, part(4)?].map(|part| f64::from(part) / 255.0),
            ))
        })
        .collect()
}

/// WCAG 2.2, "contrast ratio".
fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}
