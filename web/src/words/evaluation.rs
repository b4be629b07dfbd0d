//! Words of the yearly evaluation of teams.

use super::{pick, words};
use keng_shared::evaluation::{Because, EXCELLENT_ABOVE, MIN_MONTHS, Rating, TeamWork};

words! {
    title = "Xếp loại tổ hằng năm", "Yearly evaluation";
    tab = "Xếp loại", "Evaluation";
    year = "Năm xếp loại", "Year";
    year_of(year, from, to) = "Năm {year}: {from} đến {to}", "{year}: {from} to {to}";
    source = "Theo Hướng dẫn 01/HD-BCA-V05: bốn mức; số tổ xuất sắc không quá 20% số tổ từ tốt trở lên; tổ hoạt động dưới 9 tháng chưa xếp loại. Kẻng chỉ đề xuất từ việc đã ghi; cán bộ quyết định, vì hướng dẫn còn xét nền nếp, giao ban, tập huấn.", "After guidance 01/HD-BCA-V05: four levels; at most 20% of the teams rated good or better are excellent; teams of less than nine months are not rated. Kẻng only proposes from what was logged; an officer decides, since the guidance also asks for discipline, meetings and training.";
    choose_commune = "Hãy chọn một xã để xếp loại các tổ.", "Choose a commune whose teams to evaluate.";
    commune = "Xã", "Commune";
    no_teams = "Trong năm này xã chưa có tổ nào.", "The commune has no teams in this year.";
    team = "Tổ", "Team";
    shifts = "Ca theo lịch", "Planned shifts";
    accepted = "Việc đã duyệt", "Accepted work";
    proposed = "Đề xuất", "Proposed";
    level = "Xếp loại", "Level";
    words = "Lý do", "Why";
    level_of(team) = "Xếp loại của {team}", "Level of {team}";
    words_of(team) = "Lý do xếp loại {team}", "Why {team} is rated so";
    not_rated = "Chưa xếp loại", "Not rated";
    no_proposal = "Không đề xuất", "No proposal";
    shifts_none = "Không có ca theo lịch", "None planned";
    shifts_done(done, planned, percent) = "{done}/{planned} ca ({percent}%)", "{done} of {planned} ({percent}%)";
    shifts_left(late, missed) = "{late} muộn, {missed} bỏ", "{late} late, {missed} missed";
    top(count, most) = "Xuất sắc: {count}, được nhiều nhất {most}", "Excellent: {count} of at most {most}";
    too_many(most) = "Nhiều nhất {most} tổ xuất sắc: 20% số tổ từ tốt trở lên. Hạ bớt rồi ghi lại.", "At most {most} may be excellent: 20% of the teams rated good or better. Lower some and save again.";
    decided(name, when) = "{name} đã xếp loại {when}.", "Decided by {name}, {when}.";
    undecided = "Chưa ai xếp loại năm này. Bảng dưới là đề xuất.", "Nobody has decided this year. Below is what is proposed.";
    use_proposals = "Lấy lại đề xuất", "Take the proposals";
    save = "Ghi xếp loại", "Save the levels";
    saved = "Đã ghi xếp loại của các tổ.", "The levels are saved.";
    conflict = "Người khác vừa ghi xếp loại. Đã tải bản mới, hãy xem lại.", "Somebody else has just decided. The new version is loaded; look again.";
}

/// Name of a level.
pub fn rating(rating: Rating) -> &'static str {
    match rating {
        Rating::Excellent => pick("Hoàn thành xuất sắc", "Excellent"),
        Rating::Good => pick("Hoàn thành tốt", "Good"),
        Rating::Fulfilled => pick("Hoàn thành", "Fulfilled"),
        Rating::Unfulfilled => pick("Không hoàn thành", "Not fulfilled"),
    }
}

/// Why a level is proposed, or none.
pub fn because(because: Because) -> String {
    match because {
        Because::TooShort => pick(
            format!("hoạt động dưới {MIN_MONTHS} tháng"),
            format!("less than {MIN_MONTHS} months"),
        ),
        Because::NothingPlanned => pick("chưa xếp ca nào", "no shift was planned").to_owned(),
        Because::Share => pick("theo tỷ lệ ca đã làm", "by the share of shifts done").to_owned(),
        Because::TopIsFull => pick(
            format!("trên {EXCELLENT_ABOVE}% ca, nhưng đã đủ 20% xuất sắc"),
            format!("above {EXCELLENT_ABOVE}%, but the places at the top are taken"),
        ),
    }
}

/// Accepted work in a line.
pub fn work(work: &TeamWork) -> String {
    let (patrols, incidents, others) = (work.patrols, work.incidents, work.others);
    pick(
        format!("{patrols} ca tuần tra, {incidents} vụ việc, {others} việc khác"),
        format!("{patrols} patrols, {incidents} incidents, {others} others"),
    )
}
