//! A store in memory: the twin of IndexedDB for tests and the simulation.

use super::{Batch, LocalStore, Snapshot, StoreError, Table, Write};
use keng_shared::id::PhotoId;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A store in memory. Clones share the content, as two openings of one IndexedDB do.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    content: Rc<RefCell<Content>>,
}

#[derive(Debug, Default)]
struct Content {
    rows: BTreeMap<Table, BTreeMap<String, String>>,
    photos: BTreeMap<PhotoId, Vec<u8>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a batch without a future around it.
    pub fn write(&self, batch: &Batch) {
        let content = &mut *self.content.borrow_mut();
        for write in &batch.0 {
            match write {
                Write::Put { table, key, value } => {
                    let rows = content.rows.entry(*table).or_default();
                    rows.insert(key.clone(), value.clone());
                }
                Write::Delete { table, key } => {
                    if let Some(rows) = content.rows.get_mut(table) {
                        rows.remove(key);
                    }
                }
                Write::DeletePhoto(id) => {
                    content.photos.remove(id);
                }
                Write::Wipe => *content = Content::default(),
            }
        }
    }

    /// Everything but the bytes of photos, without a future around it.
    pub fn snapshot(&self) -> Snapshot {
        let content = self.content.borrow();
        Snapshot {
            rows: content.rows.clone(),
            photos: content.photos.keys().copied().collect(),
        }
    }

    /// Stores bytes without a future around it.
    pub fn write_photo(&self, id: PhotoId, bytes: &[u8]) {
        self.content.borrow_mut().photos.insert(id, bytes.to_vec());
    }

    /// The bytes of a photo without a future around them.
    pub fn read_photo(&self, id: PhotoId) -> Option<Vec<u8>> {
        self.content.borrow().photos.get(&id).cloned()
    }
}

impl LocalStore for MemoryStore {
    async fn apply(&self, batch: &Batch) -> Result<(), StoreError> {
        self.write(batch);
        Ok(())
    }

    async fn load(&self) -> Result<Snapshot, StoreError> {
        Ok(self.snapshot())
    }

    async fn put_photo(&self, id: PhotoId, _mime: &str, bytes: &[u8]) -> Result<(), StoreError> {
        self.write_photo(id, bytes);
        Ok(())
    }

    async fn photo(&self, id: PhotoId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.read_photo(id))
    }
}
