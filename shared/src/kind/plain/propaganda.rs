//! Tuyên truyền beside the loudspeakers.

use super::super::topic::TOPICS;
use super::*;

const G: KindGroup = KindGroup::Propaganda;
const TOPIC: FieldSpec = one_of("topic", "Chủ đề", "Topic", TOPICS);

pub(super) const KINDS: &[KindSpec] = &[
    plain(
        "direct_propaganda_session",
        G,
        "Buổi tuyên truyền trực tiếp",
        "Direct propaganda session",
        "megaphone",
        &[
            TOPIC,
            VENUE,
            ATTENDEES,
            FieldSpec::optional(
                "household_count",
                "Số hộ dự",
                "Households",
                FieldType::Integer { min: 0, max: 50_000 },
            )
            .unit("hộ", "households"),
            FieldSpec::optional(
                "audience",
                "Người nghe",
                "Audience",
                FieldType::Choices { choices: AUDIENCES },
            ),
            FieldSpec::detail(
                "presenter",
                "Báo cáo viên (cơ quan)",
                "Presenter (agency)",
                FieldType::Text { max: 200 },
            ),
            NOTE,
        ],
        &["D0-A1.17b", "C2.2"],
    ),
    plain(
        "mobile_propaganda_session",
        G,
        "Tuyên truyền lưu động",
        "Mobile propaganda",
        "route",
        &[
            TOPIC,
            FieldSpec::required("route", "Tuyến", "Route", LINE),
            FieldSpec::optional(
                "area_count",
                "Số khu dân cư đi qua",
                "Residential areas passed",
                COUNT,
            )
            .unit("nơi", "areas"),
            FieldSpec::optional(
                "minutes",
                "Thời lượng",
                "Length",
                FieldType::Integer { min: 1, max: 1_440 },
            )
            .unit("phút", "min"),
            FieldSpec::detail("team", "Tổ lưu động", "Mobile team", LINE),
            NOTE,
        ],
        &["D2-4"],
    ),
    plain(
        "online_post",
        G,
        "Tin, bài trên mạng xã hội",
        "Online post",
        "smartphone",
        &[
            one_of("channel", "Kênh", "Channel", CHANNELS),
            TOPIC,
            FieldSpec::required("title", "Tên tin, bài", "Title", LINE),
            FieldSpec::optional("link", "Đường dẫn", "Link", FieldType::Url),
            count("view_count", "Lượt xem", "Views").unit("lượt", "views"),
            count("share_count", "Lượt chia sẻ", "Shares").unit("lượt", "shares"),
            NOTE,
        ],
        &[],
    ),
    office(
        "media_item",
        G,
        "Tin bài, phóng sự báo chí",
        "Press item",
        "radio-tower",
        &[
            one_of("medium", "Loại hình", "Medium", MEDIA),
            FieldSpec::required("title", "Tên tin, bài", "Title", LINE),
            FieldSpec::required(
                "outlet",
                "Cơ quan báo chí",
                "Outlet",
                FieldType::Text { max: 200 },
            ),
            FieldSpec::required("published_on", "Ngày đăng, phát", "Published on", FieldType::Date),
            FieldSpec::optional("link", "Đường dẫn", "Link", FieldType::Url),
            NOTE,
        ],
        &[],
    ),
    plain(
        "leaflet_distribution",
        G,
        "Phát tờ rơi, ký cam kết",
        "Leaflets and pledges",
        "copy",
        &[
            TOPIC,
            figure("leaflet_count", "Số tờ phát", "Leaflets").unit("tờ", "leaflets"),
            count("pledge_count", "Số hộ ký cam kết", "Households that signed").unit("hộ", "households"),
            NOTE,
        ],
        &[],
    ),
    office(
        "contest",
        G,
        "Hội thi, hội diễn, tìm hiểu pháp luật",
        "Contest",
        "flag",
        &[
            one_of("form", "Hình thức", "Form", CONTESTS),
            PHRASE,
            VENUE,
            ATTENDEES,
            count("entry_count", "Số bài, đội dự thi", "Entries"),
            ORGANISER,
            NOTE,
        ],
        &[],
    ),
];

const CHANNELS: &[Choice] = &[
    choice("zalo", "Zalo", "Zalo"),
    choice("facebook", "Facebook", "Facebook"),
    choice("tiktok", "TikTok", "TikTok"),
    choice("website", "Trang thông tin điện tử", "Website"),
    choice("other", "Kênh khác", "Other"),
];

const MEDIA: &[Choice] = &[
    choice("newspaper", "Báo in, báo điện tử", "Newspaper"),
    choice("radio", "Phát thanh, truyền thanh", "Radio"),
    choice("television", "Truyền hình", "Television"),
    choice("column", "Chuyên trang, chuyên mục", "Regular column"),
];

const CONTESTS: &[Choice] = &[
    choice("contest", "Hội thi", "Contest"),
    choice("performance", "Hội diễn", "Performance"),
    choice("seminar", "Hội thảo, tọa đàm", "Seminar"),
    choice("quiz", "Cuộc thi tìm hiểu pháp luật", "Law quiz"),
];
