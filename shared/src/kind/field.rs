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

/// Largest amount of money, in đồng: 10,000 billion, far above the yearly budget of a commune.
pub const MAX_MONEY: i64 = 10_000_000_000_000;
/// Longest address on the web, in characters.
pub const MAX_URL: usize = 500;
/// Longest number of a document, in characters.
pub const MAX_DOCUMENT_NUMBER: usize = 50;

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
    /// An amount of money in đồng, 0 to [`MAX_MONEY`].
    Money,
    /// Yes or no.
    YesNo,
    /// An address on the web that begins with `http://` or `https://`, at most [`MAX_URL`] characters.
    Url,
    /// Number and sign of a document ("12/KH-UBND"): a digit among at most [`MAX_DOCUMENT_NUMBER`] characters.
    DocumentNumber,
    /// A date, `YYYY-MM-DD`.
    Date,
    /// A first and a last day, `{"from": "YYYY-MM-DD", "to": "YYYY-MM-DD"}`.
    Dates,
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
            FieldType::Text { max } | FieldType::LongText { max } => self.parse_text(value, max, |_| true),
            FieldType::Url => self.parse_text(value, MAX_URL, |text| {
                let host = text.strip_prefix("https://").or(text.strip_prefix("http://"));
                host.is_some_and(|host| !host.is_empty() && !text.contains(char::is_whitespace))
            }),
            FieldType::DocumentNumber => self.parse_text(value, MAX_DOCUMENT_NUMBER, |text| {
                text.contains(|c: char| c.is_ascii_digit())
            }),
            FieldType::Money => self.parse_number(value, 0, MAX_MONEY),
            FieldType::Integer { min, max } => self.parse_number(value, min, max),
            FieldType::YesNo => match value.as_bool() {
                Some(answer) => Ok(Some(answer.into())),
                None => Err(fail(FieldCode::WrongType).with("expected", "yes or no")),
            },
            FieldType::Dates => self.parse_dates(value),
            FieldType::Date => {
                let date = value.as_str().and_then(parse_date);
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

    fn parse_text(
        &self,
        value: &Value,
        max: usize,
        is_right: impl FnOnce(&str) -> bool,
    ) -> Result<Option<Value>, FieldError> {
        let fail = |code| FieldError::new(format!("body.{}", self.id), code);
        let raw = value
            .as_str()
            .ok_or_else(|| fail(FieldCode::WrongType).with("expected", "text"))?;
        let cleaned = text::clean(raw);
        if cleaned.chars().count() > max {
            Err(fail(FieldCode::TooLong).with("max", max))
        } else if cleaned.is_empty() {
            self.empty()
        } else if is_right(&cleaned) {
            Ok(Some(Value::String(cleaned)))
        } else {
            Err(fail(FieldCode::BadFormat))
        }
    }

    fn parse_number(&self, value: &Value, min: i64, max: i64) -> Result<Option<Value>, FieldError> {
        let fail = |code| FieldError::new(format!("body.{}", self.id), code);
        let number = value
            .as_i64()
            .ok_or_else(|| fail(FieldCode::WrongType).with("expected", "integer"))?;
        match number {
            n if n < min => Err(fail(FieldCode::TooSmall).with("min", min)),
            n if n > max => Err(fail(FieldCode::TooBig).with("max", max)),
            n => Ok(Some(n.into())),
        }
    }

    fn parse_dates(&self, value: &Value) -> Result<Option<Value>, FieldError> {
        let fail = |code| FieldError::new(format!("body.{}", self.id), code);
        let Some(days) = value.as_object() else {
            return Err(fail(FieldCode::WrongType).with("expected", "from and to"));
        };
        if let Some(unknown) = days.keys().find(|key| !matches!(key.as_str(), "from" | "to")) {
            return Err(FieldError::new(
                format!("body.{}.{unknown}", self.id),
                FieldCode::Unknown,
            ));
        }
        let given = |name: &str| {
            days.get(name)
                .filter(|day| !day.is_null() && day.as_str() != Some(""))
        };
        if given("from").is_none() && given("to").is_none() {
            return self.empty();
        }
        let read = |name: &str| {
            let day = given(name).ok_or_else(|| fail(FieldCode::Required))?;
            let day = day.as_str().and_then(parse_date);
            day.ok_or_else(|| fail(FieldCode::BadFormat).with("expected", "YYYY-MM-DD"))
        };
        let (from, to) = (read("from")?, read("to")?);
        if to < from {
            return Err(fail(FieldCode::EndBeforeStart));
        }
        Ok(Some(
            serde_json::json!({"from": from.to_string(), "to": to.to_string()}),
        ))
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
    fn each_kind_of_value_is_told_from_what_only_looks_like_it() {
        let check = |field_type, value: Value| {
            let parsed = FieldSpec::required("x", "X", "X", field_type).parse(Some(&value));
            parsed.map_err(|error| error.code)
        };
        let kept = |value: Value| Ok(Some(value));
        assert_eq!(
            check(FieldType::Url, json!(" https://thanhhoa.gov.vn/x ")),
            kept(json!("https://thanhhoa.gov.vn/x"))
        );
        for odd in ["javascript:alert(1)", "https://", "thanhhoa.gov.vn", "http://a b"] {
            assert_eq!(
                check(FieldType::Url, json!(odd)),
                Err(FieldCode::BadFormat),
                "{odd}"
            );
        }
        assert_eq!(
            check(FieldType::DocumentNumber, json!("12/KH-UBND")),
            kept(json!("12/KH-UBND"))
        );
        assert_eq!(
            check(FieldType::DocumentNumber, json!("KH-UBND")),
            Err(FieldCode::BadFormat)
        );
        assert_eq!(
            check(FieldType::Money, json!(12_500_000)),
            kept(json!(12_500_000))
        );
        assert_eq!(check(FieldType::Money, json!(-1)), Err(FieldCode::TooSmall));
        assert_eq!(check(FieldType::Money, json!(1.5)), Err(FieldCode::WrongType));
        assert_eq!(check(FieldType::YesNo, json!(false)), kept(json!(false)));
        assert_eq!(check(FieldType::YesNo, json!("yes")), Err(FieldCode::WrongType));
    }

    #[test]
    fn a_span_of_days_has_both_ends_in_order() {
        let spec = |need| FieldSpec {
            need,
            ..FieldSpec::required("x", "X", "X", FieldType::Dates)
        };
        let check = |value: Value| {
            spec(Need::Required)
                .parse(Some(&value))
                .map_err(|error| error.code)
        };
        let whole = json!({"from": "2026-11-01", "to": "2026-11-01"});
        assert_eq!(check(whole.clone()), Ok(Some(whole)));
        assert_eq!(
            check(json!({"from": "2026-11-02", "to": "2026-11-01"})),
            Err(FieldCode::EndBeforeStart)
        );
        assert_eq!(check(json!({"from": "2026-11-02"})), Err(FieldCode::Required));
        assert_eq!(check(json!({"from": "", "to": ""})), Err(FieldCode::Required));
        assert_eq!(
            check(json!({"from": "2026-11-31", "to": "2026-12-01"})),
            Err(FieldCode::BadFormat)
        );
        assert_eq!(spec(Need::Optional).parse(Some(&json!({}))), Ok(None));
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
