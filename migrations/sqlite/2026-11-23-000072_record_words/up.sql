-- Words of records, for searches over many communes. Whoever writes a record only notes that it is due; the server
-- takes what is due into the index in batches, and a search looks at what is due one by one.

-- Records that the index does not hold as they are now.
CREATE TABLE record_due (
    record_id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
-- The number of a record in the index: the millisecond of its arrival times 2^20, and a count within it.
CREATE TABLE record_number (
    number INTEGER PRIMARY KEY,
    record_id TEXT NOT NULL UNIQUE REFERENCES record (id)
) STRICT;
-- Single words and pairs of neighbours ("van_hoa"), folded; the row id is the number. The texts are not kept twice.
CREATE VIRTUAL TABLE record_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = "ascii tokenchars '_'"
);

CREATE TRIGGER record_arrives AFTER INSERT ON record
BEGIN
    INSERT INTO record_due (record_id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER record_reworded AFTER UPDATE OF search ON record WHEN old.search <> new.search
BEGIN
    INSERT INTO record_due (record_id) VALUES (new.id) ON CONFLICT DO NOTHING;
END;
INSERT INTO record_due (record_id) SELECT id FROM record;
