//! The screens of the field app and their addresses.

use keng_shared::id::{CheckpointId, EntryId, PatrolPlanId, RecordId, TaskId};
use uuid::Uuid;

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Planned patrols and what is missing.
    Today,
    /// Choosing what to log.
    Log,
    /// Opens a fresh form of a kind.
    NewForm(String),
    /// Opens a fresh form of an activity for a campaign of the calendar, by its key.
    CampaignForm(String),
    /// A form: new, or mending what was returned or set aside.
    Form(RecordId),
    /// Starting a patrol, by plan or ad hoc.
    PatrolStart(Option<PatrolPlanId>),
    /// The running patrol.
    Patrol,
    /// Checking in at a point.
    CheckIn(CheckpointId),
    /// A finding of the running patrol.
    Finding(EntryId),
    /// Ending the patrol.
    PatrolEnd,
    /// Broadcasts by schedule that wait to be confirmed.
    Broadcasts,
    /// What is asked of the person's areas, and what is missing.
    Targets,
    /// Coming shifts of the person's teams.
    Shifts,
    /// Tasks of the person and of their teams.
    Tasks,
    /// One of them.
    Task(TaskId),
    /// The person's records.
    Records,
    /// One of them.
    Record(RecordId),
    /// What came for the person.
    Inbox,
    /// What is still on this phone.
    Phone,
    /// The person.
    Me,
    /// A one-time enrolment; the code is in the fragment.
    Enrol,
    /// An address that this app does not know.
    Unknown,
}

/// The four places of the bottom bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Hôm nay.
    Today,
    /// Ghi nhận.
    Log,
    /// Việc của tôi.
    Records,
    /// Tôi.
    Me,
}

impl Route {
    /// The screen of a path.
    pub fn parse(path: &str) -> Self {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Today,
            ["log"] => Self::Log,
            ["log", kind] => Self::NewForm((*kind).to_owned()),
            ["campaign", key] => Self::CampaignForm((*key).to_owned()),
            ["form", id] => uuid(id).map_or(Self::Unknown, |id| Self::Form(RecordId(id))),
            ["patrol"] => Self::Patrol,
            ["patrol", "start"] => Self::PatrolStart(None),
            ["patrol", "start", plan] => {
                let plan = plan.parse().ok().map(PatrolPlanId);
                plan.map_or(Self::Unknown, |plan| Self::PatrolStart(Some(plan)))
            }
            ["patrol", "point", id] => id
                .parse()
                .map_or(Self::Unknown, |id| Self::CheckIn(CheckpointId(id))),
            ["patrol", "finding", id] => uuid(id).map_or(Self::Unknown, |id| Self::Finding(EntryId(id))),
            ["patrol", "end"] => Self::PatrolEnd,
            ["broadcasts"] => Self::Broadcasts,
            ["targets"] => Self::Targets,
            ["shifts"] => Self::Shifts,
            ["tasks"] => Self::Tasks,
            ["tasks", id] => uuid(id).map_or(Self::Unknown, |id| Self::Task(TaskId(id))),
            ["records"] => Self::Records,
            ["records", id] => uuid(id).map_or(Self::Unknown, |id| Self::Record(RecordId(id))),
            ["inbox"] => Self::Inbox,
            ["phone"] => Self::Phone,
            ["me"] => Self::Me,
            ["enrol"] => Self::Enrol,
            _ => Self::Unknown,
        }
    }

    /// The path of a screen.
    pub fn path(&self) -> String {
        match self {
            Self::Today | Self::Unknown => "/".to_owned(),
            Self::Log => "/log".to_owned(),
            Self::NewForm(kind) => format!("/log/{kind}"),
            Self::CampaignForm(key) => format!("/campaign/{key}"),
            Self::Form(id) => format!("/form/{id}"),
            Self::PatrolStart(None) => "/patrol/start".to_owned(),
            Self::PatrolStart(Some(plan)) => format!("/patrol/start/{plan}"),
            Self::Patrol => "/patrol".to_owned(),
            Self::CheckIn(id) => format!("/patrol/point/{id}"),
            Self::Finding(id) => format!("/patrol/finding/{id}"),
            Self::PatrolEnd => "/patrol/end".to_owned(),
            Self::Broadcasts => "/broadcasts".to_owned(),
            Self::Targets => "/targets".to_owned(),
            Self::Shifts => "/shifts".to_owned(),
            Self::Tasks => "/tasks".to_owned(),
            Self::Task(id) => format!("/tasks/{id}"),
            Self::Records => "/records".to_owned(),
            Self::Record(id) => format!("/records/{id}"),
            Self::Inbox => "/inbox".to_owned(),
            Self::Phone => "/phone".to_owned(),
            Self::Me => "/me".to_owned(),
            Self::Enrol => "/enrol".to_owned(),
        }
    }

    /// The place of the bottom bar that the screen belongs to; none hides the bar: one thing at a time.
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::Today | Self::Shifts | Self::Tasks | Self::Task(_) | Self::Unknown => Some(Place::Today),
            Self::Log | Self::Broadcasts => Some(Place::Log),
            Self::Records | Self::Record(_) | Self::Inbox | Self::Targets => Some(Place::Records),
            Self::Phone | Self::Me => Some(Place::Me),
            _ => None,
        }
    }

    /// Whether the screen holds something half-done, under which the page must not be reloaded.
    pub fn is_busy(&self) -> bool {
        matches!(
            self,
            Self::NewForm(_)
                | Self::CampaignForm(_)
                | Self::Form(_)
                | Self::PatrolStart(_)
                | Self::Patrol
                | Self::CheckIn(_)
                | Self::Finding(_)
                | Self::PatrolEnd
                | Self::Broadcasts
                | Self::Enrol
        )
    }

    /// Whether the screen wears the night scheme.
    pub fn is_night(&self) -> bool {
        matches!(
            self,
            Self::Patrol | Self::CheckIn(_) | Self::Finding(_) | Self::PatrolEnd
        )
    }
}

