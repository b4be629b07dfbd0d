//! Files of areas and boundaries: dry runs, refused rows, outlines, the whole real seed.

use super::areas::{day, import_everything, import_on, reform};
use keng_server::db::area_import::{Missing, Mode, Terms};
use keng_server::import::Format;
use keng_shared::api::{ImportReport, Remark};
use keng_shared::area::AreaKind;
use keng_shared::problem::FieldCode;
use keng_tests::{Asks, TestApp, both_databases};
use serde_json::json;

both_databases!(
    a_dry_run_tells_everything_and_writes_nothing,
    importing_the_same_file_again_changes_nothing,
    every_refused_row_is_reported_and_the_others_are_stored,
    boundaries_are_matched_by_the_code_of_the_date_and_the_rest_is_reported,
    a_boundary_makes_its_area_when_the_file_or_the_operator_says_how,
    an_import_touches_nothing_outside_the_callers_areas,
    the_whole_real_seed_and_its_boundaries_load,
);

async fn a_dry_run_tells_everything_and_writes_nothing(app: TestApp) {
    let (world, cast) = app.cast().await;
    let admin = cast.administrator.api();
    let count = async |date: &str| {
        let page = admin
            .areas(Some(world.province), None, Some(day(date)), None)
            .await
            .unwrap();
        page.items.len()
    };
    let dry = admin
        .import_areas("application/json", reform(), true)
        .await
        .unwrap();
    assert!(dry.dry_run);
    assert_eq!((dry.read, dry.refused.len()), (14, 0), "{dry:?}");
    app.state().auth.tree.forget();
    assert_eq!((count("2025-06-30").await, count("2026-01-01").await), (0, 2));

    let wet = admin
        .import_areas("application/json", reform(), false)
        .await
        .unwrap();
    assert_eq!(
        wet,
        ImportReport {
            dry_run: false,
            ..dry
        }
    );
    assert_eq!((count("2025-06-30").await, count("2026-01-01").await), (1, 3));
}

async fn importing_the_same_file_again_changes_nothing(app: TestApp) {
    app.cast().await;
    let first = import_everything(&app, Format::Json, reform()).await;
    assert!(first.created > 0);
    let again = import_everything(&app, Format::Json, reform()).await;
    assert_eq!(
        (again.created, again.updated, again.unchanged, again.refused),
        (0, 0, first.read, vec![])
    );
}

async fn every_refused_row_is_reported_and_the_others_are_stored(app: TestApp) {
    let (world, cast) = app.cast().await;
    let csv = "\u{feff}kind;code;name;parent_code;valid_from;valid_to\n\
               residential_area;;Thôn Đức Thịnh;15112;;\n\
               residential_area;;Thôn Đức Thịnh;15112;;\n\
               residential_area;;Làng Lạ;99999;;\n\
               commune;15112;Xã Khác;38;2024-01-01;\n\
               commune;15124;Xã Minh Sơn;38;2025-07-01;2025-01-01\n\
               village;;Thôn Nhầm;15112;;\n\
               residential_area;;;15112;;\n\
               residential_area;;Thôn Mới;15112|15061;;\n\
               residential_area;;Thôn Thọ Phú;15112;;\n";
    let report = cast
        .administrator
        .api()
        .import_areas("text/csv; charset=utf-8", csv.as_bytes().to_vec(), false)
        .await
        .unwrap();
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|r| (r.row, r.error.field.as_str(), r.error.code))
        .collect();
    assert_eq!(
        refused,
        [
            (3, "code", FieldCode::Duplicate),
            (4, "parent_code", FieldCode::NoSuchObject),
            (6, "valid_to", FieldCode::EndBeforeStart),
            (7, "kind", FieldCode::NotAChoice),
            (8, "name", FieldCode::Required),
            (9, "parent_code", FieldCode::Duplicate),
        ],
        "{report:?}"
    );
    // Row 4 renames the commune that has the code, and says that it is older.
    assert_eq!((report.read, report.created, report.updated), (9, 2, 1));
    let found = cast
        .officer
        .api()
        .areas(Some(world.commune), None, None, None)
        .await
        .unwrap();
    let names: Vec<_> = found.items.iter().map(|view| view.area.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Thôn Đức Thịnh",
            "Thôn Thành Sơn",
            "Thôn Thọ Phú",
            "Thôn Thống Nhất"
        ]
    );
}

