//! JSON of what is not an object of ours: numbers, text, lists, ids, dates.

use super::{Fields, FromJson, ToJson, Unreadable, Value, word};
use crate::time::{LocalDate, parse_date};
use chrono::Weekday;
use std::borrow::Cow;
use std::collections::BTreeMap;
use uuid::Uuid;

impl FromJson for Value {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        Ok(json)
    }
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl FromJson for String {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        word(json)
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        self.as_str().into()
    }
}

impl FromJson for Cow<'static, str> {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        word(json).map(Cow::Owned)
    }
}

impl ToJson for Cow<'static, str> {
    fn to_json(&self) -> Value {
        self.as_ref().into()
    }
}

impl ToJson for str {
    fn to_json(&self) -> Value {
        self.into()
    }
}

impl FromJson for bool {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        json.as_bool().ok_or_else(|| Unreadable::new("true or false"))
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }
}

impl FromJson for f64 {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        json.as_f64().ok_or_else(|| Unreadable::new("a number"))
    }
}

impl ToJson for f64 {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

/// A whole number; one function for all widths but the widest.
fn whole(json: &Value) -> Result<i64, Unreadable> {
    json.as_i64().ok_or_else(|| Unreadable::new("a whole number"))
}

macro_rules! whole_numbers {
    ($($number:ty),+) => {$(
        impl FromJson for $number {
            fn from_json(json: Value) -> Result<Self, Unreadable> {
                whole(&json)?.try_into().map_err(|_| Unreadable::new("a number in range"))
            }
        }

        impl ToJson for $number {
            fn to_json(&self) -> Value {
                i64::from(*self).into()
            }
        }
    )+};
}

whole_numbers!(u8, u16, u32, i32, i64);

impl FromJson for u64 {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        json.as_u64().ok_or_else(|| Unreadable::new("a whole number"))
    }
}

impl ToJson for u64 {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl FromJson for usize {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        u64::from_json(json)?
            .try_into()
            .map_err(|_| Unreadable::new("a number in range"))
    }
}

impl ToJson for usize {
    fn to_json(&self) -> Value {
        (*self).into()
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        match json {
            Value::Null => Ok(None),
            json => T::from_json(json).map(Some),
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

impl<T: FromJson> FromJson for Box<T> {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        T::from_json(json).map(Box::new)
    }
}

impl<T: ToJson + ?Sized> ToJson for Box<T> {
    fn to_json(&self) -> Value {
        self.as_ref().to_json()
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        let Value::Array(items) = json else {
            return Err(Unreadable::new("a list"));
        };
        let mut all = Vec::with_capacity(items.len());
        for item in items {
            all.push(T::from_json(item)?);
        }
        Ok(all)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Value {
        let mut all = Vec::with_capacity(self.len());
        for item in self {
            all.push(item.to_json());
        }
        Value::Array(all)
    }
}

impl<T: FromJson> FromJson for BTreeMap<String, T> {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        let Value::Object(fields) = json else {
            return Err(Unreadable::new("an object"));
        };
        // One by one: collecting a map would bring a sort along.
        let mut all = Self::new();
        for (name, json) in fields {
            all.insert(name, T::from_json(json)?);
        }
        Ok(all)
    }
}

impl<T: ToJson> ToJson for BTreeMap<String, T> {
    fn to_json(&self) -> Value {
        let mut fields = Fields::default();
        for (name, value) in self {
            fields.put(name, value.to_json());
        }
        fields.into_json()
    }
}

/// Four numbers in a list: how a fix of a track travels.
impl FromJson for (i64, i32, i32, u32) {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        let items = match json {
            Value::Array(items) => <[Value; 4]>::try_from(items),
            _ => return Err(Unreadable::new("a list")),
        };
        let [a, b, c, d] = items.map_err(|_| Unreadable::new("four numbers"))?;
        Ok((
            i64::from_json(a)?,
            i32::from_json(b)?,
            i32::from_json(c)?,
            u32::from_json(d)?,
        ))
    }
}

impl ToJson for (i64, i32, i32, u32) {
    fn to_json(&self) -> Value {
        let (a, b, c, d) = self;
        Value::Array(vec![a.to_json(), b.to_json(), c.to_json(), d.to_json()])
    }
}

impl FromJson for Uuid {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        Self::parse_str(&word(json)?).map_err(|_| Unreadable::new("a UUID"))
    }
}

impl ToJson for Uuid {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

impl FromJson for LocalDate {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        parse_date(&word(json)?).ok_or_else(|| Unreadable::new("a date"))
    }
}

impl ToJson for LocalDate {
    fn to_json(&self) -> Value {
        self.to_string().into()
    }
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Mon),
    ("Tue", Weekday::Tue),
    ("Wed", Weekday::Wed),
    ("Thu", Weekday::Thu),
    ("Fri", Weekday::Fri),
    ("Sat", Weekday::Sat),
    ("Sun", Weekday::Sun),
];

impl FromJson for Weekday {
    fn from_json(json: Value) -> Result<Self, Unreadable> {
        let name = word(json)?;
        let found = WEEKDAYS.iter().find(|(known, _)| *known == name);
        found
            .map(|(_, day)| *day)
            .ok_or_else(|| Unreadable::new("a day of the week"))
    }
}

impl ToJson for Weekday {
    fn to_json(&self) -> Value {
        let found = WEEKDAYS.iter().find(|(_, day)| day == self);
        found.map(|(name, _)| *name).into()
    }
}
