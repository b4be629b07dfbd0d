//! Map tiles: where pages get them, and reading them out of a PMTiles archive.
//!
//! By default there are none and no browser calls a foreign host. An operator gives either the address of a tile
//! server, which browsers then call themselves, or a raster archive (PMTiles version 3,
//! <https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md>), out of which this server answers.
//!
//! An archive is a header, a root directory, leaf directories and the tiles. A directory lists runs of tile numbers
//! (the Hilbert curve over each zoom level) with the place of their bytes. It is opened once; a tile costs one or two
//! small reads. Whatever is in the file, reading it never panics and never takes more memory than [`MAX_BYTES`].

use flate2::read::GzDecoder;
use keng_shared::api::TileLayer;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Most bytes of one directory or one tile: 8 MiB.
const MAX_BYTES: u64 = 8 * 1024 * 1024;
/// Length of the header.
const HEADER: usize = 127;
/// Directories below each other; the specification knows two, and allows more.
const MAX_DEPTH: usize = 4;
/// The largest zoom level whose tile numbers fit.
const MAX_ZOOM: u8 = 26;

/// Address of the tiles of an archive on this server.
const ADDRESS: &str = "/tiles/{z}/{x}/{y}";

/// A raster archive.
#[derive(Debug)]
pub struct Archive {
    file: Mutex<File>,
    root: Vec<Entry>,
    leaves: u64,
    tiles: u64,
    is_gzip: bool,
    media_type: &'static str,
    min_zoom: u8,
    max_zoom: u8,
}

/// A run of tiles with the same bytes, or a leaf directory where `run` is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    tile: u64,
    offset: u64,
    length: u64,
    run: u64,
}

impl Archive {
    /// Opens an archive and reads its root directory.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header)?;
        if !header.starts_with(b"PMTiles\x03") {
            return Err(wrong("it is no PMTiles archive of version 3"));
        }
        let is_gzip = match byte(&header, 97) {
            1 => false,
            2 => true,
            _ => return Err(wrong("its directories are compressed in another way than gzip")),
        };
        let media_type = match byte(&header, 99) {
            2 => "image/png",
            3 => "image/jpeg",
            4 => "image/webp",
            5 => "image/avif",
            _ => return Err(wrong("its tiles are no pictures; vector tiles cannot be shown")),
        };
        if byte(&header, 98) > 1 {
            return Err(wrong("its tiles are compressed a second time"));
        }
        let root = read_at(&mut file, long(&header, 8), long(&header, 16))?;
        Ok(Self {
            root: directory(&root, is_gzip)?,
            leaves: long(&header, 40),
            tiles: long(&header, 56),
            is_gzip,
            media_type,
            min_zoom: byte(&header, 100),
            max_zoom: byte(&header, 101).min(MAX_ZOOM),
            file: Mutex::new(file),
        })
    }

    /// The layer that a page lays under its map.
    pub fn layer(&self, attribution: &str) -> TileLayer {
        TileLayer {
            address: ADDRESS.to_owned(),
            attribution: attribution.to_owned(),
            min_zoom: self.min_zoom,
            max_zoom: self.max_zoom,
        }
    }

    /// Media type of the tiles.
    pub fn media_type(&self) -> &'static str {
        self.media_type
    }

    /// The bytes of a tile, if the archive has it.
    pub fn tile(&self, zoom: u8, x: u32, y: u32) -> io::Result<Option<Vec<u8>>> {
        let Some(tile) = number(zoom, x, y) else {
            return Ok(None);
        };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = find(&self.root, tile);
        for _ in 0..MAX_DEPTH {
            match found {
                Some(leaf) if leaf.run == 0 => {
                    let place = self.leaves.saturating_add(leaf.offset);
                    let bytes = read_at(&mut file, place, leaf.length)?;
                    found = find(&directory(&bytes, self.is_gzip)?, tile);
                }
                Some(run) if tile - run.tile < run.run => {
                    let place = self.tiles.saturating_add(run.offset);
                    return read_at(&mut file, place, run.length).map(Some);
                }
                _ => return Ok(None),
            }
        }
        Err(wrong("its directories lie too deep"))
    }
}

