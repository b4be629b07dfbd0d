//! A plan and its targets, as they are entered.

use crate::id::AreaId;
use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use serde::{Deserialize, Serialize};

/// A number in thousandths: 1.5 % is 1500.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Serialize,
    Deserialize,
    FromJson,
    ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct Thousandths(pub i64);

impl Thousandths {
    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self(number.saturating_mul(1_000))
    }
}

/// A first and a last day, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub from: LocalDate,
    /// Last day.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub to: LocalDate,
}

impl Span {
    /// Whether the day lies within.
    pub fn holds(&self, day: LocalDate) -> bool {
        self.from <= day && day <= self.to
    }

    /// From one day to another, where both are known.
    pub fn between(from: Option<LocalDate>, to: Option<LocalDate>) -> Option<Self> {
        Some(Self { from: from?, to: to? })
    }

    /// What of it has begun on a day; of no days before its first.
    #[must_use]
    pub fn until(self, day: LocalDate) -> Self {
        Self {
            to: self.to.min(day),
            ..self
        }
    }

    /// The days of both; of none where they have none in common.
    #[must_use]
    pub fn shared(self, other: Self) -> Self {
        Self {
            from: self.from.max(other.from),
            to: self.to.min(other.to),
        }
    }

    /// Days within, both ends included; 0 when the ends are the wrong way round.
    pub fn days(&self) -> i64 {
        (self.to.signed_duration_since(self.from).num_days() + 1).max(0)
    }
}

/// Whether the day of a deadline still belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeadlineRule {
    /// "đến", "chậm nhất": the day is the last one.
    By,
    /// "trước", "xong trước": the day before is the last one.
    Before,
}

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// The day that the plan names.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub date: LocalDate,
    /// Whether it still belongs.
    pub rule: DeadlineRule,
}

impl Deadline {
    /// The last day on which something is in time.
    pub fn last_day(&self) -> LocalDate {
        match self.rule {
            DeadlineRule::By => self.date,
            DeadlineRule::Before => self.date.pred_opt().unwrap_or(self.date),
        }
    }
}

/// How a figure is compared with what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Comparator {
    /// At least ("từ … trở lên").
    AtLeast,
    /// More than ("trên"): 80 % does not meet "over 80 %".
    MoreThan,
    /// Exactly.
    Exactly,
    /// At most.
    AtMost,
    /// Less than ("dưới").
    LessThan,
}

/// A type of unit that a target speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UnitType {
    /// Khu dân cư.
    Area,
    /// Xã, phường, thị trấn.
    Commune,
    /// Cơ quan.
    Agency,
    /// Doanh nghiệp.
    Enterprise,
    /// Cơ sở giáo dục.
    School,
    /// Huyện (đến 30/6/2025).
    District,
    /// Tỉnh.
    Province,
}

/// Whose figure is compared with what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Each residential area's.
    Area,
    /// Each commune's.
    Commune,
    /// That of the whole area of the plan.
    Whole,
}

/// Whose places are counted by [`Aggregation::Reach`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Residential areas.
    Areas,
    /// Communes.
    Communes,
}

/// How what counted becomes a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum Aggregation {
    /// The amounts added up.
    Sum,
    /// How many different parts of the split there are (months with a briefing, campaigns with an activity).
    Distinct,
    /// The amounts added up, for each commune on average; expected month by month.
    Average,
    /// The amounts added up, for each residential area and week that has elapsed.
    WeeklyAverage,
    /// Amount of total, in per cent.
    Ratio,
    /// Places with at least one counted record, of all places, in per cent.
    Reach {
        /// Which places.
        of: Reach,
    },
    /// By how much the amount lies below the total of the year before, in per cent; an amount of 0 is 100 %.
    Decrease,
    /// What other targets of the plan add up to.
    Parts {
        /// Their codes.
        codes: Vec<String>,
    },
}

/// What one record adds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum Amount {
    /// One.
    Records,
    /// One in each residential area that heard the broadcast.
    AreasHeard,
    /// The sum of these number fields.
    Fields {
        /// Their ids.
        fields: Vec<String>,
    },
    /// One number field of another.
    FieldOf {
        /// The amount.
        field: String,
        /// The total.
        total: String,
    },
    /// One of one if the answer is among these, else none of one.
    Share {
        /// A choice.
        field: String,
        /// Answers that count.
        one_of: Vec<String>,
    },
    /// The place of the answer in this order, counted from 1.
    Rank {
        /// A choice.
        field: String,
        /// From the lowest to the highest.
        order: Vec<String>,
    },
}

/// What a record must say to count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Condition {
    /// A choice, any of several choices, or yes/no (`true`, `false`) is among these.
    OneOf {
        /// The field.
        field: String,
        /// The answers.
        answers: Vec<String>,
    },
    /// The day that decides lies within the days of the answer; an answer without days here is free.
    Within {
        /// A choice.
        field: String,
        /// Days of answers.
        windows: Vec<Window>,
    },
    /// A text holds any of these words; case, marks and đ make no difference.
    Mentions {
        /// The field.
        field: String,
        /// The words.
        words: Vec<String>,
    },
}

/// The days in which something counts as of an answer: an activity as of its campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The answer.
    pub answer: String,
    /// Its days.
    pub days: Span,
}

/// What makes two records the same for a [`Limit`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "same")]
pub enum LimitKey {
    /// The residential area or commune where it was logged; otherwise the whole commune is one.
    Area,
    /// The day.
    Day,
    /// The answer to this field.
    Field {
        /// Its id.
        field: String,
    },
}

/// Which of the same records count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// The first ones.
    First,
    /// The newest ones: a statement replaces the one before.
    Newest,
}

