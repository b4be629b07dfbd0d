-- A question for footage that the officers have taken back: when, who and why. Its answers and their custody stay.
ALTER TABLE footage_request ADD COLUMN withdrawn_at BIGINT;
ALTER TABLE footage_request ADD COLUMN withdrawn_by TEXT REFERENCES app_user (id);
ALTER TABLE footage_request ADD COLUMN withdrawn_words TEXT NOT NULL DEFAULT '';
