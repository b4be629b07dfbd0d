//! What the recorders of the cameras that are asked still have of the span: it is said before the question is sent.

use crate::words::incidents as n;
use keng_shared::api::CameraView;
use keng_shared::camera::{Remains, remains};
use keng_shared::time::Millis;

/// What one recorder has lost, to stand behind the camera's name.
pub fn of_one(camera: &CameraView, (from, to): (Millis, Millis), now: Millis) -> Option<&'static str> {
    match remains(from, to, camera.camera.keep_days, now) {
        Remains::Whole => None,
        Remains::End => Some(n::footage_going_one()),
        Remains::Nothing => Some(n::footage_gone_one()),
    }
}

/// How many recorders have lost all of it, and how many its beginning; nothing where each has the whole of it.
pub fn of_all<'a>(
    cameras: impl Iterator<Item = &'a CameraView>,
    (from, to): (Millis, Millis),
    now: Millis,
) -> Option<String> {
    let (mut all, mut gone, mut going) = (0, 0, 0);
    for camera in cameras {
        all += 1;
        match remains(from, to, camera.camera.keep_days, now) {
            Remains::Whole => {}
            Remains::End => going += 1,
            Remains::Nothing => gone += 1,
        }
    }
    let lost = match gone {
        0 => None,
        gone if gone == all => Some(n::footage_gone_all(gone)),
        gone => Some(n::footage_gone(gone, all)),
    };
    let losing = (going > 0).then(|| n::footage_going(going, all));
    let lines: Vec<String> = lost.into_iter().chain(losing).collect();
    (!lines.is_empty()).then(|| lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Lang, set_lang};
    use keng_shared::api::CameraDraft;
    use keng_shared::camera::Sight;
    use keng_shared::geo::LatLon;
    use keng_shared::id::{AreaId, CameraId};

    const DAY: i64 = 86_400_000;

    fn keeps(keep_days: u16) -> CameraView {
        CameraView {
            id: CameraId(1),
            revision: 1,
            keeper_name: None,
            camera: CameraDraft {
                area_id: AreaId(1),
                name: String::new(),
                team_id: None,
                sight: Sight {
                    position: LatLon { lat_e7: 0, lon_e7: 0 },
                    direction_deg: 0,
                    view_deg: 90,
                    range_m: 30,
                },
                keep_days,
                consent_on: None,
                keeper: None,
                holder_name: String::new(),
                holder_phone: String::new(),
            },
        }
    }

    #[test]
    fn it_is_said_how_many_recorders_have_lost_the_span() {
        set_lang(Lang::Vi);
        let span = (Millis(10 * DAY), Millis(11 * DAY));
        let now = Millis(20 * DAY);
        let said = |days: &[u16]| {
            let cameras: Vec<CameraView> = days.iter().map(|days| keeps(*days)).collect();
            of_all(cameras.iter(), span, now).unwrap_or_default()
        };
        assert_eq!(said(&[30, 15]), "");
        assert!(said(&[5, 7, 9, 30, 15]).starts_with("3 trong 5 đầu ghi đã ghi đè"));
        assert!(said(&[5, 7]).starts_with("Cả 2 đầu ghi đã ghi đè"));
        assert_eq!(
            said(&[10, 30]),
            "1 trong 2 đầu ghi chỉ còn phần cuối của đoạn này."
        );
        assert_eq!(of_one(&keeps(10), span, now), Some("chỉ còn phần cuối"));
    }
}
