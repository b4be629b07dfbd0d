//! Words of the campaign calendar, at the desk and on the phone.

use super::{label, pick, when, words};
use chrono::Datelike;
use keng_shared::campaign::{ACTIVITY, ANSWER, CampaignKind};
use keng_shared::kind::{self, FieldType};
use keng_shared::target::Span;
use keng_shared::time::LocalDate;

words! {
    title = "Lịch ngày, tháng hành động", "Campaign calendar";
    tab = "Lịch hành động", "Calendar";
    targets_tab = "Chỉ tiêu", "Targets";
    about = "Ngày, tháng, mùa trong kế hoạch và tiêu chí. Ghi nhận chọn đúng tên đợt thì tự gắn vào; Ngày hội 19/8, đợt cao điểm, đăng ký và công nhận “An toàn về ANTT” tự gắn theo loại việc.", "Days, months and seasons of plans and criteria. A record that names one is attached to it; festivals, peaks, registrations and recognitions are attached by their kind.";
    area = "Địa bàn", "Area";
    year = "Năm", "Year";
    running = "Đang diễn ra", "Running now";
    coming = "Sắp tới", "Coming";
    nothing_near = "Hôm nay không có đợt nào, 60 ngày tới cũng không.", "Nothing runs today, or begins within 60 days.";
    whole_year_of(year) = "Các tháng của năm {year}", "The months of {year}";
    without_days = "Theo kế hoạch, chưa có ngày", "By plan, without days yet";
    all_year = "Phong trào thi đua cả năm", "Movements of the whole year";
    reviews = "Sơ kết, tổng kết", "Reviews";
    done = "Đã có hoạt động", "Done";
    nothing_done = "Chưa có hoạt động", "Nothing done";
    none_yet = "Chưa có", "None yet";
    no_days = "Chưa đặt ngày", "No days set";
    last_days(days) = "còn {days} ngày", "{days} days left";
    ends_today = "hết hôm nay", "ends today";
    begins_in(days) = "{days} ngày nữa", "in {days} days";
    accepted(n) = "{n} hoạt động đã duyệt", "{n} accepted activities";
    waiting(n) = "{n} chờ duyệt", "{n} waiting";
    outside(n) = "{n} ngoài những ngày này", "{n} on other days";
    units_done(done, all) = "{done}/{all} nơi có hoạt động", "{done} of {all} units";
    show(name) = "Xem {name}", "Show {name}";
    sources(words) = "Căn cứ: {words}", "Sources: {words}";
    set_by(name) = "Ngày do {name} đặt", "Days set by {name}";
    usual_days = "Ngày cố định hằng năm", "The same days each year";
    lead_days = "Tính cả việc chuẩn bị từ 15 ngày trước, hoặc từ ngày nêu trong kế hoạch.", "Work of the 15 days before is of it, or since the day that a plan gives.";
    missing_units = "Chưa có hoạt động", "Without activities";
    all_units_done = "Nơi nào cũng đã có hoạt động.", "Every unit has done something.";
    units_with = "Đã có hoạt động", "With activities";
    records = "Ghi nhận của đợt", "Records of it";
    no_records = "Chưa có ghi nhận nào. Ghi nhận loại “Hưởng ứng ngày, tháng hành động” và chọn tên đợt sẽ hiện ở đây.", "No records yet. A record of the kind “Campaign day or month” that names it shows here.";
    within_days = "Trong đợt", "Within its days";
    outside_days = "Ngoài những ngày của đợt", "Outside its days";
    day_column = "Ngày", "Day";
    place = "Nơi", "Place";
    kind_column = "Việc", "Kind";
    stands = "Gắn với đợt", "Attached";
    state = "Tình trạng", "State";
    open_record(day, place) = "Mở ghi nhận {day}, {place}", "Open the record of {day}, {place}";
    open = "Mở", "Open";
    close = "Đóng", "Close";
    set_days = "Đặt ngày", "Set the days";
    change_days = "Sửa ngày", "Change the days";
    own_days = "Đặt ngày riêng cho nơi này", "Set own days here";
    set_days_of(name) = "Đặt ngày: {name}", "Set the days of {name}";
    unset_days = "Bỏ ngày đã đặt", "Take the days away";
    unset_own = "Xóa đợt này", "Delete this campaign";
    was_unset = "Đã bỏ. Ghi nhận vẫn còn nguyên.", "Taken away. Records stay as they are.";
    was_put_back = "Đã đặt lại.", "Set again.";
    add_own = "Thêm đợt riêng", "Add an own campaign";
    own_name = "Tên đợt", "Name";
    own_name_hint = "Ghi nhận gắn vào đợt này khi chọn “khác” và ghi đúng tên này.", "A record is of it that chooses “other” and gives this name.";
    from = "Từ ngày", "From";
    to = "Đến hết ngày", "Until the end of";
    note = "Theo văn bản", "By which document";
    note_hint = "Ví dụ: Kế hoạch số 12/KH-UBND", "For example: plan 12/KH-UBND";
    save = "Lưu", "Save";
    saved = "Đã lưu ngày. Các tổ thấy trên điện thoại khi có mạng.", "The days are saved. Teams see them when their phones are online.";
    conflict = "Người khác vừa sửa ngày này. Bản mới đã hiện, hãy xem lại.", "Somebody else has just changed these days. The new ones are shown; look again.";
    taken = "Nơi này đã đặt ngày cho đợt đó trong năm.", "This area has set days for it in that year already.";
}

/// Name of a campaign by the answer of the form, or the own name.
pub fn name(campaign: &str, own_name: &str) -> String {
    if !own_name.is_empty() {
        return own_name.to_owned();
    }
    let fields = kind::find(ACTIVITY).map(|spec| spec.fields).unwrap_or_default();
    let field = fields.iter().find(|field| field.id == ANSWER);
    let choices = match field.map(|field| field.field_type) {
        Some(FieldType::Choice { choices }) => choices,
        _ => &[],
    };
    let choice = choices.iter().find(|choice| choice.id == campaign);
    choice.map_or_else(|| campaign.to_owned(), |choice| label(choice.label).to_owned())
}

/// What sort of campaign it is.
pub fn kind(kind: CampaignKind) -> &'static str {
    match kind {
        CampaignKind::Day => pick("Ngày", "Day"),
        CampaignKind::Month => pick("Tháng", "Month"),
        CampaignKind::Season => pick("Mùa", "Season"),
        CampaignKind::Campaign => pick("Đợt theo kế hoạch", "By plan"),
        CampaignKind::Emulation => pick("Phong trào thi đua", "Movement"),
        CampaignKind::Review => pick("Sơ kết, tổng kết", "Review"),
    }
}

/// `01/07 – 19/08/2026`, with both years where they differ.
pub fn days(days: Span) -> String {
    let to = when::date(days.to);
    if days.from == days.to {
        return to;
    }
    if days.from.year() == days.to.year() {
        return format!("{:02}/{:02} – {to}", days.from.day(), days.from.month());
    }
    format!("{} – {to}", when::date(days.from))
}

/// How long it still runs, or when it begins; nothing when it is over.
pub fn near(days: Span, today: LocalDate) -> Option<String> {
    let until = |day: LocalDate| day.signed_duration_since(today).num_days();
    match (until(days.from), until(days.to)) {
        (_, ..0) => None,
        (1.., _) => Some(begins_in(until(days.from))),
        (_, 0) => Some(ends_today().to_owned()),
        (_, left) => Some(last_days(left)),
    }
}
