//! Words of the card that tells a group chat about finished work.

use super::words;

words! {
    share = "Chia sẻ", "Share";
    title = "Chia sẻ vào nhóm", "Share with a group";
    hint = "Thẻ chỉ có loại việc, thời gian, tên khu dân cư và con số. Không có ảnh, tên người hay vị trí.", "The card has only the kind, time, area and counts. No photos, no names, no positions.";
    drawing = "Đang vẽ thẻ…", "Drawing the card…";
    not_drawn = "Trình duyệt này không vẽ được thẻ. Bạn vẫn gửi được lời.", "This browser cannot draw the card. You can still share the words.";
    picture_of(title) = "Thẻ chia sẻ: {title}", "Card to share: {title}";
    send = "Gửi vào nhóm", "Send to a group";
    send_words = "Chỉ gửi lời", "Send the words only";
    save_picture = "Lưu ảnh", "Save the picture";
    copy_words = "Chép lời", "Copy the words";
    saved = "Đã lưu ảnh thẻ.", "The picture is saved.";
    copied = "Đã chép lời. Dán vào nhóm để gửi.", "The words are copied. Paste them into the group.";
    not_copied = "Không chép được. Hãy chọn đoạn lời rồi chép.", "Could not copy. Select the words and copy them.";
    not_sent = "Điện thoại không mở được bảng chia sẻ. Hãy lưu ảnh hoặc chép lời.", "The phone could not open its share sheet. Save the picture or copy the words.";
    distance = "quãng đường", "walked";
    checkpoints = "lượt điểm danh", "check-ins";
    findings = "phát hiện", "findings";
    people = "người", "people";
    photos = "ảnh", "photos";
    minutes = "phút phát thanh", "minutes on air";
    areas_heard = "nơi nghe được", "areas heard it";
    logged_with = "Ghi bằng Kẻng", "Logged with Kẻng";
}
