//! Words of a plan's document and its versions.

use super::{pick, targets, when, words};
use keng_shared::api::{Asked, PlanChange, PlanDay, PlanWords};
use keng_shared::target::{Deadline, DeadlineRule, Span};
use keng_shared::time::LocalDate;

words! {
    open = "Văn bản và các bản", "Document and versions";
    versions = "Các bản đã lưu", "Saved versions";
    version(n) = "Bản {n}", "Version {n}";
    in_force = "Đang dùng", "In force";
    first = "Bản đầu tiên.", "The first version.";
    same = "Lưu lại, không đổi gì.", "Saved without a change.";
    saved_by(name, at) = "{name} lưu lúc {at}", "Saved by {name}, {at}";
    restore_of(n) = "Lấy lại bản {n}", "Go back to version {n}";
    restoring(n) = "Đây là nội dung của bản {n}. Xem lại rồi lưu: Kẻng ghi thành một bản mới, các bản khác vẫn giữ.", "This is what version {n} said. Look it over and save: it becomes a new version, the others stay.";
    no_document = "Chưa ghi văn bản của kế hoạch.", "The document of the plan is not recorded.";
    became(before, after) = "{before} → {after}", "{before} → {after}";
    target_said(code, said) = "Chỉ tiêu {code}: {said}", "Target {code}: {said}";
    added(code, text) = "Thêm chỉ tiêu {code}: {text}", "Target {code} added: {text}";
    removed(code, text) = "Bỏ chỉ tiêu {code}: {text}", "Target {code} removed: {text}";
    more_units(names, n) = "{names} và {n} nơi khác", "{names} and {n} more";
    units_changed(names) = "giao khác cho {names}", "other terms for {names}";
    counting_changed = "đổi cách đếm", "counted in another way";
    note_changed = "đổi ghi chú", "another note";
    order_changed = "Đổi thứ tự các chỉ tiêu", "Targets in another order";
    end_of_period = "hết kỳ", "end of the period";
    nothing = "để trống", "empty";
}

/// What a version changed, in one line.
pub fn change(change: &PlanChange) -> String {
    match change {
        PlanChange::Words { of, before, after } => {
            let name = match of {
                PlanWords::Title => targets::plan_title(),
                PlanWords::Issuer => targets::plan_issuer(),
                PlanWords::Number => targets::plan_number(),
                PlanWords::Source => targets::plan_source(),
            };
            named(name, &filled(before), &filled(after))
        }
        PlanChange::Day { of, before, after } => {
            let name = match of {
                PlanDay::IssuedOn => targets::plan_issued(),
                PlanDay::CutOff => targets::cut_off(),
                PlanDay::Due => targets::due(),
            };
            named(name, &day(*before), &day(*after))
        }
        PlanChange::Period { before, after } => {
            named(pick("Kỳ", "Period"), &period(*before), &period(*after))
        }
        PlanChange::Added { code, text } => added(code, text),
        PlanChange::Removed { code, text } => removed(code, text),
        PlanChange::Reworded { code, before, after } => {
            target_said(code, became(format!("“{before}”"), format!("“{after}”")))
        }
        PlanChange::Value { code, before, after } => target_said(code, became(asked(before), asked(after))),
        PlanChange::Deadline { code, before, after } => {
            let said = became(deadline(*before), deadline(*after));
            target_said(code, format!("{}: {said}", pick("hạn", "deadline")))
        }
        PlanChange::Units { code, names, others } => {
            let named = names.join(", ");
            let names = match others {
                0 => named,
                others => more_units(named, *others),
            };
            target_said(code, units_changed(names))
        }
        PlanChange::Counting { code } => target_said(code, counting_changed()),
        PlanChange::Note { code } => target_said(code, note_changed()),
        PlanChange::Order => order_changed().to_owned(),
    }
}

fn named(name: &str, before: &str, after: &str) -> String {
    format!("{name}: {}", became(before, after))
}

fn filled(words: &str) -> String {
    match words {
        "" => nothing().to_owned(),
        words => format!("“{words}”"),
    }
}

fn day(day: Option<LocalDate>) -> String {
    day.map_or_else(|| nothing().to_owned(), when::date)
}

fn period(span: Span) -> String {
    format!("{} – {}", when::date(span.from), when::date(span.to))
}

fn asked(asked: &Asked) -> String {
    format!(
        "{} {}",
        targets::asked(asked.comparator, asked.value),
        asked.measure
    )
}

fn deadline(deadline: Option<Deadline>) -> String {
    let Some(deadline) = deadline else {
        return end_of_period().to_owned();
    };
    let rule = match deadline.rule {
        DeadlineRule::By => targets::deadline_by(),
        DeadlineRule::Before => targets::deadline_before(),
    };
    format!("{rule} {}", when::date(deadline.date))
}
