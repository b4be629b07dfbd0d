-- What a team does in a shift, and how often the plan was changed.
ALTER TABLE patrol_plan ADD COLUMN kind TEXT NOT NULL DEFAULT 'patrol';
ALTER TABLE patrol_plan ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- Who of the team goes; no row means the whole team.
CREATE TABLE patrol_plan_member (
    plan_id BIGINT NOT NULL REFERENCES patrol_plan (id),
    user_id TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    PRIMARY KEY (plan_id, user_id)
);
CREATE INDEX patrol_plan_member_user ON patrol_plan_member (user_id);

-- Which record is of which shift; it follows the record in the same transaction.
CREATE TABLE patrol_plan_record (
    record_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES record (id),
    plan_id BIGINT NOT NULL REFERENCES patrol_plan (id),
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX patrol_plan_record_plan ON patrol_plan_record (plan_id);

INSERT INTO patrol_plan_record (record_id, plan_id, started_at, ended_at)
SELECT r.id, p.id, r.started_at, r.ended_at
FROM record r
JOIN patrol_plan p ON p.id = (r.body::json ->> 'plan_id')::bigint AND p.team_id = r.team_id
WHERE r.kind = 'patrol' AND r.status <> 'withdrawn';
