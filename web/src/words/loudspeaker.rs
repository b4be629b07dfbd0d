//! Words of loudspeaker sessions, on the phone and at the desk.

use super::{label, pick, when, words};
use chrono::{Datelike, Weekday};
use keng_shared::id::AreaId;
use keng_shared::kind::TOPICS;
use keng_shared::loudspeaker::{LoudspeakerSession, MissReason, Rest};
use keng_shared::time::LocalDate;

words! {
    title = "Loa phát thanh", "Loudspeakers";
    waiting_count(n) = "{n} buổi chờ xác nhận", "{n} broadcasts to confirm";
    open_waiting = "Xem và xác nhận", "Look and confirm";
    confirm_count(n) = "Xác nhận {n} buổi", "Confirm {n} broadcasts";
    choose_some = "Hãy chọn buổi đã phát", "Choose what was broadcast";
    confirm_hint = "Các buổi dưới đây đã qua giờ phát theo lịch. Bỏ chọn buổi không phát; ghi nơi không nghe được.", "The schedule says that these were broadcast. Untick what was not; say where it was not heard.";
    nothing_waiting = "Không có buổi nào chờ xác nhận.", "There is nothing to confirm.";
    no_schedule = "Chưa có lịch phát cho địa bàn của bạn. Cán bộ xã lập lịch ở trang quản lý; bạn vẫn có thể ghi buổi ngoài lịch.", "There is no schedule for your area. The officer writes one at the desk; you can still log a broadcast.";
    confirmed_now(n) = "Đã xác nhận {n} buổi.", "{n} broadcasts confirmed.";
    confirmed_offline(n) = "Đã xác nhận {n} buổi trên máy. Có mạng sẽ tự gửi.", "{n} broadcasts confirmed on this phone. They are sent when there is a network.";
    log_unplanned = "Ghi buổi ngoài lịch", "Log a broadcast outside the schedule";
    confirmed_title = "Đã xác nhận", "Confirmed";
    overdue = "Đã quá 48 giờ", "More than 48 hours ago";
    add_proof = "Thêm ảnh, ghi chú", "Add photos or a note";
    confirmed_by(name) = "{name} xác nhận", "Confirmed by {name}";
    heard_in(n, all) = "Nghe được {n}/{all} nơi", "Heard in {n} of {all}";
    heard_everywhere(n) = "Nghe được ở cả {n} nơi", "Heard in all {n}";
    not_heard = "Không phát được", "Not broadcast";
    late = "Xác nhận muộn", "Confirmed late";
    exceptions = "Có nơi không nghe được", "Not heard everywhere";
    exceptions_count(n) = "{n} nơi không nghe được", "Not heard in {n}";
    which_areas = "Nơi nào không nghe được?", "Where was it not heard?";
    why = "Vì sao?", "Why?";
    why_in(area) = "Vì sao {area} không nghe được?", "Why not in {area}?";
    reasons = "Lý do", "Reasons";
    reason_each = "Mỗi nơi một lý do", "A reason for each";
    reason_words = "Nói rõ lý do", "Say why";
    areas_count(n) = "{n} khu dân cư", "{n} residential areas";
    minutes_count(n) = "{n} phút", "{n} min";

    topic = "Chủ đề", "Topic";
    script = "Bài phát", "Script";
    script_hint = "Tên bài, số văn bản, hoặc nội dung chính", "Title, number, or the main content";
    station = "Đài, cụm loa", "Station, cluster of speakers";
    minutes = "Thời lượng", "Length";
    minutes_unit = "phút", "min";
    presenter = "Người phụ trách (chức danh)", "Presenter (role)";
    presenter_hint = "Ví dụ: cán bộ văn hóa xã. Không ghi tên.", "For example: culture officer. No name.";
    areas = "Khu dân cư nghe phát", "Residential areas";
    note = "Ghi chú", "Note";
    heard = "Nghe được", "Heard";
    missed = "Không nghe được", "Not heard";
    confirmed_at = "Xác nhận lúc", "Confirmed at";

    add_schedule = "Lập lịch phát", "Write a schedule";
    edit_schedule = "Sửa lịch phát", "Change the schedule";
    schedules = "Lịch phát", "Schedules";
    no_schedules = "Chưa có lịch phát. Lập lịch một lần, mỗi tuần chỉ cần xác nhận.", "There is no schedule yet. Write one once, then only confirm each week.";
    schedule_name = "Tên lịch", "Name";
    station_area = "Đài của", "Station of";
    weekdays = "Thứ", "Weekdays";
    times = "Giờ phát", "Times";
    times_hint = "Ví dụ: 05:30, 17:00", "For example: 05:30, 17:00";
    topics = "Chủ đề lần lượt", "Topics in turn";
    turns = "Thứ tự phát lần lượt", "The turns they take";
    earlier_turn(topic) = "Phát “{topic}” sớm hơn", "“{topic}” earlier";
    first_day = "Từ ngày", "From";
    last_day = "Đến ngày", "Until";
    last_day_hint = "Để trống nếu chưa biết", "Leave empty if not known";
    holidays = "Ngày nghỉ phát", "Days without broadcast";
    holidays_hint = "Ví dụ: 01/01/2027, 30/04/2027", "For example: 01/01/2027, 30/04/2027";
    pauses = "Các đợt tạm dừng", "Pauses";
    pause_days(from, to) = "Tạm dừng {from} – {to}", "Pause {from} – {to}";
    pause_remove(words) = "Bỏ: {words}", "Remove: {words}";
    pause_remove_short = "Bỏ", "Remove";
    pause_from = "Thêm tạm dừng từ", "Add a pause from";
    pause_to = "đến hết ngày", "until the end of";
    pause_reason = "Lý do tạm dừng", "Reason of the pause";
    stop_schedule = "Dừng lịch này", "End this schedule";
    stop_schedule_text = "Lịch không đề nghị buổi nào nữa. Các buổi đã xác nhận vẫn còn.", "The schedule proposes nothing any more. What was confirmed stays.";
    schedule_saved = "Đã lưu lịch phát.", "The schedule is saved.";
    schedule_stopped = "Đã dừng lịch phát.", "The schedule has ended.";
    save = "Lưu lịch", "Save";
    ahead = "Chưa tới giờ", "Ahead";
    waits = "Chờ xác nhận", "To confirm";
    aired = "Đã phát", "Broadcast";
    week_of(from, to) = "Tuần {from} – {to}", "Week {from} – {to}";
    week_before = "Tuần trước", "Week before";
    week_after = "Tuần sau", "Week after";
    this_week = "Tuần này", "This week";
    choose_area = "Địa bàn", "Area";
    confirm_week = "Xác nhận cả tuần", "Confirm the week";
    confirm_some(n) = "Xác nhận {n} buổi đã chọn", "Confirm {n} chosen";
    not_stored = "Chưa ghi được, hãy xem lại:", "Not stored, please look again:";
    say_why = "Hãy nói rõ lý do.", "Say why.";
    some_refused(n) = "{n} buổi chưa ghi được, vẫn còn trong danh sách chờ.", "{n} could not be confirmed and still wait.";
    some_taken(n) = "{n} buổi đã có người xác nhận trước.", "{n} were confirmed by somebody else.";
    coverage = "Độ phủ theo khu dân cư", "Coverage by residential area";
    coverage_hint(target, weeks) = "Mục tiêu trung bình {target} buổi mỗi tuần; tính {weeks} tuần gần đây. Buổi chờ duyệt tính riêng.", "Target: {target} a week on average over {weeks} weeks. Sessions waiting for review are told apart.";
    area_column = "Khu dân cư", "Residential area";
    week_column = "Trong tuần", "In the week";
    average_column = "Trung bình/tuần", "Average a week";
    on_target = "Đạt", "On target";
    below_target = "Chưa đạt", "Below target";
    on_target_if_accepted = "Đạt nếu được duyệt", "On target if accepted";
    week_figures(accepted, waiting) = "{accepted} đã duyệt, {waiting} chờ", "{accepted} accepted, {waiting} waiting";
    no_areas = "Chọn một xã hoặc khu dân cư để xem.", "Choose a commune or a residential area.";
}

