//! Where the bytes of photos live: a directory by default, an S3-compatible bucket by configuration.
//!
//! * `original/…` is written once: a key holds the photo's id and the SHA-256 of its bytes, and an existing object is
//!   never replaced. A write returns after the bytes *and* the directory entry are on stable storage.
//! * `rendition/…` can be made again from the original at any time.

use bytes::Bytes;
use futures::stream::BoxStream;
use keng_shared::id::{JobId, PhotoId};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{
    ClientConfigKey, GetOptions, ObjectStore, ObjectStoreExt, PutMode, PutOptions, RetryConfig,
};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// How often a call to a bucket is repeated.
const BUCKET_RETRIES: usize = 2;
/// After so long a failed call to a bucket is not repeated any more.
const BUCKET_PATIENCE: Duration = Duration::from_secs(8);

/// Bytes of a finished file that go to the store together; the least that a bucket takes.
const EXPORT_PART: usize = 5 << 20;
/// Parts that are on their way at a time: each is in memory.
const EXPORT_PARTS: usize = 2;

/// A smaller picture made from an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rendition {
    Thumbnail,
    Preview,
}

impl Rendition {
    fn folder(self) -> &'static str {
        match self {
            Self::Thumbnail => "thumbnail",
            Self::Preview => "preview",
        }
    }
}

/// Why the store could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no space left; nothing was stored.
    #[error("the photo store is full")]
    Full,
    /// No such object.
    #[error("the photo store does not have the object")]
    Missing,
    /// Anything else, above all a store that does not answer; it may work again in a minute.
    #[error("the photo store failed: {0}")]
    Failed(String),
}

