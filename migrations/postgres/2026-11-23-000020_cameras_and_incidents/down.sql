DROP TABLE inbox_item;
DROP TABLE footage_custody;
DROP TABLE footage_task;
DROP TABLE footage_request;
DROP TABLE case_pair;
DROP TABLE case_step;
DROP TABLE incident_case;
DROP TABLE camera;
