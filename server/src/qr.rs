//! QR codes as SVG, for links and tokens that a phone's camera reads.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// An SVG image of a QR code with this text, with a quiet zone; none if the text is too long for one.
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    Some(
        code.render::<svg::Color<'_>>()
            .min_dimensions(240, 240)
            .quiet_zone(true)
            .build(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_becomes_an_image_and_a_novel_does_not() {
        assert!(svg("https://keng.example.vn/enrol#abc").unwrap().contains("<svg"));
        assert_eq!(svg(&"x".repeat(10_000)), None);
    }
}
