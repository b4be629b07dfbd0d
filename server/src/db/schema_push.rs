//! The tables of Web Push as diesel sees them; the same for both databases.
use super::schema::device_session;

diesel::table! {
    push_subscription (session_id) {
        session_id -> Text,
        user_id -> Text,
        endpoint -> Text,
        p256dh -> Text,
        auth -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    push_message (id) {
        id -> Text,
        session_id -> Text,
        item_id -> Nullable<Text>,
        created_at -> BigInt,
        due_at -> BigInt,
        tries -> Integer,
    }
}

diesel::joinable!(push_subscription -> device_session (session_id));
diesel::allow_tables_to_appear_in_same_query!(push_subscription, device_session);
