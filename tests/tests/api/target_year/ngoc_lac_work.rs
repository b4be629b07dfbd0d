//! What the communes of Ngọc Lặc did in 2024, each day on one side or the other of what its plan says.

use super::district::{District, day};
use chrono::Days;
use serde_json::json;

/// The communes of Ngọc Lặc in 2024, as the plan counts them.
pub(super) const NGOC_LAC: [&str; 21] = [
    "Thị trấn Ngọc Lặc",
    "Mỹ Tân",
    "Thúy Sơn",
    "Thạch Lập",
    "Quang Trung",
    "Đồng Thịnh",
    "Ngọc Liên",
    "Ngọc Sơn",
    "Lộc Thịnh",
    "Cao Thịnh",
    "Ngọc Trung",
    "Vân Am",
    "Phùng Giáo",
    "Nguyệt Ấn",
    "Phùng Minh",
    "Phúc Thịnh",
    "Kiên Thọ",
    "Lam Sơn",
    "Cao Ngọc",
    "Minh Tiến",
    "Minh Sơn",
];

/// The six that the plan exempts from the model with cameras.
pub(super) const EXEMPT: [&str; 6] = [
    "Kiên Thọ",
    "Minh Sơn",
    "Minh Tiến",
    "Cao Thịnh",
    "Ngọc Sơn",
    "Thị trấn Ngọc Lặc",
];

/// Kiên Thọ and Ngọc Liên broadcast on every second day from 1 January; in Ngọc Liên one village missed the tenth.
pub(super) async fn broadcasts_until(district: &District, from: u64, to: u64) {
    for number in from..to {
        let date = day("2024-01-01").checked_add_days(Days::new(2 * number)).unwrap();
        district.broadcast("Kiên Thọ", date, None).await;
        let missed = (number == 9).then_some("weather");
        district.broadcast("Ngọc Liên", date, missed).await;
    }
}

