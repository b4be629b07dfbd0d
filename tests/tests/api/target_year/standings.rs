//! Where units stand: what a cut-off closes, what villages have shares of, what has parts, and what a year with a merger asks
//! of whom.

use crate::targets::{
    before_the_reform, column, day, everything_is_counted_right, judge, logged, plan, progress, target,
};
use keng_shared::api::{OnTree, ReminderCause};
use keng_shared::id::AreaId;
use keng_shared::permission::Role;
use keng_shared::record::{RecordDraft, Verdict};
use keng_shared::target::{NotCounted, Progress, Thousandths};
use keng_shared::time::start_of_day;
use keng_tests::cast::active;
use keng_tests::drafts::session;
use keng_tests::{Asks, Person, TestApp, World, both_databases};
use serde_json::json;
use std::io::Read;

both_databases!(
    after_the_cut_off_nothing_is_missing_any_more_and_nothing_leads_anywhere,
    what_is_returned_after_the_cut_off_leaves_the_figure_and_stays_in_sight,
    what_is_accepted_once_more_after_the_cut_off_still_counts,
    a_commune_shares_its_own_target_out_over_its_villages,
    a_year_with_a_merger_asks_every_commune_for_what_it_can_do_and_nobody_twice,
    a_figure_in_parts_says_how_many_are_met_and_calls_the_next_one_to_mind,
);

const SESSION: &str = "direct_propaganda_session";
const HOUR: i64 = 3_600_000;

fn session_of(world: &World, app: &TestApp, author: &Person, area: AreaId, date: &str) -> RecordDraft {
    let at = start_of_day(day(date)).plus(10 * HOUR);
    RecordDraft {
        area_id: area,
        team_id: None,
        started_at: at,
        ended_at: Some(at.plus(60_000)),
        ..session(world, author, app.now())
    }
}

async fn after_the_cut_off_nothing_is_missing_any_more_and_nothing_leads_anywhere(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut terms = plan(world.commune, vec![target("sessions", SESSION, 5, json!({}))]);
    terms.cut_off = Some(day("2026-11-22"));
    let plan = cast.officer.api().create_target_plan(&terms).await.unwrap().id;
    let draft = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &draft).await;
    let mine = &cast.member.api().my_targets().await.unwrap()[0];
    let missing = mine.missing.unwrap();
    assert_eq!(
        (missing.count, missing.until, mine.last_day),
        (4, day("2026-11-22"), day("2026-11-22")),
        "the year has five weeks to go, but what is done then cannot be accepted in time"
    );

    app.advance(4 * HOUR);
    let matrix = progress(&cast.officer, plan).await;
    assert_eq!(matrix.today, day("2026-11-23"));
    let sessions = column(&matrix, "sessions");
    assert_eq!(sessions.last_day, day("2026-11-22"));
    assert_eq!(
        (sessions.whole.progress, sessions.whole.missing),
        (Progress::Overdue, None)
    );
    let pace = cast
        .officer
        .api()
        .target_pace(plan, "sessions", world.commune, None, None)
        .await
        .unwrap();
    assert_eq!(pace.span.to, day("2026-11-22"));
    assert_eq!((pace.forecast, pace.reached_on), (None, None));
    assert_eq!(pace.points.last().unwrap().figure, Some(Thousandths::whole(1)));
    let due = cast.officer.api().target_reminders().await.unwrap();
    let lines: Vec<_> = due.iter().map(|line| (line.cause, line.until)).collect();
    assert_eq!(lines, [(ReminderCause::Overdue, day("2026-11-22"))]);
    let mine = &cast.member.api().my_targets().await.unwrap()[0];
    assert_eq!((mine.progress, mine.missing), (Progress::Overdue, None));
}

