//! Words for what can go wrong: what happened, that nothing is lost (if so), and what to do.

use super::{number, pick, when};
use keng_shared::client::CallError;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::time::Millis;

/// Words for a call that failed.
pub fn call<E>(error: &CallError<E>) -> String {
    match error {
        CallError::Transport(_) => no_network().to_owned(),
        CallError::Problem(found) => problem(found),
        CallError::NotOurs { status: 500.. } => code(ProblemCode::Internal).to_owned(),
        CallError::NotOurs { .. } => not_ours().to_owned(),
    }
}

/// No answer came.
pub fn no_network() -> &'static str {
    pick(
        "Không liên lạc được với máy chủ. Những gì đã lưu vẫn còn nguyên. Hãy kiểm tra mạng rồi thử lại.",
        "The server cannot be reached. What was saved is still there. Check the network and try again.",
    )
}

/// An answer came, but not from our server.
pub fn not_ours() -> &'static str {
    pick(
        "Câu trả lời không phải của Kẻng, có thể mạng Wi-Fi này đòi đăng nhập. Chưa có gì mất. Hãy mở mạng rồi thử lại.",
        "The answer is not from Kẻng; this Wi-Fi may want you to sign in. Nothing is lost. Open the network and try again.",
    )
}

/// The browser gives no place to keep the keys of this device.
pub fn no_device() -> &'static str {
    pick(
        "Trình duyệt không cho lưu khóa của máy này, có thể do đang ở chế độ ẩn danh. Hãy mở Kẻng ở cửa sổ thường.",
        "The browser does not let this device keep its keys; it may be in private mode. Open Kẻng in a normal window.",
    )
}

/// Words for a problem. Fields are worded one by one with [`field`].
pub fn problem(problem: &Problem) -> String {
    let words = code(problem.code);
    match (&problem.code, &problem.request_id) {
        (ProblemCode::Internal, Some(id)) => {
            format!("{words} {} {id}", pick("Mã để tra cứu:", "Reference:"))
        }
        _ => words.to_owned(),
    }
}

