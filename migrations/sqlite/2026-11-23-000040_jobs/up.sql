-- Work that goes on after its request was answered, such as writing an export. `request` is JSON; `snapshot` tells the
-- revisions of the communes that the result shows; `lease_until` is moved on by whoever works on the job, and when it has
-- passed another may take the job up.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES app_user (id),
    request TEXT NOT NULL,
    snapshot TEXT,
    state TEXT NOT NULL,
    total INTEGER NOT NULL,
    done INTEGER NOT NULL,
    size INTEGER,
    tries INTEGER NOT NULL,
    lease_until INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX job_waiting ON job (created_at, id) WHERE state IN ('queued', 'running');
CREATE INDEX job_user ON job (user_id, created_at);
CREATE INDEX job_expiry ON job (expires_at);
