//! A file that the person picked.

use super::{Fault, js, listen};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// A picked file.
pub struct Picked {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The file that is picked in the input with this id; `None` when there is none.
pub async fn picked(id: &str) -> Result<Option<Picked>, Fault> {
    let input: Option<HtmlInputElement> = listen::document()?
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into().ok());
    let Some(file) = input
        .and_then(|input| input.files())
        .and_then(|files| files.get(0))
    else {
        return Ok(None);
    };
    let buffer = js::settle(file.array_buffer().into()).await?;
    Ok(Some(Picked {
        name: file.name(),
        bytes: Uint8Array::new(&buffer).to_vec(),
    }))
}
