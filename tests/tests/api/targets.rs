//! Targets that fill themselves: plans, what counts, figures, and that a count from nothing gives the same.

use keng_server::db::area_import::{self, Terms};
use keng_server::import::{self, AreaFile, Format};
use keng_server::targets::recount;
use keng_shared::api::{MatrixTarget, NewReview, OnTree, PasteRequest, ProgressMatrix, ReminderCause};
use keng_shared::id::{AreaId, RecordId, TargetPlanId};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::target::{NotCounted, PlanTerms, Progress, Thousandths};
use keng_shared::time::{LocalDate, start_of_day};
use keng_tests::cast::active;
use keng_tests::drafts::session;
use keng_tests::{Asks, Cast, Person, Refused, TestApp, World, both_databases};
use serde_json::{Value, json};
use uuid::Uuid;

both_databases!(
    a_record_counts_when_it_is_accepted_and_no_more_when_it_is_returned,
    a_plan_entered_later_counts_what_was_accepted_before,
    a_broadcast_counts_in_each_village_that_heard_it,
    the_same_document_twice_counts_once_and_the_other_takes_its_place,
    what_is_accepted_after_the_cut_off_is_late_and_moves_no_figure,
    a_changed_plan_counts_anew_and_keeps_its_versions_apart,
    an_ended_plan_counts_nothing_any_more,
    random_histories_and_a_count_from_nothing_agree,
    figures_then_and_now_agree_in_their_totals_through_a_merger,
    a_ready_made_plan_is_taken_up_by_a_district_with_its_exemptions,
    a_plan_is_changed_only_by_who_saw_its_last_revision,
    an_officer_sees_the_own_commune_and_the_province_all,
    what_is_due_is_called_to_mind_the_most_pressing_first,
    an_average_over_villages_is_not_asked_of_a_commune_without_any,
    an_area_that_is_not_of_the_plan_is_refused_field_by_field,
    a_figure_tells_its_pace_where_it_leads_and_how_it_was_a_year_before,
    a_target_of_the_whole_is_asked_of_those_that_have_a_share_of_it,
    the_matrix_leaves_as_the_appendix_of_its_plan,
    a_matrix_that_was_kept_is_laid_out_anew_after_every_change,
    pasted_lines_are_looked_over_and_nothing_is_stored,
);

pub(super) fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

pub(super) fn target(code: &str, kind: &str, value: i64, more: Value) -> Value {
    let mut target = json!({
        "code": code, "text": format!("Chỉ tiêu {code}"), "measure": "lần", "comparator": "at_least",
        "value": value * 1000, "levels": ["commune"], "aggregation": {"by": "sum"},
        "source": {"kind": kind, "amount": {"of": "records"}},
    });
    merge(&mut target, more);
    target
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (key, value) in more {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

pub(super) fn plan(area: AreaId, targets: Vec<Value>) -> PlanTerms {
    serde_json::from_value(json!({
        "area_id": area, "title": "Kế hoạch năm 2026",
        "period": {"from": "2026-01-01", "to": "2026-12-31"}, "targets": targets,
    }))
    .unwrap()
}

/// Sessions, documents once a number, and broadcasts.
pub(super) fn targets() -> Vec<Value> {
    vec![
        target("sessions", "direct_propaganda_session", 2, json!({})),
        target(
            "documents",
            "document",
            3,
            json!({"source": {
                "conditions": [{"is": "one_of", "field": "type", "answers": ["plan", "resolution"]}],
                "dated_by": "issued_on",
                "limit": {"per": [{"same": "field", "field": "number"}], "most": 1, "keep": "first"},
            }}),
        ),
        target(
            "loudspeakers",
            "loudspeaker_session",
            3,
            json!({"levels": ["area", "commune"], "aggregation": {"by": "weekly_average"}, "source": {"amount": {"of": "areas_heard"}}}),
        ),
    ]
}

pub(super) fn office(app: &TestApp, area: AreaId, author: &Person, kind: &str, body: Value) -> RecordDraft {
    RecordDraft {
        id: RecordId(Uuid::now_v7()),
        kind: kind.to_owned(),
        area_id: area,
        team_id: None,
        started_at: app.now().plus(-3_600_000),
        ended_at: None,
        fix: None,
        body,
        photos: Vec::new(),
        files: Vec::new(),
        device_id: author.phone.device(),
        clock_offset_ms: Some(0),
    }
}

fn document(app: &TestApp, area: AreaId, author: &Person, number: &str, issued: &str) -> RecordDraft {
    let body = json!({"type": "plan", "number": number, "issued_on": issued, "issuer": "UBND xã", "subject": "Kế hoạch"});
    office(app, area, author, "document", body)
}

pub(super) async fn judge(officer: &Person, id: RecordId, revision: u32, verdict: Verdict) {
    let review = NewReview {
        verdict: Some(verdict),
        reason: "Đã xem".to_owned(),
        photos: Vec::new(),
    };
    officer.api().review(id, revision, &review).await.unwrap();
}

pub(super) async fn logged(author: &Person, officer: &Person, draft: &RecordDraft) {
    author.api().create_record(draft).await.unwrap();
    judge(officer, draft.id, 1, Verdict::Accepted).await;
}

pub(super) async fn progress(person: &Person, plan: TargetPlanId) -> ProgressMatrix {
    person
        .api()
        .target_progress(plan, None, None, None)
        .await
        .unwrap()
}

pub(super) fn column<'a>(matrix: &'a ProgressMatrix, code: &str) -> &'a MatrixTarget {
    matrix.targets.iter().find(|target| target.code == code).unwrap()
}

