//! Figures about citizens' matters: numbers only, neither content nor who it was.

use super::*;

const G: KindGroup = KindGroup::Service;

pub(super) const KINDS: &[KindSpec] = &[
    office(
        "citizen_reception",
        G,
        "Tiếp công dân (chỉ số liệu)",
        "Reception of citizens (figures only)",
        "user",
        &[
            PERIOD,
            figure("reception_count", "Số lượt tiếp", "Receptions").unit("lượt", "times"),
            count("matter_count", "Số vụ việc", "Matters").unit("vụ", "matters"),
            count("resolved_count", "Số vụ việc đã giải quyết", "Resolved").unit("vụ", "matters"),
        ],
        &["C1.5"],
    ),
    office(
        "petition_stat",
        G,
        "Giải quyết đơn thư (chỉ số liệu)",
        "Petitions (figures only)",
        "copy",
        &[
            PERIOD,
            figure("received_count", "Số đơn tiếp nhận", "Received").unit("đơn", "petitions"),
            figure("resolved_count", "Số đơn đã giải quyết", "Resolved").unit("đơn", "petitions"),
            count("overdue_count", "Số đơn quá hạn", "Overdue").unit("đơn", "petitions"),
        ],
        &["C1.5"],
    ),
    office(
        "tip_stat",
        G,
        "Tố giác, tin báo (chỉ số liệu)",
        "Tips (figures only)",
        "bell",
        &[
            PERIOD,
            figure("received_count", "Số tin tiếp nhận", "Received").unit("tin", "tips"),
            figure("verified_count", "Số tin đã xác minh", "Verified").unit("tin", "tips"),
            count("useful_count", "Số tin có giá trị", "Useful").unit("tin", "tips"),
        ],
        &["C3.15"],
    ),
];
