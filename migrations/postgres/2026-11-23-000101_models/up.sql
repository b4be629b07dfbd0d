-- That a self-management model was merged or closed, as the desk said. `name_key` is its folded name.
CREATE TABLE model_ending (
    commune_id BIGINT NOT NULL REFERENCES area (id),
    category TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    on_date TEXT COLLATE "C" NOT NULL,
    words TEXT NOT NULL,
    into_category TEXT COLLATE "C",
    into_name TEXT,
    revision INTEGER NOT NULL,
    by_id TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    at BIGINT NOT NULL,
    PRIMARY KEY (commune_id, category, name_key)
);
-- The register of models is made of these records.
CREATE INDEX record_model ON record (commune_id) WHERE status = 'accepted' AND kind IN ('self_management_model', 'model_review', 'model_activity');
