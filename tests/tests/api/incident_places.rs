//! Where an incident happened: what the reporter puts on the map, and an officer who says otherwise.

use super::incidents::incident;
use keng_shared::api::{CaseAction, NewCaseStep, NewPlace};
use keng_shared::geo::LatLon;
use keng_shared::incident::case::{CaseState, PlaceOf};
use keng_shared::json::ToJson;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::world::CENTRE;
use keng_tests::{Asks, Refused, TestApp, both_databases};

both_databases!(
    the_point_of_the_reporter_comes_before_the_phone,
    an_officer_corrects_the_place_with_words_and_the_report_stays,
    a_corrected_place_outlives_a_mended_report_until_somebody_begins_and_after,
    a_place_without_words_or_off_the_globe_is_refused,
    two_officers_who_correct_at_once_conflict_cleanly,
    near_reports_are_compared_by_the_corrected_place,
);

/// Some two kilometres north of everything else.
const FAR: LatLon = LatLon {
    lat_e7: CENTRE.lat_e7 + 200_000,
    ..CENTRE
};

fn place(position: Option<LatLon>, words: &str) -> NewPlace {
    NewPlace {
        position,
        words: words.to_owned(),
    }
}

async fn the_point_of_the_reporter_comes_before_the_phone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = incident(&world, &cast.member, app.now(), "high");
    cast.member.api().create_record(&draft).await.unwrap();
    let case = cast.officer.api().case(draft.id).await.unwrap().case;
    assert_eq!((case.position, case.place_of), (Some(CENTRE), PlaceOf::Report));
    draft.body["position"] = FAR.to_json();
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    let case = cast.officer.api().case(draft.id).await.unwrap().case;
    assert_eq!((case.position, case.place_of), (Some(FAR), PlaceOf::Hand));
}

async fn an_officer_corrects_the_place_with_words_and_the_report_stays(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = incident(&world, &cast.member, app.now(), "high");
    cast.member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    let correct = place(Some(FAR), " Đã tới nơi: sau nhà văn hóa ");
    let case = officer.place_case(draft.id, 1, &correct).await.unwrap();
    assert_eq!((case.position, case.place_of), (Some(FAR), PlaceOf::Officer));
    assert_eq!((case.revision, case.area_id), (2, world.village));
    let gone = officer
        .place_case(draft.id, 2, &place(None, "Chưa rõ chỗ nào"))
        .await
        .unwrap();
    assert_eq!((gone.position, gone.place_of), (None, PlaceOf::Officer));
    let detail = officer.case(draft.id).await.unwrap();
    let steps: Vec<_> = detail.steps.iter().skip(1).collect();
    assert_eq!(steps[0].action, CaseAction::Placed { position: Some(FAR) });
    assert_eq!(steps[0].words, "Đã tới nơi: sau nhà văn hóa");
    assert_eq!(steps[1].action, CaseAction::Placed { position: None });
    assert_eq!(
        (detail.record.revision, detail.record.body),
        (1, draft.body),
        "testimony is not touched"
    );
    let refused = cast.member.api().place_case(draft.id, 3, &correct).await;
    assert_eq!(refused.code(), ProblemCode::NotFound);
}

async fn a_corrected_place_outlives_a_mended_report_until_somebody_begins_and_after(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    officer
        .place_case(draft.id, 1, &place(Some(FAR), "Đã tới nơi"))
        .await
        .unwrap();
    draft.body["place"] = "Sân chợ Thành Sơn".into();
    draft.body["position"] = CENTRE.to_json();
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    let case = officer.case(draft.id).await.unwrap().case;
    assert_eq!(case.place, "Sân chợ Thành Sơn", "the rest follows the report");
    assert_eq!((case.position, case.place_of), (Some(FAR), PlaceOf::Officer));
    let begin = NewCaseStep {
        to: CaseState::Verifying,
        words: String::new(),
    };
    officer.step_case(draft.id, case.revision, &begin).await.unwrap();
    draft.body["position"] = LatLon {
        lat_e7: CENTRE.lat_e7 + 1_000,
        ..CENTRE
    }
    .to_json();
    cast.member.api().edit_record(&draft, 2).await.unwrap();
    let case = officer.case(draft.id).await.unwrap().case;
    assert_eq!((case.position, case.place_of), (Some(FAR), PlaceOf::Officer));
}

async fn a_place_without_words_or_off_the_globe_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    let silent = officer.place_case(draft.id, 1, &place(Some(FAR), " ")).await;
    assert_eq!(silent.wrong_fields(), [("words".to_owned(), FieldCode::Required)]);
    let nowhere = LatLon {
        lat_e7: 1_000_000_000,
        lon_e7: 0,
    };
    let refused = officer
        .place_case(draft.id, 1, &place(Some(nowhere), "Ở đây"))
        .await;
    assert_eq!(
        refused.wrong_fields(),
        [("position".to_owned(), FieldCode::BadFormat)]
    );
}

async fn two_officers_who_correct_at_once_conflict_cleanly(app: TestApp) {
    let (world, cast) = app.cast().await;
    let draft = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    let correct = place(Some(FAR), "Đã tới nơi");
    officer.place_case(draft.id, 1, &correct).await.unwrap();
    let problem = officer.place_case(draft.id, 1, &correct).await.problem();
    assert_eq!(problem.code, ProblemCode::RevisionMismatch);
    assert_eq!(problem.stored.unwrap()["place_of"], "officer");
}

async fn near_reports_are_compared_by_the_corrected_place(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let (first, second) = (
        incident(&world, &cast.member, app.now(), "low"),
        incident(&world, &cast.leader, app.now(), "low"),
    );
    cast.member.api().create_record(&first).await.unwrap();
    cast.leader.api().create_record(&second).await.unwrap();
    assert_eq!(officer.case(first.id).await.unwrap().near.len(), 1);
    officer
        .place_case(first.id, 1, &place(Some(FAR), "Ở đầu kia của thôn"))
        .await
        .unwrap();
    assert_eq!(officer.case(first.id).await.unwrap().near.len(), 0);
}