pub(super) async fn office_of_ngoc_lac(district: &District) {
    // "Xong trước 12/3": the 11th is in time, the 12th is not.
    for name in NGOC_LAC {
        let issued = match name {
            "Kiên Thọ" => "2024-03-11",
            "Mỹ Tân" => "2024-03-12",
            _ => "2024-01-15",
        };
        district
            .document(name, issued, "resolution", "01-NQ/ĐU", "Nghị quyết bảo đảm ANTT")
            .await;
    }
    let ct07 = "Báo cáo tổng kết 10 năm Chỉ thị số 07";
    for (issued, number) in [
        ("2024-06-30", "1/BC"),
        ("2024-08-31", "2/BC"),
        ("2024-09-30", "3/BC"),
        // The same number once more.
        ("2024-09-30", "1/bc"),
    ] {
        district
            .document("Kiên Thọ", issued, "report", number, ct07)
            .await;
    }
    for number in ["4/BC", "5/BC"] {
        let subject = "Sơ kết 6 tháng thực hiện Nghị quyết";
        district
            .document("Kiên Thọ", "2024-07-05", "report", number, subject)
            .await;
    }
    for number in ["1/BC", "2/BC", "3/BC", "4/BC"] {
        let subject = "Tổng kết công tác năm";
        district
            .document("Ngọc Sơn", "2024-12-20", "report", number, subject)
            .await;
    }
    for (of_type, number) in [
        ("plan", "1/KH"),
        ("plan", "2/KH"),
        ("letter", "1/CV"),
        ("letter", "2/CV"),
    ] {
        let subject = "Đẩy mạnh phong trào";
        district
            .document("Kiên Thọ", "2024-02-01", of_type, number, subject)
            .await;
    }
    // "Trước tháng 6": 31 May is in time.
    let festival = "Kế hoạch tổ chức Ngày hội toàn dân bảo vệ ANTQ";
    district
        .document("Kiên Thọ", "2024-05-31", "plan", "3/KH", festival)
        .await;
    district
        .document("Phúc Thịnh", "2024-06-01", "plan", "1/KH", festival)
        .await;
    for (place, number, issued, quarter) in [
        ("Kiên Thọ", "01/TB", "2024-03-29", "q_one"),
        ("Kiên Thọ", "02/TB", "2024-06-28", "q_two"),
        ("Kiên Thọ", "03/TB", "2024-09-30", "q_three"),
        ("Kiên Thọ", "04/TB", "2024-12-31", "q_four"),
        ("Kiên Thọ", "04/tb", "2024-12-31", "q_four"),
        ("Cao Ngọc", "01/TB", "2024-03-29", "q_one"),
        ("Cao Ngọc", "02/TB", "2024-06-28", "q_two"),
        ("Cao Ngọc", "03/TB", "2024-12-02", "q_four"),
    ] {
        let body = json!({"number": number, "issued_on": issued, "quarter": quarter});
        district.did(place, issued, "quarterly_notice", body).await;
    }
    for (place, audience) in [
        ("Thị trấn Ngọc Lặc", json!(["police"])),
        ("Kiên Thọ", json!(["core_force"])),
        ("Mỹ Tân", json!(["core_force", "guards"])),
    ] {
        let body = json!({"subject": "Nghiệp vụ", "venue": "Hội trường", "trainee_count": 30, "session_count": 1,
                          "audience": audience});
        district.did(place, "2024-12-31", "training_class", body).await;
    }
    // Kiên Thọ: one a month to November, one on the last day, 30 November, and one a day too late.
    let months = (1..=11).map(|month| format!("2024-{month:02}-15"));
    let dates = months.chain(["2024-11-30".to_owned(), "2024-12-01".to_owned()]);
    let session = json!({"topic": "online_fraud", "venue": "Nhà văn hóa", "attendee_count": 50});
    for date in dates {
        district
            .did("Kiên Thọ", &date, "direct_propaganda_session", session.clone())
            .await;
    }
    for number in 1..=13 {
        let date = format!("2024-05-{number:02}");
        district
            .did("Ngọc Liên", &date, "direct_propaganda_session", session.clone())
            .await;
    }
    for (place, to, indicator, unit, value, total) in [
        // A statement of November takes the place of that of June.
        ("Kiên Thọ", "2024-06-10", "documents_made_known", "area", 10, 12),
        ("Kiên Thọ", "2024-11-20", "documents_made_known", "area", 12, 12),
        ("Kiên Thọ", "2024-11-20", "documents_made_known", "agency", 5, 5),
        ("Lam Sơn", "2024-11-20", "documents_made_known", "area", 9, 10),
        ("Lam Sơn", "2024-11-20", "documents_made_known", "agency", 10, 10),
        ("Vân Am", "2024-06-30", "people_reached", "area", 450, 500),
        ("Vân Am", "2024-12-15", "people_reached", "area", 500, 500),
        ("Lam Sơn", "2024-12-01", "rural_criterion", "", 1, 1),
        ("Minh Tiến", "2024-12-01", "rural_criterion", "", 1, 1),
        ("Cao Ngọc", "2024-12-01", "rural_criterion", "", 1, 1),
        ("Vân Am", "2024-12-01", "rural_criterion", "", 0, 1),
    ] {
        district.figure(place, to, indicator, unit, value, total).await;
    }
    for name in NGOC_LAC {
        let value = i64::from(name != "Mỹ Tân");
        district
            .figure(name, "2024-12-01", "plans_issued", "commune", value, 1)
            .await;
    }
}

pub(super) async fn festival_of_ngoc_lac(district: &District) {
    for (village, date, is_pilot) in [
        ("Thôn 1 Quang Trung", "2024-08-18", true),
        ("Thôn 2 Quang Trung", "2024-08-19", true),
        // The same pilot site twice.
        ("Thôn 1 Kiên Thọ", "2024-08-13", true),
        ("Thôn 1 Kiên Thọ", "2024-08-18", true),
        ("Thôn 2 Kiên Thọ", "2024-08-13", false),
        ("Thôn 1 Minh Sơn", "2024-07-01", false),
        // A day after the festival's days.
        ("Thôn 2 Minh Sơn", "2024-08-20", false),
    ] {
        let body = json!({"venue": "Nhà văn hóa", "attendee_count": 100, "is_pilot": is_pilot});
        district.did(village, date, "festival_event", body).await;
    }
    for name in NGOC_LAC.iter().filter(|name| **name != "Lộc Thịnh") {
        let body =
            json!({"venue": "Hội trường", "attendee_count": 90, "opinion_count": 4, "answered_count": 4});
        district.did(name, "2024-08-10", "listening_forum", body).await;
    }
    for (place, campaign, date) in [
        ("Kiên Thọ", "national_security_festival", "2024-08-19"),
        ("Kiên Thọ", "anti_drug_day", "2024-06-26"),
        ("Kiên Thọ", "great_unity_festival", "2024-11-18"),
        ("Kiên Thọ", "crime_crackdown_peak", "2024-12-15"),
        ("Ngọc Liên", "national_security_festival", "2024-08-19"),
        ("Ngọc Liên", "anti_drug_day", "2024-06-26"),
        ("Ngọc Liên", "great_unity_festival", "2024-11-18"),
        // None of the four that the plan names.
        ("Ngọc Liên", "fire_safety_day", "2024-10-04"),
    ] {
        let body = json!({"campaign": campaign, "content": "Ra quân", "venue": "Trung tâm xã"});
        district.did(place, date, "campaign_activity", body).await;
    }
}

