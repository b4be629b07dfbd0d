//! Work in the field beside patrols, incidents and broadcasts.

use super::*;

const G: KindGroup = KindGroup::Field;

pub(super) const KINDS: &[KindSpec] = &[
    plain(
        "duty_shift",
        G,
        "Ca trực",
        "Duty shift",
        "clock",
        &[
            VENUE,
            figure("people_count", "Số người trực", "People on duty").unit("người", "people"),
            count("incident_count", "Số vụ việc ghi nhận", "Incidents noted").unit("vụ", "cases"),
            RESULT,
            NOTE,
        ],
        &[],
    ),
    plain(
        "mediation",
        G,
        "Hòa giải mâu thuẫn",
        "Mediation",
        "message-square",
        &[
            one_of("matter", "Loại việc", "Matter", MATTERS),
            one_of("outcome", "Kết quả", "Outcome", OUTCOMES),
            VENUE,
            count("session_count", "Số buổi hòa giải", "Sessions").unit("buổi", "sessions"),
            NOTE,
        ],
        &[],
    ),
    plain(
        "weapon_handover",
        G,
        "Vận động giao nộp vũ khí, pháo",
        "Handing over weapons and fireworks",
        "shield-check",
        &[
            one_of("category", "Loại", "Category", WEAPONS),
            FieldSpec::required("quantity", "Số lượng", "Quantity", COUNT_FROM_1),
            FieldSpec::optional(
                "measure",
                "Đơn vị tính",
                "Unit",
                FieldType::Choice { choices: MEASURES },
            ),
            count("household_count", "Số hộ giao nộp", "Households").unit("hộ", "households"),
            NOTE,
        ],
        &[],
    ),
    plain(
        "fire_safety_activity",
        G,
        "Tuyên truyền, kiểm tra, thực tập PCCC",
        "Fire safety",
        "bell",
        &[
            one_of("form", "Hình thức", "Form", FIRE_FORMS),
            VENUE,
            count("attendee_count", "Số người dự", "Attendees").unit("người", "people"),
            count("site_count", "Số cơ sở kiểm tra", "Sites inspected").unit("cơ sở", "sites"),
            RESULT,
            NOTE,
        ],
        &["C3.5"],
    ),
    plain(
        "traffic_safety_activity",
        G,
        "Hoạt động bảo đảm TTATGT",
        "Traffic safety",
        "route",
        &[
            CONTENT,
            VENUE,
            count("attendee_count", "Số người dự", "Attendees").unit("người", "people"),
            count("reminder_count", "Số lượt nhắc nhở", "Reminders").unit("lượt", "times"),
            RESULT,
            NOTE,
        ],
        &[],
    ),
    office(
        "reintegration_support",
        G,
        "Giúp đỡ tái hòa nhập (chỉ số liệu)",
        "Reintegration support (figures only)",
        "users",
        &[
            PERIOD,
            figure("supported_count", "Số người đang giúp đỡ", "People supported").unit("người", "people"),
            count("progress_count", "Số người tiến bộ", "People making progress").unit("người", "people"),
            count("job_count", "Số người có việc làm", "People in work").unit("người", "people"),
            count("visit_count", "Số lượt gặp gỡ, giúp đỡ", "Visits").unit("lượt", "times"),
        ],
        &[],
    ),
];

const MATTERS: &[Choice] = &[
    choice("land", "Đất đai, ranh giới", "Land and boundaries"),
    choice("family", "Hôn nhân, gia đình", "Family"),
    choice("neighbours", "Hàng xóm, sinh hoạt", "Neighbours"),
    choice("debt", "Vay mượn, dân sự", "Debts and contracts"),
    choice("other", "Việc khác", "Other"),
];

const OUTCOMES: &[Choice] = &[
    choice("settled", "Hòa giải thành", "Settled"),
    choice("not_settled", "Không thành", "Not settled"),
    choice("going_on", "Đang hòa giải", "Going on"),
    choice("passed_on", "Chuyển cơ quan khác", "Passed on"),
];

const WEAPONS: &[Choice] = &[
    choice("gun", "Súng các loại", "Guns"),
    choice("ammunition", "Đạn, bom, mìn", "Ammunition, bombs, mines"),
    choice("explosive", "Thuốc nổ, kíp", "Explosives"),
    choice("crude_weapon", "Vũ khí thô sơ", "Crude weapons"),
    choice("support_tool", "Công cụ hỗ trợ", "Support tools"),
    choice("firework", "Pháo", "Fireworks"),
];

const MEASURES: &[Choice] = &[
    choice("piece", "Khẩu, cái, quả", "Pieces"),
    choice("kilogram", "Ki-lô-gam", "Kilograms"),
];

const FIRE_FORMS: &[Choice] = &[
    choice("outreach", "Tuyên truyền", "Outreach"),
    choice("inspection", "Kiểm tra", "Inspection"),
    choice("drill", "Thực tập phương án", "Drill"),
];
