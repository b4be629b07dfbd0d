//! Tables as diesel sees them, the same for both databases; a test compares them with what the migrations make.
#![expect(missing_docs, reason = "the migrations describe the tables")]

diesel::table! {
    setting (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    server_key (id) {
        id -> Text,
        purpose -> Text,
        secret -> Text,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    area (id) {
        id -> BigInt,
        kind -> Text,
        code -> Nullable<Text>,
        name -> Text,
        search -> Text,
        sort -> Text,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
        centre_lat_e7 -> Nullable<Integer>,
        centre_lon_e7 -> Nullable<Integer>,
        created_at -> BigInt,
    }
}

diesel::table! {
    area_edge (id) {
        id -> BigInt,
        child_id -> BigInt,
        parent_id -> BigInt,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
    }
}

diesel::table! {
    area_boundary (area_id) {
        area_id -> BigInt,
        geometry -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    area_succession (id) {
        id -> BigInt,
        old_id -> BigInt,
        new_id -> BigInt,
        relation -> Text,
        effective -> Text,
    }
}

diesel::table! {
    org_unit (id) {
        id -> BigInt,
        kind -> Text,
        name -> Text,
        search -> Text,
        sort -> Text,
        area_id -> BigInt,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    team (id) {
        id -> BigInt,
        kind -> Text,
        name -> Text,
        search -> Text,
        sort -> Text,
        area_id -> BigInt,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    app_user (id) {
        id -> Text,
        username -> Text,
        name -> Text,
        search -> Text,
        sort -> Text,
        password_hash -> Nullable<Text>,
        password_changed_at -> Nullable<BigInt>,
        created_at -> BigInt,
    }
}

diesel::table! {
    membership (id) {
        id -> BigInt,
        user_id -> Text,
        role -> Text,
        area_id -> BigInt,
        team_id -> Nullable<BigInt>,
        state -> Text,
        valid_from -> Nullable<Text>,
        valid_to -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    device (id) {
        id -> Text,
        public_key -> Text,
        label -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    device_session (id) {
        id -> Text,
        user_id -> Text,
        device_id -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        ended_reason -> Nullable<Text>,
    }
}

diesel::table! {
    refresh_token (hash) {
        hash -> Text,
        session_id -> Text,
        created_at -> BigInt,
        rotated_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    enrolment (code_hash) {
        code_hash -> Text,
        user_id -> Text,
        created_by -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    checkpoint (id) {
        id -> BigInt,
        area_id -> BigInt,
        name -> Text,
        search -> Text,
        sort -> Text,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
        radius_m -> Integer,
        qr_token -> Text,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
        revision -> Integer,
        moved_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    checkpoint_before (checkpoint_id, revision) {
        checkpoint_id -> BigInt,
        until_at -> BigInt,
        revision -> Integer,
        lat_e7 -> Integer,
        lon_e7 -> Integer,
        radius_m -> Integer,
    }
}

diesel::table! {
    patrol_plan (id) {
        id -> BigInt,
        team_id -> BigInt,
        area_id -> BigInt,
        starts_at -> BigInt,
        ends_at -> BigInt,
        note -> Text,
        created_by -> Text,
        created_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        kind -> Text,
        revision -> Integer,
    }
}

diesel::table! {
    patrol_plan_checkpoint (plan_id, position) {
        plan_id -> BigInt,
        position -> Integer,
        checkpoint_id -> BigInt,
    }
}

diesel::table! {
    audit_entry (id) {
        id -> Text,
        at -> BigInt,
        actor_id -> Nullable<Text>,
        device_id -> Nullable<Text>,
        action -> Text,
        object_type -> Text,
        object_id -> Text,
        body -> Text,
        leaf -> Text,
    }
}

diesel::joinable!(area_boundary -> area (area_id));
diesel::joinable!(org_unit -> area (area_id));
diesel::joinable!(team -> area (area_id));
diesel::joinable!(membership -> app_user (user_id));
diesel::joinable!(membership -> area (area_id));
diesel::joinable!(membership -> team (team_id));
diesel::joinable!(device_session -> app_user (user_id));
diesel::joinable!(device_session -> device (device_id));
diesel::joinable!(refresh_token -> device_session (session_id));
diesel::joinable!(checkpoint -> area (area_id));
diesel::joinable!(patrol_plan -> team (team_id));
diesel::joinable!(patrol_plan -> area (area_id));
diesel::joinable!(patrol_plan -> app_user (created_by));
diesel::joinable!(patrol_plan_checkpoint -> patrol_plan (plan_id));
diesel::joinable!(patrol_plan_checkpoint -> checkpoint (checkpoint_id));

diesel::allow_tables_to_appear_in_same_query!(
    setting,
    server_key,
    area,
    area_edge,
    area_boundary,
    area_succession,
    org_unit,
    team,
    app_user,
    membership,
    device,
    device_session,
    refresh_token,
    enrolment,
    checkpoint,
    checkpoint_before,
    patrol_plan,
    patrol_plan_checkpoint,
    audit_entry,
);
