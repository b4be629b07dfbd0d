//! Areas on a date, old codes, what a caller sees of the tree.

use keng_server::db::area_import::{self, Terms};
use keng_server::import::{self, Format};
use keng_shared::api::ImportReport;
use keng_shared::area::SuccessionRelation;
use keng_shared::id::AreaId;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::time::LocalDate;
use keng_tests::{Asks, Refused, TestApp, both_databases};
use serde_json::json;

both_databases!(
    the_area_tree_is_asked_on_a_date_then_and_now,
    old_code_15118_is_kien_tho_15112_today,
    a_code_that_is_used_again_means_the_area_of_the_date,
    a_split_area_has_several_successors_and_says_that_they_are_parts,
    the_map_of_a_commune_has_its_parts_and_checkpoints,
    areas_are_found_by_name_without_marks_and_by_code,
    a_member_sees_only_what_is_in_reach,
    pages_follow_one_another_without_gap_or_repetition,
    a_unit_hangs_on_an_area_and_its_name_is_unique_there,
);

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

/// The reform in Kiên Thọ: three old communes become the new 15112, whose code one of them had; and a split.
pub(super) fn reform() -> Vec<u8> {
    let old = |code: &str, name: &str| json!({"code": code, "name": name, "district_code": "389", "lat": 19.97, "lon": 105.39, "valid_to": "2025-06-30"});
    let new = |code: &str, name: &str| json!({"code": code, "name": name, "province_code": "38", "lat": 19.95, "lon": 105.37, "valid_from": "2025-07-01"});
    let became = |old: &str, new: &str, relation: &str| json!({"old_code": old, "new_code": new, "relation": relation, "effective": "2025-07-01"});
    json!({
        "provinces": [{"code": "38", "name": "Tỉnh Thanh Hóa"}],
        "districts_legacy": [{"code": "389", "name": "Huyện Ngọc Lặc", "province_code": "38", "valid_to": "2025-06-30"}],
        "communes_legacy": [
            old("15118", "Xã Kiên Thọ"), old("15112", "Xã Phúc Thịnh"), old("15109", "Xã Phùng Minh"),
            old("15064", "Xã Lam Sơn"),
        ],
        "communes": [
            new("15112", "Xã Kiên Thọ"), new("15061", "Xã Ngọc Lặc"), new("15124", "Xã Minh Sơn"),
        ],
        "succession": [
            became("15118", "15112", "whole"), became("15112", "15112", "whole"), became("15109", "15112", "whole"),
            became("15064", "15112", "partial"), became("15064", "15124", "partial"),
        ],
    })
    .to_string()
    .into_bytes()
}

/// Imports as the command line does: everything is in reach.
pub(super) async fn import_everything(app: &TestApp, format: Format, bytes: Vec<u8>) -> ImportReport {
    import_on(app, format, bytes, Terms::operator(day("2026-11-22"), app.now())).await
}

pub(super) async fn import_on(app: &TestApp, format: Format, bytes: Vec<u8>, terms: Terms) -> ImportReport {
    let file = import::read(format, &bytes).unwrap();
    let report = app
        .write(move |conn| area_import::import(conn, &file, &terms, &mut || {}))
        .await;
    app.state().auth.tree.forget();
    report
}

