//! The contract of [`LocalStore`], run over the memory store here and over IndexedDB in the browser.
//!
//! Each clause panics with its own sentence when it is broken.

use crate::store::{Batch, LocalStore, Snapshot, Table, Write};
use keng_shared::id::PhotoId;
use uuid::Uuid;

/// Runs every clause. `open` opens the same store again each time, as a page does that was killed; the store is
/// empty at first and is left empty.
pub async fn run<S: LocalStore>(open: impl AsyncFn() -> S) {
    let store = open().await;
    expect(load(&store).await == Snapshot::default(), "a new store is empty");
    rows(&store).await;
    batches(&store).await;
    photos(&store).await;
    reopening(&open, &store).await;
    wiping(&open, &store).await;
}

async fn rows<S: LocalStore>(store: &S) {
    apply(
        store,
        vec![put(Table::Drafts, "a", "1"), put(Table::Items, "a", "2")],
    )
    .await;
    let snapshot = load(store).await;
    expect(
        snapshot.row(Table::Drafts, "a") == Some("1") && snapshot.row(Table::Items, "a") == Some("2"),
        "the same key in two tables is two rows",
    );
    apply(store, vec![put(Table::Drafts, "a", "\"Hoà 🔔\"")]).await;
    expect(
        load(store).await.row(Table::Drafts, "a") == Some("\"Hoà 🔔\""),
        "a put replaces the row and keeps every character",
    );
    apply(
        store,
        vec![delete(Table::Drafts, "a"), delete(Table::Drafts, "never")],
    )
    .await;
    expect(
        load(store).await.row(Table::Drafts, "a").is_none(),
        "a deleted row is gone, and deleting a row that is not there is no error",
    );
    for table in Table::ALL {
        apply(store, vec![put(*table, "b", "true")]).await;
    }
    let snapshot = load(store).await;
    expect(
        Table::ALL.iter().all(|t| snapshot.row(*t, "b") == Some("true")),
        "every table is there",
    );
    for table in Table::ALL {
        apply(store, vec![delete(*table, "b")]).await;
    }
    apply(store, vec![delete(Table::Items, "a")]).await;
}

async fn batches<S: LocalStore>(store: &S) {
    let page = (0..200).map(|i| put(Table::Records, &format!("{i:03}"), "{}"));
    let page = page.chain([put(Table::Meta, "cursor", "\"c1\"")]).collect();
    apply(store, page).await;
    let snapshot = load(store).await;
    expect(
        snapshot.table(Table::Records).count() == 200
            && snapshot.row(Table::Meta, "cursor") == Some("\"c1\""),
        "a page and its cursor are written together",
    );
    expect(
        snapshot
            .table(Table::Records)
            .map(|(key, _)| key)
            .collect::<Vec<_>>()
            .is_sorted(),
        "rows come in the order of their keys",
    );
    apply(
        store,
        vec![
            put(Table::Meta, "x", "1"),
            delete(Table::Meta, "x"),
            put(Table::Meta, "y", "1"),
            put(Table::Meta, "y", "2"),
        ],
    )
    .await;
    let snapshot = load(store).await;
    expect(
        snapshot.row(Table::Meta, "x").is_none() && snapshot.row(Table::Meta, "y") == Some("2"),
        "the writes of a batch happen in their order",
    );
    apply(store, Vec::new()).await;
    expect(load(store).await == snapshot, "an empty batch changes nothing");
}

async fn photos<S: LocalStore>(store: &S) {
    let (one, two) = (PhotoId(Uuid::from_u128(1)), PhotoId(Uuid::from_u128(2)));
    let bytes: Vec<u8> = (0..300_000_u32).map(|i| (i % 251) as u8).collect();
    for id in [one, two] {
        if let Err(error) = store.put_photo(id, "image/jpeg", &bytes).await {
            expect(false, &format!("a photo is stored, but: {error}"));
        }
    }
    expect(
        matches!(store.photo(one).await, Ok(Some(found)) if found == bytes),
        "the bytes of a photo come back as they were",
    );
    expect(
        load(store).await.photos.len() == 2,
        "a snapshot names the photos whose bytes are there",
    );
    apply(
        store,
        vec![put(Table::Photos, "one", "\"received\""), Write::DeletePhoto(one)],
    )
    .await;
    expect(
        matches!(store.photo(one).await, Ok(None)) && load(store).await.photos == [two],
        "a photo is deleted in the transaction that notes its receipt, and no other photo with it",
    );
    apply(store, vec![Write::DeletePhoto(one)]).await;
}

async fn reopening<S: LocalStore>(open: &impl AsyncFn() -> S, store: &S) {
    let before = load(store).await;
    let again = open().await;
    expect(
        load(&again).await == before,
        "what was applied is there after the page was killed",
    );
    expect(
        !before.photos.is_empty() && before.row(Table::Meta, "y").is_some(),
        "the clause before has something to keep",
    );
}

async fn wiping<S: LocalStore>(open: &impl AsyncFn() -> S, store: &S) {
    apply(store, vec![Write::Wipe]).await;
    expect(
        load(&open().await).await == Snapshot::default(),
        "a wipe leaves nothing, photos included",
    );
}

async fn apply<S: LocalStore>(store: &S, writes: Vec<Write>) {
    if let Err(error) = store.apply(&Batch(writes)).await {
        expect(false, &format!("a batch is written, but: {error}"));
    }
}

/// The snapshot without tables that hold no row, since a store may or may not mention those.
async fn load<S: LocalStore>(store: &S) -> Snapshot {
    match store.load().await {
        Ok(mut snapshot) => {
            snapshot.rows.retain(|_, rows| !rows.is_empty());
            snapshot
        }
        Err(error) => {
            expect(false, &format!("a snapshot is read, but: {error}"));
            Snapshot::default()
        }
    }
}

fn put(table: Table, key: &str, value: &str) -> Write {
    Write::Put {
        table,
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

fn delete(table: Table, key: &str) -> Write {
    Write::Delete {
        table,
        key: key.to_owned(),
    }
}

fn expect(holds: bool, clause: &str) {
    assert!(holds, "the store breaks its contract: {clause}");
}
