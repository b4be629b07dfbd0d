//! Tables of loudspeaker sessions as diesel sees them; the same for both databases.

use super::schema_records::record;

diesel::table! {
    broadcast_schedule (id) {
        id -> BigInt,
        area_id -> BigInt,
        sort -> Text,
        terms -> Text,
        revision -> Integer,
        created_by -> Text,
        created_at -> BigInt,
        changed_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    broadcast_slot (schedule_id, local_date, minute) {
        schedule_id -> BigInt,
        local_date -> Text,
        minute -> Integer,
        record_id -> Text,
        author_id -> Text,
        topic -> Text,
        minutes -> Integer,
        aired -> Integer,
        missed -> Integer,
        late -> Integer,
    }
}

diesel::table! {
    broadcast_area (record_id, area_id) {
        record_id -> Text,
        area_id -> BigInt,
        local_date -> Text,
        aired -> Integer,
    }
}

diesel::joinable!(broadcast_area -> record (record_id));
diesel::allow_tables_to_appear_in_same_query!(broadcast_area, record);
diesel::allow_columns_to_appear_in_same_group_by_clause!(
    broadcast_area::area_id,
    broadcast_area::aired,
    record::status
);
