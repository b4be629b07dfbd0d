-- Records, photos, tracks, and what sync needs. Times are milliseconds since the Unix epoch, dates are TEXT
-- YYYY-MM-DD, UUIDs are TEXT(36), positions are whole 1e-7 degrees, hashes are SHA-256 in lower-case hex.

-- One logged activity of any kind. `body` is the checked JSON of its kind; `flags` and `photo_flags` are wire names
-- with a comma between; `search` is made by keng_shared::text::search_key.
CREATE TABLE record (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    area_id BIGINT NOT NULL REFERENCES area (id),
    commune_id BIGINT NOT NULL REFERENCES area (id),
    team_id BIGINT REFERENCES team (id),
    author_id TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    device_id TEXT COLLATE "C" NOT NULL REFERENCES device (id),
    local_date TEXT COLLATE "C" NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    lat_e7 INTEGER,
    lon_e7 INTEGER,
    accuracy_cm BIGINT,
    fix_age_ms BIGINT,
    clock_offset_ms BIGINT,
    status TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    feed_rev BIGINT NOT NULL,
    body TEXT NOT NULL,
    content_sha256 TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    flags TEXT COLLATE "C" NOT NULL,
    photo_flags TEXT COLLATE "C" NOT NULL,
    photos_listed INTEGER NOT NULL,
    photos_held INTEGER NOT NULL,
    track TEXT,
    review_verdict TEXT COLLATE "C",
    review_reason TEXT,
    review_by TEXT COLLATE "C" REFERENCES app_user (id),
    review_at BIGINT,
    received_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
-- Lists: newest first in an area, a commune, a state, or of one author.
CREATE INDEX record_area ON record (area_id, received_at, id);
CREATE INDEX record_commune ON record (commune_id, received_at, id);
CREATE INDEX record_status ON record (commune_id, status, received_at, id);
CREATE INDEX record_author ON record (author_id, received_at, id);
CREATE INDEX record_accepted ON record (commune_id, review_at) WHERE status = 'accepted';
-- Pull: what changed in a commune since a revision, of one author or one team.
CREATE INDEX record_author_feed ON record (author_id, commune_id, feed_rev);
CREATE INDEX record_team_feed ON record (team_id, commune_id, feed_rev) WHERE team_id IS NOT NULL;

-- A photo that a record lists or has listed. Evidence columns are filled by its manifest and by its bytes, once.
-- `rendition` is none (no bytes yet), pending, made or failed.
CREATE TABLE photo (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES record (id),
    position INTEGER,
    sha256 TEXT COLLATE "C" NOT NULL,
    caption TEXT NOT NULL,
    manifest TEXT,
    manifest_sha256 TEXT COLLATE "C",
    signature TEXT COLLATE "C",
    device_id TEXT COLLATE "C" REFERENCES device (id),
    seq BIGINT,
    size BIGINT,
    media_type TEXT COLLATE "C",
    width INTEGER,
    height INTEGER,
    orientation INTEGER NOT NULL,
    exif TEXT,
    flags TEXT COLLATE "C" NOT NULL,
    held_at BIGINT,
    receipt TEXT,
    rendition TEXT COLLATE "C" NOT NULL,
    rendition_tries INTEGER NOT NULL,
    review_verdict TEXT COLLATE "C",
    review_reason TEXT,
    review_by TEXT COLLATE "C" REFERENCES app_user (id),
    review_at BIGINT
);
CREATE INDEX photo_record ON photo (record_id, position);
CREATE INDEX photo_chain ON photo (device_id, seq) WHERE seq IS NOT NULL;
CREATE INDEX photo_rendition ON photo (held_at, id) WHERE rendition = 'pending';

-- A stretch of a track. `joins` and `points` are JSON as they travel.
CREATE TABLE track_segment (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES record (id),
    number INTEGER NOT NULL,
    joins TEXT COLLATE "C" NOT NULL,
    points TEXT NOT NULL
);
CREATE UNIQUE INDEX track_segment_record ON track_segment (record_id, number);

-- An upload under way. Its bytes are in a file of the data directory; `received` of them are on stable storage.
CREATE TABLE upload (
    photo_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES photo (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX upload_expiry ON upload (expires_at);

-- What became of an operation of a phone, so that a lost answer can be given again. The id is the phone's UUIDv7.
CREATE TABLE operation (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    user_id TEXT COLLATE "C" NOT NULL,
    content_sha256 TEXT COLLATE "C" NOT NULL,
    revision INTEGER NOT NULL,
    audit_leaf TEXT COLLATE "C" NOT NULL
);

-- What happened to a record after its creation, oldest first by id.
CREATE TABLE record_event (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    record_id TEXT COLLATE "C" NOT NULL REFERENCES record (id),
    at BIGINT NOT NULL,
    by_id TEXT COLLATE "C" REFERENCES app_user (id),
    action TEXT COLLATE "C" NOT NULL,
    photo_id TEXT COLLATE "C" REFERENCES photo (id),
    words TEXT NOT NULL,
    revision INTEGER NOT NULL
);
CREATE INDEX record_event_record ON record_event (record_id, id);

-- Counts the changes of a commune's records. Bumped late in the transaction of each change: the row lock makes the
-- order of revisions the order of commits, so a reader that has seen revision n has seen everything up to n.
CREATE TABLE commune_rev (
    commune_id BIGINT NOT NULL PRIMARY KEY REFERENCES area (id),
    rev BIGINT NOT NULL
);

-- Names the history that cursors belong to; a restore from a backup sets another.
INSERT INTO setting (name, value) VALUES ('sync_epoch', replace(gen_random_uuid()::text, '-', ''));
