//! The table of ended models as diesel sees it; the same for both databases.

diesel::table! {
    model_ending (commune_id, category, name_key) {
        commune_id -> BigInt,
        category -> Text,
        name_key -> Text,
        state -> Text,
        on_date -> Text,
        words -> Text,
        into_category -> Nullable<Text>,
        into_name -> Nullable<Text>,
        revision -> Integer,
        by_id -> Text,
        at -> BigInt,
    }
}
