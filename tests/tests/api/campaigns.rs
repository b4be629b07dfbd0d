//! The campaign calendar: whose days hold, which records are of a campaign, and what phones are told.

use keng_shared::api::{CampaignCalendar, CampaignLine, NewCampaignDays, NewReview};
use keng_shared::campaign::{Attachment, CampaignDays, OTHER};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::time::LocalDate;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

both_databases!(
    the_days_of_the_nearest_area_hold_and_without_them_those_above,
    of_two_officers_who_change_days_one_is_told,
    a_record_is_of_a_campaign_by_what_it_says_by_its_kind_or_by_its_day,
    a_record_on_another_day_is_said_to_be_outside_and_is_not_lost,
    phones_are_told_what_runs_and_what_comes_in_their_areas,
    days_that_cannot_be_are_refused_field_by_field,
);

/// The tests begin on 2026-11-22.
const YEAR: i32 = 2026;
const PEAK: &str = "crime_crackdown_peak";

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn days(from: &str, to: &str) -> CampaignDays {
    CampaignDays {
        from: day(from),
        to: day(to),
        note: " Kế hoạch 12/KH-UBND ".to_owned(),
    }
}

fn new(area_id: AreaId, campaign: &str, name: &str, days: CampaignDays) -> NewCampaignDays {
    NewCampaignDays {
        area_id,
        year: YEAR,
        campaign: campaign.to_owned(),
        name: name.to_owned(),
        days,
    }
}

async fn calendar(person: &Person, area: AreaId) -> CampaignCalendar {
    person.api().campaigns(area, Some(YEAR)).await.unwrap()
}

fn line<'a>(calendar: &'a CampaignCalendar, key: &str) -> &'a CampaignLine {
    calendar.campaigns.iter().find(|line| line.key == key).unwrap()
}

fn draft(app: &TestApp, author: &Person, area: AreaId, kind: &str, body: Value) -> RecordDraft {
    RecordDraft {
        id: RecordId(Uuid::now_v7()),
        kind: kind.to_owned(),
        area_id: area,
        team_id: None,
        started_at: app.now().plus(-3_600_000),
        ended_at: None,
        fix: None,
        body,
        photos: Vec::new(),
        files: Vec::new(),
        device_id: author.phone.device(),
        clock_offset_ms: Some(0),
    }
}

fn activity(campaign: &str, name: &str) -> Value {
    json!({"campaign": campaign, "campaign_name": name, "content": "Ra quân", "venue": "Nhà văn hóa"})
}

async fn log(app: &TestApp, author: &Person, area: AreaId, kind: &str, body: Value) -> RecordId {
    let draft = draft(app, author, area, kind, body);
    author.api().create_record(&draft).await.unwrap();
    draft.id
}

async fn accept(cast: &Cast, id: RecordId) {
    let review = NewReview {
        verdict: Some(Verdict::Accepted),
        reason: String::new(),
        photos: Vec::new(),
    };
    cast.officer.api().review(id, 1, &review).await.unwrap();
}

async fn the_days_of_the_nearest_area_hold_and_without_them_those_above(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (officer, province) = (cast.officer.api(), cast.province_viewer.api());
    assert_eq!(
        line(&calendar(&cast.officer, world.commune).await, PEAK).days,
        None
    );
    let of_province = new(world.province, PEAK, "", days("2026-12-15", "2027-02-20"));
    let of_province = province.set_campaign(&of_province).await.unwrap();
    assert_eq!(of_province.days.note, "Kế hoạch 12/KH-UBND");
    let seen = calendar(&cast.officer, world.commune).await;
    let set = line(&seen, PEAK).set.clone().unwrap();
    assert_eq!((set.area_id, set.days.to), (world.province, day("2027-02-20")));
    let own = new(world.commune, PEAK, "", days("2026-12-20", "2027-01-31"));
    let own = officer.set_campaign(&own).await.unwrap();
    let seen = calendar(&cast.officer, world.commune).await;
    assert_eq!(line(&seen, PEAK).days.unwrap().from, day("2026-12-20"));
    let beside = cast
        .province_viewer
        .api()
        .campaigns(world.neighbour_commune, Some(YEAR))
        .await
        .unwrap();
    assert_eq!(line(&beside, PEAK).days.unwrap().from, day("2026-12-15"));
    officer.unset_campaign(own.id, own.revision).await.unwrap();
    let seen = calendar(&cast.officer, world.commune).await;
    assert_eq!(line(&seen, PEAK).days.unwrap().from, day("2026-12-15"));
    let of_another = officer.unset_campaign(of_province.id, 1).await;
    assert_eq!(of_another.code(), ProblemCode::NotFound);
}

