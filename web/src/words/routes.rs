//! Words of patrol routes, at the desk and on the phone.

use super::words;

words! {
    title = "Tuyến tuần tra", "Patrol routes";
    none = "Chưa có tuyến nào. Vẽ tuyến mà tổ thường đi, qua các điểm tuần tra.", "There is no route yet. Draw the way that the team usually walks, past its checkpoints.";
    draw = "Vẽ tuyến mới", "Draw a route";
    changing(name) = "Sửa tuyến {name}", "Change {name}";
    hint = "Bấm trên bản đồ để nối dài tuyến. Bấm vào một điểm tuần tra để tuyến đi qua điểm đó. Không dùng chuột thì thêm bằng các ô bên dưới.", "Click on the map to lengthen the route. Click on a checkpoint to lead it past there. Without a mouse, use the fields below.";
    limits = "Từ 2 đến 200 chỗ nối, dài nhất 30 km.", "2 to 200 points, at most 30 km.";
    name = "Tên tuyến", "Name of the route";
    length(length, points) = "Dài {length}, {points} chỗ nối", "{length} long, {points} points";
    line = "Đường đi", "The line";
    add_place = "Thêm một chỗ theo tọa độ", "Add a point by its coordinates";
    add_place_hint = "Ví dụ: 19.9620, 105.3450", "For example: 19.9620, 105.3450";
    add = "Thêm", "Add";
    add_checkpoint = "Đi qua điểm tuần tra", "Lead past a checkpoint";
    points = "Các chỗ nối theo thứ tự", "The points in their order";
    point(number) = "Chỗ {number}", "Point {number}";
    earlier(name) = "Đưa lên trước: {name}", "Earlier: {name}";
    later(name) = "Đưa xuống sau: {name}", "Later: {name}";
    remove(name) = "Bỏ: {name}", "Remove: {name}";
    delete(name) = "Xóa tuyến {name}", "Delete {name}";
    up = "Lên", "Up";
    down = "Xuống", "Down";
    take_away = "Bỏ", "Remove";
    undo_last = "Bỏ chỗ vừa thêm", "Remove the last point";
    save = "Lưu tuyến", "Save the route";
    saved = "Đã lưu tuyến. Tổ thấy trên điện thoại khi có mạng.", "The route is saved. The team sees it when the phone is online.";
    deleted = "Đã xóa tuyến.", "The route is deleted.";
    put_back = "Đã đưa tuyến trở lại.", "The route is back.";
    show(name) = "Xem và sửa tuyến {name}", "See and change {name}";
    passes(n) = "qua {n} điểm tuần tra", "past {n} checkpoints";
    retired(names) = "Đã ngừng dùng, tuyến bỏ qua: {names}.", "Retired, the route passes them over: {names}.";
    retired_left_out(names) = "Đã ngừng dùng: {names}. Đường đi vẫn giữ; khi lưu, tuyến không còn các điểm này.", "Retired: {names}. The line stays; when saved, the route no longer has them.";
    conflict = "Tuyến này vừa có người khác sửa. Bản mới đã hiện trong danh sách, hãy mở lại.", "Somebody else has just changed this route. The new version is in the list; open it again.";
    all_checkpoints = "Điểm tuần tra", "Checkpoints";
    sketch(name) = "Sơ đồ tuyến {name}: các điểm đánh số theo thứ tự", "Sketch of {name}: points numbered in their order";
    sketch_points = "Sơ đồ các điểm tuần tra của ca", "Sketch of the checkpoints of this shift";
    sketch_hint = "Số là thứ tự điểm; điểm đã qua tô đầy. Phía trên là hướng bắc.", "Numbers give the order; passed points are filled. North is up.";
}