fn amounts(matrix: &ProgressMatrix, code: &str) -> Vec<(String, i64)> {
    let cells = &column(matrix, code).cells;
    matrix
        .units
        .iter()
        .map(|unit| unit.name.clone())
        .zip(cells.iter().map(|cell| cell.amount))
        .collect()
}

pub(super) async fn everything_is_counted_right(app: &TestApp) {
    let (_, differences) = recount::check(&app.state().db, |_| {}).await.unwrap();
    assert_eq!(differences, []);
}

/// The province's plan, as its staff entered it.
async fn province_plan(world: &World, cast: &Cast, targets: Vec<Value>) -> TargetPlanId {
    let terms = plan(world.province, targets);
    cast.province_viewer
        .api()
        .create_target_plan(&terms)
        .await
        .unwrap()
        .id
}

async fn a_record_counts_when_it_is_accepted_and_no_more_when_it_is_returned(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let draft = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&draft).await.unwrap();
    let sessions = async || {
        let matrix = progress(&cast.province_viewer, plan).await;
        amounts(&matrix, "sessions")
    };
    let of_kien_tho = |count| vec![("Xã Kiên Thọ".to_owned(), count), ("Xã Ngọc Lặc".to_owned(), 0)];
    let told = async |person: &Person| {
        let told = person.api().record_targets(draft.id).await.unwrap();
        let [one] = told.as_slice() else {
            panic!("{told:?}")
        };
        (one.amount, one.why_not.clone())
    };
    assert_eq!(sessions().await, of_kien_tho(0));
    assert_eq!(told(&cast.member).await, (0, Some(NotCounted::NotYetAccepted)));
    judge(&cast.officer, draft.id, 1, Verdict::Accepted).await;
    assert_eq!(sessions().await, of_kien_tho(1));
    assert_eq!(told(&cast.member).await, (1, None));
    let behind = cast
        .officer
        .api()
        .behind_figure(plan, "sessions", world.commune, None)
        .await
        .unwrap();
    assert_eq!(
        behind
            .iter()
            .map(|row| (row.record_id, row.amount))
            .collect::<Vec<_>>(),
        [(draft.id, 1)]
    );
    judge(&cast.officer, draft.id, 1, Verdict::Returned).await;
    assert_eq!(sessions().await, of_kien_tho(0));
    assert_eq!(told(&cast.leader).await, (0, Some(NotCounted::Returned)));
    everything_is_counted_right(&app).await;
}

async fn a_plan_entered_later_counts_what_was_accepted_before(app: TestApp) {
    let (world, cast) = app.cast().await;
    for _ in 0..3 {
        logged(
            &cast.member,
            &cast.officer,
            &session(&world, &cast.member, app.now()),
        )
        .await;
    }
    let plan = province_plan(&world, &cast, targets()).await;
    let matrix = progress(&cast.province_viewer, plan).await;
    assert_eq!(matrix.waiting, 0);
    let sessions = column(&matrix, "sessions");
    assert_eq!(sessions.cells[0].progress, Progress::Met);
    assert_eq!(sessions.cells[1].progress, Progress::Behind);
    assert_eq!(
        (sessions.whole.amount, sessions.asked),
        (3, Some(Thousandths::whole(4)))
    );
    assert_eq!((sessions.rollup.met, sessions.rollup.behind), (1, 1));
    everything_is_counted_right(&app).await;
}

