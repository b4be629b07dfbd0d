DROP INDEX review_queue_risk;
DROP INDEX record_received;
DROP TABLE bulk_row;
DROP TABLE saved_view;
