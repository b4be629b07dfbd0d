//! Words that both programs say: sign-in, buttons, components, language and theme.

use super::words;

words! {
    app_name = "Kẻng", "Kẻng";
    app_purpose = "Tuần tra, ghi nhận và giữ gìn bình yên xóm làng", "Patrols, records and the peace of the village";
    skip_to_content = "Đến phần chính", "Skip to content";
    main_navigation = "Các mục chính", "Main navigation";

    sign_in = "Đăng nhập", "Sign in";
    sign_out = "Đăng xuất", "Sign out";
    signing_in = "Đang đăng nhập…", "Signing in…";
    username = "Tên đăng nhập", "User name";
    password = "Mật khẩu", "Password";
    show_password = "Hiện mật khẩu", "Show password";
    current_password = "Mật khẩu hiện nay", "Current password";
    new_password = "Mật khẩu mới", "New password";
    new_password_hint = "Từ 10 ký tự. Một câu ngắn chỉ mình bạn nhớ là tốt nhất.", "10 characters or more. A short phrase that only you know is best.";
    change_password = "Đổi mật khẩu", "Change password";
    password_changed = "Đã đổi mật khẩu.", "Password changed.";

    save = "Lưu", "Save";
    cancel = "Thôi", "Cancel";
    close = "Đóng", "Close";
    back = "Quay lại", "Back";
    retry = "Thử lại", "Try again";
    part_not_here = "Phần này chưa tải được. Có mạng lại rồi thử lại.", "This part could not be loaded. Try again once there is a network.";
    undo = "Hoàn tác", "Undo";
    change = "Sửa", "Change";
    delete = "Xóa", "Delete";
    remove = "Bỏ", "Remove";
    add = "Thêm", "Add";
    edit = "Sửa", "Edit";
    print = "In", "Print";
    search = "Tìm", "Search";
    more_details = "Thêm chi tiết", "More details";
    show_more = "Xem thêm", "Show more";
    loading = "Đang tải…", "Loading…";
    none = "Không có", "None";
    optional = "không bắt buộc", "optional";
    choose = "Hãy chọn", "Choose";
    today = "Hôm nay", "Today";

    error_summary = "Có chỗ cần sửa", "There is something to mend";
    field_is_wrong = "Lỗi:", "Error:";
    photo_number(n) = "Ảnh {n}", "Photo {n}";
    photo_missing = "Chưa có ảnh", "No photo yet";
    remove_photo(n) = "Bỏ ảnh {n}", "Remove photo {n}";
    progress(done, total) = "{done} trên {total}", "{done} of {total}";

    language = "Ngôn ngữ", "Language";
    theme = "Màu nền", "Theme";
    theme_system = "Theo máy", "As the system";
    theme_light = "Sáng", "Light";
    theme_dark = "Tối", "Dark";

    devices = "Thiết bị đang đăng nhập", "Signed-in devices";
    this_device = "Máy này", "This device";
    last_seen(when) = "Dùng lần cuối {when}", "Last used {when}";
    signed_in_since(when) = "Đăng nhập {when}", "Signed in {when}";
    end_session = "Kết thúc phiên", "End session";
    session_ended = "Đã kết thúc phiên.", "Session ended.";

    map = "Bản đồ", "Map";
    map_unavailable = "Chưa tải được bản đồ. Các mục khác vẫn dùng được.", "The map could not be loaded. Everything else works.";
    map_zoom_in = "Phóng to", "Zoom in";
    map_zoom_out = "Thu nhỏ", "Zoom out";
}