async fn what_is_returned_after_the_cut_off_leaves_the_figure_and_stays_in_sight(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut terms = plan(world.province, vec![target("sessions", SESSION, 2, json!({}))]);
    let cut_off = day("2026-11-22");
    terms.cut_off = Some(cut_off);
    let plan = cast
        .province_viewer
        .api()
        .create_target_plan(&terms)
        .await
        .unwrap()
        .id;
    let [kept, returned, before] = std::array::from_fn(|_| session(&world, &cast.member, app.now()));
    for draft in [&kept, &returned, &before] {
        logged(&cast.member, &cast.officer, draft).await;
    }
    judge(&cast.officer, before.id, 1, Verdict::Returned).await;
    app.advance(4 * HOUR);
    let seen = async || {
        let matrix = progress(&cast.province_viewer, plan).await;
        let sessions = column(&matrix, "sessions");
        let rows = cast
            .province_viewer
            .api()
            .behind_figure(plan, "sessions", world.commune, None)
            .await
            .unwrap();
        let late = rows
            .into_iter()
            .filter_map(|row| Some((row.record_id, row.why_not?)));
        everything_is_counted_right(&app).await;
        (sessions.whole.amount, sessions.late, late.collect::<Vec<_>>())
    };
    assert_eq!(seen().await, (2, 0, vec![]));
    judge(&cast.officer, returned.id, 1, Verdict::Returned).await;
    let correction = vec![(returned.id, NotCounted::TakenBack { cut_off })];
    assert_eq!(
        seen().await,
        (1, 1, correction.clone()),
        "not what was returned in time"
    );
    let mended = RecordDraft {
        body: json!({"topic": "fire_safety", "attendee_count": 41, "venue": "Nhà văn hóa"}),
        ..returned.clone()
    };
    cast.member.api().edit_record(&mended, 1).await.unwrap();
    assert_eq!(seen().await, (1, 1, correction.clone()));
    cast.province_viewer
        .api()
        .edit_target_plan(plan, 1, &terms)
        .await
        .unwrap();
    assert_eq!(
        seen().await,
        (1, 1, correction),
        "a count from nothing finds it too"
    );
    judge(&cast.officer, returned.id, 2, Verdict::Accepted).await;
    let late = vec![(returned.id, NotCounted::AfterCutOff { cut_off })];
    assert_eq!(seen().await, (1, 1, late));
}

async fn what_is_accepted_once_more_after_the_cut_off_still_counts(app: TestApp) {
    let (world, cast) = app.cast().await;
    let mut terms = plan(world.province, vec![target("sessions", SESSION, 2, json!({}))]);
    terms.cut_off = Some(day("2026-11-22"));
    let staff = cast.province_viewer.api();
    let plan = staff.create_target_plan(&terms).await.unwrap().id;
    let draft = session(&world, &cast.member, app.now());
    logged(&cast.member, &cast.officer, &draft).await;
    app.advance(4 * HOUR);
    judge(&cast.officer, draft.id, 1, Verdict::Accepted).await;
    let matrix = progress(&cast.province_viewer, plan).await;
    let sessions = column(&matrix, "sessions");
    assert_eq!((sessions.whole.amount, sessions.late), (1, 0));
    everything_is_counted_right(&app).await;
}