async fn the_area_tree_is_asked_on_a_date_then_and_now(app: TestApp) {
    let (world, cast) = app.cast().await;
    let report = import_everything(&app, Format::Json, reform()).await;
    assert_eq!(report.refused, []);
    let viewer = cast.province_viewer.api();
    let names = async |date: &str| {
        let page = viewer
            .areas(Some(world.province), None, Some(day(date)), None)
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|view| view.area.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(names("2025-06-30").await, ["Huyện Ngọc Lặc"]);
    assert_eq!(
        names("2025-07-01").await,
        ["Xã Kiên Thọ", "Xã Minh Sơn", "Xã Ngọc Lặc"]
    );

    let village = viewer.area(world.village, None).await.unwrap();
    let above: Vec<_> = village.above.iter().map(|area| area.name.as_str()).collect();
    assert_eq!(above, ["Xã Kiên Thọ", "Tỉnh Thanh Hóa"]);
    assert!(village.has_boundary);
}

async fn old_code_15118_is_kien_tho_15112_today(app: TestApp) {
    let (world, cast) = app.cast().await;
    import_everything(&app, Format::Json, reform()).await;
    for person in [&cast.member, &cast.officer, &cast.administrator] {
        let answer = person.api().resolve_area("15118", None, None).await.unwrap();
        assert_eq!(answer.asked.name, "Xã Kiên Thọ");
        assert_eq!(answer.asked.valid_to, Some(day("2025-06-30")));
        let [now] = answer.now.as_slice() else {
            panic!("one successor was expected: {answer:?}");
        };
        assert_eq!(
            (now.area.id, now.area.code.as_deref()),
            (world.commune, Some("15112"))
        );
        assert_eq!(now.relation, SuccessionRelation::Whole);
    }
    let unknown = cast.member.api().resolve_area("99999", None, None).await;
    assert_eq!(unknown.code(), ProblemCode::NotFound);
}

async fn a_code_that_is_used_again_means_the_area_of_the_date(app: TestApp) {
    let (world, cast) = app.cast().await;
    import_everything(&app, Format::Json, reform()).await;
    let api = cast.province_viewer.api();
    let then = api
        .resolve_area("15112", Some(day("2024-06-01")), None)
        .await
        .unwrap();
    assert_eq!(then.asked.name, "Xã Phúc Thịnh");
    assert_eq!(then.now[0].area.name, "Xã Kiên Thọ");
    let now = api
        .resolve_area("15112", Some(day("2026-01-01")), None)
        .await
        .unwrap();
    assert_eq!(
        (now.asked.id, now.asked.name.as_str()),
        (world.commune, "Xã Kiên Thọ")
    );
    assert_eq!(now.now[0].area.id, now.asked.id);
    // On a day before the reform the old area is its own answer.
    let before = api
        .resolve_area("15118", None, Some(day("2025-01-01")))
        .await
        .unwrap();
    assert_eq!(before.now[0].area.id, before.asked.id);
}

async fn a_split_area_has_several_successors_and_says_that_they_are_parts(app: TestApp) {
    let (_, cast) = app.cast().await;
    import_everything(&app, Format::Json, reform()).await;
    let answer = cast
        .officer
        .api()
        .resolve_area("15064", None, None)
        .await
        .unwrap();
    let parts: Vec<_> = answer
        .now
        .iter()
        .map(|s| (s.area.name.as_str(), s.relation))
        .collect();
    let partial = SuccessionRelation::Partial;
    assert_eq!(parts, [("Xã Kiên Thọ", partial), ("Xã Minh Sơn", partial)]);
}

async fn the_map_of_a_commune_has_its_parts_and_checkpoints(app: TestApp) {
    let (world, cast) = app.cast().await;
    let map = cast.officer.api().area_map(world.commune).await.unwrap();
    let roles: Vec<_> = map["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["properties"]["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["part", "checkpoint", "checkpoint"]);
    assert_eq!(map["features"][0]["geometry"]["type"], "MultiPolygon");
    assert_eq!(map["features"][0]["id"], json!(world.village));
    let text = map.to_string();
    assert!(
        !text.contains("token"),
        "a map gives away no secret of a checkpoint"
    );
}

async fn areas_are_found_by_name_without_marks_and_by_code(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.province_viewer.api();
    let find = async |words: &str| {
        let page = api.areas(None, Some(words.to_owned()), None, None).await.unwrap();
        page.items
            .into_iter()
            .map(|view| view.area.id)
            .collect::<Vec<_>>()
    };
    for words in ["kien tho", "KIÊN THỌ", "Kie\u{302}n Tho\u{323}", "15112"] {
        assert_eq!(find(words).await, [world.commune], "{words}");
    }
    assert_eq!(find("100%").await, []);
    assert_eq!(find("' OR 1=1 --").await, []);
}

async fn a_member_sees_only_what_is_in_reach(app: TestApp) {
    let (world, cast) = app.cast().await;
    let api = cast.member.api();
    let own = api.areas(None, None, None, None).await.unwrap();
    assert_eq!(
        own.items.iter().map(|view| view.area.id).collect::<Vec<_>>(),
        [world.village]
    );
    let searched = api.areas(None, Some("thôn".into()), None, None).await.unwrap();
    assert_eq!(searched.items.len(), 1);
    for foreign in [
        world.commune,
        world.other_village,
        world.neighbour_village,
        AreaId(999_999),
    ] {
        assert_eq!(api.area(foreign, None).await.code(), ProblemCode::NotFound);
        assert_eq!(api.area_map(foreign).await.code(), ProblemCode::NotFound);
        assert_eq!(api.units(foreign).await.code(), ProblemCode::NotFound);
    }
}

async fn pages_follow_one_another_without_gap_or_repetition(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut csv = String::from("kind,name,parent_code\n");
    for number in 1..=118 {
        csv.push_str(&format!("residential_area,Thôn {number},15112\n"));
    }
    let admin = cast.administrator.api();
    let report = admin
        .import_areas("text/csv", csv.into_bytes(), false)
        .await
        .unwrap();
    assert_eq!(report.created, 118);
    let (mut names, mut after) = (Vec::new(), None);
    loop {
        let page = admin.areas(Some(world.commune), None, None, after).await.unwrap();
        names.extend(page.items.into_iter().map(|view| view.area.name));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(names.len(), 120);
    // Numbers sort as numbers.
    assert_eq!(
        (names[0].as_str(), names[1].as_str(), names[9].as_str()),
        ("Thôn 1", "Thôn 2", "Thôn 10")
    );
    let wrong = admin
        .areas(Some(world.commune), None, None, Some("x".into()))
        .await;
    assert_eq!(wrong.wrong_fields(), [("after".to_owned(), FieldCode::BadFormat)]);
}

async fn a_unit_hangs_on_an_area_and_its_name_is_unique_there(app: TestApp) {
    let (world, cast) = app.cast().await;
    let school = keng_shared::api::NewUnit {
        kind: keng_shared::api::UnitKind::School,
        name: "  Trường THCS Kiên Tho\u{323}  ".to_owned(),
        valid_from: None,
        valid_to: None,
    };
    let admin = cast.administrator.api();
    let unit = admin.create_unit(world.commune, &school).await.unwrap();
    assert_eq!(unit.name, "Trường THCS Kiên Thọ");
    assert_eq!(
        admin.create_unit(world.commune, &school).await.code(),
        ProblemCode::NameTaken
    );
    assert_eq!(cast.officer.api().units(world.commune).await.unwrap(), [unit]);
    let by_officer = cast.officer.api().create_unit(world.commune, &school).await;
    assert_eq!(by_officer.code(), ProblemCode::Forbidden);
}
