//! What a target counts and how that adds up, as people choose it: an indicator of the catalogue and a way. Only ways that
//! fit what a record adds are offered, so that nothing is chosen that the server would refuse.

use crate::words::{Lang, label, lang, plan_entry as e};
use keng_shared::api::Indicator;
use keng_shared::kind::{self, FieldType};
use keng_shared::target::{Aggregation, Amount, Level, Reach, Source, SplitBy, Target};
use leptos::prelude::*;

/// What can be counted, once it is known.
pub type Catalogue = Memo<Vec<Indicator>>;

/// The answer that means a sum of other targets.
pub const PARTS: &str = "parts";

/// The field that names a campaign.
const CAMPAIGN: &str = "campaign";

/// How what counted becomes a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Sum,
    EachQuarter,
    EachMonth,
    EachCampaign,
    Months,
    Campaigns,
    Average,
    Weekly,
    Villages,
    Communes,
    Ratio,
    Decrease,
}

/// A way, as an answer of a list, and in words.
type Told = (Way, &'static str, fn() -> &'static str);

const WAYS: [Told; 12] = [
    (Way::Sum, "sum", e::way_sum),
    (Way::EachQuarter, "each_quarter", e::way_each_quarter),
    (Way::EachMonth, "each_month", e::way_each_month),
    (Way::EachCampaign, "each_campaign", e::way_each_campaign),
    (Way::Months, "months", e::way_months),
    (Way::Campaigns, "campaigns", e::way_campaigns),
    (Way::Average, "average", e::way_average),
    (Way::Weekly, "weekly", e::way_weekly),
    (Way::Villages, "villages", e::way_villages),
    (Way::Communes, "communes", e::way_communes),
    (Way::Ratio, "ratio", e::way_ratio),
    (Way::Decrease, "decrease", e::way_decrease),
];

impl Way {
    /// As an answer of a list.
    pub fn id(self) -> &'static str {
        WAYS.iter()
            .find(|(way, ..)| *way == self)
            .map_or("", |(_, id, _)| id)
    }

    /// In words.
    pub fn words(self) -> &'static str {
        WAYS.iter()
            .find(|(way, ..)| *way == self)
            .map_or("", |(_, _, words)| words())
    }

    /// The way of this answer.
    pub fn of_id(id: &str) -> Option<Self> {
        WAYS.iter()
            .find(|(_, known, _)| *known == id)
            .map(|(way, ..)| *way)
    }

    /// The way of a target; none for a sum of others and for what no list offers.
    pub fn of(target: &Target) -> Option<Self> {
        let split = target.source.as_ref()?.split.as_ref();
        let is_campaign =
            |split: &SplitBy| matches!(split, SplitBy::Field { field, .. } if field == CAMPAIGN);
        match (&target.aggregation, split) {
            (Aggregation::Sum, None) => Some(Self::Sum),
            (Aggregation::Sum, Some(SplitBy::Quarter)) => Some(Self::EachQuarter),
            (Aggregation::Sum, Some(SplitBy::Month)) => Some(Self::EachMonth),
            (Aggregation::Sum, Some(split)) if is_campaign(split) => Some(Self::EachCampaign),
            (Aggregation::Distinct, Some(SplitBy::Month)) => Some(Self::Months),
            (Aggregation::Distinct, Some(split)) if is_campaign(split) => Some(Self::Campaigns),
            (Aggregation::Average, None) => Some(Self::Average),
            (Aggregation::WeeklyAverage, None) => Some(Self::Weekly),
            (Aggregation::Reach { of: Reach::Areas }, None) => Some(Self::Villages),
            (Aggregation::Reach { of: Reach::Communes }, None) => Some(Self::Communes),
            (Aggregation::Ratio, None) => Some(Self::Ratio),
            (Aggregation::Decrease, None) => Some(Self::Decrease),
            _ => None,
        }
    }

    /// The ways that fit what a record adds, the usual one first.
    pub fn fitting(source: &Source) -> Vec<Self> {
        match &source.amount {
            Amount::FieldOf { .. } => vec![Self::Ratio, Self::Decrease],
            Amount::Share { .. } => vec![Self::Ratio],
            Amount::Rank { .. } => vec![Self::Sum],
            Amount::Records | Amount::AreasHeard | Amount::Fields { .. } => {
                let mut ways = vec![
                    Self::Sum,
                    Self::EachQuarter,
                    Self::EachMonth,
                    Self::Months,
                    Self::Average,
                ];
                ways.extend([Self::Weekly, Self::Villages, Self::Communes]);
                if !campaigns(source).is_empty() {
                    ways.extend([Self::EachCampaign, Self::Campaigns]);
                }
                ways
            }
        }
    }

    /// Makes the target count in this way. `campaigns` are those that each have to reach the value.
    pub fn put(self, target: &mut Target, campaigns: Vec<String>) {
        let by_campaign = |among: Vec<String>| SplitBy::Field {
            field: CAMPAIGN.to_owned(),
            among,
        };
        let (aggregation, split, levels) = match self {
            Self::Sum => (Aggregation::Sum, None, vec![Level::Commune]),
            Self::EachQuarter => (Aggregation::Sum, Some(SplitBy::Quarter), vec![Level::Commune]),
            Self::EachMonth => (Aggregation::Sum, Some(SplitBy::Month), vec![Level::Commune]),
            Self::EachCampaign => (
                Aggregation::Sum,
                Some(by_campaign(campaigns)),
                vec![Level::Commune],
            ),
            Self::Months => (Aggregation::Distinct, Some(SplitBy::Month), vec![Level::Commune]),
            Self::Campaigns => (
                Aggregation::Distinct,
                Some(by_campaign(Vec::new())),
                vec![Level::Commune],
            ),
            Self::Average => (Aggregation::Average, None, vec![Level::Commune]),
            Self::Weekly => (
                Aggregation::WeeklyAverage,
                None,
                vec![Level::Area, Level::Commune],
            ),
            Self::Villages => (
                Aggregation::Reach { of: Reach::Areas },
                None,
                vec![Level::Commune],
            ),
            Self::Communes => (
                Aggregation::Reach { of: Reach::Communes },
                None,
                vec![Level::Whole],
            ),
            Self::Ratio => (Aggregation::Ratio, None, target.levels.clone()),
            Self::Decrease => (Aggregation::Decrease, None, target.levels.clone()),
        };
        if Self::of(target) == Some(self) && self != Self::EachCampaign {
            return;
        }
        target.aggregation = aggregation;
        target.levels = levels;
        if let Some(source) = &mut target.source {
            source.split = split;
        }
    }

    /// The unit of measure that goes with it, where it is not that of what is counted.
    pub fn measure(self) -> Option<&'static str> {
        match self {
            Self::Villages | Self::Communes | Self::Ratio | Self::Decrease => Some("%"),
            Self::Months => Some("tháng"),
            Self::Campaigns => Some("đợt"),
            _ => None,
        }
    }
}

