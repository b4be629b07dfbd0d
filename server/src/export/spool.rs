//! What is collected while a file is written and belongs behind it waits in a file of its own.

use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// A file that is written, copied once, and gone.
pub struct Spool {
    file: BufWriter<File>,
    path: PathBuf,
    size: u64,
}

impl Spool {
    pub fn create(path: &Path) -> io::Result<Self> {
        let mut options = File::options();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(true)
            .open(path)?;
        Ok(Self {
            file: BufWriter::new(file),
            path: path.to_owned(),
            size: 0,
        })
    }

    /// Bytes that it holds.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Writes everything to `to`; gives how many bytes there were.
    pub fn copy_to(&mut self, to: &mut impl Write) -> io::Result<u64> {
        self.file.flush()?;
        let mut file = self.file.get_ref();
        file.seek(SeekFrom::Start(0))?;
        io::copy(&mut file, to)
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // What is left is replaced when the job is taken up again.
        drop(std::fs::remove_file(&self.path));
    }
}
