//! Words for the closed lists of the domain. Each is an exhaustive match: a new variant without words does not compile.

use super::{number, pick, when};
use keng_shared::api::UnitKind;
use keng_shared::area::{AreaKind, SuccessionRelation};
use keng_shared::camera::FootageState;
use keng_shared::evidence::Origin;
use keng_shared::incident::case::CaseState;
use keng_shared::incident::{Category, Severity};
use keng_shared::kind::{self, Choice, FieldSpec, FieldType, KindGroup};
use keng_shared::patrol::{EarlyEnd, FindingCategory, Force};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::record::{Flag, HistoryAction, PhotoState, RecordStatus, Verdict};
use keng_shared::sync::TeamKind;
use keng_shared::track::GapReason;
use serde_json::Value;

/// The name of a kind of activity; the bare id for one that this app does not know.
pub fn kind(id: &str) -> String {
    match kind::find(id) {
        Some(spec) => super::label(spec.label).to_owned(),
        None => format!("{} ({id})", pick("Loại mới", "New kind")),
    }
}

/// A value of a field as people read it; none where there is nothing to read.
pub fn field_value(field: &FieldSpec, value: &Value) -> Option<String> {
    let choice = |choices: &'static [Choice], id: &str| {
        let found = choices.iter().find(|choice| choice.id == id);
        found.map_or_else(|| id.to_owned(), |choice| super::label(choice.label).to_owned())
    };
    let day = |value: &Value| {
        let text = value.as_str()?;
        Some(text.parse().map_or_else(|_| text.to_owned(), when::date))
    };
    let counted = |unit: &str| {
        let count = value.as_i64().map_or_else(|| value.to_string(), number::grouped);
        format!("{count} {unit}").trim_end().to_owned()
    };
    Some(match (field.field_type, value) {
        (FieldType::Choice { choices }, Value::String(id)) => choice(choices, id),
        (FieldType::Choices { choices }, Value::Array(ids)) => {
            let chosen = ids.iter().filter_map(Value::as_str).map(|id| choice(choices, id));
            chosen.collect::<Vec<_>>().join(", ")
        }
        (FieldType::Integer { .. }, Value::Number(_)) => counted(super::label(field.unit)),
        (FieldType::Money, Value::Number(_)) => counted("đ"),
        (FieldType::YesNo, Value::Bool(true)) => pick("Có", "Yes").to_owned(),
        (FieldType::YesNo, Value::Bool(false)) => pick("Không", "No").to_owned(),
        (FieldType::Date, value) => day(value)?,
        (FieldType::Dates, Value::Object(days)) => {
            format!("{} – {}", day(days.get("from")?)?, day(days.get("to")?)?)
        }
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    })
}

/// A group of kinds.
pub fn kind_group(group: KindGroup) -> &'static str {
    match group {
        KindGroup::Field => pick("Ngoài địa bàn", "In the field"),
        KindGroup::Propaganda => pick("Tuyên truyền", "Outreach"),
        KindGroup::Event => pick("Ngày hội, phong trào", "Festivals and campaigns"),
        KindGroup::Model => pick("Mô hình", "Models"),
        KindGroup::Recognition => pick("Điển hình, khen thưởng", "Recognition"),
        KindGroup::Direction => pick("Chỉ đạo, văn bản", "Direction and documents"),
        KindGroup::Capacity => pick("Xây dựng lực lượng", "Forces"),
        KindGroup::Service => pick("Số liệu phục vụ Nhân dân", "Figures of service"),
        KindGroup::Assessment => pick("Đăng ký, xếp loại", "Registration and rating"),
    }
}

/// Where a record stands.
pub fn record_status(status: RecordStatus) -> &'static str {
    match status {
        RecordStatus::Open => pick("Đang diễn ra", "Going on"),
        RecordStatus::Submitted => pick("Chờ duyệt", "Waiting for review"),
        RecordStatus::Accepted => pick("Đã chấp nhận", "Accepted"),
        RecordStatus::Returned => pick("Cần sửa", "To be mended"),
        RecordStatus::Withdrawn => pick("Đã rút lại", "Withdrawn"),
    }
}

/// What sort of incident.
pub fn category(category: Category) -> &'static str {
    super::label(category.label())
}

/// How bad an incident is.
pub fn severity(severity: Severity) -> &'static str {
    super::label(severity.label())
}

