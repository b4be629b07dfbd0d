//! A file that the person picked.

use super::{Fault, js, listen};
use js_sys::Uint8Array;
use keng_shared::file::{FileFault, MAX_FILE_BYTES};
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

/// As [`picked`] for a file that goes into a record; the input is emptied for the next time. A file larger than may be
/// attached is not read.
pub async fn picked_to_attach(id: &str) -> Result<Option<Result<Picked, FileFault>>, Fault> {
    let input: Option<HtmlInputElement> = listen::document()?
        .get_element_by_id(id)
        .and_then(|element| element.dyn_into().ok());
    let file = input
        .as_ref()
        .and_then(HtmlInputElement::files)
        .and_then(|files| files.get(0));
    if file.is_some_and(|file| file.size() > MAX_FILE_BYTES as f64) {
        if let Some(input) = input {
            input.set_value("");
        }
        return Ok(Some(Err(FileFault::TooLarge)));
    }
    let picked = picked(id).await?;
    if let Some(input) = input {
        input.set_value("");
    }
    let checked = |picked: Picked| keng_shared::file::inspect(&picked.bytes).map(|()| picked);
    Ok(picked.map(checked))
}
