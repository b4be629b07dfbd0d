-- Plans with targets, what counts for them, and their figures.

-- A plan as it stands. `terms` is the checked JSON of keng_shared::target::PlanTerms.
CREATE TABLE target_plan (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    area_id INTEGER NOT NULL REFERENCES area (id),
    sort TEXT NOT NULL,
    terms TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_by TEXT NOT NULL REFERENCES app_user (id),
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX target_plan_area ON target_plan (area_id, sort) WHERE ended_at IS NULL;
CREATE INDEX target_plan_created_by ON target_plan (created_by);

-- What a plan said before, revision by revision, the present one included.
CREATE TABLE target_plan_version (
    plan_id INTEGER NOT NULL REFERENCES target_plan (id),
    revision INTEGER NOT NULL,
    terms TEXT NOT NULL,
    by_id TEXT NOT NULL REFERENCES app_user (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (plan_id, revision)
) STRICT;
CREATE INDEX target_plan_version_by ON target_plan_version (by_id);

-- A target of a plan. `rule` is what the rule needs of plan and target, as JSON; `kind` is the kind that it counts, none
-- when it adds up others or has been taken out of its plan.
CREATE TABLE target (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    plan_id INTEGER NOT NULL REFERENCES target_plan (id),
    code TEXT NOT NULL,
    kind TEXT,
    rule TEXT NOT NULL,
    UNIQUE (plan_id, code)
) STRICT;

-- Communes that a plan is about, at any time of its period. A record looks here for the targets that concern it.
CREATE TABLE target_unit (
    commune_id INTEGER NOT NULL REFERENCES area (id),
    plan_id INTEGER NOT NULL REFERENCES target_plan (id),
    PRIMARY KEY (commune_id, plan_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_unit_plan ON target_unit (plan_id, commune_id);

-- What an accepted record adds to a target in one area. `standing` is counted, same_as, cap_reached, after_deadline or
-- after_cut_off; `grp` names the records of which only so many count, empty without a limit.
CREATE TABLE target_share (
    target_id INTEGER NOT NULL REFERENCES target (id),
    record_id TEXT NOT NULL REFERENCES record (id),
    area_id INTEGER NOT NULL REFERENCES area (id),
    commune_id INTEGER NOT NULL REFERENCES area (id),
    part TEXT NOT NULL,
    grp TEXT NOT NULL,
    local_date TEXT NOT NULL,
    accepted_at INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    total INTEGER NOT NULL,
    standing TEXT NOT NULL,
    same_as TEXT,
    PRIMARY KEY (target_id, record_id, area_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_share_record ON target_share (record_id);
CREATE INDEX target_share_group ON target_share (target_id, grp) WHERE grp <> '';
CREATE INDEX target_share_list ON target_share (target_id, commune_id, local_date, record_id);
CREATE INDEX target_share_late ON target_share (target_id, commune_id) WHERE standing IN ('after_deadline', 'after_cut_off');

-- The sums of the shares that count. A row whose `records` is 0 says nothing.
CREATE TABLE target_figure (
    target_id INTEGER NOT NULL REFERENCES target (id),
    commune_id INTEGER NOT NULL REFERENCES area (id),
    area_id INTEGER NOT NULL REFERENCES area (id),
    part TEXT NOT NULL,
    amount INTEGER NOT NULL,
    total INTEGER NOT NULL,
    records INTEGER NOT NULL,
    PRIMARY KEY (target_id, commune_id, area_id, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX target_figure_commune ON target_figure (commune_id);

-- Communes of plans that are still to be counted anew.
CREATE TABLE target_recount (
    plan_id INTEGER NOT NULL REFERENCES target_plan (id),
    commune_id INTEGER NOT NULL REFERENCES area (id),
    PRIMARY KEY (plan_id, commune_id)
) STRICT, WITHOUT ROWID;

-- The version of the rule that figures were counted by; 0 lets the first start count.
INSERT INTO setting (name, value) VALUES ('target_rules', '0');
