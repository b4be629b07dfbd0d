//! The plans of Tháp Mười, Tuyên Quang and Hưng Yên over one year of two communes.

use super::district::{District, Stands, everything_is_counted_right};
use chrono::Datelike;
use keng_shared::target::Progress::{Met, NotApplicable, Overdue};
use keng_shared::time::LocalDate;
use keng_tests::TestApp;
use serde_json::json;

const THANH_MY: &str = "Thanh Mỹ";
const MY_DONG: &str = "Mỹ Đông";

pub(super) async fn two_communes_of_which_one_just_does_what_three_plans_ask_and_one_just_does_not(
    app: TestApp,
) {
    let district = District::with(&app, &[THANH_MY, MY_DONG], "2025-01-24").await;
    let thap_muoi = district.plan("thap_muoi_2024", None).await;
    let tuyen_quang = district.plan("tuyen_quang_2022", None).await;
    let hung_yen = district.plan("hung_yen_2026", None).await;
    reported_in_thap_muoi(&district).await;
    done_in_thap_muoi(&district).await;
    let board = district.progress(&thap_muoi, None, "2025-02-01").await;
    assert_eq!(board.0.targets.len(), 23);
    #[rustfmt::skip]
    let lines: [(&str, Stands, Stands); 23] = [
        // 34 of 34 criteria in the commune that is named; the other has a target of its own, with 33 of 34 = 97.059 %.
        ("1", (Met, Some(100_000)), (NotApplicable, None)),
        ("2", (NotApplicable, None), (Overdue, Some(97_059))),
        // Three until 31 March; in Mỹ Đông the third is of 1 April.
        ("C1.2", (Met, Some(3_000)), (Overdue, Some(2_000))),
        ("C1.3", (Met, Some(1_000)), (Overdue, Some(0))),
        // Twelve months from 5 October 2023 to 4 October 2024; thirteen receptions in eleven months are eleven.
        ("C1.5", (Met, Some(12_000)), (Overdue, Some(11_000))),
        // For officials; that of Mỹ Đông was for residents.
        ("C2.2", (Met, Some(1_000)), (Overdue, Some(0))),
        // Seven campaigns; in Mỹ Đông six, one of them twice.
        ("C2.3", (Met, Some(7_000)), (Overdue, Some(6_000))),
        ("C2.5a", (Met, Some(12_000)), (Overdue, Some(11_000))),
        ("C2.5b", (Met, Some(2_000)), (Overdue, Some(1_000))),
        ("C2.6a", (Met, Some(1_000)), (Overdue, Some(0))),
        ("C2.6b", (Met, Some(1_000)), (Overdue, Some(0))),
        ("C2.7a", (Met, Some(1_000)), (Overdue, Some(0))),
        // A group and a person; in Mỹ Đông one decision that was entered twice.
        ("C2.7b", (Met, Some(2_000)), (Overdue, Some(1_000))),
        ("C2.7c", (Met, Some(1_000)), (Overdue, Some(0))),
        // Excellent is the fourth rank; the newest rating of Mỹ Đông is good, the third.
        ("C2.8", (Met, Some(4_000)), (Overdue, Some(3_000))),
        // 19 after 20 is 5 % less; 20 after 21 is 4.762 % less.
        ("C3.3", (Met, Some(5_000)), (Overdue, Some(4_762))),
        // "Không có" meets it; 9 after 11 is 18.182 % less.
        ("C3.4", (Met, Some(100_000)), (Overdue, Some(18_182))),
        ("C3.5", (Met, Some(100_000)), (Overdue, Some(87_500))),
        // Both villages; one of two.
        ("C3.11", (Met, Some(100_000)), (Overdue, Some(50_000))),
        ("C3.12", (Met, Some(1_000)), (Overdue, Some(0))),
        ("C3.14a", (Met, Some(100_000)), (Overdue, Some(80_000))),
        // 1 of 100 is below 1.5 %; 3 of 200 are exactly 1.5 %.
        ("C3.14b", (Met, Some(1_000)), (Overdue, Some(1_500))),
        ("C3.15", (Met, Some(100_000)), (Overdue, Some(75_000))),
    ];
    for (code, first, second) in lines {
        assert_eq!(board.of(code, THANH_MY), first, "{code} in {THANH_MY}");
        assert_eq!(board.of(code, MY_DONG), second, "{code} in {MY_DONG}");
    }
    assert_eq!(board.late("C1.2"), 1);

    let board = district.progress(&tuyen_quang, None, "2025-02-01").await;
    assert_eq!(board.0.targets.len(), 4);
    assert_eq!(board.whole("1"), (Met, Some(1_000)), "one exemplary commune");
    for code in ["2", "3"] {
        assert_eq!(board.of(code, THANH_MY), (Met, Some(1_000)), "{code}");
        assert_eq!(board.of(code, MY_DONG), (Overdue, Some(0)), "{code}");
    }
    assert_eq!(board.of("4", THANH_MY), (Met, Some(100_000)));
    assert_eq!(board.of("4", MY_DONG), (Overdue, Some(0)), "0 of 1");

    let board = district.progress(&hung_yen, None, "2025-02-01").await;
    assert_eq!(board.0.targets.len(), 4);
    assert_eq!(board.of("1", THANH_MY), (Met, Some(100_000)));
    assert_eq!(board.of("1", MY_DONG), (Overdue, Some(80_000)), "4 of 5");
    assert_eq!(
        board.rollup("2"),
        [2, 0, 0, 0, 0],
        "a class of any kind in each commune"
    );
    assert_eq!(board.whole("2"), (Met, Some(2_000)));
    assert_eq!(board.of("3", THANH_MY), (Met, Some(100_000)));
    assert_eq!(board.of("3", MY_DONG), (Overdue, Some(66_667)), "2 of 3");
    assert_eq!(board.of("4", THANH_MY), (Met, Some(2_000)));
    assert_eq!(board.of("4", MY_DONG), (Overdue, Some(0)));
    everything_is_counted_right(&app).await;
}