async fn a_broadcast_counts_in_each_village_that_heard_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let heard = json!([{"area_id": world.village}, {"area_id": world.other_village}]);
    let failed = json!([{"area_id": world.village}, {"area_id": world.other_village, "missed": "power_cut"}]);
    for areas in [heard, failed] {
        let body = json!({"topic": "fire_safety", "minutes": 20, "areas": areas});
        let draft = office(&app, world.commune, &cast.officer, "loudspeaker_session", body);
        logged(&cast.officer, &cast.officer, &draft).await;
    }
    let within = cast
        .officer
        .api()
        .target_progress(plan, Some(world.commune), None, None)
        .await
        .unwrap();
    let expected = [
        ("Thôn Thành Sơn".to_owned(), 2),
        ("Thôn Thống Nhất".to_owned(), 1),
    ];
    assert_eq!(amounts(&within, "loudspeakers"), expected);
    assert!(
        column(&within, "sessions")
            .cells
            .iter()
            .all(|cell| cell.progress == Progress::NotApplicable)
    );
    let matrix = progress(&cast.province_viewer, plan).await;
    assert_eq!(amounts(&matrix, "loudspeakers")[0], ("Xã Kiên Thọ".to_owned(), 3));
    let of_village = cast
        .officer
        .api()
        .behind_figure(plan, "loudspeakers", world.other_village, None)
        .await
        .unwrap();
    assert_eq!(of_village.len(), 1);
    everything_is_counted_right(&app).await;
}

async fn the_same_document_twice_counts_once_and_the_other_takes_its_place(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let one = document(&app, world.commune, &cast.officer, "12/KH-UBND", "2026-03-01");
    let again = document(&app, world.commune, &cast.officer, "12/kh-ubnd", "2026-03-02");
    logged(&cast.officer, &cast.officer, &again).await;
    logged(&cast.officer, &cast.officer, &one).await;
    let count = async || {
        column(&progress(&cast.officer, plan).await, "documents")
            .whole
            .amount
    };
    assert_eq!(count().await, 1);
    let behind = cast
        .officer
        .api()
        .behind_figure(plan, "documents", world.commune, None)
        .await
        .unwrap();
    let why: Vec<_> = behind
        .iter()
        .map(|row| (row.record_id, row.why_not.clone()))
        .collect();
    assert_eq!(
        why,
        [
            (again.id, Some(NotCounted::SameAs { record_id: one.id })),
            (one.id, None)
        ]
    );
    judge(&cast.officer, one.id, 1, Verdict::Returned).await;
    assert_eq!(count().await, 1, "the other one counts now");
    let told = cast.officer.api().record_targets(again.id).await.unwrap();
    assert_eq!(told[0].why_not, None);
    everything_is_counted_right(&app).await;
}

async fn what_is_accepted_after_the_cut_off_is_late_and_moves_no_figure(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut terms = plan(world.province, targets());
    terms.cut_off = Some(day("2026-11-22"));
    let plan = cast
        .province_viewer
        .api()
        .create_target_plan(&terms)
        .await
        .unwrap()
        .id;
    let in_time = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &in_time).await;
    let late = session(&world, &cast.member, app.now());
    cast.member.api().create_record(&late).await.unwrap();
    app.advance(4 * 3_600_000);
    judge(&cast.officer, late.id, 1, Verdict::Accepted).await;
    let matrix = progress(&cast.province_viewer, plan).await;
    let sessions = column(&matrix, "sessions");
    assert_eq!((sessions.whole.amount, sessions.late), (1, 1));
    let told = cast.member.api().record_targets(late.id).await.unwrap();
    let cut_off = day("2026-11-22");
    assert_eq!(told[0].why_not, Some(NotCounted::AfterCutOff { cut_off }));
    let behind = cast
        .officer
        .api()
        .behind_figure(plan, "sessions", world.commune, None)
        .await
        .unwrap();
    assert_eq!(
        behind.iter().filter(|row| row.why_not.is_some()).count(),
        1,
        "it is in sight"
    );
    everything_is_counted_right(&app).await;
}

async fn a_changed_plan_counts_anew_and_keeps_its_versions_apart(app: TestApp) {
    let (world, cast) = app.cast().await;
    logged(
        &cast.member,
        &cast.officer,
        &session(&world, &cast.member, app.now()),
    )
    .await;
    let plan = province_plan(&world, &cast, targets()).await;
    let staff = cast.province_viewer.api();
    let stored = staff.target_plan(plan).await.unwrap();
    let mut terms = stored.terms.clone();
    terms.targets[0].excluded = vec![world.commune];
    terms.targets.remove(1);
    let edited = staff
        .edit_target_plan(plan, stored.revision, &terms)
        .await
        .unwrap();
    assert_eq!(edited.revision, 2);
    let matrix = progress(&cast.province_viewer, plan).await;
    assert_eq!(matrix.targets.len(), 2);
    assert_eq!(
        column(&matrix, "sessions").cells[0].progress,
        Progress::NotApplicable
    );
    assert_eq!(column(&matrix, "sessions").whole.amount, 0);
    everything_is_counted_right(&app).await;
    staff.edit_target_plan(plan, 2, &stored.terms).await.unwrap();
    let matrix = progress(&cast.province_viewer, plan).await;
    assert_eq!(
        (matrix.targets.len(), column(&matrix, "sessions").whole.amount),
        (3, 1)
    );
    everything_is_counted_right(&app).await;
}

