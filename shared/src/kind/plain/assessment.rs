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
];

const SCORE: FieldType = FieldType::Integer { min: 0, max: 100 };

const UNIT_TYPES: &[Choice] = &[
    choice("area", "Khu dân cư", "Residential area"),
    choice("commune", "Xã, phường", "Commune"),
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
