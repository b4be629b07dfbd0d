//! A QR code, drawn here: no address leaves the page to be drawn elsewhere.

use leptos::prelude::*;
use qrcode::{EcLevel, QrCode as Code};

/// A QR code of a text, dark on light in every theme so that any camera reads it; nothing for a text that is too long.
#[component]
pub fn QrCode(
    /// What it says.
    #[prop(into)]
    text: String,
    /// Words for those who cannot see it.
    #[prop(into)]
    alt: String,
) -> impl IntoView {
    path(&text).map(|(side, path)| {
        view! {
            <svg
                class="qr"
                role="img"
                aria-label=alt
                viewBox=format!("0 0 {side} {side}")
                shape-rendering="crispEdges"
            >
                <path class="qr-ground" d=format!("M0 0h{side}v{side}h-{side}z")></path>
                <path class="qr-dark" d=path></path>
            </svg>
        }
    })
}

/// Width of the light border that readers need, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// Side of the drawing in modules, and the dark modules as a path of horizontal strokes.
fn path(text: &str) -> Option<(usize, String)> {
    use std::fmt::Write;
    let code = Code::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        for (x, module) in row.iter().enumerate() {
            if *module == qrcode::Color::Dark {
                // Writing to a string does not fail.
                let _written = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
            }
        }
    }
    Some((width + 2 * QUIET, path))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_code_has_a_quiet_border_and_its_finder_in_the_corner() {
        let (side, path) = path("https://keng.example/enrol#abc").unwrap();
        assert_eq!((side - 8 - 17) % 4, 0);
        assert!(path.starts_with("M4 4h1v1h-1zM5 4h1v1h-1z"));
    }

    #[test]
    fn a_text_that_no_code_can_hold_draws_nothing() {
        assert!(path(&"x".repeat(5_000)).is_none());
    }
}