impl StoreError {
    fn of_disk(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull => Self::Full,
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<object_store::Error> for StoreError {
    fn from(error: object_store::Error) -> Self {
        if matches!(error, object_store::Error::NotFound { .. }) {
            return Self::Missing;
        }
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(at) = cause {
            let io = at.downcast_ref::<std::io::Error>();
            if io.is_some_and(|io| io.kind() == std::io::ErrorKind::StorageFull) {
                return Self::Full;
            }
            cause = at.source();
        }
        Self::Failed(error.to_string())
    }
}

/// The store of photos. Clones share it.
#[derive(Debug, Clone)]
pub struct PhotoStore {
    objects: Arc<dyn ObjectStore>,
}

impl PhotoStore {
    /// The store at `file:<directory>` or `s3://<bucket>/<prefix>`.
    pub fn open(location: &str) -> Result<Self, StoreError> {
        if let Some(directory) = location.strip_prefix("file:") {
            return Self::local(Path::new(directory));
        }
        match location
            .strip_prefix("s3://")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")))
        {
            Some((bucket, prefix)) if !bucket.is_empty() => Self::s3(bucket, prefix),
            _ => Err(StoreError::Failed(
                "photo_store must be file:<directory> or s3://<bucket>/<prefix>".to_owned(),
            )),
        }
    }

    /// Photos in a directory, which is made if it is missing.
    pub fn local(directory: &Path) -> Result<Self, StoreError> {
        std::fs::create_dir_all(directory).map_err(|error| StoreError::Failed(error.to_string()))?;
        let objects = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true);
        Ok(Self {
            objects: Arc::new(objects),
        })
    }

    /// Photos in an S3-compatible bucket that knows conditional writes (`If-None-Match`). Endpoint and credentials come
    /// from the usual `AWS_…` variables. A store that does not answer is given up after [`BUCKET_PATIENCE`]: the phone
    /// keeps the photo and asks again.
    pub fn s3(bucket: &str, prefix: &str) -> Result<Self, StoreError> {
        // An error means that the process has its provider of TLS already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let connect_timeout = AmazonS3ConfigKey::Client(ClientConfigKey::ConnectTimeout);
        let objects = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_config(connect_timeout, "3 seconds")
            .with_retry(RetryConfig {
                max_retries: BUCKET_RETRIES,
                retry_timeout: BUCKET_PATIENCE,
                ..RetryConfig::default()
            })
            .build()?;
        Ok(Self {
            objects: match prefix.is_empty() {
                true => Arc::new(objects),
                false => Arc::new(PrefixStore::new(objects, prefix)),
            },
        })
    }

    /// Stores an original. Storing the same bytes again is the same as having stored them.
    pub async fn put_original(&self, id: PhotoId, sha256: &str, bytes: Bytes) -> Result<(), StoreError> {
        let options = PutOptions {
            mode: PutMode::Create,
            ..PutOptions::default()
        };
        match self
            .objects
            .put_opts(&original_key(id, sha256), bytes.into(), options)
            .await
        {
            Ok(_) | Err(object_store::Error::AlreadyExists { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of an original.
    pub async fn original(&self, id: PhotoId, sha256: &str) -> Result<Bytes, StoreError> {
        Ok(self.objects.get(&original_key(id, sha256)).await?.bytes().await?)
    }

    /// The bytes of an original, as they come from the store.
    pub async fn original_stream(
        &self,
        id: PhotoId,
        sha256: &str,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, StoreError> {
        Ok(self.objects.get(&original_key(id, sha256)).await?.into_stream())
    }

    /// Stores a rendition, replacing an older one.
    pub async fn put_rendition(
        &self,
        id: PhotoId,
        which: Rendition,
        bytes: Vec<u8>,
    ) -> Result<(), StoreError> {
        self.objects.put(&rendition_key(id, which), bytes.into()).await?;
        Ok(())
    }

    /// The bytes of a rendition.
    pub async fn rendition(&self, id: PhotoId, which: Rendition) -> Result<Bytes, StoreError> {
        Ok(self.objects.get(&rendition_key(id, which)).await?.bytes().await?)
    }
}

/// Files that people take away lie in the same store, so that every instance can give them out.
impl PhotoStore {
    /// Moves a finished file into the store, in place of an earlier try; returns its size.
    pub async fn put_export(&self, id: JobId, file: &Path) -> Result<u64, StoreError> {
        let mut from = tokio::fs::File::open(file).await.map_err(StoreError::of_disk)?;
        let mut to = BufWriter::with_capacity(self.objects.clone(), export_key(id), EXPORT_PART)
            .with_max_concurrency(EXPORT_PARTS);
        let size = tokio::io::copy(&mut from, &mut to)
            .await
            .map_err(StoreError::of_disk)?;
        to.shutdown().await.map_err(StoreError::of_disk)?;
        Ok(size)
    }

    /// Bytes of a file, as they come from the store.
    pub async fn export_stream(
        &self,
        id: JobId,
        bytes: Range<u64>,
    ) -> Result<BoxStream<'static, object_store::Result<Bytes>>, StoreError> {
        let options = GetOptions {
            range: Some(bytes.into()),
            ..GetOptions::default()
        };
        Ok(self
            .objects
            .get_opts(&export_key(id), options)
            .await?
            .into_stream())
    }

    /// Removes a file, if it is there.
    pub async fn remove_export(&self, id: JobId) -> Result<(), StoreError> {
        match self.objects.delete(&export_key(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn export_key(id: JobId) -> Key {
    Key::from(format!("export/{id}"))
}

/// The hash in the key tells two byte strings apart, should a crash have left one behind that no record lists.
fn original_key(id: PhotoId, sha256: &str) -> Key {
    Key::from(format!("original/{}/{id}-{sha256}", shard(id)))
}

fn rendition_key(id: PhotoId, which: Rendition) -> Key {
    Key::from(format!("rendition/{}/{}/{id}.jpg", which.folder(), shard(id)))
}

/// 256 folders by the last, random byte of the id: a UUIDv7 begins with the time.
fn shard(id: PhotoId) -> String {
    let [.., last] = *id.0.as_bytes();
    format!("{last:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn id() -> PhotoId {
        PhotoId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_00ab))
    }

    #[tokio::test]
    async fn an_original_is_written_once_and_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let store = PhotoStore::local(dir.path()).unwrap();
        store
            .put_original(id(), "aa", Bytes::from_static(b"first"))
            .await
            .unwrap();
        store
            .put_original(id(), "aa", Bytes::from_static(b"other"))
            .await
            .unwrap();
        assert_eq!(store.original(id(), "aa").await.unwrap(), "first");
        assert!(dir.path().join("original/ab").is_dir());
    }

    #[tokio::test]
    async fn an_object_that_was_never_stored_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let store = PhotoStore::local(dir.path()).unwrap();
        let found = store.rendition(id(), Rendition::Preview).await;
        assert!(matches!(found, Err(StoreError::Missing)));
    }
}
