-- What a person or a team shall have done by a time. `said_…` is who brought it into its state, with which words.
CREATE TABLE task (
    id TEXT NOT NULL PRIMARY KEY,
    area_id INTEGER NOT NULL REFERENCES area (id),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    place TEXT NOT NULL,
    record_id TEXT,
    due_at INTEGER NOT NULL,
    team_id INTEGER REFERENCES team (id),
    user_id TEXT REFERENCES app_user (id),
    given_by TEXT NOT NULL REFERENCES app_user (id),
    given_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    said_by TEXT REFERENCES app_user (id),
    said_at INTEGER,
    said_note TEXT NOT NULL,
    -- The word of who did it, not a reference: it may name a record that is not here yet.
    said_record TEXT,
    -- Lists walk by this: the time it is due while it is open, else when it left that state.
    rank INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    CHECK ((team_id IS NULL) <> (user_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX task_area ON task (area_id, state, rank, id);
CREATE INDEX task_team ON task (team_id, state, rank, id);
CREATE INDEX task_user ON task (user_id, state, rank, id);
CREATE INDEX task_giver ON task (given_by, state, rank, id);
