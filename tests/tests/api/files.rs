//! Files of records: attached, resumed, refused by what they are, downloaded by whoever reads the record.

use crate::export_evidence::exported;
use keng_shared::api::{ExportFormat, NewReview, PhotoVerdict};
use keng_shared::client::{HttpRequest, HttpResponse, Method};
use keng_shared::evidence::{CHAIN_START, Manifest, Origin, sha256_hex};
use keng_shared::file::{FileRef, MAX_FILE_BYTES, MAX_FILES, PDF};
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::problem::{FieldCode, Problem, ProblemCode};
use keng_shared::record::{HistoryAction, PhotoState, RecordDraft, Verdict};
use keng_shared::sync::{OpAction, OpOutcome};
use keng_tests::drafts::{push, put, session};
use keng_tests::errand::{OFFSET_STREAM, asking, chunk, creation};
use keng_tests::phone::{Photo, Shot};
use keng_tests::{Asks, Person, Refused, TestApp, World, both_databases};
use serde_json::json;
use std::io::{Cursor, Read};
use uuid::Uuid;

both_databases!(
    a_file_is_held_and_downloaded_under_its_name_and_never_shown,
    an_upload_of_a_file_goes_on_where_it_broke_off_after_a_restart,
    what_is_no_whole_open_pdf_is_refused_by_its_bytes,
    a_draft_with_files_that_may_not_be_is_refused,
    a_file_beyond_20_mib_is_refused_before_it_is_sent,
    who_may_not_read_the_record_gets_no_file,
    a_file_is_no_photo_and_a_photo_is_no_file,
    a_file_that_was_taken_out_is_given_to_nobody,
    a_file_raises_no_doubt_and_counts_as_no_photo,
    files_come_in_the_zip_with_their_names_in_the_list,
);

const NAME: &str = "Kế hoạch 12-KH-UBND.pdf";

struct File {
    id: PhotoId,
    name: String,
    bytes: Vec<u8>,
}

impl File {
    fn of(bytes: Vec<u8>) -> Self {
        Self {
            id: PhotoId(Uuid::now_v7()),
            name: NAME.to_owned(),
            bytes,
        }
    }

    /// A small PDF with these words in it.
    fn pdf(words: &str) -> Self {
        Self::of(pdf(words))
    }

    fn listed(&self) -> FileRef {
        FileRef {
            id: self.id,
            sha256: sha256_hex(&self.bytes),
            name: self.name.clone(),
        }
    }

    fn manifest(&self, by: &Person, record: RecordId, app: &TestApp) -> Manifest {
        Manifest {
            v: 1,
            photo_id: self.id,
            record_id: record,
            device_id: by.phone.device(),
            user_id: by.id,
            seq: 0,
            prev: CHAIN_START.to_owned(),
            sha256: sha256_hex(&self.bytes),
            size: self.bytes.len() as u64,
            mime: PDF.to_owned(),
            width: 0,
            height: 0,
            captured_at: app.now(),
            origin: Origin::File,
            fix: None,
        }
    }
}

fn pdf(words: &str) -> Vec<u8> {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n% {words}\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )
    .into_bytes()
}

/// A document of the commune that the officer logs.
fn document(world: &World, by: &Person, app: &TestApp, files: &[&File]) -> RecordDraft {
    RecordDraft {
        kind: "document".to_owned(),
        area_id: world.commune,
        team_id: None,
        body: json!({
            "type": "plan", "number": "12/KH-UBND", "issued_on": "2026-11-20",
            "issuer": "UBND xã Kiên Thọ", "subject": "Kế hoạch xây dựng phong trào",
        }),
        files: files.iter().map(|file| file.listed()).collect(),
        ..session(world, by, app.now())
    }
}

/// Stores a document of the officer with these files, announced.
async fn announced(app: &TestApp, world: &World, by: &Person, files: &[&File]) -> RecordId {
    let draft = document(world, by, app, files);
    let record = draft.id;
    let announcements = files.iter().map(|file| OpAction::AnnouncePhoto {
        signed: by.phone.sign_as_it_is(file.manifest(by, record, app)),
    });
    let ops = std::iter::once(put(draft)).chain(announcements);
    let answer = by.api().push(&push(by, app.now(), ops)).await.unwrap();
    for result in answer.results {
        assert!(
            matches!(result.outcome, OpOutcome::Done { .. }),
            "{:?}",
            result.outcome
        );
    }
    record
}

async fn sent(by: &Person, file: &File) -> HttpResponse {
    let request = creation(file.id, file.bytes.len()).bytes(OFFSET_STREAM, file.bytes.clone());
    by.raw(request).await
}

async fn download(by: &Person, id: PhotoId) -> HttpResponse {
    by.raw(HttpRequest::new(Method::Get, &format!("/files/{id}")))
        .await
}

