//! Documents, conferences, briefings, inspections.

use super::*;

const G: KindGroup = KindGroup::Direction;
const NUMBER: FieldSpec = FieldSpec::required("number", "Số, ký hiệu", "Number", FieldType::DocumentNumber);
const ISSUED_ON: FieldSpec = FieldSpec::required("issued_on", "Ngày ban hành", "Issued on", FieldType::Date);
const ISSUER: FieldSpec = FieldSpec::required(
    "issuer",
    "Cơ quan ban hành",
    "Issuer",
    FieldType::Text { max: 200 },
);

pub(super) const KINDS: &[KindSpec] = &[
    office(
        "document",
        G,
        "Ban hành văn bản",
        "Document issued",
        "file-up",
        &[
            one_of("type", "Loại văn bản", "Type", DOCUMENTS),
            NUMBER,
            ISSUED_ON,
            ISSUER,
            FieldSpec::required("subject", "Trích yếu", "Subject", FieldType::Text { max: 500 }),
            FieldSpec::detail("link", "Đường dẫn", "Link", FieldType::Url),
            NOTE,
        ],
        &["D0-A1.1", "D0-A1.2", "D0-A1.3", "D0-A1.9", "D0-A1.12"],
    )
    .with_files(),
    office(
        "document_dissemination",
        G,
        "Quán triệt, triển khai văn bản",
        "Document made known",
        "list-checks",
        &[
            NUMBER,
            FieldSpec::required("subject", "Trích yếu", "Subject", FieldType::Text { max: 500 }),
            VENUE,
            ATTENDEES,
            AUDIENCE,
            NOTE,
        ],
        &["D0-O1", "C1.1"],
    ),
    office(
        "conference",
        G,
        "Hội nghị",
        "Conference",
        "users",
        &[
            one_of("purpose", "Loại hội nghị", "Purpose", CONFERENCES),
            FieldSpec::required("subject", "Nội dung", "Subject", LINE),
            VENUE,
            ATTENDEES,
            AUDIENCE,
            FieldSpec::detail("conclusion", "Kết luận", "Conclusion", WORDS),
            ORGANISER,
            NOTE,
        ],
        &["C1.3", "C2.5b"],
    ),
    office(
        "briefing",
        G,
        "Giao ban Công an – MTTQ – đoàn thể",
        "Briefing",
        "calendar-clock",
        &[
            one_of("rhythm", "Định kỳ", "Rhythm", RHYTHMS),
            VENUE,
            ATTENDEES,
            FieldSpec::required(
                "conclusion",
                "Nội dung, kết luận",
                "Content and conclusion",
                WORDS,
            ),
            NOTE,
        ],
        &["C2.5a"],
    ),
    office(
        "inspection",
        G,
        "Kiểm tra, giám sát, hướng dẫn",
        "Inspection",
        "search",
        &[
            one_of("form", "Hình thức", "Form", INSPECTIONS),
            FieldSpec::required("inspected", "Nơi được kiểm tra", "Inspected", LINE),
            FieldSpec::required("party", "Thành phần đoàn (cơ quan)", "Party (agencies)", LINE),
            FieldSpec::required("conclusion", "Kết luận", "Conclusion", WORDS),
            FieldSpec::optional("recommendation", "Kiến nghị", "Recommendation", WORDS),
            NOTE,
        ],
        &["C3.11"],
    ),
];

const DOCUMENTS: &[Choice] = &[
    choice("resolution", "Nghị quyết", "Resolution"),
    choice("directive", "Chỉ thị", "Directive"),
    choice("plan", "Kế hoạch", "Plan"),
    choice("letter", "Công văn", "Official letter"),
    choice("guidance", "Hướng dẫn", "Guidance"),
    choice("regulation", "Quy chế", "Regulation"),
    choice("decision", "Quyết định", "Decision"),
    choice("report", "Báo cáo", "Report"),
    choice("notice", "Thông báo", "Notice"),
];

const CONFERENCES: &[Choice] = &[
    choice("launch", "Triển khai", "Launch"),
    choice("interim_review", "Sơ kết", "Interim review"),
    choice("final_review", "Tổng kết", "Final review"),
    choice("special_subject", "Chuyên đề", "Special subject"),
];

const RHYTHMS: &[Choice] = &[
    choice("weekly", "Hằng tuần", "Weekly"),
    choice("monthly", "Hằng tháng", "Monthly"),
    choice("quarterly", "Hằng quý", "Quarterly"),
    choice("extraordinary", "Đột xuất", "Extraordinary"),
];

const INSPECTIONS: &[Choice] = &[
    choice("inspection", "Kiểm tra", "Inspection"),
    choice("supervision", "Giám sát", "Supervision"),
    choice("guidance", "Hướng dẫn", "Guidance"),
    choice("reminder", "Đôn đốc", "Reminder"),
];
