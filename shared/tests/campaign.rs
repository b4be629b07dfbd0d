//! The campaign calendar: the inventory's twenty-five, whose days hold, and what a record is of.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that finds something else than expected should stop right there"
)]

use keng_shared::campaign::*;
use keng_shared::id::{AreaId, CampaignDaysId};
use keng_shared::kind::{self, FieldType};
use keng_shared::target::Span;
use keng_shared::time::LocalDate;
use serde_json::{Value, json};

const PROVINCE: AreaId = AreaId(1);
const COMMUNE: AreaId = AreaId(2);
const CHAIN: [AreaId; 2] = [COMMUNE, PROVINCE];

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn set(id: i64, area: AreaId, campaign: &str, year: i32, from: &str, to: &str) -> StoredDays {
    StoredDays {
        id: CampaignDaysId(id),
        area_id: area,
        campaign: campaign.to_owned(),
        name: String::new(),
        year,
        days: CampaignDays {
            from: day(from),
            to: day(to),
            note: String::new(),
        },
        revision: 1,
    }
}

fn days_of(year: i32, id: &str, stored: &[StoredDays]) -> Option<Span> {
    let calendar = of_year(year, &CHAIN, stored);
    calendar.iter().find(|found| found.answer() == id)?.days
}

fn span(from: &str, to: &str) -> Option<Span> {
    Span::between(Some(day(from)), Some(day(to)))
}

#[test]
fn every_answer_of_the_form_but_other_is_a_campaign_and_the_earlier_answers_are_kept() {
    let form = kind::find(ACTIVITY).unwrap();
    let field = form.fields.iter().find(|field| field.id == ANSWER).unwrap();
    let FieldType::Choice { choices } = field.field_type else {
        panic!("a choice")
    };
    let answers: Vec<&str> = choices.iter().map(|choice| choice.id).collect();
    assert_eq!((answers.len(), answers.last()), (26, Some(&OTHER)));
    assert!(answers[..25].iter().all(|id| find(id).is_some()));
    for earlier in [
        "drug_action_month",
        "anti_drug_day",
        "anti_trafficking_day",
        "traffic_safety_month",
        "fire_safety_day",
        "great_unity_festival",
        "world_environment_day",
        "national_security_festival",
        "crime_crackdown_peak",
        "skilful_mobilisation",
        "no_drink_driving",
        "other",
    ] {
        assert!(answers.contains(&earlier), "{earlier}");
    }
}

#[test]
fn the_catalogue_is_that_of_the_inventory() {
    let Ok(text) = std::fs::read_to_string("../../shared/domain/inventory.json") else {
        return; // The inventory is not part of the project.
    };
    let inventory: Value = serde_json::from_str(&text).unwrap();
    let listed = inventory["campaign_days"].as_array().unwrap();
    let of_kind = |name: &str| listed.iter().filter(|one| one["kind"] == name).count();
    let ours = |kind: CampaignKind| CATALOGUE.iter().filter(|spec| spec.kind == kind).count();
    for (name, kind) in [
        ("day", CampaignKind::Day),
        ("month", CampaignKind::Month),
        ("season", CampaignKind::Season),
        ("campaign", CampaignKind::Campaign),
        ("emulation", CampaignKind::Emulation),
        ("review", CampaignKind::Review),
    ] {
        assert_eq!(of_kind(name), ours(kind), "{name}");
    }
    // What recurs by the calendar is on the same days there.
    for one in listed {
        let (id, when) = (one["id"].as_str().unwrap(), one["when"].as_str().unwrap());
        let Some(spec) = find(id) else { continue };
        let said = match spec.when {
            When::On {
                day: (month, day), ..
            } => format!("{month:02}-{day:02}"),
            When::Between(from, to) => format!("{:02}-{:02}..{:02}-{:02}", from.0, from.1, to.0, to.1),
            When::ByPlan => "theo kế hoạch".to_owned(),
            When::AllYear => "cả năm".to_owned(),
            When::Once(year) => year.to_string(),
        };
        assert_eq!(said, when, "{id}");
    }
}

#[test]
fn the_festival_is_prepared_for_since_july_and_a_day_without_a_source_for_fifteen_days() {
    assert_eq!(
        days_of(2026, "national_security_festival", &[]),
        span("2026-07-01", "2026-08-19")
    );
    assert_eq!(
        days_of(2026, "fire_safety_day", &[]),
        span("2026-09-19", "2026-10-04")
    );
    assert_eq!(
        days_of(2026, "assessment_season", &[]),
        span("2026-10-15", "2026-11-30")
    );
    assert_eq!(days_of(2026, "crime_crackdown_peak", &[]), None);
    let reviews = |year: i32| {
        let calendar = of_year(year, &CHAIN, &[]);
        calendar
            .iter()
            .filter(|found| found.kind() == CampaignKind::Review)
            .count()
    };
    assert_eq!((reviews(2024), reviews(2026)), (5, 0));
}

#[test]
fn days_of_the_nearest_area_hold_in_their_own_year_only() {
    let peak = "crime_crackdown_peak";
    let stored = [
        set(1, PROVINCE, peak, 2026, "2026-12-15", "2027-02-20"),
        set(2, COMMUNE, peak, 2026, "2026-12-20", "2027-01-31"),
        set(3, AreaId(9), peak, 2027, "2027-05-01", "2027-05-31"),
    ];
    assert_eq!(days_of(2026, peak, &stored), span("2026-12-20", "2027-01-31"));
    assert_eq!(
        days_of(2026, peak, &stored[..1]),
        span("2026-12-15", "2027-02-20")
    );
    assert_eq!(days_of(2027, peak, &stored), None);
}

#[test]
fn an_activity_after_the_turn_of_the_year_is_of_the_campaign_that_it_fell_in_and_of_no_other() {
    let peak = "crime_crackdown_peak";
    let stored = [
        set(1, PROVINCE, peak, 2026, "2026-12-15", "2027-02-20"),
        set(2, PROVINCE, peak, 2027, "2027-12-15", "2028-02-20"),
    ];
    let of = |year: i32, date: &str| {
        let calendars = [year - 1, year, year + 1].map(|year| of_year(year, &CHAIN, &stored));
        let [before, now, after] = &calendars;
        let body = json!({ "campaign": peak });
        let found = attach((before, now, after), year, ACTIVITY, day(date), &body);
        found.first().map(|(_, attachment)| *attachment)
    };
    assert_eq!(of(2026, "2027-01-10"), Some(Attachment::Within));
    assert_eq!(of(2027, "2027-01-10"), None, "it was of last winter's");
    assert_eq!(of(2027, "2027-06-01"), Some(Attachment::Outside));
    assert_eq!(of(2026, "2027-06-01"), None);
}

#[test]
fn while_nobody_set_days_an_activity_of_the_year_is_within() {
    let calendars = [2025, 2026, 2027].map(|year| of_year(year, &CHAIN, &[]));
    let [before, now, after] = &calendars;
    let of = |kind: &str, body: Value| attach((before, now, after), 2026, kind, day("2026-03-01"), &body);
    let named = of(ACTIVITY, json!({"campaign": "weapon_handover_campaign"}));
    assert_eq!(named[0].1, Attachment::Within);
    // A handover says nothing of the campaign, and nobody said when that is.
    assert_eq!(of("weapon_handover", json!({})), []);
}