fn code(answer: &HttpResponse) -> ProblemCode {
    serde_json::from_slice::<Problem>(&answer.body).unwrap().code
}

async fn a_file_is_held_and_downloaded_under_its_name_and_never_shown(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let file = File::pdf("tròn");
    let record = announced(&app, &world, officer, &[&file]).await;
    let early = download(officer, file.id).await;
    assert_eq!((early.status, code(&early)), (409, ProblemCode::StateConflict));
    let answer = sent(officer, &file).await;
    assert_eq!(answer.status, 201, "{}", String::from_utf8_lossy(&answer.body));
    let receipt = officer.api().photo_receipt(file.id).await.unwrap().receipt;
    assert_eq!(
        (receipt.sha256, receipt.record_id),
        (sha256_hex(&file.bytes), record)
    );

    let seen = cast.province_viewer.api().record(record).await.unwrap();
    let shown = &seen.record.files[0];
    assert_eq!((shown.name.as_str(), shown.state), (NAME, PhotoState::Held));
    assert_eq!(shown.size, Some(file.bytes.len() as u64));
    assert_eq!(seen.history.last().unwrap().action, HistoryAction::FileHeld);
    let held = officer.api().held(seen.record.local_date).await.unwrap();
    assert_eq!(held.photos, [file.id]);

    let answer = download(&cast.province_viewer, file.id).await;
    assert_eq!((answer.status, &answer.body), (200, &file.bytes));
    assert_eq!(answer.header("content-type"), Some(PDF));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(
        answer
            .header("content-security-policy")
            .unwrap()
            .starts_with("sandbox;")
    );
    let disposition = answer.header("content-disposition").unwrap();
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    assert!(
        disposition.contains("filename*=UTF-8''K%E1%BA%BF%20ho%E1%BA%A1ch"),
        "{disposition}"
    );
    assert!(disposition.is_ascii());
}

async fn an_upload_of_a_file_goes_on_where_it_broke_off_after_a_restart(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let file = File::pdf(&"dài ".repeat(100_000));
    announced(&app, &world, officer, &[&file]).await;
    let total = file.bytes.len();
    assert_eq!(officer.raw(creation(file.id, total)).await.status, 201);
    let third = total / 3;
    let answer = officer.raw(chunk(file.id, 0, &file.bytes[..third])).await;
    assert_eq!(answer.status, 204);
    app.restart().await;
    let answer = officer.raw(asking(file.id)).await;
    assert_eq!(answer.header("upload-offset"), Some(third.to_string().as_str()));
    let answer = officer.raw(chunk(file.id, third, &file.bytes[third..])).await;
    assert_eq!(answer.status, 204, "{}", String::from_utf8_lossy(&answer.body));
    assert!(answer.header("keng-receipt").is_some());
    assert_eq!(download(officer, file.id).await.body, file.bytes);
    let unfinished = std::fs::read_dir(app.folder().join("uploads")).unwrap().count();
    assert_eq!(unfinished, 0);
}

async fn what_is_no_whole_open_pdf_is_refused_by_its_bytes(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let whole = pdf("x");
    let cases = [
        (b"MZ\x90\0 a program".to_vec(), 415, ProblemCode::NotPdf),
        (
            b"<!doctype html><script>alert(1)</script>".to_vec(),
            415,
            ProblemCode::NotPdf,
        ),
        (
            [b"<html>".to_vec(), whole.clone()].concat(),
            415,
            ProblemCode::NotPdf,
        ),
        (b"PK\x03\x04 word/document.xml".to_vec(), 415, ProblemCode::NotPdf),
        (Photo::small().bytes, 415, ProblemCode::NotPdf),
        (whole[..whole.len() - 8].to_vec(), 422, ProblemCode::FileBroken),
        (pdf("<</Encrypt 5 0 R>>"), 422, ProblemCode::FileLocked),
    ];
    for (bytes, status, expected) in cases {
        let file = File::of(bytes);
        let record = announced(&app, &world, officer, &[&file]).await;
        let answer = sent(officer, &file).await;
        assert_eq!((answer.status, code(&answer)), (status, expected));
        let seen = officer.api().record(record).await.unwrap().record;
        assert_eq!(seen.files[0].state, PhotoState::Expected, "nothing of it is kept");
    }
    let file = File::pdf("announced");
    announced(&app, &world, officer, &[&file]).await;
    let other = File {
        bytes: pdf("another !"),
        ..File::pdf("")
    };
    let swapped = creation(file.id, file.bytes.len()).bytes(OFFSET_STREAM, other.bytes);
    assert_eq!(code(&officer.raw(swapped).await), ProblemCode::ChecksumMismatch);
}

