-- What waits for review, riskiest first. A row comes with a record's submission and goes with its verdict; `risk` is
-- made by keng_shared::risk::score.
CREATE TABLE review_queue (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    commune_id INTEGER NOT NULL,
    area_id INTEGER NOT NULL,
    risk INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX review_queue_commune ON review_queue (commune_id, risk DESC, received_at, record_id);
CREATE INDEX review_queue_area ON review_queue (area_id, risk DESC, received_at, record_id);
INSERT INTO review_queue (record_id, commune_id, area_id, risk, received_at)
    SELECT id, commune_id, area_id, 0, received_at FROM record WHERE status = 'submitted';

-- Digest of a record's long texts, folded, to find the same words told twice.
CREATE TABLE record_text (
    record_id TEXT NOT NULL PRIMARY KEY REFERENCES record (id),
    commune_id INTEGER NOT NULL,
    text_sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX record_text_commune ON record_text (commune_id, text_sha256);

-- How a photo looks: a 64-bit difference hash, and its four 16-bit bands to find near ones by.
CREATE TABLE photo_likeness (
    photo_id TEXT NOT NULL PRIMARY KEY REFERENCES photo (id),
    record_id TEXT NOT NULL REFERENCES record (id),
    commune_id INTEGER NOT NULL,
    hash INTEGER NOT NULL,
    band0 INTEGER NOT NULL,
    band1 INTEGER NOT NULL,
    band2 INTEGER NOT NULL,
    band3 INTEGER NOT NULL,
    like_photo_id TEXT REFERENCES photo (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_likeness_band0 ON photo_likeness (commune_id, band0);
CREATE INDEX photo_likeness_band1 ON photo_likeness (commune_id, band1);
CREATE INDEX photo_likeness_band2 ON photo_likeness (commune_id, band2);
CREATE INDEX photo_likeness_band3 ON photo_likeness (commune_id, band3);

-- The same bytes, sent again.
CREATE INDEX photo_sha256 ON photo (sha256);