async fn an_ended_plan_counts_nothing_any_more(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let staff = cast.province_viewer.api();
    staff.end_target_plan(plan, 1).await.unwrap();
    assert_eq!(staff.target_plans().await.unwrap(), []);
    assert_eq!(staff.target_plan(plan).await.code(), ProblemCode::NotFound);
    let draft = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &draft).await;
    assert_eq!(cast.member.api().record_targets(draft.id).await.unwrap(), []);
}

/// A generator that gives the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

struct Logged {
    draft: RecordDraft,
    revision: u32,
    accepted: bool,
    gone: bool,
}

async fn random_histories_and_a_count_from_nothing_agree(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let mut dice = Dice(60);
    let mut all: Vec<Logged> = Vec::new();
    let places = [world.commune, world.village, world.other_village];
    let officer = &cast.officer;
    for step in 0..90 {
        let at = dice.roll(all.len().max(1) as u64) as usize;
        match (dice.roll(10), all.get_mut(at)) {
            (0..=3, _) | (_, None) => {
                let number = format!("{}/KH", dice.roll(5) + 1);
                let issued = format!("202{}-0{}-11", 5 + dice.roll(2), dice.roll(9) + 1);
                let place = places[dice.roll(3) as usize];
                let draft = match dice.roll(3) {
                    0 => session(&world, officer, app.now()),
                    1 => document(&app, place, officer, &number, &issued),
                    _ => {
                        let missed = if dice.roll(2) == 0 {
                            json!(null)
                        } else {
                            json!("weather")
                        };
                        let areas = json!([{"area_id": world.village}, {"area_id": world.other_village, "missed": missed}]);
                        let body = json!({"topic": "fire_safety", "minutes": 20, "areas": areas});
                        office(&app, world.commune, officer, "loudspeaker_session", body)
                    }
                };
                let draft = RecordDraft {
                    team_id: None,
                    ..draft
                };
                officer.api().create_record(&draft).await.unwrap();
                all.push(Logged {
                    draft,
                    revision: 1,
                    accepted: false,
                    gone: false,
                });
            }
            (4..=6, Some(one)) if !one.gone && !one.accepted => {
                judge(officer, one.draft.id, one.revision, Verdict::Accepted).await;
                one.accepted = true;
            }
            (7, Some(one)) if !one.gone => {
                judge(officer, one.draft.id, one.revision, Verdict::Returned).await;
                one.accepted = false;
            }
            (8, Some(one)) if !one.gone && !one.accepted => {
                if one.draft.kind == "document" {
                    one.draft.body["number"] = json!(format!("{}/KH", dice.roll(5) + 1));
                }
                // The date of the record moves, too.
                one.draft.started_at = one.draft.started_at.plus(-60_000 * (1 + dice.roll(2_000) as i64));
                officer.api().edit_record(&one.draft, one.revision).await.unwrap();
                one.revision += 1;
            }
            (9, Some(one)) if !one.gone && !one.accepted => {
                officer
                    .api()
                    .withdraw_record(one.draft.id, one.revision)
                    .await
                    .unwrap();
                one.gone = true;
            }
            (_, Some(_)) => {
                let stored = cast.province_viewer.api().target_plan(plan).await.unwrap();
                let mut terms = stored.terms;
                terms.targets[1].excluded = if dice.roll(2) == 0 {
                    vec![world.village]
                } else {
                    vec![]
                };
                terms.cut_off = (dice.roll(2) == 0).then(|| day("2026-11-22"));
                cast.province_viewer
                    .api()
                    .edit_target_plan(plan, stored.revision, &terms)
                    .await
                    .unwrap();
            }
        }
        app.advance(1_000_000 + dice.roll(600_000) as i64);
        if step % 6 == 5 {
            everything_is_counted_right(&app).await;
        }
    }
    everything_is_counted_right(&app).await;
    let before = progress(&cast.province_viewer, plan).await;
    recount::all(&app.state().db, |_| {}).await.unwrap();
    let after = progress(&cast.province_viewer, plan).await;
    assert_eq!(before.targets, after.targets);
    assert!(
        before.targets.iter().all(|target| target.whole.amount > 0),
        "the history moved every figure"
    );
}

/// Areas of a CSV file, as an operator imports them.
pub(super) async fn import_areas(app: &TestApp, csv: &'static str) {
    let (now, today) = (app.now(), app.state().clock.today());
    app.write(move |conn| {
        let Ok(AreaFile::Tree(rows)) = import::read(Format::Csv, csv.as_bytes()) else {
            panic!("areas: {csv}");
        };
        let report = area_import::import_tree(conn, &rows, &Terms::operator(today, now), &mut || {})?;
        assert_eq!(report.refused, []);
        Ok(())
    })
    .await;
    app.state().auth.tree.forget();
}

