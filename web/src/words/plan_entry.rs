//! Words of entering plans: what a draft could not take over, what a target counts, and leaving without saving.

use super::words;

words! {
    none_named(names) = "Chưa giao: không có ở đây {names}. Chọn đơn vị rồi đánh dấu Giao.", "Not asked yet: {names} are not here. Choose units, then tick it.";
    some_missing(names) = "Không có ở đây: {names}. Xem lại từng đơn vị.", "Not here: {names}. Look at the units.";
    of_larger_whole = "Chưa giao: đây là mức của cả địa bàn lớn hơn. Ghi mức của nơi này rồi đánh dấu Giao.", "Not asked yet: this is the value of a larger whole. Give that of this area, then tick it.";
    terms = "Sửa lời", "Words";
    terms_of(code) = "Sửa lời và cách đếm của chỉ tiêu {code}", "Words and counting of target {code}";
    counting_of_plan = "Cách đếm riêng của kế hoạch này", "As this plan counts it";
    sum_of_others = "Tổng của các chỉ tiêu khác trong kế hoạch", "The sum of other targets of the plan";
    way_label = "Cách tính", "How it adds up";
    way_hint = "Để nguyên nếu chỉ cần cộng dồn.", "Leave it where a plain sum will do.";
    way_of_plan = "Cách tính riêng của kế hoạch này", "As this plan adds it up";
    of_campaigns = "Những đợt nào", "Which campaigns";
    parts_label = "Cộng những chỉ tiêu nào", "Which targets are added up";
    parts_needed = "Chọn ít nhất một chỉ tiêu để cộng.", "Choose at least one target to add up.";
    leave_title = "Bỏ các thay đổi?", "Leave without saving?";
    leave_text = "Kế hoạch có thay đổi chưa lưu. Nếu bỏ, phải nhập lại từ đầu.", "The plan has changes that are not saved. They would be lost.";
    leave_now = "Bỏ thay đổi", "Leave them";
    stay = "Sửa tiếp", "Go on";
    until_end(name, date) = "{name} (đến {date})", "{name} (until {date})";
    way_sum = "Cộng dồn cả kỳ", "Summed over the period";
    way_each_quarter = "Mỗi quý phải đạt mức giao", "Each quarter reaches the value";
    way_each_month = "Mỗi tháng phải đạt mức giao", "Each month reaches the value";
    way_each_campaign = "Mỗi đợt phải đạt mức giao", "Each campaign reaches the value";
    way_months = "Số tháng có làm", "Months in which it was done";
    way_campaigns = "Số đợt có làm", "Campaigns in which it was done";
    way_average = "Bình quân mỗi xã", "Average per commune";
    way_weekly = "Bình quân mỗi tuần mỗi khu dân cư", "Average a week and residential area";
    way_villages = "Tỷ lệ khu dân cư có làm (%)", "Share of residential areas reached (%)";
    way_communes = "Tỷ lệ xã có làm (%)", "Share of communes reached (%)";
    way_ratio = "Tỷ lệ (%)", "Rate (%)";
    way_decrease = "Mức giảm so với năm trước (%)", "Decrease from the year before (%)";
    paste_shipped = "Đúng lời kế hoạch mẫu", "Words of a plan that ships";
    paste_guessed = "Đoán theo lời, hãy xem lại", "A guess, look it over";
    paste_counts(line) = "Đếm theo, dòng {line}", "What counts, line {line}";
    paste_replaces = "Thay chỉ tiêu đang có", "Takes the place of one that is there";
    views = "Cách xem", "Views";
    view_list = "Danh sách", "List";
    view_matrix = "Bảng theo đơn vị", "By unit";
    view_map = "Bản đồ", "Map";
    legend = "Chú giải mã chỉ tiêu", "What the numbers of targets mean";
    show_records = "Hiện ghi nhận", "Show records";
    show_all = "Tất cả", "All";
    show_counted = "Được tính", "Counted";
    show_late = "Đến muộn", "Late";
    show_not_counted = "Không tính", "Not counted";
    plan_back = "Kế hoạch đã trở lại và đếm như trước.", "The plan is back and counts as before.";
    before_line(then, end) = "Cùng ngày năm trước: {then}; cả năm trước: {end}.", "On the same day a year before: {then}; the whole of that year: {end}.";
    records_of(name) = "Ghi nhận ở {name}", "Records of {name}";
}
