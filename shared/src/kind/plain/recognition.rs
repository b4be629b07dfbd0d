//! Exemplars and commendations. Groups have names; of people there is only the number.

use super::*;

const G: KindGroup = KindGroup::Recognition;
const GROUPS_NAMED: FieldSpec = FieldSpec::optional(
    "group_names",
    "Tên tập thể",
    "Names of groups",
    FieldType::LongText { max: 1_000 },
);
const GROUP_COUNT: FieldSpec = figure("group_count", "Số tập thể", "Groups").unit("tập thể", "groups");
const PERSON_COUNT: FieldSpec = figure("person_count", "Số cá nhân", "People").unit("người", "people");

pub(super) const KINDS: &[KindSpec] = &[
    office(
        "exemplar",
        G,
        "Điển hình tiên tiến; người tốt, việc tốt",
        "Exemplars",
        "sun",
        &[
            one_of("kind", "Loại", "Kind", EXEMPLARS),
            GROUP_COUNT,
            PERSON_COUNT,
            GROUPS_NAMED,
            FieldSpec::optional(
                "deed",
                "Việc làm nổi bật (không ghi tên người)",
                "What was done (no names)",
                WORDS,
            ),
            FieldSpec::optional(
                "may_publish",
                "Đồng ý công bố",
                "May be published",
                FieldType::YesNo,
            ),
        ],
        &["C2.7c"],
    ),
    office(
        "quarterly_notice",
        G,
        "Thông báo quý về mô hình, điển hình",
        "Quarterly notice",
        "bell",
        &[
            FieldSpec::required("number", "Số, ký hiệu", "Number", FieldType::DocumentNumber),
            FieldSpec::required("issued_on", "Ngày ban hành", "Issued on", FieldType::Date),
            one_of("quarter", "Quý", "Quarter", QUARTERS),
            count("model_count", "Số mô hình nêu", "Models named"),
            count("exemplar_count", "Số điển hình nêu", "Exemplars named"),
            NOTE,
        ],
        &["D0-O7"],
    ),
    office(
        "commendation",
        G,
        "Khen thưởng",
        "Commendation",
        "circle-check",
        &[
            one_of("form", "Hình thức", "Form", FORMS),
            one_of("level", "Cấp khen", "Level", LEVELS),
            FieldSpec::required(
                "decision_number",
                "Số quyết định",
                "Decision number",
                FieldType::DocumentNumber,
            ),
            FieldSpec::required(
                "decision_date",
                "Ngày quyết định",
                "Date of the decision",
                FieldType::Date,
            ),
            GROUP_COUNT,
            PERSON_COUNT,
            GROUPS_NAMED,
            NOTE,
        ],
        &["C2.7"],
    ),
    plain(
        "encouragement_visit",
        G,
        "Thăm hỏi, động viên",
        "Encouragement visit",
        "house",
        &[
            one_of("visited", "Nơi đến", "Visited", VISITED),
            VENUE,
            count("gift_count", "Số suất quà", "Gifts").unit("suất", "gifts"),
            FieldSpec::detail("value", "Trị giá", "Value", FieldType::Money),
            NOTE,
        ],
        &[],
    ),
];

const EXEMPLARS: &[Choice] = &[
    choice("advanced_model", "Điển hình tiên tiến", "Advanced exemplar"),
    choice("good_deed", "Người tốt, việc tốt", "Good deed"),
];

const QUARTERS: &[Choice] = &[
    choice("q_one", "Quý I", "Quarter 1"),
    choice("q_two", "Quý II", "Quarter 2"),
    choice("q_three", "Quý III", "Quarter 3"),
    choice("q_four", "Quý IV", "Quarter 4"),
];

const FORMS: &[Choice] = &[
    choice("certificate_of_merit", "Bằng khen", "Certificate of merit"),
    choice("letter_of_praise", "Giấy khen", "Letter of praise"),
    choice("public_praise", "Biểu dương", "Public praise"),
    choice("medal", "Kỷ niệm chương", "Commemorative medal"),
    choice("emulation_flag", "Cờ thi đua", "Emulation flag"),
];

const VISITED: &[Choice] = &[
    choice("model", "Mô hình", "A model"),
    choice("team", "Tổ, lực lượng", "A team"),
    choice("family", "Gia đình", "A family"),
];