/// Whether a path belongs to the field app rather than to the desk or the server.
pub fn is_ours(path: &str) -> bool {
    !["/desk", "/api", "/docs", "/assets"]
        .iter()
        .any(|other| path == *other || path.starts_with(&format!("{other}/")))
}

fn uuid(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_screen_is_found_again_by_its_path() {
        let id = Uuid::from_u128(7);
        let routes = [
            Route::Today,
            Route::Log,
            Route::NewForm("training_class".into()),
            Route::CampaignForm("anti_drug_day".into()),
            Route::Form(RecordId(id)),
            Route::PatrolStart(None),
            Route::PatrolStart(Some(PatrolPlanId(4))),
            Route::Patrol,
            Route::CheckIn(CheckpointId(9)),
            Route::Finding(EntryId(id)),
            Route::PatrolEnd,
            Route::Broadcasts,
            Route::Targets,
            Route::Shifts,
            Route::Tasks,
            Route::Task(TaskId(id)),
            Route::Records,
            Route::Record(RecordId(id)),
            Route::Inbox,
            Route::Phone,
            Route::Me,
            Route::Enrol,
        ];
        for route in routes {
            assert_eq!(Route::parse(&route.path()), route);
        }
    }

    #[test]
    fn an_address_that_is_no_screen_is_unknown_and_leads_to_today() {
        assert_eq!(Route::parse("/form/7"), Route::Unknown);
        assert_eq!(Route::parse("/nothing/here"), Route::Unknown);
        assert_eq!(Route::Unknown.path(), "/");
    }

    #[test]
    fn links_to_the_desk_and_the_server_leave_the_app() {
        assert!(!is_ours("/desk/review") && !is_ours("/api") && is_ours("/desks"));
    }
}
