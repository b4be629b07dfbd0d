//! Fields of plain kinds: their types, limits, and the one function that checks a body against them.

use crate::problem::{FieldCode, FieldError};
use crate::text;
use crate::time::parse_date;
use serde::Serialize;
use serde_json::{Map, Value};

/// Words in both languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Label {
    /// Vietnamese.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

/// One of the answers to a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Choice {
    /// Stable id on the wire.
    pub id: &'static str,
    /// Words.
    pub label: Label,
}

/// An answer with its words.
pub(super) const fn choice(id: &'static str, vi: &'static str, en: &'static str) -> Choice {
    Choice {
        id,
        label: Label { vi, en },
    }
}

/// What a field holds, with its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum FieldType {
    /// One line of at most `max` characters.
    Text {
        /// Most characters.
        max: usize,
    },
    /// Several lines of at most `max` characters.
    LongText {
        /// Most characters.
        max: usize,
    },
    /// A whole number.
    Integer {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A date, `YYYY-MM-DD`.
    Date,
    /// One of several answers.
    Choice {
        /// The answers.
        choices: &'static [Choice],
    },
    /// Any of several answers, each at most once.
    Choices {
        /// The answers.
        choices: &'static [Choice],
    },
}

/// Whether a field must be filled, and where the form shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Must be filled.
    Required,
    /// May be empty; shown at once.
    Optional,
    /// May be empty; shown under "more".
    Detail,
}

/// One field of a plain kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldSpec {
    /// Key in the body.
    pub id: &'static str,
    /// Name.
    pub label: Label,
    /// Type and limits.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Whether it must be filled.
    pub need: Need,
    /// Unit of measure shown behind the field ("người", "hộ"), or empty.
    pub unit: Label,
}

impl FieldSpec {
    /// A required field.
    pub const fn required(
        id: &'static str,
        vi: &'static str,
        en: &'static str,
        field_type: FieldType,
    ) -> Self {
        Self {
            id,
            label: Label { vi, en },
            field_type,
            need: Need::Required,
            unit: Label { vi: "", en: "" },
        }
    }

    /// An optional field, shown at once.
    pub const fn optional(
        id: &'static str,
        vi: &'static str,
        en: &'static str,
        field_type: FieldType,
    ) -> Self {
        Self {
            need: Need::Optional,
            ..Self::required(id, vi, en, field_type)
        }
    }

    /// An optional field, shown under "more".
    pub const fn detail(id: &'static str, vi: &'static str, en: &'static str, field_type: FieldType) -> Self {
        Self {
            need: Need::Detail,
            ..Self::required(id, vi, en, field_type)
        }
    }

    /// The same field with a unit of measure.
    #[must_use]
    pub const fn unit(self, vi: &'static str, en: &'static str) -> Self {
        Self {
            unit: Label { vi, en },
            ..self
        }
    }

    /// Checks one value; the field is named under `body`. `Ok(None)` when it is empty and may be.
    pub fn parse(&self, value: Option<&Value>) -> Result<Option<Value>, FieldError> {
        let fail = |code| FieldError::new(format!("body.{}", self.id), code);
        let value = match value {
            None | Some(Value::Null) => return self.empty(),
            Some(value) => value,
        };
        match self.field_type {
            FieldType::Text { max } | FieldType::LongText { max } => {
                let raw = value
                    .as_str()
                    .ok_or_else(|| fail(FieldCode::WrongType).with("expected", "text"))?;
                let cleaned = text::clean(raw);
                if cleaned.chars().count() > max {
                    return Err(fail(FieldCode::TooLong).with("max", max));
                }
                if cleaned.is_empty() {
                    self.empty()
                } else {
                    Ok(Some(Value::String(cleaned)))
                }
            }
            FieldType::Integer { min, max } => {
                let number = value
                    .as_i64()
                    .ok_or_else(|| fail(FieldCode::WrongType).with("expected", "integer"))?;
                match number {
                    n if n < min => Err(fail(FieldCode::TooSmall).with("min", min)),
                    n if n > max => Err(fail(FieldCode::TooBig).with("max", max)),
                    n => Ok(Some(n.into())),
                }
            }
            FieldType::Date => {
                let date = value.as_str().and_then(|text| parse_date(text));
                let date = date.ok_or_else(|| fail(FieldCode::BadFormat).with("expected", "YYYY-MM-DD"))?;
                Ok(Some(date.to_string().into()))
            }
            FieldType::Choice { choices } => {
                let id = value
                    .as_str()
                    .ok_or_else(|| fail(FieldCode::WrongType).with("expected", "choice"))?;
                let known = choices.iter().any(|choice| choice.id == id);
                if known {
                    Ok(Some(id.into()))
                } else {
                    Err(fail(FieldCode::NotAChoice))
                }
            }
            FieldType::Choices { choices } => self.parse_choices(choices, value),
        }
    }

