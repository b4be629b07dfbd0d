DROP TABLE target_recount;
DROP TABLE target_figure;
DROP TABLE target_share;
DROP TABLE target_unit;
DROP TABLE target;
DROP TABLE target_plan_version;
DROP TABLE target_plan;
DELETE FROM setting WHERE name = 'target_rules';
