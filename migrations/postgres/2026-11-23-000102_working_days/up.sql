-- Days on which people work or do not otherwise than the calendar that ships with the program says: what the Prime Minister
-- announces each year. One row a date; `works` is 1 for a day that makes up for another, 0 for a day off.
CREATE TABLE working_day (
    date TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    works INTEGER NOT NULL CHECK (works IN (0, 1)),
    name TEXT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    changed_at BIGINT NOT NULL
);
-- Cases that are still due: a change of the calendar moves their times.
CREATE INDEX incident_case_open ON incident_case (due_at) WHERE state IN ('received', 'verifying');
