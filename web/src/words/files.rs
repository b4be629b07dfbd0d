//! Words of files of records.

use super::{number, problem, words};
use keng_shared::file::{FileFault, MAX_FILE_BYTES};

words! {
    title = "Tệp đính kèm", "Files";
    none = "Chưa đính kèm tệp nào.", "No file is attached.";
    hint(max, size) = "Tệp PDF, tối đa {max} tệp, mỗi tệp không quá {size}.", "PDF files, at most {max}, each at most {size}.";
    attach = "Đính kèm tệp PDF", "Attach a PDF";
    full(max) = "Đã đủ {max} tệp.", "There are {max} files already.";
    download = "Tải về", "Download";
    save(name) = "Tải về tệp {name}", "Download {name}";
    take_away = "Bỏ", "Remove";
    remove(name) = "Bỏ tệp {name}", "Remove {name}";
    go_on = "Gửi tiếp", "Go on sending";
    unreadable = "Không đọc được tệp này. Hãy chọn lại.", "This file could not be read. Pick it again.";
    too_large(size) = "Tệp lớn quá {size}. Hãy quét nhẹ hơn hoặc tách tệp.", "The file is larger than {size}. Scan it smaller or split it.";
    not_here = "Chưa tải được tệp. Tệp này không có trên máy, hãy thử lại khi có mạng.", "The file could not be loaded. It is not on this phone; try again when it is online.";
    failed = "Chưa tải được tệp. Hãy thử lại.", "The file could not be loaded. Try again.";
    expected = "Chưa đến máy chủ", "Not on the server yet";
    held = "Đã có", "There";
    sending = "Đang gửi", "Sending";
    attached(name) = "Đã đính kèm {name}.", "{name} is attached.";
    removed(name) = "Đã bỏ {name} khỏi bản ghi.", "{name} was taken out of the record.";
    conflict = "Bản ghi vừa thay đổi. Bản mới đã hiện ra, hãy làm lại.", "The record has just changed. The new version is here; do it again.";
    broken_off = "Tệp đã ghi vào bản ghi nhưng chưa gửi hết. Bấm “Gửi tiếp” khi mạng ổn.", "The record lists the file, but it was not sent to its end. Press “Go on sending” when the network is back.";
    only_author = "Chỉ người ghi được đính kèm hoặc bỏ tệp, khi bản ghi chưa được nhận.", "Only the author attaches or removes files, until the record is accepted.";
}

/// Why a picked file is not taken.
pub fn fault(fault: FileFault) -> String {
    match fault {
        FileFault::TooLarge => too_large(number::bytes(MAX_FILE_BYTES)),
        other => problem::code(other.code()).to_owned(),
    }
}
