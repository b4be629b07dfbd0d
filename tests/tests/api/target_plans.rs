//! Entering plans: drafts of ready-made plans and of one's own, through mergers and for parts of a whole.

use super::targets::{before_the_reform, day, import_areas, logged, plan, target};
use keng_shared::api::{
    BehindShow, DraftGap, GapCause, NewReview, OnTree, PasteMatch, PasteRequest, PlanDraft,
};
use keng_shared::permission::Role;
use keng_shared::problem::ProblemCode;
use keng_shared::record::Verdict;
use keng_shared::target::{Level, PlanTerms, Target, Thousandths};
use keng_tests::cast::active;
use keng_tests::drafts::session;
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::json;

both_databases!(
    a_plan_from_before_a_merger_is_copied_onto_the_new_communes_and_can_be_saved,
    a_commune_copies_the_plan_of_the_province_without_what_lies_outside,
    a_target_whose_named_communes_are_not_here_is_not_asked_of_everyone,
    a_pasted_line_that_names_communes_finds_them_in_the_area_of_the_plan,
    late_records_are_found_behind_a_figure_however_many_are_newer,
    of_two_units_with_one_name_the_old_one_says_when_it_ended,
    an_ended_plan_is_brought_back_and_counts_as_before,
);

fn one<'a>(terms: &'a PlanTerms, code: &str) -> &'a Target {
    terms.targets.iter().find(|target| target.code == code).unwrap()
}

fn gap<'a>(draft: &'a PlanDraft, code: &str) -> Option<&'a GapCause> {
    let is_of = |gap: &&DraftGap| gap.code == code;
    draft.gaps.iter().find(is_of).map(|gap| &gap.cause)
}

async fn a_plan_from_before_a_merger_is_copied_onto_the_new_communes_and_can_be_saved(app: TestApp) {
    let (world, cast) = app.cast().await;
    let old = before_the_reform(&app).await;
    let sessions = |code: &str, more| target(code, "direct_propaganda_session", 57, more);
    let mut terms = plan(
        world.province,
        vec![
            sessions(
                "named",
                json!({"named": [old[1]], "text": "Xã điểm năm 2025, Quý I/2025"}),
            ),
            sessions("gone", json!({"named": [old[3]]})),
            sessions("both", json!({"excluded": [old[1], old[2]]})),
            sessions("half", json!({"excluded": [old[1], world.village]})),
            sessions(
                "shared",
                json!({"levels": ["whole"], "own": [
                    {"area_id": old[1], "value": 21_000}, {"area_id": old[2], "value": 15_000},
                    {"area_id": old[3], "value": 4_000},
                ]}),
            ),
        ],
    );
    terms.period = serde_json::from_value(json!({"from": "2025-01-01", "to": "2025-12-31"})).unwrap();
    terms.title = "Kế hoạch năm 2025".to_owned();
    let staff = cast.province_viewer.api();
    let stored = staff.create_target_plan(&terms).await.unwrap();
    let draft = staff.draft_copy(world.province, 2026, stored.id).await.unwrap();
    let copy = &draft.terms;
    assert_eq!(copy.title, "Kế hoạch năm 2026");
    assert_eq!(one(copy, "named").text, "Xã điểm năm 2026, Quý I/2026");
    assert_eq!(copy.period.to, day("2026-12-31"));
    assert_eq!(one(copy, "named").named, [world.commune]);
    assert_eq!(
        one(copy, "both").excluded,
        [world.commune],
        "all that it was made of was exempt"
    );
    assert_eq!(
        one(copy, "half").excluded,
        [world.village],
        "a village outlives its commune"
    );
    let shares = &one(copy, "shared").own;
    assert_eq!(shares.len(), 1, "{shares:?}");
    assert_eq!(
        (shares[0].area_id, shares[0].value),
        (world.commune, Some(Thousandths::whole(36)))
    );
    assert!(
        gap(&draft, "gone").is_some_and(GapCause::sets_aside),
        "what was split is nowhere"
    );
    assert!(gap(&draft, "half").is_some_and(|cause| !cause.sets_aside()));
    assert_eq!(gap(&draft, "named"), None);
    for name in ["Xã Kiên Thọ cũ", "Xã Cao Thịnh"] {
        assert!(
            draft.not_found.iter().any(|found| found == name),
            "{:?}",
            draft.not_found
        );
    }
    let saved = staff.create_target_plan(copy).await.unwrap();
    assert_eq!(&saved.terms, copy);
    let again = staff.draft_copy(world.province, 2026, saved.id).await.unwrap();
    assert_eq!(
        (&again.terms, again.gaps),
        (copy, Vec::new()),
        "nothing is lost between equal years"
    );
}

