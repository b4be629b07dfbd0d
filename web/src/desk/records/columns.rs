//! The columns of the table: their names, their order, what stands in a cell.

use crate::desk::known::Known;
use crate::desk::now;
use crate::icons::{self, Picture};
use crate::ui::{Chip, StatusBadge, Tone};
use crate::words::{desk as d, domain, records as w, when};
use keng_shared::api::{RecordRow, RecordSort};
use keng_shared::record::Flag;
use keng_shared::risk;
use leptos::prelude::*;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Date,
    Time,
    Kind,
    Area,
    Team,
    Author,
    Photos,
    Flags,
    Status,
    Received,
    /// One signal, marked where a record shows it.
    Flag(Flag),
}

/// Which way an order runs at the first press of its head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    Ascending,
    Descending,
}

impl Column {
    /// Those of every table, in the order in which they stand; one for each signal follows.
    pub const PLAIN: [Self; 10] = [
        Self::Date,
        Self::Time,
        Self::Kind,
        Self::Area,
        Self::Team,
        Self::Author,
        Self::Photos,
        Self::Flags,
        Self::Status,
        Self::Received,
    ];
    /// Those that are shown until somebody chooses.
    pub const USUAL: [Self; 8] = [
        Self::Date,
        Self::Kind,
        Self::Area,
        Self::Author,
        Self::Photos,
        Self::Flags,
        Self::Status,
        Self::Received,
    ];

    /// All, in the order in which they stand.
    pub fn all() -> impl Iterator<Item = Self> {
        let signals = Flag::ALL.into_iter().map(Self::Flag);
        Self::PLAIN.into_iter().chain(signals)
    }

    /// The id in addresses and saved views.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Date => "date",
            Self::Time => "time",
            Self::Kind => "kind",
            Self::Area => "area",
            Self::Team => "team",
            Self::Author => "author",
            Self::Photos => "photos",
            Self::Flags => "flags",
            Self::Status => "status",
            Self::Received => "received",
            Self::Flag(flag) => flag.as_str(),
        }
    }

    /// The column with this id.
    pub fn parse(text: &str) -> Option<Self> {
        Self::all().find(|column| column.as_str() == text)
    }

    /// Its head.
    pub fn words(self) -> &'static str {
        match self {
            Self::Date => w::column_date(),
            Self::Time => w::column_time(),
            Self::Kind => w::column_kind(),
            Self::Area => w::column_area(),
            Self::Team => w::column_team(),
            Self::Author => w::column_author(),
            Self::Photos => w::column_photos(),
            Self::Flags => w::column_flags(),
            Self::Status => w::column_status(),
            Self::Received => w::column_received(),
            Self::Flag(flag) => domain::flag(flag),
        }
    }

    /// The order that its head gives, where it gives one.
    pub fn order(self) -> Option<(RecordSort, Begins)> {
        match self {
            Self::Date => Some((RecordSort::Date, Begins::Descending)),
            Self::Area => Some((RecordSort::Area, Begins::Ascending)),
            Self::Author => Some((RecordSort::Author, Begins::Ascending)),
            Self::Received => Some((RecordSort::Newest, Begins::Descending)),
            Self::Kind => Some((RecordSort::Kind, Begins::Ascending)),
            Self::Team => Some((RecordSort::Team, Begins::Ascending)),
            Self::Status => Some((RecordSort::Status, Begins::Ascending)),
            Self::Flags => Some((RecordSort::Signals, Begins::Descending)),
            Self::Time | Self::Photos | Self::Flag(_) => None,
        }
    }

    /// What stands in the cell of a record.
    pub fn cell(self, row: &RecordRow, known: Known) -> AnyView {
        match self {
            Self::Date => when::date(row.local_date).into_any(),
            Self::Time => view! { <span class="nowrap">{hours(row)}</span> }.into_any(),
            Self::Kind => domain::kind(&row.kind).into_any(),
            Self::Area => row.area_name.clone().into_any(),
            Self::Team => row.team_id.map(|team| known.team(team)).into_any(),
            Self::Author => row.author.name.clone().into_any(),
            Self::Photos => photos(row).into_any(),
            Self::Flags => flags(row).into_any(),
            Self::Status => view! { <StatusBadge status=row.status/> }.into_any(),
            Self::Received => {
                view! { <span class="nowrap">{when::instant(row.received_at, now())}</span> }.into_any()
            }
            Self::Flag(flag) => mark(row, flag).into_any(),
        }
    }

    /// Whether its cells are numbers.
    pub fn is_number(self) -> bool {
        self == Self::Photos
    }
}

fn hours(row: &RecordRow) -> String {
    let from = when::time(row.started_at);
    match row.ended_at {
        Some(to) => format!("{from}–{}", when::time(to)),
        None => from,
    }
}

fn photos(row: &RecordRow) -> String {
    match (row.photos_held, row.photos) {
        (_, 0) => String::new(),
        (held, listed) if held == listed => listed.to_string(),
        (held, listed) => format!("{held}/{listed}"),
    }
}

fn flags(row: &RecordRow) -> impl IntoView + use<> {
    let worst = risk::by_weight(&row.flags).first().copied()?;
    let words = match row.flags.len() {
        1 => domain::flag(worst).to_owned(),
        many => d::flag_and_more(domain::flag(worst), many - 1),
    };
    let reasons: Vec<&str> = row.flags.iter().map(|&flag| domain::flag(flag)).collect();
    Some(view! { <Chip tone=Tone::Warn icon=icons::TRIANGLE_ALERT words reason=reasons.join(", ")/> })
}

/// The mark of one signal, with its sentence.
fn mark(row: &RecordRow, flag: Flag) -> impl IntoView + use<> {
    row.flags.contains(&flag).then(|| {
        let reason = domain::flag_reason(flag);
        view! {
            <span class="records-mark" title=reason>
                <Picture icon=icons::TRIANGLE_ALERT/>
                <span class="unseen">{reason}</span>
            </span>
        }
    })
}
