//! What the browser refused.

use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// An error of the browser: the name of its exception, which is stable, and its words, which are for developers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `NotAllowedError`, `QuotaExceededError`, …
    pub name: String,
    /// Words of the browser.
    pub message: String,
}

impl Fault {
    /// A fault of our own making.
    pub fn new(name: &str, message: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            message: message.into(),
        }
    }

    /// Whether the disk of the device is full.
    pub fn is_quota(&self) -> bool {
        self.name == "QuotaExceededError"
    }

    /// Whether the person or a policy said no.
    pub fn is_denied(&self) -> bool {
        matches!(self.name.as_str(), "NotAllowedError" | "SecurityError")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.message)
    }
}

impl From<JsValue> for Fault {
    fn from(value: JsValue) -> Self {
        match value.dyn_ref::<js_sys::Error>() {
            Some(error) => Self {
                name: String::from(error.name()),
                message: String::from(error.message()),
            },
            // A DOMException is not an `Error` in every realm, but has the same two properties.
            None => Self {
                name: super::js::text(&value, "name").unwrap_or_else(|| "Unknown".to_owned()),
                message: super::js::text(&value, "message").unwrap_or_default(),
            },
        }
    }
}