async fn reported_in_thap_muoi(district: &District) {
    let until = "2024-10-04";
    for (indicator, first, second) in [
        ("criteria_met", (34, 34), (33, 34)),
        ("initiatives", (1, 0), (0, 0)),
        ("crimes", (19, 20), (20, 21)),
        ("drug_users", (0, 0), (9, 11)),
        ("fire_files", (8, 8), (7, 8)),
        ("managed_files", (5, 5), (4, 5)),
        ("reoffending", (1, 100), (3, 200)),
        ("tips_taken_up", (4, 4), (3, 4)),
        ("rural_criterion", (1, 1), (0, 1)),
        ("plans_issued", (5, 5), (4, 5)),
        ("models_reviewed", (3, 3), (2, 3)),
        ("mobile_teams", (2, 0), (0, 0)),
    ] {
        for (place, (value, total)) in [(THANH_MY, first), (MY_DONG, second)] {
            district.figure(place, until, indicator, "", value, total).await;
        }
    }
    // October 2023 to September 2024 are twelve months; Mỹ Đông leaves out the last one and has two in two others.
    for number in 0..12 {
        let (year, month) = (2023 + (number + 9) / 12, (number + 9) % 12 + 1);
        let first = LocalDate::from_ymd_opt(year, month as u32, 10).unwrap();
        let reception = |to: LocalDate| {
            let from = to.with_day(1).unwrap();
            json!({"period": {"from": from, "to": to}, "reception_count": 3})
        };
        let briefing =
            json!({"rhythm": "monthly", "venue": "Trụ sở", "attendee_count": 9, "conclusion": "Thống nhất"});
        let date = first.to_string();
        district
            .did(THANH_MY, &date, "citizen_reception", reception(first))
            .await;
        district.did(THANH_MY, &date, "briefing", briefing.clone()).await;
        if number == 11 {
            continue;
        }
        district
            .did(MY_DONG, &date, "citizen_reception", reception(first))
            .await;
        district.did(MY_DONG, &date, "briefing", briefing).await;
        if number > 8 {
            let again = first.with_day(20).unwrap();
            district
                .did(MY_DONG, &again.to_string(), "citizen_reception", reception(again))
                .await;
        }
    }
}

