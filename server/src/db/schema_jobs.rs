//! The table of jobs as diesel sees it; the same for both databases.

diesel::table! {
    job (id) {
        id -> Text,
        kind -> Text,
        user_id -> Text,
        request -> Text,
        snapshot -> Nullable<Text>,
        state -> Text,
        total -> BigInt,
        done -> BigInt,
        size -> Nullable<BigInt>,
        tries -> Integer,
        lease_until -> Nullable<BigInt>,
        created_at -> BigInt,
        finished_at -> Nullable<BigInt>,
        expires_at -> BigInt,
    }
}
