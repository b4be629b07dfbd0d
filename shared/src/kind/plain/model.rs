//! Self-management models and their review.

use super::*;
use crate::model_register;

const G: KindGroup = KindGroup::Model;

pub(super) const KINDS: &[KindSpec] = &[
    office(
        model_register::MODEL,
        G,
        "Mô hình: xây dựng, ra mắt",
        "Model: building and launch",
        "layers",
        &[
            PHRASE,
            one_of("category", "Loại mô hình", "Category", CATEGORIES),
            one_of("state", "Tình trạng", "State", STATES),
            FieldSpec::optional("launched_on", "Ngày ra mắt", "Launched on", FieldType::Date),
            DECISION,
            count("member_count", "Số thành viên", "Members").unit("người", "people"),
            count("household_count", "Số hộ tham gia", "Households").unit("hộ", "households"),
            NOTE,
        ],
        &["D0-A2", "C2.6"],
    ),
    office(
        model_register::REVIEW,
        G,
        "Mô hình: rà soát, xếp loại, sơ kết",
        "Model: review and rating",
        "clipboard-check",
        &[
            PHRASE,
            one_of("category", "Loại mô hình", "Category", CATEGORIES),
            FieldSpec::required("year", "Năm", "Year", FieldType::Integer { min: 2000, max: 2100 }),
            one_of("rating", "Xếp loại", "Rating", RATINGS),
            one_of(
                "state",
                "Tình trạng sau rà soát",
                "State after the review",
                STATES,
            ),
            CONCLUSION,
            NOTE,
        ],
        &["D2-3"],
    ),
    plain(
        model_register::ACTIVITY,
        G,
        "Mô hình: hoạt động",
        "Model: an activity",
        "layers",
        &[
            PHRASE,
            one_of("category", "Loại mô hình", "Category", CATEGORIES),
            CONTENT,
            count("attendee_count", "Số người tham gia", "People taking part").unit("người", "people"),
            RESULT,
            NOTE,
        ],
        &[],
    ),
];

const CONCLUSION: FieldSpec = FieldSpec::detail("conclusion", "Kết luận", "Conclusion", WORDS);

/// Models of the inventory.
const CATEGORIES: &[Choice] = &[
    choice("camera_antt", "Camera với ANTT", "Cameras for security"),
    choice(
        "camera_nhan_dan",
        "Camera Nhân dân với ANTT",
        "Residents' cameras",
    ),
    choice("camera_an_ninh", "Camera an ninh", "Security cameras"),
    choice(
        "cong_truong_tu_quan",
        "Cổng trường tự quản về ANTT",
        "Self-managed school gate",
    ),
    choice(
        "cong_truong_an_toan_gt",
        "Cổng trường an toàn giao thông",
        "Safe school gate",
    ),
    choice("truong_hoc_an_toan", "Trường học an toàn về ANTT", "Safe school"),
    choice(
        "lien_ket_truong_hoc",
        "Liên kết bảo đảm ANTT trường học",
        "School security partnership",
    ),
    choice("dong_ho_tu_quan", "Dòng họ tự quản về ANTT", "Self-managed clan"),
    choice("tieng_keng", "Tiếng kẻng bình yên", "Gong of peace"),
    choice("to_nhan_dan_tu_quan", "Tổ Nhân dân tự quản", "Residents' group"),
    choice(
        "giup_do_nguoi_nghien",
        "Giúp đỡ người nghiện tại cộng đồng",
        "Help for addicted people",
    ),
    choice("tai_hoa_nhap", "Tái hòa nhập cộng đồng", "Reintegration"),
    choice("atgt", "Bảo đảm an toàn giao thông", "Traffic safety"),
    choice("dan_van_kheo", "Dân vận khéo", "Skilful mobilisation"),
    choice(
        "cong_nhan_tu_quan",
        "Công nhân tự quản trong doanh nghiệp",
        "Workers' self-management",
    ),
    choice("dn_3_khong", "Doanh nghiệp “3 không”", "Enterprise without crime"),
    choice("phuong_ttdt", "Điển hình về trật tự đô thị", "Urban order"),
    choice("xa_dien_hinh", "Xã điển hình về phong trào", "Exemplary commune"),
    choice(
        "tu_quan_chung",
        "Tổ chức quần chúng tự quản khác",
        "Other self-management",
    ),
    choice("zalo_an_ninh", "Zalo an ninh", "Security on Zalo"),
    choice("ngon_den_an_ninh", "Ngọn đèn an ninh", "Security lights"),
    choice(
        "to_tuan_tra_nhan_dan",
        "Tổ tuần tra nhân dân",
        "Residents' patrol",
    ),
];

const STATES: &[Choice] = &[
    choice("launched", "Ra mắt", "Launched"),
    choice("maintained", "Duy trì", "Maintained"),
    choice("replicated", "Nhân rộng", "Replicated"),
    choice("merged", "Sáp nhập", "Merged"),
    choice("closed", "Kết thúc", "Closed"),
];

const RATINGS: &[Choice] = &[
    choice("good", "Tốt", "Good"),
    choice("fair", "Trung bình", "Fair"),
    choice("poor", "Kém", "Poor"),
];
