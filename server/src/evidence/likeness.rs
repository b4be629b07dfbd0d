//! How a photo looks, as a 64-bit difference hash (dHash; N. Krawetz, 2013): the picture shrunk to nine by eight grey
//! pixels, one bit for each pixel that is brighter than its right neighbour.
//!
//! Shrinking, compressing anew or a mild change of brightness leaves nearly all bits as they are; two photos of one
//! place on two nights differ in many.

use image::RgbImage;
use image::imageops::{self, FilterType};

/// Two photos that differ in at most so many of 64 bits look the same.
pub const NEAR_BITS: u32 = 4;
/// A picture with a smaller span of grey shows nothing to recognise it by, such as a lens cap or a dark lane.
const LEAST_SPAN: u8 = 24;
const COLUMNS: u32 = 9;
const ROWS: u32 = 8;

/// The hash of a picture; none when it shows too little.
pub fn hash(picture: &RgbImage) -> Option<u64> {
    let grey = imageops::grayscale(picture);
    let small = imageops::resize(&grey, COLUMNS, ROWS, FilterType::Triangle);
    let shades = || small.pixels().map(|pixel| pixel.0[0]);
    let span = shades().max()? - shades().min()?;
    if span < LEAST_SPAN {
        return None;
    }
    let mut bits = 0u64;
    for y in 0..ROWS {
        for x in 1..COLUMNS {
            let left = small.get_pixel(x - 1, y).0[0];
            let right = small.get_pixel(x, y).0[0];
            bits = bits << 1 | u64::from(left > right);
        }
    }
    Some(bits)
}

/// Whether two pictures look the same.
pub fn is_near(one: u64, other: u64) -> bool {
    (one ^ other).count_ones() <= NEAR_BITS
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::codecs::jpeg::JpegEncoder;
    use image::{DynamicImage, Rgb};

    /// A scene of overlapping shades that depends on `seed`.
    fn scene(seed: u32) -> RgbImage {
        RgbImage::from_fn(640, 480, |x, y| {
            let wave = |scale: f32, shift: u32| {
                let at = (x as f32 / scale) + (y as f32 / (scale * 1.7)) + (seed * shift) as f32;
                at.sin() * 60.0 + 120.0
            };
            let shade = (wave(61.0, 3) + wave(113.0, 7)) / 2.0;
            Rgb([shade as u8, (shade * 0.9) as u8, (shade * 0.7) as u8])
        })
    }

    #[test]
    fn a_photo_that_was_shrunk_compressed_anew_and_brightened_looks_the_same() {
        let original = scene(1);
        let small = imageops::resize(&original, 320, 240, FilterType::Triangle);
        let brighter = DynamicImage::ImageRgb8(small).brighten(12).into_rgb8();
        let mut jpeg = Vec::new();
        JpegEncoder::new_with_quality(&mut jpeg, 40)
            .encode_image(&brighter)
            .unwrap();
        let again = image::load_from_memory(&jpeg).unwrap().into_rgb8();
        assert!(is_near(hash(&original).unwrap(), hash(&again).unwrap()));
    }

    #[test]
    fn photos_of_different_scenes_do_not_look_the_same() {
        let hashes: Vec<u64> = (0..20).filter_map(|seed| hash(&scene(seed))).collect();
        assert_eq!(hashes.len(), 20);
        for (index, one) in hashes.iter().enumerate() {
            for other in hashes.iter().skip(index + 1) {
                assert!(!is_near(*one, *other), "{one:064b}\n{other:064b}");
            }
        }
    }

    #[test]
    fn a_dark_picture_is_like_no_other() {
        assert_eq!(hash(&RgbImage::from_pixel(64, 64, Rgb([9, 9, 9]))), None);
    }
}