/// How bad an incident is, short enough for a chip.
pub fn severity_short(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => pick("Khẩn cấp", "Critical"),
        Severity::High => pick("Nghiêm trọng", "High"),
        Severity::Medium => pick("Cần xem xét", "Medium"),
        Severity::Low => pick("Để biết", "Low"),
    }
}

/// Where the case of an incident stands, as its author and the officers read it.
pub fn case_state(state: CaseState) -> &'static str {
    super::label(state.label())
}

/// What came of a question for footage.
pub fn footage_state(state: FootageState) -> &'static str {
    match state {
        FootageState::Asked => pick("Chờ trả lời", "Not answered"),
        FootageState::Kept => pick("Đã giữ đoạn ghi", "Clip kept"),
        FootageState::NothingSeen => pick("Đã xem, không thấy gì", "Nothing seen"),
        FootageState::Overwritten => pick("Đầu ghi đã ghi đè", "Overwritten"),
    }
}

/// A verdict.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => pick("Chấp nhận", "Accepted"),
        Verdict::Returned => pick("Trả lại", "Returned"),
    }
}

/// Whether the server holds a photo.
pub fn photo_state(state: PhotoState) -> &'static str {
    match state {
        PhotoState::Expected => pick("Máy chủ chưa nhận ảnh", "Not on the server yet"),
        PhotoState::Held => pick("Máy chủ đã giữ ảnh", "Held by the server"),
    }
}

/// Where a photo comes from.
pub fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Camera => pick("Chụp trong ứng dụng", "Taken in the app"),
        Origin::File => pick("Chọn từ tệp", "Picked from files"),
        Origin::Import => pick("Nhập từ nơi khác", "Imported"),
    }
}

/// A flag, as the short word on a chip.
pub fn flag(flag: Flag) -> &'static str {
    super::label(flag.label())
}

/// A flag, as the sentence that says what was seen.
pub fn flag_reason(flag: Flag) -> &'static str {
    match flag {
        Flag::OutsideArea => pick(
            "Vị trí nằm ngoài ranh giới của địa bàn đã chọn.",
            "The position lies outside the boundary of the chosen area.",
        ),
        Flag::ClockSkew => pick(
            "Đồng hồ của điện thoại lệch hơn 10 phút so với máy chủ.",
            "The phone's clock was more than 10 minutes off.",
        ),
        Flag::ExifTimeDiffers => pick(
            "Giờ ghi trong tệp ảnh lệch hơn 10 phút so với giờ đã khai.",
            "The time inside the photo is more than 10 minutes from the stated time.",
        ),
        Flag::ExifPlaceDiffers => pick(
            "Vị trí ghi trong tệp ảnh cách vị trí đã khai hơn 200 m.",
            "The position inside the photo is more than 200 m from the stated one.",
        ),
        Flag::PickedFile => pick(
            "Ảnh được chọn từ tệp có sẵn, không chụp trong ứng dụng.",
            "The photo was picked from files, not taken in the app.",
        ),
        Flag::NoPosition => pick("Điện thoại không lấy được vị trí.", "The phone had no position."),
        Flag::ChainBroken => pick(
            "Số thứ tự ảnh của máy này không nối tiếp ảnh trước.",
            "The photo does not follow the last one of this device.",
        ),
        Flag::ImpossibleSpeed => pick(
            "Đường đi có đoạn nhanh hơn mức có thể.",
            "A part of the track is faster than possible.",
        ),
        Flag::LongGap => pick(
            "Đường đi có đoạn mất dấu hơn 15 phút.",
            "The track has a gap of more than 15 minutes.",
        ),
        Flag::OutsideFence => pick(
            "Có lần điểm danh ở ngoài phạm vi của điểm tuần tra.",
            "A check-in lies outside the checkpoint's fence.",
        ),
        Flag::LateSend => pick(
            "Gửi về sau khi kết thúc hơn 72 giờ.",
            "Sent more than 72 hours after its end.",
        ),
        Flag::LateConfirmation => pick(
            "Buổi phát được xác nhận sau khi kết thúc hơn 48 giờ.",
            "The broadcast was confirmed more than 48 hours after its end.",
        ),
        Flag::Undecodable => pick(
            "Máy chủ không đọc được tệp này thành ảnh.",
            "The server could not read the file as a picture.",
        ),
        Flag::RepeatedPhoto => pick(
            "Đúng tệp ảnh này đã có trong một lần ghi nhận trước.",
            "Exactly this file is in an earlier record.",
        ),
        Flag::SimilarPhoto => pick(
            "Ảnh trông giống hệt một ảnh trong lần ghi nhận trước.",
            "The photo looks the same as one of an earlier record.",
        ),
        Flag::CopiedText => pick(
            "Lời kể giống từng chữ một lần ghi nhận trước.",
            "The words are exactly those of an earlier record.",
        ),
    }
}

