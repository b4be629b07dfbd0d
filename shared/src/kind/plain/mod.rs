//! The plain kinds, one file a group. Adding one is adding an entry here; forms, pages, search and the API follow.
//!
//! Names of persons have no field anywhere: what concerns people is counted.

mod assessment;
mod capacity;
mod direction;
mod event;
mod field_work;
mod model;
mod propaganda;
mod recognition;
mod service;

use super::field::{Choice, FieldSpec, FieldType, Label, Need, choice};
use super::{KindGroup, KindShape, KindSpec};
use crate::permission::Verb;

/// Every plain kind, in the order in which people see them.
pub(super) const GROUPS: &[&[KindSpec]] = &[
    field_work::KINDS,
    propaganda::KINDS,
    event::KINDS,
    model::KINDS,
    recognition::KINDS,
    direction::KINDS,
    capacity::KINDS,
    service::KINDS,
    assessment::KINDS,
];

/// A plain kind that everybody who works in the field may log.
const fn plain(
    id: &'static str,
    group: KindGroup,
    vi: &'static str,
    en: &'static str,
    icon: &'static str,
    fields: &'static [FieldSpec],
    feeds: &'static [&'static str],
) -> KindSpec {
    KindSpec {
        id,
        group,
        label: Label { vi, en },
        icon,
        shape: KindShape::Plain,
        verb: Verb::LogActivity,
        fields,
        files: 0,
        feeds,
    }
}

/// A plain kind of the commune's office.
const fn office(
    id: &'static str,
    group: KindGroup,
    vi: &'static str,
    en: &'static str,
    icon: &'static str,
    fields: &'static [FieldSpec],
    feeds: &'static [&'static str],
) -> KindSpec {
    KindSpec {
        verb: Verb::LogOfficeWork,
        ..plain(id, group, vi, en, icon, fields, feeds)
    }
}

const LINE: FieldType = FieldType::Text { max: 300 };
const WORDS: FieldType = FieldType::LongText { max: 2_000 };

const NOTE: FieldSpec = FieldSpec::detail("note", "Ghi chú", "Note", WORDS);
const VENUE: FieldSpec = FieldSpec::required("venue", "Địa điểm", "Venue", FieldType::Text { max: 200 });
const CONTENT: FieldSpec = FieldSpec::required("content", "Nội dung", "Content", WORDS);
const RESULT: FieldSpec = FieldSpec::optional("result", "Kết quả", "Result", WORDS);
const ORGANISER: FieldSpec = FieldSpec::detail(
    "organiser",
    "Đơn vị tổ chức",
    "Organiser",
    FieldType::Text { max: 200 },
);
const ATTENDEES: FieldSpec =
    FieldSpec::required("attendee_count", "Số người dự", "Attendees", COUNT_FROM_1).unit("người", "people");
const AUDIENCE: FieldSpec = FieldSpec::optional(
    "audience",
    "Người nghe, thành phần dự",
    "Audience",
    FieldType::Choices { choices: AUDIENCES },
);
const PHRASE: FieldSpec = FieldSpec::required("name", "Tên", "Name", LINE);
const DECISION: FieldSpec = FieldSpec::optional(
    "decision_number",
    "Số quyết định",
    "Decision number",
    FieldType::DocumentNumber,
);
const DECISION_DATE: FieldSpec = FieldSpec::optional(
    "decision_date",
    "Ngày quyết định",
    "Date of the decision",
    FieldType::Date,
);
const PERIOD: FieldSpec =
    FieldSpec::required("period", "Từ ngày, đến ngày", "From and until", FieldType::Dates);

/// Anything that can be counted in a commune.
const COUNT: FieldType = FieldType::Integer {
    min: 0,
    max: 1_000_000,
};
const COUNT_FROM_1: FieldType = FieldType::Integer {
    min: 1,
    max: 1_000_000,
};

/// Something counted that may be left out.
const fn count(id: &'static str, vi: &'static str, en: &'static str) -> FieldSpec {
    FieldSpec::optional(id, vi, en, COUNT)
}

/// Something counted that must be there.
const fn figure(id: &'static str, vi: &'static str, en: &'static str) -> FieldSpec {
    FieldSpec::required(id, vi, en, COUNT)
}

const fn one_of(
    id: &'static str,
    vi: &'static str,
    en: &'static str,
    choices: &'static [Choice],
) -> FieldSpec {
    FieldSpec::required(id, vi, en, FieldType::Choice { choices })
}

/// Who listens; groups, never persons.
const AUDIENCES: &[Choice] = &[
    choice("residents", "Nhân dân", "Residents"),
    choice("pupils", "Học sinh, sinh viên", "Pupils and students"),
    choice("workers", "Công nhân, người lao động", "Workers"),
    choice("core_force", "Lực lượng nòng cốt", "Core force"),
    choice("officials", "Cán bộ, đảng viên", "Officials"),
    choice("police", "Công an", "Police"),
    choice(
        "guards",
        "Bảo vệ cơ quan, doanh nghiệp, trường học",
        "Guards of agencies and schools",
    ),
];

/// How high something was decided.
const LEVELS: &[Choice] = &[
    choice("central", "Trung ương", "Central"),
    choice("ministry", "Bộ, ngành", "Ministry"),
    choice("province", "Tỉnh", "Province"),
    choice("district", "Huyện (đến 30/6/2025)", "District (until 30/6/2025)"),
    choice("commune", "Xã", "Commune"),
];
