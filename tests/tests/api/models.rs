//! The register of self-management models: made of accepted records, ended and taken back at the desk.

use keng_shared::api::{ModelQuery, ModelRow, NewReview, WhichModel};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::model_register::{Ending, ModelName, ModelState};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::target::PlanTerms;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

both_databases!(
    a_model_is_in_the_register_when_its_launch_is_accepted_and_out_when_it_is_returned,
    a_review_an_activity_and_a_later_count_are_told_of_the_model_that_they_name,
    a_model_of_earlier_years_lacks_a_review_until_one_is_accepted,
    a_model_is_merged_into_another_and_taken_back_and_no_target_moves,
    of_two_officers_who_end_a_model_one_is_told,
    the_list_is_filtered_and_found_without_marks_and_phones_know_what_goes_on,
);

const GONG: &str = "Tiếng kẻng bình yên";

async fn log(app: &TestApp, author: &Person, area: AreaId, kind: &str, body: Value) -> RecordId {
    let draft = RecordDraft {
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
    };
    author.api().create_record(&draft).await.unwrap();
    draft.id
}

async fn judge(cast: &Cast, id: RecordId, revision: u32, verdict: Verdict) {
    let review = NewReview {
        verdict: Some(verdict),
        reason: "Đã xem".to_owned(),
        photos: Vec::new(),
    };
    cast.officer.api().review(id, revision, &review).await.unwrap();
}

async fn told(app: &TestApp, cast: &Cast, area: AreaId, kind: &str, body: Value) -> RecordId {
    let id = log(app, &cast.officer, area, kind, body).await;
    judge(cast, id, 1, Verdict::Accepted).await;
    id
}

fn launch(name: &str, category: &str, on: &str) -> Value {
    json!({"name": name, "category": category, "state": "launched", "launched_on": on,
        "decision_number": "45/QĐ-UBND", "member_count": 30, "household_count": 120})
}

fn which(world: &World, name: &str, category: &str) -> WhichModel {
    WhichModel {
        commune: world.commune,
        category: category.to_owned(),
        name: name.to_owned(),
    }
}

async fn listed(person: &Person, query: ModelQuery) -> Vec<ModelRow> {
    person.api().models(&query).await.unwrap().models
}

fn closing(words: &str) -> Ending {
    Ending {
        state: ModelState::Closed,
        on: "2026-11-01".parse().unwrap(),
        words: words.to_owned(),
        into: None,
    }
}

async fn a_model_is_in_the_register_when_its_launch_is_accepted_and_out_when_it_is_returned(app: TestApp) {
    let (world, cast) = app.cast().await;
    let body = launch(GONG, "tieng_keng", "2026-03-26");
    let id = log(&app, &cast.officer, world.village, "self_management_model", body).await;
    assert_eq!(listed(&cast.officer, ModelQuery::default()).await, []);
    judge(&cast, id, 1, Verdict::Accepted).await;
    let models = listed(&cast.officer, ModelQuery::default()).await;
    let model = &models[0];
    assert_eq!(
        (models.len(), model.commune, model.area_id),
        (1, world.commune, world.village)
    );
    assert_eq!((model.members, model.households), (Some(30), Some(120)));
    assert_eq!((model.state, model.lacks_review), (ModelState::Launched, false));
    assert_eq!(model.launched_on, "2026-03-26".parse().ok());
    judge(&cast, id, 1, Verdict::Returned).await;
    assert_eq!(listed(&cast.officer, ModelQuery::default()).await, []);
}

