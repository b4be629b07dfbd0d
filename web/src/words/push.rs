//! Words of push messages, and what the service worker shows.

use super::{incidents, words};
use keng_shared::id::{AreaId, FootageRequestId, RecordId};
use keng_shared::inbox::News;
use keng_shared::incident::{Category, Severity};
use keng_shared::json;
use keng_shared::time::Millis;
use std::collections::BTreeMap;
use uuid::Uuid;

words! {
    title = "Báo tin khẩn trên máy này", "Urgent news on this device";
    hint = "Có tin khẩn, máy báo ngay cả khi không mở Kẻng. Tin báo không ghi tên ai và không ghi địa chỉ.", "Urgent news arrives at once, also while Kẻng is not open. It names nobody and no address.";
    turn_on = "Bật báo tin khẩn", "Turn on";
    turn_off = "Tắt", "Turn off";
    is_on = "Đang bật", "On";
    turned_on = "Đã bật báo tin khẩn trên máy này.", "Urgent news is on for this device.";
    turned_off = "Đã tắt báo tin khẩn trên máy này.", "Urgent news is off for this device.";
    trial = "Gửi thử", "Send a test";
    trial_sent = "Đã gửi. Tin thử đến trong vài giây.", "Sent. It arrives within seconds.";
    trial_arrived = "Tin thử: máy này nhận được tin khẩn.", "Test: this device gets urgent news.";
    unsupported = "Trình duyệt này không nhận được tin báo. Trên iPhone, hãy đưa Kẻng ra màn hình chính rồi mở từ đó.", "This browser cannot show news. On an iPhone, put Kẻng on the home screen and open it from there.";
    denied = "Máy đang chặn thông báo của Kẻng. Mở cài đặt của trình duyệt, cho phép thông báo, rồi quay lại đây.", "Notifications of Kẻng are blocked. Allow them in the settings of the browser and come back.";
    not_here = "Máy chủ này không gửi tin báo. Hộp tin vẫn có đủ.", "This server sends no such news. The inbox has all of it.";
    failed = "Chưa bật được. Hãy thử lại khi có mạng tốt hơn.", "It could not be turned on. Try again with a better network.";
    urgent_news = "Kẻng: tin khẩn", "Kẻng: urgent";
    look = "Mở Kẻng để xem.", "Open Kẻng to see it.";
}

/// What the service worker shows: a text for each key that it makes of what a message says.
pub fn for_worker() -> String {
    let mut texts = vec![
        ("title".to_owned(), urgent_news().to_owned()),
        ("other".to_owned(), look().to_owned()),
        ("trial".to_owned(), trial_arrived().to_owned()),
    ];
    for &category in Category::ALL {
        for &severity in Severity::ALL.iter().filter(|severity| severity.is_urgent()) {
            let news = News::IncidentReported {
                record_id: RecordId(Uuid::nil()),
                area_id: AreaId(0),
                category,
                severity,
            };
            let key = format!("incident_reported.{}.{}", category.as_str(), severity.as_str());
            texts.push((key, incidents::news(&news)));
        }
    }
    let footage = News::FootageRequested {
        request_id: FootageRequestId(Uuid::nil()),
        overwritten_at: Millis(0),
    };
    texts.push(("footage_requested".to_owned(), incidents::news(&footage)));
    json::write(&texts.into_iter().collect::<BTreeMap<String, String>>())
}