async fn boundaries_are_matched_by_the_code_of_the_date_and_the_rest_is_reported(app: TestApp) {
    let (world, cast) = app.cast().await;
    let feature = |code: &str, ring: serde_json::Value| {
        json!({"type": "Feature", "properties": {"code": code, "name": code},
               "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let square = json!([
        [105.3, 19.9],
        [105.4, 19.9],
        [105.4, 20.0],
        [105.3, 20.0],
        [105.3, 19.9]
    ]);
    let bow_tie = json!([
        [105.3, 19.9],
        [105.4, 20.0],
        [105.4, 19.9],
        [105.3, 20.0],
        [105.3, 19.9]
    ]);
    let file = json!({"type": "FeatureCollection", "features": [
        feature("15112", square.clone()),
        feature("15061", bow_tie),
        feature("15112", square.clone()),
        feature("99999", square),
    ]});
    let admin = cast.administrator.api();
    let import = async |dry_run| {
        let body = file.to_string().into_bytes();
        admin
            .import_areas("application/geo+json", body, dry_run)
            .await
            .unwrap()
    };
    let dry = import(true).await;
    assert!(!admin.area(world.commune, None).await.unwrap().has_boundary);
    let report = import(false).await;
    assert_eq!((&report.refused, report.created), (&dry.refused, 2));
    assert_eq!(report.remarks, dry.remarks);
    let [repaired] = report.remarks.as_slice() else {
        panic!("one outline crosses itself: {:?}", report.remarks);
    };
    assert_eq!((repaired.row, repaired.remark), (2, Remark::Repaired));
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|r| (r.row, r.error.field.as_str(), r.error.code))
        .collect();
    assert_eq!(
        refused,
        [
            (3, "code", FieldCode::Duplicate),
            (4, "code", FieldCode::NoSuchObject),
        ]
    );
    assert!(admin.area(world.commune, None).await.unwrap().has_boundary);
    assert_eq!(import(false).await.unchanged, 2);
}

async fn a_boundary_makes_its_area_when_the_file_or_the_operator_says_how(app: TestApp) {
    let (world, cast) = app.cast().await;
    let feature = |properties: serde_json::Value, lon: f64| {
        let ring = [
            [lon, 19.9],
            [lon + 0.01, 19.9],
            [lon + 0.01, 20.0],
            [lon, 20.0],
            [lon, 19.9],
        ];
        json!({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    };
    let file = json!({"type": "FeatureCollection", "features": [
        feature(json!({"code": "15201", "name": "Xã Nói Rõ", "kind": "commune", "parent_code": "38", "valid_from": "2025-07-01"}), 105.1),
        feature(json!({"code": "15202", "name": "Xã Lạ Tỉnh", "kind": "commune", "parent_code": "77"}), 105.2),
        feature(json!({"code": "15203", "name": "Xã Chỉ Có Mã"}), 105.3),
        feature(json!({"code": "15204", "name": " "}), 105.4),
    ]})
    .to_string()
    .into_bytes();
    // At the desk only what the file itself describes is made.
    let admin = cast.administrator.api();
    let report = admin
        .import_areas("application/geo+json", file.clone(), false)
        .await
        .unwrap();
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|r| (r.row, r.error.field.as_str()))
        .collect();
    assert_eq!(
        (report.created, refused),
        (1, vec![(2, "parent_code"), (3, "code"), (4, "code")])
    );

    let dry = import_missing(&app, file.clone(), Mode::DryRun).await;
    let report = import_missing(&app, file, Mode::Write).await;
    assert_eq!((report.created, report.unchanged), (1, 1));
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|r| (r.row, r.error.field.as_str()))
        .collect();
    assert_eq!(refused, [(2, "parent_code"), (4, "name")]);
    assert_eq!((&report.remarks, report.created), (&dry.remarks, dry.created));
    let [made] = report.remarks.as_slice() else {
        panic!("one area is made without a description: {:?}", report.remarks);
    };
    assert_eq!((made.row, made.remark), (3, Remark::CreatedLikeNeighbour));
    assert_eq!(made.detail, "15112 Xã Kiên Thọ (Tỉnh Thanh Hóa)");
    for code in ["15201", "15203"] {
        let found = admin
            .areas(Some(world.province), Some(code.to_owned()), None, None)
            .await
            .unwrap();
        let [view] = found.items.as_slice() else {
            panic!("{code}: {found:?}");
        };
        assert_eq!(view.area.valid_from, Some(day("2025-07-01")), "{code}");
        assert!(
            admin.area(view.area.id, None).await.unwrap().has_boundary,
            "{code}"
        );
    }
}

