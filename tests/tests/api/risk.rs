//! The review queue by risk: an honest night raises next to nothing, and what was made up comes first, with its reason.

use crate::hostile;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{DynamicImage, ExtendedColorType, Rgb, RgbImage};
use keng_shared::api::{NewReview, RecordQuery, RecordRow, RecordSort};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::evidence::Origin;
use keng_shared::geo::LatLon;
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::patrol::Patrol;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{Flag, RecordDraft, RecordStatus, Verdict};
use keng_shared::sync::{OpAction, OpOutcome};
use keng_tests::cast::{Cast, Person};
use keng_tests::drafts::{fix_at, patrol, patrol_body, push, put, session};
use keng_tests::errand::{OFFSET_STREAM, creation};
use keng_tests::phone::{Photo, Shot};
use keng_tests::world::{CENTRE, World};
use keng_tests::{Asks, Refused, TestApp, both_databases};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use std::collections::HashSet;
use uuid::Uuid;

both_databases!(
    honest_records_are_left_in_peace_and_made_up_ones_come_first,
    a_photo_sent_twice_names_the_record_that_had_it_first,
    a_verdict_takes_a_record_out_of_the_queue_and_mending_puts_it_back,
    the_queue_goes_on_page_by_page_in_the_order_of_risk,
    only_what_waits_can_be_asked_for_by_risk,
);

/// Honest records before the frauds, and after them.
const HONEST: usize = 90;
const LATER: usize = 30;

/// A street at night as nobody else sees it: lamps, walls and doors at random.
fn scene(random: &mut StdRng) -> RgbImage {
    let mut picture = RgbImage::from_pixel(320, 240, Rgb([70, 75, 85]));
    for _ in 0..14 {
        let (left, top) = (random.random_range(0..280), random.random_range(0..200));
        let (wide, high) = (random.random_range(20..160), random.random_range(20..120));
        let shade = Rgb([random.random(), random.random(), random.random()]);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            if (left..left + wide).contains(&x) && (top..top + high).contains(&y) {
                *pixel = shade;
            }
        }
    }
    picture
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(
            picture.as_raw(),
            picture.width(),
            picture.height(),
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    bytes
}

fn photo(bytes: Vec<u8>) -> Photo {
    Photo {
        id: PhotoId(Uuid::now_v7()),
        bytes,
        width: 320,
        height: 240,
    }
}

/// What a phone sends: a record and its photo.
struct Report {
    draft: RecordDraft,
    photo: Photo,
    origin: Origin,
}

impl Report {
    fn new(draft: RecordDraft, bytes: Vec<u8>) -> Self {
        Self {
            draft,
            photo: photo(bytes),
            origin: Origin::Camera,
        }
    }

    /// Sends everything and waits until the picture has been looked at.
    async fn send(mut self, app: &TestApp, person: &Person) -> RecordId {
        self.draft.photos = vec![self.photo.listed()];
        let record = self.draft.id;
        let shot = Shot {
            user: person.id,
            record,
            at: self.draft.started_at,
            origin: self.origin,
            fix: self.draft.fix,
        };
        let signed = person.phone.sign(&self.photo, shot);
        let actions = [put(self.draft), OpAction::AnnouncePhoto { signed }];
        let answer = person
            .api()
            .push(&push(person, app.now(), actions))
            .await
            .unwrap();
        for result in answer.results {
            assert!(
                matches!(result.outcome, OpOutcome::Done { .. }),
                "{:?}",
                result.outcome
            );
        }
        let upload = creation(self.photo.id, self.photo.bytes.len()).bytes(OFFSET_STREAM, self.photo.bytes);
        assert_eq!(person.raw(upload).await.status, 201);
        let path = format!("/photos/{}/thumbnail", self.photo.id);
        assert_eq!(person.raw(HttpRequest::new(Method::Get, &path)).await.status, 200);
        record
    }
}

fn nearby(random: &mut StdRng) -> LatLon {
    LatLon {
        lat_e7: CENTRE.lat_e7 + random.random_range(-3_000..3_000),
        lon_e7: CENTRE.lon_e7 + random.random_range(-3_000..3_000),
    }
}

fn noted(world: &World, author: &Person, app: &TestApp, note: &str) -> RecordDraft {
    let mut draft = patrol(world, author, app.now());
    let ended: Patrol = serde_json::from_value(draft.body).unwrap();
    let body = Patrol {
        note: note.to_owned(),
        end: ended.end,
        ..patrol_body(author)
    };
    draft.body = serde_json::to_value(body).unwrap();
    draft
}

