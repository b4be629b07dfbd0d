ALTER TABLE footage_request DROP COLUMN withdrawn_words;
ALTER TABLE footage_request DROP COLUMN withdrawn_by;
ALTER TABLE footage_request DROP COLUMN withdrawn_at;
