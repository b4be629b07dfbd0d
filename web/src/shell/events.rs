//! The server's stream of events.

use super::Fault;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/shell/events.js")]
extern "C" {
    #[wasm_bindgen(js_name = follow, catch)]
    async fn follow_stream(
        path: &str,
        token: &str,
        last: &str,
        heard: &Closure<dyn FnMut(String, String, String) -> bool>,
    ) -> Result<JsValue, JsValue>;
}

/// Whether to go on listening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ears {
    /// Go on.
    Open,
    /// Leave the stream.
    Closed,
}

/// Follows the stream until it ends, and gives the status of the answer. `heard` gets name, id and data of each event;
/// the name is empty at the beginning and for heartbeats. `last` is the id of the last event that was heard, or empty.
pub async fn follow(
    token: &str,
    last: &str,
    mut heard: impl FnMut(&str, String, &str) -> Ears + 'static,
) -> Result<u16, Fault> {
    let heard = Closure::<dyn FnMut(String, String, String) -> bool>::new(
        move |name: String, id: String, data: String| heard(&name, id, &data) == Ears::Open,
    );
    let path = format!("{}/events", keng_shared::api::BASE);
    let status = follow_stream(&path, token, last, &heard).await?;
    Ok(status.as_f64().map_or(0, |status| status as u16))
}
