//! The register of self-management models: what accepted records say of each, put together.
//!
//! A model is its name within its commune and category: plans count models so ("once a name"), so the register and the targets
//! never speak of different things. Nothing about a model is stored but that it was merged or closed at the desk
//! ([`Ending`]); the rest is a projection of accepted records ([`register`]), which is pure. Counts of members only: there is
//! no register of persons.

use crate::id::{AreaId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::problem::{FieldCode, FieldError};
use crate::text;
use crate::time::{LocalDate, parse_date};
use chrono::Datelike;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The kind of record that says that a model was launched or how it stands.
pub const MODEL: &str = "self_management_model";
/// The kind of record that rates a model in a year.
pub const REVIEW: &str = "model_review";
/// The kind of record that says what a model did.
pub const ACTIVITY: &str = "model_activity";
/// All kinds that speak of a model.
pub const KINDS: [&str; 3] = [MODEL, REVIEW, ACTIVITY];
/// Longest words of an ending, in characters.
pub const MAX_WORDS: usize = 500;

/// How a model stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModelState {
    /// Ra mắt.
    Launched,
    /// Duy trì.
    Maintained,
    /// Nhân rộng.
    Replicated,
    /// Sáp nhập.
    Merged,
    /// Kết thúc.
    Closed,
}

impl ModelState {
    /// All states, in the order of a model's life.
    pub const ALL: [Self; 5] = [
        Self::Launched,
        Self::Maintained,
        Self::Replicated,
        Self::Merged,
        Self::Closed,
    ];

    /// The wire form, which is the answer of the forms too.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Launched => "launched",
            Self::Maintained => "maintained",
            Self::Replicated => "replicated",
            Self::Merged => "merged",
            Self::Closed => "closed",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the model is over.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Merged | Self::Closed)
    }
}

/// What names a model: its commune, its category and its folded name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ModelKey {
    /// The commune of today.
    pub commune: AreaId,
    /// Answer of the form.
    pub category: String,
    /// Marks, case and spaces make no difference.
    pub name: String,
}

impl ModelKey {
    /// The key of a model that is called so.
    pub fn of(commune: AreaId, category: &str, name: &str) -> Self {
        Self {
            commune,
            category: category.to_owned(),
            name: text::search_key(name),
        }
    }
}

/// An accepted record that speaks of a model.
#[derive(Debug, Clone)]
pub struct Testimony {
    /// The record.
    pub record_id: RecordId,
    /// Its kind, one of [`KINDS`].
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// The commune in which it lies today.
    pub commune: AreaId,
    /// On which day.
    pub local_date: LocalDate,
    /// What it says.
    pub body: Value,
}

impl Testimony {
    fn text(&self, field: &str) -> &str {
        self.body.get(field).and_then(Value::as_str).unwrap_or_default()
    }

    fn count(&self, field: &str) -> Option<u32> {
        let count = self.body.get(field).and_then(Value::as_u64)?;
        u32::try_from(count).ok()
    }

    /// The model that it speaks of.
    pub fn key(&self) -> ModelKey {
        ModelKey::of(self.commune, self.text("category"), self.text("name"))
    }

    /// How the model stood by it.
    pub fn state(&self) -> Option<ModelState> {
        ModelState::parse(self.text("state"))
    }

    /// The year and the rating that it gives.
    pub fn rating(&self) -> Option<YearRating> {
        let year = self.body.get("year").and_then(Value::as_i64)?;
        let rating = self.text("rating");
        (self.kind == REVIEW && !rating.is_empty()).then(|| YearRating {
            year: i32::try_from(year).unwrap_or_default(),
            rating: rating.to_owned(),
        })
    }

    /// What it says in words.
    pub fn words(&self) -> String {
        let said = ["conclusion", "content", "result", "note"].map(|field| self.text(field));
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        said.join(" · ")
    }
}

/// The rating of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YearRating {
    /// The year.
    pub year: i32,
    /// Answer of the form.
    pub rating: String,
}

/// That a model was merged or closed at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Ending {
    /// Merged or closed.
    pub state: ModelState,
    /// On which day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub on: LocalDate,
    /// Why, 1 to [`MAX_WORDS`] characters.
    pub words: String,
    /// Category and name of the model of the same commune that it was merged into.
    #[serde(default)]
    pub into: Option<ModelName>,
}

/// Category and name of a model within its commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelName {
    /// Answer of the form.
    pub category: String,
    /// Its name.
    pub name: String,
}

