//! What leaves the page: to the printer, to the clipboard, as a link.

use super::{Fault, js, listen};

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

/// A path of this site as a whole address.
pub fn address(path: &str) -> String {
    let origin = listen::window().and_then(|window| window.location().origin().map_err(Fault::from));
    format!("{}{path}", origin.unwrap_or_default())
}
