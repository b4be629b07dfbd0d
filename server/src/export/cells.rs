//! What a row of an exported table holds: the same columns for every format.

use super::Exported;
use super::own_columns::Own;
use keng_shared::api::FileLanguage;
use keng_shared::kind::{self, FieldSpec, FieldType, KindSpec, Label};
use keng_shared::record::RecordStatus;
use keng_shared::time::{LocalDate, Millis};
use serde_json::Value;

/// A value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Empty,
    Text(String),
    Number(f64),
    Date(LocalDate),
    Time(Millis),
}

/// A text that a spreadsheet would take for a formula: it begins with `= + - @`, a tab or a line end.
pub fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The columns of a table. With one kind each of its fields is a column, and what only this kind has; otherwise all of
/// them share one.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    language: FileLanguage,
    kind: Option<&'static KindSpec>,
    own: Option<Own>,
}

impl Columns {
    /// The columns for records of this kind, or of any kind.
    pub fn of(kind: Option<&str>, language: FileLanguage) -> Self {
        Self {
            language,
            own: kind.and_then(Own::of),
            kind: kind.and_then(kind::find).filter(|kind| !kind.fields.is_empty()),
        }
    }

    /// Names of the columns.
    pub fn heads(&self) -> Vec<String> {
        let mut heads: Vec<String> = HEADS.iter().map(|label| self.word(*label)).collect();
        if self.is_mixed() {
            heads.push(self.word(DETAILS));
        }
        let fields = self.kind.into_iter().flat_map(|kind| kind.fields);
        heads.extend(fields.map(|field| self.head_of(field)));
        let own = self.own.into_iter().flat_map(Own::heads);
        heads.extend(own.map(|label| self.word(*label)));
        heads
    }

    /// Cells of a record, one a column.
    pub fn cells(&self, record: &Exported) -> Vec<Cell> {
        let row = &record.row;
        let place =
            |axis: fn((f64, f64)) -> f64| record.position.map_or(Cell::Empty, |at| Cell::Number(axis(at)));
        let kind = kind::find(&row.kind);
        let flags: Vec<String> = row.flags.iter().map(|flag| self.word(flag.label())).collect();
        let mut cells = vec![
            Cell::Date(row.local_date),
            text(kind.map_or_else(|| row.kind.clone(), |kind| self.word(kind.label))),
            text(row.area_name.clone()),
            text(record.commune.clone()),
            text(row.author.name.clone()),
            text(record.team.clone()),
            Cell::Time(row.started_at),
            row.ended_at.map_or(Cell::Empty, Cell::Time),
            text(self.word(status(row.status))),
            number(row.photos),
            number(row.photos_held),
            text(flags.join("; ")),
            place(|(lat, _)| lat),
            place(|(_, lon)| lon),
            Cell::Time(row.received_at),
            text(row.id.to_string()),
        ];
        if self.is_mixed() {
            cells.push(text(self.details(kind, record)));
        }
        let fields = self.kind.into_iter().flat_map(|kind| kind.fields);
        cells.extend(fields.map(|field| self.field(field, &record.body)));
        cells.extend(
            self.own
                .into_iter()
                .flat_map(|own| own.cells(record, |label| self.word(label))),
        );
        cells
    }

    /// Whether records of any kind share the table.
    fn is_mixed(&self) -> bool {
        self.kind.is_none() && self.own.is_none()
    }

    fn word(&self, label: Label) -> String {
        match self.language {
            FileLanguage::Vi => label.vi.to_owned(),
            FileLanguage::En => label.en.to_owned(),
        }
    }

    fn head_of(&self, field: &FieldSpec) -> String {
        let unit = self.word(field.unit);
        match unit.is_empty() {
            true => self.word(field.label),
            false => format!("{} ({unit})", self.word(field.label)),
        }
    }

    fn field(&self, field: &FieldSpec, body: &Value) -> Cell {
        let choice = |id: &str| {
            let choices = match field.field_type {
                FieldType::Choice { choices } | FieldType::Choices { choices } => choices,
                _ => &[],
            };
            let known = choices.iter().find(|choice| choice.id == id);
            known.map_or_else(|| id.to_owned(), |choice| self.word(choice.label))
        };
        match (body.get(field.id), field.field_type) {
            (Some(Value::String(answer)), FieldType::Date) => answer.parse().map_or(Cell::Empty, Cell::Date),
            (Some(Value::String(answer)), _) => text(choice(answer)),
            (Some(Value::Number(answer)), _) => answer.as_f64().map_or(Cell::Empty, Cell::Number),
            (Some(Value::Array(answers)), _) => {
                let answers: Vec<String> = answers.iter().filter_map(Value::as_str).map(choice).collect();
                text(answers.join("; "))
            }
            _ => Cell::Empty,
        }
    }