async fn a_commune_shares_its_own_target_out_over_its_villages(app: TestApp) {
    let (world, cast) = app.cast().await;
    let shares = json!({"levels": ["whole"], "own": [
        {"area_id": world.village, "value": 6_000, "deadline": {"date": "2026-08-01", "rule": "by"}},
        {"area_id": world.other_village, "value": 2_000},
    ]});
    let officer = cast.officer.api();
    let terms = plan(world.commune, vec![target("sessions", SESSION, 12, shares)]);
    let plan = officer.create_target_plan(&terms).await.unwrap().id;
    let draft = |area, date| session_of(&world, &app, &cast.officer, area, date);
    let late = draft(world.village, "2026-08-09");
    for draft in [
        draft(world.village, "2026-08-01"),
        late.clone(),
        draft(world.other_village, "2026-08-09"),
        draft(world.other_village, "2026-08-10"),
        draft(world.commune, "2026-08-10"),
    ] {
        logged(&cast.officer, &cast.officer, &draft).await;
    }
    let matrix = progress(&cast.officer, plan).await;
    let sessions = column(&matrix, "sessions");
    let cells: Vec<_> = sessions
        .cells
        .iter()
        .map(|cell| (cell.progress, cell.value, cell.amount))
        .collect();
    let whole = |number| Some(Thousandths::whole(number));
    assert_eq!(
        cells,
        [(Progress::Overdue, whole(6), 1), (Progress::Met, whole(2), 2),]
    );
    assert_eq!(
        (
            sessions.whole.progress,
            sessions.asked,
            sessions.whole.amount,
            sessions.late
        ),
        (Progress::Behind, whole(12), 4, 1)
    );
    let last_day = day("2026-08-01");
    let behind = officer
        .behind_figure(plan, "sessions", world.village, None)
        .await
        .unwrap();
    let why = behind
        .into_iter()
        .find(|row| row.record_id == late.id)
        .unwrap()
        .why_not;
    assert_eq!(why, Some(NotCounted::AfterDeadline { last_day }));
    let told = officer.record_targets(late.id).await.unwrap();
    assert_eq!(told[0].why_not, why, "the record says the same");
    let mine = cast.member.api().my_targets().await.unwrap();
    let asked: Vec<_> = mine
        .iter()
        .map(|mine| (mine.area_id, mine.value, mine.last_day))
        .collect();
    assert_eq!(
        asked,
        [
            (world.village, Thousandths::whole(6), last_day),
            (world.commune, Thousandths::whole(12), day("2026-12-31")),
        ]
    );
    everything_is_counted_right(&app).await;
}

async fn a_figure_in_parts_says_how_many_are_met_and_calls_the_next_one_to_mind(app: TestApp) {
    let (world, cast) = app.cast().await;
    let quarterly = json!({"source": {"split": {"by": "quarter"}}});
    let mut terms = plan(world.commune, vec![target("sessions", SESSION, 1, quarterly)]);
    terms.period.to = day("2026-12-15");
    terms.due = Some(day("2026-11-10"));
    let officer = cast.officer.api();
    let plan = officer.create_target_plan(&terms).await.unwrap().id;
    // Twice in the first quarter, once in the third.
    for date in ["2026-01-10", "2026-02-10", "2026-09-30"] {
        let draft = session_of(&world, &app, &cast.officer, world.commune, date);
        logged(&cast.officer, &cast.officer, &draft).await;
    }
    let matrix = progress(&cast.officer, plan).await;
    let whole = &column(&matrix, "sessions").whole;
    assert_eq!(
        (whole.figure, whole.parts_met(), whole.parts.len()),
        (Some(Thousandths::whole(3)), 2, 4)
    );
    assert_eq!(
        (whole.progress, whole.overdue_since),
        (Progress::Overdue, Some(day("2026-06-30")))
    );
    let fourth = &whole.parts[3];
    assert_eq!(
        (fourth.part.as_str(), fourth.last_day),
        ("2026-Q4", day("2026-12-15"))
    );
    assert_eq!(fourth.missing.map(|missing| missing.count), Some(1));
    assert_eq!(whole.missing, fourth.missing);
    let due = officer.target_reminders().await.unwrap();
    let lines: Vec<_> = due
        .iter()
        .map(|line| (line.code.as_str(), line.cause, line.until, line.missing))
        .collect();
    assert_eq!(
        lines,
        [
            ("sessions", ReminderCause::DueSoon, day("2026-12-15"), Some(1)),
            ("", ReminderCause::Overdue, day("2026-11-10"), None),
            ("sessions", ReminderCause::Overdue, day("2026-06-30"), None),
        ]
    );
    // 22 November is 325 days after 1 January, and 15 December the 349th: 2 × 349 / 325 = 2.147 of 4.
    let pace = officer
        .target_pace(plan, "sessions", world.commune, None, None)
        .await
        .unwrap();
    assert_eq!((pace.parts, pace.value), (4, Thousandths::whole(4)));
    assert_eq!(pace.points.last().unwrap().figure, Some(Thousandths::whole(2)));
    assert_eq!(pace.forecast, Some(Thousandths(2_147)));
    let file = officer.target_appendix(plan, None, None).await.unwrap();
    let mut file = zip::ZipArchive::new(std::io::Cursor::new(file.body)).unwrap();
    let mut strings = String::new();
    file.by_name("xl/sharedStrings.xml")
        .unwrap()
        .read_to_string(&mut strings)
        .unwrap();
    assert!(strings.contains(">2/4<"), "{strings}");
    let mine = cast.member.api().my_targets().await.unwrap();
    assert_eq!(mine[0].parts, whole.parts, "the phone names the part that lacks");
}

