-- Checkpoints change: `moved_at` is when one got the place that it has now.
ALTER TABLE checkpoint ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE checkpoint ADD COLUMN moved_at BIGINT;

-- The fences that checkpoints had before. A check-in is judged by where its checkpoint stood then.
CREATE TABLE checkpoint_before (
    checkpoint_id BIGINT NOT NULL REFERENCES checkpoint (id),
    until_at BIGINT NOT NULL,
    revision INTEGER NOT NULL,
    lat_e7 INTEGER NOT NULL,
    lon_e7 INTEGER NOT NULL,
    radius_m INTEGER NOT NULL,
    PRIMARY KEY (checkpoint_id, revision)
);
