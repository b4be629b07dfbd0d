//! Pictures that people look at: an upright thumbnail and preview as JPEG, made from pixels alone, so that no
//! metadata of the original can travel with them.

use super::inspect::{self, MediaType};
use super::likeness;
use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageReader, Rgb, RgbImage};
use std::io::Cursor;

/// Longest side of a thumbnail in pixels.
pub const THUMBNAIL_SIDE: u32 = 320;
/// Longest side of a preview in pixels.
pub const PREVIEW_SIDE: u32 = 1_600;
/// JPEG quality of both.
const QUALITY: u8 = 80;

/// A picture as JPEG bytes, twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renditions {
    pub thumbnail: Vec<u8>,
    pub preview: Vec<u8>,
    /// How the picture looks; none when it shows too little.
    pub look: Option<u64>,
}

/// The bytes are no picture that can be decoded within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undecodable;

/// Decodes a picture and makes both renditions. It may take a second and 256 MiB: call it where that is allowed.
pub fn make(bytes: &[u8], media_type: MediaType, orientation: u8) -> Result<Renditions, Undecodable> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), media_type.format());
    reader.limits(inspect::limits());
    let decoder = reader.into_decoder().map_err(|_| Undecodable)?;
    if !inspect::within_limits(decoder.dimensions()) || decoder.total_bytes() > inspect::MAX_DECODE_ALLOC {
        return Err(Undecodable);
    }
    let full = DynamicImage::from_decoder(decoder).map_err(|_| Undecodable)?;
    // Shrunk before it is turned: turning copies, and the full picture is the one large thing in memory.
    let mut preview = shrink(full, PREVIEW_SIDE);
    preview.apply_orientation(Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms));
    let preview = on_white(preview);
    let thumbnail = shrink(DynamicImage::ImageRgb8(preview.clone()), THUMBNAIL_SIDE).into_rgb8();
    Ok(Renditions {
        look: likeness::hash(&thumbnail),
        thumbnail: encode(&thumbnail)?,
        preview: encode(&preview)?,
    })
}

fn shrink(picture: DynamicImage, side: u32) -> DynamicImage {
    if picture.width().max(picture.height()) <= side {
        picture
    } else {
        picture.thumbnail(side, side)
    }
}

/// JPEG has no transparency: a transparent pixel becomes white, as on paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let rgba = picture.into_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [r, g, b, a] = rgba.get_pixel(x, y).0;
        let over = |c: u8| {
            let mixed = u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a));
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        Rgb([over(r), over(g), over(b)])
    })
}

fn encode(picture: &RgbImage) -> Result<Vec<u8>, Undecodable> {
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY)
        .encode(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .map_err(|_| Undecodable)?;
    Ok(out)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use image::ImageFormat;
    use std::path::Path;

    /// A picture whose left half is black and right half is white.
    fn picture(width: u32, height: u32) -> DynamicImage {
        DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, |x, _| {
            Rgb(if x < width / 2 { [0; 3] } else { [255; 3] })
        }))
    }

    fn bytes_of(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, format).unwrap();
        out.into_inner()
    }

    pub(crate) fn jpeg(width: u32, height: u32) -> Vec<u8> {
        bytes_of(&picture(width, height), ImageFormat::Jpeg)
    }

    pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
        bytes_of(&picture(width, height), ImageFormat::Png)
    }

    /// A photo of the folder beside the repository, if it is there.
    pub(crate) fn real_photo(name: &str) -> Option<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/photos");
        std::fs::read(folder.join(name)).ok()
    }

    fn size_of(jpeg: &[u8]) -> (u32, u32) {
        let picture = image::load_from_memory_with_format(jpeg, ImageFormat::Jpeg).unwrap();
        (picture.width(), picture.height())
    }

    #[test]
    fn a_large_picture_shrinks_and_a_small_one_keeps_its_size() {
        let large = make(&jpeg(2_000, 1_000), MediaType::Jpeg, 1).unwrap();
        assert_eq!(
            (size_of(&large.preview), size_of(&large.thumbnail)),
            ((1_600, 800), (320, 160))
        );
        let small = make(&png(30, 20), MediaType::Png, 1).unwrap();
        assert_eq!(
            (size_of(&small.preview), size_of(&small.thumbnail)),
            ((30, 20), (30, 20))
        );
    }

    #[test]
    fn a_picture_taken_sideways_is_turned_upright() {
        let made = make(&png(40, 20), MediaType::Png, 6).unwrap();
        let upright = image::load_from_memory(&made.preview).unwrap().into_luma8();
        assert_eq!(upright.dimensions(), (20, 40));
        assert!(upright.get_pixel(10, 2).0[0] < 50 && upright.get_pixel(10, 37).0[0] > 200);
    }

    #[test]
    fn a_transparent_picture_stands_on_white() {
        let clear = DynamicImage::ImageRgba8(image::RgbaImage::new(8, 8));
        let made = make(&bytes_of(&clear, ImageFormat::Png), MediaType::Png, 1).unwrap();
        let shown = image::load_from_memory(&made.thumbnail).unwrap().into_rgb8();
        assert!(shown.get_pixel(4, 4).0.iter().all(|c| *c > 250));
    }

    #[test]
    fn bytes_that_only_begin_like_a_picture_are_undecodable() {
        assert_eq!(
            make(b"\x89PNG\r\n\x1a\nnothing", MediaType::Png, 1),
            Err(Undecodable)
        );
        assert_eq!(
            make(&[0xff, 0xd8, 0xff, 0xe0], MediaType::Jpeg, 1),
            Err(Undecodable)
        );
    }

    #[test]
    fn real_photos_of_every_orientation_come_out_upright_and_without_metadata() {
        for (name, wide) in [
            ("landscape_6.jpg", true),
            ("landscape_8.jpg", true),
            ("portrait_3.jpg", false),
        ] {
            let Some(bytes) = real_photo(name) else { return };
            let facts = super::super::exif::read(&bytes);
            let made = make(&bytes, MediaType::Jpeg, facts.orientation).unwrap();
            let (width, height) = size_of(&made.preview);
            assert_eq!(width > height, wide, "{name}: {width}×{height}");
            assert!(
                !made.preview.windows(4).any(|w| w == b"Exif" || w == b"http"),
                "{name}"
            );
        }
    }
}
