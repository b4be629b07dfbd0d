//! Words of tasks, on the phone and at the desk.

use super::{pick, when, words};
use keng_shared::inbox::TaskNews;
use keng_shared::task::{Task, TaskState};
use keng_shared::time::Millis;

words! {
    title = "Việc cần làm", "Tasks";
    given_title = "Giao việc", "Tasks";
    waiting(n) = "{n} việc cần làm", "{n} tasks to do";
    waiting_late(n, late) = "{n} việc cần làm, {late} việc quá hạn", "{n} tasks to do, {late} overdue";
    open_tasks = "Xem việc, báo đã làm xong", "See them and say what is done";
    none_here = "Chưa có việc nào được giao cho bạn hoặc tổ của bạn.", "No task was given to you or your team.";
    not_here = "Việc này không còn trên máy: đã giao cho người khác hoặc đã xong lâu rồi.", "This task is not on the phone any more: it went to somebody else, or was done long ago.";
    none_open = "Không có việc nào chưa xong. Giao việc cho một người hoặc một tổ, kèm hạn làm.", "No task is open. Give one to a person or a team, with a time by which it is due.";
    none_overdue = "Không có việc nào quá hạn.", "No task is overdue.";
    none_done = "Chưa có việc nào làm xong.", "No task is done yet.";
    none_withdrawn = "Chưa thu hồi việc nào.", "No task was withdrawn.";
    to_do = "Cần làm", "To do";
    closed_title = "Đã xong, đã thu hồi", "Done or withdrawn";
    from(name, time) = "{name} giao {time}", "From {name}, {time}";
    whole_team = "Giao cho cả tổ", "For the whole team";
    for_you = "Giao cho bạn", "For you";
    mark_done = "Đã làm xong", "It is done";
    note = "Kết quả, ghi chú", "Result, note";
    note_hint = "Ví dụ: đã thay hai bóng, còn một chỗ chờ vật tư.", "For example: two bulbs replaced, one still waits for parts.";
    with_record = "Bản ghi của việc đã làm", "Record of what was done";
    with_record_hint = "Ví dụ ca tuần tra hoặc buổi kiểm tra bạn vừa ghi.", "The patrol or inspection that you have just logged, for example.";
    without_record = "Không kèm bản ghi", "None";
    confirm_done = "Xác nhận đã xong", "Confirm";
    reopen = "Chưa xong, mở lại", "Not done, open again";
    done_said = "Đã báo làm xong.", "Said to be done.";
    reopened_said = "Đã mở lại việc.", "Open again.";
    waits = "Chờ gửi", "Waits to be sent";
    overtaken = "Bạn đã báo làm xong, nhưng trước đó việc đã được thu hồi. Kết quả của bạn không tính vào việc này nữa.", "You said that it is done, but it had been withdrawn before. What you said does not count any more.";
    lost(n) = "{n} việc bạn đã báo xong nay đã giao cho người khác, nên lời báo của bạn không được ghi nhận.", "{n} tasks that you said are done had gone to somebody else, so what you said does not count.";
    give = "Giao việc", "Give a task";
    give_about = "Giao việc về vụ này", "Give a task about it";
    change = "Sửa việc", "Change";
    changing = "Sửa việc đã giao", "Change the task";
    task = "Việc", "Task";
    what = "Việc cần làm", "What is to be done";
    more = "Nói rõ thêm", "More words";
    due = "Hạn", "Due";
    due_day = "Hạn: ngày", "Due on";
    due_day_hint = "Từ hôm nay, trong vòng một năm.", "From today, within a year.";
    due_time = "Hạn: giờ", "Due at";
    due_time_hint = "Để trống là hết ngày.", "Empty means by the end of the day.";
    place = "Ở đâu", "Where";
    area_of_holder = "Theo tổ hoặc người nhận", "As the team or person";
    about_record = "Về bản ghi", "About a record";
    open_record = "Mở bản ghi", "Open the record";
    open_done_record = "Mở bản ghi kết quả", "Open the record of the result";
    to_whom = "Giao cho", "To";
    given = "Đã giao việc. Người nhận thấy trên điện thoại khi có mạng.", "The task is given. Who got it sees it when the phone is online.";
    saved = "Đã lưu. Người nhận được báo.", "Saved. Who has it is told.";
    withdraw = "Thu hồi", "Withdraw";
    withdrawn_said = "Đã thu hồi việc.", "The task is withdrawn.";
    conflict = "Việc này vừa có người khác xử lý. Bản mới đã hiện ra, hãy xem rồi làm lại.", "Somebody else has just handled this task. The new version is shown; look and do it again.";
    show_overdue = "Quá hạn", "Overdue";
    which = "Xem việc", "Show";
    choose_one = "Chọn một tổ hoặc một người", "Choose a team or a person";
}

/// Where a task stands.
pub fn state(state: TaskState) -> &'static str {
    match state {
        TaskState::Open => pick("Chưa xong", "Open"),
        TaskState::Done => pick("Đã xong", "Done"),
        TaskState::Withdrawn => pick("Đã thu hồi", "Withdrawn"),
    }
}

/// Who brought a task where it stands: "Trần Thị Hoa báo xong lúc 21:00 hôm qua"; empty while nobody said anything.
pub fn said(task: &Task, now: Millis) -> String {
    let Some(said) = &task.said else {
        return String::new();
    };
    let verb = match task.state {
        TaskState::Open => pick("mở lại", "opened it again"),
        TaskState::Done => pick("báo xong", "has done it"),
        TaskState::Withdrawn => pick("thu hồi", "withdrew it"),
    };
    format!("{} {verb} {}", said.by.name, when::instant(said.at, now))
}

/// When a task is due: the day, with the time where a time was meant.
pub fn due_at(task: &Task, now: Millis) -> String {
    let days = (task.due_at.local_date(), now.local_date());
    match days {
        (Some(day), Some(today)) if task.due_by_day() => when::day(day, today),
        _ => when::instant(task.due_at, now),
    }
}

/// "Hạn: hôm nay", "Quá hạn: 19/08/2026".
pub fn due_words(task: &Task, now: Millis) -> String {
    let word = match task.is_overdue(now) {
        true => show_overdue(),
        false => due(),
    };
    format!("{word}: {}", due_at(task, now))
}

/// A line of the inbox about a task.
pub fn news(what: TaskNews, due_at: Millis) -> String {
    let words = match what {
        TaskNews::Given => pick("Bạn được giao một việc", "You were given a task"),
        TaskNews::Changed => pick("Việc giao cho bạn đã được sửa", "A task of yours was changed"),
        TaskNews::Withdrawn => pick(
            "Một việc giao cho bạn đã được thu hồi",
            "A task of yours was withdrawn",
        ),
        TaskNews::Done => pick("Việc bạn giao đã làm xong", "A task that you gave is done"),
        TaskNews::Reopened => pick("Một việc được mở lại", "A task was opened again"),
    };
    match what {
        TaskNews::Given | TaskNews::Changed | TaskNews::Reopened => {
            format!("{words}, {} {}", pick("hạn", "due"), when::full(due_at))
        }
        TaskNews::Withdrawn | TaskNews::Done => words.to_owned(),
    }
}