/// Words for a kind of problem.
pub fn code(code: ProblemCode) -> &'static str {
    match code {
        ProblemCode::MalformedRequest => pick(
            "Máy chủ không đọc được yêu cầu này. Chưa có gì thay đổi. Hãy tải lại trang rồi làm lại.",
            "The server could not read this request. Nothing has changed. Reload the page and try again.",
        ),
        ProblemCode::InvalidFields => pick(
            "Có chỗ chưa đúng. Những gì bạn nhập vẫn còn. Hãy sửa các ô được đánh dấu.",
            "Something is not right yet. What you entered is kept. Mend the marked fields.",
        ),
        ProblemCode::NotSignedIn => pick(
            "Bạn chưa đăng nhập hoặc phiên đã hết. Những gì đã lưu trên máy vẫn còn. Hãy đăng nhập lại.",
            "You are not signed in, or the session has ended. What is saved on this device is kept. Sign in again.",
        ),
        ProblemCode::TokenExpired => pick(
            "Phiên làm việc vừa hết hạn. Chưa có gì mất. Hãy thử lại; nếu vẫn không được, hãy đăng nhập lại.",
            "The session has just run out. Nothing is lost. Try again; if that fails, sign in again.",
        ),
        ProblemCode::WrongCredentials => pick(
            "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy xem lại từng chữ rồi thử lại.",
            "The user name or the password is not right. Check each letter and try again.",
        ),
        ProblemCode::SessionEnded => pick(
            "Phiên trên máy này đã bị kết thúc. Việc chưa gửi vẫn còn trên máy. Hãy đăng nhập lại.",
            "The session on this device was ended. Unsent work is still on it. Sign in again.",
        ),
        ProblemCode::Forbidden => pick(
            "Vai trò của bạn chưa được làm việc này. Chưa có gì thay đổi. Hãy hỏi Công an xã hoặc người quản trị.",
            "Your role does not allow this. Nothing has changed. Ask the commune police or the administrator.",
        ),
        ProblemCode::ForeignOrigin => pick(
            "Yêu cầu đến từ một trang khác nên bị chặn. Chưa có gì thay đổi. Hãy mở Kẻng từ đúng địa chỉ.",
            "The request came from another site and was blocked. Nothing has changed. Open Kẻng at its own address.",
        ),
        ProblemCode::NotFound => pick(
            "Không tìm thấy, hoặc mục này không thuộc địa bàn của bạn. Hãy quay lại danh sách.",
            "Not found, or it is not in your area. Go back to the list.",
        ),
        ProblemCode::MethodNotAllowed => pick(
            "Máy chủ không nhận thao tác này. Chưa có gì thay đổi. Hãy cập nhật ứng dụng rồi thử lại.",
            "The server does not take this action. Nothing has changed. Update the app and try again.",
        ),
        ProblemCode::IdTaken => pick(
            "Máy chủ đã có mục này với nội dung khác. Bản trên máy bạn vẫn còn. Hãy so hai bản rồi chọn.",
            "The server has this item with other content. Your copy is kept. Compare the two and choose.",
        ),
        ProblemCode::StateConflict => pick(
            "Mục này đã chuyển sang trạng thái khác. Chưa có gì mất. Hãy xem lại rồi làm tiếp.",
            "This item has moved to another state. Nothing is lost. Look at it again and go on.",
        ),
        ProblemCode::NameTaken => pick(
            "Tên này đã có người dùng. Những gì bạn nhập vẫn còn. Hãy chọn tên khác.",
            "This name is taken. What you entered is kept. Choose another.",
        ),
        ProblemCode::SlotTaken => pick(
            "Buổi phát này đã có người xác nhận trước. Không có gì mất và bạn không phải làm gì thêm.",
            "Somebody has confirmed this broadcast already. Nothing is lost and there is nothing more to do.",
        ),
        ProblemCode::OffsetMismatch => pick(
            "Ảnh gửi dở chưa khớp với máy chủ. Ảnh vẫn còn trên máy, sẽ tự gửi tiếp.",
            "The half-sent photo does not match the server yet. It is kept on this device and will go on by itself.",
        ),
        ProblemCode::Gone => pick(
            "Mục này đã được rút lại hoặc xóa. Bản trên máy bạn (nếu có) vẫn còn.",
            "This item was withdrawn or erased. Your own copy, if any, is kept.",
        ),
        ProblemCode::CursorExpired => pick(
            "Danh sách trên máy đã cũ. Việc chưa gửi vẫn còn; ứng dụng sẽ tự tải lại danh sách.",
            "The list on this device is old. Unsent work is kept; the app will load the list again.",
        ),
        ProblemCode::EnrolmentExpired => pick(
            "Mã mời này đã dùng rồi hoặc đã hết hạn. Hãy xin Công an xã một mã mới.",
            "This invitation was used or has run out. Ask the commune police for a new one.",
        ),
        ProblemCode::RevisionMismatch => pick(
            "Có người vừa sửa mục này. Những gì bạn nhập vẫn còn. Hãy xem bản mới rồi quyết định lại.",
            "Somebody has just changed this item. What you entered is kept. Look at the new version and decide again.",
        ),
        ProblemCode::TooLarge => pick(
            "Nội dung hoặc tệp quá lớn. Những gì bạn nhập vẫn còn. Hãy bớt lại rồi gửi.",
            "The text or file is too large. What you entered is kept. Make it smaller and send it again.",
        ),
        ProblemCode::UnsupportedMedia => pick(
            "Loại tệp này chưa nhận được. Tệp vẫn còn trên máy. Ảnh phải là JPEG, PNG hoặc WebP.",
            "This type of file is not accepted. It is still on your device. Photos must be JPEG, PNG or WebP.",
        ),
        ProblemCode::NotPdf => pick(
            "Chỉ nhận tệp PDF. Tệp này không phải PDF, dù tên có thể là .pdf. Hãy xuất hoặc quét văn bản ra PDF.",
            "Only PDF files are taken. This one is no PDF, whatever its name says. Export or scan the document as a PDF.",
        ),
        ProblemCode::FileBroken => pick(
            "Tệp PDF này bị hỏng hoặc tải về chưa hết. Hãy mở thử, lưu lại rồi đính kèm tệp mới.",
            "This PDF is damaged or was cut off. Open it, save it anew and attach the new file.",
        ),
        ProblemCode::FileLocked => pick(
            "Tệp PDF này đặt mật khẩu hoặc bị khóa. Hãy bỏ khóa (in ra PDF khác) rồi đính kèm.",
            "This PDF is encrypted. Remove the protection (print it to another PDF) and attach that.",
        ),
        ProblemCode::RevisionRequired => pick(
            "Máy chủ cần biết bạn đang sửa bản nào. Chưa có gì mất. Hãy tải lại trang rồi làm lại.",
            "The server must know which version you edit. Nothing is lost. Reload the page and try again.",
        ),
        ProblemCode::TooManyRequests => pick(
            "Đã thử quá nhiều lần. Những gì đã lưu vẫn còn. Hãy đợi một phút rồi thử lại.",
            "Too many tries. What was saved is kept. Wait a minute and try again.",
        ),
        ProblemCode::ChecksumMismatch => pick(
            "Ảnh đến máy chủ bị sai lệch trên đường truyền. Ảnh gốc vẫn còn trên máy, sẽ tự gửi lại.",
            "The photo was damaged on its way. The original is kept on this device and will be sent again.",
        ),
        ProblemCode::Internal => pick(
            "Máy chủ gặp lỗi. Những gì đã lưu vẫn còn. Hãy thử lại sau ít phút.",
            "The server has a fault. What was saved is kept. Try again in a few minutes.",
        ),
        ProblemCode::Busy => pick(
            "Máy chủ đang bận. Chưa có gì mất; sẽ tự thử lại sau ít giây.",
            "The server is busy. Nothing is lost; it will be tried again in a few seconds.",
        ),
        ProblemCode::StorageFull => pick(
            "Máy chủ đã hết chỗ chứa nên chưa nhận thêm. Việc của bạn vẫn còn trên máy. Hãy báo người quản trị.",
            "The server's disk is full and takes no more. Your work is kept on this device. Tell the administrator.",
        ),
    }
}

