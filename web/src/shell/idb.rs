//! A database of the browser: named stores of values under text keys, written in one durable transaction.
//!
//! Nothing but requests of the same transaction is awaited while one is open; a browser commits a transaction that
//! idles. The connection can die at any time (iOS kills it under memory pressure), so every use opens it again when needed.

use super::listen::{Listener, first_event};
use super::{Fault, js};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    EventTarget, IdbDatabase, IdbFactory, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

/// One change of a store.
pub(super) enum Write {
    /// Stores a value under a key.
    Put {
        store: &'static str,
        key: String,
        value: JsValue,
    },
    /// Removes a key.
    Delete { store: &'static str, key: String },
    /// Empties a store.
    Clear { store: &'static str },
}

impl Write {
    fn store(&self) -> &'static str {
        match self {
            Self::Put { store, .. } | Self::Delete { store, .. } | Self::Clear { store } => store,
        }
    }
}

/// A database. Clones share the connection.
#[derive(Clone)]
pub(super) struct Database {
    name: Rc<str>,
    stores: &'static [&'static str],
    connection: Rc<RefCell<Option<Connection>>>,
}

struct Connection {
    raw: IdbDatabase,
    _listeners: [Listener; 2],
}

impl Database {
    /// Opens a database with these stores, making what is missing.
    pub(super) async fn open(name: &str, stores: &'static [&'static str]) -> Result<Self, Fault> {
        let database = Self {
            name: name.into(),
            stores,
            connection: Rc::default(),
        };
        database.connect().await?;
        Ok(database)
    }

    /// Does all writes or none, and answers when they are on the disk.
    pub(super) async fn write(&self, writes: &[Write]) -> Result<(), Fault> {
        if writes.is_empty() {
            return Ok(());
        }
        let mut stores: Vec<&str> = Vec::new();
        for store in writes.iter().map(Write::store) {
            if !stores.contains(&store) {
                stores.push(store);
            }
        }
        let transaction = self.transaction(&stores, IdbTransactionMode::Readwrite).await?;
        let issued = writes.iter().try_for_each(|write| issue(&transaction, write));
        if let Err(fault) = issued {
            // The first fault is the one to tell; an abort of an aborted transaction says nothing new.
            let _aborted = transaction.abort();
            return Err(fault);
        }
        committed(&transaction).await
    }

    /// The value under a key.
    pub(super) async fn get(&self, store: &'static str, key: &str) -> Result<Option<JsValue>, Fault> {
        let transaction = self.transaction(&[store], IdbTransactionMode::Readonly).await?;
        let value = answer(&transaction.object_store(store)?.get(&key.into())?).await?;
        Ok(Some(value).filter(|value| !value.is_undefined()))
    }

    /// Every key and value of some stores at one moment, each store in the order of its keys.
    pub(super) async fn all(&self, stores: &[&str]) -> Result<Vec<Vec<(String, JsValue)>>, Fault> {
        let transaction = self.transaction(stores, IdbTransactionMode::Readonly).await?;
        let mut requests = Vec::with_capacity(stores.len());
        for store in stores {
            let source = transaction.object_store(store)?;
            requests.push((source.get_all_keys()?, source.get_all()?));
        }
        let mut found = Vec::with_capacity(stores.len());
        for (keys, values) in requests {
            let keys = js_sys::Array::from(&answer(&keys).await?);
            let values = js_sys::Array::from(&answer(&values).await?);
            let keys = keys.iter().map(|key| key.as_string().unwrap_or_default());
            found.push(keys.zip(values.iter()).collect());
        }
        Ok(found)
    }

    /// Every key of a store.
    pub(super) async fn keys(&self, store: &'static str) -> Result<Vec<String>, Fault> {
        let transaction = self.transaction(&[store], IdbTransactionMode::Readonly).await?;
        let keys = answer(&transaction.object_store(store)?.get_all_keys()?).await?;
        Ok(js_sys::Array::from(&keys)
            .iter()
            .filter_map(|key| key.as_string())
            .collect())
    }

    /// Closes and deletes the database with everything in it.
    pub(super) async fn destroy(self) -> Result<(), Fault> {
        if let Some(connection) = self.connection.borrow_mut().take() {
            connection.raw.close();
        }
        let request: IdbRequest = factory()?.delete_database(&self.name)?.unchecked_into();
        answer(&request).await.map(drop)
    }

    async fn transaction(&self, stores: &[&str], mode: IdbTransactionMode) -> Result<IdbTransaction, Fault> {
        match self.begin(stores, mode) {
            Some(Ok(transaction)) => Ok(transaction),
            // Closed behind our back: once more on a new connection.
            Some(Err(_)) | None => {
                self.connect().await?;
                self.begin(stores, mode)
                    .unwrap_or_else(|| Err(Fault::new("InvalidStateError", "the database closed again")))
            }
        }
    }

    fn begin(&self, stores: &[&str], mode: IdbTransactionMode) -> Option<Result<IdbTransaction, Fault>> {
        let connection = self.connection.borrow();
        let raw = &connection.as_ref()?.raw;
        let names: js_sys::Array = stores.iter().map(|name| JsValue::from(*name)).collect();
        let durability = if mode == IdbTransactionMode::Readonly {
            "default"
        } else {
            "strict"
        };
        let options = js::object(&[("durability", durability.into())]);
        let begun = js::call(
            raw.as_ref(),
            "transaction",
            &[names.into(), mode.into(), options.into()],
        );
        Some(begun.map(JsCast::unchecked_into))
    }

    async fn connect(&self) -> Result<(), Fault> {
        let version = u32::try_from(self.stores.len()).unwrap_or(1);
        let request = factory()?.open_with_u32(&self.name, version)?;
        let stores = self.stores;
        let upgrade = Listener::new(request.as_ref(), "upgradeneeded", move |event| {
            let target = super::listen::target_of(&event);
            if let Ok(request) = target.dyn_into::<IdbOpenDbRequest>() {
                // A failure aborts the upgrade, and the open request then reports it.
                let _made = make_stores(&request, stores);
            }
        });
        let opened = answer(request.as_ref()).await;
        drop(upgrade);
        let raw: IdbDatabase = opened?.unchecked_into();
        let listeners = ["close", "versionchange"].map(|kind| {
            let slot = Rc::downgrade(&self.connection);
            let target: &EventTarget = raw.as_ref();
            Listener::new(target, kind, move |event| {
                if let Ok(database) = super::listen::target_of(&event).dyn_into::<IdbDatabase>() {
                    database.close();
                }
                // The slot is borrowed only between awaits, never while an event runs.
                if let Some(slot) = slot.upgrade()
                    && let Ok(mut slot) = slot.try_borrow_mut()
                    && let Some(connection) = slot.take()
                {
                    // This very listener belongs to the connection: let it finish before it is dropped.
                    wasm_bindgen_futures::spawn_local(async move { drop(connection) });
                }
            })
        });
        self.connection.replace(Some(Connection {
            raw,
            _listeners: listeners,
        }));
        Ok(())
    }
}

