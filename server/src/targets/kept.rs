//! Answers that were laid out before, kept as long as nothing that they say has changed.
//!
//! Invariant: an answer is given again only while the plan, the area tree, the day and the revision of every commune of the
//! plan are those that it was laid out from. Every change of a figure moves the revision of its commune.

use bytes::Bytes;
use keng_shared::area::AreaTree;
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::time::LocalDate;
use std::sync::{Arc, Mutex, PoisonError};

/// Most answers that are kept; the oldest leaves first.
const MOST: usize = 24;

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub plan: TargetPlanId,
    pub area: AreaId,
    /// On the tree of today.
    pub now: bool,
    /// The answer says whether its reader may change the plan.
    pub may_change: bool,
}

/// What the answer was laid out from.
#[derive(Debug, Clone)]
pub struct Stamp {
    pub tree: Arc<AreaTree>,
    pub revision: u32,
    pub today: LocalDate,
    /// Communes that are still to be counted.
    pub waiting: u32,
    /// Revisions of the communes, in the order of their ids.
    pub communes: Vec<(AreaId, i64)>,
}

impl Stamp {
    fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.tree, &other.tree)
            && self.revision == other.revision
            && self.today == other.today
            && self.waiting == other.waiting
            && self.communes == other.communes
    }
}

/// The kept answers of this process.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Vec<(Question, Stamp, Bytes)>>);

impl Kept {
    /// The answer, if it still holds.
    pub fn get(&self, question: &Question, stamp: &Stamp) -> Option<Bytes> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(asked, _, _)| asked == question)?;
        found.1.is_same(stamp).then(|| found.2.clone())
    }

    /// Keeps an answer in place of an older one to the same question.
    pub fn keep(&self, question: Question, stamp: Stamp, answer: Bytes) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(asked, _, _)| *asked != question);
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((question, stamp, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_until_a_commune_of_its_plan_changes() {
        let kept = Kept::default();
        let question = Question {
            plan: TargetPlanId(1),
            area: AreaId(2),
            now: false,
            may_change: true,
        };
        let stamp = Stamp {
            tree: Arc::default(),
            revision: 3,
            today: "2026-11-23".parse().unwrap(),
            waiting: 0,
            communes: vec![(AreaId(4), 10)],
        };
        kept.keep(question.clone(), stamp.clone(), Bytes::from_static(b"one"));
        assert_eq!(kept.get(&question, &stamp), Some(Bytes::from_static(b"one")));
        let changed = Stamp {
            communes: vec![(AreaId(4), 11)],
            ..stamp.clone()
        };
        assert_eq!(kept.get(&question, &changed), None);
        let other = Question {
            may_change: false,
            ..question
        };
        assert_eq!(kept.get(&other, &stamp), None);
    }
}
