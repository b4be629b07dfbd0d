//! Where things stand, as tone, icon and word together.

use crate::icons::{self, Icon};
use crate::ui::Tone;
use crate::words::{Lang, field as f, lang, pick, problem, when};
use keng_engine::Reason;
use keng_engine::view::{Connection, PhotoStage, Stage, SyncStatus};
use keng_shared::time::Millis;

/// The sync state in words: never a bare spinner, never a tick that the server has not earned.
pub fn sync(status: &SyncStatus, now: Millis) -> (Tone, Icon, String) {
    let waiting = waiting(status.items_waiting, status.photos_waiting);
    let is_waiting = status.items_waiting + status.photos_waiting > 0;
    if status.storage_fails {
        return (Tone::Danger, icons::CIRCLE_ALERT, f::storage_fails().to_owned());
    }
    if status.connection == Connection::SignInAgain {
        let words = pick("Cần đăng nhập lại để gửi", "Sign in again to send");
        return (Tone::Warn, icons::LOCK, words.to_owned());
    }
    let to_mend = match lang() {
        Lang::Vi => format!("{} mục cần bạn sửa", status.to_mend),
        Lang::En => format!("{} to be mended by you", status.to_mend),
    };
    if status.to_mend > 0 && !is_waiting {
        return (Tone::Warn, icons::TRIANGLE_ALERT, to_mend);
    }
    if is_waiting {
        let (icon, end) = match status.connection {
            _ if status.is_sending => (icons::CLOUD_UPLOAD, pick("đang gửi", "sending")),
            Connection::Offline => (icons::WIFI_OFF, pick("chờ mạng", "waiting for the network")),
            Connection::Portal => (
                icons::WIFI_OFF,
                pick("Wi-Fi đòi đăng nhập", "the Wi-Fi wants a sign-in"),
            ),
            Connection::Trouble(_) => (icons::CLOUD_OFF, pick("máy chủ đang bận", "the server is busy")),
            _ => (icons::CLOUD_UPLOAD, pick("chờ gửi", "to be sent")),
        };
        let words = format!("{waiting} {end}");
        return match status.to_mend {
            0 => (Tone::Info, icon, words),
            _ => (Tone::Warn, icon, format!("{words} · {to_mend}")),
        };
    }
    match (status.last_sent_at, status.connection) {
        (Some(at), _) => {
            let words = format!("{} {}", pick("Đã gửi hết lúc", "All sent at"), short(at, now));
            (Tone::Good, icons::CLOUD_CHECK, words)
        }
        (None, Connection::Offline) => {
            let words = pick("Mất mạng. Vẫn ghi được.", "No network. You can still log.");
            (Tone::Quiet, icons::WIFI_OFF, words.to_owned())
        }
        (None, _) => {
            let words = pick("Chưa có gì phải gửi", "Nothing to send yet");
            (Tone::Quiet, icons::CLOUD_CHECK, words.to_owned())
        }
    }
}

/// `21:14`, or with the day when it was another day.
fn short(at: Millis, now: Millis) -> String {
    if at.local_date() == now.local_date() {
        when::time(at)
    } else {
        when::instant(at, now)
    }
}

fn waiting(items: usize, photos: usize) -> String {
    let item = |n| format!("{n} {}", pick("mục", "items"));
    let photo = |n| format!("{n} {}", pick("ảnh", "photos"));
    let what = match (items, photos) {
        (items, 0) => item(items),
        (0, photos) => photo(photos),
        (items, photos) => format!("{}, {}", item(items), photo(photos)),
    };
    match lang() {
        Lang::Vi => format!("Còn {what}"),
        Lang::En => what,
    }
}

/// Where a record stands.
pub fn stage(stage: &Stage) -> (Tone, Icon, String) {
    let (tone, icon, words) = match stage {
        Stage::Draft => (Tone::Quiet, icons::PENCIL, pick("Nháp", "Draft")),
        Stage::Queued => (Tone::Info, icons::HOURGLASS, pick("Chờ gửi", "To be sent")),
        Stage::Sending => (Tone::Info, icons::CLOUD_UPLOAD, pick("Đang gửi", "Sending")),
        Stage::Sent => (
            Tone::Primary,
            icons::CLOUD_CHECK,
            pick("Đã gửi, chờ duyệt", "Sent, waiting for review"),
        ),
        Stage::Accepted => (
            Tone::Good,
            icons::CIRCLE_CHECK,
            pick("Được chấp nhận", "Accepted"),
        ),
        Stage::Returned(_) => (
            Tone::Warn,
            icons::UNDO_2,
            pick("Trả lại, cần sửa", "Returned, to be mended"),
        ),
        Stage::Superseded(_) => (
            Tone::Quiet,
            icons::CHECK,
            pick("Đã có người xác nhận", "Confirmed by somebody else"),
        ),
        Stage::SetAside(_) => (
            Tone::Danger,
            icons::CIRCLE_ALERT,
            pick("Chưa gửi được, cần sửa", "Not sent, to be mended"),
        ),
        Stage::Withdrawn => (Tone::Quiet, icons::X, pick("Đã rút lại", "Withdrawn")),
    };
    (tone, icon, words.to_owned())
}

/// Where a photo stands.
pub fn photo_stage(stage: &PhotoStage) -> (Tone, Icon, String) {
    let (tone, icon, words) = match stage {
        PhotoStage::Waiting => (Tone::Quiet, icons::SMARTPHONE, pick("Trên máy", "On phone")),
        PhotoStage::Sending => (Tone::Info, icons::CLOUD_UPLOAD, pick("Đang gửi", "Sending")),
        PhotoStage::Held => (Tone::Good, icons::CLOUD_CHECK, pick("Đã gửi", "Sent")),
        PhotoStage::Returned(_) => (Tone::Warn, icons::UNDO_2, pick("Trả lại", "Returned")),
        PhotoStage::SetAside(_) => (Tone::Danger, icons::CIRCLE_ALERT, pick("Lỗi", "Failed")),
    };
    (tone, icon, words.to_owned())
}

/// Why an item was set aside.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::Refused(refusal) => problem::problem(refusal),
        Reason::BytesMissing => pick(
            "Trình duyệt đã xóa ảnh này khỏi máy trước khi gửi được.",
            "The browser deleted this photo before it could be sent.",
        )
        .to_owned(),
        Reason::WrongReceipt => pick(
            "Biên nhận của máy chủ không khớp với ảnh trên máy.",
            "The server's receipt does not fit the photo on this phone.",
        )
        .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::set_lang;

    #[test]
    fn what_waits_is_counted_in_words() {
        set_lang(Lang::Vi);
        assert_eq!(waiting(3, 5), "Còn 3 mục, 5 ảnh");
        assert_eq!(waiting(0, 1), "Còn 1 ảnh");
        set_lang(Lang::En);
        assert_eq!(waiting(2, 0), "2 items");
        set_lang(Lang::Vi);
    }
}