    /// All fields of a record in one text.
    fn details(&self, kind: Option<&KindSpec>, record: &Exported) -> String {
        let named = |(name, cell): (String, Cell)| match cell {
            Cell::Empty => None,
            cell => Some(format!("{name}: {}", plain(&cell))),
        };
        let fields = kind.into_iter().flat_map(|kind| kind.fields);
        let fields = fields.filter_map(|field| named((self.head_of(field), self.field(field, &record.body))));
        let own = Own::of(&record.row.kind);
        let own = own.and_then(|own| own.sentence(record, |label| self.word(label)));
        fields.chain(own).collect::<Vec<_>>().join("; ")
    }
}

/// A cell as text: dates as `2026-11-22`, times as `2026-11-22 21:00` on the clock of Việt Nam.
pub fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Time(at) => {
            local_time(*at).map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M").to_string())
        }
    }
}

/// An instant by the wall clock of Việt Nam.
pub fn local_time(at: Millis) -> Option<chrono::NaiveDateTime> {
    let local = at.0.checked_add(keng_shared::time::LOCAL_OFFSET_MS)?;
    chrono::DateTime::from_timestamp_millis(local).map(|at| at.naive_utc())
}

pub(super) fn number(number: u32) -> Cell {
    Cell::Number(f64::from(number))
}

pub(super) fn text(text: String) -> Cell {
    match text.is_empty() {
        true => Cell::Empty,
        false => Cell::Text(text),
    }
}

fn status(status: RecordStatus) -> Label {
    match status {
        RecordStatus::Open => Label {
            vi: "Đang diễn ra",
            en: "Under way",
        },
        RecordStatus::Submitted => Label {
            vi: "Chờ duyệt",
            en: "Waiting for review",
        },
        RecordStatus::Accepted => Label {
            vi: "Đã duyệt",
            en: "Accepted",
        },
        RecordStatus::Returned => Label {
            vi: "Trả lại",
            en: "Returned",
        },
        RecordStatus::Withdrawn => Label {
            vi: "Đã rút",
            en: "Withdrawn",
        },
    }
}

const HEADS: [Label; 16] = [
    Label {
        vi: "Ngày",
        en: "Date",
    },
    Label {
        vi: "Loại việc",
        en: "Kind",
    },
    Label {
        vi: "Địa bàn",
        en: "Area",
    },
    Label {
        vi: "Xã",
        en: "Commune",
    },
    Label {
        vi: "Người ghi",
        en: "Author",
    },
    Label {
        vi: "Tổ", en: "Team"
    },
    Label {
        vi: "Bắt đầu",
        en: "Start",
    },
    Label {
        vi: "Kết thúc",
        en: "End",
    },
    Label {
        vi: "Trạng thái",
        en: "State",
    },
    Label {
        vi: "Số ảnh",
        en: "Photos",
    },
    Label {
        vi: "Ảnh đã nhận",
        en: "Photos held",
    },
    Label {
        vi: "Cờ",
        en: "Flags",
    },
    Label {
        vi: "Vĩ độ",
        en: "Latitude",
    },
    Label {
        vi: "Kinh độ",
        en: "Longitude",
    },
    Label {
        vi: "Nhận lúc",
        en: "Received",
    },
    Label { vi: "Mã", en: "Id" },
];
const DETAILS: Label = Label {
    vi: "Nội dung",
    en: "Details",
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_known_by_its_first_character() {
        for formula in ["=1+1", "+84", "-cmd", "@SUM(A1)", "\t=1", "\r=1"] {
            assert!(looks_like_formula(formula), "{formula}");
        }
        for text in ["Thôn = làng", "21:00", "", "'=1"] {
            assert!(!looks_like_formula(text), "{text}");
        }
    }

    #[test]
    fn a_plain_kind_has_a_column_a_field_and_a_mixed_table_one_for_all() {
        let mixed = Columns::of(None, FileLanguage::Vi).heads();
        let plain = Columns::of(Some("direct_propaganda_session"), FileLanguage::En).heads();
        assert_eq!(mixed.last().map(String::as_str), Some("Nội dung"));
        assert!(plain.len() > mixed.len() && plain[0] == "Date", "{plain:?}");
        for (kind, own) in [
            ("patrol", "Quãng đường (km)"),
            ("loudspeaker_session", "Khu không nghe được, vì sao"),
            ("camera_incident", "Tình trạng vụ việc"),
        ] {
            let heads = Columns::of(Some(kind), FileLanguage::Vi).heads();
            assert!(heads.iter().any(|head| head == own), "{heads:?}");
            assert!(!heads.iter().any(|head| head == "Nội dung"), "{heads:?}");
        }
    }

    #[test]
    fn a_time_is_told_by_the_clock_of_viet_nam() {
        assert_eq!(plain(&Cell::Time(Millis(1_795_356_000_000))), "2026-11-22 21:00");
    }
}
