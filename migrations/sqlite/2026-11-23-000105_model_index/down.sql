DROP INDEX record_model;
CREATE INDEX record_model ON record (commune_id) WHERE status = 'accepted' AND kind IN ('self_management_model', 'model_review', 'model_activity');
