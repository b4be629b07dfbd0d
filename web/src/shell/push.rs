//! Urgent news while the app is not open (W3C Push API). The service worker shows them; pages subscribe, and leave it the
//! words in the person's language.

use super::listen::Listener;
use super::{Fault, js};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::NewPushSubscription;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::EventTarget;

/// Path of the worker; the desk has none of its own.
const WORKER: &str = "/service-worker.js";
/// Where the worker looks for words; it knows both names.
const WORDS_CACHE: &str = "keng-words";
const WORDS: &str = "/push-words";

/// What this browser can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It has no push messages, or not for a page that is not on the home screen.
    Unsupported,
    /// The person or a policy has said no.
    Denied,
    /// It can, and does not.
    Off,
    /// It has this subscription.
    On(NewPushSubscription),
}

/// How it stands now. Asks nobody.
pub async fn standing() -> Standing {
    let (Some(notification), Some(_)) = (js::global("Notification"), js::global("PushManager")) else {
        return Standing::Unsupported;
    };
    match js::text(&notification, "permission").as_deref() {
        Some("denied") => return Standing::Denied,
        Some("granted") => {}
        _ => return Standing::Off,
    }
    match subscription().await {
        Ok(Some(subscription)) => Standing::On(subscription),
        _ => Standing::Off,
    }
}

/// Asks the person; call it from a tap. `Ok(false)` when they say no.
pub async fn ask() -> Result<bool, Fault> {
    let notification = js::global("Notification").ok_or_else(unsupported)?;
    let answer = js::call_async(&notification, "requestPermission", &[]).await?;
    Ok(answer.as_string().as_deref() == Some("granted"))
}

/// Subscribes with the server's key, anew when the browser was subscribed with another one.
pub async fn subscribe(server_key: &str) -> Result<NewPushSubscription, Fault> {
    let container = js::navigator("serviceWorker").ok_or_else(unsupported)?;
    js::call_async(&container, "register", &[WORKER.into()]).await?;
    let ready = js::get(&container, "ready").ok_or_else(unsupported)?;
    let registration = js::settle(ready).await?;
    let manager = js::get(&registration, "pushManager").ok_or_else(unsupported)?;
    let old = js::call_async(&manager, "getSubscription", &[]).await?;
    if !old.is_null() && key_of(&old).as_deref() != Some(server_key) {
        js::call_async(&old, "unsubscribe", &[]).await?;
    }
    let options = js::object(&[
        ("userVisibleOnly", true.into()),
        ("applicationServerKey", server_key.into()),
    ]);
    let made = js::call_async(&manager, "subscribe", &[options.into()]).await?;
    read(&made).ok_or_else(|| Fault::new("DataError", "the subscription has no keys"))
}

/// Ends the browser's subscription, if it has one.
pub async fn unsubscribe() -> Result<(), Fault> {
    if let Some(found) = current().await? {
        js::call_async(&found, "unsubscribe", &[]).await?;
    }
    Ok(())
}

/// Leaves the worker what to say: JSON of its keys and the words.
pub async fn keep_words(json: &str) -> Result<(), Fault> {
    let caches = js::global("caches").ok_or_else(unsupported)?;
    let cache = js::call_async(&caches, "open", &[WORDS_CACHE.into()]).await?;
    let answer = js::construct("Response", &[json.into()])?;
    js::call_async(&cache, "put", &[WORDS.into(), answer]).await?;
    Ok(())
}

/// Calls back with the path that a tapped message leads to, when it brings this page to the front.
pub fn on_open(open: impl Fn(String) + 'static) -> Option<Listener> {
    let container: EventTarget = js::navigator("serviceWorker")?.unchecked_into();
    Some(Listener::new(&container, "message", move |event| {
        let path = js::get(event.as_ref(), "data").and_then(|data| js::text(&data, "open"));
        if let Some(path) = path {
            open(path);
        }
    }))
}

async fn subscription() -> Result<Option<NewPushSubscription>, Fault> {
    Ok(current().await?.as_ref().and_then(read))
}

async fn current() -> Result<Option<JsValue>, Fault> {
    let container = js::navigator("serviceWorker").ok_or_else(unsupported)?;
    let registration = js::call_async(&container, "getRegistration", &[]).await?;
    let Some(manager) = js::get(&registration, "pushManager") else {
        return Ok(None);
    };
    let found = js::call_async(&manager, "getSubscription", &[]).await?;
    Ok(Some(found).filter(|found| !found.is_null() && !found.is_undefined()))
}

/// The server's key that a subscription was made with.
fn key_of(subscription: &JsValue) -> Option<String> {
    let options = js::get(subscription, "options")?;
    let bytes = js_sys::Uint8Array::new(&js::get(&options, "applicationServerKey")?).to_vec();
    Some(URL_SAFE_NO_PAD.encode(bytes))
}

fn read(subscription: &JsValue) -> Option<NewPushSubscription> {
    let json = js::call(subscription, "toJSON", &[]).ok()?;
    let keys = js::get(&json, "keys")?;
    Some(NewPushSubscription {
        endpoint: js::text(&json, "endpoint")?,
        p256dh: js::text(&keys, "p256dh")?,
        auth: js::text(&keys, "auth")?,
    })
}

fn unsupported() -> Fault {
    Fault::new("NotSupportedError", "no push messages")
}
