//! Words of plans and targets.

use super::{domain, number, pick, when, words};
use keng_shared::api::{MyTarget, PasteColumn, PasteError, PasteProblem, ReminderCause, TargetReminder};
use keng_shared::kind;
use keng_shared::target::{Comparator, Missing, NotCounted, PartState, Progress, SplitBy, Thousandths};
use keng_shared::time::LocalDate;

words! {
    title = "Chỉ tiêu", "Targets";
    choose_plan = "Kế hoạch", "Plan";
    no_plans = "Chưa có kế hoạch. Nhập một lần, sau đó mỗi ghi nhận được duyệt tự cộng vào chỉ tiêu.", "There is no plan yet. Enter it once; every accepted record then counts by itself.";
    enter_plan = "Nhập kế hoạch", "Enter a plan";
    change_plan = "Sửa kế hoạch", "Change the plan";
    end_plan = "Kết thúc kế hoạch", "End the plan";
    end_plan_text = "Kế hoạch không còn trong danh sách và không đếm nữa. Các ghi nhận vẫn còn nguyên.", "The plan leaves the list and counts no more. Records stay as they are.";
    plan_ended = "Đã kết thúc kế hoạch.", "The plan has ended.";
    plan_saved = "Đã lưu kế hoạch. Mọi con số đã đếm lại theo bản này.", "The plan is saved. Every figure has been counted anew.";
    start_from = "Bắt đầu từ", "Start from";
    whose = "Kế hoạch của", "Plan of";
    year = "Năm", "Year";
    look_over = "Xem trước khi lưu", "Look it over";
    targets_count(n) = "{n} chỉ tiêu", "{n} targets";
    not_found(names) = "Địa bàn này không có: {names}. Hãy xem lại chỉ tiêu nêu đích danh hoặc loại trừ.", "This area does not have: {names}. Look at the targets that name or exempt communes.";
    plan_title = "Tên kế hoạch", "Title";
    plan_document = "Văn bản: cơ quan ban hành, ngày, nguồn", "The document: issuer, date, source";
    plan_issued = "Ngày ban hành", "Issued on";
    plan_source = "Văn bản nguồn", "Source document";
    plan_from = "Kỳ từ ngày", "Period from";
    plan_to = "Đến hết ngày", "Until";
    start_empty = "Kế hoạch trống", "An empty plan";
    comparator_of(code) = "So sánh của chỉ tiêu {code}", "Comparison of target {code}";
    rule_of(code) = "Đến hết hay trước ngày, chỉ tiêu {code}", "By or before the day, target {code}";
    deadline_by = "đến hết", "by";
    deadline_before = "trước", "before";
    value_unclear(codes) = "Chưa hiểu mức giao của chỉ tiêu {codes}. Hãy ghi bằng số, ví dụ 12 hoặc 1,5; chưa lưu gì.", "The value of target {codes} is not understood. Write a number such as 12 or 1.5; nothing has been saved.";
    plan_number = "Số, ký hiệu", "Number";
    plan_issuer = "Cơ quan ban hành", "Issuer";
    cut_off = "Ngày chốt số liệu", "Cut-off";
    cut_off_hint = "Ghi nhận duyệt sau ngày này vào danh sách muộn. Để trống nếu không chốt.", "What is accepted later goes to the late list. Leave empty for none.";
    due = "Hạn báo cáo", "Report due";
    save_plan = "Lưu kế hoạch", "Save the plan";
    kept = "Giao", "Asked";
    keep_this(code) = "Giao chỉ tiêu {code}", "Ask for target {code}";
    value_of(code) = "Mức giao của chỉ tiêu {code}", "Value of target {code}";
    deadline_of(code) = "Hạn của chỉ tiêu {code}", "Deadline of target {code}";
    exempt_count(n) = "trừ {n} nơi", "{n} exempt";
    named_count(n) = "chỉ {n} nơi", "{n} named";
    own_count(n) = "{n} nơi có mức riêng", "{n} with terms of their own";
    units_of(code) = "Chỉ tiêu {code}: từng đơn vị", "Target {code}: unit by unit";
    of_unit(code, name) = "chỉ tiêu {code}, {name}", "target {code}, {name}";
    asked_of_unit(code, name) = "Giao chỉ tiêu {code} cho {name}", "Ask for target {code} of {name}";
    share_out = "Chia một mức chung cho các đơn vị", "Share one value out over the units";
    units_sum(sum) = "Cộng các đơn vị: {sum}.", "All units together: {sum}.";
    shared_all(whole) = "Đã chia hết {whole}.", "All of {whole} is shared out.";
    shared_part(sum, whole, left) = "Đã chia {sum} trong {whole}; còn {left} chưa giao.", "{sum} of {whole} are shared out; {left} are left.";
    shared_over(sum, whole, over) = "Đã chia {sum}, nhiều hơn {whole} là {over}.", "{sum} are shared out, {over} more than {whole}.";
    paste_title = "Dán từ bảng tính", "Paste from a spreadsheet";
    paste_label = "Các dòng chép từ Excel", "Lines copied from Excel";
    paste_hint = "Cột theo thứ tự: số, nội dung, đếm theo, so sánh, mức giao, đơn vị tính, thời hạn; hoặc có dòng tiêu đề gọi tên cột. Chưa lưu gì khi chưa bấm nhận.", "Columns in this order: number, words, indicator, comparator, value, unit, deadline; or a line of heads that names them. Nothing is taken before you say so.";
    paste_look = "Xem trước các dòng", "Preview the lines";
    paste_take(n) = "Nhận {n} chỉ tiêu", "Take {n} targets";
    paste_left(n) = "{n} dòng còn lỗi sẽ để lại để sửa.", "{n} lines with errors stay to be mended.";
    paste_fine = "Đủ thông tin", "Complete";
    add_target = "Thêm một chỉ tiêu", "Add a target";
    add_indicator = "Đếm theo", "What counts";
    add_comparator = "So sánh", "Comparison";
    add_measure = "Đơn vị tính", "Unit of measure";
    add_choose = "Chọn việc được đếm.", "Choose what counts.";
    add_code = "Ghi một số chưa có trong kế hoạch.", "Give a number that the plan does not have yet.";
    add_value = "Ghi mức giao bằng số, ví dụ 12 hoặc 1,5.", "Give a number such as 12 or 1.5.";
    code = "Số", "No.";
    target = "Chỉ tiêu", "Target";
    asked_value = "Mức giao", "Asked";
    last_day = "Hạn cuối", "Last day";
    result = "Kết quả", "Result";
    state = "Tiến độ", "Progress";
    missing = "Còn thiếu", "Missing";
    unit = "Đơn vị", "Unit";
    whole = "Toàn địa bàn", "Whole area";
    by_unit = "Bảng theo đơn vị", "By unit";
    by_target = "Theo chỉ tiêu", "By target";
    units_met(met, asked) = "{met}/{asked} nơi đạt", "{met} of {asked} met";
    summary(met, asked) = "Đạt {met}/{asked} chỉ tiêu", "{met} of {asked} targets met";
    filter_standing = "Hiện", "Show";
    filter_all = "Mọi chỉ tiêu", "Every target";
    filter_open = "Chậm hoặc quá hạn", "Behind or overdue";
    filter_words = "Tìm chỉ tiêu theo số hoặc lời", "Find a target by number or words";
    dense = "Bảng thu gọn", "Dense table";
    none_left = "Không có chỉ tiêu nào như vậy.", "There is no such target.";
    appendix = "Xuất phụ lục Excel", "Appendix as Excel";
    appendix_saved = "Đã tải phụ lục về máy.", "The appendix is saved.";
    appendix_failed = "Chưa ghi được tệp về máy. Thử lại.", "The file could not be saved. Try again.";
    year_before = "Năm trước", "Year before";
    years_title = "Từng đơn vị, so với năm trước", "Unit by unit, beside the year before";
    years_about(today, then) = "Đến {today}, so với đến {then}; xã mới so với các xã cũ hợp thành.", "By {today}, beside {then}; a new commune beside all old ones that it was made of.";
    years_now = "Năm nay", "This year";
    years_then = "Cùng ngày năm trước", "Same day, year before";
    years_change = "Thay đổi", "Change";
    years_end = "Cả năm trước", "Whole year before";
    behind_records = "Các ghi nhận", "Records";
    behind_newest(n) = "{n} ghi nhận mới nhất.", "The newest {n} records.";
    all_parts(n) = "đạt cả {n} phần", "all {n} parts met";
    pace_table = "Xem bảng số của biểu đồ", "The table behind the chart";
    pace_before = "năm trước", "year before";
    pace_asked(value) = "giao {value}", "asked {value}";
    pace_leads_to(value) = "dự kiến {value}", "leads to {value}";
    pace_summary(name, figure, day, asked, last) = "{name}: được {figure} đến {day}; giao {asked}, hạn cuối {last}.", "{name}: {figure} by {day}; asked {asked}, last day {last}.";
    pace_forecast(figure) = "Theo nhịp này đến hạn được {figure}.", "At this pace it is {figure} on the last day.";
    pace_reached(day) = "Theo nhịp này phải đến {day} mới đủ.", "At this pace it is reached only on {day}.";
    map_title = "Bản đồ theo chỉ tiêu", "Map by target";
    map_by = "Tô màu theo chỉ tiêu", "Colour by target";
    map_table = "Bảng của bản đồ, nơi chậm nhất ở trên", "The table of the map, the furthest behind on top";
    map_choose = "Chọn một chỉ tiêu", "Choose a target";
    map_no_outlines = "Chưa có ranh giới của các đơn vị này.", "There are no boundaries of these units.";
    on_tree = "Địa giới", "Boundaries";
    on_then = "Theo ngày của ghi nhận", "Of the record's date";
    on_now = "Theo địa giới hôm nay", "Of today";
    still_counting(n) = "Đang đếm lại {n} xã; con số có thể còn đổi.", "{n} communes are still being counted; figures may change.";
    late_count(n) = "{n} đến muộn", "{n} late";
    plan_of(name, from, to) = "{name} · từ {from} đến {to}", "{name} · {from} to {to}";
    due_on(date) = "báo cáo chậm nhất {date}", "report by {date}";
    cut_off_on(date) = "chốt hết ngày {date}", "cut-off at the end of {date}";
    behind_of(code, name) = "Chỉ tiêu {code}, {name}: ghi nhận đứng sau con số", "Target {code}, {name}: records behind the figure";
    behind_none = "Chưa có ghi nhận nào được tính.", "No record counts yet.";
    close = "Đóng", "Close";
    record_day = "Ngày", "Day";
    place = "Nơi", "Place";
    adds = "Cộng", "Adds";
    counts_or_not = "Có tính không", "Does it count?";
    counts = "Được tính", "Counts";
    open_record = "Mở ghi nhận", "Open the record";
    counts_if_single = "Được tính, nếu chưa có việc nào trùng", "Counts, unless another says the same";
    counts_for_none_here = "Không có chỉ tiêu nào của nơi này đếm việc này.", "No target of this place counts it.";
    counts_for = "Tính vào chỉ tiêu", "What it counts for";
    counts_for_nothing = "Không có chỉ tiêu nào đếm loại việc này.", "No target counts this kind.";
    my_targets = "Chỉ tiêu của tôi", "My targets";
    my_part(mine, team) = "Đã tính: {mine} ghi nhận của bạn, {team} của tổ bạn", "Counted: {mine} records of yours, {team} of your team's";
    my_part_alone(mine) = "Đã tính: {mine} ghi nhận của bạn", "Counted: {mine} records of yours";
    my_none = "Chưa có chỉ tiêu nào giao cho nơi của bạn.", "Nothing is asked of your area yet.";
    my_some_late = "Có chỉ tiêu chậm hoặc quá hạn. Xem chi tiết.", "Some targets are behind or overdue. See which.";
    my_all_met = "Mọi chỉ tiêu đang đúng tiến độ.", "Every target is on track.";
    due_title = "Việc đến hạn của kế hoạch", "What is due of the plans";
    due_none = "Trong 30 ngày tới không có chỉ tiêu nào đến hạn mà chưa đạt.", "No target that is not met falls due within 30 days.";
    due_more(n) = "Xem cả {n} việc đến hạn", "See all {n} that are due";
    due_units(units, asked) = "{units}/{asked} nơi chưa đạt", "{units} of {asked} not met";
    due_missing(n) = "còn thiếu {n}", "{n} missing";
    due_week = "Dưới mức bình quân tuần", "Below the weekly average";
    due_over(date) = "Quá hạn từ {date}", "Overdue since {date}";
    due_today = "Hạn hôm nay", "Due today";
    due_days(n) = "Còn {n} ngày", "{n} days left";
    due_report = "Báo cáo kết quả thực hiện kế hoạch", "Report on the plan";
    until(date) = "hạn {date}", "until {date}";
    quarter_of(quarter, year) = "quý {quarter}/{year}", "quarter {quarter} of {year}";
    month_of(month, year) = "tháng {month}/{year}", "month {month} of {year}";
    parts_lacking(names) = "chưa đủ: {names}", "lacking: {names}";
    parts_overdue(names) = "quá hạn: {names}", "overdue: {names}";
    week_is_done = "tuần này đã đủ", "this week is done";
    owed_words(n, what) = "còn bù {n} {what} thiếu từ trước", "{n} {what} owed from before";
    none_mark = "–", "–";
    says_none_of(words) = "Trích yếu không nói về: {words}", "It does not speak of: {words}";
    outside(from, to) = "Ngoài kỳ {from} – {to}", "Outside {from} – {to}";
    outside_campaign(from, to) = "Ngoài những ngày của đợt: {from} – {to}", "Outside the campaign's days, {from} – {to}";
    after_deadline(date) = "Sau hạn cuối {date}", "After the last day, {date}";
    after_cut_off(date) = "Duyệt sau ngày chốt {date}", "Accepted after the cut-off, {date}";
    taken_back(date) = "Đã tính khi chốt {date}, sau đó bị trả lại", "It counted at the cut-off, {date}, and was returned since";
    cap_reached(most) = "Đã tính đủ {most}", "{most} count already";
}

