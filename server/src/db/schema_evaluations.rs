//! The tables of the yearly evaluation as diesel sees them; the same for both databases.

diesel::table! {
    team_evaluation (commune_id, year) {
        commune_id -> BigInt,
        year -> Integer,
        revision -> Integer,
        by_id -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    team_rating (commune_id, year, team_id) {
        commune_id -> BigInt,
        year -> Integer,
        team_id -> BigInt,
        rating -> Nullable<Text>,
        words -> Text,
    }
}
