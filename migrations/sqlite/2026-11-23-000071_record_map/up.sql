-- The desk's map counts the records of communes and days by squares; the index holds all that it needs.
CREATE INDEX record_map ON record (commune_id, local_date, lat_e7, lon_e7, area_id, status, kind, id)
    WHERE lat_e7 IS NOT NULL;