async fn of_two_officers_who_change_days_one_is_told(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let own = new(world.commune, PEAK, "", days("2026-12-20", "2027-01-31"));
    let set = officer.set_campaign(&own).await.unwrap();
    assert_eq!(officer.set_campaign(&own).await.code(), ProblemCode::NameTaken);
    let shorter = days("2026-12-20", "2026-12-31");
    let changed = officer.change_campaign(set.id, 1, &shorter).await.unwrap();
    assert_eq!((changed.revision, changed.days.to), (2, day("2026-12-31")));
    let late = officer
        .change_campaign(set.id, 1, &days("2026-12-01", "2026-12-31"))
        .await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    let late = officer.unset_campaign(set.id, 1).await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    let seen = calendar(&cast.officer, world.commune).await;
    assert_eq!(line(&seen, PEAK).days.unwrap().from, day("2026-12-20"));
}

async fn a_record_is_of_a_campaign_by_what_it_says_by_its_kind_or_by_its_day(app: TestApp) {
    let (world, cast) = app.cast().await;
    let own = new(
        world.commune,
        OTHER,
        " Đợt  Giao nộp pháo ",
        days("2026-11-10", "2026-12-20"),
    );
    let own = cast.officer.api().set_campaign(&own).await.unwrap();
    let own = format!("own-{}", own.id);
    // By its name, whatever its marks; the day lies in the season of recognition, the kind is about it.
    let named = activity(OTHER, "dot giao nop phao");
    let named = log(&app, &cast.member, world.village, "campaign_activity", named).await;
    accept(&cast, named).await;
    let recognition = json!({"year": 2026, "unit_type": "area", "recognised_count": 3, "total_count": 4});
    log(
        &app,
        &cast.officer,
        world.commune,
        "safe_recognition",
        recognition,
    )
    .await;
    let movement = activity("skilful_mobilisation", "");
    log(&app, &cast.member, world.village, "campaign_activity", movement).await;
    let unknown = activity(OTHER, "Đợt khác hẳn");
    log(&app, &cast.member, world.village, "campaign_activity", unknown).await;
    let seen = calendar(&cast.officer, world.commune).await;
    let figures = |key: &str| {
        let line = line(&seen, key);
        (line.accepted, line.waiting, line.outside)
    };
    assert_eq!(figures(&own), (1, 0, 0));
    assert_eq!(figures("assessment_season"), (0, 1, 0));
    assert_eq!(figures("skilful_mobilisation"), (0, 1, 0));
    let all: u32 = seen
        .campaigns
        .iter()
        .map(|line| line.accepted + line.waiting)
        .sum();
    assert_eq!(all, 3);
    let units = &line(&seen, &own).units;
    assert_eq!(
        (units.len(), units[0].area_id, units[0].count),
        (1, world.village, 1)
    );
    assert!(seen.units.contains(&world.other_village));
    // From above the commune is the unit, and a campaign of the commune's own is not the province's.
    let above = calendar(&cast.province_viewer, world.province).await;
    assert!(above.campaigns.iter().all(|line| line.key != own));
    assert_eq!(line(&above, "assessment_season").units[0].area_id, world.commune);
    let officer = cast.officer.api();
    let behind = officer.campaign_records(world.commune, YEAR, &own);
    let behind: Vec<_> = behind
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.record_id)
        .collect();
    assert_eq!(behind, [named]);
}

