//! Users, memberships, enrolment.

use keng_shared::api::{Enrol, EnrolCheck, NewMembership, NewUser, SetMembershipState, UserView};
use keng_shared::client::{HttpRequest, Method};
use keng_shared::id::{AreaId, MembershipId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::problem::{FieldCode, ProblemCode};
use keng_tests::{Asks, Phone, Refused, TestApp, both_databases};
use serde_json::json;

both_databases!(
    an_officer_invites_a_member_who_enrols_with_a_one_time_code,
    an_enrolment_code_works_once_and_for_seven_days,
    a_new_code_stops_the_older_one_and_a_second_enrolment_ends_old_sessions,
    nobody_hands_out_more_than_they_hold,
    an_officer_cannot_take_over_an_account_that_holds_more,
    a_person_of_another_commune_is_not_found,
    a_membership_is_suspended_resumed_and_ended_for_good,
    a_suspended_member_loses_their_verbs_at_once,
    people_are_listed_in_vietnamese_order_page_by_page_and_found_without_marks,
    a_username_is_taken_only_once,
    a_csv_of_people_is_tried_out_and_then_imported_and_wrong_rows_are_named,
    a_csv_of_people_names_areas_by_code_and_teams_by_name,
    a_person_with_wrong_fields_is_refused_field_by_field,
);

fn new_user(username: &str, name: &str, role: Role, area_id: AreaId) -> NewUser {
    NewUser {
        username: username.to_owned(),
        name: name.to_owned(),
        membership: membership(role, area_id),
    }
}

fn membership(role: Role, area_id: AreaId) -> NewMembership {
    NewMembership {
        role,
        area_id,
        team_id: None,
        valid_from: None,
        valid_to: None,
    }
}

fn enrol(code: &str, phone: &Phone) -> Enrol {
    Enrol {
        code: code.to_owned(),
        password: "bờ tre gốc rạ".to_owned(),
        device: phone.info(),
    }
}

fn first(user: &UserView) -> MembershipId {
    user.memberships[0].id
}

async fn an_officer_invites_a_member_who_enrols_with_a_one_time_code(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let mut body = new_user("minh.tv", "Trần Văn Minh", Role::Member, world.village);
    body.membership.team_id = Some(world.team);
    let user = officer.create_user(&body).await.unwrap();
    assert!(!user.enrolled);
    assert_eq!(user.memberships[0].state, MembershipState::Invited);
    assert_eq!(user.memberships[0].valid_from, app.now().local_date());

    let enrolment = officer.new_enrolment(user.id).await.unwrap();
    assert_eq!(enrolment.path, format!("/enrol#{}", enrolment.code));
    assert!(enrolment.qr_svg.contains("<svg"));
    let phone = app.visitor();
    let check = EnrolCheck {
        code: enrolment.code.clone(),
    };
    let info = phone.api().check_enrolment(&check).await.unwrap();
    assert_eq!(
        (info.username.as_str(), info.name.as_str()),
        ("minh.tv", "Trần Văn Minh")
    );
    let answer = phone
        .api()
        .enrol(&enrol(&enrolment.code, &Phone::new()))
        .await
        .unwrap();
    assert_eq!(answer.me.memberships.len(), 1, "the invitation is in force");
    let listed = officer
        .users(Some(world.village), Some("tran minh".into()), None)
        .await
        .unwrap();
    assert!(
        listed.items.is_empty(),
        "the words stand in this order only when they are next to each other"
    );
    let listed = officer
        .users(Some(world.village), Some("van minh".into()), None)
        .await
        .unwrap();
    assert!(listed.items[0].enrolled);
}

async fn an_enrolment_code_works_once_and_for_seven_days(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let body = new_user("minh", "Minh", Role::Member, world.village);
    let user = officer.create_user(&body).await.unwrap();
    let code = officer.new_enrolment(user.id).await.unwrap().code;
    let phone = Phone::new();
    let (mut won, mut lost) = (0, 0);
    let (one, two) = (app.visitor().api(), app.visitor().api());
    let body = enrol(&code, &phone);
    let (first, second) = tokio::join!(one.enrol(&body), two.enrol(&body));
    for outcome in [first, second] {
        match outcome {
            Ok(_) => won += 1,
            refused => {
                assert_eq!(refused.code(), ProblemCode::EnrolmentExpired);
                lost += 1;
            }
        }
    }
    assert_eq!((won, lost), (1, 1), "of two at the same time one gets in");
    let late = officer.new_enrolment(user.id).await.unwrap().code;
    app.advance(7 * 24 * 3_600_000);
    let check = app
        .visitor()
        .api()
        .check_enrolment(&EnrolCheck { code: late.clone() })
        .await;
    assert_eq!(check.code(), ProblemCode::EnrolmentExpired);
    let outcome = app.visitor().api().enrol(&enrol(&late, &phone)).await;
    assert_eq!(outcome.code(), ProblemCode::EnrolmentExpired);
}

async fn a_new_code_stops_the_older_one_and_a_second_enrolment_ends_old_sessions(app: TestApp) {
    let (_, cast) = app.cast().await;
    let officer = cast.officer.api();
    let older = officer.new_enrolment(cast.member.id).await.unwrap().code;
    let newer = officer.new_enrolment(cast.member.id).await.unwrap().code;
    let phone = Phone::new();
    let outcome = app.visitor().api().enrol(&enrol(&older, &phone)).await;
    assert_eq!(outcome.code(), ProblemCode::EnrolmentExpired);
    let mut common = enrol(&newer, &phone);
    common.password = "thanhhoa36".to_owned();
    let outcome = app.visitor().api().enrol(&common).await;
    assert_eq!(
        outcome.wrong_fields(),
        [("password".to_owned(), FieldCode::TooCommon)]
    );
    app.visitor().api().enrol(&enrol(&newer, &phone)).await.unwrap();
    assert_eq!(cast.member.api().me().await.code(), ProblemCode::SessionEnded);
}

async fn nobody_hands_out_more_than_they_hold(app: TestApp) {
    let (world, cast) = app.cast().await;
    for role in [
        Role::CommuneOfficer,
        Role::DistrictStaff,
        Role::ProvinceStaff,
        Role::Administrator,
    ] {
        let created = cast
            .officer
            .api()
            .create_user(&new_user("minh", "Minh", role, world.commune))
            .await;
        assert_eq!(created.code(), ProblemCode::Forbidden, "{role:?}");
        let added = cast
            .officer
            .api()
            .add_membership(cast.member.id, &membership(role, world.commune))
            .await;
        assert_eq!(added.code(), ProblemCode::Forbidden, "{role:?}");
    }
    let own = cast
        .officer
        .api()
        .create_user(&new_user("minh", "Minh", Role::Member, world.neighbour_village))
        .await;
    assert_eq!(
        own.code(),
        ProblemCode::NotFound,
        "a foreign area looks like none"
    );
    for person in [
        &cast.member,
        &cast.leader,
        &cast.camera_volunteer,
        &cast.province_viewer,
    ] {
        let created = person
            .api()
            .create_user(&new_user("minh", "Minh", Role::Member, world.village))
            .await;
        assert!(matches!(
            created.code(),
            ProblemCode::Forbidden | ProblemCode::NotFound
        ));
    }
    let officer = new_user(
        "cong.an",
        "Công an mới",
        Role::CommuneOfficer,
        world.neighbour_commune,
    );
    assert!(cast.administrator.api().create_user(&officer).await.is_ok());
}

async fn an_officer_cannot_take_over_an_account_that_holds_more(app: TestApp) {
    let (world, cast) = app.cast().await;
    // The province viewer also helps in the village: the officer sees them, but must not reset their account.
    let viewer = cast.province_viewer.id;
    let helper = membership(Role::Member, world.village);
    cast.administrator
        .api()
        .add_membership(viewer, &helper)
        .await
        .unwrap();
    let officer = cast.officer.api();
    assert_eq!(officer.new_enrolment(viewer).await.code(), ProblemCode::Forbidden);
    assert_eq!(officer.sessions_of(viewer).await.code(), ProblemCode::Forbidden);
    let ended = officer.end_session_of(viewer, cast.province_viewer.session).await;
    assert_eq!(ended.code(), ProblemCode::Forbidden);
    assert!(cast.administrator.api().new_enrolment(viewer).await.is_ok());
}

async fn a_person_of_another_commune_is_not_found(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let neighbour = cast.neighbour.id;
    assert_eq!(
        officer.new_enrolment(neighbour).await.code(),
        ProblemCode::NotFound
    );
    assert_eq!(officer.sessions_of(neighbour).await.code(), ProblemCode::NotFound);
    let added = officer
        .add_membership(neighbour, &membership(Role::Member, world.village))
        .await;
    assert_eq!(added.code(), ProblemCode::NotFound);
    let listed = officer.users(None, None, None).await.unwrap();
    assert!(listed.items.iter().all(|user| user.id != neighbour));
    let foreign = officer.users(Some(world.neighbour_village), None, None).await;
    assert_eq!(foreign.code(), ProblemCode::NotFound);
}

async fn a_membership_is_suspended_resumed_and_ended_for_good(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let set = async |id, state| {
        officer
            .set_membership_state(id, &SetMembershipState { state })
            .await
    };
    let invited = officer
        .create_user(&new_user("minh", "Minh", Role::Member, world.village))
        .await
        .unwrap();
    let refused = set(first(&invited), MembershipState::Active).await;
    assert_eq!(
        refused.code(),
        ProblemCode::StateConflict,
        "only enrolling puts an invitation in force"
    );

    let page = officer
        .users(None, Some("bui van thanh".into()), None)
        .await
        .unwrap();
    let id = first(&page.items[0]);
    use MembershipState::{Active, Ended, Suspended};
    for state in [Suspended, Active, Suspended, Ended] {
        assert_eq!(set(id, state).await.unwrap().state, state);
    }
    for state in [Active, Suspended, Ended] {
        let problem = set(id, state).await.problem();
        assert_eq!(problem.code, ProblemCode::StateConflict);
        assert_eq!(problem.params["state"], "ended");
    }
}

async fn a_suspended_member_loses_their_verbs_at_once(app: TestApp) {
    let (_, cast) = app.cast().await;
    assert_eq!(cast.member.api().me().await.unwrap().memberships.len(), 1);
    let officer = cast.officer.api();
    let page = officer
        .users(None, Some("bui van thanh".into()), None)
        .await
        .unwrap();
    let body = SetMembershipState {
        state: MembershipState::Suspended,
    };
    officer
        .set_membership_state(first(&page.items[0]), &body)
        .await
        .unwrap();
    assert_eq!(cast.member.api().me().await.unwrap().memberships, []);
}

async fn people_are_listed_in_vietnamese_order_page_by_page_and_found_without_marks(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    for (username, name) in [
        ("dong", "Đông"),
        ("dung2", "Dũng"),
        ("an3", "Ăn"),
        ("an1", "An"),
        ("dung1", "Dung"),
    ] {
        let body = new_user(username, name, Role::Member, world.other_village);
        officer.create_user(&body).await.unwrap();
    }
    let mut names = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let mut path = format!("/users?area={}&limit=2", world.other_village);
        if let Some(after) = &after {
            path.push_str(&format!("&after={after}"));
        }
        let answer = cast.officer.raw(HttpRequest::new(Method::Get, &path)).await;
        let page: keng_shared::api::Page<UserView> = serde_json::from_slice(&answer.body).unwrap();
        assert!(page.items.len() <= 2);
        names.extend(page.items.into_iter().map(|user| user.name));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(names, ["An", "Ăn", "Dung", "Dũng", "Đông"]);
    let found = officer.users(None, Some("DUNG".into()), None).await.unwrap();
    assert_eq!(found.items.len(), 2);
    for bad in ["limit=0", "limit=201", "limit=x", "after=!!", "unknown=1"] {
        let answer = cast
            .officer
            .raw(HttpRequest::new(Method::Get, &format!("/users?{bad}")))
            .await;
        assert_eq!(answer.status, 422, "{bad}");
    }
    assert_eq!(
        cast.member.api().users(None, None, None).await.code(),
        ProblemCode::Forbidden
    );
}

async fn a_username_is_taken_only_once(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let body = new_user("Minh", "Minh", Role::Member, world.village);
    let creations = (0..5).map(|_| officer.create_user(&body));
    let outcomes = futures::future::join_all(creations).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    for outcome in outcomes.into_iter().filter(Result::is_err) {
        assert_eq!(outcome.code(), ProblemCode::NameTaken);
    }
}

async fn a_csv_of_people_is_tried_out_and_then_imported_and_wrong_rows_are_named(app: TestApp) {
    let (world, cast) = app.cast().await;
    let officer = cast.officer.api();
    let (village, foreign, team) = (world.village, world.neighbour_village, world.team);
    let csv = format!(
        "\u{feff}username,name,role,area_id,team_id\n\
         an.nv,Nguyễn Văn An,member,{village},{team}\n\
         binh.tt,Trần Thị Bình,team_leader,{village},\n\
         x,Tên ngắn,member,{village},\n\
         chi.lt,Lê Thị Chi,king,{village},\n\
         dung.pv,Phạm Văn Dũng,member,{foreign},\n\
         an.nv,Nguyễn Văn An,member,{village},\n\
         em.hv,Hoàng Văn Em,commune_officer,{village},\n\
         gia.dv,Đỗ Văn Gia,member,{village},{}\n\
         thanh,Người khác,member,{village},\n",
        world.neighbour_team
    );
    let wrong: Vec<(usize, &str, FieldCode)> = vec![
        (4, "username", FieldCode::BadFormat),
        (5, "role", FieldCode::NotAChoice),
        (6, "area_id", FieldCode::NoSuchObject),
        (7, "username", FieldCode::Duplicate),
        (8, "role", FieldCode::NotAChoice),
        (9, "team_id", FieldCode::NoSuchObject),
        (10, "username", FieldCode::Duplicate),
    ];
    for dry_run in [true, true, false] {
        let report = officer
            .import_users(csv.clone().into_bytes(), dry_run)
            .await
            .unwrap();
        assert_eq!((report.dry_run, report.read, report.created), (dry_run, 9, 2));
        let refused: Vec<_> = report
            .refused
            .iter()
            .map(|row| (row.row, row.error.field.as_str(), row.error.code))
            .collect();
        assert_eq!(refused, wrong);
    }
    let again = officer.import_users(csv.into_bytes(), false).await.unwrap();
    assert_eq!(
        (again.created, again.unchanged),
        (0, 2),
        "the same file again changes nothing"
    );
    let header = officer
        .import_users(b"username,name,salary\n".to_vec(), true)
        .await;
    assert_eq!(header.wrong_fields(), [("salary".to_owned(), FieldCode::Unknown)]);
    let header = officer.import_users(b"username,name,role\n".to_vec(), true).await;
    assert_eq!(
        header.wrong_fields(),
        [("area_code".to_owned(), FieldCode::Required)]
    );
}

async fn a_csv_of_people_names_areas_by_code_and_teams_by_name(app: TestApp) {
    let (world, cast) = app.cast().await;
    let team = app
        .read(move |conn| keng_server::db::teams::by_id(conn, world.team))
        .await
        .unwrap();
    let csv = format!(
        "username,name,role,area_code,team,area_id\n\
         an.nv,Nguyễn Văn An,commune_officer,15112,,\n\
         binh.tt,Trần Thị Bình,member,15112@2025-07-01/{village},{team},\n\
         chi.lt,Lê Thị Chi,member,15112/Thôn Không Có,,\n\
         dung.pv,Phạm Văn Dũng,member,15112@2020-01-01,,\n\
         em.hv,Hoàng Văn Em,member,15112/{village},Tổ Không Có,\n\
         gia.dv,Đỗ Văn Gia,member,15112,,{id}\n\
         hoa.nt,Nguyễn Thị Hoa,member,15061,,\n",
        village = "Thôn Thành Sơn",
        team = team.name,
        id = world.village,
    );
    let admin = cast.administrator.api();
    let report = admin.import_users(csv.clone().into_bytes(), false).await.unwrap();
    let refused: Vec<_> = report
        .refused
        .iter()
        .map(|row| (row.row, row.error.field.as_str(), row.error.code))
        .collect();
    assert_eq!(
        refused,
        [
            (4, "area_code", FieldCode::NoSuchObject),
            (5, "area_code", FieldCode::NoSuchObject),
            (6, "team", FieldCode::NoSuchObject),
            (7, "area_id", FieldCode::Duplicate),
        ]
    );
    assert_eq!(report.created, 3);
    let stored = app
        .read(|conn| {
            let user = keng_server::db::users::by_username(conn, "binh.tt")?.unwrap();
            keng_server::db::memberships::of_user(conn, user.id)
        })
        .await;
    assert_eq!(
        (stored[0].area_id, stored[0].team_id),
        (world.village, Some(world.team))
    );
    // An officer of one commune reaches nothing in the next one.
    let report = cast
        .officer
        .api()
        .import_users(csv.into_bytes(), true)
        .await
        .unwrap();
    assert!(
        report
            .refused
            .iter()
            .any(|row| (row.row, row.error.field.as_str()) == (8, "area_code"))
    );
}

async fn a_person_with_wrong_fields_is_refused_field_by_field(app: TestApp) {
    let (world, cast) = app.cast().await;
    let good = json!({"username": "minh", "name": "Minh", "membership": {"role": "member", "area_id": world.village}});
    let cases = [
        ("/username", json!("a"), "username", FieldCode::BadFormat),
        ("/username", json!("có dấu"), "username", FieldCode::BadFormat),
        ("/name", json!(" \u{202e} "), "name", FieldCode::Required),
        ("/name", json!("x".repeat(101)), "name", FieldCode::TooLong),
        ("/name", json!(null), "name", FieldCode::WrongType),
        (
            "/membership/area_id",
            json!("1"),
            "membership.area_id",
            FieldCode::WrongType,
        ),
        (
            "/membership/role",
            json!("king"),
            "membership.role",
            FieldCode::NotAChoice,
        ),
    ];
    for (pointer, value, field, code) in cases {
        let mut body = good.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        let answer = cast
            .officer
            .raw(HttpRequest::new(Method::Post, "/users").json(&body))
            .await;
        let problem: keng_shared::problem::Problem = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 422, "{body}");
        assert_eq!(
            (problem.fields[0].field.as_str(), problem.fields[0].code),
            (field, code),
            "{body}"
        );
    }
    let mut body = new_user("minh", "Minh", Role::Member, world.village);
    body.membership.team_id = Some(world.neighbour_team);
    let refused = cast.officer.api().create_user(&body).await;
    assert_eq!(
        refused.wrong_fields(),
        [("membership.team_id".to_owned(), FieldCode::NoSuchObject)]
    );
    body.membership.team_id = None;
    body.membership.valid_from = "2026-12-01".parse().ok();
    body.membership.valid_to = "2026-11-30".parse().ok();
    let refused = cast.officer.api().create_user(&body).await;
    assert_eq!(
        refused.wrong_fields(),
        [("membership.valid_to".to_owned(), FieldCode::EndBeforeStart)]
    );
    let owned = json!({"username": "minh", "name": "Minh", "enrolled": true,
                       "membership": {"role": "member", "area_id": world.village}});
    let answer = cast
        .officer
        .raw(HttpRequest::new(Method::Post, "/users").json(&owned))
        .await;
    assert_eq!(answer.status, 422);
}