/// How a unit stands, in a word.
pub fn progress(progress: Progress) -> &'static str {
    match progress {
        Progress::Met => pick("Đạt", "Met"),
        Progress::OnTrack => pick("Đúng tiến độ", "On track"),
        Progress::Behind => pick("Chậm", "Behind"),
        Progress::Overdue => pick("Quá hạn", "Overdue"),
        Progress::NotApplicable => pick("Không giao", "Not asked"),
    }
}

/// A number of thousandths with one decimal, or with more where one would make it look whole: 2,999 is not 3.
pub fn thousandths(figure: Thousandths) -> String {
    let tenth = (figure.0.abs() + 50) / 100 % 10;
    match figure.0 % 1_000 {
        0 => number::grouped(figure.0 / 1_000),
        rest if tenth == 0 && figure.0 > 0 => {
            let point = pick(",", ".");
            let decimals = format!("{:03}", rest);
            let whole = number::grouped(figure.0 / 1_000);
            format!("{whole}{point}{}", decimals.trim_end_matches('0'))
        }
        _ => number::tenths(figure.0 as f64 / 1_000.0),
    }
}

/// By how much a figure rose or fell, and what part of the earlier one that is, where it is given: "+3 (+25 %)".
pub fn change(change: Thousandths, of: Option<Thousandths>) -> String {
    let signed = |number: Thousandths| match number.0 {
        0 => "0".to_owned(),
        1.. => format!("+{}", thousandths(number)),
        _ => format!("−{}", thousandths(Thousandths(number.0.saturating_abs()))),
    };
    let share = of.filter(|of| of.0 > 0 && change.0 != 0).map(|of| {
        let per_cent = i128::from(change.0) * 200 / i128::from(of.0);
        // Half away from zero.
        let rounded = (per_cent + per_cent.signum()) / 2;
        Thousandths::whole(i64::try_from(rounded).unwrap_or(i64::MAX))
    });
    match share {
        Some(share) => format!("{} ({} %)", signed(change), signed(share)),
        None => signed(change),
    }
}

