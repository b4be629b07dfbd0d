//! Words of checkpoints at the desk.

use super::words;

words! {
    title = "Điểm tuần tra", "Checkpoints";
    new = "Thêm điểm tuần tra", "Add a checkpoint";
    name = "Tên điểm", "Name of the checkpoint";
    created(name) = "Đã thêm {name}.", "{name} was added.";
    radius = "Bán kính (m)", "Radius (m)";
    position = "Vĩ độ, kinh độ", "Latitude, longitude";
    position_hint = "Ví dụ 20.0886, 105.3708; hoặc bấm lên bản đồ.", "For example 20.0886, 105.3708; or click on the map.";
    none = "Chưa có điểm tuần tra nào. Thêm điểm để tổ điểm danh khi đi qua.", "No checkpoints yet. Add one for teams to check in.";
    sheets = "Tờ mã QR để dán", "QR sheets to put up";
    sheet_text = "Điểm tuần tra. Tổ viên mở Kẻng trong ca và quét mã này để điểm danh.", "Checkpoint. Scan this code in Kẻng during a patrol to check in.";
    sheets_hint = "Mỗi điểm một tờ. In ra, ép nhựa và dán ở nơi tránh mưa nắng.", "One sheet a checkpoint. Print, laminate, and put it where rain does not reach.";
    sheets_size = "Khổ in trên giấy A4", "Size on A4 paper";
    sheets_large = "Một điểm một trang", "One a page";
    sheets_small = "Bốn điểm một trang", "Four a page";
    sheet_unavailable = "Chưa tải được mã QR của điểm này.", "The QR code of this checkpoint could not be loaded.";
    back_to_list = "Quay lại danh sách", "Back to the list";
    movable = "Chỗ của điểm: kéo, hoặc chọn rồi bấm phím mũi tên", "Place of the checkpoint: drag it, or select it and press the arrow keys";
    changing(name) = "Sửa điểm {name}", "Change {name}";
    change_name(name) = "Sửa điểm {name}", "Change {name}";
    changed(name) = "Đã sửa {name}. Điện thoại nhận khi có mạng; tờ mã đã dán vẫn dùng được.", "{name} was changed. Phones learn of it when they are online; the sheet that hangs there still works.";
    change_hint = "Điểm danh đã có vẫn giữ nguyên. Nếu là một nơi khác hẳn, hãy ngừng dùng điểm này và thêm điểm mới.", "Check-ins stay as they are. If it is another place altogether, retire this one and add a new one.";
    move_hint = "Kéo dấu + trên bản đồ, bấm lên bản đồ, hoặc chọn dấu + rồi bấm phím mũi tên (giữ Shift để đi xa hơn).", "Drag the + on the map, click on the map, or select the + and press the arrow keys (farther with Shift).";
    conflict = "Điểm này vừa có người khác sửa. Danh sách đã cập nhật, hãy mở lại.", "Somebody else has just changed this checkpoint. The list is up to date; open it again.";
    retire = "Ngừng dùng", "Retire";
    retire_name(name) = "Ngừng dùng điểm {name}", "Retire {name}";
    retired(name) = "Đã ngừng dùng {name}. Ca và tuyến có điểm này tự bỏ qua.", "{name} was retired. Shifts and routes pass it over.";
    retired_title = "Điểm đã ngừng dùng", "Retired checkpoints";
    retired_count(n) = "Điểm đã ngừng dùng ({n})", "Retired checkpoints ({n})";
    retired_hint = "Không còn trên tờ mã, tuyến và ca mới. Điểm danh cũ vẫn giữ tên điểm.", "No longer on sheets, routes and new shifts. Old check-ins keep their name.";
    retired_since = "Ngừng từ", "Since";
    reopen = "Dùng lại", "Bring back";
    reopen_name(name) = "Dùng lại điểm {name}", "Bring {name} back";
    reopened(name) = "Đã dùng lại {name}. Tờ mã đã dán vẫn đúng.", "{name} is in use again. The sheet that hangs there still holds.";
    no_longer_used(name) = "{name} (đã ngừng dùng)", "{name} (retired)";
    left_out(names) = "Đã ngừng dùng nên không còn trong ca khi lưu: {names}.", "Retired, and so left out when this is saved: {names}.";
}
