//! Runs the contract of the phone's store over IndexedDB, in a page of its own. The page's title says how it went; a
//! broken clause panics with its sentence. Built only for the browser tests.

use keng_engine::contract;
use keng_shared::id::UserId;
use keng_web::shell::device::Device;
use keng_web::shell::dom;
use keng_web::shell::store::IndexedDbStore;

/// Nobody's: a store that no person has.
const NOBODY: UserId = UserId(uuid::Uuid::nil());

fn main() {
    std::panic::set_hook(Box::new(|panic| dom::set_title(&panic.to_string())));
    wasm_bindgen_futures::spawn_local(async {
        match Device::open().await {
            Ok(device) => {
                contract::run(async || open(&device).await).await;
                dom::set_title("the contract is kept");
            }
            Err(fault) => dom::set_title(&format!("the device does not open: {fault}")),
        }
    });
}

async fn open(device: &Device) -> IndexedDbStore {
    match IndexedDbStore::open(device, NOBODY).await {
        Ok(store) => store,
        Err(fault) => panic!("the store does not open: {fault}"),
    }
}
