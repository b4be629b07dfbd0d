//! The memory store keeps the contract that IndexedDB has to keep in the browser.

use keng_engine::contract;
use keng_engine::store::MemoryStore;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

#[test]
fn the_memory_store_keeps_the_contract() {
    let store = MemoryStore::new();
    let run = contract::run(async || store.clone());
    let mut run = pin!(run);
    // The memory store never waits, so one poll is the whole run.
    let finished = run.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(finished, Poll::Ready(()));
}
