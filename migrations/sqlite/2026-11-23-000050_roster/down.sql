DROP TABLE patrol_plan_record;
DROP TABLE patrol_plan_member;
ALTER TABLE patrol_plan DROP COLUMN revision;
ALTER TABLE patrol_plan DROP COLUMN kind;
