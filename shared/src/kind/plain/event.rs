//! Festivals, campaigns, forums.

use super::*;

const G: KindGroup = KindGroup::Event;

pub(super) const KINDS: &[KindSpec] = &[
    office(
        "listening_forum",
        G,
        "Diễn đàn “Công an lắng nghe ý kiến Nhân dân”",
        "Listening forum",
        "message-square",
        &[
            VENUE,
            ATTENDEES,
            figure("opinion_count", "Số ý kiến", "Opinions").unit("ý kiến", "opinions"),
            figure("answered_count", "Số ý kiến đã trả lời", "Answered").unit("ý kiến", "opinions"),
            AUDIENCE,
            NOTE,
        ],
        &["D0-A1.10d"],
    ),
    office(
        "dialogue",
        G,
        "Đối thoại với Nhân dân",
        "Dialogue with residents",
        "users",
        &[
            one_of("chair", "Chủ trì", "Chaired by", CHAIRS),
            CONTENT,
            VENUE,
            ATTENDEES,
            count("opinion_count", "Số ý kiến", "Opinions").unit("ý kiến", "opinions"),
            count("answered_count", "Số ý kiến đã trả lời", "Answered").unit("ý kiến", "opinions"),
            NOTE,
        ],
        &[],
    ),
    plain(
        "festival_event",
        G,
        "Ngày hội toàn dân bảo vệ ANTQ",
        "Festival of national security",
        "flag",
        &[
            VENUE,
            ATTENDEES,
            FieldSpec::optional("is_pilot", "Điểm chỉ đạo", "Pilot site", FieldType::YesNo),
            count(
                "commended_group_count",
                "Tập thể được khen tại hội",
                "Groups commended",
            )
            .unit("tập thể", "groups"),
            count(
                "commended_person_count",
                "Cá nhân được khen tại hội",
                "People commended",
            )
            .unit("người", "people"),
            NOTE,
        ],
        &["D0-A1.10"],
    ),
    plain(
        "campaign_activity",
        G,
        "Hưởng ứng ngày, tháng hành động",
        "Campaign day or month",
        "calendar",
        &[
            one_of("campaign", "Ngày, tháng, phong trào", "Campaign", CAMPAIGNS),
            CONTENT,
            VENUE,
            count("attendee_count", "Số người dự", "Attendees").unit("người", "people"),
            RESULT,
            NOTE,
        ],
        &["C2.3", "D0-O6"],
    ),
    office(
        "peak_campaign",
        G,
        "Đợt cao điểm",
        "Peak campaign",
        "triangle-alert",
        &[
            PHRASE,
            PERIOD,
            count("case_count", "Số vụ phát hiện", "Cases found").unit("vụ", "cases"),
            count("tip_count", "Số tin Nhân dân cung cấp", "Tips from residents").unit("tin", "tips"),
            RESULT,
            NOTE,
        ],
        &[],
    ),
    office(
        "mobilisation_launch",
        G,
        "Phát động phong trào",
        "Launch of a movement",
        "play",
        &[
            PHRASE,
            VENUE,
            ATTENDEES,
            count("pledge_count", "Số hộ, đơn vị ký giao ước", "Pledges signed"),
            NOTE,
        ],
        &[],
    ),
    office(
        "mobile_court",
        G,
        "Phiên tòa xét xử lưu động",
        "Mobile court session",
        "landmark",
        &[
            VENUE,
            figure("case_count", "Số vụ xét xử", "Cases tried").unit("vụ", "cases"),
            ATTENDEES,
            NOTE,
        ],
        &[],
    ),
];

const CHAIRS: &[Choice] = &[
    choice("party_committee", "Cấp ủy", "Party committee"),
    choice("peoples_committee", "Chính quyền", "People's committee"),
    choice("police", "Công an", "Police"),
];

/// Campaign days and months of the inventory.
const CAMPAIGNS: &[Choice] = &[
    choice(
        "drug_action_month",
        "Tháng hành động phòng, chống ma túy",
        "Drug action month",
    ),
    choice(
        "anti_drug_day",
        "Ngày toàn dân phòng, chống ma túy",
        "Anti-drug day",
    ),
    choice(
        "anti_trafficking_day",
        "Ngày phòng, chống mua bán người",
        "Anti-trafficking day",
    ),
    choice(
        "traffic_safety_month",
        "Tháng An toàn giao thông",
        "Traffic safety month",
    ),
    choice(
        "fire_safety_day",
        "Ngày toàn dân phòng cháy, chữa cháy",
        "Fire safety day",
    ),
    choice(
        "great_unity_festival",
        "Ngày hội Đại đoàn kết",
        "Great unity festival",
    ),
    choice(
        "world_environment_day",
        "Ngày môi trường thế giới",
        "World environment day",
    ),
    choice(
        "national_security_festival",
        "Ngày hội toàn dân bảo vệ ANTQ (19/8)",
        "Festival of national security (19/8)",
    ),
    choice(
        "crime_crackdown_peak",
        "Cao điểm tấn công, trấn áp tội phạm",
        "Peak against crime",
    ),
    choice(
        "skilful_mobilisation",
        "Phong trào “Dân vận khéo”",
        "Skilful mobilisation",
    ),
    choice(
        "no_drink_driving",
        "“Đã uống rượu bia, không lái xe”",
        "No drink-driving",
    ),
    choice("other", "Ngày, phong trào khác", "Other"),
];