impl Ending {
    /// The ending with its words cleaned. A merger names the other model, a closing none.
    pub fn parse(mut self) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        self.words = text::clean(&self.words);
        if self.words.is_empty() {
            errors.push(FieldError::new("words", FieldCode::Required));
        } else if self.words.chars().count() > MAX_WORDS {
            errors.push(FieldError::new("words", FieldCode::TooLong).with("max", MAX_WORDS));
        }
        match (self.state, &self.into) {
            (ModelState::Merged, None) => errors.push(FieldError::new("into", FieldCode::Required)),
            (ModelState::Merged, Some(_)) | (ModelState::Closed, None) => {}
            _ => errors.push(FieldError::new("state", FieldCode::NotAChoice)),
        }
        match errors.is_empty() {
            true => Ok(self),
            false => Err(errors),
        }
    }
}

/// A model as its records tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// What names it.
    pub key: ModelKey,
    /// Its name as the newest record writes it.
    pub name: String,
    /// Where it is: the area of its first record.
    pub area_id: AreaId,
    /// When it was launched, if a record says so.
    pub launched_on: Option<LocalDate>,
    /// Number of the decision, as last given.
    pub decision_number: String,
    /// Members, as last counted.
    pub members: Option<u32>,
    /// Households, as last counted.
    pub households: Option<u32>,
    /// How it stands.
    pub state: ModelState,
    /// Ratings, the newest year first.
    pub ratings: Vec<YearRating>,
    /// The ending that was told at the desk.
    pub ending: Option<Ending>,
    /// Places of its records in what [`register`] was given, oldest first.
    pub records: Vec<usize>,
}

impl Model {
    /// Whether it should have been reviewed in `year` and was not: it goes on, and was there before the year began.
    pub fn lacks_review(&self, year: i32) -> bool {
        let is_older = self.launched_on.is_some_and(|day| day.year() < year);
        !self.state.is_over() && is_older && !self.ratings.iter().any(|rating| rating.year == year)
    }
}

/// Models by their key, from what accepted records say. Later days say how a model stands; of two reviews of a year the later
/// holds; what was said at the desk comes last.
pub fn register(told: &[Testimony], endings: &[(ModelKey, Ending)]) -> Vec<Model> {
    let mut by_model: BTreeMap<ModelKey, Vec<usize>> = BTreeMap::new();
    for (place, testimony) in told.iter().enumerate() {
        by_model.entry(testimony.key()).or_default().push(place);
    }
    let models = by_model.into_iter().filter_map(|(key, mut places)| {
        let of = |place: &usize| told.get(*place);
        places.sort_by_key(|place| of(place).map(|one| (one.local_date, one.record_id)));
        let oldest: Vec<&Testimony> = places.iter().filter_map(of).collect();
        let newest = || oldest.iter().rev();
        // An activity alone is no model: somebody has to say that it was launched, or rate it.
        if oldest.iter().all(|one| one.kind == ACTIVITY) {
            return None;
        }
        let ending = endings.iter().find(|(ended, _)| *ended == key);
        let ending = ending.map(|(_, ending)| ending.clone());
        let told_state = newest().find_map(|one| one.state());
        let launched = oldest.iter().filter(|one| one.kind == MODEL);
        let launched_on = launched
            .clone()
            .find_map(|one| parse_date(one.text("launched_on")))
            .or_else(|| {
                let mut launched = launched.filter(|one| one.state() == Some(ModelState::Launched));
                launched.next().map(|one| one.local_date)
            });
        let mut ratings: Vec<YearRating> = Vec::new();
        for rating in newest().filter_map(|one| one.rating()) {
            if !ratings.iter().any(|known| known.year == rating.year) {
                ratings.push(rating);
            }
        }
        ratings.sort_by_key(|rating| std::cmp::Reverse(rating.year));
        let decision = newest()
            .map(|one| one.text("decision_number"))
            .find(|text| !text.is_empty());
        Some(Model {
            name: newest().next()?.text("name").to_owned(),
            area_id: oldest.first()?.area_id,
            launched_on,
            decision_number: decision.unwrap_or_default().to_owned(),
            members: newest().find_map(|one| one.count("member_count")),
            households: newest().find_map(|one| one.count("household_count")),
            state: ending
                .as_ref()
                .map(|ending| ending.state)
                .or(told_state)
                .unwrap_or(ModelState::Launched),
            ratings,
            ending,
            records: places,
            key,
        })
    });
    models.collect()
}
