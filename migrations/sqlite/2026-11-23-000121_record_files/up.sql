-- A file of a record goes the way of a photo: announced, uploaded, held. What has a name is a file.
ALTER TABLE photo ADD COLUMN name TEXT;
