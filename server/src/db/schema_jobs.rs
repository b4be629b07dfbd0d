//! The tables of jobs and of the desk as diesel sees them; the same for both databases.

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

diesel::table! {
    bulk_row (job_id, number) {
        job_id -> Text,
        number -> BigInt,
        record_id -> Text,
        commune_id -> BigInt,
        revision -> Integer,
        outcome -> Nullable<Text>,
        before -> Nullable<Text>,
        judged_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    saved_view (id) {
        id -> BigInt,
        user_id -> Text,
        name -> Text,
        sort -> Text,
        filter -> Text,
        shown -> Text,
    }
}
