//! Normal forms and small letters. A browser brings the tables for these; elsewhere crates do, and in the app they
//! would be a sixth of what a phone downloads.

#[cfg(target_arch = "wasm32")]
pub use browser::{lower, nfc, nfd};
#[cfg(not(target_arch = "wasm32"))]
pub use native::{lower, nfc, nfd};

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use unicode_normalization::UnicodeNormalization;

    /// Marks joined with their letters.
    pub fn nfc(text: &str) -> String {
        text.nfc().collect()
    }

    /// Marks apart from their letters.
    pub fn nfd(text: &str) -> String {
        text.nfd().collect()
    }

    /// Small letters.
    pub fn lower(text: &str) -> String {
        text.to_lowercase()
    }
}

#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::wasm_bindgen;
    use wasm_bindgen::{JsCast, JsValue};

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = String)]
        type Text;
        #[wasm_bindgen(method, js_class = "String")]
        fn normalize(this: &Text, form: &str) -> String;
        #[wasm_bindgen(method, js_class = "String", js_name = toLowerCase)]
        fn to_lower_case(this: &Text) -> String;
    }

    fn text(text: &str) -> Text {
        JsValue::from_str(text).unchecked_into()
    }

    /// Marks joined with their letters.
    pub fn nfc(words: &str) -> String {
        text(words).normalize("NFC")
    }

    /// Marks apart from their letters.
    pub fn nfd(words: &str) -> String {
        text(words).normalize("NFD")
    }

    /// Small letters.
    pub fn lower(words: &str) -> String {
        text(words).to_lower_case()
    }
}
