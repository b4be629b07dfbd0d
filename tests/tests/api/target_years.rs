//! A plan beside that of the year before, through a merger of communes; and figures that open what they are made of on
//! the tree of then and on that of now.

use super::targets::{before_the_reform, column, day, logged, plan, target};
use keng_shared::api::{OnTree, ProgressMatrix, YearsOfTarget, YearsOfUnit};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::RecordDraft;
use keng_shared::target::{Progress, Thousandths};
use keng_shared::time::start_of_day;
use keng_tests::cast::active;
use keng_tests::drafts::session;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::json;

both_databases!(
    a_new_commune_is_compared_with_all_old_ones_that_it_was_made_of,
    an_average_is_divided_by_the_days_that_communes_and_villages_had,
    the_matrix_divides_by_the_same_days,
    the_matrix_of_a_year_with_a_merger_divides_by_the_days_that_places_had,
    the_villages_of_a_commune_are_compared_one_by_one,
    a_year_without_one_before_says_so_and_others_areas_stay_closed,
    every_figure_opens_the_records_that_add_up_to_it_then_and_now,
);

/// Two years with the same targets, and who did what when.
struct Years {
    world: World,
    cast: Cast,
    /// District, Kiên Thọ cũ, Phúc Thịnh, Cao Thịnh.
    old: Vec<AreaId>,
    this: TargetPlanId,
    before: TargetPlanId,
}

/// Sessions: in Kiên Thọ cũ two in March 2025, in Phúc Thịnh one in April, in Cao Thịnh, which was split, one in May; then in
/// the new Kiên Thọ one in its village in September and one in December; in 2026 five by October, two of them in the village,
/// and one in Ngọc Lặc.
async fn two_years(app: &TestApp) -> Years {
    let (world, cast) = app.cast().await;
    let old = before_the_reform(app).await;
    let kind = "direct_propaganda_session";
    let targets = vec![
        target("sum", kind, 2, json!({"levels": ["area", "commune"]})),
        target("average", kind, 2, json!({"aggregation": {"by": "average"}})),
        target(
            "weekly",
            kind,
            1,
            json!({"aggregation": {"by": "weekly_average"}}),
        ),
        target("exempt", kind, 2, json!({"excluded": [world.neighbour_commune]})),
    ];
    let staff = cast.province_viewer.api();
    let terms = plan(world.province, targets);
    let before = terms.clone().years_later(-1);
    let before = staff.create_target_plan(&before).await.unwrap().id;
    let this = staff.create_target_plan(&terms).await.unwrap().id;
    let places = [world.commune, world.neighbour_commune];
    let roles = places.iter().chain(&old[1..]);
    let roles: Vec<_> = roles
        .map(|commune| active(Role::CommuneOfficer, *commune, None))
        .collect();
    let clerk = app.person("thu-ky", "Hà Văn Thư", roles).await;
    let did = [
        (old[1], "2025-03-01"),
        (old[1], "2025-03-02"),
        (old[2], "2025-04-01"),
        (old[3], "2025-05-01"),
        (world.village, "2025-09-01"),
        (world.commune, "2025-12-01"),
        (world.commune, "2026-02-01"),
        (world.commune, "2026-03-01"),
        (world.village, "2026-04-01"),
        (world.village, "2026-05-01"),
        (world.commune, "2026-10-01"),
        (world.neighbour_commune, "2026-06-01"),
    ];
    for (area, date) in did {
        did_on(&world, &clerk, app, area, date).await;
    }
    Years {
        world,
        cast,
        old,
        this,
        before,
    }
}

async fn did_on(world: &World, clerk: &Person, app: &TestApp, area: AreaId, date: &str) {
    let at = start_of_day(day(date)).plus(36_000_000);
    let draft = RecordDraft {
        area_id: area,
        team_id: None,
        started_at: at,
        ended_at: Some(at.plus(60_000)),
        ..session(world, clerk, app.now())
    };
    logged(clerk, clerk, &draft).await;
}

/// The comparison of 1 October 2026 with 1 October 2025.
async fn compared(years: &Years, code: &str, area: AreaId) -> YearsOfTarget {
    let staff = years.cast.province_viewer.api();
    let october = Some(day("2026-10-01"));
    staff.target_years(years.this, code, area, october).await.unwrap()
}

/// Figure, that of the same day a year before and that at its end, in thousandths.
fn figures(unit: &YearsOfUnit) -> [Option<i64>; 3] {
    [unit.figure, unit.on_this_day, unit.at_the_end].map(|figure| figure.map(|figure| figure.0))
}

fn lines(years: &YearsOfTarget) -> Vec<(&str, [Option<i64>; 3])> {
    let units = years.units.iter();
    units.map(|unit| (unit.name.as_str(), figures(unit))).collect()
}