fn make_stores(request: &IdbOpenDbRequest, stores: &[&str]) -> Result<(), Fault> {
    let database: IdbDatabase = request.result()?.unchecked_into();
    let there = database.object_store_names();
    for name in stores.iter().filter(|name| !there.contains(name)) {
        database.create_object_store(name)?;
    }
    Ok(())
}

fn issue(transaction: &IdbTransaction, write: &Write) -> Result<(), Fault> {
    let store: IdbObjectStore = transaction.object_store(write.store())?;
    match write {
        Write::Put { key, value, .. } => store.put_with_key(value, &key.into())?,
        Write::Delete { key, .. } => store.delete(&key.into())?,
        Write::Clear { .. } => store.clear()?,
    };
    Ok(())
}

async fn answer(request: &IdbRequest) -> Result<JsValue, Fault> {
    // Of several requests that were issued together, a later one may be done before anybody listens.
    if js::text(request.as_ref(), "readyState").as_deref() == Some("done") {
        return request.result().map_err(|_| request_fault(request));
    }
    match first_event(request.as_ref(), &["success", "error"]).await? {
        "success" => Ok(request.result()?),
        _ => Err(request_fault(request)),
    }
}

fn request_fault(request: &IdbRequest) -> Fault {
    match request.error() {
        Ok(Some(error)) => Fault::from(JsValue::from(error)),
        _ => Fault::new("UnknownError", "the request failed without a reason"),
    }
}

async fn committed(transaction: &IdbTransaction) -> Result<(), Fault> {
    match first_event(transaction.as_ref(), &["complete", "abort", "error"]).await? {
        "complete" => Ok(()),
        _ => Err(js::get(transaction.as_ref(), "error")
            .map(Fault::from)
            .unwrap_or_else(|| Fault::new("AbortError", "the transaction was aborted"))),
    }
}

fn factory() -> Result<IdbFactory, Fault> {
    super::listen::window()?
        .indexed_db()?
        .ok_or_else(|| Fault::new("NotSupportedError", "no IndexedDB"))
}