/// A step in the history of a record.
pub fn history(action: HistoryAction) -> &'static str {
    match action {
        HistoryAction::Created => pick("Gửi lần đầu", "First sent"),
        HistoryAction::Edited => pick("Sửa và gửi lại", "Changed and sent again"),
        HistoryAction::PhotoHeld => pick("Máy chủ nhận ảnh", "Photo received"),
        HistoryAction::FileHeld => pick("Máy chủ nhận tệp", "File received"),
        HistoryAction::Accepted => pick("Chấp nhận", "Accepted"),
        HistoryAction::Returned => pick("Trả lại", "Returned"),
        HistoryAction::Withdrawn => pick("Rút lại", "Withdrawn"),
        HistoryAction::Reopened => pick("Bỏ kết quả duyệt, chờ duyệt lại", "Verdict taken back"),
    }
}

/// A role.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::Member => pick("Tổ viên", "Member"),
        Role::TeamLeader => pick("Tổ trưởng, tổ phó", "Team leader"),
        Role::CameraVolunteer => pick("Tình nguyện viên camera", "Camera volunteer"),
        Role::CommuneOfficer => pick("Cán bộ xã", "Commune officer"),
        Role::DistrictStaff => pick("Cán bộ huyện", "District staff"),
        Role::ProvinceStaff => pick("Cán bộ tỉnh", "Province staff"),
        Role::Administrator => pick("Quản trị", "Administrator"),
    }
}

/// Where a membership stands.
pub fn membership_state(state: MembershipState) -> &'static str {
    match state {
        MembershipState::Invited => pick("Đã mời", "Invited"),
        MembershipState::Active => pick("Đang tham gia", "Active"),
        MembershipState::Suspended => pick("Tạm dừng", "Suspended"),
        MembershipState::Ended => pick("Đã kết thúc", "Ended"),
    }
}

/// A kind of team.
pub fn team_kind(kind: TeamKind) -> &'static str {
    match kind {
        TeamKind::SecurityTeam => pick("Tổ bảo vệ ANTT", "Security team"),
        TeamKind::SelfManagementGroup => pick("Tổ tự quản", "Self-management group"),
        TeamKind::CameraGroup => pick("Mô hình Camera với ANTT", "Camera group"),
    }
}

/// A tier of the area tree.
pub fn area_kind(kind: AreaKind) -> &'static str {
    match kind {
        AreaKind::Province => pick("Tỉnh, thành phố", "Province"),
        AreaKind::District => pick("Huyện", "District"),
        AreaKind::Commune => pick("Xã, phường", "Commune"),
        AreaKind::ResidentialArea => pick("Khu dân cư", "Residential area"),
    }
}

/// How an old area became a new one.
pub fn succession(relation: SuccessionRelation) -> &'static str {
    match relation {
        SuccessionRelation::Whole => pick("toàn bộ nhập vào", "went wholly into"),
        SuccessionRelation::Partial => pick("một phần nhập vào", "went partly into"),
        SuccessionRelation::Unchanged => pick("giữ nguyên thành", "went on as"),
    }
}

/// A kind of unit.
pub fn unit_kind(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::Agency => pick("Cơ quan", "Agency"),
        UnitKind::Enterprise => pick("Doanh nghiệp", "Enterprise"),
        UnitKind::School => pick("Cơ sở giáo dục", "School"),
    }
}

/// Why there is no track for a while.
pub fn gap_reason(reason: GapReason) -> &'static str {
    match reason {
        GapReason::ScreenOff => pick(
            "tắt màn hình hoặc mở ứng dụng khác",
            "screen off or another app in front",
        ),
        GapReason::NoFix => pick("không bắt được vị trí", "no position found"),
        GapReason::Denied => pick("vị trí bị tắt hoặc bị từ chối", "position off or denied"),
        GapReason::AppClosed => pick("ứng dụng bị đóng", "app closed"),
        GapReason::Paused => pick("tạm nghỉ", "paused"),
    }
}

