//! What uploaded bytes are: JPEG, PNG or WebP by their magic bytes, with limits that hold before anything is decoded.
//!
//! Bytes of another type, or a picture that declares more pixels than the limits allow, are refused. A picture of the
//! right type that cannot be read is *kept*: evidence is never lost, a reviewer sees it flagged as undecodable.

use super::exif;
use image::{ImageDecoder, ImageFormat, ImageReader, Limits};
use keng_shared::evidence::{MAX_PHOTO_PIXELS, MAX_PHOTO_SIDE};
use keng_shared::record::ExifHint;
use std::io::Cursor;

/// Most bytes that decoding one picture may allocate: 256 MiB (TRUST S8).
pub const MAX_DECODE_ALLOC: u64 = 256 * 1024 * 1024;

/// A type of picture that is accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaType {
    Jpeg,
    Png,
    WebP,
}

impl MediaType {
    /// The type that the first bytes of a file announce.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => None,
        }
    }

    /// The media type on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
        }
    }

    /// The type with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::WebP]
            .into_iter()
            .find(|media| media.as_str() == text)
    }

    /// The usual ending of a file name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
        }
    }

    pub(super) fn format(self) -> ImageFormat {
        match self {
            Self::Jpeg => ImageFormat::Jpeg,
            Self::Png => ImageFormat::Png,
            Self::WebP => ImageFormat::WebP,
        }
    }
}

/// What the head of a picture says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    pub media_type: MediaType,
    /// Pixels across and down once upright; none when the header cannot be read.
    pub upright_size: Option<(u32, u32)>,
    /// What EXIF says: a hint.
    pub exif: ExifHint,
    /// EXIF orientation, 1 to 8.
    pub orientation: u8,
}

/// Why bytes are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Neither JPEG nor PNG nor WebP.
    NotAPicture,
    /// More pixels than the limits allow.
    TooManyPixels { width: u32, height: u32 },
}

/// Looks at the type, size and EXIF of uploaded bytes without decoding the pixels.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, Refusal> {
    let media_type = MediaType::sniff(bytes).ok_or(Refusal::NotAPicture)?;
    let stored_size = declared_size(bytes, media_type);
    if let Some((width, height)) = stored_size.filter(|size| !within_limits(*size)) {
        return Err(Refusal::TooManyPixels { width, height });
    }
    let facts = exif::read(bytes);
    let upright_size = stored_size.map(|(width, height)| match facts.orientation {
        5..=8 => (height, width),
        _ => (width, height),
    });
    Ok(Inspection {
        media_type,
        upright_size,
        exif: facts.hint,
        orientation: facts.orientation,
    })
}

pub(super) fn within_limits((width, height): (u32, u32)) -> bool {
    width <= MAX_PHOTO_SIDE
        && height <= MAX_PHOTO_SIDE
        && u64::from(width) * u64::from(height) <= MAX_PHOTO_PIXELS
}

/// Limits for every decoder of the server.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_PHOTO_SIDE);
    limits.max_image_height = Some(MAX_PHOTO_SIDE);
    limits.max_alloc = Some(MAX_DECODE_ALLOC);
    limits
}

/// The size that the header declares. The limits of width and height are checked by the caller, who can name them.
fn declared_size(bytes: &[u8], media_type: MediaType) -> Option<(u32, u32)> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), media_type.format());
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODE_ALLOC);
    reader.limits(limits);
    reader.into_decoder().ok().map(|decoder| decoder.dimensions())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::renditions::tests::{jpeg, png};

    #[test]
    fn a_type_is_what_the_first_bytes_say() {
        assert_eq!(MediaType::sniff(&jpeg(8, 8)), Some(MediaType::Jpeg));
        assert_eq!(MediaType::sniff(&png(8, 8)), Some(MediaType::Png));
        assert_eq!(MediaType::sniff(b"RIFF\0\0\0\0WEBPVP8 "), Some(MediaType::WebP));
        for other in [
            &b""[..],
            b"\xff\xd8",
            b"GIF89a",
            b"<svg xmlns=",
            b"%PDF-1.7",
            b"RIFF\0\0\0\0WAVE",
        ] {
            assert_eq!(MediaType::sniff(other), None);
        }
    }

    #[test]
    fn a_picture_that_declares_too_many_pixels_is_refused_before_decoding() {
        let mut bytes = png(8, 8);
        bytes[16..20].copy_from_slice(&60_000u32.to_be_bytes());
        bytes[20..24].copy_from_slice(&60_000u32.to_be_bytes());
        let crc = crc32(&bytes[12..29]);
        bytes[29..33].copy_from_slice(&crc.to_be_bytes());
        let refusal = Refusal::TooManyPixels {
            width: 60_000,
            height: 60_000,
        };
        assert_eq!(inspect(&bytes), Err(refusal));
    }

    #[test]
    fn a_truncated_picture_is_kept() {
        let bytes = jpeg(64, 64);
        for keep in [3, 10, 100, bytes.len() / 2] {
            assert!(inspect(&bytes[..keep]).is_ok(), "{keep} bytes");
        }
    }

    /// CRC-32 of PNG (ISO 3309), bit by bit.
    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0u32, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |c, _| {
                if c & 1 == 1 {
                    (c >> 1) ^ 0xedb8_8320
                } else {
                    c >> 1
                }
            })
        })
    }
}
