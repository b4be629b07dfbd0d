//! The register of self-management models: what accepted records tell of each, and its merging and closing.

use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::models::{self, StoredEnding, Told};
use crate::db::{Conn, DbError, successions};
use crate::extract::{IfMatch, Json, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::homes::Homes;
use chrono::Datelike;
use keng_shared::api::{KnownModel, ModelQuery, ModelRecord, ModelRegister, ModelRow, ModelView, WhichModel};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::model_register::{Ending, Model, ModelKey, Testimony, register};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde_json::json;
use std::cmp::Reverse;

/// Most models of an answer.
const MOST: usize = 500;

/// `GET /models`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<ModelQuery>,
) -> Result<Json<ModelRegister>, AppError> {
    let areas = match query.area {
        None => {
            caller.require_somewhere(Verb::ReadRecords)?;
            caller.areas(Verb::ReadRecords)
        }
        Some(area) => {
            caller.require(Verb::ReadRecords, area)?;
            caller.tree().subtree(area, caller.today())
        }
    };
    let communes = communes(caller.tree(), &areas);
    let year = caller.today().year();
    let tree = caller.tree().clone();
    let ground = Ground::of(&caller, communes);
    let told = state.db.snapshot(move |conn| Ledger::read(conn, &ground)).await?;
    let mut rows: Vec<ModelRow> = told
        .models()
        .iter()
        .map(|model| row_of(model, year))
        .filter(|row| is_shown(row, &query))
        .collect();
    rows.sort_by_cached_key(|row| {
        let commune = tree.get(row.commune).map(|area| text::sort_key(&area.name));
        (commune, text::sort_key(&row.name))
    });
    let count = |keep: &dyn Fn(&&ModelRow) -> bool| {
        u32::try_from(rows.iter().filter(keep).count()).unwrap_or(u32::MAX)
    };
    let (total, active, overdue) = (
        count(&|_| true),
        count(&|row| !row.state.is_over()),
        count(&|row| row.lacks_review),
    );
    let going_on = rows.iter().filter(|row| !row.state.is_over());
    let members = going_on
        .filter_map(|row| row.members)
        .fold(0, u32::saturating_add);
    rows.truncate(MOST);
    Ok(Json(ModelRegister {
        year,
        total,
        active,
        overdue,
        members,
        models: rows,
    }))
}

/// `GET /models/one`
pub async fn show(
    state: State,
    caller: Caller,
    Query(which): Query<WhichModel>,
) -> Result<Json<ModelView>, AppError> {
    caller.require(Verb::ReadRecords, which.commune)?;
    let asking = Asking::of(&caller, &which);
    let view = state.db.snapshot(move |conn| asking.view(conn)).await?;
    Ok(Json(view))
}

/// `PUT /models/ending`: the model was merged or closed.
pub async fn end(
    state: State,
    caller: Caller,
    Query(which): Query<WhichModel>,
    IfMatch(revision): IfMatch,
    Json(ending): Json<Ending>,
) -> Result<Json<ModelView>, AppError> {
    caller.require(Verb::Review, which.commune)?;
    let ending = ending.parse().map_err(AppError::fields)?;
    if ending.on > caller.today() {
        return Err(FieldError::new("on", FieldCode::TooBig).into());
    }
    let asking = Asking::of(&caller, &which);
    let view = state
        .db
        .write(move |conn| {
            let ledger = Ledger::read(conn, &asking.ground)?;
            let models = ledger.models();
            asking.find(&models)?;
            if let Some(into) = &ending.into {
                let other = ModelKey::of(asking.key.commune, &into.category, &into.name);
                let goes_on = |model: &&Model| model.key == other && !model.state.is_over();
                if other == asking.key || !models.iter().any(|model| goes_on(&model)) {
                    return Err(
                        Problem::fields(vec![FieldError::new("into", FieldCode::NoSuchObject)]).into(),
                    );
                }
            }
            let key = ledger.stored_key(&asking.key);
            if !models::end(conn, &key, revision, &ending, caller.user_id(), caller.now())? {
                return Err(asking.overtaken(conn)?);
            }
            let details = json!({"state": ending.state, "on": ending.on, "into": ending.into});
            audit::record(conn, &entry(&caller, "model.end", &key, details))?;
            asking.view(conn)
        })
        .await?;
    Ok(Json(view))
}

