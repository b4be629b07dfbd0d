//! A district whose people log and review, and its matrix, asked by names.

use keng_server::db::area_import::{self, Terms};
use keng_server::import::{self, AreaFile, Format};
use keng_server::targets::recount;
use keng_shared::api::{MatrixTarget, NewReview, ProgressMatrix, TargetPlanView};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::permission::Role;
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::target::Progress;
use keng_shared::time::{LocalDate, start_of_day};
use keng_tests::cast::active;
use keng_tests::{Asks, Person, TestApp};
use serde_json::{Value, json};
use std::collections::HashMap;
use uuid::Uuid;

/// A district with two residential areas in each commune, and somebody who logs and reviews there.
pub(super) struct District {
    pub(super) app: TestApp,
    pub(super) area: AreaId,
    pub(super) places: HashMap<String, AreaId>,
    pub(super) clerk: Person,
}

impl District {
    /// Sets the clock to the morning of a day of 2024 before anybody is there.
    pub(super) async fn with(app: &TestApp, communes: &[&str], day: &str) -> Self {
        set_clock(app, day);
        let mut csv = "kind,code,name,parent_code,valid_from,valid_to,lat,lon\nprovince,38,Tỉnh,,,,,\n\
                       district,389,Huyện,38,,2025-06-30,,\n"
            .to_owned();
        for (number, name) in communes.iter().enumerate() {
            let code = 15_000 + number;
            let title = if name.starts_with("Thị trấn") {
                ""
            } else {
                "Xã "
            };
            csv += &format!("commune,{code},{title}{name},389,,2025-06-30,,\n");
            for village in 1..=2 {
                csv += &format!("residential_area,,Thôn {village} {name},{code},,,,\n");
            }
        }
        let (now, today) = (app.now(), app.state().clock.today());
        app.write(move |conn| {
            let Ok(AreaFile::Tree(rows)) = import::read(Format::Csv, csv.as_bytes()) else {
                panic!("the district");
            };
            let report = area_import::import_tree(conn, &rows, &Terms::operator(today, now), &mut || {})?;
            assert_eq!(report.refused, []);
            Ok(())
        })
        .await;
        app.state().auth.tree.forget();
        let tree = app.read(keng_server::db::areas::load_tree).await;
        let places: HashMap<String, AreaId> = tree
            .iter()
            .map(|area| {
                let name = area.name.strip_prefix("Xã ").unwrap_or(&area.name);
                (name.to_owned(), area.id)
            })
            .collect();
        let area = places["Huyện"];
        let clerk = clerk(app, area, "thu-ky").await;
        Self {
            app: app.clone(),
            area,
            places,
            clerk,
        }
    }

    /// Goes on at ten in the morning of a later day, with somebody who has just signed in.
    pub(super) async fn go_on(&mut self, day: &str) {
        set_clock(&self.app, day);
        self.clerk = clerk(&self.app, self.area, &format!("thu-ky-{day}")).await;
    }

    /// Takes up a ready-made plan for 2024, with the cut-off if there is to be one.
    pub(super) async fn plan(&self, id: &str, cut_off: Option<&str>) -> TargetPlanView {
        let api = self.clerk.api();
        let mut terms = api.draft_ready_made(self.area, 2024, id).await.unwrap().terms;
        terms.cut_off = cut_off.map(day);
        api.create_target_plan(&terms).await.unwrap()
    }

    /// Logs what was done and has it accepted at once.
    pub(super) async fn did(&self, place: &str, date: &str, kind: &str, body: Value) -> RecordId {
        let started_at = start_of_day(day(date)).plus(28_800_000);
        let draft = RecordDraft {
            id: RecordId(Uuid::now_v7()),
            kind: kind.to_owned(),
            area_id: self.places[place],
            team_id: None,
            started_at,
            ended_at: (kind != "loudspeaker_session").then(|| started_at.plus(1_800_000)),
            fix: None,
            body,
            photos: Vec::new(),
            files: Vec::new(),
            device_id: self.clerk.phone.device(),
            clock_offset_ms: Some(0),
        };
        self.clerk.api().create_record(&draft).await.unwrap();
        self.judge(draft.id, 1, Verdict::Accepted).await;
        draft.id
    }

    pub(super) async fn judge(&self, id: RecordId, revision: u32, verdict: Verdict) {
        let review = NewReview {
            verdict: Some(verdict),
            reason: "Đã xem".to_owned(),
            photos: Vec::new(),
        };
        self.clerk.api().review(id, revision, &review).await.unwrap();
    }

