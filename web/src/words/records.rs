//! Words of the table of records at the desk: its columns, saved views, verdicts on many at once.

use super::{pick, words};
use keng_shared::api::BulkOutcome;

words! {
    nav_records = "Hoạt động", "Activities";
    caption = "Các ghi nhận theo bộ lọc", "Records that fit the filter";
    empty = "Không có ghi nhận nào theo bộ lọc này.", "No record fits this filter.";
    empty_yet = "Chưa có ghi nhận nào. Ghi nhận của các tổ sẽ hiện ở đây.", "There are no records yet. What teams log shows here.";
    any_status = "Mọi trạng thái", "Any state";
    any_kind = "Mọi loại việc", "Any kind";
    any_area = "Mọi địa bàn", "Any area";
    any_team = "Mọi tổ", "Any team";
    any_flag = "Mọi mục", "Anything";
    team = "Tổ", "Team";
    too_many_to_sort = "Quá nhiều mục để sắp theo cột này. Hãy lọc bớt xuống dưới 20.000 mục.", "Too many to put in this order. Narrow the filter to fewer than 20,000.";

    column_date = "Ngày", "Date";
    column_time = "Giờ", "Time";
    column_kind = "Loại việc", "Kind";
    column_area = "Địa bàn", "Area";
    column_team = "Tổ", "Team";
    column_author = "Người ghi", "Author";
    column_photos = "Ảnh", "Photos";
    column_flags = "Cần chú ý", "To look at";
    column_status = "Trạng thái", "State";
    column_received = "Máy chủ nhận lúc", "Received";
    columns = "Cột", "Columns";
    columns_title = "Chọn cột", "Choose columns";
    columns_shown = "Cột hiện trong bảng", "Columns of the table";
    columns_signals = "Mỗi dấu hiệu một cột", "A column for each signal";

    views = "Bộ lọc đã lưu", "Saved filters";
    no_view = "Chọn bộ lọc…", "Choose a filter…";
    save_view = "Lưu bộ lọc này", "Save this filter";
    view_name = "Tên bộ lọc", "Name of the filter";
    view_name_hint = "Tên đã có sẽ được thay bằng bộ lọc đang xem.", "A name that exists is replaced.";
    save = "Lưu", "Save";
    view_saved(name) = "Đã lưu “{name}”.", "“{name}” saved.";
    delete_view = "Xóa bộ lọc", "Delete the filter";
    view_deleted(name) = "Đã xóa “{name}”.", "“{name}” deleted.";

    select_row(name) = "Chọn {name}", "Select {name}";
    select_page = "Chọn tất cả trên trang", "Select all on the page";
    selected(n) = "Đã chọn {n} mục", "{n} selected";
    selected_all = "Đã chọn mọi mục theo bộ lọc", "Everything that fits the filter is selected";
    select_all = "Chọn mọi mục theo bộ lọc", "Select everything that fits the filter";
    clear_selection = "Bỏ chọn", "Clear the selection";
    accept_many = "Chấp nhận", "Accept";
    return_many = "Trả lại", "Return";

    accept_title = "Chấp nhận nhiều mục", "Accept many";
    return_title = "Trả lại nhiều mục", "Return many";
    counting = "Đang đếm…", "Counting…";
    will_accept(n) = "Sẽ chấp nhận {n} mục đang chờ duyệt.", "{n} records that wait will be accepted.";
    will_return(n) = "Sẽ trả lại {n} mục đang chờ duyệt, kèm lời nhắn này.", "{n} records that wait will be returned with these words.";
    with_signals(n) = "{n} mục trong đó có dấu hiệu cần chú ý. Hãy xem từng mục ấy trước khi duyệt chung.", "{n} of them have something to look at. Look at those one by one first.";
    show_with_signals = "Chỉ xem những mục ấy", "Show only those";
    others_stay(n) = "{n} mục khác trong phần đã chọn không chờ duyệt và được giữ nguyên.", "{n} others of the selection do not wait for a verdict and stay as they are.";
    nothing_waits = "Không mục nào trong phần đã chọn đang chờ duyệt.", "Nothing of the selection waits for a verdict.";
    too_many(max) = "Mỗi lần duyệt được nhiều nhất {max} mục. Hãy thu hẹp bộ lọc.", "At most {max} at a time. Narrow the filter.";
    count_changed = "Số mục vừa thay đổi. Hãy xem lại con số rồi bấm lần nữa.", "The number has just changed. Look at it and press again.";
    reason = "Lời nhắn cho người ghi", "Words to the authors";
    working = "Đang duyệt", "Working";
    undoing = "Đang hoàn tác", "Undoing";
    finished(n) = "Xong {n} mục.", "{n} done.";
    undone(n) = "Đã hoàn tác {n} mục.", "{n} put back.";
    undo_all = "Hoàn tác tất cả", "Undo all";
    left_alone = "Những mục được giữ nguyên", "Left alone";
    jobs = "Tệp và việc đã chạy", "Files and past jobs";
    jobs_hint = "Tệp xuất ra được giữ 7 ngày. Đóng cửa sổ này thì việc vẫn chạy tiếp trên máy chủ.", "Files are kept for 7 days. Work goes on at the server when this window is closed.";
    jobs_none = "Bạn chưa xuất tệp hay duyệt nhiều mục lần nào.", "You have not exported a file or judged many at once yet.";
    jobs_files = "Tệp đã xuất", "Exported files";
    jobs_verdicts = "Duyệt nhiều mục", "Verdicts on many";
    file_ready(rows, size) = "{rows} dòng · {size}", "{rows} rows · {size}";
    file_until(day) = "Giữ đến {day}", "Kept until {day}";
    file_failed = "Không viết được tệp này.", "This file could not be written.";
    download = "Tải về", "Download";
    downloading = "Đang tải…", "Downloading…";
    waits_its_turn = "Đang chờ đến lượt", "Waits for its turn";
    bulk_accepted = "Chấp nhận nhiều mục", "Accepted many";
    bulk_returned = "Trả lại nhiều mục", "Returned many";
    bulk_undone = "Hoàn tác lần duyệt nhiều mục", "Took a verdict on many back";
    bulk_was_undone = "Đã hoàn tác", "Taken back";
    outcome_count(outcome, n) = "{outcome}: {n} mục", "{outcome}: {n}";
    failed = "Chưa làm xong. Những mục đã duyệt vẫn giữ kết quả.", "It was not finished. What was judged stays judged.";
}

/// What became of a record.
pub fn outcome(outcome: BulkOutcome) -> &'static str {
    match outcome {
        BulkOutcome::Done => pick("Đã làm", "Done"),
        BulkOutcome::Changed => pick("Người ghi vừa sửa", "Changed by its author"),
        BulkOutcome::Judged => pick("Người khác vừa duyệt", "Judged by somebody else"),
        BulkOutcome::Withdrawn => pick("Đã rút lại", "Withdrawn"),
        BulkOutcome::Refused => pick("Bạn không còn quyền duyệt", "You may not judge it any more"),
    }
}
