//! Words of the desk's map.

use super::words;

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
    many_cameras = "Camera hiện khi phóng to.", "Cameras show when you come nearer.";
}
