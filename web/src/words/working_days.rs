//! Words of the working calendar.

use super::{pick, when, words};
use keng_shared::api::DaySpan;
use keng_shared::incident::calendar::Holiday;

words! {
    title = "Ngày nghỉ, ngày làm bù", "Days off";
    about = "Hạn xử lý vụ việc chỉ tính giờ làm việc. Kẻng đã biết ngày lễ theo Bộ luật Lao động; lịch nghỉ Tết và ngày hoán đổi hằng năm theo thông báo của Thủ tướng thì đặt ở đây.", "Due times of incidents count working hours. Kẻng knows the public holidays by law; Tết and exchanged days, which are announced each year, are set here.";
    year_before(year) = "Năm {year}", "{year}";
    year_of(year) = "Lịch năm {year}", "Calendar of {year}";
    no_tet(year) = "Chưa có lịch nghỉ Tết năm {year}. Hạn xử lý quanh Tết sẽ bị tính sớm cho tới khi có lịch.", "The days of Tết {year} are not known. Due times around it are too early until they are.";
    ask_administrator = "Quản trị viên của địa bàn cao nhất đặt lịch này.", "The administrator of the highest area sets these days.";
    days = "Ngày", "Days";
    what = "Là ngày gì", "What";
    holds = "Tính là", "Counts as";
    off = "Nghỉ", "Off";
    works = "Đi làm", "Working";
    set_here = "Đặt ở đây", "Set here";
    by_law = "Theo luật", "By law";
    source = "Nguồn", "Source";
    add = "Đặt ngày nghỉ, ngày làm bù", "Set days";
    first_day = "Từ ngày", "First day";
    last_day = "Đến ngày", "Last day";
    last_day_hint = "Để trống nếu chỉ một ngày.", "Empty means one day.";
    name = "Tên", "Name";
    name_hint = "Ví dụ: Tết Nguyên đán 2028, làm bù ngày 30/4.", "For example: Tết 2028, makes up for 30 April.";
    save = "Ghi lịch", "Save";
    saved = "Đã ghi lịch. Hạn của các vụ đang chờ đã tính lại.", "Saved. Due times of open incidents were counted anew.";
    take_back = "Bỏ", "Take back";
    take_back_name(days) = "Bỏ lịch {days}", "Take back {days}";
    taken_back = "Đã bỏ. Hạn của các vụ đang chờ đã tính lại.", "Taken back. Due times of open incidents were counted anew.";
}

/// The days of a span.
pub fn span(span: &DaySpan) -> String {
    match span.from == span.to {
        true => when::date(span.from),
        false => format!("{} – {}", when::date(span.from), when::date(span.to)),
    }
}

/// What a span is.
pub fn named(span: &DaySpan) -> String {
    span.holiday
        .map_or_else(|| span.name.clone(), |found| holiday(found).to_owned())
}

/// A public holiday.
pub fn holiday(holiday: Holiday) -> &'static str {
    match holiday {
        Holiday::NewYear => pick("Tết Dương lịch", "New Year"),
        Holiday::Tet => pick("Tết Nguyên đán", "Tết"),
        Holiday::HungKings => pick("Giỗ Tổ Hùng Vương", "Hùng Kings' Day"),
        Holiday::Reunification => pick("Ngày Chiến thắng", "Reunification Day"),
        Holiday::Labour => pick("Quốc tế Lao động", "Labour Day"),
        Holiday::NationalDay => pick("Quốc khánh", "National Day"),
        Holiday::Instead => pick("Nghỉ bù", "Instead of a weekend"),
    }
}
