//! The components of both programs: small, on native elements, worded and labelled.
//!
//! A component knows neither storage nor network nor the browser: it takes values and calls back. What must stay in
//! place while it changes is a [`Signal`]; everything else is a plain value. Texts come from [`crate::words`].

mod button;
mod check;
mod chip;
mod choice;
#[cfg(test)]
mod contrast;
mod dialog;
mod disclosure;
mod empty;
mod error_summary;
mod facts;
mod field;
mod file_list;
mod input;
mod live;
mod map_view;
mod missed_areas;
mod nav;
mod notice;
mod order_head;
mod photo_strip;
mod place_picker;
mod progress;
mod proposed_slot;
mod qr;
mod shift_chip;
mod skeleton;
mod table;
mod toast;

pub use button::{Button, ButtonKind, LinkButton, Submits};
pub use check::Checkboxes;
pub use chip::{Chip, FlagChip, StatusBadge, Tone};
pub use choice::{ChoiceButtons, Direction};
pub use dialog::{Dialog, DialogActions, open_while};
pub use disclosure::Disclosure;
pub use empty::EmptyState;
pub use error_summary::{ERROR_SUMMARY_ID, ErrorSummary};
pub use facts::{Fact, Facts};
pub use field::{Field, Required, described_by};
pub use file_list::{FileLine, FileList, FilePicker};
pub use input::{
    DateInput, DateTimeInput, NumberInput, PasswordInput, Select, TextArea, TextInput, TimeInput,
};
pub use live::live;
pub use map_view::{MapView, Refit, Tiles};
pub use missed_areas::{Missed, MissedAreas};
pub use nav::{BottomBar, Holds, NavItem, Tabs};
pub use notice::Notice;
pub use order_head::{Order, OrderHead};
pub use photo_strip::{PhotoStrip, PhotoTile};
pub use place_picker::{Landmark, PlacePicker};
pub use progress::ProgressBar;
pub use proposed_slot::{ProposedSlot, Said};
pub use qr::QrCode;
pub use shift_chip::{ShiftChip, shift_tone};
pub use skeleton::{Skeleton, SkeletonBlock};
pub use table::Table;
pub use toast::{ToastBox, Toasts, use_toasts};

use std::sync::atomic::{AtomicU32, Ordering};

/// An answer of a choice: its value and its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What is stored.
    pub value: String,
    /// What is read.
    pub words: String,
}

impl Answer {
    /// An answer.
    pub fn new(value: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            words: words.into(),
        }
    }
}

/// An id for an element that nobody names from outside.
fn fresh_id(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