/// Records that are the same in all of `per` count only so often in one commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// What makes them the same.
    pub per: Vec<LimitKey>,
    /// How many count, at least 1.
    pub most: u32,
    /// Which.
    pub keep: Keep,
}

/// What tells the parts of a figure apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum SplitBy {
    /// The month, `2024-03`.
    Month,
    /// The quarter, `2024-Q1`.
    Quarter,
    /// The answer to a field.
    Field {
        /// Its id.
        field: String,
        /// The answers that count, each a part; all answers when empty.
        #[serde(default)]
        among: Vec<String>,
    },
}

/// A figure in parts. Every part must meet what was asked, unless [`Aggregation::Distinct`] counts them.
pub type Split = SplitBy;

/// Which records count, and what they add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Id of the kind.
    pub kind: String,
    /// All of these must hold.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// What a record adds.
    pub amount: Amount,
    /// The date field that decides, or a span of days whose last day does; otherwise the date of the record.
    #[serde(default)]
    pub dated_by: Option<String>,
    /// How often the same counts.
    #[serde(default)]
    pub limit: Option<Limit>,
    /// Parts.
    #[serde(default)]
    pub split: Option<Split>,
}

impl Source {
    /// The days in which something counts as of an answer to a field, where it has such days.
    pub fn days_of(&self, field: &str, answer: &str) -> Option<Span> {
        let windows = self.conditions.iter().find_map(|condition| match condition {
            Condition::Within { field: of, windows } if of == field => Some(windows),
            _ => None,
        });
        let window = windows?.iter().find(|window| window.answer == answer)?;
        Some(window.days)
    }
}

/// What one unit has to reach when it differs from the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OwnTerms {
    /// The commune or residential area.
    pub area_id: AreaId,
    /// What is asked of it.
    #[serde(default)]
    pub value: Option<Thousandths>,
    /// Until when.
    #[serde(default)]
    pub deadline: Option<Deadline>,
}

/// One target of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its number in the plan; unique there.
    pub code: String,
    /// The words of the plan.
    pub text: String,
    /// Unit of measure ("buổi/tuần/thôn", "%").
    pub measure: String,
    /// How it is compared.
    pub comparator: Comparator,
    /// What is asked of each unit; a rate in per cent.
    pub value: Thousandths,
    /// The types of unit that the plan speaks of.
    #[serde(default)]
    pub applies_to: Vec<UnitType>,
    /// Whose figures are compared.
    pub levels: Vec<Level>,
    /// How figures come about.
    pub aggregation: Aggregation,
    /// What counts; none for a sum of parts.
    #[serde(default)]
    pub source: Option<Source>,
    /// Its own period; otherwise that of the plan.
    #[serde(default)]
    pub period: Option<Span>,
    /// Until when; otherwise the end of the period.
    #[serde(default)]
    pub deadline: Option<Deadline>,
    /// Units that it is not asked of.
    #[serde(default)]
    pub excluded: Vec<AreaId>,
    /// The only units that it is asked of; all when empty.
    #[serde(default)]
    pub named: Vec<AreaId>,
    /// Units with terms of their own.
    #[serde(default)]
    pub own: Vec<OwnTerms>,
    /// Where it stands in the plan, and what is unclear about it.
    #[serde(default)]
    pub note: String,
}

/// A plan as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// Whose plan it is: a commune, or an area with communes.
    pub area_id: AreaId,
    /// Title.
    pub title: String,
    /// Who issued it.
    #[serde(default)]
    pub issuer: String,
    /// Its number and sign ("12/KH-UBND").
    #[serde(default)]
    pub number: String,
    /// When it was issued.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub issued_on: Option<LocalDate>,
    /// What it is about.
    pub period: Span,
    /// Records accepted after this day count no more.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub cut_off: Option<LocalDate>,
    /// When its result is to be reported.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>, format = Date))]
    pub due: Option<LocalDate>,
    /// The document it was taken from.
    #[serde(default)]
    pub source: String,
    /// Its targets, in its order.
    pub targets: Vec<Target>,
}

impl Target {
    /// Whether it is asked of a unit: a commune, or a residential area of that commune.
    pub fn applies(&self, unit: AreaId, commune: AreaId) -> bool {
        let lists = |list: &[AreaId]| list.contains(&unit) || list.contains(&commune);
        !lists(&self.excluded) && (self.named.is_empty() || lists(&self.named))
    }

    /// What is asked of this unit.
    pub fn value_of(&self, unit: AreaId) -> Thousandths {
        let own = self.own.iter().find(|own| own.area_id == unit);
        own.and_then(|own| own.value).unwrap_or(self.value)
    }

    /// Whether it is asked of the whole, and communes have shares of it.
    pub fn is_shared_out(&self) -> bool {
        let of_whole = self.levels.contains(&Level::Whole) && !self.levels.contains(&Level::Commune);
        of_whole && self.own.iter().any(|own| own.value.is_some())
    }

    /// Whether a unit has a share of a target that was shared out.
    pub fn has_share(&self, unit: AreaId) -> bool {
        let own = self.own.iter().find(|own| own.area_id == unit);
        self.is_shared_out() && own.is_some_and(|own| own.value.is_some())
    }

    /// How many of these communes it is asked of, and what that adds up to. Of a target that was shared out, these are the
    /// communes with a share.
    pub fn asked_of(&self, communes: impl Iterator<Item = AreaId>) -> (u32, Thousandths) {
        let is_shared_out = self.is_shared_out();
        let asked = communes
            .filter(|commune| self.applies(*commune, *commune))
            .filter(|commune| !is_shared_out || self.has_share(*commune));
        asked.fold((0, Thousandths(0)), |(count, sum), commune| {
            (
                count + 1,
                Thousandths(sum.0.saturating_add(self.value_of(commune).0)),
            )
        })
    }
}
