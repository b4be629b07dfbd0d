//! The administration commands as an operator types them.

use keng_shared::client::{HttpRequest, Method, Transport};
use keng_tests::binary;
use keng_tests::database::Database;
use keng_tests::transport::{Address, Http};
use keng_tests::{Kind, TestApp, both_databases};
use std::path::Path;
use std::process::Command;

both_databases!(a_link_of_the_first_administrator_opens_an_account_on_a_running_server);

mod areas_people_and_the_demo_come_from_the_command_line {
    use super::*;

    #[test]
    fn on_sqlite() {
        run(Kind::Sqlite);
    }

    #[test]
    fn on_postgres() {
        run(Kind::Postgres);
    }
}

/// Runs `keng` and returns whether it succeeded, and what it said.
fn keng(folder: &Path, database_url: &str, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(binary::keng());
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("KENG_")) {
        command.env_remove(name);
    }
    let done = command
        .args(arguments)
        .env("KENG_DATA_DIR", folder)
        .env("KENG_DATABASE_URL", database_url)
        .env("KENG_LOG_LEVEL", "error")
        .output()
        .unwrap();
    let said = [done.stdout, done.stderr].concat();
    (done.status.success(), String::from_utf8(said).unwrap())
}

/// A success, and what it said.
#[track_caller]
fn done((success, said): (bool, String)) -> String {
    assert!(success, "{said}");
    said
}

fn run(kind: Kind) {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(kind, folder.path());
    let keng = |arguments: &[&str]| keng(folder.path(), &database.url, arguments);

    let (success, said) = keng(&["user", "first-admin"]);
    assert!(!success && said.contains("keng area import"), "{said}");

    let areas = folder.path().join("areas.csv");
    std::fs::write(
        &areas,
        "kind,code,name,parent_code,valid_from,lat,lon\nprovince,38,Tỉnh Thanh Hóa,,,,\n\
         commune,15112,Xã Kiên Thọ,38,2025-07-01,19.955,105.377\n",
    )
    .unwrap();
    let said = done(keng(&["area", "import", areas.to_str().unwrap()]));
    assert!(
        said.contains("2 rows: 2 created, 0 updated, 0 unchanged, 0 refused"),
        "{said}"
    );

    // One outline of an area that is not there, and it crosses itself.
    let outlines = folder.path().join("outlines.geojson");
    std::fs::write(
        &outlines,
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
            "properties": {"code": "15061", "name": "Xã Ngọc Lặc"}, "geometry": {"type": "Polygon",
            "coordinates": [[[105.3, 20.0], [105.4, 20.1], [105.4, 20.0], [105.3, 20.1], [105.3, 20.0]]]}}]}"#,
    )
    .unwrap();
    let outlines = outlines.to_str().unwrap();
    assert!(done(keng(&["area", "import", outlines])).contains("1 refused"));
    let create = ["area", "import", outlines, "--create-missing", "commune"];
    let dry = done(keng(&[&create[..], &["--dry-run"]].concat()));
    for part in [
        "repaired at",
        "made like 15112 Xã Kiên Thọ (Tỉnh Thanh Hóa)",
        "dry run, nothing written: 1 rows: 1 created",
    ] {
        assert!(dry.contains(part), "{part}: {dry}");
    }
    assert!(done(keng(&create)).contains("1 rows: 1 created"));
    assert!(done(keng(&create)).contains("0 created, 0 updated, 1 unchanged, 0 refused"));

    let said = done(keng(&["user", "first-admin", "--username", "quantri"]));
    let first = link(&said);
    let (success, said) = keng(&["user", "first-admin", "--username", "another"]);
    assert!(
        !success && said.contains("somebody is registered already"),
        "{said}"
    );
    let said = done(keng(&["user", "list"]));
    assert!(
        said.contains("quantri") && said.contains("administrator (invited, Tỉnh Thanh Hóa)"),
        "{said}"
    );
    let again = link(&done(keng(&["user", "enrol", "quantri"])));
    assert_ne!(first, again);
    let (success, said) = keng(&["user", "enrol", "nobody"]);
    assert!(!success && said.contains("nobody is called nobody"), "{said}");

    // The demo is for an empty database only.
    let (success, said) = keng(&["demo", "load"]);
    assert!(
        !success && said.contains("already holds areas or people"),
        "{said}"
    );
    let folder = tempfile::tempdir().unwrap();
    let database = Database::create(kind, folder.path());
    let load = || {
        done(super::command_line::keng(
            folder.path(),
            &database.url,
            &["demo", "load"],
        ))
    };
    assert!(load().contains("The demo is loaded"));
    let photos = photos(&folder.path().join("photos"));
    assert!(!photos.is_empty());
    std::fs::remove_dir_all(folder.path().join("photos")).unwrap();
    let said = load();
    assert!(
        said.contains("already there, complete since") && said.contains("totruong"),
        "{said}"
    );
    assert_eq!(
        self::photos(&folder.path().join("photos")),
        [] as [String; 0],
        "nothing was drawn again"
    );
}

/// The code of the printed link.
#[track_caller]
fn link(said: &str) -> String {
    let (_, rest) = said.split_once("/enrol#").expect(said);
    rest.split_whitespace().next().unwrap().to_owned()
}

/// Names of all files below a folder.
fn photos(folder: &Path) -> Vec<String> {
    let mut folders = vec![folder.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .map(Result::unwrap)
        {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.file_name().to_string_lossy().into_owned()),
            }
        }
    }
    found
}

async fn a_link_of_the_first_administrator_opens_an_account_on_a_running_server(app: TestApp) {
    app.world().await;
    // The command reads the machine's clock, the server the test's.
    app.advance(keng_server::Clock::system().now().since(app.now()));
    let (folder, url) = (app.folder().to_owned(), app.database_url());
    let said = tokio::task::spawn_blocking(move || done(keng(&folder, &url, &["user", "first-admin"])));
    let code = link(&said.await.unwrap());
    let address = Address::default();
    address.set(app.origin());
    let body = format!(r#"{{"code": "{code}"}}"#).into_bytes();
    let check = HttpRequest::new(Method::Post, "/auth/enrol/check").bytes("application/json", body);
    let answer = Http::new(address).send(check).await.unwrap();
    let said = String::from_utf8(answer.body).unwrap();
    assert!(
        answer.status == 200 && said.contains(r#""username":"admin""#),
        "{said}"
    );
}
