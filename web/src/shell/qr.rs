//! Reading QR codes through the camera, where the browser has a detector (Chrome on Android does).
//!
//! Elsewhere the person types the short code printed under the QR: a decoder in wasm would weigh more than it helps.

use super::camera::Camera;
use super::{js, timer};
use js_sys::Array;
use wasm_bindgen::JsValue;

/// Milliseconds between two looks at the viewfinder.
const LOOK_EVERY_MS: u32 = 250;

/// Whether the browser can read QR codes.
pub async fn is_supported() -> bool {
    let Some(class) = js::global("BarcodeDetector") else {
        return false;
    };
    let formats = js::call_async(&class, "getSupportedFormats", &[]).await;
    formats.is_ok_and(|formats| Array::from(&formats).includes(&"qr_code".into(), 0))
}

/// Looks through the camera once; `None` while there is no code in sight.
pub async fn look(camera: &Camera) -> Option<String> {
    timer::sleep(LOOK_EVERY_MS).await;
    let wish = js::object(&[("formats", Array::of1(&JsValue::from("qr_code")).into())]);
    let detector = js::construct("BarcodeDetector", &[wish.into()]).ok()?;
    // A frame that cannot be read is followed by another.
    let found = js::call_async(&detector, "detect", &[camera.video().into()])
        .await
        .ok()?;
    js::text(&Array::from(&found).get(0), "rawValue").filter(|text| !text.is_empty())
}