/// What is asked: "≥ 3", "trên 80".
pub fn asked(comparator: Comparator, value: Thousandths) -> String {
    let value = thousandths(value);
    match comparator {
        Comparator::AtLeast => format!("≥ {value}"),
        Comparator::MoreThan => format!("> {value}"),
        Comparator::Exactly => format!("= {value}"),
        Comparator::AtMost => format!("≤ {value}"),
        Comparator::LessThan => format!("< {value}"),
    }
}

/// A comparator in words.
pub fn comparator(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::AtLeast => pick("Ít nhất (≥)", "At least (≥)"),
        Comparator::MoreThan => pick("Trên (>)", "More than (>)"),
        Comparator::Exactly => pick("Đúng (=)", "Exactly (=)"),
        Comparator::AtMost => pick("Nhiều nhất (≤)", "At most (≤)"),
        Comparator::LessThan => pick("Dưới (<)", "Less than (<)"),
    }
}

/// What is wrong with a pasted cell.
pub fn paste_error(error: &PasteError) -> String {
    let column = match error.column {
        PasteColumn::Code => code(),
        PasteColumn::Text => target(),
        PasteColumn::Indicator => add_indicator(),
        PasteColumn::Comparator => add_comparator(),
        PasteColumn::Value => asked_value(),
        PasteColumn::Measure => add_measure(),
        PasteColumn::Deadline => last_day(),
    };
    let problem = match error.problem {
        PasteProblem::Missing => pick("còn trống", "is empty"),
        PasteProblem::NotUnderstood => pick("chưa hiểu được", "is not understood"),
        PasteProblem::Twice => pick("trùng với dòng trên", "is the same as above"),
    };
    format!("{column}: {problem}")
}

