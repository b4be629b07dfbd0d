DROP INDEX incident_case_open;
DROP TABLE working_day;
