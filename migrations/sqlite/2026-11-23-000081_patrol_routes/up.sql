-- Ways that patrols usually walk. `terms` is the JSON of what a person draws: the line and the checkpoints in their order.
CREATE TABLE patrol_route (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    area_id INTEGER NOT NULL REFERENCES area (id),
    sort TEXT NOT NULL,
    terms TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES app_user (id),
    created_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX patrol_route_area ON patrol_route (area_id);
