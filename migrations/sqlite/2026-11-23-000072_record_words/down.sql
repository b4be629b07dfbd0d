DROP TRIGGER record_reworded;
DROP TRIGGER record_arrives;
DROP TABLE record_words;
DROP TABLE record_number;
DROP TABLE record_due;
