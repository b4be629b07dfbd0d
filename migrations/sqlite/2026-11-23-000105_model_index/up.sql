-- SQLite chose the index of a status over the partial one of models, which says less of a row, and read every accepted record
-- of a commune. With the columns of its own condition the partial index says more.
DROP INDEX record_model;
CREATE INDEX record_model ON record (commune_id, status, kind) WHERE status = 'accepted' AND kind IN ('self_management_model', 'model_review', 'model_activity');