/// Words for what is wrong with one field, to stand beside it.
pub fn field(error: &FieldError) -> String {
    if let Some(columns) = error.params.get("columns") {
        return pick(
            "Chưa thấy dòng tiêu đề. Tệp cần các cột: {x}.",
            "There is no header. The file needs the columns: {x}.",
        )
        .replace("{x}", columns);
    }
    let words = bare_field(error);
    let expected = error.params.get("expected").map(String::as_str);
    match expected.and_then(expected_words) {
        Some(expected) if error.code == FieldCode::BadFormat => format!("{words} {expected}"),
        _ => words,
    }
}

/// What was expected instead, where that helps a person.
fn expected_words(expected: &str) -> Option<String> {
    match expected {
        "dd/mm/yyyy" => Some(pick("Ví dụ: 31/12/2026.", "For example: 31/12/2026.").to_owned()),
        "lat, lon" => Some(pick("Ví dụ: 20.0886, 105.3708.", "For example: 20.0886, 105.3708.").to_owned()),
        "number" => Some(pick("Ví dụ: 30.", "For example: 30.").to_owned()),
        "degrees" => Some(pick("Ví dụ: 19,9612.", "For example: 19.9612.").to_owned()),
        "CSV" | "UTF-8" | "CSV in UTF-8" => Some(
            pick(
                "Tệp phải là CSV (trong Excel: Lưu thành, CSV UTF-8).",
                "The file must be CSV (in Excel: save as CSV UTF-8).",
            )
            .to_owned(),
        ),
        _ => None,
    }
}

/// The same with the name of the field, for errors that no input shows.
pub fn named_field(error: &FieldError) -> String {
    format!("{}: {}", error.field, field(error))
}

