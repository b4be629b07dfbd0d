-- The yearly evaluation of the teams of a commune: all levels are decided together.

CREATE TABLE team_evaluation (
    commune_id BIGINT NOT NULL REFERENCES area (id),
    year INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    by_id TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (commune_id, year)
);
CREATE INDEX team_evaluation_by ON team_evaluation (by_id);

-- `rating` is excellent, good, fulfilled, unfulfilled, or none for a team that is not evaluated this year.
CREATE TABLE team_rating (
    commune_id BIGINT NOT NULL,
    year INTEGER NOT NULL,
    team_id BIGINT NOT NULL REFERENCES team (id),
    rating TEXT,
    words TEXT NOT NULL,
    PRIMARY KEY (commune_id, year, team_id),
    FOREIGN KEY (commune_id, year) REFERENCES team_evaluation (commune_id, year)
);
CREATE INDEX team_rating_team ON team_rating (team_id);