async fn a_commune_copies_the_plan_of_the_province_without_what_lies_outside(app: TestApp) {
    let (world, cast) = app.cast().await;
    let sessions = |code: &str, more| target(code, "direct_propaganda_session", 57, more);
    let terms = plan(
        world.province,
        vec![
            sessions("others", json!({"named": [world.neighbour_commune]})),
            sessions("exempt", json!({"excluded": [world.neighbour_commune]})),
            sessions("whole", json!({"levels": ["whole"]})),
            sessions(
                "share",
                json!({"levels": ["whole"], "own": [{"area_id": world.commune, "value": 21_000}]}),
            ),
        ],
    );
    let stored = cast
        .province_viewer
        .api()
        .create_target_plan(&terms)
        .await
        .unwrap();
    let officer = cast.officer.api();
    let draft = officer.draft_copy(world.commune, 2027, stored.id).await.unwrap();
    assert!(draft.terms.title.ends_with("2027"), "{}", draft.terms.title);
    assert!(gap(&draft, "others").is_some_and(GapCause::sets_aside));
    assert_eq!(gap(&draft, "whole"), Some(&GapCause::OfLargerWhole));
    assert_eq!(draft.not_found, ["Xã Ngọc Lặc"]);
    let share = one(&draft.terms, "share");
    assert_eq!(
        (share.value, share.levels.as_slice(), share.own.len()),
        (Thousandths::whole(21), &[Level::Commune][..], 0),
        "its share of the whole is what is asked of it"
    );
    officer.create_target_plan(&draft.terms).await.unwrap();
}

async fn a_target_whose_named_communes_are_not_here_is_not_asked_of_everyone(app: TestApp) {
    let (world, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    let draft = staff
        .draft_ready_made(world.province, 2026, "ngoc_lac_2024")
        .await
        .unwrap();
    for code in ["A1.10a", "A1.11a", "A1.11b", "A3.2"] {
        assert_eq!(one(&draft.terms, code).named, []);
        let Some(GapCause::NoneNamed { names }) = gap(&draft, code) else {
            panic!("{code}: {:?}", gap(&draft, code))
        };
        assert!(names.iter().all(|name| draft.not_found.contains(name)));
    }
    assert!(
        gap(&draft, "A2.c").is_some_and(|cause| !cause.sets_aside()),
        "{:?}",
        gap(&draft, "A2.c")
    );
    assert!(
        one(&draft.terms, "A1.1").text.ends_with("năm 2026"),
        "{}",
        one(&draft.terms, "A1.1").text
    );
    assert_eq!(
        gap(&draft, "A2"),
        None,
        "57 models are asked of a whole with communes"
    );
    let draft = cast
        .officer
        .api()
        .draft_ready_made(world.commune, 2026, "ngoc_lac_2024")
        .await
        .unwrap();
    assert_eq!(gap(&draft, "A2"), Some(&GapCause::OfLargerWhole));
    // A plan that named old communes is right for the year before the reform.
    let old = before_the_reform(&app).await;
    import_areas(&app, "kind,code,name,parent_code,valid_from,valid_to,lat,lon\ncommune,15124,Xã Lam Sơn,389,,2025-06-30,,\n").await;
    let people = vec![active(Role::DistrictStaff, world.province, None)];
    let district = app.person("huyen", "Lò Văn Huyện", people).await;
    let draft = district
        .api()
        .draft_ready_made(old[0], 2024, "ngoc_lac_2024")
        .await
        .unwrap();
    assert_eq!(gap(&draft, "A1.11a"), None);
    assert_eq!(one(&draft.terms, "A1.11a").named.len(), 1);
}

async fn a_pasted_line_that_names_communes_finds_them_in_the_area_of_the_plan(app: TestApp) {
    let (world, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    let mut request = PasteRequest {
        text: "1\tXã NTM nâng cao đạt tiêu chí ANTT: Lam Sơn\n2\t\"Việc\nchưa rõ\"\t\t\tmười".to_owned(),
        year: 2026,
        area: Some(world.province),
        chosen: Vec::new(),
    };
    let lines = staff.paste_targets(&request).await.unwrap();
    assert_eq!(lines[0].found, PasteMatch::Shipped);
    assert!(
        lines[0].gap.as_ref().is_some_and(GapCause::sets_aside),
        "Lam Sơn is not here"
    );
    assert_eq!(
        (lines[1].target.as_ref(), lines[1].raw.as_str()),
        (None, "2\t\"Việc\nchưa rõ\"\t\t\tmười")
    );
    import_areas(
        &app,
        "kind,code,name,parent_code,valid_from,valid_to,lat,lon\ncommune,15124,Xã Lam Sơn,38,2025-07-01,,,\n",
    )
    .await;
    let lines = staff.paste_targets(&request).await.unwrap();
    assert_eq!(lines[0].gap, None);
    assert_eq!(lines[0].target.as_ref().unwrap().named.len(), 1);
    request.area = Some(world.neighbour_commune);
    let foreign = cast.officer.api().paste_targets(&request).await;
    assert_eq!(foreign.code(), ProblemCode::NotFound);
}

async fn late_records_are_found_behind_a_figure_however_many_are_newer(app: TestApp) {
    let (world, cast) = app.cast().await;
    let sessions = target("sessions", "direct_propaganda_session", 1, json!({}));
    let mut terms = plan(world.province, vec![sessions]);
    terms.cut_off = Some(day("2026-11-22"));
    let staff = cast.province_viewer.api();
    let stored = staff.create_target_plan(&terms).await.unwrap();
    let in_time = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &in_time).await;
    let late = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&late).await.unwrap();
    app.advance(4 * 3_600_000);
    let review = NewReview {
        verdict: Some(Verdict::Accepted),
        reason: String::new(),
        photos: Vec::new(),
    };
    cast.officer.api().review(late.id, 1, &review).await.unwrap();
    let shown = async |show| {
        // The clock has moved on, and with it the token.
        let staff = cast.province_viewer.api();
        let rows = staff
            .behind_figure_shown(stored.id, "sessions", world.province, None, show)
            .await;
        rows.unwrap().iter().map(|row| row.record_id).collect::<Vec<_>>()
    };
    assert_eq!(shown(None).await.len(), 2);
    assert_eq!(shown(Some(BehindShow::Counted)).await, [in_time.id]);
    assert_eq!(shown(Some(BehindShow::Late)).await, [late.id]);
    assert_eq!(shown(Some(BehindShow::NotCounted)).await, []);
}

