//! Registration, recognition and rating of safety.

use super::*;

const G: KindGroup = KindGroup::Assessment;
const YEAR: FieldSpec =
    FieldSpec::required("year", "Năm", "Year", FieldType::Integer { min: 2000, max: 2100 });
const UNITS: FieldSpec = one_of("unit_type", "Loại đơn vị", "Type of unit", UNIT_TYPES);

pub(super) const KINDS: &[KindSpec] = &[
    office(
        "safe_registration",
        G,
        "Đăng ký “An toàn về ANTT”",
        "Registration for safety",
        "pencil",
        &[
            YEAR,
            UNITS,
            figure("registered_count", "Số đăng ký", "Registered"),
            figure("total_count", "Tổng số", "Total"),
            count("household_count", "Số hộ đăng ký", "Households registered").unit("hộ", "households"),
            NOTE,
        ],
        &["D0-A1.13"],
    ),
    office(
        "safe_recognition",
        G,
        "Xét, công nhận “An toàn về ANTT”",
        "Recognition of safety",
        "shield-check",
        &[
            YEAR,
            UNITS,
            figure("recognised_count", "Số được công nhận", "Recognised"),
            figure("total_count", "Tổng số", "Total"),
            DECISION,
            DECISION_DATE,
            NOTE,
        ],
        &["D0-A1.14"],
    ),
    office(
        "movement_assessment",
        G,
        "Chấm điểm, phân loại phong trào",
        "Rating of the movement",
        "list",
        &[
            YEAR,
            UNITS,
            FieldSpec::required("own_score", "Điểm tự chấm", "Own score", SCORE).unit("điểm", "points"),
            FieldSpec::optional("checked_score", "Điểm thẩm định", "Checked score", SCORE)
                .unit("điểm", "points"),
            FieldSpec::optional(
                "rating",
                "Phân loại",
                "Rating",
                FieldType::Choice { choices: RATINGS },
            ),
            DECISION,
            NOTE,
        ],
        &["D0-A1.15", "C2.8"],
    ),
    office(
        "exemplary_dossier",
        G,
        "Hồ sơ xét công nhận điển hình",
        "Dossier for recognition",
        "clipboard-check",
        &[
            YEAR,
            UNITS,
            FieldSpec::required("unit_name", "Tên đơn vị", "Name of the unit", LINE),
            one_of("state", "Tình trạng hồ sơ", "State", DOSSIERS),
            DECISION,
            NOTE,
        ],
        &["D4-1", "D0-A3"],
    ),
    office(
        "reported_figure",
        G,
        "Số liệu thực hiện chỉ tiêu (chỉ số liệu)",
        "Figure for a target (figures only)",
        "list-checks",
        &[
            one_of("indicator", "Chỉ tiêu", "Indicator", INDICATORS),
            PERIOD,
            figure("value", "Số thực hiện", "Figure"),
            count(
                "total_count",
                "Tổng số, hoặc số kỳ trước",
                "Total, or the year before",
            ),
            FieldSpec {
                need: Need::Optional,
                ..UNITS
            },
        ],
        &[],
    ),
];

/// What no other kind tells: figures that an office states for a period. Where a target is a rate, `total_count` is what it
/// is a rate of, and where it is a decrease, the figure of the year before.
const INDICATORS: &[Choice] = &[
    choice(
        "documents_made_known",
        "Văn bản cấp trên được triển khai",
        "Documents made known",
    ),
    choice(
        "plans_issued",
        "Đơn vị có chương trình, kế hoạch",
        "Units with a plan",
    ),
    choice(
        "people_reached",
        "Người, hộ được tuyên truyền",
        "People and households reached",
    ),
    choice(
        "rural_criterion",
        "Xã đạt tiêu chí ANTT nông thôn mới",
        "Communes that meet the rural criterion",
    ),
    choice(
        "crimes",
        "Vụ phạm tội về trật tự xã hội",
        "Crimes against social order",
    ),
    choice("drug_users", "Người nghiện ma túy", "Drug users"),
    choice("tips_taken_up", "Tin tố giác được thụ lý", "Tips taken up"),
    choice("tips_resolved", "Tin tố giác được giải quyết", "Tips resolved"),
    choice("cases_solved", "Vụ án được khám phá", "Cases solved"),
    choice(
        "serious_cases_solved",
        "Vụ án rất nghiêm trọng được khám phá",
        "Serious cases solved",
    ),
    choice("hotspots", "Điểm nóng, vụ việc phức tạp", "Hotspots"),
    choice("criteria_met", "Tiêu chí xã điển hình đã đạt", "Criteria met"),
    choice(
        "fire_files",
        "Cơ sở có hồ sơ PCCC",
        "Sites with fire safety files",
    ),
    choice("managed_files", "Hồ sơ diện quản lý", "Files kept as required"),
    choice("reoffending", "Tái phạm", "Reoffending"),
    choice("models_reviewed", "Mô hình được rà soát", "Models reviewed"),
    choice("mobile_teams", "Tổ tuyên truyền lưu động", "Mobile teams"),
    choice("initiatives", "Cách làm hay, đổi mới", "Initiatives"),
];

const SCORE: FieldType = FieldType::Integer { min: 0, max: 100 };

const UNIT_TYPES: &[Choice] = &[
    choice("area", "Khu dân cư", "Residential area"),
    choice("commune", "Xã, phường", "Commune"),
    choice(
        "district",
        "Huyện (đến 30/6/2025)",
        "District (until 30 June 2025)",
    ),
    choice("agency", "Cơ quan", "Agency"),
    choice("enterprise", "Doanh nghiệp", "Enterprise"),
    choice("school", "Cơ sở giáo dục", "School"),
];

const RATINGS: &[Choice] = &[
    choice("excellent", "Xuất sắc", "Excellent"),
    choice("good", "Khá", "Good"),
    choice("fair", "Trung bình", "Fair"),
    choice("poor", "Yếu", "Poor"),
];

const DOSSIERS: &[Choice] = &[
    choice("preparing", "Đang lập", "Being prepared"),
    choice("submitted", "Đã trình", "Submitted"),
    choice("recognised", "Được công nhận", "Recognised"),
    choice("returned", "Trả lại bổ sung", "Returned"),
];
