//! Words of incidents, cameras, footage and the inbox, for both programs.

use super::{domain, pick, when, words};
use keng_shared::api::SameEvent;
use keng_shared::camera::FootageState;
use keng_shared::inbox::News;
use keng_shared::incident::case::{CaseState, PlaceOf};
use keng_shared::time::Millis;

words! {
    nav_incidents = "Vụ việc", "Incidents";
    nav_cameras = "Camera", "Cameras";
    nav_inbox = "Hộp tin", "Inbox";

    board = "Bảng", "Board";
    list = "Danh sách", "List";
    only_mine = "Chỉ việc của tôi", "Only mine";
    show_closed = "Cả việc đã xong", "Closed ones too";
    none_here = "Không có vụ việc nào.", "No incidents.";
    none_yet = "Chưa có vụ việc nào. Khi có người báo, nó hiện ở đây ngay.", "No incidents yet. When somebody reports one, it shows here at once.";
    reported_by(name) = "{name} báo", "Reported by {name}";
    happened = "Xảy ra lúc", "Happened at";
    received = "Nhận lúc", "Received at";
    due = "Hạn xử lý", "Due";
    due_in(time) = "Còn {time}", "{time} left";
    overdue(time) = "Quá hạn {time}", "{time} overdue";
    what = "Việc gì", "What";
    severity = "Mức độ", "Severity";
    state = "Đang ở bước", "State";
    assignee = "Người phụ trách", "Assigned to";
    nobody = "Chưa giao", "Nobody";
    assigned = "Đã giao.", "Assigned.";
    report = "Người báo viết", "The report";
    place = "Chỗ", "Place";
    photos = "Ảnh", "Photos";
    from_camera = "Camera đã thấy", "Seen by the camera";
    from_patrol = "Trong ca tuần tra", "On the patrol";
    open_patrol = "Mở ca tuần tra", "Open the patrol";
    open_record = "Mở ở trang Duyệt", "Open in Review";
    timeline = "Các bước đã làm", "Timeline";
    next_step = "Bước tiếp theo", "Next step";
    words_needed = "Ghi lại", "Note";
    words_hint_handed = "Chuyển cho ai, bằng cách nào.", "To whom, and how.";
    words_hint_closed = "Kết quả thế nào. Không cần ghi tên người dân.", "What came of it. No names of residents needed.";
    words_hint_again = "Vì sao mở lại.", "Why it is opened again.";
    words_hint_weigh = "Vì sao đánh giá khác người báo.", "Why you see it otherwise than the report.";
    words_optional = "Có thể để trống.", "May be left empty.";
    words_hint_place = "Vì sao chỗ này đúng hơn: đã tới nơi, người báo nói lại…", "Why this is where it happened: you went there, the reporter said so…";
    place_put = "Đặt chỗ trên bản đồ", "Put it on the map";
    place_correct = "Đặt lại chỗ", "Correct the place";
    place_title = "Chỗ xảy ra", "Where it happened";
    place_save = "Ghi chỗ này", "Save the place";
    placed_at(at) = "Đặt lại chỗ xảy ra: {at}", "Place corrected: {at}";
    placed_nowhere = "Bỏ điểm trên bản đồ: chưa rõ chỗ", "Point taken away: the place is not known";
    weigh = "Đổi mức độ", "Change the severity";
    saved = "Đã ghi.", "Saved.";
    conflict = "Người khác vừa xử lý vụ này. Đã tải bản mới, hãy xem lại rồi làm tiếp.", "Somebody else has just handled it. The new version is loaded; look again.";
    near = "Có thể cùng một việc", "May be the same event";
    near_on_card(n) = "Có thể trùng {n} tin", "May repeat {n} reports";
    near_hint = "Gần nhau về chỗ, giờ và loại việc. Kẻng không tự gộp.", "Near in place, time and sort. Kẻng never merges by itself.";
    near_distance(metres, time) = "cách {metres}, lệch {time}", "{metres} away, {time} apart";
    near_time(time) = "lệch {time}", "{time} apart";
    same_event = "Cùng một việc", "Same event";
    different_event = "Việc khác nhau", "Not the same";
    linked = "Tin báo về cùng việc này", "Reports of the same event";
    map_of_incident = "Bản đồ chỗ xảy ra", "Map of the place";
    no_position = "Không có vị trí.", "No position.";
    incident_here = "Chỗ xảy ra", "Where it happened";
    back_to_board = "Về bảng vụ việc", "Back to the board";

    footage = "Trích camera", "Footage";
    footage_ask = "Hỏi trích camera", "Ask for footage";
    footage_none = "Chưa hỏi camera nào.", "No camera was asked.";
    footage_centre = "Tâm vòng tròn (bấm lên bản đồ để đổi)", "Centre of the circle (click on the map to move it)";
    footage_radius = "Bán kính", "Radius";
    footage_from = "Từ lúc", "From";
    footage_to = "Đến lúc", "To";
    footage_words = "Cần tìm gì", "What to look for";
    footage_words_hint = "Người giữ camera đọc nguyên văn. Không ghi tên người.", "Keepers read it word for word. No names.";
    footage_cameras(n) = "Camera trong vòng ({n})", "Cameras in the circle ({n})";
    footage_no_cameras = "Không có camera nào trong vòng mà chủ đã đồng ý.", "No camera with consent in the circle.";
    footage_send = "Gửi câu hỏi", "Send";
    footage_gone(n, all) = "{n} trong {all} đầu ghi đã ghi đè đoạn này. Vẫn hỏi được: chủ camera có thể đã giữ riêng.", "{n} of {all} recorders have overwritten this span. You can still ask: the holder may have kept it.";
    footage_gone_all(n) = "Cả {n} đầu ghi đã ghi đè đoạn này. Vẫn hỏi được: chủ camera có thể đã giữ riêng.", "All {n} recorders have overwritten this span. You can still ask: the holder may have kept it.";
    footage_going(n, all) = "{n} trong {all} đầu ghi chỉ còn phần cuối của đoạn này.", "{n} of {all} recorders have only the end of this span.";
    footage_gone_one = "đã ghi đè", "overwritten";
    footage_going_one = "chỉ còn phần cuối", "only the end is left";
    footage_withdraw = "Thôi hỏi", "Take the question back";
    footage_withdraw_title = "Thôi hỏi trích camera?", "Take this question back?";
    footage_withdraw_text = "Người giữ camera chưa trả lời sẽ không còn thấy câu hỏi này, và được báo là đã thôi. Câu đã trả lời và ai giữ đoạn ghi vẫn còn.", "Keepers who have not answered no longer see the question and are told so. Answers and custody stay.";
    footage_withdraw_words = "Vì sao thôi hỏi", "Why you take it back";
    footage_withdraw_done = "Đã thôi hỏi. Người giữ camera được báo.", "Taken back. The keepers are told.";
    footage_withdrawn(when, name) = "Đã thôi hỏi {when} · {name}", "Taken back {when} · {name}";
    footage_not_asked = "Thôi hỏi", "Not asked any more";
    footage_sent = "Đã hỏi. Người giữ camera thấy ngay khi mở ứng dụng.", "Asked. Keepers see it when they open the app.";
    footage_asked(when) = "Hỏi {when}", "Asked {when}";
    footage_call_holder = "Chưa có người trong ứng dụng: gọi điện cho chủ", "Nobody in the app: call the holder";
    footage_overwritten_in(time) = "Đầu ghi sẽ ghi đè sau {time}", "Overwritten in {time}";
    footage_overwritten_since(time) = "Có thể đã ghi đè {time} trước", "May be overwritten since {time}";
    footage_answer = "Trả lời", "Answer";
    footage_answer_for = "Ghi trả lời thay", "Answer for them";
    footage_answered = "Đã ghi câu trả lời.", "Answer saved.";
    footage_question = "Đoạn ghi thế nào?", "What about the recording?";
    footage_kept_button = "Đã giữ đoạn ghi", "I kept the clip";
    footage_nothing_button = "Đã xem, không thấy gì", "I looked: nothing";
    footage_overwritten_button = "Đã bị ghi đè", "It is overwritten";
    custody = "Ai đang giữ", "Who holds it";
    custody_holder = "Ai giữ đoạn ghi", "Who holds the clip";
    custody_holder_hint = "Ghi tổ hoặc chức danh: \"Tổ camera Thành Sơn\", \"Công an xã\".", "A team or a post: \"camera team\", \"commune police\".";
    custody_place = "Để ở đâu", "Where it is";
    custody_until = "Giữ đến ngày", "Kept until";
    custody_no_video = "Kẻng không lưu video, chỉ ghi ai đang giữ.", "Kẻng keeps no video, only who holds it.";
    footage_tasks = "Công an xã hỏi trích camera", "The police ask for footage";
    footage_waiting(n) = "{n} câu hỏi chờ bạn trả lời", "{n} questions wait for your answer";
    footage_kept_on_phone = "Đã ghi câu trả lời trên máy. Kẻng sẽ gửi khi có mạng.", "The answer is on the phone. Kẻng sends it when there is a network.";
    footage_will_be_sent = "Sẽ gửi khi có mạng", "Will be sent when there is a network";
    footage_change = "Sửa câu trả lời", "Change the answer";
    footage_your_answer(answer) = "Bạn đã trả lời: {answer}", "Your answer: {answer}";
    footage_overtaken = "Công an xã đã ghi câu trả lời cho camera này trước khi câu trả lời của bạn tới nơi, nên câu của bạn chưa được tính. Nếu bạn biết đúng hơn, hãy gửi lại.", "The police wrote down an answer for this camera before yours arrived, so yours does not count yet. If you know better, send it again.";
    footage_unread_answer = "Máy chủ chưa nhận câu trả lời của bạn. Hãy xem lại rồi trả lời lại.", "The server did not take your answer. Look at it and answer again.";
    footage_send_anyway = "Vẫn gửi câu trả lời của tôi", "Send my answer all the same";
    footage_give_up = "Bỏ câu trả lời của tôi", "Leave my answer";
    footage_lost = "Câu trả lời này không gửi được vì camera đã giao cho người khác giữ. Hãy gọi Công an xã nếu đoạn ghi còn ở chỗ bạn.", "This answer could not be given: somebody else keeps the camera now. Call the police if you still have the clip.";
    footage_tasks_none = "Không có câu hỏi nào cho camera của bạn.", "No questions for your cameras.";
    footage_span(from, to) = "Đoạn cần: {from} đến {to}", "Wanted: {from} to {to}";

    camera_new = "Thêm camera", "Add a camera";
    camera_edit = "Sửa camera", "Edit the camera";
    camera_name = "Tên camera (chỗ đặt)", "Name (where it hangs)";
    camera_position = "Vĩ độ, kinh độ", "Latitude, longitude";
    camera_direction = "Hướng nhìn", "Direction";
    camera_direction_hint = "Độ theo chiều kim đồng hồ từ hướng Bắc: Đông 90, Nam 180, Tây 270.", "Degrees clockwise from north: east 90, south 180, west 270.";
    camera_view = "Góc nhìn", "Field of view";
    camera_range = "Tầm nhìn", "Range";
    camera_keep_days = "Đầu ghi giữ", "The recorder keeps";
    days = "ngày", "days";
    camera_consent = "Ngày chủ đồng ý", "Consent of the owner";
    camera_consent_hint = "Để trống nếu chưa có. Chỉ hỏi trích camera khi chủ đã đồng ý.", "Empty if there is none. Footage is asked for only with consent.";
    camera_no_consent = "Chưa có đồng ý", "No consent";
    camera_consented(date) = "Đồng ý {date}", "Consent {date}";
    camera_keeper = "Người giữ trong ứng dụng", "Keeper in the app";
    camera_no_keeper = "Chưa có", "Nobody";
    camera_holder = "Chủ camera", "Holder";
    camera_phone = "Điện thoại", "Telephone";
    camera_contact_hint = "Chỉ Công an xã thấy. Không gửi cho người khác.", "Only the commune police see this.";
    camera_saved(name) = "Đã ghi {name}.", "{name} was saved.";
    camera_retire = "Thôi dùng", "Take out of use";
    camera_retire_title = "Thôi dùng camera này?", "Take this camera out of use?";
    camera_retire_text = "Nó không còn trong danh sách. Vụ việc đã ghi vẫn giữ nguyên.", "It leaves the registry. Reports that name it stay.";
    cameras_none = "Chưa có camera nào. Thêm từng cái hoặc nhập từ tệp CSV.", "No cameras yet. Add one, or import a CSV file.";
    cameras_import = "Nhập camera từ CSV", "Import cameras from CSV";
    cameras_import_hint = "Cột: Tên camera, Địa bàn, Vĩ độ, Kinh độ; thêm nếu có: Hướng, Góc nhìn, Tầm nhìn, Số ngày lưu, Ngày đồng ý, Người liên hệ, Điện thoại, Người trông coi.", "Columns: name, area, lat, lon; if known: direction, view, range_m, keep_days, consent_on, holder_name, holder_phone, keeper.";

    inbox_none = "Chưa có tin nào.", "Nothing yet.";
    inbox_as_of(when) = "Tin tính đến {when}", "News as of {when}";
    inbox_not_here = "Hộp tin chưa tải về máy này lần nào. Khi có mạng, Kẻng tự tải.", "The inbox has never come to this phone. Kẻng brings it when there is a network.";
    inbox_unread(n) = "{n} tin chưa đọc", "{n} unread";
    inbox_read_all = "Đánh dấu đã đọc hết", "Mark all as read";
    inbox_open = "Mở", "Open";
    unread = "Chưa đọc", "Unread";
    urgent = "Tin khẩn", "Urgent";
    urgent_others(n) = "và {n} tin khẩn khác", "and {n} more";
    conflict_kept = "Có người vừa đổi vụ này. Lời bạn viết vẫn còn đây: xem lại rồi gửi lại.", "Somebody changed this case just now. Your words are still here: look again and send.";
    seen = "Đã biết", "Seen";
    live_off = "Đang mất kết nối tin tức thì. Kẻng tự nối lại; hộp tin vẫn đủ.", "Live news is off. Kẻng connects again by itself; the inbox is complete.";
}

