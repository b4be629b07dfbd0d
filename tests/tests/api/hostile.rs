//! Files that a phone would never make: made here, so that nothing hostile lies in the repository.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, RgbImage};
use keng_shared::geo::LatLon;
use std::io::Cursor;

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Kept byte for byte, flagged if it cannot be decoded.
    Held,
    /// Refused with this status.
    Refused(u16),
}

const UNSUPPORTED: Fate = Fate::Refused(415);
const TOO_LARGE: Fate = Fate::Refused(413);

/// At least 56 files with their names and fates.
pub fn files() -> Vec<(String, Vec<u8>, Fate)> {
    let mut files = Vec::new();
    let mut add = |name: &str, bytes: Vec<u8>, fate| files.push((name.to_owned(), bytes, fate));
    let (jpeg, png, webp) = (jpeg(), encoded(ImageFormat::Png), encoded(ImageFormat::WebP));

    // Not pictures, whatever they are called.
    add(
        "svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
        UNSUPPORTED,
    );
    add(
        "html",
        b"<!doctype html><script>alert(1)</script>".to_vec(),
        UNSUPPORTED,
    );
    add("gif", b"GIF89a\x01\0\x01\0\0\0\0;".to_vec(), UNSUPPORTED);
    add("bmp", b"BM\x3a\0\0\0\0\0\0\0".to_vec(), UNSUPPORTED);
    add("tiff", b"II*\0\x08\0\0\0\0\0".to_vec(), UNSUPPORTED);
    add("pdf", b"%PDF-1.7\n".to_vec(), UNSUPPORTED);
    add("zip", b"PK\x03\x04".to_vec(), UNSUPPORTED);
    add("elf", b"\x7fELF\x02\x01\x01".to_vec(), UNSUPPORTED);
    add("heic", b"\0\0\0\x18ftypheic\0\0\0\0".to_vec(), UNSUPPORTED);
    add("wave", b"RIFF\x24\0\0\0WAVEfmt ".to_vec(), UNSUPPORTED);
    add("one byte", vec![0xff], UNSUPPORTED);
    add("half a marker", vec![0xff, 0xd8], UNSUPPORTED);
    add(
        "text before a picture",
        [b" ".as_slice(), &jpeg].concat(),
        UNSUPPORTED,
    );

    // Pixel floods: a small file that promises gigabytes.
    for (width, height) in [(60_000, 60_000), (12_001, 1), (1, 12_001), (8_000, 7_000)] {
        add(
            &format!("png of {width} × {height}"),
            png_header(&png, width, height),
            TOO_LARGE,
        );
    }
    for (width, height) in [(65_500, 65_500), (12_001, 10), (9_000, 9_000)] {
        add(
            &format!("jpeg of {width} × {height}"),
            jpeg_header(&jpeg, width, height),
            TOO_LARGE,
        );
    }
    add("png of no width", png_header(&png, 0, 10), Fate::Held);
    add("jpeg of no width", jpeg_header(&jpeg, 0, 10), Fate::Held);
    add(
        "png that promises 6,000 × 6,000",
        png_header(&png, 6_000, 6_000),
        Fate::Held,
    );
    add(
        "jpeg that promises 7,000 × 7,000",
        jpeg_header(&jpeg, 7_000, 7_000),
        Fate::Held,
    );
    add("a bomb: 7,000 × 7,000 of one colour", flat_png(7_000), Fate::Held);

    // Cut off, at many places.
    for (name, whole) in [("jpeg", &jpeg), ("png", &png), ("webp", &webp)] {
        for tenth in [1, 3, 5, 7, 9] {
            let kept = (whole.len() * tenth / 10).max(16);
            add(
                &format!("{name} cut at {tenth}/10"),
                whole[..kept].to_vec(),
                Fate::Held,
            );
        }
    }

    // One byte wrong, at many places.
    for (name, whole) in [("jpeg", &jpeg), ("png", &png), ("webp", &webp)] {
        for place in [20, 40, 80, 160] {
            let mut bytes = whole.clone();
            let place = place.min(bytes.len() - 1);
            bytes[place] ^= 0x5a;
            // Whatever the byte did to the header, the file stays a picture by its first bytes.
            let fate = if declares_too_much(&bytes) {
                TOO_LARGE
            } else {
                Fate::Held
            };
            add(&format!("{name} with byte {place} wrong"), bytes, fate);
        }
    }

    // Two things in one file.
    add(
        "jpeg and html",
        [jpeg.as_slice(), b"<script>alert(1)</script>"].concat(),
        Fate::Held,
    );
    add(
        "jpeg and zip",
        [jpeg.as_slice(), b"PK\x03\x04rest"].concat(),
        Fate::Held,
    );
    add(
        "png and php",
        [png.as_slice(), b"<?php system($_GET['c']); ?>"].concat(),
        Fate::Held,
    );
    add(
        "gif inside a jpeg comment",
        segment(&jpeg, 0xfe, b"GIF89a<script>"),
        Fate::Held,
    );
    add("two jpegs", [jpeg.as_slice(), &jpeg].concat(), Fate::Held);

    // Odd metadata.
    add(
        "exif of noise",
        segment(&jpeg, 0xe1, b"Exif\0\0II*\0\xff\xff\xff\xff"),
        Fate::Held,
    );
    add(
        "exif that points to itself",
        segment(&jpeg, 0xe1, &exif_loop()),
        Fate::Held,
    );
    add(
        "exif with a million entries",
        segment(&jpeg, 0xe1, b"Exif\0\0II*\0\x08\0\0\0\xff\xff"),
        Fate::Held,
    );
    add("exif of orientation 99", with_orientation(&jpeg, 99), Fate::Held);
    add(
        "exif of the year zero",
        with_camera_exif(&jpeg, "0000:00:00 00:00:00", here()),
        Fate::Held,
    );
    add(
        "exif of a time in words",
        with_camera_exif(&jpeg, "yesterday, half past", here()),
        Fate::Held,
    );
    add(
        "xmp with entities",
        segment(&jpeg, 0xe1, BILLION_LAUGHS),
        Fate::Held,
    );
    add(
        "icc of noise",
        segment(&jpeg, 0xe2, b"ICC_PROFILE\0\x01\x01\xff\xff\xff\xff"),
        Fate::Held,
    );
    add(
        "segment longer than the file",
        [&jpeg[..2], &[0xff, 0xe1, 0xff, 0xff, 0x00]].concat(),
        Fate::Held,
    );
    add(
        "only markers",
        [vec![0xff, 0xd8], vec![0xff; 5_000]].concat(),
        Fate::Held,
    );
    add(
        "png chunk of 4 GiB",
        [&png[..8], b"\xff\xff\xff\xffIDAT"].concat(),
        Fate::Held,
    );
    add("webp of no size", b"RIFF\0\0\0\0WEBPVP8L".to_vec(), Fate::Held);
    files
}

