//! Words of closed lists that both the app and files to take away use, in both languages.

use crate::incident::case::CaseState;
use crate::kind::Label;
use crate::loudspeaker::MissReason;
use crate::record::Flag;

const fn label(vi: &'static str, en: &'static str) -> Label {
    Label { vi, en }
}

impl Flag {
    /// What a reviewer should look at, in a few words.
    pub const fn label(self) -> Label {
        match self {
            Self::OutsideArea => label("Ngoài địa bàn", "Outside the area"),
            Self::ClockSkew => label("Đồng hồ lệch", "Clock off"),
            Self::ExifTimeDiffers => label("Giờ trong ảnh khác", "EXIF time differs"),
            Self::ExifPlaceDiffers => label("Vị trí trong ảnh khác", "EXIF place differs"),
            Self::PickedFile => label("Ảnh chọn từ tệp", "Picked file"),
            Self::NoPosition => label("Không có vị trí", "No position"),
            Self::ChainBroken => label("Chuỗi ảnh đứt quãng", "Photo chain broken"),
            Self::ImpossibleSpeed => label("Nhanh bất thường", "Impossible speed"),
            Self::LongGap => label("Mất dấu lâu", "Long gap"),
            Self::OutsideFence => label("Điểm danh xa điểm", "Check-in far off"),
            Self::LateSend => label("Gửi muộn", "Sent late"),
            Self::LateConfirmation => label("Xác nhận muộn", "Confirmed late"),
            Self::Undecodable => label("Ảnh không mở được", "Unreadable photo"),
            Self::RepeatedPhoto => label("Ảnh đã gửi trước đây", "Photo sent before"),
            Self::SimilarPhoto => label("Giống ảnh cũ", "Like an earlier photo"),
            Self::CopiedText => label("Lời kể chép lại", "Copied words"),
        }
    }
}

impl MissReason {
    /// Why an area did not hear a broadcast.
    pub const fn label(self) -> Label {
        match self {
            Self::PowerCut => label("Mất điện", "Power cut"),
            Self::BrokenSpeaker => label("Loa, máy hỏng", "Broken speaker"),
            Self::Weather => label("Mưa bão", "Weather"),
            Self::Unattended => label("Không có người mở máy", "Nobody to switch it on"),
            Self::Other => label("Lý do khác", "Another reason"),
        }
    }
}

impl CaseState {
    /// Where the case of an incident stands, as its author and the officers read it.
    pub const fn label(self) -> Label {
        match self {
            Self::Received => label("Công an xã đã nhận", "Received by the police"),
            Self::Verifying => label("Công an xã đang xác minh", "Police are verifying"),
            Self::HandedOver => label("Đã chuyển cơ quan xử lý", "Handed over"),
            Self::Resolved => label("Đã giải quyết", "Resolved"),
            Self::NotConfirmed => label("Xác minh: không có việc này", "Not confirmed"),
            Self::Withdrawn => label("Người báo đã rút lại", "Withdrawn by the author"),
        }
    }
}