/// An honest record: its own picture, a place in the village, a clock that is a little off, and now and then a phone
/// without a position or a night without a network.
async fn send_honest(
    app: &TestApp,
    world: &World,
    author: &Person,
    random: &mut StdRng,
    number: usize,
) -> (RecordId, Vec<u8>) {
    let mut draft = match number % 2 {
        0 => session(world, author, app.now()),
        _ => noted(
            world,
            author,
            app,
            &format!("Đêm thứ {number} yên tĩnh, đã nhắc {number} quán đóng cửa đúng giờ"),
        ),
    };
    draft.fix = (number % 60 != 7).then(|| fix_at(nearby(random)));
    draft.clock_offset_ms = Some(random.random_range(-120_000..120_000));
    let bytes = jpeg(&scene(random), 80);
    let id = Report::new(draft, bytes.clone()).send(app, author).await;
    (id, bytes)
}

async fn honest_records_are_left_in_peace_and_made_up_ones_come_first(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut random = StdRng::seed_from_u64(20_261_122);
    let author = &cast.member;
    let mut pictures = Vec::new();
    let story = "Khoảng 22 giờ phát hiện hai xe máy không biển số chạy quá tốc độ qua nhà văn hóa thôn rồi rẽ ra cánh đồng";
    let first = noted(&world, author, &app, story);
    Report::new(first, jpeg(&scene(&mut random), 80))
        .send(&app, author)
        .await;
    for number in 0..HONEST {
        let (_, bytes) = send_honest(&app, &world, author, &mut random, number).await;
        pictures.push(bytes);
        app.advance(60_000);
    }
    let honest = queue(&cast, RecordSort::Risk).await;
    let flagged = honest.iter().filter(|row| !row.flags.is_empty()).count();
    assert!(
        flagged * 100 < honest.len() * 5,
        "{flagged} of {}: {:?}",
        honest.len(),
        flags_of(&honest)
    );

    let copier = &cast.leader;
    let mut frauds = HashSet::new();
    for number in 0..12 {
        let mut draft = session(&world, copier, app.now());
        let own = jpeg(&scene(&mut random), 80);
        let report = match number % 6 {
            0 => Report::new(draft, pictures[number].clone()),
            1 => Report::new(draft, shrunk(&pictures[number + 20])),
            2 => Report::new(noted(&world, copier, &app, &story.to_uppercase()), own),
            3 => {
                let elsewhere = LatLon::from_degrees(21.03, 105.85).unwrap();
                Report::new(
                    draft,
                    hostile::with_camera_exif(&own, "2024:02:11 09:15:00", elsewhere),
                )
            }
            4 => {
                draft.fix = Some(fix_at(LatLon::from_degrees(20.5, 106.2).unwrap()));
                Report::new(draft, own)
            }
            _ => {
                draft.clock_offset_ms = Some(3 * 3_600_000);
                Report {
                    origin: Origin::File,
                    ..Report::new(draft, own)
                }
            }
        };
        frauds.insert(report.send(&app, copier).await);
        app.advance(60_000);
    }
    for number in HONEST..HONEST + LATER {
        send_honest(&app, &world, author, &mut random, number).await;
        app.advance(60_000);
    }
    let sorted = queue(&cast, RecordSort::Risk).await;
    let tenth = sorted.len() / 10 + 1;
    let top: HashSet<RecordId> = sorted.iter().take(tenth).map(|row| row.id).collect();
    let missed: Vec<_> = sorted
        .iter()
        .filter(|row| frauds.contains(&row.id) && !top.contains(&row.id))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
    let reasons: HashSet<Flag> = sorted.iter().take(12).flat_map(|row| row.flags.clone()).collect();
    for reason in [
        Flag::RepeatedPhoto,
        Flag::SimilarPhoto,
        Flag::CopiedText,
        Flag::ExifPlaceDiffers,
        Flag::ExifTimeDiffers,
        Flag::OutsideArea,
        Flag::ClockSkew,
        Flag::PickedFile,
    ] {
        assert!(reasons.contains(&reason), "{reason:?} is not among {reasons:?}");
    }
}

/// The picture, smaller, brighter and compressed anew.
fn shrunk(bytes: &[u8]) -> Vec<u8> {
    let picture = image::load_from_memory(bytes).unwrap().into_rgb8();
    let small = imageops::resize(&picture, 280, 210, FilterType::Triangle);
    jpeg(&DynamicImage::ImageRgb8(small).brighten(8).into_rgb8(), 55)
}

fn flags_of(rows: &[RecordRow]) -> Vec<Vec<Flag>> {
    rows.iter()
        .map(|row| row.flags.clone())
        .filter(|flags| !flags.is_empty())
        .collect()
}

