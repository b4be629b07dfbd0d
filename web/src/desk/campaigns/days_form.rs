//! The form of a campaign's days: for one of the catalogue, for an own one, or to change what was set.

use crate::desk::api::{FormErrors, fields, is, use_api};
use crate::desk::load::Loaded;
use crate::ui::{
    Button, ButtonKind, DateInput, DialogActions, Notice, Required, Submits, TextInput, Tone, use_toasts,
};
use crate::words::{campaigns as c, when};
use keng_shared::api::{CampaignCalendar, CampaignSet, NewCampaignDays};
use keng_shared::campaign::{CampaignDays, OTHER};
use keng_shared::id::AreaId;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::target::Span;
use keng_shared::time::{LocalDate, parse_date};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What the form is about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A campaign of the catalogue that has no days of this area yet; `days` are those that hold now.
    Catalogue {
        area: AreaId,
        year: i32,
        campaign: String,
        days: Option<Span>,
    },
    /// A new own campaign.
    Own { area: AreaId, year: i32 },
    /// Days that the area set.
    Change { set: CampaignSet, year: i32 },
}

impl Subject {
    fn year(&self) -> i32 {
        match self {
            Self::Catalogue { year, .. } | Self::Own { year, .. } | Self::Change { year, .. } => *year,
        }
    }

    fn days(&self) -> Option<Span> {
        match self {
            Self::Catalogue { days, .. } => *days,
            Self::Own { .. } => None,
            Self::Change { set, .. } => Some(set.days.span()),
        }
    }
}

#[component]
pub fn DaysForm(
    subject: Subject,
    open: RwSignal<bool>,
    calendar: Loaded<Option<CampaignCalendar>>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let days = subject.days();
    let text =
        |date: fn(Span) -> LocalDate| RwSignal::new(days.map(date).map(when::input_date).unwrap_or_default());
    let (from, to) = (text(|days| days.from), text(|days| days.to));
    let note = RwSignal::new(match &subject {
        Subject::Change { set, .. } => set.days.note.clone(),
        _ => String::new(),
    });
    let name = RwSignal::new(String::new());
    let errors = FormErrors::new();
    let refused = RwSignal::new("");
    let is_own = matches!(subject, Subject::Own { .. });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        refused.set("");
        let read = |field: &str, text: RwSignal<String>| {
            parse_date(&text.get_untracked()).ok_or_else(|| FieldError::new(field, FieldCode::Required))
        };
        let (first, last) = match (read("from", from), read("to", to)) {
            (Ok(first), Ok(last)) => (first, last),
            (first, last) => {
                return errors.show_fields([first.err(), last.err()].into_iter().flatten().collect());
            }
        };
        let days = CampaignDays {
            from: first,
            to: last,
            note: note.get_untracked(),
        };
        let days = match days.parse(subject.year()) {
            Ok(days) => days,
            Err(found) => return errors.show_fields(found),
        };
        let subject = subject.clone();
        let name = name.get_untracked();
        spawn_local(async move {
            let answer = api
                .call(async |client| {
                    let new = |area_id: AreaId, year: i32, campaign: &str| NewCampaignDays {
                        area_id,
                        year,
                        campaign: campaign.to_owned(),
                        name: name.clone(),
                        days: days.clone(),
                    };
                    match &subject {
                        Subject::Catalogue {
                            area, year, campaign, ..
                        } => client.set_campaign(&new(*area, *year, campaign)).await,
                        Subject::Own { area, year } => client.set_campaign(&new(*area, *year, OTHER)).await,
                        Subject::Change { set, .. } => {
                            client.change_campaign(set.id, set.revision, &days).await
                        }
                    }
                })
                .await;
            match answer {
                Ok(_) => {
                    toasts.say(c::saved());
                    open.try_set(false);
                    calendar.again();
                }
                Err(error) if is(&error, ProblemCode::RevisionMismatch) => {
                    toasts.say(c::conflict());
                    open.try_set(false);
                    calendar.again();
                }
                Err(error) if is(&error, ProblemCode::NameTaken) => drop(refused.try_set(c::taken())),
                Err(error) => {
                    // Errors of the days have their field's name behind a dot.
                    let found = fields(&error).into_iter().map(|mut error| {
                        if let Some(field) = error.field.strip_prefix("days.") {
                            error.field = field.to_owned();
                        }
                        error
                    });
                    let found: Vec<FieldError> = found.collect();
                    match found.is_empty() {
                        true => errors.show(&error),
                        false => errors.show_fields(found),
                    }
                }
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            {move || {
                let words = refused.get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Warn words/> })
            }}
            {errors.notice()}
            {is_own.then(|| view! {
                <TextInput
                    id="campaign-name"
                    label=c::own_name()
                    hint=c::own_name_hint()
                    value=name
                    on_input=move |text| name.set(text)
                    error=errors.of("name")
                />
            })}
            <div class="row">
                <DateInput
                    id="campaign-from"
                    label=c::from()
                    value=from
                    on_input=move |text| from.set(text)
                    error=errors.of("from")
                />
                <DateInput
                    id="campaign-to"
                    label=c::to()
                    value=to
                    on_input=move |text| to.set(text)
                    error=errors.of("to")
                />
            </div>
            <TextInput
                id="campaign-note"
                label=c::note()
                hint=c::note_hint()
                value=note
                on_input=move |text| note.set(text)
                error=errors.of("note")
                required=Required::No
            />
            <DialogActions open>
                <Button label=c::save() kind=ButtonKind::Primary submits=Submits::Form/>
            </DialogActions>
        </form>
    }
}
