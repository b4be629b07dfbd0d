//! Who may do what: roles, verbs, and the one table that joins them.
//!
//! A role is held in an area and reaches that area and everything below it. The server enforces the table through
//! `Caller::require`; the app hides by the same table what the server would refuse.

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};

/// What a person is, in an area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Tổ viên: logs work in the field.
    Member,
    /// Tổ trưởng, tổ phó: logs work and sees the whole team's.
    TeamLeader,
    /// Tình nguyện viên mô hình Camera với ANTT.
    CameraVolunteer,
    /// Công an xã, Thường trực BCĐ: reviews, plans, manages teams and people of the commune.
    CommuneOfficer,
    /// District staff (area trees up to 2025-06-30): reads and reviews in the district.
    DistrictStaff,
    /// Province staff: reads everything of the province.
    ProvinceStaff,
    /// Administrator: areas, users, settings; does not review evidence.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: &'static [Self] = &[
        Self::Member,
        Self::TeamLeader,
        Self::CameraVolunteer,
        Self::CommuneOfficer,
        Self::DistrictStaff,
        Self::ProvinceStaff,
        Self::Administrator,
    ];

    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::TeamLeader => "team_leader",
            Self::CameraVolunteer => "camera_volunteer",
            Self::CommuneOfficer => "commune_officer",
            Self::DistrictStaff => "district_staff",
            Self::ProvinceStaff => "province_staff",
            Self::Administrator => "administrator",
        }
    }

    /// The role with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text)
    }

    /// Whether the role works at the desk rather than in the field.
    pub fn is_staff(self) -> bool {
        matches!(
            self,
            Self::CommuneOfficer | Self::DistrictStaff | Self::ProvinceStaff | Self::Administrator
        )
    }

    /// Whether the desk has pages for the role: staff, and team leaders, who plan shifts and give tasks there.
    pub fn has_desk(self) -> bool {
        self.is_staff() || self == Self::TeamLeader
    }

    /// Whether the role may do this, in its area.
    pub fn allows(self, verb: Verb) -> bool {
        use Role::*;
        match verb {
            Verb::ReadAreas => true,
            Verb::LogActivity => matches!(self, Member | TeamLeader | CameraVolunteer | CommuneOfficer),
            Verb::LogOfficeWork => matches!(self, CommuneOfficer),
            Verb::LogBroadcasts => matches!(self, Member | TeamLeader | CommuneOfficer),
            Verb::ReadTeamRecords => !matches!(self, Member | CameraVolunteer | Administrator),
            Verb::ReadRecords | Verb::ExportRecords => {
                matches!(self, CommuneOfficer | DistrictStaff | ProvinceStaff)
            }
            Verb::Review => matches!(self, CommuneOfficer | DistrictStaff),
            Verb::ReadOriginals => matches!(self, CommuneOfficer),
            Verb::PlanPatrols | Verb::PlanBroadcasts => matches!(self, TeamLeader | CommuneOfficer),
            Verb::GiveTasks => {
                matches!(self, TeamLeader | CommuneOfficer | DistrictStaff | ProvinceStaff)
            }
            Verb::ReadPeople => matches!(
                self,
                CommuneOfficer | DistrictStaff | ProvinceStaff | Administrator
            ),
            Verb::ManageTeams | Verb::ManageCheckpoints => matches!(self, CommuneOfficer | Administrator),
            Verb::ManagePeople => matches!(self, CommuneOfficer | Administrator),
            Verb::ManageAreas => matches!(self, Administrator),
            Verb::ManageCameras => matches!(self, CommuneOfficer),
            Verb::HandleIncidents => matches!(self, CommuneOfficer | DistrictStaff),
            Verb::SetTargets => matches!(self, CommuneOfficer | DistrictStaff | ProvinceStaff),
        }
    }

    /// Whether somebody in this role may give `other` to another person: nobody hands out more than they hold.
    pub fn may_grant(self, other: Role) -> bool {
        match self {
            Self::Administrator => true,
            Self::CommuneOfficer => matches!(other, Self::Member | Self::TeamLeader | Self::CameraVolunteer),
            _ => false,
        }
    }
}

/// What can be done to an object of an area.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// See areas, boundaries and public names of units and teams.
    ReadAreas,
    /// Create records; edit and withdraw one's own.
    LogActivity,
    /// Log the work of the commune's office: documents, models, conferences, figures.
    LogOfficeWork,
    /// Log and confirm loudspeaker sessions.
    LogBroadcasts,
    /// Read the records of one's own team (one's own are always readable).
    ReadTeamRecords,
    /// Read every record of the area.
    ReadRecords,
    /// Take the records of the area away as a file.
    ExportRecords,
    /// Accept and return records and photos.
    Review,
    /// Open the untouched original of a photo; every look is logged.
    ReadOriginals,
    /// Plan patrols.
    PlanPatrols,
    /// Give tasks: staff to every team and person of the area, team leaders to their own team and its members.
    GiveTasks,
    /// Write the weekly schedules of loudspeaker sessions.
    PlanBroadcasts,
    /// Read the list of users and memberships.
    ReadPeople,
    /// Create and change teams.
    ManageTeams,
    /// Create and change checkpoints.
    ManageCheckpoints,
    /// Create users, grant and end memberships, end device sessions of others.
    ManagePeople,
    /// Import and change areas, units and boundaries.
    ManageAreas,
    /// See where cameras hang and whom to call, keep their registry, ask for footage.
    ManageCameras,
    /// Take the case of an incident a step further, assign it, say which reports are one event.
    HandleIncidents,
    /// Enter plans with targets for the area and change them.
    SetTargets,
}

impl Verb {
    /// All verbs.
    pub const ALL: &'static [Self] = &[
        Self::ReadAreas,
        Self::LogActivity,
        Self::LogOfficeWork,
        Self::LogBroadcasts,
        Self::ReadTeamRecords,
        Self::ReadRecords,
        Self::ExportRecords,
        Self::Review,
        Self::ReadOriginals,
        Self::PlanPatrols,
        Self::GiveTasks,
        Self::PlanBroadcasts,
        Self::ReadPeople,
        Self::ManageTeams,
        Self::ManageCheckpoints,
        Self::ManagePeople,
        Self::ManageAreas,
        Self::ManageCameras,
        Self::HandleIncidents,
        Self::SetTargets,
    ];
}

/// Where a membership stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MembershipState {
    /// Created, the person has not enrolled yet.
    Invited,
    /// In force (within its dates).
    Active,
    /// Stopped for a while.
    Suspended,
    /// Over.
    Ended,
}

impl MembershipState {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Ended => "ended",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Invited, Self::Active, Self::Suspended, Self::Ended]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_grants_a_role_above_their_own() {
        for &role in Role::ALL.iter().filter(|role| **role != Role::Administrator) {
            assert!(
                !role.may_grant(role) && !role.may_grant(Role::Administrator),
                "{role:?}"
            );
        }
    }

    #[test]
    fn an_administrator_does_not_read_or_review_evidence() {
        for verb in [
            Verb::ReadRecords,
            Verb::Review,
            Verb::ReadOriginals,
            Verb::LogActivity,
            Verb::ManageCameras,
            Verb::HandleIncidents,
        ] {
            assert!(!Role::Administrator.allows(verb));
        }
    }

    #[test]
    fn every_verb_is_allowed_to_somebody() {
        for &verb in Verb::ALL {
            assert!(Role::ALL.iter().any(|role| role.allows(verb)), "{verb:?}");
        }
    }
}
