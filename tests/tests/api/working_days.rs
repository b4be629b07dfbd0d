//! The working calendar: set by the administrator of the highest area, and due times follow.

use super::incidents::incident;
use diesel::prelude::*;
use keng_server::db::schema::audit_entry;
use keng_shared::api::{DaySpan, NewDaySpan, SpanQuery};
use keng_shared::incident::calendar::Holiday;
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_shared::time::LocalDate;
use keng_tests::cast::active;
use keng_tests::{Asks, Refused, TestApp, both_databases};

both_databases!(
    the_calendar_that_ships_is_there_and_says_whose_tet_is_missing,
    days_are_set_shown_in_a_row_and_taken_back,
    due_times_of_open_cases_follow_the_calendar_and_new_ones_know_it,
    wrong_days_name_what_is_wrong_with_them,
    only_who_administers_the_highest_area_sets_days,
);

const HOUR: i64 = 3_600_000;

fn day(text: &str) -> LocalDate {
    text.parse().unwrap()
}

fn span(from: &str, to: &str, works: bool, name: &str) -> NewDaySpan {
    NewDaySpan {
        from: day(from),
        to: day(to),
        works,
        name: name.to_owned(),
    }
}

async fn the_calendar_that_ships_is_there_and_says_whose_tet_is_missing(app: TestApp) {
    let (_, cast) = app.cast().await;
    let reader = cast.member.api();
    let year = reader.working_days(Some(2027)).await.unwrap();
    assert!(year.has_tet && !year.may_set);
    let tet: Vec<_> = year
        .spans
        .iter()
        .filter(|span| span.holiday == Some(Holiday::Tet))
        .map(|span| (span.from, span.to))
        .collect();
    assert_eq!(tet, [(day("2027-02-05"), day("2027-02-09"))]);
    let year = reader.working_days(Some(2028)).await.unwrap();
    assert!(!year.has_tet);
    assert!(
        year.spans
            .iter()
            .any(|span| span.holiday == Some(Holiday::NationalDay))
    );
    let wrong = reader.working_days(Some(1999)).await.wrong_fields();
    assert_eq!(wrong, [("year".to_owned(), FieldCode::NotAChoice)]);
}

async fn days_are_set_shown_in_a_row_and_taken_back(app: TestApp) {
    let (_, cast) = app.cast().await;
    let admin = &cast.administrator;
    let tet = span("2028-01-25", "2028-01-31", false, " Tết Mậu Thân ");
    let year = admin.api().set_working_days(&tet).await.unwrap();
    assert!(year.has_tet && year.may_set);
    let shown = DaySpan {
        from: day("2028-01-25"),
        to: day("2028-01-31"),
        works: false,
        holiday: None,
        name: "Tết Mậu Thân".to_owned(),
    };
    assert!(year.spans.contains(&shown));
    assert_eq!(
        cast.officer.api().working_days(Some(2028)).await.unwrap().spans,
        year.spans
    );
    // A holiday that ships becomes a working day, and comes back.
    let made_up = span("2028-05-01", "2028-05-01", true, "Hoán đổi");
    let year = admin.api().set_working_days(&made_up).await.unwrap();
    let first_of_may = |spans: &[DaySpan]| {
        let found = spans.iter().find(|span| span.from == day("2028-05-01"));
        found.map(|span| (span.works, span.holiday)).unwrap()
    };
    assert_eq!(first_of_may(&year.spans), (true, None));
    let back = SpanQuery {
        from: day("2028-05-01"),
        to: day("2028-05-01"),
    };
    let year = admin.api().clear_working_days(back).await.unwrap();
    assert_eq!(first_of_may(&year.spans), (false, Some(Holiday::Labour)));
    assert_eq!(
        admin.api().clear_working_days(back).await.unwrap(),
        year,
        "twice is once"
    );
}

async fn due_times_of_open_cases_follow_the_calendar_and_new_ones_know_it(app: TestApp) {
    let (world, cast) = app.cast().await;
    let admin = &cast.administrator;
    let officer = cast.officer.api();
    // Every test begins on Sunday 15 November 2026 at 21:00.
    let monday = app.now().local_date().and_then(|date| date.succ_opt()).unwrap();
    let due = async |severity: &str| {
        let draft = incident(&world, &cast.member, app.now(), severity);
        cast.member.api().create_record(&draft).await.unwrap();
        draft.id
    };
    let left = async |id| officer.case(id).await.unwrap().case.due_at.since(app.now());
    let (serious, critical) = (due("high").await, due("critical").await);
    assert_eq!(left(serious).await, 20 * HOUR + HOUR / 2);
    let off = NewDaySpan {
        from: monday,
        to: monday,
        works: false,
        name: "Nghỉ bù".to_owned(),
    };
    admin.api().set_working_days(&off).await.unwrap();
    assert_eq!(
        left(serious).await,
        44 * HOUR + HOUR / 2,
        "Tuesday instead of Monday"
    );
    assert_eq!(left(critical).await, 2 * HOUR, "around the clock");
    let later = due("high").await;
    assert_eq!(left(later).await, 44 * HOUR + HOUR / 2);
    let back = SpanQuery {
        from: monday,
        to: monday,
    };
    admin.api().clear_working_days(back).await.unwrap();
    assert_eq!(left(later).await, 20 * HOUR + HOUR / 2);
    let revision = officer.case(later).await.unwrap().case.revision;
    assert_eq!(revision, 1, "nobody who looks at the case is put off by it");
    let entries: Vec<String> = app
        .state()
        .db
        .read(|conn| Ok(audit_entry::table.select(audit_entry::body).load(conn)?))
        .await
        .unwrap();
    let text = entries.join("\n");
    assert!(text.contains("working_days.set") && text.contains("working_days.clear"));
}

async fn wrong_days_name_what_is_wrong_with_them(app: TestApp) {
    let (_, cast) = app.cast().await;
    let admin = &cast.administrator;
    let cases = [
        (
            span("2028-01-31", "2028-01-25", false, "x"),
            "to",
            FieldCode::EndBeforeStart,
        ),
        (
            span("2028-01-01", "2028-02-01", false, "x"),
            "to",
            FieldCode::TooLongAgo,
        ),
        (
            span("1990-01-01", "1990-01-01", false, "x"),
            "from",
            FieldCode::NotAChoice,
        ),
        (
            span("2028-01-25", "2028-01-25", false, "  "),
            "name",
            FieldCode::Required,
        ),
    ];
    for (body, field, code) in cases {
        let wrong = admin.api().set_working_days(&body).await.wrong_fields();
        assert_eq!(wrong, [(field.to_owned(), code)]);
    }
    assert!(!admin.api().working_days(Some(2028)).await.unwrap().has_tet);
}

async fn only_who_administers_the_highest_area_sets_days(app: TestApp) {
    let (world, cast) = app.cast().await;
    let roles = vec![active(Role::Administrator, world.commune, None)];
    let of_commune = app.person("cao", "Trịnh Thị Cao", roles).await;
    let tet = span("2028-01-25", "2028-01-31", false, "Tết");
    for person in [&cast.member, &cast.officer, &cast.province_viewer, &of_commune] {
        let refused = person.api().set_working_days(&tet).await.code();
        assert_eq!(refused, ProblemCode::Forbidden, "{}", person.username);
    }
}