pub(super) async fn recognition_of_ngoc_lac(district: &District) {
    let recognised = async |place: &str, date: &str, unit: &str, count: i64, total: i64| {
        let body = json!({"year": 2024, "unit_type": unit, "recognised_count": count, "total_count": total});
        district.did(place, date, "safe_recognition", body).await;
    };
    for unit in ["area", "agency", "enterprise", "school"] {
        // "Trước 30/10" for residential areas: the 29th is in time, the 30th is not.
        recognised("Kiên Thọ", "2024-10-29", unit, 4, 5).await;
        recognised("Thúy Sơn", "2024-10-30", unit, 5, 6).await;
    }
    // "Trước 5/11" for communes: 17 in time, Kiên Thọ and Thúy Sơn among them, and one a day late.
    for (number, name) in NGOC_LAC.iter().take(18).enumerate() {
        let date = if number < 17 { "2024-11-04" } else { "2024-11-05" };
        recognised(name, date, "commune", 1, 1).await;
    }
    let rated = async |place: &str, date: &str, unit: &str, rating: &str| {
        let body = json!({"year": 2024, "unit_type": unit, "own_score": 80, "rating": rating});
        district.did(place, date, "movement_assessment", body).await;
    };
    for rating in ["excellent", "good", "good", "good", "fair"] {
        rated("Kiên Thọ", "2024-10-28", "area", rating).await;
    }
    rated("Kiên Thọ", "2024-10-28", "agency", "excellent").await;
    for unit in ["area", "agency", "enterprise", "school"] {
        rated("Nguyệt Ấn", "2024-10-28", unit, "excellent").await;
    }
    // Communes: 16 good, Kiên Thọ and Nguyệt Ấn among them, and one fair.
    for name in NGOC_LAC.iter().skip(5) {
        rated(name, "2024-11-01", "commune", "good").await;
    }
    rated("Mỹ Tân", "2024-11-01", "commune", "fair").await;
    // The district itself is rated good, once it is rated again.
    rated("Kiên Thọ", "2024-11-05", "district", "fair").await;
    rated("Kiên Thọ", "2024-11-06", "district", "good").await;
    let registered = async |place: &str, date: &str, unit: &str, count: i64| {
        let body = json!({"year": 2024, "unit_type": unit, "registered_count": count, "total_count": count});
        district.did(place, date, "safe_registration", body).await;
    };
    for (unit, count) in [
        ("area", 5),
        ("commune", 1),
        ("agency", 3),
        ("enterprise", 2),
        ("school", 4),
    ] {
        registered("Kiên Thọ", "2024-03-30", unit, count).await;
        // "Quý I" is over.
        registered("Thạch Lập", "2024-04-01", unit, count).await;
    }
    for (place, date, unit) in [
        // "Trước 20/1/2025": the 19th is in time, the 20th is not.
        ("Ngọc Sơn", "2025-01-19", "commune"),
        ("Thị trấn Ngọc Lặc", "2025-01-20", "enterprise"),
    ] {
        let body = json!({"year": 2024, "unit_type": unit, "unit_name": place, "state": "recognised"});
        district.did(place, date, "exemplary_dossier", body).await;
    }
}

pub(super) async fn figures_of_thanh_hoa(district: &District) {
    for (place, indicator, value, total) in [
        ("Kiên Thọ", "crimes", 9, 10),
        ("Lam Sơn", "crimes", 10, 10),
        ("Kiên Thọ", "tips_taken_up", 30, 30),
        ("Kiên Thọ", "tips_resolved", 27, 30),
        ("Kiên Thọ", "cases_solved", 81, 100),
        ("Kiên Thọ", "serious_cases_solved", 19, 20),
        ("Kiên Thọ", "hotspots", 1, 0),
    ] {
        district
            .figure(place, "2024-12-31", indicator, "", value, total)
            .await;
    }
}
