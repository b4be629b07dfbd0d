//! What has to be true when every phone rests.

use super::*;

impl World {
    /// What became of everything.
    pub fn verdict(mut self) -> Result<Figures, String> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        if self.server.trespasses > 0 {
            return Err("a phone pushed into a record of somebody else".into());
        }
        let ids: Vec<_> = self.forms.keys().copied().collect();
        for id in ids {
            self.judge(id).map_err(|why| format!("record {id}: {why}"))?;
        }
        for stored in self.server.state.records.values() {
            if !self.forms.contains_key(&stored.draft.id) {
                return Err(format!("record {} comes from nowhere", stored.draft.id));
            }
        }
        for (id, versions) in &self.server.versions {
            if !versions.is_sorted() && !self.restored {
                return Err(format!(
                    "record {id}: an older version replaced a newer one: {versions:?}"
                ));
            }
        }
        for phone in &self.phones {
            let reach = self.server.reach(phone.owner.user_id);
            let engine = phone.engine.as_ref().ok_or("a phone is closed")?;
            let strangers = engine.entries().into_iter().filter_map(|entry| entry.server);
            let strangers = strangers.chain(engine.team_records().into_iter().cloned());
            for view in strangers {
                if !reach.contains(&view.area_id) {
                    return Err(format!(
                        "a phone keeps record {} of an area that it left",
                        view.id
                    ));
                }
            }
        }
        Ok(self.figures)
    }

    pub(super) fn judge(&mut self, id: RecordId) -> Result<(), String> {
        let form = &self.forms[&id];
        let phone = &self.phones[form.phone];
        let engine = phone.engine.as_ref().ok_or("its phone is closed")?;
        let stage = engine.entry(id).map(|entry| entry.stage);
        let there = self.server.state.records.get(&id);
        let is_set_aside = matches!(stage, Some(Stage::SetAside(_)));
        if is_set_aside {
            self.figures.set_aside += 1;
        }
        let has_left = !self
            .server
            .reach(phone.owner.user_id)
            .contains(&AreaId(form.area));
        // A server that was restored can only be filled by a phone that still has what it sent.
        let may_be_gone = self.restored && (form.evicted || form.withdrawn || has_left);
        // The newest version was set aside: the person is asked to mend it, and that will bring the record back.
        let is_replaced = self.restored && is_set_aside;
        if form.acknowledged > 0 && !may_be_gone && !is_replaced {
            let version = there.map_or(0, |stored| version_of(stored, form));
            if version < form.acknowledged {
                return Err(format!(
                    "acknowledged in version {}, but the server has {version}",
                    form.acknowledged
                ));
            }
        }
        if form.durable == 0 || form.evicted || is_set_aside {
            return Ok(());
        }
        if form.withdrawn {
            self.figures.withdrawn += 1;
            return match there {
                Some(stored) if stored.status != RecordStatus::Withdrawn && !has_left => {
                    Err(format!("withdrawn here, but {:?} there", stored.status))
                }
                _ => Ok(()),
            };
        }
        if matches!(stage, Some(Stage::Queued | Stage::Sending)) {
            return Err(format!("still {stage:?} at rest"));
        }
        let version = there.map_or(0, |stored| version_of(stored, form));
        if version != form.durable && !may_be_gone {
            return Err(format!(
                "version {} was durable, the server has {version}, it is shown as {stage:?}",
                form.durable
            ));
        }
        if may_be_gone {
            return Ok(());
        }
        self.figures.delivered += 1;
        self.judge_parts(id)
    }

    pub(super) fn judge_parts(&mut self, id: RecordId) -> Result<(), String> {
        let form = &self.forms[&id];
        let engine = self.phones[form.phone].engine.as_ref().ok_or("closed")?;
        let entry = engine.entry(id);
        for photo in &form.photos {
            let entry = entry
                .iter()
                .flat_map(|entry| &entry.photos)
                .find(|p| p.id == *photo);
            let is_set_aside =
                entry.is_some_and(|p| matches!(p.stage, keng_engine::view::PhotoStage::SetAside(_)));
            if !self.server.state.held.contains_key(photo) && !is_set_aside {
                return Err(format!("photo {photo} is not held: {entry:?}"));
            }
            self.figures.photos += 1;
        }
        let segments = self.server.state.segments.values().filter(|s| s.record_id == id);
        let mut points: Vec<_> = segments.flat_map(|s| &s.points).map(|p| p.at).collect();
        points.sort();
        if points.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("a fix is there twice".into());
        }
        if let Some(fix) = form.fixes.iter().find(|fix| !points.contains(fix)) {
            let waits = entry.map(|e| (e.segments_waiting, e.segments_set_aside.len()));
            return Err(format!(
                "the fix at {fix:?} is not there; waiting and set aside: {waits:?}"
            ));
        }
        self.figures.fixes += form.fixes.len() as u64;
        Ok(())
    }
}

/// The version of a stored record; a patrol has version 1 while it runs and 2 when it has ended.
fn version_of(stored: &crate::support::server::Stored, form: &Form) -> i64 {
    if form.is_patrol {
        if stored.status == RecordStatus::Open { 1 } else { 2 }
    } else {
        crate::support::version(&stored.draft.body)
    }
}
