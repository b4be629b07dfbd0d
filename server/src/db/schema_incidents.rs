//! Tables of cameras, cases, footage requests and the inbox as diesel sees them; the same for both databases.

diesel::table! {
    working_day (date) {
        date -> Text,
        works -> Integer,
        name -> Text,
        changed_by -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    camera (id) {
        id -> BigInt,
        area_id -> BigInt,
        team_id -> Nullable<BigInt>,
        keeper_id -> Nullable<Text>,
        name -> Text,
        sort -> Text,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
        direction_deg -> Integer,
        view_deg -> Integer,
        range_m -> Integer,
        keep_days -> Integer,
        consent_on -> Nullable<Text>,
        holder_name -> Text,
        holder_phone -> Text,
        revision -> Integer,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    incident_case (record_id) {
        record_id -> Text,
        commune_id -> BigInt,
        area_id -> BigInt,
        category -> Text,
        severity -> Text,
        state -> Text,
        revision -> Integer,
        place -> Text,
        lat_e7 -> Nullable<Integer>,
        lon_e7 -> Nullable<Integer>,
        place_of -> Text,
        camera_id -> Nullable<BigInt>,
        happened_at -> BigInt,
        received_at -> BigInt,
        due_at -> BigInt,
        assignee_id -> Nullable<Text>,
        changed_at -> BigInt,
    }
}

diesel::table! {
    case_step (id) {
        id -> Text,
        record_id -> Text,
        at -> BigInt,
        by_id -> Nullable<Text>,
        action -> Text,
        value -> Text,
        words -> Text,
    }
}

diesel::table! {
    case_pair (first_id, second_id) {
        first_id -> Text,
        second_id -> Text,
        verdict -> Text,
        by_id -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    footage_request (id) {
        id -> Text,
        area_id -> BigInt,
        record_id -> Nullable<Text>,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
        radius_m -> Integer,
        from_at -> BigInt,
        to_at -> BigInt,
        words -> Text,
        by_id -> Text,
        at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        withdrawn_by -> Nullable<Text>,
        withdrawn_words -> Text,
    }
}

diesel::table! {
    footage_task (id) {
        id -> Text,
        request_id -> Text,
        camera_id -> BigInt,
        keeper_id -> Nullable<Text>,
        state -> Text,
        overwritten_at -> BigInt,
        words -> Text,
        answered_at -> Nullable<BigInt>,
        revision -> Integer,
    }
}

diesel::table! {
    footage_custody (id) {
        id -> Text,
        task_id -> Text,
        holder -> Text,
        place -> Text,
        until_on -> Nullable<Text>,
        at -> BigInt,
        by_id -> Text,
    }
}

diesel::table! {
    inbox_item (id) {
        id -> Text,
        user_id -> Text,
        at -> BigInt,
        news -> Text,
        read_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(footage_task -> footage_request (request_id));
diesel::joinable!(footage_task -> camera (camera_id));

diesel::allow_tables_to_appear_in_same_query!(
    camera,
    incident_case,
    case_step,
    case_pair,
    footage_request,
    footage_task,
    footage_custody,
    inbox_item
);
