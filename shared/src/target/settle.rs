//! Which of the records that are the same count, when only so many may.

use super::plan::{Keep, Limit};
use super::rule::{Facts, NotCounted, Rule, Ruling, Share, judge};
use crate::id::{AreaId, RecordId};
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
    /// It was accepted after the cut-off.
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
            share,
            standing,
        };
        shares.into_iter().map(entry).collect()
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