/// A topic by its id.
pub fn topic_of(id: &str) -> String {
    let found = TOPICS.iter().find(|topic| topic.id == id);
    found.map_or_else(|| id.to_owned(), |topic| label(topic.label).to_owned())
}

/// Why an area did not hear a broadcast.
pub fn miss_reason(reason: MissReason) -> &'static str {
    label(reason.label())
}

/// Why there is no broadcast on a day.
pub fn rest(rest: &Rest) -> String {
    match rest {
        Rest::Holiday => pick("Ngày nghỉ", "Day off").to_owned(),
        Rest::Pause(reason) if reason.is_empty() => pick("Tạm dừng", "Paused").to_owned(),
        Rest::Pause(reason) => reason.clone(),
    }
}

/// A weekday.
pub fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => pick("Thứ Hai", "Monday"),
        Weekday::Tue => pick("Thứ Ba", "Tuesday"),
        Weekday::Wed => pick("Thứ Tư", "Wednesday"),
        Weekday::Thu => pick("Thứ Năm", "Thursday"),
        Weekday::Fri => pick("Thứ Sáu", "Friday"),
        Weekday::Sat => pick("Thứ Bảy", "Saturday"),
        Weekday::Sun => pick("Chủ Nhật", "Sunday"),
    }
}

/// `Thứ Hai 23/11`.
pub fn short_day(date: LocalDate) -> String {
    format!(
        "{} {:02}/{:02}",
        weekday(date.weekday()),
        date.day(),
        date.month()
    )
}

/// What a session says, as names and values.
pub fn facts(session: &LoudspeakerSession, area: impl Fn(AreaId) -> String) -> Vec<(String, String)> {
    let reached: Vec<String> = session.aired().map(&area).collect();
    let unreached: Vec<String> = session
        .areas
        .iter()
        .filter_map(|covered| {
            let reason = miss_reason(covered.missed?);
            let words = if covered.note.is_empty() {
                String::new()
            } else {
                format!(" ({})", covered.note)
            };
            Some(format!("{}: {reason}{words}", area(covered.area_id)))
        })
        .collect();
    let of_areas = |count: usize| heard_in(count, session.areas.len());
    let lines = [
        (topic(), topic_of(&session.topic)),
        (minutes(), minutes_count(session.minutes)),
        (station(), session.station.clone()),
        (presenter(), session.presenter.clone()),
        (
            heard(),
            format!("{}\n{}", of_areas(reached.len()), reached.join(", "))
                .trim()
                .to_owned(),
        ),
        (missed(), unreached.join("\n")),
        (script(), session.script.clone()),
        (note(), session.note.clone()),
        (
            confirmed_at(),
            session.confirmed_at.map(when::full).unwrap_or_default(),
        ),
    ];
    let said = lines.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| (name.to_owned(), value)).collect()
}
