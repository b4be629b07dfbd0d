//! The plain kinds. Adding one is adding an entry here; forms, pages, search and the API follow.

use super::field::{Choice, FieldSpec, FieldType, Label, choice};
use super::topic::TOPICS;
use super::{KindGroup, KindShape, KindSpec};
use crate::permission::Verb;

/// Who listens; groups, never persons.
const AUDIENCES: &[Choice] = &[
    choice("residents", "Nhân dân", "Residents"),
    choice("pupils", "Học sinh, sinh viên", "Pupils and students"),
    choice("workers", "Công nhân, người lao động", "Workers"),
    choice("core_force", "Lực lượng nòng cốt", "Core force"),
    choice("officials", "Cán bộ, đảng viên", "Officials"),
];

/// Every plain kind.
pub(super) const KINDS: &[KindSpec] = &[
    KindSpec {
        id: "direct_propaganda_session",
        group: KindGroup::Propaganda,
        label: Label {
            vi: "Buổi tuyên truyền trực tiếp",
            en: "Direct propaganda session",
        },
        icon: "megaphone",
        shape: KindShape::Plain,
        verb: Verb::LogActivity,
        fields: &[
            FieldSpec::required("topic", "Chủ đề", "Topic", FieldType::Choice { choices: TOPICS }),
            FieldSpec::required("venue", "Địa điểm", "Venue", FieldType::Text { max: 200 }),
            FieldSpec::required(
                "attendee_count",
                "Số người dự",
                "Attendees",
                FieldType::Integer { min: 1, max: 100_000 },
            )
            .unit("người", "people"),
            FieldSpec::optional(
                "household_count",
                "Số hộ dự",
                "Households",
                FieldType::Integer { min: 0, max: 50_000 },
            )
            .unit("hộ", "households"),
            FieldSpec::optional(
                "audience",
                "Người nghe",
                "Audience",
                FieldType::Choices { choices: AUDIENCES },
            ),
            FieldSpec::detail(
                "presenter",
                "Báo cáo viên (cơ quan)",
                "Presenter (agency)",
                FieldType::Text { max: 200 },
            ),
            FieldSpec::detail("note", "Ghi chú", "Note", FieldType::LongText { max: 2_000 }),
        ],
        feeds: &["D0-A1.17b", "C2.2"],
    },
    KindSpec {
        id: "training_class",
        group: KindGroup::Capacity,
        label: Label {
            vi: "Lớp tập huấn, bồi dưỡng",
            en: "Training class",
        },
        icon: "graduation-cap",
        shape: KindShape::Plain,
        verb: Verb::LogActivity,
        fields: &[
            FieldSpec::required("subject", "Nội dung", "Subject", FieldType::Text { max: 300 }),
            FieldSpec::required("venue", "Địa điểm", "Venue", FieldType::Text { max: 200 }),
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
            FieldSpec::detail(
                "organiser",
                "Đơn vị tổ chức",
                "Organiser",
                FieldType::Text { max: 200 },
            ),
            FieldSpec::detail("note", "Ghi chú", "Note", FieldType::LongText { max: 2_000 }),
        ],
        feeds: &["D0-A1.16", "C3.12"],
    },
];