async fn queue(cast: &Cast, sort: RecordSort) -> Vec<RecordRow> {
    let query = RecordQuery {
        status: Some(RecordStatus::Submitted),
        sort: Some(sort),
        limit: Some(200),
        ..RecordQuery::default()
    };
    cast.officer.api().records(&query).await.unwrap().items
}

async fn a_photo_sent_twice_names_the_record_that_had_it_first(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut random = StdRng::seed_from_u64(7);
    let bytes = jpeg(&scene(&mut random), 80);
    let first = Report::new(session(&world, &cast.member, app.now()), bytes.clone());
    let first_photo = first.photo.id;
    let first = first.send(&app, &cast.member).await;
    app.advance(60_000);
    let second = Report::new(session(&world, &cast.leader, app.now()), bytes);
    let second_photo = second.photo.id;
    let second = second.send(&app, &cast.leader).await;

    let detail = cast.officer.api().record(second).await.unwrap();
    let [repeat] = detail.repeats.as_slice() else {
        panic!("{:?}", detail.repeats);
    };
    assert_eq!(
        (repeat.photo_id, repeat.earlier_photo_id, repeat.earlier_record_id),
        (second_photo, first_photo, first)
    );
    assert_eq!(detail.record.photos[0].flags, [Flag::RepeatedPhoto]);
    // The first is nobody's copy.
    let detail = cast.officer.api().record(first).await.unwrap();
    assert!(detail.repeats.is_empty() && detail.record.photos[0].flags.is_empty());
}

async fn a_verdict_takes_a_record_out_of_the_queue_and_mending_puts_it_back(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut draft = session(&world, &cast.member, app.now());
    draft.fix = None;
    cast.member.api().create_record(&draft).await.unwrap();
    assert_eq!(queue(&cast, RecordSort::Risk).await.len(), 1);
    let returned = NewReview {
        verdict: Some(Verdict::Returned),
        reason: "Thiếu vị trí".to_owned(),
        photos: Vec::new(),
    };
    cast.officer.api().review(draft.id, 1, &returned).await.unwrap();
    assert!(queue(&cast, RecordSort::Risk).await.is_empty());
    draft.fix = Some(fix_at(CENTRE));
    cast.member.api().edit_record(&draft, 1).await.unwrap();
    let waiting = queue(&cast, RecordSort::Risk).await;
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].flags.is_empty());
    cast.member.api().withdraw_record(draft.id, 2).await.unwrap();
    assert!(queue(&cast, RecordSort::Risk).await.is_empty());
}

async fn the_queue_goes_on_page_by_page_in_the_order_of_risk(app: TestApp) {
    let (world, cast) = app.cast().await;
    for number in 0..7 {
        let mut draft = session(&world, &cast.member, app.now());
        draft.fix = (number % 3 != 0).then(|| fix_at(CENTRE));
        draft.clock_offset_ms = Some(if number == 5 { 3_600_000 } else { 0 });
        cast.member.api().create_record(&draft).await.unwrap();
        app.advance(1_000);
    }
    let whole: Vec<RecordId> = queue(&cast, RecordSort::Risk)
        .await
        .iter()
        .map(|row| row.id)
        .collect();
    let mut query = RecordQuery {
        status: Some(RecordStatus::Submitted),
        sort: Some(RecordSort::Risk),
        limit: Some(3),
        ..RecordQuery::default()
    };
    let mut paged = Vec::new();
    loop {
        let page = cast.officer.api().records(&query).await.unwrap();
        paged.extend(page.items.iter().map(|row| row.id));
        query.after = page.next;
        if query.after.is_none() {
            break;
        }
    }
    assert_eq!(paged, whole);
    assert_eq!(whole.len(), 7);
    let first = queue(&cast, RecordSort::Risk).await.remove(0);
    assert_eq!(first.flags, [Flag::ClockSkew]);
    query.flagged = Some(true);
    query.after = None;
    query.limit = None;
    let flagged = cast.officer.api().records(&query).await.unwrap().items;
    assert_eq!(flagged.len(), 4);
}

async fn only_what_waits_can_be_asked_for_by_risk(app: TestApp) {
    let (_, cast) = app.cast().await;
    let by_risk = |status| RecordQuery {
        status,
        sort: Some(RecordSort::Risk),
        ..RecordQuery::default()
    };
    let asked = [
        cast.officer.api().records(&by_risk(None)).await,
        cast.officer
            .api()
            .records(&by_risk(Some(RecordStatus::Accepted)))
            .await,
        cast.member
            .api()
            .records(&by_risk(Some(RecordStatus::Submitted)))
            .await,
    ];
    for answer in asked {
        let problem = answer.problem();
        assert_eq!(problem.code, ProblemCode::InvalidFields);
        assert_eq!(problem.fields[0].code, FieldCode::NotAChoice);
    }
}