/// `DELETE /models/ending`: it was not merged or closed after all.
pub async fn reopen(
    state: State,
    caller: Caller,
    Query(which): Query<WhichModel>,
    IfMatch(revision): IfMatch,
) -> Result<Json<ModelView>, AppError> {
    caller.require(Verb::Review, which.commune)?;
    let asking = Asking::of(&caller, &which);
    let view = state
        .db
        .write(move |conn| {
            let ledger = Ledger::read(conn, &asking.ground)?;
            asking.find(&ledger.models())?;
            let key = ledger.stored_key(&asking.key);
            if !models::reopen(conn, &key, revision)? {
                return Err(asking.overtaken(conn)?);
            }
            audit::record(conn, &entry(&caller, "model.reopen", &key, json!({})))?;
            asking.view(conn)
        })
        .await?;
    Ok(Json(view))
}

/// The models that go on in the communes of whoever logs work, to choose from in a form.
pub(super) fn known(conn: &mut Conn, caller: &Caller) -> Result<Vec<KnownModel>, DbError> {
    let (tree, today) = (caller.tree(), caller.today());
    let homes = caller
        .memberships()
        .filter(|membership| membership.role.allows(Verb::LogActivity));
    let mut communes: Vec<AreaId> = homes
        .filter_map(|membership| tree.commune_of(membership.area_id, today))
        .collect();
    communes.sort_unstable();
    communes.dedup();
    let ledger = Ledger::read(conn, &Ground::of(caller, communes))?;
    let mut models = ledger.models();
    models.retain(|model| !model.state.is_over());
    models.sort_by_cached_key(|model| text::sort_key(&model.name));
    Ok(models
        .into_iter()
        .map(|model| KnownModel {
            category: model.key.category,
            name: model.name,
        })
        .collect())
}

/// Communes of today, and what is needed to follow old ones to them.
#[derive(Clone)]
struct Ground {
    tree: std::sync::Arc<AreaTree>,
    today: LocalDate,
    communes: Vec<AreaId>,
}

impl Ground {
    fn of(caller: &Caller, communes: Vec<AreaId>) -> Self {
        Self {
            tree: caller.tree().clone(),
            today: caller.today(),
            communes,
        }
    }
}

/// Everything that was told of the models of some communes.
struct Ledger {
    told: Vec<Testimony>,
    endings: Vec<StoredEnding>,
    /// Endings by the commune of today.
    homed: Vec<(ModelKey, Ending)>,
}

impl Ledger {
    fn read(conn: &mut Conn, ground: &Ground) -> Result<Self, DbError> {
        let steps = successions::leading_to(conn, &ground.communes)?;
        let mut communes = ground.communes.clone();
        communes.extend(steps.iter().map(|step| step.old));
        communes.sort_unstable();
        communes.dedup();
        let homes = Homes::today(&ground.tree, &communes, &steps, ground.today);
        let home = |told: &Told| {
            let is_village = told.area_id != told.commune_id;
            let today = is_village
                .then(|| ground.tree.commune_of(told.area_id, ground.today))
                .flatten();
            today.unwrap_or_else(|| homes.of(told.commune_id))
        };
        let told = models::told(conn, &communes)?
            .into_iter()
            .map(|told| Testimony {
                record_id: told.id,
                commune: home(&told),
                kind: told.kind,
                area_id: told.area_id,
                local_date: told.local_date,
                body: told.body,
            })
            .filter(|told| ground.communes.contains(&told.commune))
            .collect();
        let endings = models::endings(conn, &communes)?;
        let homed = endings.iter().map(|stored| {
            let commune = homes.of(stored.key.commune);
            let key = ModelKey {
                commune,
                ..stored.key.clone()
            };
            (key, stored.ended.ending.clone())
        });
        Ok(Self {
            told,
            homed: homed.collect(),
            endings,
        })
    }

    fn models(&self) -> Vec<Model> {
        register(&self.told, &self.homed)
    }

    /// What was said at the desk of this model.
    fn ending(&self, key: &ModelKey) -> Option<&StoredEnding> {
        let place = self.homed.iter().position(|(homed, _)| homed == key)?;
        self.endings.get(place)
    }

