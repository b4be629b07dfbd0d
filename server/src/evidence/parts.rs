//! Bytes of uploads under way: one file each, synced before anybody is told that they are here.

use bytes::Bytes;
use keng_shared::id::PhotoId;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The folder of unfinished uploads.
#[derive(Debug, Clone)]
pub struct Parts {
    folder: PathBuf,
}

impl Parts {
    /// Opens the folder and makes it if it is missing.
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
        })
    }

    /// Appends bytes behind the first `offset` and returns when they are on stable storage. Whatever a request that
    /// was cut off left behind `offset` is overwritten.
    pub async fn append(&self, photo: PhotoId, offset: u64, bytes: Bytes) -> io::Result<()> {
        let path = self.path(photo);
        let folder = self.folder.clone();
        blocking(move || {
            let mut file = OpenOptions::new()
                .create(true)
                .write(true)
                .truncate(false)
                .open(&path)?;
            file.set_len(offset)?;
            file.seek(SeekFrom::Start(offset))?;
            file.write_all(&bytes)?;
            file.sync_data()?;
            if offset == 0 {
                File::open(folder)?.sync_all()?;
            }
            Ok(())
        })
        .await
    }

    /// The first `size` bytes.
    pub async fn read(&self, photo: PhotoId, size: u64) -> io::Result<Bytes> {
        let path = self.path(photo);
        blocking(move || {
            let mut bytes = fs::read(path)?;
            bytes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
            Ok(bytes.into())
        })
        .await
    }

    /// Deletes the file, if there is one.
    pub async fn remove(&self, photo: PhotoId) -> io::Result<()> {
        let path = self.path(photo);
        blocking(move || match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
        .await
    }

    fn path(&self, photo: PhotoId) -> PathBuf {
        self.folder.join(format!("{photo}.part"))
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[tokio::test]
    async fn bytes_behind_the_offset_are_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let parts = Parts::open(&dir.path().join("uploads")).unwrap();
        let photo = PhotoId(Uuid::nil());
        parts
            .append(photo, 0, Bytes::from_static(b"first, cut off"))
            .await
            .unwrap();
        parts
            .append(photo, 7, Bytes::from_static(b"whole"))
            .await
            .unwrap();
        assert_eq!(parts.read(photo, 12).await.unwrap(), "first, whole");
        parts.remove(photo).await.unwrap();
        parts.remove(photo).await.unwrap();
        assert!(parts.read(photo, 12).await.is_err());
    }
}