async fn of_two_units_with_one_name_the_old_one_says_when_it_ended(app: TestApp) {
    let (world, cast) = app.cast().await;
    let csv = "kind,code,name,parent_code,valid_from,valid_to,lat,lon
commune,15118,Xã Kiên Thọ,38,,2025-06-30,,
commune,15121,Xã Cao Thịnh,38,,2025-06-30,,
";
    import_areas(&app, csv).await;
    let sessions = target("sessions", "direct_propaganda_session", 1, json!({}));
    let mut terms = plan(world.province, vec![sessions]);
    terms.period = serde_json::from_value(json!({"from": "2025-01-01", "to": "2025-12-31"})).unwrap();
    let staff = cast.province_viewer.api();
    let stored = staff.create_target_plan(&terms).await.unwrap();
    let matrix = staff
        .target_progress(stored.id, None, Some(OnTree::Then), None)
        .await
        .unwrap();
    let mut told: Vec<_> = matrix
        .units
        .iter()
        .map(|unit| (unit.name.as_str(), unit.until))
        .collect();
    told.sort();
    assert_eq!(
        told,
        [
            ("Xã Cao Thịnh", None),
            ("Xã Kiên Thọ", None),
            ("Xã Kiên Thọ", Some(day("2025-06-30"))),
            ("Xã Ngọc Lặc", None),
        ]
    );
}

async fn an_ended_plan_is_brought_back_and_counts_as_before(app: TestApp) {
    let (world, cast) = app.cast().await;
    let sessions = target("sessions", "direct_propaganda_session", 1, json!({}));
    let staff = cast.province_viewer.api();
    let stored = staff
        .create_target_plan(&plan(world.province, vec![sessions]))
        .await
        .unwrap();
    logged(
        &cast.member,
        &cast.officer,
        &session(&world, &cast.member, app.now()),
    )
    .await;
    staff.end_target_plan(stored.id, 1).await.unwrap();
    logged(
        &cast.member,
        &cast.officer,
        &session(&world, &cast.member, app.now()),
    )
    .await;
    assert_eq!(staff.target_plan(stored.id).await.code(), ProblemCode::NotFound);
    let foreign = cast.officer.api().reopen_target_plan(stored.id, 1).await;
    assert_eq!(foreign.code(), ProblemCode::NotFound);
    let stale = staff.reopen_target_plan(stored.id, 7).await;
    assert_eq!(stale.code(), ProblemCode::RevisionMismatch);
    let again = staff.reopen_target_plan(stored.id, 1).await.unwrap();
    assert_eq!((again.revision, &again.terms), (2, &stored.terms));
    let matrix = staff.target_progress(stored.id, None, None, None).await.unwrap();
    assert_eq!(
        matrix.targets[0].whole.amount, 2,
        "what was accepted meanwhile counts too"
    );
    let twice = staff.reopen_target_plan(stored.id, 2).await.unwrap();
    assert_eq!(twice.revision, 2, "what is in force stays as it is");
}
