//! What becomes of a case when the author of its report changes, moves or takes back the report.

use super::incidents::incident;
use keng_shared::api::{CaseQuery, NewAssignee, NewCaseStep, NewSeverity};
use keng_shared::inbox::News;
use keng_shared::incident::Severity;
use keng_shared::incident::case::CaseState;
use keng_shared::permission::Role;
use keng_shared::problem::ProblemCode;
use keng_shared::record::RecordDraft;
use keng_tests::cast::active;
use keng_tests::{Asks, Person, Refused, TestApp, both_databases};
use serde_json::json;

both_databases!(
    a_report_that_is_moved_to_another_commune_is_the_case_of_its_officers,
    a_case_that_somebody_works_on_moves_with_its_report_too,
    a_severity_that_an_officer_weighed_stays_when_the_report_is_mended,
    a_report_that_becomes_urgent_is_told_at_once,
    who_was_given_a_case_hears_that_it_was_taken_back,
);

async fn news(person: &Person) -> Vec<News> {
    let inbox = person.api().inbox().await.unwrap();
    inbox.items.into_iter().map(|item| item.news).collect()
}

async fn board(person: &Person) -> usize {
    let page = person.api().cases(&CaseQuery::default()).await.unwrap();
    page.items.len()
}

/// A member of a village in each of two communes, and the officer of the second.
async fn of_two_communes(app: &TestApp, world: &keng_tests::World) -> (Person, Person) {
    let both = vec![
        active(Role::Member, world.village, None),
        active(Role::Member, world.neighbour_village, None),
    ];
    let member = app.person("hai-noi", "Lê Thị Hai", both).await;
    let officer = vec![active(Role::CommuneOfficer, world.neighbour_commune, None)];
    (member, app.person("phuong", "Trịnh Văn Phương", officer).await)
}

async fn a_report_that_is_moved_to_another_commune_is_the_case_of_its_officers(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (member, other) = of_two_communes(&app, &world).await;
    let mut draft = RecordDraft {
        team_id: None,
        ..incident(&world, &member, app.now(), "critical")
    };
    member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    let given = NewAssignee {
        user_id: Some(cast.officer.id),
    };
    officer.assign_case(draft.id, 1, &given).await.unwrap();
    assert_eq!((board(&cast.officer).await, board(&other).await), (1, 0));

    draft.area_id = world.neighbour_village;
    member.api().edit_record(&draft, 1).await.unwrap();
    assert_eq!((board(&cast.officer).await, board(&other).await), (0, 1));
    assert_eq!(officer.case(draft.id).await.code(), ProblemCode::NotFound);
    let case = other.api().case(draft.id).await.unwrap().case;
    assert_eq!(
        (case.area_id, case.assignee),
        (world.neighbour_village, None),
        "who had it cannot handle it there"
    );
    let told = news(&other).await;
    assert!(
        matches!(&told[..], [News::IncidentReported { record_id, severity: Severity::Critical, .. }] if *record_id == draft.id),
        "{told:?}"
    );
}

async fn a_case_that_somebody_works_on_moves_with_its_report_too(app: TestApp) {
    let (world, cast) = app.cast().await;
    let (member, other) = of_two_communes(&app, &world).await;
    let mut draft = RecordDraft {
        team_id: None,
        ..incident(&world, &member, app.now(), "low")
    };
    member.api().create_record(&draft).await.unwrap();
    let begin = NewCaseStep {
        to: CaseState::Verifying,
        words: String::new(),
    };
    cast.officer.api().step_case(draft.id, 1, &begin).await.unwrap();
    draft.area_id = world.neighbour_village;
    draft.body["place"] = json!("Ngã ba phố Lê Lợi");
    member.api().edit_record(&draft, 1).await.unwrap();
    let case = other.api().case(draft.id).await.unwrap().case;
    assert_eq!((case.state, case.assignee), (CaseState::Verifying, None));
    assert_eq!(
        case.place, "Cổng chợ Thành Sơn",
        "what the officers look into stays"
    );
    assert_eq!(board(&cast.officer).await, 0);
}

async fn a_severity_that_an_officer_weighed_stays_when_the_report_is_mended(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&draft).await.unwrap();
    let officer = cast.officer.api();
    let weighed = NewSeverity {
        severity: Severity::Critical,
        words: "Có dao".to_owned(),
    };
    let critical = officer.weigh_case(draft.id, 1, &weighed).await.unwrap();
    draft.body["place"] = json!("Sân chợ Thành Sơn");
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    let case = officer.case(draft.id).await.unwrap().case;
    assert_eq!(case.place, "Sân chợ Thành Sơn");
    assert_eq!(
        (case.severity, case.due_at, case.revision),
        (Severity::Critical, critical.due_at, 3)
    );
}

async fn a_report_that_becomes_urgent_is_told_at_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&draft).await.unwrap();
    draft.body["description"] = json!("Mất xe đạp điện, có người bị thương.");
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    assert_eq!(news(&cast.officer).await.len(), 1, "other words are no news");
    draft.body["severity"] = json!("critical");
    cast.member.api().edit_record(&draft, 2).await.unwrap();
    let told = news(&cast.officer).await;
    assert_eq!(told.len(), 2);
    assert!(told[0].is_urgent(), "{told:?}");
}

async fn who_was_given_a_case_hears_that_it_was_taken_back(app: TestApp) {
    let (world, cast) = app.cast().await;
    let colleague = vec![active(Role::CommuneOfficer, world.commune, None)];
    let colleague = app.person("minh", "Hà Văn Minh", colleague).await;
    let draft = incident(&world, &cast.member, app.now(), "low");
    cast.member.api().create_record(&draft).await.unwrap();
    let given = NewAssignee {
        user_id: Some(colleague.id),
    };
    cast.officer.api().assign_case(draft.id, 1, &given).await.unwrap();
    cast.member.api().withdraw_record(draft.id, 1).await.unwrap();
    let told = news(&colleague).await;
    assert!(
        matches!(
            told[0],
            News::CaseMoved {
                state: CaseState::Withdrawn,
                ..
            }
        ),
        "{told:?}"
    );
    assert_eq!(news(&cast.officer).await.len(), 1, "only who has it");
}
