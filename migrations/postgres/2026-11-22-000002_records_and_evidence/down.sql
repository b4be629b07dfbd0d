DROP TABLE commune_rev;
DROP TABLE record_event;
DROP TABLE operation;
DROP TABLE upload;
DROP TABLE track_segment;
DROP TABLE photo;
DROP TABLE record;
DELETE FROM setting WHERE name = 'sync_epoch';
