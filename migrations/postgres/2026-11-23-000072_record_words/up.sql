-- Words of records, for searches over many communes. Whoever writes a record only notes that it is due; the server
-- takes what is due into the index in batches, and a search looks at what is due one by one.

-- Records that the index does not hold as they are now.
CREATE TABLE record_due (
    record_id TEXT NOT NULL PRIMARY KEY
);
-- The number of a record in the index: the millisecond of its arrival times 2^20, and a count within it.
CREATE TABLE record_number (
    number BIGINT PRIMARY KEY,
    record_id TEXT NOT NULL UNIQUE REFERENCES record (id)
);
-- Single words and pairs of neighbours ("van_hoa"), folded; the row id is the number.
CREATE TABLE record_words (
    rowid BIGINT PRIMARY KEY,
    words TSVECTOR NOT NULL
);
CREATE INDEX record_words_words ON record_words USING gin (words);

-- The update that changes nothing locks the row: whoever takes what is due waits for this change, or this change waits
-- and notes itself again.
CREATE FUNCTION record_note_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO record_due (record_id) VALUES (new.id)
        ON CONFLICT (record_id) DO UPDATE SET record_id = excluded.record_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER record_arrives AFTER INSERT ON record FOR EACH ROW EXECUTE FUNCTION record_note_due();
CREATE TRIGGER record_reworded AFTER UPDATE OF search ON record FOR EACH ROW
    WHEN (old.search <> new.search) EXECUTE FUNCTION record_note_due();
INSERT INTO record_due (record_id) SELECT id FROM record;
