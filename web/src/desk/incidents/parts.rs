//! Small parts of cases that several places show.

use crate::desk::now;
use crate::icons;
use crate::ui::{Chip, Tone};
use crate::words::{domain, incidents as n, when};
use keng_shared::api::CaseRow;
use keng_shared::incident::Severity;
use keng_shared::incident::case::CaseState;
use leptos::prelude::*;

/// Less than this is soon: 2 hours.
const SOON_MS: i64 = 2 * 3_600_000;

/// How bad.
#[component]
pub fn SeverityChip(severity: Severity) -> impl IntoView {
    let (tone, icon) = match severity {
        Severity::Critical => (Tone::Danger, icons::SIREN),
        Severity::High => (Tone::Warn, icons::TRIANGLE_ALERT),
        Severity::Medium => (Tone::Info, icons::EYE),
        Severity::Low => (Tone::Quiet, icons::INFO),
    };
    view! { <Chip tone icon words=domain::severity_short(severity)/> }
}

/// Where a case stands.
#[component]
pub fn StateChip(state: CaseState) -> impl IntoView {
    let (tone, icon) = match state {
        CaseState::Received => (Tone::Info, icons::INBOX),
        CaseState::Verifying => (Tone::Primary, icons::EYE),
        CaseState::HandedOver => (Tone::Primary, icons::SEND),
        CaseState::Resolved => (Tone::Good, icons::CIRCLE_CHECK),
        CaseState::NotConfirmed | CaseState::Withdrawn => (Tone::Quiet, icons::BAN),
    };
    view! { <Chip tone icon words=n::column(state)/> }
}

/// How much time is left, in words, with an icon and a colour.
#[component]
pub fn DueChip(case: CaseRow) -> impl IntoView {
    let left = case.due_at.since(now());
    let (tone, icon) = match left {
        left if left < 0 => (Tone::Danger, icons::CIRCLE_ALERT),
        left if left < SOON_MS => (Tone::Warn, icons::TIMER),
        _ => (Tone::Quiet, icons::TIMER),
    };
    let reason = when::full(case.due_at);
    case.state
        .is_due()
        .then(|| view! { <Chip tone icon words=n::due_words(case.due_at, now()) reason/> })
}