/// What is missing, for a target that counts records of a kind: "còn 2 buổi trước Chủ nhật".
pub fn missing_words(missing: &Missing, kind: &str, today: LocalDate) -> String {
    let count = number::grouped(missing.count);
    let what = counted(kind);
    let until = day_words(missing.until, today);
    match super::lang() {
        super::Lang::Vi => format!("còn {count} {what} {until}"),
        super::Lang::En => format!("{count} more {what} {until}"),
    }
}

/// What is missing for a target of the person's own: of an average by the week first what this week asks for.
pub fn my_missing_words(mine: &MyTarget, today: LocalDate) -> Option<String> {
    let missing = mine.missing?;
    let Some(this_week) = mine.this_week else {
        return Some(missing_words(&missing, mine.kind(), today));
    };
    let owed = missing.count - this_week;
    let now = (this_week > 0).then(|| {
        let count = this_week;
        missing_words(&Missing { count, ..missing }, mine.kind(), today)
    });
    let owed = (owed > 0).then(|| owed_words(number::grouped(owed), counted(mine.kind())));
    match (now, owed) {
        (Some(now), Some(owed)) => Some(format!("{now}; {owed}")),
        (None, Some(owed)) => Some(format!("{}; {owed}", week_is_done())),
        (now, None) => now,
    }
}

