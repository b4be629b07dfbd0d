//! What leaves the page: to the printer, to the clipboard, as a link.

use super::camera::PictureUrl;
use super::{Fault, js, listen, timer};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// How long the bytes of a saved file stay in memory, in milliseconds.
const KEPT_MS: u32 = 60_000;

/// Opens the browser's print dialog.
pub fn print() {
    if let Ok(window) = listen::window() {
        let _asked = js::call(&window, "print", &[]);
    }
}

/// Puts a text on the clipboard.
pub async fn copy(text: &str) -> Result<(), Fault> {
    let clipboard =
        js::navigator("clipboard").ok_or_else(|| Fault::new("NotSupportedError", "no clipboard"))?;
    js::call_async(&clipboard, "writeText", &[text.into()]).await?;
    Ok(())
}

/// Hands the bytes to the browser as a file with this name, as if it had been downloaded.
pub fn save(name: &str, bytes: &[u8]) -> Result<(), Fault> {
    let url = PictureUrl::of(bytes, "application/octet-stream")?;
    let link: HtmlElement = listen::document()?.create_element("a")?.unchecked_into();
    link.set_attribute("href", url.as_str())?;
    link.set_attribute("download", name)?;
    link.click();
    // Some browsers read the bytes only after the click was handled, so the address is freed a good while later.
    wasm_bindgen_futures::spawn_local(async move {
        timer::sleep(KEPT_MS).await;
        drop(url);
    });
    Ok(())
}

/// A path of this site as a whole address.
pub fn address(path: &str) -> String {
    let origin = listen::window().and_then(|window| window.location().origin().map_err(Fault::from));
    format!("{}{path}", origin.unwrap_or_default())
}