/// Two old communes that became Kiên Thọ, and one that was split, each with its village.
pub(super) async fn before_the_reform(app: &TestApp) -> Vec<AreaId> {
    let csv = "kind,code,name,parent_code,valid_from,valid_to,lat,lon
district,389,Huyện Ngọc Lặc,38,,2025-06-30,,
commune,15118,Xã Kiên Thọ cũ,389,,2025-06-30,,
commune,15112,Xã Phúc Thịnh,389,,2025-06-30,,
commune,15121,Xã Cao Thịnh,389,,2025-06-30,,
residential_area,,Thôn Ngã Ba,15121@2025-06-30,,,,
";
    import_areas(app, csv).await;
    app.write(move |conn| {
        let tree = keng_server::db::areas::load_tree(conn)?;
        let find = |name: &str| tree.iter().find(|area| area.name == name).unwrap().id;
        let new = find("Xã Kiên Thọ");
        for (old, relation) in [
            ("Xã Kiên Thọ cũ", "whole"),
            ("Xã Phúc Thịnh", "whole"),
            ("Xã Cao Thịnh", "partial"),
        ] {
            let step = json!({"old": find(old), "new": new, "relation": relation, "effective": "2025-07-01"});
            keng_server::db::successions::insert(conn, &serde_json::from_value(step).unwrap())?;
        }
        Ok(())
    })
    .await;
    app.state().auth.tree.forget();
    let tree = app.read(keng_server::db::areas::load_tree).await;
    let find = |name: &str| tree.iter().find(|area| area.name == name).unwrap().id;
    [
        "Huyện Ngọc Lặc",
        "Xã Kiên Thọ cũ",
        "Xã Phúc Thịnh",
        "Xã Cao Thịnh",
    ]
    .map(find)
    .to_vec()
}

async fn figures_then_and_now_agree_in_their_totals_through_a_merger(app: TestApp) {
    let (world, cast) = app.cast().await;
    let old = before_the_reform(&app).await;
    let mut terms = plan(world.province, targets());
    terms.period = serde_json::from_value(json!({"from": "2025-01-01", "to": "2025-12-31"})).unwrap();
    let plan = cast
        .province_viewer
        .api()
        .create_target_plan(&terms)
        .await
        .unwrap()
        .id;
    let at = |date: &str| start_of_day(day(date)).plus(36_000_000);
    let roles = old[1..]
        .iter()
        .map(|commune| active(Role::CommuneOfficer, *commune, None));
    let roles: Vec<_> = roles
        .chain([active(Role::CommuneOfficer, world.commune, None)])
        .collect();
    let clerk = app.person("thu-ky", "Hà Văn Thư", roles).await;
    let places = [
        (old[1], "2025-03-01"),
        (old[2], "2025-04-01"),
        (old[3], "2025-05-01"),
        (world.commune, "2025-09-01"),
    ];
    for (commune, date) in places {
        let draft = session(&world, &clerk, app.now());
        let draft = RecordDraft {
            area_id: commune,
            team_id: None,
            started_at: at(date),
            ended_at: Some(at(date).plus(60_000)),
            ..draft
        };
        logged(&clerk, &clerk, &draft).await;
    }
    let seen = async |on| {
        let matrix = cast
            .province_viewer
            .api()
            .target_progress(plan, None, Some(on), None)
            .await
            .unwrap();
        let mut counted = amounts(&matrix, "sessions");
        counted.retain(|unit| unit.1 > 0);
        counted.sort();
        (counted, column(&matrix, "sessions").whole.amount)
    };
    let named = |name: &str, count| (name.to_owned(), count);
    let (then, total_then) = seen(OnTree::Then).await;
    assert_eq!(
        then,
        [
            named("Xã Cao Thịnh", 1),
            named("Xã Kiên Thọ", 1),
            named("Xã Kiên Thọ cũ", 1),
            named("Xã Phúc Thịnh", 1)
        ]
    );
    let (now, total_now) = seen(OnTree::Now).await;
    assert_eq!(
        now,
        [named("Xã Cao Thịnh", 1), named("Xã Kiên Thọ", 3)],
        "what was split stays by itself"
    );
    assert_eq!((total_then, total_now), (4, 4));
    everything_is_counted_right(&app).await;
}

