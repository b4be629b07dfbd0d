//! The plans of Ngọc Lặc and of a district of Thanh Hóa over one year of 21 communes.

use super::district::{Board, District, assert_lines, day, everything_is_counted_right};
use super::ngoc_lac_work::{
    EXEMPT, NGOC_LAC, broadcasts_until, festival_of_ngoc_lac, figures_of_thanh_hoa, office_of_ngoc_lac,
    recognition_of_ngoc_lac,
};
use keng_shared::api::TargetPlanView;
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::target::Progress::{Behind, Met, NotApplicable, OnTrack, Overdue};
use keng_shared::target::{NotCounted, Thousandths};
use keng_tests::{Asks, TestApp};
use serde_json::json;

pub(super) async fn a_district_of_21_communes_ends_its_year_with_the_figures_that_its_plans_text_gives(
    app: TestApp,
) {
    let mut district = District::with(&app, &NGOC_LAC, "2024-01-14").await;
    let plan = district.plan("ngoc_lac_2024", Some("2025-01-25")).await;
    let other = district.plan("thanh_hoa_district_2024", None).await;
    broadcasts_until(&district, 0, 7).await;
    two_weeks_of_january(&district, &plan).await;

    district.go_on("2025-01-24").await;
    broadcasts_until(&district, 7, 144).await;
    office_of_ngoc_lac(&district).await;
    festival_of_ngoc_lac(&district).await;
    recognition_of_ngoc_lac(&district).await;
    models_of_ngoc_lac(&district, &plan).await;
    figures_of_thanh_hoa(&district).await;

    // A forum of August that nobody accepted before the cut-off of 25 January.
    district.go_on("2025-01-26").await;
    let forum = json!({"venue": "Hội trường", "attendee_count": 90, "opinion_count": 4, "answered_count": 4});
    let late = district
        .did("Lộc Thịnh", "2024-08-10", "listening_forum", forum)
        .await;
    the_year_of_ngoc_lac(&district, &plan).await;
    the_year_of_thanh_hoa(&district, &other).await;
    let told = district.clerk.api().record_targets(late).await.unwrap();
    let cut_off = day("2025-01-25");
    assert_eq!(told[0].why_not, Some(NotCounted::AfterCutOff { cut_off }));
    everything_is_counted_right(&app).await;
}

/// "Trung bình 3 buổi/tuần/thôn" after two weeks: 14 January 2024 is a Sunday.
async fn two_weeks_of_january(district: &District, plan: &TargetPlanView) {
    let board = district.progress(plan, None, "2024-01-14").await;
    // On 1, 3, 5, 7, 9, 11 and 13 January: 7 in each village in 2 weeks are 3.5 a week. It may still fall below 3.
    assert_eq!(board.of("A1.17a", "Kiên Thọ"), (OnTrack, Some(3_500)));
    assert_eq!(board.of("A1.17a", "Mỹ Tân"), (Behind, Some(0)));
    // 13 whole days of the 71 to 11 March are less than one whole resolution, so none is expected yet.
    assert_eq!(board.of("A1.1", "Mỹ Tân"), (OnTrack, Some(0)));
    let within = district.progress(plan, Some("Mỹ Tân"), "2024-01-14").await;
    // Two weeks at 3 are 6 sessions, all of them missing until this Sunday.
    let cell = &within.target("A1.17a").cells[0];
    let missing = cell.missing.unwrap();
    assert_eq!((missing.count, missing.until), (6, day("2024-01-14")));
}

