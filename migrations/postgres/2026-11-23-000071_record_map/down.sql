DROP INDEX record_map;