/// What a line of the inbox says.
pub fn news(news: &News) -> String {
    match news {
        News::IncidentReported {
            category, severity, ..
        } => format!(
            "{}: {}",
            domain::severity_short(*severity),
            domain::category(*category)
        ),
        News::CaseAssigned { category, .. } => {
            format!(
                "{}: {}",
                pick("Giao cho bạn", "Assigned to you"),
                domain::category(*category)
            )
        }
        News::CaseMoved { category, state, .. } => {
            format!("{}: {}", domain::category(*category), domain::case_state(*state))
        }
        News::RecordReturned { .. } => pick(
            "Một mục được trả lại để bạn sửa",
            "A record came back for you to mend",
        )
        .to_owned(),
        News::FootageRequested { .. } => pick(
            "Công an xã hỏi trích camera của bạn",
            "The police ask for footage of your camera",
        )
        .to_owned(),
        News::FootageWithdrawn { .. } => pick(
            "Công an xã đã thôi hỏi trích camera",
            "The police took back their question for footage",
        )
        .to_owned(),
        News::Task { what, due_at, .. } => super::tasks::news(*what, *due_at),
        News::FootageAnswered { state, .. } => format!(
            "{}: {}",
            pick("Trả lời trích camera", "Footage"),
            domain::footage_state(*state)
        ),
    }
}