/// "57 = 21 + 21 + 15", and what happens while one of them is missing.
async fn models_of_ngoc_lac(district: &District, plan: &TargetPlanView) {
    for name in NGOC_LAC {
        // "Trước 01/11": 31 October is in time.
        let launched = if name == "Kiên Thọ" {
            "2024-10-31"
        } else {
            "2024-05-15"
        };
        district.model(name, launched, "atgt", "launched").await;
        if name != "Minh Sơn" {
            district
                .model(name, "2024-06-15", "tai_hoa_nhap", "launched")
                .await;
        }
        if !EXEMPT.contains(&name) {
            district
                .model(name, "2024-07-15", "camera_antt", "launched")
                .await;
        }
    }
    // The same model again, one that was launched years ago, and one of a commune that is exempt.
    district
        .model("Ngọc Liên", "2024-05-16", "atgt", "launched")
        .await;
    district.model("Mỹ Tân", "2024-05-16", "atgt", "maintained").await;
    let exempt = district
        .model("Kiên Thọ", "2024-07-15", "camera_antt", "launched")
        .await;
    district
        .model("Lam Sơn", "2024-11-14", "dan_van_kheo", "launched")
        .await;
    let late = district
        .model("Minh Sơn", "2024-11-01", "tai_hoa_nhap", "launched")
        .await;

    let board = district.progress(plan, None, "2024-11-01").await;
    let asked = |code: &str| board.target(code).asked.unwrap();
    assert_eq!(asked("A2.a"), Thousandths::whole(21));
    assert_eq!(asked("A2.b"), Thousandths::whole(21));
    assert_eq!(asked("A2.c"), Thousandths::whole(15), "six of 21 are exempt");
    assert_eq!(asked("A2"), Thousandths::whole(57));
    assert_eq!(
        asked("A2.a").0 + asked("A2.b").0 + asked("A2.c").0,
        asked("A2").0,
        "57 = 21 + 21 + 15"
    );
    assert_eq!(board.of("A2.c", "Kiên Thọ").0, NotApplicable);
    // 21 + 20 + 15 = 56 on the day after the last one.
    assert_eq!(board.whole("A2"), (Overdue, Some(56_000)));
    assert_eq!(board.late("A2.b"), 1);
    let told = district.clerk.api().record_targets(exempt).await.unwrap();
    let camera = told.iter().find(|line| line.code == "A2.c").unwrap();
    assert_eq!(camera.why_not, Some(NotCounted::PlaceExcluded));

    // The launch was on 31 October: the officer returns it, the date is mended, and it counts.
    district.judge(late, 1, Verdict::Returned).await;
    let stored = district.clerk.api().record(late).await.unwrap().record;
    let mut body = stored.body.clone();
    body["launched_on"] = json!("2024-10-31");
    let mended = RecordDraft {
        id: late,
        kind: stored.kind.clone(),
        area_id: stored.area_id,
        team_id: None,
        started_at: stored.started_at,
        ended_at: stored.ended_at,
        fix: None,
        body,
        photos: Vec::new(),
        files: Vec::new(),
        device_id: district.clerk.phone.device(),
        clock_offset_ms: Some(0),
    };
    district.clerk.api().edit_record(&mended, 1).await.unwrap();
    district.judge(late, 2, Verdict::Accepted).await;
    let board = district.progress(plan, None, "2024-11-01").await;
    assert_eq!(board.whole("A2"), (Met, Some(57_000)));
}