async fn a_ready_made_plan_is_taken_up_by_a_district_with_its_exemptions(app: TestApp) {
    let (world, cast) = app.cast().await;
    let old = before_the_reform(&app).await;
    let staff = app
        .person(
            "huyen",
            "Lò Văn Huyện",
            vec![active(Role::DistrictStaff, world.province, None)],
        )
        .await;
    let ready = staff.api().ready_made_plans().await.unwrap();
    assert_eq!(ready.iter().map(|plan| plan.targets).sum::<u32>(), 82);
    let draft = staff
        .api()
        .draft_ready_made(old[0], 2024, "ngoc_lac_2024")
        .await
        .unwrap();
    let cameras = draft
        .terms
        .targets
        .iter()
        .find(|target| target.code == "A2.c")
        .unwrap();
    assert_eq!(
        cameras.excluded,
        [old[3]],
        "of the six exempt communes the district has one here"
    );
    assert!(draft.not_found.contains(&"Minh Sơn".to_owned()));
    let stored = staff.api().create_target_plan(&draft.terms).await.unwrap();
    assert_eq!(stored.terms, draft.terms);
    let matrix = progress(&staff, stored.id).await;
    assert_eq!((matrix.units.len(), matrix.targets.len()), (3, 41));
    assert_eq!(
        column(&matrix, "A2.c").asked,
        Some(Thousandths::whole(2)),
        "three communes, one exempt"
    );
    assert_eq!(column(&matrix, "A2").whole.progress, Progress::Overdue);
    let copy = staff.api().draft_copy(old[0], 2025, stored.id).await.unwrap();
    assert_eq!(copy.terms.period.from, day("2025-01-01"));
    assert_eq!(
        cast.officer
            .api()
            .draft_copy(world.commune, 2026, stored.id)
            .await
            .code(),
        ProblemCode::NotFound
    );
}

async fn a_plan_is_changed_only_by_who_saw_its_last_revision(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let staff = cast.province_viewer.api();
    let terms = staff.target_plan(plan).await.unwrap().terms;
    let other = PlanTerms {
        title: "Kế hoạch mới".to_owned(),
        ..terms.clone()
    };
    staff.edit_target_plan(plan, 1, &other).await.unwrap();
    let refused = staff.edit_target_plan(plan, 1, &terms).await.problem();
    assert_eq!(refused.code, ProblemCode::RevisionMismatch);
    assert_eq!(
        staff.end_target_plan(plan, 1).await.code(),
        ProblemCode::RevisionMismatch
    );
    assert_eq!(staff.target_plan(plan).await.unwrap().terms.title, "Kế hoạch mới");
}

async fn an_officer_sees_the_own_commune_and_the_province_all(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let officer = cast.officer.api();
    assert_eq!(officer.target_plans().await.unwrap().len(), 1);
    assert!(!officer.target_plan(plan).await.unwrap().may_change);
    let own = progress(&cast.officer, plan).await;
    assert_eq!(
        (own.area_id, own.units.len()),
        (world.commune, 2),
        "its two villages"
    );
    let neighbour = Some(world.neighbour_commune);
    assert_eq!(
        officer.target_progress(plan, neighbour, None, None).await.code(),
        ProblemCode::NotFound
    );
    let whole = officer
        .target_progress(plan, Some(world.province), None, None)
        .await;
    assert_eq!(whole.code(), ProblemCode::NotFound);
    let all = progress(&cast.province_viewer, plan).await;
    assert_eq!((all.area_id, all.units.len()), (world.province, 2));
    let terms = officer.target_plan(plan).await.unwrap().terms;
    assert_eq!(
        officer.edit_target_plan(plan, 1, &terms).await.code(),
        ProblemCode::NotFound
    );
}

async fn what_is_due_is_called_to_mind_the_most_pressing_first(app: TestApp) {
    let (world, cast) = app.cast().await;
    let deadline = |date: &str, rule: &str| json!({"deadline": {"date": date, "rule": rule}});
    let mut terms = plan(
        world.commune,
        vec![
            target("far", "document", 1, json!({})),
            target("near", "briefing", 4, deadline("2026-12-05", "by")),
            target("over", "conference", 1, deadline("2026-11-01", "before")),
            target(
                "done",
                "direct_propaganda_session",
                1,
                deadline("2026-12-01", "by"),
            ),
            target(
                "loudspeakers",
                "loudspeaker_session",
                3,
                json!({
                    "levels": ["area"], "aggregation": {"by": "weekly_average"}, "source": {"amount": {"of": "areas_heard"}},
                }),
            ),
        ],
    );
    terms.due = Some(day("2026-11-25"));
    let plan = cast.officer.api().create_target_plan(&terms).await.unwrap().id;
    let draft = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &draft).await;
    let due = cast.officer.api().target_reminders().await.unwrap();
    let lines: Vec<_> = due
        .iter()
        .map(|line| (line.code.as_str(), line.cause, line.until))
        .collect();
    assert_eq!(
        lines,
        [
            ("loudspeakers", ReminderCause::Week, day("2026-11-22")),
            ("", ReminderCause::Report, day("2026-11-25")),
            ("near", ReminderCause::DueSoon, day("2026-12-05")),
            ("over", ReminderCause::Overdue, day("2026-10-31")),
        ]
    );
    assert_eq!((due[2].missing, due[2].units, due[2].plan_id), (Some(4), 0, plan));
    assert_eq!(
        (due[0].units, due[0].asked),
        (2, 2),
        "both villages of the commune"
    );
    assert_eq!(
        cast.neighbour.api().target_reminders().await.code(),
        ProblemCode::Forbidden
    );
    cast.officer.api().end_target_plan(plan, 1).await.unwrap();
    assert_eq!(cast.officer.api().target_reminders().await.unwrap(), []);
}

