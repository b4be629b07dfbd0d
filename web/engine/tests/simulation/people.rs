//! What people do on their phones.

use super::*;

impl World {
    pub(super) fn acts(&mut self, at: usize) {
        if self.phones[at].engine.is_none() {
            return;
        }
        let mine: Vec<_> = self
            .forms
            .iter()
            .filter(|(_, form)| form.phone == at && !form.evicted && !form.withdrawn && !form.is_patrol)
            .map(|(id, _)| *id)
            .collect();
        let known: Vec<_> = mine
            .iter()
            .copied()
            .filter(|id| self.phones[at].engine.as_ref().unwrap().edit(*id).is_some())
            .collect();
        match self.dice.below(10) {
            0..=2 => self.write_record(at),
            3 | 4 => match self.dice.pick(&known) {
                Some(id) => self.edit_record(at, id),
                None => self.write_record(at),
            },
            5 => match self.dice.pick(&known) {
                Some(id) if self.dice.per_cent(40) => {
                    self.did(at, Deed::Withdrawal(id));
                    self.tell(at, Event::Withdrawn { record_id: id });
                }
                Some(id) => self.take_photo(at, id),
                None => self.write_record(at),
            },
            6 | 7 => self.walk(at),
            8 => {
                let event = [Event::Online, Event::Visible, Event::SendNow, Event::Offline];
                let event = event[self.dice.below(4) as usize].clone();
                self.tell(at, event);
            }
            _ => {
                let form = session(
                    record_id(self.next_id + 500),
                    self.phones[at].owner,
                    COMMUNES[0],
                    EVENING,
                    7,
                );
                self.tell(at, Event::DraftChanged { draft: form });
            }
        }
    }

    pub(super) fn did(&mut self, at: usize, deed: Deed) {
        self.phones[at].unflushed.push(deed);
    }

    pub(super) fn write_record(&mut self, at: usize) {
        self.next_id += 1;
        let id = record_id(self.next_id);
        let person = at % 2;
        let area = if person == 0 && self.dice.per_cent(30) {
            VILLAGE
        } else {
            COMMUNES[person]
        };
        let form = Form {
            phone: at,
            area: area.0,
            next_version: 1,
            ..Form::default()
        };
        self.forms.insert(id, form);
        if self.dice.per_cent(40) {
            let owner = self.phones[at].owner;
            let draft = session(id, owner, area, self.phone_time(at), 1);
            self.tell(at, Event::DraftChanged { draft });
            self.photograph(at, id);
        }
        self.submit(at, id, area);
    }

    pub(super) fn submit(&mut self, at: usize, id: RecordId, area: AreaId) {
        let time = self.phone_time(at);
        let owner = self.phones[at].owner;
        let Some(form) = self.forms.get_mut(&id) else {
            return;
        };
        let version = form.next_version;
        form.next_version += 1;
        let write = if self.dice.per_cent(8) {
            bad_session
        } else {
            session
        };
        let draft = write(id, owner, area, time, version);
        self.did(at, Deed::Version(id, version));
        self.tell(at, Event::Submitted { draft });
    }

    pub(super) fn edit_record(&mut self, at: usize, id: RecordId) {
        let area = AreaId(self.forms[&id].area);
        self.submit(at, id, area);
    }

    pub(super) fn take_photo(&mut self, at: usize, id: RecordId) {
        let Some(draft) = self.phones[at].engine.as_ref().and_then(|engine| engine.edit(id)) else {
            return;
        };
        self.tell(at, Event::DraftChanged { draft });
        self.photograph(at, id);
        self.edit_record(at, id);
    }

    pub(super) fn photograph(&mut self, at: usize, id: RecordId) {
        self.next_id += 1;
        let photo = photo_id(self.next_id);
        self.phones[at].store.write_photo(photo, &photo_bytes(photo));
        let capture = capture(photo, id, self.phone_time(at));
        self.did(at, Deed::Photo(id, photo));
        self.tell(at, Event::PhotoTaken { capture });
    }

    pub(super) fn walk(&mut self, at: usize) {
        let id = match self.phones[at].walking {
            Some(id) => id,
            None => {
                self.next_id += 1;
                let id = record_id(self.next_id);
                let area = COMMUNES[at % 2];
                let form = Form {
                    phone: at,
                    area: area.0,
                    is_patrol: true,
                    ..Form::default()
                };
                self.forms.insert(id, form);
                self.phones[at].walking = Some(id);
                let draft = patrol(id, self.phones[at].owner, area, self.phone_time(at));
                self.did(at, Deed::Version(id, 1));
                self.tell(at, Event::Patrol(PatrolEvent::Started { draft }));
                id
            }
        };
        for _ in 0..self.dice.below(5) {
            self.now += 1_000;
            let time = self.phone_time(at);
            if time > self.phones[at].last_fix {
                self.phones[at].last_fix = time;
                self.did(at, Deed::Fix(id, time));
                self.tell(at, Event::Patrol(PatrolEvent::Fix(point(time))));
            }
        }
        match self.dice.below(6) {
            0 => self.tell(at, Event::Patrol(PatrolEvent::Hidden)),
            1 => {
                self.tell(at, Event::Patrol(PatrolEvent::Paused));
                self.tell(at, Event::Patrol(PatrolEvent::Resumed));
            }
            2 => self.photograph(at, id),
            3 => {
                self.phones[at].walking = None;
                self.end_patrol(at, id);
            }
            _ => {}
        }
    }

    pub(super) fn end_patrol(&mut self, at: usize, id: RecordId) {
        let end = PatrolEnd {
            at: self.phone_time(at),
            early_reason: None,
        };
        self.did(at, Deed::End(id));
        self.tell(at, Event::Patrol(PatrolEvent::Ended(end)));
    }

    pub(super) fn phone_time(&self, at: usize) -> Millis {
        Millis(self.now + self.phones[at].clock_off_ms)
    }
}