    /// The key under which an ending is stored: that of the day on which it was first said.
    fn stored_key(&self, key: &ModelKey) -> ModelKey {
        self.ending(key)
            .map_or_else(|| key.clone(), |stored| stored.key.clone())
    }
}

/// A question about one model.
struct Asking {
    ground: Ground,
    key: ModelKey,
    year: i32,
    may_end: bool,
}

impl Asking {
    fn of(caller: &Caller, which: &WhichModel) -> Self {
        Self {
            ground: Ground::of(caller, vec![which.commune]),
            key: ModelKey::of(which.commune, &which.category, &which.name),
            year: caller.today().year(),
            may_end: caller.can(Verb::Review, which.commune),
        }
    }

    fn find<'a>(&self, models: &'a [Model]) -> Result<&'a Model, DbError> {
        let found = models.iter().find(|model| model.key == self.key);
        found.ok_or_else(|| ProblemCode::NotFound.into())
    }

    fn view(&self, conn: &mut Conn) -> Result<ModelView, DbError> {
        let ledger = Ledger::read(conn, &self.ground)?;
        let models = ledger.models();
        let model = self.find(&models)?;
        let told: Vec<&Testimony> = model
            .records
            .iter()
            .filter_map(|at| ledger.told.get(*at))
            .collect();
        let ids: Vec<_> = told.iter().map(|one| one.record_id).collect();
        let mut photos = models::photos_of(conn, &ids)?;
        let mut timeline: Vec<ModelRecord> = told
            .into_iter()
            .map(|one| ModelRecord {
                record_id: one.record_id,
                kind: one.kind.clone(),
                area_id: one.area_id,
                local_date: one.local_date,
                state: one.state(),
                rating: one.rating(),
                words: one.words(),
                photos: photos.remove(&one.record_id).unwrap_or_default(),
            })
            .collect();
        timeline.sort_by_key(|record| Reverse((record.local_date, record.record_id)));
        let ended = ledger.ending(&self.key);
        Ok(ModelView {
            model: row_of(model, self.year),
            timeline,
            ended: ended.map(|stored| stored.ended.clone()),
            revision: ended.map_or(0, |stored| stored.revision),
            may_end: self.may_end,
        })
    }

    fn overtaken(&self, conn: &mut Conn) -> Result<DbError, DbError> {
        let view = self.view(conn)?;
        let revision = view.revision;
        let value = DbError::unless(serde_json::to_value(view).ok(), "a model")?;
        let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", revision);
        Ok(problem.with_stored(value).into())
    }
}

fn communes(tree: &AreaTree, areas: &[AreaId]) -> Vec<AreaId> {
    let is_commune = |id: &AreaId| tree.get(*id).is_some_and(|area| area.kind == AreaKind::Commune);
    areas.iter().copied().filter(is_commune).collect()
}

fn row_of(model: &Model, year: i32) -> ModelRow {
    ModelRow {
        commune: model.key.commune,
        category: model.key.category.clone(),
        name: model.name.clone(),
        area_id: model.area_id,
        launched_on: model.launched_on,
        decision_number: model.decision_number.clone(),
        members: model.members,
        households: model.households,
        state: model.state,
        ratings: model.ratings.clone(),
        lacks_review: model.lacks_review(year),
        records: u32::try_from(model.records.len()).unwrap_or(u32::MAX),
    }
}

fn is_shown(row: &ModelRow, query: &ModelQuery) -> bool {
    let newest = row.ratings.first().map(|rating| &rating.rating);
    let words = query.search.as_deref().map(text::search_key).unwrap_or_default();
    let name = text::search_key(&row.name);
    query
        .category
        .as_ref()
        .is_none_or(|category| *category == row.category)
        && query.state.is_none_or(|state| state == row.state)
        && query.rating.as_ref().is_none_or(|rating| Some(rating) == newest)
        && (query.overdue != Some(true) || row.lacks_review)
        && words.split(' ').all(|word| name.contains(word))
}

fn entry(
    caller: &Caller,
    action: &'static str,
    key: &ModelKey,
    details: serde_json::Value,
) -> Entry<'static> {
    Entry {
        at: caller.now(),
        actor: Some(caller.user_id()),
        device: Some(caller.device_id()),
        action,
        object_type: "model",
        object_id: format!("{}-{}-{}", key.commune, key.category, key.name),
        details,
    }
}