/// The button that puts a case into this state.
pub fn step_to(from: CaseState, to: CaseState) -> &'static str {
    match to {
        CaseState::Verifying if from.is_closed() => pick("Mở lại", "Open again"),
        CaseState::Verifying => pick("Bắt đầu xác minh", "Begin to verify"),
        CaseState::HandedOver => pick("Chuyển cơ quan xử lý", "Hand over"),
        CaseState::Resolved => pick("Đã giải quyết", "Resolved"),
        CaseState::NotConfirmed => pick("Không có việc này", "Not confirmed"),
        CaseState::Received | CaseState::Withdrawn => domain::case_state(to),
    }
}

/// Name of a column of the board.
pub fn column(state: CaseState) -> &'static str {
    match state {
        CaseState::Received => pick("Mới nhận", "Received"),
        CaseState::Verifying => pick("Đang xác minh", "Verifying"),
        CaseState::HandedOver => pick("Đã chuyển", "Handed over"),
        CaseState::Resolved => pick("Đã giải quyết", "Resolved"),
        CaseState::NotConfirmed => pick("Không xác nhận", "Not confirmed"),
        CaseState::Withdrawn => pick("Đã rút", "Withdrawn"),
    }
}

/// Who says where it happened.
pub fn place_of(place_of: PlaceOf) -> &'static str {
    match place_of {
        PlaceOf::Report => pick(
            "Theo vị trí điện thoại của người báo.",
            "Where the reporter's phone was.",
        ),
        PlaceOf::Hand => pick("Người báo chọn trên bản đồ.", "The reporter chose it on the map."),
        PlaceOf::Camera => pick("Theo chỗ treo camera.", "Where the camera hangs."),
        PlaceOf::Officer => pick("Công an đã đặt lại chỗ này.", "An officer corrected the place."),
    }
}