    pub(super) async fn document(
        &self,
        place: &str,
        issued: &str,
        of_type: &str,
        number: &str,
        subject: &str,
    ) {
        let body = json!({"type": of_type, "number": number, "issued_on": issued, "issuer": "UBND", "subject": subject});
        self.did(place, issued, "document", body).await;
    }

    pub(super) async fn figure(
        &self,
        place: &str,
        to: &str,
        indicator: &str,
        unit: &str,
        value: i64,
        total: i64,
    ) {
        let mut body = json!({"indicator": indicator, "period": {"from": "2023-10-01", "to": to}, "value": value,
                              "total_count": total, "unit_type": unit});
        if unit.is_empty() {
            body.as_object_mut().unwrap().remove("unit_type");
        }
        self.did(place, "2025-01-10", "reported_figure", body).await;
    }

    pub(super) async fn model(&self, place: &str, launched: &str, category: &str, state: &str) -> RecordId {
        let body = json!({"name": format!("Mô hình {category}"), "category": category, "state": state, "launched_on": launched});
        self.did(place, launched, "self_management_model", body).await
    }

    /// A broadcast to both residential areas; the second did not hear it if a reason is given.
    pub(super) async fn broadcast(&self, commune: &str, date: LocalDate, missed: Option<&str>) {
        let village = |number: u32| self.places[&format!("Thôn {number} {commune}")];
        let second = match missed {
            None => json!({"area_id": village(2)}),
            Some(reason) => json!({"area_id": village(2), "missed": reason}),
        };
        let body = json!({"topic": "fire_safety", "minutes": 15, "areas": [{"area_id": village(1)}, second]});
        self.did(commune, &date.to_string(), "loudspeaker_session", body)
            .await;
    }

    pub(super) async fn progress(&self, plan: &TargetPlanView, within: Option<&str>, on: &str) -> Board {
        let area = within.map(|name| self.places[name]);
        let matrix = self
            .clerk
            .api()
            .target_progress(plan.id, area, None, Some(day(on)))
            .await
            .unwrap();
        Board(matrix)
    }
}

/// How something stands, and its figure in thousandths.
pub(super) type Stands = (Progress, Option<i64>);

/// A matrix that is asked by names.
pub(super) struct Board(pub(super) ProgressMatrix);

impl Board {
    pub(super) fn target(&self, code: &str) -> &MatrixTarget {
        self.0.targets.iter().find(|target| target.code == code).unwrap()
    }

    /// How a unit stands, and its figure in thousandths.
    pub(super) fn of(&self, code: &str, unit: &str) -> Stands {
        let is_it = |name: &str| name == unit || name.strip_prefix("Xã ") == Some(unit);
        let place = self.0.units.iter().position(|found| is_it(&found.name)).unwrap();
        let cell = &self.target(code).cells[place];
        (cell.progress, cell.figure.map(|figure| figure.0))
    }

    pub(super) fn whole(&self, code: &str) -> Stands {
        let whole = &self.target(code).whole;
        (whole.progress, whole.figure.map(|figure| figure.0))
    }

    pub(super) fn late(&self, code: &str) -> u32 {
        self.target(code).late
    }

    /// Units that met it, are on track, behind, overdue, not asked.
    pub(super) fn rollup(&self, code: &str) -> [u32; 5] {
        let rollup = self.target(code).rollup;
        [
            rollup.met,
            rollup.on_track,
            rollup.behind,
            rollup.overdue,
            rollup.not_applicable,
        ]
    }
}

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

/// Somebody who logs and reviews in the whole district.
async fn clerk(app: &TestApp, area: AreaId, username: &str) -> Person {
    let roles = [Role::CommuneOfficer, Role::DistrictStaff];
    let roles = roles.map(|role| active(role, area, None)).to_vec();
    app.person(username, "Hà Văn Thư", roles).await
}

/// Ten in the morning of that day.
fn set_clock(app: &TestApp, date: &str) {
    app.advance(start_of_day(day(date)).plus(36_000_000).since(app.now()));
}

pub(super) async fn everything_is_counted_right(app: &TestApp) {
    let (_, differences) = recount::check(&app.state().db, |_| {}).await.unwrap();
    assert_eq!(differences, []);
}

/// Whether each line of the table holds: code, whole figure, units by standing, late shares.
pub(super) fn assert_lines(board: &Board, lines: &[(&str, Stands, [u32; 5], u32)]) {
    for (code, whole, rollup, late) in lines {
        assert_eq!(board.whole(code), *whole, "{code}: the whole");
        assert_eq!(board.rollup(code), *rollup, "{code}: units");
        assert_eq!(board.late(code), *late, "{code}: late");
    }
}
