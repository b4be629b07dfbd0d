//! An archive of files that are stored as they are, written from front to back in constant memory.
//!
//! Libraries keep the directory of an archive in memory until its end, some hundred bytes a file; here it waits in a file
//! beside the archive. The form is that of PKWARE's APPNOTE 6.3, with ZIP64 where numbers grow too large.

use super::spool::Spool;
use flate2::Crc;
use std::fs::File;
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;

/// Versions of the form: plain, and with ZIP64.
const PLAIN: u16 = 20;
const ZIP64: u16 = 45;
/// Made on Unix, so that the attributes are those of a file that all may read.
const MADE_BY: u16 = 3 << 8 | ZIP64;
const ATTRIBUTES: u32 = 0o100_644 << 16;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
const STORED: u16 = 0;
/// Midnight of 1 January 1980, the first day that the form knows: no file says when it was packed.
const TIME: u16 = 0;
const DATE: u16 = 1 << 5 | 1;

/// An archive that is being written.
pub struct ZipArchive {
    file: BufWriter<File>,
    /// Where the next byte goes.
    position: u64,
    directory: Spool,
    files: u64,
}

impl ZipArchive {
    /// Begins an archive where the file stands; its directory waits under `beside`.
    pub fn begin(mut file: File, beside: &Path) -> io::Result<Self> {
        Ok(Self {
            position: file.stream_position()?,
            file: BufWriter::new(file),
            directory: Spool::create(beside)?,
            files: 0,
        })
    }

    /// Adds a file. Nobody may have given the name before.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(bytes);
        self.head(name, crc.sum(), bytes.len() as u64)?;
        self.write(bytes)
    }

    /// Adds a file that another one holds, with the checksum of its bytes.
    pub fn add_spool(&mut self, name: &str, spool: &mut Spool, crc: &Crc) -> io::Result<()> {
        let size = spool.size();
        self.head(name, crc.sum(), size)?;
        let copied = spool.copy_to(&mut self.file)?;
        self.position += copied;
        if copied == size {
            Ok(())
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }

    /// Writes the directory behind the files, and everything to the disk.
    pub fn finish(mut self) -> io::Result<()> {
        let begin = self.position;
        let copied = self.directory.copy_to(&mut self.file)?;
        let end = begin + copied;
        let is_large = self.files >= u64::from(u16::MAX) || end >= u64::from(u32::MAX);
        let mut tail = Vec::new();
        if is_large {
            tail.extend(0x0606_4b50_u32.to_le_bytes());
            tail.extend(44_u64.to_le_bytes());
            tail.extend(MADE_BY.to_le_bytes());
            tail.extend(ZIP64.to_le_bytes());
            tail.extend([0; 8]);
            for number in [self.files, self.files, copied, begin] {
                tail.extend(number.to_le_bytes());
            }
            tail.extend(0x0706_4b50_u32.to_le_bytes());
            tail.extend(0_u32.to_le_bytes());
            tail.extend(end.to_le_bytes());
            tail.extend(1_u32.to_le_bytes());
        }
        tail.extend(0x0605_4b50_u32.to_le_bytes());
        tail.extend([0; 4]);
        let files = if is_large {
            u16::MAX
        } else {
            u16::try_from(self.files).unwrap_or(u16::MAX)
        };
        tail.extend(files.to_le_bytes());
        tail.extend(files.to_le_bytes());
        for number in [copied, begin] {
            let number = if is_large {
                u32::MAX
            } else {
                u32::try_from(number).unwrap_or(u32::MAX)
            };
            tail.extend(number.to_le_bytes());
        }
        tail.extend([0; 2]);
        self.file.write_all(&tail)?;
        self.file.flush()?;
        self.file.get_ref().sync_all()
    }

    /// Writes what stands before a file, and notes it for the directory.
    fn head(&mut self, name: &str, crc: u32, size: u64) -> io::Result<()> {
        let too_large = |_| io::Error::from(io::ErrorKind::FileTooLarge);
        let size = u32::try_from(size).map_err(too_large)?;
        let name_size = u16::try_from(name.len()).map_err(too_large)?;
        let far = (self.position >= u64::from(u32::MAX)).then_some(self.position);
        let mut about = Vec::with_capacity(30);
        about.extend(if far.is_some() { ZIP64 } else { PLAIN }.to_le_bytes());
        for number in [FLAGS, STORED, TIME, DATE] {
            about.extend(number.to_le_bytes());
        }
        for number in [crc, size, size] {
            about.extend(number.to_le_bytes());
        }
        about.extend(name_size.to_le_bytes());

        let mut note = Vec::with_capacity(60 + name.len());
        note.extend(0x0201_4b50_u32.to_le_bytes());
        note.extend(MADE_BY.to_le_bytes());
        note.extend(&about);
        note.extend(if far.is_some() { 12_u16 } else { 0 }.to_le_bytes());
        note.extend([0; 6]);
        note.extend(ATTRIBUTES.to_le_bytes());
        let near = u32::try_from(self.position).ok().filter(|_| far.is_none());
        note.extend(near.unwrap_or(u32::MAX).to_le_bytes());
        note.extend(name.as_bytes());
        if let Some(position) = far {
            note.extend(1_u16.to_le_bytes());
            note.extend(8_u16.to_le_bytes());
            note.extend(position.to_le_bytes());
        }
        self.directory.write_all(&note)?;
        self.files += 1;

        let mut head = 0x0403_4b50_u32.to_le_bytes().to_vec();
        head.extend(&about);
        head.extend(0_u16.to_le_bytes());
        head.extend(name.as_bytes());
        self.write(&head)
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.position += bytes.len() as u64;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, SeekFrom};

    /// An archive that begins so far behind the start of its file, read back by another program's code.
    fn written(from: u64, names: impl Iterator<Item = String>) -> zip::ZipArchive<File> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("archive.zip");
        let mut file = File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .unwrap();
        file.seek(SeekFrom::Start(from)).unwrap();
        let mut archive = ZipArchive::begin(file, &folder.path().join("directory")).unwrap();
        for name in names {
            archive.add(&name, name.as_bytes()).unwrap();
        }
        archive.finish().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        zip::ZipArchive::new(File::open(path).unwrap()).unwrap()
    }

    #[track_caller]
    fn holds(archive: &mut zip::ZipArchive<File>, name: &str) {
        let mut text = String::new();
        archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, name);
    }

    #[test]
    fn what_was_added_is_read_back_under_its_name() {
        let names = ["2026-11-23/cổng làng.txt", "manifest.csv"];
        let mut archive = written(0, names.iter().map(|name| (*name).to_owned()));
        assert_eq!(archive.len(), 2);
        names.iter().for_each(|name| holds(&mut archive, name));
        assert_eq!(written(0, std::iter::empty()).len(), 0);
    }

    #[test]
    fn more_files_than_the_plain_form_counts_are_all_there() {
        let mut archive = written(0, (0..70_000).map(|number| number.to_string()));
        assert_eq!(archive.len(), 70_000);
        ["0", "65535", "69999"]
            .iter()
            .for_each(|name| holds(&mut archive, name));
    }

    #[test]
    fn files_beyond_four_gibibytes_are_found() {
        // The file before has holes, so it takes no room.
        let mut archive = written(u64::from(u32::MAX) - 40, (0..3).map(|number| number.to_string()));
        assert_eq!(archive.len(), 3);
        ["0", "1", "2"].iter().for_each(|name| holds(&mut archive, name));
    }
}
