//! Tables of the roster beside the plans themselves, as diesel sees them; the same for both databases.

use super::schema::patrol_plan;

diesel::table! {
    patrol_plan_member (plan_id, user_id) {
        plan_id -> BigInt,
        user_id -> Text,
    }
}

diesel::table! {
    patrol_plan_record (record_id) {
        record_id -> Text,
        plan_id -> BigInt,
        started_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    patrol_route (id) {
        id -> BigInt,
        area_id -> BigInt,
        sort -> Text,
        terms -> Text,
        revision -> Integer,
        created_by -> Text,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(patrol_plan_member, patrol_plan);