async fn a_draft_with_files_that_may_not_be_is_refused(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let many: Vec<File> = (0..=MAX_FILES).map(|n| File::pdf(&n.to_string())).collect();
    let too_many = document(&world, officer, &app, &many.iter().collect::<Vec<_>>());
    let answer = officer.api().create_record(&too_many).await;
    assert_eq!(answer.wrong_fields(), [("files".to_owned(), FieldCode::TooLong)]);

    let file = File::pdf("x");
    let twice = document(&world, officer, &app, &[&file, &file]);
    let answer = officer.api().create_record(&twice).await;
    assert_eq!(
        answer.wrong_fields(),
        [("files.1.id".to_owned(), FieldCode::Duplicate)]
    );

    let mut nameless = document(&world, officer, &app, &[&file]);
    nameless.files[0].name = " .pdf ".to_owned();
    nameless.files[0].sha256 = "ab".to_owned();
    let answer = officer.api().create_record(&nameless).await;
    let expected = [
        ("files.0.name".to_owned(), FieldCode::Required),
        ("files.0.sha256".to_owned(), FieldCode::BadFormat),
    ];
    assert_eq!(answer.wrong_fields(), expected);

    let mut other_kind = session(&world, &cast.member, app.now());
    other_kind.files = vec![file.listed()];
    let answer = cast.member.api().create_record(&other_kind).await;
    assert_eq!(answer.wrong_fields(), [("files".to_owned(), FieldCode::Unknown)]);

    announced(&app, &world, officer, &[&file]).await;
    let taken = document(&world, officer, &app, &[&file]);
    let answer = officer.api().create_record(&taken).await;
    assert_eq!(
        answer.wrong_fields(),
        [("files.0.id".to_owned(), FieldCode::Duplicate)]
    );
    let sly = File {
        name: "C:\\Users\\a\\..\\văn\u{202e}fdp.exe".to_owned(),
        ..File::pdf("y")
    };
    let draft = document(&world, officer, &app, &[&sly]);
    let view = officer.api().create_record(&draft).await.unwrap();
    assert_eq!(view.files[0].name, "vănfdp.exe.pdf");
}

async fn a_file_beyond_20_mib_is_refused_before_it_is_sent(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let file = File::pdf("x");
    let draft = document(&world, officer, &app, &[&file]);
    let record = draft.id;
    officer.api().create_record(&draft).await.unwrap();
    let manifest = Manifest {
        size: MAX_FILE_BYTES + 1,
        ..file.manifest(officer, record, &app)
    };
    let signed = officer.phone.sign_as_it_is(manifest);
    let ops = [OpAction::AnnouncePhoto { signed }];
    let answer = officer.api().push(&push(officer, app.now(), ops)).await.unwrap();
    let OpOutcome::Refused { problem } = &answer.results[0].outcome else {
        panic!("{:?}", answer.results)
    };
    assert_eq!(problem.fields[0].code, FieldCode::TooBig);
    let begun = officer.raw(creation(file.id, MAX_FILE_BYTES as usize + 1)).await;
    assert_eq!((begun.status, code(&begun)), (413, ProblemCode::TooLarge));
}

async fn who_may_not_read_the_record_gets_no_file(app: TestApp) {
    let (world, cast) = app.cast().await;
    let file = File::pdf("x");
    announced(&app, &world, &cast.officer, &[&file]).await;
    assert_eq!(sent(&cast.officer, &file).await.status, 201);
    for person in [&cast.member, &cast.neighbour] {
        let answer = download(person, file.id).await;
        assert_eq!((answer.status, code(&answer)), (404, ProblemCode::NotFound));
        let answer = person.raw(asking(file.id)).await;
        assert_eq!(answer.status, 404, "nor may others send its bytes");
    }
    let stranger = HttpRequest::new(Method::Get, &format!("/files/{}", file.id));
    assert_eq!(app.visitor().raw(stranger).await.status, 401);
}

