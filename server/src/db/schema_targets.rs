//! Tables of targets as diesel sees them; the same for both databases.

use super::schema::app_user;
use super::schema_records::record;

diesel::table! {
    target_plan (id) {
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
    target_plan_version (plan_id, revision) {
        plan_id -> BigInt,
        revision -> Integer,
        terms -> Text,
        by_id -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    target (id) {
        id -> BigInt,
        plan_id -> BigInt,
        code -> Text,
        kind -> Nullable<Text>,
        rule -> Text,
    }
}

diesel::table! {
    target_unit (commune_id, plan_id) {
        commune_id -> BigInt,
        plan_id -> BigInt,
    }
}

diesel::table! {
    target_share (target_id, record_id, area_id) {
        target_id -> BigInt,
        record_id -> Text,
        area_id -> BigInt,
        commune_id -> BigInt,
        part -> Text,
        grp -> Text,
        local_date -> Text,
        accepted_at -> BigInt,
        amount -> BigInt,
        total -> BigInt,
        standing -> Text,
        same_as -> Nullable<Text>,
    }
}

diesel::table! {
    target_figure (target_id, commune_id, area_id, part) {
        target_id -> BigInt,
        commune_id -> BigInt,
        area_id -> BigInt,
        part -> Text,
        amount -> BigInt,
        total -> BigInt,
        records -> BigInt,
    }
}

diesel::table! {
    target_recount (plan_id, commune_id) {
        plan_id -> BigInt,
        commune_id -> BigInt,
    }
}

diesel::joinable!(target_share -> record (record_id));
diesel::joinable!(target -> target_plan (plan_id));
diesel::allow_tables_to_appear_in_same_query!(target, target_plan, target_unit);
diesel::allow_tables_to_appear_in_same_query!(target_share, record);
diesel::allow_tables_to_appear_in_same_query!(target_plan_version, app_user);
