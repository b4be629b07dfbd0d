-- People and areas. Times are milliseconds since the Unix epoch, dates are TEXT YYYY-MM-DD, UUIDs are TEXT(36),
-- positions are whole 1e-7 degrees. `search` and `sort` columns hold keys made by keng_shared::text.

-- Counters and settings of the installation.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Secrets of the server. `purpose` is access_token, refresh, receipt or device_cookie.
CREATE TABLE server_key (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;
CREATE INDEX server_key_purpose ON server_key (purpose, created_at);

CREATE TABLE area (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    code TEXT,
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    sort TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    centre_lat_e7 INTEGER,
    centre_lon_e7 INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX area_code ON area (code);
CREATE INDEX area_sort ON area (sort, id);

CREATE TABLE area_edge (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    child_id INTEGER NOT NULL REFERENCES area (id),
    parent_id INTEGER NOT NULL REFERENCES area (id),
    valid_from TEXT,
    valid_to TEXT
) STRICT;
CREATE UNIQUE INDEX area_edge_child ON area_edge (child_id, parent_id, valid_from);
CREATE INDEX area_edge_parent ON area_edge (parent_id);

-- GeoJSON geometry (Polygon or MultiPolygon) of an area.
CREATE TABLE area_boundary (
    area_id INTEGER PRIMARY KEY REFERENCES area (id),
    geometry TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE area_succession (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    old_id INTEGER NOT NULL REFERENCES area (id),
    new_id INTEGER NOT NULL REFERENCES area (id),
    relation TEXT NOT NULL,
    effective TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX area_succession_old ON area_succession (old_id, new_id);
CREATE INDEX area_succession_new ON area_succession (new_id);

CREATE TABLE org_unit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    sort TEXT NOT NULL,
    area_id INTEGER NOT NULL REFERENCES area (id),
    valid_from TEXT,
    valid_to TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX org_unit_area ON org_unit (area_id, sort);

CREATE TABLE team (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    sort TEXT NOT NULL,
    area_id INTEGER NOT NULL REFERENCES area (id),
    valid_from TEXT,
    valid_to TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX team_area ON team (area_id, sort);

CREATE TABLE app_user (
    id TEXT NOT NULL PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    sort TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX app_user_sort ON app_user (sort, id);

CREATE TABLE membership (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    role TEXT NOT NULL,
    area_id INTEGER NOT NULL REFERENCES area (id),
    team_id INTEGER REFERENCES team (id),
    state TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX membership_user ON membership (user_id);
CREATE INDEX membership_area ON membership (area_id);
CREATE INDEX membership_team ON membership (team_id);

-- A browser profile. Its key never changes: manifests signed with it stay checkable.
CREATE TABLE device (
    id TEXT NOT NULL PRIMARY KEY,
    public_key TEXT NOT NULL,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- A signed-in device; the family of its refresh values.
CREATE TABLE device_session (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    device_id TEXT NOT NULL REFERENCES device (id),
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    ended_reason TEXT
) STRICT;
CREATE INDEX device_session_user ON device_session (user_id, ended_at);
CREATE INDEX device_session_device ON device_session (device_id);

-- SHA-256 of each refresh value. A rotated value is kept, so that its reuse is noticed.
CREATE TABLE refresh_token (
    hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES device_session (id),
    created_at INTEGER NOT NULL,
    rotated_at INTEGER
) STRICT;
CREATE INDEX refresh_token_session ON refresh_token (session_id, rotated_at);

CREATE TABLE enrolment (
    code_hash TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    created_by TEXT REFERENCES app_user (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX enrolment_user ON enrolment (user_id);
CREATE INDEX enrolment_created_by ON enrolment (created_by);

CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    area_id INTEGER NOT NULL REFERENCES area (id),
    name TEXT NOT NULL,
    search TEXT NOT NULL,
    sort TEXT NOT NULL,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    radius_m INTEGER NOT NULL,
    qr_token TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;
CREATE INDEX checkpoint_area ON checkpoint (area_id, sort);

CREATE TABLE patrol_plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    team_id INTEGER NOT NULL REFERENCES team (id),
    area_id INTEGER NOT NULL REFERENCES area (id),
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    note TEXT NOT NULL,
    created_by TEXT NOT NULL REFERENCES app_user (id),
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;
CREATE INDEX patrol_plan_team ON patrol_plan (team_id, starts_at);
CREATE INDEX patrol_plan_area ON patrol_plan (area_id, starts_at);
CREATE INDEX patrol_plan_created_by ON patrol_plan (created_by);

CREATE TABLE patrol_plan_checkpoint (
    plan_id INTEGER NOT NULL REFERENCES patrol_plan (id),
    position INTEGER NOT NULL,
    checkpoint_id INTEGER NOT NULL REFERENCES checkpoint (id),
    PRIMARY KEY (plan_id, position)
) STRICT;
CREATE INDEX patrol_plan_checkpoint_checkpoint ON patrol_plan_checkpoint (checkpoint_id);

-- One entry a change, written in the transaction of the change. `body` is canonical JSON (RFC 8785) of the entry
-- without its leaf; `leaf` is SHA-256 (hex) of a zero byte and the body, as in RFC 6962.
CREATE TABLE audit_entry (
    id TEXT NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_id TEXT,
    device_id TEXT,
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    body TEXT NOT NULL,
    leaf TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_entry_object ON audit_entry (object_id, id);

INSERT INTO setting (name, value) VALUES ('tree_version', '1');
