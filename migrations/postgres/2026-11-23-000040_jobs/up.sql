-- Work that goes on after its request was answered, such as writing an export. `request` is JSON; `snapshot` tells the
-- revisions of the communes that the result shows; `lease_until` is moved on by whoever works on the job, and when it has
-- passed another may take the job up.
CREATE TABLE job (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    user_id TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    request TEXT NOT NULL,
    snapshot TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    size BIGINT,
    tries INTEGER NOT NULL,
    lease_until BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX job_waiting ON job (created_at, id) WHERE state IN ('queued', 'running');
CREATE INDEX job_user ON job (user_id, created_at);
CREATE INDEX job_expiry ON job (expires_at);
