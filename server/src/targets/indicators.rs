//! The catalogue of indicators: everything that records can count for, each as a target that only wants its number, words,
//! value and deadline.

use super::ready_made;
use keng_shared::api::Indicator;
use keng_shared::kind::{self, FieldType, KindShape, KindSpec, Label};
use keng_shared::target::{
    Aggregation, Amount, Comparator, Condition, Keep, Level, Limit, LimitKey, Source, Target, Thousandths,
};

/// A field whose answers are indicators of their own.
struct ByAnswer {
    kind: &'static str,
    field: &'static str,
    /// What one of them is called, before the answer.
    called: Label,
    /// The field that tells the same thing apart.
    same: Option<&'static str>,
    dated_by: Option<&'static str>,
}

const fn by_answer(
    kind: &'static str,
    field: &'static str,
    vi: &'static str,
    en: &'static str,
    same: Option<&'static str>,
    dated_by: Option<&'static str>,
) -> ByAnswer {
    ByAnswer {
        kind,
        field,
        called: Label { vi, en },
        same,
        dated_by,
    }
}

const BY_ANSWER: [ByAnswer; 6] = [
    by_answer(
        MODEL,
        "category",
        "Mô hình ra mắt",
        "Model launched",
        Some("name"),
        Some("launched_on"),
    ),
    by_answer(
        "document",
        "type",
        "Văn bản",
        "Document",
        Some("number"),
        Some("issued_on"),
    ),
    by_answer(
        "campaign_activity",
        "campaign",
        "Hưởng ứng",
        "Campaign",
        None,
        None,
    ),
    by_answer("conference", "purpose", "Hội nghị", "Conference", None, None),
    by_answer(
        "training_class",
        "audience",
        "Lớp tập huấn cho",
        "Class for",
        None,
        None,
    ),
    by_answer(
        "direct_propaganda_session",
        "audience",
        "Tuyên truyền trực tiếp cho",
        "Direct propaganda for",
        None,
        None,
    ),
];

pub(super) const MODEL: &str = "self_management_model";

/// Every indicator, those that are asked most first.
pub fn all() -> Vec<Indicator> {
    let mut found = vec![weekly()];
    for one in &BY_ANSWER {
        let Some(kind) = kind::find(one.kind) else {
            continue;
        };
        let Some(field) = kind.fields.iter().find(|field| field.id == one.field) else {
            continue;
        };
        let (FieldType::Choice { choices } | FieldType::Choices { choices }) = field.field_type else {
            continue;
        };
        for choice in choices {
            let mut conditions = vec![is(one.field, choice.id)];
            if one.kind == MODEL {
                conditions.push(is("state", "launched"));
            }
            let source = Source {
                conditions,
                dated_by: one.dated_by.map(str::to_owned),
                limit: one.same.map(once),
                ..counting(kind)
            };
            found.push(Indicator {
                id: format!("{}:{}", one.kind, choice.id),
                vi: format!("{}: {}", one.called.vi, choice.label.vi),
                en: format!("{}: {}", one.called.en, choice.label.en),
                target: target(source, Aggregation::Sum, vec![Level::Commune]),
            });
        }
    }
    let counted = kind::catalogue().filter(|kind| matches!(kind.shape, KindShape::Plain));
    found.extend(counted.filter(|kind| kind.id != "reported_figure").map(|kind| {
        let Label { vi, en } = kind.label;
        Indicator {
            id: kind.id.to_owned(),
            vi: vi.to_owned(),
            en: en.to_owned(),
            target: target(counting(kind), Aggregation::Sum, vec![Level::Commune]),
        }
    }));
    let shipped = shipped(&found);
    found.extend(shipped);
    found
}

/// Whether the indicator counts what the target does.
pub fn counts_as(one: &Indicator, target: &Target) -> bool {
    let counted = target.source.as_ref().map(lasting);
    one.target.source == counted && one.target.aggregation == target.aggregation
}

fn weekly() -> Indicator {
    let source = Source {
        amount: Amount::AreasHeard,
        ..counting(&kind::LOUDSPEAKER_SESSION)
    };
    let mut target = target(
        source,
        Aggregation::WeeklyAverage,
        vec![Level::Area, Level::Commune],
    );
    target.measure = "buổi/tuần/khu dân cư".to_owned();
    Indicator {
        id: "loudspeaker_weekly".to_owned(),
        vi: "Buổi loa, trung bình mỗi tuần mỗi khu dân cư".to_owned(),
        en: "Broadcasts, on average a week and residential area".to_owned(),
        target,
    }
}

/// What the shipped plans count, each once: they say how rates, averages and figures by quarter come about.
fn shipped(known: &[Indicator]) -> Vec<Indicator> {
    let Ok(plans) = ready_made::all() else {
        return Vec::new();
    };
    let mut found: Vec<Indicator> = Vec::new();
    for entered in plans.iter().flat_map(ready_made::ReadyMade::templates) {
        let Some(source) = &entered.source else { continue };
        if known.iter().chain(&found).any(|one| counts_as(one, &entered)) {
            continue;
        }
        found.push(Indicator {
            id: format!("shipped:{}", found.len() + 1),
            vi: entered.text.clone(),
            en: entered.text.clone(),
            target: Target {
                code: String::new(),
                text: String::new(),
                source: Some(lasting(source)),
                deadline: None,
                period: None,
                note: String::new(),
                ..entered
            },
        });
    }
    found
}

/// What is counted, without the days that hold only in the year of its plan.
fn lasting(source: &Source) -> Source {
    let mut source = source.clone();
    source
        .conditions
        .retain(|condition| !matches!(condition, Condition::Within { .. }));
    source
}

fn counting(kind: &KindSpec) -> Source {
    Source {
        kind: kind.id.to_owned(),
        conditions: Vec::new(),
        amount: Amount::Records,
        dated_by: None,
        limit: None,
        split: None,
    }
}

fn target(source: Source, aggregation: Aggregation, levels: Vec<Level>) -> Target {
    Target {
        code: String::new(),
        text: String::new(),
        measure: "lần".to_owned(),
        comparator: Comparator::AtLeast,
        value: Thousandths::whole(1),
        applies_to: Vec::new(),
        levels,
        aggregation,
        source: Some(source),
        period: None,
        deadline: None,
        excluded: Vec::new(),
        named: Vec::new(),
        own: Vec::new(),
        note: String::new(),
    }
}

/// The answer to the field is this one.
fn is(field: &str, answer: &str) -> Condition {
    Condition::OneOf {
        field: field.to_owned(),
        answers: vec![answer.to_owned()],
    }
}

fn once(field: &str) -> Limit {
    Limit {
        per: vec![LimitKey::Field {
            field: field.to_owned(),
        }],
        most: 1,
        keep: Keep::First,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::AreaId;
    use keng_shared::target::parse_plan;
    use serde_json::json;
    use std::collections::BTreeSet;

    #[test]
    fn every_indicator_makes_a_target_that_a_plan_takes() {
        let all = all();
        let ids: BTreeSet<&str> = all.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids.len(), all.len(), "each has an id of its own");
        assert!(all.len() > 100);
        for one in all {
            let target = Target {
                code: "1".to_owned(),
                text: "Chỉ tiêu".to_owned(),
                ..one.target
            };
            let plan = json!({"area_id": AreaId(1), "title": "Thử", "period": {"from": "2026-01-01", "to": "2026-12-31"},
                              "targets": [target]});
            let plan = serde_json::from_value(plan).unwrap();
            assert!(parse_plan(plan).is_ok(), "{}", one.id);
        }
    }
}
