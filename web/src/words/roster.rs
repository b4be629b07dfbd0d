//! Words of planned shifts, on the phone and at the desk.

use super::{pick, words};
use keng_shared::roster::{ShiftKind, ShiftState};

words! {
    title = "Lịch tuần tra, trực", "Roster";
    coming = "Ca sắp tới của tổ", "Coming shifts of the team";
    coming_link(n) = "Xem {n} ca trong lịch của tổ", "See {n} shifts of the team";
    none_coming = "Tổ chưa có ca nào trong 14 ngày tới. Cán bộ xã hoặc tổ trưởng lập lịch.", "No shift is planned for the next 14 days. The officer or the team leader plans them.";
    write_duty = "Ghi ca trực", "Log the duty shift";
    whole_team = "Cả tổ", "Whole team";
    who = "Người đi", "Who goes";
    who_hint = "Không chọn ai là cả tổ.", "Nobody chosen means the whole team.";
    people(n) = "{n} người", "{n} people";
    late_by(time) = "muộn {time}", "{time} late";
    kind = "Loại ca", "Sort of shift";
    no_teams = "Địa bàn này chưa có tổ nào. Lập tổ trước, rồi xếp ca.", "There is no team in this area. Found one first, then plan.";
    choose_commune = "Hãy chọn một xã hoặc một khu dân cư để xếp lịch.", "Choose a commune or a residential area to plan for.";
    grid_hint = "Kéo một ca sang ngày khác hoặc tổ khác, hoặc mở ca rồi chọn “Chuyển sang…”.", "Drag a shift to another day or team, or open it and choose “Move to…”.";
    show_empty(n) = "Hiện {n} ngày chưa xếp", "Show {n} days without a shift";
    hide_empty_days = "Ẩn ngày chưa xếp", "Hide days without a shift";
    add_to(team, day) = "Xếp ca: {team}, {day}", "Plan a shift: {team}, {day}";
    open_shift(span, team) = "Ca {span}, {team}: chuyển, sửa, xóa", "Shift {span}, {team}: move, change, delete";
    shift_of(span) = "Ca {span}", "Shift {span}";
    move_to = "Chuyển sang…", "Move to…";
    move_now = "Chuyển", "Move";
    moved(team, span) = "Đã chuyển ca sang {span}, {team}.", "Moved to {span}, {team}.";
    moved_back = "Đã chuyển ca về chỗ cũ.", "Moved back.";
    on_day = "Ngày", "Day";
    edit = "Sửa ca", "Change the shift";
    saved = "Đã lưu ca.", "The shift is saved.";
    deleted = "Đã xóa ca khỏi lịch.", "The shift is deleted.";
    put_back = "Đã đưa ca trở lại lịch.", "The shift is back.";
    history = "Ca đã đi hoặc đã lỡ là việc đã qua, không chuyển hay xóa được.", "A shift that was begun or missed is history: it cannot be moved or deleted.";
    copy_week = "Chép tuần trước sang", "Copy last week";
    copied(n) = "Đã chép {n} ca.", "{n} shifts copied.";
    copied_nothing = "Tuần trước không có ca nào để chép.", "Last week has no shift to copy.";
    copy_undone = "Đã bỏ các ca vừa chép.", "The copied shifts are gone.";
    left_out(n) = "{n} ca không chép được", "{n} shifts were left out";
    team_column = "Tổ", "Team";
}

/// What a team does in a shift.
pub fn shift_kind(kind: ShiftKind) -> &'static str {
    match kind {
        ShiftKind::Patrol => pick("Tuần tra", "Patrol"),
        ShiftKind::Duty => pick("Trực", "Duty"),
    }
}

/// What became of a shift.
pub fn state(state: ShiftState) -> &'static str {
    match state {
        ShiftState::Upcoming => pick("Sắp tới", "Upcoming"),
        ShiftState::UnderWay => pick("Đang làm", "Under way"),
        ShiftState::Late => pick("Muộn giờ", "Late"),
        ShiftState::Missed => pick("Bỏ ca", "Missed"),
        ShiftState::Done => pick("Đã xong", "Done"),
    }
}
