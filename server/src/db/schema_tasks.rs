//! The table of tasks as diesel sees it; the same for both databases.

diesel::table! {
    task (id) {
        id -> Text,
        area_id -> BigInt,
        title -> Text,
        words -> Text,
        place -> Text,
        record_id -> Nullable<Text>,
        due_at -> BigInt,
        team_id -> Nullable<BigInt>,
        user_id -> Nullable<Text>,
        given_by -> Text,
        given_at -> BigInt,
        state -> Text,
        said_by -> Nullable<Text>,
        said_at -> Nullable<BigInt>,
        said_note -> Text,
        said_record -> Nullable<Text>,
        rank -> BigInt,
        revision -> Integer,
        content_sha256 -> Text,
    }
}
