//! Memory of the server under files that mean harm (TRUST S8). It is a figure of the process, so the server runs in one
//! of its own, and once: the database has no part in it.

use crate::hostile;
use keng_shared::client::{HttpRequest, Method};
use keng_shared::id::PhotoId;
use keng_tests::Kind;
use keng_tests::binary::{self, Keng};
use keng_tests::errand::{self, Errands};
use keng_tests::phone::Photo;
use keng_tests::stage::Stage;
use uuid::Uuid;

/// The most that the server may grow by: 300 MiB.
const GROWTH: u64 = 300 << 20;
/// Uploads at the same time.
const AT_ONCE: usize = 4;

#[test]
fn hostile_photos_cost_the_server_at_most_300_mib_at_any_moment() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let stage = Stage::set(Kind::Sqlite, 1).await;
        let server = Keng::start(&binary::keng(), &stage);
        let errands = Errands::at(&stage, &server);
        let known = Photo::small();
        errands.announce(&known).await;
        assert_eq!(errands.send_whole(&known).await.status, 201);
        let before = server.resident_bytes();
        let files = hostile::files();
        assert!(files.len() >= 56, "{}", files.len());
        for group in files.chunks(AT_ONCE) {
            let attacks = group.iter().map(|(name, bytes, _)| attack(&errands, name, bytes));
            futures::future::join_all(attacks).await;
        }
        let growth = server.peak_bytes().saturating_sub(before);
        println!(
            "{} hostile files, {AT_ONCE} at once: {} MiB before, {} MiB more at the peak",
            files.len(),
            before >> 20,
            growth >> 20
        );
        assert!(
            before > 0 && growth > 0,
            "the figures are those of a living process"
        );
        assert!(growth <= GROWTH, "{growth}");
    });
}

/// Uploads the file and asks for its pictures, so that whatever would be decoded is decoded.
async fn attack(errands: &Errands<'_>, name: &str, bytes: &[u8]) {
    let photo = Photo {
        id: PhotoId(Uuid::now_v7()),
        bytes: bytes.to_vec(),
        width: 1,
        height: 1,
    };
    errands.announce(&photo).await;
    let status = errands.send_in_chunks(&photo).await;
    assert!(status < 500, "{name}: {status}");
    for rendition in ["thumbnail", "preview"] {
        let path = format!("/photos/{}/{rendition}", photo.id);
        let answer = errand::raw(&errands.officer(), HttpRequest::new(Method::Get, &path)).await;
        assert!(answer.status < 500, "{name} {rendition}: {}", answer.status);
    }
}
