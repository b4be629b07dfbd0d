DROP TABLE checkpoint_before;
ALTER TABLE checkpoint DROP COLUMN moved_at;
ALTER TABLE checkpoint DROP COLUMN revision;
