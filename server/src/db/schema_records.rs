//! Tables of records and evidence as diesel sees them; the same for both databases.

diesel::table! {
    record (id) {
        id -> Text,
        kind -> Text,
        area_id -> BigInt,
        commune_id -> BigInt,
        team_id -> Nullable<BigInt>,
        author_id -> Text,
        device_id -> Text,
        local_date -> Text,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        lat_e7 -> Nullable<Integer>,
        lon_e7 -> Nullable<Integer>,
        accuracy_cm -> Nullable<BigInt>,
        fix_age_ms -> Nullable<BigInt>,
        clock_offset_ms -> Nullable<BigInt>,
        status -> Text,
        revision -> Integer,
        feed_rev -> BigInt,
        body -> Text,
        content_sha256 -> Text,
        search -> Text,
        flags -> Text,
        photo_flags -> Text,
        photos_listed -> Integer,
        photos_held -> Integer,
        track -> Nullable<Text>,
        review_verdict -> Nullable<Text>,
        review_reason -> Nullable<Text>,
        review_by -> Nullable<Text>,
        review_at -> Nullable<BigInt>,
        received_at -> BigInt,
        changed_at -> BigInt,
    }
}

diesel::table! {
    photo (id) {
        id -> Text,
        record_id -> Text,
        position -> Nullable<Integer>,
        sha256 -> Text,
        caption -> Text,
        manifest -> Nullable<Text>,
        manifest_sha256 -> Nullable<Text>,
        signature -> Nullable<Text>,
        device_id -> Nullable<Text>,
        seq -> Nullable<BigInt>,
        size -> Nullable<BigInt>,
        media_type -> Nullable<Text>,
        width -> Nullable<Integer>,
        height -> Nullable<Integer>,
        orientation -> Integer,
        exif -> Nullable<Text>,
        flags -> Text,
        held_at -> Nullable<BigInt>,
        receipt -> Nullable<Text>,
        rendition -> Text,
        rendition_tries -> Integer,
        review_verdict -> Nullable<Text>,
        review_reason -> Nullable<Text>,
        review_by -> Nullable<Text>,
        review_at -> Nullable<BigInt>,
        name -> Nullable<Text>,
    }
}

diesel::table! {
    track_segment (id) {
        id -> Text,
        record_id -> Text,
        number -> Integer,
        joins -> Text,
        points -> Text,
    }
}

diesel::table! {
    upload (photo_id) {
        photo_id -> Text,
        user_id -> Text,
        size -> BigInt,
        received -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    operation (id) {
        id -> Text,
        user_id -> Text,
        content_sha256 -> Text,
        revision -> Integer,
        audit_leaf -> Text,
    }
}

diesel::table! {
    record_event (id) {
        id -> Text,
        record_id -> Text,
        at -> BigInt,
        by_id -> Nullable<Text>,
        action -> Text,
        photo_id -> Nullable<Text>,
        words -> Text,
        revision -> Integer,
    }
}

diesel::table! {
    commune_rev (commune_id) {
        commune_id -> BigInt,
        rev -> BigInt,
    }
}

diesel::table! {
    review_queue (record_id) {
        record_id -> Text,
        commune_id -> BigInt,
        area_id -> BigInt,
        risk -> Integer,
        received_at -> BigInt,
    }
}

diesel::table! {
    record_text (record_id) {
        record_id -> Text,
        commune_id -> BigInt,
        text_sha256 -> Text,
    }
}

diesel::table! {
    photo_likeness (photo_id) {
        photo_id -> Text,
        record_id -> Text,
        commune_id -> BigInt,
        hash -> BigInt,
        band0 -> Integer,
        band1 -> Integer,
        band2 -> Integer,
        band3 -> Integer,
        like_photo_id -> Nullable<Text>,
    }
}

diesel::joinable!(photo -> record (record_id));
diesel::joinable!(track_segment -> record (record_id));
diesel::joinable!(upload -> photo (photo_id));

diesel::table! {
    record_due (record_id) {
        record_id -> Text,
    }
}

diesel::table! {
    record_number (number) {
        number -> BigInt,
        record_id -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    record,
    photo,
    track_segment,
    upload,
    operation,
    record_event,
    commune_rev,
    review_queue,
    record_text,
    photo_likeness,
    record_due,
    record_number,
);