async fn a_new_commune_is_compared_with_all_old_ones_that_it_was_made_of(app: TestApp) {
    let years = two_years(&app).await;
    let sum = compared(&years, "sum", years.world.province).await;
    assert_eq!((sum.today, sum.then), (day("2026-10-01"), day("2025-10-01")));
    assert_eq!(sum.before, Some(years.before));
    // Kiên Thọ was made of Kiên Thọ cũ (2) and Phúc Thịnh (1), and had one of its own by October: 4, and 5 by the end.
    // Cao Thịnh was split, so that nobody has its one.
    assert_eq!(
        lines(&sum),
        [
            ("Xã Cao Thịnh", [None, Some(1_000), Some(1_000)]),
            ("Xã Kiên Thọ", [Some(5_000), Some(4_000), Some(5_000)]),
            ("Xã Ngọc Lặc", [Some(1_000), Some(0), Some(0)]),
        ]
    );
    assert_eq!(figures(&sum.whole), [Some(6_000), Some(5_000), Some(6_000)]);
    assert_eq!(sum.units[1].change(), Some(Thousandths::whole(1)));
    assert_eq!(sum.units[0].change(), None);
    let exempt = compared(&years, "exempt", years.world.province).await;
    let names: Vec<&str> = exempt.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["Xã Cao Thịnh", "Xã Kiên Thọ"]);
    // What the front page of the plan says of the whole, and of the commune alone, is the same.
    let staff = years.cast.province_viewer.api();
    for (area, then, end) in [(years.world.province, 5, 6), (years.world.commune, 4, 5)] {
        let october = Some(day("2026-10-01"));
        let told = staff.year_before(years.this, area, october).await.unwrap();
        let sum = told.iter().find(|line| line.code == "sum").unwrap();
        let expected = (Some(Thousandths::whole(then)), Some(Thousandths::whole(end)));
        assert_eq!((sum.on_this_day, sum.at_the_end), expected);
    }
    // An old commune is compared with itself.
    let old = compared(&years, "sum", years.old[1]).await;
    assert_eq!(figures(&old.whole), [Some(0), Some(2_000), Some(2_000)]);
}

async fn an_average_is_divided_by_the_days_that_communes_and_villages_had(app: TestApp) {
    let years = two_years(&app).await;
    let average = compared(&years, "average", years.world.province).await;
    // In 2025 Kiên Thọ was two communes for 181 days and one for 184: 546 commune days of a year of 365.
    // 4 × 365 / 546 = 2.674; 5 × 365 / 546 = 3.342. Ngọc Lặc began with the second half year.
    let kien_tho = average
        .units
        .iter()
        .find(|unit| unit.name == "Xã Kiên Thọ")
        .unwrap();
    assert_eq!(figures(kien_tho), [Some(5_000), Some(2_674), Some(3_342)]);
    // Three old ones for 181 days and two new ones for 184 are 911 days: 5 × 365 / 911 = 2.003, 6 × 365 / 911 = 2.404.
    assert_eq!(figures(&average.whole), [Some(3_000), Some(2_003), Some(2_404)]);
    let weekly = compared(&years, "weekly", years.world.province).await;
    // Its two villages belong to it since 1 July 2025: 93 days until 1 October, 184 until the end of the year.
    // 4 × 7 / 186 = 0.151 and 5 × 7 / 368 = 0.095. In 2026, 1 October is day 274: 5 × 7 / 548 = 0.064.
    let kien_tho = weekly
        .units
        .iter()
        .find(|unit| unit.name == "Xã Kiên Thọ")
        .unwrap();
    assert_eq!(figures(kien_tho), [Some(64), Some(151), Some(95)]);
}

async fn the_matrix_divides_by_the_same_days(app: TestApp) {
    let years = two_years(&app).await;
    let staff = years.cast.province_viewer.api();
    let matrix = async |area: AreaId, on: OnTree| {
        let end = Some(day("2025-12-31"));
        let matrix = staff.target_progress(years.before, Some(area), Some(on), end);
        matrix.await.unwrap()
    };
    let now = matrix(years.world.province, OnTree::Now).await;
    let then = matrix(years.world.province, OnTree::Then).await;
    for code in ["sum", "average", "weekly", "exempt"] {
        let compared = compared(&years, code, years.world.province).await;
        let shown = column(&now, code);
        assert_eq!(shown.whole.figure, compared.whole.at_the_end, "{code}");
        assert_eq!(
            column(&then, code).whole.figure,
            compared.whole.at_the_end,
            "{code}"
        );
        let mut seen = 0;
        for (unit, cell) in now.units.iter().zip(&shown.cells) {
            if let Some(line) = compared.units.iter().find(|line| line.name == unit.name) {
                assert_eq!(cell.figure, line.at_the_end, "{code}, {}", unit.name);
                seen += 1;
            }
        }
        assert_eq!(seen, compared.units.len(), "{code}");
    }
    // On the tree of then, Phúc Thịnh was there for 181 days: one session is 365 / 181 = 2.017 a year.
    let phuc_thinh = then.units.iter().position(|unit| unit.area_id == years.old[2]);
    let average = &column(&then, "average").cells[phuc_thinh.unwrap()];
    assert_eq!(average.figure, Some(Thousandths(2_017)));
}