async fn done_in_thap_muoi(district: &District) {
    for (number, of_type) in ["resolution", "plan", "directive"].into_iter().enumerate() {
        let number = format!("{}/VB", number + 1);
        district
            .document(THANH_MY, "2024-03-31", of_type, &number, "Phong trào")
            .await;
        let issued = if of_type == "directive" {
            "2024-04-01"
        } else {
            "2024-03-31"
        };
        district
            .document(MY_DONG, issued, of_type, &number, "Phong trào")
            .await;
    }
    let campaigns = [
        ("drug_action_month", "2024-06-01"),
        ("world_environment_day", "2024-06-05"),
        ("anti_drug_day", "2024-06-26"),
        ("anti_trafficking_day", "2024-07-30"),
        ("national_security_festival", "2024-08-19"),
        ("traffic_safety_month", "2024-09-15"),
        ("fire_safety_day", "2024-10-04"),
    ];
    for (campaign, date) in campaigns {
        let body =
            |campaign: &str| json!({"campaign": campaign, "content": "Ra quân", "venue": "Trung tâm xã"});
        district
            .did(THANH_MY, date, "campaign_activity", body(campaign))
            .await;
        // The seventh was the first once more.
        let own = if campaign == "fire_safety_day" {
            "drug_action_month"
        } else {
            campaign
        };
        district.did(MY_DONG, date, "campaign_activity", body(own)).await;
    }
    let audience = |who: &str| json!({"topic": "new_law", "venue": "Hội trường", "attendee_count": 40, "audience": [who]});
    let class = |who: &str| json!({"subject": "Nghiệp vụ", "venue": "Hội trường", "trainee_count": 30, "session_count": 1, "audience": [who]});
    let conference = |purpose: &str| json!({"purpose": purpose, "subject": "Phối hợp", "venue": "Hội trường", "attendee_count": 60});
    let review = |rating: &str| json!({"name": "Tiếng kẻng", "category": "tieng_keng", "year": 2024, "rating": rating, "state": "maintained"});
    let praise = |form: &str, number: &str, groups: i64, people: i64| {
        json!({"form": form, "level": "district", "decision_number": number, "decision_date": "2024-10-04",
               "group_count": groups, "person_count": people})
    };
    let exemplar = |kind: &str| json!({"kind": kind, "group_count": 1, "person_count": 0});
    let rating =
        |rating: &str| json!({"year": 2024, "unit_type": "commune", "own_score": 90, "rating": rating});
    let model = |category: &str| json!({"name": "Mô hình", "category": category, "state": "maintained"});
    let inspection =
        json!({"form": "inspection", "inspected": "Ấp", "party": "Công an huyện", "conclusion": "Tốt"});
    let dossier =
        json!({"year": 2024, "unit_type": "commune", "unit_name": "Xã Thanh Mỹ", "state": "recognised"});
    for (place, date, kind, body) in [
        (
            THANH_MY,
            "2024-05-02",
            "direct_propaganda_session",
            audience("officials"),
        ),
        (
            MY_DONG,
            "2024-05-02",
            "direct_propaganda_session",
            audience("residents"),
        ),
        (THANH_MY, "2024-06-30", "conference", conference("interim_review")),
        (THANH_MY, "2024-10-04", "conference", conference("final_review")),
        (MY_DONG, "2024-10-04", "conference", conference("final_review")),
        (
            THANH_MY,
            "2024-09-01",
            "self_management_model",
            model("dan_van_kheo"),
        ),
        (MY_DONG, "2024-09-01", "self_management_model", model("atgt")),
        (THANH_MY, "2024-09-01", "model_review", review("good")),
        (MY_DONG, "2024-09-01", "model_review", review("fair")),
        (
            THANH_MY,
            "2024-10-04",
            "commendation",
            praise("certificate_of_merit", "1/QĐ", 0, 1),
        ),
        (
            THANH_MY,
            "2024-10-04",
            "commendation",
            praise("letter_of_praise", "2/QĐ", 1, 1),
        ),
        (
            MY_DONG,
            "2024-10-04",
            "commendation",
            praise("letter_of_praise", "7/QĐ", 1, 0),
        ),
        (
            MY_DONG,
            "2024-10-04",
            "commendation",
            praise("letter_of_praise", "7/qđ", 1, 0),
        ),
        (THANH_MY, "2024-09-05", "exemplar", exemplar("advanced_model")),
        (MY_DONG, "2024-09-05", "exemplar", exemplar("good_deed")),
        (THANH_MY, "2024-10-01", "movement_assessment", rating("excellent")),
        (MY_DONG, "2024-09-01", "movement_assessment", rating("excellent")),
        (MY_DONG, "2024-10-01", "movement_assessment", rating("good")),
        ("Thôn 1 Thanh Mỹ", "2024-04-01", "inspection", inspection.clone()),
        ("Thôn 2 Thanh Mỹ", "2024-10-04", "inspection", inspection.clone()),
        ("Thôn 1 Mỹ Đông", "2024-04-01", "inspection", inspection),
        (THANH_MY, "2024-07-01", "training_class", class("core_force")),
        (MY_DONG, "2024-07-01", "training_class", class("police")),
        (THANH_MY, "2024-12-01", "exemplary_dossier", dossier),
    ] {
        district.did(place, date, kind, body).await;
    }
}
