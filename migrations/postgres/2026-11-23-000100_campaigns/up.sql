-- Days that an area set for a campaign in a year, or a campaign of its own: then `campaign` is other, and `name_key` its folded name.
CREATE TABLE campaign_days (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    area_id BIGINT NOT NULL REFERENCES area (id),
    year INTEGER NOT NULL,
    campaign TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    from_date TEXT COLLATE "C" NOT NULL,
    to_date TEXT COLLATE "C" NOT NULL,
    note TEXT NOT NULL,
    revision INTEGER NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL REFERENCES app_user (id),
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX campaign_days_one ON campaign_days (area_id, year, campaign, name_key);
-- The few records that calendars and registers are made of.
CREATE INDEX record_movement ON record (commune_id, local_date) WHERE kind IN ('campaign_activity', 'festival_event', 'peak_campaign', 'weapon_handover', 'safe_registration', 'safe_recognition', 'movement_assessment', 'traffic_safety_activity', 'fire_safety_activity');