async fn a_file_is_no_photo_and_a_photo_is_no_file(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let (file, photo) = (File::pdf("x"), Photo::small());
    let mut draft = document(&world, officer, &app, &[&file]);
    draft.photos = vec![photo.listed()];
    let record = draft.id;
    officer.api().create_record(&draft).await.unwrap();
    let shot = Shot {
        user: officer.id,
        record,
        at: app.now(),
        origin: Origin::Camera,
        fix: None,
    };
    // A statement about a photo under the id of a file, and the other way round.
    let as_photo = Manifest {
        photo_id: file.id,
        sha256: sha256_hex(&file.bytes),
        ..officer.phone.sign(&photo, shot).manifest
    };
    let as_file = Manifest {
        photo_id: photo.id,
        sha256: photo.sha256(),
        ..file.manifest(officer, record, &app)
    };
    for manifest in [as_photo, as_file] {
        let signed = officer.phone.sign_as_it_is(manifest);
        let ops = [OpAction::AnnouncePhoto { signed }];
        let answer = officer.api().push(&push(officer, app.now(), ops)).await.unwrap();
        let OpOutcome::Refused { problem } = &answer.results[0].outcome else {
            panic!("{:?}", answer.results)
        };
        assert_eq!(problem.fields[0].field, "manifest.mime");
    }
    let announced = [
        officer.phone.sign(&photo, shot),
        officer.phone.sign_as_it_is(file.manifest(officer, record, &app)),
    ]
    .map(|signed| OpAction::AnnouncePhoto { signed });
    officer
        .api()
        .push(&push(officer, app.now(), announced))
        .await
        .unwrap();
    assert_eq!(sent(officer, &file).await.status, 201);
    let upload = creation(photo.id, photo.bytes.len()).bytes(OFFSET_STREAM, photo.bytes.clone());
    assert_eq!(officer.raw(upload).await.status, 201);
    assert_eq!(download(officer, photo.id).await.status, 404);
    for rendition in ["thumbnail", "preview", "original"] {
        let request = HttpRequest::new(Method::Get, &format!("/photos/{}/{rendition}", file.id));
        assert_eq!(officer.raw(request).await.status, 404, "{rendition}");
    }
    let judged = NewReview {
        verdict: None,
        reason: String::new(),
        photos: vec![PhotoVerdict {
            photo_id: file.id,
            verdict: Verdict::Accepted,
            reason: String::new(),
        }],
    };
    let answer = officer.api().review(record, 1, &judged).await;
    assert_eq!(
        answer.wrong_fields(),
        [("photos.0.photo_id".to_owned(), FieldCode::NoSuchObject)]
    );
}

async fn a_file_that_was_taken_out_is_given_to_nobody(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let (wrong, right) = (File::pdf("nhầm"), File::pdf("đúng"));
    let record = announced(&app, &world, officer, &[&wrong, &right]).await;
    for file in [&wrong, &right] {
        assert_eq!(sent(officer, file).await.status, 201);
    }
    let seen = officer.api().record(record).await.unwrap().record;
    let mut again = seen.as_draft(officer.phone.device(), 0);
    again.files.retain(|file| file.id == right.id);
    again.files[0].name = "Bản chính thức".to_owned();
    let changed = officer.api().edit_record(&again, seen.revision).await.unwrap();
    assert_eq!(changed.files.len(), 1);
    assert_eq!(changed.files[0].name, "Bản chính thức.pdf");
    assert_eq!(download(officer, wrong.id).await.status, 404);
    assert_eq!(download(officer, right.id).await.body, right.bytes);
    let stale = officer.api().edit_record(&again, seen.revision).await;
    assert!(stale.is_ok(), "the same content again changes nothing");
}

async fn a_file_raises_no_doubt_and_counts_as_no_photo(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let file = File::pdf("chung");
    let same = File {
        id: PhotoId(Uuid::now_v7()),
        ..File::pdf("chung")
    };
    for file in [&file, &same] {
        let record = announced(&app, &world, officer, &[file]).await;
        assert_eq!(sent(officer, file).await.status, 201);
        let seen = officer.api().record(record).await.unwrap();
        assert!(seen.record.photos.is_empty() && seen.repeats.is_empty());
        let row = officer
            .api()
            .records(&keng_shared::api::RecordQuery::default())
            .await
            .unwrap()
            .items
            .into_iter()
            .find(|row| row.id == record)
            .unwrap();
        assert_eq!((row.photos, row.photos_held), (0, 0));
        assert_eq!(row.flags, seen.record.flags, "no flag comes from a file");
    }
}

async fn files_come_in_the_zip_with_their_names_in_the_list(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = &cast.officer;
    let (held, expected) = (File::pdf("có"), File::pdf("chưa"));
    announced(&app, &world, officer, &[&held, &expected]).await;
    assert_eq!(sent(officer, &held).await.status, 201);
    let (records, zip) = exported(&officer.api(), ExportFormat::Zip).await;
    assert_eq!(records, 1);
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut list = String::new();
    archive
        .by_name("manifest.csv")
        .unwrap()
        .read_to_string(&mut list)
        .unwrap();
    let lines: Vec<&str> = list.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2, "{list}");
    let cells: Vec<&str> = lines[1].split(',').collect();
    assert!(
        cells[0].ends_with("-01.pdf") && cells.last() == Some(&NAME),
        "{cells:?}"
    );
    let mut bytes = Vec::new();
    archive
        .by_name(cells[0])
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    assert_eq!((bytes.as_slice(), cells[1]), (held.bytes.as_slice(), cells[3]));
    assert_eq!(cells[1], sha256_hex(&held.bytes));
}