async fn the_year_of_ngoc_lac(district: &District, plan: &TargetPlanView) {
    let board = district.progress(plan, None, "2025-02-01").await;
    assert_eq!((board.0.units.len(), board.0.targets.len()), (21, 41));
    let none = [0, 0, 0, 0, 21];
    #[rustfmt::skip]
    assert_lines(&board, &[
        // 12 + 5 of 17 in Kiên Thọ, 9 + 10 of 20 in Lam Sơn: 36 of 37 are 97.297 %. Only Kiên Thọ has all.
        ("O1", (Overdue, Some(97_297)), [1, 0, 0, 20, 0], 0),
        // 20 of 21 communes have a plan: 95.238 %.
        ("O2", (Overdue, Some(95_238)), [20, 0, 0, 1, 0], 0),
        // 500 of 500 in Vân Am, and nobody else said anything.
        ("O3", (Overdue, Some(100_000)), [1, 0, 0, 20, 0], 0),
        // Recognised 17 of 21 in Kiên Thọ, 21 of 25 in Thúy Sơn and 16 communes: 54 of 62 are 87.097 %. Over 80 % of every
        // type only in Thúy Sơn (5 of 6 are 83.3 %); the 80 % of Kiên Thọ are not over 80 %.
        ("O4", (Overdue, Some(87_097)), [1, 0, 0, 20, 0], 0),
        // Good or better: 4 of 5 areas, an agency and the commune in Kiên Thọ (6 of 7), all five in Nguyệt Ấn, 14 more
        // communes, and not Mỹ Tân: 25 of 27 are 92.593 %. Every type only in Nguyệt Ấn.
        ("O5", (Overdue, Some(92_593)), [1, 0, 0, 20, 0], 0),
        // Four in Kiên Thọ and three in Ngọc Liên.
        ("O6", (Overdue, Some(7_000)), [1, 0, 0, 20, 0], 0),
        // Four in Kiên Thọ (one number came twice), three in Cao Ngọc, where the third quarter is missing.
        ("O7", (Overdue, Some(7_000)), [1, 0, 0, 20, 0], 0),
        // All but Mỹ Tân, whose resolution is of 12 March.
        ("A1.1", (Overdue, Some(20_000)), [20, 0, 0, 1, 0], 1),
        // Kiên Thọ: three on Directive 07 and two interim reviews; Ngọc Sơn four.
        ("A1.2", (Overdue, Some(9_000)), [1, 0, 0, 20, 0], 0),
        // Kiên Thọ: two plans, two letters and the plan of the festival; Phúc Thịnh: that of its festival.
        ("A1.3", (Overdue, Some(6_000)), [1, 0, 0, 20, 0], 0),
        // Kiên Thọ on 31 May; Phúc Thịnh on 1 June is late.
        ("A1.9", (Overdue, Some(1_000)), [1, 0, 0, 20, 0], 1),
        // Quang Trung alone is named; of its two pilot sites one counts.
        ("A1.10a", (Met, Some(1_000)), [1, 0, 0, 0, 20], 0),
        // Two villages each in Quang Trung and Kiên Thọ, one in Minh Sơn: 5 of 42 are 11.905 %.
        ("A1.10b", (Overdue, Some(11_905)), [2, 0, 0, 19, 0], 0),
        // Two sites in Quang Trung, one in Kiên Thọ although it was a pilot twice.
        ("A1.10c", (Overdue, Some(3_000)), [1, 0, 0, 20, 0], 0),
        // Lộc Thịnh's was accepted after the cut-off.
        ("A1.10d", (Overdue, Some(20_000)), [20, 0, 0, 1, 0], 1),
        ("A1.11a", (Met, Some(1_000)), [1, 0, 0, 0, 20], 0),
        // Minh Tiến and Cao Ngọc; Vân Am said 0.
        ("A1.11b", (Overdue, Some(2_000)), [2, 0, 0, 1, 18], 0),
        // Three on Directive 07; the fourth has the number of the first.
        ("A1.12", (Overdue, Some(3_000)), [1, 0, 0, 20, 0], 0),
        // 15 of 15 in Kiên Thọ; the five statements of Thạch Lập are of 1 April.
        ("A1.13", (Overdue, Some(100_000)), [1, 0, 0, 20, 0], 5),
        // At least 80 %: 4 of 5 do it. Thúy Sơn came on 30 October.
        ("A1.14-area", (Overdue, Some(80_000)), [1, 0, 0, 20, 0], 1),
        // 4 of 5 in Kiên Thọ and 1 of 1 in Nguyệt Ấn: 5 of 6 are 83.333 %.
        ("A1.15-area", (Overdue, Some(83_333)), [2, 0, 0, 19, 0], 0),
        // 17 of 21 communes are 80.952 %.
        ("A1.14-commune", (Met, Some(80_952)), none, 1),
        // 16 of 21 are 76.190 %.
        ("A1.15-commune", (Overdue, Some(76_190)), none, 0),
        // 4 of 5 and 5 of 6: 9 of 11 are 81.818 %; both communes have their 80 %.
        ("A1.14-agency", (Overdue, Some(81_818)), [2, 0, 0, 19, 0], 0),
        ("A1.14-enterprise", (Overdue, Some(81_818)), [2, 0, 0, 19, 0], 0),
        ("A1.14-school", (Overdue, Some(81_818)), [2, 0, 0, 19, 0], 0),
        ("A1.15-agency", (Overdue, Some(100_000)), [2, 0, 0, 19, 0], 0),
        ("A1.15-enterprise", (Overdue, Some(100_000)), [1, 0, 0, 20, 0], 0),
        ("A1.15-school", (Overdue, Some(100_000)), [1, 0, 0, 20, 0], 0),
        // One class of the district, one of Kiên Thọ, and one of Mỹ Tân for two audiences.
        ("A1.16a", (Met, Some(1_000)), none, 0),
        ("A1.16b", (Met, Some(2_000)), [2, 0, 0, 19, 0], 0),
        ("A1.16c", (Met, Some(1_000)), [1, 0, 0, 20, 0], 0),
        // 1 January to 30 November 2024 are 335 days. 288 + 287 sessions heard, in 42 villages:
        // 575 × 7 / (42 × 335) = 0.286 a week.
        ("A1.17a", (Overdue, Some(286)), [1, 0, 0, 20, 0], 0),
        // 12 in Kiên Thọ and 13 in Ngọc Liên, for 21 communes: 25 / 21 = 1.190. One came on 1 December.
        ("A1.17b", (Overdue, Some(1_190)), [2, 0, 0, 19, 0], 1),
        ("A2.a", (Met, Some(21_000)), [21, 0, 0, 0, 0], 0),
        ("A2.b", (Met, Some(21_000)), [21, 0, 0, 0, 0], 0),
        ("A2.c", (Met, Some(15_000)), [15, 0, 0, 0, 6], 0),
        ("A2", (Met, Some(57_000)), none, 0),
        ("A3.1", (Met, Some(1_000)), none, 0),
        ("A3.2", (Met, Some(1_000)), [1, 0, 0, 0, 20], 0),
        ("A3.3", (Overdue, Some(0)), none, 1),
    ]);
    let of = |code: &str, unit: &str| board.of(code, unit);
    assert_eq!(of("O1", "Kiên Thọ"), (Met, Some(100_000)));
    assert_eq!(of("O1", "Lam Sơn"), (Overdue, Some(95_000)));
    assert_eq!(of("O4", "Kiên Thọ"), (Overdue, Some(80_952)), "17 of 21");
    assert_eq!(of("O4", "Thúy Sơn"), (Met, Some(84_000)), "21 of 25");
    assert_eq!(
        of("A1.14-area", "Kiên Thọ"),
        (Met, Some(80_000)),
        "at least 80 % is met by 80 %"
    );
    assert_eq!(of("A1.14-area", "Thúy Sơn"), (Overdue, None));
    assert_eq!(of("A1.10b", "Minh Sơn"), (Overdue, Some(50_000)));
    assert_eq!(of("A1.10c", "Kiên Thọ"), (Overdue, Some(1_000)));
    // 288 × 7 / (2 × 335) = 3.009 and 287 × 7 / (2 × 335) = 2.999.
    assert_eq!(of("A1.17a", "Kiên Thọ"), (Met, Some(3_009)));
    assert_eq!(of("A1.17a", "Ngọc Liên"), (Overdue, Some(2_999)));
    let notices = &board.target("O7").cells[unit_number(&board, "Xã Cao Ngọc")];
    assert_eq!(
        (notices.parts_met, notices.parts),
        (3, 4),
        "the third quarter is missing"
    );
    let within = district.progress(plan, Some("Ngọc Liên"), "2025-02-01").await;
    // 144 × 7 / 335 = 3.009; the one that was missed leaves 143 × 7 / 335 = 2.988.
    assert_eq!(within.of("A1.17a", "Thôn 1 Ngọc Liên"), (Met, Some(3_009)));
    assert_eq!(within.of("A1.17a", "Thôn 2 Ngọc Liên"), (Overdue, Some(2_988)));
    // The late list shows what came too late, and why.
    let behind = district
        .clerk
        .api()
        .behind_figure(plan.id, "A1.1", district.places["Mỹ Tân"], None)
        .await
        .unwrap();
    let last_day = day("2024-03-11");
    assert_eq!(
        behind.iter().map(|row| row.why_not.clone()).collect::<Vec<_>>(),
        [Some(NotCounted::AfterDeadline { last_day })]
    );
}