fn bare_field(error: &FieldError) -> String {
    let number = |name: &str| error.params.get(name).map(|value| number::grouped_text(value));
    let with = |name: &str, words: (&str, &str), bare: (&str, &str)| match number(name) {
        Some(value) => pick(words.0, words.1).replace("{n}", &value),
        None => pick(bare.0, bare.1).to_owned(),
    };
    match error.code {
        FieldCode::Required => pick("Hãy điền chỗ này.", "Please fill this in.").to_owned(),
        FieldCode::WrongType => {
            pick("Giá trị chưa đúng loại.", "This is not the right type of value.").to_owned()
        }
        FieldCode::Unknown => pick(
            "Ô này không có trong biểu mẫu.",
            "This field is not part of the form.",
        )
        .to_owned(),
        FieldCode::TooShort => with(
            "min",
            ("Ngắn quá: cần ít nhất {n}.", "Too short: at least {n} needed."),
            ("Ngắn quá.", "Too short."),
        ),
        FieldCode::TooLong => with(
            "max",
            ("Dài quá: nhiều nhất {n}.", "Too long: at most {n}."),
            ("Dài quá.", "Too long."),
        ),
        FieldCode::TooSmall => with(
            "min",
            ("Nhỏ quá: từ {n} trở lên.", "Too small: {n} or more."),
            ("Nhỏ quá.", "Too small."),
        ),
        FieldCode::TooBig => with(
            "max",
            ("Lớn quá: nhiều nhất là {n}.", "Too big: at most {n}."),
            ("Lớn quá.", "Too big."),
        ),
        FieldCode::NotAChoice => pick(
            "Hãy chọn một trong các mục đã cho.",
            "Choose one of the given answers.",
        )
        .to_owned(),
        FieldCode::InFuture => pick(
            "Thời điểm này chưa tới. Hãy xem lại ngày giờ.",
            "This time has not come yet. Check date and time.",
        )
        .to_owned(),
        FieldCode::TooEarly => match error.params.get("min").and_then(|min| min.parse().ok()) {
            Some(min) => pick(
                "Ngày này sớm quá: phải từ {n} trở đi.",
                "This date is too early: {n} or later.",
            )
            .replace("{n}", &when::date(min)),
            None => pick(
                "Thời điểm này sớm quá. Hãy xem lại ngày giờ.",
                "This time is too early. Check date and time.",
            )
            .to_owned(),
        },
        FieldCode::EndBeforeStart => pick(
            "Kết thúc trước khi bắt đầu. Hãy xem lại.",
            "It ends before it starts. Please check.",
        )
        .to_owned(),
        FieldCode::TooLongAgo => pick(
            "Khoảng thời gian dài quá. Hãy xem lại giờ bắt đầu và kết thúc.",
            "The time span is too long. Check start and end.",
        )
        .to_owned(),
        FieldCode::BadFormat => pick(
            "Viết chưa đúng dạng. Hãy xem lại.",
            "Not written in the right form. Please check.",
        )
        .to_owned(),
        FieldCode::NoSuchObject => pick(
            "Không tìm thấy trong địa bàn của bạn. Hãy chọn lại.",
            "Not found in your area. Choose again.",
        )
        .to_owned(),
        FieldCode::Overlaps => match error.params.get("name") {
            Some(other) => pick(
                "Trùng giờ với “{name}”. Hãy chọn giờ khác.",
                "At the same time as “{name}”. Choose another time.",
            )
            .replace("{name}", &with_span(other, error)),
            None => pick(
                "Trùng giờ với mục khác. Hãy chọn giờ khác.",
                "At the same time as another one. Choose another time.",
            )
            .to_owned(),
        },
        FieldCode::Duplicate => pick(
            "Mục này có hai lần. Hãy bỏ bớt một.",
            "This is here twice. Remove one.",
        )
        .to_owned(),
        FieldCode::ServerOwned => pick(
            "Chỗ này do máy chủ ghi, không cần điền.",
            "The server fills this in; leave it out.",
        )
        .to_owned(),
        FieldCode::BadSignature => pick(
            "Chữ ký của máy không khớp với nội dung. Hãy chụp lại ảnh.",
            "The device's signature does not fit the content. Take the photo again.",
        )
        .to_owned(),
        FieldCode::TooCommon => pick(
            "Mật khẩu này quá dễ đoán. Hãy chọn một câu dài hơn mà chỉ bạn biết.",
            "This password is too easy to guess. Choose a longer phrase that only you know.",
        )
        .to_owned(),
    }
}

/// The name of what is there already, with its time where the server says it.
fn with_span(name: &str, error: &FieldError) -> String {
    let at = |param: &str| Some(Millis(error.params.get(param)?.parse().ok()?));
    match (at("from"), at("to")) {
        (Some(from), Some(to)) => format!("{name}, {}–{}", when::full(from), when::time(to)),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Lang, set_lang};
    use super::*;

    #[test]
    fn every_problem_has_a_sentence_of_its_own_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            set_lang(lang);
            let mut seen = std::collections::HashSet::new();
            for &found in ProblemCode::ALL {
                let words = code(found);
                assert!(words.ends_with('.') && seen.insert(words), "{found:?}: {words}");
            }
        }
        set_lang(Lang::Vi);
    }

    #[test]
    fn a_limit_is_said_with_its_number() {
        let error = FieldError::new("name", FieldCode::TooLong).with("max", 100_000);
        assert_eq!(field(&error), "Dài quá: nhiều nhất 100.000.");
        let bare = FieldError::new("name", FieldCode::TooLong);
        assert_eq!(field(&bare), "Dài quá.");
    }

    #[test]
    fn every_field_error_has_words_with_and_without_its_number() {
        for lang in [Lang::Vi, Lang::En] {
            set_lang(lang);
            for &found in FieldCode::ALL {
                let bare = FieldError::new("x", found);
                let full = bare.clone().with("min", 3).with("max", 7);
                for words in [field(&bare), field(&full)] {
                    assert!(words.ends_with('.') && !words.contains('{'), "{found:?}: {words}");
                }
            }
        }
        set_lang(Lang::Vi);
    }

    #[test]
    fn an_unknown_answer_is_told_apart_from_no_answer() {
        let captive: CallError<()> = CallError::NotOurs { status: 200 };
        let silent: CallError<()> = CallError::Transport(());
        assert_ne!(call(&captive), call(&silent));
    }
}
