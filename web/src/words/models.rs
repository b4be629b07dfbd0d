//! Words of the register of self-management models.

use super::{label, pick, words};
use keng_shared::kind::{self, Choice, FieldType};
use keng_shared::model_register::{MODEL, ModelState, REVIEW, YearRating};

words! {
    title = "Sổ mô hình tự quản", "Register of models";
    tab = "Mô hình", "Models";
    about = "Sổ này do các ghi nhận đã duyệt tạo nên: ra mắt, rà soát, hoạt động. Cùng tên, cùng loại trong một xã là một mô hình, như khi tính chỉ tiêu.", "This register is made of accepted records: launch, review, activities. One name and category in a commune is one model, as targets count it.";
    none = "Chưa có mô hình nào. Ghi nhận “Mô hình: xây dựng, ra mắt” được duyệt sẽ hiện ở đây.", "No models yet. An accepted record “Model: building and launch” shows here.";
    none_found = "Không có mô hình nào như vậy.", "There is no such model.";
    commune = "Xã", "Commune";
    every_commune = "Mọi xã", "Every commune";
    category = "Loại", "Category";
    every_category = "Mọi loại", "Every category";
    state = "Tình trạng", "State";
    every_state = "Mọi tình trạng", "Every state";
    rating = "Xếp loại", "Rating";
    every_rating = "Mọi mức", "Every rating";
    search = "Tìm theo tên", "Find by name";
    only_overdue(year) = "Chưa rà soát năm {year}", "Not reviewed in {year}";
    all_models = "Tất cả", "All";
    review_filter = "Rà soát", "Review";
    summary(total, active, members) = "{total} mô hình, {active} đang hoạt động, {members} thành viên", "{total} models, {active} at work, {members} members";
    overdue_count(n, year) = "{n} mô hình chưa rà soát năm {year}", "{n} not reviewed in {year}";
    shown_part(shown) = "Hiện {shown} mô hình đầu; hãy lọc thêm.", "The first {shown} are shown; filter further.";
    name = "Tên", "Name";
    place = "Nơi", "Place";
    launched_on = "Ra mắt", "Launched";
    members = "Thành viên", "Members";
    households = "Hộ", "Households";
    decision = "Quyết định", "Decision";
    lacks_review(year) = "Chưa rà soát {year}", "No review in {year}";
    not_rated = "Chưa xếp loại", "Not rated";
    unknown = "Chưa ghi", "Not given";
    rated(year, rating) = "{year}: {rating}", "{year}: {rating}";
    ratings = "Xếp loại từng năm", "Ratings by year";
    timeline = "Quá trình", "History";
    photo_of(name, number) = "{name}, ảnh {number}", "{name}, photo {number}";
    open_record(day) = "Mở ghi nhận {day}", "Open the record of {day}";
    open = "Mở ghi nhận", "Open the record";
    close_panel = "Đóng", "Close";
    end_model = "Sáp nhập hoặc kết thúc", "Merge or close";
    end_of(name) = "Sáp nhập hoặc kết thúc: {name}", "Merge or close {name}";
    what_happened = "Việc gì", "What happened";
    merged_into = "Sáp nhập vào mô hình khác", "Merged into another model";
    closed = "Kết thúc hoạt động", "Closed";
    into = "Sáp nhập vào", "Merged into";
    on_day = "Từ ngày", "Since";
    why = "Lý do, căn cứ", "Why";
    save_ending = "Ghi vào sổ", "Enter it";
    saved_ending = "Đã ghi vào sổ. Chỉ tiêu không đổi: chỉ ghi nhận đã duyệt mới được tính.", "It is entered. Targets stay: only accepted records count.";
    reopen = "Bỏ, mô hình vẫn hoạt động", "Take it back";
    reopened = "Mô hình lại đang hoạt động.", "The model is at work again.";
    ended_by(who, when) = "{who} ghi {when}", "Entered by {who}, {when}";
    ended_merged(day, name) = "Sáp nhập vào “{name}” từ {day}.", "Merged into “{name}” on {day}.";
    ended_closed(day) = "Kết thúc từ {day}.", "Closed on {day}.";
    conflict = "Người khác vừa ghi về mô hình này. Bản mới đã hiện, hãy xem lại.", "Somebody else has just changed this model. The new version is shown; look again.";
    which_model = "Mô hình của xã", "Model of the commune";
    which_model_hint = "Chọn thì tên và loại tự điền.", "Fills in its name and category.";
}

/// The answers of a field of these kinds.
pub fn choices(of: &str, field: &str) -> &'static [Choice] {
    let fields = kind::find(of).map(|spec| spec.fields).unwrap_or_default();
    let found = fields.iter().find(|spec| spec.id == field);
    match found.map(|spec| spec.field_type) {
        Some(FieldType::Choice { choices }) => choices,
        _ => &[],
    }
}

fn answer(of: &str, field: &str, id: &str) -> String {
    let found = choices(of, field).iter().find(|choice| choice.id == id);
    found.map_or_else(|| id.to_owned(), |choice| label(choice.label).to_owned())
}

/// Name of a category.
pub fn category_of(id: &str) -> String {
    answer(MODEL, "category", id)
}

/// The year and its rating.
pub fn rating_of(rating: &YearRating) -> String {
    rated(rating.year, answer(REVIEW, "rating", &rating.rating))
}

/// Name of a state.
pub fn state_of(state: ModelState) -> &'static str {
    match state {
        ModelState::Launched => pick("Mới ra mắt", "Launched"),
        ModelState::Maintained => pick("Duy trì", "Maintained"),
        ModelState::Replicated => pick("Nhân rộng", "Replicated"),
        ModelState::Merged => pick("Đã sáp nhập", "Merged"),
        ModelState::Closed => pick("Đã kết thúc", "Closed"),
    }
}
