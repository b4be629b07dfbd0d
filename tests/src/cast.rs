//! The people of the tests.

use crate::app::TestApp;
use crate::errand;
use crate::phone::Phone;
use crate::transport::Http;
use crate::world::World;
use keng_server::db::memberships::NewMembership;
use keng_shared::client::{CallError, Client, HttpRequest, HttpResponse};
use keng_shared::id::{AreaId, SessionId, TeamId, UserId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::problem::{FieldCode, Problem, ProblemCode};

/// Somebody who asks the server.
pub trait Asks {
    /// The typed client, with a fresh access token where there is one.
    fn api(&self) -> Client<Http>;

    /// Sends a request as it is and returns whatever comes back.
    fn raw(&self, request: HttpRequest) -> impl Future<Output = HttpResponse> {
        let client = self.api();
        async move { errand::raw(&client, request).await }
    }
}

/// Somebody who is not signed in.
#[derive(Debug, Clone)]
pub struct Visitor(Client<Http>);

impl Visitor {
    pub(crate) fn new(http: Http) -> Self {
        Self(Client::new(http))
    }

    /// The browser's network side.
    pub fn http(&self) -> &Http {
        self.0.transport()
    }
}

impl Asks for Visitor {
    fn api(&self) -> Client<Http> {
        self.0.clone()
    }
}

/// Somebody with a phone and a device session.
#[derive(Clone)]
pub struct Person {
    pub id: UserId,
    pub username: String,
    pub name: String,
    pub session: SessionId,
    pub phone: Phone,
    app: TestApp,
    http: Http,
}

impl Person {
    pub(crate) fn new(
        app: TestApp,
        id: UserId,
        username: String,
        name: String,
        session: SessionId,
        phone: Phone,
    ) -> Self {
        let http = app.http();
        Self {
            id,
            username,
            name,
            session,
            phone,
            app,
            http,
        }
    }
}

impl Asks for Person {
    fn api(&self) -> Client<Http> {
        let client = Client::new(self.http.clone());
        client.set_token(Some(self.app.token(self.id, self.session)));
        client
    }
}

/// A role in force in an area, without end.
pub fn active(role: Role, area_id: AreaId, team_id: Option<TeamId>) -> NewMembership {
    NewMembership {
        role,
        area_id,
        team_id,
        state: MembershipState::Active,
        valid_from: None,
        valid_to: None,
    }
}

/// Everybody.
#[derive(Clone)]
pub struct Cast {
    /// Lê Văn Hùng, Công an xã Kiên Thọ.
    pub officer: Person,
    /// Phạm Thị Lan, leads the team of Thành Sơn.
    pub leader: Person,
    /// Bùi Văn Thành, member of the team of Thành Sơn.
    pub member: Person,
    /// Cao Thị Nhung, member of a team in Ngọc Lặc.
    pub neighbour: Person,
    /// Nguyễn Minh Tuấn, province staff.
    pub province_viewer: Person,
    /// Đỗ Thị Hạnh, administrator of the province.
    pub administrator: Person,
    /// Nguyễn Thị Thu, camera volunteer in Kiên Thọ.
    pub camera_volunteer: Person,
}

impl Cast {
    pub(crate) async fn gather(app: &TestApp, world: &World) -> Self {
        let person = async |username: &str, name: &str, role, area, team| {
            app.person(username, name, vec![active(role, area, team)]).await
        };
        let (village, team) = (world.village, Some(world.team));
        Self {
            officer: person("hung", "Lê Văn Hùng", Role::CommuneOfficer, world.commune, None).await,
            leader: person("lan", "Phạm Thị Lan", Role::TeamLeader, village, team).await,
            member: person("thanh", "Bùi Văn Thành", Role::Member, village, team).await,
            neighbour: person(
                "nhung",
                "Cao Thị Nhung",
                Role::Member,
                world.neighbour_village,
                Some(world.neighbour_team),
            )
            .await,
            province_viewer: person(
                "tuan",
                "Nguyễn Minh Tuấn",
                Role::ProvinceStaff,
                world.province,
                None,
            )
            .await,
            administrator: person("hanh", "Đỗ Thị Hạnh", Role::Administrator, world.province, None).await,
            camera_volunteer: person(
                "thu",
                "Nguyễn Thị Thu",
                Role::CameraVolunteer,
                world.commune,
                None,
            )
            .await,
        }
    }
}

/// A call that must have been refused.
pub trait Refused {
    /// The problem, or a panic that shows the answer.
    fn problem(self) -> Problem;

    /// Its code.
    fn code(self) -> ProblemCode
    where
        Self: Sized,
    {
        self.problem().code
    }

    /// Its wrong fields with their codes.
    fn wrong_fields(self) -> Vec<(String, FieldCode)>
    where
        Self: Sized,
    {
        let fields = self.problem().fields;
        fields
            .into_iter()
            .map(|error| (error.field, error.code))
            .collect()
    }
}

impl<T: std::fmt::Debug, E: std::fmt::Debug> Refused for Result<T, CallError<E>> {
    fn problem(self) -> Problem {
        match self {
            Err(CallError::Problem(problem)) => *problem,
            other => panic!("a problem was expected: {other:?}"),
        }
    }
}
