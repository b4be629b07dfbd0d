//! The table of the campaign calendar as diesel sees it; the same for both databases.

diesel::table! {
    campaign_days (id) {
        id -> BigInt,
        area_id -> BigInt,
        year -> Integer,
        campaign -> Text,
        name -> Text,
        name_key -> Text,
        from_date -> Text,
        to_date -> Text,
        note -> Text,
        revision -> Integer,
        changed_by -> Text,
        changed_at -> BigInt,
    }
}