/// The figure of a target of the person's own; of a split one, how many of its parts are met.
pub fn my_figure(mine: &MyTarget) -> String {
    let met = mine.parts.iter().filter(|part| part.progress == Progress::Met);
    match mine.parts.len() {
        0 => mine.figure.map_or_else(|| none_mark().to_owned(), thousandths),
        parts => format!("{}/{parts}", met.count()),
    }
}

/// The parts that are overdue or lack something now; none where there are none.
pub fn my_parts_lacking(mine: &MyTarget) -> Option<String> {
    let names = |keep: fn(&PartState) -> bool| {
        let parts = mine.parts.iter().filter(|part| keep(part));
        let names: Vec<String> = parts.map(|part| part_name(mine, &part.part)).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let overdue = names(|part| part.progress == Progress::Overdue).map(parts_overdue);
    let lacking = names(|part| part.missing.is_some()).map(parts_lacking);
    let said: Vec<String> = [lacking, overdue].into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// A quarter, a month or an answer, as people call it.
fn part_name(mine: &MyTarget, part: &str) -> String {
    let source = mine.target.source.as_ref();
    let split = source.and_then(|source| source.split.as_ref());
    match (split, part.split_once('-')) {
        (Some(SplitBy::Quarter), Some((year, quarter))) => quarter_of(quarter.trim_start_matches('Q'), year),
        (Some(SplitBy::Month), Some((year, month))) => month_of(month.trim_start_matches('0'), year),
        (Some(SplitBy::Field { field, .. }), _) => {
            let kind = kind::find(mine.kind());
            let field = kind.and_then(|kind| kind.fields.iter().find(|known| known.id == field));
            let words = field.and_then(|field| domain::field_value(field, &part.into()));
            words.unwrap_or_else(|| part.to_owned())
        }
        _ => part.to_owned(),
    }
}

/// Why something of a plan is due, and until when.
pub fn due_words(reminder: &TargetReminder, today: LocalDate) -> String {
    match (
        reminder.cause,
        reminder.until.signed_duration_since(today).num_days(),
    ) {
        (ReminderCause::Week, _) => due_week().to_owned(),
        (ReminderCause::Overdue, _) => due_over(when::date(reminder.until)),
        (_, 0) => due_today().to_owned(),
        (_, days) => due_days(days),
    }
}

/// What records of a kind are called when they are counted.
fn counted(kind: &str) -> &'static str {
    match kind {
        "loudspeaker_session" => pick("buổi loa", "broadcasts"),
        "direct_propaganda_session" | "mobile_propaganda_session" => {
            pick("buổi tuyên truyền", "propaganda sessions")
        }
        "document" => pick("văn bản", "documents"),
        "training_class" => pick("lớp tập huấn", "training classes"),
        "self_management_model" | "model_review" => pick("mô hình", "models"),
        "quarterly_notice" => pick("thông báo", "notices"),
        "campaign_activity" => pick("hoạt động", "activities"),
        "conference" | "listening_forum" => pick("hội nghị", "meetings"),
        _ => pick("việc", "to do"),
    }
}

/// The day until which something is to be done: this week by its name, otherwise by its date.
fn day_words(until: LocalDate, today: LocalDate) -> String {
    use chrono::{Datelike, Weekday};
    match until.signed_duration_since(today).num_days() {
        0 => pick("trong hôm nay", "today").to_owned(),
        1..=6 if until.weekday() == Weekday::Sun => pick("trước hết Chủ nhật", "by Sunday").to_owned(),
        _ => match super::lang() {
            super::Lang::Vi => format!("đến hết {}", when::date(until)),
            super::Lang::En => format!("by {}", when::date(until)),
        },
    }
}

/// Why a record does not count.
pub fn why_not(reason: &NotCounted) -> String {
    match reason {
        NotCounted::StillOpen => pick("Việc chưa xong", "It is still going on").to_owned(),
        NotCounted::NotYetAccepted => pick("Chờ cán bộ duyệt", "No officer has accepted it yet").to_owned(),
        NotCounted::Returned => pick("Cán bộ đã trả lại", "It was returned").to_owned(),
        NotCounted::Withdrawn => pick("Đã rút lại", "It was withdrawn").to_owned(),
        NotCounted::PlaceExcluded => {
            pick("Nơi này không giao chỉ tiêu", "It is not asked of this place").to_owned()
        }
        NotCounted::OtherAnswer { .. } => {
            pick("Khác loại mà chỉ tiêu đếm", "It is of another sort").to_owned()
        }
        NotCounted::NoAnswer { .. } => {
            pick("Thiếu số liệu hoặc ngày để đếm", "A figure or date is missing").to_owned()
        }
        NotCounted::NotMentioned { words, .. } => says_none_of(words.join(", ")),
        NotCounted::NothingHeard => pick("Không nơi nào nghe được", "It was heard nowhere").to_owned(),
        NotCounted::OutsideCampaign { from, to } => outside_campaign(when::date(*from), when::date(*to)),
        NotCounted::OutsidePeriod { from, to } => outside(when::date(*from), when::date(*to)),
        NotCounted::AfterDeadline { last_day } => after_deadline(when::date(*last_day)),
        NotCounted::TakenBack { cut_off } => taken_back(when::date(*cut_off)),
        NotCounted::AfterCutOff { cut_off } => after_cut_off(when::date(*cut_off)),
        NotCounted::SameAs { .. } => pick(
            "Trùng với ghi nhận đã tính",
            "Another record is the same and counts",
        )
        .to_owned(),
        NotCounted::CapReached { most } => cap_reached(*most),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_as_people_say_it() {
        let day = |text: &str| text.parse::<LocalDate>().unwrap();
        let missing = |count, until| Missing {
            count,
            until: day(until),
        };
        let today = day("2026-11-18");
        let said = |missing: Missing, kind| missing_words(&missing, kind, today);
        assert_eq!(
            said(missing(2, "2026-11-22"), "loudspeaker_session"),
            "còn 2 buổi loa trước hết Chủ nhật"
        );
        assert_eq!(
            said(missing(1, "2026-12-31"), "quarterly_notice"),
            "còn 1 thông báo đến hết 31/12/2026"
        );
        assert_eq!(
            said(missing(1, "2026-11-18"), "briefing"),
            "còn 1 việc trong hôm nay"
        );
    }

    #[test]
    fn a_figure_that_just_misses_does_not_look_as_if_it_were_there() {
        assert_eq!(thousandths(Thousandths(2_999)), "2,999");
        assert_eq!(thousandths(Thousandths(3_009)), "3,009");
        assert_eq!(thousandths(Thousandths(97_297)), "97,3");
        assert_eq!(thousandths(Thousandths(3_000)), "3");
        assert_eq!(thousandths(Thousandths(79_960)), "79,96");
    }

    #[test]
    fn over_and_at_least_are_written_differently() {
        assert_eq!(asked(Comparator::MoreThan, Thousandths::whole(80)), "> 80");
        assert_eq!(asked(Comparator::LessThan, Thousandths(1_500)), "< 1,5");
        assert_eq!(asked(Comparator::AtLeast, Thousandths::whole(1_200)), "≥ 1.200");
    }
}