const BILLION_LAUGHS: &[u8] =
    b"http://ns.adobe.com/xap/1.0/\0<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><x>&b;</x>";

/// The JPEG with an EXIF block that says how it is turned.
pub fn with_orientation(jpeg: &[u8], orientation: u16) -> Vec<u8> {
    let mut tiff = tiff_head(1);
    entry(
        &mut tiff,
        0x0112,
        3,
        1,
        &[orientation.to_le_bytes(), [0, 0]].concat(),
    );
    tiff.extend([0; 4]);
    segment(jpeg, 0xe1, &[b"Exif\0\0".as_slice(), &tiff].concat())
}

/// The JPEG with an EXIF block that says when and where it was taken.
pub fn with_camera_exif(jpeg: &[u8], taken_at: &str, place: LatLon) -> Vec<u8> {
    // The first directory holds the time and points to the second, which holds the place.
    let time: Vec<u8> = [taken_at.as_bytes(), &[0]].concat();
    let (first, second) = (8, 8 + 2 + 2 * 12 + 4);
    let data = second + 2 + 4 * 12 + 4;
    let mut tiff = tiff_head(2);
    assert_eq!(tiff.len(), first + 2);
    entry(
        &mut tiff,
        0x0132,
        2,
        time.len() as u32,
        &(data as u32).to_le_bytes(),
    );
    entry(&mut tiff, 0x8825, 4, 1, &(second as u32).to_le_bytes());
    tiff.extend([0; 4]);
    let latitude = data + time.len();
    tiff.extend(4u16.to_le_bytes());
    entry(
        &mut tiff,
        1,
        2,
        2,
        if place.lat_e7 < 0 { b"S\0\0\0" } else { b"N\0\0\0" },
    );
    entry(&mut tiff, 2, 5, 3, &(latitude as u32).to_le_bytes());
    entry(
        &mut tiff,
        3,
        2,
        2,
        if place.lon_e7 < 0 { b"W\0\0\0" } else { b"E\0\0\0" },
    );
    entry(&mut tiff, 4, 5, 3, &((latitude + 24) as u32).to_le_bytes());
    tiff.extend([0; 4]);
    tiff.extend(time);
    for degrees_e7 in [place.lat_e7, place.lon_e7] {
        for (numerator, denominator) in [(degrees_e7.unsigned_abs(), 10_000_000), (0, 1), (0, 1)] {
            tiff.extend(numerator.to_le_bytes());
            tiff.extend(u32::to_le_bytes(denominator));
        }
    }
    segment(jpeg, 0xe1, &[b"Exif\0\0".as_slice(), &tiff].concat())
}

