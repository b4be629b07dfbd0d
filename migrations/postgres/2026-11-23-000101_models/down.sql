DROP INDEX record_model;
DROP TABLE model_ending;
