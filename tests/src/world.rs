//! The places of the tests: Kiên Thọ with two villages, its neighbour Ngọc Lặc with one, both in Thanh Hóa.

use crate::app::TestApp;
use keng_server::db::area_import::{self, Terms};
use keng_server::db::{Conn, DbError, areas, boundaries, checkpoints, teams};
use keng_server::import::{self, AreaFile, Format};
use keng_shared::api::{NewCheckpoint, NewTeam};
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CheckpointId, TeamId};
use keng_shared::sync::TeamKind;
use keng_shared::time::{LocalDate, Millis};

/// Ids of the places.
#[derive(Debug, Clone)]
pub struct World {
    /// Tỉnh Thanh Hóa, 38.
    pub province: AreaId,
    /// Xã Kiên Thọ, 15112.
    pub commune: AreaId,
    /// Thôn Thành Sơn in Kiên Thọ, with a boundary of about two kilometres around its centre.
    pub village: AreaId,
    /// Thôn Thống Nhất in Kiên Thọ.
    pub other_village: AreaId,
    /// Xã Ngọc Lặc, 15061.
    pub neighbour_commune: AreaId,
    /// Phố Lê Lợi in Ngọc Lặc.
    pub neighbour_village: AreaId,
    /// The security team of Thành Sơn.
    pub team: TeamId,
    /// The security team of Lê Lợi.
    pub neighbour_team: TeamId,
    /// Two checkpoints in Thành Sơn with their QR tokens.
    pub checkpoints: [(CheckpointId, String); 2],
    /// A checkpoint in Lê Lợi.
    pub neighbour_checkpoint: CheckpointId,
}

/// The centre of Thành Sơn.
pub const CENTRE: LatLon = LatLon {
    lat_e7: 199_620_000,
    lon_e7: 1_053_450_000,
};

const AREAS: &str = "kind,code,name,parent_code,valid_from,valid_to,lat,lon
province,38,Tỉnh Thanh Hóa,,,,20.0464,105.3347
commune,15112,Xã Kiên Thọ,38,2025-07-01,,19.95535,105.37759
commune,15061,Xã Ngọc Lặc,38,2025-07-01,,20.10799,105.33613
residential_area,,Thôn Thành Sơn,15112,,,19.962,105.345
residential_area,,Thôn Thống Nhất,15112,,,19.978,105.39
residential_area,,Phố Lê Lợi,15061,,,20.084,105.372
";

impl World {
    pub(crate) async fn build(app: &TestApp) -> Self {
        let (now, today) = (app.now(), app.state().clock.today());
        let world = app.write(move |conn| build(conn, now, today)).await;
        app.state().auth.tree.forget();
        world
    }
}

/// Stores the places in an empty database.
pub(crate) fn build(conn: &mut Conn, now: Millis, today: LocalDate) -> Result<World, DbError> {
    let Ok(AreaFile::Tree(rows)) = import::read(Format::Csv, AREAS.as_bytes()) else {
        panic!("the areas of the tests");
    };
    let terms = Terms::operator(today, now);
    let report = area_import::import_tree(conn, &rows, &terms, &mut || {})?;
    assert_eq!(report.refused, []);
    let tree = areas::load_tree(conn)?;
    let find = |name: &str| tree.iter().find(|area| area.name == name).expect(name).id;
    let (village, neighbour_village) = (find("Thôn Thành Sơn"), find("Phố Lê Lợi"));
    let (lat, lon) = (CENTRE.lat(), CENTRE.lon());
    let corners = [
        (-0.01, -0.01),
        (0.01, -0.01),
        (0.01, 0.01),
        (-0.01, 0.01),
        (-0.01, -0.01),
    ];
    let ring = corners.iter().map(|(x, y)| [lon + x, lat + y]).collect();
    boundaries::put(conn, village, &vec![vec![ring]], now)?;

    let team = |conn: &mut Conn, name: &str, area_id| {
        let new = NewTeam {
            kind: TeamKind::SecurityTeam,
            name: name.to_owned(),
            area_id,
        };
        teams::insert(conn, &new, now)
    };
    let checkpoint = |conn: &mut Conn, name: &str, area_id, offset: i32| {
        let position = LatLon {
            lat_e7: CENTRE.lat_e7 + offset,
            lon_e7: CENTRE.lon_e7,
        };
        let new = NewCheckpoint {
            area_id,
            name: name.to_owned(),
            position,
            radius_m: 50,
        };
        let token = format!("token-of-{name}").replace(' ', "-");
        checkpoints::insert(conn, &new, &token, now).map(|id| (id, token))
    };
    Ok(World {
        province: find("Tỉnh Thanh Hóa"),
        commune: find("Xã Kiên Thọ"),
        village,
        other_village: find("Thôn Thống Nhất"),
        neighbour_commune: find("Xã Ngọc Lặc"),
        neighbour_village,
        team: team(conn, "Tổ bảo vệ ANTT thôn Thành Sơn", village)?,
        neighbour_team: team(conn, "Tổ bảo vệ ANTT phố Lê Lợi", neighbour_village)?,
        checkpoints: [
            checkpoint(conn, "hall", village, 0)?,
            checkpoint(conn, "bridge", village, 40_000)?,
        ],
        neighbour_checkpoint: checkpoint(conn, "station", neighbour_village, 1_200_000)?.0,
    })
}
