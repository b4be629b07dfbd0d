-- Ways that patrols usually walk. `terms` is the JSON of what a person draws: the line and the checkpoints in their order.
CREATE TABLE patrol_route (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id BIGINT NOT NULL REFERENCES area (id),
    sort TEXT COLLATE "C" NOT NULL,
    terms TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX patrol_route_area ON patrol_route (area_id);
