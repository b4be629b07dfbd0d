//! Forces: training, consolidation, equipment, money.

use super::*;

const G: KindGroup = KindGroup::Capacity;

pub(super) const KINDS: &[KindSpec] = &[
    plain(
        "training_class",
        G,
        "Lớp tập huấn, bồi dưỡng",
        "Training class",
        "graduation-cap",
        &[
            FieldSpec::required("subject", "Nội dung", "Subject", LINE),
            VENUE,
            FieldSpec::required(
                "trainee_count",
                "Số học viên",
                "Trainees",
                FieldType::Integer { min: 1, max: 10_000 },
            )
            .unit("người", "people"),
            FieldSpec::required(
                "session_count",
                "Số buổi",
                "Sessions",
                FieldType::Integer { min: 1, max: 100 },
            )
            .unit("buổi", "sessions"),
            FieldSpec::optional(
                "audience",
                "Thành phần dự",
                "Audience",
                FieldType::Choices { choices: AUDIENCES },
            ),
            ORGANISER,
            NOTE,
        ],
        &["D0-A1.16", "C3.12"],
    ),
    office(
        "force_consolidation",
        G,
        "Kiện toàn Ban Chỉ đạo, lực lượng",
        "Consolidation of forces",
        "network",
        &[
            one_of("force", "Lực lượng", "Force", FORCES),
            DECISION,
            DECISION_DATE,
            figure("strength", "Quân số sau kiện toàn", "Strength afterwards").unit("người", "people"),
            count("team_count", "Số tổ, đội", "Teams").unit("tổ", "teams"),
            NOTE,
        ],
        &["C2.1", "C2.4"],
    ),
    office(
        "equipment_issue",
        G,
        "Trang bị phương tiện, trang phục",
        "Equipment issued",
        "hard-drive",
        &[
            one_of("category", "Loại", "Category", EQUIPMENT),
            FieldSpec::required("item", "Tên phương tiện", "Item", LINE),
            FieldSpec::required("quantity", "Số lượng", "Quantity", COUNT_FROM_1),
            FieldSpec::optional("value", "Trị giá", "Value", FieldType::Money),
            NOTE,
        ],
        &["C1.4"],
    ),
    office(
        "budget_allocation",
        G,
        "Bố trí, sử dụng kinh phí",
        "Budget",
        "square",
        &[
            FieldSpec::required("purpose", "Nội dung chi", "Purpose", LINE),
            FieldSpec::required("allocated", "Kinh phí bố trí", "Allocated", FieldType::Money),
            FieldSpec::optional("spent", "Đã sử dụng", "Spent", FieldType::Money),
            FieldSpec::optional(
                "source",
                "Nguồn",
                "Source",
                FieldType::Choice { choices: SOURCES },
            ),
            DECISION,
            NOTE,
        ],
        &["C1.4"],
    ),
];

const FORCES: &[Choice] = &[
    choice("steering_committee", "Ban Chỉ đạo", "Steering committee"),
    choice("council", "Hội đồng", "Council"),
    choice("security_team", "Tổ bảo vệ ANTT", "Security team"),
    choice("self_management_group", "Tổ tự quản", "Self-management group"),
    choice("civil_defence", "Dân phòng", "Civil defence"),
];

const EQUIPMENT: &[Choice] = &[
    choice("uniform", "Trang phục", "Uniforms"),
    choice("support_tool", "Công cụ hỗ trợ", "Support tools"),
    choice("vehicle", "Phương tiện đi lại", "Vehicles"),
    choice("communication", "Thiết bị liên lạc", "Communication"),
    choice("fire_equipment", "Phương tiện chữa cháy", "Fire equipment"),
    choice("other", "Loại khác", "Other"),
];

const SOURCES: &[Choice] = &[
    choice("state_budget", "Ngân sách nhà nước", "State budget"),
    choice("community", "Xã hội hóa", "Community"),
    choice("fund", "Quỹ", "Fund"),
];
