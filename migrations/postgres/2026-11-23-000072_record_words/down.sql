DROP TRIGGER record_reworded ON record;
DROP TRIGGER record_arrives ON record;
DROP FUNCTION record_note_due;
DROP TABLE record_words;
DROP TABLE record_number;
DROP TABLE record_due;
