//! Topics of propaganda.

use super::field::{Choice, choice};

/// Topics of propaganda; plans D0 and D1 name them.
pub const TOPICS: &[Choice] = &[
    choice(
        "movement",
        "Phong trào toàn dân bảo vệ ANTQ",
        "All-people movement",
    ),
    choice("crime_prevention", "Phòng, chống tội phạm", "Crime prevention"),
    choice("drug_prevention", "Phòng, chống ma túy", "Drug prevention"),
    choice("online_fraud", "Phòng, chống lừa đảo trên mạng", "Online fraud"),
    choice("fire_safety", "Phòng cháy, chữa cháy", "Fire safety"),
    choice("traffic_safety", "Trật tự, an toàn giao thông", "Traffic safety"),
    choice(
        "weapons_handover",
        "Giao nộp vũ khí, vật liệu nổ, pháo",
        "Handing over weapons",
    ),
    choice("new_law", "Văn bản pháp luật mới", "New legislation"),
    choice("other", "Chủ đề khác", "Other topic"),
];

/// Whether this is the id of a topic.
pub fn is_topic(id: &str) -> bool {
    TOPICS.iter().any(|topic| topic.id == id)
}
