//! Words of maps.

use super::{Lang, lang, words};
use keng_shared::geo::LatLon;

words! {
    nav_map = "Bản đồ", "Map";
    label = "Bản đồ các ghi nhận", "Map of the records";
    layers = "Hiện trên bản đồ", "Shown on the map";
    layer_records = "Ghi nhận", "Records";
    layer_heat = "Mật độ", "Density";
    layer_tracks = "Đường tuần tra", "Tracks of patrols";
    layer_incidents = "Vụ việc đang xử lý", "Open incidents";
    layer_cameras = "Camera", "Cameras";
    layer_parts = "Ranh giới", "Boundaries";
    length = "Khoảng thời gian", "Time span";
    days_1 = "1 ngày", "1 day";
    days_7 = "7 ngày", "7 days";
    days_30 = "30 ngày", "30 days";
    days_90 = "90 ngày", "90 days";
    days_365 = "365 ngày", "365 days";
    slider = "Kéo để đổi ngày", "Move to other days";
    span(from, to) = "Từ {from} đến {to}", "From {from} to {to}";
    count(n) = "{n} ghi nhận trong khung nhìn", "{n} records in view";
    cluster(n) = "{n} ghi nhận, bấm để phóng to", "{n} records, press to come nearer";
    nothing = "Không có ghi nhận nào có vị trí trong khung nhìn và những ngày này.", "No record with a position in this view and these days.";
    in_table = "Xem các ghi nhận này trong bảng", "See these records in the table";
    open_record = "Mở ghi nhận", "Open the record";
    keys = "Phím mũi tên rê bản đồ, + và − phóng to thu nhỏ, Tab đi qua các dấu, Enter mở.", "Arrow keys move the map, + and − zoom, Tab goes through the marks, Enter opens.";
    tracks_near = "Đường tuần tra hiện khi còn ít ca trong khung nhìn: hãy phóng to.", "Tracks show when few patrols are in view: come nearer.";
    place_label = "Bản đồ để chọn chỗ xảy ra", "Map on which the place is chosen";
    place_hint = "Chạm vào bản đồ để đặt điểm, kéo điểm để dời. Dùng bàn phím: tới điểm bằng Tab, dời bằng phím mũi tên.", "Tap the map to put the point, drag it to move it. By keyboard: Tab to the point, arrow keys move it.";
    place_moves = "Chỗ xảy ra. Phím mũi tên để dời.", "Where it happened. Arrow keys move it.";
    place_here = "Vị trí của tôi", "Where I am";
    place_in_middle = "Đặt ở giữa bản đồ", "Put it in the middle";
    place_none = "Bỏ điểm", "Take the point away";
    place_chosen(at) = "Điểm đã chọn: {at}", "Chosen point: {at}";
    place_not_chosen = "Chưa chọn điểm nào.", "No point is chosen.";
    place_outside = "Điểm này nằm ngoài ranh giới địa bàn. Nếu đúng là vậy thì cứ giữ.", "This point lies outside the boundary of the area. Keep it if that is so.";
    place_no_ground = "Chưa có ranh giới của địa bàn trên máy này. Vẫn chọn điểm được theo vị trí của bạn.", "The boundary of the area is not on this device yet. You can still choose a point by where you are.";
    you_are_here = "Bạn đang ở đây", "You are here";
    many_cameras = "Camera hiện khi phóng to.", "Cameras show when you come nearer.";
}

/// Latitude and longitude to about a metre.
pub fn coordinates(at: LatLon) -> String {
    let text = format!("{:.5}; {:.5}", at.lat(), at.lon());
    match lang() {
        Lang::Vi => text.replace('.', ","),
        Lang::En => text,
    }
}
