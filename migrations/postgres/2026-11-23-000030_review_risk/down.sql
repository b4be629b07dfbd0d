DROP INDEX photo_sha256;
DROP TABLE photo_likeness;
DROP TABLE record_text;
DROP TABLE review_queue;
