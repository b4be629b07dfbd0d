//! Reading and writing JSON in little code: what the browser and the typed client use instead of serde.
//!
//! serde compiles a visitor for every pair of type and source, which was a sixth of the field app. Here text becomes a
//! [`Value`] once, and a type takes its fields out of that by functions that all types share. The derives
//! `FromJson` and `ToJson` read the `#[serde(…)]` attributes that stand on a type for the server, and mean the same
//! wire form; `shared/tests/json.rs` holds both against each other. See `docs/decisions/0013-wasm-size.md`.

mod fields;
mod values;

pub use fields::Fields;
pub use keng_derive::{FromJson, ToJson};
pub use serde_json::Value;

use std::fmt;

/// What can be read from JSON.
#[diagnostic::on_unimplemented(note = "derive it: `#[derive(FromJson)]` from `keng_shared::json`")]
pub trait FromJson: Sized {
    /// The value, or what is wrong.
    fn from_json(json: Value) -> Result<Self, Unreadable>;

    /// What a field is that is not there: nothing, for an option; for others an error.
    fn absent() -> Option<Self> {
        None
    }
}

/// What has named fields, and so can be flattened into another object.
pub trait FromFields: Sized {
    /// The value, its own fields taken out of `fields`.
    fn from_fields(fields: &mut Fields) -> Result<Self, Unreadable>;
}

/// What can be written as JSON.
#[diagnostic::on_unimplemented(note = "derive it: `#[derive(ToJson)]` from `keng_shared::json`")]
pub trait ToJson {
    /// The JSON.
    fn to_json(&self) -> Value;
}

/// Why something could not be read: where, and what was expected there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable(Box<(String, &'static str)>);

// Kept out of the many functions that may fail, which stay small by it.
impl Unreadable {
    /// Something else than what was expected.
    #[cold]
    #[inline(never)]
    pub fn new(expected: &'static str) -> Self {
        Self(Box::new((String::new(), expected)))
    }

    /// The same inside the field `name`.
    #[cold]
    #[inline(never)]
    #[must_use]
    fn under(mut self, name: &str) -> Self {
        let path = &mut self.0.0;
        if !path.is_empty() {
            path.insert(0, '.');
        }
        path.insert_str(0, name);
        self
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, expected) = self.0.as_ref();
        let place = if path.is_empty() { "." } else { path };
        f.write_str(place)?;
        f.write_str(": expected ")?;
        f.write_str(expected)
    }
}

impl std::error::Error for Unreadable {}

/// Reads text as `T`.
pub fn read<T: FromJson>(text: &[u8]) -> Result<T, Unreadable> {
    T::from_json(parse(text)?)
}

fn parse(text: &[u8]) -> Result<Value, Unreadable> {
    serde_json::from_slice(text).map_err(|_| Unreadable::new("JSON"))
}

/// Writes a value as text.
pub fn write(value: &impl ToJson) -> String {
    value.to_json().to_string()
}

/// A string, as the name of a variant is one.
pub fn word(json: Value) -> Result<String, Unreadable> {
    match json {
        Value::String(word) => Ok(word),
        _ => Err(Unreadable::new("a string")),
    }
}

/// The name and the content of an externally tagged variant: `"Name"` or `{"Name": content}`.
pub fn variant(json: Value) -> Result<(String, Value), Unreadable> {
    match json {
        Value::String(name) => Ok((name, Value::Null)),
        Value::Object(fields) if fields.len() == 1 => fields
            .into_iter()
            .next()
            .ok_or_else(|| Unreadable::new("a variant")),
        _ => Err(Unreadable::new("a variant")),
    }
}
