DROP TABLE broadcast_area;
DROP TABLE broadcast_slot;
DROP TABLE broadcast_schedule;
