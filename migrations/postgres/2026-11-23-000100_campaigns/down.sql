DROP INDEX record_movement;
DROP TABLE campaign_days;