/// A force that comes along.
pub fn force(force: Force) -> &'static str {
    match force {
        Force::CommunePolice => pick("Công an xã", "Commune police"),
        Force::Militia => pick("Dân quân", "Militia"),
        Force::YouthUnion => pick("Đoàn Thanh niên", "Youth Union"),
        Force::Veterans => pick("Hội Cựu chiến binh", "Veterans' Association"),
        Force::WomensUnion => pick("Hội Phụ nữ", "Women's Union"),
        Force::FatherlandFront => pick("Mặt trận Tổ quốc", "Fatherland Front"),
        Force::AreaHead => pick("Trưởng thôn, người có uy tín", "Village head"),
        Force::Other => pick("Lực lượng khác", "Others"),
    }
}

/// Every force, in the order of forms.
pub const FORCES: [Force; 8] = [
    Force::CommunePolice,
    Force::Militia,
    Force::YouthUnion,
    Force::Veterans,
    Force::WomensUnion,
    Force::FatherlandFront,
    Force::AreaHead,
    Force::Other,
];

/// A sort of finding.
pub fn finding_category(category: FindingCategory) -> &'static str {
    match category {
        FindingCategory::PublicOrder => pick("Gây rối, ồn ào", "Disorder, noise"),
        FindingCategory::Dispute => pick("Mâu thuẫn, tranh chấp", "Dispute"),
        FindingCategory::Theft => pick("Dấu hiệu trộm cắp", "Signs of theft"),
        FindingCategory::Traffic => pick("Giao thông, tai nạn", "Traffic, accident"),
        FindingCategory::FireRisk => pick("Cháy, nguy cơ cháy", "Fire, risk of fire"),
        FindingCategory::Infrastructure => pick("Đèn, đường, camera hỏng", "Broken lamp, road, camera"),
        FindingCategory::Other => pick("Việc khác", "Other"),
    }
}

/// Every sort of finding, in the order of forms.
pub const FINDING_CATEGORIES: [FindingCategory; 7] = [
    FindingCategory::PublicOrder,
    FindingCategory::Dispute,
    FindingCategory::Theft,
    FindingCategory::Traffic,
    FindingCategory::FireRisk,
    FindingCategory::Infrastructure,
    FindingCategory::Other,
];

/// Why a patrol ended early.
pub fn early_end(reason: EarlyEnd) -> &'static str {
    match reason {
        EarlyEnd::Weather => pick("Mưa bão, lũ", "Storm, flood"),
        EarlyEnd::CalledAway => pick("Được gọi đi xử lý việc", "Called to an incident"),
        EarlyEnd::Health => pick("Có người ốm, bị thương", "Somebody ill or hurt"),
        EarlyEnd::Equipment => pick("Hỏng điện thoại, đèn, xe", "Phone, lamp or vehicle failed"),
        EarlyEnd::Other => pick("Lý do khác", "Other reason"),
    }
}

/// Every reason of an early end, in the order of forms.
pub const EARLY_ENDS: [EarlyEnd; 5] = [
    EarlyEnd::Weather,
    EarlyEnd::CalledAway,
    EarlyEnd::Health,
    EarlyEnd::Equipment,
    EarlyEnd::Other,
];

#[cfg(test)]
mod tests {
    use super::super::{Lang, set_lang};
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn roles_and_statuses_are_told_apart_in_both_languages() {
        for lang in [Lang::Vi, Lang::En] {
            set_lang(lang);
            let roles: HashSet<_> = Role::ALL.iter().map(|&r| role(r)).collect();
            let statuses: HashSet<_> = RecordStatus::ALL.iter().map(|&s| record_status(s)).collect();
            assert_eq!(
                (roles.len(), statuses.len()),
                (Role::ALL.len(), RecordStatus::ALL.len())
            );
        }
        set_lang(Lang::Vi);
    }

    #[test]
    fn lists_of_forms_hold_each_answer_once() {
        assert_eq!(
            FORCES.iter().map(|&f| force(f)).collect::<HashSet<_>>().len(),
            FORCES.len()
        );
        let findings: HashSet<_> = FINDING_CATEGORIES.iter().map(|&c| finding_category(c)).collect();
        assert_eq!(findings.len(), FINDING_CATEGORIES.len());
        assert_eq!(
            EARLY_ENDS
                .iter()
                .map(|&e| early_end(e))
                .collect::<HashSet<_>>()
                .len(),
            EARLY_ENDS.len()
        );
    }

    #[test]
    fn a_kind_that_this_app_does_not_know_is_named_by_its_id() {
        assert_eq!(kind("patrol"), "Ca tuần tra");
        assert_eq!(kind("river_watch"), "Loại mới (river_watch)");
    }
}