async fn an_import_touches_nothing_outside_the_callers_areas(app: TestApp) {
    let (world, _) = app.cast().await;
    use keng_shared::permission::Role;
    let role = keng_tests::cast::active(Role::Administrator, world.commune, None);
    let local = app.person("local", "Quản trị xã", vec![role]).await;
    let csv = "kind,code,name,parent_code\n\
               residential_area,,Thôn Mới,15112\n\
               residential_area,,Phố Mới,15061\n\
               commune,15061,Xã Đổi Tên,38\n\
               province,99,Tỉnh Mới,\n";
    let report = local
        .api()
        .import_areas("text/csv", csv.as_bytes().to_vec(), false)
        .await
        .unwrap();
    assert_eq!(report.created, 1, "{report:?}");
    let refused: Vec<_> = report.refused.iter().map(|r| (r.row, r.error.code)).collect();
    assert_eq!(
        refused,
        [
            (3, FieldCode::NoSuchObject),
            (4, FieldCode::NoSuchObject),
            (5, FieldCode::Required),
        ]
    );
}

/// The real files lie beside the repository on the maintainers' machines; elsewhere a generated country of the same
/// size stands in for them.
async fn the_whole_real_seed_and_its_boundaries_load(app: TestApp) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/domain");
    let (seed, borders) = match std::fs::read(folder.join("org_seed.json")) {
        Ok(seed) => (
            seed,
            std::fs::read(folder.join("communes_08_38_82_simplified.geojson")).unwrap(),
        ),
        Err(_) => generated_country(),
    };
    let report = import_everything(&app, Format::Json, seed.clone()).await;
    assert_eq!(report.refused, []);
    // 4 provinces, 5 districts, 107 old and 35 new communes, 109 successions.
    assert_eq!((report.read, report.created), (260, 260));
    assert_eq!(import_everything(&app, Format::Json, seed).await.unchanged, 260);
    let (areas, old) = app
        .read(|conn| {
            let tree = keng_server::db::areas::load_tree(conn)?;
            let communes = tree.iter().filter(|area| area.kind == AreaKind::Commune);
            let old = communes.filter(|area| area.valid_to.is_some()).count();
            Ok((tree.iter().count(), old))
        })
        .await;
    assert_eq!((areas, old), (151, 107));

    // Without being told how, the import makes no area.
    let known = import_everything(&app, Format::Json, borders.clone()).await;
    assert_eq!((known.read, known.created, known.refused.len()), (392, 35, 357));
    assert!(
        known
            .refused
            .iter()
            .all(|row| row.error.code == FieldCode::NoSuchObject)
    );

    let all = import_missing(&app, borders.clone(), Mode::Write).await;
    assert_eq!((all.created, all.unchanged, all.refused), (357, 35, vec![]));
    let count = |remark| all.remarks.iter().filter(|found| found.remark == remark).count();
    // One border is known to be wrong.
    assert_eq!(
        (count(Remark::CreatedLikeNeighbour), count(Remark::Repaired)),
        (357, 1)
    );
    assert_eq!(
        import_everything(&app, Format::Json, borders.clone())
            .await
            .unchanged,
        392
    );

    // The order of the official codes tells the province, so it tells whether each new area came under the right one.
    let tree = app.read(keng_server::db::areas::load_tree).await;
    let today = day("2026-11-22");
    let features: serde_json::Value = serde_json::from_slice(&borders).unwrap();
    for feature in features["features"].as_array().unwrap() {
        let code = feature["properties"]["code"].as_str().unwrap();
        let province = match code {
            code if code < "14000" => "08",
            code if code < "20000" => "38",
            _ => "82",
        };
        let commune = tree
            .iter()
            .find(|area| area.code.as_deref() == Some(code) && area.is_valid_on(today));
        let above = tree
            .get(tree.parent(commune.unwrap().id, today).unwrap())
            .unwrap();
        assert_eq!(above.code.as_deref(), Some(province), "{code}");
        assert_eq!(commune.unwrap().valid_from, Some(day("2025-07-01")), "{code}");
    }
}