async fn a_year_with_a_merger_asks_every_commune_for_what_it_can_do_and_nobody_twice(app: TestApp) {
    let (world, cast) = app.cast().await;
    let old = before_the_reform(&app).await;
    let by = |date: &str| json!({"deadline": {"date": date, "rule": "by"}});
    let split = |by: &str| json!({"source": {"split": {"by": by}}});
    let mut distinct = split("quarter");
    distinct["aggregation"] = json!({"by": "distinct"});
    let mut exempt = by("2025-10-31");
    exempt["excluded"] = json!([old[3]]);
    let mut terms = plan(
        world.province,
        vec![
            target("early", SESSION, 1, by("2025-03-11")),
            target("yearly", SESSION, 1, by("2025-10-31")),
            target("exempt", SESSION, 1, exempt),
            target("quarterly", SESSION, 1, split("quarter")),
            target("quarters", SESSION, 4, distinct),
        ],
    );
    terms.period.from = day("2025-01-01");
    terms.period.to = day("2025-12-31");
    // It is still reported on, so that people see it as theirs.
    terms.due = Some(day("2026-12-31"));
    let staff = cast.province_viewer.api();
    let plan = staff.create_target_plan(&terms).await.unwrap().id;
    let places = [&old[1..], &[world.commune, world.neighbour_commune]].concat();
    let roles = places
        .iter()
        .map(|commune| active(Role::CommuneOfficer, *commune, None));
    let clerk = app.person("thu-ky", "Hà Văn Thư", roles.collect()).await;
    // Every old commune in both of its quarters, Kiên Thọ in both of its own, Ngọc Lặc in the third.
    let of_old = old[1..]
        .iter()
        .flat_map(|old| [(*old, "2025-02-01"), (*old, "2025-05-01")]);
    let of_new = [
        (world.commune, "2025-08-01"),
        (world.commune, "2025-11-01"),
        (world.neighbour_commune, "2025-08-01"),
    ];
    for (area, date) in of_old.chain(of_new) {
        logged(&clerk, &clerk, &session_of(&world, &app, &clerk, area, date)).await;
    }
    let seen = async |on| {
        let matrix = staff.target_progress(plan, None, Some(on), None).await.unwrap();
        move |code: &str| {
            let target = column(&matrix, code);
            let asked = target.asked.map(|asked| asked.0 / 1_000);
            let cells = matrix.units.iter().zip(&target.cells);
            let cells = cells.map(|(unit, cell)| {
                (
                    unit.name.clone(),
                    cell.progress,
                    cell.amount,
                    (cell.parts_met, cell.parts),
                )
            });
            let total: i64 = target.cells.iter().map(|cell| cell.amount).sum();
            assert_eq!(
                total, target.whole.amount,
                "{code}: the figure is the sum of its rows"
            );
            let mut cells: Vec<_> = cells.collect();
            cells.sort_by(|one, other| one.0.cmp(&other.0));
            (asked, target.whole.progress, cells)
        }
    };
    use Progress::{Met, NotApplicable, Overdue};
    let row = |name: &str, progress, amount, parts| (name.to_owned(), progress, amount, parts);
    let then = seen(OnTree::Then).await;
    let old_rows = |kien_tho, ngoc_lac, amount, parts| {
        vec![
            row("Xã Cao Thịnh", Met, amount, parts),
            kien_tho,
            row("Xã Kiên Thọ cũ", Met, amount, parts),
            ngoc_lac,
            row("Xã Phúc Thịnh", Met, amount, parts),
        ]
    };
    // Neither of the new ones was there in March.
    let (kien_tho, ngoc_lac) = ("Xã Kiên Thọ", "Xã Ngọc Lặc");
    let none = |name: &str| row(name, NotApplicable, 0, (0, 0));
    assert_eq!(
        then("early"),
        (Some(3), Met, old_rows(none(kien_tho), none(ngoc_lac), 1, (0, 0)))
    );
    // What Kiên Thọ did by October adds to the figure, but those that it was made of were asked. Ngọc Lặc was made of nobody.
    let added = row(kien_tho, NotApplicable, 1, (0, 0));
    let own = row(ngoc_lac, Met, 1, (0, 0));
    assert_eq!(
        then("yearly"),
        (Some(4), Met, old_rows(added.clone(), own.clone(), 2, (0, 0)))
    );
    let mut exempted = old_rows(added, own, 2, (0, 0));
    exempted[0] = none("Xã Cao Thịnh");
    assert_eq!(
        then("exempt"),
        (Some(3), Met, exempted),
        "the exempt one asks for no other"
    );
    // Three communes in each quarter before, two in each after.
    let quarterly = old_rows(
        row(kien_tho, Met, 2, (2, 2)),
        row(ngoc_lac, Overdue, 1, (1, 2)),
        2,
        (2, 2),
    );
    assert_eq!(then("quarterly"), (Some(3), Overdue, quarterly));
    let of_two = old_rows(
        row(kien_tho, Met, 2, (0, 0)),
        row(ngoc_lac, Overdue, 1, (0, 0)),
        2,
        (0, 0),
    );
    assert_eq!(then("quarters"), (None, Overdue, of_two));

    let now = seen(OnTree::Now).await;
    let rows =
        |kien_tho, ngoc_lac, amount, parts| vec![row("Xã Cao Thịnh", Met, amount, parts), kien_tho, ngoc_lac];
    let two_of_two = row(kien_tho, Met, 2, (0, 0));
    assert_eq!(
        now("early"),
        (Some(3), Met, rows(two_of_two, none(ngoc_lac), 1, (0, 0)))
    );
    let own = row(ngoc_lac, Met, 1, (0, 0));
    assert_eq!(
        now("yearly"),
        (Some(4), Met, rows(row(kien_tho, Met, 5, (0, 0)), own, 2, (0, 0)))
    );
    let quarterly = rows(
        row(kien_tho, Met, 6, (4, 4)),
        row(ngoc_lac, Overdue, 1, (1, 2)),
        2,
        (2, 2),
    );
    assert_eq!(now("quarterly"), (Some(3), Overdue, quarterly));
    let quarters = rows(
        row(kien_tho, Met, 6, (0, 0)),
        row(ngoc_lac, Overdue, 1, (0, 0)),
        2,
        (0, 0),
    );
    assert_eq!(now("quarters"), (None, Overdue, quarters));

    // People of the new commune see what it was made of, too.
    let mine = cast.member.api().my_targets().await.unwrap();
    let early = mine.iter().find(|mine| mine.target.code == "early").unwrap();
    let two = Thousandths::whole(2);
    assert_eq!((early.progress, early.figure, early.value), (Met, Some(two), two));
    let pace = staff
        .target_pace(plan, "quarterly", world.commune, Some(OnTree::Now), None)
        .await
        .unwrap();
    assert_eq!(
        (pace.parts, pace.points.last().unwrap().figure),
        (4, Some(Thousandths::whole(4)))
    );
    everything_is_counted_right(&app).await;
}
