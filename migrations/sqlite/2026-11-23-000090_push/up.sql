-- Web Push: which device sessions asked for it, and what waits to be sent to them.

-- What a browser's push service gave for a device session (W3C Push API): the address that takes messages and the keys
-- that encrypt them, base64url. Only open sessions are written to.
CREATE TABLE push_subscription (
    session_id TEXT NOT NULL PRIMARY KEY REFERENCES device_session (id),
    user_id TEXT NOT NULL REFERENCES app_user (id),
    endpoint TEXT NOT NULL UNIQUE,
    p256dh TEXT NOT NULL,
    auth TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX push_subscription_user ON push_subscription (user_id);

-- A message to be sent. Without a line of the inbox it is the one that a person asked for as a trial.
CREATE TABLE push_message (
    id TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES push_subscription (session_id),
    item_id TEXT REFERENCES inbox_item (id),
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
) STRICT;
CREATE INDEX push_message_due ON push_message (due_at);
CREATE INDEX push_message_session ON push_message (session_id);
CREATE INDEX push_message_item ON push_message (item_id);