/// As many areas, successions and boundaries as the real files have, with one wrong border among them.
fn generated_country() -> (Vec<u8>, Vec<u8>) {
    let provinces =
        ["08", "33", "38", "82"].map(|code| json!({"code": code, "name": format!("Tỉnh {code}")}));
    let districts = ["389", "395", "872", "075", "070"]
        .map(|code| json!({"code": code, "name": format!("Huyện {code}"), "province_code": "38", "valid_to": "2025-06-30"}));
    let old: Vec<_> = (0..107)
        .map(|n| json!({"code": format!("{}", 15_000 + n), "name": format!("Xã cũ {n}"), "district_code": "389", "valid_to": "2025-06-30"}))
        .collect();
    let new: Vec<_> = (0..35)
        .map(|n| json!({"code": format!("{}", 15_000 + n * 3), "name": format!("Xã {n}"), "province_code": "38", "valid_from": "2025-07-01", "lat": 20.0, "lon": 105.0}))
        .collect();
    let mut succession: Vec<_> = (0..107)
        .map(|n| json!({"old_code": format!("{}", 15_000 + n), "new_code": format!("{}", 15_000 + (n / 3).min(34) * 3), "relation": "whole", "effective": "2025-07-01"}))
        .collect();
    for new in [15_003, 15_006] {
        succession.push(json!({"old_code": "15000", "new_code": format!("{new}"), "relation": "partial", "effective": "2025-07-01"}));
    }
    let seed = json!({"provinces": provinces, "districts_legacy": districts, "communes_legacy": old, "communes": new, "succession": succession});
    let features: Vec<_> = (0..392)
        .map(|n| {
            let (x, y) = (105.0 + f64::from(n % 20) * 0.01, 20.0 + f64::from(n / 20) * 0.01);
            let mut ring = vec![[x, y], [x + 0.01, y], [x + 0.01, y + 0.01], [x, y + 0.01], [x, y]];
            if n == 200 {
                ring.swap(1, 2);
            }
            let code = match n {
                0..35 => 15_000 + n * 3,
                _ => 15_200 + n,
            };
            json!({"type": "Feature", "properties": {"code": format!("{code}"), "name": format!("Xã {n}")},
                   "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]}})
        })
        .collect();
    let borders = json!({"type": "FeatureCollection", "features": features});
    (seed.to_string().into_bytes(), borders.to_string().into_bytes())
}

/// As `keng area import --create-missing commune`.
async fn import_missing(app: &TestApp, bytes: Vec<u8>, mode: Mode) -> ImportReport {
    let terms = Terms {
        mode,
        missing: Missing::CreateLikeNeighbour(AreaKind::Commune),
        ..Terms::operator(day("2026-11-22"), app.now())
    };
    import_on(app, Format::Json, bytes, terms).await
}