fn unit_number(board: &Board, name: &str) -> usize {
    board.0.units.iter().position(|unit| unit.name == name).unwrap()
}

async fn the_year_of_thanh_hoa(district: &District, plan: &TargetPlanView) {
    let board = district.progress(plan, None, "2025-02-01").await;
    assert_eq!(board.0.targets.len(), 10);
    let none = [0, 0, 0, 0, 21];
    #[rustfmt::skip]
    assert_lines(&board, &[
        // 19 crimes after 20: 5 % less.
        ("1", (Met, Some(5_000)), none, 0),
        ("2", (Met, Some(100_000)), none, 0),
        // 27 of 30 are 90 %, not over 90 %.
        ("3", (Overdue, Some(90_000)), none, 0),
        // 81 of 100 are over 80 %.
        ("4", (Met, Some(81_000)), none, 0),
        // 19 of 20 are 95 %.
        ("5", (Met, Some(95_000)), none, 0),
        // Areas and communes: 4 + 1 of 6, 5 + 1 of 7 and 16 communes: 27 of 29 are 93.103 %. No commune has over 90 % of both.
        ("6", (Overdue, Some(93_103)), [0, 0, 0, 21, 0], 0),
        // Agencies, enterprises and schools: 12 of 15 in Kiên Thọ and 15 of 18 in Thúy Sơn: 27 of 33 are 81.818 %.
        ("7", (Overdue, Some(81_818)), [2, 0, 0, 19, 0], 0),
        // As above, 25 of 27; over 85 % of every type only in Nguyệt Ấn.
        ("8", (Overdue, Some(92_593)), [1, 0, 0, 20, 0], 0),
        // "Khá" is the third rank, whatever its communes have.
        ("9", (Met, Some(3_000)), none, 0),
        // One hotspot, in Kiên Thọ.
        ("10", (Overdue, Some(1_000)), [20, 0, 0, 1, 0], 0),
    ]);
}
