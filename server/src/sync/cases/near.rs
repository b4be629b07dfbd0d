//! How many reports may be the same event as each case of a list, so that an officer sees it without opening.
//!
//! One walk over the cases of the communes around those times, and one over the pairs that were judged; never a statement a
//! case.

use crate::db::cases::{self, StoredCase};
use crate::db::{Conn, DbError};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::incident::near::{Report, WITHIN_MS, may_be_same};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Most cases that are looked at; a list that spans more counts the latest.
const MOST_LOOKED_AT: i64 = 5_000;

/// For each case that is not closed, how many reports may be the same event and are not judged; those without any are
/// left out. `may_read` says whose reports the reader may know of.
pub fn counts(
    conn: &mut Conn,
    list: &[StoredCase],
    may_read: impl Fn(AreaId) -> bool,
) -> Result<HashMap<RecordId, u32>, DbError> {
    let mut open = Vec::new();
    for case in list {
        if !case.state()?.is_closed() {
            open.push(Compared::of(case)?);
        }
    }
    let times = || open.iter().map(|case| case.report.at.0);
    let (Some(first), Some(last)) = (times().min(), times().max()) else {
        return Ok(HashMap::new());
    };
    let communes: BTreeSet<i64> = list.iter().map(|case| case.commune_id).collect();
    let communes: Vec<i64> = communes.into_iter().collect();
    let (from, to) = (first.saturating_sub(WITHIN_MS), last.saturating_add(WITHIN_MS));
    let around = cases::begun_between(conn, &communes, from, to, MOST_LOOKED_AT)?;
    let mut others = Vec::with_capacity(around.len());
    for case in around.iter().filter(|case| may_read(case.area())) {
        others.push(Compared::of(case)?);
    }
    others.sort_by_key(|case| case.report.at);
    let mut pairs = Vec::new();
    for case in &open {
        let begin = others.partition_point(|other| other.report.at.since(case.report.at) < -WITHIN_MS);
        let near = others.iter().skip(begin);
        let near = near.take_while(|other| other.report.at.since(case.report.at) <= WITHIN_MS);
        let same = near.filter(|other| {
            other.commune == case.commune && other.id != case.id && may_be_same(&case.report, &other.report)
        });
        pairs.extend(same.map(|other| (case.id, other.id)));
    }
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let firsts: HashSet<String> = pairs.iter().map(|(a, b)| (*a.min(b)).to_string()).collect();
    let firsts: Vec<&str> = firsts.iter().map(String::as_str).collect();
    let judged = cases::judged_pairs(conn, &firsts)?;
    let mut counts = HashMap::new();
    for (case, other) in pairs {
        if !judged.contains(&(case.min(other).to_string(), case.max(other).to_string())) {
            *counts.entry(case).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

/// What is compared of a case.
struct Compared {
    id: RecordId,
    commune: AreaId,
    report: Report,
}

impl Compared {
    fn of(case: &StoredCase) -> Result<Self, DbError> {
        Ok(Self {
            id: case.record()?,
            commune: case.commune(),
            report: case.report()?,
        })
    }
}
