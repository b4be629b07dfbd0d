//! Festivals, campaigns, forums.

use super::*;
use crate::campaign;

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
        campaign::ACTIVITY,
        G,
        "Hưởng ứng ngày, tháng hành động",
        "Campaign day or month",
        "calendar",
        &[
            one_of(campaign::ANSWER, "Ngày, tháng, phong trào", "Campaign", CAMPAIGNS),
            FieldSpec::optional(
                campaign::NAME,
                "Tên, nếu là ngày, đợt khác",
                "Name, if it is another",
                FieldType::Text {
                    max: campaign::MAX_NAME,
                },
            ),
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

/// The campaigns of the calendar.
const CAMPAIGNS: &[Choice] = &campaign::answers();