async fn an_average_over_villages_is_not_asked_of_a_commune_without_any(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut heard = target(
        "loudspeakers",
        "loudspeaker_session",
        3,
        json!({
            "levels": ["area", "commune"], "aggregation": {"by": "weekly_average"}, "source": {"amount": {"of": "areas_heard"}},
        }),
    );
    merge(
        &mut heard,
        json!({"deadline": {"date": "2026-11-01", "rule": "by"}}),
    );
    let csv =
        "kind,code,name,parent_code,valid_from,valid_to,lat,lon\ncommune,15999,Xã Chưa Có Thôn,38,,,,\n";
    import_areas(&app, csv).await;
    let plan = province_plan(&world, &cast, vec![heard]).await;
    let matrix = progress(&cast.province_viewer, plan).await;
    let heard = column(&matrix, "loudspeakers");
    let of = |name: &str| {
        let place = matrix.units.iter().position(|unit| unit.name == name).unwrap();
        heard.cells[place].progress
    };
    assert_eq!(of("Xã Kiên Thọ"), Progress::Overdue);
    assert_eq!(of("Xã Chưa Có Thôn"), Progress::NotApplicable);
}

async fn an_area_that_is_not_of_the_plan_is_refused_field_by_field(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut terms = plan(world.commune, targets());
    terms.targets[1].excluded = vec![world.neighbour_commune];
    terms.targets[2].named = vec![world.village];
    let refused = cast.officer.api().create_target_plan(&terms).await.wrong_fields();
    assert_eq!(
        refused,
        [("targets.1.excluded".to_owned(), FieldCode::NoSuchObject)]
    );
    let village = plan(world.village, targets());
    let refused = cast
        .officer
        .api()
        .create_target_plan(&village)
        .await
        .wrong_fields();
    assert_eq!(refused, [("area_id".to_owned(), FieldCode::NoSuchObject)]);
}

async fn a_figure_tells_its_pace_where_it_leads_and_how_it_was_a_year_before(app: TestApp) {
    let (world, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    for year in [2025, 2026] {
        let mut terms = plan(
            world.province,
            vec![target(
                "sessions",
                "direct_propaganda_session",
                20,
                json!({"levels": ["whole"]}),
            )],
        );
        terms = terms.years_later(year - 2026);
        staff.create_target_plan(&terms).await.unwrap();
    }
    // Ten this year until 22 November; the year before three in September and one in December.
    let this_year = (1..=10).map(|month| format!("2026-{month:02}-10"));
    let before = ["2025-09-01", "2025-09-02", "2025-09-03", "2025-12-01"].map(str::to_owned);
    for date in this_year.chain(before) {
        let at = start_of_day(day(&date)).plus(36_000_000);
        let draft = RecordDraft {
            area_id: world.commune,
            team_id: None,
            started_at: at,
            ended_at: Some(at.plus(60_000)),
            ..session(&world, &cast.officer, app.now())
        };
        logged(&cast.officer, &cast.officer, &draft).await;
    }
    let plan = staff.target_plans().await.unwrap()[0].id;
    let pace = staff
        .target_pace(plan, "sessions", world.province, None, Some(day("2026-07-02")))
        .await
        .unwrap();
    // 10 January to 10 June are six by 2 July; 182 days have passed of 365: 6 × 365 / 182 = 12.032.
    assert_eq!(pace.points.last().unwrap().figure, Some(Thousandths::whole(6)));
    assert_eq!(pace.points.first().unwrap().figure, Some(Thousandths::whole(0)));
    assert_eq!(pace.forecast, Some(Thousandths(12_032)));
    // Twenty at six in 182 days are 606 days from 1 January 2026.
    assert_eq!(pace.reached_on, Some(day("2027-08-30")));
    let then = |date: &str| {
        let points = pace.before.iter().rev();
        let mut until = points.filter(|point| point.day <= day(date));
        until.next().unwrap().figure
    };
    assert_eq!(then("2026-08-31"), Some(Thousandths::whole(0)));
    assert_eq!(then("2026-10-01"), Some(Thousandths::whole(3)));
    assert_eq!(then("2026-12-31"), Some(Thousandths::whole(4)));
    let before = staff
        .year_before(plan, world.province, Some(day("2026-11-22")))
        .await
        .unwrap();
    let [line] = before.as_slice() else {
        panic!("{before:?}")
    };
    assert_eq!(
        (line.on_this_day, line.at_the_end),
        (Some(Thousandths::whole(3)), Some(Thousandths::whole(4)))
    );
    let unknown = staff.target_pace(plan, "none", world.province, None, None).await;
    assert_eq!(
        unknown.wrong_fields(),
        [("target".to_owned(), FieldCode::NoSuchObject)]
    );
    let of_all = cast
        .officer
        .api()
        .target_pace(plan, "sessions", world.province, None, None)
        .await;
    assert_eq!(of_all.code(), ProblemCode::NotFound);
}

async fn a_target_of_the_whole_is_asked_of_those_that_have_a_share_of_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let shares = json!({"levels": ["whole"], "own": [{"area_id": world.commune, "value": 3_000}]});
    let terms = vec![target("sessions", "direct_propaganda_session", 5, shares)];
    let plan = province_plan(&world, &cast, terms).await;
    for _ in 0..3 {
        let draft = session(&world, &cast.member, app.now());
        logged(&cast.member, &cast.officer, &draft).await;
    }
    let matrix = progress(&cast.province_viewer, plan).await;
    let sessions = column(&matrix, "sessions");
    // Kiên Thọ has three of the five and did them; the rest is nobody's, and the whole is not there.
    assert_eq!(sessions.cells[0].progress, Progress::Met);
    assert_eq!(sessions.cells[0].value, Some(Thousandths::whole(3)));
    assert_eq!(sessions.cells[1].progress, Progress::NotApplicable);
    assert_eq!(
        (sessions.whole.progress, sessions.asked),
        (Progress::Behind, Some(Thousandths::whole(5)))
    );
    let mine = cast.officer.api().my_targets().await.unwrap();
    assert_eq!(mine[0].value, Thousandths::whole(3));
}

