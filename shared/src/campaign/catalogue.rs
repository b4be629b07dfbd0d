//! The campaigns that plans name. D0 to D4 are the plans and criteria that were studied (Ngọc Lặc 2024, its reports, Tháp Mười 2024).

use super::{
    Also::{Always, Within},
    CampaignKind::{self, Campaign, Day, Emulation, Month, Review, Season},
    CampaignSpec,
    When::{self, AllYear, Between, ByPlan, On, Once},
};
use crate::kind::{Choice, Label};

/// How many there are.
const COUNT: usize = 25;

/// All of them: by the calendar, then by plan, then the whole year.
pub const CATALOGUE: [CampaignSpec; COUNT] = [
    spec(
        "drug_action_month",
        Month,
        Between((6, 1), (6, 30)),
        "Tháng hành động phòng, chống ma túy",
        "Drug action month",
        &["D4"],
    ),
    spec(
        "world_environment_day",
        Day,
        on(6, 5),
        "Ngày môi trường thế giới",
        "World environment day",
        &["D4"],
    ),
    // In the action month against drugs, which begins on the first.
    spec(
        "anti_drug_day",
        Day,
        On {
            day: (6, 26),
            since: Some((6, 1)),
        },
        "Ngày toàn dân phòng, chống ma túy",
        "Anti-drug day",
        &["D0", "D4"],
    ),
    spec(
        "anti_trafficking_day",
        Day,
        on(7, 30),
        "Ngày phòng, chống mua bán người",
        "Anti-trafficking day",
        &["D4"],
    ),
    // D0 gives the window from 1 July; the day is of decision 521/QĐ-TTg of 13 June 2005.
    CampaignSpec {
        also: &[Always("festival_event")],
        ..spec(
            "national_security_festival",
            Day,
            On {
                day: (8, 19),
                since: Some((7, 1)),
            },
            "Ngày hội toàn dân bảo vệ ANTQ (19/8)",
            "Festival of national security (19/8)",
            &["D0", "D1", "D3", "D4", "QĐ 521/QĐ-TTg"],
        )
    },
    CampaignSpec {
        also: &[Within("traffic_safety_activity")],
        ..spec(
            "traffic_safety_month",
            Month,
            Between((9, 1), (9, 30)),
            "Tháng An toàn giao thông",
            "Traffic safety month",
            &["D4"],
        )
    },
    CampaignSpec {
        also: &[Within("fire_safety_activity")],
        ..spec(
            "fire_safety_day",
            Day,
            on(10, 4),
            "Ngày toàn dân phòng cháy, chữa cháy",
            "Fire safety day",
            &["D4"],
        )
    },
    spec(
        "great_unity_festival",
        Day,
        on(11, 18),
        "Ngày hội Đại đoàn kết",
        "Great unity festival",
        &["D0"],
    ),
    CampaignSpec {
        also: &[Within("safe_registration")],
        ..spec(
            "safe_registration_season",
            Season,
            Between((1, 1), (3, 31)),
            "Mùa đăng ký “An toàn về ANTT”",
            "Season of registration for safety",
            &["D0", "TT 124"],
        )
    },
    CampaignSpec {
        also: &[Within("safe_recognition"), Within("movement_assessment")],
        ..spec(
            "assessment_season",
            Season,
            Between((10, 15), (11, 30)),
            "Mùa xét, công nhận, phân loại",
            "Season of recognition and rating",
            &["D0", "QĐ 510"],
        )
    },
    CampaignSpec {
        also: &[Always("peak_campaign")],
        ..spec(
            "crime_crackdown_peak",
            Campaign,
            ByPlan,
            "Cao điểm tấn công, trấn áp tội phạm",
            "Peak against crime",
            &["D0", "D2", "D3", "D4"],
        )
    },
    CampaignSpec {
        also: &[Within("weapon_handover")],
        ..spec(
            "weapon_handover_campaign",
            Campaign,
            ByPlan,
            "Vận động giao nộp vũ khí, vật liệu nổ, pháo",
            "Handing in of weapons and firecrackers",
            &["D0", "D4"],
        )
    },
    spec(
        "skilful_mobilisation",
        Emulation,
        AllYear,
        "Phong trào “Dân vận khéo”",
        "Skilful mobilisation",
        &["D0", "D4"],
    ),
    spec(
        "no_drink_driving",
        Emulation,
        AllYear,
        "“Đã uống rượu bia, không lái xe”",
        "No drink-driving",
        &["D0"],
    ),
    spec(
        "national_security_movement",
        Emulation,
        AllYear,
        "Toàn dân bảo vệ an ninh Tổ quốc",
        "All people protect national security",
        &["QĐ 2447/QĐ-TTg"],
    ),
    spec(
        "new_countryside",
        Emulation,
        AllYear,
        "Cả nước chung sức xây dựng nông thôn mới",
        "The country builds the new countryside",
        &["D0", "D1"],
    ),
    spec(
        "civilised_towns",
        Emulation,
        AllYear,
        "Xây dựng nông thôn mới, đô thị văn minh",
        "New countryside, civilised towns",
        &["D1", "D4"],
    ),
    spec(
        "cultural_life",
        Emulation,
        AllYear,
        "Toàn dân đoàn kết xây dựng đời sống văn hóa",
        "Unity for cultural life",
        &["D1", "D4"],
    ),
    spec(
        "police_style",
        Emulation,
        AllYear,
        "Người CAND bản lĩnh, nhân văn, vì Nhân dân phục vụ",
        "Police for the people",
        &["D0", "D1"],
    ),
    spec(
        "poverty_reduction",
        Emulation,
        AllYear,
        "Xóa đói giảm nghèo",
        "Poverty reduction",
        &["D4"],
    ),
    spec(
        "review_conclusion_44",
        Review,
        Once(2024),
        "Sơ kết 5 năm Kết luận 44-KL/TW",
        "Five years of conclusion 44-KL/TW",
        &["D0"],
    ),
    spec(
        "review_decree_06",
        Review,
        Once(2024),
        "Tổng kết 10 năm Nghị định 06/2014/NĐ-CP",
        "Ten years of decree 06/2014/NĐ-CP",
        &["D0", "D3"],
    ),
    spec(
        "review_directive_04",
        Review,
        Once(2024),
        "Tổng kết 10 năm Chỉ thị 04/CT-BCA-V28",
        "Ten years of directive 04/CT-BCA-V28",
        &["D0", "D3"],
    ),
    spec(
        "review_directive_09",
        Review,
        Once(2024),
        "Tổng kết 10 năm Chỉ thị 09/CT-BCA-V28",
        "Ten years of directive 09/CT-BCA-V28",
        &["D0", "D3"],
    ),
    spec(
        "review_directive_07",
        Review,
        Once(2024),
        "Tổng kết 10 năm Chỉ thị 07/CT-BCA-V28",
        "Ten years of directive 07/CT-BCA-V28",
        &["D0", "D3"],
    ),
];

/// The answers of the form: every campaign, and another.
pub const fn answers() -> [Choice; COUNT + 1] {
    let other = Choice {
        id: super::OTHER,
        label: Label {
            vi: "Ngày, đợt, phong trào khác",
            en: "Other",
        },
    };
    let mut answers = [other; COUNT + 1];
    let mut place = 0;
    while place < COUNT {
        #[expect(clippy::indexing_slicing, reason = "place is below the length of both")]
        {
            answers[place] = Choice {
                id: CATALOGUE[place].id,
                label: CATALOGUE[place].label,
            };
        }
        place += 1;
    }
    answers
}

const fn spec(
    id: &'static str,
    kind: CampaignKind,
    when: When,
    vi: &'static str,
    en: &'static str,
    sources: &'static [&'static str],
) -> CampaignSpec {
    CampaignSpec {
        id,
        kind,
        label: Label { vi, en },
        when,
        also: &[],
        sources,
    }
}

const fn on(month: u32, day: u32) -> When {
    On {
        day: (month, day),
        since: None,
    }
}
