//! The last steps of the engine, for support: names, numbers and codes; never a text, a place, a name or an id.

use keng_shared::json::{FromJson, ToJson};
use keng_shared::order;
use keng_shared::time::Millis;
use std::borrow::Cow;

/// Steps that are kept.
const LENGTH: u64 = 200;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, FromJson, ToJson)]
pub struct JournalEntry {
    /// Number of the step since the store was made.
    pub number: u64,
    /// When, by the phone's clock.
    pub at: Millis,
    /// What happened.
    pub what: Cow<'static, str>,
    /// A count or status that belongs to it.
    pub figure: Option<i64>,
    /// A problem's code that belongs to it.
    pub code: Option<Cow<'static, str>>,
}

/// The ring of the last [`LENGTH`] entries.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journal {
    entries: std::collections::VecDeque<JournalEntry>,
    next: u64,
    unsaved: u64,
}

impl Journal {
    /// The journal as the store has it.
    pub fn load(mut entries: Vec<JournalEntry>) -> Self {
        order::sort_by_key(&mut entries, |entry| entry.number);
        Self {
            next: entries.last().map_or(0, |last| last.number + 1),
            entries: entries.into(),
            unsaved: 0,
        }
    }

    /// Adds an entry.
    pub fn note(&mut self, at: Millis, what: &'static str, figure: Option<i64>, code: Option<&'static str>) {
        if self.entries.len() as u64 >= LENGTH {
            self.entries.pop_front();
        }
        self.entries.push_back(JournalEntry {
            number: self.next,
            at,
            what: what.into(),
            figure,
            code: code.map(Cow::Borrowed),
        });
        self.next += 1;
        self.unsaved = (self.unsaved + 1).min(LENGTH);
    }

    /// Entries, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &JournalEntry> {
        self.entries.iter()
    }

    /// Entries that were not saved yet, with the keys of their rows.
    pub fn take_unsaved(&mut self) -> impl Iterator<Item = (String, &JournalEntry)> {
        let saved = self.entries.len().saturating_sub(self.unsaved as usize);
        self.unsaved = 0;
        self.entries
            .iter()
            .skip(saved)
            .map(|entry| (format!("{:03}", entry.number % LENGTH), entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_keeps_the_last_entries_and_reuses_their_rows() {
        let mut journal = Journal::default();
        for i in 0..LENGTH + 5 {
            journal.note(Millis(i as i64), "woke", None, None);
        }
        assert_eq!(journal.entries().count() as u64, LENGTH);
        assert_eq!(journal.entries().next().unwrap().number, 5);
        let keys: std::collections::BTreeSet<_> = journal.take_unsaved().map(|(key, _)| key).collect();
        assert_eq!(keys.len() as u64, LENGTH);
        assert_eq!(journal.take_unsaved().count(), 0);
    }

    #[test]
    fn a_reloaded_journal_goes_on_counting() {
        let mut journal = Journal::default();
        journal.note(Millis(1), "started", None, None);
        let mut again = Journal::load(journal.entries().cloned().collect());
        again.note(Millis(2), "started", None, None);
        assert_eq!(again.entries().map(|e| e.number).collect::<Vec<_>>(), [0, 1]);
    }
}