/// Campaigns that records of this kind can name: id and name. Empty for kinds that name none.
pub fn campaigns(source: &Source) -> Vec<(&'static str, &'static str)> {
    let fields = kind::find(&source.kind).map_or(&[][..], |kind| kind.fields);
    let field = fields.iter().find(|field| field.id == CAMPAIGN);
    match field.map(|field| field.field_type) {
        Some(FieldType::Choice { choices } | FieldType::Choices { choices }) => choices
            .iter()
            .map(|choice| (choice.id, label(choice.label)))
            .collect(),
        _ => Vec::new(),
    }
}

/// What an indicator is called.
pub fn name(indicator: &Indicator) -> String {
    match lang() {
        Lang::Vi => indicator.vi.clone(),
        Lang::En => indicator.en.clone(),
    }
}

/// The indicator that a target counts, however it adds up; none for what the catalogue does not have.
pub fn indicator_of<'a>(catalogue: &'a [Indicator], target: &Target) -> Option<&'a Indicator> {
    let source = target.source.as_ref()?;
    let is_same = |one: &&Indicator| one.target.source.as_ref() == Some(source);
    let unsplit = Source {
        split: None,
        ..source.clone()
    };
    let is_alike = |one: &&Indicator| one.target.source.as_ref() == Some(&unsplit);
    catalogue
        .iter()
        .find(is_same)
        .or_else(|| catalogue.iter().find(is_alike))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::target::parse_plan;
    use serde_json::json;

    fn target(kind: &str) -> Target {
        serde_json::from_value(json!({
            "code": "1", "text": "Việc", "measure": "lần", "comparator": "at_least", "value": 4_000,
            "levels": ["commune"], "aggregation": {"by": "sum"},
            "source": {"kind": kind, "amount": {"of": "records"}},
        }))
        .unwrap()
    }

    #[test]
    fn each_way_that_is_offered_makes_a_target_that_a_plan_takes_and_is_read_back() {
        for kind in ["direct_propaganda_session", "campaign_activity", "briefing"] {
            let plain = target(kind);
            for way in Way::fitting(plain.source.as_ref().unwrap()) {
                let mut target = plain.clone();
                way.put(&mut target, vec!["anti_drug_day".to_owned()]);
                assert_eq!(Way::of(&target), Some(way), "{kind}");
                assert_eq!(Way::of_id(way.id()), Some(way));
                let plan = json!({"area_id": 1, "title": "Thử", "period": {"from": "2026-01-01", "to": "2026-12-31"},
                                  "targets": [target]});
                let plan = serde_json::from_value(plan).unwrap();
                assert!(parse_plan(plan).is_ok(), "{kind} {way:?}");
            }
        }
    }

    #[test]
    fn only_what_names_campaigns_is_asked_by_campaign() {
        let offers = |kind: &str| Way::fitting(target(kind).source.as_ref().unwrap());
        assert!(offers("campaign_activity").contains(&Way::EachCampaign));
        assert!(!offers("briefing").contains(&Way::EachCampaign));
    }
}
