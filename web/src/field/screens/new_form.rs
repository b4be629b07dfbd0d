//! A fresh form of a plain kind: an empty draft is made and its form opened in the place of this screen.

use super::broadcast_form;
use crate::field::app::{App, use_app};
use crate::field::camera_choice;
use crate::field::parts::{self, WithScope};
use crate::field::route::Route;
use crate::shell::{clock, dom};
use crate::words::domain;
use keng_engine::Event;
use keng_shared::campaign::{ANSWER, NAME};
use keng_shared::id::{AreaId, RecordId};
use keng_shared::kind::{self, KindShape};
use keng_shared::record::RecordDraft;
use keng_shared::sync::Scope;
use leptos::prelude::*;
use serde_json::{Value, json};

/// The screen, which is seen only while the first start still waits for the areas in which something can be logged.
#[component]
pub fn NewForm(
    kind: String,
    /// Key of a campaign that the form is filled in for.
    #[prop(into, optional)]
    campaign: Option<String>,
) -> impl IntoView {
    view! {
        <h1>{domain::kind(&kind)}</h1>
        <WithScope>
            <Fresh kind=kind.clone() campaign=campaign.clone()/>
        </WithScope>
    }
}

#[component]
fn Fresh(kind: String, campaign: Option<String>) -> impl IntoView {
    let app = use_app();
    Effect::new(move || {
        let Some(draft) = fresh_draft(app, &kind, campaign.as_deref()) else {
            return app.go_instead(Route::Log);
        };
        let id = draft.id;
        super::log::remember(&kind);
        app.tell(Event::DraftChanged { draft });
        app.go_instead(Route::Form(id));
    });
}

fn fresh_draft(app: App, kind: &str, campaign: Option<&str>) -> Option<RecordDraft> {
    let spec = kind::find(kind).filter(|spec| spec.shape != KindShape::Patrol)?;
    app.look(|engine| {
        let scope = engine.scope();
        let membership = scope.and_then(parts::field_membership);
        let areas = scope.map(parts::loggable_areas).unwrap_or_default();
        // Where one logged last is where one logs next; otherwise the team's own area.
        let last = dom::setting("last_area").filter(|last| areas.iter().any(|area| area.value == *last));
        let own = membership.map(|membership| membership.area_id);
        let first = areas.first().and_then(|area| area.value.parse().ok()).map(AreaId);
        let area_id = last
            .and_then(|last| last.parse().ok())
            .map(AreaId)
            .or(own)
            .or(first)?;
        let (body, area_id) = match spec.shape {
            KindShape::Incident => camera_choice::first_body(engine, kind, area_id),
            KindShape::Loudspeaker => (broadcast_form::fresh_body(scope, area_id), area_id),
            _ => (first_answers(scope, campaign), area_id),
        };
        // A broadcast is told when it is over: it began as long ago as it is usually long.
        let minutes = match spec.shape {
            KindShape::Loudspeaker => body
                .get("minutes")
                .and_then(Value::as_i64)
                .unwrap_or(USUAL_MINUTES),
            _ => 0,
        };
        let started_at = clock::now().plus(-minutes * 60_000);
        Some(RecordDraft {
            id: RecordId(clock::new_id()),
            kind: kind.to_owned(),
            area_id,
            team_id: membership.and_then(|membership| membership.team_id),
            started_at,
            ended_at: None,
            fix: None,
            body,
            photos: Vec::new(),
            files: Vec::new(),
            device_id: engine.owner().device_id,
            clock_offset_ms: None,
        })
    })?
}

/// How long a broadcast is where no schedule says so.
const USUAL_MINUTES: i64 = 30;

/// What the form begins with: the campaign that was tapped; an own one by its name.
fn first_answers(scope: Option<&Scope>, key: Option<&str>) -> Value {
    let found = scope.and_then(|scope| {
        scope
            .campaigns
            .iter()
            .find(|found| Some(found.key.as_str()) == key)
    });
    match found {
        None => json!({}),
        Some(found) if found.own_name.is_empty() => json!({ ANSWER: found.campaign }),
        Some(found) => json!({ ANSWER: found.campaign, NAME: found.own_name }),
    }
}
