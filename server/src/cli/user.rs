//! `keng user`: the first administrator, and enrolment links when nobody can sign in.

use super::CommandError;
use crate::app;
use crate::auth::random_text;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::audit::{self, Entry};
use crate::db::memberships::{self, NewMembership};
use crate::db::{Db, DbError, enrolments, users};
use clap::{Args, Subcommand};
use keng_shared::area::AreaTree;
use keng_shared::id::{AreaId, UserId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis};
use serde_json::json;
use tokio::runtime::Runtime;
use uuid::Uuid;

/// Life of a code made on the command line: 24 hours.
const CODE_MS: i64 = 24 * 3_600_000;

/// Create the first administrator, list people, make enrolment links.
#[derive(Args)]
pub struct User {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Create the first administrator and print a one-time link with which they set a password
    FirstAdmin {
        /// Sign-in name: 3 to 40 of a-z 0-9 . _ -
        #[arg(long, default_value = "admin")]
        username: String,
        /// Display name
        #[arg(long, default_value = "Quản trị viên")]
        name: String,
        /// Area to administer; needed only when several areas are on top of the tree
        #[arg(long)]
        area: Option<i64>,
    },
    /// List people and their roles
    List,
    /// Print a new one-time link for a person; older links of theirs stop working
    Enrol {
        /// Sign-in name
        username: String,
    },
}

impl User {
    pub(super) fn run(self, runtime: &Runtime, config: Config) -> Result<(), CommandError> {
        let origin = config
            .public_origin
            .clone()
            .unwrap_or_else(|| format!("http://{}", config.listen));
        let clock = Clock::system();
        runtime.block_on(async {
            let state = app::prepare(config, clock.clone()).await?;
            let tree = state.auth.tree.get(&state.db, clock.now()).await?;
            match self.action {
                Action::FirstAdmin { username, name, area } => {
                    let area = top_area(&tree, area, clock.today())?;
                    first_admin(&state.db, username, name, area, &origin, clock.now()).await
                }
                Action::List => list(&state.db, &tree).await,
                Action::Enrol { username } => enrol(&state.db, username, &origin, clock.now()).await,
            }
        })
    }
}

/// The area that the first administrator gets: the one that was named, or the only one without an area above it.
fn top_area(tree: &AreaTree, wanted: Option<i64>, today: LocalDate) -> Result<AreaId, CommandError> {
    if let Some(id) = wanted {
        return match tree.get(AreaId(id)) {
            Some(area) => Ok(area.id),
            None => Err(format!("there is no area {id}").into()),
        };
    }
    let mut tops: Vec<_> = tree
        .iter()
        .filter(|area| area.is_valid_on(today) && tree.parent(area.id, today).is_none())
        .collect();
    tops.sort_by_key(|area| area.id);
    match tops.as_slice() {
        [top] => Ok(top.id),
        [] => Err("there are no areas yet: run `keng area import` (or `keng demo load`) first".into()),
        several => {
            let names: Vec<_> = several
                .iter()
                .map(|area| format!("{} = {}", area.id, area.name))
                .collect();
            Err(format!(
                "several areas are on top of the tree, say --area: {}",
                names.join(", ")
            )
            .into())
        }
    }
}

async fn first_admin(
    db: &Db,
    username: String,
    name: String,
    area: AreaId,
    origin: &str,
    now: Millis,
) -> Result<(), CommandError> {
    let code = random_text();
    let stored = code.clone();
    let id = UserId(Uuid::now_v7());
    let membership = NewMembership {
        role: Role::Administrator,
        area_id: area,
        team_id: None,
        state: MembershipState::Invited,
        valid_from: None,
        valid_to: None,
    };
    let created = db
        .write(move |conn| {
            if users::any(conn)? {
                return Ok(false);
            }
            users::insert(conn, id, &username, &text::clean(&name), now)?;
            memberships::insert(conn, id, &membership, now)?;
            enrolments::replace(conn, &stored, id, None, now, now.plus(CODE_MS))?;
            audit::record(conn, &entry("user.create_first", id, now))?;
            Ok(true)
        })
        .await?;
    if !created {
        return Err("somebody is registered already; `keng user enrol <username>` makes a new link".into());
    }
    print_link(origin, &code);
    Ok(())
}

async fn enrol(db: &Db, username: String, origin: &str, now: Millis) -> Result<(), CommandError> {
    let code = random_text();
    let stored = code.clone();
    let wanted = username.clone();
    let found = db
        .write(move |conn| {
            let Some(user) = users::by_username(conn, &wanted)? else {
                return Ok(false);
            };
            enrolments::replace(conn, &stored, user.id, None, now, now.plus(CODE_MS))?;
            audit::record(conn, &entry("enrolment.create", user.id, now))?;
            Ok(true)
        })
        .await?;
    if !found {
        return Err(format!("nobody is called {username}").into());
    }
    print_link(origin, &code);
    Ok(())
}

async fn list(db: &Db, tree: &AreaTree) -> Result<(), CommandError> {
    let areas: Vec<AreaId> = tree.iter().map(|area| area.id).collect();
    let people = db
        .snapshot(move |conn| {
            let people = users::list(conn, &areas, "", None, 10_000)?;
            people
                .into_iter()
                .map(|(user, _)| {
                    let memberships = memberships::of_user(conn, user.id)?;
                    Ok::<_, DbError>((user, memberships))
                })
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    for (user, memberships) in people {
        let roles: Vec<_> = memberships
            .iter()
            .map(|m| {
                let area = tree.get(m.area_id).map_or("?", |area| &area.name);
                format!("{} ({}, {area})", m.role.as_str(), m.state.as_str())
            })
            .collect();
        println!("{:<24} {:<32} {}", user.username, user.name, roles.join("; "));
    }
    Ok(())
}

fn entry(action: &str, user: UserId, now: Millis) -> Entry<'_> {
    Entry {
        at: now,
        actor: None,
        device: None,
        action,
        object_type: "app_user",
        object_id: user.to_string(),
        details: json!({"by": "command line"}),
    }
}

fn print_link(origin: &str, code: &str) {
    println!(
        "Open this link within 24 hours to set the password. It works once.\n\n  {origin}/enrol#{code}\n"
    );
}
