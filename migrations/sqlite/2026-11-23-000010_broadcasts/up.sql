-- Loudspeaker sessions: weekly schedules, which slot is which session, and which areas a session covered.

-- A weekly schedule of a station. `terms` is the checked JSON of keng_shared::loudspeaker::ScheduleTerms; an ended
-- schedule stays, for sessions name it.
CREATE TABLE broadcast_schedule (
    id INTEGER PRIMARY KEY,
    area_id INTEGER NOT NULL REFERENCES area (id),
    sort TEXT NOT NULL,
    terms TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES app_user (id),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX broadcast_schedule_area ON broadcast_schedule (area_id, sort) WHERE ended_at IS NULL;
CREATE INDEX broadcast_schedule_created_by ON broadcast_schedule (created_by);

-- One slot is one session: the key is the guard. What lists need of the session is copied from its body in the
-- transaction that stores the body. `minute` counts from midnight.
CREATE TABLE broadcast_slot (
    schedule_id INTEGER NOT NULL REFERENCES broadcast_schedule (id),
    local_date TEXT NOT NULL,
    minute INTEGER NOT NULL,
    record_id TEXT NOT NULL UNIQUE REFERENCES record (id),
    author_id TEXT NOT NULL REFERENCES app_user (id),
    topic TEXT NOT NULL,
    minutes INTEGER NOT NULL,
    aired INTEGER NOT NULL,
    missed INTEGER NOT NULL,
    late INTEGER NOT NULL,
    PRIMARY KEY (schedule_id, local_date, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_slot_author ON broadcast_slot (author_id);

-- The areas that a session covered; `aired` is 1 where it was heard. Rows of a withdrawn session are removed.
CREATE TABLE broadcast_area (
    record_id TEXT NOT NULL REFERENCES record (id),
    area_id INTEGER NOT NULL REFERENCES area (id),
    local_date TEXT NOT NULL,
    aired INTEGER NOT NULL,
    PRIMARY KEY (record_id, area_id)
) STRICT, WITHOUT ROWID;
-- Weeks and coverage of an area.
CREATE INDEX broadcast_area_date ON broadcast_area (area_id, local_date, aired, record_id);
