-- What a person or a team shall have done by a time. `said_…` is who brought it into its state, with which words.
CREATE TABLE task (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    area_id BIGINT NOT NULL REFERENCES area (id),
    title TEXT NOT NULL,
    words TEXT NOT NULL,
    place TEXT NOT NULL,
    record_id TEXT COLLATE "C",
    due_at BIGINT NOT NULL,
    team_id BIGINT REFERENCES team (id),
    user_id TEXT COLLATE "C" REFERENCES app_user (id),
    given_by TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    given_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    said_by TEXT COLLATE "C" REFERENCES app_user (id),
    said_at BIGINT,
    said_note TEXT NOT NULL,
    -- The word of who did it, not a reference: it may name a record that is not here yet.
    said_record TEXT COLLATE "C",
    -- Lists walk by this: the time it is due while it is open, else when it left that state.
    rank BIGINT NOT NULL,
    revision INTEGER NOT NULL,
    content_sha256 TEXT NOT NULL,
    CHECK ((team_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX task_area ON task (area_id, state, rank, id);
CREATE INDEX task_team ON task (team_id, state, rank, id);
CREATE INDEX task_user ON task (user_id, state, rank, id);
CREATE INDEX task_giver ON task (given_by, state, rank, id);
