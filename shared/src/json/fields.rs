//! The fields of an object, taken out one by one.

use super::{FromJson, Unreadable, Value};
use serde_json::Map;

/// The fields of an object that is being read or written.
#[derive(Debug, Default)]
pub struct Fields(Map<String, Value>);

impl Fields {
    /// The fields of an object.
    pub fn of(json: Value) -> Result<Self, Unreadable> {
        match json {
            Value::Object(fields) => Ok(Self(fields)),
            _ => Err(Unreadable::new("an object")),
        }
    }

    /// Takes a field out.
    #[inline(never)]
    pub fn take<T: FromJson>(&mut self, name: &str) -> Result<T, Unreadable> {
        let found = match self.find(name) {
            Some(json) => T::from_json(json),
            None => T::absent().ok_or_else(|| Unreadable::new("a value")),
        };
        found.map_err(|wrong| wrong.under(name))
    }

    /// Takes a field out that need not be there.
    #[inline(never)]
    pub fn take_or_default<T: FromJson + Default>(&mut self, name: &str) -> Result<T, Unreadable> {
        match self.find(name) {
            Some(json) => T::from_json(json).map_err(|wrong| wrong.under(name)),
            None => Ok(T::default()),
        }
    }

    /// The word in the field that names a variant.
    pub fn tag(&mut self, name: &str) -> Result<String, Unreadable> {
        self.take(name)
    }

    /// Refuses fields that are not among `known`.
    pub fn only(&self, known: &[&str]) -> Result<(), Unreadable> {
        match self.0.keys().find(|name| !known.contains(&name.as_str())) {
            Some(name) => Err(Unreadable::new("no such field").under(name)),
            None => Ok(()),
        }
    }

    /// An object that begins with the name of its variant.
    pub fn tagged(tag: &str, name: &str) -> Self {
        let mut fields = Self::default();
        fields.put(tag, name.into());
        fields
    }

    /// `{"name": content}`.
    pub fn variant(name: &str, content: Value) -> Value {
        let mut fields = Self::default();
        fields.put(name, content);
        fields.into_json()
    }

    /// Writes a field.
    #[inline(never)]
    pub fn put(&mut self, name: &str, json: Value) {
        self.0.insert(name.to_owned(), json);
    }

    /// Writes the fields of another object among these.
    pub fn join(&mut self, json: Value) {
        if let Value::Object(fields) = json {
            self.0.extend(fields);
        }
    }

    /// The whole object with the fields of another.
    pub fn joined(mut self, json: Value) -> Value {
        self.join(json);
        self.into_json()
    }

    /// The object.
    pub fn into_json(self) -> Value {
        Value::Object(self.0)
    }

    /// The object without the field that named its variant.
    pub fn without(mut self, tag: &str) -> Value {
        self.0.remove(tag);
        self.into_json()
    }

    /// A field that was taken stays as null: nothing reads it a second time, and taking it out of the map costs more.
    #[inline(never)]
    fn find(&mut self, name: &str) -> Option<Value> {
        self.0.get_mut(name).map(Value::take)
    }
}