async fn the_matrix_leaves_as_the_appendix_of_its_plan(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let file = cast
        .province_viewer
        .api()
        .target_appendix(plan, None, None)
        .await
        .unwrap();
    // An Excel file is a zip archive whose parts are named in its directory.
    assert_eq!(file.body.get(..4), Some(b"PK\x03\x04".as_slice()));
    for part in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let holds = file
            .body
            .windows(part.len())
            .any(|bytes| bytes == part.as_bytes());
        assert!(holds, "{part}");
    }
    let neighbour = Some(world.neighbour_commune);
    let other = cast.officer.api().target_appendix(plan, neighbour, None).await;
    assert_eq!(other.code(), ProblemCode::NotFound);
}

async fn a_matrix_that_was_kept_is_laid_out_anew_after_every_change(app: TestApp) {
    let (world, cast) = app.cast().await;
    let plan = province_plan(&world, &cast, targets()).await;
    let sessions = async || {
        let first = progress(&cast.province_viewer, plan).await;
        assert_eq!(first, progress(&cast.province_viewer, plan).await);
        column(&first, "sessions").whole.amount
    };
    assert_eq!(sessions().await, 0);
    let draft = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &draft).await;
    assert_eq!(sessions().await, 1);
    judge(&cast.officer, draft.id, 1, Verdict::Returned).await;
    assert_eq!(sessions().await, 0);
    judge(&cast.officer, draft.id, 1, Verdict::Accepted).await;
    let staff = cast.province_viewer.api();
    let mut terms = staff.target_plan(plan).await.unwrap().terms;
    terms.targets[0].excluded = vec![world.commune];
    staff.edit_target_plan(plan, 1, &terms).await.unwrap();
    assert_eq!(sessions().await, 0, "a changed plan is another question");
    assert!(progress(&cast.province_viewer, plan).await.plan.may_change);
    assert!(!progress(&cast.officer, plan).await.plan.may_change);
}

async fn pasted_lines_are_looked_over_and_nothing_is_stored(app: TestApp) {
    let (_, cast) = app.cast().await;
    let staff = cast.province_viewer.api();
    let request = PasteRequest {
        text: "1\tRa mắt mô hình Bảo đảm an toàn giao thông\t\t≥\t1\tmô hình\ttrước 01/11\n2\tViệc\t\t\tnhiều\t\t"
            .to_owned(),
        year: 2026,
        area: None,
        chosen: Vec::new(),
    };
    let lines = staff.paste_targets(&request).await.unwrap();
    let target = lines[0].target.as_ref().unwrap();
    assert_eq!(target.deadline.unwrap().last_day(), day("2026-10-31"));
    assert_eq!(lines[1].target, None);
    assert_eq!(lines[1].errors.len(), 2, "{:?}", lines[1].errors);
    assert_eq!(staff.target_plans().await.unwrap(), []);
    let catalogue = staff.indicators().await.unwrap();
    assert!(catalogue.iter().any(|one| one.id == lines[0].indicator));
    let refused = cast.member.api().paste_targets(&request).await;
    assert_eq!(refused.code(), ProblemCode::Forbidden);
}