async fn a_record_on_another_day_is_said_to_be_outside_and_is_not_lost(app: TestApp) {
    let (world, cast) = app.cast().await;
    // The festival was on 18 November; four days later is not of its days.
    let late = activity("great_unity_festival", "");
    let late = log(&app, &cast.member, world.village, "campaign_activity", late).await;
    // The season of registration ended in March: a registration of November is simply none of it.
    let registered = json!({"year": 2026, "unit_type": "area", "registered_count": 3, "total_count": 4});
    log(
        &app,
        &cast.officer,
        world.commune,
        "safe_registration",
        registered,
    )
    .await;
    let seen = calendar(&cast.officer, world.commune).await;
    let festival = line(&seen, "great_unity_festival");
    assert_eq!((festival.accepted + festival.waiting, festival.outside), (0, 1));
    assert_eq!(festival.units, []);
    let season = line(&seen, "safe_registration_season");
    assert_eq!((season.waiting, season.outside), (0, 0));
    let key = "great_unity_festival";
    let behind = cast
        .officer
        .api()
        .campaign_records(world.commune, YEAR, key)
        .await
        .unwrap();
    assert_eq!(
        (behind[0].record_id, behind[0].attachment),
        (late, Attachment::Outside)
    );
    // The commune held it later this year, and says so.
    let moved = new(world.commune, key, "", days("2026-11-15", "2026-11-25"));
    cast.officer.api().set_campaign(&moved).await.unwrap();
    let seen = calendar(&cast.officer, world.commune).await;
    assert_eq!((line(&seen, key).waiting, line(&seen, key).outside), (1, 0));
    let gone = cast
        .officer
        .api()
        .campaign_records(world.commune, YEAR, "own-99")
        .await;
    assert_eq!(gone.code(), ProblemCode::NotFound);
}

async fn phones_are_told_what_runs_and_what_comes_in_their_areas(app: TestApp) {
    let (world, cast) = app.cast().await;
    let before = cast.member.api().scope().await.unwrap();
    let told: Vec<_> = before.campaigns.iter().map(|found| found.key.as_str()).collect();
    // The next season of registration begins on the first of January.
    assert_eq!(told, ["assessment_season", "safe_registration_season"]);
    let own = new(
        world.commune,
        OTHER,
        "Giao nộp pháo",
        days("2026-11-10", "2026-12-20"),
    );
    let own = cast.officer.api().set_campaign(&own).await.unwrap();
    let after = cast.member.api().scope().await.unwrap();
    assert_ne!(before.tag, after.tag);
    let found = after
        .campaigns
        .iter()
        .find(|found| found.key == format!("own-{}", own.id));
    let found = found.unwrap();
    assert_eq!(
        (found.campaign.as_str(), found.own_name.as_str()),
        (OTHER, "Giao nộp pháo")
    );
    let beside = cast.neighbour.api().scope().await.unwrap();
    assert_eq!(beside.campaigns, before.campaigns);
}

async fn days_that_cannot_be_are_refused_field_by_field(app: TestApp) {
    let (world, cast): (World, Cast) = app.cast().await;
    let fine = || days("2026-11-01", "2026-11-30");
    let village = world.village;
    let commune = world.commune;
    for (new, field, code) in [
        (
            new(commune, "skilful_mobilisation", "", fine()),
            "campaign",
            FieldCode::NotAChoice,
        ),
        (new(commune, OTHER, "  ", fine()), "name", FieldCode::Required),
        (new(village, PEAK, "", fine()), "area_id", FieldCode::NotAChoice),
        (
            new(commune, PEAK, "", days("2026-11-30", "2026-11-01")),
            "to",
            FieldCode::EndBeforeStart,
        ),
        (
            new(commune, PEAK, "", days("2027-11-01", "2027-11-30")),
            "from",
            FieldCode::NotAChoice,
        ),
    ] {
        let refused = cast.officer.api().set_campaign(&new).await;
        assert_eq!(refused.wrong_fields(), [(field.to_owned(), code)], "{new:?}");
    }
    let refused = cast.officer.api().campaigns(village, None).await;
    assert_eq!(
        refused.wrong_fields(),
        [("area".to_owned(), FieldCode::NotAChoice)]
    );
}
