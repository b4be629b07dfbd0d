//! The share sheet of the system, and the picture that goes through it.

use super::camera::PictureUrl;
use super::{Fault, js};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/shell/card.js")]
extern "C" {
    #[wasm_bindgen(js_name = draw, catch)]
    async fn draw_card(json: &str) -> Result<JsValue, JsValue>;
}

const MEDIA_TYPE: &str = "image/png";

/// A drawn card: its bytes and an address under which the page can show it.
#[derive(Debug)]
pub struct Drawn {
    /// A PNG.
    pub bytes: Vec<u8>,
    /// Its address.
    pub url: PictureUrl,
}

/// Draws a card on a canvas. What it says is JSON as `card.js` reads it.
pub async fn draw(card: &serde_json::Value) -> Result<Drawn, Fault> {
    let bytes = Uint8Array::new(&draw_card(&card.to_string()).await?).to_vec();
    let url = PictureUrl::of(&bytes, MEDIA_TYPE)?;
    Ok(Drawn { bytes, url })
}

/// What the share sheet of this browser takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// Words and pictures.
    Pictures,
    /// Words only.
    Words,
    /// There is none.
    Nothing,
}

/// What this browser can share.
pub fn takes() -> Takes {
    if js::navigator("share").is_none() {
        return Takes::Nothing;
    }
    let probe = file("x.png", &[]).map(|file| js::object(&[("files", Array::of1(&file).into())]));
    let answer = probe.and_then(|probe| js::call(&navigator()?, "canShare", &[probe.into()]));
    match answer {
        Ok(answer) if answer.is_truthy() => Takes::Pictures,
        _ => Takes::Words,
    }
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// It was handed to another app.
    Sent,
    /// The person closed the sheet.
    Closed,
}

/// Opens the share sheet with words and, if there is one, a picture with its file name. Browsers ask for a press of the
/// person just before.
pub async fn share(text: &str, picture: Option<(&str, &[u8])>) -> Result<Shared, Fault> {
    let mut what = vec![("text", text.into())];
    if let Some((name, bytes)) = picture {
        what.push(("files", Array::of1(&file(name, bytes)?).into()));
    }
    match js::call_async(&navigator()?, "share", &[js::object(&what).into()]).await {
        Ok(_) => Ok(Shared::Sent),
        Err(fault) if fault.name == "AbortError" => Ok(Shared::Closed),
        Err(fault) => Err(fault),
    }
}

fn navigator() -> Result<JsValue, Fault> {
    js::global("navigator").ok_or_else(|| Fault::new("NotSupportedError", "no navigator"))
}

fn file(name: &str, bytes: &[u8]) -> Result<JsValue, Fault> {
    let parts = Array::of1(&Uint8Array::from(bytes).into());
    let kind = js::object(&[("type", MEDIA_TYPE.into())]);
    js::construct("File", &[parts.into(), name.into(), kind.into()])
}
