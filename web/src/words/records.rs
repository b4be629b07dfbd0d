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
