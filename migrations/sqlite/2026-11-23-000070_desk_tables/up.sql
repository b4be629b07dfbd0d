-- What the desk's tables need: saved views, bulk verdicts, and the order of arrival over all communes at once.

-- A view of the table of records that a person saved. `filter` is JSON of keng_shared::api::RecordQuery, `shown` has the
-- ids of columns with a comma between.
CREATE TABLE saved_view (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    name TEXT NOT NULL,
    sort TEXT NOT NULL,
    filter TEXT NOT NULL,
    shown TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_view_name ON saved_view (user_id, name);

-- The snapshot of a bulk verdict, one row a record, with what became of it. `before` is JSON of the verdict that was
-- there, to put it back.
CREATE TABLE bulk_row (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    record_id TEXT NOT NULL REFERENCES record (id),
    commune_id INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    outcome TEXT,
    before TEXT,
    judged_at INTEGER,
    PRIMARY KEY (job_id, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX bulk_row_waiting ON bulk_row (job_id, commune_id, number) WHERE outcome IS NULL;

-- A province's lists walk one index instead of one for each of its communes.
CREATE INDEX record_received ON record (received_at, id);
CREATE INDEX review_queue_risk ON review_queue (risk DESC, received_at, record_id);