async fn a_review_an_activity_and_a_later_count_are_told_of_the_model_that_they_name(app: TestApp) {
    let (world, cast) = app.cast().await;
    let model = "self_management_model";
    told(
        &app,
        &cast,
        world.village,
        model,
        launch(GONG, "tieng_keng", "2025-03-26"),
    )
    .await;
    // Marks make no difference; another category is another model.
    let review = json!({"name": "TIENG KENG binh yen", "category": "tieng_keng", "year": 2026, "rating": "good",
        "state": "replicated", "conclusion": "Duy trì tốt"});
    told(&app, &cast, world.commune, "model_review", review).await;
    let activity = json!({"name": GONG, "category": "tieng_keng", "content": "Sinh hoạt quý"});
    let activity = log(&app, &cast.member, world.village, "model_activity", activity).await;
    judge(&cast, activity, 1, Verdict::Accepted).await;
    let alone = json!({"name": "Chưa ra mắt", "category": "tieng_keng", "content": "Sinh hoạt"});
    told(&app, &cast, world.village, "model_activity", alone).await;
    told(
        &app,
        &cast,
        world.village,
        model,
        launch(GONG, "camera_antt", "2026-01-01"),
    )
    .await;
    assert_eq!(listed(&cast.officer, ModelQuery::default()).await.len(), 2);
    let view = cast
        .officer
        .api()
        .model(&which(&world, GONG, "tieng_keng"))
        .await
        .unwrap();
    assert_eq!(
        (view.model.records, view.model.state),
        (3, ModelState::Replicated)
    );
    let rating = &view.model.ratings[0];
    assert_eq!((rating.year, rating.rating.as_str()), (2026, "good"));
    assert!(view.timeline.iter().any(|record| record.words == "Duy trì tốt"));
    let beside = cast
        .neighbour
        .api()
        .model(&which(&world, GONG, "tieng_keng"))
        .await;
    assert_eq!(beside.code(), ProblemCode::NotFound);
}

async fn a_model_of_earlier_years_lacks_a_review_until_one_is_accepted(app: TestApp) {
    let (world, cast) = app.cast().await;
    let body = launch(GONG, "tieng_keng", "2024-03-26");
    told(&app, &cast, world.village, "self_management_model", body).await;
    let overdue = || ModelQuery {
        overdue: Some(true),
        ..ModelQuery::default()
    };
    assert_eq!(listed(&cast.officer, overdue()).await.len(), 1);
    let review = json!({"name": GONG, "category": "tieng_keng", "year": 2026, "rating": "fair", "state": "maintained"});
    told(&app, &cast, world.commune, "model_review", review).await;
    assert_eq!(listed(&cast.officer, overdue()).await, []);
}

async fn a_model_is_merged_into_another_and_taken_back_and_no_target_moves(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan: PlanTerms = serde_json::from_value(json!({
        "area_id": world.commune, "title": "Kế hoạch năm 2026",
        "period": {"from": "2026-01-01", "to": "2026-12-31"},
        "targets": [{"code": "1", "text": "Mô hình", "measure": "mô hình", "comparator": "at_least", "value": 2000,
            "levels": ["commune"], "aggregation": {"by": "sum"},
            "source": {"kind": "self_management_model", "amount": {"of": "records"}}}],
    }))
    .unwrap();
    let plan = cast.officer.api().create_target_plan(&plan).await.unwrap().id;
    let model = "self_management_model";
    told(
        &app,
        &cast,
        world.village,
        model,
        launch(GONG, "tieng_keng", "2026-03-26"),
    )
    .await;
    told(
        &app,
        &cast,
        world.other_village,
        model,
        launch("Camera", "camera_antt", "2026-03-26"),
    )
    .await;
    let officer = cast.officer.api();
    let gong = which(&world, GONG, "tieng_keng");
    let mut merger = Ending {
        state: ModelState::Merged,
        into: None,
        ..closing("Theo quyết định")
    };
    let refused = officer.end_model(&gong, 0, &merger).await;
    assert_eq!(refused.wrong_fields(), [("into".to_owned(), FieldCode::Required)]);
    merger.into = Some(ModelName {
        category: "tieng_keng".to_owned(),
        name: GONG.to_owned(),
    });
    let itself = officer.end_model(&gong, 0, &merger).await;
    assert_eq!(
        itself.wrong_fields(),
        [("into".to_owned(), FieldCode::NoSuchObject)]
    );
    merger.into = Some(ModelName {
        category: "camera_antt".to_owned(),
        name: "camera".to_owned(),
    });
    let ended = officer.end_model(&gong, 0, &merger).await.unwrap();
    assert_eq!((ended.model.state, ended.revision), (ModelState::Merged, 1));
    let amount = async || {
        let matrix = cast
            .officer
            .api()
            .target_progress(plan, None, None, None)
            .await
            .unwrap();
        matrix.targets[0].whole.amount
    };
    assert_eq!(amount().await, 2);
    let back = officer.reopen_model(&gong, 1).await.unwrap();
    assert_eq!((back.model.state, back.ended), (ModelState::Launched, None));
    assert_eq!(amount().await, 2);
    let viewer = cast.province_viewer.api().end_model(&gong, 0, &merger).await;
    assert_eq!(viewer.code(), ProblemCode::Forbidden);
}