    fn parse_choices(&self, choices: &[Choice], value: &Value) -> Result<Option<Value>, FieldError> {
        let fail = |code| FieldError::new(format!("body.{}", self.id), code);
        let items = value
            .as_array()
            .ok_or_else(|| fail(FieldCode::WrongType).with("expected", "list"))?;
        for (i, item) in items.iter().enumerate() {
            if !choices.iter().any(|choice| item.as_str() == Some(choice.id)) {
                return Err(fail(FieldCode::NotAChoice));
            }
            if items.iter().take(i).any(|earlier| earlier == item) {
                return Err(fail(FieldCode::Duplicate));
            }
        }
        if items.is_empty() {
            self.empty()
        } else {
            Ok(Some(value.clone()))
        }
    }

    fn empty(&self) -> Result<Option<Value>, FieldError> {
        match self.need {
            Need::Required => Err(FieldError::new(format!("body.{}", self.id), FieldCode::Required)),
            Need::Optional | Need::Detail => Ok(None),
        }
    }
}

/// Checks an object against a list of fields and returns it cleaned; all errors at once.
pub(super) fn parse_object(fields: &[FieldSpec], body: &Value) -> Result<Value, Vec<FieldError>> {
    let Some(given) = body.as_object() else {
        return Err(vec![
            FieldError::new("body", FieldCode::WrongType).with("expected", "object"),
        ]);
    };
    let mut errors = Vec::new();
    let mut clean = Map::new();
    for field in fields {
        match field.parse(given.get(field.id)) {
            Ok(Some(value)) => drop(clean.insert(field.id.to_owned(), value)),
            Ok(None) => {}
            Err(error) => errors.push(error),
        }
    }
    let unknown = given
        .keys()
        .filter(|key| !fields.iter().any(|field| field.id == key.as_str()));
    errors.extend(unknown.map(|key| FieldError::new(format!("body.{key}"), FieldCode::Unknown)));
    if errors.is_empty() {
        Ok(Value::Object(clean))
    } else {
        Err(errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FIELDS: &[FieldSpec] = &[
        FieldSpec::required("venue", "Địa điểm", "Venue", FieldType::Text { max: 10 }),
        FieldSpec::optional(
            "attendee_count",
            "Số người dự",
            "Attendees",
            FieldType::Integer { min: 0, max: 100 },
        ),
    ];

    #[test]
    fn all_wrong_fields_are_named_at_once() {
        let errors =
            parse_object(FIELDS, &json!({"venue": " ", "attendee_count": 101, "name": "x"})).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
        let expected = [
            ("body.venue", FieldCode::Required),
            ("body.attendee_count", FieldCode::TooBig),
            ("body.name", FieldCode::Unknown),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn text_is_cleaned_and_its_limit_counts_characters_not_bytes() {
        let body = parse_object(
            FIELDS,
            &json!({"venue": "Nhà văn hóa".chars().take(10).collect::<String>()}),
        );
        assert_eq!(body.unwrap(), json!({"venue": "Nhà văn hó"}));
    }
}
