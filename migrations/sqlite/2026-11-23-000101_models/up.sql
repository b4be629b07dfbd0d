-- That a self-management model was merged or closed, as the desk said. `name_key` is its folded name.
CREATE TABLE model_ending (
    commune_id INTEGER NOT NULL REFERENCES area (id),
    category TEXT NOT NULL,
    name_key TEXT NOT NULL,
    state TEXT NOT NULL,
    on_date TEXT NOT NULL,
    words TEXT NOT NULL,
    into_category TEXT,
    into_name TEXT,
    revision INTEGER NOT NULL,
    by_id TEXT NOT NULL REFERENCES app_user (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (commune_id, category, name_key)
) STRICT;
-- The register of models is made of these records.
CREATE INDEX record_model ON record (commune_id) WHERE status = 'accepted' AND kind IN ('self_management_model', 'model_review', 'model_activity');