async fn of_two_officers_who_end_a_model_one_is_told(app: TestApp) {
    let (world, cast) = app.cast().await;
    let body = launch(GONG, "tieng_keng", "2026-03-26");
    told(&app, &cast, world.village, "self_management_model", body).await;
    let officer = cast.officer.api();
    let gong = which(&world, GONG, "tieng_keng");
    officer
        .end_model(&gong, 0, &closing("Không còn hoạt động"))
        .await
        .unwrap();
    let late = officer.end_model(&gong, 0, &closing("Giải thể")).await;
    assert_eq!(late.code(), ProblemCode::RevisionMismatch);
    assert_eq!(
        officer.reopen_model(&gong, 7).await.code(),
        ProblemCode::RevisionMismatch
    );
    let wordless = officer.end_model(&gong, 1, &closing("  ")).await;
    assert_eq!(
        wordless.wrong_fields(),
        [("words".to_owned(), FieldCode::Required)]
    );
    let stored = officer.model(&gong).await.unwrap().ended.unwrap();
    assert_eq!(stored.ending.words, "Không còn hoạt động");
}

async fn the_list_is_filtered_and_found_without_marks_and_phones_know_what_goes_on(app: TestApp) {
    let (world, cast) = app.cast().await;
    let model = "self_management_model";
    told(
        &app,
        &cast,
        world.village,
        model,
        launch(GONG, "tieng_keng", "2026-03-26"),
    )
    .await;
    told(
        &app,
        &cast,
        world.commune,
        model,
        launch("Camera với ANTT", "camera_antt", "2026-05-02"),
    )
    .await;
    let names = async |query: ModelQuery| -> Vec<String> {
        let found = listed(&cast.province_viewer, query).await;
        found.into_iter().map(|row| row.name).collect()
    };
    let found = ModelQuery {
        search: Some("keng binh".to_owned()),
        ..ModelQuery::default()
    };
    assert_eq!(names(found).await, [GONG]);
    let cameras = ModelQuery {
        area: Some(world.commune),
        category: Some("camera_antt".to_owned()),
        state: Some(ModelState::Launched),
        ..ModelQuery::default()
    };
    assert_eq!(names(cameras).await, ["Camera với ANTT"]);
    let beside = ModelQuery {
        area: Some(world.neighbour_commune),
        ..ModelQuery::default()
    };
    assert_eq!(names(beside).await, Vec::<String>::new());
    let known = async |person: &Person| -> Vec<String> {
        let scope = person.api().scope().await.unwrap();
        scope.models.into_iter().map(|model| model.name).collect()
    };
    assert_eq!(known(&cast.member).await, ["Camera với ANTT", GONG]);
    assert_eq!(known(&cast.neighbour).await, Vec::<String>::new());
    let camera = which(&world, "Camera với ANTT", "camera_antt");
    cast.officer
        .api()
        .end_model(&camera, 0, &closing("Đã dừng"))
        .await
        .unwrap();
    assert_eq!(known(&cast.member).await, [GONG]);
}