fn tiff_head(entries: u16) -> Vec<u8> {
    [b"II*\0\x08\0\0\0".as_slice(), &entries.to_le_bytes()].concat()
}

fn entry(tiff: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: &[u8]) {
    tiff.extend(tag.to_le_bytes());
    tiff.extend(kind.to_le_bytes());
    tiff.extend(count.to_le_bytes());
    tiff.extend(&value[..4]);
}

/// An EXIF directory whose next directory is itself.
fn exif_loop() -> Vec<u8> {
    [
        b"Exif\0\0".as_slice(),
        b"II*\0\x08\0\0\0",
        &[0, 0],
        &8u32.to_le_bytes(),
    ]
    .concat()
}

fn here() -> LatLon {
    LatLon::from_degrees(20.0, 105.3).unwrap()
}

/// The JPEG with one more segment behind its first marker.
fn segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() + 2) as u16;
    [
        &jpeg[..2],
        &[0xff, marker],
        &length.to_be_bytes(),
        content,
        &jpeg[2..],
    ]
    .concat()
}

fn picture() -> RgbImage {
    RgbImage::from_fn(96, 64, |x, y| {
        image::Rgb([(x * 3) as u8, (y * 5) as u8, (x ^ y) as u8])
    })
}

fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 80)
        .encode(picture().as_raw(), 96, 64, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture().write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn flat_png(side: u32) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image::GrayImage::new(side, side)
        .write_to(&mut out, ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

/// The PNG with another size in its header, and the checksum of that header.
fn png_header(png: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png.to_vec();
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

/// The JPEG with another size in its frame header.
fn jpeg_header(jpeg: &[u8], width: u16, height: u16) -> Vec<u8> {
    let mut bytes = jpeg.to_vec();
    let frame = bytes
        .windows(2)
        .position(|marker| marker == [0xff, 0xc0])
        .unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// Whether the header, as the image library reads it, is beyond the limits.
fn declares_too_much(bytes: &[u8]) -> bool {
    let size = image::ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .ok()
        .and_then(|reader| reader.into_dimensions().ok());
    size.is_some_and(|(width, height)| {
        width > 12_000 || height > 12_000 || u64::from(width) * u64::from(height) > 50_000_000
    })
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