/// Whether two reports are one event, as a step of a case.
pub fn same_or_not(verdict: SameEvent) -> &'static str {
    match verdict {
        SameEvent::Same => pick("Nối với tin báo cùng việc", "Linked as the same event"),
        SameEvent::Different => pick("Xác định là việc khác", "Judged not the same event"),
    }
}

/// Hours and minutes up to two days, whole days beyond: nobody counts 59 hours.
fn time_left(ms: i64) -> String {
    const DAY_MS: i64 = 86_400_000;
    match ms / DAY_MS {
        0 | 1 => when::duration(ms),
        whole => format!("{whole} {}", days()),
    }
}

/// "Còn 2 giờ", or "Quá hạn 3 giờ".
pub fn due_words(due_at: Millis, now: Millis) -> String {
    match due_at.since(now) {
        left if left >= 0 => due_in(time_left(left)),
        late => overdue(time_left(late.saturating_neg())),
    }
}

/// When the recorder overwrites what is wanted.
pub fn overwritten_words(at: Millis, now: Millis) -> String {
    match at.since(now) {
        left if left >= 0 => footage_overwritten_in(time_left(left)),
        late => footage_overwritten_since(time_left(late.saturating_neg())),
    }
}

/// The button of an answer to a question for footage.
pub fn footage_button(state: FootageState) -> &'static str {
    match state {
        FootageState::Kept => footage_kept_button(),
        FootageState::NothingSeen => footage_nothing_button(),
        FootageState::Overwritten => footage_overwritten_button(),
        FootageState::Asked => domain::footage_state(state),
    }
}
