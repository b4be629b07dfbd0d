//! Which of the records that are the same count, when only so many may.

use super::plan::{Keep, Limit};
use super::rule::{Facts, NotCounted, Rule, Ruling, Share, is_late, judge};
use crate::id::{AreaId, RecordId};
use crate::record::RecordStatus;
use crate::time::{LocalDate, Millis};

/// Where a share stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is part of the figure.
    Counted,
    /// Another record is the same and counts.
    SameAs(RecordId),
    /// As many as may count do.
    CapReached,
    /// It happened after the deadline.
    AfterDeadline,
    /// It was accepted after the cut-off, or returned after it.
    AfterCutOff,
}

impl Standing {
    /// Whether the share came too late, for whatever reason.
    pub fn is_late(self) -> bool {
        matches!(self, Self::AfterDeadline | Self::AfterCutOff)
    }
}

/// A share of a record, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The record.
    pub record_id: RecordId,
    /// The commune of the record.
    pub commune: AreaId,
    /// When the record was accepted.
    pub accepted_at: Millis,
    /// What it adds.
    pub share: Share,
    /// Whether it does.
    pub standing: Standing,
}

impl Entry {
    /// The shares of an accepted record for a target, before [`settle`]; none when it does not count and is not late.
    pub fn of(rule: &Rule<'_>, record_id: RecordId, facts: &Facts<'_>) -> Vec<Self> {
        let (standing, shares) = match judge(rule, facts) {
            Some(Ruling::Counted(shares)) => (Standing::Counted, shares),
            Some(Ruling::Late(NotCounted::AfterCutOff { .. }, shares)) => (Standing::AfterCutOff, shares),
            Some(Ruling::Late(_, shares)) => (Standing::AfterDeadline, shares),
            Some(Ruling::Not(_)) | None => return Vec::new(),
        };
        let entry = |share| Self {
            record_id,
            commune: facts.commune,
            accepted_at: facts.accepted_at.unwrap_or_default(),
            // A broadcast may be in time for one village and late for another.
            standing: match standing {
                Standing::Counted if is_late(rule, facts.commune, &share) => Standing::AfterDeadline,
                standing => standing,
            },
            share,
        };
        shares.into_iter().map(entry).collect()
    }

    /// The shares of a record that stood as accepted when the cut-off passed and was returned since: they are part of the
    /// figure no more, and stay in the late list as its correction.
    pub fn taken_back(
        rule: &Rule<'_>,
        record_id: RecordId,
        facts: &Facts<'_>,
        accepted_at: Millis,
    ) -> Vec<Self> {
        let then = Facts {
            status: RecordStatus::Accepted,
            accepted_at: Some(accepted_at),
            ..*facts
        };
        let mut entries = Self::of(rule, record_id, &then);
        // What was late already changed no figure.
        entries.retain(|entry| !entry.standing.is_late());
        for entry in &mut entries {
            entry.standing = Standing::AfterCutOff;
        }
        entries
    }

    /// Whether it is a correction: see [`Self::taken_back`].
    pub fn is_taken_back(&self, cut_off: LocalDate) -> bool {
        let accepted_on = self.accepted_at.local_date();
        self.standing == Standing::AfterCutOff && accepted_on.is_some_and(|day| day <= cut_off)
    }

    fn order(&self) -> (LocalDate, Millis, RecordId, AreaId) {
        (self.share.date, self.accepted_at, self.record_id, self.share.area)
    }
}

/// Decides which entries of one group count. Late ones take no place.
pub fn settle(limit: &Limit, group: &mut [Entry]) {
    let mut order: Vec<usize> = (0..group.len()).collect();
    order.retain(|index| group.get(*index).is_some_and(|entry| !entry.standing.is_late()));
    crate::order::sort_by(&mut order, |a, b| {
        group
            .get(*a)
            .map(Entry::order)
            .cmp(&group.get(*b).map(Entry::order))
    });
    if limit.keep == Keep::Newest {
        order.reverse();
    }
    let most = usize::try_from(limit.most.max(1)).unwrap_or(usize::MAX);
    let first = order
        .first()
        .and_then(|index| group.get(*index))
        .map(|entry| entry.record_id);
    for (place, index) in order.into_iter().enumerate() {
        let Some(entry) = group.get_mut(index) else {
            continue;
        };
        entry.standing = match (place < most, most, first) {
            (true, _, _) => Standing::Counted,
            (false, 1, Some(other)) => Standing::SameAs(other),
            (false, _, _) => Standing::CapReached,
        };
    }
}
