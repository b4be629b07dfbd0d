//! Small labels: icon, word and colour together, never colour alone.

use crate::icons::{self, Icon, Picture};
use crate::words::domain;
use keng_shared::record::{Flag, RecordStatus};
use leptos::prelude::*;

/// How something is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Over, or of no weight.
    Quiet,
    /// To know.
    #[default]
    Info,
    /// Ours, at work.
    Primary,
    /// Done.
    Good,
    /// To look at.
    Warn,
    /// Wrong.
    Danger,
}

impl Tone {
    /// The icon of a message in this tone.
    pub fn icon(self) -> Icon {
        match self {
            Self::Quiet | Self::Info | Self::Primary => icons::INFO,
            Self::Good => icons::CIRCLE_CHECK,
            Self::Warn => icons::TRIANGLE_ALERT,
            Self::Danger => icons::CIRCLE_ALERT,
        }
    }

    fn chip_class(self) -> &'static str {
        match self {
            Self::Quiet => "chip",
            Self::Info => "chip chip-info",
            Self::Primary => "chip chip-primary",
            Self::Good => "chip chip-good",
            Self::Warn => "chip chip-warn",
            Self::Danger => "chip chip-danger",
        }
    }
}

/// A small label.
#[component]
pub fn Chip(
    /// How it is meant.
    #[prop(optional)]
    tone: Tone,
    /// The icon; that of the tone if missing.
    #[prop(into, optional)]
    icon: Option<Icon>,
    /// The word.
    #[prop(into)]
    words: String,
    /// The sentence behind the word, shown on hover and read aloud.
    #[prop(into, optional)]
    reason: Option<String>,
) -> impl IntoView {
    let icon = icon.unwrap_or_else(|| tone.icon());
    let unseen = reason
        .clone()
        .map(|reason| view! { <span class="unseen">": "{reason}</span> });
    view! {
        <span class=tone.chip_class() title=reason>
            <Picture icon/>
            <span>{words}{unseen}</span>
        </span>
    }
}

/// Where a record stands.
#[component]
pub fn StatusBadge(
    /// The status.
    status: RecordStatus,
) -> impl IntoView {
    let (tone, icon) = match status {
        RecordStatus::Open => (Tone::Primary, icons::FOOTPRINTS),
        RecordStatus::Submitted => (Tone::Info, icons::HOURGLASS),
        RecordStatus::Accepted => (Tone::Good, icons::CIRCLE_CHECK),
        RecordStatus::Returned => (Tone::Warn, icons::UNDO_2),
        RecordStatus::Withdrawn => (Tone::Quiet, icons::BAN),
    };
    view! { <Chip tone icon words=domain::record_status(status)/> }
}

/// Something that a reviewer should look at.
#[component]
pub fn FlagChip(
    /// The flag.
    flag: Flag,
) -> impl IntoView {
    view! {
        <Chip
            tone=Tone::Warn
            icon=icons::TRIANGLE_ALERT
            words=domain::flag(flag)
            reason=domain::flag_reason(flag).to_owned()
        />
    }
}