/// The last entry that begins at the tile or before it.
fn find(entries: &[Entry], tile: u64) -> Option<Entry> {
    let after = entries.partition_point(|entry| entry.tile <= tile);
    entries.get(after.checked_sub(1)?).copied()
}

/// Reads a directory: four columns of variable-length numbers.
fn directory(bytes: &[u8], is_gzip: bool) -> io::Result<Vec<Entry>> {
    let mut plain = Vec::new();
    if is_gzip {
        GzDecoder::new(bytes).take(MAX_BYTES).read_to_end(&mut plain)?;
    } else {
        plain.extend_from_slice(bytes);
    }
    let mut numbers = plain.iter().copied();
    let mut next = || varint(&mut numbers).ok_or_else(|| wrong("a directory ends too early"));
    let count = next()?;
    // Every entry takes four bytes or more.
    if count > plain.len() as u64 {
        return Err(wrong("a directory names more entries than it holds"));
    }
    let mut entries = Vec::new();
    let mut tile = 0_u64;
    for _ in 0..count {
        tile = tile.saturating_add(next()?);
        entries.push(Entry {
            tile,
            offset: 0,
            length: 0,
            run: 0,
        });
    }
    for entry in &mut entries {
        entry.run = next()?;
    }
    for entry in &mut entries {
        entry.length = next()?;
    }
    let mut end = 0_u64;
    for entry in &mut entries {
        // 0 means: right behind the entry before.
        entry.offset = match next()? {
            0 => end,
            offset => offset - 1,
        };
        end = entry.offset.saturating_add(entry.length);
    }
    Ok(entries)
}

