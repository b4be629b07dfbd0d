//! The engine's store in IndexedDB: one database per person, every value sealed with that person's key.
//!
//! Values are sealed before a transaction opens, because a transaction that waits for anything but its own requests
//! commits early. Photos are blobs in a store of their own, so that reading the rows never loads them.

use super::crypto::SealingKey;
use super::device::Device;
use super::idb::{self, Database};
use super::{Fault, js};
use js_sys::{Array, Uint8Array};
use keng_engine::store::{BLOBS, Batch, LocalStore, Snapshot, StoreError, Table, Write};
use keng_shared::id::{PhotoId, UserId};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

/// Every table and the blobs, in the order of [`Table::ALL`].
const STORES: [&str; 8] = [
    "meta", "drafts", "items", "records", "photos", "patrol", "journal", BLOBS,
];

/// One person's store. Clones share it.
#[derive(Clone)]
pub struct IndexedDbStore {
    database: Database,
    key: SealingKey,
}

impl IndexedDbStore {
    /// Opens the store of a person on this device.
    pub async fn open(device: &Device, user: UserId) -> Result<Self, Fault> {
        Ok(Self {
            key: device.sealing_key(user).await?,
            database: Database::open(&format!("keng-{user}"), &STORES).await?,
        })
    }

    /// Deletes the database as a whole.
    pub async fn destroy(self) -> Result<(), Fault> {
        self.database.destroy().await
    }

    async fn sealed(&self, write: &Write) -> Result<Vec<idb::Write>, Fault> {
        Ok(match write {
            Write::Put { table, key, value } => vec![idb::Write::Put {
                store: table.name(),
                key: key.clone(),
                value: self.key.seal(value.as_bytes()).await?.into(),
            }],
            Write::Delete { table, key } => vec![idb::Write::Delete {
                store: table.name(),
                key: key.clone(),
            }],
            Write::DeletePhoto(id) => vec![idb::Write::Delete {
                store: BLOBS,
                key: id.to_string(),
            }],
            Write::Wipe => STORES.map(|store| idb::Write::Clear { store }).into(),
        })
    }

    async fn open_row(&self, value: &JsValue) -> Result<String, Fault> {
        let plain = self.key.open(value).await?;
        String::from_utf8(plain).map_err(|error| Fault::new("DataError", error.to_string()))
    }
}

impl LocalStore for IndexedDbStore {
    async fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut writes = Vec::with_capacity(batch.0.len());
        for write in &batch.0 {
            writes.extend(self.sealed(write).await.map_err(told)?);
        }
        self.database.write(&writes).await.map_err(told)
    }

    async fn load(&self) -> Result<Snapshot, StoreError> {
        let names: Vec<&str> = Table::ALL.iter().map(|table| table.name()).collect();
        let found = self.database.all(&names).await.map_err(told)?;
        let mut snapshot = Snapshot::default();
        for (table, rows) in Table::ALL.iter().zip(found) {
            let opened = snapshot.rows.entry(*table).or_default();
            for (key, value) in rows {
                opened.insert(key, self.open_row(&value).await.map_err(told)?);
            }
        }
        let photos = self.database.keys(BLOBS).await.map_err(told)?;
        snapshot.photos = photos.iter().filter_map(|key| key.parse().ok()).collect();
        Ok(snapshot)
    }

    async fn put_photo(&self, id: PhotoId, _mime: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let sealed = self.key.seal(bytes).await.map_err(told)?;
        let blob = Blob::new_with_u8_array_sequence(&Array::of1(&sealed.into()))
            .map_err(|error| told(Fault::from(error)))?;
        let write = idb::Write::Put {
            store: BLOBS,
            key: id.to_string(),
            value: blob.into(),
        };
        self.database.write(&[write]).await.map_err(told)
    }

    async fn photo(&self, id: PhotoId) -> Result<Option<Vec<u8>>, StoreError> {
        let found = self.database.get(BLOBS, &id.to_string()).await.map_err(told)?;
        let Some(blob) = found.and_then(|value| value.dyn_into::<Blob>().ok()) else {
            return Ok(None);
        };
        let sealed = js::settle(blob.array_buffer().into()).await.map_err(told)?;
        let plain = self
            .key
            .open(&Uint8Array::new(&sealed).into())
            .await
            .map_err(told)?;
        Ok(Some(plain))
    }
}

fn told(fault: Fault) -> StoreError {
    match fault.name.as_str() {
        "QuotaExceededError" => StoreError::Full,
        "InvalidStateError" | "AbortError" | "UnknownError" => StoreError::Closed(fault.to_string()),
        _ => StoreError::Failed(fault.to_string()),
    }
}
