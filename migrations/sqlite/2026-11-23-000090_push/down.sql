DROP TABLE push_message;
DROP TABLE push_subscription;
