-- Cameras, cases of incidents, footage requests, the inbox. Times are milliseconds since the Unix epoch, dates are TEXT
-- YYYY-MM-DD, UUIDs are TEXT(36), positions are whole 1e-7 degrees.

-- A camera of a camera model. `holder_name` and `holder_phone` are contact data: officers of the area only.
CREATE TABLE camera (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    area_id INTEGER NOT NULL REFERENCES area (id),
    team_id INTEGER REFERENCES team (id),
    keeper_id TEXT REFERENCES app_user (id),
    name TEXT NOT NULL,
    sort TEXT NOT NULL,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    direction_deg INTEGER NOT NULL,
    view_deg INTEGER NOT NULL,
    range_m INTEGER NOT NULL,
    keep_days INTEGER NOT NULL,
    consent_on TEXT,
    holder_name TEXT NOT NULL,
    holder_phone TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;
CREATE UNIQUE INDEX camera_name ON camera (area_id, name) WHERE retired_at IS NULL;
CREATE INDEX camera_keeper ON camera (keeper_id) WHERE keeper_id IS NOT NULL;

-- What the police did with an incident. `place_of` is report or camera: a camera's place is for officers only.
CREATE TABLE incident_case (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    commune_id INTEGER NOT NULL REFERENCES area (id),
    area_id INTEGER NOT NULL REFERENCES area (id),
    category TEXT NOT NULL,
    severity TEXT NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    place TEXT NOT NULL,
    lat_e7 INTEGER,
    lon_e7 INTEGER,
    place_of TEXT NOT NULL,
    camera_id INTEGER REFERENCES camera (id),
    happened_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    assignee_id TEXT REFERENCES app_user (id),
    changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_case_commune ON incident_case (commune_id, received_at, record_id);
CREATE INDEX incident_case_state ON incident_case (commune_id, state, received_at, record_id);
CREATE INDEX incident_case_area ON incident_case (area_id, received_at, record_id);
CREATE INDEX incident_case_near ON incident_case (commune_id, happened_at);

-- Steps of a case, oldest first by id. `action` is opened, moved, assigned, weighed, same or different; `value` is the
-- state, officer, severity or other report that it names.
CREATE TABLE case_step (
    id TEXT NOT NULL PRIMARY KEY,
    record_id TEXT NOT NULL REFERENCES incident_case (record_id),
    at INTEGER NOT NULL,
    by_id TEXT REFERENCES app_user (id),
    action TEXT NOT NULL,
    value TEXT NOT NULL,
    words TEXT NOT NULL
) STRICT;
CREATE INDEX case_step_record ON case_step (record_id, id);

-- Two reports that an officer compared; the smaller id first. `verdict` is same or different.
CREATE TABLE case_pair (
    first_id TEXT NOT NULL REFERENCES incident_case (record_id),
    second_id TEXT NOT NULL REFERENCES incident_case (record_id),
    verdict TEXT NOT NULL,
    by_id TEXT NOT NULL REFERENCES app_user (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (first_id, second_id)
) STRICT;
CREATE INDEX case_pair_second ON case_pair (second_id);

CREATE TABLE footage_request (
    id TEXT NOT NULL PRIMARY KEY,
    area_id INTEGER NOT NULL REFERENCES area (id),
    record_id TEXT REFERENCES record (id),
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    radius_m INTEGER NOT NULL,
    from_at INTEGER NOT NULL,
    to_at INTEGER NOT NULL,
    words TEXT NOT NULL,
    by_id TEXT NOT NULL REFERENCES app_user (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX footage_request_area ON footage_request (area_id, at);
CREATE INDEX footage_request_record ON footage_request (record_id) WHERE record_id IS NOT NULL;

-- The part of a request that concerns one camera. `state` is asked, kept, nothing_seen or overwritten.
CREATE TABLE footage_task (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL REFERENCES footage_request (id),
    camera_id INTEGER NOT NULL REFERENCES camera (id),
    keeper_id TEXT REFERENCES app_user (id),
    state TEXT NOT NULL,
    overwritten_at INTEGER NOT NULL,
    words TEXT NOT NULL,
    answered_at INTEGER,
    revision INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX footage_task_request ON footage_task (request_id, camera_id);
CREATE INDEX footage_task_keeper ON footage_task (keeper_id, overwritten_at) WHERE keeper_id IS NOT NULL;

-- Who holds a clip, one row a hand. Rows are never changed.
CREATE TABLE footage_custody (
    id TEXT NOT NULL PRIMARY KEY,
    task_id TEXT NOT NULL REFERENCES footage_task (id),
    holder TEXT NOT NULL,
    place TEXT NOT NULL,
    until_on TEXT,
    at INTEGER NOT NULL,
    by_id TEXT NOT NULL REFERENCES app_user (id)
) STRICT;
CREATE INDEX footage_custody_task ON footage_custody (task_id, id);

-- Lines of people's inboxes, by time of the id. `news` is JSON of keng_shared::inbox::News.
CREATE TABLE inbox_item (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    at INTEGER NOT NULL,
    news TEXT NOT NULL,
    read_at INTEGER
) STRICT;
CREATE INDEX inbox_item_user ON inbox_item (user_id, id);
CREATE INDEX inbox_item_unread ON inbox_item (user_id) WHERE read_at IS NULL;