fn varint(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// The number of a tile: all tiles of smaller zoom levels, then along the Hilbert curve.
fn number(zoom: u8, x: u32, y: u32) -> Option<u64> {
    let side = 1_u64.checked_shl(u32::from(zoom)).filter(|_| zoom <= MAX_ZOOM)?;
    let (mut x, mut y) = (u64::from(x), u64::from(y));
    if x >= side || y >= side {
        return None;
    }
    let before = (side * side - 1) / 3;
    let mut along = 0;
    let mut half = side / 2;
    while half > 0 {
        let (right, low) = (x & half != 0, y & half != 0);
        along += half * half * ((3 * u64::from(right)) ^ u64::from(low));
        if !low {
            if right {
                (x, y) = ((half - 1).wrapping_sub(x), (half - 1).wrapping_sub(y));
            }
            (x, y) = (y, x);
        }
        half /= 2;
    }
    Some(before + along)
}

fn read_at(file: &mut File, offset: u64, length: u64) -> io::Result<Vec<u8>> {
    if length > MAX_BYTES {
        return Err(wrong("a part of it is too large"));
    }
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(length).read_to_end(&mut bytes)?;
    if (bytes.len() as u64) < length {
        return Err(wrong("it ends too early"));
    }
    Ok(bytes)
}

fn byte(header: &[u8; HEADER], at: usize) -> u8 {
    header.get(at).copied().unwrap_or_default()
}

fn long(header: &[u8; HEADER], at: usize) -> u64 {
    let bytes = header.get(at..).and_then(|rest| rest.first_chunk());
    bytes.copied().map_or(0, u64::from_le_bytes)
}

fn wrong(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn tiles_are_numbered_as_the_specification_says() {
        let examples = [
            ((0, 0, 0), 0),
            ((1, 0, 0), 1),
            ((1, 0, 1), 2),
            ((1, 1, 1), 3),
            ((1, 1, 0), 4),
            ((2, 0, 0), 5),
            ((12, 3423, 1763), 19_078_479),
        ];
        for ((zoom, x, y), expected) in examples {
            assert_eq!(number(zoom, x, y), Some(expected), "{zoom}/{x}/{y}");
        }
        assert_eq!(number(1, 2, 0), None);
        assert_eq!(number(200, 0, 0), None);
    }

    #[test]
    fn every_tile_of_a_level_has_a_number_of_its_own_next_to_a_neighbours() {
        let side = 1_u32 << 5;
        let mut places: Vec<_> = (0..side)
            .flat_map(|x| (0..side).map(move |y| (number(5, x, y).unwrap(), x, y)))
            .collect();
        places.sort_unstable();
        for pair in places.windows(2) {
            let ((a, ax, ay), (b, bx, by)) = (pair[0], pair[1]);
            assert_eq!((a + 1, ax.abs_diff(bx) + ay.abs_diff(by)), (b, 1));
        }
    }

    #[test]
    fn a_directory_that_lies_about_its_length_is_refused() {
        assert!(directory(&[200, 1, 0, 0], false).is_err());
        assert!(
            directory(
                &[1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                false
            )
            .is_err()
        );
        assert!(directory(&[], false).is_err());
        assert!(directory(b"not gzip", true).is_err());
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Level 0 in the root directory; level 1 in a leaf: its first three tiles are one picture, the last is missing.
    fn archive() -> Vec<u8> {
        let leaf = gzip(&[1, 1, 3, 5, 4]);
        let root = gzip(&[2, 0, 1, 1, 0, 3, leaf.len() as u8, 1, 1]);
        let mut file = vec![0; HEADER];
        file[..8].copy_from_slice(b"PMTiles\x03");
        let leaves = HEADER + root.len();
        let tiles = leaves + leaf.len();
        for (at, value) in [(8, HEADER), (16, root.len()), (40, leaves), (56, tiles)] {
            file[at..at + 8].copy_from_slice(&(value as u64).to_le_bytes());
        }
        file[97..102].copy_from_slice(&[2, 1, 2, 0, 1]);
        for part in [&root[..], &leaf, b"onetwo..."] {
            file.extend_from_slice(part);
        }
        file
    }

    fn open(bytes: &[u8]) -> io::Result<Archive> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        Archive::open(file.path())
    }

    #[test]
    fn tiles_are_found_in_the_root_and_in_leaves_and_what_is_not_there_is_missing() {
        let archive = open(&archive()).unwrap();
        let tile = |zoom, x, y| archive.tile(zoom, x, y).unwrap();
        assert_eq!(tile(0, 0, 0).as_deref(), Some(b"one".as_slice()));
        for (x, y) in [(0, 0), (0, 1), (1, 1)] {
            assert_eq!(tile(1, x, y).as_deref(), Some(b"two..".as_slice()));
        }
        assert_eq!(tile(1, 1, 0), None);
        assert_eq!(tile(9, 1, 0), None);
        assert_eq!(
            (archive.min_zoom, archive.max_zoom, archive.media_type()),
            (0, 1, "image/png")
        );
    }

    #[test]
    fn an_archive_that_is_cut_off_or_of_another_kind_is_refused_in_words() {
        let whole = archive();
        for length in 0..whole.len() - 9 {
            // Cut in its leaf, the archive opens, and the tile is an error.
            if let Ok(archive) = open(&whole[..length]) {
                assert!(archive.tile(1, 0, 0).is_err(), "{length}");
            }
        }
        let mut vector = whole;
        vector[99] = 1;
        assert!(open(&vector).unwrap_err().to_string().contains("vector tiles"));
    }

    #[test]
    fn runs_leaves_and_following_offsets_are_understood() {
        // Two entries: tiles 5 to 7 at 10, then a leaf right behind.
        let bytes = [2, 5, 4, 3, 0, 20, 30, 11, 0];
        let entries = directory(&bytes, false).unwrap();
        assert_eq!(
            entries,
            [
                Entry {
                    tile: 5,
                    offset: 10,
                    length: 20,
                    run: 3
                },
                Entry {
                    tile: 9,
                    offset: 30,
                    length: 30,
                    run: 0
                }
            ]
        );
        assert_eq!(find(&entries, 4), None);
        assert_eq!(find(&entries, 8).map(|entry| entry.tile), Some(5));
    }
}