async fn the_villages_of_a_commune_are_compared_one_by_one(app: TestApp) {
    let years = two_years(&app).await;
    let sum = compared(&years, "sum", years.world.commune).await;
    assert_eq!(
        lines(&sum),
        [
            ("Thôn Thành Sơn", [Some(2_000), Some(1_000), Some(1_000)]),
            ("Thôn Thống Nhất", [Some(0), Some(0), Some(0)]),
        ]
    );
    assert_eq!(figures(&sum.whole), [Some(5_000), Some(4_000), Some(5_000)]);
    // Sessions by commune on average are no figure of a village.
    let average = compared(&years, "average", years.world.commune).await;
    assert_eq!(average.units, []);
    let village = compared(&years, "sum", years.world.village).await;
    assert_eq!(village.units, []);
    assert_eq!(figures(&village.whole), [Some(2_000), Some(1_000), Some(1_000)]);
}

async fn a_year_without_one_before_says_so_and_others_areas_stay_closed(app: TestApp) {
    let years = two_years(&app).await;
    let (staff, province) = (years.cast.province_viewer.api(), years.world.province);
    let first = staff
        .target_years(years.before, "sum", province, None)
        .await
        .unwrap();
    assert_eq!(first.before, None);
    assert_eq!(first.whole.on_this_day, None);
    let unknown = staff.target_years(years.this, "none", province, None).await;
    assert_eq!(
        unknown.wrong_fields(),
        [("target".to_owned(), FieldCode::NoSuchObject)]
    );
    let officer = years.cast.officer.api();
    let of_all = officer.target_years(years.this, "sum", province, None).await;
    assert_eq!(of_all.code(), ProblemCode::NotFound);
    let own = officer
        .target_years(years.this, "sum", years.world.commune, None)
        .await;
    assert_eq!(own.unwrap().units.len(), 2);
}

async fn every_figure_opens_the_records_that_add_up_to_it_then_and_now(app: TestApp) {
    let years = two_years(&app).await;
    let staff = years.cast.province_viewer.api();
    for on in [OnTree::Then, OnTree::Now] {
        let matrix: ProgressMatrix = staff
            .target_progress(years.before, None, Some(on), None)
            .await
            .unwrap();
        let sum = column(&matrix, "sum");
        let mut opened = 0;
        for (unit, cell) in matrix.units.iter().zip(&sum.cells) {
            let rows = staff
                .behind_figure(years.before, "sum", unit.area_id, Some(on))
                .await
                .unwrap();
            let counted = rows.iter().filter(|row| row.why_not.is_none());
            let total: i64 = counted.map(|row| row.amount).sum();
            assert_eq!(total, cell.amount, "{} {on:?}", unit.name);
            opened += rows.len();
            // A commune that was made of others within the year has records, and is asked no more.
            if cell.progress == Progress::NotApplicable {
                continue;
            }
            let pace = staff
                .target_pace(years.before, "sum", unit.area_id, Some(on), None)
                .await
                .unwrap();
            assert_eq!(
                pace.points.last().unwrap().figure,
                cell.figure,
                "{} {on:?}",
                unit.name
            );
            assert_eq!(
                pace.value,
                cell.value.unwrap_or(sum.value),
                "{} {on:?}",
                unit.name
            );
        }
        assert_eq!(opened, 6, "every record stands behind one figure on {on:?}");
    }
    // The line of the year before, beside this year's, is that of all old communes together.
    let pace = staff
        .target_pace(years.this, "sum", years.world.commune, None, None)
        .await
        .unwrap();
    let by = |date: &str| {
        let mut until = pace.before.iter().rev().filter(|point| point.day <= day(date));
        until.next().unwrap().figure
    };
    assert_eq!(by("2026-05-31"), Some(Thousandths::whole(3)));
    assert_eq!(by("2026-12-31"), Some(Thousandths::whole(5)));
}

async fn the_matrix_of_a_year_with_a_merger_divides_by_the_days_that_places_had(app: TestApp) {
    let years = two_years(&app).await;
    let staff = years.cast.province_viewer.api();
    let read = async |on| {
        let matrix = staff
            .target_progress(years.before, None, Some(on), None)
            .await
            .unwrap();
        let figure = |code: &str, unit: &str| {
            let place = matrix.units.iter().position(|found| found.name == unit)?;
            column(&matrix, code).cells[place].figure.map(|figure| figure.0)
        };
        let whole = column(&matrix, "average").whole.figure.map(|figure| figure.0);
        let names = ["Xã Kiên Thọ", "Xã Kiên Thọ cũ"];
        (
            names.map(|name| figure("average", name)),
            figure("weekly", "Xã Kiên Thọ"),
            whole,
        )
    };
    // Then: two by the new one in 184 days of 365, two by the old one in 181: 2 × 365 / 184 = 3.967, 2 × 365 / 181 = 4.033.
    // Its two villages had 184 days each: 2 × 7 / 368 = 0.038. All six over 911 commune days: 6 × 365 / 911 = 2.404.
    assert_eq!(
        read(OnTree::Then).await,
        ([Some(3_967), Some(4_033)], Some(38), Some(2_404))
    );
    // Now: five in 546 commune days and 368 village days, and the whole is the same.
    assert_eq!(
        read(OnTree::Now).await,
        ([Some(3_342), None], Some(95), Some(2_404))
    );
}
